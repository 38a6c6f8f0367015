"""Drawings of chapter 03: lines and their losses, walks in a valley."""

import torch

from utils import plots

LEVELS = (0.005, 0.03, 0.1, 0.25, 0.5, 1, 2)  # heights of the rings of a valley


def landscape(x, y, candidates, w_axis, b_axis, heights):
    """Lines through a cloud, beside a map on which each of them is one point.

    Args:
        x, y: (N, 1) the cloud: BMI in standard deviations, progression in points.
        candidates: name -> (weight, bias) of a line.
        w_axis, b_axis: (k,) weights and (m,) biases of the map.
        heights: (m, k) the loss of each pair.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(1, 2, width=4.4, height=3.4)
    left.scatter(x, y, s=6, color="0.75")
    rings = right.contour(w_axis, b_axis, heights, levels=8, colors="0.6", linewidths=1)
    right.clabel(rings, fmt="%.0f", fontsize=7)
    for (name, (w, b)), marker in zip(candidates.items(), "sDo", strict=True):
        left.plot([-2, 4], [b - 2 * w, b + 4 * w], label=name)
        right.plot(w, b, marker, ls="none", markersize=8, label=name)
    left.set(xlabel="BMI (standard deviations)", ylabel="progression (points)")
    left.legend(loc="upper left")
    right.set(xlabel="weight w (points per deviation)", ylabel="bias b (points)")
    right.set_aspect("equal")
    right.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    return fig


def noise(residuals, r, bell, weights, curves, slope):
    """A histogram of residuals under its bell, beside likelihoods over the weight.

    Args:
        residuals: (N,) in points.
        r, bell: (k,) points, and the density of the normal distribution there.
        weights: (m,) the weights that are tried.
        curves: label -> (m,) minus the log likelihood per person.
        slope: the least-squares weight.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(1, 2, width=4.4, height=3.0)
    left.hist(residuals, 24, density=True, color="0.75", label="residuals")
    left.plot(r, bell, color="C1", ls="-", label=f"bell, sigma = {residuals.std():.0f}")
    left.set(xlabel="residual (points)", ylabel="density (1/point)", ylim=(0, 0.0105))
    left.legend(loc="upper left")
    plots.curves(right, weights, curves, "weight of BMI", "-log likelihood per person")
    right.axvline(slope, color="0.4", lw=1, ls="-", label="least squares")
    right.set_ylim(top=6.6)
    right.legend(loc="upper right")
    return fig


def valley(ax, loss, lowest, low=-1.3, high=1.7):
    """Rings of a loss of two weights, and a cross at its lowest point.

    Args:
        ax: the axes to draw on.
        loss: function of points (2, k) -> (k,) how far above the lowest loss.
        lowest: (2, 1) the lowest point.
        low, high: both axes go from here to there.
    """
    axis = torch.linspace(low, high, 80, dtype=torch.float64)
    w1, w2 = torch.meshgrid(axis, axis, indexing="xy")  # (80, 80) each
    heights = loss(torch.stack([w1.flatten(), w2.flatten()])).reshape(w1.shape)
    ax.contour(w1, w2, heights, levels=LEVELS, colors="0.75", linewidths=0.8)
    ax.plot(*lowest, "+", color="black", markersize=9)
    ax.set(xlim=(low, high), ylim=(low, high), aspect="equal")


def rates(paths, loss, lowest):
    """Walks of several learning rates in the valley, beside the loss of each step.

    Args:
        paths: label -> (2, steps + 1), all from one start; the map shows twelve points.
        loss, lowest: as in `valley`.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(1, 2, width=4.6, height=3.8)
    valley(left, loss, lowest)
    for (label, path), marker in zip(paths.items(), "o^sD", strict=True):
        left.plot(*path[:, :12], marker=marker, markersize=3.5, lw=1, label=label)
    left.plot(*path[:, 0], "*", color="black", markersize=11)
    left.set(xlabel="weight of chol", ylabel="weight of ldl")
    losses = {label: loss(path) for label, path in paths.items()}
    plots.curves(right, range(path.shape[1]), losses, "step", "loss above lowest")
    right.set(yscale="log", ylim=(1e-7, 300))
    right.legend(loc="upper left", ncols=2, fontsize=8)
    return fig


def batches(walks, loss, lowest, num_epochs):
    """Walks of three batch sizes in the valley, beside their losses over the epochs.

    Args:
        walks: label -> (2, updates + 1); the map shows at most 443 points of each, and
            a curve of over 2,000 updates the mean of every 26.
        loss, lowest: as in `valley`.
        num_epochs: how many epochs each walk took.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(1, 2, width=4.6, height=3.8)
    valley(left, loss, lowest)
    for (label, walk), marker in zip(walks.items(), [None, ".", "s"], strict=True):
        left.plot(*walk[:, :443], marker=marker, markersize=5, lw=1, label=label)
        curve = loss(walk)[1:]
        curve = curve.reshape(-1, 26).mean(dim=1) if len(curve) > 2000 else curve
        epochs = torch.arange(1, len(curve) + 1) * num_epochs / len(curve)
        right.plot(epochs, curve, lw=1.2, marker=marker, markersize=5, label=label)
    left.set(xlabel="weight of chol", ylabel="weight of ldl")
    right.set(xlabel="epoch", ylabel="loss above lowest", yscale="log", ylim=(3e-3, 4))
    right.legend(loc="upper right")
    return fig


def no_bowls(bumpy, bumpy_walks, two_layers, saddle_walks):
    """Two walks on a rippled curve, beside two walks on the contours of a saddle.

    Args:
        bumpy: function of one weight (1,) -> its loss.
        bumpy_walks: label -> (steps + 1, 1), two of them.
        two_layers: function of two weights (2, k, k) -> their losses (k, k).
        saddle_walks: label -> (steps + 1, 2), two of them.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(1, 2, width=4.6, height=3.6)
    grid = torch.linspace(-3, 3, 300)
    left.plot(grid, [bumpy(w) for w in grid.reshape(-1, 1)], color="0.5")
    for (label, walk), style in zip(bumpy_walks.items(), ["C1o", "C0s"], strict=True):
        left.plot(walk, [bumpy(w) for w in walk], style, label=label)
    left.set(xlabel="weight", ylabel="loss")
    left.legend(loc="upper center")
    axis = torch.linspace(-2, 2, 100)
    points = torch.stack(torch.meshgrid(axis, axis, indexing="xy"))  # (2, 100, 100)
    levels = [0.02, 0.1, 0.25, 0.5, 1, 2, 4]
    right.contour(
        *points, two_layers(points), levels=levels, colors="0.7", linewidths=1
    )
    for (label, walk), style in zip(saddle_walks.items(), ["C1o", "C0s"], strict=True):
        right.plot(*walk.T, style, label=label, markersize=6 if style == "C1o" else 3.5)
    right.set(xlabel="weight of layer 1", ylabel="weight of layer 2", aspect="equal")
    right.legend(loc="upper left", frameon=True, fontsize=8)
    return fig
