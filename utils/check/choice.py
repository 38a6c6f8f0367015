"""Questions with options: a choice is right, or the thought behind it has a name.

The first cell of a notebook holds no letter. What there is to say of an option is
sealed with its letter, so that neither says anything at a glance. It is no secret:
there are 31 choices at most, and whoever wants to may try them all.
"""

import base64
import hashlib
import re
import unicodedata
from typing import Any

from utils.check.describe import describe
from utils.check.errors import NotAttempted, NothingFrozen, WrongAnswer
from utils.check.outcome import MAX_ITEMS, Outcome, freeze
from utils.check.session import session

MISSING = "one that holds is missing"
RIGHT, WRONG = "right", "wrong"
_BETWEEN = re.compile(r"[\s,;.]+")


def choice(exercise: str, value: Any) -> None:
    """Demand the right letter, or letters, of a question.

    Args:
        exercise: the question's id.
        value: what the student chose: "B", " b ", "A, C", "AC" or ["A", "C"].

    Raises:
        WrongAnswer: an option that does not hold was chosen, with the thought behind
            it as the mistake; or one that holds is missing.
        NotAttempted: no choice that could be judged; it is not counted as a try.
        NothingFrozen: the question was not loaded.
    """
    known = session.choices.get(exercise)
    if known is None:
        raise NothingFrozen(
            f"{exercise}: nothing was frozen for this question.\nRun the first code "
            "cell of this notebook, then this one again (an author runs `course "
            "build`)."
        )
    chosen = _letters(exercise, value, known)
    tried = session.tried.setdefault(exercise, [])
    if chosen not in tried:  # the same cell run again is no other try
        tried.append(chosen)
    told = [_opened(exercise, letter, known) for letter in chosen]
    given = f"You chose {', '.join(chosen)}."
    if wrong := [why for state, why in told if state != RIGHT]:
        raise WrongAnswer(exercise, given, "; and ".join(wrong))
    if mark(known["salt"], exercise, chosen) != known["right"]:
        raise WrongAnswer(exercise, f"{given} This holds, but it is not all.", MISSING)
    session.explained = " ".join(why[:1].upper() + why[1:] for _, why in told)


def sealed(exercise: str, options: dict[str, tuple[bool, str]]) -> dict:
    """What `choice` needs to know of a question, without a letter in it.

    Args:
        exercise: the question's id.
        options: by letter, whether it holds, and why or the thought that leads to it.
    """
    salt = hashlib.sha256(repr((exercise, options)).encode()).hexdigest()[:8]
    right = "".join(letter for letter, (holds, _) in options.items() if holds)
    told = {
        mark(salt, exercise, "told", letter): _sealed(
            f"{RIGHT if holds else WRONG}:{why}", salt, exercise, letter
        )
        for letter, (holds, why) in options.items()
    }
    return {
        "letters": "".join(options),
        "several": len(right) > 1,
        "salt": salt,
        "right": mark(salt, exercise, right),
        "told": dict(sorted(told.items())),  # not in the order of the letters
    }


def mark(*parts: str) -> str:
    """A digest that stands for these texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _letters(exercise: str, value: Any, known: dict) -> str:
    """The chosen letters, each once and in order.

    Raises:
        NotAttempted: they are none of this question's, or too many.
    """
    text = _text(value)
    if text == "":
        words = "letters" if known["several"] else "letter"
        message = f"Write your {words} between the quotes, then run both cells."
        raise NotAttempted(exercise, message)
    letters = known["letters"]
    chosen = "".join(sorted(set(text or "")))
    if not chosen or not set(chosen) <= set(letters):
        problem = f"{describe(freeze(value))} is no letter of this question"
    elif len(chosen) > 1 and not known["several"]:
        problem = f"you chose {len(chosen)} letters, and one is asked"
    else:
        return chosen
    most = "one or more" if known["several"] else "one"
    message = f"Write {most} of {', '.join(letters)} in quotes: {problem}. "
    raise NotAttempted(exercise, f"{message}This is not counted as a try.")


def _text(value: Any) -> str | None:
    """What was written, in capitals and without what stands between letters.

    None if it is no text, nor a list or a set of texts. Nothing is asked of an object:
    a text that lies about itself is what it holds.
    """
    if type(value) in (set, frozenset) and len(value) <= MAX_ITEMS:
        value = list(value)
    outcome = freeze(value)
    parts = outcome.data if outcome.kind in ("list", "tuple") else (outcome,)
    if not all(_is_short(part) for part in parts):
        return None
    text = "".join(part.data for part in parts)
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).upper())


def _is_short(outcome: Outcome) -> bool:
    return outcome.kind == "str" and len(outcome.data) <= 100


def _opened(exercise: str, letter: str, known: dict) -> tuple[str, str]:
    """Whether an option holds, and what there is to say of it."""
    salt = known["salt"]
    hidden = base64.b64decode(known["told"][mark(salt, exercise, "told", letter)])
    state, _, why = _xor(hidden, salt, exercise, letter).decode().partition(":")
    return state, why


def _sealed(text: str, *key: str) -> str:
    return base64.b64encode(_xor(text.encode(), *key)).decode()


def _xor(data: bytes, *key: str) -> bytes:
    """The bytes mixed with a stream made of the key; done twice they are back."""
    stream = hashlib.shake_256("\0".join(key).encode()).digest(len(data))
    return bytes(a ^ b for a, b in zip(data, stream, strict=True))
