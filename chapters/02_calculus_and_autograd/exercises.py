# %% [markdown]
# # Calculus and autograd: exercises
# You take difference quotients that survive large numbers, derive a gradient on paper,
# build a small engine again, this time for single numbers, and stop, collect and check
# gradients. One program is broken: you mend it. At the end you fit a line.
#
# Replace each `raise NotImplementedError` by your answer, run that cell, then the test
# below it. A failed test says what was expected, what came, and often which mistake it
# looks like. Some tests are hidden: they try other numbers. Each exercise stands alone.
#
# Stuck? `check.hint("central_difference")` in a new cell asks for a hint: first a
# question, then an idea, then the shape of the answer.

# %%
import math

import torch

from utils import check

# %% [markdown]
# ## 1. A step for each entry
# In float32 the numbers around 100,000 are 0.008 apart. A step of 0.001 is lost there.
# So let the step grow with the number.

# %% [markdown]
# Write `central_difference(f, x, h)`, the slope of `f` at each entry of `x`:
#
# - `f` works entry by entry, from (n,) to (n,); `x` is (n,), float32
# - the step of entry $i$ is $h_i = h \cdot \max(1, |x_i|)$
# - walk to $x_i + h_i$ and to $x_i - h_i$; divide the difference of `f` by the distance
#   **from the one place to the other as they are stored**. Both were rounded, so it is
#   not quite $2 h_i$.
#
# Return (n,), float32. Not allowed: a loop, autograd.
#
# For example, $f(x) = x^2$ at 3 with `h = 0.01` walks to 3.03 and 2.97, and gives 6.


# %% exercise="central_difference"
def central_difference(f, x, h):
    """Central differences of f with steps that grow with x.

    Args:
        f: function from (n,) to (n,), entry by entry.
        x: (n,) float32.
        h: the step at entries from -1 to 1, a number.

    Returns:
        (n,) float32, the slopes.
    """
    ### BEGIN SOLUTION
    step = h * x.abs().clamp(min=1)
    ahead, behind = x + step, x - step
    return (f(ahead) - f(behind)) / (ahead - behind)
    ### END SOLUTION


# %% test="central_difference" points=2 bans="loops, autograd"
def cube(x):
    return x**3 / 10


def double(x):
    return 2 * x


x = torch.tensor([0.0, 0.5, -3.0, 7.0])
check.probe(
    central_difference, cube, x, 0.1, call="central_difference(x^3 / 10, x, 0.1)"
)
far = torch.tensor([1e5, 0.3, -123.4])
check.probe(central_difference, double, far, 1e-5, call="... (2 x, x, 1e-5)")
### BEGIN HIDDEN TESTS
check.probe(central_difference, cube, -2 * x[1:], 0.05)
check.probe(central_difference, double, torch.tensor([7e6, -0.77]), 3e-6)
check.probe(central_difference, lambda x: x.exp(), x[:2], 0.25)
### END HIDDEN TESTS

# %% [markdown] choice="two_precisions" points=1
# ## Think: the same difference in float32
# For some function and its central difference in float64 the best step is about
# $10^{-5}$. Now all is done in float32, whose $\epsilon$ is about $5 \cdot 10^8$ times
# as large. Where is the best step?
#
# - Still near $10^{-5}$.
#   wrong: the best step taken for a property of the function alone
# - Near 0.01.
#   right: the cube root of 5e8 is about 800.
# - Near 0.2.
#   wrong: the square root, which belongs to the forward difference
# - Near 5000, far outside of the curve.
#   wrong: the step thought to grow like epsilon itself

# %% [markdown]
# ## 2. A gradient by hand
# A drop has fallen into a pond. The water at place $\mathbf x$ has the height
#
# $$f(\mathbf x) = \sin(\mathbf a \cdot \mathbf x) \; e^{-\|\mathbf x\|^2 / 2},
# \qquad \|\mathbf x\|^2 = x_1^2 + \dots + x_n^2 .$$
#
# Derive $\nabla f$ on paper: you need the chain rule, twice, and the rule for a
# product, $(u v)' = u' v + u v'$. Then write `ripple_gradient(X, a)`: `X` is (N, n),
# one place a row, and `a` is (n,). Return the gradients, (N, n), one a row.
#
# Not allowed: autograd, a loop.
#
# For example, at $\mathbf x = 0$ the gradient is $\mathbf a$.


