"""The page that tells a student what each exercise got and why.

One file without script and without anything from the network: it opens from a mail or
a memory stick. The tests themselves are not on it, nor what they printed or raised.
"""

import functools
import html
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import jinja2
from markupsafe import Markup

from course.grade.highlighting import STYLES, Highlighter
from course.grade.inert import inert_text, make_inert
from course.grade.intake.opening import Unreadable, open_folder
from course.grade.intake.pictures import Picture, shown_in
from course.grade.intake.submission import Submission
from course.grade.plan import BY_PERSON, TEXTS, WITH_POINTS, Assignment, Cell
from course.grade.record.marks import Mark, Marks
from course.grade.result import NOT_ATTEMPTED, NOT_JUDGED, RIGHT, WRONG, Result, Verdict
from course.whole import write_whole
from utils.states import GRADED, NOT_GRADED

TEMPLATE = "feedback.html.j2"
SOURCE_LIMIT_BYTES = 60_000

# For each test a sign and a word, so that nothing depends on colour.
SIGNS = {RIGHT: "✓", WRONG: "✗", NOT_ATTEMPTED: "…", NOT_JUDGED: "!"}
HAND_SIGNS = {GRADED: "✎", NOT_GRADED: "◦", NOT_ATTEMPTED: SIGNS[NOT_ATTEMPTED]}

NO_REPORT = Verdict(NOT_JUDGED, 0, message="The test did not report back.")
PLAIN = ("extra", "remark")
LABELS = {
    "answer": "Your answer",
    "manual": "Your answer",
    "extra": "A cell of your own",
    "remark": "A note of your own",
}

# What `nbgrader release_feedback` reads beside the page.
TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"


@dataclass(frozen=True)
class Grade:
    """What one test, or one person, says of an exercise.

    Args:
        state, sign: a word and a mark for it.
        mark: the points, as the gradebook has them.
        tested: what the test gave, if a person gave other points in its place.
        mistake, message, comment: what is said of it.
        name: which cell gives the points, in an assignment that was brought along:
            there an exercise may have several tests.
    """

    state: str
    sign: str
    mark: Mark
    tested: float | None = None
    mistake: str = ""
    message: str = ""
    comment: str = ""
    name: str = ""

    @property
    def css(self) -> str:
        """The state as the name of a CSS class."""
        return self.state.replace(" ", "-")


@dataclass(frozen=True)
class Part:
    """A cell of the student's, and what it showed."""

    label: str
    source: Markup
    shown: tuple[dict, ...] = ()


@dataclass
class Section:
    """An exercise: its heading, what it got, and the student's cells."""

    title: str
    grades: list[Grade] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def feedback_page(
    assignment: Assignment,
    submission: Submission,
    result: Result,
    marks: Marks,
    highlighter: Highlighter | None = None,
) -> str:
    """A student's feedback as one HTML file.

    Args:
        assignment: the pristine notebook, for its order, headings and points.
        submission: what the student handed in.
        result: how it was graded; its outputs are a stranger's and made inert here.
        marks: the gradebook's points, a person's among them; a cell that is not in it
            has the points that its test gave.
        highlighter: colours the code; one with the usual time if None.
    """
    highlighter = highlighter or Highlighter()
    sections = _sections(assignment, submission, result, marks, highlighter)
    given = [grade.mark for section in sections for grade in section.grades]
    score = sum(mark.score or 0 for mark in given)
    return _template().render(
        title=_first_heading(assignment),
        submission=submission,
        person=_person(submission.student, marks.name),
        problem=submission.problem or result.problem,
        repairs=submission.repairs or result.repairs,
        sections=sections,
        score=max(score - marks.penalty, 0),  # as `nbgrader export` has it
        penalty=marks.penalty,
        points=sum(mark.points for mark in given),
        waiting=sum(mark.points for mark in given if mark.score is None),
        highlighting=STYLES,
    )


def _person(student: str, name: str) -> str:
    """`Ada Lovelace (ada)`: who it is for, as a person and as an account."""
    name = inert_text(name).strip()
    return f"{name} ({student})" if name and name != student else student


def write_feedback(root: Path, student: str, slug: str, page: str) -> Path:
    """Write a page where nbgrader's feedback belongs, whole or not at all.

    `nbgrader release_feedback` finds it there, and beside it the time and the secret
    that the student's own nbgrader asks with. A submission that never passed through
    the exchange has neither: it gets an empty time and a new secret, because a
    missing one would stop the release for the whole class.

    Args:
        root: the course.
        student: the student's id.
        slug: the chapter's slug.
        page: what `feedback_page` gave.

    Returns:
        where the page is.

    Raises:
        ValueError: the id is no name of a folder.
        CannotWrite: the disk is full, or the folder can't be written to.
    """
    if Path(student).name != student or student in ("", ".."):
        raise ValueError(f"{student!r} is no student's id: it can't name a folder")
    folder = root / "feedback" / student / slug
    path = folder / f"{slug}.html"
    for name, otherwise in ((TIMESTAMP, ""), (SECRET, secrets.token_hex(32))):
        handed_in = _line_of(root / "submitted" / student / slug, name)
        if handed_in or not (folder / name).exists():
            write_whole(folder / name, handed_in or otherwise)
    write_whole(path, page)
    return path


