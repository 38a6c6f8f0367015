"""The terms that a lecture teaches, and the heading below which each stands."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from course.chapters import Chapter

LISTED = Path("docs") / "site" / "terms.toml"
MARKED = re.compile(
    r"^#{1,6} +([^\n]+)$|\*\*(.+?)\*\*|`([^`]+)`", re.MULTILINE | re.DOTALL
)
HEADING = re.compile(r"^#{2,3} +(.+)$", re.MULTILINE)
ARTICLES = ("a", "an", "the")
PLURALS = (("ies", "y"), ("ches", "ch"), ("sses", "ss"), ("xes", "x"), ("ss", "ss"))
PLURALS += (("s", ""),)
MARKUP = re.compile(r"[*`]")


@dataclass(frozen=True)
class Terms:
    """What a lecture's readers can look up: words and their heading, in order."""

    places: tuple[tuple[str, str], ...]

    def has(self, term: str) -> bool:
        """Whether the lecture has a term, in whatever number, case and hyphens."""
        return any(_within(term, words) for words, _ in self.places)

    def heading(self, term: str) -> str:
        """The heading below which a term stands first; "" if below none."""
        return next((h for words, h in self.places if _within(term, words)), "")


def terms_of(chapter: Chapter, listed: dict[str, list[str]]) -> Terms:
    """Headings, **bold words** and `code` of a lecture's text, and its listed terms.

    Args:
        chapter: the chapter.
        listed: heading -> terms, of docs/site/terms.toml; they come first.
    """
    places = [(term, heading) for heading, terms in listed.items() for term in terms]
    below = ""
    for cell in chapter.lecture:
        for found in [] if cell.is_code else MARKED.finditer(cell.source):
            if (heading := HEADING.fullmatch(found[0])) and "$" not in heading[1]:
                below = MARKUP.sub("", heading[1]).strip()
            places.append((found[1] or found[2] or found[3], below))
    return Terms(tuple(places))


def read_index_terms(root: Path) -> dict[str, dict[str, list[str]]]:
    """docs/site/terms.toml of a course; nothing if it has none, or one that is no TOML.

    `course site` says what is wrong with it.
    """
    path = root / LISTED
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError:
        return {}


def _within(term: str, words: str) -> bool:
    return f" {_squeezed(term)} " in f" {_squeezed(words)} "


def _squeezed(text: str) -> str:
    """Words in lower case and singular, without an article, one space between them."""
    words = [_singular(word) for word in re.findall(r"\w+", text.casefold())]
    return " ".join(words[1:] if words[:1] and words[0] in ARTICLES else words)


def _singular(word: str) -> str:
    """Near enough for `batches`, `losses`, `entropies` and `weights`."""
    for ending, instead in PLURALS:
        if len(word) > 4 and word.endswith(ending):
            return word.removesuffix(ending) + instead
    return word
