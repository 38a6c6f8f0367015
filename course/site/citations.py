"""Citations in a notebook's text become links: by title, or by authors and year.

    - Kingma and Ba 2015; Lin, Chen, Yan, *Network in network*, ICLR 2014

Titles are looked for below a heading "Further reading", where italics are titles.
Authors and year are looked for in all text; who can be two works is nobody's, unless
the notebook names one of them alone.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from course.site.bibliography import OTHERS, Bibliography, Work

READING = re.compile(r"^#+ .*further reading\b", re.IGNORECASE | re.MULTILINE)
# What stays as it is: code, links, formulas, HTML.
LEFT = r"`[^`]*`|!?\[[^\]]*\]\([^)]*\)|\$[^$]*\$|<[^>]*>"
TITLE = r"(?<![*\w])\*(?![*\s])(?P<title>[^*`$]+)\*(?![*\w])"
AND = r"(?:,?\s+and\s+|,\s+)"
ET_AL = r"\s+(?:et\s+al\.|and\s+others)"
FEWEST = 3  # authors that "and others" can stand for


@dataclass(frozen=True)
class Cited:
    """A notebook's Markdown with links; the keys of works that it cites; what is in
    italics in its lists of citations and unknown.
    """

    sources: list[str]
    keys: set[str]
    unknown: list[str]


class Citations:
    """Finds what a notebook cites.

    Args:
        bibliography: all works.
    """

    def __init__(self, bibliography: Bibliography):
        self.bibliography = bibliography
        self.works = bibliography.works

    def linked(self, sources: list[str]) -> Cited:
        """Make links of a notebook's citations.

        Args:
            sources: the text of its Markdown cells, in order.
        """
        starts = [_reading_from(source) for source in sources]
        first = next((n for n, start in enumerate(starts) if start is not None), None)
        keys: set[str] = set()
        unknown: list[str] = []
        found = list(sources)
        if first is not None:
            for number in range(first, len(sources)):
                start = starts[number] or 0
                found[number] = self._titles(sources[number], start, keys, unknown)
        named = keys | self._named("\n".join(sources))
        found = [self._years(source, named, keys) for source in found]
        return Cited(found, keys, unknown)

    def _titles(self, text: str, start: int, keys: set[str], unknown: list[str]) -> str:
        """Link the titles behind a place of a text."""

        def link(match: re.Match) -> str:
            said = match["title"] or match["name"]
            if said is None:
                return match[0]
            work = self._by_title(said)
            if work is None:
                title = " ".join(said.split())
                is_left = title in self.bibliography.no_works
                if not is_left and _is_in_list(text, start + match.start()):
                    unknown.append(title)
                return match[0]
            keys.add(work.key)
            return f"[{match[0]}]({work.link})"

        return text[:start] + self._written.sub(link, text[start:])

    def _by_title(self, title: str) -> Work | None:
        """The work whose title this is, or begins with it; None if two do."""
        words = _plain(title)
        if words in self._titles_as_written:
            return self._titles_as_written[words]
        begun = [w for w in self.works if _plain(w.title).startswith(f"{words} ")]
        return begun[0] if len(begun) == 1 else None

    def _years(self, text: str, named: set[str], keys: set[str]) -> str:
        """Link authors and years that are one work's, but where its title follows."""

        def link(match: re.Match) -> str:
            if match["names"] is None:
                return match[0]
            works = self._by_authors[(_who(match["names"]), int(match["year"]))]
            if len(works) > 1:
                works = [work for work in works if work.key in named]
            if len(works) != 1:
                return match[0]
            keys.add(works[0].key)
            return f"[{match[0]}]({works[0].link})"

        return self._authors.sub(link, text)

    def _named(self, text: str) -> set[str]:
        return {w.key for w in self.works if any(name in text for name in w.also)}

    @cached_property
    def _written(self) -> re.Pattern:
        """Titles in italics, and names that stand for one."""
        also = "|".join(re.escape(name) for work in self.works for name in work.also)
        name = rf"(?<!\w)(?P<name>{also or '(?!)'})(?!\w)"
        return re.compile(rf"{LEFT}|{TITLE}|{name}")

    @cached_property
    def _titles_as_written(self) -> dict[str, Work]:
        return {_plain(t): w for w in self.works for t in (w.title, *w.also)}

    @cached_property
    def _by_authors(self) -> dict[tuple[str, int], list[Work]]:
        found = defaultdict(list)
        for work in self.works:
            for names in _forms(work):
                found[names, work.year].append(work)
        return found

    @cached_property
    def _authors(self) -> re.Pattern:
        """Authors of any work as they are written, with a year and no title behind."""
        forms = {names for work in self.works for names in _forms(work)}
        longest_first = sorted(forms, key=lambda names: (-len(names), names))
        names = "|".join(map(_pattern, longest_first))
        year = r",?\s+\(?(?P<year>\d{4})(?!\d)(?!,?\s+\[?\*)"
        return re.compile(rf"{LEFT}|(?<![\w-])(?P<names>{names}){year}")


def _reading_from(source: str) -> int | None:
    heading = READING.search(source)
    return heading.end() if heading else None


def _is_in_list(text: str, place: int) -> bool:
    before = f"\n{text[:place]}"
    return before.rfind("\n- ") > before.rfind("\n\n")


def _plain(title: str) -> str:
    """A title's words, so that ways to spell and to set them don't matter."""
    words = re.findall(r"\w+", title.casefold())
    return re.sub(r"is(?=[aei])", "iz", " ".join(words))


def _forms(work: Work) -> list[str]:
    """How a work's authors may be said: "A and B and C", "A and others"."""
    whole = [] if work.authors[-1] == OTHERS else [" and ".join(work.authors)]
    many = [f"{work.authors[0]} {OTHERS}"] if len(work.authors) >= FEWEST else []
    return whole + many


def _pattern(names: str) -> str:
    """What finds one of `_forms` in a text, "A, B and C" or "A et al."."""
    first = names.removesuffix(f" {OTHERS}")
    parts = [r"\s+".join(map(re.escape, name.split())) for name in first.split(" and ")]
    return AND.join(parts) + (ET_AL if first != names else "")


def _who(names: str) -> str:
    """Authors as they are written -> as `_forms` says them."""
    if short := re.fullmatch(rf"(.+?){ET_AL}", names, re.DOTALL):
        return f"{' '.join(short[1].split())} {OTHERS}"
    return " and ".join(" ".join(name.split()) for name in re.split(AND, names))
