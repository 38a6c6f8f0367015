"""Wrong answers without a name: grouped by what they gave, for next year's bank."""

from dataclasses import replace

import pytest
import torch
from bs4 import BeautifulSoup
from class_by_hand import SLUG

from course.chapters import ChapterError, read_bank
from course.grade.judge.returned import written_down
from course.grade.result import WRONG, Verdict
from course.report import command, unnamed
from course.report.names import Names, Pseudonyms
from course.report.page import class_page
from course.report.unnamed import Group, bank_text, count_named, with_code
from utils.check.outcome import freeze

EVIL = 'def half(x):\n    return x\n\n\n# %% half right "mine"\n# \u202e<b>evil</b>'


def gave(
    value, place="probe 1", mistake=None, message="half(x): expected, got"
) -> dict:
    """The verdict on `half` of an answer that gave this."""
    given = None if value is None else written_down((place, freeze(value)))
    return {"test_half": Verdict(WRONG, 1, 0, mistake, message, returned=given)}


@pytest.fixture
def wrong(work):
    """The class, each with an own wrong answer to the first exercise."""
    verdicts = {
        "ann": gave(torch.tensor([1.0, 2.0])),
        "ben": gave(torch.tensor([1.0, 2.00001])),
        "cleo": gave(torch.tensor([1.0, 3.0])),
        "dan": gave(torch.tensor([1.0, 2.0]), place="hidden probe 2"),
    }
    results = {
        student: replace(result, verdicts=result.verdicts | verdicts.get(student, {}))
        for student, result in work.results.items()
    }
    return replace(work, results=results)


def test_who_gave_the_same_at_the_same_probe_is_one_group_the_largest_first(wrong):
    groups = unnamed.unnamed(wrong)
    assert [group.students for group in groups] == [["ann", "ben"], ["cleo"], ["dan"]]
    assert groups[0].words == "tensor([1, 2])" and groups[0].place == "probe 1"


@pytest.mark.parametrize(
    "value", [torch.tensor([1, 2]), torch.tensor([[1.0, 2.0]]), [1.0, 2.0]]
)
def test_another_type_or_shape_is_another_group(wrong, value):
    results = wrong.results | {
        "ben": replace(wrong.results["ben"], verdicts=gave(value))
    }
    groups = unnamed.unnamed(replace(wrong, results=results))
    assert ["ann"] in [group.students for group in groups]


def test_without_a_value_the_words_group_wherever_the_line_is(wrong):
    told = "Your code raised KeyError: 'x' (line {}: `a(b)[x]`)."
    verdicts = {
        s: gave(None, message=told.format(n)) for n, s in ((3, "ann"), (7, "ben"))
    }
    results = wrong.results | {
        s: replace(wrong.results[s], verdicts=v) for s, v in verdicts.items()
    }
    [group, *_] = unnamed.unnamed(replace(wrong, results=results))
    assert group.students == ["ann", "ben"] and group.place == ""


def test_what_has_a_name_is_counted_and_in_no_group(work):
    assert unnamed.unnamed(work) == []
    assert count_named(work) == (3, 3)


def test_what_an_older_grading_wrote_down_is_read(work):
    """Results of last week have no value of what was returned."""
    verdict = Verdict(WRONG, 1, message="half(x): expected 1, got 2")
    text = replace(work.results["ann"], verdicts={"test_half": verdict}).to_json()
    old = type(work.results["ann"]).from_json(text.replace(',"returned":null', ""))
    groups = unnamed.unnamed(replace(work, results=work.results | {"ann": old}))
    assert [group.students for group in groups] == [["ann"]]


def test_the_cells_are_a_bank_once_they_have_names(tmp_path):
    groups = [
        Group(
            "half",
            "probe 1",
            "tensor([1, 2])",
            ["a", "b"],
            "def half(x):\n    return x",
        ),
        Group("row_sums", "", "Your code raised\nKeyError", ["c"], ""),
    ]
    path = tmp_path / "answers.py"
    path.write_text(text := bank_text(SLUG, groups), encoding="utf-8")
    assert "# | 2 students; probe 1 gave\n# | tensor([1, 2])\n" in text
    with pytest.raises(ChapterError, match="expected `# %% id right|wrong"):
        read_bank(path)
    path.write_text(text.replace('""', '"not halved"'), encoding="utf-8")
    [answer] = read_bank(path)
    assert (answer.exercise, answer.kind, answer.title) == (
        "half",
        "wrong",
        "not halved",
    )
    assert answer.source.startswith("def half(x):\n    return x")


class Notebook:
    """What `read_autograded` gives, of code by student; "gone" is no notebook."""

    def __init__(self, codes: dict[str, str]):
        self.codes = codes

    def __call__(self, root, result):
        from course.grade.intake.submission import Submission
        from course.grade.plan import Cell

        code = self.codes[result.student]
        if code == "gone":
            raise RuntimeError("missing")
        return Submission(result.student, (Cell("answer", "half", code),)), {}


def coded(monkeypatch, work, **codes) -> Group:
    """One group of those who wrote these codes, with its example."""
    monkeypatch.setattr(unnamed, "read_autograded", Notebook(codes))
    [group] = with_code(None, work, [Group("half", "probe 1", "1", list(codes))])
    return group


def test_the_example_is_the_shortest_and_nobodys_who_is_flagged(monkeypatch, wrong):
    group = coded(monkeypatch, wrong, ann="a = 1000", ben="b = 10", dan="d")
    assert wrong.results["dan"].flags and group.code == "b = 10"
    assert coded(monkeypatch, wrong, dan="import os").code == ""
    assert coded(monkeypatch, wrong, ann="gone", cleo="c").code == "c"


def test_a_strangers_code_begins_no_cell_and_hides_nothing(monkeypatch, wrong):
    group = coded(monkeypatch, wrong, ann=EVIL)
    text = bank_text(SLUG, [group])
    assert text.count("\n# %%") == 1 and "\u202e" not in text
    page = class_page(wrong, Names(wrong.people), [group])
    soup = BeautifulSoup(page, "html.parser")
    assert not soup.select("pre b") and "<b>evil</b>" in soup.pre.get_text()


def test_the_page_shows_groups_and_with_pseudonyms_no_code(wrong, no_figures):
    groups = unnamed.unnamed(wrong)
    groups[0].code = "def half(x):\n    return 'Apfelbaum'"
    page = class_page(wrong, Names(wrong.people), groups)
    words = " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())
    assert "2 students in half probe 1 gave: tensor([1, 2])" in words
    assert "Every wrong answer had a name" not in words
    hidden = class_page(wrong, Pseudonyms(wrong.people))
    assert "tensor([1, 2])" in hidden and "Apfelbaum" not in hidden


def test_the_file_is_written_and_goes_away_when_there_is_nothing(
    wrong, work, tmp_path, no_figures
):
    path = tmp_path / "reports" / f"{SLUG}-unnamed.py"
    assert path in command._write_one(tmp_path, wrong, Names(wrong.people))
    assert path not in command._write_one(tmp_path, wrong, Pseudonyms(wrong.people))
    assert path.read_text().count('wrong ""') == 0  # no notebooks here, so no code
    assert path.read_text().count("# (no code)") == 3
    command._write_one(tmp_path, work, Names(work.people))
    assert not path.exists()
