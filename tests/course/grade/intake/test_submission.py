"""Whatever a student hands in, a submission has all cells, or a reason why not."""

import copy
import hashlib
import json
import os
import threading
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.grade.intake import submission as submission_module
from course.grade.intake.opening import Unreadable, open_folder
from course.grade.intake.submission import Submission, find_students, read_submission
from course.grade.plan import Assignment, Cell, read_assignment

ROOT = Path(__file__).parents[4]
SLUGS = sorted(path.name for path in (ROOT / "source").iterdir() if path.is_dir())
SLUG = "01_toy"
NAME = f"{SLUG}.ipynb"
SECRET = "return x / 2  # the solution"
TOY = Assignment(
    SLUG,
    (
        Cell("prose", "given-0", "# Toy"),
        Cell("given", "frozen-values", "check.load('{}')"),
        Cell("answer", "half", f"def half(x):\n    {SECRET}"),
        Cell("test", "test_half", "check.probe(half, 1)\n### hidden", 2),
        Cell("answer", "sums", f"def sums(X):\n    {SECRET}"),
        Cell("test", "test_sums", "check.probe(sums, 1)\n### hidden", 3),
        Cell("manual", "why", SECRET, 4),
    ),
    "digest",
)
NAMES = [cell.grade_id for cell in TOY.cells]
STUB = "raise NotImplementedError"
LETTER = " between the quotes"  # of a question with options


def release() -> dict:
    """The toy's notebook as students get it."""
    cells = [
        {
            "cell_type": "markdown" if cell.kind in ("prose", "manual") else "code",
            "metadata": {"nbgrader": {"grade_id": cell.grade_id, "points": 2}},
            "source": cell.source.replace(SECRET, STUB).split("\n### hidden")[0],
        }
        for cell in TOY.cells
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


CONTENT = json.dumps(release()).encode()


def hand_in(folder: Path, content: bytes = CONTENT, name: str = NAME) -> Path:
    """Put a file into a student's folder."""
    submitted = folder / "submitted" / "linde" / SLUG
    submitted.mkdir(parents=True, exist_ok=True)
    (submitted / name).write_bytes(content)
    return submitted


def read(folder: Path, **options) -> Submission:
    """Read a submission of the toy, and check what holds for every submission."""
    submission = read_submission(folder, TOY, "linde", **options)
    check_submission(submission, TOY)
    return submission


def check_submission(submission: Submission, assignment: Assignment) -> None:
    """Every pristine cell is there once and in order, or there is a reason."""
    told = (submission.problem, *submission.repairs)
    assert all(text.isprintable() and len(text) <= 300 for text in told)
    if submission.problem:
        assert submission.cells == ()
        return
    own = [c for c in submission.cells if c.kind not in ("extra", "remark")]
    assert [c.grade_id for c in own] == [c.grade_id for c in assignment.cells]
    assert len({c.grade_id for c in submission.cells}) == len(submission.cells)
    for cell, pristine in zip(own, assignment.cells, strict=True):
        assert (cell.kind, cell.points) == (pristine.kind, pristine.points)
        if cell.kind not in ("answer", "manual"):
            assert cell == pristine
    for cell in submission.cells:
        assert "\r" not in cell.source and "\0" not in cell.source
        assert SECRET not in cell.source
        cell.source.encode()


def test_a_submission_is_read(tmp_path):
    submission = read(hand_in(tmp_path))
    assert (submission.student, submission.problem) == ("linde", "")
    assert submission.repairs == ()
    assert submission.digest == hashlib.sha256(CONTENT).hexdigest()
    assert submission.timestamp is None
    sources = {cell.grade_id: cell.source for cell in submission.cells}
    assert sources["half"] == f"def half(x):\n    {STUB}"


def test_a_second_notebook_beside_is_told_a_person(tmp_path):
    hand_in(tmp_path, name=f"{SLUG} (1).ipynb")
    submission = read(hand_in(tmp_path))
    assert submission.flags == ()
    assert submission.notes == (
        f"graded is {NAME}, because that is the assignment's name; handed in too and "
        f"not read: {SLUG} (1).ipynb",
    )


def test_a_lecture_that_defines_an_answer_is_told_a_person(tmp_path):
    lecture = release()
    lecture["cells"] = [
        {"cell_type": "code", "metadata": {}, "source": "def half(x):\n    return 2"}
    ]
    submission = read(hand_in(tmp_path, json.dumps(lecture).encode()))
    assert submission.flags == ()
    assert submission.notes == (
        f"graded is {NAME}, though no cell in it bears a name of this assignment: is "
        "it the lecture?",
    )


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("version", ["source", "release"])
def test_a_real_chapter_reads_without_repairs(slug, version):
    assignment = read_assignment(ROOT / "source", slug)
    submission = read_submission(ROOT / version / slug, assignment, "linde")
    check_submission(submission, assignment)
    assert (submission.problem, submission.repairs) == ("", ())
    assert submission.flags == ()
    path = ROOT / version / slug / f"{slug}.ipynb"
    handed = {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    }
    for cell in submission.cells:
        if cell.kind in ("answer", "manual"):
            assert cell.source == handed[cell.grade_id]
            if version == "release" and cell.kind == "answer":
                assert STUB in cell.source or LETTER in cell.source
                assert "SOLUTION" not in cell.source


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", f"{NAME} is empty"),
        (b"<html>", f"{NAME} is no notebook"),
        (CONTENT[:-40], f"{NAME} ends in the middle"),
        (b'{"cells": []}', f"{NAME} is another notebook"),
    ],
)
def test_what_cant_be_read_has_a_reason_and_a_digest(tmp_path, content, reason):
    submission = read(hand_in(tmp_path, content))
    assert reason in submission.problem
    assert submission.digest == hashlib.sha256(content).hexdigest()


