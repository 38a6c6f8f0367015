"""nbgrader's commands, each in a process of its own that need not import nbgrader."""

import multiprocessing
import os
import sys
from pathlib import Path

# Importing nbgrader takes seconds: one process does it, and each command is its fork.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["nbgrader.apps.nbgraderapp"])


def nbgrader(*words: str, cwd: Path, environ: dict[str, str] | None = None):
    """Run `nbgrader WORDS` in a folder.

    Args:
        words: the command and its arguments.
        cwd: where it runs.
        environ: what is set for it beside this process's environment.

    Returns:
        its exit status, and what it said on both streams.
    """
    said = Path(cwd) / ".said"
    process = _FORKS.Process(target=_run, args=(words, cwd, environ or {}, said))
    process.start()
    process.join()
    text = said.read_text(encoding="utf-8")
    said.unlink()
    return process.exitcode, text


def _run(words, cwd, environ, said) -> None:
    from nbgrader.apps.nbgraderapp import main

    os.environ.update(environ)
    os.chdir(cwd)
    sys.argv = ["nbgrader", *words]
    with open(said, "w", encoding="utf-8") as stream:
        for standard in (sys.stdout, sys.stderr):
            standard.flush()
            os.dup2(stream.fileno(), standard.fileno())
    main()
