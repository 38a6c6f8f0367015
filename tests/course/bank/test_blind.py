"""Wrong answers tried as if the bank did not know them, and names told by relation."""

import ast

from course.bank.blind import blindly, without_names
from course.bank.judge import judge
from course.bank.pool import prepare
from course.build.freeze import freeze, setup_modules
from course.chapters import read_chapter
from course.new import TEMPLATE

TEST = """check.probe(f, 2)  # the first
check.close(f(3), 9, mistakes={"tripled": 9, "é": lambda got: got > 1})
### BEGIN HIDDEN TESTS
check.close(g(f(3)), 9, what="it", mistakes=NAMES)
### END HIDDEN TESTS
"""


def test_names_written_by_hand_are_taken_out_and_nothing_else():
    bare = without_names(TEST)
    assert bare == TEST.replace(
        '{"tripled": 9, "é": lambda got: got > 1}', "None"
    ).replace("NAMES", "None")
    ast.parse(bare)


def test_each_wrong_answer_is_told_what_its_values_say_without_the_bank():
    chapter = read_chapter(TEMPLATE)
    frozen = freeze(chapter)
    prepare(setup_modules(chapter))
    told = blindly(chapter, frozen)
    titles = {a.title for e in told for a in chapter.bank(e, "wrong")}
    assert {title for said in told.values() for title in said} == titles
    assert any(words for said in told.values() for words in said.values())
    scores = judge(chapter, frozen, with_relations=True)
    assert {exercise: score.blind for exercise, score in scores.items()} == told
    assert all(not score.faults for score in scores.values())
