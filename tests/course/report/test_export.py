"""Grades for Canvas and Moodle: to whom they belong, or to nobody and told."""

import csv
import io
from dataclasses import replace

import pytest
from class_by_hand import CELLS
from click.testing import CliRunner

from course import cli
from course.grade.plan import Assignment
from course.grade.record.marks import Mark, Marks
from course.report.canvas import match, read_roster
from course.report.export import _check, _grades, _open_ends, _write
from course.report.forms import Grades, canvas_rows, moodle_rows
from course.report.gather import Person
from course.report.items import items
from course.report.table import csv_text

HEAD = "Student,ID,SIS User ID,SIS Login ID,Section"
ROSTER = f"""\
{HEAD},01_toy (77),Essay (78),Final Score
    Points Possible,,,,,6,10,(read only)
,,,,,Manual Posting,,
"Apfelbaum, Ann",9001,501,ann@example.org,A,1,8,80
"Birch, Ben",9002,x2,ben,A,EX,9,70
"Cedar, Cleo",9003,503,cc@example.org,B,4.5,,
"Elm, Eve",9005,505,eve@example.org,B,,,
"""


@pytest.fixture
def grades(work) -> Grades:
    return _grades([work], {}, has_zeros=False)


@pytest.fixture
def roster(tmp_path):
    """Write a roster and read it."""

    def make(text: str = ROSTER, encoding: str = "utf-8"):
        path = tmp_path / "canvas.csv"
        path.write_text(text, encoding=encoding)
        return read_roster(path)

    return make


def table(rows) -> list[list[str]]:
    """Rows as a reader of the file sees them."""
    return list(csv.reader(io.StringIO(csv_text(rows))))


def test_canvas_without_a_roster_has_its_columns_and_points_possible(grades):
    rows, notes = canvas_rows(grades, None)
    head, possible, first, *_ = table(rows)
    assert head == [*HEAD.split(","), "01_toy"]
    assert possible == ["    Points Possible", "", "", "", "", "6"]
    assert first == ["Apfelbaum, Ann", "", "501", "ann", "", "6"]
    assert notes == []


def test_canvas_rows_are_given_back_with_grades(grades, roster):
    rows, notes = canvas_rows(grades, roster())
    head, possible, *students = table(rows)
    assert head == [*HEAD.split(","), "01_toy (77)"]
    assert possible[-1] == "6"
    assert students == [
        ["Apfelbaum, Ann", "9001", "501", "ann@example.org", "A", "6"],
        ["Birch, Ben", "9002", "x2", "ben", "A", "2"],
    ]
    (absent,) = [note for note in notes if "left out because no ID" in note]
    assert absent.endswith("fits (3): cleo, dan, fay")
    assert "Canvas: 2 of its students have no grades here: left out" in notes


@pytest.mark.parametrize(
    "person",
    [
        Person("9001"),
        Person("501"),
        Person("ann@example.org"),
        Person("a", email="Ann@Example.org"),
        Person("a", lms_user_id="9001"),
    ],
)
def test_a_student_is_found_by_any_of_canvass_ids(roster, person):
    assert match(roster(), [person]).rows == {person.id: 0}


def test_a_name_alone_is_no_match(roster):
    found = match(roster(), [Person("a", "Ann", "Apfelbaum")])
    assert found.rows == {}
    assert found.problems[0].endswith("fits (1): a")


def test_who_fits_two_rows_gets_none(roster):
    found = match(roster(), [Person("9001", email="ben")])
    assert found.rows == {}
    assert "9001 fits 2 rows" in found.problems[0]


def test_two_who_fit_one_row_get_none(roster):
    found = match(roster(), [Person("9001"), Person("501"), Person("ben")])
    assert found.rows == {"ben": 1}
    assert "501 and 9001 fit the same row, Apfelbaum, Ann" in found.problems[0]


def test_without_a_grade_what_stood_there_stays(grades, roster):
    scores = {"01_toy": {"ben": 2.0}}
    some = Grades(grades.people, grades.columns, grades.most, scores)
    rows, _ = canvas_rows(some, roster())
    assert [row[-1] for row in table(rows)[2:]] == ["1", "2"]


