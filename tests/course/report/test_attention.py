"""Whom a person should look at, and why."""

from course.report.attention import Reason, Waiting, looks, waiting
from course.report.gather import ClassWork


def test_what_could_not_be_read_comes_first_then_tampering_then_the_ungraded(work):
    found = looks(work)
    assert [look.student for look in found] == ["fay", "dan", "gil"]
    assert found[0].reasons == (
        Reason("could not be read", ("fay.ipynb is empty",), is_private=True),
    )
    silent, tampering = found[1].reasons
    assert tampering.what == "signs of tampering"
    assert tampering.details[0].startswith("cell half names the file")
    assert silent.what.startswith("not judged (the code hung")
    assert silent.details == ("row_sums",)
    (again,) = found[2].reasons
    assert again.what == "handed in and not graded: run course grade 01_toy"


def test_written_answers_that_wait_are_listed_by_question(work):
    assert waiting(work) == [Waiting("odd_halves", ("cleo",))]


def test_in_a_class_without_trouble_nobody_is_listed(work):
    calm = ClassWork(
        work.assignment,
        work.people,
        {"ann": work.marks["ann"]},
        {"ann": work.results["ann"]},
        ("ann",),
    )
    assert looks(calm) == waiting(calm) == []
    assert calm.missing() == ["ben", "cleo", "dan", "eve", "fay", "gil"]
