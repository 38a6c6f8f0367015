"""Each rule for predictions is shown to refuse a lecture with that one defect."""

from pathlib import Path

import pytest

from course.build.predict_rules import predictions
from course.chapters import Chapter, read_cells

QUESTION = "**Predict.** The rate is multiplied by ten. What does the loss do?"
RIGHT = "- It explodes.\n  right: the largest eigenvalue decides."
SLOW = "- It falls ten times as fast.\n  wrong: step for progress. It lands elsewhere."
SAME = "- It stays where it is.\n  wrong: a bound thought. There is none."
FOURTH = "- It halves.\n  wrong: ten taken for two. It is ten."
SOUND = f"{QUESTION}\n\n{SLOW}\n{RIGHT}\n{SAME}"
MARKER = '# %% [markdown] predict="rate"'
EXPERIMENT = "# %%\nassert 3 > 2"
ABOVE = "# %% [markdown]\n# # Title\n#\n# ## A section\n#\n# Words before."


def prediction(text: str, marker: str = MARKER) -> str:
    lines = (f"# {line}" if line else "#" for line in text.splitlines())
    return "\n".join((marker, *lines))


def chapter(folder: Path, *cells: str) -> Chapter:
    path = folder / "lecture.py"
    path.write_text("\n\n".join(cells) + "\n")
    return Chapter(folder, read_cells(path), [])


def found(folder: Path, *cells: str) -> list[str]:
    return [problem.message for problem in predictions(chapter(folder, *cells))]


def test_a_sound_prediction_has_no_problem(tmp_path):
    assert found(tmp_path, ABOVE, prediction(SOUND), EXPERIMENT) == []


def test_four_options_are_as_good_as_three(tmp_path):
    four = prediction(f"{SOUND}\n{FOURTH}")
    assert found(tmp_path, ABOVE, four, EXPERIMENT) == []


# what stands in place of the sound prediction, and what the build says
DEFECTS = {
    "no right option": (f"{QUESTION}\n\n{SLOW}\n{SAME}\n{FOURTH}", "0 options are"),
    "two right options": (
        SOUND.replace("wrong: a bound thought.", "right: a"),
        "2 options are `right:`",
    ),
    "two options": (f"{QUESTION}\n\n{SLOW}\n{RIGHT}", "a prediction of 2 options"),
    "five options": (
        f"{SOUND}\n{FOURTH}\n{FOURTH.replace('halves', 'doubles')}",
        "a prediction of 5 options",
    ),
    "an option without explanation": (
        SOUND.replace("\n  wrong: a bound thought. There is none.", ""),
        "an option without explanation",
    ),
    "an empty explanation": (
        SOUND.replace("the largest eigenvalue decides.", ""),
        "an option without explanation",
    ),
    "a thought that is named only": (
        SOUND.replace(" There is none.", ""),
        "names the thought, then says",
    ),
    "a wrong one without a full stop": (
        SOUND.replace("a bound thought. There is none.", "a bound thought"),
        "names the thought, then says",
    ),
    "an option without text": (SOUND.replace("It explodes.", ""), "without text"),
    "two options alike": (
        SOUND.replace("It stays where it is.", "it explodes."),
        "two options say the same",
    ),
    "no question": (SOUND.replace("?", "."), "asks a question"),
    "no lead": (SOUND.replace("**Predict.**", "Guess."), "begins with **Predict.**"),
    "a link in an option": (
        SOUND.replace("It explodes.", "[It](03) explodes."),
        "an option is words",
    ),
    "a long question": (
        SOUND.replace("The rate", f"{'word ' * 70}The rate"),
        "the question of 82 words",
    ),
    "a long option": (
        SOUND.replace("It explodes", "It explodes" + " more" * 24),
        "an option of 26 words",
    ),
    "a long explanation": (
        SOUND.replace("the largest", "word " * 60 + "the largest"),
        "an explanation of 64 words",
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_prediction_with_one_defect_is_refused(tmp_path, defect):
    text, message = DEFECTS[defect]
    problems = found(tmp_path, ABOVE, prediction(text), EXPERIMENT)
    assert len(problems) == 1 and message in problems[0], problems


def test_a_problem_names_the_line_of_its_option(tmp_path):
    text = SOUND.replace(" There is none.", "")
    cells = (ABOVE, prediction(text), EXPERIMENT)
    [problem] = predictions(chapter(tmp_path, *cells))
    line = (tmp_path / "lecture.py").read_text().splitlines()[problem.line - 1]
    assert line == "# - It stays where it is."


@pytest.mark.parametrize(
    "between",
    [
        "# %% [markdown]\n# Look at the last value.",
        "# %% [markdown]\n# ### A part of the section",
        "# %%\nx = 1",
    ],
)
def test_the_experiment_may_come_some_cells_later(tmp_path, between):
    assert found(tmp_path, ABOVE, prediction(SOUND), between, EXPERIMENT) == []


@pytest.mark.parametrize(
    "below",
    [
        [],
        ["# %%\nprint(3)"],
        ["# %%\n# assert 3 > 2\nx = 1"],
        ["# %% [markdown]\n# ## The next section", EXPERIMENT],
        ["# %% [markdown]\n# # Another title", EXPERIMENT],
    ],
)
def test_a_prediction_without_an_experiment_that_asserts_is_refused(tmp_path, below):
    [problem] = found(tmp_path, ABOVE, prediction(SOUND), *below)
    assert "no experiment follows" in problem


def test_within_a_subsection_the_experiment_stands_in_it_too(tmp_path):
    part = "# %% [markdown]\n# ### {}"
    cells = (ABOVE, part.format("One"), prediction(SOUND))
    assert found(tmp_path, *cells, EXPERIMENT) == []
    [problem] = found(tmp_path, *cells, part.format("Two"), EXPERIMENT)
    assert "no experiment follows" in problem


def test_two_questions_have_an_experiment_each(tmp_path):
    other = SOUND.replace("rate is multiplied by ten", "seed changes")
    second = prediction(other, MARKER.replace("rate", "seed"))
    [problem] = found(tmp_path, ABOVE, prediction(SOUND), second, EXPERIMENT)
    assert "no experiment follows" in problem
    cells = (prediction(SOUND), EXPERIMENT, second, EXPERIMENT)
    assert found(tmp_path, ABOVE, *cells) == []


@pytest.mark.parametrize("name", ["rate", "the rate"])
def test_an_id_is_a_name_and_used_once(tmp_path, name):
    other = SOUND.replace("rate is multiplied by ten", "seed changes")
    second = prediction(other, f'# %% [markdown] predict="{name}"')
    problems = found(tmp_path, ABOVE, prediction(SOUND), EXPERIMENT, second, EXPERIMENT)
    assert problems and all("this id" in text for text in problems)


def test_a_prediction_in_a_code_cell_or_among_exercises_is_refused(tmp_path):
    sound = chapter(tmp_path, ABOVE, prediction(SOUND), EXPERIMENT)
    swapped = Chapter(tmp_path, sound.lecture[:1], sound.lecture)
    [problem] = predictions(swapped)
    assert "belongs into lecture.py" in problem.message
    [message] = found(tmp_path, ABOVE, '# %% predict="rate"\nassert 3 > 2')
    assert "it is text" in message
