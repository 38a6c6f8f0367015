"""How a verdict is shown: a small panel in a notebook, plain text elsewhere."""

import html
import re
import sys

from utils.check import ran
from utils.check.errors import CheckFailed
from utils.states import NOT_ATTEMPTED, RIGHT, WRONG

# Sign and words carry the state; the colour of the edge only repeats it.
_LOOKS = {
    RIGHT: ("&#10003;", "#1b7837"),
    WRONG: ("&#10007;", "#b2182b"),
    NOT_ATTEMPTED: ("&#8230;", "#767676"),
}
_CODE = re.compile(r"`([^`]+)`")


def show(
    verdict: CheckFailed, hints: int = 0, points: float = 0, tries: int = 0
) -> None:
    """Show a failed check in a notebook; elsewhere the exception itself is the text.

    Args:
        verdict: what failed.
        hints: how many hints were asked for.
        points: what the test is worth.
        tries: how many choices were tried, of a question with options.
    """
    if not in_notebook():
        return
    lines = [f"<code>{html.escape(verdict.message)}</code>"]
    if verdict.mistake:
        lines.insert(0, f"Likely mistake: <b>{html.escape(verdict.mistake)}</b>.")
    is_tried = verdict.state == WRONG
    counted = [*_tried(tries if is_tried else 0), *_asked(hints)]
    plain = "\n".join([str(verdict), *counted])
    facts = _facts(verdict.exercise, verdict.state, points, hints, verdict.mistake)
    _display(lines + counted, plain, facts | _tries(tries))
    verdict.shown = True


def show_right(
    exercise: str, points: float, hints: int = 0, tries: int = 0, why: str = ""
) -> None:
    """Say that all checks of an exercise passed.

    Args:
        exercise: the exercise's id.
        points: what the test is worth.
        hints: how many hints were asked for.
        tries: how many choices were tried, of a question with options.
        why: why that choice is right.
    """
    worth = f" ({points:g} point{'s' * (points != 1)})" if points else ""
    counted = [*_tried(tries), *_asked(hints)]
    if why:
        text, lines = f"{exercise}: right{worth}. {why}", [marked(why) + worth]
    else:
        text = f"{exercise}: right{worth}, as far as these tests see."
        lines = [f"As far as these tests see{worth}."]
    text = " ".join([text, *counted])
    if in_notebook():
        facts = _facts(exercise, RIGHT, points, hints) | _tries(tries)
        _display(lines + counted, text, facts)
    else:
        print(text)


def marked(text: str) -> str:
    """Text with code in backticks, as HTML."""
    return _CODE.sub(r"<code>\1</code>", html.escape(text))


def _asked(hints: int) -> list[str]:
    """The line that says how many hints were asked for; none without hints."""
    return [f"{hints} hint{'s' * (hints != 1)} asked."] if hints else []


def _tried(tries: int) -> list[str]:
    """The line that says which try this was; the first needs none."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(tries % 10 if tries // 10 != 1 else 0)
    return [f"{tries}{ending or 'th'} try."] if tries > 1 else []


def _tries(tries: int) -> dict:
    return {"tries": tries} if tries else {}


def in_notebook() -> bool:
    """Whether a Jupyter kernel runs this code."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")


def html_panel(state: str, exercise: str, lines: list[str]) -> str:
    """The panel as HTML that a screen reader announces.

    Args:
        state: "right", "wrong" or "not attempted".
        exercise: the exercise's id.
        lines: HTML of what is said beneath.
    """
    sign, colour = _LOOKS[state]
    body = "".join(f"<div>{line}</div>" for line in lines)
    # Not `anywhere`, which JupyterLab takes out of outputs that it doesn't trust.
    return (
        f'<div role="status" style="border-left:4px solid {colour};padding:.3em .8em;'
        'margin:.3em 0;white-space:pre-wrap;overflow-wrap:break-word">'
        f'<b><span aria-hidden="true">{sign}</span> {html.escape(exercise)}: {state}'
        f"</b>{body}</div>"
    )


def _facts(
    exercise: str, state: str, points: float, hints: int, mistake: str | None = None
) -> dict:
    """What the output carries as plain data for `course progress`: nothing that the
    panel doesn't say, and which texts the verdict is about.
    """
    return {
        "exercise": exercise,
        "state": state,
        "points": points,
        "mistake": mistake,
        "hints": hints,
        "answers": ran.answers(),
    }


def _display(lines: list[str], plain: str, facts: dict) -> None:
    from IPython.display import display

    panel = html_panel(facts["state"], facts["exercise"], lines)
    shown = {"text/html": panel, "text/plain": plain}
    display(shown, raw=True, metadata={"course": facts})