def test_other_points_in_canvas_are_told_and_stay(grades, roster):
    rows, notes = canvas_rows(grades, roster(ROSTER.replace(",6,10", ",100,10")))
    assert table(rows)[1][-1] == "100"
    assert any("worth 100 points there and 6 here" in note for note in notes)


def test_another_name_for_the_column(work, roster):
    for name in ("Essay", "Essay (78)", "essay"):
        rows, notes = canvas_rows(_grades([work], {"01_toy": name}, False), roster())
        assert table(rows)[0][-1] == "Essay (78)"
    rows, _ = canvas_rows(_grades([work], {"01_toy": "New one"}, False), roster())
    assert table(rows)[0][-1] == "New one"


def test_two_columns_of_one_name_are_refused(grades, roster):
    twice = ROSTER.replace("Essay (78)", "01_toy (78)")
    with pytest.raises(ValueError, match="several columns for 01_toy"):
        canvas_rows(grades, roster(twice))


def test_semicolons_and_a_byte_order_mark_are_read(roster):
    lines = (";".join(row) for row in csv.reader(io.StringIO(ROSTER)))
    read = roster("\n".join(lines), encoding="utf-8-sig")
    assert read.head[0] == "Student"
    assert len(read.rows) == 4


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_break_in_a_quoted_field_stays(tmp_path, end):
    path = tmp_path / "canvas.csv"
    text = f'{HEAD}\n"A\nB",9001,501,ann,"one\n\ntwo"\n'.replace("\n", end)
    path.write_bytes(text.encode())
    (row,) = read_roster(path).rows
    assert row == (f"A{end}B", "9001", "501", "ann", f"one{end}{end}two")


def test_what_is_no_export_of_canvas_is_refused(roster):
    with pytest.raises(ValueError, match=r"no gradebook of Canvas: .* has id, name"):
        roster("id,name\n1,Ann\n")
    with pytest.raises(ValueError, match="no gradebook of Canvas"):
        roster("")
    with pytest.raises(ValueError, match="not UTF-8"):
        roster("Student,ID\nJos\xe9,1\n", encoding="latin-1")


@pytest.mark.parametrize(
    ("moodle_id", "head", "first", "left_out"),
    [
        ("username", "Username", "ann", []),
        ("email", "Email address", "ann@example.org", ["cleo", "dan", "fay"]),
        ("idnumber", "ID number", "501", ["cleo", "dan", "fay"]),
    ],
)
def test_moodle_has_one_column_that_says_who(grades, moodle_id, head, first, left_out):
    rows, notes = moodle_rows(grades, moodle_id)
    assert table(rows)[:2] == [[head, "01_toy"], [first, "6"]]
    assert len(rows) + len(left_out) == 1 + 5
    told = f"the gradebook has no {moodle_id} of them (3): {', '.join(left_out)};"
    assert [told in note for note in notes] == ([True] if left_out else [])


NINETY = {f"s{n}": Person(f"s{n}") for n in range(10, 100)}


def test_a_class_without_addresses_is_one_note_for_moodle():
    rows, (note,) = moodle_rows(class_of(*NINETY.values()), "email")
    assert len(rows) == 1
    assert "(90): s10, s11, s12, s13, s14, s15, s16, s17, s18, s19 and 80 more" in note


def test_a_class_that_canvas_does_not_know_is_one_note(roster):
    _, notes = canvas_rows(class_of(*NINETY.values()), roster())
    assert len(notes) == 1 + 1  # Canvas's own students are left out too
    assert "fits (90): s10, s11, s12, s13, s14, s15, s16, s17, s18, s19 and" in notes[0]


def test_a_class_of_formulas_is_one_note():
    grades = class_of(*(Person(f"@{student}") for student in NINETY))
    for _, notes in (canvas_rows(grades, None), moodle_rows(grades, "username")):
        (note,) = notes
        assert "(90): '@s10', '@s11'" in note and note.count("@") == 10


