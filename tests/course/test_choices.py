"""Questions with options at every station, from the build to the exported grades.

The toy chapter with two of them: of `half_of_odd` B is right, of `true_of_sums` A and
C.
"""

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from course import cli
from course.bank.judge import judge
from course.build.freeze import freeze
from course.build.pipeline import build, differences
from course.build.places import release_path, source_path
from course.build.release import leaks
from course.build.settle import built_values
from course.chapters import read_chapter
from course.grade import command
from course.grade.plan import read_assignment
from course.grade.record.ledger import Record
from course.report.items import items, mistakes
from course.student import copies, home
from course.student.progress import progress
from tests.conftest import QUESTIONS, TOY_SLUG
from tests.forked import nurseries
from utils.check.store import unpack
from utils.digests import digest

SLUG = TOY_SLUG
ONE, MANY = "half_of_odd", "true_of_sums"
WHY = "true division of integers gives the default dtype."
SAID = "True division of integers gives the default dtype."
FLOOR, AXIS = "true division taken for floor division", "the axis that goes taken for"
HOSTILE = """\
class Liar{base}:
    def __eq__(self, other):
        return True

    def upper(self):
        return "B"

    __str__ = __repr__ = __upper__ = strip = upper
    __hash__ = object.__hash__
    __class__ = str


half_of_odd = {value}
true_of_sums = half_of_odd
"""
# What is written at both, and the points of each; None: a stub, or what CODE has.
CLASS = {
    "right": ('"B"', '"AC"', 1, 2),
    "lower": ('"b"', '"c, a"', 1, 2),
    "listed": ('["B"]', '["A", "C"]', 1, 2),
    "sets": ('{"b"}', '{"C", "A"}', 1, 2),
    "wrong": ('"A"', '"ABC"', 0, 0),
    "other": ('"c"', '"a"', 0, 0),
    "stub": (None, None, 0, 0),
    "no_letter": ('"E"', "2", 0, 0),
    "too_many": ('"AB"', "[]", 0, 0),
    "unquoted": ("B", "A", 0, 0),
    "tries_all": (None, None, 0, 0),
    "object": (None, None, 0, 0),
    "lying_text": (None, None, 0, 0),
}
CODE = {
    "object": HOSTILE.format(base="", value="Liar()"),
    "lying_text": HOSTILE.format(base="(str)", value='Liar("A")'),
    # Patched in the student's own process, which gives no points.
    "tries_all": f"check.choice = lambda *about: None\n{ONE} = {MANY} = 'Z'",
}


def quiet(text: str) -> None:
    """Say nothing."""


@pytest.fixture(scope="module")
def course(built_choices) -> Path:
    """The toy course with two questions, built; to be read only."""
    return built_choices


@pytest.fixture
def course_copy(course, tmp_path) -> Path:
    """The same, to change."""
    return Path(shutil.copytree(course, tmp_path / "course"))


def released(course: Path) -> nbformat.NotebookNode:
    return nbformat.read(course / release_path(SLUG), as_version=4)


def cell_of(notebook, grade_id: str) -> nbformat.NotebookNode:
    return next(c for c in notebook.cells if c.metadata.nbgrader.grade_id == grade_id)


def hand_in(course: Path) -> None:
    """The class, whose other exercises are not attempted."""
    for student, (one, many, *_) in CLASS.items():
        notebook = released(course)
        if one:
            cell_of(notebook, ONE).source = f"{ONE} = {one}"
            cell_of(notebook, MANY).source = f"{MANY} = {many}"
        elif student in CODE:
            cell_of(notebook, ONE).source = CODE[student]
            cell_of(notebook, MANY).source = ""
        folder = course / "submitted" / student / SLUG
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{SLUG}.ipynb")


# ------------------------------------------------------------------ built


def test_a_build_is_the_same_again_and_nbgraders_own(course_copy, run_nbgrader):
    assert list(differences(course_copy, quiet)) == []
    ours = (course_copy / release_path(SLUG)).read_bytes()
    run_nbgrader(course_copy, ["generate_assignment", "--force", SLUG])
    assert (course_copy / release_path(SLUG)).read_bytes() == ours


