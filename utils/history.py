"""What training measured, epoch by epoch: a dict of lists with a table and a plot."""


class History(dict):
    """What training measured: name -> list of floats, one for each finished epoch.

    Names: "train_loss", "train_<metric>", "valid_loss", "valid_<metric>", "seconds".

    Attributes:
        interrupted: whether the person at the keyboard stopped it.
        stopped: why it ended before the last epoch, as a sentence; "" if it did not.
    """

    def __init__(self):
        super().__init__()
        self.interrupted = False
        self.stopped = ""

    def __missing__(self, name):
        raise KeyError(f"no {name!r} in this history; it holds: {', '.join(self)}")

    @property
    def epochs(self) -> int:
        """Number of finished epochs."""
        return len(self.get("seconds", []))

    def add(self, measured: dict[str, float]) -> None:
        """Append the numbers of one epoch."""
        for name, value in measured.items():
            self.setdefault(name, []).append(value)

    def table(self):
        """Return a pandas DataFrame, one row for each epoch, counted from 1."""
        import pandas as pd

        index = pd.RangeIndex(1, self.epochs + 1, name="epoch")
        return pd.DataFrame(dict(self), index=index)

    def plot(self, ax=None):
        """Draw every curve but "seconds" over the epochs.

        Args:
            ax: matplotlib axes to draw on; by default those of a new figure.

        Returns:
            The axes; `ax.figure` is what `plots.show` wants.
        """
        from utils import plots  # matplotlib only for those who plot

        ax = plots.figure()[1] if ax is None else ax
        names = [name for name in self if name != "seconds"]
        measures = dict.fromkeys(name.split("_", 1)[1] for name in names)
        ys = {name.replace("_", " "): self[name] for name in names}
        epochs = range(1, self.epochs + 1)
        return plots.curves(ax, epochs, ys, "epoch", ", ".join(measures))
