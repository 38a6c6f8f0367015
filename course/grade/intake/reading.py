"""From a submitted file's bytes to the text of its cells; nothing else of it is used.

Of a cell three things are read: its grade id, whether it is code, and its source. The
file says nothing of formats, kernels, points or locks that anybody would believe.
"""

import json
import re
from dataclasses import dataclass

from course.grade.intake.opening import Unreadable
from course.grade.intake.pictures import Picture, apart, take_pictures

MAX_CELLS = 2000
MAX_SOURCE = 2**20  # characters of one cell
MAX_PIECES = (
    2_000_000  # brackets and commas: 20 MB of "[]," would take 500 MB in memory
)

AGAIN = "download it again with File, Download"
CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
NOT_TEXT = re.compile("[\x00\ud800-\udfff]")  # what no source file can hold


@dataclass(frozen=True)
class Found:
    """One cell of a submission.

    Args:
        grade_id: the name that it claims to have; "" if it has none.
        is_code: whether the student's notebook has it as code.
        source: its text: lines end in a line feed, all of it can be written as UTF-8.
        notes: what was mended in the text, in words for the student.
        pictures: what was pasted into it; its text has their numbers.
    """

    grade_id: str
    is_code: bool
    source: str
    notes: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


def read_cells(
    content: bytes, shown: str, count: int = 0
) -> tuple[list[Found], list[str]]:
    """The cells of a notebook of any format.

    Args:
        content: the file's bytes; anything.
        shown: what the file is called in a reason.
        count: how many pictures there are already: these are numbered from there on.

    Returns:
        its cells, and what was mended, in words for the student.

    Raises:
        Unreadable: it is no notebook.
    """
    repairs: list[str] = []
    data = _parse(_decode(content, repairs), shown, repairs)
    cells = _cells(data, shown, repairs)
    if len(cells) > MAX_CELLS:
        raise Unreadable(
            f"{shown} has {len(cells)} cells, over {MAX_CELLS}: delete some of yours"
        )
    found: list[Found] = []
    for cell in cells:
        if isinstance(cell, dict):
            found.append(_found(cell, count))
            count += len(found[-1].pictures)
    if len(found) < len(cells):
        repairs.append(f"damaged cells were left out: {len(cells) - len(found)}")
    return found, repairs


def _decode(content: bytes, repairs: list[str]) -> str:
    """The file's text; what can't be read in it is replaced."""
    encoding = json.detect_encoding(content)
    if encoding != "utf-8":
        repairs.append(
            "the file was not saved as plain UTF-8; it was read all the same"
        )
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        repairs.append("the file holds broken characters; they were replaced")
        return content.decode(encoding, "replace")


def _parse(text: str, shown: str, repairs: list[str]) -> object:
    """The text's JSON value, without its numbers, which nobody needs."""
    text = text.lstrip(" \t\r\n\ufeff\0")
    if not text:
        raise Unreadable(
            f"{shown} is empty: save it in JupyterLab and hand it in again"
        )
    if sum(map(text.count, "[{,")) > MAX_PIECES:
        raise Unreadable(f"{shown} has too many parts: clear its outputs")
    parser = json.JSONDecoder(
        parse_int=_no_number, parse_float=_no_number, parse_constant=_no_number
    )
    try:
        data, end = parser.raw_decode(text)
    except (ValueError, RecursionError):
        raise Unreadable(_why_no_json(text, shown)) from None
    if text[end:].strip(" \t\r\n\0"):
        repairs.append("text after the notebook's end was left out")
    return data


def _no_number(digits: str) -> None:
    """A number of a thousand digits would take long to convert."""


def _why_no_json(text: str, shown: str) -> str:
    if CONFLICT.search(text):
        return (
            f"{shown} holds the marks of a merge conflict (<<<<<<<): settle it with "
            "git, see that JupyterLab opens the notebook, and hand it in again"
        )
    if text.startswith("{") and not text.rstrip().endswith("}"):
        return f"{shown} ends in the middle, a part is missing: {AGAIN}"
    return (
        f"{shown} is no notebook: inside is another kind of file, or a part is "
        f"missing; {AGAIN}"
    )


def _cells(data: object, shown: str, repairs: list[str]) -> list:
    """The list of cells, wherever this format has it: they moved in format 4."""
    cells = _get(data, "cells")
    if isinstance(cells, list):
        return cells
    sheets = _get(data, "worksheets")
    if not isinstance(sheets, list):
        raise Unreadable(f"{shown} is no notebook: there are no cells in it; {AGAIN}")
    repairs.append("the notebook has an old format; it was read all the same")
    lists = [_get(sheet, "cells") for sheet in sheets]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells]


def _found(cell: dict, count: int) -> Found:
    grade_id = _get(cell, "metadata", "nbgrader", "grade_id")
    source = cell.get("source", cell.get("input"))  # `input` in old formats
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    name = grade_id if isinstance(grade_id, str) else ""
    source = source if isinstance(source, str) else ""
    if cell.get("cell_type") == "code":
        text, notes = _clean(source)
        return Found(name, True, text, notes)
    source, pasted = apart(source, cell.get("attachments"))
    text, notes = _clean(source)
    text, pictures = take_pictures(text, pasted, count)
    return Found(name, False, text, notes, pictures)


def _clean(source: str) -> tuple[str, tuple[str, ...]]:
    """A source that can be written, parsed and shown, and what was mended in it."""
    if len(source) > MAX_SOURCE:
        return "", (f"its text has over {MAX_SOURCE} characters and is left out",)
    notes = []
    if CONFLICT.search(source):
        notes.append("it holds the marks of a merge conflict (<<<<<<<)")
    if "\r" in source:
        source = source.replace("\r\n", "\n").replace("\r", "\n")
        notes.append("its line ends were changed to plain ones")
    source, count = NOT_TEXT.subn("\ufffd", source.removeprefix("\ufeff"))
    if count:
        notes.append("it holds characters that no text can hold; they were replaced")
    return source, tuple(notes)


def _get(data: object, *keys: str) -> object:
    """What lies under these keys; None where something on the way is no dict."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data
