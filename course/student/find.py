"""Which folder, chapter and notebook a student means."""

from pathlib import Path

from course.student import lectures, notebooks

LECTURES = ("notebooks", lectures.FOLDER.name)


def find_root(start: Path) -> Path | None:
    """The nearest folder, from `start` upwards, that holds released exercises."""
    for folder in (start, *start.parents):
        if notebooks.slugs(folder):
            return folder
    return None


def find_notebook(root: Path, given: str) -> tuple[str, Path]:
    """The chapter and the file that a student named.

    Args:
        root: the folder that holds `release/` and `work/`.
        given: a path, a slug or a chapter's number.

    Returns:
        the chapter's slug, and where the notebook lies or should lie.

    Raises:
        FileNotFoundError: it is none of these, or a lecture; says what there is.
    """
    path, known = Path(given), notebooks.slugs(root)
    if path.suffix == ".ipynb":
        if path.absolute().parent.name in LECTURES and path.stem in known:
            mine = notebooks.work(root, path.stem).relative_to(root)
            raise FileNotFoundError(
                f"{given} is a lecture; the exercises of that chapter are in {mine}"
            )
        for name in (path.stem, path.absolute().parent.name):
            if name in known:
                return name, path.absolute()
        raise FileNotFoundError(
            f"{given}: of which chapter is it? Name it as it was: {known[0]}.ipynb"
        )
    slug = find_slug(root, path.name)
    return slug, notebooks.work(root, slug)


def find_slug(root: Path, given: str) -> str:
    """The chapter that a student named by its slug, or by its number alone.

    Raises:
        FileNotFoundError: there is none; says what there is.
    """
    known = notebooks.slugs(root)
    found = [slug for slug in known if given in (slug, slug[:2])]
    if not found:
        raise FileNotFoundError(
            f"there are no exercises {given!r}; there are: {', '.join(known)}"
        )
    return found[0]
