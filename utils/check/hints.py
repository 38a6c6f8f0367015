"""Hints in steps, shown only to who asks: a question, an idea, the answer's shape."""

import html

from utils.check.panel import in_notebook, marked
from utils.check.session import session

# The sign and the words say what it is; the colour of the edge only repeats it.
_SIGN, _COLOUR = "?", "#2166ac"


class NoHint(LookupError):
    """There is no hint to show: what was asked for is not in this notebook."""

    def _render_traceback_(self) -> list[str]:
        """IPython shows this in place of a traceback, which would help nobody."""
        return str(self).splitlines()


def hint(exercise: str) -> None:
    """Show the next hint to an exercise: a question, then an idea, then an outline.

    Asking costs nothing; the exercise's next verdict says how many were asked for.

    Args:
        exercise: the exercise's id, which is the name of its function or class.

    Raises:
        NoHint: no hints are loaded yet, or there are none to such an exercise.
    """
    texts = _hints_to(exercise)
    is_first, asked = not session.asked, session.asked.get(exercise, 0)
    number = session.asked[exercise] = min(asked + 1, len(texts))
    outlook = _outlook(is_first, is_last=number == len(texts), is_over=asked == number)
    _show(f"Hint {number} of {len(texts)} for {exercise}", texts[number - 1], outlook)


def _hints_to(exercise: str) -> list[str]:
    """An exercise's hints.

    Raises:
        NoHint: there are none.
    """
    if isinstance(exercise, str) and exercise in session.choices:
        raise NoHint(
            f"{exercise} is a question with options and needs no hints: choose, and "
            "run its test. It tells you which thought leads to what you chose, and "
            "you may choose again as often as you like."
        )
    if not session.hints:
        raise NoHint(
            "No hints are loaded yet. Run the first code cell of this notebook, then "
            "ask again."
        )
    if not isinstance(exercise, str) or exercise not in session.hints:
        given = repr(exercise) if isinstance(exercise, str) else "what was given"
        raise NoHint(
            f"There are no hints to {given}. Ask with one of these names, in quotes: "
            f"{', '.join(session.hints)}."
        )
    return session.hints[exercise]


def _outlook(is_first: bool, is_last: bool, is_over: bool) -> str:
    """What the student can do next."""
    if is_over:
        return "These were all the hints; this is the last one again."
    if is_last:
        return "This is the last hint."
    cost = "Asking costs no points. " if is_first else ""
    return f"{cost}Run this cell again for the next hint."


def _show(head: str, text: str, outlook: str) -> None:
    """Show a hint as a panel in a notebook, as plain text elsewhere."""
    plain = f"{head}: {text}\n{outlook}"
    if not in_notebook():
        print(plain)
        return
    from IPython.display import display

    shown = {"text/html": html_panel(head, text, outlook), "text/plain": plain}
    display(shown, raw=True)


def html_panel(head: str, text: str, outlook: str) -> str:
    """A hint as HTML that a screen reader announces.

    Args:
        head: which hint this is.
        text: the hint, with code in backticks.
        outlook: what the student can do next.
    """
    return (
        f'<div role="status" style="border-left:4px solid {_COLOUR};'
        f'padding:.3em .8em;margin:.3em 0;max-width:45em">'
        f'<b><span aria-hidden="true">{_SIGN}</span> {html.escape(head)}</b>'
        f'<div style="margin:.3em 0">{marked(text)}</div>'
        f"<div>{html.escape(outlook)}</div></div>"
    )
