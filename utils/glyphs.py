"""Characters drawn in the fonts that ship with matplotlib: an identity has many photos.

A character stands for a person, a face of a font (DejaVu Sans Bold, say) for a photo.
"""

from functools import cache
from io import BytesIO
from math import radians
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.ft2font import FT2Font
from PIL import Image, ImageDraw, ImageFont
from torch.nn import functional as F

from utils.catalogue import FONTS
from utils.packaged import read

FACES = tuple(face for face, _ in FONTS)
ALPHABETS = {  # ranges of characters, first and last of each
    "Latin": ("AZ", "az"),
    "phonetic": ("\u0250\u02af",),
    "Cyrillic": ("\u0410\u044f", "\u0402\u040f", "\u0452\u045f"),
    "Armenian": ("\u0531\u0556", "\u0561\u0586"),
    "old Georgian": ("\u10a0\u10c5",),
    "Lao": ("\u0e81\u0eae",),
    "Greek": ("\u0391\u03a9", "\u03b1\u03c9"),
    "Georgian": ("\u10d0\u10f0",),
}
FEWEST = 8  # photos of an identity
SIDE, EM = 56, 40  # pixels, of the drawing; the photo has half of them
DEGREES, SCALE, PIXELS = 10, 0.1, 1.75  # how crooked a photo may be


class Glyphs(NamedTuple):
    """Photos of characters; the identities are numbered from 0.

    Args:
        X: (N, 1, 28, 28) float32 in [0, 1]; white ink on black.
        y: (N,) int64, the identity that a photo shows.
        face: (N,) int64, the face of a font, as in `FACES`.
        alphabet: (N,) int64, as in the list that was asked for.
        names: the character of each identity.
    """

    X: torch.Tensor
    y: torch.Tensor
    face: torch.Tensor
    alphabet: torch.Tensor
    names: list[str]


def glyphs(alphabets=tuple(ALPHABETS), crooked=True) -> Glyphs:
    """Return the photos of all identities of some alphabets.

    Each is turned by up to 10 degrees, scaled by up to 10 % and shifted by up to 1.75
    pixels, always in the same way. (Pillow draws them: another FreeType than that of
    the pinned Pillow may draw other edges.) A character that looks in one of the faces
    exactly like one of an alphabet before it is left out: Latin A stays, Greek Alpha
    goes.

    Args:
        alphabets: names, keys of `ALPHABETS`.
        crooked: whether the photos are moved like that; else the ink is centred.

    Returns:
        8 to 16 photos of each identity; of all alphabets 406 identities, 5,530 photos.

    Raises:
        ValueError: there is no such alphabet, or none is asked for.
        MissingDataError, ChangedDataError: of matplotlib's font files.

    Source: DejaVu fonts 2.37 (Bitstream Vera's licence) and STIX fonts (STIX Font
        License). Characters as identities: Lake et al. 2015 (Omniglot).
    """
    unknown = [name for name in alphabets if name not in ALPHABETS]
    if unknown or not alphabets:
        raise ValueError(f"got {alphabets!r}; expected some of {', '.join(ALPHABETS)}")
    drawn, y, face, of_alphabet, names = _all()
    numbers = torch.tensor([list(ALPHABETS).index(name) for name in alphabets])
    rows = torch.isin(of_alphabet, numbers).nonzero().ravel()
    X = F.avg_pool2d(_moved()[rows] if crooked else drawn[rows], 2)
    kept, y = y[rows].unique(return_inverse=True)
    place = torch.full((len(ALPHABETS),), -1)
    place[numbers] = torch.arange(len(numbers))
    names = [names[i] for i in kept.tolist()]
    return Glyphs(X, y, face[rows], place[of_alphabet[rows]], names)


@cache
def _all():
    """All photos at twice the size, upright, with all their numbers."""
    fonts = {face: _font(face) for face in FACES}
    drawings, rows, names, seen = [], [], [], set()
    for number, (_, ranges) in enumerate(ALPHABETS.items()):
        for char in _characters(ranges):
            photos = {
                FACES.index(face): _draw(font, char)
                for face, (font, has) in fonts.items()
                if ord(char) in has
            }
            looks = {(face, image.tobytes()) for face, image in photos.items()}
            if len(photos) < FEWEST or looks & seen:
                continue
            seen |= looks
            rows += [(len(names), face, number) for face in photos]
            drawings += photos.values()
            names.append(char)
    X = torch.from_numpy(np.stack(drawings))[:, None].float() / 255
    return X, *torch.tensor(rows).T, names


def _characters(ranges):
    return [chr(c) for first, last in ranges for c in range(ord(first), ord(last) + 1)]


def _font(face):
    """A face, ready to draw with, and the numbers of the characters that it has."""
    content = read(face)
    layout = ImageFont.Layout.BASIC  # the same with and without libraqm
    font = ImageFont.truetype(BytesIO(content), EM, layout_engine=layout)
    return font, FT2Font(BytesIO(content)).get_charmap()


def _draw(font, char):
    """White ink on black, in the middle: (SIDE, SIDE) uint8."""
    left, top, right, bottom = font.getbbox(char)
    image = Image.new("L", (SIDE, SIDE))
    corner = (SIDE - right - left) // 2, (SIDE - bottom - top) // 2
    ImageDraw.Draw(image).text(corner, char, fill=255, font=font)
    return np.asarray(image)


@cache
def _moved():
    """Turn, scale and shift each image by numbers that depend on its place alone."""
    X = _all()[0]
    generator = torch.Generator().manual_seed(0)
    angle, size, *shift = 2 * torch.rand(4, len(X), generator=generator) - 1
    angle, size = radians(DEGREES) * angle, 1 + SCALE * size
    step = 2 * PIXELS / (SIDE // 2)  # the width is 2 in the grid's unit
    rows = [size * angle.cos(), -size * angle.sin(), step * shift[0]]
    rows += [size * angle.sin(), size * angle.cos(), step * shift[1]]
    A = torch.stack(rows, dim=1).reshape(-1, 2, 3)  # a map of the plane for each image
    grid = F.affine_grid(A, X.shape, align_corners=False)
    return F.grid_sample(X, grid, align_corners=False)