# %% exercise="ripple_gradient"
def ripple_gradient(X, a):
    """Gradients of sin(a . x) exp(-|x|^2 / 2), one for each row of X.

    Args:
        X: (N, n) float32, places.
        a: (n,) float32.

    Returns:
        (N, n) float32.
    """
    ### BEGIN SOLUTION
    phase = (X @ a)[:, None]  # (N, 1)
    bell = torch.exp(-(X**2).sum(dim=1, keepdim=True) / 2)  # (N, 1)
    return (a * phase.cos() - X * phase.sin()) * bell  # (n,) * (N, 1) -> (N, n)
    ### END SOLUTION


# %% test="ripple_gradient" points=3 bans="autograd, loops"
X = torch.tensor([[0.5, -1.0, 0.2], [1.5, 0.3, 0.7]])
a = torch.tensor([2.0, 0.5, -1.5])
check.probe(ripple_gradient, X, a)
check.probe(ripple_gradient, torch.zeros(1, 2), a[:2])
### BEGIN HIDDEN TESTS
places = torch.tensor([[0.1, 0.9], [-0.4, 0.3], [1.1, -0.8], [0.6, 0.6]])
check.probe(ripple_gradient, places, a[1:])
check.probe(ripple_gradient, -X[:, :1], a[:1])
leaf = places.clone().requires_grad_()
height = torch.sin(leaf @ a[:2]) * torch.exp(-(leaf**2).sum(dim=1) / 2)
expected = torch.autograd.grad(height.sum(), leaf)[0]
check.close(check.call(ripple_gradient, places, a[:2]), expected)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. All slopes of a vector by a vector
# Write `jacobian(f, x)`: the Jacobian of `f` at `x`, by reverse mode.
#
# - `f` takes (n,) and returns (m,); each of its outputs may depend on each input.
#   `f` is made of steps that autograd knows.
# - `x` is (n,), float32, and does not ask for gradients. It stays as it is.
# - Return (m, n), float32: row $i$ is the gradient of output $i$. It carries no graph.

# %% [markdown]
# Allowed: `backward`, `torch.autograd.grad`, a loop. Not allowed:
# `torch.autograd.functional`, `torch.func`.
#
# For example, $f(\mathbf x) = (x_1 x_2,\; x_1 + x_2,\; 5 x_1)$ at (2, 3) gives
# `[[3, 2], [1, 1], [5, 0]]`.


# %% exercise="jacobian"
def jacobian(f, x):
    """The Jacobian of f at x: entry (i, j) is the slope of output i by input j.

    Args:
        f: differentiable function from (n,) to (m,).
        x: (n,) float32.

    Returns:
        (m, n) float32.
    """
    ### BEGIN SOLUTION
    leaf = x.clone().requires_grad_()
    y = f(leaf)
    rows = [torch.autograd.grad(y_i, leaf, retain_graph=True)[0] for y_i in y]
    return torch.stack(rows)  # m rows of (n,) -> (m, n)
    ### END SOLUTION


# %% test="jacobian" points=3 bans="torch.autograd.functional, torch.func"
def mixed(x):
    return torch.stack([x[0] * x[1], x[1] / x[2], x.prod()])


def three_to_two(x):
    return torch.stack([x[0] ** 2 * x[2] + 1000, torch.sin(x[1]) + 3 * x[0]])


x = torch.tensor([0.7, -1.2, 2.0])
check.probe(jacobian, mixed, x, call="jacobian(mixed, x)", graph=False)
check.probe(jacobian, three_to_two, x, call="jacobian(three_to_two, x)")
### BEGIN HIDDEN TESTS
check.probe(jacobian, lambda x: x.sum()[None] ** 2, x[:2])
check.probe(jacobian, lambda x: x.cumsum(0) * x.exp(), x.repeat(2) / 2)
check.probe(jacobian, lambda x: torch.outer(x, x).flatten(), x[1:])
### END HIDDEN TESTS

