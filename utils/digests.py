"""A short name for a source's text, the same in a kernel and for who reads the file."""

import hashlib

LENGTH = 12  # hexadecimal digits: 48 bits tell one notebook's cells apart


def digest(source: str) -> str:
    """The first digits of the SHA-256 of a cell's text.

    Args:
        source: the text; blank lines around it and the kind of line ends don't matter.
    """
    text = "\n".join(source.strip().splitlines())
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:LENGTH]
