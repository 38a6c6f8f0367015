"""How good an answer is: numbers that are no loss."""

import torch


def accuracy(y_hat, y):
    """Return the share of a batch whose highest score is the label's.

    Args:
        y_hat: (n, classes, ...) scores.
        y: (n, ...) int64 labels.

    Returns:
        0-d float32 tensor in [0, 1], on the device of its arguments.

    Raises:
        ValueError: the shapes don't fit.
    """
    if y_hat.shape[:1] + y_hat.shape[2:] != y.shape:
        raise ValueError(
            f"got scores of shape {tuple(y_hat.shape)} and labels of shape "
            f"{tuple(y.shape)}; expected (n, classes) and (n,)"
        )
    return (y_hat.argmax(dim=1) == y).float().mean()


def r2(y_hat, y):
    """Return R^2 = 1 - sum (y_hat - y)^2 / sum (mean(y) - y)^2.

    The share of the variance of `y` that `y_hat` explains: 1 is perfect, 0 no better
    than the mean of `y`, below 0 worse. All numbers count together, with one mean.

    Args:
        y_hat: predictions of any shape.
        y: truths of the same shape, not all equal.

    Returns:
        a float.

    Raises:
        ValueError: the shapes differ, or all truths are equal.
    """
    if y_hat.shape != y.shape:
        raise ValueError(
            f"got predictions of shape {tuple(y_hat.shape)} and truths of shape "
            f"{tuple(y.shape)}; expected the same shape"
        )
    y_hat, y = y_hat.double(), y.double()
    spread = ((y.mean() - y) ** 2).sum()
    if not spread > 0:
        raise ValueError("all truths are equal (or there are none): R2 is not defined")
    return float(1 - ((y_hat - y) ** 2).sum() / spread)


def confusion_matrix(y_hat, y, num_classes):
    """Return how often class i (row) was called class j (column).

    Args:
        y_hat: (n,) int64 predicted classes, 0 to num_classes - 1.
        y: (n,) int64 true classes.
        num_classes: how many classes there are, those that don't occur included.

    Returns:
        (num_classes, num_classes) int64; its sum is n, its trace the right answers.

    Raises:
        ValueError: the shapes differ, or a class is none of these.
    """
    if y_hat.shape != y.shape or y.ndim != 1:
        raise ValueError(
            f"got classes of shape {tuple(y_hat.shape)} and {tuple(y.shape)}; expected "
            "(n,) twice: take argmax(dim=1) of scores"
        )
    both = torch.cat([y_hat, y])
    if len(both) and not 0 <= int(both.min()) <= int(both.max()) < num_classes:
        raise ValueError(
            f"got classes from {int(both.min())} to {int(both.max())}; expected 0 to "
            f"{num_classes - 1}"
        )
    cells = torch.bincount(num_classes * y + y_hat, minlength=num_classes**2)
    return cells.reshape(num_classes, num_classes)
