"""`course doctor`: what this machine offers, and what to do about what is missing.

machine.look()     the facts
diagnose(machine)  one Finding a line, from the facts alone
print_diagnosis()  the table; False where the course can't run
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from course.grade.isolation.ladder import advice
from course.machine import Machine, look

GIB = 2**30
# As in pyproject.toml, the Makefile, environment.yml and the workflow.
OLDEST_PYTHON, NEWEST_PYTHON = (3, 11, 5), (3, 13)
INSTALL = "make lab (or: pip install -c requirements-lock.txt -r requirements.txt)"
ENGINE_PACKAGES = ("torch", "torchvision")


@dataclass(frozen=True)
class Finding:
    """One line of the diagnosis; `bad` means that the course can't run."""

    name: str
    state: Literal["ok", "warn", "bad"]
    found: str
    advice: str = ""


def diagnose(machine: Machine | None = None) -> list[Finding]:
    """What is right and wrong with a machine; this one, looked at now, by default."""
    machine = look() if machine is None else machine
    return [
        _python(machine),
        *_engine(machine),
        *_packages(machine),
        *_data(machine),
        *_nbgrader(machine),
        _isolation(machine),
        _room("disk", machine.free_disk, "free", "Free some disk"),
        _room("memory", machine.free_memory, _of(machine), "Close other programs"),
    ]


def can_run(findings: list[Finding]) -> bool:
    """Whether nothing that was found stops the course."""
    return all(finding.state != "bad" for finding in findings)


def print_diagnosis(
    machine: Machine | None = None, console: Console | None = None
) -> bool:
    """Print the diagnosis as a table and return whether the course can run."""
    console = console or Console()
    if machine is None:
        with Console(stderr=True).status("Looking at this machine"):
            machine = look()
    findings = diagnose(machine)
    console.print(_table(findings))
    if can_run(findings):
        console.print("The course can run here.")
    else:
        console.print("The course can't run here until each line marked BAD is mended.")
    return can_run(findings)


def _table(findings: list[Finding]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("", "what", "found, and what to do"):
        table.add_column(heading, overflow="fold")
    colours = {"ok": "green", "warn": "yellow", "bad": "bold red"}
    for finding in findings:
        word = finding.state.upper() if finding.state == "bad" else finding.state
        mark = f"[{colours[finding.state]}]{word}[/]"
        text = finding.found + (finding.advice and f"\n-> {finding.advice}")
        table.add_row(mark, escape(finding.name), escape(text))
    return table


def _python(machine: Machine) -> Finding:
    version = ".".join(map(str, machine.python))
    found = f"{version} at {machine.executable}"
    if machine.python >= OLDEST_PYTHON and machine.python[:2] <= NEWEST_PYTHON:
        return Finding("Python", "ok", found)
    advice = "Install Python 3.11 (3.11.5 or later), 3.12 or 3.13, then: make lab"
    return Finding("Python", "bad", found, advice)


def _engine(machine: Machine) -> Iterator[Finding]:
    for name in ENGINE_PACKAGES:
        if name not in machine.installed:
            yield Finding(name, "bad", "not installed", INSTALL)
        elif not machine.torch_error:
            yield Finding(name, "ok", machine.installed[name])
    if machine.torch_error:
        yield Finding("torch works", "bad", machine.torch_error, INSTALL)
    else:
        yield Finding("devices", "ok", ", ".join(machine.devices))


def _packages(machine: Machine) -> Iterator[Finding]:
    """What is pinned against what is installed, one line for each kind of trouble."""
    installed = machine.installed
    missing = sorted(
        f"{name} {version}"
        for name, version in machine.pinned.items()
        if name not in installed and name not in ENGINE_PACKAGES
    )
    other = sorted(
        f"{name} {installed[name]}, pinned {version}"
        for name, version in (machine.locked | machine.pinned | machine.no_deps).items()
        if installed.get(name, version) != version
    )
    count = len(machine.pinned) + len(machine.no_deps)
    if missing:
        yield Finding("packages", "bad", f"missing: {', '.join(missing)}", INSTALL)
    if other:
        shown = "; ".join(other[:5]) + ("; ..." if len(other) > 5 else "")
        found = f"{len(other)} of another version: {shown}"
        yield Finding("versions", "warn", found, INSTALL)
    if not missing and not other:
        yield Finding("packages", "ok", f"{count} pinned, each at its version")


def _data(machine: Machine) -> Iterator[Finding]:
    """One line for each package of data: are its files there, with their checksums?"""
    for package, install in machine.data_install.items():
        states = {
            entry: state
            for entry, state in machine.data.items()
            if machine.data_package[entry] == package
        }
        wrong = [f"{entry} {state}" for entry, state in states.items() if state != "ok"]
        name = f"data: {package}"
        if not wrong:
            yield Finding(name, "ok", f"{_files(len(states))}, checksums right")
            continue
        # What comes without dependencies is small; chapters have something instead.
        optional = "--no-deps" in install and "changed" not in states.values()
        yield Finding(name, "warn" if optional else "bad", ", ".join(wrong), install)


def _nbgrader(machine: Machine) -> Iterator[Finding]:
    version = machine.installed.get("nbgrader")
    if version is None:
        yield Finding("nbgrader", "bad", "not installed", INSTALL)
    elif not machine.alembic:
        advice = "Run nbgrader through `course` or `make`, which put it on PATH"
        yield Finding("nbgrader", "bad", f"{version}, no alembic on PATH", advice)
    else:
        yield Finding("nbgrader", "ok", f"{version}, alembic at {machine.alembic}")
    if machine.gradebook == "half-made":
        advice = "Move gradebook.db away (keep it if it held grades) and grade again"
        yield Finding("gradebook", "bad", "gradebook.db is half-made", advice)


def _isolation(machine: Machine) -> Finding:
    """What strangers' code is locked in with while it is graded."""
    facts = machine.isolation
    offers = {
        "user namespaces": facts.namespaces,
        f"Landlock ABI {facts.landlock_abi}": facts.landlock_abi,
        "seccomp": facts.seccomp,
        "in a container": facts.container,
    }
    there = ", ".join(name for name, offered in offers.items() if offered) or "none"
    found = f"level {facts.level}: {there}"
    if facts.system != "Linux":
        found += f" ({facts.system})"
    state = "ok" if facts.level in "AB" else "warn"
    return Finding("isolation", state, found, advice(facts))


def _room(name: str, free: int, what: str, advice: str) -> Finding:
    """Half a GiB is needed to run a notebook at all, 2 GiB to do so in comfort."""
    state = "bad" if free < GIB / 2 else "warn" if free < 2 * GIB else "ok"
    found = f"{free / GIB:.1f} GiB {what}"
    return Finding(name, state, found, "" if state == "ok" else f"{advice}: 2 GiB")


def _of(machine: Machine) -> str:
    return f"free of {machine.memory / GIB:.1f} GiB"


def _files(count: int) -> str:
    return f"{count} file{'s' * (count != 1)}"
