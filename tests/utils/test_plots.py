"""Figures carry their alternative text, are closed, and can be told apart."""

from html.parser import HTMLParser

import matplotlib as mpl
import numpy as np
import pytest
import torch
from IPython import display
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook
from torch import nn

from utils import plots
from utils.plots import curves, decision_regions, figure, heatmap, images, show

ALT = 'Loss "falls" from 2.3 to 0.1 <smoothly> & stays'


@pytest.fixture(autouse=True)
def agg_and_nothing_left_open():
    mpl.use("Agg")
    plots.plt.close("all")
    yield
    plots.plt.close("all")


# show


@pytest.mark.parametrize("alt", ["", "   ", "a plot", "too short by far  " + " " * 9])
def test_a_figure_without_an_alternative_text_is_refused(alt):
    fig, _ = figure()
    with pytest.raises(ValueError, match="at least 20 characters"):
        show(fig, alt=alt)


def test_a_shown_figure_is_closed_and_in_plain_python_its_text_is_printed(capsys):
    fig, _ = figure()
    show(fig, alt=ALT)
    assert plots.plt.get_fignums() == []
    assert capsys.readouterr().out == f"Figure: {ALT}\n"


FIGURE = f"""
from utils import plots
plots.use_style()
fig, ax = plots.figure()
ax.plot([1, 2])
plots.show(fig, alt={ALT!r})
"""

D2L = """
import warnings
warnings.simplefilter("error")
import torch
from d2l import torch as d2l
from utils import data

assert not hasattr(d2l.display, "set_matplotlib_formats")  # else fix_d2l can go
plots.fix_d2l()
d2l.plot([1, 2, 3], [[1, 4, 9]], "x", "f(x)", legend=["f"])
d2l.Animator(xlabel="epoch", xlim=[1, 3]).add(1, (0.5, 0.6, None))
batches = data.load_array((torch.rand(20, 784), torch.arange(20) % 10), 4)
d2l.train_ch6(torch.nn.Linear(784, 10), batches, batches, 2, 0.1, "cpu")
"""


@pytest.fixture(scope="module")
def executed():
    """A notebook with a figure of ours and figures of d2l, run as CI runs it."""
    notebook = new_notebook(cells=[new_code_cell(FIGURE), new_code_cell(D2L)])
    client = NotebookClient(notebook, kernel_name="python3", allow_errors=True)
    return client.execute()


def printed(cell):
    """Return what a cell printed, and its error if it had one."""
    assert all("ename" not in output for output in cell.outputs), cell.outputs[-1]
    return "".join(output.get("text", "") for output in cell.outputs)


