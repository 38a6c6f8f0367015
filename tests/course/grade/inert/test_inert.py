"""A stranger's outputs come out valid, small, readable, and without anything active."""

import base64
import io
import json
import struct
import zlib
from html.parser import HTMLParser

import nbformat
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hostile_outputs import VECTORS
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image

from course.grade.inert import inert_markdown, inert_text, make_inert
from course.grade.inert.image import inert_image
from course.grade.inert.markup import inert_html
from course.grade.inert.outputs import MAX_IMAGES, MAX_OUTPUTS
from tests.course.grade.inert.shown import ALT, display, picture, stream

KEPT_TYPES = {"text/plain", "text/html", "image/png", "image/jpeg"}


def said(outputs):
    """All that is readable in some outputs."""
    texts = [output.get("text") or output.get("evalue") for output in outputs]
    texts += [output.get("data", {}).get("text/plain") for output in outputs]
    return "\n".join(text for text in texts if text)


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attributes)


def assert_inert(outputs):
    """They are valid, and hold kept types only, their HTML tables and text only."""
    cell = new_code_cell("x", outputs=nbformat.from_dict(outputs))
    nbformat.validate(new_notebook(cells=[cell]))
    for output in outputs:
        assert output.get("data", {}).keys() <= KEPT_TYPES
        assert "\\u001b" not in json.dumps(output)
        html = Tags(output.get("data", {}).get("text/html", ""))
        assert html.attributes <= {"class", "colspan", "rowspan", "scope"}
        assert not html.tags & {"a", "img", "script", "style", "svg", "math", "form"}


@pytest.mark.parametrize("number", range(len(VECTORS)))
def test_of_a_hostile_output_no_tag_and_no_attribute_stays(number):
    vector = VECTORS[number]
    outputs = make_inert([display(**{vector.kind: vector.filled(number)})])
    assert outputs
    assert_inert(outputs)


@pytest.mark.parametrize(
    ("defence", "kind"),
    [("inert_html", "text/html"), ("inert_text", "text/plain")],
)
def test_without_a_defence_the_check_fails(monkeypatch, defence, kind):
    name = f"course.grade.inert.outputs.{defence}"
    monkeypatch.setattr(name, lambda text, limit_bytes=0: text)
    failed = 0
    for number, vector in enumerate(VECTORS):
        try:
            assert_inert(make_inert([display(**{kind: vector.filled(number)})]))
        except AssertionError:
            failed += 1
    assert failed >= (60 if kind == "text/html" else 1)


def test_a_table_of_pandas_survives():
    table = pd.DataFrame({"loss": [0.25, 0.125], "epoch": [1, 2]})
    (output,) = make_inert([display(text_html=table._repr_html_(), text_plain="t")])
    rows = BeautifulSoup(output["data"]["text/html"], "html.parser").find_all("tr")
    words = [row.get_text(" ").split() for row in rows]
    assert words == [["loss", "epoch"], ["0", "0.250", "1"], ["1", "0.125", "2"]]


def test_the_largest_table_that_pandas_shows_survives():
    table = pd.DataFrame(np.random.default_rng(0).normal(size=(60, 20)))
    (output,) = make_inert([display(text_html=table._repr_html_())])
    assert output["data"]["text/html"].count("<tr>") == 61


def test_mathjax_is_told_to_leave_html_alone():
    assert inert_html("$\\href{javascript:x}{y}$").startswith(
        '<div class="tex2jax_ignore'
    )


def test_words_stay_where_markup_goes():
    cleaned = inert_html("<p onclick=x>one <a href='http://a.test'>two</a> three")
    assert "".join(cleaned.split(">")[1:]).count("t") >= 2
    assert ">one two three</p>" in cleaned


def test_a_figure_keeps_its_description_and_width_and_nothing_else():
    facts = {"image/png": {"alt": ALT, "width": 480, "unconfined": True}}
    metadata = facts | {"filenames": {"image/png": "x"}, "isolated": True}
    (output,) = make_inert([display(metadata, image_png=picture(), text_html="<img>")])
    assert output["metadata"] == {"image/png": {"alt": ALT, "width": 480}}
    assert output["data"].keys() == {"image/png"}


@pytest.mark.parametrize("width", [True, "9", 10**9, -1, 0.5, None])
def test_a_width_that_is_none_is_dropped(width):
    metadata = {"image/png": {"width": width}}
    (output,) = make_inert([display(metadata, image_png=picture())])
    assert output["metadata"] == {}


def chunk(name, content):
    length, checksum = len(content), zlib.crc32(name + content)
    return struct.pack(">I", length) + name + content + struct.pack(">I", checksum)


def png(*, size=(1, 1), extra=b"", after=b""):
    """A PNG file put together by hand."""
    header = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * (1 + 3 * min(size[0], 9)))
    parts = chunk(b"IHDR", header) + extra + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts + after).decode()


