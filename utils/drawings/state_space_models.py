"""Drawings of the chapter on state space models: springs, scans, masks, a block."""

from matplotlib.patches import FancyBboxPatch

from utils import plots


def responses(axes, t, u, true, drawn):
    """Draw a push, and what several rules make of it beside the true curve.

    Args:
        axes: two axes.
        t, u, true: (L,) the ends of the steps in seconds, the push that is held for
            each step, and the true place.
        drawn: rule -> (L,) place; what lies more than 1 beyond the true is cut off.
    """
    axes[0].step(t, u, where="pre")
    axes[0].set(xlabel="time (s)", ylabel="push $u$")
    axes[1].plot(t, true, color="gray", linewidth=5, alpha=0.4, label="true")
    plots.curves(axes[1], t, drawn, "time (s)", "place of the weight")
    reach = float(true.abs().max()) + 1
    axes[1].set(ylim=(-reach, reach))
    axes[1].legend(loc="lower left")


def rounds(ax, length):
    """Draw the rounds of a scan by doubling: who takes in whom, and what it then has.

    Args:
        ax: the axes to draw on.
        length: how many positions there are.
    """
    reach, row = 1, 0
    _row_of_boxes(ax, length, row, reach)
    while reach < length:
        for i in range(length - reach):
            start, end = (i + 0.1, -row - 0.18), (i + reach - 0.1, -row - 0.8)
            arrow = {"arrowstyle": "->", "color": "#0072B2", "linewidth": 0.9}
            ax.annotate("", end, start, arrowprops=arrow)
        reach, row = 2 * reach, row + 1
        _row_of_boxes(ax, length, row, reach)
    ax.set(xlim=(-1.5, length - 0.4), ylim=(-row - 0.5, 0.5))
    ax.axis("off")


def _row_of_boxes(ax, length, row, reach):
    ax.text(-0.6, -row, f"round {row}" if row else "steps", ha="right", va="center")
    for i in range(length):
        first = max(0, i - reach + 1)
        label = f"{first}" if first == i else f"{first}-{i}"
        done = first == 0
        box = {"facecolor": "#cfe3f1" if done else "white", "edgecolor": "gray"}
        ax.text(i, -row, label, ha="center", va="center", fontsize=8, bbox=box)


def masks(axes, named, letters):
    """Draw matrices of weights, with a letter for each row and column.

    Args:
        axes: as many axes as matrices.
        named: title -> (L, L) in [0, 1].
        letters: L signs.
    """
    for ax, (title, matrix) in zip(axes, named.items(), strict=True):
        style = {"colorbar": False, "cmap": "cividis", "vmin": 0, "vmax": 1}
        plots.heatmap(matrix, ax, "comes from", "is read at", **style)
        ax.set_title(title, fontsize=9)
        ax.set_xticks(range(len(letters)), letters)
        ax.set_yticks(range(len(letters)), letters)


def block(ax):
    """Draw a Mamba block: two paths, a product, and the residual past them."""
    places = {
        "norm": (0.9, 0),
        "linear": (2.0, 0),
        "conv": (3.2, 0.6),
        "SiLU": (4.35, 0.6),
        "selective\nSSM": (5.5, 0.6),
        "SiLU ": (4.35, -0.6),
        "product": (6.9, 0),
        "linear ": (8.0, 0),
        "sum": (9.1, 0),
    }
    for name, (x, y) in places.items():
        color = "#F3C98B" if "SSM" in name else "#cfe3f1"
        size = {"boxstyle": "round,pad=0.02", "facecolor": color, "edgecolor": "gray"}
        ax.add_patch(FancyBboxPatch((x - 0.4, y - 0.25), 0.8, 0.5, **size))
        ax.text(x, y, name.strip(), ha="center", va="center", fontsize=9)
    names = list(places)
    joined = list(zip(names[:4], names[1:5], strict=True))
    joined += [("linear", "SiLU "), ("selective\nSSM", "product"), ("SiLU ", "product")]
    joined += list(zip(names[6:8], names[7:], strict=True))
    for start, end in joined:
        _arrow(ax, *places[start], *places[end])
    _arrow(ax, -0.4, 0, 0.9, 0)
    _arrow(ax, 9.1, 0, 10.3, 0)
    ax.plot([0.1, 0.1, 9.1], [0, 1.2, 1.2], color="gray", linewidth=1, linestyle="-")
    arrow = {"arrowstyle": "->", "color": "gray"}
    ax.annotate("", (9.1, 0.27), (9.1, 1.2), arrowprops=arrow)
    ax.set(xlim=(-0.5, 10.4), ylim=(-1.0, 1.4))
    ax.axis("off")


def _arrow(ax, x0, y0, x1, y1):
    ends = (x0 + 0.43, y0), (x1 - 0.43, y1)
    ax.annotate("", ends[1], ends[0], arrowprops={"arrowstyle": "->", "color": "gray"})


def shares(ax, means, guess):
    """Draw the median share right for each question and model; single nets as dots.

    Args:
        ax: the axes to draw on.
        means: model -> (nets, questions) shares.
        guess: the share that guessing gets.
    """
    looks = zip(("#0072B2", "#F3C98B"), ("", "//"), (-0.2, 0.2), strict=True)
    for (name, share), (color, hatch, shift) in zip(means.items(), looks, strict=True):
        places = [i + 1 + shift for i in range(share.shape[1])]
        style = {"color": color, "hatch": hatch, "edgecolor": "white"}
        ax.bar(places, share.median(0).values.tolist(), 0.38, label=name, **style)
        for net in share:
            ax.plot(places, net.tolist(), "k.", markersize=4)
    ax.axhline(guess, color="gray", linestyle=":", label="guessing")
    ax.set(xlabel="question: which letter?", ylabel="share right", ylim=(0, 1.35))
    ax.set_xticks(range(1, share.shape[1] + 1))
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    ax.legend(loc="upper center", ncols=3)


def inside(axes, step, M, signs):
    """Draw the step at each token, and what the last rows take from each token.

    Args:
        axes: two axes.
        step: (L,) the step at each token.
        M: (L, L) sizes of the layer's matrix.
        signs: L signs; those that are digits ask.
    """
    axes[0].bar(range(len(signs)), step.tolist(), color="#0072B2")
    axes[0].set_xticks(range(len(signs)), signs, fontsize=8)
    axes[0].set(xlabel="token", ylabel=r"step $\Delta_t$")
    asked = [i for i, sign in enumerate(signs) if sign.isdigit()]
    style = {"cmap": "cividis_r", "aspect": "auto"}
    rows = M[asked] / M[asked].amax(dim=1, keepdim=True)
    plots.heatmap(rows, axes[1], "token", "question", **style)
    axes[1].images[0].colorbar.set_label("share of the row's largest")
    axes[1].set_xticks(range(len(signs)), signs, fontsize=8)
    axes[1].set_yticks(range(len(asked)), [signs[i] for i in asked])
