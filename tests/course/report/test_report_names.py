"""Pseudonyms replace names everywhere, the same in one report, another in the next."""

import re
from dataclasses import replace

import pytest
from class_by_hand import PEOPLE, SLUG

from course.report import command
from course.report.attention import Reason
from course.report.gather import ClassWork, Person
from course.report.names import Names, Pseudonyms
from course.report.page import all_page, class_page
from course.report.table import all_rows, class_rows, csv_text


@pytest.fixture
def hidden(work) -> Pseudonyms:
    return Pseudonyms(work.people)


def words_of(people) -> set[str]:
    """All that would tell who a student is."""
    return {
        word
        for person in people
        for word in (person.id, person.first_name, person.last_name, person.email)
        if word
    }


def test_no_name_is_in_page_or_table(work, hidden, no_figures):
    page = class_page(work, hidden)
    together = all_page([work], hidden, {SLUG: "x.html"})
    table = csv_text(class_rows(work, hidden)) + csv_text(all_rows([work], hidden))
    for text in (page, together, table):
        for word in words_of(PEOPLE):
            assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text), word


def test_with_names_they_are_there(work, no_figures):
    page = class_page(work, Names(work.people))
    assert "Fir, Fay (fay)" in page
    assert "../ann/answers" in page


def test_each_student_has_one_pseudonym_of_their_own(work, hidden):
    shown = {hidden.show(student) for student in work.people}
    assert shown == {f"Student {n}" for n in range(1, len(PEOPLE) + 1)}
    assert hidden.columns("ann") == (hidden.show("ann"), "", "")
    assert hidden.sort(work.people) == sorted(work.people, key=hidden.show)


def test_the_next_report_has_others():
    """A hash of the name, or a number in the order of names, would be the same."""
    people = {f"s{n}": Person(f"s{n}") for n in range(60)}
    first, second = (Pseudonyms(people) for _ in range(2))
    assert [first.show(s) for s in people] != [second.show(s) for s in people]
    alphabetical = [f"Student {n:02}" for n in range(1, 61)]
    assert [first.show(s) for s in people] != alphabetical


def test_rows_are_not_in_the_order_of_names(work):
    people = {f"s{n:02}": Person(f"s{n:02}") for n in range(60)}
    names = Pseudonyms(people)
    rows = class_rows(ClassWork(work.assignment, people), names)
    shown = [row[0] for row in rows[1:]]
    assert shown == sorted(shown)


def test_quotations_and_names_are_left_out_of_texts(hidden):
    text = "as Birch and BEN_2 did, benign, the file 'it\\'s Anna' and more"
    left_out = "as [left out] and [left out]_2 did, benign, the file [left out]"
    assert hidden.text(text) == left_out


def test_names_of_files_are_left_out(work, hidden):
    """Students call them as they like: "annapfelbaum.ipynb" is found by no list."""
    problem = Reason("could not be read", ("annapfelbaum.ipynb is empty",), True)
    assert hidden.reason(problem) == "could not be read"
    assert Names(work.people).reason(problem).endswith(": annapfelbaum.ipynb is empty")


def test_a_student_has_the_same_pseudonym_in_all_reports_of_one_run(work):
    other = replace(work, assignment=replace(work.assignment, slug="02_other"))
    names = command._names([work, other], has_pseudonyms=True)
    first, second = (class_rows(w, names) for w in (work, other))
    assert [row[0] for row in first] == [row[0] for row in second]
    assert [row[4] for row in first] == [row[4] for row in second]


def test_files_with_pseudonyms_have_names_of_their_own(work, tmp_path, no_figures):
    files = command._write_one(tmp_path, work, Pseudonyms(work.people))
    files += command._write_one(tmp_path, work, Names(work.people))
    assert [path.name for path in files] == [
        "01_toy-pseudonyms.html",
        "01_toy-pseudonyms.csv",
        "01_toy.html",
        "01_toy.csv",
    ]
