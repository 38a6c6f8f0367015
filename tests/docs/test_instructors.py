"""Every command of the instructors' guide, in its order, on a made-up class."""

import csv
import getpass
import os
import re
import shutil
import subprocess
import sysconfig
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import pytest
from traitlets.config import Config

from course.build.places import release_path
from course.chapters import read_chapter
from course.demo.assignment import Assignment
from tests.forked import programs as forked

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "instructors.md"
SHOWN, SLUG = "03_linear_regression", "01_toy"  # the page's chapter, and a small one
PROGRAMS = Path(sysconfig.get_path("scripts"))


@dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Args:
        line: where it begins, counted from 1.
        heading: the heading above it.
        language: "bash", "csv", "python" ...
        file: the file that it is, from a comment above it; "" for commands.
        text: what stands in it.
    """

    line: int
    heading: str
    language: str
    file: str
    text: str


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found, heading, file, start, lines = [], "", "", None, []
    for number, line in enumerate(page.splitlines(), 1):
        if line.startswith("```") and start is None:
            start, language, lines = number, line[3:].strip(), []
        elif line.startswith("```"):
            text = "\n".join(lines) + "\n"
            found.append(Block(start, heading, language, file, text))
            start, file = None, ""
        elif start is not None:
            lines.append(line)
        elif match := re.fullmatch(r"<!-- file: (\S+) -->", line):
            file = match[1]
        elif line.startswith("#"):
            heading = line.lstrip("# ")
    return found


class Reader:
    """Somebody who does what a page says, in a folder.

    Args:
        folder: the course.
        environ: the environment of the commands.
        happens: what others do before the first block under a heading.
    """

    def __init__(self, folder: Path, environ: dict, happens: dict[str, Callable]):
        self.folder, self.environ, self.happens = folder, environ, dict(happens)
        self.said: dict[str, str] = {}

    def follow(self, page: str) -> None:
        """Do it all; an AssertionError names the line of a command that fails."""
        for block in blocks(page):
            self.happens.pop(block.heading, lambda: None)()
            if block.file:
                with (self.folder / block.file).open("a", encoding="utf-8") as file:
                    file.write(block.text)
                continue
            assert block.language == "bash", f"line {block.line}: neither file nor bash"
            for number, line in enumerate(block.text.splitlines(), block.line + 1):
                self._run(number, line)
        assert not self.happens, f"headings that are gone: {list(self.happens)}"

    def _run(self, number: int, line: str) -> None:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, f"line {number}: {line}\n{said}"
        self.said[line] = said


def as_in_the_test(page: str) -> str:
    """The page with a small chapter in the place of its own, and with a student whose
    account there is: `nbgrader collect` takes nothing from anybody else.
    """
    return page.replace(SHOWN, SLUG).replace("\nben,", f"\n{getpass.getuser()},")


class MadeUpClass:
    """Three students hand in and one does not; each in the way that the page collects.

    Args:
        course: the course's folder, built.
        home: where the browser's downloads are.
    """

    def __init__(self, course: Path, home: Path):
        self.course, self.home = course, home
        released = nbformat.read(course / release_path(SLUG), as_version=4)
        chapter = read_chapter(course / "chapters" / SLUG)
        self.assignment = Assignment(chapter, released)

    def hand_in(self) -> None:
        """One through the exchange, a day late; one in Moodle; one by hand."""
        answers = self.assignment.all_right()
        wrong = answers | {"row_sums": self.assignment.wrong("row_sums")}
        sent = f"{getpass.getuser()}+{SLUG}+2031-05-02 11:00:00 UTC+secret"
        inbound = self.course / "exchange" / "deep-learning" / "inbound" / sent
        inbound.mkdir(parents=True)
        (inbound / f"{SLUG}.ipynb").write_bytes(self._notebook(answers))

        (self.home / "Downloads").mkdir(parents=True)
        with zipfile.ZipFile(self.home / "Downloads" / "submissions.zip", "w") as file:
            name = f"Cleo Cedar_4711_assignsubmission_file/{SLUG}.ipynb"
            file.writestr(name, self._notebook(wrong))

        by_hand = self.course / "submitted" / "ann" / SLUG
        by_hand.mkdir(parents=True)
        right = self.assignment.right("half")
        new = replace(right, kind="wrong", source=f"{right.source}**3 - 7")
        (by_hand / f"{SLUG}.ipynb").write_bytes(self._notebook({"half": new}))

    def grade_written_answers(self) -> None:
        """What a person does in formgrader: 1.5 of 2 points for Cleo's answer."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.course}/gradebook.db") as gradebook:
            grade = gradebook.find_grade("odd_halves", SLUG, SLUG, "4711")
            grade.manual_score, grade.needs_manual_grade = 1.5, False
            gradebook.db.commit()

    def _notebook(self, answers: dict) -> bytes:
        (content,) = self.assignment.hand_in(answers).files.values()
        return content