# %% [markdown]
# ## 4. An engine for single numbers
# `Scalar` below is a number that knows its parents, the nodes that it was made from,
# and its slope by each of them. Write `Value`, a `Scalar` with
#
# - `a + b` and `a * b`, where `b` is a `Value` or a plain number; `a.tanh()`. Each
#   returns a new `Value`.
# - `a.backward()`, which **sets** `.grad` of `a` and of all nodes behind it to the
#   slope of `a` by that node, as a float. A second call finds the same, not the double.

# %% [markdown]
# A node may be used many times, and a chain may be 3,000 nodes long: Python ends
# functions that call themselves so deeply. Not allowed: `torch`, recursion (on your
# honour).
#
# For example, `a = Value(3.0); b = a * a + a; b.backward()` leaves 7 in `a.grad`.


# %%
class Scalar:
    """A number in a computation graph."""

    def __init__(self, data, parents=(), slopes=()):
        self.data = data  # float
        self.parents = parents  # nodes that it was made from; one may come twice
        self.slopes = slopes  # its slope by each parent, floats
        self.grad = 0.0

    def numbers(self):
        """Its value and its slope: so the test reads them."""
        return self.data, self.grad


def repeat(node, num_times):
    """A long chain: node times 1 plus 0.001, again and again."""
    for _ in range(num_times):
        node = node * 1.0 + 0.001
    return node


# %% exercise="Value"
class Value(Scalar):
    """A number that finds the slopes of what was made from it."""

    def __add__(self, other):
        """self + other; other: a Value or a number."""
        ### BEGIN SOLUTION
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))
        ### END SOLUTION

    def __mul__(self, other):
        """self * other; other: a Value or a number."""
        ### BEGIN SOLUTION
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))
        ### END SOLUTION

    def tanh(self):
        """The hyperbolic tangent of self; its slope is 1 - tanh^2."""
        ### BEGIN SOLUTION
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t**2,))
        ### END SOLUTION

    def backward(self):
        """Set .grad of this node and of all behind it to the slope of this by it."""
        ### BEGIN SOLUTION
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, is_ready = stack.pop()
            if is_ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((parent, False) for parent in node.parents)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes, strict=True):
                parent.grad += slope * node.grad
        ### END SOLUTION


# %% test="Value" points=4
def add(a, b):
    return check.call(a, b, method="__add__")


def mul(a, b):
    return check.call(a, b, method="__mul__")


def slopes(formula, numbers, num_calls=1):
    leaves = [check.call(Value, number) for number in numbers]
    result = formula(*leaves)
    for _ in range(num_calls):
        check.call(result, method="backward")
    value, own_slope = check.call(result, method="numbers")
    grads = [check.call(leaf, method="numbers")[1] for leaf in leaves]
    return {"value": value, "own slope": own_slope, "slopes": grads}


def neuron(w, x, b):
    return check.call(add(mul(w, x), b), method="tanh")


def entangled(a, b):
    c = mul(a, b)
    d = add(c, a)
    return add(mul(c, d), mul(d, 3.0))


def long_chain(a, b):
    return mul(check.call(repeat, mul(a, b), 1500), b)


call = "(a * b) * (a * b + a) + 3 * (a * b + a), and backward"
check.probe(slopes, neuron, [0.5, -1.5, 0.4], call="(w * x + b).tanh(), and backward")
check.probe(slopes, entangled, [2.0, -0.7], call=call)
check.probe(slopes, entangled, [2.0, -0.7], 2, call=f"{call} twice")
check.probe(slopes, long_chain, [0.5, 3.0], call="a chain of 3,000 nodes, and backward")
### BEGIN HIDDEN TESTS
check.probe(slopes, lambda a: mul(mul(a, a), a), [1.7])
check.probe(slopes, lambda a: add(a, 1.0), [0.3])
check.probe(slopes, lambda a, b: neuron(entangled(a, b), a, b), [0.2, 0.4], 3)
### END HIDDEN TESTS

