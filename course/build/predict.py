"""A prediction: a question before an experiment, built to HTML that needs no script.

Each option is a `<details>`: its text is what a reader opens, and below it stands what
is to be said of it. Blank lines let everybody's Markdown read that part by itself; the
option's text is in a line of HTML, so it is converted here. A closed `<details>` is not
printed: all explanations stand once more at the lecture's end, under a heading.
"""

import re
from collections.abc import Iterable

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from course.cells import Cell
from course.chapters import Chapter
from course.options import Option, Question, read_question

LEAD = "**Predict.**"
# The name of a thought ends at the first full stop that isn't within a word or number.
THOUGHT = re.compile(r"(.+?)\.(?:\s+(.*))?")
OPTION = """\
<details class="predict">
<summary><b>{letter}.</b> {text}</summary>

{verdict}

</details>
"""
DECIDE = "*Decide first, then open your option.*"
ANSWERS = """\
## Answers to the predictions

For a reader on paper, where nothing opens."""


def asked(chapter: Chapter) -> list[Cell]:
    """A lecture's predictions, in order."""
    return [cell for cell in chapter.lecture if cell.role == "predict"]


def predict_cell(source: str, number: int) -> str:
    """The Markdown of a prediction's cell.

    Args:
        source: the cell as authored, without problems.
        number: which of the lecture's predictions it is, from 1.
    """
    question = read_question(source)
    text = question.text.replace(LEAD, f"**Predict {number}.**", 1)
    options = [
        OPTION.format(
            letter=letter, text=inline_html(option.text), verdict=_said(option)
        )
        for letter, option in question.letters().items()
    ]
    return "\n\n".join((text, DECIDE, "".join(options).rstrip()))


def answers_cell(sources: Iterable[str]) -> str:
    """The Markdown of a lecture's last cell: each right letter, and why."""
    questions = map(read_question, sources)
    answers = [_answer(number, q) for number, q in enumerate(questions, start=1)]
    return "\n\n".join((ANSWERS, *answers))


def thought(option: Option) -> tuple[str, str]:
    """The name of the thought behind a wrong option, and what is wrong with it."""
    found = THOUGHT.fullmatch(option.why)
    return (found[1], found[2] or "") if found else (option.why, "")


def inline_html(text: str) -> str:
    """An option's text as HTML that stands within a line: `code`, *emphasis*, $x$."""
    return _markdown().renderInline(text)


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).use(dollarmath_plugin)
    markdown.add_render_rule("math_inline", _formula)
    return markdown


def _formula(renderer, tokens, index, options, env) -> str:
    """A formula stays TeX between dollars: MathJax and KaTeX find it in HTML, too.

    Some escape `<` again and some don't; TeX has names for both signs.
    """
    tex = tokens[index].content.replace("<", r"\lt ").replace(">", r"\gt ")
    return f'<span class="math">${tex}$</span>'


def _said(option: Option) -> str:
    if option.is_right:
        return f"**Right:** {option.why}"
    name, error = thought(option)
    return f"**Not so: {name}.** {error}"


def _answer(number: int, question: Question) -> str:
    letters = question.letters()
    right = "".join(
        f"**Predict {number}, {letter}:** {option.why}"
        for letter, option in letters.items()
        if option.is_right
    )
    wrong = [
        "- {}: *{}.* {}".format(letter, *thought(option))
        for letter, option in letters.items()
        if not option.is_right
    ]
    return "\n".join((right, "", *wrong))
