"""An answer that can be had without a thought is found; a fair question is let be."""

from pathlib import Path

import pytest

from course.build.across import linked_beside
from course.build.predict_tells import habits, said_above
from course.chapters import Chapter, ChapterError, read_cells

TEXT = "# %% [markdown]\n"
FAIR = ("It grows without bound.", "It falls ten times as fast.", "It stays near one.")


def prediction(
    options: tuple[str, ...] = FAIR, right: int = 0, name: str = "rate"
) -> str:
    lines = [
        f'# %% [markdown] predict="{name}"',
        "# **Predict.** What does the loss do?",
    ]
    for number, text in enumerate(options):
        why = "right: so it is." if number == right else "wrong: A thought. Wrong."
        lines += [f"# - {text}", f"#   {why}"]
    return "\n".join(lines)


def chapter(folder: Path, *cells: str, slug: str = "03_lines") -> Chapter:
    path = folder / slug / "lecture.py"
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text("\n\n".join(cells) + "\n")
    return Chapter(path.parent, read_cells(path), [])


def answered(folder: Path, above: str, *options: str) -> list:
    cell = prediction(options or FAIR)
    return list(said_above(chapter(folder, f"{TEXT}# # T", above, cell)))


@pytest.mark.parametrize(
    "above",
    [
        f"{TEXT}# So it grows without bound.",
        f"{TEXT}# So **it grows** *without*\n# bound: look.",
        "# %%\nprint('it grows without bound')",
        "# %%\nx = 1  # it grows without bound",
        f"{TEXT}# It is without any bound that the loss\n# grows here.",
        prediction(("a b", "c d", "e f"), name="first").replace(
            "so it is", "since it grows without bound"
        ),
    ],
)
def test_an_answer_in_words_above_its_question_is_refused(tmp_path, above):
    [problem] = answered(tmp_path, above)
    assert "the answer stands above its question" in problem.message
    assert "grows" in problem.message


@pytest.mark.parametrize(
    "above",
    [
        f"{TEXT}# It falls ten times as fast, and it stays near one.",
        f"{TEXT}# It grows. Then, without more words, there is a bound.",
        prediction(name="first", right=1),
        "# %%\ngrows = without = bound = 1",
    ],
)
def test_words_that_only_resemble_the_answer_are_let_be(tmp_path, above):
    assert answered(tmp_path, above) == []


def test_what_stands_below_the_question_is_no_answer_above(tmp_path):
    below = f"{TEXT}# It grows without bound."
    assert not list(said_above(chapter(tmp_path, prediction(), below)))


NUMBERS = ("About 0.35", "About 0.70", "About 0.95")
PAIRS = ("`(64, 10)`", "`(10, 64)`", "`(10,)`")


@pytest.mark.parametrize(
    ("above", "options"),
    [
        (f"{TEXT}# Of all, 0.35 are right.", NUMBERS),
        ("# %%\nassert share < 0.35", NUMBERS),
        (f"{TEXT}# 0.35\n\n{TEXT}# ## Next", NUMBERS),
        (f"{TEXT}# There are 48 of them.", ("48", "49", "50")),
        (f"{TEXT}# There are 1,234 of them.", ("1234 items", "999", "5000")),
    ],
)
def test_an_answers_number_above_its_question_is_refused(tmp_path, above, options):
    [problem] = answered(tmp_path, above, *options)
    assert "the answer stands above its question" in problem.message


@pytest.mark.parametrize(
    ("above", "options"),
    [
        (f"{TEXT}# Of all, 0.7 are right.", NUMBERS),
        ("# %%\nrate = 0.35", NUMBERS),
        (f"{TEXT}# Batches of 64 and ten classes.", PAIRS),
        (f"{TEXT}# There are 48.\n\n{TEXT}# ## Next", ("48", "49", "50")),
        (f"{TEXT}# There are 3 of them.", ("3", "4", "5")),
        (f"{TEXT}# There are 48 of them.", ("48 by 120", "49", "50")),
    ],
)
def test_numbers_that_tell_nothing_are_let_be(tmp_path, above, options):
    assert answered(tmp_path, above, *options) == []


def asking(folder: Path, slug: str, rights: str, options=FAIR) -> Chapter:
    """A chapter of predictions whose right options stand in these places: "ABC"."""
    cells = [
        prediction(options, "ABC".index(right), f"p{n}")
        for n, right in enumerate(rights)
    ]
    return chapter(folder, *cells, slug=slug)


LIKE = ("it is", "it as", "it at")  # none is longer


def test_a_lecture_whose_right_options_all_stand_in_one_place_is_refused(tmp_path):
    same = asking(tmp_path, "01_a", "BBB", LIKE)
    [problem] = habits([same], [same])
    assert "the right option is B in all 3 predictions of the lecture" in str(problem)


def test_a_lecture_whose_right_options_are_all_the_longest_is_refused(tmp_path):
    long = prediction(("aaa", "a", "a"), 0, "x")
    others = (prediction(("a", "aaaa", "a"), 1, "y"), prediction(("a", "a", "aa"), 2))
    tells = chapter(tmp_path, long, *others)
    [problem] = habits([tells], [tells])
    assert "the longest in all 3" in problem.message


def test_markup_makes_no_option_longer(tmp_path):
    marked = ("**`aa`**", "aaa", "a")
    cells = [prediction(marked, n % 3, f"p{n}") for n in (0, 0, 1)]
    assert list(habits([c := chapter(tmp_path, *cells)], [c])) == []


def test_two_alike_are_chance_and_so_are_places_that_vary(tmp_path):
    few, varied = asking(tmp_path, "01_a", "BB"), asking(tmp_path, "02_b", "ABCA", LIKE)
    assert list(habits([few, varied], [few, varied])) == []


def test_a_place_that_most_of_the_course_uses_is_refused_where_it_is_used(tmp_path):
    crowd = [asking(tmp_path, f"0{n}_x", "BBA", LIKE) for n in range(1, 4)]
    fair = asking(tmp_path, "04_y", "A", LIKE)
    [problem] = habits([crowd[0], fair], [*crowd])
    assert "B in 6 of the course's 9 predictions" in problem.message
    assert problem.path == crowd[0].lecture[0].path


def test_below_eight_questions_or_sixty_per_cent_the_course_is_let_be(tmp_path):
    few = [asking(tmp_path, f"0{n}_x", "BBA", LIKE) for n in (1, 2)]
    assert list(habits(few, few)) == []
    even = [asking(tmp_path, f"0{n}_z", "BBABAC"[:5], LIKE) for n in (3, 4)]
    assert list(habits(even, even)) == []  # 6 of 10


def test_a_build_counts_over_chapters_that_it_does_not_build(tmp_path):
    for number in (1, 2, 3):
        made = asking(tmp_path / "chapters", f"0{number}_x", "BBA", LIKE)
        for name in ("exercises.py", "answers.py"):
            (made.folder / name).write_text("# %% [markdown]\n" * (name[0] == "e"))
    (tmp_path / "chapters" / "09_broken").mkdir()
    with pytest.raises(ChapterError, match="6 of the course's 9"):
        linked_beside(tmp_path, [made])
