"""Questions with options are read as their authors meant them."""

from course.options import read_question

SOURCE = """\
## 4. What is left?
A batch of 8 rows and 16 columns is summed with `dim=1`.

- `(16,)`
  wrong: dim=1 read as
  "keep the columns"
- `(8,)`, one number
  a row
  right: the axis that is named goes away
- `(8, 1)`
"""


def test_the_text_above_the_list_is_the_question():
    assert read_question(SOURCE).text.endswith("is summed with `dim=1`.")


def test_options_and_explanations_go_over_lines():
    first, second, _ = read_question(SOURCE).options
    assert (first.text, first.why) == ("`(16,)`", 'dim=1 read as "keep the columns"')
    assert second.text == "`(8,)`, one number a row"
    assert second.is_right
    assert first.is_right is False
    assert first.line == 4


def test_an_option_without_an_explanation_says_so():
    last = read_question(SOURCE).options[-1]
    assert last.is_right is None
    assert last.why == ""


def test_letters_go_by_the_order_of_the_list():
    question = read_question(SOURCE)
    assert list(question.letters()) == ["A", "B", "C"]
    assert question.right() == "B"


def test_several_right_letters_and_no_list():
    both = read_question("Which?\n\n- a\n  right: x\n- b\n  wrong: y\n- c\n  right: z")
    assert both.right() == "AC"
    assert read_question("No list at all.").options == ()