def test_a_notebook_of_another_assignment_is_refused(tmp_path):
    other = release()
    other["cells"] = other["cells"][:2] + [{"cell_type": "code", "source": "x = 1"}]
    submission = read(hand_in(tmp_path, json.dumps(other).encode()))
    assert "is another notebook" in submission.problem


def test_answers_are_found_where_all_names_are_gone(tmp_path):
    bare = release()
    for cell in bare["cells"]:
        cell["metadata"] = {}
    submission = read(hand_in(tmp_path, json.dumps(bare).encode()))
    sources = {cell.grade_id: cell.source for cell in submission.cells}
    assert "def half(x)" in sources["half"] and "def sums(X)" in sources["sums"]
    assert len(submission.repairs) == 4  # two answers, why, what was put back


def test_a_large_notebook_is_refused(tmp_path):
    submission = read(hand_in(tmp_path), limit_bytes=10)
    assert "clear its outputs" in submission.problem
    assert submission.digest == ""


def test_a_notebook_of_another_name_is_read_if_it_is_the_only_one(tmp_path):
    folder = hand_in(tmp_path, name="01_toy (1).ipynb")
    (folder / "note.txt").write_text("My notebook.")
    (folder / ".ipynb_checkpoints").mkdir()
    submission = read(folder)
    assert submission.repairs == (f"01_toy (1).ipynb was read in the place of {NAME}",)
    assert submission.digest


@pytest.mark.parametrize("name", ["01_toy.ipynb.json", "toy.ipynb.txt", "TOY.IPYNB"])
def test_what_browsers_make_of_a_name_is_read(tmp_path, name):
    assert read(hand_in(tmp_path, name=name)).problem == ""


def test_of_many_notebooks_of_other_names_none_is_read(tmp_path):
    for name in ("a\n.ipynb", "b.ipynb", "c.ipynb", "d.ipynb"):
        folder = hand_in(tmp_path, name=name)
    assert read(folder).problem == (
        rf"there is 'a\n.ipynb', b.ipynb, c.ipynb and 1 more, and no {NAME}: rename it "
        "and hand it in again"
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (f"{SLUG}.zip", f"but {SLUG}.zip: archives are not opened here; unpack it"),
        (f"{NAME}.rar", f"but {NAME}.rar: archives are not opened here; unpack it"),
        (f"{SLUG}.HTML", f"but {SLUG}.HTML, a page to read: hand in the notebook"),
        (f"hw/{NAME}", f"hw/{NAME} lies one folder too deep: it belongs directly"),
        (f"hw/{SLUG} (1).ipynb", f"hw/{SLUG} (1).ipynb lies one folder too deep"),
        ("__MACOSX/x.ipynb", f"there is no notebook: {NAME} is missing"),
    ],
)
def test_what_lies_in_the_notebooks_place_is_named(tmp_path, name, told):
    folder = tmp_path / "submitted" / "linde" / SLUG
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_bytes(CONTENT)
    (folder / "timestamp.txt").write_text("2026-01-31 23:30:00 UTC")
    assert told in read(folder).problem


def test_a_folder_that_is_a_link_is_not_looked_into(tmp_path):
    folder = hand_in(tmp_path, b"", name="note.txt")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / NAME).write_bytes(CONTENT)
    (folder / "hw").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert "too deep" not in read(folder).problem
    with open_folder(folder) as opened:
        assert opened.plain_folders() == []
        with pytest.raises(Unreadable, match="hw is a link"), opened.enter("hw"):
            pass


