"""Drawings of the lecture on logistic regression."""

import numpy as np

from utils import plots


def students(x, y, lines):
    """Draw labels of 0 and 1 with a fitted line and where it crosses 1/2, twice.

    Args:
        x, y: two arrays (N, 1) each: hours; labels 0 or 1.
        lines: for each of them weight, bias and border.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, 2, width=4.4, height=3.0, sharey=True)
    for ax, hours, labels, (weight, bias, border) in zip(
        axes, map(_flat, x), map(_flat, y), lines, strict=True
    ):
        ends = np.array([0, hours.max() + 1])
        ax.scatter(hours, labels, s=18, color="C0", label="a student")
        ax.plot(ends, weight * ends + bias, color="C1", label="line")
        ax.axvline(border, color="0.4", ls=":", label=f"border, {border:.1f} h")
        ax.plot(border, 0.5, "D", color="black", markersize=5)
        ax.set(xlabel="hours studied", title=f"{len(hours)} students")
        ax.legend(loc="lower right", frameon=True)
    axes[0].set(ylabel="passed (1) or not (0)", ylim=(-0.75, 1.6))
    return fig


def two_panels(x, left, right, xlabel, ylabels, legend=0):
    """Draw the same curves twice, say functions and their slopes.

    Args:
        x: (n,) the common abscissa.
        left, right: label -> (n,) values.
        xlabel: what it is.
        ylabels: of the two panels.
        legend: which of them has the legend, 0 or 1.

    Returns:
        The figure and its two axes.
    """
    fig, axes = plots.figure(1, 2, width=4.4, height=3.1)
    for ax, curves, ylabel in zip(axes, (left, right), ylabels, strict=True):
        plots.curves(ax, x, curves, xlabel, ylabel)
    if axes[1 - legend].get_legend():
        axes[1 - legend].get_legend().remove()
    return fig, axes


def fitted_sigmoids(x, y, grid, curves, border):
    """Draw labels of 0 and 1, two curves through them, and another model's border.

    Args:
        x, y: (N, 1) hours; labels 0 or 1.
        grid: (n, 1) hours at which the curves are known.
        curves: label -> (n, 1) probabilities; the second is drawn over the first.
        border: hours at which the other model changes its mind.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=6.5, height=2.9)
    ax.scatter(_flat(x), _flat(y), color="C0", s=18, label="a student")
    styles = ({"color": "C1", "lw": 4, "ls": "-"}, {"color": "black", "ls": "--"})
    for (label, p), style in zip(curves.items(), styles, strict=True):
        ax.plot(_flat(grid), _flat(p), label=label, **style)
    ax.axvline(border, color="0.4", ls=":", label="border of the line, 21")
    ax.set(xlabel="hours studied", ylabel="probability of passing")
    ax.legend(loc="center right")
    return fig


def decay_choice(decays, losses, probabilities):
    """Draw losses against the weight decay, and histograms of probabilities.

    Args:
        decays: (n,) the weight decays tried.
        losses: label -> (n,) losses.
        probabilities: label -> probabilities of any shape.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(1, 2, width=4.4, height=3.1)
    plots.curves(left, decays, losses, "weight decay", "binary cross-entropy")
    left.set(xscale="log", yscale="log")
    for k, (label, p) in enumerate(probabilities.items()):
        style = {"ls": "--" if k else "-", "lw": 1.6, "color": f"C{k}"}
        right.hist(_flat(p), 20, range=(0, 1), histtype="step", label=label, **style)
    right.set(xlabel="probability of a cancer", ylabel="validation lumps")
    right.legend(loc="upper center")
    return fig


def threshold_choice(thresholds, costs, matrices):
    """Draw the cost of each threshold, and a confusion matrix for two of them.

    Args:
        thresholds, costs: (n,) each.
        matrices: two thresholds -> (2, 2) counts; the second was chosen.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, 3, width=3.4, height=3.0)
    chosen = list(matrices)[-1]
    axes[0].step(thresholds, costs, where="post", color="C0")
    axes[0].axvline(chosen, color="C1", ls="--", label=f"chosen: {chosen}")
    axes[0].set(xlabel="threshold", ylabel="cost on validation\n(in false alarms)")
    axes[0].legend(loc="upper center")
    for ax, (threshold, matrix) in zip(axes[1:], matrices.items(), strict=True):
        plots.confusion(matrix, ax, ["benign", "malignant"])
        for row, column in np.argwhere(np.asarray(matrix) == 0):  # left empty there
            ax.text(column, row, "0", color="white", ha="center", va="center", size=9)
        ax.set_title(f"test, above {threshold}")
        ax.set_title("", loc="right")
        ax.set(xlabel="said by the model")
    return fig


