"""Whatever a built page shows or leads to is there, and nothing shown is elsewhere.

Only files are read. Links to other sites are allowed and not followed.
"""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

IN_STYLE = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
SHOWN = ("src", "poster")  # what a page loads; of `href`, only that of <link>
NO_PLACE = ("data", "mailto", "javascript")
# What a <link> names without loading it.
NAMED = {"next", "prev", "index", "search", "canonical", "author", "copyright"}


def complaints(folder: Path) -> list[str]:
    """What is wrong with the links of a built site.

    Args:
        folder: the site.

    Returns:
        a sentence for each link that leads nowhere and each part of a page that would
        be fetched from the network.

    Raises:
        FileNotFoundError: there are no pages in the folder.
    """
    # Themes leave templates in _static, which nobody opens.
    pages = sorted(p for p in folder.rglob("*.html") if "_static" not in p.parts)
    if not pages:
        raise FileNotFoundError(f"no page in {folder}; build the site: `make site`")
    read, found = {page.resolve(): _read(page) for page in pages}, []
    for page in pages:
        for target, is_shown in read[page.resolve()].targets:
            if wrong := _wrong(folder, read, page, target, is_shown):
                found.append(f"{page.relative_to(folder)}: {target}: {wrong}")
    for sheet in sorted(folder.rglob("*.css")):
        for target in _in_style(sheet.read_text(encoding="utf-8")):
            if wrong := _wrong(folder, read, sheet, target, True):
                found.append(f"{sheet.relative_to(folder)}: {target}: {wrong}")
    return sorted(set(found))


class _Page(HTMLParser):
    """The anchors of a page, and its links: each with whether the page loads it."""

    def __init__(self):
        super().__init__()
        self.anchors: set[str] = set()
        self.targets: list[tuple[str, bool]] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        given = {name: value or "" for name, value in attrs}
        self.anchors.add(given.get("id", ""))
        if tag == "a":
            self.anchors.add(given.get("name", ""))
        shown = [given[name] for name in SHOWN if name in given]
        shown += [given["data"]] if tag == "object" and "data" in given else []
        sets = filter(str.strip, given.get("srcset", "").split(","))
        shown += [candidate.split()[0] for candidate in sets]
        shown += _in_style(given.get("style", ""))
        self.targets += [(target, True) for target in shown]
        if "href" in given:
            names_only = NAMED.intersection(given.get("rel", "").split())
            self.targets.append((given["href"], tag == "link" and not names_only))

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.targets += [(target, True) for target in _in_style(data)]

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False


def _read(page: Path) -> _Page:
    parser = _Page()
    parser.feed(page.read_text(encoding="utf-8"))
    parser.close()
    return parser


def _in_style(style: str) -> list[str]:
    return [a or b for a, b in IN_STYLE.findall(style)]


def _wrong(folder: Path, read: dict, page: Path, target: str, is_shown: bool) -> str:
    """Why a link is wrong; "" if it isn't."""
    parts = urlsplit(target)
    if parts.scheme in NO_PLACE:
        return ""
    if parts.scheme or parts.netloc:
        return "is shown on the page, but comes from the network" if is_shown else ""
    file = (page.parent / unquote(parts.path) if parts.path else page).resolve()
    if not file.is_relative_to(folder.resolve()):
        return "leads out of the site"
    if not file.is_file():
        return "no such file"
    anchor = unquote(parts.fragment)
    if not anchor:
        return ""
    there = file not in read or anchor in read[file].anchors
    return "" if there else "the page has no such anchor"