def _line_of(folder: Path, name: str) -> str:
    """The one line of a small file that was handed in; "" if it is anything else."""
    try:
        with open_folder(folder) as handed_in:
            text = handed_in.read(name, limit_bytes=1000).decode("ascii").strip()
    except (Unreadable, UnicodeDecodeError):
        return ""
    return text if text.isprintable() else ""


def _sections(
    assignment: Assignment,
    submission: Submission,
    result: Result,
    marks: Marks,
    highlighter: Highlighter,
) -> list[Section]:
    """The exercises in the notebook's order, the student's cells where they stand."""
    start = Section("Before the exercises")
    sections, section_of = [start], {}
    given = {cell.source for cell in assignment.solved if cell.kind in PLAIN}
    notebook = start.title
    for cell in assignment.shown:
        if len(assignment.notebooks) > 1 and cell.notebook != notebook:
            notebook = cell.notebook
            sections.append(Section(notebook))
        if cell.kind in TEXTS and (title := _heading(cell.source)):
            sections.append(Section(title))
        section_of[cell.grade_id] = sections[-1]
        if cell.kind in WITH_POINTS:
            grade = _grade(cell, result, marks)
            name = cell.name if assignment.brought else ""
            sections[-1].grades.append(replace(grade, name=name))
    here = start
    for cell in submission.cells:
        here = section_of.get(cell.grade_id, here)
        is_given = cell.kind in PLAIN and cell.source in given
        if cell.kind in LABELS and not is_given:
            outputs = result.outputs.get(cell.grade_id)
            part = show_part(cell, outputs, submission.pictures, highlighter)
            here.parts.append(part)
    return [section for section in sections if section.grades or section.parts]


def _grade(cell: Cell, result: Result, marks: Marks) -> Grade:
    mark = marks.cells.get(cell.grade_id)
    comment = inert_text(mark.comment) if mark else ""
    if cell.kind in BY_PERSON:
        mark = mark or Mark(None, cell.points)
        state = GRADED if mark.by_hand else NOT_ATTEMPTED  # of a blank nobody decides
        state = NOT_GRADED if mark.score is None else state
        return Grade(state, HAND_SIGNS[state], mark, comment=comment)
    verdict = result.verdicts.get(cell.grade_id, NO_REPORT)
    mark = mark or Mark(verdict.score, cell.points)
    state = GRADED if mark.by_hand else verdict.state
    return Grade(
        state,
        HAND_SIGNS[GRADED] if mark.by_hand else SIGNS.get(state, "!"),
        mark,
        tested=verdict.score if mark.by_hand else None,
        mistake=inert_text(verdict.mistake or ""),
        message=inert_text(verdict.message),
        comment=comment,
    )


def show_part(
    cell: Cell,
    outputs: list[dict] | None,
    pictures: Iterable[Picture],
    highlighter: Highlighter,
) -> Part:
    """A cell as it is shown; text as it is written: mathematics needs script.

    Args:
        cell: a student's.
        outputs: a stranger's, made inert here; None of a cell that did not run.
        pictures: those of all text cells.
        highlighter: colours the code.
    """
    source = inert_text(cell.source, SOURCE_LIMIT_BYTES)
    is_text = cell.kind in TEXTS
    if cell.kind == "manual":  # code or text: code is what ran
        is_text = outputs is None
    if is_text:
        marked = Markup(f'<pre class="prose">{html.escape(source)}</pre>')
        shown = tuple(map(_pasted, shown_in(source, pictures)))
    else:
        marked = highlighter.show(source)
        shown = tuple(i for o in make_inert(outputs or []) for i in _shown(o))
    return Part(LABELS.get(cell.kind, ""), marked, shown)


def _pasted(picture: Picture) -> dict:
    """A picture of a text, by the number that stands there in its place."""
    uri = f"data:{picture.mime};base64,{picture.content}"
    return {"image": uri, "alt": f"Picture {picture.number} of your answer."}


def _shown(output: dict) -> Iterator[dict]:
    """An inert output as the template shows it: the richest of its types."""
    if output["output_type"] == "stream":
        yield {"text": output["text"]}
    elif output["output_type"] == "error":
        raised = f"{output['ename']}: {output['evalue']}"
        yield {"error": "\n".join(output["traceback"]) or raised}
    elif "text/html" in output["data"]:
        yield {"html": Markup(output["data"]["text/html"])}
    else:
        yield from _picture_or_text(output)


def _picture_or_text(output: dict) -> Iterator[dict]:
    data = output["data"]
    for mime in data.keys() & {"image/png", "image/jpeg"}:
        facts = output["metadata"].get(mime, {})
        alt = facts.get("alt") or "A figure of yours; it has no description."
        uri = f"data:{mime};base64,{data[mime]}"
        yield {"image": uri, "alt": alt, "width": facts.get("width")}
        return
    yield {"text": data["text/plain"]}


def _first_heading(assignment: Assignment) -> str:
    prose = (cell.source for cell in assignment.shown if cell.kind in TEXTS)
    return next(filter(None, map(_heading, prose)), assignment.slug)


def _heading(markdown: str) -> str:
    """The first heading of a text cell, without marks; "" if it has none."""
    match = re.search(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", markdown, re.MULTILINE)
    return re.sub(r"[*`$]", "", match[1]) if match else ""


@functools.cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["points"] = lambda number: f"{number:g}"
    return environment.get_template(TEMPLATE)
