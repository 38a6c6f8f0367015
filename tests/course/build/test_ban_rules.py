"""What a prompt forbids is watched or on the student's honour, or the build refuses."""

import shutil
from pathlib import Path

import pytest

from course.build.ban_rules import bans
from course.build.notebook import test_source as built_test
from course.chapters import find_chapters, read_chapter
from course.new import TEMPLATE
from course.requirements import ROOT

MARK = '# %% test="standardize" points=2'
PROMPT = "# Write `standardize(X)`:"


@pytest.fixture
def chapter(tmp_path: Path):
    """The template's exercise with other bans and another prompt."""

    def make(marker: str = "", prompt: str = "", given: str = ""):
        folder = tmp_path / "01_sound"
        shutil.copytree(TEMPLATE, folder, ignore=shutil.ignore_patterns("__pycache__"))
        path = folder / "exercises.py"
        lines = path.read_text().splitlines()
        lines = [MARK + marker if line.startswith(MARK) else line for line in lines]
        lines = [line for line in lines if "Not allowed" not in line]
        at = next(i for i, line in enumerate(lines) if line.startswith(PROMPT))
        lines[at:at] = [f"# {line}" for line in prompt.splitlines()]
        text = "\n".join(lines).replace("import torch\n", f"import torch\n{given}\n", 1)
        path.write_text(text + "\n")
        return read_chapter(folder)

    return make


def told(chapter) -> str:
    return "\n".join(str(problem) for problem in bans(chapter))


@pytest.mark.parametrize("slug", [f.name for f in find_chapters(ROOT)])
def test_the_chapters_have_no_problem(slug):
    assert told(read_chapter(ROOT / "chapters" / slug)) == ""


def test_the_template_shows_a_ban():
    chapter = read_chapter(TEMPLATE)
    assert told(chapter) == ""
    assert chapter.cells("test")["standardize"].bans


REFUSED = {
    "nothing watches": ("", "Not allowed: `nn.BatchNorm1d`.", "nothing watches"),
    "in the middle of a line": ("", "All of torch. Not allowed: a loop.", "nothing"),
    "over two lines": ("", "Not\nallowed: PyTorch's\npooling.", "nothing watches"),
    "another family": (
        ' bans="pooling"',
        "Not allowed: `F.batch_norm`.",
        "no ban of the test watches `F.batch_norm`",
    ),
    "a loop beside what is watched": (
        ' bans="normalisation"',
        "Not allowed: `F.batch_norm`, a loop.",
        "no ban of the test watches a loop",
    ),
    "an unknown family": (
        ' bans="convolutions"',
        "",
        "no such name: 'convolutions'; write a dotted name such as torch.optim.SGD, or "
        "one of the families: Fourier transform,",
    ),
    "a name that is none": (' bans="torch.nn.Conv9d"', "", "no such name"),
    "what can't be noticed": (' bans="numpy.dot"', "", "can't notice calls"),
    "a spared function that is none": (
        ' bans="convolution except nobody"',
        "",
        "no setup cell defines 'nobody'",
    ),
}


@pytest.mark.parametrize(("marker", "prompt", "words"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused(chapter, marker, prompt, words):
    assert words in told(chapter(marker, prompt))


ACCEPTED = {
    "nothing is forbidden": ("", ""),
    "on honour": ("", "Not allowed: the book's code, on your honour."),
    "on honour, over two lines": ("", "Not allowed, on your\nhonour: a calculator."),
    "a family": (' bans="normalisation"', "Not allowed: `F.batch_norm`."),
    "its layers": (' bans="normalisation"', "Not allowed: `nn.BatchNorm1d`."),
    "a loop": (' bans="loops"', "Not allowed: a loop."),
    "two": (' bans="loops, torch.optim"', "Not allowed: loops and `torch.optim`."),
    "a ban that the prompt keeps to itself": (' bans="sorting"', ""),
    "only what follows": (' bans="losses"', "`F.relu` is fine. Not allowed: losses."),
}


@pytest.mark.parametrize(("marker", "prompt"), ACCEPTED.values(), ids=ACCEPTED)
def test_it_is_accepted(chapter, marker, prompt):
    assert told(chapter(marker, prompt)) == ""


def test_a_given_function_need_not_be_watched_by_its_name(chapter):
    made = chapter(' bans="losses"', "Not allowed: losses, so `helper`.", "helper = 1")
    assert told(made) == ""


def test_only_a_test_has_bans(chapter):
    made = chapter()
    path = made.folder / "exercises.py"
    mark = '# %% exercise="standardize"'
    path.write_text(path.read_text().replace(mark, mark + ' bans="loops"'))
    assert "only a test has bans" in told(read_chapter(made.folder))


def test_the_line_of_the_prompt_is_told(chapter):
    made = chapter("", "Some words.\nNot allowed: a loop.")
    (problem,) = bans(made)
    lines = problem.path.read_text().splitlines()
    assert "Not allowed" in lines[problem.line - 1]


def test_the_ban_goes_round_the_whole_built_test(chapter):
    cell = chapter(' bans="loops, boxes except a and b"').cells("test")["standardize"]
    head, *rest = built_test(cell, None).splitlines()
    assert head == (
        'with check.exercise("standardize", points=2), '
        'check.forbidden("loops", "boxes except a and b"):'
    )
    assert all(line.startswith("    ") for line in rest if line)
    assert any("### END HIDDEN TESTS" in line for line in rest)
