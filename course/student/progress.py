"""Where a student stands: read from the notebooks on disk, nothing is run.

The verdicts are those that the tests left in the notebook when it was saved; what the
tests don't see, hidden tests and answers that a person grades, is not in them.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from course.student import damage, notebooks
from course.student.damage import Damage
from course.student.notebooks import Broken, Cell
from course.student.places import counted
from utils.digests import digest
from utils.states import NOT_ATTEMPTED, NOT_GRADED, NOT_TESTED, RIGHT, UNREAD, WRONG

OPEN = (WRONG, NOT_ATTEMPTED, NOT_TESTED)
VERDICTS = (RIGHT, WRONG, NOT_ATTEMPTED)  # what a panel says
STATES = (RIGHT, WRONG, NOT_TESTED, NOT_ATTEMPTED, NOT_GRADED, UNREAD)


@dataclass(frozen=True)
class Exercise:
    """One exercise, as its notebook on disk has it.

    Args:
        name: its id.
        state: one of `STATES`.
        points: what it is worth.
        mistake: the likely mistake, if its test named one.
        hints: how many hints were asked for when its test last ran.
        heading: the heading that it stands under, without marks; "" if it has none.
        said: what else its test said if it is wrong, in one line.
        tries: how many choices were tried, of a question with options.
        by_hand: whether a person grades it.
    """

    name: str
    state: str
    points: float
    mistake: str | None = None
    hints: int = 0
    heading: str = ""
    said: str = ""
    tries: int = 0
    by_hand: bool = False


@dataclass(frozen=True)
class Chapter:
    """One exercise notebook.

    Args:
        slug: the chapter's slug.
        path: where the student's copy lies, from the course's folder.
        exercises: in the notebook's order.
        problem: why it can't be read, "" if it can.
        damages: tests and given cells that are not as they were handed out.
    """

    slug: str
    path: str
    exercises: tuple[Exercise, ...] = ()
    problem: str = ""
    damages: tuple[Damage, ...] = field(default=())

    def count(self, *states: str) -> int:
        """How many exercises are in one of these states."""
        return sum(exercise.state in states for exercise in self.exercises)

    @property
    def points(self) -> float:
        """Points of the tests that were right, as far as visible tests see."""
        return sum(e.points for e in self.exercises if e.state == RIGHT)

    @property
    def points_of(self) -> float:
        """Points of all exercises, those that a person grades among them."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def waiting(self) -> float:
        """Points of the written answers that wait for a person."""
        return sum(e.points for e in self.exercises if e.state == NOT_GRADED)

    @property
    def hints(self) -> int:
        return sum(exercise.hints for exercise in self.exercises)

    @property
    def tried(self) -> str:
        """`5 tries at 3 questions`; "" as long as nobody tried twice."""
        tries = [exercise.tries for exercise in self.exercises if exercise.tries]
        if sum(tries) == len(tries):
            return ""
        return f"{sum(tries)} tries at {len(tries)} question{'s' * (len(tries) > 1)}"

    @property
    def begun(self) -> bool:
        """Whether the student has done anything in it."""
        untouched = self.count(NOT_ATTEMPTED) == len(self.exercises)
        return bool(self.problem or self.damages) or not untouched

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do, as far as can be seen here."""
        return not self.problem and not self.damages and not self.count(*OPEN)

    @property
    def next(self) -> Exercise | None:
        """The first exercise that is not done."""
        return next((e for e in self.exercises if e.state in OPEN), None)


def progress(root: Path) -> list[Chapter]:
    """Where a student stands in each chapter that was handed out, in order.

    Args:
        root: the folder that holds `release/` and `work/`.
    """
    return [chapter(root, slug) for slug in notebooks.slugs(root)]


def chapter(root: Path, slug: str) -> Chapter:
    """Where a student stands in one chapter; a copy not made yet is not begun."""
    released, path = notebooks.released(root, slug), notebooks.work(root, slug)
    shown = path.relative_to(root).as_posix()
    try:
        pristine = notebooks.cells(notebooks.read(released, notebooks.ASK))
    except Broken as error:
        problem = f"{released.relative_to(root).as_posix()} {error}"
        return Chapter(slug, shown, problem=problem)
    if not path.parent.exists():
        return Chapter(slug, shown, tuple(exercises(pristine, pristine)))
    try:
        cells = notebooks.cells(notebooks.read(path))
    except Broken as error:
        unread = tuple(_unread(pristine))
        return Chapter(slug, shown, unread, problem=f"the notebook {error}")
    found = tuple(damage.damages(pristine, cells))
    return Chapter(slug, shown, tuple(exercises(pristine, cells)), damages=found)


def _unread(pristine: list[Cell]) -> Iterator[Exercise]:
    """The exercises of a notebook that is broken: they count in the sums."""
    for exercise in exercises(pristine, pristine):
        yield replace(exercise, state=UNREAD)


def exercises(
    pristine: list[Cell], cells: list[Cell], all_ran: bool = False
) -> Iterator[Exercise]:
    """The exercises of a notebook, with what their tests said when it was saved.

    Args:
        pristine: its cells as they were handed out.
        cells: the student's.
        all_ran: whether all of it was run just now, so that each verdict is of today.
    """
    places = counted(pristine, cells)
    found = {name: cells[place] for name, place in places.items()}
    stubs = {cell.grade_id: cell.text for cell in pristine}
    heading = ""
    for cell in pristine:
        name = cell.exercise
        if cell.kind == "given" and not cell.is_code:
            heading = _heading(cell) or heading
        elif cell.kind == "manual":
            theirs = found.get(name)
            blank = theirs is None or theirs.text in ("", stubs[name])
            state = NOT_ATTEMPTED if blank else NOT_GRADED
            yield Exercise(name, state, cell.points, heading=heading, by_hand=True)
        elif cell.kind == "test":
            test, answer = found.get(cell.grade_id), found.get(name)
            state = _state(cell, test, answer, stubs, all_ran)
            yield _tested(cell, state, test, heading)


def _tested(cell: Cell, state: str, test: Cell | None, heading: str) -> Exercise:
    """An exercise with what its panel says beside its state."""
    facts, text = panel(test)
    hints, tries = (_count(facts.get(key)) for key in ("hints", "tries"))
    exercise = Exercise(cell.exercise, state, cell.points, None, hints, heading)
    exercise = replace(exercise, tries=tries)
    if state != WRONG:
        return exercise
    mistake = str(facts["mistake"]) if facts.get("mistake") else None
    lines = text.splitlines()[1:]
    said = " ".join(line for line in lines if not line.startswith("Likely mistake:"))
    return replace(exercise, mistake=mistake, said=said)


def _count(number: object) -> int:
    """A count that a notebook carries: it says what its kernel saw, and no more."""
    return number if isinstance(number, int) else 0


def panel(test: Cell | None) -> tuple[dict, str]:
    """What the panel of a test says, as plain data and text; nothing if it has none."""
    outputs = test.raw.get("outputs") if test else None
    for output in reversed(outputs if isinstance(outputs, list) else []):
        metadata = output.get("metadata") if isinstance(output, dict) else None
        facts = metadata.get("course") if isinstance(metadata, dict) else None
        if isinstance(facts, dict) and facts.get("exercise") == test.exercise:
            data = output.get("data")
            text = data.get("text/plain") if isinstance(data, dict) else ""
            return facts, "".join(text) if isinstance(text, list) else str(text)
    return {}, ""


def _state(
    pristine: Cell,
    test: Cell | None,
    answer: Cell | None,
    stubs: dict[str, str],
    all_ran: bool,
) -> str:
    """The state of an exercise: what its test said, if that is about these texts."""
    if answer is None or answer.text in ("", stubs.get(answer.grade_id)):
        return NOT_ATTEMPTED
    facts, _ = panel(test)
    answers = facts.get("answers")
    is_this_test = test is not None and test.text == pristine.text
    is_this_answer = isinstance(answers, list) and digest(answer.source) in answers
    is_new = is_this_test and (is_this_answer or all_ran)
    return facts["state"] if is_new and facts.get("state") in VERDICTS else NOT_TESTED


def _heading(cell: Cell) -> str:
    lines = cell.source.splitlines()
    heads = [line.lstrip("#").strip() for line in lines if line.startswith("#")]
    return heads[-1] if heads else ""


def as_json(chapters: list[Chapter]) -> list[dict]:
    """The same as plain data, sums included."""
    return [
        {
            **asdict(chapter),
            "points": chapter.points,
            "points_of": chapter.points_of,
            "waiting": chapter.waiting,
            "hints": chapter.hints,
            "begun": chapter.begun,
            "finished": chapter.finished,
        }
        for chapter in chapters
    ]
