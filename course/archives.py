"""`nbgrader zip_collect`, for archives in which students' own files lie.

Stock nbgrader stops the whole class at one archive that it can't unpack, such as a
.rar that somebody renamed, and at two files of one student with one name. Here such a
file is left out with a word, and the others go on. Sizes and numbers are bounded; a
link, or a name that leads out of the folder, is never written.
"""

import errno
import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin

from course.grade.intake.opening import MAX_BYTES, show_name

MAX_FILES = 10_000  # of one archive
MAX_TOTAL_BYTES = 8 * 2**30
MAX_WASTED_BYTES = 2 * 2**30  # unpacked of what one student packed, and left out
MAX_DEPTH = 3  # archives in archives
TOO_MANY = f"there are over {MAX_FILES:,} files in it"
TOO_LARGE = (
    f"of what is left out of it, over {MAX_WASTED_BYTES // 2**30} GB were unpacked "
    "already"
)
# What no archive can help: the instructor's own disk.
OWN_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
Read = Callable[[], bytes]
BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,
    RuntimeError,  # a password; NotImplementedError, an unknown way of packing
    LookupError,
    OSError,
)


class ExtractPlain(ExtractorPlugin):
    """Unpacks what can be unpacked and says what is left out."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack or copy each file of a folder, also archives in archives.

        Args:
            archive_path: where the archives lie.
            extracted_path: where to.

        Raises:
            OSError: it can't be written there.
        """
        self._left = MAX_TOTAL_BYTES
        source, target = Path(archive_path), Path(extracted_path)
        files = [path for path in sorted(source.rglob("*")) if path.is_file()]
        if not files:
            self.log.warning("No files found in directory: %s", archive_path)
        for path in files:
            into = target / path.relative_to(source).parent
            if path.suffix.lower() in self.zip_ext:
                self._unpack(path, into / _stem(path), depth=1)
            else:
                into.mkdir(parents=True, exist_ok=True)
                (into / path.name).write_bytes(path.read_bytes())

    def _unpack(self, archive: Path, into: Path, depth: int) -> None:
        self.log.info("Extracting from: %s", archive)
        inner = []
        if depth <= 2:  # the class's archive, or a student's in it
            self._wasted = 0
        try:
            for number, (name, read) in enumerate(_plain_files(archive)):
                if number == MAX_FILES or self._wasted > MAX_WASTED_BYTES:
                    reason = TOO_MANY if number == MAX_FILES else TOO_LARGE
                    self._leave_out(f"the rest of {archive}", reason)
                    break
                if self._take(name, read, archive, into):
                    inner.append(into / name)
        except BROKEN as error:
            self._leave_out(str(archive), self._broken(error))
        for path in inner:
            if path.suffix.lower() in self.zip_ext and depth < MAX_DEPTH:
                self._unpack(path, path.parent / _stem(path), depth + 1)

    def _take(self, name: str, read: Read, archive: Path, into: Path) -> bool:
        """Write one file of an archive, or say why not."""
        content = b""
        try:
            content = read()
        except BROKEN as error:
            reason = self._broken(error)
        else:
            reason = self._why_not(name, content)
        if reason:
            self._wasted += len(content)
            self._leave_out(f"{show_name(name, 200)} of {archive}", reason)
            return False
        return self._write(into / name, content)

    def _broken(self, error: Exception) -> str:
        if getattr(error, "errno", None) in OWN_DISK:
            raise error
        return (
            f"it can't be unpacked ({error}): perhaps damaged, or another kind of "
            "archive that was renamed; ask for the notebook itself"
        )

    def _why_not(self, name: str, content: bytes) -> str:
        """Why a file of an archive is not written; "" if it is."""
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or "\\" in name or not parts:
            return "its name leads out of the folder"
        if len(content) > MAX_BYTES:
            return f"it has over {MAX_BYTES // 2**20} MB"
        if len(content) > self._left:
            return "there are too many bytes in all"
        return ""

    def _write(self, path: Path, content: bytes) -> bool:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except (OSError, ValueError) as error:
            if getattr(error, "errno", None) in OWN_DISK:
                raise
            self._leave_out(show_name(path.name, 200), f"it can't be written ({error})")
            return False
        self._left -= len(content)
        return True

    def _leave_out(self, what: str, reason: str) -> None:
        self.log.error("Left out: %s: %s", what, reason)


class CollectEach(FileNameCollectorPlugin):
    """Keeps two files of one student apart, where stock nbgrader stops at them."""

    def __init__(self, **given):
        super().__init__(**given)
        self._seen: set[tuple[str, str]] = set()

    def collect(self, submitted_file: str) -> dict | None:
        """What a file's name says; None if the file is skipped.

        Args:
            submitted_file: its path.
        """
        found = super().collect(submitted_file)
        if not found or found.get("timestamp"):  # of two times stock takes the later
            return found
        names = (found["file_id"], os.path.basename(submitted_file))
        for name in names:
            key = (found["student_id"], os.path.splitext(name)[0])
            if key not in self._seen:
                self._seen.add(key)
                return found | {"file_id": name}
        self.log.error("Left out: %s: a second file of that name", submitted_file)
        return None


def _plain_files(archive: Path) -> Iterator[tuple[str, Read]]:
    """The name of each plain file, and what reads at most a byte more than allowed."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as packed:
            for info in packed.infolist():
                if not info.is_dir():
                    yield info.filename, partial(_read_zipped, packed, info)
        return
    with tarfile.open(archive) as packed:
        for member in packed:
            if member.isreg() and not member.issparse():
                file = packed.extractfile(member)
                yield member.name, partial(file.read, MAX_BYTES + 1)


def _read_zipped(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with packed.open(info) as file:
        return file.read(MAX_BYTES + 1)


def _stem(path: Path) -> str:
    """An archive's name without its endings, which a folder is called by."""
    return path.stem.removesuffix(".tar") or path.name
