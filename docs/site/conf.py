"""Sphinx's settings for the book: `make site` builds it into .build/site.

The pages are home.md, the notebooks and docs/*.md where they lie, so that a link that
works in the repository works in the book. docs/authors.md says more.
"""

from pathlib import Path

import yaml

from course.site.bibliography import read_bibliography
from course.site.execute import cache_folder
from course.site.origin import origin
from course.site.terms import read_terms

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))

# The settings of the links "Open this notebook in". The address of the repository
# stands in CITATION.cff, as `repository-code: https://github.com/OWNER/NAME`, or is the
# one that this clone comes from; without it there are no links to Colab and Binder, nor
# to where a mistake is reported. The others are what brings the course to Colab, and
# the address of a JupyterLab that all readers have, as a hub's; "" says it in words.
course_repository = CITATION.get("repository-code") or origin(ROOT)
course_colab = (HERE / "colab.txt").read_text(encoding="utf-8")
course_jupyterlab = ""
course_terms = read_terms(HERE / "terms.toml")
course_bibliography = read_bibliography(HERE / "bibliography.toml")

project = html_title = CITATION["title"]
author = ", ".join(person["name"] for person in CITATION["authors"])
version = release = CITATION["version"]
copyright = f"{author}. Prose and figures: CC BY 4.0. Code: BSD-3-Clause"
language = "en"

extensions = ["myst_nb", "sphinx.ext.mathjax", "course.site.extension"]
root_doc = "home"
include_patterns = ["home.md", "notebooks/*.ipynb", "release/*/*.ipynb", "docs/*.md"]
# What Sphinx needn't look through: a folder that is named here is not entered.
exclude_patterns = [
    *(path.name for path in ROOT.iterdir() if path.name.startswith(".")),
    *("autograded", "benchmarks", "chapters", "course", "demo", "exchange", "feedback"),
    *("hub", "source", "submitted", "tests", "utils", "work", "**/.ipynb_checkpoints"),
]
nitpicky = True

myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 3
# `course site` has executed the lectures; exercises are shown as students get them.
nb_execution_mode = "cache"
nb_execution_cache_path = str(cache_folder(ROOT))
nb_execution_excludepatterns = ["release/*/*.ipynb"]
nb_execution_raise_on_error = True
# Standard error is no part of a lecture: whatever stands there stops the build.
nb_output_stderr = "remove-warn"
# MathJax from a package: one script with all its glyphs. JupyterLab uses MathJax too.
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = [("book.js", {"defer": "defer"})]
mathjax_path = "tex-svg.js"
mathjax_config_path = "mathjax.js"

templates_path = ["templates"]
html_additional_pages = {"index": "index.html", "search": "search.html"}
html_theme = "sphinx_book_theme"
html_show_sphinx = False
html_last_updated_fmt = None
html_theme_options = {
    "use_download_button": True,
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    "article_footer_items": ["corrections.html"],
    "navbar_persistent": [],  # there is a search field above the contents
}
