# %% [markdown]
# # Multilayer perceptron: exercises
# You melt layers together, wire a lamp with three switches, bend and unbend, build nets
# from scratch, mend one, count, push, and find the dead. At the end a net learns
# nonsense by heart.
#
# Replace each `raise NotImplementedError` by your answer, run that cell, then the test
# below it. A failed test says what was expected, what came, and often which mistake it
# looks like. Some tests are hidden: they try other sizes. Each exercise stands alone.

# %% [markdown]
# Stuck? `check.hint("collapse")` in a new cell asks for a hint: first a question, then
# an idea, then the shape of the answer.
#
# The letters of the chapter hold here too: $N$ examples, $n$ inputs, `X` (N, n); a
# layer from $n$ to $m$ units has a weight `W` and a bias `b` (m,).

# %%
import torch
from torch import nn
from torch.nn import functional as F

from utils import check

# %% [markdown]
# ## 1. Many layers, one layer
# Write `collapse(params)`. `params` is a list of one or more pairs `(W, b)` of shapes
# (n, m) and (m,), the layers of a net *without* activations: `X @ W + b`, then the
# next. Return the one pair `(W, b)` that gives the same for every `X`.
#
# The lecture melted two layers; here there may be any number. The given tensors stay as
# they are.
#
# For example, the layers `([[2.]], [1.])` and `([[3.]], [5.])` melt into `[[6.]]` and
# `[8.]`: (2x + 1) times 3, plus 5.


# %% exercise="collapse"
def collapse(params):
    """One affine map in place of a stack of them.

    Args:
        params: list of pairs: W (n, m) float32, b (m,) float32; each layer's m is the
            next one's n.

    Returns:
        W: (n of the first, m of the last) float32; b: (m of the last,) float32.
    """
    ### BEGIN SOLUTION
    W, b = params[0]
    for W_next, b_next in params[1:]:
        W, b = W @ W_next, b @ W_next + b_next  # (n, m) (m, q), (m,) (m, q) + (q,)
    return W, b
    ### END SOLUTION


# %% test="collapse" points=2
W1 = torch.tensor([[1.0, 2.0, -1.0], [0.5, -1.0, 3.0]])
b1 = torch.tensor([1.0, -2.0, 0.5])
W2 = torch.tensor([[2.0, 1.0, 0.0, 1.0], [0.0, 1.0, -1.0, 2.0], [1.5, 0.0, 1.0, -1.0]])
b2 = torch.tensor([0.3, 0.7, -1.0, 2.0])
W3 = torch.tensor([[1.0], [-2.0], [0.5], [4.0]])
b3 = torch.tensor([-0.4])
check.probe(collapse, [(W1, b1), (W2, b2), (W3, b3)])
check.probe(collapse, [(W2, b2), (W3, b3)])
### BEGIN HIDDEN TESTS
check.probe(collapse, [(W1, b1)])
square, shift = W1[:, :2] + 1, torch.tensor([2.0, -3.0])
check.probe(collapse, [(square, shift), (square.T, b1[:2]), (W1, b1), (W2, -b2)])
### END HIDDEN TESTS

# %% [markdown] choice="narrow_stack" points=1
# ## Think: a narrow stack
# `nn.Sequential(nn.Linear(10, 3), nn.Linear(3, 10))` has no activation. Which functions
# of ten numbers to ten numbers can it be, over all weights and biases?
#
# - Every affine one, since a stack of affine maps is affine.
#   wrong: *is affine* taken for *is any affine map*
# - More than one layer from 10 to 10 can, which has fewer layers.
#   wrong: layers counted, though nothing bends between them
# - Those affine ones whose matrix has at most rank 3.
#   right: the product of (10, 3) and (3, 10) can't have a higher rank, so less than one
#   layer of (10, 10).
# - Those affine ones whose bias is a sum of at most three columns.
#   wrong: the bias of the second layer forgotten, which is free

