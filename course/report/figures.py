"""The report's figures: SVG in a data URI, once for a wide page and once for a phone.

A picture in an `img` runs nothing and fetches nothing, whatever its text says. Letters
are drawn as outlines, so that every machine and every printer shows the same.
"""

import io
import textwrap
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

import matplotlib as mpl
import numpy as np
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import utils
from course.grade.result import NOT_ATTEMPTED, NOT_JUDGED, RIGHT, WRONG
from course.report.items import Item, Mistake

STYLE = Path(utils.__file__).with_name("course.mplstyle")
WIDE, NARROW = 7.3, 3.35  # inches: a page's 44 rem, and a phone's 360 pixels less edges
BINS = 10
MOST_MISTAKES = 15  # rows of the heat map; the table beside it has them all
PLAIN = {
    "font.family": "DejaVu Sans",
    "svg.fonttype": "path",
    "svg.hashsalt": "course",  # the same file each time
    "text.parse_math": False,
}
# State: colour, and the colour of the number on it. From dark to light, always in this
# order and with their numbers, so that nothing is told by colour alone.
STATES = {
    NOT_JUDGED: ("#333333", "white"),
    RIGHT: ("#0072B2", "white"),
    WRONG: ("#E69F00", "black"),
    NOT_ATTEMPTED: ("#E3E6EA", "black"),
}

Draw = Callable[[Figure, bool], None]


@dataclass(frozen=True)
class Picture:
    """A figure as data URIs.

    Args:
        wide: for a page.
        narrow: for a phone.
        alt: what it shows, for people who can't see it.
    """

    wide: str
    narrow: str
    alt: str


def scores_picture(scores: list[float], most: float) -> Picture:
    """The distribution of scores.

    Args:
        scores: at least one.
        most: the most that there is without extra credit.
    """
    edges = np.linspace(0, most, BINS + 1)
    counts, _ = np.histogram(np.clip(scores, 0, most), bins=edges)
    middle, average = median(scores), mean(scores)

    def draw(figure: Figure, is_narrow: bool) -> None:
        ax = figure.add_subplot()
        width = edges[1] - edges[0]
        ax.bar(edges[:-1], counts, width * 0.94, align="edge", color="#0072B2")
        ax.axvline(average, color="#D55E00", ls="--", label=f"mean {average:.1f}")
        ax.axvline(middle, color="black", ls=":", label=f"median {middle:.1f}")
        ax.set(xlabel=f"points of {most:g}", ylabel="students", xlim=(0, most))
        ax.yaxis.get_major_locator().set_params(integer=True)
        ax.set_ylim(0, max(counts) * 1.08 + 0.2)
        ax.grid(axis="x", visible=False)
        figure.legend(loc="outside upper right", ncols=2)

    bars = ", ".join(
        f"{count} from {low:g} to {high:g}"
        for count, low, high in zip(counts, edges[:-1], edges[1:], strict=True)
        if count
    )
    alt = (
        f"Histogram of {len(scores)} scores of at most {most:g} points: {bars}. "
        f"Mean {average:.1f}, median {middle:.1f}."
    )
    return _picture(draw, 2.7, 2.4, alt)


def states_picture(items: list[Item]) -> Picture:
    """How many got each exercise right, wrong, or did not attempt it.

    Args:
        items: at least one, with tests.
    """

    def draw(figure: Figure, is_narrow: bool) -> None:
        ax = figure.add_subplot()
        rows, left = np.arange(len(items)), np.zeros(len(items))
        for state, (colour, ink) in STATES.items():
            counts = np.array([item.states[state] for item in items])
            if state == NOT_JUDGED and not counts.any():
                continue
            bars = ax.barh(
                rows, counts, left=left, height=0.74, label=state, color=colour
            )
            numbers = [str(count) if count else "" for count in counts]
            ax.bar_label(bars, numbers, label_type="center", color=ink, fontsize=8)
            left += counts
        ax.set_yticks(rows, [_label(n, i.exercise) for n, i in enumerate(items, 1)])
        ax.invert_yaxis()
        ax.grid(axis="y", visible=False)
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.set(xlabel="students", xlim=(0, max(left.max(), 1)))
        columns = {"columnspacing": 1, "handlelength": 1.2}
        figure.legend(loc="outside upper right", ncols=4, **columns)

    parts = (
        f"{item.exercise}: "
        + ", ".join(f"{n} {s}" for s in STATES if (n := item.states[s]))
        for item in items
    )
    alt = "Bars, one an exercise: " + "; ".join(parts) + "."
    height = 0.9 + 0.27 * len(items)
    return _picture(draw, height, height + 0.3, alt)


