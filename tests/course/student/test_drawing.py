"""Lines that only draw are told apart from the model's, and these are never folded."""

import pytest

from course.student.drawing import only_draws, stretches

SHOW = 'plots.show(\n    fig,\n    alt="A line",\n)'
FIGURE = f"fig, ax = plots.figure()\nax.plot(x, y)\n{SHOW}"


@pytest.mark.parametrize(
    "source",
    [
        FIGURE,
        f"{FIGURE}\n",
        "axes = plots.images(X[shown], titles=y.tolist())\naxes[0].figure.legend()",
        "fig = drawings.walks(paths)\nfig.axes[0].set(xlim=(0, 1))",
        "for ax, (name, X) in zip(axes, maps.items()):\n    draw.map(ax, X, name)",
        "fig, axes = plots.figure(2)\nfor k, ax in enumerate(axes):\n    ax.plot(k)",
        "if wide:\n    plots.show(fig)\nelse:\n    plots.show(small)",
        "plots.curves(ax, range(len(y)), {'log': torch.log(y).numpy()}, 'x', 'y')",
    ],
)
def test_a_cell_that_only_draws_is_known(source):
    assert only_draws(source)


@pytest.mark.parametrize(
    "line",
    [
        "loss.backward()",
        "y_hat = net(X)",
        "assert loss < 1",
        "print(loss)",
        "import torch",
        "def draw(ax):\n    ax.plot(x)",
        "n = 3",
        "ax.plot(x, net(X))",
        "ax.plot(x, train(net, 10))",
        "ax.plot(x, trainer.fit(net))",
        "ax.plot(x, [model.predict(x) for x in X])",
        "for ax, net in zip(axes, nets):\n    net.train()",
        "for ax, net in zip(axes, nets):\n    y = net(X)",
        "for step in range(9):\n    optimizer.step()\n    ax.plot(step, loss)",
        "if train(net):\n    plots.show(fig)",
        "%timeit net(X)",
    ],
)
def test_a_line_of_the_model_is_never_folded(line):
    source = f"fig, axes = plots.figure()\nax = axes[0]\n{line}\n{FIGURE}"
    assert not only_draws(source)
    assert line in "\n".join(text for draws, text in stretches(source) if not draws)
    assert not any(line in text for draws, text in stretches(source) if draws)


def test_a_cell_without_code_draws_nothing():
    assert not only_draws("") and not only_draws("# a remark") and stretches("") == []


def test_stretches_hold_the_lines_in_order():
    source = f"y = net(X)\n\n{FIGURE}\nassert y.min() > 0"
    assert stretches(source) == [
        (False, "y = net(X)"),
        (True, FIGURE),
        (False, "assert y.min() > 0"),
    ]


def test_what_is_too_short_is_not_folded():
    assert stretches("y = net(X)\nplots.show(fig)") == [
        (False, "y = net(X)\nplots.show(fig)")
    ]


def test_a_name_is_a_drawings_only_below_the_line_that_makes_it():
    assert not only_draws("ax.plot(x)\nfig, ax = plots.figure()")
