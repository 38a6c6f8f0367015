"""Text that moves no cursor, hides nothing, and is no markup."""

import re

MARKDOWN_LIMIT_BYTES = 20_000  # nbconvert's Markdown takes quadratic time
CUT = "\n[cut here: too long]"

# What terminals obey: titles and hyperlinks (OSC and its kin), colours and cursor
# movements (CSI), two-character commands; in seven bits and in eight.
_ESCAPES = re.compile(
    r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x9c|\x1b\\)?"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-~]"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")  # these reorder what is read
_SURROGATES = re.compile(r"[\ud800-\udfff]")

# A space takes each of these its meaning, in any dialect of Markdown, and leaves the
# words readable: a tag needs its name right after "<", a link its "(" after "]".
_DEFUSED = (
    (re.compile(r"<(?=[A-Za-z/!?])"), "< "),
    (re.compile(r"!(?=\[)"), "! "),
    (re.compile(r"\](?=:|\((?!https?://))"), "] "),
    # MathJax: links, attributes, and loading more of itself.
    (
        re.compile(
            r"\\(?=(?:href|url|html|unicode|require|style|class|cssId|data|csname"
            r"|includegraphics)(?![a-z]))"
        ),
        r"\\ ",
    ),
    (re.compile(r"(?<=[`~]{3})([ \t]*)(?=mermaid)"), r"\1text "),
)


def inert_text(text: str, limit_bytes: int = 100_000) -> str:
    """Text to be shown as text: without terminal commands and control characters.

    Bidirectional overrides are written out, lone surrogates replaced; of a line that
    overwrote itself (a progress bar) its last state stays.

    Args:
        text: anything that a stranger printed.
        limit_bytes: what is longer in UTF-8 is cut and says so.
    """
    is_cut = len(text) > 4 * limit_bytes  # bounds the work; markup is mostly ASCII
    text = _ESCAPES.sub("", text[: 4 * limit_bytes])
    if "\r" in text:
        lines = (line.rstrip("\r") for line in text.split("\n"))
        text = "\n".join(line.rpartition("\r")[2] for line in lines)
    text = _CONTROLS.sub("", text)
    text = _BIDI.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return _cut(_SURROGATES.sub("\ufffd", text), limit_bytes, is_cut)


def inert_markdown(source: str) -> str:
    """Markdown without raw HTML, images, and links other than http(s).

    What would be active gets a space that takes its meaning away, so that nothing of
    an answer is lost, and mathematics stays: `a<b` becomes `a< b`.

    Args:
        source: a stranger's Markdown cell.
    """
    source = inert_text(source, MARKDOWN_LIMIT_BYTES)
    for pattern, harmless in _DEFUSED:
        source = pattern.sub(harmless, source)
    return source


def _cut(text: str, limit_bytes: int, is_cut: bool) -> str:
    content = text.encode("utf-8")
    if len(content) <= limit_bytes and not is_cut:
        return text
    room = max(limit_bytes - len(CUT), 0)
    return content[:room].decode("utf-8", "ignore") + CUT
