"""What the gradebook holds: the same as after stock nbgrader, whole or not at all."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, event, text

from course.environment import prepare_environment
from course.grade.intake.submission import Submission
from course.grade.plan import read_assignment
from course.grade.record import gradebook
from course.grade.record import ledger as record_module
from course.grade.record.changes import Change, changes
from course.grade.record.gradebook import course_grading
from course.grade.record.ledger import Record
from course.grade.record.marks import Mark, Marks
from course.grade.result import Result, Verdict
from course.stock import convert, settings
from tests.brought.both import GRADES, by_course
from tests.brought.kinds import SEVERAL
from tests.forked import nurseries

SLUG = "01_toy"
# What tables of a registered assignment say, without the keys that are drawn anew.
REGISTERED = (
    "SELECT name, duedate, course_id FROM assignment",
    "SELECT name, kernelspec FROM notebook",
    "SELECT name, type FROM base_cell",
    "SELECT name, max_score, cell_type FROM grade_cells JOIN base_cell USING (id)",
    "SELECT name FROM solution_cells JOIN base_cell USING (id)",
    "SELECT name, cell_type, locked, source, checksum FROM source_cell",
    "SELECT count(*) FROM task_cells",
    "SELECT id FROM course",
    "SELECT version_num FROM alembic_version",
)
SUBMITTED = """
FROM submitted_notebook
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
"""
GRADED = (
    "SELECT * FROM student",
    f"SELECT student_id, timestamp, extension, flagged, late_submission_penalty "
    f"{SUBMITTED}",
    f"SELECT student_id, name, auto_score, manual_score, extra_credit, "
    f"needs_manual_grade {SUBMITTED} JOIN grade "
    "ON grade.notebook_id = submitted_notebook.id "
    "JOIN base_cell ON base_cell.id = grade.cell_id",
    f"SELECT student_id, name, auto_comment, manual_comment {SUBMITTED} JOIN comment "
    "ON comment.notebook_id = submitted_notebook.id "
    "JOIN base_cell ON base_cell.id = comment.cell_id",
)
NO_POSTGRES = (
    "this test starts a PostgreSQL server and its programs are not installed: "
    "apt-get install -y postgresql"
)


def read(db_url: str, *queries: str) -> list[list[tuple]]:
    """The rows of each query, sorted."""
    engine = create_engine(db_url)
    with engine.connect() as connection:
        found = [connection.execute(text(query)).all() for query in queries]
    engine.dispose()
    return [sorted(map(tuple, rows), key=repr) for rows in found]


def opened_files() -> set[Path]:
    """The files that this process has open."""
    return {Path(file.path) for file in psutil.Process().open_files()}


def url(course: Path) -> str:
    """Where a course's gradebook is."""
    return f"sqlite:///{course / 'gradebook.db'}"


def set_due(db_url: str) -> None:
    """What an instructor does by hand, on the evening before."""
    from nbgrader.api import Gradebook

    with Gradebook(db_url, "deep-learning") as book:
        book.update_or_create_assignment(SLUG, duedate="2031-05-01 12:00:00 UTC")


def record_all(toy_class, db_url: str = "") -> None:
    """Register the assignment and write the results of the whole class."""
    with Record(db_url, toy_class.course) as record:
        record.prepare(read_assignment(toy_class.course / "source", SLUG))
        set_due(record.db_url)
        for submission, result in toy_class.work.values():
            record.write(submission, result)


@pytest.fixture
def recorded(toy_class):
    """The class, recorded in SQLite."""
    record_all(toy_class)
    return toy_class


@pytest.fixture
def record(recorded) -> Iterator[Record]:
    """A record of that class, opened again."""
    with Record("", recorded.course) as opened:
        opened.prepare(read_assignment(recorded.course / "source", SLUG))
        yield opened


def test_an_assignment_is_registered_as_stock_registers_it(toy_class, tmp_path):
    prepare_environment()
    theirs = f"sqlite:///{tmp_path / 'stock.db'}"
    config = settings(toy_class.course)
    config.CourseDirectory.db_url = theirs
    config.CourseDirectory.release_directory = str(tmp_path / "release")
    convert("GenerateAssignment", config, SLUG)
    with Record("", toy_class.course) as record:
        for _ in range(2):  # as often as one likes
            record.prepare(read_assignment(toy_class.course / "source", SLUG))
            assert read(record.db_url, *REGISTERED) == read(theirs, *REGISTERED)
        tables = "SELECT sql FROM sqlite_master WHERE tbl_name != 'course_grading'"
        assert read(record.db_url, tables) == read(theirs, tables)


