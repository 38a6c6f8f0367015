"""Opening what a stranger handed in: plain files only, no links, no waiting, no flood.

A folder is opened first, then its files by name relative to it, so that nothing can be
put in the place of a folder between a check and its use.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

MAX_BYTES = 20 * 2**20  # an exercise notebook has about 100 kB
MAX_NAMES = 1000  # entries of a student's folder that are looked at
MAX_MESSAGE = 300  # characters of one reason or repair

# Windows can't open relative to a folder and has no flag against links: there a name is
# looked at before it is opened. That is enough for a person's own machine.
HAS_OPENAT = os.open in os.supports_dir_fd
_SAFELY = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # for a FIFO without a writer
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_FOLDER = _SAFELY | getattr(os, "O_DIRECTORY", 0)
_NOT_PLAIN = {errno.ELOOP, errno.EMLINK, errno.ENOTDIR, errno.EISDIR, errno.ENXIO}


class Unreadable(Exception):
    """Why a submission can't be read, in words for its student."""


class Missing(Unreadable):
    """There is no such file or folder."""


@dataclass(frozen=True)
class Folder:
    """A folder that was opened without following a link; `open_folder` makes it.

    Args:
        path: where it lies.
        fd: its file descriptor; None where a system has no such thing.
    """

    path: Path
    fd: int | None

    def read(self, name: str, limit_bytes: int = MAX_BYTES) -> bytes:
        """The content of one plain file in it.

        A hard link to a file of somebody else than the folder's owner is refused: its
        maker may not be allowed to read what it leads to. One to a file of the same
        owner is what backups leave behind, and shows its owner nothing new.

        Args:
            name: the file's name, without a folder.
            limit_bytes: the largest content that is read.

        Raises:
            Missing: it isn't there.
            Unreadable: it is no plain file, too large, or can't be read.
        """
        shown = show_name(name)
        try:
            fd = _open(self.path, name, _SAFELY, self.fd)
            try:
                facts = os.fstat(fd)
                self._check(facts, shown, limit_bytes)
                content = _read_at_most(fd, limit_bytes + 1)
            finally:
                os.close(fd)
        except FileNotFoundError:
            raise Missing(f"{shown} is missing") from None
        except (OSError, ValueError) as error:
            raise Unreadable(_why_not_opened(shown, error, "a folder")) from None
        if len(content) > limit_bytes:  # it grew while it was read
            raise Unreadable(_too_large(shown, len(content), limit_bytes))
        return content

    def plain_files(self) -> list[str]:
        """The names of plain files in it, sorted; `MAX_NAMES` entries are looked at."""
        return self._names(lambda entry: entry.is_file(follow_symlinks=False))

    def plain_folders(self) -> list[str]:
        """The names of folders in it that are no links, as `plain_files` has them."""
        return self._names(lambda entry: entry.is_dir(follow_symlinks=False))

    @contextmanager
    def enter(self, name: str) -> Iterator["Folder"]:
        """Open a folder in it without following a link.

        Args:
            name: the folder's name.

        Raises:
            Unreadable: it is a link or a file, or can't be opened.
        """
        path = self.path / name
        with ExitStack() as opened:
            try:
                if self.fd is None and path.is_symlink():
                    raise OSError(errno.ELOOP, "a link")
                fd = self.fd
                if fd is not None:
                    fd = os.open(name, _FOLDER, dir_fd=fd)
                    opened.callback(os.close, fd)
            except (OSError, ValueError) as error:
                raise Unreadable(
                    _why_not_opened(show_name(name), error, "a file")
                ) from None
            yield Folder(path, fd)

    def _names(self, is_wanted: Callable[[os.DirEntry], bool]) -> list[str]:
        try:
            with os.scandir(self.path if self.fd is None else self.fd) as entries:
                first = islice(entries, MAX_NAMES)
                return sorted(entry.name for entry in first if is_wanted(entry))
        except OSError:
            return []

    def _check(self, facts: os.stat_result, shown: str, limit_bytes: int) -> None:
        """Refuse what isn't a plain file of the folder's owner and of bearable size."""
        if not stat.S_ISREG(facts.st_mode):
            raise Unreadable(_no_plain_file(shown, "a folder"))
        owner = os.stat(self.path if self.fd is None else self.fd).st_uid
        if facts.st_nlink > 1 and facts.st_uid != owner:
            raise Unreadable(f"{shown} is a hard link to another person's file")
        if facts.st_size > limit_bytes:
            raise Unreadable(_too_large(shown, facts.st_size, limit_bytes))


@contextmanager
def open_folder(folder: Path) -> Iterator[Folder]:
    """Open `submitted/STUDENT/SLUG`; neither of the last two names may be a link.

    What lies above is the instructor's, who may have linked it to another disk.

    Args:
        folder: what a student handed in.

    Raises:
        Missing: there is no such folder.
        Unreadable: it is a link or a file, or can't be opened.
    """
    folder = folder.absolute()
    with ExitStack() as opened:
        try:
            fd = _open_below(folder, opened) if HAS_OPENAT else None
            if fd is None and (folder.is_symlink() or folder.parent.is_symlink()):
                raise OSError(errno.ELOOP, "a link")
        except FileNotFoundError:
            raise Missing("nothing was handed in: there is no folder") from None
        except (OSError, ValueError, IndexError) as error:
            raise Unreadable(_why_not_opened("the folder", error, "a file")) from None
        yield Folder(folder, fd)


def show_name(name: str, limit: int = 60) -> str:
    """A name that may hold anything, as one short printable text."""
    text = name if name.isprintable() and name == name.strip() else ascii(name)
    return shorten(text, limit)


def shorten(text: str, limit: int = MAX_MESSAGE) -> str:
    """A text of at most `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def _open_below(folder: Path, opened: ExitStack) -> int:
    """Open the last two parts of a path one by one; all are closed with `opened`."""
    fd = os.open(folder.parents[1], os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    opened.callback(os.close, fd)
    for name in folder.parts[-2:]:
        fd = os.open(name, _FOLDER, dir_fd=fd)
        opened.callback(os.close, fd)
    return fd


def _open(path: Path, name: str, flags: int, fd: int | None) -> int:
    """Open a file in a folder; where there is no openat, after a look at what it is."""
    if fd is not None:
        return os.open(name, flags, dir_fd=fd)
    if not stat.S_ISREG(os.lstat(path / name).st_mode):
        raise OSError(errno.ELOOP, "no plain file")
    return os.open(path / name, flags)


def _read_at_most(fd: int, count: int) -> bytes:
    """The first `count` bytes of an open file that may grow meanwhile."""
    parts = []
    while count > 0 and (part := os.read(fd, min(count, 2**20))):
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _too_large(shown: str, size: int, limit_bytes: int) -> str:
    size_mb, limit_mb = size / 2**20, limit_bytes / 2**20
    return f"{shown} has {size_mb:.0f} MB, over {limit_mb:.0f}: clear its outputs"


def _why_not_opened(shown: str, error: Exception, kind: str) -> str:
    if getattr(error, "errno", None) in _NOT_PLAIN:
        return _no_plain_file(shown, kind)
    return shorten(f"{shown} can't be opened: {getattr(error, 'strerror', error)}")


def _no_plain_file(shown: str, kind: str) -> str:
    return f"{shown} is a link or {kind}: hand in the notebook itself"
