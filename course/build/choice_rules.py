"""Rules for questions with options, and what a notebook keeps of them: no letters."""

import builtins
import json
import re
from collections.abc import Iterator

from course.cells import Cell, Problem
from course.chapters import Chapter
from course.choices import asks_for_several
from course.names import defined_names
from course.options import ITEM, Option, Question, read_question

FEWEST, MOST = 3, 5
MAX_WHY = 40  # words
MIN_SAID = 4  # characters: a shorter option may stand anywhere
ENOUGH = 3  # questions of a chapter, before they can have a pattern


def choices(chapter: Chapter) -> Iterator[Problem]:
    """Every question with options can be answered, by thought alone."""
    for cell in chapter.choices.values():
        question = read_question(cell.source)
        for rule in (_form, _options, _verdicts, _given_away):
            yield from rule(cell, question)
        yield from _name(chapter, cell)
    yield from _bank(chapter)
    yield from _patterns(chapter)


def sealed_choices(chapter: Chapter) -> dict[str, str]:
    """What a notebook's first cell keeps of each question, as JSON by its id."""
    from utils.check.choice import sealed  # imports torch

    found = {}
    for exercise, cell in chapter.choices.items():
        letters = read_question(cell.source).letters()
        told = {k: (bool(o.is_right), o.why) for k, o in letters.items()}
        entry = {exercise: {"choice": sealed(exercise, told)}}
        found[exercise] = json.dumps(entry, separators=(",", ":"), sort_keys=True)
    return found


def _form(cell: Cell, question: Question) -> Iterator[Problem]:
    """A heading and a question, then nothing but the list."""
    if cell.is_code:
        yield cell.problem("a choice is text: `# %% [markdown] choice=...`")
    if not isinstance(cell.points, int | float) or cell.points <= 0:
        yield cell.problem("points missing: write choice=... points=1")
    if not re.match(r"#{1,6} \S", question.text):
        yield cell.problem("a question with options begins with a heading")
    if "?" not in question.text:
        yield cell.problem("a question with options asks something: no ?")
    first = min((option.line for option in question.options), default=0)
    for number, line in enumerate(cell.source.splitlines(), start=1):
        is_of_list = not line.strip() or line[0] == " " or ITEM.match(line)
        if 0 < first < number and not is_of_list:
            yield cell.problem("text after the options: it belongs above them", number)


def _options(cell: Cell, question: Question) -> Iterator[Problem]:
    """Three to five different options, of which one holds, or several if said."""
    count = len(question.options)
    if not FEWEST <= count <= MOST:
        yield cell.problem(f"{count} options; {FEWEST} to {MOST} are asked")
    seen = set()
    for option in question.options:
        text = _squeezed(option.text)
        if not text:
            yield cell.problem("an option without a text", option.line)
        elif text in seen:
            yield cell.problem(f"two options are {option.text}", option.line)
        seen.add(text)
    right, several = len(question.right()), asks_for_several(question)
    if several and right < 2:
        message = f"of {count} options {right} are right, and it says `Choose all`: "
        yield cell.problem(f"{message}the words give that away")
    if right != 1 and not several:
        message = f"of {count} options {right} are right, and one is asked: to ask for "
        yield cell.problem(f"{message}several, say `Choose all that hold`")


def _verdicts(cell: Cell, question: Question) -> Iterator[Problem]:
    """Each option says why it is right, or which thought leads to it."""
    names = [_squeezed(o.why) for o in question.options if not o.is_right]
    for option in question.options:
        if option.is_right is None or not option.why:
            message = "an option without `right: why` or `wrong: the mistake's name`"
            yield cell.problem(f"{message} below it", option.line)
            continue
        if (count := len(option.why.split())) > MAX_WHY:
            message = f"an explanation of {count} words; at most {MAX_WHY}"
            yield cell.problem(message, option.line)
        if not option.is_right and names.count(_squeezed(option.why)) > 1:
            message = f"two options have the mistake {option.why!r}: say what differs"
            yield cell.problem(message, option.line)
        is_sentence = option.why.endswith((".", "!", "?"))
        if not option.is_right and is_sentence:
            message = "a mistake's name is no sentence: take its last sign away"
            yield cell.problem(message, option.line)
        if option.is_right and not is_sentence:
            message = "what is said of the right option is a sentence: end it as one"
            yield cell.problem(message, option.line)


def _given_away(cell: Cell, question: Question) -> Iterator[Problem]:
    """Neither the question nor the name of a mistake holds the right option alone."""
    wrong = [option for option in question.options if not option.is_right]
    for right in (option for option in question.options if option.is_right):
        if _stands_in(right, question.text) and not any(
            _stands_in(option, question.text) for option in wrong
        ):
            yield cell.problem("the question holds the right option", right.line)
        for option in wrong:
            if _stands_in(right, option.why):
                message = "the name of this mistake holds the right option"
                yield cell.problem(message, option.line)


def _name(chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """The id is a new name in the notebook, which the student's letter is given to."""
    others = [c for c in chapter.exercises if c.is_code and c.id != cell.id]
    taken = set(dir(builtins)).union(*(defined_names(c.source) for c in others))
    if cell.id in taken:
        yield cell.problem(f"the id {cell.id!r} is a name that another cell defines")


def _bank(chapter: Chapter) -> Iterator[Problem]:
    """Its answers are its options, and its hints the names of the mistakes."""
    for answer in chapter.answers:
        is_written = answer.path.name == "answers.py"
        if answer.exercise in chapter.choices and is_written:
            message = f"{answer.exercise!r} has options: they are its answers and hints"
            yield Problem(answer.path, answer.line - 1, message)


def _patterns(chapter: Chapter) -> Iterator[Problem]:
    """Over a chapter, place and length don't tell which option is right."""
    found = [(c, read_question(c.source)) for c in chapter.choices.values()]
    found = [(cell, q) for cell, q in found if len(q.right()) == 1]
    if len(found) < ENOUGH:
        return
    cell = found[0][0]
    if len({question.right() for _, question in found}) == 1:
        yield cell.problem("the right option stands at the same place in each question")
    if all(_is_longest(question) for _, question in found):
        yield cell.problem("the right option is the longest in each question")


def _is_longest(question: Question) -> bool:
    lengths = [len(option.text) for option in question.options]
    place = next(i for i, option in enumerate(question.options) if option.is_right)
    return lengths[place] == max(lengths) and lengths.count(lengths[place]) == 1


def _stands_in(option: Option, text: str) -> bool:
    """Whether an option's text stands in another, as whole words."""
    said, text = _squeezed(option.text), _squeezed(text)
    whole = rf"(?<!\w){re.escape(said)}(?!\w)"
    return len(said) >= MIN_SAID and re.search(whole, text) is not None


def _squeezed(text: str) -> str:
    """Text without marks of Markdown, and with single spaces."""
    return " ".join(re.sub(r"[`*$]", "", text).casefold().split()).rstrip(".")
