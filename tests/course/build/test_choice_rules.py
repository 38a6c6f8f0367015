"""Each rule for questions with options is shown to refuse, and to accept."""

import json
import shutil
from pathlib import Path

import pytest

from course.build.choice_rules import choices, sealed_choices
from course.build.notebook import test_source as built_test
from course.build.rules import problems
from course.chapters import ChapterError, read_chapter
from course.new import TEMPLATE
from course.regions import stub

SOUND = """\
# %% [markdown] choice="after_pooling" points=1
# ## 2. What is left?
# A picture of 28 x 28 goes through a window of 2 x 2 with stride 2. Which shape
# comes out?
#
# - `(13, 13)`
#   wrong: the last window left out
# - `(14, 14)`
#   right: each window of two rows gives one, and 28 holds
#   fourteen of them.
# - `(27, 27)`
#   wrong: stride 1 in place of stride 2
"""
SEVERAL = """\
# %% [markdown] choice="true_of_sums" points=2
# ## 3. What is true of a sum? Choose all that hold.
#
# - The order does not matter.
#   right: addition commutes.
# - It has the sign of its first term.
#   wrong: the first term taken for all
# - Nothing added is zero.
#   right: zero is neutral.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The template with a question of ours in the place of its own."""
    made = tmp_path / "01_sound"
    shutil.copytree(TEMPLATE, made, ignore=shutil.ignore_patterns("__pycache__"))
    text = (made / "exercises.py").read_text()
    before, mark, own = text.partition('# %% [markdown] choice="')
    assert mark and "# %%" not in own
    (made / "exercises.py").write_text(before + SOUND)
    return made


def change(folder: Path, old: str, new: str, file: str = "exercises.py") -> int:
    """Replace text once; the line at which it stands."""
    path = folder / file
    text = path.read_text()
    assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
    path.write_text(text.replace(old, new))
    return text[: text.index(old)].count("\n") + 1


def append(folder: Path, text: str, file: str = "exercises.py") -> None:
    path = folder / file
    path.write_text(f"{path.read_text()}\n{text}")


def found(folder: Path) -> list:
    try:
        return problems(read_chapter(folder))
    except ChapterError as error:
        return error.problems


def test_sound_questions_have_no_problem(folder):
    append(folder, SEVERAL)
    assert found(folder) == []