def mistakes_picture(mistakes: list[Mistake], exercises: list[str]) -> Picture:
    """A heat map of exercises against mistakes, the biggest first.

    A phone's has numbers in the places of names: those of the table beside it.

    Args:
        mistakes: at least one, the biggest first.
        exercises: the exercises with tests, in the notebook's order.
    """
    shown = [mistake for mistake in mistakes if mistake.number <= MOST_MISTAKES]
    names = list(dict.fromkeys(mistake.name for mistake in shown))
    shares = np.zeros((len(names), len(exercises)))
    for mistake in shown:
        place = mistake.number - 1, exercises.index(mistake.exercise)
        shares[place] = mistake.share

    def draw(figure: Figure, is_narrow: bool) -> None:
        ax = figure.add_subplot()
        _heat(ax, shares)
        numbers = [str(n) for n in range(1, len(exercises) + 1)]
        if is_narrow:
            ax.set_xticks(range(len(exercises)), numbers)
            ax.set_yticks(range(len(names)), range(1, len(names) + 1))
            ax.set(xlabel="exercise", ylabel="mistake, as in the table")
        else:
            labels = [_label(n, e) for n, e in enumerate(exercises, 1)]
            ax.set_xticks(range(len(exercises)), labels, rotation=38, ha="right")
            labels = [_wrapped(n, name) for n, name in enumerate(names, 1)]
            ax.set_yticks(range(len(names)), labels)

    biggest = mistakes[0]
    shown_names = f"{len(names)} named mistakes"
    alt = (
        f"Heat map of {len(exercises)} exercises against {shown_names}. "
        f"The biggest: {biggest.share:.0%} of the students, in {biggest.exercise}: "
        f"{biggest.name}. The table below has every number."
    )
    wide = 1.5 + 0.44 * len(names)
    return _picture(draw, wide, 0.8 + 0.3 * len(names), alt)


def chapters_picture(shares: dict[str, list[float]]) -> Picture:
    """The spread of scores of each chapter.

    Args:
        shares: scores by slug, as parts of the most that there is; none is empty.
    """

    def draw(figure: Figure, is_narrow: bool) -> None:
        ax = figure.add_subplot()
        labels = [slug.partition("_")[0] if is_narrow else slug for slug in shares]
        percents = [[100 * share for share in part] for part in shares.values()]
        ax.boxplot(
            percents,
            orientation="horizontal",
            tick_labels=labels,
            widths=0.55,
            patch_artist=True,
            boxprops={"facecolor": "#BBD9EC", "edgecolor": "#0072B2"},
            medianprops={"color": "black", "linewidth": 2},
            flierprops={"marker": "o", "markersize": 3},
        )
        ax.invert_yaxis()
        ax.grid(axis="y", visible=False)
        ax.set(xlabel="per cent of the points", xlim=(-2, 102))

    parts = (f"{slug} {median(part):.0%}" for slug, part in shares.items())
    alt = f"Box plots of the scores, one a chapter. Medians: {', '.join(parts)}."
    height = 0.8 + 0.33 * len(shares)
    return _picture(draw, height, height, alt)


def _heat(ax: Axes, shares: np.ndarray) -> None:
    """A matrix as colours, with its numbers on them."""
    seen = np.ma.masked_equal(shares, 0)
    ax.imshow(seen, cmap="YlOrBr", vmin=0, vmax=1.25 * shares.max(), aspect="auto")
    for row, column in np.argwhere(shares > 0):
        share = shares[row, column]
        words = f"{100 * share:.0f}" if len(shares[0]) > 8 else f"{share:.0%}"
        ink = "white" if share > 0.8 * shares.max() else "black"
        ax.text(column, row, words, ha="center", va="center", color=ink, fontsize=8)
    ax.set_xticks(np.arange(len(shares[0]) + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(len(shares) + 1) - 0.5, minor=True)
    ax.grid(visible=False)
    ax.grid(which="minor", color="#d9dee5", linewidth=0.7, alpha=1)
    ax.tick_params(which="minor", length=0)


def _label(number: int, exercise: str) -> str:
    return f"{number} {textwrap.shorten(exercise, 24, placeholder='…')}"


def _wrapped(number: int, name: str) -> str:
    """A mistake's name in two lines at most."""
    lines = textwrap.wrap(f"{number} {name}", 42, max_lines=2, placeholder=" …")
    return "\n".join(lines)


def _picture(draw: Draw, height: float, narrow_height: float, alt: str) -> Picture:
    """Draw a figure twice."""
    wide = _svg(draw, WIDE, height, is_narrow=False)
    return Picture(wide, _svg(draw, NARROW, narrow_height, is_narrow=True), alt)


def _svg(draw: Draw, width: float, height: float, is_narrow: bool) -> str:
    with style.context(STYLE), mpl.rc_context(PLAIN):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure, is_narrow)
        file = io.BytesIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    return "data:image/svg+xml;base64," + b64encode(file.getvalue()).decode("ascii")
