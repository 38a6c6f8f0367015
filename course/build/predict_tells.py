"""What would tell a reader the right option without a thought.

It stands above the question, or right options have a habit: one place, the longest.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from course.build.predict import asked
from course.cells import Cell, Problem
from course.chapters import Chapter
from course.options import Option, Question, read_question

# By chance a right option is the first, or the longest, in about a third of questions.
MOST_SHARE, FEWEST_COUNTED = 0.6, 8  # over the course
FEWEST_IN_CHAPTER = 3  # of which not all may share a habit
FEWEST_WORDS = 3  # of a phrase, or of a sentence said in other words
HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
TOKEN = re.compile(r"\w+(?:[.,]\w+)*")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
SENTENCE = re.compile(r"(?<=[.?!:])\s|\n\s*\n|\n(?:[-*]|#+) ")
STATES = re.compile(r"assert\b|#")  # lines of code that say what comes out
SMALL_WORDS = {"about", "from", "have", "into", "than", "that", "their", "them", "they"}
MARKUP = re.compile(r"[*`$\\]")


def said_above(chapter: Chapter) -> Iterator[Problem]:
    """A question whose right option, or its number, stands above it."""
    for cell in asked(chapter):
        question = read_question(cell.source)
        above = chapter.lecture[: chapter.lecture.index(cell)]
        for option in question.options:
            if option.is_right and (found := _said(question, option.text, above)):
                message = f"the answer stands above its question: {found!r}"
                yield cell.problem(f"{message}; ask before you tell", option.line)


def _said(question: Question, right: str, above: list[Cell]) -> str:
    """What stands above of the right option: its words or numbers; "" if nothing."""
    texts = [_prose(cell) for cell in above]
    words = _tokens(right)
    if len(words) >= FEWEST_WORDS and any(
        f" {' '.join(words)} " in f" {' '.join(_tokens(text))} "
        for text in (*texts, question.text, *(c.source for c in above if c.is_code))
    ):
        return " ".join(words)
    content = _content(right) - _content(question.text)
    for sentence in (s for text in texts for s in SENTENCE.split(text)):
        if len(content) >= FEWEST_WORDS and content <= _content(sentence):
            return " ".join(sentence.split())
    return ", ".join(_numbers_above(question, right, above))


def _numbers_above(question: Question, right: str, above: list[Cell]) -> list[str]:
    """The numbers that only the right option has, if all of them stand above.

    One digit stands everywhere; two digits tell something within a section, more in a
    whole lecture.
    """
    others = [option.text for option in question.options if not option.is_right]
    telling = _numbers(right) - _numbers(" ".join((question.text, *others)))
    telling = {number for number in telling if _digits(number) > 1}
    starts = [
        i for i, c in enumerate(above) if not c.is_code and HEADING.search(c.source)
    ]
    section = above[starts[-1] if starts else 0 :]
    near = {number for cell in section for number in _numbers(_stated(cell))}
    far = {number for cell in above for number in _numbers(_stated(cell))}
    found = [n for n in telling if n in near or (_digits(n) > 2 and n in far)]
    return sorted(found) if len(found) == len(telling) else []


def _prose(cell: Cell) -> str:
    """What a reader has read: of an earlier prediction all but its options."""
    if cell.is_code or cell.role != "predict":
        return "" if cell.is_code else cell.source
    question = read_question(cell.source)
    return "\n\n".join((question.text, *(option.why for option in question.options)))


def _stated(cell: Cell) -> str:
    if not cell.is_code:
        return _prose(cell)
    lines = map(str.strip, cell.source.splitlines())
    return "\n".join(line for line in lines if STATES.match(line))


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(text.casefold())


def _content(text: str) -> set[str]:
    """The words that carry a sentence: those of four letters or more."""
    return {t for t in _tokens(text) if len(t) > 3 and t.isalpha()} - SMALL_WORDS


def _numbers(text: str) -> set[str]:
    return {number.replace(",", "") for number in NUMBER.findall(text)}


def _digits(number: str) -> int:
    return sum(character.isdigit() for character in number)


def habits(judged: list[Chapter], course: list[Chapter]) -> Iterator[Problem]:
    """Right options that stand in one place, or are the longest, too often.

    Args:
        judged: the chapters whose problems are asked for.
        course: all chapters, these among them.
    """
    everywhere = [item for chapter in course for item in _right(chapter)]
    crowded = {
        habit: f"{len(cells)} of the course's {len(everywhere)} predictions"
        for habit, cells in _by_habit(everywhere).items()
        if len(everywhere) >= FEWEST_COUNTED
        and len(cells) > MOST_SHARE * len(everywhere)
    }
    for chapter in judged:
        own = _right(chapter)
        for habit, cells in _by_habit(own).items():
            is_all = len(cells) == len(own) >= FEWEST_IN_CHAPTER
            of = f"all {len(own)} predictions of the lecture" if is_all else ""
            if of := of or crowded.get(habit, ""):
                message = f"the right option is {habit} in {of}: change some"
                yield cells[0].problem(message)


def _right(chapter: Chapter) -> list[tuple[Cell, set[str]]]:
    """A lecture's predictions, each with what is to be seen of its right option."""
    return [(cell, _looks(read_question(cell.source))) for cell in asked(chapter)]


def _looks(question: Question) -> set[str]:
    letters, lengths = question.letters(), [_length(o) for o in question.options]
    found = set()
    for letter, option in letters.items():
        if option.is_right:
            found.add(letter)
            found |= {"the last"} if letter == [*letters][-1] else set()
            alone = lengths.count(_length(option)) == 1
            for name, extreme in (("longest", max), ("shortest", min)):
                if alone and _length(option) == extreme(lengths):
                    found.add(f"the {name}")
    return found


def _length(option: Option) -> int:
    """How many characters of an option a reader sees."""
    return len(MARKUP.sub("", option.text))


def _by_habit(items: list[tuple[Cell, set[str]]]) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = defaultdict(list)
    for cell, looks in items:
        for habit in sorted(looks):
            found[habit].append(cell)
    return found
