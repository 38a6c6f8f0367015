"""Pictures pasted into an answer reach the person who grades, and nothing else does."""

import json

import pytest
from nbconvert import HTMLExporter
from nbformat import from_dict
from nbformat.v4 import new_markdown_cell, new_notebook

from course.grade.inert.image import LONGEST_SIDE
from course.grade.inert.view import ShowInert
from course.grade.intake.pictures import (
    LEFT_OUT,
    MAX_PICTURES,
    apart,
    shown_in,
    take_pictures,
)
from course.grade.intake.reading import MAX_SOURCE, read_cells
from tests.course.grade.inert.shown import picture

PNG, JPEG = picture(), picture("JPEG")
MIME = {"png": "image/png", "jpeg": "image/jpeg", "JPG": "image/jpeg"}
IMAGE = 'src="data:image/png;base64,'
SHOWN = "See ![a sketch](attachment:image.png) here."


def test_a_pasted_picture_becomes_a_number_and_is_kept():
    text, (kept,) = take_pictures(SHOWN, {"image.png": {"image/png": PNG}}, before=2)
    assert text == "See [picture 3] here."
    assert (kept.number, kept.mime, kept.name) == (3, "image/png", "picture-3.png")
    assert shown_in(text, (kept,)) == [kept]
    assert shown_in("no number", (kept,)) == []


def test_a_picture_that_the_text_does_not_show_is_not_lost():
    text, kept = take_pictures("Words.", {"a b.jpg": {"image/jpeg": [JPEG]}}, 0)
    assert text == "Words.\n\n[picture 1]" and len(kept) == 1


@pytest.mark.parametrize(
    "before, after",
    [
        ("See ![a sketch](data:image/{}) here.", "See [picture 1] here."),
        ('See ![x](<data:image/{}> "title") here.', "See [picture 1] here."),
        ('<p><img width=3 src="data:image/{}" alt="x"/></p>', "<p>[picture 1]</p>"),
        ("![x][1]\n\n[1]: <data:image/{}>", None),
    ],
)
@pytest.mark.parametrize("kind", ["png", "jpeg", "JPG"])
def test_a_picture_in_the_text_itself_is_one_like_others(before, after, kind):
    content = PNG if kind == "png" else JPEG
    text, kept = take_pictures(
        *apart(before.format(f"{kind};base64,{content}"), None), 0
    )
    assert [p.mime for p in kept] == [MIME[kind]] and content[:40] not in text
    assert shown_in(text, kept) == list(kept) and after in (text, None)


def test_an_image_tag_shows_an_attachment():
    source = "See <img src='attachment:image.png' width='50%'> here."
    text, kept = take_pictures(source, {"image.png": {"image/png": PNG}}, before=0)
    assert text == "See [picture 1] here." and len(kept) == 1


def test_a_large_picture_does_not_cost_the_words_around_it():
    large = "A" * 2 * MAX_SOURCE
    source = f"My words. ![x](data:image/png;base64,{large})"
    cells = [{"cell_type": "markdown", "source": source}]
    (found,), _ = read_cells(json.dumps({"cells": cells}).encode(), "x.ipynb")
    assert found.source == f"My words. {LEFT_OUT}" and found.notes == ()


@pytest.mark.parametrize(
    "bundle",
    [
        {"image/svg+xml": "<svg onload=alert(1)>"},
        {"image/png": "no picture"},
        {"image/png": JPEG},
        {"image/png": picture(size=(LONGEST_SIDE + 1, 1))},
        {"text/html": "<script>"},
        "no bundle",
        None,
    ],
)
def test_what_is_no_picture_is_left_out_with_a_word(bundle):
    text, kept = take_pictures(SHOWN, {"image.png": bundle}, 0)
    assert kept == () and text == f"See {LEFT_OUT} here."


@pytest.mark.parametrize("attachments", [None, [], "x", 3, {}])
def test_no_attachments_change_nothing(attachments):
    assert take_pictures(SHOWN, attachments, 0) == (SHOWN, ())


def test_pictures_of_a_notebook_are_counted():
    many = {f"{n}.png": {"image/png": PNG} for n in range(MAX_PICTURES + 3)}
    text, kept = take_pictures("", many, before=2)
    assert [p.number for p in kept] == [*range(3, MAX_PICTURES + 1)]
    assert text.count(LEFT_OUT) == 1


def page(source: str, attachments: dict) -> str:
    """A text cell as formgrader shows it."""
    cell = from_dict({**new_markdown_cell(source), "attachments": attachments})
    exporter = HTMLExporter(template_name="classic", preprocessors=[ShowInert])
    return exporter.from_notebook_node(new_notebook(cells=[cell]))[0]


def test_formgrader_shows_what_the_course_attached_and_nothing_else():
    source = "![picture 1](attachment:picture-1.png) ![x](attachment:evil.png)"
    one = {"image/png": PNG}
    shown = page(source, {"picture-1.png": one, "evil.png": one})
    assert shown.count(IMAGE) == 1
    assert IMAGE not in page("![picture 9](attachment:picture-9.png)", {})
    hostile = {"picture-1.png": {"image/png": '" onerror="alert(1)'}}
    assert "onerror" not in page(source, hostile)
    odd = {"picture-1.png": {"text/html": "<script>"}}
    assert IMAGE not in page("Words.", odd)