def test_two_who_register_at_once_wait_for_each_other(toy_class):
    """nbgrader registers in several transactions: in between, cells are missing."""
    assignment = read_assignment(toy_class.course / "source", SLUG)
    with (
        Record("", toy_class.course) as record,
        Record("", toy_class.course) as other,
        record._preparing,
        ThreadPoolExecutor(1) as threads,
    ):
        waiting = threads.submit(other.prepare, assignment)
        time.sleep(0.5)
        assert not waiting.done()
        assert not read(other.db_url, "SELECT * FROM assignment")[0]
        record._preparing.release()
        assert len(waiting.result(timeout=60).cells) == len(assignment.cells)


def test_who_waits_too_long_to_register_is_told(toy_class, monkeypatch):
    monkeypatch.setattr("course.grade.record.ledger.PREPARE_S", 0.1)
    assignment = read_assignment(toy_class.course / "source", SLUG)
    with (
        Record("", toy_class.course) as record,
        Record("", toy_class.course) as other,
        record._preparing,
        pytest.raises(RuntimeError, match="another `course"),
    ):
        other.prepare(assignment)


@pytest.mark.parametrize("stored", ["", "{", "[]", "null", '{"student": 1}'])
def test_a_damaged_result_costs_one_row_and_is_graded_anew(recorded, stored, capsys):
    engine = create_engine(url(recorded.course))
    with engine.begin() as connection:
        change = course_grading.update().where(course_grading.c.student == "ann")
        connection.execute(change.values(result=stored))
    engine.dispose()
    with Record("", recorded.course) as record:
        assert "ann" not in record.done(SLUG)
        assert capsys.readouterr().err == ""
        left = {result.student for result in record.results(SLUG)}
    assert left == recorded.work.keys() - {"ann"}
    damaged = "the stored result of ann in 01_toy is damaged"
    assert capsys.readouterr().err == f"{damaged}: `course grade 01_toy` mends it\n"


def test_preparing_leaves_the_release_alone(toy_class):
    release = toy_class.course / "release" / SLUG / f"{SLUG}.ipynb"
    release.write_bytes(b"handed out long ago")
    with Record("", toy_class.course) as record:
        record.prepare(read_assignment(toy_class.course / "source", SLUG))
    assert release.read_bytes() == b"handed out long ago"


def test_a_graded_class_is_recorded_as_stock_records_it(recorded, graded_by_stock):
    ours = read(url(recorded.course), *GRADED)
    assert ours == read(url(graded_by_stock), *GRADED)
    students, submissions, grades, _ = ours
    assert len(students) == len(submissions) == 3 and len(grades) == 3 * 4


def test_what_differs_from_stock_is_seen(recorded, graded_by_stock, monkeypatch):
    """Each rule that stock has, taken out, shows in the comparison above."""
    theirs = read(url(graded_by_stock), *GRADED)
    registered = "course.grade.record.entry.Registered.is_answered"
    late = "course.grade.record.entry.Lateness.write"
    for target, spoilt in (
        (registered, lambda *args: True),
        (registered, lambda *args: False),
        (late, lambda *args: None),
    ):
        (recorded.course / "gradebook.db").unlink()
        with monkeypatch.context() as patch:
            patch.setattr(target, spoilt)
            record_all(recorded)
        assert read(url(recorded.course), *GRADED) != theirs, target