# %% [markdown]
# ## 2. A lamp with three switches
# In a house with two floors three switches share one lamp: each flip of any of them
# changes it. So it burns when an *odd* number of them is up: one, or all three.
#
# Write `three_switches()`. It returns `W1` (3, m), `b1` (m,), `W2` (m, 1), `b2` (1,),
# all float32, with at most three hidden units, so that for each state `x` (3,), entries
# 0 or 1,
#
# $$z = \max(0, \mathbf x \mathbf W_1 + \mathbf b_1) \, \mathbf W_2 + b_2$$
#
# is above 0.1 where the lamp burns and below -0.1 where it doesn't. Set the weights by
# hand; there are many right answers.
#
# For example, `x = [0., 1., 0.]` gives a `z` above 0.1, `x = [1., 1., 0.]` one below
# -0.1.


# %% exercise="three_switches"
def three_switches():
    """Weights of a ReLU net that says whether an odd number of three switches is up.

    Returns:
        W1: (3, m), b1: (m,), W2: (m, 1), b2: (1,), float32, with m at most 3.
    """
    ### BEGIN SOLUTION
    W1 = torch.ones(3, 3)  # each unit counts the switches that are up
    b1 = torch.tensor([0.0, -1.0, -2.0])
    W2 = torch.tensor([[1.0], [-2.0], [2.0]])
    return W1, b1, W2, torch.tensor([-0.5])
    ### END SOLUTION


# %% test="three_switches" points=2
def lamp():
    W1, b1, W2, b2 = check.call(three_switches)
    states = torch.cartesian_prod(*[torch.tensor([0.0, 1.0])] * 3)  # (8, 3)
    names = ["".join(str(int(s)) for s in state) for state in states]
    m, shapes = b1.numel(), [tuple(part.shape) for part in (W1, b1, W2, b2)]
    result = {"shapes": "as asked", "more than 3 units": m > 3}
    if shapes != [(3, m), (m,), (m, 1), (1,)]:
        told = zip(("W1", "b1", "W2", "b2"), shapes, strict=True)
        result["shapes"] = ", ".join(f"{name} {shape}" for name, shape in told)
        return result | dict.fromkeys(names, "not tried")
    z = torch.relu(states @ W1.float() + b1) @ W2.float() + b2  # (8, 1)
    words = ["on" if v > 0.1 else "off" if v < -0.1 else "unsure" for v in z[:, 0]]
    return result | dict(zip(names, words, strict=True))


def kinds():
    return [part.dtype for part in check.call(three_switches)]


check.probe(lamp, call="the lamp in each of the eight states")
### BEGIN HIDDEN TESTS
check.probe(kinds, call="the kinds of the four tensors")
### END HIDDEN TESTS

# %% [markdown]
# ## 3. A bend with a ceiling
# On small devices ReLU often gets a ceiling: $h = \min(c, \max(0, z))$. Write
# `capped_relu(z, cap, grad)`. From pre-activations `z` of any shape and the gradient
# `grad` of the loss for $h$, of the same shape, it returns the pair
#
# - `h`: the activations
# - the gradient of the loss for `z`: `grad` times the slope of the bend
#
# At exactly 0 and exactly `cap` take the slope 0. Neither argument changes.
#
# Not allowed: PyTorch's activations (`F.relu`, `F.relu6`), autograd (`backward`).
#
# For example, `z = [-1., 2., 9.]`, `cap = 6` and `grad = [5., 5., 5.]` give
# `[0., 2., 6.]` and `[0., 5., 0.]`.


# %% exercise="capped_relu"
def capped_relu(z, cap, grad):
    """min(cap, max(0, z)) and the gradient for z.

    Args:
        z: float32 of any shape, pre-activations.
        cap: the ceiling, above 0.
        grad: float32 of the same shape, the gradient for the activations.

    Returns:
        h: float32; gradient for z: float32; both of that shape.
    """
    ### BEGIN SOLUTION
    between = (z > 0) & (z < cap)
    return z.clamp(0, cap), grad * between
    ### END SOLUTION