# %% [markdown] choice="half_detached" points=1
# ## Think: half of a square
# `x` is a leaf that holds 3. You calculate `y = x.detach() * x` and call
# `y.backward()`. What is in `x.grad`?
#
# - 6, as for every square.
#   wrong: `detach` thought to change nothing, since the value is still 9
# - 3.
#   right: one factor counts as a constant, and the slope of 3 x is 3.
# - 0, because `x` was detached.
#   wrong: a detached copy of the graph confused with the leaf, which is still in it
# - Nothing: `backward` raises an error.
#   wrong: a graph with a constant in it thought to be broken

# %% [markdown]
# ## 5. Round, and let the gradient through
# A camera stores whole numbers. If rounding is a step of your model, no gradient
# passes: the slope of a staircase is 0 nearly everywhere. A common way out is the
# **straight-through estimator**: round on the way forward, and on the way back act as
# if nothing had been rounded.

# %% [markdown]
# Write `straight_through(x, low, high)`:
#
# - value: each entry limited to `low` ... `high` (whole numbers), then rounded
# - gradient: 1 for each entry between `low` and `high`, 0 outside, as if the step were
#   the limiting alone
#
# `x` has any shape; the result has the same. Allowed: all of PyTorch; `torch.round`
# rounds halves as it likes, and `x` equal to `low` or `high` is not tested.
#
# For example, with `low=0, high=9`: 3.7 becomes 4 with the gradient 1, and 12.2 becomes
# 9 with the gradient 0.


# %% exercise="straight_through"
def straight_through(x, low, high):
    """Limit and round x; the gradient is that of limiting alone.

    Args:
        x: float32 tensor of any shape.
        low, high: whole numbers, low < high.

    Returns:
        float32 tensor of the same shape.
    """
    ### BEGIN SOLUTION
    limited = x.clamp(low, high)
    return limited + (limited.round() - limited).detach()
    ### END SOLUTION


# %% test="straight_through" points=2
def value_and_gradient(x, low, high):
    x.requires_grad_()
    y = check.call(straight_through, x, low, high)
    weights = torch.arange(1.0, x.numel() + 1).reshape(x.shape)
    (y * weights).sum().backward()
    return {"value": y.detach(), "gradient of sum(value * (1, 2, ...))": x.grad}


x = torch.tensor([[3.7, 0.2, -4.4], [12.2, 8.8, 5.1]])
call = "straight_through(x, 0, 9)"
check.probe(value_and_gradient, x, 0, 9, call=call)
check.probe(value_and_gradient, -x, -6, 2, call="straight_through(-x, -6, 2)")
### BEGIN HIDDEN TESTS
check.probe(value_and_gradient, x.flatten(), -3, 4)
check.probe(value_and_gradient, torch.tensor(0.3), 0, 1)
### END HIDDEN TESTS

# %% [markdown] choice="two_calls" points=1
# ## Think: what is left in grad?
# `w` is a leaf that holds 2, and its `.grad` is None. This runs:
#
# `(w**2).backward()`, then `w.grad += 1`, then `(3 * w).backward()`.
#
# What do `w` and `w.grad` hold at the end?
#
# - `w` is 2, its gradient is 3.
#   wrong: each call of `backward` thought to overwrite what was there
# - `w` is 3, its gradient is 7.
#   wrong: a change of the gradient taken for a step of the parameter
# - `w` is 2, its gradient is 8.
#   right: 4 from the first call, 1 from the line between, 3 from the second call.
# - `w` is 2, its gradient is 7.
#   wrong: `w.grad` taken for a copy, whose change does not last

# %% [markdown]
# ## 6. A batch in pieces
# Your data do not fit into memory at once. So you give them piece by piece, and let the
# gradients add up.
#
# Write `gradient_in_pieces(w, pieces)`. `pieces` is a list of pairs `(X, y)`, of shapes
# (N_i, n) and (N_i,); the pieces have **different lengths**. `w` is a leaf (n,) that
# asks for gradients. Its `.grad` is None, or holds something old.
#
# - Afterwards `w.grad` is the gradient of the **mean over all examples** of
#   $(\mathbf x \cdot \mathbf w - y)^2$, and of nothing else. `w` itself stays.
# - Return that mean, as a float.
# - Call `backward` once for each piece, on that piece alone (on your honour).

# %% [markdown]
# For example, with `w` = 0, one piece with $x = 1, y = 1$ and one with two examples of
# $x = 1, y = 4$ the mean is (1 + 16 + 16) / 3 = 11, and the gradient is -6.