def test_what_a_person_gave_outlasts_regrading(recorded, record):
    from nbgrader.api import Gradebook

    with Gradebook(record.db_url, "deep-learning") as book:
        essay = book.find_grade("odd_halves", SLUG, SLUG, "ann")
        assert essay.needs_manual_grade
        essay.manual_score, essay.extra_credit = 1.5, 0.25
        essay.needs_manual_grade = False
        test = book.find_grade("test_row_sums", SLUG, SLUG, "ann")
        test.extra_credit = 0.5
        book.find_comment("odd_halves", SLUG, SLUG, "ann").manual_comment = "Nearly."
        book.find_student("ann").first_name = "Ann"
        book.db.commit()
    submission, result = recorded.work["ann"]
    mended = result.verdicts | {"test_row_sums": Verdict("right", 2, 2)}
    record.write(submission, replace(result, verdicts=mended))
    with Gradebook(record.db_url, "deep-learning") as book:
        essay = book.find_grade("odd_halves", SLUG, SLUG, "ann")
        assert (essay.manual_score, essay.extra_credit) == (1.5, 0.25)
        assert essay.auto_score is None and essay.needs_manual_grade
        test = book.find_grade("test_row_sums", SLUG, SLUG, "ann")
        assert (test.auto_score, test.extra_credit, test.score) == (2, 0.5, 2.5)
        assert not test.needs_manual_grade
        assert book.find_comment("odd_halves", SLUG, SLUG, "ann").comment == "Nearly."
        assert book.find_student("ann").first_name == "Ann"
        assert book.find_submission(SLUG, "ann").score == 1 + 2.5 + 3 + 1.75
    cells = record.marks(SLUG)["ann"].cells
    assert cells["odd_halves"] == Mark(1.75, 2, True, 0.25, "Nearly.")
    assert cells["test_row_sums"] == Mark(2.5, 2, False, 0.5)
    assert [r.student for r in record.results(SLUG)] == list(recorded.work)


def test_an_unreadable_submission_has_a_row_of_noughts(recorded, record):
    from nbgrader.api import Gradebook

    _, graded = recorded.work["ann"]
    result = Result("eve", SLUG, "01_toy.ipynb is empty", isolation="A")
    result = replace(result, assignment_digest=graded.assignment_digest)
    record.write(Submission("eve", problem=result.problem), result)
    with Gradebook(record.db_url, "deep-learning") as book:
        (notebook,) = book.find_submission(SLUG, "eve").notebooks
        assert [grade.auto_score for grade in notebook.grades] == [0, 0, 0, 0]
        assert not notebook.needs_manual_grade
        assert {comment.comment for comment in notebook.comments} == {None}
    assert record.done(SLUG)["eve"] == ""
    (found,) = (r for r in record.results(SLUG) if r.student == "eve")
    assert found == result


def test_a_test_without_a_verdict_gives_nothing(recorded, record):
    submission, result = recorded.work["cat"]
    record.write(submission, replace(result, verdicts={}))
    query = f"SELECT auto_score {GRADED[2].partition('needs_manual_grade ')[2]}"
    (scores,) = read(record.db_url, f"{query} WHERE student_id = 'cat'")
    assert scores == [(0.0,)] * 4


def test_a_result_comes_back_without_its_outputs(recorded, record):
    submission, result = recorded.work["ann"]
    shown = {"half": [{"output_type": "stream", "name": "stdout", "text": "hello"}]}
    flags = {"flags": ["torch.sum was replaced"], "repairs": ["BOM \x00 \ud800"]}
    record.write(submission, replace(result, outputs=shown, **flags))
    ann, cat, dan = record.results(SLUG)
    assert ann == replace(result, **flags)
    assert [cat, dan] == [recorded.work["cat"][1], recorded.work["dan"][1]]


def test_the_same_command_takes_up_where_it_stopped(recorded, record):
    done = record.done(SLUG)
    assert done == {s: sent.digest for s, (sent, _) in recorded.work.items()}
    assert record.done("02_other") == {}


def test_written_answers_wait_until_a_person_gives_points(record):
    marks = record.marks(SLUG)
    assert {s: own.cells["odd_halves"] for s, own in marks.items()} == {
        "ann": Mark(None, 2),
        "cat": Mark(0, 2, comment="No response."),
        "dan": Mark(None, 2),
    }


def test_what_being_late_costs_is_among_the_marks(record):
    costs = {student: marks.penalty for student, marks in record.marks(SLUG).items()}
    assert costs == {"ann": 0, "cat": 6, "dan": 0}


def test_what_being_late_costs_follows_a_persons_points(record):
    from nbgrader.api import Gradebook

    with Gradebook(record.db_url, "deep-learning") as book:
        book.find_grade("odd_halves", SLUG, SLUG, "cat").manual_score = 1.5
        book.db.commit()
    assert record.marks(SLUG)["cat"].penalty == 6
    record.settle(SLUG)
    costs = {student: marks.penalty for student, marks in record.marks(SLUG).items()}
    assert costs == {"ann": 0, "cat": 7.5, "dan": 0}


