"""Names fall into tokens and are glued together again without loss."""

import torch
from num2words import num2words

from utils.french import by_parts, draw_numbers, french, written


def test_a_hyphen_begins_a_token_of_its_own():
    assert french(91) == ["quatre", "-vingt", "-onze"]
    assert french(201) == ["deux", "cent", "un"]


def test_no_name_is_changed_by_cutting_and_gluing():
    for n in (0, 71, 80, 81, 200, 276_391, *range(0, 99_999, 997)):
        assert written(french(n)) == num2words(n, lang="fr")


def test_a_name_by_parts_knows_the_table_and_no_rule():
    table = {0: ["zéro"], 1: ["un"], 3: ["trois"], 200: ["deux", "cents"]}
    assert by_parts(3001, table) == ["trois", "mille", "un"]
    assert by_parts(1000, table) == ["mille"] and by_parts(1003, table)[0] == "mille"
    assert by_parts(200_000, table) == ["deux", "cents", "mille"] != french(200_000)
    assert by_parts(4001, table) == ["?", "mille", "un"]
    assert by_parts(0, table) == ["zéro"] and by_parts(1004, table)[-1] == "?"


def test_numbers_differ_and_have_the_lengths_asked_for():
    torch.manual_seed(0)
    numbers = draw_numbers(300, lengths=(3, 5))
    assert len({*numbers}) == 300 and {len(str(n)) for n in numbers} == {3, 5}
    assert numbers != sorted(numbers)
    torch.manual_seed(0)
    assert draw_numbers(300, lengths=(3, 5)) == numbers
