"""The index of terms: which heading of which lecture explains a term."""

import tomllib
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)


def read_terms(path: Path) -> dict[str, dict[str, list[str]]]:
    """Read docs/site/terms.toml.

    Returns:
        slug -> heading -> terms explained below that heading.

    Raises:
        ValueError: not TOML, or not tables of lists of text; says where.
    """
    try:
        terms = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} is not TOML: {error}") from error
    for slug, headings in terms.items():
        lists = headings.values() if isinstance(headings, dict) else [None]
        if not all(
            isinstance(names, list) and all(isinstance(name, str) for name in names)
            for names in lists
        ):
            raise ValueError(
                f'{path}: [{slug}] must hold lines such as "Heading" = ["term", "term"]'
            )
    return terms


class IndexTerms(SphinxTransform):
    """Put a lecture's terms into Sphinx's index, at the headings that explain them.

    A heading that the lecture doesn't have, and a term that doesn't occur below its
    heading, are warnings; our build stops at warnings.
    """

    default_priority = 500

    def apply(self, **kwargs) -> None:
        """Add index entries to a lecture."""
        folder, _, slug = self.env.docname.rpartition("/")
        if folder != "notebooks":
            return
        wanted = self.config.course_terms.get(slug, {})
        sections = {
            section.next_node(nodes.title).astext(): section
            for section in self.document.findall(nodes.section)
        }
        for heading, terms in wanted.items():
            if heading in sections:
                self._add(sections[heading], terms)
            else:
                self._complain(f"the lecture has no heading {heading!r}")

    def _add(self, section: nodes.section, terms: list[str]) -> None:
        text = " ".join(section.astext().lower().split())
        for term in terms:
            if term.lower() not in text:
                heading = section.next_node(nodes.title).astext()
                self._complain(f"{term!r} doesn't occur below {heading!r}")
        target = section["ids"][0]
        entries = [("single", term, target, "", None) for term in terms]
        section.insert(1, addnodes.index(entries=entries, inline=False))

    def _complain(self, what: str) -> None:
        what = f"docs/site/terms.toml: {what}"
        logger.warning(what, location=self.env.docname, type="course", subtype="terms")