def test_a_notebook_of_another_name_has_to_belong_to_the_assignment(tmp_path):
    lecture = {"cells": [{"cell_type": "code", "source": "def half(x): return x"}]}
    folder = hand_in(tmp_path, json.dumps(lecture).encode(), name="lecture.ipynb")
    assert "there is lecture.ipynb, and no" in read(folder).problem


def test_a_folder_without_a_notebook_has_a_reason(tmp_path):
    folder = hand_in(tmp_path, b"Tomorrow.", name="note.txt")
    told = f"there is no notebook: {NAME} is missing; there is note.txt"
    assert read(folder).problem == told
    assert "nothing was handed in" in read(folder.parent / "02_other").problem
    assert "nothing was handed in" in read(tmp_path / "none" / "linde" / SLUG).problem


@pytest.mark.parametrize(
    "folder", [Path("/"), Path(), Path("a\0b/c"), Path("\udcff/x")]
)
def test_a_path_that_is_no_students_folder_has_a_reason(folder):
    assert read(folder).problem


def test_a_fifo_in_the_place_of_the_notebook_is_not_waited_for(tmp_path):
    folder = hand_in(tmp_path, name="other.ipynb")
    os.mkfifo(folder / NAME)
    os.mkfifo(folder / "timestamp.txt")
    read_by_thread: list[Submission] = []
    thread = threading.Thread(target=lambda: read_by_thread.append(read(folder)))
    thread.daemon = True
    thread.start()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert "is a link or a folder" in read_by_thread[0].problem


def test_an_error_that_nobody_thought_of_becomes_a_reason(tmp_path, monkeypatch):
    def fail(*arguments):
        raise MemoryError

    monkeypatch.setattr(submission_module, "match", fail)
    submission = read(hand_in(tmp_path))
    assert submission.problem == "the notebook could not be read (MemoryError)"
    assert submission.digest


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31 23:30:00.250000 UTC", datetime(2026, 1, 31, 23, 30, 0, 250000)),
        ("2026-01-31 23:30:00 +0200\n", datetime(2026, 1, 31, 21, 30)),
        ("2026-01-31T23:30:00", datetime(2026, 1, 31, 23, 30)),
        ("\ufeff2026-01-31 23:30:00 UTC", datetime(2026, 1, 31, 23, 30)),
        ("2026-01-31 23:30:00 CET", datetime(2026, 1, 31, 22, 30)),
    ],
)
def test_the_time_is_read_as_the_gradebook_has_it(tmp_path, text, moment):
    hand_in(tmp_path, text.encode(), name="timestamp.txt")
    submission = read(hand_in(tmp_path))
    assert (submission.timestamp, submission.repairs) == (moment, ())
    assert submission.flags == ()
    broken = read(hand_in(tmp_path, b"[]"))
    assert broken.problem and broken.timestamp == moment


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"now",
        b"\xff",
        b"2026-01-31 23:30 IST",
        b"0001-01-01 00:00 +2359",
        b"2026-01-31" * 99,
    ],
)
def test_a_time_that_cant_be_read_is_unknown(tmp_path, text):
    hand_in(tmp_path, text, name="timestamp.txt")
    submission = read(hand_in(tmp_path))
    assert submission.timestamp is None
    assert "timestamp.txt can't be read" in submission.repairs[0]
    assert "timestamp.txt can't be read, so nothing is late" in submission.notes[0]


def test_students_are_those_who_handed_this_assignment_in(tmp_path):
    for name in ("yolka", "linde", "Δρυς", "empty"):
        (tmp_path / name / ("02_other" if name == "empty" else SLUG)).mkdir(
            parents=True
        )
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / SLUG).write_text("a file in the place of the folder")
    (tmp_path / ".gitkeep").touch()
    assert find_students(tmp_path, SLUG) == (["file", "linde", "yolka", "Δρυς"], [])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\nb", r"'a\nb'"),
        (b"caf\xe9", r"'caf\udce9'"),
        (b" linde", "' linde'"),
        (b"..linde", "..linde"),
        (b"x" * 129, "x" * 57 + "..."),
        ("\u202elinde".encode(), r"'\u202elinde'"),
    ],
)
def test_a_name_that_is_no_students_id_is_left_out_and_said(tmp_path, name, shown):
    os.makedirs(os.path.join(os.fsencode(tmp_path), name, SLUG.encode()))
    (tmp_path / "linde" / SLUG).mkdir(parents=True)
    students, (reason,) = find_students(tmp_path, SLUG)
    assert students == ["linde"]
    assert reason.startswith(f"submitted/{shown}: its name")
    assert reason.isprintable()


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (f"linde/{NAME}", f"lies beside no folder {SLUG}; it belongs into"),
        (f"linde/{SLUG.upper()}/{NAME}", f"has a folder {SLUG.upper()}; it belongs"),
        (f"{SLUG}/linde/{NAME}", "the wrong way round"),
        (f"linde/hw/{NAME}", f"{NAME} lies in hw; it belongs into"),
        (f"linde/{SLUG}.zip", f"has {SLUG}.zip: unpack it"),
        (f"linde/{SLUG}.html", f"has {SLUG}.html, a page to read"),
        (NAME, f"put it into submitted/STUDENT/{SLUG}/"),
        (f"{SLUG} (1).ipynb", f"put it into submitted/STUDENT/{SLUG}/"),
    ],
)
def test_what_lies_in_a_wrong_place_is_said(tmp_path, place, said):
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(CONTENT)
    students, (reason,) = find_students(tmp_path, SLUG)
    assert students == [] and said in reason


