"""A tiny course with a site of its own: one lecture with a figure, one exercise set."""

import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from course.build.home import BEGIN, END
from course.site.welcome import END_OF_WELCOME

ROOT = Path(__file__).parents[2]
SLUG = "01_toy"
REPOSITORY = "https://github.com/ada/workbook"
LECTURE, EXERCISES = f"notebooks/{SLUG}.html", f"release/{SLUG}/{SLUG}.html"
SET = f"release/{SLUG}/{SLUG}.ipynb"
README = f"""\
# Toy course

Everything here is small.

## How to start

Open the [authors' guide](docs/authors.md).

{END_OF_WELCOME}

## For instructors

Nothing of it is in the book.
"""
HOME = f"""\
# Home

In JupyterLab only.

{BEGIN}

### Part I. Toys

What fits into a pocket.

| chapter | builds on | to read | exercises | points |
|---|---|--:|---|--:|
| [01 Toy](notebooks/{SLUG}.ipynb) | 01, *02* | 5 min | [2]({SET}) | 3 |

{END}

A number in italics is a chapter to come.

In JupyterLab only, too.
"""
ALT = "A straight line from the lower left to the upper right."
FIGURE = f"""\
import pandas as pd

slope = 1
fig, ax = plots.figure()
ax.plot([0, 1], [0, slope])
plots.show(fig, alt="{ALT}")
pd.DataFrame({{"half": [0.5, 1.0]}}, index=[1, 2])"""
GRADIENT = r"$$\frac{\partial}{\partial x} = x$$"
WIDE = f'{"_" * 200} = "a line of 200 characters and more"'
READING = """\
## Further reading

- Kingma and Ba 2015; Lin, Chen, Yan, *Network in network*, ICLR 2014
- Minsky and Papert 1969, *Perceptrons*: which of them has no address"""
LONG_PATH = "/srv/courses/" + "a_folder_with_a_long_name/" * 4
AUTHORS = f"# Authors' guide\n\n[home](../home.md) lies in `{LONG_PATH}`.\n"
TERMS = f"""\
[{SLUG}]
"The idea" = ["half", "gradient"]
"""


def clone_of(address: str, folder: Path) -> None:
    """Make a folder look like a clone of a repository."""
    subprocess.run(("git", "init", "-q", folder), check=True)
    remote = ("git", "-C", folder, "remote", "add", "origin", address)
    subprocess.run(remote, check=True)


def course_with_site(built_toy: Path, folder: Path) -> Path:
    """Copy the built toy course and add what a site needs."""
    shutil.copytree(built_toy, folder)
    shutil.copytree(ROOT / "docs" / "site", folder / "docs" / "site")
    shutil.copy(ROOT / "docs" / "bibliography.md", folder / "docs")
    shutil.copy(ROOT / "CITATION.cff", folder)
    clone_of(REPOSITORY, folder)
    (folder / "README.md").write_text(README)
    (folder / "home.md").write_text(HOME)
    (folder / "docs" / "authors.md").write_text(AUTHORS)
    (folder / "docs" / "site" / "terms.toml").write_text(TERMS)
    path = folder / "notebooks" / f"{SLUG}.ipynb"
    lecture = nbformat.read(path, as_version=4)
    see = f"[see](../notebooks/{SLUG}.ipynb#The-idea?)"  # as JupyterLab has it
    formula = f"The gradient ({see}) is\n\n{GRADIENT}"
    code = [new_code_cell(FIGURE), new_code_cell(WIDE)]
    within_the_idea = [new_markdown_cell(formula), *code]
    lecture.cells[4:4] = within_the_idea
    lecture.cells.insert(-1, new_markdown_cell(READING))  # above predictions' answers
    nbformat.write(lecture, path)
    return folder


@pytest.fixture(scope="session")
def tiny(once, built_toy) -> tuple[Path, Path]:
    """The tiny course and its built site; to be read only."""

    def make(folder: Path) -> None:
        from course.site import book

        course_with_site(built_toy, folder)
        book.make(folder, folder / ".build" / "site", say=lambda text: None)

    folder, _ = once("tiny-site", make)
    return folder, folder / ".build" / "site"
