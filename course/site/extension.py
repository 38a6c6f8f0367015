"""The Sphinx extension that docs/site/conf.py loads."""

from pathlib import Path

import mathjax
from sphinx.application import Sphinx

from course.site.bibliography import Bibliography
from course.site.corrections import add_links
from course.site.folds import FoldDrawing
from course.site.opening import OpenLinks
from course.site.pages import read_page
from course.site.sections import write_sections
from course.site.terms import IndexTerms

MATHJAX = Path(mathjax.__file__).parent / "static" / "mathjax" / "es5" / "tex-svg.js"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register our settings, events and transforms."""
    app.add_config_value("course_repository", "", "env", types=frozenset({str}))
    app.add_config_value("course_colab", "", "env", types=frozenset({str}))
    app.add_config_value("course_jupyterlab", "", "env", types=frozenset({str}))
    app.add_config_value("course_terms", {}, "env", types=frozenset({dict}))
    works, kind = Bibliography((), frozenset()), frozenset({Bibliography})
    app.add_config_value("course_bibliography", works, "env", types=kind)
    app.add_transform(OpenLinks)
    app.add_transform(FoldDrawing)
    app.add_transform(IndexTerms)
    app.connect("source-read", read_page)
    app.connect("config-inited", _ship_mathjax)
    app.connect("builder-inited", _leave_out_sphinx_search)
    app.connect("html-page-context", add_links)
    app.connect("build-finished", write_sections)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _ship_mathjax(app: Sphinx, config) -> None:
    config.html_static_path.append(str(MATHJAX))


def _leave_out_sphinx_search(app: Sphinx) -> None:
    """No index of whole pages: ours, of sections, works from disk, too."""
    app.builder.search = False
