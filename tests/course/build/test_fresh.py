"""Only what changed is built again, whatever the files' ages say."""

import os
import shutil
import subprocess

import pytest
from click.testing import CliRunner

from course import cli
from course.build import fresh, pipeline
from course.build.bundle import _build
from course.chapters import find_chapters, read_chapter

SLUG, OTHER = "01_toy", "02_other"
MADE_OF = (
    f"chapters/{SLUG}/answers.py",
    f"chapters/{SLUG}/rubric.toml",
    f"notebooks/{SLUG}.ipynb",
    f"source/{SLUG}/{SLUG}.ipynb",
    f"release/{SLUG}/{SLUG}.ipynb",
    "utils/check/new.py",
    "course/build/new.py",
    "requirements-lock.txt",
    "docs/site/terms.toml",
)


def add(path, text: str = "\n") -> None:
    """Append to a file, which is made if it isn't there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(text)


def git(root, *words: str) -> None:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True)


@pytest.fixture
def clone(built_toy_copy):
    """The toy course committed, and nothing written down of a build."""
    (built_toy_copy / fresh.RECORD).unlink()
    (built_toy_copy / ".gitignore").write_text(".build/\n")
    git(built_toy_copy, "init", "-q")
    git(built_toy_copy, "add", ".")
    git(built_toy_copy, "commit", "-qm", "All")
    return built_toy_copy


def test_after_a_build_nothing_is_stale_whatever_the_ages_are(built_toy_copy):
    for path in built_toy_copy.rglob("*.py"):
        os.utime(path)
    assert fresh.stale(built_toy_copy) == []


@pytest.mark.parametrize("name", MADE_OF)
def test_a_change_of_what_it_is_made_of_or_what_was_made_is_seen(built_toy_copy, name):
    add(built_toy_copy / name)
    assert fresh.stale(built_toy_copy) == [SLUG]


def test_what_is_missing_is_made_and_what_changed_back_is_not(built_toy_copy):
    path = built_toy_copy / "notebooks" / f"{SLUG}.ipynb"
    content = path.read_bytes()
    path.unlink()
    assert fresh.stale(built_toy_copy) == [SLUG]
    path.write_bytes(content)
    assert fresh.stale(built_toy_copy) == []


def test_a_chapter_hangs_on_the_lectures_that_it_refers_to(built_toy_copy):
    chapters = built_toy_copy / "chapters"
    shutil.copytree(chapters / SLUG, chapters / OTHER)
    add(chapters / SLUG / "lecture.py", "\n# See [nets](02).\n")
    of = fresh.made_of(built_toy_copy, [SLUG])
    add(chapters / OTHER / "exercises.py")
    assert fresh.made_of(built_toy_copy, [SLUG]) == of
    add(chapters / OTHER / "lecture.py")
    assert fresh.made_of(built_toy_copy, [SLUG]) != of


def test_a_record_that_is_spoilt_or_lacking_is_none(built_toy_copy):
    for content in ("", "[]", '{"01_toy": 3}'):
        (built_toy_copy / fresh.RECORD).write_text(content)
        assert fresh.stale(built_toy_copy) == [SLUG]


def test_in_a_fresh_clone_nothing_is_built(clone):
    assert fresh.stale(clone) == []


@pytest.mark.parametrize("name", MADE_OF)
def test_in_a_clone_a_change_is_seen_too(clone, name):
    add(clone / name)
    assert fresh.stale(clone) == [SLUG]


def test_files_that_git_ignores_are_not_taken_for_committed(clone):
    git(clone, "rm", "-rq", "--cached", "chapters")
    add(clone / ".gitignore", "chapters/\n")
    git(clone, "commit", "-qam", "Without")
    assert fresh.stale(clone) == [SLUG]


def test_the_command_builds_only_what_changed(built_toy_copy, monkeypatch):
    built = []

    def build(root, names, say):
        say("building")
        built.append(names)
        return list(names)

    monkeypatch.setattr(pipeline, "build", build)
    monkeypatch.setattr(cli, "reproducible", lambda: None)  # torch is here by now
    words = ["--root", str(built_toy_copy), "build", "--changed"]
    of = fresh.made_of(built_toy_copy, [SLUG])
    fresh.remember(built_toy_copy, of)
    result = CliRunner().invoke(cli.main, words)
    assert result.exit_code == 0 and "all chapters are as they were" in result.stderr
    add(built_toy_copy / "chapters" / SLUG / "answers.py")
    result = CliRunner().invoke(cli.main, words)
    assert built == [(SLUG,)] and result.stdout == f"built {SLUG}\n"
    assert "building (1 of 2)" in result.stderr


def test_a_bundle_takes_what_is_as_it_was_built_and_builds_the_rest(
    built_toy_copy, monkeypatch, tmp_path
):
    built = []
    monkeypatch.setattr(pipeline, "build_into", lambda *given: built.append(given[2]))
    chapters = [read_chapter(folder) for folder in find_chapters(built_toy_copy)]
    add(built_toy_copy / "release" / SLUG / "notes.txt")
    _build(built_toy_copy, tmp_path / "a", chapters, print)
    files = sorted(p.name for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert files == [f"{SLUG}.ipynb"] * 2 and built == []
    add(built_toy_copy / "release" / SLUG / f"{SLUG}.ipynb")
    _build(built_toy_copy, tmp_path / "b", chapters, print)
    assert built == [[chapters[0].folder]] and not (tmp_path / "b").exists()
