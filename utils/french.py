"""A small language pair: numbers in digits, and their names in French."""

import functools

import torch
from num2words import num2words


def french(n):
    """Return the tokens of a number's French name: 91 -> ["quatre", "-vingt", "-onze"].

    A word is a token; after a hyphen begins another one that keeps the hyphen.
    """
    return list(_tokens(n))


@functools.cache
def _tokens(n):
    return tuple(num2words(n, lang="fr").replace("-", " -").split())


def written(words):
    """Return tokens as a person writes them: "quatre-vingt-onze"."""
    return " ".join(words).replace(" -", "-")


def by_parts(n, table):
    """Return a name put together from those of smaller numbers, without any rule.

    Thousands and the rest are looked up each by itself, with "mille" between.

    Args:
        n: 0 to 999,999.
        table: number below 1,000 -> its tokens.

    Returns:
        list of tokens, "?" for a part that isn't in the table.
    """
    thousands, rest = divmod(n, 1000)
    left = table.get(thousands, ["?"]) if thousands > 1 else []
    left = [*left, "mille"] if thousands else []
    return left + (table.get(rest, ["?"]) if rest or not thousands else [])


def draw_numbers(num, lengths):
    """Return `num` different random numbers, each of one of these numbers of digits.

    The lengths are equally likely; PyTorch's random numbers are used.
    """
    found = set()
    while len(found) < num:
        k = lengths[torch.randint(len(lengths), ()).item()]
        found.add(torch.randint(10 ** (k - 1), 10**k, ()).item())
    found = sorted(found)
    return [found[i] for i in torch.randperm(num).tolist()]
