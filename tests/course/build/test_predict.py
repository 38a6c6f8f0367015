"""A prediction is built to HTML that opens without a script, wherever it is read."""

from html.parser import HTMLParser

import nbformat
import pytest
from markdown_it import MarkdownIt

from course.build.notebook import lecture_notebook
from course.build.predict import answers_cell, inline_html, predict_cell, thought
from course.chapters import Chapter, read_cells
from course.options import Option

SOURCE = """\
**Predict.** The learning rate is multiplied by ten. What does the loss do?

- It falls *ten* times as fast.
  wrong: the step taken for the progress, as in `x.sum()`. It lands
  where $f'(x) < 0$.
- It grows without bound.
  right: the largest eigenvalue decides.
- It stays at `a < b`.
  wrong: a `0.5` misread. Nothing is halved.
"""


class Tags(HTMLParser):
    """The tags of a text, in order, and the text within summaries."""

    def __init__(self, html: str):
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.summaries: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.append(tag)
        if tag == "summary":
            self.summaries.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "summary" in self.open:
            self.summaries[-1] += data


def rendered(source: str) -> Tags:
    return Tags(MarkdownIt("commonmark").render(source))


def test_each_option_is_a_details_with_the_option_as_what_is_opened():
    tags = rendered(predict_cell(SOURCE, 2))
    assert tags.seen.count("details") == 3 and tags.open == []
    assert tags.summaries == [
        "A. It falls ten times as fast.",
        "B. It grows without bound.",
        "C. It stays at a < b.",
    ]


def test_what_is_opened_gives_nothing_away():
    text = predict_cell(SOURCE, 1)
    opening = [line for line in text.splitlines() if "<details" in line]
    assert len(set(opening)) == 1
    for summary in rendered(text).summaries:
        assert "right" not in summary.lower() and "Not so" not in summary


def test_an_explanation_is_markdown_and_names_the_thought_or_says_right():
    text = predict_cell(SOURCE, 1)
    assert (
        "\n\n**Not so: the step taken for the progress, as in `x.sum()`.** It" in text
    )
    assert "\n\n**Right:** the largest eigenvalue decides.\n\n" in text
    assert "where $f'(x) < 0$." in text


def test_questions_are_numbered_and_answered_at_the_end():
    assert predict_cell(SOURCE, 2).startswith("**Predict 2.** The learning rate")
    text = answers_cell([SOURCE, SOURCE])
    assert text.startswith("## Answers to the predictions\n")
    assert "**Predict 1, B:** the largest eigenvalue decides." in text
    assert "**Predict 2, B:**" in text
    assert "- C: *a `0.5` misread.* Nothing is halved." in text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* **b**", "<em>a</em> <strong>b</strong>"),
        ("`(8, 16)` and `a<b`", "<code>(8, 16)</code> and <code>a&lt;b</code>"),
        (r"$\frac{1}{n}$", r'<span class="math">$\frac{1}{n}$</span>'),
        ("$a<b$", r'<span class="math">$a\lt b$</span>'),
        ("`$x`", "<code>$x</code>"),
        ("<b onclick=x>", "&lt;b onclick=x&gt;"),
    ],
)
def test_an_options_markup_becomes_html(text, html):
    assert inline_html(text) == html


@pytest.mark.parametrize(
    ("why", "name", "error"),
    [
        ("Too far. It is near.", "Too far", "It is near."),
        ("`x.sum()` read as 0.5 of it. No.", "`x.sum()` read as 0.5 of it", "No."),
        ("only a name.", "only a name", ""),
        ("no full stop", "no full stop", ""),
    ],
)
def test_a_thought_is_named_up_to_the_first_full_stop(why, name, error):
    assert thought(Option(1, "x", False, why)) == (name, error)


def test_a_lecture_has_its_predictions_in_place_and_the_answers_last(tmp_path):
    path = tmp_path / "lecture.py"
    commented = "\n".join(f"# {line}".rstrip() for line in SOURCE.splitlines())
    path.write_text(
        f'# %% [markdown]\n# # T\n\n# %% [markdown] predict="a"\n{commented}\n\n'
        "# %%\nassert True\n"
    )
    chapter = Chapter(tmp_path / "01_t", read_cells(path), [])
    notebook = lecture_notebook(chapter)
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert ids[1] == "predict-a" and ids[-1] == "predict-answers"
    assert notebook.cells[1].source == predict_cell(SOURCE.strip(), 1)


def test_a_lecture_without_predictions_has_no_answers(tmp_path):
    path = tmp_path / "lecture.py"
    path.write_text("# %% [markdown]\n# # T\n")
    notebook = lecture_notebook(Chapter(tmp_path / "01_t", read_cells(path), []))
    assert len(notebook.cells) == 1