def test_a_second_build_changes_nothing(course_copy):
    before = (course_copy / source_path(SLUG)).read_bytes()
    build(course_copy, say=quiet)
    assert (course_copy / source_path(SLUG)).read_bytes() == before


def test_beside_questions_the_values_of_exercises_are_still_settled(course):
    values = built_values(course / source_path(SLUG))
    assert values["half"].hidden != "{}"
    assert not {ONE, MANY} & values.keys()


def test_students_get_quotes_with_nothing_between_them(course):
    notebook = released(course)
    written = "between the quotes"
    assert cell_of(notebook, ONE).source == f'{ONE} = ""  # your letter {written}'
    assert cell_of(notebook, MANY).source == f'{MANY} = ""  # your letters {written}'
    test = cell_of(notebook, f"test_{ONE}")
    assert test.source == (
        f'with check.exercise("{ONE}", points=1):\n    check.choice("{ONE}", {ONE})'
    )
    assert test.metadata.nbgrader.points == 1
    assert 'half_of_odd = "B"' in (course / source_path(SLUG)).read_text().replace(
        "\\", ""
    )


def test_nothing_in_the_release_gives_a_letter_away_at_a_glance(course):
    """It is no secret: whoever tries all choices knows."""
    text = (course / release_path(SLUG)).read_text()
    for explanation in re.findall(r"# +(?:right|wrong): (.+)", QUESTIONS.read_text()):
        assert explanation not in text
    assert not re.search(r"(?i)\bright\b", text.replace('right\\":\\"', ""))
    assert "BEGIN SOLUTION" not in text
    options = [c.source for c in released(course).cells if "**A.**" in c.source]
    assert len(options) == 2
    for line in "\n".join(options).splitlines():
        if line.startswith("- "):
            assert re.fullmatch(r"- \*\*[A-C]\.\*\* [^*`]+", line)
    loaded = cell_of(released(course), "frozen-values").source
    assert "ABC" not in loaded and "choice" not in loaded  # it is packed
    (packed,) = re.findall(r"check\.load\(\"+([^\"]+)\"+\)", loaded)
    loaded = unpack(packed)
    for letter in ("B", "AC"):
        assert f'"{letter}"' not in loaded
    assert loaded.count("ABC") == 2  # which letters there are


def test_the_scan_of_the_release_sees_an_explanation(course_copy):
    folder = (course_copy / release_path(SLUG)).parent
    chapter = read_chapter(course_copy / "chapters" / SLUG)
    assert list(leaks(chapter, folder)) == []
    (folder / "notes.txt").write_text(f"B: {WHY}\n")
    assert f"{ONE}'s explanations: {WHY}" in "\n".join(leaks(chapter, folder))


# ------------------------------------------------------------------ checked


def test_course_check_tries_each_option_and_way_to_write_it(course):
    chapter = read_chapter(course / "chapters" / SLUG)
    scores = judge(chapter, freeze(chapter), with_mutants=True)
    assert [score.faults for score in scores.values()] == [[]] * 5
    for name, wrong in ((ONE, 2), (MANY, 2)):
        score = scores[name]
        assert (score.right, score.wrong) == (4, wrong)
        assert score.caught == score.named == wrong
        assert score.mutants == 0


@pytest.mark.parametrize(
    ("module", "name", "spoiled", "fault"),
    [
        ("utils.check", "choice", lambda *about: None, "is judged right"),
        ("utils.check.choice", "WRONG", "right", "is told: one that holds is missing"),
        ("utils.check.choice", "MISSING", "another name", "is told: another name"),
        ("course.bank.judge", "stub", lambda source: source, "stub is judged right"),
    ],
)
def test_course_check_sees_a_check_that_is_spoiled(
    course, monkeypatch, module, name, spoiled, fault
):
    import importlib
    import sys

    importlib.import_module(module)
    monkeypatch.setattr(sys.modules[module], name, spoiled)
    chapter = read_chapter(course / "chapters" / SLUG)
    scores = judge(chapter, freeze(chapter))
    assert fault in "\n".join(scores[ONE].faults + scores[MANY].faults)


# ------------------------------------------------------------------ graded


