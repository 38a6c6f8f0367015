"""`course new`: a chapter to start from, which itself builds and passes."""

import os
import shutil
import tempfile
from pathlib import Path

from course.chapters import SLUG
from course.syllabus import read_syllabus

TEMPLATE = Path(__file__).parent / "template"


def new_chapter(root: Path, slug: str, title: str | None = None) -> Path:
    """Copy the template to `chapters/NN_slug`, whole or not at all.

    Args:
        root: the course's folder.
        slug: the chapter's name, two digits and words: `08_generalization`.
        title: its heading; if None the syllabus's, or one made from the slug.

    Returns:
        the new folder.

    Raises:
        ValueError: the slug is not of that form, or the syllabus can't be read.
        FileExistsError: there is such a chapter.
    """
    if not SLUG.fullmatch(slug):
        raise ValueError(
            f"{slug!r} is no chapter name: it takes two digits, an underscore and "
            "lower-case words, such as 08_generalization"
        )
    folder = root / "chapters" / slug
    if folder.exists():
        raise FileExistsError(f"chapters/{slug} is there already; nothing was changed")
    known = {slug: title for slug, title, _ in read_syllabus(root)}
    title = title or known.get(slug) or slug[3:].replace("_", " ").capitalize()
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as scratch:
        made = Path(scratch) / slug
        shutil.copytree(TEMPLATE, made, ignore=shutil.ignore_patterns("__pycache__"))
        for path in made.iterdir():
            text = path.read_text(encoding="utf-8").replace("TITLE", title)
            path.write_text(text, encoding="utf-8")
        os.rename(made, folder)
    return folder
