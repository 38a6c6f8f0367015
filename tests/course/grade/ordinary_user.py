"""Grades the attacks as an ordinary user: `python ordinary_user.py LEVEL FOLDER`.

Below level A root's workers are another user, who may not be able to read Python where
it lies in root's home. Here root shows it to everybody, in a mount namespace of this
process alone, and becomes that user. Leaves `graded.pickle` in the folder, or ends with
exit status 3 and the reason if the level can't be had.
"""

import os
import pickle
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(ROOT), str(HERE), str(HERE / "isolation")]

import driver  # noqa: E402


def main(level: str, folder: Path) -> None:
    """Grade the whole class at a level."""
    if os.getuid() == 0:
        driver.make_reachable([Path(sys.prefix), Path(sys.base_prefix), ROOT])
        driver.become_nobody()
    import test_attacks as attacks

    from course.grade.isolation import IsolationRefused
    from course.grade.isolation.ladder import require

    try:
        require(level)
    except IsolationRefused as refused:
        print(refused, file=sys.stderr)
        sys.exit(attacks.NO_SUCH_LEVEL)
    course = attacks.Course(folder / "course")
    graded = attacks.grade(course, level, attacks.attacks_at(level))
    (folder / "graded.pickle").write_bytes(pickle.dumps(graded))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