@pytest.fixture(scope="module")
def graded(once, course, run_nbgrader) -> Path:
    """The class, graded by us and beside it by stock nbgrader; to be read only."""

    def make(folder: Path) -> None:
        ours, stock = folder / "ours", folder / "stock"
        shutil.copytree(course, ours)
        hand_in(ours)
        shutil.copytree(ours, stock)
        with nurseries():
            command.grade(ours, SLUG, command.options(2, None, 60, 300, 2, "", ""))
        run_nbgrader(stock, ["generate_assignment", "--force", SLUG])
        run_nbgrader(stock, ["autograde", SLUG])

    return once("graded-choices", make)[0]


@pytest.fixture(scope="module")
def results(graded):
    """Our verdicts on both questions, by student."""
    with Record("", graded / "ours") as record:
        found = {r.student: r.verdicts for r in record.results(SLUG)}
    return {s: (v[f"test_{ONE}"], v[f"test_{MANY}"]) for s, v in found.items()}


@pytest.mark.parametrize("student", CLASS)
def test_each_gets_the_points_from_us_and_from_stock_nbgrader(
    graded, read_grades, student
):
    *_, one, many = CLASS[student]
    expected = {f"test_{ONE}": one, f"test_{MANY}": many}
    # Stock nbgrader runs tests in the student's process, and promises nothing.
    for by in ("ours", "stock") if student != "tries_all" else ("ours",):
        got = read_grades(graded / by)[student]
        assert {name: got[name] for name in expected} == expected, by


def test_across_the_bridge_each_wrong_choice_has_its_name(results):
    one, many = results["wrong"]
    assert (one.state, one.mistake) == ("wrong", FLOOR)
    assert many.mistake.startswith(AXIS)
    assert results["other"][1].mistake == "one that holds is missing"


def test_what_is_no_choice_is_not_attempted(results):
    for student in ("stub", "no_letter", "too_many", "object", "tries_all"):
        assert [v.state for v in results[student]] == ["not attempted"] * 2, student
    assert "'E' is no letter" in results["no_letter"][0].message


def test_a_text_that_lies_is_what_it_holds(results):
    assert results["lying_text"][0].mistake == FLOOR


def test_a_right_choice_is_told_why(results):
    assert results["right"][0].message == SAID


def test_the_feedback_page_names_the_thought_and_says_why(graded, tmp_path):
    course = Path(shutil.copytree(graded / "ours", tmp_path / "course"))
    command.feedback(course, SLUG)

    def page(student):
        return (course / "feedback" / student / SLUG / f"{SLUG}.html").read_text()

    assert f"Likely mistake: <strong>{FLOOR}</strong>" in page("wrong")
    assert "You chose A." in page("wrong")
    assert SAID in page("right") and SAID not in page("wrong")


def test_the_report_counts_misconceptions_as_it_counts_mistakes(graded):
    with Record("", graded / "ours") as record:
        from course.report.gather import read_class

        work = read_class(record, graded / "ours", SLUG)
    found = {item.exercise: item for item in items(work)}
    assert (found[ONE].points, found[MANY].points) == (1, 2)
    assert dict(found[ONE].mistakes)[FLOOR] == 2
    assert (MANY, "one that holds is missing") in {
        (m.exercise, m.name) for m in mistakes(work)
    }
    assert found[ONE].states["right"] == 4
    assert found[ONE].difficulty == pytest.approx(4 / len(CLASS))


def test_the_report_and_the_export_have_them(graded, tmp_path):
    course = Path(shutil.copytree(graded / "ours", tmp_path / "course"))
    for words in (["report", SLUG], ["export", SLUG]):
        done = CliRunner().invoke(cli.main, ["--root", str(course), *words])
        assert done.exit_code == 0, done.output
    page = (course / "reports" / f"{SLUG}.html").read_text()
    assert FLOOR in page and ONE in page
    rows = (course / "grades-canvas.csv").read_text().splitlines()
    assert any(row.endswith(",3") and "sets" in row for row in rows)


# ------------------------------------------------------------------ students' commands


@pytest.fixture
def student(course, tmp_path) -> Path:
    """A student's folder with a copy of the exercises."""
    root = tmp_path / "student"
    shutil.copytree(course / "release", root / "release")
    copies.start(root)
    return root


