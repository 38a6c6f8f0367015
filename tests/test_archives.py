"""One student's odd archive costs that student's file, and nobody else anything."""

import io
import logging
import random
import tarfile
import zipfile

import pytest

from course import archives
from course.archives import ExtractPlain
from tests.forked import run

SLUG = "01_toy"
RAR = b"Rar!\x1a\x07\x01\x00" + bytes(100)
MOODLE = r".*/[^/]*_(?P<student_id>\d+)_assignsubmission_file[_/]*(?P<file_id>[^/]+)"


def packed(files: dict[str, bytes]) -> bytes:
    """A zip file."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


@pytest.fixture
def extract(tmp_path, caplog):
    """Unpack `extract(whole)`; the files that came of it, and what was said."""

    def run_it(whole: bytes, name: str = "all.zip"):
        source, target = tmp_path / "archive", tmp_path / "extracted"
        source.mkdir()
        (source / name).write_bytes(whole)
        plugin = ExtractPlain()
        plugin.log = logging.getLogger("zip_collect")
        with caplog.at_level(logging.ERROR, "zip_collect"):
            plugin.extract(str(source), str(target))
        found = {str(p.relative_to(target)) for p in target.rglob("*") if p.is_file()}
        return found, caplog.text

    return run_it


def moodle(number: int, name: str) -> str:
    return f"Ann_{number}_assignsubmission_file_/{name}"


def test_a_renamed_rar_stops_nobody_else(built_toy_copy):
    notebook = (built_toy_copy / "source" / SLUG / f"{SLUG}.ipynb").read_bytes()
    whole = packed(
        {
            moodle(1, "homework.zip"): RAR,
            moodle(2, f"{SLUG}.ipynb"): notebook,
            moodle(3, "homework.zip"): packed({f"hw/{SLUG}.ipynb": notebook}),
            moodle(4, "two.zip"): packed({"a/x.ipynb": b"{}", "b/x.ipynb": b"{}"}),
            moodle(5, f"{SLUG}.ipynb"): notebook,
        }
    )
    folder = built_toy_copy / "downloaded" / SLUG / "archive"
    folder.mkdir(parents=True)
    (folder / "submissions.zip").write_bytes(whole)
    with (built_toy_copy / "nbgrader_config.py").open("a") as config:
        config.write(f"c.FileNameCollectorPlugin.named_regexp = r'{MOODLE}'\n")
    status, said = run("nbgrader", "zip_collect", SLUG, cwd=built_toy_copy)
    assert status == 0, said
    assert "homework.zip: it can't be unpacked" in " ".join(said.split())
    handed_in = {
        p.parent.parent.name for p in built_toy_copy.glob("submitted/*/*/*.i*")
    }
    assert handed_in == {"2", "3", "4", "5"}


def test_what_leads_out_of_the_folder_is_left_out(extract, tmp_path):
    found, said = extract(
        packed({"../out.txt": b"x", "/abs.txt": b"x", "in.txt": b"x"})
    )
    assert found == {"all/in.txt"}
    assert said.count("leads out of the folder") == 2
    assert not (tmp_path / "out.txt").exists()


def test_links_are_no_plain_files(extract):
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as archive:
        link = tarfile.TarInfo("link.ipynb")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        archive.addfile(tarfile.TarInfo("empty.ipynb"))
    found, _ = extract(whole.getvalue(), "all.tar.gz")
    assert found == {"all/empty.ipynb"}


def test_a_bomb_costs_itself_alone(extract, monkeypatch):
    monkeypatch.setattr(archives, "MAX_BYTES", 2**20)
    found, said = extract(packed({"bomb.ipynb": bytes(2**21), "a.ipynb": b"{}"}))
    assert found == {"all/a.ipynb"}
    assert "bomb.ipynb of" in said and "it has over 1 MB" in said


def test_what_one_student_packed_is_not_unpacked_for_hours(extract, monkeypatch):
    monkeypatch.setattr(archives, "MAX_BYTES", 2**20)
    monkeypatch.setattr(archives, "MAX_WASTED_BYTES", 3 * 2**20)
    bombs = {f"{i}.bin": bytes(2**21) for i in range(9)} | {"z.txt": b"late"}
    whole = packed(
        {"ann/b.zip": packed(bombs), "bob/b.zip": packed({"b.ipynb": b"{}"})}
    )
    found, said = extract(whole)
    assert "bob/b/b.ipynb" in " ".join(found) and "z.txt" not in " ".join(found)
    assert said.count("it has over 1 MB") == 3
    assert "the rest of" in said and archives.TOO_LARGE in said


def test_files_beyond_the_most_are_told(extract, monkeypatch):
    monkeypatch.setattr(archives, "MAX_FILES", 2)
    found, said = extract(packed({name: b"{}" for name in "abc"}))
    assert len(found) == 2
    assert "the rest of" in said and archives.TOO_MANY in said


def test_a_damaged_file_of_an_archive_costs_itself_alone(extract):
    noise = random.Random(0).randbytes(1000)
    whole = bytearray(packed({"a.ipynb": b"{}", "b.ipynb": noise, "c.ipynb": b"[]"}))
    place = whole.index(b"b.ipynb") + 500
    whole[place : place + 8] = bytes(8)
    found, said = extract(bytes(whole))
    assert found == {"all/a.ipynb", "all/c.ipynb"}
    assert "b.ipynb of" in said and "can't be unpacked" in said


def test_a_full_disk_is_no_students_fault(tmp_path, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archives.Path, "write_bytes", full, raising=True)
    plugin = ExtractPlain()
    with pytest.raises(OSError, match="No space left"):
        plugin._write(tmp_path / "a", b"x")
