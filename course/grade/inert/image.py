"""PNG and JPEG files made anew from the parts that hold the picture.

The picture itself is not decoded here: decoders of image files have had holes, and a
stranger's file can swell. Text, profiles, animations and whatever follows the end
are left behind.
"""

import base64
import binascii
import io
import re
import struct
import warnings

from PIL import Image

LIMIT_BYTES = 2_000_000
LONGEST_SIDE = 4096  # pixels
# As `course.grade.intake.pictures` names those of an answer.
OWN_NAME = re.compile(r"picture-(\d{1,3})\.(?:png|jpeg)")

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_HEADER = struct.Struct(">I4s")
_CRC_BYTES = 4

_JPEG_START, _JPEG_END, _SCAN = 0xD8, 0xD9, 0xDA
# Comments and applications' own segments, but for JFIF's and Adobe's (colours).
_LEFT_BEHIND = {0xFE, *range(0xE0, 0xF0)} - {0xE0, 0xEE}
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def inert_image(mime: str, text: str) -> str:
    """A picture in Base64, with nothing else in its file.

    Args:
        mime: "image/png" or "image/jpeg".
        text: Base64, as notebooks have it.

    Returns:
        Base64 again; "" if this is no such picture, or one too large.
    """
    if len(text) > LIMIT_BYTES * 3 // 2:
        return ""
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
        picture = _png(content) if mime == "image/png" else _jpeg(content)
        _check(picture, mime.removeprefix("image/").upper())
    except (binascii.Error, ValueError, LookupError, struct.error):
        return ""
    return base64.b64encode(picture).decode("ascii")


def own_pictures(attachments: object) -> dict[str, dict[str, str]]:
    """Of a cell's attachments the pictures that the course put there, made anew."""
    kept = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        for mime in ("image/png", "image/jpeg") if isinstance(bundle, dict) else ():
            content = inert_image(mime, str(bundle.get(mime, "")))
            if content and OWN_NAME.fullmatch(name):
                kept[name] = {mime: content}
    return kept


def _check(picture: bytes, kind: str) -> None:
    """Raise ValueError unless Pillow reads a header of this kind and bearable size."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow's word on decompression bombs
            with Image.open(io.BytesIO(picture), formats=[kind]) as image:
                longest = max(image.size)
                image.verify()  # checksums; decodes nothing
    except Exception as error:  # a stranger's file: anything may be in it
        raise ValueError(f"no {kind}: {error}") from error
    if longest > LONGEST_SIDE or len(picture) > LIMIT_BYTES:
        raise ValueError(f"{longest} pixels or {len(picture)} bytes are too many")


def _png(content: bytes) -> bytes:
    """The chunks that hold the picture; IndexError if there is no end."""
    if not content.startswith(_SIGNATURE):
        raise ValueError("no PNG")
    kept, position = [_SIGNATURE], len(_SIGNATURE)
    while True:
        length, name = _HEADER.unpack_from(content, position)
        end = position + _HEADER.size + length + _CRC_BYTES
        if end > len(content):
            raise ValueError("cut off")
        if name in _CHUNKS:
            kept.append(content[position:end])
        if name == b"IEND":
            return b"".join(kept)
        position = end


def _jpeg(content: bytes) -> bytes:
    """The segments that hold the picture; IndexError if there is no end."""
    if not content.startswith(bytes([0xFF, _JPEG_START])):
        raise ValueError("no JPEG")
    kept, position = [content[:2]], 2
    while content[position] == 0xFF:
        marker = content[position + 1]
        if marker == _JPEG_END:
            return b"".join([*kept, content[position : position + 2]])
        (length,) = struct.unpack_from(">H", content, position + 2)
        end = position + 2 + length
        if marker == _SCAN:
            following = _NEXT_MARKER.search(content, end)
            end = following.start() if following else len(content)
        if marker not in _LEFT_BEHIND:
            kept.append(content[position:end])
        position = end
    raise ValueError("no segment where one should be")
