"""Which words of a lecture are a citation, and of what."""

import pytest

from course.site.bibliography import Bibliography, Work
from course.site.citations import Citations

RESIDUAL = Work(
    "residual",
    ("He", "Zhang", "Ren", "Sun"),
    2016,
    "Deep residual learning for image recognition",
    url="https://a.org/r",
)
IDENTITY = Work(
    "identity", RESIDUAL.authors, 2016, "Identity mappings", url="https://a.org/i"
)
MIXUP = Work(
    "mixup",
    ("Zhang", "Cisse", "and others"),
    2018,
    "mixup: beyond empirical risk minimization",
    doi="10.1000/mixup",
)
ADAM = Work("adam", ("Kingma", "Ba"), 2015, "Adam", arxiv="1412.6980", also=("AdaMax",))
BOOK = Work("book", ("van der Berg",), 1969, "Normalization's end")
WORKS = (RESIDUAL, IDENTITY, MIXUP, ADAM, BOOK)
CITATIONS = Citations(Bibliography(WORKS, frozenset({"Hamlet"})))
A, R, M = (
    "https://arxiv.org/abs/1412.6980",
    "https://a.org/r",
    "https://doi.org/10.1000/mixup",
)


def linked(text: str) -> str:
    return CITATIONS.linked([text]).sources[0]


def read(text: str) -> str:
    """The text of a list of citations with its links."""
    head = "## Exercises and further reading\n\n"
    return linked(f"{head}{text}").removeprefix(head)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Kingma and Ba 2015", A),
        ("Kingma, Ba, 2015", A),
        ("Kingma and\nBa (2015", A),
        ("van der Berg, 1969", "#book"),
        ("Zhang et al., 2018", M),
        ("Zhang and others 2018", M),
    ],
)
def test_authors_and_a_year_are_a_link_in_any_text(text, link):
    assert linked(f"As seen ({text}).") == f"As seen ([{text}]({link}))."


@pytest.mark.parametrize(
    "text",
    [
        "Kingma 2015",
        "Kingma and Ba 2014",
        "Kingma and Ba 20150",
        "Ba 2015",
        "Kingma et al. 2015",  # there are two
        "Berg 1969",
        "`Kingma and Ba 2015`",
        "[Kingma and Ba 2015](https://a.org)",
        "$Kingma and Ba 2015$",
        '<a title="Kingma and Ba 2015">',
        "*mixup* mixes, as *Adam* doesn't",  # italics are titles in lists alone
    ],
)
def test_other_words_stay_as_they_are(text):
    assert linked(text) == text


def test_who_may_be_two_works_is_linked_only_where_one_of_them_is_named():
    text = "He and others 2016 add."
    assert linked(text) == text
    named = CITATIONS.linked([text, "## Further reading\n\n- *Deep residual learning*"])
    assert named.sources[0] == f"[He and others 2016]({R}) add."
    both = "## Further reading\n\n- *Deep residual learning*, *Identity mappings*"
    assert CITATIONS.linked([text, both]).sources[0] == text


@pytest.mark.parametrize(
    ("title", "link"),
    [
        ("Deep residual learning for image recognition", R),
        ("Deep residual\n  learning", R),
        ("DEEP residual-learning", R),
        ("mixup", M),
        ("Normalisation's end", "#book"),
    ],
)
def test_a_title_in_italics_is_a_link_whole_or_by_its_first_words(title, link):
    assert read(f"- *{title}*, 2020") == f"- [*{title}*]({link}), 2020"


def test_a_name_of_a_work_is_a_link_without_italics():
    assert read("- AdaMax, 2015") == f"- [AdaMax]({A}), 2015"


def test_authors_whose_title_follows_are_no_second_link():
    text = "- Kingma and Ba 2015, *Adam*"
    assert read(text) == f"- Kingma and Ba 2015, [*Adam*]({A})"


def test_cells_below_the_one_with_the_heading_are_citations_too():
    found = CITATIONS.linked(["*Adam*", "## Further reading", "- *Adam*"])
    assert found.sources == ["*Adam*", "## Further reading", f"- [*Adam*]({A})"]
    assert found.keys == {"adam"}


def test_a_title_in_a_list_that_nobody_knows_is_told_and_other_italics_are_not():
    text = "- *Adam*; *On\n  nothing*; *Hamlet*\n\nThat is *important*."
    head = "## Further reading\n\n"
    assert CITATIONS.linked([f"{head}{text}"]).unknown == ["On nothing"]
    assert CITATIONS.linked([text]).unknown == []
