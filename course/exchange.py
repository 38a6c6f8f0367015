"""`nbgrader collect`, from a folder that every student can write to.

Stock nbgrader copies what lies there with the instructor's rights. It follows links, to
the solutions for example, stops the whole class at a named pipe or at a folder whose
name holds no date, and takes work in somebody else's name with no more than a warning.
"""

import os
import shutil
import stat
from datetime import datetime
from pathlib import Path

from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect

from course.grade.intake.opening import Folder, Unreadable, open_folder, show_name

TIMESTAMP = "timestamp.txt"
KILOBYTE = 1000  # nbgrader's limits are in these


class CollectOwn(ExchangeCollect):
    """Collects what each account handed in itself, and of that plain files only.

    With `ExchangeCollect.check_owner = False`, for machines where one account serves
    several students, the names of the folders are believed.
    """

    def init_src(self):
        """Find each student's last submission among those that are their own."""
        super().init_src()
        self.src_records = [r for r in self.src_records if r["username"] is not None]

    def _path_to_record(self, path):
        """What a folder's name says; without a student if it can't be believed."""
        try:
            record = super()._path_to_record(path)
            reason = self._why_not(path, record["username"])
        except (ExchangeError, ValueError, OverflowError):
            record, reason = {}, "its name holds no time of submission"
        if reason:
            name = show_name(os.path.basename(path), limit=120)
            self.log.error("Left in the exchange: %s: %s", name, reason)
            return {"username": None, "timestamp": datetime.min}
        return record

    def _why_not(self, path, student):
        """Why a submission is not collected; "" if it is."""
        if not student:
            return "its name holds no student"
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            return "it is a link or a file"
        owner = _owner(path)
        if self.check_owner and owner != student:
            return (
                f"it says {show_name(student)} and belongs to {owner}; where accounts "
                "are not students, say --ExchangeCollect.check_owner=False"
            )
        return ""

    def do_copy(self, src, dest, log=None):
        """Copy the plain files of a submission; say what is left out and go on.

        The time of submission is that of the folder's name, as `collect` read it.
        """
        source, target = Path(src), Path(dest)
        try:
            with open_folder(source) as folder:
                target.mkdir()
                self._copy_plain_files(folder, target)
        except Unreadable as reason:
            self.log.error("Left in the exchange: %s: %s", source.name, reason)
            return
        (target / TIMESTAMP).write_text(source.name.rsplit("+", 3)[2])

    def _copy_plain_files(self, folder: Folder, target: Path) -> None:
        names = set(os.listdir(folder.path if folder.fd is None else folder.fd))
        ignored = shutil.ignore_patterns(*self.coursedir.ignore)(folder.path, names)
        left = self.coursedir.max_dir_size * KILOBYTE
        limit = self.coursedir.max_file_size * KILOBYTE
        for name in sorted(names - set(ignored)):
            try:
                content = folder.read(name, limit_bytes=min(limit, left))
            except Unreadable as reason:
                self.log.error("Left out of %s: %s", folder.path.name, reason)
                continue
            (target / name).write_bytes(content)
            left -= len(content)


def _owner(path) -> str:
    """The name of the account that a folder belongs to; of a link, the link's own."""
    import pwd  # there is none on Windows, where nbgrader has no exchange either

    uid = os.lstat(path).st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"the unknown account {uid}"
