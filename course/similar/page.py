"""The groups of a class side by side: one file without script."""

from course.grade.highlighting import STYLES, Highlighter
from course.grade.inert import inert_text
from course.report.gather import Person
from course.report.names import Names
from course.report.page import make_template
from course.similar.evidence import Group, least_bits
from course.similar.texts import Answer

MOST_GROUPS = 50
SIDE_BY_SIDE = 4  # members of a group whose code is shown
SECONDS = 20  # of colouring for a whole page
CODE_LIMIT_BYTES = 8_000


def similar_page(
    slug: str,
    found: list[Group],
    work: dict[str, dict[str, Answer]],
    people: dict[str, Person],
) -> str:
    """The page of one assignment.

    Args:
        slug: the chapter's slug.
        found: its groups.
        work: what of each student was compared.
        people: every student, by id.
    """
    named = people | {s: Person(s) for s in work.keys() - people.keys()}
    highlighter = Highlighter(SECONDS)

    def code(student: str, exercise: str) -> str:
        answer = work[student].get(exercise)
        source = answer.source if answer else ""
        return highlighter.show(inert_text(source, CODE_LIMIT_BYTES))

    return make_template("similar.html.j2").render(
        slug=slug,
        groups=found[:MOST_GROUPS],
        left_out=found[MOST_GROUPS:],
        compared=len(work),
        least=least_bits(len(work)),
        names=Names(named),
        most=SIDE_BY_SIDE,
        code=code,
        highlighting=STYLES,
    )
