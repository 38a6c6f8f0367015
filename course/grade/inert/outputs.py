"""A cell's outputs: what of them may be kept, and what is said of the rest."""

import re

from course.grade.inert.image import LONGEST_SIDE, inert_image
from course.grade.inert.markup import LIMIT_BYTES as HTML_LIMIT_BYTES
from course.grade.inert.markup import inert_html
from course.grade.inert.text import inert_text

LIMIT_BYTES = 2_000_000  # of one cell
TEXT_LIMIT_BYTES = 100_000  # of one output
ERROR_LIMIT_BYTES = 20_000  # kept back, so that a flood hides no error
MAX_OUTPUTS = 100
MAX_READ = 10_000  # before pieces of one stream are joined
MAX_IMAGES = 12
MAX_ERRORS = 2
MAX_TYPES = 20  # of one output
ALT_LIMIT_BYTES = 1_000

_SOURCES = ("text/markdown", "text/latex")  # shown as they are written
# What IPython prints of an object that has better to show.
_NAMELESS = re.compile(r"<IPython\.core\.display\.\w+ object>|")


def make_inert(outputs: object, limit_bytes: int = LIMIT_BYTES) -> list[dict]:
    """Outputs that run nothing wherever a notebook is shown.

    Kept are text without terminal commands, pictures (PNG, JPEG) without anything
    else in their files, and sanitised HTML; Markdown and LaTeX become plain text.
    Of everything else a note says that it was left out.

    Args:
        outputs: a stranger's, so nothing about them is believed.
        limit_bytes: of all outputs of this cell together.

    Returns:
        valid nbformat outputs.
    """
    if not isinstance(outputs, list):
        return [_note("outputs that no notebook can hold were left out")]
    cell = _InertCell(limit_bytes)
    for output in _joined(_first_and_error(outputs)):
        cell.add(output)
    if cell.is_cut or len(outputs) > MAX_READ:
        cell.kept.append(_note("the rest of this cell's outputs was left out"))
    return cell.kept


class _InertCell:
    """What is kept of one cell, and how much more may be."""

    def __init__(self, limit_bytes: int) -> None:
        self.kept: list[dict] = []
        self.left_bytes = limit_bytes
        self.left_html_bytes = HTML_LIMIT_BYTES
        self.left_images = MAX_IMAGES
        self.left_errors = MAX_ERRORS
        self.is_cut = False

    def add(self, output: object) -> None:
        """Keep what may be kept of one output."""
        kind = output.get("output_type") if isinstance(output, dict) else None
        if kind == "error" and self.left_errors:
            self.left_errors -= 1
            self.kept.append(_error(output))
        elif len(self.kept) >= MAX_OUTPUTS or self.left_bytes <= 0:
            self.is_cut = True  # the loop goes on: an error may be the last
        elif kind == "stream":
            self.kept.append(self._stream(output))
        elif kind in ("display_data", "execute_result"):
            self.kept += self._display(kind, output)
        else:
            self.kept.append(_note("an output of an unknown kind was left out"))

    def _text(self, value: object) -> str:
        limit_bytes = min(TEXT_LIMIT_BYTES, self.left_bytes)
        return self._pay(inert_text(_as_text(value), limit_bytes))

    def _pay(self, text: str) -> str:
        self.left_bytes -= len(text.encode("utf-8"))
        return text

    def _stream(self, output: dict) -> dict:
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        text = self._text(output.get("text"))
        return {"output_type": "stream", "name": name, "text": text}

    def _display(self, kind: str, output: dict) -> list[dict]:
        """A bundle's kept types, and a note if what it was meant to show is gone."""
        data = output.get("data")
        if not isinstance(data, dict) or len(data) > MAX_TYPES:
            return [_note("an output of an unknown kind was left out")]
        bundle = self._pictures(data) | self._html(data)
        gone = [mime for mime in data if mime not in (*bundle, "text/plain")]
        if plain := self._plain(data):
            gone = [mime for mime in gone if mime not in _SOURCES]
            bundle["text/plain"] = plain
        metadata = _metadata(output.get("metadata"), bundle)
        shown = {"output_type": kind, "data": bundle, "metadata": metadata}
        if kind == "execute_result":
            shown["execution_count"] = None
        is_poorer = gone and bundle.keys() <= {"text/plain"}
        return [shown] * bool(bundle) + [_left_out(gone)] * bool(is_poorer)

    def _pictures(self, data: dict) -> dict[str, str]:
        found = {}
        for mime in ("image/png", "image/jpeg"):
            text = _as_text(data.get(mime)) if self.left_images else ""
            picture = inert_image(mime, text) if text else ""
            if picture and len(picture) <= self.left_bytes:
                found[mime] = self._pay(picture)
                self.left_images -= 1
        return found

    def _html(self, data: dict) -> dict[str, str]:
        html = inert_text(_as_text(data.get("text/html")), LIMIT_BYTES)
        # plots.show puts the picture itself into the HTML: that is no HTML to keep.
        if not html or len(html) > min(self.left_html_bytes, self.left_bytes):
            return {}
        self.left_html_bytes -= len(html)
        cleaned = self._pay(inert_html(html))
        return {"text/html": cleaned} if cleaned else {}

    def _plain(self, data: dict) -> str:
        plain = _as_text(data.get("text/plain"))
        sources = [_as_text(data.get(mime)) for mime in _SOURCES]
        if _NAMELESS.fullmatch(plain):
            plain = next(filter(None, sources), plain)
        return self._text(plain) if plain else ""


