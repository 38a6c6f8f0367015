"""How a verdict is shown: a small panel in a notebook, plain text elsewhere."""

import html
import sys

from utils.check.errors import CheckFailed

# Sign and words carry the state; the colour of the edge only repeats it.
_LOOKS = {
    "right": ("&#10003;", "#1b7837"),
    "wrong": ("&#10007;", "#b2182b"),
    "not attempted": ("&#8230;", "#767676"),
}


def show(verdict: CheckFailed) -> None:
    """Show a failed check in a notebook; elsewhere the exception itself is the text."""
    if not in_notebook():
        return
    lines = [f"<code>{html.escape(verdict.message)}</code>"]
    if verdict.mistake:
        lines.insert(0, f"Likely mistake: <b>{html.escape(verdict.mistake)}</b>.")
    _display(verdict.state, verdict.exercise, lines, str(verdict))
    verdict.shown = True


def show_right(exercise: str, points: float) -> None:
    """Say that all checks of an exercise passed."""
    worth = f" ({points:g} point{'s' * (points != 1)})" if points else ""
    text = f"{exercise}: right{worth}, as far as these tests see."
    if in_notebook():
        _display("right", exercise, [f"As far as these tests see{worth}."], text)
    else:
        print(text)


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
    return (
        f'<div role="status" style="border-left:4px solid {colour};'
        f'padding:.3em .8em;margin:.3em 0;white-space:pre-wrap">'
        f'<b><span aria-hidden="true">{sign}</span> {html.escape(exercise)}: {state}'
        f"</b>{body}</div>"
    )


def _display(state: str, exercise: str, lines: list[str], plain: str) -> None:
    from IPython.display import display

    panel = html_panel(state, exercise, lines)
    display({"text/html": panel, "text/plain": plain}, raw=True)