# %% exercise="gradient_in_pieces"
def gradient_in_pieces(w, pieces):
    """Leave in w.grad the gradient of the mean squared error over all pieces.

    Args:
        w: (n,) float32 leaf that asks for gradients; its grad may hold something old.
        pieces: list of (X, y): (N_i, n) and (N_i,) float32.

    Returns:
        float, the mean squared error over all examples.
    """
    ### BEGIN SOLUTION
    count = sum(len(y) for _, y in pieces)
    w.grad, total = None, 0.0
    for X, y in pieces:
        share = ((X @ w - y) ** 2).sum() / count
        share.backward()
        total += share.item()
    return total
    ### END SOLUTION


# %% test="gradient_in_pieces" points=3 changes="w"
def pieced(numbers, X, y, sizes, old=None):
    w = numbers.clone().requires_grad_()
    w.grad = old
    pieces = list(zip(X.split(sizes), y.split(sizes), strict=True))
    loss = check.call(gradient_in_pieces, w, pieces)
    left = {"gradient": w.grad, "w": w.detach(), "is a leaf": w.is_leaf}
    return {"loss": loss, **left}


X = torch.tensor([[1.0, 0.5], [-0.5, 2.0], [0.0, 1.5], [2.0, -1.0], [1.5, 1.0]])
y = torch.tensor([2.0, -1.0, 0.5, 3.0, -0.5])
w = torch.tensor([0.5, -1.0])
check.probe(pieced, w, X, y, [1, 4], call="gradient_in_pieces(w, pieces of 1 and 4)")
old = torch.tensor([10.0, 20.0])
call = "gradient_in_pieces(w, pieces of 3 and 2), w.grad = (10, 20)"
check.probe(pieced, w, X, y, [3, 2], old, call=call)
### BEGIN HIDDEN TESTS
check.probe(pieced, 2 * w, X, y, [5])
check.probe(pieced, -w, X, -y, [1, 1, 3], -old)
check.probe(pieced, w[:1], X[:, 1:], y, [2, 1, 2])
### END HIDDEN TESTS

# %% [markdown] choice="pieces" points=1
# ## Think: what do pieces cost?
# A chain of 20 equal layers is trained on 64 examples at once. Now they are given as
# four pieces of 16, whose gradients add up: forward and `backward` on the first piece,
# then on the second, and so on. What becomes of the bytes that are kept for the way
# back, at the worst moment, and of the multiplications?
#
# - A quarter of the bytes, a quarter of the multiplications.
#   wrong: one piece counted, where four are worked through
# - The same bytes, as all four pieces are needed for the sum.
#   wrong: the graph thought to live until the step, though `backward` frees it
# - A quarter of the bytes, four times the multiplications.
#   wrong: each piece thought to cost what the whole batch costs
# - A quarter of the bytes, just as many multiplications.
#   right: each example passes once either way, but only 16 at a time are in the graph.

# %% [markdown]
# ## 7. Mend this walk
# Somebody wrote a walk downhill that notes where it has been. It runs, it raises
# nothing, and what it gives is wrong:


# %%
def broken_walk(f, start, lr, num_steps):
    """Walk against the gradient of f: the places as rows, the start first."""
    w = start.requires_grad_()
    path = [w.detach()]
    for _ in range(num_steps):
        f(w).backward()
        with torch.no_grad():
            w -= lr * w.grad
        path.append(w.detach())
    return torch.stack(path)


def valley(w):
    """w[0]^2 + 3 w[1]^2, lowest at (0, 0)."""
    return w[0] ** 2 + 3 * w[1] ** 2


broken_walk(valley, torch.tensor([1.0, 1.0]), lr=0.1, num_steps=3)

# %% [markdown]
# Find what is wrong (there is more than one fault), then write `walk(f, start, lr,
# num_steps)`:
#
# - `f` takes (n,) and returns a tensor without axes; `start` is (n,), float32, and may
#   ask for gradients itself
# - each step subtracts `lr` times the gradient **at the place where it starts**
# - return (num_steps + 1, n): row 0 is the start, row $k$ the place after $k$ steps. It
#   carries no graph
# - `start` stays as it is: its numbers, and whether it asks for gradients
#
# Not allowed: `torch.optim`.
#
# For example, `walk(valley, tensor([1., 1.]), 0.1, 2)` gives
# `[[1, 1], [0.8, 0.4], [0.64, 0.16]]`.