# %% test="capped_relu" points=2 bans="activations, autograd"
z = torch.tensor([[-2.0, 0.5, 3.0], [7.0, 6.0, 0.0], [1.5, 5.5, -0.25]])
grad = torch.tensor([[1.0, -2.0, 3.0], [4.0, -5.0, 6.0], [-7.0, 8.0, 9.0]])
check.probe(capped_relu, z, 6.0, grad)
check.probe(capped_relu, z, 2.0, grad - 0.5)
### BEGIN HIDDEN TESTS
check.probe(capped_relu, -z.flatten(), 1.0, grad.flatten())
check.probe(capped_relu, z.T / 4, 1.5, 3 * grad)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. tanh, and its slope far out
# Write `tanh_and_slope(z)`. It returns the pair $\tanh z$ and $\tanh' z$, entry by
# entry, of `z` with any shape. Both must be right from -1000 to 1000, without `nan`,
# and the slope to three digits wherever it is above $10^{-30}$.
#
# Mind the slope. In float32 tanh 10 is 1, so $1 - \tanh^2$ gives 0, and the truth is
# $8.2 \cdot 10^{-9}$. Find a formula that subtracts nothing. The symmetric form of both
# may help: write everything with $e^{-2|z|}$.
#
# Not allowed: PyTorch's activations (`torch.tanh`, `torch.sigmoid`), autograd, and, on
# your honour, double precision.
#
# For example, `tanh_and_slope(torch.tensor([0., 1.]))` gives `[0.0000, 0.7616]` and
# `[1.0000, 0.4200]`.


# %% exercise="tanh_and_slope"
def tanh_and_slope(z):
    """tanh z and 1 - tanh^2 z, without overflow and without loss of digits.

    Args:
        z: float32 of any shape.

    Returns:
        tanh z: float32; its slope: float32; both of that shape.
    """
    ### BEGIN SOLUTION
    small = torch.exp(-2 * z.abs())  # between 0 and 1
    value = z.sign() * (1 - small) / (1 + small)
    return value, 4 * small / (1 + small) ** 2
    ### END SOLUTION


# %% test="tanh_and_slope" points=3 bans="activations, autograd"
z = torch.tensor([[-3.0, -0.7, 0.2], [0.0, 1.5, 2.5]])
check.probe(tanh_and_slope, z, rtol=1e-3, atol=1e-6)
check.probe(tanh_and_slope, torch.tensor([10.0, -14.0, 30.0]), rtol=1e-3, atol=1e-32)
check.probe(tanh_and_slope, torch.tensor([1000.0, -1000.0, 90.0]), rtol=1e-3)
### BEGIN HIDDEN TESTS
check.probe(tanh_and_slope, -z.T / 2, rtol=1e-3, atol=1e-6)
check.probe(tanh_and_slope, torch.tensor([[-9.0], [12.0]]), rtol=1e-3, atol=1e-32)
### END HIDDEN TESTS

# %% [markdown] choice="five_times" points=1
# ## Think: five times more, five times less
# In a net 784 - 64 - 10 all weights *and* biases of the first layer are multiplied by
# 5, and the weights of the second layer divided by 5. What is true? Choose all that
# hold.
#
# - With ReLU, all logits stay as they were.
#   right: a positive factor passes through ReLU, as max(0, 5z) is 5 max(0, z).
# - With tanh, all logits stay as they were.
#   wrong: every bend thought to let a factor pass
# - With ReLU, the units that were dead are dead, and no others.
#   right: the sign of each pre-activation is the old one.
# - With ReLU, the gradient for the first layer's weights is what it was.
#   wrong: equal functions thought to have equal gradients

# %% [markdown]
# ## 5. Forward, and keep what is hidden
# Write `mlp_forward(X, params)`. `params` is a list of pairs `(W, b)` as PyTorch keeps
# them: `W` (m, n), `b` (m,). After each layer *but the last* comes a ReLU. Return the
# pair
#
# - the logits
# - a list of the hidden layers' activations, first to last; empty if there is none
#
# `X` has its features on the last axis and any number of axes before it: (N, n), or a
# single vector (n,), or (A, B, n). All results have the same axes in front.
#
# Not allowed: `nn.Linear`, `F.linear`.
#
# For example, `X = [1., 2.]` with the one layer `([[3., 4.]], [5.])` gives the logits
# `[16.]` and the empty list.


