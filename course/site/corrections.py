"""Below each page: where to report a mistake in it, and where to change it."""

from pathlib import Path
from urllib.parse import urlencode, urlsplit

from markupsafe import Markup
from sphinx.application import Sphinx

from course.site.origin import HOST

# What a page is made of, if that is another file.
MADE_OF = {
    "home": "README.md",
    "docs/bibliography": "docs/site/bibliography.toml",
    "genindex": "docs/site/terms.toml",
}
FILES = {"notebooks": "lecture.py", "release": "exercises.py"}


def add_links(
    app: Sphinx, pagename: str, template: str, context: dict, doctree
) -> None:
    """Give a page's template its links (Sphinx's event `html-page-context`)."""
    repository = app.config.course_repository
    path = source(Path(app.srcdir), pagename)
    title = Markup(context.get("title") or pagename).striptags()
    context["report_url"] = report(repository, title, path) if path else ""
    context["edit_url"] = edit(repository, path) if path else ""


def source(root: Path, pagename: str) -> str:
    """The file that a page is written in, from the course's folder; "" if none is."""
    folder, _, rest = pagename.partition("/")
    if folder in FILES:
        return f"chapters/{rest.partition('/')[0]}/{FILES[folder]}"
    path = MADE_OF.get(pagename, f"{pagename}.md")
    return path if (root / path).is_file() else ""


def report(repository: str, title: str, path: str) -> str:
    """The address of a new issue that names the page; "" without a repository.

    Args:
        repository: its address, on GitHub, GitLab, Forgejo or the like.
        title: the page's.
        path: the file that it is written in.
    """
    if not repository:
        return ""
    body = f"What is wrong, and how it should be:\n\n\nPage: {title}\nFile: {path}\n"
    return f"{repository}/issues/new?{urlencode({'title': title, 'body': body})}"


def edit(repository: str, path: str) -> str:
    """The address of a page's source on GitHub, from where it can be edited.

    GitHub shows a file of `HEAD`, with a pencil, but doesn't edit it there: only on a
    branch, whose name we don't know. Nor do we know an address for all other hosts.
    """
    if urlsplit(repository).netloc != HOST:
        return ""
    return f"{repository}/blob/HEAD/{path}"