# %% exercise="walk"
def walk(f, start, lr, num_steps):
    """Walk against the gradient of f and note each place.

    Args:
        f: differentiable function from (n,) to a 0-d tensor.
        start: (n,) float32.
        lr: the learning rate, a number.
        num_steps: how many steps, 0 or more.

    Returns:
        (num_steps + 1, n) float32, the places.
    """
    ### BEGIN SOLUTION
    w = start.detach().clone().requires_grad_()
    path = [w.detach().clone()]
    for _ in range(num_steps):
        w.grad = None
        f(w).backward()
        with torch.no_grad():
            w -= lr * w.grad
        path.append(w.detach().clone())
    return torch.stack(path)
    ### END SOLUTION


# %% test="walk" points=3 bans="torch.optim"
def slope_only(w):
    return (w * torch.tensor([1.0, -2.0, 0.5])).sum()


def from_a_leaf(start):
    return check.call(walk, valley, start.requires_grad_(), 0.1, 2)


here = torch.tensor([1.0, -0.5])
check.probe(walk, valley, here, 0.1, 4, call="walk(valley, start, 0.1, 4)", graph=False)
check.probe(walk, slope_only, torch.ones(3), 0.5, 2, call="walk(slope_only, ...)")
### BEGIN HIDDEN TESTS
check.probe(walk, valley, 3 * here, 0.05, 6)
check.probe(walk, valley, here, 0.3, 0)
check.probe(from_a_leaf, 2 * here, call="walk(valley, a leaf, 0.1, 2)", graph=False)
check.probe(walk, lambda w: (w**4).sum(), torch.tensor([0.5]), 0.2, 3)
### END HIDDEN TESTS

# %% [markdown]
# ## 8. Check anybody's gradient
# Write `gradient_error(f, gradient, x, h)`. It says how far a gradient that somebody
# derived is from difference quotients.
#
# - `f` takes a tensor of the shape of `x` and returns one without axes; `gradient`
#   takes the same and returns a tensor of the shape of `x`, what is claimed
# - do all in **float64**, also if `x` is float32
# - for each entry, move that entry alone: $q = (f(x + h) - f(x - h)) / (2h)$
# - the error of an entry is $|\text{claimed} - q| / \max(1, |q|)$
# - return the largest error, as a float. `x` has any shape and stays as it is

# %% [markdown]
# Allowed: a loop. Not allowed: autograd.
#
# For example, for $f(x) = x_1^2 + x_2$ at (3, 1) the claim (6, 1) has the error 0, and
# the claim (3, 1) the error 0.5.


# %%
def bumps(x):
    """Sum of the cubes, and twice the product of the first and the last entry."""
    return (x**3).sum() + 2 * x.flatten()[0] * x.flatten()[-1]


def slopes_of_bumps(x):
    """Its gradient, as it should be."""
    slopes = 3 * x**2
    slopes.view(-1)[0] += 2 * x.flatten()[-1]
    slopes.view(-1)[-1] += 2 * x.flatten()[0]
    return slopes


# %% exercise="gradient_error"
def gradient_error(f, gradient, x, h):
    """The largest relative error of a claimed gradient against central differences.

    Args:
        f: function from a tensor of x's shape to a 0-d tensor.
        gradient: function from a tensor of x's shape to one of that shape.
        x: float32 or float64 tensor of any shape.
        h: the step, a number.

    Returns:
        float.
    """
    ### BEGIN SOLUTION
    x = x.double()
    claimed = gradient(x).flatten()
    worst = 0.0
    for i in range(x.numel()):
        step = torch.zeros_like(x.flatten())
        step[i] = h
        step = step.reshape(x.shape)  # (numel,) -> the shape of x
        q = ((f(x + step) - f(x - step)) / (2 * h)).item()
        worst = max(worst, abs(claimed[i].item() - q) / max(1.0, abs(q)))
    return worst
    ### END SOLUTION


