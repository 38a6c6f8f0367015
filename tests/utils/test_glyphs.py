"""Identities and their photos, drawn from matplotlib's fonts."""

import hashlib

import pytest
import torch
from PIL import features

from utils.catalogue import PACKAGED
from utils.glyphs import ALPHABETS, FACES, glyphs
from utils.packaged import MissingDataError


def test_there_are_406_identities_with_8_to_16_photos_each():
    X, y, face, alphabet, names = glyphs()
    assert X.shape == (5530, 1, 28, 28) and X.dtype == torch.float32
    assert X.min() == 0 and X.max() == 1
    assert y.dtype == face.dtype == alphabet.dtype == torch.int64
    counts = y.bincount()
    assert len(names) == len(counts) == 406 == len(set(names))
    assert counts.min() == 8 and counts.max() == 16 == len(FACES)
    assert sorted(alphabet.unique().tolist()) == list(range(len(ALPHABETS)))


def test_no_photo_is_empty_and_none_comes_twice():
    X = glyphs(crooked=False).X.flatten(1)
    assert X.sum(dim=1).min() > 5
    face = glyphs().face
    for f in range(len(FACES)):
        of_face = X[face == f]
        assert len(of_face.unique(dim=0)) == len(of_face)


def test_an_identity_has_each_face_at_most_once():
    data = glyphs()
    pairs = torch.stack([data.y, data.face], dim=1)
    assert len(pairs.unique(dim=0)) == len(pairs)


def test_letters_that_look_the_same_belong_to_the_first_alphabet():
    names = glyphs().names
    assert {"A", "o", "\u0416", "\u03a9", "\u10d0"} <= set(names)
    assert not {"\u0391", "\u0410", "\u03bf", "\u043e"} & set(names)  # A, A, o, o


def test_some_alphabets_are_part_of_all_and_numbered_from_0():
    every, some = glyphs(), glyphs(["Georgian", "Greek"])
    rows = torch.isin(every.alphabet, torch.tensor([6, 7]))  # Greek, Georgian
    torch.testing.assert_close(some.X, every.X[rows])
    assert some.names == [every.names[i] for i in every.y[rows].unique()]
    assert some.y.min() == 0 and some.y.max() == len(some.names) - 1
    assert torch.equal(some.alphabet, 7 - every.alphabet[rows])


def test_photos_are_the_same_each_time_and_crooked_unless_asked():
    first, again = glyphs(["Lao"]), glyphs(["Lao"])
    assert torch.equal(first.X, again.X)
    upright = glyphs(["Lao"], crooked=False)
    assert torch.equal(first.y, upright.y) and not torch.equal(first.X, upright.X)
    ink = upright.X[0, 0] > 0.1  # in the middle, to half a pixel
    for axis in (0, 1):
        places = ink.any(dim=1 - axis).nonzero()
        assert abs(places.float().mean().item() - 13.5) <= 1
        low, high = places.min().item(), places.max().item()
        assert abs(low + high - 27) <= 1


def test_pillow_draws_the_ink_with_which_the_chapter_was_measured():
    """The files are pinned by SHA-256, the drawing by Pillow and its own FreeType."""
    ink = (glyphs(crooked=False).X * 4 * 255).round().numpy().astype("<i2")
    digest = hashlib.sha256(ink.tobytes()).hexdigest()
    drawn_by = f"FreeType {features.version('freetype2')}, measured with 2.14.3"
    assert digest.startswith("11db3b2c099ef1a28ad05687c217d6ec"), drawn_by


@pytest.mark.parametrize("alphabets", [["Klingon"], []])
def test_an_alphabet_that_is_not_there_is_named_with_those_that_are(alphabets):
    with pytest.raises(ValueError, match=r"expected some of Latin, .*, Georgian"):
        glyphs(alphabets)


def test_a_missing_font_says_what_to_install(monkeypatch):
    from utils import glyphs as module

    lost = PACKAGED["DejaVuSans"]._replace(file="mpl-data/fonts/ttf/none.ttf")
    monkeypatch.setitem(PACKAGED, "DejaVuSans", lost)
    module._all.cache_clear()
    with pytest.raises(MissingDataError, match="pip install matplotlib"):
        glyphs(["Lao"])
    monkeypatch.undo()
    module._all.cache_clear()
