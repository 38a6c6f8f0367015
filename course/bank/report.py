"""`course check` for a person: a progress bar, a table, the faults."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table

from course.author.lecture import lecture_failure
from course.bank.judge import Score, as_json, judge
from course.build.freeze import freezing
from course.build.pipeline import differences, read_valid
from course.chapters import Chapter, find_chapters
from course.grade.judge.crossing import crossing_problems

EXTRA = ("agreements", "by relation alone", "mutants")


def check(
    root: Path,
    names: tuple[str, ...],
    mutants: bool,
    json_file: Path | None = None,
    built: bool = False,
    lectures: bool = False,
    relations: bool = False,
) -> bool:
    """Judge chapters, show a table, list the faults.

    Args:
        root: the course's folder.
        names: slugs; none means all.
        mutants: whether to try mutants too.
        json_file: where to write the report as JSON, if anywhere.
        built: whether the built files of all chapters must be what these say, too.
        lectures: whether these chapters' lectures must run from the top, too.
        relations: whether to say what each wrong answer would be told without the bank.

    Returns:
        whether there is no fault, no difference, and no lecture that stops.

    Raises:
        ChapterError: a chapter breaks the rules of the build.
    """
    start = time.monotonic()
    chapters = [read_valid(folder) for folder in find_chapters(root, names)]
    scores, frozen = {}, {}
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True))
    with bar, freezing(chapter.folder for chapter in chapters) as each:
        for chapter in chapters:
            task = bar.add_task(chapter.slug, total=None)

            def done(finished: int, total: int, task=task) -> None:
                bar.update(task, completed=finished, total=total)

            values = frozen[chapter.slug] = next(each)
            scores[chapter.slug] = judge(chapter, values, mutants, done, relations)
            for exercise, problems in crossing_problems(chapter, values).items():
                scores[chapter.slug][exercise].faults += map(str, problems)
        stale = list(_stale(root, frozen, bar)) if built else []
        stopped = list(_stopped(chapters, bar)) if lectures else []
    result = as_json(scores, stale, time.monotonic() - start) | {"lectures": stopped}
    if json_file:
        write_whole(json_file, json.dumps(result, indent=1) + "\n")
    show(scores, result["seconds"])
    for line in (*stale, *stopped):
        print(line)
    return result["faults"] == 0 and not stale and not stopped


def _stale(root: Path, frozen: dict, bar: Progress) -> Iterator[str]:
    """What `course build --check` says, from the values that are frozen already."""
    task = bar.add_task("what is built", total=len(frozen) + 1)
    yield from differences(
        root, lambda step: bar.advance(task), lambda chapter: frozen[chapter.slug]
    )


def _stopped(chapters: list[Chapter], bar: Progress) -> Iterator[str]:
    """Where lectures stop, of those that do."""
    task = bar.add_task("lectures", total=len(chapters))
    for chapter in chapters:
        if failure := lecture_failure(chapter):
            yield f"the lecture stops at {failure}"
        bar.advance(task)


def show(scores: dict[str, dict[str, Score]], seconds: float) -> None:
    """Print the table, the faults and the survivors on standard output."""
    console = Console(soft_wrap=True)
    table = Table(title=f"The autograder's own test ({seconds:.0f} s)")
    for name in ("exercise", "points", "right", "wrong caught", "named", *EXTRA):
        table.add_column(name, justify="left" if name == "exercise" else "right")
    for slug, exercises in scores.items():
        table.add_section()
        table.add_row(slug, style="bold")
        for exercise, score in exercises.items():
            table.add_row(exercise, *_row(score))
    console.print(table)
    _show_relations(console, scores)
    for slug, exercises in scores.items():
        for exercise, score in exercises.items():
            for fault in score.faults:
                console.print(f"{slug}/{exercise}: {fault}", markup=False)
            for label in score.survivors:
                console.print(f"{slug}/{exercise}: survives: {label}", markup=False)


def _show_relations(console: Console, scores: dict[str, dict[str, Score]]) -> None:
    """What each wrong answer is told while the bank does not know it, for a reader."""
    for slug, exercises in scores.items():
        for exercise, score in exercises.items():
            for title, told in score.blind.items():
                if told:
                    line = f"{slug}/{exercise}: {title!r} -> {told}"
                    console.print(line, markup=False)
    told = [t for e in scores.values() for s in e.values() for t in s.blind.values()]
    if told:
        named = sum(t is not None for t in told)
        console.print(f"By relation alone: {named} of {len(told)} wrong answers named.")


def _row(score: Score) -> tuple[str, ...]:
    related = sum(told is not None for told in score.blind.values())
    killed = f"{score.killed}/{score.mutants - score.equivalent}"
    return (
        f"{score.points:g}",
        str(score.right),
        f"{score.caught}/{score.wrong}",
        f"{score.named}/{score.wrong}",
        str(len(score.agreements)),
        f"{related}/{score.wrong}" if score.blind else "-",
        killed if score.mutants else "-",
    )


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    scratch = path.with_name(path.name + ".part")
    scratch.write_text(text, encoding="utf-8")
    os.replace(scratch, path)
