"""The HTML of a report: one file, no script, nothing from the network."""

import functools
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

import jinja2

from course.grade.highlighting import STYLES, Highlighter
from course.grade.inert import inert_text
from course.grade.isolation.ladder import LEVELS
from course.grade.result import NOT_ATTEMPTED, RIGHT, WRONG
from course.report import figures
from course.report.attention import looks, waiting
from course.report.gather import ClassWork, total
from course.report.items import items, mistakes, stops, unprotected
from course.report.names import Names
from course.report.trajectory import RECENT, Way
from course.report.unnamed import Group, count_named, unnamed

ONE, ALL, STUDENTS = "report.html.j2", "all.html.j2", "students.html.j2"
NOT_LOCKED_IN = {"D", "none"}
MOST_MISTAKES = 25  # rows of the page of all chapters
MOST_UNNAMED = 20  # groups of wrong answers without a name


@dataclass(frozen=True)
class Effort:
    """What grading took, and how the code was locked in.

    Args:
        seconds: of all submissions together.
        middle_s: the median of one.
        longest_s: the longest of one.
        levels: how many were graded at each level, with the level in words.
        not_locked_in: how many were graded with no isolation.
        by_nbgrader: how many `nbgrader autograde` graded, of which we know nothing.
        outdated: how many were graded with another version of the assignment.
    """

    seconds: float
    middle_s: float
    longest_s: float
    levels: tuple[tuple[str, str, int], ...]
    not_locked_in: int
    by_nbgrader: int
    outdated: int


def effort(work: ClassWork) -> Effort:
    """What grading an assignment took."""
    results = list(work.results.values())
    seconds = [result.seconds for result in results]
    levels = Counter(result.isolation or "D" for result in results)
    return Effort(
        sum(seconds),
        median(seconds) if seconds else 0,
        max(seconds, default=0),
        tuple(
            (level, LEVELS.get(level, level), levels[level]) for level in sorted(levels)
        ),
        sum(levels[level] for level in NOT_LOCKED_IN),
        len(work.graded()) - len(results),
        len(work.outdated()),
    )


def class_page(work: ClassWork, names: Names, groups: list[Group] | None = None) -> str:
    """The report of one assignment.

    Args:
        work: what the class made of it; somebody must be graded.
        names: how students are called.
        groups: its wrong answers without a name; found here, without code, if None.
    """
    groups = unnamed(work) if groups is None else groups
    found, made = items(work), mistakes(work)
    scores = [total(work.marks[student]) for student in work.readable()]
    tests = [item for item in found if item.states]
    exercises = [item.exercise for item in found if not item.by_hand]
    pictures = {}
    if scores and work.max_points:
        pictures["scores"] = figures.scores_picture(scores, work.max_points)
    if tests:
        pictures["states"] = figures.states_picture(tests)
    if made:
        pictures["mistakes"] = figures.mistakes_picture(made, exercises)
    return make_template(ONE).render(
        work=work,
        names=names,
        title=inert_text(work.title),
        scores=scores,
        mean=mean(scores) if scores else 0,
        median=median(scores) if scores else 0,
        items=found,
        mistakes=made,
        unnamed=groups[:MOST_UNNAMED],
        left_out=groups[MOST_UNNAMED:],
        named=count_named(work),
        highlighter=Highlighter(),
        highlighting=STYLES,
        pictures=pictures,
        looks=looks(work),
        waiting=waiting(work),
        effort=effort(work),
        stops=stops(work)[:MOST_MISTAKES],
        unprotected=unprotected(work),
        states=(RIGHT, WRONG, NOT_ATTEMPTED),
    )


def all_page(works: list[ClassWork], names: Names, files: dict[str, str]) -> str:
    """The report of all assignments.

    Args:
        works: what the class made of each.
        names: how students are called.
        files: the name of each assignment's own page, by slug.
    """
    shares = {
        work.slug: [total(work.marks[s]) / work.max_points for s in work.readable()]
        for work in works
        if work.readable() and work.max_points
    }
    made = [(work, mistake) for work in works for mistake in mistakes(work)]
    made.sort(key=lambda pair: (-pair[1].share, pair[0].slug, pair[1].name))
    return make_template(ALL).render(
        names=names,
        rows=[(work, shares.get(work.slug, []), _open_ends(work)) for work in works],
        files=files,
        students=f"students{'-pseudonyms' if names.hidden else ''}.html",
        mistakes=made[:MOST_MISTAKES],
        picture=figures.chapters_picture(shares) if shares else None,
        efforts=[(work, effort(work)) for work in works],
    )


def students_page(found: list[Way], names: Names, files: dict[str, str]) -> str:
    """Each student by chapter: points, late, not handed in, and how it moves.

    Args:
        found: the students' ways.
        names: how students are called.
        files: the name of each assignment's own page, by slug, in their order.
    """
    return make_template(STUDENTS).render(
        names=names,
        ways=found,
        files=files,
        behind=[way.student for way in found if way.falls_behind],
        recent=RECENT,
        waits=any(step.waits for way in found for step in way.steps),
    )


def _open_ends(work: ClassWork) -> int:
    """How many submissions need a person."""
    students = {look.student for look in looks(work)}
    return len(students.union(*(question.students for question in waiting(work))))


def _minutes(seconds: float) -> str:
    """A time to read: "0.3 s", "42 s", "12 min", "3.5 h"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _colour(share: float) -> str:
    """From nearly white to orange; dark text is readable on all of them."""
    low, high = (255, 251, 233), (245, 166, 35)
    mixed = (round(a + (b - a) * share) for a, b in zip(low, high, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


@functools.cache
def make_template(name: str) -> jinja2.Template:
    """One of this folder's templates, which escape whatever is put into them."""
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["points"] = lambda value: f"{value:.4g}"
    environment.filters["percent"] = lambda share: f"{share:.0%}".replace("%", " %")
    environment.filters["heat"] = _colour
    environment.filters["time"] = _minutes
    environment.filters["inert"] = inert_text
    return environment.get_template(name)
