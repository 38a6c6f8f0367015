"""Files that are there whole or not at all, and words where one can't be written."""

import contextlib
import errno
import os
from pathlib import Path

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class CannotWrite(RuntimeError):
    """Which file can't be written, why, and what to do."""


def write_whole(path: Path, text: str | bytes, encoding: str = "utf-8") -> Path:
    """Write a file in one step; makes its folder, and outlasts a power cut.

    Args:
        path: where to.
        text: its content; what no file can hold becomes a question mark. Bytes are
            written as they are.
        encoding: "utf-8-sig" for what is opened in a spreadsheet with a double click.

    Returns:
        `path`.

    Raises:
        CannotWrite: the disk is full, or the folder can't be written to; what was
            there before is as it was.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            is_text = isinstance(text, str)
            file.write(text.encode(encoding, errors="replace") if is_text else text)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):  # there may be none, or no folder
            part.unlink()
        raise CannotWrite(why(path, error)) from error
    return path


def why(path: Path, error: OSError) -> str:
    """Why a file can't be written, and what to do, in a sentence."""
    reason = error.strerror or error
    if error.errno in FULL:
        todo = "make room on that disk, then give the same command again"
    else:
        todo = f"{path.parent} must be a folder that you may write to"
    return f"{path} can't be written: {reason}; {todo}"
