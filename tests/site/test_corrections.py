"""Below each page: where a mistake in it is reported, and where it is changed."""

from urllib.parse import parse_qs, urlsplit

import pytest

from course.requirements import ROOT
from course.site.corrections import edit, report, source

GITHUB = "https://github.com/ada/workbook"
PAGES = ["home", "docs/authors", "docs/bibliography", "genindex"]
PAGES += ["notebooks/13_lenet", "release/13_lenet/13_lenet"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_changed_where_it_is_written_and_not_where_it_is_built(page):
    path = source(ROOT, page)
    assert (ROOT / path).is_file()
    assert not path.startswith(("notebooks", "release", "home.md"))


def test_a_page_that_nobody_wrote_has_no_source():
    assert source(ROOT, "search") == source(ROOT, "index") == ""


def test_a_report_names_the_page_and_its_file():
    path = "chapters/13_lenet/lecture.py"
    address = report(GITHUB, "LeNet & co", path)
    assert address.startswith(f"{GITHUB}/issues/new?")
    said = parse_qs(urlsplit(address).query)
    assert said["title"] == ["LeNet & co"]
    assert path in said["body"][0] and "LeNet & co" in said["body"][0]


def test_a_source_is_shown_on_github_whatever_its_branch_is_called():
    assert edit(GITHUB, "README.md") == f"{GITHUB}/blob/HEAD/README.md"


def test_where_the_repository_or_its_host_is_unknown_no_address_is_guessed():
    assert report("", "LeNet", "x.py") == edit("", "x.py") == ""
    assert edit("https://git.example.org/ada/workbook", "x.py") == ""