# %% test="gradient_error" points=3 bans="autograd"
def claim(x):
    slopes = 3 * x**2
    slopes.view(-1)[0] += 2 * x.flatten()[-1]
    return slopes  # the share of the last entry is forgotten


x = torch.tensor([[0.5, -1.0, 0.2], [1.5, 0.3, -0.7]])
check.probe(
    gradient_error, bumps, claim, x, 1e-4, call="gradient_error(f, a claim, x, 1e-4)"
)
check.probe(
    gradient_error, bumps, slopes_of_bumps, x, 0.2, call="... (f, true slopes, x, 0.2)"
)
check.probe(gradient_error, bumps, slopes_of_bumps, x, 1e-5, call="... (..., 1e-5)")
### BEGIN HIDDEN TESTS
check.probe(gradient_error, bumps, claim, x.flatten().double() - 0.9, 1e-3)
check.probe(gradient_error, bumps, lambda x: 0 * x, 3 * x[:1], 0.01)
check.probe(gradient_error, bumps, lambda x: 0 * x + (x.dtype == torch.float32), x, 0.1)
check.probe(gradient_error, lambda x: x**2, lambda x: 2 * x + 5, torch.tensor(0.5), 0.1)
### END HIDDEN TESTS

# %% [markdown]
# ## 9. A step of your own
# The distance of two points is a root, and a root has an infinite slope at 0. Where two
# points meet, autograd of `((p - q) ** 2).sum(dim=1).sqrt()` answers `nan`.
#
# Write `Distance`, a `torch.autograd.Function`, so that `Distance.apply(p, q)` is the
# distance of row $i$ of `p` from row $i$ of `q`, of shape (N,), for two tensors (N, d).
#
# - With $r_i = \|\mathbf p_i - \mathbf q_i\|$ the gradient of $r_i$ by $\mathbf p_i$ is
#   $(\mathbf p_i - \mathbf q_i) / r_i$. Derive the one by $\mathbf q_i$.
# - Where $r_i = 0$, both are 0.
# - `backward` gets $\mathbf g$, (N,): the gradient of a loss by each $r_i$. Return the
#   gradients of that loss by `p` and by `q`.

# %% [markdown]
# For example, $\mathbf p = (3, 4)$ and $\mathbf q = (0, 0)$: the distance is 5, and
# with $g = 10$ the gradients are (6, 8) and (-6, -8).


# %% exercise="Distance"
class Distance(torch.autograd.Function):
    """Distances of rows, with gradients of 0 where two points meet."""

    @staticmethod
    def forward(ctx, p, q):
        """p, q: (N, d) float32 -> (N,), and keep what the way back needs."""
        ### BEGIN SOLUTION
        difference = p - q
        r = (difference**2).sum(dim=1).sqrt()
        ctx.save_for_backward(difference, r)
        return r
        ### END SOLUTION

    @staticmethod
    def backward(ctx, g):
        """g: (N,), gradient of a loss by the distances -> gradients by p and by q."""
        ### BEGIN SOLUTION
        difference, r = ctx.saved_tensors
        r = torch.where(r == 0, 1.0, r)  # the difference is 0 there
        by_p = (g / r)[:, None] * difference  # (N, 1) * (N, d)
        return by_p, -by_p
        ### END SOLUTION


# %% test="Distance" points=3
def distances(p, q, g):
    p.requires_grad_()
    q.requires_grad_()
    r = check.call(Distance, p, q, method="apply")
    (r * g).sum().backward()
    return {"distances": r, "by p": p.grad, "by q": q.grad}


p = torch.tensor([[3.0, 4.0], [1.0, -2.0], [0.5, 0.5]])
q = torch.tensor([[0.0, 1.0], [1.0, -2.0], [-1.5, 0.0]])
g = torch.tensor([2.0, 1.0, -0.5])
check.probe(
    distances, p[::2], q[::2], g[::2], call="Distance.apply(p, q), points apart"
)
check.probe(distances, p, q, g, call="Distance.apply(p, q), two points meet")
### BEGIN HIDDEN TESTS
check.probe(distances, torch.cat([p, q], dim=1), torch.ones(3, 4), 3 * g)
check.probe(distances, p[1:2], p[1:2] + 0, g[1:2])
### END HIDDEN TESTS