def test_what_belongs_to_another_assignment_is_not_said(tmp_path):
    (tmp_path / "linde" / "02_other").mkdir(parents=True)
    (tmp_path / "02_other.ipynb").write_bytes(CONTENT)
    assert find_students(tmp_path, SLUG) == ([], [])


def test_a_students_folder_that_is_a_link_is_left_out_and_said(tmp_path):
    (tmp_path / "linde" / SLUG).mkdir(parents=True)
    (tmp_path / "yolka").symlink_to(tmp_path / "linde", target_is_directory=True)
    students, (reason,) = find_students(tmp_path, SLUG)
    assert students == ["linde"]
    assert "submitted/yolka: a link" in reason


def test_a_link_in_the_place_of_the_assignment_still_gets_a_row(tmp_path):
    (tmp_path / "linde").mkdir()
    (tmp_path / "linde" / SLUG).symlink_to(tmp_path, target_is_directory=True)
    assert find_students(tmp_path, SLUG) == (["linde"], [])
    assert "is a link" in read(tmp_path / "linde" / SLUG).problem


def test_a_folder_that_cant_be_entered_still_gets_a_row(tmp_path, monkeypatch):
    (tmp_path / "linde").mkdir()
    true_lstat = os.lstat

    def lstat(path: Path) -> os.stat_result:
        if path.name == SLUG:
            raise PermissionError(13, "Permission denied")
        return true_lstat(path)

    monkeypatch.setattr(submission_module.os, "lstat", lstat)
    assert find_students(tmp_path, SLUG) == (["linde"], [])


TEXTS = st.text(st.characters(), max_size=8) | st.sampled_from(
    [*NAMES, "code", "raw", "def half(x): ...", "sums = 1", "\ud800", "a\r\0", ""]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.just(10**4000) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(TEXTS, inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "metadata", "source", "nbgrader", "grade_id"]),
            inner,
        )
    ),
    max_leaves=8,
)


@st.composite
def broken_notebooks(draw) -> object:
    """The release with up to five places replaced, deleted, copied or moved."""
    notebook: object = release()
    for _ in range(draw(st.integers(0, 5))):
        spots = list(places(notebook))
        if not spots:
            break
        parent, key = draw(st.sampled_from(spots))
        change = draw(st.sampled_from(["replace", "delete", "copy", "move"]))
        if change == "replace" or isinstance(parent, dict):
            parent[key] = draw(VALUES)
        elif change == "delete":
            del parent[key]
        else:
            place = draw(st.integers(0, len(parent)))
            value = copy.deepcopy(parent[key])
            if change == "move":
                del parent[key]
            parent.insert(place, value)
    return notebook


def places(value: object):
    """Every (container, key or index) in a JSON value."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def read_content(content: bytes) -> None:
    """Read bytes as a submission; nothing may need the net under all errors."""
    with TemporaryDirectory() as folder:
        submission = read(hand_in(Path(folder), content))
    assert "could not be read (" not in submission.problem


@given(broken_notebooks())
def test_any_broken_notebook_gives_all_cells_or_a_reason(notebook):
    read_content(json.dumps(notebook).encode())


@given(VALUES)
def test_any_json_gives_a_reason_or_cells(value):
    read_content(json.dumps(value).encode())


@given(st.integers(0, len(CONTENT)), st.integers(0, 40), st.binary(max_size=20))
def test_any_damage_gives_a_reason_or_cells(start, count, new):
    read_content(CONTENT[:start] + new + CONTENT[start + count :])


@given(st.binary(max_size=60))
def test_any_bytes_give_a_reason(content):
    read_content(content)
