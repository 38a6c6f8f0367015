"""What is kept of a cell's outputs, and in what form."""

import json

import pytest

from course.grade.worker.outputs import Budget, Caps, Outputs


def collect(caps: Caps | None = None) -> Outputs:
    caps = caps or Caps()
    return Outputs(caps, Budget(caps))


def shown(data: dict, **options) -> dict:
    """The one output that a display leaves."""
    outputs = collect()
    outputs.display(data, **options)
    (output,) = outputs.close()
    return output


def test_pieces_of_one_stream_are_joined():
    outputs = collect()
    for name, text in (("stdout", "a"), ("stdout", "b"), ("stderr", "c")):
        outputs.write(name, text)
    assert [(o["name"], o["text"]) for o in outputs.close()] == [
        ("stdout", "ab"),
        ("stderr", "c"),
    ]


def test_a_cell_is_named_as_in_tracebacks_and_not_as_python_names_it():
    outputs = collect()
    outputs.write("stderr", "<ipython-input-3-0a1b2c3d4e5f>:2: UserWarning: odd\n")
    outputs.error("SyntaxError", "invalid (<ipython-input-4-0a1b2c3d4e5f>, line 1)", [])
    stream, error = outputs.close()
    assert stream["text"] == "Cell In[3]:2: UserWarning: odd\n"
    assert error["evalue"] == "invalid (Cell In[4], line 1)"


def test_bytes_of_a_picture_become_base64():
    assert shown({"image/png": b"\x89PNG"})["data"] == {"image/png": "iVBORw=="}


def test_json_stays_json_and_its_like_as_text_stays_text():
    data = {"application/json": {"a": [1]}, "application/x+json": "[1]"}
    assert shown(data)["data"] == data


@pytest.mark.parametrize("content", [object(), {1, 2}, None, float])
def test_what_no_notebook_can_hold_is_left_out(content):
    data = {"text/plain": "x", "text/html": content}
    assert shown(data)["data"] == {"text/plain": "x"}


def test_surrogates_can_be_sent():
    outputs = collect()
    outputs.write("stdout", "a\udc80b")
    assert json.dumps(outputs.close(), ensure_ascii=False).encode("utf-8")


def test_metadata_is_plain_and_small():
    assert shown({}, metadata={"a": 1})["metadata"] == {"a": 1}
    assert shown({}, metadata={"a": object()})["metadata"] == {}
    assert shown({}, metadata={"a": "x" * 20_000})["metadata"] == {}


def test_a_page_that_holds_its_picture_counts_as_a_picture():
    page = f'<img src="data:image/png;base64,{"A" * 200_000}">'
    assert shown({"text/html": page})["data"] == {"text/html": page}


def test_a_page_too_large_is_left_out_whole_and_prints_go_on():
    outputs = collect()
    outputs.display({"text/plain": "table", "text/html": "x" * 200_000})
    outputs.write("stdout", "on\n")
    table, stream = outputs.close()
    assert table["data"] == {"text/plain": "table"}
    assert stream["text"] == "on\n... 1 large pictures or pages left out\n"


def test_pictures_share_the_room_of_a_submission():
    caps = Caps(image_bytes=100, total_image_bytes=150)
    budget = Budget(caps)
    kept = []
    for _ in range(2):
        outputs = Outputs(caps, budget)
        outputs.display({"image/png": "A" * 100})
        kept.append("image/png" in outputs.close()[0].get("data", {}))
    assert kept == [True, False]


def test_what_is_cleared_gives_its_room_back():
    outputs = collect(Caps(cell_text_bytes=10, total_text_bytes=10))
    outputs.write("stdout", "x" * 20)
    outputs.clear(wait=True)
    outputs.write("stdout", "y" * 9)
    assert outputs.close()[0]["text"] == "y" * 9


def test_a_character_is_never_cut_in_half():
    outputs = collect(Caps(cell_text_bytes=5))
    outputs.write("stdout", "\N{GREEK SMALL LETTER ALPHA}" * 5)
    text = outputs.close()[0]["text"]
    assert (
        text == "\N{GREEK SMALL LETTER ALPHA}" * 2 + "\n... output cut after 0.005 kB\n"
    )


def test_what_is_no_text_is_refused():
    with pytest.raises(TypeError, match="must be str, not int"):
        collect().write("stdout", 5)