@pytest.mark.parametrize(
    "file",
    [
        png(extra=chunk(b"tEXt", b"Comment\0<script>secret</script>")),
        png(extra=chunk(b"iCCP", b"x\0\0secret")),
        png(extra=chunk(b"acTL", b"\0\0\0\2\0\0\0\0")),
        png(after=b"<script>secret</script>"),
        png(after=b"PK\x03\x04secret"),
    ],
)
def test_of_a_polyglot_only_the_picture_stays(file):
    cleaned = inert_image("image/png", file)
    assert base64.b64decode(cleaned) == base64.b64decode(png())


def test_comments_of_a_jpeg_are_dropped_and_the_picture_is_the_same():
    file = picture("JPEG", comment=b"<script>secret</script>", progressive=True)
    assert b"secret" in base64.b64decode(file)
    content = base64.b64decode(file) + b"<script>after</script>"
    cleaned = inert_image("image/jpeg", base64.b64encode(content).decode())
    cleaned = base64.b64decode(cleaned)
    assert b"secret" not in cleaned and b"after" not in cleaned
    before, after = (Image.open(io.BytesIO(data)) for data in (content, cleaned))
    assert np.array_equal(np.asarray(before), np.asarray(after))


def test_a_png_shows_the_same_picture():
    file = picture(size=(300, 200))
    cleaned = base64.b64decode(inert_image("image/png", file))
    image = Image.open(io.BytesIO(cleaned))
    assert image.size == (300, 200) and image.getpixel((9, 9)) == (0, 0, 128)


@pytest.mark.parametrize(
    ("mime", "text"),
    [
        ("image/png", png(size=(4097, 1))),
        ("image/png", png(size=(2**31 - 1, 2**31 - 1))),
        ("image/png", png(size=(0, 0))),
        ("image/png", picture("JPEG")),
        ("image/jpeg", picture()),
        ("image/jpeg", picture("GIF")),
        ("image/png", picture("GIF")),
        ("image/png", "not base64!"),
        ("image/png", ""),
        ("image/png", png()[:40]),
        ("image/png", base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 999).decode()),
        ("image/jpeg", base64.b64encode(b"\xff\xd8").decode()),
        ("image/jpeg", base64.b64encode(b"\xff\xd8\xff\xe0\0\0" * 99).decode()),
        ("image/jpeg", base64.b64encode(b"\xff\xd8\xff").decode()),
        ("image/png", "A" * 4_000_000),
    ],
)
def test_what_is_no_picture_or_too_large_is_left_out(mime, text):
    assert inert_image(mime, text) == ""
    outputs = make_inert([display(**{mime: text})])
    assert said(outputs) == f"[an output of type {mime} was left out]"


def test_a_png_with_a_wrong_checksum_is_left_out():
    content = bytearray(base64.b64decode(picture()))
    content[40] ^= 1
    assert inert_image("image/png", base64.b64encode(content).decode()) == ""


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]8;;http://evil.test\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;title\x07text", "text"),
        ("\x9d0;title\x9ctext", "text"),
        ("\x1b]0;never ended\nnext", "\nnext"),
        ("\x1bP1;2|x\x1b\\a", "a"),
        ("\x1b(Ba\x1bcb\x1b7", "ab"),
        ("bell\x07 null\x00 back\x08", "bell null back"),
        ("  0%\r 50%\r100%\ndone\r\n", "100%\ndone\n"),
        ("abc\u202edcba", "abc\\u202edcba"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("a\ud800b", "a\ufffdb"),
        ("a\tb", "a\tb"),
        ("שלום é 🎉", "שלום é 🎉"),
    ],
)
def test_text_is_shown_without_what_terminals_obey(printed, shown):
    assert inert_text(printed) == shown
    assert make_inert([stream(printed)])[0]["text"] == shown
    error = {"output_type": "error", "ename": "E", "traceback": [printed]}
    assert make_inert([error | {"evalue": printed}])[0]["evalue"] == shown
    assert "\n".join(make_inert([error])[0]["traceback"]) == shown


@pytest.mark.parametrize(
    "source",
    [
        "**bold**, `code`, $a_1^2$ and $$\\sum_i x_i$$",
        "- one\n- two\n\n> quoted\n\n# Heading",
        "[the docs](https://pytorch.org) say 3 < 4 and 5 > 4",
        "```python\nif x < y: x[0] = f(y)\n```",
    ],
)
def test_honest_markdown_stays_as_it_is(source):
    assert inert_markdown(source) == source


def test_markdown_loses_no_word():
    source = "if a<b then <b>x</b> ![y](z) [u](javascript:v) $\\href{w}{x}$"
    changed = inert_markdown(source)
    assert changed.replace(" ", "") == source.replace(" ", "")
    assert "<b" not in changed and "](" not in changed and "\\href" not in changed


