"""The works that lectures cite, from docs/site/bibliography.toml, and their page."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PAGE = "docs/bibliography"
PLACE = "<!-- The list is put here by `make site`. -->"
DOI = re.compile(r"10\.\d{4,9}/\S+")
ARXIV = re.compile(r"\d\d(?:0[1-9]|1[0-2])\.\d{4,5}")
OTHERS = "and others"
FORM = 'works.KEY must hold authors = ["Ada"], year = 1843, title = "..."'
WORDS = ("title", "where", "doi", "arxiv", "url")


class BadBibliography(ValueError):
    """The file says something else than works; says what and where."""


@dataclass(frozen=True)
class Work:
    """A work that is cited.

    Args:
        key: its name in the file, and its anchor on the page.
        authors: last names, in order; the last may be "and others".
        year: in which it came out.
        title: the whole of it.
        where: it came out.
        also: other names that stand for the title.
        doi, arxiv, url: where it is; "" if not said.
    """

    key: str
    authors: tuple[str, ...]
    year: int
    title: str
    where: str = ""
    also: tuple[str, ...] = ()
    doi: str = ""
    arxiv: str = ""
    url: str = ""

    @property
    def address(self) -> str:
        """Where to read it; "" if that isn't known."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return f"https://arxiv.org/abs/{self.arxiv}" if self.arxiv else self.url

    @property
    def link(self) -> str:
        """Where a citation leads: to the work, or to what the page says of it."""
        return self.address or f"#{self.key}"


@dataclass(frozen=True)
class Bibliography:
    """All works, and what stands in italics in lists of citations but is none."""

    works: tuple[Work, ...]
    no_works: frozenset[str]


def read_bibliography(path: Path) -> Bibliography:
    """Read docs/site/bibliography.toml.

    Raises:
        BadBibliography: not TOML, a field that is missing or unknown, an address that
            is none.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadBibliography(f"{path} is not TOML: {error}") from error
    works = content.get("works", {})
    try:
        found = tuple(_work(key, fields) for key, fields in works.items())
    except (TypeError, ValueError) as error:
        raise BadBibliography(f"{path}: {error}") from error
    return Bibliography(found, frozenset(content.get("no_works", [])))


def _work(key: str, fields: Mapping) -> Work:
    authors = tuple(fields.get("authors", ()))
    words = [fields.get(name, "") for name in WORDS]
    is_said = authors and isinstance(fields.get("year"), int) and fields.get("title")
    if not is_said or not all(isinstance(word, str) for word in (*authors, *words)):
        raise ValueError(f"{FORM}; {key} doesn't")
    given = {**fields, "authors": authors, "also": tuple(fields.get("also", ()))}
    work = Work(key, **given)  # a field that is unknown is a TypeError that names it
    if work.doi and not DOI.fullmatch(work.doi):
        raise ValueError(f"{key}: {work.doi!r} is no DOI, such as 10.1038/323533a0")
    if work.arxiv and not ARXIV.fullmatch(work.arxiv):
        raise ValueError(f"{key}: {work.arxiv!r} is no id of arXiv, such as 1512.03385")
    if work.url and not work.url.startswith("https://"):
        raise ValueError(f"{key}: {work.url!r} doesn't begin with https://")
    return work


def bibliography_page(
    text: str, bibliography: Bibliography, cited: Mapping[str, list[str]]
) -> str:
    """The page of works, with the list of those that are cited in its place.

    Args:
        text: docs/bibliography.md.
        bibliography: all works.
        cited: of each key the slugs of the lectures that cite it.
    """
    works = [work for work in bibliography.works if work.key in cited]
    works.sort(key=lambda work: ([*map(str.casefold, work.authors)], work.year))
    entries = [_entry(work, cited[work.key]) for work in works]
    return text.replace(PLACE, "\n".join(entries))


def _entry(work: Work, slugs: list[str]) -> str:
    title = f"[*{work.title}*]({work.address})" if work.address else f"*{work.title}*"
    lectures = ", ".join(f"[{s[:2]}](../notebooks/{s}.ipynb)" for s in sorted(slugs))
    identity = f"doi:{work.doi}" if work.doi else work.arxiv and f"arXiv:{work.arxiv}"
    stop = "" if work.title.endswith("?") else "."
    said = f"{_names(work)} ({work.year}). {title}{stop}"
    more = "".join(f" {part}." for part in (work.where, identity) if part)
    return f"({work.key})=\n{said}{more} Cited in {lectures}.\n"


def _names(work: Work) -> str:
    *before, last = work.authors
    if last == OTHERS:
        return f"{', '.join(before)} {last}"
    return f"{', '.join(before)} and {last}" if before else last