@pytest.fixture(scope="module")
def programs(tmp_path_factory) -> Path:
    """A folder of programs as .venv/bin has it; two of them import only once."""
    folder = tmp_path_factory.mktemp("programs")
    fast = forked()
    for program in PROGRAMS.iterdir():
        there = fast / program.name
        (folder / program.name).symlink_to(there if there.exists() else program)
    return folder


@pytest.fixture(scope="module")
def followed(once, built_toy: Path, programs: Path) -> tuple[Path, dict]:
    """A course after somebody did what the guide says; read only."""

    def make(folder: Path) -> dict:
        course = Path(shutil.copytree(built_toy, folder / "course"))
        copy_clone(course)
        (course / ".venv").mkdir()
        (course / ".venv" / "bin").symlink_to(programs)
        (course / ".venv" / ".installed").write_text(str(course))  # set up already
        home = folder / "home"
        group = MadeUpClass(course, home)
        happens = {
            # What `make setup` looks at. The programs are this clone's, and code that
            # is locked in reads no second copy of their package.
            "The class": lambda: shutil.rmtree(course / "course"),
            "Collect": group.hand_in,
            "Mend a test": group.grade_written_answers,
        }
        reader = Reader(course, environment(course, home), happens)
        reader.follow(as_in_the_test(GUIDE.read_text(encoding="utf-8")))
        return reader.said

    folder, said = once("instructors-guide", make)
    return folder / "course", said


def copy_clone(course: Path) -> None:
    """What a clone has beside chapters: the files at its top, and the packages."""
    ours = re.compile(r"\.|gradebook|grades")  # left by whoever works in this folder
    for path in ROOT.iterdir():
        if path.is_file() and not ours.match(path.name):
            shutil.copy(path, course)
    ignored = shutil.ignore_patterns("__pycache__")
    for package in ("utils", "course"):
        shutil.copytree(ROOT / package, course / package, ignore=ignored)


