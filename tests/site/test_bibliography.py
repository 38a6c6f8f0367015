"""The file of works is read or refused; ours holds works that are cited, once each."""

import json

import pytest

from course.requirements import ROOT
from course.site import bibliography
from course.site.bibliography import BadBibliography, Work, read_bibliography
from course.site.citations import Citations
from course.site.pages import cite, cited_by

OURS = read_bibliography(ROOT / "docs" / "site" / "bibliography.toml")
ADAM = Work("kingma-2015", ("Kingma", "Ba"), 2015, "Adam", "ICLR", arxiv="1412.6980")


def written(tmp_path, text):
    path = tmp_path / "bibliography.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_works_are_read(tmp_path):
    text = (
        'no_works = ["Hamlet"]\n[works.kingma-2015]\nauthors = ["Kingma", "Ba"]\n'
        'year = 2015\ntitle = "Adam"\nwhere = "ICLR"\narxiv = "1412.6980"\n'
    )
    found = read_bibliography(written(tmp_path, text))
    assert found.works == (ADAM,) and found.no_works == {"Hamlet"}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ('authors = ["A"', "is not TOML"),
        ('authors = ["A"]\nyear = 1950', "must hold authors"),
        ('authors = []\nyear = 1950\ntitle = "T"', "must hold authors"),
        ('authors = ["A"]\nyear = "1950"\ntitle = "T"', "must hold authors"),
        ('authors = ["A"]\nyear = 1950\ntitle = "T"\nDOI = "10.1/x"', "DOI"),
        ('authors = ["A"]\nyear = 1950\ntitle = "T"\ndoi = "101038/3"', "is no DOI"),
        ('authors = ["A"]\nyear = 1950\ntitle = "T"\narxiv = "1413.698"', "arXiv"),
        ('authors = ["A"]\nyear = 1950\ntitle = "T"\narxiv = "cs/9901001"', "arXiv"),
        ('authors = ["A"]\nyear = 1950\ntitle = "T"\nurl = "d2l.ai"', "https://"),
    ],
)
def test_what_is_no_work_is_refused_with_its_key_and_why(tmp_path, fields, reason):
    with pytest.raises(BadBibliography, match=reason) as refused:
        read_bibliography(written(tmp_path, f"[works.a-1950]\n{fields}\n"))
    assert "TOML" in reason or reason == "DOI" or "a-1950" in str(refused.value)


def test_the_page_lists_what_is_cited_in_the_order_of_authors():
    zuse = Work("zuse-1945", ("Zuse", "Otto", "and others"), 1945, "Plankalkül")
    alone = Work("kingma-2013", ("Kingma",), 2013, "Alone")
    unread = Work("x-2000", ("X",), 2000, "Nobody cites it")
    works = bibliography.Bibliography((zuse, ADAM, alone, unread), frozenset())
    cited = {"zuse-1945": ["02_b"], "kingma-2015": ["03_c", "01_a"]}
    cited["kingma-2013"] = ["02_b"]
    text = f"# Bibliography\n\n{bibliography.PLACE}\n"
    page = bibliography.bibliography_page(text, works, cited)
    assert page == (
        "# Bibliography\n\n(kingma-2013)=\nKingma (2013). *Alone*. Cited in "
        "[02](../notebooks/02_b.ipynb).\n\n(kingma-2015)=\nKingma and Ba (2015). "
        "[*Adam*](https://arxiv.org/abs/1412.6980). ICLR. arXiv:1412.6980. Cited in "
        "[01](../notebooks/01_a.ipynb), [03](../notebooks/03_c.ipynb).\n\n"
        "(zuse-1945)=\nZuse, Otto and others (1945). *Plankalkül*. Cited in "
        "[02](../notebooks/02_b.ipynb).\n\n"
    )


def test_ours_holds_a_place_for_the_list():
    assert bibliography.PLACE in (ROOT / f"{bibliography.PAGE}.md").read_text("utf-8")


def test_every_work_of_ours_is_cited_by_a_lecture():
    cited = cited_by(ROOT, Citations(OURS))
    assert {work.key for work in OURS.works} - set(cited) == set()


def test_every_title_that_a_lecture_cites_is_in_ours():
    unknown = {}
    for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if found := cite(content, Citations(OURS)).unknown:
            unknown[path.stem] = found
    assert unknown == {}


def test_no_two_of_ours_are_one_work_or_one_address():
    titles = [work.title.casefold() for work in OURS.works]
    addresses = [work.address for work in OURS.works if work.address]
    assert len(set(titles)) == len(titles) and len(set(addresses)) == len(addresses)


def test_a_number_of_arxiv_fits_the_year_that_the_work_came_out():
    """A slip in the number shows: it is from a few years before to one after."""
    for work in OURS.works:
        if work.arxiv:
            age = work.year - (2000 + int(work.arxiv[:2]))
            assert -1 <= age <= 3, work.key
            # Five digits since 2015, four before.
            digits = len(work.arxiv.partition(".")[2])
            assert digits == (5 if int(work.arxiv[:2]) >= 15 else 4), work.key


def test_most_of_ours_lead_to_the_work_itself():
    assert sum(bool(work.address) for work in OURS.works) > 0.9 * len(OURS.works)
