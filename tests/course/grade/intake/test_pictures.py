"""Pictures pasted into an answer reach the person who grades, and nothing else does."""

import pytest
from nbconvert import HTMLExporter
from nbformat import from_dict
from nbformat.v4 import new_markdown_cell, new_notebook

from course.grade.inert.image import LONGEST_SIDE
from course.grade.inert.view import ShowInert
from course.grade.intake.pictures import LEFT_OUT, MAX_PICTURES, shown_in, take_pictures
from tests.course.grade.inert.shown import picture

PNG, JPEG = picture(), picture("JPEG")
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
