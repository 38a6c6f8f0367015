"""Only plain files are opened, without following links, waiting or reading too much.

Each defence is also taken out once, to see that the test before it would notice.
"""

import os
import threading
from pathlib import Path

import pytest

from course.grade.intake import opening
from course.grade.intake.opening import (
    Missing,
    Unreadable,
    open_folder,
    shorten,
    show_name,
)

NAME = "01_toy.ipynb"
WAIT_S = 10


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A student's folder, empty."""
    folder = tmp_path / "submitted" / "linde" / "01_toy"
    folder.mkdir(parents=True)
    return folder


def read(folder: Path, limit_bytes: int = 1000) -> bytes:
    """The notebook of a student's folder."""
    with open_folder(folder) as opened:
        return opened.read(NAME, limit_bytes)


def read_in_thread(folder: Path) -> tuple[threading.Thread, list[str]]:
    """Begin to read; what is refused is added to the list."""
    reasons: list[str] = []

    def work() -> None:
        try:
            read(folder)
        except Unreadable as reason:
            reasons.append(str(reason))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread, reasons


def without(monkeypatch, flag: int) -> None:
    """Take a flag out of how files and folders are opened."""
    monkeypatch.setattr(opening, "_SAFELY", opening._SAFELY & ~flag)
    monkeypatch.setattr(opening, "_FOLDER", opening._FOLDER & ~flag)


def open_files() -> set[str]:
    """The file descriptors of this process."""
    return set(
        os.listdir("/proc/self/fd" if Path("/proc/self").exists() else "/dev/fd")
    )


def test_a_plain_file_is_read_whole(folder):
    (folder / NAME).write_bytes(b"x" * 1000)
    assert read(folder) == b"x" * 1000


def test_a_link_is_refused(folder, tmp_path):
    (tmp_path / "secret").write_bytes(b"the solution")
    (folder / NAME).symlink_to(tmp_path / "secret")
    with pytest.raises(Unreadable, match="is a link or a folder"):
        read(folder)


@pytest.mark.parametrize("name", ["linde", "linde/01_toy"])
def test_a_folder_that_is_a_link_is_refused(folder, tmp_path, name):
    other = tmp_path / "submitted" / "yolka" / "01_toy"
    other.mkdir(parents=True)
    (other / NAME).write_bytes(b"somebody else's work")
    folder.rmdir()
    if name == "linde":
        folder.parent.rmdir()
    (tmp_path / "submitted" / name).symlink_to(
        other if "/" in name else other.parent, target_is_directory=True
    )
    with pytest.raises(Unreadable, match="is a link or a file"):
        read(folder)


def test_without_the_flag_links_would_be_followed(folder, tmp_path, monkeypatch):
    without(monkeypatch, os.O_NOFOLLOW)
    (tmp_path / "secret").write_bytes(b"the solution")
    (folder / NAME).symlink_to(tmp_path / "secret")
    (tmp_path / "submitted" / "yolka").symlink_to(folder.parent)
    assert read(tmp_path / "submitted" / "yolka" / "01_toy") == b"the solution"


def test_the_instructors_own_folder_may_be_a_link(folder, tmp_path):
    (folder / NAME).write_bytes(b"work")
    (tmp_path / "disk").symlink_to(tmp_path / "submitted", target_is_directory=True)
    assert read(tmp_path / "disk" / "linde" / "01_toy") == b"work"


def test_a_fifo_is_refused_without_waiting_for_a_writer(folder):
    os.mkfifo(folder / NAME)
    thread, reasons = read_in_thread(folder)
    thread.join(WAIT_S)
    assert not thread.is_alive()
    assert reasons == [f"{NAME} is a link or a folder: hand in the notebook itself"]


def test_without_the_flag_a_fifo_would_be_waited_for(folder, monkeypatch):
    without(monkeypatch, os.O_NONBLOCK)
    os.mkfifo(folder / NAME)
    thread, _ = read_in_thread(folder)
    thread.join(0.5)
    assert thread.is_alive()
    os.close(os.open(folder / NAME, os.O_WRONLY))  # lets it go on
    thread.join(WAIT_S)


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to(path)])
def test_what_is_no_file_is_refused(folder, make):
    make(folder / NAME)
    with pytest.raises(Unreadable, match="is a link or a folder"):
        read(folder)


def test_a_large_file_is_refused_before_it_is_read(folder, monkeypatch):
    with (folder / NAME).open("wb") as file:
        file.truncate(10**12)
    monkeypatch.setattr(opening, "_read_at_most", None)
    with pytest.raises(Unreadable, match="has 953674 MB, over 20: clear its outputs"):
        read(folder, 20 * 2**20)


