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


def find_root(context: click.Context) -> Path:
    """The course's folder: the one given, or the nearest one above."""
    here = Path.cwd()
    found = [folder for folder in (here, *here.parents) if _is_course(folder)]
    for folder in found:  # the nearest one may be a trap
        if here.relative_to(folder).parts[:1] in HANDED_IN:
            raise click.ClickException(
                f"{here} holds what was handed in, and files there could be taken for "
                f"the course's own: go to {folder} first"
            )
    if context.obj or found:
        return context.obj or found[0]
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