# %% exercise="mlp_forward"
def mlp_forward(X, params):
    """Logits of an MLP with ReLUs, and the activations of its hidden layers.

    Args:
        X: (..., n) float32.
        params: list of pairs: W (m, n) float32, b (m,) float32.

    Returns:
        logits: (..., q) float32; hidden: list of tensors (..., m) float32.
    """
    ### BEGIN SOLUTION
    hidden = []
    for W, b in params[:-1]:
        X = torch.relu(X @ W.T + b)
        hidden.append(X)
    W, b = params[-1]
    return X @ W.T + b, hidden
    ### END SOLUTION


# %% test="mlp_forward" points=3 bans="linear layers"
X = torch.tensor([[1.0, -2.0], [0.5, 1.0], [-1.5, 0.0], [2.0, 3.0], [-1.0, -1.0]])
W1 = torch.tensor([[1.0, 0.5], [-2.0, 1.0], [0.3, -1.0]])
W2 = torch.tensor([[1.0, -1.0, 2.0], [0.5, 1.5, -1.0]])
W3 = torch.tensor([[-1.0, 1.0], [2.0, -3.0], [0.5, 0.5], [1.0, -1.0]])
b1, b2, b3 = (
    torch.tensor([0.1, 0.5, -0.2]),
    torch.tensor([-0.3, 0.4]),
    torch.ones(4) / 8,
)
layers = [(W1, b1), (W2, b2), (W3, b3)]
check.probe(mlp_forward, X, layers)
check.probe(mlp_forward, X, layers[:2])
check.probe(mlp_forward, X[3], layers)
### BEGIN HIDDEN TESTS
check.probe(mlp_forward, X[:4].reshape(2, 2, 2), layers)
check.probe(mlp_forward, -X, layers[:1])
check.probe(mlp_forward, X[:2], [(W3, b3), (W3.T, b2)])
### END HIDDEN TESTS

# %% [markdown]
# ## 6. How wide may it be?
# A device has room for `budget` parameters. The net has `num_inputs` inputs,
# `num_hidden` hidden layers (1 or more), all of one width $m$, and `num_outputs`
# outputs; each layer has biases.
#
# Write `largest_width(num_inputs, num_hidden, num_outputs, budget)`, the largest whole
# $m$ for which the net's parameter count is *at most* `budget`; 0 if not even $m = 1$
# fits. All arguments are ints, and so is the result.
#
# For example, 784 inputs, one hidden layer and 10 outputs with a budget of 50,000: a
# width of 62 has 49,300 parameters, 63 has 50,095. The answer is 62.


