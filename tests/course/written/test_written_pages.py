"""The pages of written answers, in a real server: who gets them, what they save."""

import json
import re
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

import pytest
from written_class import (
    FULL,
    PEOPLE,
    QUESTION,
    RUBRIC,
    SLUG,
    TEXTS,
    graded,
    make_course,
    record_all,
    write_as_stock,
)

from tests.lab import TOKEN, Lab, serving

LIST = "/formgrader/written"
PAGE = f"{LIST}/{SLUG}/{QUESTION}"
HOSTILE = """\
<script>alert(1)</script> <img src=x onerror=alert(2)>
[click](javascript:alert(3)) ![p](http://elsewhere.example/p.png)
"""


@pytest.fixture(scope="module")
def lab(built_toy, tmp_path_factory):
    """A server on a course whose class waits for a person."""
    folder = tmp_path_factory.mktemp("written")
    course = make_course(built_toy, folder / "course")
    with (course / "jupyter_lab_config.py").open("a") as settings:
        settings.write("c.WrittenAnswers.anonymous = True\n")
    with serving(course, folder / "home") as running:
        yield running


class Person:
    """A browser without scripts: cookies, pages, and what a page would send.

    Args:
        lab: the server.
        token: what it logs in with; "" for somebody who doesn't.
    """

    def __init__(self, lab: Lab, token: str = TOKEN):
        self.lab, self.cookies = lab, CookieJar()
        handler = urllib.request.HTTPCookieProcessor(self.cookies)
        self.opener = urllib.request.build_opener(handler)
        if token:
            self.get(f"/api/status?token={token}")

    def get(self, page: str):
        """The response to a page, and its text."""
        response = self.opener.open(f"{self.lab.address}{page}")
        return response, response.read().decode()

    def text(self, page: str) -> str:
        """A page's text."""
        return self.get(page)[1]

    def form(self, page: str) -> dict[str, str]:
        """What a page knows of its answer."""
        html = self.text(page)
        names = ("answer", "version", "xsrf")
        return {name: re.search(rf'data-{name}="([^"]*)"', html)[1] for name in names}

    def send(self, form: dict, points: str, comment: str = "", **changes):
        """Save; the status and what the server says."""
        fields = {"points": points, "comment": comment}
        values = {**{name: form[name] for name in ("answer", "version")}, **fields}
        return self.post(json.dumps({**values, **changes}).encode(), form["xsrf"])

    def post(self, body: bytes, xsrf: str):
        """Send bytes to the page of the question."""
        request = urllib.request.Request(f"{self.lab.address}{PAGE}", data=body)
        request.add_header("X-XSRFToken", xsrf)
        try:
            with self.opener.open(request) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            is_json = "json" in error.headers["Content-Type"]
            return error.code, json.loads(text) if is_json else text


@pytest.fixture(scope="module")
def person(lab):
    return Person(lab)


@pytest.fixture(autouse=True)
def fresh(lab):
    """Each test begins with answers that wait, and that nobody gave points to."""
    from nbgrader.api import Gradebook
    from written_class import db_url

    record_all(lab.course, TEXTS)
    with Gradebook(db_url(lab.course)) as gradebook:
        for student in TEXTS:
            grade = gradebook.find_grade(QUESTION, SLUG, SLUG, student)
            grade.manual_score, grade.needs_manual_grade = None, True
            comment = gradebook.find_comment(QUESTION, SLUG, SLUG, student)
            comment.manual_comment = None
        gradebook.db.commit()


def at(person: Person, student: str) -> str:
    """The page of one student's answer."""
    name = PEOPLE[student][1]
    page = f"{PAGE}?anonymous=0"
    for _ in TEXTS:
        html = person.text(page)
        if re.search(rf'class="about">[^;]*{name}', html):
            return page
        page = re.search(r'id="next" rel="next" href="([^"]+)"', html)[1]
        page = page.replace("&amp;", "&")
    raise AssertionError(f"no page of {student}")


def test_the_list_says_how_many_wait(person):
    html = person.text(LIST)
    row = re.search(rf"<tr>\s*<td>{SLUG}.*?</tr>", html, re.S)[0]
    assert re.findall(r'class="number">([^<]+)<', row) == ["2", "3", "3"]
    assert f'href="{PAGE}?' in row


def test_formgraders_manual_grading_leads_there(person):
    html = person.text("/formgrader/gradebook")
    assert f'href="{LIST}"' in html and "Loading, please wait" in html
    assert person.get(LIST)[0].status == 200


def test_the_page_has_question_sample_rubric_and_answer(person):
    html = person.text(at(person, "ben"))
    assert "When is half of an integer no integer?" in html
    assert "2 does not divide it" in html
    assert FULL in html and "SOLUTION" not in html
    assert "When it is *negative*." in html
    assert "Birch, Ben (ben)" in html


def test_points_and_comment_are_nbgraders_own(lab, person):
    form = person.form(at(person, "ben"))
    status, said = person.send(form, "1,5", " Nearly. ")
    assert (status, said["said"]) == (200, "Saved: 1.5 of 2 points.")
    assert graded(lab.course, "ben") == (1.5, False, "Nearly.")
    assert person.send({**form, **said}, "2")[0] == 200
    assert graded(lab.course, "ben") == (2, False, None)


@pytest.mark.parametrize(
    ("points", "why"),
    [
        ("2.5", "2.5 points are out of range: 0 to 2"),
        ("-1", "-1 points are out of range"),
        ("nan", "'nan' is no number"),
        ("inf", "'inf' is no number"),
        ("two", "'two' is no number"),
        (" ", "there are none"),
    ],
)
def test_points_that_are_none_are_refused_in_words(lab, person, points, why):
    status, said = person.send(person.form(at(person, "ann")), points, "kept?")
    assert status == 400 and why in said["error"]
    assert graded(lab.course, "ann") == (None, True, None)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"answer": 3}', b"\xff"])
