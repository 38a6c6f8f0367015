"""What is printed of a class, whatever its students wrote."""

from course.grade.plan import Assignment, Cell
from course.grade.record import Change
from course.grade.result import Result, Verdict
from course.grade.summary import show, show_changes

ODD = "[/bold] [red] ann"


def test_brackets_of_a_student_are_text(capsys):
    test = Cell("test", "test_half", "", 1)
    verdicts = {"test_half": Verdict("wrong", 1, mistake=ODD)}
    result = Result(ODD, "01_toy", problem=ODD, flags=[ODD], verdicts=verdicts)
    show(Assignment("01_toy", (test,), ""), [result], 1.0)
    show_changes([Change(ODD, "half", 0, 1)])
    assert capsys.readouterr().out.count(ODD) == 6
