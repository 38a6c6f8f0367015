"""Pictures that were pasted into text cells: checked, counted, and kept by number.

In the text stands "[picture 3]", which goes wherever the text goes; the notebook that
a person grades has the picture beneath it.
"""

import re
from dataclasses import dataclass

from course.grade.inert.image import LIMIT_BYTES, LONGEST_SIDE, inert_image

MAX_PICTURES = 12  # of a notebook
MAX_LOOKED_AT = 50
KINDS = ("image/png", "image/jpeg")
LEFT_OUT = (
    f"[a picture that was left out: only PNG and JPEG of up to {LIMIT_BYTES // 10**6} "
    f"MB and {LONGEST_SIDE} pixels, and {MAX_PICTURES} of them, are kept]"
)
_SHOWN = re.compile(
    r"""!\[[^\]\n]{0,200}\]\(<?attachment:(?P<text>[^)\s>]{1,200})>?[^)\n]{0,200}\)"""
    r"""|<img\b[^>]{0,500}?src\s*=\s*["']?attachment:(?P<tag>[^"'\s>]{1,200})[^>]{0,500}>"""
)
# Colab and some editors write a picture into the text itself.
_EMBEDDED = re.compile(r"data:(image/[a-zA-Z+.-]{1,20});base64,([A-Za-z0-9+/=]+)")
_NUMBERED = re.compile(r"\[picture (\d{1,3})\]")


@dataclass(frozen=True)
class Picture:
    """A picture as `inert_image` made it anew.

    Args:
        number: what stands in the text, from 1 on.
        mime: "image/png" or "image/jpeg".
        content: Base64.
    """

    number: int
    mime: str
    content: str

    @property
    def name(self) -> str:
        """What it is called among a cell's attachments."""
        return f"picture-{self.number}.{self.mime.removeprefix('image/')}"


def apart(source: str, attachments: object) -> tuple[str, dict]:
    """Make pictures that stand in a text itself attachments, as JupyterLab has them.

    Args:
        source: a text cell's text.
        attachments: a stranger's, so nothing about them is believed.

    Returns:
        the text without the pictures, which may be much shorter, and all attachments.
    """
    pasted = dict(attachments) if isinstance(attachments, dict) else {}

    def name(match: re.Match) -> str:
        key = f"embedded-{len(pasted)}"
        pasted[key] = {match[1].lower().replace("jpg", "jpeg"): match[2]}
        return f"attachment:{key}"

    return _EMBEDDED.sub(name, source), pasted


def take_pictures(
    source: str, attachments: object, before: int
) -> tuple[str, tuple[Picture, ...]]:
    """Put numbers in the place of a text cell's pictures.

    Args:
        source: the cell's text.
        attachments: a stranger's, so nothing about them is believed.
        before: how many pictures the cells above have.

    Returns:
        the text, and the pictures that are kept.
    """
    pasted = attachments if isinstance(attachments, dict) else {}
    numbers: dict[str, str] = {}
    kept: list[Picture] = []
    for name, bundle in list(pasted.items())[:MAX_LOOKED_AT]:
        mime, content = (
            _checked(bundle) if before + len(kept) < MAX_PICTURES else ("", "")
        )
        if content:
            kept.append(Picture(before + len(kept) + 1, mime, content))
        numbers[name] = f"[picture {kept[-1].number}]" if content else LEFT_OUT
    used = set()

    def number(match: re.Match) -> str:
        name = match["text"] or match["tag"]
        used.add(name)
        return numbers.get(name, match[0])

    source = _SHOWN.sub(number, source)
    rest = [words for name, words in numbers.items() if name not in used]
    return "\n\n".join(filter(None, [source, *dict.fromkeys(rest)])), tuple(kept)


def shown_in(source: str, pictures: tuple[Picture, ...]) -> list[Picture]:
    """The pictures whose numbers stand in a text."""
    numbers = {int(found) for found in _NUMBERED.findall(source)}
    return [picture for picture in pictures if picture.number in numbers]


def _checked(bundle: object) -> tuple[str, str]:
    """Type and content of a picture made anew; empty if it is none that is kept."""
    for mime in KINDS:
        text = bundle.get(mime) if isinstance(bundle, dict) else None
        if isinstance(text, list):
            text = "".join(line for line in text if isinstance(line, str))
        if isinstance(text, str) and (content := inert_image(mime, text)):
            return mime, content
    return "", ""