def environment(course: Path, home: Path) -> dict[str, str]:
    """A bare shell's, after the page's `export PATH`."""
    return {
        "PATH": f"{course}/.venv/bin:{os.defpath}",
        "HOME": str(home),
        "OMP_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV, by its headings."""
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_every_command_of_the_guide_succeeds(followed):
    course, said = followed
    assert "make setup" in said
    page = as_in_the_test(GUIDE.read_text(encoding="utf-8"))
    fenced = "".join(re.findall(r"^```bash\n(.*?)^```", page, flags=re.M | re.S))
    assert fenced.splitlines() == list(said)
    assert fenced.count("\n") > 12


def test_the_class_is_graded_with_late_penalty_and_manual_points(followed):
    course, _ = followed
    grades = {row["student_id"]: row for row in rows(course / "grades.csv")}
    late, wrong = grades[getpass.getuser()], grades["4711"]
    assert float(late["raw_score"]) == 6
    assert float(late["late_submission_penalty"]) == pytest.approx(0.6)
    assert float(wrong["score"]) == 1 + 3 + 1.5
    assert float(grades["ann"]["score"]) == 0
    assert grades["dana"]["timestamp"] == ""


def test_students_get_lectures_pages_and_no_solutions(followed):
    course, _ = followed
    assert (course.parent / "handout" / "release" / SLUG / f"{SLUG}.ipynb").is_file()
    assert (course / "feedback" / "4711" / SLUG / f"{SLUG}.html").is_file()
    released = course / "exchange" / "deep-learning"
    assert (released / "outbound" / SLUG / f"{SLUG}.ipynb").is_file()
    assert list((released / "feedback").iterdir())


def test_moodle_gets_the_page_of_the_student_who_handed_in_there(followed):
    course, said = followed
    with zipfile.ZipFile(course / "feedback" / f"{SLUG}-moodle.zip") as file:
        [name] = file.namelist()
    assert name == f"Cleo Cedar_4711_assignsubmission_file_/{SLUG}.html"
    assert "ann" in said[f"course feedback {SLUG} --moodle"]


def test_the_reports_are_there_with_and_without_names(followed):
    course, _ = followed
    page = (course / "reports" / f"{SLUG}.html").read_text(encoding="utf-8")
    assert "the columns are summed" in page
    assert "Drys, Dana (dana)" in page
    bank = (course / "reports" / f"{SLUG}-unnamed.py").read_text(encoding="utf-8")
    assert '# %% half wrong ""\ndef half(x):\n    return x * 0.5**3 - 7' in bank
    assert "# | 1 student; probe 1 gave\n# | tensor([" in bank
    for name in (f"{SLUG}-pseudonyms.html", "students-pseudonyms.html"):
        hidden = (course / "reports" / name).read_text(encoding="utf-8")
        assert "Dana" not in hidden and "Cleo" not in hidden


def test_the_page_of_what_is_alike_is_there_and_shows_nobody(followed):
    course, said = followed
    assert (course / "reports" / f"{SLUG}-similar.html").is_file()
    assert "0 groups to look at" in said[f"course similar {SLUG}"]


def test_canvas_and_moodle_get_the_scores_of_nbgraders_export(followed):
    course, said = followed
    grades = {
        row["student_id"]: float(row["score"]) for row in rows(course / "grades.csv")
    }
    canvas = {row["ID"]: row for row in rows(course / "grades-canvas.csv")}
    column = f"{SLUG} (41877)"
    assert float(canvas["9003"][column]) == grades["4711"]
    assert float(canvas["9002"][column]) == pytest.approx(grades[getpass.getuser()])
    assert "9005" not in canvas
    with_roster = said[f"course export {SLUG} --canvas-roster canvas.csv"]
    assert "1 of its students have no grades here" in with_roster


def test_the_expressions_find_students_in_the_names_that_moodle_and_canvas_give():
    page = blocks(GUIDE.read_text(encoding="utf-8"))
    (text,) = (b.text for b in page if b.language == "python" and "MOODLE" in b.text)
    names = {"c": Config()}
    exec(text, names)
    moodle, canvas = names["MOODLE"], names["CANVAS"]
    assert names["c"].FileNameCollectorPlugin.named_regexp == moodle
    shown = {
        f"/x/Ann Lee_4711_assignsubmission_file/{SHOWN}.ipynb": moodle,
        f"/x/Ann_Lee_4711_assignsubmission_file_/{SHOWN}.ipynb": moodle,
        f"/x/Ann Lee_4711_assignsubmission_file_{SHOWN}.ipynb": moodle,
        f"/x/leeann_4711_88123_{SHOWN}.ipynb": canvas,
        f"/x/leeann_LATE_4711_88123_{SHOWN}.ipynb": canvas,
    }
    for path, expression in shown.items():
        found = re.match(expression, path)
        assert found["student_id"] == "4711", path
        assert found["file_id"] == f"{SHOWN}.ipynb", path


@pytest.mark.parametrize(
    ("page", "line"),
    [
        ("# A\n\n```bash\ntrue\ncourse teleport\n```\n", "line 5: course teleport"),
        ("```bash\nnbgrader teleport\n```\n", "line 2: nbgrader teleport"),
        ("```bash\nfalse | true\n```\n", "line 2: false | true"),
        ("```python\n1 / 0\n```\n", "line 1: neither file nor bash"),
    ],
)
def test_a_page_with_a_broken_command_is_found_out(page, line, programs, tmp_path):
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(programs)
    reader = Reader(tmp_path, environment(tmp_path, tmp_path), {})
    with pytest.raises(AssertionError, match=re.escape(line)):
        reader.follow(page)


def test_a_page_that_lost_a_heading_is_found_out(tmp_path):
    reader = Reader(tmp_path, {}, {"Collect": lambda: None})
    with pytest.raises(AssertionError, match="headings that are gone"):
        reader.follow("# Another\n")
