"""Drawings of the chapter on initialisation: what happens layer by layer, and later."""

import numpy as np

from utils.plots import MARKERS


def layers(axes, panels, limit=None):
    """Draw curves over the layers on logarithmic axes, one panel for each entry.

    Args:
        axes: the axes to draw on, one for each panel.
        panels: title -> (label -> (depth,) positive values).
        limit: (value, label) of a level line in the first panel, or None.
    """
    for ax, (title, curves) in zip(axes, panels.items(), strict=True):
        for (label, values), marker in zip(curves.items(), MARKERS, strict=False):
            values = np.asarray(values)
            layer = np.arange(1, len(values) + 1)
            every = max(1, len(values) // 7)
            ax.plot(layer, values, label=label, marker=marker, markevery=every)
        ax.set(yscale="log", xlabel="layer", title=title)
    if limit is not None:
        axes[0].axhline(limit[0], color="0.4", lw=1, ls=":", label=limit[1])
    axes[-1].legend(*axes[0].get_legend_handles_labels(), loc="center left")
    axes[-1].get_legend().set_bbox_to_anchor((1.01, 0.5))


def histograms(axes, samples, bins):
    """Draw a histogram of each sample, and write its variance into the title.

    Args:
        axes: the axes to draw on, one for each sample.
        samples: name -> (n,) values.
        bins: the edges of the bars, the same in all panels.
    """
    for ax, (name, values) in zip(axes, samples.items(), strict=True):
        values = np.asarray(values)
        ax.hist(values, bins=bins, weights=np.full(len(values), 1 / len(values)))
        ax.set(xlabel="value", title=f"{name}\nvariance {values.var():.2f}")
    axes[0].set_ylabel("share of the draws")


def wall(axes, w, loss, walks):
    """Draw a loss with one weight, and the steps of some walks on it and over time.

    Args:
        axes: two axes: the loss with the walks, and each walk's loss against its steps.
        w, loss: (n,) the weight and the loss there.
        walks: name -> ((steps,) weights, (steps,) losses).
    """
    axes[0].plot(w, loss, color="0.4", ls="-", lw=1.2, label="loss")
    for i, ((name, (at, height)), marker) in enumerate(
        zip(walks.items(), MARKERS, strict=False)
    ):
        style = {"marker": marker, "markersize": 4, "color": f"C{i}"}
        axes[0].plot(at, height, label=name, lw=1, **style)
        axes[1].plot(range(len(height)), height, label=name, markevery=5, **style)
    axes[0].set(xlabel="weight w", ylabel="loss")
    axes[1].set(xlabel="step", ylabel="loss", yscale="log")
    axes[1].legend(loc="center left", bbox_to_anchor=(1.01, 0.5))


def scores(axes, panels, ylabel):
    """Draw each run's score as a dot and the mean as a bar, by name, in some panels.

    Args:
        axes: the axes to draw on, one for each panel.
        panels: title -> (name -> (runs,) scores).
        ylabel: what is measured.
    """
    for ax, (title, by_name) in zip(axes, panels.items(), strict=True):
        for i, values in enumerate(by_name.values()):
            values = np.asarray(values)
            ax.scatter([i] * len(values), values, s=16, color="C0", alpha=0.6)
            ax.hlines(values.mean(), i - 0.3, i + 0.3, color="black", lw=2)
        ax.set_xticks(range(len(by_name)), list(by_name), rotation=35, ha="right")
        ax.set(title=title)
    axes[0].set_ylabel(ylabel)
