"""What lies in the repository: no machine's addresses, nothing big, papers in order."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from course.requirements import ROOT

LIMIT_BYTES = 2**20
# Brackets keep each pattern from finding itself here.
MACHINES = re.compile(
    rb"py[p]i\.org|python[h]osted\.org|registry\.np[m]js|registry\.yar[n]pkg"
    rb"|deb\.deb[i]an\.org|conda\.anacond[a]\.org|download\.pyt[o]rch\.org"
    rb"|https?://[^ )\"]*/simpl[e]/"
    rb"|(?<![\w.])/(?:w[o]rk|r[o]ot|U[s]ers)/|(?<![\w.])/h[o]me/[a-z]|C:\\{1,2}U[s]ers"
    rb"|/tmp/l[a]b|/opt/p[y]pi"
)


def tracked_files(root: Path) -> list[Path]:
    """The files that git tracks or would; without git, all but hidden folders'."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listing, cwd=root, capture_output=True, text=True)
    if done.returncode:
        files = (path.relative_to(root) for path in root.rglob("*"))
        return [root / f for f in files if not any(p.startswith(".") for p in f.parts)]
    return [root / name for name in done.stdout.split("\0") if name]


def complaints(root: Path) -> list[str]:
    """What does not belong into a repository."""
    found = []
    for file in filter(Path.is_file, tracked_files(root)):
        content = file.read_bytes()
        name = file.relative_to(root)
        if len(content) > LIMIT_BYTES:
            found.append(f"{name}: {len(content) / 2**20:.1f} MiB")
        if match := MACHINES.search(content):
            line = content[: match.start()].count(b"\n") + 1
            found.append(f"{name}:{line}: {match[0].decode()}")
    return found


def test_no_file_names_a_registry_or_a_place_on_a_machine_or_is_big():
    assert complaints(ROOT) == []


@pytest.mark.parametrize(
    "text",
    [
        "see https://py{}pi.org/project/torch",
        "--index-url https://mirror.example/simp{}le/",
        "open('/wo{}rk/main/chapters')",
        "open('/ho{}me/ada/notes')",
        "C:{}\\Users\\ada",
    ],
)
def test_a_registry_or_a_place_on_a_machine_is_found(tmp_path, text):
    (tmp_path / "page.md").write_text("fine\n" + text.format(""))
    [complaint] = complaints(tmp_path)
    assert complaint.startswith("page.md:2: ")


@pytest.mark.parametrize("text", ["work/main", "a/home/base", "https://example.org/x"])
def test_what_only_looks_like_one_is_left_alone(tmp_path, text):
    (tmp_path / "page.md").write_text(text)
    assert complaints(tmp_path) == []


def test_a_big_file_is_found(tmp_path):
    (tmp_path / "weights.bin").write_bytes(bytes(LIMIT_BYTES + 1))
    assert complaints(tmp_path) == ["weights.bin: 1.0 MiB"]


def test_the_citation_file_has_what_readers_of_it_require():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    required = {"cff-version", "message", "title", "authors"}
    assert required <= citation.keys()
    assert citation["cff-version"] == "1.2.0"
    assert all("name" in author for author in citation["authors"])


def test_the_citation_and_the_project_say_the_same():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    project = (ROOT / "pyproject.toml").read_text()
    assert f'version = "{citation["version"]}"' in project
    assert f'license = "{" AND ".join(citation["license"])}"' in project


def test_the_licence_gives_code_and_prose_each_theirs():
    text = (ROOT / "LICENSE").read_text()
    assert "Redistribution and use in source and binary forms" in text
    assert "https://creativecommons.org/licenses/by/4.0/" in text
    assert text.count("The Deep Learning Workbook authors") == 2


def test_the_pages_named_in_contributing_and_readme_are_there():
    for page in ("CONTRIBUTING.md", "README.md"):
        links = re.findall(r"\]\(([^):]+)\)", (ROOT / page).read_text())
        missing = [link for link in links if not (ROOT / link).exists()]
        assert missing == [], page


def test_the_checks_that_contributing_names_are_targets_of_make():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = re.findall(r"make ([a-z-]+)", (ROOT / "CONTRIBUTING.md").read_text())
    assert named and set(named) <= set(targets)


def test_the_home_page_links_the_lecture_and_exercises_of_each_chapter():
    page = (ROOT / "home.md").read_text()
    links = set(re.findall(r"\]\(((?:notebooks|release)/[^)]+)\)", page))
    slugs = [folder.name for folder in (ROOT / "chapters").glob("[0-9]*")]
    lectures = {f"notebooks/{slug}.ipynb" for slug in slugs}
    exercises = {f"release/{slug}/{slug}.ipynb" for slug in slugs}
    assert links == lectures | exercises


def test_lines_end_as_on_unix_in_every_checkout():
    assert "* text=auto eol=lf" in (ROOT / ".gitattributes").read_text()


def folders_of_the_readme() -> list[str]:
    """The folders of README's map that it doesn't say to be out of git."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = text.partition("\n## Where things are\n")[2].splitlines()
    rows = [row.split("|")[1:3] for row in rows if row.startswith("| `")]
    named = (
        name
        for folders, what in rows
        if "not in git" not in what
        for name in re.findall(r"`([^`]+)/`", folders)
    )
    return sorted(named)


@pytest.mark.parametrize("folder", folders_of_the_readme())
def test_a_clone_has_the_folders_of_the_map(folder):
    files = [path.relative_to(ROOT).as_posix() for path in tracked_files(ROOT)]
    assert any(name.startswith(f"{folder}/") for name in files)


@pytest.mark.parametrize("folder", ["submitted", "autograded", "feedback", "exchange"])
def test_of_a_class_nothing_else_gets_into_git(folder, tmp_path):
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    names = (f"{folder}/.gitkeep", f"{folder}/ada/03_x/03_x.ipynb")
    ignored = ["git", "check-ignore", *names]
    done = subprocess.run(ignored, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.splitlines() == [names[1]]
