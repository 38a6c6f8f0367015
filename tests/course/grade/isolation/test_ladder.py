"""The ladder finds the best level, and refuses to go below what was asked for."""

import os
import sys

import pytest

from course.grade.isolation import IsolationRefused, ladder
from course.grade.isolation.ladder import LEVELS, Facts, advice, probe, require

EVERYTHING = Facts(namespaces=True, landlock_abi=7, seccomp=True, container=True)
UBUNTU = Facts(landlock_abi=4, seccomp=True, refusals=(("A", "Permission denied"),))
DOCKER = Facts(seccomp=True, container=True)
NOTHING = Facts()

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        (EVERYTHING, "A"),
        (UBUNTU, "B"),
        (DOCKER, "C"),
        (Facts(seccomp=True), "D"),
        (Facts(container=True), "D"),
        (NOTHING, "D"),
    ],
)
def test_the_best_level_follows_from_what_there_is(facts, level):
    assert facts.level == level
    assert facts.level in LEVELS


def test_the_best_level_is_taken_unless_another_is_asked_for():
    assert require(None, EVERYTHING) == "A"
    assert require("B", EVERYTHING) == "B"
    assert require(None, UBUNTU) == "B"


@pytest.mark.parametrize("wanted", [None, "A", "B", "C"])
def test_strangers_code_is_refused_where_there_is_nothing(wanted):
    with pytest.raises(IsolationRefused, match="--isolation none"):
        require(wanted, NOTHING)


def test_none_has_to_be_asked_for_by_name():
    assert require("none", NOTHING) == "D"
    assert require("none", EVERYTHING) == "D"
    with pytest.raises(ValueError, match="not 'D'"):
        require("D", NOTHING)


def test_a_level_that_does_not_work_is_refused_with_the_reason():
    with pytest.raises(IsolationRefused, match="Permission denied.*best level is B"):
        require("A", UBUNTU)
    with pytest.raises(IsolationRefused, match="no container"):
        require("C", UBUNTU)


def test_other_systems_are_pointed_to_linux():
    assert "WSL2" in advice(Facts(system="Windows"))
    for system in ("Windows", "Darwin"):
        assert "container" in advice(Facts(system=system))
        with pytest.raises(IsolationRefused, match="Linux container"):
            require(None, Facts(system=system))


def test_other_systems_are_not_probed(monkeypatch):
    monkeypatch.setattr(ladder.platform, "system", lambda: "Darwin")
    monkeypatch.setattr(ladder, "_try", pytest.fail)
    assert probe() == Facts(system="Darwin")


def test_ubuntu_is_told_what_stands_in_the_way():
    assert "apparmor_restrict_unprivileged_userns" in advice(UBUNTU)
    unread = Facts(refusals=(("C", "user 65534 can't read /opt/venv"),))
    assert "can't read /opt/venv" in advice(unread) and "libseccomp2" in advice(unread)
    assert advice(EVERYTHING) == ""


@needs_linux
def test_probing_leaves_this_process_as_it_was():
    def identity():
        names = sorted(os.listdir("/proc/self/ns"))
        with open("/proc/self/status") as status:
            caps = [line for line in status if line.startswith(("Cap", "NoNew"))]
        return [os.readlink(f"/proc/self/ns/{name}") for name in names], caps

    before = identity()
    facts = probe()
    assert identity() == before
    assert set(dict(facts.refusals)) <= set("ABC")


@needs_linux
@pytest.mark.parametrize("level", ["A", "B", "C"])
def test_a_rung_that_does_not_hold_is_found_out(level, monkeypatch):
    """Were the lock to do nothing, the trial would say so."""
    from course.grade.isolation import lock

    def leave_open(self, bounds, keep_fds=(), work=None):
        os.chdir(work)
        return work

    monkeypatch.setattr(lock.Lock, "lock_in", leave_open)
    monkeypatch.setattr(
        lock, "enter", lambda level: lock.Lock(level, (), b"", b"", os.getuid(), 0)
    )
    monkeypatch.setattr(lock.Lock, "fork_worker", lambda self: os.fork())
    with pytest.raises(IsolationRefused, match="failed its trial"):
        ladder._try_here(level)
