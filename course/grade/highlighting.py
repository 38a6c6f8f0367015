"""Code in colours, for no longer than a page may take."""

import html
import time
from collections.abc import Callable

from markupsafe import Markup
from pygments import highlight, token
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.style import Style

LIMIT = 20_000  # characters; a longer cell is shown plain
SECONDS = 3  # of processor time for all cells of a notebook together


class Calm(Style):
    """Colours of code that stand out from the page, and none that says "wrong"."""

    styles = {
        token.Comment: "italic #566070",
        token.Keyword: "bold #24518f",
        token.Name.Builtin: "#24518f",
        token.Name.Decorator: "#6b2f86",
        token.Number: "#854400",
        token.String: "#1b6b34",
    }


_FORMATTER = HtmlFormatter(style=Calm, cssclass="code", nobackground=True)
STYLES = Markup(_FORMATTER.get_style_defs(".code"))


class Highlighter:
    """Highlights the cells of one notebook until their time is up, the rest is plain.

    A stranger's cell of 20,000 characters can take a second, and a notebook has many.

    Args:
        seconds: for all cells together; the one that is under way is finished.
        clock: tells the time.
    """

    def __init__(
        self, seconds: float = SECONDS, clock: Callable[[], float] = time.process_time
    ):
        self._left_s, self._clock = seconds, clock

    def show(self, source: str) -> Markup:
        """A cell's code as HTML, escaped in either case."""
        if self._left_s <= 0 or len(source) > LIMIT:
            return Markup(f'<pre class="code" tabindex="0">{html.escape(source)}</pre>')
        start = self._clock()
        marked = highlight(source, PythonLexer(), _FORMATTER)
        self._left_s -= self._clock() - start
        return Markup(marked.replace("<pre>", '<pre tabindex="0">', 1))