def test_what_is_no_form_of_ours_is_refused(person, body):
    status, said = person.post(body, person.form(PAGE)["xsrf"])
    assert status == 400 and "expected JSON" in said["error"]


def test_an_answer_that_was_handed_in_anew_meanwhile_is_not_overwritten(lab, person):
    form = person.form(at(person, "ann"))
    record_all(lab.course, {"ann": "When it is <b>even</b>."})
    status, said = person.send(form, "2", "Right.")
    assert status == 409 and "graded anew" in said["error"]
    assert "When it is &lt; b&gt;even" in said["html"]
    assert graded(lab.course, "ann") == (None, True, None)
    assert person.send({**form, **said}, "0", "Now wrong.")[0] == 200
    assert graded(lab.course, "ann") == (0, False, "Now wrong.")


def test_points_of_somebody_else_meanwhile_are_not_overwritten(lab, person):
    form = person.form(at(person, "ann"))
    assert person.send(form, "1", "Theirs.")[0] == 200
    status, said = person.send(form, "2", "Mine.")
    assert status == 409 and said["there"] == "1 of 2 points, the comment 'Theirs.'"
    assert graded(lab.course, "ann") == (1, False, "Theirs.")


def test_graded_again_a_persons_points_stand_and_are_looked_at_again(lab, person):
    page = at(person, "ann")
    assert person.send(person.form(page), "1", "Theirs.")[0] == 200
    record_all(lab.course, TEXTS)
    assert graded(lab.course, "ann") == (1, True, "Theirs.")
    html = person.text(page)
    assert "Graded anew since a person gave 1" in html and 'value="1"' in html


@pytest.mark.parametrize("page", [PAGE, f"{PAGE}?anonymous=1"], ids=["set", "asked"])
def test_without_names_no_name_is_in_the_page(lab, person, page):
    pages = []
    for _ in TEXTS:
        pages.append(person.text(page))
        page = re.search(r'rel="next" href="([^"]+)"', pages[-1])[1]
        page = page.replace("&amp;", "&")
    answers = {text for text in TEXTS.values() for html in pages if text in html}
    assert answers == set(TEXTS.values())
    words = [word for student in PEOPLE for word in (student, *PEOPLE[student])]
    for html in (*pages, person.text(f"{LIST}?anonymous=1")):
        assert not re.search(rf"\b({'|'.join(words)})\b", html, re.IGNORECASE)
    (lab.course / "autograded" / "ann" / SLUG / f"{SLUG}.ipynb").unlink()
    html = "".join(person.text(f"{PAGE}?anonymous=1&at={f}") for f in _ids(pages))
    assert "missing or damaged" in html
    assert not re.search(r"\b(ann|Apfelbaum)\b", html, re.IGNORECASE)


def _ids(pages: list[str]) -> list[str]:
    return [re.search(r'data-answer="([^"]*)"', html)[1] for html in pages]


def test_only_those_that_wait_are_gone_through(person):
    assert person.send(person.form(at(person, "ben")), "1")[0] == 200
    html = person.text(f"{PAGE}?waiting=1&anonymous=0")
    assert "answer 1 of 2, Apfelbaum" in html and "2 of 3 wait" in html


def test_whoever_is_not_logged_in_gets_neither_page_nor_points(lab, person):
    form = person.form(at(person, "ann"))
    stranger = Person(lab, token="")
    for page in (LIST, PAGE):
        response, html = stranger.get(page)
        assert "/login" in response.url and "Apfelbaum" not in html
    status, _ = stranger.send(form, "2", "Mine.")
    assert status == 403
    assert graded(lab.course, "ann") == (None, True, None)


@pytest.mark.parametrize("xsrf", ["", "2|00000000|00000000000000000000000000000000|1"])
def test_a_page_of_somebody_elses_can_not_send(lab, person, xsrf):
    form = person.form(at(person, "ann"))
    status, _ = person.send({**form, "xsrf": xsrf}, "2", "Mine.")
    assert status == 403
    assert graded(lab.course, "ann") == (None, True, None)


@pytest.mark.parametrize("write", [None, write_as_stock], ids=["ours", "stock"])
def test_what_a_student_wrote_is_text(lab, person, write):
    record_all(lab.course, {"ann": HOSTILE})
    if write:
        write(lab.course, "ann", HOSTILE)
    response, html = person.get(at(person, "ann"))
    answer = re.search(r'<div id="answer">(.*?)</div>', html, re.S)[1]
    assert set(re.findall(r"<(\w+)", answer)) == {"pre"}
    assert "alert(1)" in answer
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "default-src 'none'" in policy


def test_an_unknown_question_or_answer_is_not_there(person):
    for page in (f"{LIST}/{SLUG}/other", f"{PAGE}?at=other", f"{LIST}/x/{QUESTION}"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            person.get(page)


def test_a_rubric_that_does_not_fit_is_told_and_the_rest_works(lab, person):
    path = lab.course / "chapters" / SLUG / "rubric.toml"
    path.write_text(RUBRIC.replace("points = 1\n", "points = 2\n"), encoding="utf-8")
    try:
        html = person.text(at(person, "ann"))
    finally:
        path.write_text(RUBRIC, encoding="utf-8")
    assert "worth 4 points together, the question 2" in html
    assert 'id="comment"' in html and "data-key" not in html
