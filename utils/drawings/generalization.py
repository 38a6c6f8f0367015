"""Drawings of the chapter on generalisation: runs as a line with a band around it."""

import numpy as np

from utils.plots import MARKERS


def bands(ax, x, runs, xlabel, ylabel, log_ticks=None):
    """Draw the median over runs as a marked line, the middle half of them as a band.

    Args:
        ax: the axes to draw on.
        x: (n,) the common abscissa.
        runs: label -> (runs, n) values.
        xlabel, ylabel: what the axes show, with the unit.
        log_ticks: the only ticks of a logarithmic abscissa; None leaves it linear.

    Returns:
        The axes.
    """
    x = np.asarray(x)
    for (label, values), marker in zip(runs.items(), MARKERS, strict=False):
        low, middle, high = np.quantile(np.asarray(values), [0.25, 0.5, 0.75], axis=0)
        style = {"marker": marker, "markersize": 4} if len(x) <= 30 else {}
        (line,) = ax.plot(x, middle, label=label, **style)
        ax.fill_between(x, low, high, color=line.get_color(), alpha=0.2, lw=0)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.xaxis.get_major_locator().set_params(integer=bool((x == x.round()).all()))
    if log_ticks is not None:
        ax.set_xscale("log")
        ax.set_xticks(log_ticks, [str(tick) for tick in log_ticks], rotation=60)
        ax.set_xticks([], minor=True)
    ax.legend()
    return ax


def parts(ax, degrees, bias2, variance, measured, noise):
    """Draw squared bias, variance and the measured error, and the sum as crosses.

    Args:
        ax: the axes to draw on.
        degrees: (n,) the abscissa.
        bias2, variance, measured: (n,) squared errors.
        noise: the variance of the labels' noise.
    """
    curves = {"bias²": bias2, "variance": variance, "measured": measured}
    for (label, values), marker in zip(curves.items(), MARKERS, strict=False):
        ax.plot(degrees, values, marker=marker, markersize=4, label=label)
    total = np.asarray(bias2) + np.asarray(variance) + noise
    ax.plot(degrees, total, "k+", ms=9, ls="none", label="sum + noise")
    ax.set(yscale="log", xlabel="degree", ylabel="squared error")
    ax.legend()


def folds(ax, rows, k):
    """Draw k-fold cross-validation: a line of squares a round, one stretch held out.

    Args:
        ax: the axes to draw on.
        rows: how many rows the table has.
        k: how many folds.

    Returns:
        The axes.
    """
    edges = [round(i * rows / k) for i in range(k + 1)]
    for i in range(k):
        held = range(edges[i], edges[i + 1])
        kept = [row for row in range(rows) if row not in held]
        first = i == 0  # one entry of the legend is enough
        parts = (("training", kept, "o", "C0"), ("validation", held, "X", "C1"))
        for name, part, marker, color in parts:
            label = name if first else None
            ax.scatter(
                part, [i + 1] * len(part), marker=marker, s=34, color=color, label=label
            )
    ax.set(xlabel="row of the shuffled table", ylabel="round")
    ax.set(xticks=edges, yticks=range(1, k + 1))
    ax.invert_yaxis()
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    return ax


def fits(axes, x, y, grid, truth, curves):
    """Draw one fit a panel, with the data and the truth in each.

    Args:
        axes: as many axes as there are curves.
        x, y: the points.
        grid: (n,) abscissa of truth and fits.
        truth: (n,) the curve that the data follow.
        curves: title -> (n,) fit.
    """
    for ax, (title, curve) in zip(axes, curves.items(), strict=True):
        ax.plot(grid, truth, color="0.5", ls="--", label="truth")
        ax.plot(grid, curve, color="C1", ls="-", label="fit")
        ax.scatter(x, y, s=14, color="C0", label="data", zorder=3)
        ax.set(title=title, xlabel="x", ylim=(-2.6, 2.6))
    axes[0].set_ylabel("y")
    axes[0].figure.legend(
        *axes[0].get_legend_handles_labels(), loc="outside right upper"
    )


def bundles(axes, x, truth, families):
    """Draw, one family of models a panel, 40 fits as thin lines and their mean.

    Args:
        axes: as many axes as there are families.
        x, truth: (n,) abscissa, and the true curve there.
        families: title -> (fits, n) predictions, one line a training set.
    """
    for ax, (title, lines) in zip(axes, families.items(), strict=True):
        lines = np.asarray(lines)
        ax.plot(x, lines[:40].T, color="C0", lw=0.5, ls="-", alpha=0.5)
        ax.plot(x, truth, color="0.2", ls="--", label="truth")
        mean = f"mean of {len(lines)} fits"
        ax.plot(x, lines.mean(axis=0), color="C1", ls="-", label=mean)
        ax.set(title=title, xlabel="x", ylabel="y", ylim=(-2, 2.9))
        ax.legend(loc="upper left")


def paths(axes, prices, weights):
    """Draw how each weight changes with the price that is put on weights.

    Args:
        axes: as many axes as there are kinds of price.
        prices: (n,) positive numbers.
        weights: title -> (n, columns).
    """
    for ax, (title, path) in zip(axes, weights.items(), strict=True):
        for column, marker in zip(np.asarray(path).T, MARKERS, strict=False):
            ax.plot(prices, column, marker=marker, markersize=4)
        ax.axhline(0, color="0.4", lw=1, ls="-")
        ax.set(xscale="log", xlabel="price λ", title=title)
    axes[0].set_ylabel("weight (standardised columns)")


def paired(ax, scores, ylabel):
    """Draw a line a fold through its scores of several models.

    Args:
        ax: the axes to draw on.
        scores: model -> (folds,) scores.
        ylabel: what is measured, with the unit.
    """
    table = np.array(list(scores.values()))  # (models, folds)
    for i, marker in zip(range(table.shape[1]), MARKERS, strict=False):
        ax.plot(range(len(table)), table[:, i], marker=marker, label=f"fold {i + 1}")
    names = [name.replace(", ", "\n") for name in scores]
    ax.set_xticks(range(len(table)), names)
    ax.set(xlabel="model", ylabel=ylabel)
    ax.legend()
