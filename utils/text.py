"""English text for language models, and what counting letters makes of it."""

import torch

from utils import packaged

SYMBOL_TYPE = torch.int64


def lee_news() -> list[str]:
    """Return 300 news articles of the Australian Broadcasting Corporation, 2001.

    359,484 characters in all, capitals, digits and punctuation as printed, in the order
    of the file; neighbours are often about one event. Some articles repeat another,
    see `without_repeats`. No copy is in this repository: the file ships with the
    package gensim, among its test data.

    Returns:
        list of 300 strings, none empty.

    Raises:
        MissingDataError, ChangedDataError: see `utils.packaged.read`.

    Source: Lee, Pincombe and Welsh, An empirical evaluation of models of text document
        similarity, CogSci 2005. Licence: LGPL-2.1, as the package.
    """
    lines = packaged.read("lee_news").decode("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip()]


def passages(text, length=40) -> set[str]:
    """Return all passages of `length` characters that stand in a text."""
    return {text[i : i + length] for i in range(len(text) - length + 1)}


def without_repeats(articles, length=40, share=0.1) -> list[str]:
    """Return the articles that don't repeat earlier ones, in their order.

    Args:
        articles: list of strings.
        length: characters of a passage.
        share: an article is left out if more than this share of its passages stands in
            an earlier one, in [0, 1].
    """
    seen, kept = set(), []
    for article in articles:
        own = passages(article, length)
        if len(own & seen) <= share * len(own):
            kept.append(article)
        seen |= own
    return kept


def ngram_probabilities(train, text, order, num_symbols):
    """Return the probability that counts of neighbours give to each symbol of a text.

    p_k(s | h) = (c(h, s) + T(h) p_{k-1}(s | h')) / (N(h) + T(h)),

    where h are the k symbols before s and h' is h without its first one, c(h, s) is how
    often s followed h in `train`, N(h) how often anything did, T(h) how many different
    symbols did. It begins with p = 1 / num_symbols and ends with order - 1 symbols of
    context, or with what the text has before s. Where h is new, p_k = p_{k-1}.

    Args:
        train, text: (n,) and (m,) int64 in [0, num_symbols).
        order: 1 counts single symbols, 2 pairs, 3 triples ..., up to 8.
        num_symbols: size of the alphabet, at most 200.

    Returns:
        (m,) float64.

    Raises:
        ValueError: an order or an alphabet whose codes don't fit 64 bits.

    Source: Witten and Bell 1991, The zero-frequency problem, IEEE Transactions on
        Information Theory 37(4); method C.
    """
    if not 1 <= order <= 8 or num_symbols > 200:
        raise ValueError(
            f"got order {order} and {num_symbols} symbols; expected an order from 1 to "
            "8 and at most 200 symbols"
        )
    train, text = train.to(SYMBOL_TYPE).cpu(), text.to(SYMBOL_TYPE).cpu()
    p = torch.full((len(text),), 1 / num_symbols, dtype=torch.float64)
    for k in range(min(order, len(train), len(text))):
        p[k:] = _refined(p[k:], train, text, k, num_symbols)
    return p


def _refined(p, train, text, k, num_symbols):
    """One step of the recursion, for the symbols with k before them: (m - k,)."""
    h, pairs = _codes(train, k, num_symbols)
    found, counts = pairs.unique(return_counts=True)  # each pair (h, s) that occurs
    h, N = h.unique(return_counts=True)
    T = (found // num_symbols).unique(return_counts=True)[1]  # in the order of h
    h_text, pairs_text = _codes(text, k, num_symbols)
    c, N, T = (
        _look_up(pairs_text, found, counts),
        _look_up(h_text, h, N),
        _look_up(h_text, h, T),
    )
    return torch.where(N > 0, (c + T * p) / (N + T).clamp(min=1), p)


def _codes(symbols, k, num_symbols):
    """Numbers for the k symbols before each, and for these with it: two (n - k,)."""
    h = torch.zeros(len(symbols) - k, dtype=SYMBOL_TYPE)
    for j in range(k):
        h = h * num_symbols + symbols[j : len(symbols) - k + j]
    return h, h * num_symbols + symbols[k:]


def _look_up(wanted, keys, values):
    """The value of each wanted key, 0 where it isn't there; `keys` are sorted."""
    places = torch.searchsorted(keys, wanted).clamp(max=len(keys) - 1)
    return torch.where(keys[places] == wanted, values[places], 0)
