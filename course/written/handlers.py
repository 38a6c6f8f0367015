"""The pages of written answers, for whoever may use formgrader.

What a student wrote is text on them, and nothing comes from elsewhere. Without names
they hold nothing that tells who wrote an answer but the answer.
"""

import functools
import json
from pathlib import Path
from urllib.parse import quote

import jinja2
from nbgrader.server_extensions.formgrader.base import (
    BaseHandler,
    check_notebook_dir,
    check_xsrf,
)
from sqlalchemy.exc import SQLAlchemyError
from tornado import web
from traitlets import Bool
from traitlets.config import Configurable

from course.chapters import ChapterError
from course.grade.highlighting import STYLES
from course.grade.plan import read_assignment
from course.whole import CannotWrite
from course.written.answers import (
    Answer,
    Answers,
    Question,
    Refused,
    Stale,
    read_points,
)
from course.written.rubric import find_rubric, read_rubric
from course.written.shown import show_answer, show_question
from course.written.view import View, find_place

HERE = Path(__file__).parent
TEMPLATES = (HERE, HERE.parent / "report", HERE.parent / "grade")
MAX_COMMENT = 20_000  # characters
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


class WrittenAnswers(Configurable):
    """The settings of these pages."""

    anonymous = Bool(False, help="Whether names are left out, if not asked for.").tag(
        config=True
    )


class Handler(BaseHandler):
    """What the pages share."""

    @property
    def content_security_policy(self) -> str:
        """Scripts are ours alone, whatever a page shows."""
        return POLICY

    @property
    def root(self) -> Path:
        """The course's folder."""
        return Path(self.coursedir.root)

    def view(self) -> View:
        """What the address asks for, else the setting."""
        usual = WrittenAnswers(parent=self.serverapp).anonymous
        anonymous = self.get_argument("anonymous", f"{usual:d}") == "1"
        return View(anonymous, self.get_argument("waiting", "0") == "1")

    def page(self, name: str, **values) -> None:
        """Send a page."""
        here = f"{self.base_url}/formgrader"
        html = template(name).render(formgrader=here, styles=STYLES, **values)
        self.finish(html)


class QuestionsHandler(Handler):
    """The list of questions: how many answers wait."""

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    def get(self) -> None:
        """Send it."""
        with Answers(self.db_url) as answers:
            questions = answers.questions()
        self.page("questions.html.j2", questions=questions, view=self.view())


class AnswersHandler(Handler):
    """One question, answer by answer."""

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    def get(self, slug: str, name: str) -> None:
        """Send the page of one answer: the one that is asked for, or the next to do."""
        with Answers(self.db_url) as answers:
            question = self.question(answers, slug, name)
            found = answers.answers(question)
        view = self.view()
        place = find_place(found, view, self.get_argument("at", ""))
        if place is None:
            raise web.HTTPError(404, "this answer is no longer in the gradebook")
        shown = show_answer(self.root, place.answer.student, question)
        self.page(
            "answers.html.j2",
            question=question,
            place=place,
            answer=place.answer,
            shown=shown,
            version=place.answer.version(shown.source),
            waiting=sum(answer.waits for answer in found),
            view=view,
            xsrf=self.xsrf_token.decode(),
            **self.asked(question),
        )

    @web.authenticated
    @check_notebook_dir
    def post(self, slug: str, name: str) -> None:
        """Save points and comment of one answer; Jupyter has checked the XSRF token."""
        try:
            self.finish(self.saved(slug, name, read_body(self.request.body)))
        except Refused as error:
            self.refuse(400, str(error))
        except (CannotWrite, SQLAlchemyError) as error:
            why = getattr(error, "orig", None) or error
            self.refuse(503, f"The gradebook can't be written: {why}")

    def saved(self, slug: str, name: str, body: dict) -> dict:
        """Save what a page sent, and tell it what there is now."""
        points = read_points(body["points"])
        with Answers(self.db_url) as answers:
            question = self.question(answers, slug, name)

            def source(answer: Answer) -> str:
                return show_answer(self.root, answer.student, question).source

            now = (body["answer"], body["version"], points, body["comment"].strip())
            try:
                answer = answers.save(question, *now, source)
            except Stale as error:
                self.set_status(409)
                return {"error": str(error), **self.there(answers, question, body)}
        said = f"Saved: {points:g} of {question.points:g} points."
        return {"said": said, "version": answer.version(source(answer))}

    def there(self, answers: Answers, question: Question, body: dict) -> dict:
        """What lies there in the place of what a person saw."""
        found = [a for a in answers.answers(question) if a.id == body["answer"]]
        if not found:
            return {}
        shown = show_answer(self.root, found[0].student, question)
        html = template("answer.html.j2").render(shown=shown)
        score = f"{found[0].score:g}" if found[0].by_hand else "none"
        words = found[0].comment
        comment = f"the comment {words!r}" if words else "no comment"
        said = f"{score} of {question.points:g} points, {comment}"
        version = found[0].version(shown.source)
        return {"html": html, "there": said, "version": version}

    def refuse(self, status: int, words: str) -> None:
        """Say why nothing was saved."""
        self.set_status(status)
        self.finish({"error": words})

    def question(self, answers: Answers, slug: str, name: str) -> Question:
        """The question of an address."""
        found = [q for q in answers.questions(slug) if q.id == name]
        if not found:
            raise web.HTTPError(404, f"nobody answered a question {name} of {slug}")
        return found[0]

    def asked(self, question: Question) -> dict:
        """The question, a sample answer and the rubric, or what is wrong there."""
        found = {"prompt": "", "sample": "", "criteria": (), "problem": ""}
        try:
            assignment = read_assignment(self.root / "source", question.slug)
        except (FileNotFoundError, RuntimeError) as error:
            return {**found, "problem": f"The question can't be shown: {error}"}
        found["prompt"], found["sample"] = show_question(assignment, question.id)
        worth = {cell.grade_id: cell.points for cell in assignment.by_person()}
        try:
            rubric = read_rubric(find_rubric(self.root, question.slug), worth)
        except ChapterError as error:
            return {**found, "problem": f"The rubric can't be used. {error}"}
        return {**found, "criteria": rubric.get(question.id, ())}


def read_body(content: bytes) -> dict[str, str]:
    """What a page sent.

    Raises:
        Refused: it is not what our page sends.
    """
    fields = ("answer", "version", "points", "comment")
    try:
        body = {name: json.loads(content)[name] for name in fields}
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"expected JSON with {', '.join(fields)}") from error
    if not all(isinstance(value, str) for value in body.values()):
        raise Refused(f"expected texts for {', '.join(fields)}")
    if len(body["comment"]) > MAX_COMMENT:
        raise Refused(f"The comment is longer than {MAX_COMMENT:,} characters.")
    return body


@functools.cache
def template(name: str) -> jinja2.Template:
    """One of the pages, which escape whatever is put into them."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["points"] = lambda number: f"{number:g}"
    environment.filters["path"] = lambda text: quote(text)
    return environment.get_template(name)


def handlers() -> list[tuple]:
    """The addresses, below the server's own, and what answers there."""
    return [
        (r"/formgrader/(written\.js)", web.StaticFileHandler, {"path": HERE}),
        (r"/formgrader/written/?", QuestionsHandler),
        (r"/formgrader/written/([^/]+)/(.+)", AnswersHandler),
    ]