def write(root: Path, name: str, source: str, **facts) -> None:
    """Write a letter, and have its panel say something of it."""
    path = root / "work" / SLUG / f"{SLUG}.ipynb"
    notebook = json.loads(path.read_text())
    cells = {c["metadata"]["nbgrader"]["grade_id"]: c for c in notebook["cells"]}
    cells[name]["source"] = source
    about = {"exercise": name, "answers": [digest(source)], "points": 1, "hints": 0}
    data = {"text/plain": f"{name}: {facts['state']}."}
    cells[f"test_{name}"]["outputs"] = [
        {
            "output_type": "display_data",
            "data": data,
            "metadata": {"course": about | facts},
        }
    ]
    path.write_text(json.dumps(notebook))


def test_progress_knows_the_stub_the_tries_and_the_points(student):
    [chapter] = progress(student)
    by_name = {exercise.name: exercise for exercise in chapter.exercises}
    assert by_name[ONE].state == by_name[MANY].state == "not attempted"
    assert chapter.points_of == 11 and chapter.tried == ""
    write(student, ONE, f'{ONE} = "B"', state="right", tries=3)
    write(student, MANY, f'{MANY} = "B"', state="wrong", tries=1, mistake=AXIS)
    [chapter] = progress(student)
    by_name = {exercise.name: exercise for exercise in chapter.exercises}
    assert (by_name[ONE].state, by_name[ONE].tries) == ("right", 3)
    assert by_name[MANY].mistake == AXIS
    assert by_name[ONE].heading == "5. Half of an odd number"
    assert chapter.points == 1
    assert chapter.tried == "4 tries at 2 questions"


@pytest.mark.parametrize("tries", ["3", None, [3], 2.5])
def test_tries_that_are_no_number_count_nothing(student, tries):
    write(student, ONE, f'{ONE} = "B"', state="right", tries=tries)
    assert progress(student)[0].tried == ""


def test_the_home_page_and_the_table_say_the_tries(student, capsys):
    from course.student.table import show_progress

    write(student, ONE, f'{ONE} = "B"', state="right", tries=2)
    assert "1 of 11 points; 2 tries at 1 question" in home.where_you_are(
        progress(student), {}
    )
    show_progress(progress(student))
    assert f"{SLUG}.ipynb: 2 tries at 1 question" in capsys.readouterr().out


def test_verify_says_what_a_letter_is_worth(student, run_bare):
    write(student, ONE, f'{ONE} = "c"', state="right", tries=1)
    done = run_bare(student, "course", "verify", SLUG)
    line = next(text for text in done.stdout.splitlines() if text.startswith(ONE))
    assert "0 of 1" in line and "a tensor thought to keep its dtype" in line


def test_restore_puts_the_question_back_and_keeps_the_letter(student, run_bare):
    write(student, ONE, f'{ONE} = "B"', state="right", tries=1)
    path = student / "work" / SLUG / f"{SLUG}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    asked = next(c for c in notebook.cells if "Half of an odd" in c.source)
    asked.source = "mine"
    notebook.cells.remove(cell_of(notebook, f"test_{ONE}"))
    nbformat.write(notebook, path)
    assert run_bare(student, "course", "restore", SLUG).returncode == 0
    mended = nbformat.read(path, as_version=4)
    assert cell_of(mended, ONE).source == f'{ONE} = "B"'
    assert "check.choice" in cell_of(mended, f"test_{ONE}").source
    assert any("**B.** 1.5" in c.source for c in mended.cells)


def test_the_map_counts_them(course):
    from course.build.home import BEGIN, END, with_map

    chapter = read_chapter(course / "chapters" / SLUG)
    page = with_map(f"{BEGIN}\n{END}", [chapter], parts={})
    assert "[6 exercises]" in page and "| 11 |" in page


def test_an_assignment_knows_them_as_tests(course):
    assignment = read_assignment(course / "source", SLUG)
    kinds = {c.grade_id: c.kind for c in assignment.cells}
    assert (kinds[ONE], kinds[f"test_{ONE}"]) == ("answer", "test")