# %% exercise="largest_width"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    """The largest width of all hidden layers that keeps within the budget.

    Args:
        num_inputs, num_outputs: ints, 1 or more.
        num_hidden: number of hidden layers, 1 or more.
        budget: how many weights and biases there may be.

    Returns:
        int, 0 or more.
    """

    ### BEGIN SOLUTION
    def count(m):
        first, last = (num_inputs + 1) * m, (m + 1) * num_outputs
        return first + (num_hidden - 1) * (m + 1) * m + last

    width = 0
    while count(width + 1) <= budget:
        width += 1
    return width
    ### END SOLUTION


# %% test="largest_width" points=3
check.probe(largest_width, 784, 2, 10, 63000)
check.probe(largest_width, 4, 1, 3, 67)
check.probe(largest_width, 4, 1, 3, 66)
check.probe(largest_width, 4, 3, 3, 83)
check.probe(largest_width, 4, 3, 3, 102)
check.probe(largest_width, 20, 1, 5, 12)
### BEGIN HIDDEN TESTS
check.probe(largest_width, 4, 3, 3, 82)
check.probe(largest_width, 1, 5, 1, 2000)
check.probe(largest_width, 30, 2, 7, 46)
check.probe(largest_width, 30, 2, 7, 45)
check.probe(largest_width, 10, 4, 2, 9000)
### END HIDDEN TESTS

# %% [markdown] choice="reordered_units" points=1
# ## Think: the same net, in another order
# A net has two hidden layers of three units each. No two units of a layer are alike.
# Reorder the units within their layers, and move their weights along. In how many ways,
# the old order included, can the weights be written down so that the net computes the
# same?
#
# - 6
#   wrong: the layers thought to be reordered together, as one
# - 9
#   wrong: places counted where orders are asked
# - 12
#   wrong: the orders of two layers added, where each goes with each
# - 36
#   right: 3! = 6 orders for each layer, and each of one goes with each of the other.
# - 720
#   wrong: units thought to change their layer, too

# %% [markdown]
# ## 7. Find the bug and mend it
# "An activation belongs to each net", somebody has read, and put one at the end. The
# net runs and learns a little. Run the cell: what do you notice about its output?


# %%
def as_given(widths):
    layers = [nn.Linear(n, m) for n, m in zip(widths, widths[1:], strict=False)]
    return nn.Sequential(*layers, nn.ReLU())


lamp_net = as_given([2, 8, 8, 1])
lamp_net(torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]))

# %% [markdown]
# Write `make_mlp(widths)`, which does what was meant. `widths` lists the sizes of
# input, hidden layers and output; there are two or more. Return an `nn.Sequential` of
# `nn.Linear`, with an `nn.ReLU` where one belongs. The output is logits: any number,
# negative ones too. Here nothing is flattened: the net takes `X` of shape (A, B, n) to
# (A, B, q), as `nn.Linear` does.
#
# For example, `make_mlp([2, 8, 8, 1])` has three linear layers and two activations, and
# `make_mlp([4, 3])` is a linear layer alone.


# %% exercise="make_mlp"
def make_mlp(widths):
    """An MLP with ReLUs that gives logits.

    Args:
        widths: list of 2 or more ints: inputs, hidden layers, outputs.

    Returns:
        nn.Sequential.
    """
    ### BEGIN SOLUTION
    layers = []
    for n, m in zip(widths[:-1], widths[1:], strict=True):
        layers += [nn.Linear(n, m), nn.ReLU()]
    return nn.Sequential(*layers[:-1])
    ### END SOLUTION


# %% test="make_mlp" points=2
def run(X, params, bends):
    for i, (W, b) in enumerate(zip(params[::2], params[1::2], strict=True)):
        X = (torch.relu(X) if bends[i] else X) @ W.T + b
    return torch.relu(X) if bends[-1] else X


def seen(widths):
    net = check.call(make_mlp, widths)
    params = list(check.parameters(net).values())
    shapes = [tuple(p.shape) for p in params]
    X = torch.linspace(-3, 3, 20 * widths[0]).sin().reshape(4, 5, -1)
    got = check.call(net, X)
    expected = [
        s for n, m in zip(widths, widths[1:], strict=False) for s in [(m, n), (m,)]
    ]
    fitting = "another net"
    if shapes == expected:  # try a ReLU, or none, before each layer and at the end
        for bends in torch.cartesian_prod(*[torch.tensor([0, 1])] * len(widths)):
            if torch.allclose(got, run(X, params, bends.tolist()), atol=1e-5):
                fitting = bends.tolist()
    total = bool((got.sum(dim=-1) - 1).abs().max() < 1e-4)
    return {"shapes": shapes, "ReLU at": fitting, "rows add up to 1": total}


check.probe(seen, [5, 12, 9, 7], call="make_mlp([5, 12, 9, 7])")
check.probe(seen, [6, 11, 5], call="make_mlp([6, 11, 5])")
### BEGIN HIDDEN TESTS
check.probe(seen, [4, 9], call="make_mlp([4, 9])")
check.probe(seen, [3, 15, 14, 13, 8], call="make_mlp([3, 15, 14, 13, 8])")
### END HIDDEN TESTS

# %% [markdown]
# ## 8. Momentum that looks ahead
# **Nesterov's momentum** remembers like the lecture's rule, and then steps as if the
# velocity had pushed once more:
#
# $$\mathbf v \leftarrow \beta \mathbf v + \mathbf g, \qquad
# \mathbf w \leftarrow \mathbf w - \eta \, (\mathbf g + \beta \mathbf v)$$
#
# with the *new* $\mathbf v$ in the second formula. Write `nesterov(params, velocities,
# lr, beta)`. `params` is a list of leaves with a gradient in `.grad`, `velocities` a
# list of as many tensors of the same shapes. Change both **in place** and return
# nothing. Gradients stay as they are. `lr` may differ from call to call: it doesn't
# belong into $\mathbf v$.
#
# Not allowed: `torch.optim`.
#
# For example, `w = 1` with gradient 4, velocity 2, `lr = 0.1` and `beta = 0.5`: the
# velocity becomes 5 and `w` becomes 1 - 0.1 (4 + 2.5) = 0.35.


# %% exercise="nesterov"
def nesterov(params, velocities, lr, beta):
    """One step of SGD with Nesterov's momentum, in place.

    Args:
        params: list of leaf tensors, each with a `.grad`.
        velocities: list of tensors of the same shapes.
        lr: the learning rate.
        beta: how much of the velocity is kept, 0 <= beta < 1.
    """
    ### BEGIN SOLUTION
    pairs = zip(params, velocities, strict=True)
    with torch.no_grad():
        for w, v in pairs:
            v.mul_(beta).add_(w.grad)
            w -= lr * (w.grad + beta * v)
    ### END SOLUTION


# %% test="nesterov" points=3 changes="params velocities" bans="optimisers"
def walked(start, slopes, lrs, beta):
    params = [w.clone().requires_grad_() for w in start]
    velocities = [0.3 - w / 2 for w in start]
    for step, lr in enumerate(lrs):
        for w, slope in zip(params, slopes, strict=True):
            w.grad = slope * (1 + step) + 0.5 * w.detach()
        given, kept = [*params], [*velocities]
        returned = check.call(nesterov, given, kept, lr, beta)
    return {
        "parameters": [w.detach() for w in params],
        "velocities": velocities,
        "gradients are left": [w.grad for w in params],
        "returned": returned,
    }


start = [torch.tensor([[1.0, -2.0], [0.5, 3.0], [0.0, 1.0]]), torch.tensor([0.25])]
slopes = [torch.tensor([[2.0, 1.0], [-1.0, 0.5], [3.0, -4.0]]), torch.tensor([-6.0])]
call = "nesterov([w, b], velocities, 0.1, 0.5), once"
check.probe(walked, start, slopes, [0.1], 0.5, call=call)
call = "nesterov([w, b], velocities, 0.1, 0.9), three times"
check.probe(walked, start, slopes, [0.1, 0.1, 0.1], 0.9, call=call)
call = "nesterov with lr 0.2, then 0.02, then 0.1"
check.probe(walked, start, slopes, [0.2, 0.02, 0.1], 0.8, call=call)
### BEGIN HIDDEN TESTS
call = "nesterov with beta 0"
check.probe(walked, slopes, start, [0.3, 0.1], 0.0, call=call)
call = "nesterov on one tensor, five times"
check.probe(walked, slopes[:1], start[:1], [0.05] * 5, 0.7, call=call)
### END HIDDEN TESTS

# %% [markdown] choice="black_pixel" points=1
# ## Think: a pixel that is always black
# In all 4,000 training images the pixel in the corner is exactly 0. A net 784 - 256 -
# 10 is trained on them by SGD with momentum, without weight decay; the pixels are not
# standardised. What becomes of the 256 weights that lead from this pixel into the
# hidden layer?
#
# - They shrink to 0, as the net learns that the pixel is useless.
#   wrong: *useless* thought to be a force that pulls on weights
# - They stay exactly where chance put them.
#   right: each gradient is the input times something, and the input is 0. If the pixel
#   is bright in a new image, these weights add noise.
# - They drift at random, as the noise of the batches moves all weights.
#   wrong: noise thought to reach a weight past its input
# - They all become equal, as nothing tells them apart.
#   wrong: equal gradients thought to make equal weights, whatever the start

# %% [markdown]
# ## 9. Count the dead, layer by layer
# Write `dead_units(X, params)`. `params` is a list of two or more pairs `(W, b)` of
# shapes (n, m) and (m,), a net with a ReLU after each layer but the last. Return a list
# with one int for each *hidden* layer: how many of its units give 0 for **every** row
# of `X` (N, n).
#
# The lecture looked into the first layer only. The output has no ReLU, so nothing in it
# can be dead.
#
# For example, one hidden layer with `W = [[1., -1.]]`, `b = [0., 0.]` and
# `X = [[1.], [2.]]` has one dead unit, the second.


# %% exercise="dead_units"
def dead_units(X, params):
    """How many units of each hidden layer are 0 on all examples.

    Args:
        X: (N, n) float32.
        params: list of 2 or more pairs: W (n, m) float32, b (m,) float32.

    Returns:
        list of ints, one for each hidden layer.
    """
    ### BEGIN SOLUTION
    counts = []
    for W, b in params[:-1]:
        X = torch.relu(X @ W + b)  # (N, m)
        counts.append(int((X == 0).all(dim=0).sum()))
    return counts
    ### END SOLUTION


# %% test="dead_units" points=2
X = torch.tensor([[0.5, 0.5], [1.0, 2.0], [-1.0, 0.5], [2.0, -1.0], [-2.0, 1.0]])
W1 = torch.tensor([[1.0, -1.0, 0.5, 0.0, -0.5, 0.0], [0.5, 1.0, 0.0, -1.0, 0.0, 0.0]])
b1 = torch.tensor([0.0, -4.0, -3.0, -3.0, -0.1, 0.0])
W2 = torch.tensor([[1.0, -1.0, -2.0, 0.5]]).repeat(6, 1)
b2 = torch.tensor([-0.2, 1.0, 0.0, -0.3])
W3 = torch.tensor([[1.0, -1.0], [0.0, -1.0], [2.0, -3.0], [1.0, -1.0]])
b3 = -torch.ones(2)
check.probe(dead_units, X, [(W1, b1), (W2, b2), (W3, b3)])
check.probe(dead_units, X[:3], [(W1, b1 + 0.5), (W3.repeat(2, 1)[:6], b3)])
### BEGIN HIDDEN TESTS
check.probe(dead_units, X[1:2], [(W1, b1 + 3), (W2, b2 - 1), (W3, b3)])
check.probe(dead_units, -X, [(-W1, b1), (W2, -b2), (W3, b3 + 2), (W3[:2], b3)])
### END HIDDEN TESTS

# %% [markdown]
# ## 10. Through all points, by hand
# The lecture set a net through points at equal distances. Write `through_points(k, y)`
# for any points: `k` (P,) holds the places, rising, with unequal gaps, `y` (P,) the
# values there; P is 2 or more. Return `W1` (1, m), `b1` (m,), `W2` (m, 1), `b2` (1,) of
# a ReLU net $\max(0, \mathbf x \mathbf W_1 + \mathbf b_1) \mathbf W_2 + b_2$ that
#
# - is straight between neighbouring points and goes through all of them
# - is **flat** outside: `y[0]` left of `k[0]`, `y[-1]` right of `k[-1]`
#
# How many units you take is yours. Not allowed: a loop, a solver.
#
# For example, `k = [0., 2.]` and `y = [1., 5.]` give a net that says 1 at -3, 3 at 1
# and 5 at 9.


# %% exercise="through_points"
def through_points(k, y):
    """A ReLU net, straight between points and flat outside, set by hand.

    Args:
        k: (P,) float32, rising places.
        y: (P,) float32, values.

    Returns:
        W1: (1, m), b1: (m,), W2: (m, 1), b2: (1,), float32.
    """
    ### BEGIN SOLUTION
    slopes = y.diff() / k.diff()  # (P - 1,)
    none = torch.zeros(1)
    changes = torch.cat([none, slopes, none]).diff()  # (P,), one at each point
    return torch.ones(1, len(k)), -k, changes.reshape(-1, 1), y[:1].clone()
    ### END SOLUTION


# %% test="through_points" points=3 bans="loops, matrix solve"
def drawn(k, y, x):
    W1, b1, W2, b2 = check.call(through_points, k, y)
    m, shapes = b1.numel(), [tuple(part.shape) for part in (W1, b1, W2, b2)]
    if shapes != [(1, m), (m,), (m, 1), (1,)]:
        return {"shapes of W1, b1, W2, b2": shapes}
    return (torch.relu(x.reshape(-1, 1) @ W1 + b1) @ W2 + b2).flatten()


k = torch.tensor([-1.0, 0.5, 1.0, 3.0])
y = torch.tensor([2.0, -1.0, 0.5, 4.5])
call = "the net of through_points(k, y), at "
check.probe(drawn, k, y, k, call=call + "the points")
inside = torch.tensor([-0.5, 0.1, 0.8, 1.7, 2.9])
check.probe(drawn, k, y, inside, call=call + "places between them")
check.probe(drawn, k, y, torch.tensor([-9.0, -1.5]), call=call + "the left of all")
check.probe(drawn, k, y, torch.tensor([3.5, 20.0]), call=call + "the right of all")
### BEGIN HIDDEN TESTS
check.probe(
    drawn, k[:2] + 4, y[1:3], torch.tensor([0.0, 3.5, 4.2, 8.0]), call="two points"
)
check.probe(drawn, k**3, -y, 3 * inside, call=call + "other places")
### END HIDDEN TESTS

# %% [markdown]
# ## 11. Learn nonsense by heart
# Forty points of the plane get labels by *drawing lots*: there is nothing to learn.
# Write `memorise(X, y, num_classes)`. It trains a net on them, until at least 98 % of
# these very labels are given back, and returns the net: a module from `X` (N, 2) to
# logits (N, num_classes). `y` (N,) int64. Width, depth, optimiser and number of steps
# are yours. Allowed: all of PyTorch.
#
# For example, `memorise(X, y, 3)(X).argmax(dim=1)` is nearly `y`.


# %% exercise="memorise"
def memorise(X, y, num_classes):
    """Train a net until it knows the labels of these points.

    Args:
        X: (N, 2) float32, about standard normal; y: (N,) int64, 0 to num_classes - 1.
        num_classes: how many classes there are.

    Returns:
        nn.Module from (N, 2) to (N, num_classes).
    """
    ### BEGIN SOLUTION
    net = nn.Sequential(nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU())
    net.append(nn.Linear(128, num_classes))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.005)
    for _ in range(800):
        optimizer.zero_grad()
        F.cross_entropy(net(X), y).backward()
        optimizer.step()
    return net
    ### END SOLUTION


# %% test="memorise" points=3
def by_heart(num_classes, seed):
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(40, 2, generator=generator)
    y = torch.randint(num_classes, (40,), generator=generator)
    net = check.call(memorise, X, y, num_classes)
    logits, middle = check.call(net, X), check.call(net, (X[:20] + X[20:]) / 2)
    bands = ["less than 50 %", "less than 98 %", "98 % or more"]
    share = (logits.argmax(dim=1) == y).float().mean().item()
    return {
        "shape": logits.shape,
        "a probability in each row": bool((logits.sum(dim=1) - 1).abs().max() < 1e-4),
        "no logit below 0": bool((logits >= 0).all()),
        "straight": bool((2 * middle - logits[:20] - logits[20:]).abs().max() < 1e-3),
        "share known by heart": bands[(share >= 0.5) + (share >= 0.98)],
    }


check.probe(by_heart, 3, 0, call="memorise(40 points, 3 classes drawn by lot)")
### BEGIN HIDDEN TESTS
check.probe(by_heart, 2, 1, call="memorise(40 points, 2 classes drawn by lot)")
### END HIDDEN TESTS

# %% [markdown]
# ## 12. What has it learned? (a person reads your answer)
# Your net of exercise 11 gives back labels that were drawn by lot.
#
# 1. New points come, and their labels are drawn by lot as well, three classes. Which
#    accuracy do you expect of the net, and why?
# 2. Name one number that you could have watched *while training* to see that nothing
#    was learned.
# 3. A colleague reports 100 % on the training data and says: "the net has understood
#    it". What do you answer?
#
# Answer in four to eight sentences.

# %% [markdown] manual="by_heart" points=2
# ### BEGIN SOLUTION
# 1. About one third: the new labels don't depend on the points, so whatever the net
#    says is right by chance.
# 2. The accuracy (or the loss) on points that were kept out of training: it stays at
#    chance, and its loss grows, while the training loss falls.
# 3. The training accuracy shows that the net is large enough to know the data by heart,
#    as it does with nonsense. Only data that it hasn't seen can tell the two apart;
#    that is the subject of [chapter 08](08).
#
# Grader: one point for 1, one for 2 and 3 together.
# ### END SOLUTION
