"""News come whole and without repeats, and counts become probabilities."""

from collections import Counter

import pytest
import torch

from utils import packaged
from utils.packaged import MissingDataError
from utils.text import lee_news, ngram_probabilities, passages, without_repeats


def test_the_news_are_300_articles_in_the_order_of_the_file():
    articles = lee_news()
    assert len(articles) == 300 and sum(map(len, articles)) == 359_484
    assert articles[0].startswith("Hundreds of people have been forced")
    assert all(article == article.strip() != "" for article in articles)


def test_without_the_package_the_error_names_it(monkeypatch):
    entry = packaged.PACKAGED["lee_news"]._replace(module="not_there")
    monkeypatch.setitem(packaged.PACKAGED, "lee_news", entry)
    with pytest.raises(MissingDataError, match="pip install gensim"):
        lee_news()


def test_passages_are_all_windows_of_a_text():
    assert passages("abcab", 3) == {"abc", "bca", "cab"}
    assert passages("ab", 3) == set()


def test_an_article_that_repeats_an_earlier_one_is_left_out():
    first, second = "the quick brown fox jumps", "over seven lazy dogs today"
    copy, partly = first + "!", "unheard words all along here " * 3 + first
    articles = [first, second, copy, partly]
    assert without_repeats(articles, length=10, share=0.5) == [first, second, partly]
    assert without_repeats(articles, length=10, share=0.0) == [first, second]
    assert len(without_repeats(lee_news())) == 289


def by_definition(train, text, order, num_symbols):
    """Witten and Bell's recursion with dictionaries, symbol by symbol."""
    found = []
    for i, symbol in enumerate(text):
        p = 1 / num_symbols
        for k in range(min(order, i + 1)):
            h = tuple(text[i - k : i])
            after = Counter(
                train[j] for j in range(k, len(train)) if tuple(train[j - k : j]) == h
            )
            if after:
                N, T = after.total(), len(after)
                p = (after[symbol] + T * p) / (N + T)
        found.append(p)
    return torch.tensor(found, dtype=torch.float64)


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_ngrams_are_witten_and_bells_recursion(order):
    generator = torch.Generator().manual_seed(order)
    train = torch.randint(1, 5, (60,), generator=generator)
    text = torch.randint(0, 6, (25,), generator=generator)  # 0 and 5 are new
    p = ngram_probabilities(train, text, order, 6)
    expected = by_definition(train.tolist(), text.tolist(), order, 6)
    torch.testing.assert_close(p, expected)


def test_the_probabilities_of_all_symbols_sum_to_one():
    train = torch.randint(4, (200,), generator=torch.Generator().manual_seed(0))
    texts = [torch.tensor([1, 2, 0, s]) for s in range(4)]
    total = sum(ngram_probabilities(train, text, 3, 4)[-1] for text in texts)
    assert total == pytest.approx(1)


def test_a_text_shorter_than_the_order_is_scored_by_what_it_has():
    train = torch.tensor([0, 1, 0, 1, 0])
    p = ngram_probabilities(train, torch.tensor([0, 1]), 7, 2)
    assert p.shape == (2,) and p[1] > 0.8


@pytest.mark.parametrize(("order", "num_symbols"), [(0, 5), (9, 5), (2, 201)])
def test_what_does_not_fit_is_refused(order, num_symbols):
    with pytest.raises(ValueError, match="expected an order from 1 to 8"):
        ngram_probabilities(torch.zeros(3), torch.zeros(3), order, num_symbols)
