"""The Sphinx extension that docs/site/conf.py loads."""

from pathlib import Path

import mathjax
from sphinx.application import Sphinx

from course.site.pages import OpenLinks, read_page
from course.site.terms import IndexTerms

MATHJAX = Path(mathjax.__file__).parent / "static" / "mathjax" / "es5" / "tex-svg.js"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register our settings, events and transforms."""
    app.add_config_value("course_repository", "", "env", types=frozenset({str}))
    app.add_config_value("course_colab", "", "env", types=frozenset({str}))
    app.add_config_value("course_jupyterlab", "", "env", types=frozenset({str}))
    app.add_config_value("course_terms", {}, "env", types=frozenset({dict}))
    app.add_transform(OpenLinks)
    app.add_transform(IndexTerms)
    app.connect("source-read", read_page)
    app.connect("config-inited", _ship_mathjax)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _ship_mathjax(app: Sphinx, config) -> None:
    config.html_static_path.append(str(MATHJAX))