def test_a_rule_that_was_taken_out_costs_nothing_any_more(record, monkeypatch):
    monkeypatch.setattr(record, "_late", None)
    record.settle(SLUG)
    assert not any(marks.penalty for marks in record.marks(SLUG).values())


def test_extra_credit_counts_once_a_written_answer_has_points(record):
    """As in nbgrader: until then the score is nothing, whatever was promised."""
    from nbgrader.api import Gradebook

    with Gradebook(record.db_url, "deep-learning") as book:
        essay = book.find_grade("odd_halves", SLUG, SLUG, "ann")
        essay.extra_credit = 0.5
        book.db.commit()
        assert essay.score == 0
    assert record.marks(SLUG)["ann"].cells["odd_halves"] == Mark(None, 2)


def test_a_comment_on_a_tested_answer_belongs_to_its_test(record):
    from nbgrader.api import Gradebook

    with Gradebook(record.db_url, "deep-learning") as book:
        book.find_comment("row_sums", SLUG, SLUG, "ann").manual_comment = "Look here."
        book.db.commit()
    cells = {s: marks.cells["test_row_sums"] for s, marks in record.marks(SLUG).items()}
    assert cells["ann"].comment == "Look here."
    assert cells["dan"].comment == ""  # nbgrader's own "No response." is no person's


def test_a_submission_that_nbgrader_took_out_is_graded_again(recorded, record):
    from nbgrader.api import Gradebook

    with Gradebook(record.db_url, "deep-learning") as book:
        book.remove_student("ann")
    assert set(record.done(SLUG)) == {"cat", "dan"}
    assert [result.student for result in record.results(SLUG)] == ["cat", "dan"]
    record.write(*recorded.work["ann"])
    assert len(record.results(SLUG)) == 3


def write_interrupted(record, work, monkeypatch) -> None:
    """Have the last step of a write fail."""
    with monkeypatch.context() as patch:
        patch.setattr(record_module, "_replace_row", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            record.write(*work)


def test_a_submission_is_recorded_whole_or_not_at_all(recorded, record, monkeypatch):
    submission, result = recorded.work["ann"]
    new = (replace(submission, student="new"), replace(result, student="new"))
    before = read(record.db_url, *GRADED)
    write_interrupted(record, new, monkeypatch)
    assert read(record.db_url, *GRADED) == before
    # The test above sees it: without our transaction half of the rows stay.
    event.remove(record._engine, "begin", gradebook._begin_immediate)
    write_interrupted(record, new, monkeypatch)
    assert read(record.db_url, *GRADED) != before


WRITER = """
import sys
from dataclasses import replace
from pathlib import Path

from course.grade.intake.submission import read_submission
from course.grade.record.marks import Mark
from course.grade.plan import read_assignment
from course.grade.record.ledger import Record
from course.grade.result import Result, Verdict

course, slug, first = Path(sys.argv[1]), "01_toy", int(sys.argv[2])
assignment = read_assignment(course / "source", slug)
submission = read_submission(course / "submitted" / "ann" / slug, assignment, "ann")
right = {t.grade_id: Verdict("right", t.points, t.points) for t in assignment.tests()}
with Record("", course) as record:
    record.prepare(assignment)
    for number in range(first, first + 100_000):
        name = f"s{number % 300:03}"  # from the 300th on: graded again
        result = Result(name, slug, verdicts=right, assignment_digest=assignment.digest)
        record.write(replace(submission, student=name), result)
        print(name, flush=True)
"""


def test_kill_at_any_moment_leaves_no_half_of_a_student(toy_class):
    draw, first, said = random.Random(3), 0, set()
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(toy_class.course), str(first)],
            stdout=subprocess.PIPE,
            text=True,
        )
        said.add(writer.stdout.readline().strip())  # the first one is written
        time.sleep(draw.uniform(0.05, 0.8))
        writer.send_signal(signal.SIGKILL)
        said.update(line.strip() for line in writer.stdout if line.endswith("\n"))
        writer.wait()
        writer.stdout.close()
        first += 150
        assert students_that_are_whole(toy_class.course) >= said - {""}
    assert len(said) > 10
    record_all(toy_class)  # and the gradebook is as good as ever


