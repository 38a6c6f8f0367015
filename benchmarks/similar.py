"""How many known copies and how many honest look-alikes `course similar` shows.

    python benchmarks/similar.py                       chapters 03, 10 and 13
    python benchmarks/similar.py 12_convolution 300    another, in a class of 300

Made-up classes: honest students write answers of the bank in ways of their own, others
copy a whole notebook of one of them. Nothing is run.
"""

import sys
import time
from math import comb
from pathlib import Path

from course.chapters import read_chapter
from course.demo.alike import WAYS, make_class
from course.grade.plan import read_assignment
from course.similar.evidence import least_bits
from course.similar.measure import shown

ROOT = Path(__file__).parents[1]
COPIES = 5  # in each way
CLASSES = (30, 100, 300)


def main() -> None:
    """Print a line a class."""
    words = sys.argv[1:]
    slugs = words[:1] or [
        folder.name
        for folder in sorted((ROOT / "chapters").glob("[0-9]*"))
        if folder.name[:2] in ("03", "10", "13")
    ]
    classes = [int(word) for word in words[1:]] or CLASSES
    ways = "  ".join(f"{way:>9}" for way in WAYS)
    print(f"{'chapter':24} class  bits  {ways}  honest pairs  seconds")
    for slug in slugs:
        chapter = read_chapter(ROOT / "chapters" / slug)
        assignment = read_assignment(ROOT / "source", slug)
        for size in classes:
            line(chapter, assignment, size)


def line(chapter, assignment, size: int) -> None:
    """Make a class and print what is shown of it."""
    copies = COPIES * len(WAYS)
    made = make_class(chapter, size, COPIES if size > copies else 2)
    per_way = len(made.copies) // len(WAYS)
    start = time.perf_counter()
    found = shown(assignment, made)
    seconds = time.perf_counter() - start
    bits = least_bits(len(made.answers))
    told = "  ".join(f"{found[way]:>4} of {per_way}" for way in WAYS)
    pairs = comb(len(made.answers), 2) - len(made.copies)
    honest = f"{found['honest']} of {pairs:,}"
    name = f"{chapter.slug:24} {len(made.answers):5} {bits:5.1f}"
    print(f"{name}  {told}  {honest:>12}  {seconds:7.1f}")


if __name__ == "__main__":
    main()