def test_an_id_like_a_formula_is_left_out_and_told():
    """Guarded it would be somebody else's id, or nobody's."""
    people = {"=cmd": Person("=cmd"), "ann": Person("ann")}
    scores = {"x": {"=cmd": 1.0, "ann": 2.0}}
    grades = Grades(people, {"x": "x"}, {"x": 3}, scores)
    for rows, notes in (canvas_rows(grades, None), moodle_rows(grades, "username")):
        assert "=cmd" not in csv_text(rows)
        assert "would take the id for a formula (1): '=cmd';" in notes[0]


ANN = Person("ann", email="a@example.org", lms_user_id="501")


def class_of(*people: Person, others: tuple[Person, ...] = ()) -> Grades:
    """People with a grade each, and others without."""
    by_id = {person.id: person for person in people}
    scores = {"x": dict.fromkeys(by_id, 1.0)}
    return Grades(by_id, {"x": "x"}, {"x": 3}, scores, {p.id: p for p in others})


@pytest.mark.parametrize(
    ("moodle_id", "twin"),
    [
        ("username", Person("ANN", email="b@example.org", lms_user_id="502")),
        ("email", Person("ben", email=" A@Example.org", lms_user_id="502")),
        ("idnumber", Person("ben", email="b@example.org", lms_user_id="501 ")),
    ],
)
@pytest.mark.parametrize("is_graded", [True, False])
def test_who_share_an_id_get_no_row_in_moodle(moodle_id, twin, is_graded):
    cleo = Person("cleo", email="c@example.org", lms_user_id="503")
    people, others = ((ANN, twin, cleo), ()) if is_graded else ((ANN, cleo), (twin,))
    rows, notes = moodle_rows(class_of(*people, others=others), moodle_id)
    assert len(table(rows)) == 1 + 1
    assert table(rows)[1][0].startswith(("cleo", "c@", "503"))
    whose = " and ".join(sorted([ANN.id, twin.id]))
    assert notes == [f"Moodle: {whose} have the same {moodle_id}: left out"]


@pytest.mark.parametrize("is_graded", [True, False])
def test_who_share_an_address_get_no_row_of_canvas(roster, is_graded):
    """Canvas's row may be the other one's, who has no grade here."""
    ann = Person("a1", "Ann", "Apfelbaum", "home@example.org")
    bea = Person("b1", "Bea", "Apfelbaum", " Home@example.org")
    ben = Person("ben", "Ben", "Birch")
    people, others = ((ann, bea, ben), ()) if is_graded else ((ann, ben), (bea,))
    text = f"""{HEAD}\n"Apfelbaum, Bea",9009,,home@example.org,A\n"Birch",1,,ben,A\n"""
    rows, notes = canvas_rows(class_of(*people, others=others), roster(text))
    assert [row[1] for row in table(rows)[2:]] == ["1"]
    assert "Canvas: a1 and b1 have the same id, email or lms_user_id: left out" in notes


def test_one_persons_id_that_is_anothers_address_finds_nobody(roster):
    ann = Person("ann@example.org")
    other = Person("x", email="ann@example.org", lms_user_id="7")
    rows, notes = canvas_rows(class_of(ann, others=(other,)), roster())
    assert len(rows) == 2
    assert "ann@example.org and x have the same" in notes[0]


def test_a_row_that_somebody_without_a_grade_fits_too_is_nobodys(roster):
    ann, other = Person("ann@example.org"), Person("x", lms_user_id="9001")
    rows, notes = canvas_rows(class_of(ann, others=(other,)), roster())
    assert len(rows) == 2
    assert any("ann@example.org and x fit the same row" in note for note in notes)


def test_a_single_key_that_leads_to_another_name_finds_nobody(roster):
    """The other one is in Canvas and not in the gradebook."""
    zoe = Person("z", "Zoë", "Zirbe", "ann@example.org")
    rows, notes = canvas_rows(class_of(zoe), roster())
    assert len(rows) == 2
    assert "z fits the row 'Apfelbaum, Ann' by one key alone" in notes[0]
    assert match(roster(), [replace(zoe, lms_user_id="501")]).rows == {"z": 0}
    assert match(roster(), [replace(zoe, first_name="Änn")]).rows == {"z": 0}