def students_that_are_whole(course: Path) -> set[str]:
    """Who is in the gradebook; fails if anybody is there by half."""
    with closing(sqlite3.connect(course / "gradebook.db")) as book:
        assert book.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

        def counts(query: str) -> dict:
            return dict(book.execute(query).fetchall())

        students = {row[0] for row in book.execute("SELECT id FROM student")}
        joined = "SELECT student_id, count(*) {} JOIN {} x ON x.notebook_id = "
        joined += "submitted_notebook.id GROUP BY student_id"
        assert counts(joined.format(SUBMITTED, "grade")) == dict.fromkeys(students, 4)
        assert counts(joined.format(SUBMITTED, "comment")) == dict.fromkeys(students, 4)
        ours = "SELECT student, count(*) FROM course_grading GROUP BY student"
        assert counts(ours) == dict.fromkeys(students, 1)
    return students


def test_a_gradebook_is_made_whole_or_not_at_all(toy_class, monkeypatch):
    path = toy_class.course / "gradebook.db"
    with monkeypatch.context() as patch:
        patch.setattr(gradebook.course_grading, "create", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError) as raised:  # it keeps the engine alive
            Record("", toy_class.course)
    assert path not in opened_files(), raised
    assert read(f"sqlite:///{path}", "SELECT name FROM sqlite_master") == [[]]
    with Record("", toy_class.course) as record:
        found = read(record.db_url, "SELECT version_num FROM alembic_version")
    from nbgrader.api import get_alembic_version

    assert found == [[(get_alembic_version(),)]]


def test_our_table_does_not_upset_nbgraders_own_commands(recorded, run_nbgrader):
    course = recorded.course
    before = read(url(course), *GRADED, "SELECT * FROM course_grading")
    run_nbgrader(course, ["db", "upgrade"], ["db", "student", "list"], ["export"])
    assert read(url(course), *GRADED, "SELECT * FROM course_grading") == before
    assert (course / "grades.csv").read_text(encoding="utf-8").count(SLUG) == 3


def test_a_gradebook_of_another_nbgrader_is_left_alone(recorded):
    with closing(sqlite3.connect(recorded.course / "gradebook.db")) as book, book:
        book.execute("UPDATE alembic_version SET version_num = 'old'")
    with pytest.raises(RuntimeError, match="nbgrader db upgrade"):
        Record("", recorded.course)


def test_an_assignment_that_lost_a_cell_is_refused_once_it_is_graded(recorded):
    import nbformat

    path = recorded.course / "source" / SLUG / f"{SLUG}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    del notebook.cells[-1]
    nbformat.write(notebook, path)
    with (
        Record("", recorded.course) as record,
        pytest.raises(RuntimeError, match="cells went: odd_halves"),
    ):
        record.prepare(read_assignment(recorded.course / "source", SLUG))


def results(**scores: tuple[float, float]) -> list[Result]:
    """Results whose tests are worth 2 points each."""

    def verdicts(points: tuple[float, float]) -> dict[str, Verdict]:
        both = zip(("test_half", "test_sums"), points, strict=True)
        return {name: Verdict("right", 2, score) for name, score in both}

    return [Result(s, SLUG, verdicts=verdicts(p)) for s, p in scores.items()]


def test_changes_say_who_gets_what_in_place_of_what():
    old = results(ann=(2, 0), bob=(0, 0), cat=(2, 2), gone=(1, 1))
    unreadable = replace(results(cat=(0, 0))[0], verdicts={}, problem="is empty")
    new = [unreadable, *results(bob=(0, 0), ann=(2, 2), eve=(0, 2))]
    assert changes(old, new, {}) == [
        Change("ann", "sums", 0, 2),
        Change("cat", "half", 2, None),
        Change("cat", "sums", 2, None),
        Change("eve", "half", None, 0),
        Change("eve", "sums", None, 2),
    ]
    assert changes(new, new, {}) == []


def test_the_points_of_a_person_stand():
    old, new = results(ann=(2, 0), bob=(2, 0)), results(ann=(0, 0), bob=(0, 0))
    marks = {"ann": Marks({"test_half": Mark(1, 2, by_hand=True)})}
    assert changes(old, new, marks) == [Change("bob", "half", 2, 0)]


@pytest.mark.parametrize(
    "address, said",
    [
        ("foo", "the gradebook 'foo' can't be opened"),
        ("sqlite:////no/such/folder/x.db", "unable to open database file"),
        ("mysql://ann@localhost/x", "can't be opened (No module named"),
        ("postgresql://ann:secret@127.0.0.1:1/x", "ann:***@127.0.0.1:1"),
    ],
)
def test_a_gradebook_that_can_not_be_opened_is_named(address, said):
    with pytest.raises(RuntimeError) as raised:
        gradebook.open_gradebook(address)
    assert said in str(raised.value)
    assert "secret" not in str(raised.value)


