"""What a wrong answer without a name gave, small enough for the gradebook.

A report groups a class's wrong answers by it, so that the next bank can name them.
"""

import json

from utils.check.describe import describe
from utils.check.outcome import Outcome
from utils.check.sketch import sketched
from utils.check.store import count_numbers, to_json

MAX_NUMBERS = 1_000
MAX_CHARACTERS = 4_000


def written_down(returned: tuple[str, Outcome] | None) -> list | None:
    """Place, value in words, and the value as JSON; of long tensors three sums.

    Args:
        returned: the place in the test, and the outcome there; None if there is none.

    Returns:
        `["probe 2", "tensor([1, 2])", ["tensor", ...]]`; of what is too long the words
        stand in the value's place.
    """
    if returned is None:
        return None
    place, outcome = returned
    words = describe(outcome)
    if count_numbers(outcome) <= MAX_NUMBERS:
        text = to_json(sketched(outcome))
        if len(text) <= MAX_CHARACTERS:
            return [place, words, json.loads(text)]
    return [place, words, ["other", words]]