# what is replaced, by what, what the build says, at which line after what is replaced
DEFECTS = {
    "no points": (
        '"after_pooling" points=1',
        '"after_pooling"',
        "points missing: write choice=... points=1",
    ),
    "no heading": ("## 2. What is left?", "What is left?", "begins with a heading"),
    "two options": (
        "# - `(27, 27)`\n#   wrong: stride 1 in place of stride 2\n",
        "",
        "2 options; 3 to 5 are asked",
    ),
    "six options": (
        "# - `(27, 27)`\n",
        "".join(f"# - `{n}`\n#   wrong: mistake {n}\n" for n in "uvw") + "# - `x`\n",
        "6 options; 3 to 5",
    ),
    "no right one": (
        "right: each",
        "wrong: each",
        "of 3 options 0 are right, and one is",
    ),
    "two right ones": (
        "wrong: stride 1",
        "right: stride 1",
        "of 3 options 2 are right",
    ),
    "one right one of several": (
        "Which shape\n# comes out?",
        "Which shapes\n# come out? Choose all that hold.",
        "the words give that away",
    ),
    "an option without a verdict": (
        "#   wrong: the last window left out\n",
        "",
        "an option without `right: why` or `wrong:",
    ),
    "an option without a reason": (
        "wrong: the last window left out",
        "wrong:",
        "an option without `right: why` or `wrong:",
    ),
    "an option without a text": ("- `(13, 13)`", "- ", "an option without a text"),
    "two options of one text": ("- `(27, 27)`", "- (14,  14)", "two options are"),
    "two mistakes of one name": (
        "stride 1 in place of stride 2",
        "The last window left out",
        "two options have the mistake",
    ),
    "a mistake's name that is a sentence": (
        "the last window left out",
        "the last window was left out.",
        "a mistake's name is no sentence",
    ),
    "a reason that is no sentence": ("fourteen of them.", "14", "end it as one"),
    "a long explanation": (
        "each window of two rows",
        f"{'so ' * 15}\n#   {'and ' * 15}\n#   {'on ' * 15}",
        "words; at most 40",
    ),
    "the question holds the right option": (
        "comes out?",
        "comes out, if it is not (14, 14) itself?",
        "the question holds the right option",
    ),
    "a mistake's name holds the right option": (
        "the last window left out",
        "13 taken for (14, 14)",
        "the name of this mistake holds the right option",
    ),
    "text after the options": (
        "stride 1 in place of stride 2\n",
        "stride 1 in place of stride 2\n#\n# Think well.\n",
        "text after the options",
    ),
    "a question that asks nothing": (
        "left?\n# A picture of 28 x 28 goes through a window of 2 x 2 with stride 2. "
        "Which shape\n# comes out?",
        "left\n# Say it.",
        "asks something",
    ),
    "an id that a given cell defines": ('"after_pooling"', '"torch"', "is a name that"),
    "an id of Python's": ('"after_pooling"', '"sum"', "is a name that another cell"),
    "an id that is no name": ('"after_pooling"', '"2nd"', "not plain Python"),
    "an exercise's id": ('"after_pooling"', '"standardize"', "duplicate id"),
    "a code cell": ("# %% [markdown] choice", "# %% choice", "a choice is text"),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_refused_with_its_place(folder, defect):
    old, new, message = DEFECTS[defect]
    change(folder, old, new)
    told = found(folder)
    assert message in "\n".join(map(str, told))
    lines = (folder / "exercises.py").read_text().splitlines()
    first = next(i for i, line in enumerate(lines) if "choice=" in line)
    places = [p.line for p in told if message in p.message]
    assert any(first < place <= first + 30 for place in places)


def test_the_id_of_a_written_answer_is_refused(folder):
    change(folder, '"after_pooling"', '"why_training_only"')
    (told,) = map(str, found(folder))
    assert "duplicate id: line " in told and "manual='why_training_only'" in told


@pytest.mark.parametrize("kind", ["right", "wrong", "hints"])
def test_an_answer_or_a_hint_in_the_bank_is_refused(folder, kind):
    marker = "hints [markdown]" if kind == "hints" else f'{kind} "so"'
    append(folder, f'# %% after_pooling {marker}\n# after_pooling = "B"', "answers.py")
    told = found(folder)
    assert any(
        p.path.name == "answers.py" and "has options: they are" in p.message
        for p in told
    )


def question(number: int, place: int, longest: bool) -> str:
    """A question whose right option stands at a place, longest of all or not."""
    texts = ["one row", "two rows", "three rows of numbers"]
    right = texts.pop() if longest else texts.pop(0)
    options = [(t, f"wrong: mistake {i} of {number}") for i, t in enumerate(texts)]
    options.insert(place, (right, "right: so it is."))
    listed = "".join(f"# - {text}\n#   {said}\n" for text, said in options)
    head = f'# %% [markdown] choice="q{number}" points=1\n# ## What of {number}?\n#\n'
    return f"{head}{listed}"


def test_always_the_same_place_is_refused(folder):
    for number in (1, 2):  # with that of the fixture, whose place it is, three
        append(folder, question(number, place=1, longest=False))
    assert "stands at the same place in each" in "\n".join(map(str, found(folder)))


def test_always_the_longest_is_refused(folder):
    change(folder, "- `(14, 14)`", "- `(14, 14)`, half of each")
    for number, place in ((1, 0), (2, 2)):
        append(folder, question(number, place, longest=True))
    assert "is the longest in each question" in "\n".join(map(str, found(folder)))


def test_different_places_and_lengths_are_accepted(folder):
    append(folder, question(1, place=0, longest=True))
    append(folder, question(2, place=2, longest=False))
    assert found(folder) == []


def test_all_options_in_the_text_give_nothing_away(folder):
    """A question may list what it asks about."""
    sizes = "comes out of these: (13, 13), (14, 14), (27, 27)?"
    change(folder, "comes out?", sizes)
    assert list(choices(read_chapter(folder))) == []


# ------------------------------------------------------------------ what is made of it


def test_students_get_letters_and_no_verdicts(folder):
    chapter = read_chapter(folder)
    place = [cell.id for cell in chapter.exercises].index("after_pooling")
    asked, answer, test = chapter.exercises[place - 1 : place + 2]
    assert asked.source.endswith(
        "comes out?\n\n- **A.** `(13, 13)`\n- **B.** `(14, 14)`\n- **C.** `(27, 27)`"
    )
    assert (asked.role, asked.is_code, asked.points) == ("", False, None)
    assert 'after_pooling = "B"' in answer.source
    assert stub(answer.source) == 'after_pooling = ""  # your letter between the quotes'
    assert (test.role, test.points) == ("test", 1)
    assert built_test(test, None) == (
        'with check.exercise("after_pooling", points=1):\n'
        '    check.choice("after_pooling", after_pooling)'
    )


def test_its_bank_has_each_option_and_each_way_to_write_one(folder):
    append(folder, SEVERAL)
    chapter = read_chapter(folder)

    def bank(exercise, kind):
        return {a.title: a.source for a in chapter.bank(exercise, kind)}

    assert bank("after_pooling", "wrong") == {
        "the last window left out": 'after_pooling = "A"',
        "stride 1 in place of stride 2": 'after_pooling = "C"',
    }
    assert set(bank("after_pooling", "right").values()) == {
        'after_pooling = "b"',
        'after_pooling = " B "',
        'after_pooling = ["B"]',
        'after_pooling = {"B"}',
    }
    assert bank("true_of_sums", "wrong") == {
        "the first term taken for all": 'true_of_sums = "ABC"',
        "one that holds is missing": 'true_of_sums = "C"',
    }
    assert "two letters" in bank("after_pooling", "unread")
    assert "two letters" not in bank("true_of_sums", "unread")


def test_what_the_notebook_keeps_is_the_same_at_each_build(folder):
    first, again = (sealed_choices(read_chapter(folder)) for _ in range(2))
    assert first == again
    entry = json.loads(first["after_pooling"])["after_pooling"]
    assert list(entry) == ["choice"]
    assert entry["choice"]["letters"] == "ABC"
