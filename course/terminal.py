"""What all commands share: where the course is, what is said, and how it goes on."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TimeRemainingColumn

# Folders of strangers' work.
HANDED_IN = (("submitted",), ("downloaded",), ("exchange",))


def _is_course(folder: Path) -> bool:
    return (folder / "chapters").is_dir() and (folder / "nbgrader_config.py").is_file()


def _is_graded(folder: Path) -> bool:
    """Whether this is an nbgrader course of any kind: what the grader needs."""
    return (folder / "source").is_dir() and (folder / "submitted").is_dir()


def find_root(context: click.Context, any_course: bool = False) -> Path:
    """The course's folder: the one given, or the nearest one above.

    Args:
        context: the command's.
        any_course: whether it may be a folder that has source/ and submitted/ only.
    """
    here = Path.cwd()
    is_one = _is_graded if any_course else _is_course
    folders = (here, *here.parents)
    found = [folder for folder in folders if _is_course(folder) or is_one(folder)]
    for folder in found:  # the nearest one may be a trap
        if here.relative_to(folder).parts[:1] in HANDED_IN:
            raise click.ClickException(
                f"{here} holds what was handed in, and files there could be taken for "
                f"the course's own: go to {folder} first"
            )
    if context.obj or found:
        return context.obj or found[0]
    if any_course:
        raise click.ClickException(
            f"no course here: neither {here} nor a folder above it holds source/ and "
            "submitted/; go to the course's folder or give --root"
        )
    raise click.ClickException(
        f"no course here: neither {here} nor a folder above it holds chapters/ and "
        "nbgrader_config.py; go to the course's folder or give --root"
    )


@contextlib.contextmanager
def progress(steps: int) -> Iterator[Callable[[str], None]]:
    """A bar with time left on standard error; yields the function that moves it.

    Where standard error is no terminal, a line a step.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        with _lines(steps) as say:
            yield say
        return
    columns = ("{task.description}", BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=steps + 1)

        def say(text: str) -> None:
            bar.update(task, description=text, advance=1)

        yield say


@contextlib.contextmanager
def _lines(steps: int) -> Iterator[Callable[[str], None]]:
    """The same where no bar can be drawn: a line a step, with the time left."""
    begun, done = time.monotonic(), 0

    def say(text: str) -> None:
        nonlocal done
        spent, left = time.monotonic() - begun, max(steps - done, 0)
        about = f", about {spent / done * left:.0f} s left" if done else ""
        done += 1
        talk(f"{text} ({done} of {steps}{about})")

    yield say


def talk(text: str) -> None:
    """Progress goes to standard error, results to standard output."""
    click.echo(text, err=True)


def fail(error: Exception) -> None:
    """End with a plain message and exit status 1."""
    raise click.ClickException(str(error))