def test_a_file_that_grows_is_read_up_to_the_limit(folder, monkeypatch):
    (folder / NAME).write_bytes(b"x" * 10)
    true_check = opening.Folder._check

    def check_and_grow(*arguments) -> None:
        true_check(*arguments)
        (folder / NAME).write_bytes(b"x" * 5000)

    monkeypatch.setattr(opening.Folder, "_check", check_and_grow)
    with pytest.raises(Unreadable, match="clear its outputs"):
        read(folder)
    with (folder / NAME).open("rb") as file:
        assert len(opening._read_at_most(file.fileno(), 1001)) == 1001


def test_a_hard_link_to_another_persons_file_is_refused(folder, tmp_path, monkeypatch):
    (tmp_path / "secret").write_bytes(b"the solution")
    os.link(tmp_path / "secret", folder / NAME)
    assert read(folder) == b"the solution"  # of the folder's owner: shows nothing new
    true_stat = os.stat

    def other_owner(path, **options) -> os.stat_result:
        facts = list(true_stat(path, **options))
        facts[4] += 1
        return os.stat_result(facts)

    monkeypatch.setattr(opening.os, "stat", other_owner)
    with pytest.raises(Unreadable, match="hard link to another person's file"):
        read(folder)
    (tmp_path / "secret").unlink()
    assert read(folder) == b"the solution"  # a file of another owner, and no link


def test_what_is_not_there_is_missing(folder):
    with pytest.raises(Missing, match=f"{NAME} is missing"):
        read(folder)
    with pytest.raises(Missing, match="nothing was handed in"):
        read(folder.parent / "02_other")
    with pytest.raises(Missing, match="nothing was handed in"):
        read(folder.parents[1] / "yolka" / "01_toy")


def test_a_file_in_the_place_of_a_folder_is_refused(folder):
    folder.rmdir()
    folder.write_text("no folder")
    with pytest.raises(Unreadable, match="the folder is a link or a file"):
        read(folder)


@pytest.mark.parametrize("name", ["a\0b", "x" * 1000, "\ud800", "."])
def test_a_name_that_cant_be_opened_is_unreadable(folder, name):
    with open_folder(folder) as opened, pytest.raises(Unreadable) as reason:
        opened.read(name)
    assert str(reason.value).isprintable()
    assert len(str(reason.value)) <= opening.MAX_MESSAGE


def test_what_may_not_be_read_says_so(folder, monkeypatch):
    def refuse(*arguments, **options) -> int:
        raise PermissionError(13, "Permission denied")

    with open_folder(folder) as opened:
        monkeypatch.setattr(opening.os, "open", refuse)
        with pytest.raises(Unreadable, match="can't be opened: Permission denied"):
            opened.read(NAME)
    with pytest.raises(Unreadable, match="the folder can't be opened"):
        read(folder)


def test_only_plain_files_are_listed(folder):
    for name in ("b.ipynb", "a.ipynb"):
        (folder / name).touch()
    (folder / "c.ipynb").mkdir()
    (folder / "d.ipynb").symlink_to(folder / "a.ipynb")
    with open_folder(folder) as opened:
        assert opened.plain_files() == ["a.ipynb", "b.ipynb"]


def test_a_folder_of_many_files_is_not_listed_whole(folder, monkeypatch):
    monkeypatch.setattr(opening, "MAX_NAMES", 3)
    for number in range(5):
        (folder / f"{number}.ipynb").touch()
    with open_folder(folder) as opened:
        assert len(opened.plain_files()) == 3


def test_where_nothing_opens_below_a_folder_names_are_looked_at(folder, monkeypatch):
    monkeypatch.setattr(opening, "HAS_OPENAT", False)
    without(monkeypatch, os.O_NOFOLLOW)
    (folder / NAME).write_bytes(b"work")
    assert read(folder) == b"work"
    with open_folder(folder) as opened:
        assert opened.plain_files() == [NAME]
    (folder / "other").symlink_to(folder / NAME)
    with open_folder(folder) as opened, pytest.raises(Unreadable, match="is a link"):
        opened.read("other")
    (folder.parents[1] / "yolka").symlink_to(folder.parent)
    with pytest.raises(Unreadable, match="is a link"):
        read(folder.parents[1] / "yolka" / "01_toy")


def test_no_file_is_left_open(folder):
    before = open_files()
    for _ in range(3):
        with pytest.raises(Unreadable):
            read(folder)
        with pytest.raises(Unreadable):
            read(folder / "nowhere")
    (folder / NAME).write_bytes(b"work")
    read(folder)
    with pytest.raises(Unreadable):
        read(folder, limit_bytes=1)
    assert open_files() == before


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("01 toy (1).ipynb", "01 toy (1).ipynb"),
        ("Ёлка", "Ёлка"),
        ("a\nb", r"'a\nb'"),
        ("\udcff", r"'\udcff'"),
        ("\u202egnp.exe", r"'\u202egnp.exe'"),
        (" a", "' a'"),
        ("x" * 100, "x" * 57 + "..."),
    ],
)
def test_a_name_is_shown_printable_and_short(name, shown):
    assert show_name(name) == shown
    assert shorten("x" * 301) == "x" * 297 + "..."
