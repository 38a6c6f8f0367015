"""`sys.stdout` and `sys.stderr` of a student's cells."""

import io


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of the cells.

    Args:
        name: "stdout" or "stderr".
        room: has `outputs`, where writes go to, None while nothing is collected.
    """

    encoding = "UTF-8"

    def __init__(self, name: str, room):
        self.name, self._room = name, room

    def write(self, text: str) -> int:
        outputs = self._room.outputs
        if outputs is not None and not outputs.deaf:  # a million times, in a long loop
            outputs.write(self.name, text)
        return len(text)

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        """Stay open: a cell that closes its stdout would silence all that follow."""

    def fileno(self) -> int:
        """The process's own descriptor, as a kernel has it; it leads nowhere."""
        return 1 if self.name == "stdout" else 2