# %% [markdown]
# ## 10. Let autograd fit a line
# Points $(x_i, y_i)$ lie near a line. Which $w$ and $b$ make $w x + b$ fit best? Walk
# down the loss, and let autograd find the way.
#
# Write `fit_line(x, y, lr, tol)`. `x` and `y` are (N,), float64. Start at
# $w = b = 0$. Again and again:
#
# 1. the loss is $L = \frac{1}{2N} \sum_i (w x_i + b - y_i)^2$; find
#    $\partial L / \partial w$ and $\partial L / \partial b$
# 2. if the gradient's length $\sqrt{(\partial L / \partial w)^2 +
#    (\partial L / \partial b)^2}$ is below `tol`, stop; also after 1,000 steps
# 3. else step: subtract `lr` times the gradient from $w$ and from $b$

# %% [markdown]
# Return $w$, $b$ as floats and the number of steps taken, an int.
#
# Allowed: autograd. Not allowed: `torch.optim`, `torch.linalg`.
#
# For example, the points (0, 1), (1, 3), (2, 5) give $w$ near 2 and $b$ near 1.


# %% exercise="fit_line"
def fit_line(x, y, lr, tol):
    """Fit w x + b to points by gradient descent with autograd.

    Args:
        x, y: (N,) float64.
        lr: the learning rate, a number.
        tol: stop when the gradient is shorter than this.

    Returns:
        w, b: floats; the number of steps: int.
    """
    ### BEGIN SOLUTION
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    num_steps = 0
    while True:
        loss = ((w[0] * x + w[1] - y) ** 2).mean() / 2
        (slopes,) = torch.autograd.grad(loss, w)
        if slopes.norm() < tol or num_steps == 1000:
            return w[0].item(), w[1].item(), num_steps
        with torch.no_grad():
            w -= lr * slopes
        num_steps += 1
    ### END SOLUTION


# %% test="fit_line" points=3 bans="torch.optim, torch.linalg"
x = torch.tensor([0.0, 1.0, 2.0, 4.0], dtype=torch.float64)
y = torch.tensor([1.5, 2.5, 5.5, 8.0], dtype=torch.float64)
check.probe(fit_line, x, y, 0.1, 0.05, call="fit_line(x, y, lr=0.1, tol=0.05)")
check.probe(fit_line, x, y, 0.1, 1e-3, call="fit_line(x, y, lr=0.1, tol=0.001)")
### BEGIN HIDDEN TESTS
check.probe(fit_line, x - 1, -y, 0.2, 0.01)
check.probe(fit_line, x, 0 * y, 0.1, 0.01)
check.probe(fit_line, x[:3], y[1:], 1e-4, 1e-6)
### END HIDDEN TESTS

# %% [markdown]
# ## 11. Where did the memory go? (a person reads your answer)
# A friend trains a network and writes: "After each step I append the loss to a list, to
# draw it later: `losses.append(loss)`. The memory grows from step to step. At night the
# program was stopped for want of memory. And prediction with the same net needs almost
# none!"
#
# 1. Why does the memory grow, and what should the line be?
# 2. Somebody proposes `losses.append(loss.data)`. Would it help? Why is there a better
#    way?
# 3. Why does prediction need so much less, and what must be written around it?
#
# Answer in five to ten sentences.

# %% [markdown] manual="growing_memory" points=3
# ### BEGIN SOLUTION
# 1. `loss` is the end of a graph. While the list holds it, each step's graph and what
#    `backward` did not free stay alive. Write `losses.append(loss.item())`, a number.
# 2. It would help: `.data` has no graph. But it shares memory, and autograd does not
#    see changes made through it: a wrong gradient, no message. `detach` cuts the graph
#    too, and such a change is noticed.
# 3. Training keeps values for the way back, more with each layer and example.
#    Prediction has no way back. `with torch.no_grad():` says so, and a value can go as
#    soon as the next layer has used it.
#
# Grader: a point each; 3 needs `no_grad` and the kept values.
# ### END SOLUTION