def _error(output: dict) -> dict:
    lines = output.get("traceback")
    lines = lines[:200] if isinstance(lines, list) else []
    text = inert_text("\n".join(map(_as_text, lines)), ERROR_LIMIT_BYTES)
    return {
        "output_type": "error",
        "ename": inert_text(_as_text(output.get("ename")), 200),
        "evalue": inert_text(_as_text(output.get("evalue")), ERROR_LIMIT_BYTES),
        "traceback": text.split("\n") if text else [],
    }


def _metadata(metadata: object, bundle: dict[str, str]) -> dict[str, dict]:
    """Of a picture's metadata its alternative text and its width on the page."""
    kept: dict[str, dict] = {}
    for mime in bundle.keys() & {"image/png", "image/jpeg"}:
        facts = metadata.get(mime) if isinstance(metadata, dict) else None
        facts = facts if isinstance(facts, dict) else {}
        alt, width = facts.get("alt"), facts.get("width")
        kept[mime] = {}
        if isinstance(alt, str) and alt:
            kept[mime]["alt"] = inert_text(alt, ALT_LIMIT_BYTES)
        if type(width) is int and 0 < width <= LONGEST_SIDE:
            kept[mime]["width"] = width
    return {mime: facts for mime, facts in kept.items() if facts}


def _first_and_error(outputs: list) -> list:
    """The first outputs, and the last if it is the error that ended the cell."""
    last = outputs[-1] if len(outputs) > MAX_READ else None
    is_error = isinstance(last, dict) and last.get("output_type") == "error"
    return outputs[:MAX_READ] + [last] * is_error


def _joined(outputs: list) -> list:
    """Pieces of one stream, in a row, become one."""
    joined: list = []
    for output in outputs:
        name = _stream_name(output)
        if name and joined and _stream_name(joined[-1]) == name:
            joined[-1]["text"].append(_as_text(output.get("text")))
        elif name:
            pieces = [_as_text(output.get("text"))]
            joined.append({"output_type": "stream", "name": name, "text": pieces})
        else:
            joined.append(output)
    return joined


def _stream_name(output: object) -> str:
    if not isinstance(output, dict) or output.get("output_type") != "stream":
        return ""
    return "stderr" if output.get("name") == "stderr" else "stdout"


def _as_text(value: object) -> str:
    """nbformat's texts are strings or lists of strings; anything else is none."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def _left_out(mimes: list) -> dict:
    names = [re.sub(r"[^\w./+-]", "?", str(mime)[:60]) for mime in mimes[:3]]
    return _note(f"an output of type {', '.join(names)} was left out")


def _note(text: str) -> dict:
    data = {"text/plain": f"[{text}]"}
    return {"output_type": "display_data", "data": data, "metadata": {}}