def postgres_program(name: str) -> str:
    """Debian puts the server's programs into a folder of their version."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(debian[-1]) if debian else None)
    return found or pytest.fail(NO_POSTGRES)


@pytest.fixture
def postgres() -> Iterator[str]:
    """The URL of an empty database on a server of our own, behind a socket in a folder.

    PostgreSQL refuses to run as root; then it runs as nobody.
    """
    programs = [postgres_program(name) for name in ("initdb", "postgres")]
    runs_as = {"user": "nobody", "group": "nogroup"} if os.getuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="pg-") as name:  # sockets need short paths
        folder = Path(name)
        if runs_as:
            shutil.chown(folder, **runs_as)
        start = {"cwd": folder, "stdout": subprocess.DEVNULL, **runs_as}
        start |= {"extra_groups": []} if runs_as else {}
        words = ["-D", name + "/data", "-U", "course", "-A", "trust", "-E", "UTF8"]
        subprocess.run([programs[0], *words, "--locale=C"], check=True, **start)
        words = ["-D", name + "/data", "-k", name, "-c", "listen_addresses="]
        with (folder / "log").open("w", encoding="utf-8") as log:
            server = subprocess.Popen([programs[1], *words], stderr=log, **start)
        db_url = f"postgresql://course@/postgres?host={name}"
        try:
            wait_for(db_url, server, folder / "log")
            yield db_url
        finally:
            server.send_signal(signal.SIGINT)  # its "fast shutdown"
            server.wait(timeout=60)


def wait_for(db_url: str, server: subprocess.Popen, log: Path) -> None:
    """Wait until the server takes connections, half a minute at most."""
    from sqlalchemy.exc import OperationalError

    for _ in range(300):
        try:
            read(db_url, "SELECT 1")
            return
        except OperationalError:
            assert server.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.1)
    pytest.fail(log.read_text(encoding="utf-8"))


def test_the_same_is_recorded_on_postgresql(
    toy_class, graded_by_stock, postgres, run_nbgrader
):
    record_all(toy_class, postgres)
    theirs = read(url(graded_by_stock), *GRADED)
    assert plain(read(postgres, *GRADED)) == plain(theirs)
    with Record(postgres, toy_class.course) as record:
        record.prepare(read_assignment(toy_class.course / "source", SLUG))
        for work in toy_class.work.values():  # graded again
            record.write(*work)
        expected = [result for _, result in toy_class.work.values()]
        assert record.results(SLUG) == expected
        cells = record.marks(SLUG)["cat"].cells
        assert cells["odd_halves"] == Mark(0, 2, comment="No response.")
    assert plain(read(postgres, *GRADED)) == plain(theirs)
    database = ["--db", postgres]
    run_nbgrader(toy_class.course, ["db", "upgrade", *database], ["export", *database])
    exported = (toy_class.course / "grades.csv").read_text(encoding="utf-8")
    assert exported.count(SLUG) == 3
    assert not (toy_class.course / "gradebook.db").exists()


def test_what_was_brought_along_is_the_same_on_postgresql(postgres, tmp_path):
    """With several notebooks, whose cells may share their names."""
    for where, db_url in (("sqlite", ""), ("postgres", postgres)):
        SEVERAL.make(tmp_path / where)
        with nurseries():
            by_course(tmp_path / where, SEVERAL.name, db=db_url)
    [rows] = read(postgres, GRADES)
    assert plain([rows]) == plain(read(url(tmp_path / "sqlite"), GRADES))
    assert {row[1] for row in rows} == {*SEVERAL.notebooks}
    assert sum(row[3] or 0 for row in rows) > 0
    assert not (tmp_path / "postgres" / "gradebook.db").exists()


def plain(tables: list[list[tuple]]) -> list[list[tuple]]:
    """Times and truth values as SQLite keeps them."""

    def item(value):
        if isinstance(value, datetime):
            return value.isoformat(sep=" ", timespec="microseconds")
        return int(value) if isinstance(value, bool) else value

    return [
        sorted((tuple(map(item, row)) for row in rows), key=repr) for rows in tables
    ]
