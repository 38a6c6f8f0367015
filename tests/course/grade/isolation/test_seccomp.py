"""The filter names each call once, and exists for other processors too."""

import struct

import pytest

from course.grade.isolation import seccomp

sc = pytest.importorskip("pyseccomp", exc_type=(ImportError, RuntimeError))


def names(groups: dict[str, str]) -> list[str]:
    return " ".join(groups.values()).split()


def test_no_call_stands_in_two_lists():
    listed = [
        *names(seccomp.ALLOWED),
        *names(seccomp.FORBIDDEN),
        *seccomp.PRETENDED.split(),
        *seccomp.FORBIDDEN_FLAGS,
        *seccomp.ALLOWED_VALUES,
    ]
    assert sorted(listed) == sorted(set(listed))


@pytest.mark.parametrize("arch", [sc.Arch.X86_64, sc.Arch.AARCH64])
def test_what_python_cannot_do_without_is_known_everywhere(arch):
    for name in ("read", "write", "openat", "mmap", "clone", "futex", "exit_group"):
        assert sc.resolve_syscall(arch, name) >= 0


def test_every_name_is_one_that_libseccomp_knows():
    """A misspelt name would silently be left out of the filter."""
    known = {
        name
        for arch in (sc.Arch.X86_64, sc.Arch.X86, sc.Arch.AARCH64)
        for name in (*names(seccomp.ALLOWED), *names(seccomp.FORBIDDEN))
        if sc.resolve_syscall(arch, name) != -1
    }
    assert {*names(seccomp.ALLOWED), *names(seccomp.FORBIDDEN)} == known


def test_the_filter_on_signals_is_made_for_one_process():
    template, _ = seccomp.build_filters()
    made = seccomp.for_process(template, 1234)
    assert struct.pack("=I", 1234) in made
    with pytest.raises(ValueError, match="build_filters"):
        seccomp.for_process(made, 1)