@pytest.mark.parametrize(
    ("twin", "what"),
    [
        (Person("ANN", lms_user_id="502"), "SIS Login ID"),
        (Person("ben", lms_user_id=" 501"), "SIS User ID"),
    ],
)
def test_who_share_an_id_get_no_row_in_canvas_without_a_roster(twin, what):
    rows, notes = canvas_rows(class_of(ANN, twin, Person("cleo")), None)
    assert [row[3] for row in table(rows)[2:]] == ["cleo"]
    (note,) = notes
    assert f"have the same {what}: left out" in note


def test_who_has_no_id_or_no_grade_is_no_twin():
    """Two empty addresses are no address; a twin without a grade harms nobody."""
    eve, fay = (Person(name, email="same@example.org") for name in ("eve", "fay"))
    grades = class_of(Person("ann"), Person("ben"), others=(eve, fay))
    _, notes = moodle_rows(grades, "email")
    (note,) = notes
    assert "no email of them (2): ann, ben;" in note


def test_who_handed_nothing_in_gets_no_grade_unless_asked(work):
    assert "eve" not in _grades([work], {}, has_zeros=False).people
    zeros = _grades([work], {}, has_zeros=True)
    assert zeros.score("01_toy", "eve") == 0
    assert zeros.score("01_toy", "ann") == 6


def test_what_is_not_final_is_told(work):
    told = " ".join(_open_ends([work], has_zeros=False))
    assert "answers of 1 students wait for a person" in told
    assert "1 handed in and are not graded" in told
    assert "1 handed nothing in and get no grade" in told
    assert "could not be read and count 0: fay" in told
    assert "handed nothing in" not in " ".join(_open_ends([work], has_zeros=True))


def test_grades_by_an_older_version_are_told(work):
    assert "older version" not in " ".join(_open_ends([work], has_zeros=False))
    new = replace(work, assignment=replace(work.assignment, digest="e" * 64))
    assert (
        "01_toy: 5 graded by an older version of it: `course grade 01_toy --regrade` "
        "says whose points would change"
    ) in [*_open_ends([new], has_zeros=False)]


def test_the_most_points_are_those_that_the_scores_are_out_of(work):
    """The source says 10 for an exercise that everybody was graded out of 1 for."""
    cells = [replace(c, points=10 if c.points == 1 else c.points) for c in CELLS]
    new = replace(work, assignment=Assignment("01_toy", tuple(cells), "e" * 64))
    rows, _ = canvas_rows(_grades([new], {}, has_zeros=False), None)
    assert table(rows)[1][-1] == "6"
    assert [item.points for item in items(new)] == [1, 2, 3]
    assert replace(new, marks={}).max_points == 15


def test_who_got_points_from_a_person_does_not_count_0(work):
    fay = Marks({"odd_halves": Mark(2, 3, by_hand=True)})
    seen = replace(work, marks=work.marks | {"fay": fay})
    assert "could not be read" not in " ".join(_open_ends([seen], has_zeros=False))


@pytest.mark.parametrize("name", ["", "  "])
def test_a_column_without_a_name_is_refused(work, name):
    with pytest.raises(ValueError, match="--column 01_toy= has no name"):
        _check([work], {"01_toy": name})


def test_a_folder_that_can_not_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "grades"
    with pytest.raises(RuntimeError, match=rf"{folder}/a.csv can't be .*--to FOLDER"):
        _write(folder, {"a.csv": ""})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report"], "give one chapter, or --all"),
        (["report", "01_toy", "--all"], "give one chapter, or --all"),
        (["export", "--column", "Homework"], "--column Homework: give SLUG=NAME"),
        (["export", "--column", "01_toy="], "--column 01_toy= has no name"),
        (["report", "01_toy"], "nobody is graded: run `course grade 01_toy` first"),
        (["report", "--all"], "nobody is graded"),
        (["report", "02_no"], "course build 02_no"),
        (["export"], "nobody is graded"),
        (["export", "02_no"], "course build 02_no"),
    ],
)
def test_what_can_not_be_done_is_said(built_toy_copy, words, said):
    result = CliRunner().invoke(cli.main, ["--root", str(built_toy_copy), *words])
    assert result.exit_code != 0
    assert said in " ".join(result.output.split())
    assert not (built_toy_copy / "reports").exists()