def roc_curves(curves, matrices):
    """Draw ROC curves, that of a coin, and the points of some thresholds.

    Args:
        curves: label -> (false positive rates, true positive rates).
        matrices: thresholds -> (2, 2) counts, a row a true class.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=4.6, height=3.8)
    for (label, rates), ls in zip(curves.items(), ("-", "-."), strict=True):
        ax.plot(*map(_flat, rates), ls=ls, label=label)
    ax.plot([0, 1], [0, 1], color="0.6", ls=":", label="a coin, 0.5")
    for (threshold, matrix), marker in zip(matrices.items(), "os", strict=True):
        counts = np.asarray(matrix, dtype=float)
        rates = counts[:, 1] / counts.sum(axis=1)
        ax.plot(*rates, marker, color="C2", markersize=8, label=f"above {threshold}")
    ax.set(xlabel="false positive rate", ylabel="true positive rate")
    ax.legend(loc="lower right", title="AUC; thresholds")
    return fig


def reliability(p, y, edges):
    """Compare what was said with what happened, bin by bin.

    Args:
        p, y: (N, 1) probabilities; labels 0 or 1.
        edges: ascending borders between the bins.

    Returns:
        said, happened, count: (bins,) the mean probability of each bin, the share of
            the positive class in it, how many it holds; bins without any left out.
    """
    p, y = _flat(p), _flat(y)
    bins = np.digitize(p, edges)
    masks = [bins == k for k in range(len(edges) + 1) if (bins == k).any()]
    columns = [(p[m].mean(), y[m].mean(), m.sum()) for m in masks]
    return tuple(np.array(column) for column in zip(*columns, strict=True))


def reliability_diagrams(diagrams):
    """Draw what was said against what happened, with bars of two standard errors.

    The standard error of a share h of n is the root of h (1 - h) / n.

    Args:
        diagrams: title -> what `reliability` returns.

    Returns:
        The figure.
    """
    fig, axes = plots.figure(1, len(diagrams), width=3.2, height=3.7, sharey=True)
    for ax, (title, (said, happened, count)) in zip(
        np.ravel(axes), diagrams.items(), strict=True
    ):
        bars = 2 * np.sqrt(happened * (1 - happened) / count)
        cut = [np.minimum(bars, happened), np.minimum(bars, 1 - happened)]
        ax.plot([0, 1], [0, 1], color="0.6", ls=":")
        ax.errorbar(said, happened, cut, fmt="o-", color="C0", capsize=3, lw=1)
        ax.set(xlim=(-0.05, 1.05), ylim=(-0.05, 1.05), aspect="equal")
        ax.set(title=title, xlabel="what the model says")
    np.ravel(axes)[0].set(ylabel="share that is malignant")
    return fig


def hill(hours, passed, grid, says, hidden):
    """Draw made students with two models' curves, and the hidden units of one.

    Args:
        hours, passed: (N, 1) each.
        grid: (n, 1) hours at which the rest is known.
        says: label -> (n, 1) probabilities.
        hidden: (n, units) outputs of the hidden units.

    Returns:
        The figure.
    """
    fig, (left, right) = plots.figure(1, 2, width=4.4, height=3.0)
    left.scatter(_flat(hours), _flat(passed), s=8, color="0.5", label="a student")
    curves = {label: _flat(p) for label, p in says.items()}
    plots.curves(left, _flat(grid), curves, "hours on the last day", "p of passing")
    units = {f"unit {k}": unit for k, unit in enumerate(np.asarray(hidden).T)}
    plots.curves(right, _flat(grid), units, "hours on the last day", "hidden unit")
    for ax in (left, right):
        ax.set(ylim=(-0.05, 1.6), yticks=[0, 0.5, 1])
        ax.legend(loc="upper center", ncols=2, fontsize=8)
    return fig


def bugs(updates, curves, level):
    """Draw the loss of several runs, and a level that none should stay at.

    Args:
        updates: (n,) updates made.
        curves: label -> (n,) losses.
        level: a loss, marked as log 2.

    Returns:
        The figure.
    """
    fig, ax = plots.figure(width=7, height=3.3)
    for (name, curve), marker in zip(curves.items(), "os^D", strict=True):
        ax.plot(updates, curve, marker=marker, markevery=6, label=name)
    ax.axhline(level, color="0.5", ls=":", lw=1)
    ax.annotate("log 2", (updates[-1], level + 0.03), color="0.3", ha="right")
    ax.set(xlabel="updates made", ylabel="loss on the training lumps", ylim=(-1, 1))
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    return fig


def _flat(values):
    return np.asarray(values).ravel()
