"""Texts cut to size: what is kept of a stranger's output."""

import base64
import json


def head(text: str, room: int) -> str:
    """The first `room` bytes of a text, without half characters and surrogates."""
    if len(text) <= room and text.isascii():
        return text
    content = text[: max(room, 0)].encode("utf-8", "replace")
    return content[: max(room, 0)].decode("utf-8", "ignore")


def middle_cut(text: str, room: int) -> str:
    """The beginning and the end of a text, `room` characters together."""
    if len(text) <= room:
        return head(text, room * 4)
    half = room // 2
    return f"{head(text[:half], half)}\n    ...\n{head(text[-half:], half)}"


def text_of(content) -> str | None:
    """A representation as text; None if it is nothing that a notebook can hold."""
    if isinstance(content, bytes):
        return base64.b64encode(content).decode("ascii")
    if isinstance(content, str) or content is None:
        return content
    try:
        return json.dumps(content)
    except (TypeError, ValueError, RecursionError):
        return None


def size_of(text: str) -> int:
    """Bytes of a text."""
    return len(text.encode("utf-8", "replace"))


def size_in_words(limit: int) -> str:
    """ "100 kB" or "1 MB"."""
    unit, name = (1_000_000, "MB") if limit >= 1_000_000 else (1_000, "kB")
    return f"{limit / unit:g} {name}"
