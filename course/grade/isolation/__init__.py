"""Isolation: what a stranger's code is locked in with, as a ladder from A to D.

ladder      which level this machine offers, and what to do about it
lock        the nursery's side (`enter`, `fork_worker`) and the worker's (`lock_in`)
namespaces  level A        landlock  level B
seccomp     the filter on system calls, at A, B and C
limits      memory, time, files, threads; how a worker ended, in words
kernel      the calls that Python lacks
"""


class IsolationRefused(RuntimeError):
    """Strangers' code will not be run like this; the message says what to do."""