def test_markdown_that_takes_long_to_render_is_cut():
    assert len(inert_markdown("\\\\[" * 50_000)) <= 20_000


def test_latex_and_markdown_are_shown_as_text_if_there_is_none():
    nameless = "<IPython.core.display.Latex object>"
    latex = "$\\frac{1}{2}$"
    for data in ({"text_latex": latex}, {"text_latex": latex, "text_plain": nameless}):
        (output,) = make_inert([display(**data)])
        assert output["data"] == {"text/plain": latex}
    (output,) = make_inert([display(text_latex=latex, text_plain="1/2")])
    assert output["data"] == {"text/plain": "1/2"}


def test_what_was_left_out_is_said():
    outputs = make_inert([display(**{"image/svg+xml": "<svg/>", "text/plain": "F"})])
    assert said(outputs) == "F\n[an output of type image/svg+xml was left out]"
    hostile = "a/<script>\x1b[31m" + "x" * 999
    assert "<" not in said(make_inert([display(**{hostile: "x"})]))
    assert len(said(make_inert([display(**{hostile: "x"})]))) < 120


DEEP = json.loads("[" * 900 + "]" * 900)
ODD = [
    None, 7, "x", [], {}, DEEP, {"output_type": 7}, {"output_type": "stream"},
    {"output_type": "stream", "name": ["x"], "text": {"a": 1}},
    {"output_type": "stream", "name": "stdout", "text": ["a", 7, None, DEEP]},
    {"output_type": "error"}, {"output_type": "error", "traceback": "x"},
    {"output_type": "error", "ename": 3, "evalue": DEEP, "traceback": [1, DEEP, "x"]},
    {"output_type": "display_data"}, {"output_type": "display_data", "data": DEEP},
    {"output_type": "display_data", "data": {"text/html": DEEP, "image/png": {}}},
    {"output_type": "display_data", "data": {str(i): "x" for i in range(9999)}},
    {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": DEEP},
    {"output_type": "execute_result", "execution_count": "x", "data": {}},
    {"output_type": "update_display_data", "data": {}, "transient": {"display_id": 1}},
    {"output_type": "clear_output", "wait": True},
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(ODD)))
def test_odd_outputs_are_made_valid(number):
    assert_inert(make_inert([ODD[number]]))
    assert isinstance(make_inert(ODD[number]), list)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
KEYS = st.sampled_from(["output_type", "data", "name", "text", "metadata", "ename"])
KINDS = st.sampled_from(["stream", "error", "display_data", "execute_result"])


@given(st.lists(st.dictionaries(KEYS, JSON | KINDS)))
def test_whatever_comes_is_made_valid_and_stays_so(outputs):
    made = make_inert(outputs)
    assert_inert(made)
    assert make_inert(made) == made


@pytest.mark.parametrize("number", range(len(VECTORS)))
def test_what_is_inert_stays_as_it_is(number):
    vector = VECTORS[number]
    made = make_inert([display(**{vector.kind: vector.filled(number)})])
    assert make_inert(made) == made
    source = inert_markdown(vector.filled(number))
    assert inert_markdown(source) == source


def test_a_million_outputs_are_cut_and_the_error_at_their_end_stays():
    error = {"output_type": "error", "ename": "E", "evalue": "last", "traceback": []}
    made = make_inert([display(text_plain="x")] * 10**6 + [error])
    assert len(made) <= MAX_OUTPUTS + 2
    assert "the rest of this cell's outputs was left out" in said(made)
    assert "last" in said(made)


def test_many_prints_are_one_output():
    made = make_inert([stream("a\n"), stream("b\n")] * 500 + [stream("e", "stderr")])
    assert [output["name"] for output in made] == ["stdout", "stderr"]
    assert made[0]["text"] == "a\nb\n" * 500


def test_a_cells_outputs_are_cut_to_the_limit():
    made = make_inert([stream("x" * 5_000), stream("y", "stderr")], limit_bytes=1000)
    assert len(made[0]["text"]) <= 1000 and "[cut here: too long]" in made[0]["text"]
    assert "the rest" in said(made)


def test_only_so_many_figures_are_kept():
    made = make_inert([display(image_png=picture(), text_plain="f")] * 30)
    assert sum("image/png" in output["data"] for output in made) == MAX_IMAGES


@pytest.mark.parametrize(
    "html",
    ["<div>" * 12_000, "<i>" * 20_000, "<b><p>" * 9_000, "<table><td>" * 5_000],
)
def test_html_that_is_deeply_nested_is_left_out(html):
    assert inert_html(html) == ""
    assert inert_html("<div>" * 20 + "text") != ""


def test_html_of_one_cell_is_limited_together():
    output = display(text_html="<p>x</p>" * 4_000, text_plain="plain")
    made = make_inert([output] * 5)
    assert [("text/html" in o["data"]) for o in made if "plain" in said([o])] == [
        True, True, False, False, False,
    ]  # fmt: skip
