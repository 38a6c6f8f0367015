"""Hostile submissions, graded and opened where people look at them: nothing runs."""

import json
import re
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from browser import poke

from course.chapters import read_chapter
from course.requirements import ROOT
from tests.attacks.corpus import Attack, hand_in, read_corpus
from tests.course.grade.inert.hostile_outputs import HOST, VECTORS
from tests.e2e import pages
from tests.e2e.axe import findings, grave

SLUG = "03_linear_regression"
HONEST = Attack("all", "honest", {"honest": "all"})
ATTACKS = [attack for attack in read_corpus() if attack.kind == "feedback"]
NUMBERED = list(enumerate(VECTORS))
# What strangers wrote, in formgrader; not each word of their code.
WRITTEN = ".output_area *, .rendered_html *, .input_area :not(span)"
SHOW = """
from IPython.display import display
for kind, content in {shown!r}:
    display({{kind: content}}, raw=True)
"""

# What `course grade`, `course feedback` and `course report` do, imported once for all.
GRADE = f"""
from course.cli import main

for verb in ("grade", "feedback", "report"):
    main([verb, {SLUG!r}], standalone_mode=False)
"""


def every_vector() -> Attack:
    """One who shows every hostile output and writes every hostile Markdown."""
    texts = [v.filled(n) for n, v in NUMBERED if v.kind == "markdown"]
    shown = [(v.kind, v.filled(n)) for n, v in NUMBERED if "/" in v.kind]
    extra = [
        {"after": "", "source": SHOW.format(shown=shown[start : start + 8])}
        for start in range(0, len(shown), 8)
    ]
    edits = [{"cell": "why_not_squares", "set": {"source": "\n\n".join(texts)}}]
    return Attack("vectors", "feedback", {"extra": extra, "edits": edits})


@pytest.fixture(scope="module")
def graded(lab, run):
    """The course once everybody is graded, with feedback and the class report."""
    release = lab.course / "release" / SLUG / f"{SLUG}.ipynb"
    blank = json.loads(release.read_text(encoding="utf-8"))
    chapter = read_chapter(ROOT / "chapters" / SLUG)
    right = {n: chapter.bank(n, "right")[0].source for n in chapter.cells("exercise")}
    for attack in (HONEST, every_vector(), *ATTACKS):
        folder = lab.course / "submitted" / attack.student / SLUG
        hand_in(attack, blank, right, folder)
    told = run("python", "-c", GRADE)
    assert f"{len(ATTACKS) + 2} graded now" in told
    return lab


class Visitor:
    """Opens pages and pokes what strangers wrote.

    Args:
        watched: the page to do it with.
    """

    def __init__(self, watched):
        self.watched, self.ran = watched, []
        watched.page.expose_function("pwned", lambda number: self.ran.append(number))

    def visit(self, address: str, within: str) -> None:
        """Open a page, do what a person could do, and expect to be there still."""
        page = self.watched.page
        page.goto(address, wait_until="load")
        assert poke(page, within) > 20, f"nothing to poke on {address}"
        # Formgrader puts the place in its list behind the address: `?index=0`.
        assert page.url.startswith(address)

    def served(self, lab, path: Path) -> str:
        """Where JupyterLab's "Open in New Browser Tab" leads."""
        cookies = {c["name"]: c["value"] for c in self.watched.page.context.cookies()}
        query = urlencode({"_xsrf": cookies["_xsrf"]})
        name = quote(path.relative_to(lab.course).as_posix())
        return f"{lab.address}/files/{name}?{query}"

    def seen(self) -> tuple[list, list]:
        """What ran, and the boxes that came up."""
        return self.ran, self.watched.boxes


@pytest.fixture(scope="module")
def visitor(open_page, lab):
    """A person with a browser that is logged in."""
    watched = open_page()
    pages.open_lab(watched.page, lab, "/api/status")
    return Visitor(watched)


@pytest.fixture
def submissions(graded, visitor) -> list[str]:
    """The addresses of all submissions in formgrader."""
    page = visitor.watched.page
    page.goto(f"{graded.address}/formgrader/gradebook/{SLUG}/{SLUG}")
    links = page.get_by_role("link", name=re.compile("Submission #"))
    links.first.wait_for()
    paths = [link.get_attribute("href") for link in links.all()]
    return [f"{graded.address}{path}" for path in paths]


def test_what_runs_would_be_noticed(open_page):
    visitor = Visitor(open_page())
    image = f"<img src='{HOST}/5'>"
    visitor.watched.page.set_content(f"<script>alert(1); pwned(7)</script>{image}")
    visitor.watched.page.wait_for_load_state("networkidle")
    assert visitor.seen() == ([7], ["1"])
    assert visitor.watched.elsewhere == [f"{HOST}/5"]


def test_the_vectors_were_shown_and_graded(graded):
    folder = graded.course / "autograded" / "feedback-vectors" / SLUG
    notebook = json.loads((folder / f"{SLUG}.ipynb").read_text(encoding="utf-8"))
    shown = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    assert len(shown) >= sum("/" in vector.kind for vector in VECTORS)


def test_no_submission_runs_anything_in_formgrader(visitor, submissions, pictures):
    assert len(submissions) == len(ATTACKS) + 2
    for address in submissions:
        visitor.visit(address, WRITTEN)
    assert visitor.seen() == ([], [])
    assert visitor.watched.elsewhere == []
    pictures.window("hostile-in-formgrader", visitor.watched.page)


@pytest.mark.parametrize("safe", [True, False])
def test_formulas_hold_no_link_even_where_markdown_let_it_pass(
    visitor, submissions, safe
):
    """MathJax's own extension sees to it, beside what grading has done to the text."""
    page = visitor.watched.page

    def undo(route) -> None:
        answer = route.fetch()
        text = re.sub(r"\\ (href|style)", r"\\\1", answer.text())
        text = text if safe else text.replace('"ui/safe"', "")
        route.fulfill(response=answer, body=text)

    page.route("**/formgrader/submissions/**", undo)
    links = styles = 0
    for address in submissions:
        page.goto(address)
        page.locator("mjx-container").first.wait_for()
        links += page.locator("mjx-container a").count()
        styles += page.locator("mjx-container [style*=cursor]").count()
    page.unroute("**/formgrader/submissions/**")
    assert (links > 0, styles > 0) == (not safe, not safe)


def test_no_feedback_page_runs_anything(graded, visitor, pictures):
    found = sorted((graded.course / "feedback").glob(f"*/{SLUG}/{SLUG}.html"))
    assert len(found) == len(ATTACKS) + 2
    for path in found:
        visitor.visit(visitor.served(graded, path), "main *")
    assert visitor.seen() == ([], [])
    pictures.window("hostile-in-feedback", visitor.watched.page)


def test_the_class_report_runs_nothing_and_has_no_grave_fault(
    graded, visitor, pictures
):
    [path] = (graded.course / "reports").glob("*.html")
    visitor.visit(path.as_uri(), "body *")
    assert visitor.seen() == ([], [])
    assert grave(visitor.watched.page) == []
    pictures.window("class-report", visitor.watched.page)


def test_axe_finds_a_picture_without_words_and_a_page_without_a_language(open_page):
    page = open_page().page
    page.set_content("<main><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>")
    rules = {line.split()[1] for line in findings(page)}
    assert {"image-alt", "html-has-lang"} <= rules