class Images(HTMLParser):
    """Collects the attributes of the img elements of a page."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs))


def test_the_html_of_a_notebook_has_one_image_with_its_alternative_text(executed):
    notebook = new_notebook(cells=executed.cells[:1])
    page, _ = HTMLExporter().from_notebook_node(notebook)
    (image,) = Images(page).found
    assert image["alt"] == ALT
    assert image["src"].startswith("data:image/png;base64,iVBOR")


def test_the_figure_of_a_notebook_is_displayed_once(executed):
    (output,) = executed.cells[0].outputs
    assert output.output_type == "display_data"
    assert set(output.data) == {"text/html", "image/png", "text/plain"}
    assert output.data["text/plain"] == f"Figure: {ALT}"
    assert output.metadata["image/png"]["alt"] == ALT


# Style


def test_the_styles_curves_differ_in_colour_and_in_dashes():
    with mpl.rc_context():
        plots.use_style()
        wheel = mpl.rcParams["axes.prop_cycle"].by_key()
    assert len(set(wheel["color"])) == len(wheel["color"]) >= 6
    assert len(set(map(str, wheel["linestyle"]))) == len(wheel["linestyle"])


def grey(color):
    return np.dot(mpl.colors.to_rgb(color), [0.299, 0.587, 0.114])


def test_the_first_three_colours_differ_in_a_grey_print():
    with mpl.rc_context():
        plots.use_style()
        colors = mpl.rcParams["axes.prop_cycle"].by_key()["color"][:3]
    greys = sorted(map(grey, colors))
    assert min(np.diff(greys)) > 0.03


# Helpers


def test_a_figure_grows_with_its_axes():
    fig, axes = figure(2, 3, width=2.0, height=1.5, sharey=True)
    assert axes.shape == (2, 3)
    assert fig.get_size_inches().tolist() == [6.0, 3.0]


def test_curves_are_labelled_marked_and_on_named_axes():
    _, ax = figure()
    ys = {"train": torch.ones(4, requires_grad=True), "valid": [1, 2, 3, 4]}
    assert curves(ax, range(1, 5), ys, "epoch", "loss") is ax
    assert [line.get_label() for line in ax.lines] == ["train", "valid"]
    assert ax.lines[0].get_marker() != ax.lines[1].get_marker()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")
    assert ax.get_legend() is not None


def test_one_curve_needs_no_legend():
    _, ax = figure()
    curves(ax, [1, 2], {"loss": [2, 1]}, "epoch", "loss")
    assert ax.get_legend() is None


@pytest.mark.parametrize("shape", [(5, 6, 7), (5, 1, 6, 7), (5, 3, 6, 7)])
def test_images_are_drawn_in_rows_on_one_scale(shape):
    X = torch.linspace(0, 1, int(np.prod(shape))).reshape(shape)
    axes = images(X, titles="abcde", ncols=3)
    assert axes.shape == (6,)
    drawn = [ax.images[0] for ax in axes[:5]]
    assert {image.get_clim() for image in drawn} == {(0.0, 1.0)}
    assert drawn[0].get_array().shape[:2] == (6, 7)
    assert [ax.get_title() for ax in axes[:5]] == list("abcde")
    assert not axes[5].images and not axes[5].axison


def test_images_can_go_on_given_axes():
    _, given = figure(2, 2)
    assert images(torch.rand(4, 5, 5), axes=given).tolist() == given.ravel().tolist()


@pytest.mark.parametrize("shape", [(5, 6), (5, 2, 6, 7)])
def test_what_is_not_a_batch_of_images_is_refused(shape):
    with pytest.raises(ValueError, match="expected"):
        images(torch.zeros(shape))


def test_too_few_axes_or_titles_are_refused():
    _, given = figure(1, 2)
    with pytest.raises(ValueError, match="4 images, 2 axes, 4 titles"):
        images(torch.rand(4, 5, 5), axes=given)
    with pytest.raises(ValueError, match="4 images, 4 axes, 1 titles"):
        images(torch.rand(4, 5, 5), titles=["one"])


def test_a_heatmap_shows_each_value_in_its_cell():
    _, ax = figure()
    assert (
        heatmap(torch.tensor([[0.0, 0.5, 1.0]]), ax, "column", "row", fmt=".1f") is ax
    )
    assert [text.get_text() for text in ax.texts] == ["0.0", "0.5", "1.0"]
    assert [text.get_position() for text in ax.texts] == [(0, 0), (1, 0), (2, 0)]
    assert ax.texts[0].get_color() != ax.texts[2].get_color()


def test_a_heatmap_refuses_what_is_not_a_matrix():
    _, ax = figure()
    with pytest.raises(ValueError, match=r"\(3,\)"):
        heatmap(torch.zeros(3), ax, "column", "row")


def test_a_confusion_matrix_shows_its_counts_and_leaves_zeros_empty():
    counts = torch.tensor([[90, 0, 10], [1, 0, 1], [0, 0, 0]])
    ax = plots.confusion(counts, figure()[1], ["cat", "dog", "axolotl"])
    assert [text.get_text() for text in ax.texts] == ["90", "10", "1", "1"]
    assert [text.get_text() for text in ax.get_yticklabels()][2] == "axolotl"
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("true class", "said by the net")


def test_a_confusion_matrix_in_percent_of_each_row():
    counts = torch.tensor([[90, 0, 10], [1, 0, 1], [0, 0, 0]])
    ax = plots.confusion(counts, figure()[1], percent=True)
    assert [text.get_text() for text in ax.texts] == ["90", "10", "50", "50"]
    assert ax.get_title(loc="right") == "% of the row"


@pytest.mark.parametrize(
    ("matrix", "labels"), [(torch.zeros(2, 3), None), (torch.eye(3), ["a", "b"])]
)
def test_a_confusion_matrix_refuses_what_is_not_square_or_not_named(matrix, labels):
    with pytest.raises(ValueError, match="as many rows as columns as labels"):
        plots.confusion(matrix, figure()[1], labels)


class Spy(nn.Module):
    """Separates the plane at x0 = 0, and records the mode it is called in."""

    def __init__(self, outputs):
        super().__init__()
        self.outputs, self.modes = outputs, []

    def forward(self, X):
        self.modes.append(self.training)
        scores = X[:, :1]
        return scores if self.outputs == 1 else torch.cat([-scores, scores], 1)


@pytest.mark.parametrize("outputs", [1, 2])
def test_decision_regions_colour_both_sides_and_mark_the_points(outputs):
    _, ax = figure()
    net = Spy(outputs)
    X, y = torch.tensor([[-1.0, 0.0], [1.0, 1.0], [2.0, 0.5]]), torch.tensor([0, 1, 1])
    assert decision_regions(net, X, y, ax, steps=50) is ax
    assert net.modes == [False] and net.training
    points = [c for c in ax.collections if hasattr(c, "get_offsets")][-2:]
    assert [len(c.get_offsets()) for c in points] == [1, 2]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["0", "1"]


def test_decision_regions_have_a_colour_for_each_of_many_classes():
    _, ax = figure()
    X, y = torch.randn(40, 2), torch.arange(40) % 10
    decision_regions(nn.Linear(2, 10), X, y, ax, steps=20)
    assert len(ax.get_legend().get_texts()) == 10


# d2l


def test_d2l_plots_animates_and_trains_once_it_is_fixed(executed):
    assert "examples/sec on cpu" in printed(executed.cells[1])


def test_the_fix_starts_no_shell_in_plain_python(monkeypatch):
    monkeypatch.setattr(display, "set_matplotlib_formats", None, raising=False)
    plots.fix_d2l()
    display.set_matplotlib_formats("svg")
    assert not InteractiveShell.initialized()
