# %% [markdown]
# # Modules and parameters: what is a net made of?
# A net has learned for an hour. Now you close the program. **What must you keep, so
# that tomorrow it gives the same numbers?** The weights, you say. But who keeps the
# list of them, and are they all?
#
# Most mistakes of this chapter raise no error. A layer is missing from the list and
# never trains, yet the loss falls. A number is missing from the file, and tomorrow's
# net is another one. Here you build the list from scratch, break it, and learn to find
# what is missing.
#
# You need [gradients](02 "gradient"), [Adam](03), [data loaders](05 "DataLoader"),
# [cross-entropy](06), the [multilayer perceptron](07) and [dropout](08).

# %%
import copy
import pickle
import tempfile
import timeit
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils._python_dispatch import TorchDispatchMode

from utils import plots
from utils.data import load_array, mnist
from utils.device import device_name, set_seed, try_all_gpus, try_gpu
from utils.drawings import modules_and_parameters as drawings
from utils.metrics import accuracy
from utils.train import train

plots.use_style()
set_seed(0)

# %% [markdown]
# ## The digits, and a baseline
# 2,000 handwritten digits to learn from, 500 for [validation](05 "validation set").
# The nets are [multilayer perceptrons](07 "multilayer perceptron") with
# [cross-entropy](06). Compare each of them with a model that has no layer at all: take
# the mean image of each digit, and answer with the nearest of the ten.


# %%
def nearest_mean(A, y, A_valid, y_valid):
    """Accuracy of "the class with the nearest mean": A (N, n), y (N,) -> float."""
    means = torch.stack([A[y == digit].mean(dim=0) for digit in range(10)])  # (10, n)
    nearest = torch.cdist(A_valid, means).argmin(dim=1)
    return (nearest == y_valid).float().mean().item()


(X, y), (X_valid, y_valid) = mnist(num_train=2000, num_test=500)
mean, std = X.mean(), X.std()
X = ((X - mean) / std).flatten(1)  # (2000, 1, 28, 28) -> (2000, 784)
X_valid = ((X_valid - mean) / std).flatten(1)
baseline = nearest_mean(X, y, X_valid, y_valid)
print(f"{tuple(X.shape)}, {tuple(X_valid.shape)}; nearest mean image: {baseline:.3f}")
assert X.shape == (2000, 784) and 0.75 < baseline < 0.88


# %%
def fit(net, optimizer, data=None, num_epochs=8):
    """Train on the digits with cross-entropy; return the history."""
    return train(
        net,
        data or load_array((X, y), batch_size=50),
        [(X_valid, y_valid)],
        loss=nn.CrossEntropyLoss(),
        optimizer=optimizer,
        num_epochs=num_epochs,
        metrics={"accuracy": accuracy},
        progress=False,
    )


# %% [markdown]
# ## What is a module?
# A **module** is numbers, and a rule that computes with them. A layer is a module. A
# net is a module. So is anything in between: a **block** is a module that is made of
# modules. So a net is a tree, like folders and files: blocks are the folders, and the
# numbers lie in the leaves. A number's name is the path to it.
#
# The numbers that training may change are the module's **parameters**. All others are
# constants.
#
# **Look for** the boxes that hold no numbers, and read one name from the root down.

# %%
body = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU())
drawn = nn.Sequential()
drawn.add_module("body", body)
drawn.add_module("head", nn.Linear(32, 10))
fig = drawings.tree(drawn)
plots.show(
    fig,
    alt="A tree. The root, Sequential, has a block body and a layer head. The body has "
    "four children: 0 Linear, 1 ReLU, 2 Linear, 3 ReLU. Each Linear says how many "
    "numbers its weight and bias hold; the two ReLUs hold none.",
)

# %%
for name, parameter in drawn.named_parameters():
    print(f"{name:13} {tuple(parameter.shape)!s:10} {parameter.numel():6,}")
counts = [p.numel() for p in drawn.parameters()]
print(f"{sum(counts):,} numbers in all")
assert len(counts) == 6 and sum(counts) == 784 * 64 + 64 + 64 * 32 + 32 + 32 * 10 + 10

# %% [markdown]
# The blocks and the ReLUs hold none. `body.2.bias` is: the block `body`, in it the
# child `2`, in it `bias`. In a formula: a module $m$ with its own parameters $O(m)$ and
# its children $C(m)$ has the parameters
#
# $$P(m) = O(m) \cup \bigcup_{c \,\in\, C(m)} P(c) ,$$
#
# and a step of training with the learning rate $\eta$ and the loss $L$ is
#
# $$\theta \leftarrow \theta - \eta \, \frac{\partial L}{\partial \theta}
# \qquad \text{for each } \theta \in P(\text{net}) .$$
#
# Read the end of it again: *for each parameter in the list*. What isn't in the list
# never moves, however large its gradient is.

# %% [markdown]
# ## From scratch: how does a net know its numbers?
# You write `self.weight = ...`, a plain assignment. How does anything get into a list?
# Python asks the object: each assignment `self.name = value` calls
# `self.__setattr__(name, value)`. A module uses this call to **register** what it gets:
# parameters in one dict, other modules in a second one.


# %%
class Tiny:
    """A module from scratch: it registers parameters and parts as they are assigned."""

    def __init__(self):
        # past our own __setattr__, which needs the two dicts
        object.__setattr__(self, "own", {})
        object.__setattr__(self, "parts", {})

    def __setattr__(self, name, value):
        if isinstance(value, nn.Parameter):
            self.own[name] = value
        elif isinstance(value, Tiny):
            self.parts[name] = value
        object.__setattr__(self, name, value)

    def named_parameters(self, path=""):
        for name, parameter in self.own.items():
            yield path + name, parameter
        for name, part in self.parts.items():
            yield from part.named_parameters(f"{path}{name}.")

    def __call__(self, X):
        return self.forward(X)


# %% [markdown]
# That is the formula of above, as code: own parameters first, then those of each part,
# with the path before the name. Now a layer, and a net of two layers.


# %%
class TinyLinear(Tiny):
    def __init__(self, num_inputs, num_outputs):
        super().__init__()
        scale = (2 / num_inputs) ** 0.5
        self.weight = nn.Parameter(scale * torch.randn(num_outputs, num_inputs))
        self.bias = nn.Parameter(torch.zeros(num_outputs))

    def forward(self, X):
        return X @ self.weight.T + self.bias  # (N, in) @ (in, out) -> (N, out)


class TinyNet(Tiny):
    def __init__(self):
        super().__init__()
        self.entry, self.out = TinyLinear(784, 64), TinyLinear(64, 10)

    def forward(self, X):
        return self.out(self.entry(X).relu())


tiny = TinyNet()
print([name for name, _ in tiny.named_parameters()])
optimizer = torch.optim.SGD([p for _, p in tiny.named_parameters()], lr=0.1)
for _ in range(60):
    optimizer.zero_grad()
    F.cross_entropy(tiny(X), y).backward()
    optimizer.step()
tiny_score = accuracy(tiny(X_valid), y_valid).item()
print(f"60 steps on all digits: validation accuracy {tiny_score:.3f}")
assert tiny_score > 0.85

# %% [markdown]
# ## The same in PyTorch
# `nn.Module` is this class, with more care. You inherit from it, call
# `super().__init__()` first, make the parts, and write `forward`. `nn.Parameter` marks
# a tensor as one to be trained. Do the two agree, number for number?


# %%
class Net(nn.Module):
    """Scores (N, 10) of digits (N, 784), with one hidden layer."""

    def __init__(self):
        super().__init__()  # makes the dicts in which all else is registered
        self.entry, self.out = nn.Linear(784, 64), nn.Linear(64, 10)

    def forward(self, X):
        return self.out(self.entry(X).relu())


net = Net()
print(net)
with torch.no_grad():
    for name, parameter in tiny.named_parameters():
        net.get_parameter(name).copy_(parameter)
    difference = (net(X_valid) - tiny(X_valid)).abs().max().item()
print(f"largest difference: {difference:.1e}")
names = [name for name, _ in net.named_parameters()]
assert names == [name for name, _ in tiny.named_parameters()] and difference < 1e-5

# %% [markdown]
# Same names, same numbers. What if the first line is missing, or is written
# `super.__init__()`, without the call of `super`? Both raise at once, with messages
# that you should have seen once.


# %%
class Forgotten(nn.Module):
    def __init__(self):
        self.entry = nn.Linear(784, 64)


class Uncalled(nn.Module):
    def __init__(self):
        super.__init__()
        self.entry = nn.Linear(784, 64)


raised = []
for kind in (Forgotten, Uncalled):
    try:
        kind()
    except (AttributeError, TypeError) as error:
        raised.append(type(error).__name__)
        print(f"{kind.__name__:9} {type(error).__name__}: {error}")
assert raised == ["AttributeError", "TypeError"]

# %% [markdown]
# ## nn or nn.functional?
# `nn.ReLU()` is a module, `F.relu` a function; both give the same numbers. The rule:
# what holds numbers, or behaves otherwise in [eval mode](05 "eval mode"), should be a
# module, since only modules are in the tree. What holds nothing may be a function.
#
# [Dropout](08) is an example: it sets a random part of its inputs to 0, in training
# only. The function isn't in the tree, so `net.eval()` can't reach it: unless it is
# told, it always drops.

# %%
layer = nn.Dropout(0.5).eval()
as_module = layer(torch.ones(1000))
as_function = F.dropout(torch.ones(1000), 0.5)
told = F.dropout(torch.ones(1000), 0.5, training=layer.training)
for name, out in [("module", as_module), ("function", as_function), ("told", told)]:
    print(f"{name:8} in eval mode: {(out == 0).float().mean():.0%} are set to 0")
assert (as_module == 0).sum() == (told == 0).sum() == 0
assert 400 < (as_function == 0).sum() < 600

# %% [markdown]
# ## Sequential, ModuleList, ModuleDict
# Three containers register what you put into them.
#
# - **Sequential** also computes: it calls its parts one after the other.
# - **ModuleList** is a list and no more: you write the loop, in your `forward`.
# - **ModuleDict** is a dict: parts under names, of which you choose one.
#
# The first two grow like Python's lists: `append`, `extend`, `insert`, an index, a
# slice. `add_module(name, part)` does what an assignment does, with a name that you
# compute.


# %%
class TwoTasks(nn.Module):
    """Digits (N, 784) to scores of one task: a shared trunk, a head for each task."""

    def __init__(self, width, depth):
        super().__init__()
        self.trunk = nn.ModuleList([nn.LazyLinear(width) for _ in range(depth)])
        heads = {"digit": nn.LazyLinear(10), "is_even": nn.LazyLinear(2)}
        self.heads = nn.ModuleDict(heads)

    def forward(self, X, task):
        for layer in self.trunk:  # plain Python: loops and branches are allowed
            X = layer(X).relu()
        return self.heads[task](X)


two = TwoTasks(width=16, depth=2)
two.trunk.append(nn.LazyLinear(8))
shapes = {task: tuple(two(X[:5], task).shape) for task in two.heads}
print(shapes, two, sep="\n")
grown = nn.Sequential(nn.ReLU())
grown.extend([nn.Linear(4, 4), nn.Tanh()]).insert(0, nn.Linear(3, 4))
print([type(layer).__name__ for layer in grown[:2]], "of", len(grown))
assert shapes == {"digit": (5, 10), "is_even": (5, 2)} and len(grown) == 4
assert len(list(two.parameters())) == 2 * 5

# %% [markdown]
# ## The layer that isn't in the list
# Now the most frequent mistake. A plain Python list isn't a module, so `__setattr__`
# registers nothing of it. The code below runs with both.

# %% [markdown] predict="plain_list"
# **Predict.** The net has two hidden layers and an output layer. The hidden ones are
# kept in a **plain list**. You train it for eight epochs. What do you see?
#
# - An error: the optimiser finds layers without parameters.
#   wrong: the missing thought to be noticed. Nobody knows that there is something to
#   miss; the output layer is found, so the list isn't even empty.
# - The loss falls in every epoch, to a much worse place.
#   right: the output layer learns to read what two random layers give. That is enough
#   for a falling curve.
# - The loss stays where it was, at the logarithm of 10.
#   wrong: one trained layer thought to be worth nothing. Random layers still carry
#   much of the digit.


# %%
class Stack(nn.Module):
    """784 -> 256 -> 128 -> 10; `keep` makes the container of the hidden layers."""

    def __init__(self, keep=nn.ModuleList, first=nn.Linear):
        super().__init__()
        self.hidden = keep([first(784, 256), nn.Linear(256, 128)])
        self.out = nn.Linear(128, 10)

    def forward(self, X):
        for layer in self.hidden:
            X = layer(X).relu()
        return self.out(X)


nets, starts, histories = {}, {}, {}
for name, keep in [("ModuleList", nn.ModuleList), ("plain list", list)]:
    set_seed(0)  # the same start for both
    nets[name] = Stack(keep)
    starts[name] = copy.deepcopy(nets[name])
    optimizer = torch.optim.SGD(nets[name].parameters(), lr=0.1)
    histories[name] = fit(nets[name], optimizer)
    count = sum(p.numel() for p in nets[name].parameters())
    score = histories[name]["valid_accuracy"][-1]
    print(f"{name:10} finds {count:7,} parameters, reaches {score:.3f}")
losses = histories["plain list"]["train_loss"]
assert all(after < before for before, after in zip(losses, losses[1:], strict=False))
healthy = histories["ModuleList"]["valid_accuracy"][-1]
listed = histories["plain list"]["valid_accuracy"]
assert listed[0] < listed[-1] < baseline < healthy - 0.03
assert losses[-1] > 15 * histories["ModuleList"]["train_loss"][-1]

# %% [markdown]
# **Look for** what the dashed curves have in common with any healthy curve. Would you
# have stopped this training?

# %%
fig = drawings.histories(histories, baseline)
plots.show(
    fig,
    alt="Training loss and validation accuracy over eight epochs. With a ModuleList "
    "the loss falls towards 0 and the accuracy passes the nearest mean. With a plain "
    "list the loss falls slowly, the accuracy rises, and stays below the nearest mean.",
)

# %% [markdown]
# It falls in every epoch, like a healthy one; the accuracy rises. One would wait, or
# turn the learning rate up. Two things tell: the **number of parameters**, which you
# can compute on paper, and the **baseline**, which has no layer and is better.
#
# The cause is the container alone: both nets began with the same numbers.

# %% [markdown]
# ## A layer whose weight never trains
# Old code is full of `self.weight.data`. It gives the numbers without
# [the graph](02 "computation graph"), like `detach`. Such a layer **is** in the list.
# But no gradient reaches it.


# %%
class DataLinear(nn.Linear):
    """A linear layer with a mistake that raises no error."""

    def forward(self, X):
        return X @ self.weight.data.T + self.bias.data


# %% [markdown] predict="no_gradient"
# **Predict.** In a net 784, 256, 128, 10 the **first** layer is such a `DataLinear`;
# the other two train. Its validation accuracy after eight epochs, compared with the
# healthy net, as a mean over three starts?
#
# - About one in ten: without its first layer a net is blind.
#   wrong: untrained taken for useless. A random layer of 256 units keeps most of what
#   tells the digits apart.
# - Below the nearest mean, as with the plain list.
#   wrong: one missing layer taken for two. There only the output layer learned.
# - A few points lower; you may not notice.
#   right: the layers behind it learn to read its random features.
# - The same: the optimiser moves every parameter that it has.
#   wrong: being in the list taken for being trained. A parameter without a gradient is
#   skipped.

# %%
scores = {nn.Linear: [], DataLinear: []}
for seed in (0, 1, 2):  # one run alone says little
    for first, found in scores.items():
        set_seed(seed)
        net = Stack(first=first)
        start = copy.deepcopy(net)
        history = fit(net, torch.optim.SGD(net.parameters(), lr=0.1))
        found.append(history["valid_accuracy"][-1])
nets["first .data"], starts["first .data"] = net, start
gaps = [round(100 * (a - b), 1) for a, b in zip(*scores.values(), strict=True)]
lower = sum(gaps) / len(gaps)
print(f"points lower without that gradient: {gaps}, on average {lower:.1f}")
assert min(scores[DataLinear]) > baseline and 2 < lower < 6


# %% [markdown]
# A few points lower on average, and above the nearest mean each time. A score doesn't
# tell you. So look at the numbers themselves: how far did each weight move from where
# it began?
#
# **Look for** the bars that are missing.


# %%
def moved(before, after):
    """For each linear layer, |change of the weight| / |weight at the start|."""
    pairs = zip(*([*net.hidden, net.out] for net in (before, after)), strict=True)
    return [((b.weight - a.weight).norm() / a.weight.norm()).item() for a, b in pairs]


moves = {name: moved(starts[name], nets[name]) for name in nets}
fig = drawings.moves(moves, ["784 to 256", "256 to 128", "128 to 10"])
plots.show(
    fig,
    alt="Bars: how far the weights of three layers moved, for three nets. ModuleList: "
    "all three moved. Plain list: only the last one. With .data in the first layer: "
    "the second and third only.",
)
assert min(moves["ModuleList"]) > 0.3
assert moves["plain list"][:2] == [0, 0] and moves["first .data"][0] == 0
assert moves["plain list"][2] > 2 and min(moves["first .data"][1:]) > 0.6

# %% [markdown]
# The missing bars are the two layers in the plain list and the one with `.data`: they
# moved by exactly 0. You needn't train to find them. One backward pass is enough. This
# **audit** belongs into every new net's first minute.


# %%
def audit(net, X, y):
    """Names of the parameters that one backward pass leaves without a gradient."""
    net = copy.deepcopy(net)  # the gradients of the net itself stay as they are
    net.zero_grad()
    F.cross_entropy(net(X), y).backward()
    return [
        name
        for name, p in net.named_parameters()
        if p.grad is None or not p.grad.count_nonzero()
    ]


missing = {}
for name, net in nets.items():
    missing[name] = audit(net, X[:50], y[:50])
    count = sum(p.numel() for p in net.parameters())
    print(f"{name:11} {count:7,} parameters, no gradient: {missing[name]}")
assert missing["first .data"] == ["hidden.0.weight", "hidden.0.bias"]
assert missing["ModuleList"] == missing["plain list"] == []

# %% [markdown]
# The audit finds `.data`, but not the plain list: what isn't in the list can't be
# missed. So always do both: **count, and audit**.

# %% [markdown]
# ## Layers of your own
# A layer without parameters is a `forward` and no more. With parameters, write
# `nn.Parameter`. In `forward` all of Python is allowed: the graph is made anew at each
# call ([control flow](02 "retain_graph")).
#
# The block below applies one layer **until its output stands still**. How often depends
# on the data; the number of parameters doesn't.


# %%
class Centre(nn.Module):
    """Subtract the batch's mean: no numbers of its own."""

    def forward(self, X):
        return X - X.mean(dim=0)


class Settle(nn.Module):
    """Repeat H <- tanh(a W H + U X) until no entry changes by more than `tol`."""

    def __init__(self, width, tol=1e-3):
        super().__init__()
        self.again, self.once = nn.Linear(width, width), nn.Linear(width, width)
        self.damping = nn.Parameter(torch.tensor(0.8))  # a: one number, trained
        self.tol, self.steps = tol, 0

    def forward(self, X):
        H, change, self.steps = torch.zeros_like(X), 1.0, 0
        while change > self.tol and self.steps < 100:
            new = torch.tanh(self.damping * self.again(H) + self.once(X))
            change, self.steps = (new - H).abs().max().item(), self.steps + 1
            H = new
        return H


# %%
settle = nn.Sequential(Centre(), Settle(16))
noise, steps = torch.randn(8, 16), {}
for size in (1, 100):
    settle.zero_grad()
    settle(size * noise).sum().backward()
    steps[size] = settle[1].steps
print("steps:", steps, "parameters:", [n for n, _ in settle.named_parameters()])
print(f"the gradient came through all steps: {settle[1].damping.grad:.4f}")
assert steps[1] > steps[100] > 1 and settle[1].damping.grad != 0
assert sum(p.numel() for p in settle.parameters()) == 2 * (16 * 16 + 16) + 1

# %% [markdown]
# Small inputs take more rounds here than large ones. Autograd follows a `while` as it
# follows anything else.
#
# ## What is a buffer for?
# Some numbers belong to a net and must not be trained: a mean, a mask, a fixed random
# matrix. Keep such a constant as a **buffer**: `register_buffer(name, tensor)`. What is
# the difference from a plain attribute? Ask five kinds of number three questions: is it
# trained, is it in the file, is it on the other device after `net.to(...)`?
#
# As the other device we take `"meta"`. Every PyTorch has it; its tensors have shapes
# and types, but no numbers. It costs nothing, and it can't be mixed with the CPU.


# %%
class Kinds(nn.Module):
    def __init__(self):
        super().__init__()
        self.parameter = nn.Parameter(torch.ones(2))
        self.frozen = nn.Parameter(torch.ones(2), requires_grad=False)
        self.register_buffer("buffer", torch.ones(2))
        self.register_buffer("scratch", torch.ones(2), persistent=False)
        self.attribute = torch.ones(2)


kinds, table = Kinds(), {}
updated = [name for name, p in kinds.named_parameters() if p.requires_grad]
saved = list(kinds.state_dict())
kinds.to("meta")
print(f"{'':10} trained  saved  moves along")
for name in ("parameter", "frozen", "buffer", "scratch", "attribute"):
    row = name in updated, name in saved, getattr(kinds, name).device.type == "meta"
    table[name] = row
    print(f"{name:10}", "".join(f"{'yes' if answer else 'no':>8}" for answer in row))
assert table["parameter"] == (True, True, True)
assert table["frozen"] == table["buffer"] == (False, True, True)
assert table["scratch"] == (False, False, True) and not any(table["attribute"])

# %% [markdown]
# A plain attribute gets nothing: it isn't trained, isn't saved, and stays behind when
# the net moves. Does that matter? Here is a net whose first layer is a **constant
# random matrix**, drawn when the net is made; only a head on top learns. Train it, save
# it, restore it in a fresh net.


# %%
class RandomFeatures(nn.Module):
    """A fixed random layer of 128 units, and a head that learns."""

    def __init__(self, registered):
        super().__init__()
        project = torch.randn(784, 128) / 28
        if registered:
            self.register_buffer("project", project)
        else:
            self.project = project
        self.head = nn.Linear(128, 10)

    def forward(self, X):
        return self.head((X @ self.project).relu())


again = {}
for name, registered in (("attribute", False), ("buffer", True)):
    net, fresh = RandomFeatures(registered), RandomFeatures(registered)
    fit(net, torch.optim.SGD(net.parameters(), lr=0.1), num_epochs=5)
    said = fresh.load_state_dict(net.state_dict())
    again[name] = [accuracy(n(X_valid), y_valid).item() for n in (net, fresh)]
    before, after = again[name]
    print(f"{name:9} before {before:.3f}, restored {after:.3f}: {said}")
assert again["buffer"][0] == again["buffer"][1] > 0.75
assert again["attribute"][0] > 0.75 and again["attribute"][1] < 0.25

# %% [markdown]
# "All keys matched", says PyTorch, and the net is near chance: its head reads another
# random matrix. With a buffer the restored net is the old one.

# %% [markdown]
# ## How do you change one number?
# Reach it by its path: `net[0].weight`, or `net.get_parameter("0.weight")`. To write,
# use `copy_`, `fill_` or an index **in place**, under [`no_grad`](02 "no_grad"). Two
# mistakes: without `no_grad` autograd refuses; and a **new** `nn.Parameter` isn't the
# one that the optimiser has.

# %%
net = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
try:
    net[0].bias.fill_(0.5)
except RuntimeError as error:
    print("without no_grad:", error)
with torch.no_grad():
    net[0].bias.fill_(0.5)
    net.get_parameter("2.weight").copy_(torch.tensor([[1.0, -1.0]]))
net[2].bias = nn.Parameter(torch.zeros(1))  # a new object
(net(torch.ones(4, 3)) - 1).square().mean().backward()
optimizer.step()
print(f"replaced bias: gradient {net[2].bias.grad.item():.2f}, still {net[2].bias[0]}")
assert net[2].bias.grad != 0 and net[2].bias == 0
assert net[2].bias not in set(optimizer.param_groups[0]["params"])

# %% [markdown]
# ## Tied layers
# Use one module at two places, and its numbers are shared: **tied layers**. They are
# one entry in the list. Which gradient do they get? Give the places names for a moment:
# $L(\theta_1, \theta_2)$, and then tie them, $\theta_1 = \theta$ and $\theta_2 =
# \theta$. The [chain rule](02):
#
# $$\frac{dL}{d\theta}
# = \frac{\partial L}{\partial \theta_1} \frac{d\theta_1}{d\theta}
# + \frac{\partial L}{\partial \theta_2} \frac{d\theta_2}{d\theta}
# = \frac{\partial L}{\partial \theta_1} \cdot 1
# + \frac{\partial L}{\partial \theta_2} \cdot 1
# = \frac{\partial L}{\partial \theta_1} + \frac{\partial L}{\partial \theta_2} .$$

# %% [markdown] predict="copied"
# **Predict.** Two layers of another net are no longer one module: the second is a
# **copy** of the first, with equal numbers. One step of SGD is done. What now?
#
# - They are equal still: equal numbers get equal gradients.
#   wrong: the gradient thought to depend on the weight alone. It depends on what comes
#   in and on what follows, and these differ at the two places.
# - They differ, and together moved as far as the tied one.
#   right: each gets the gradient of its own place; the tied one gets both.
# - They differ, and each moved as far as the tied one.
#   wrong: each place thought to hand over the whole gradient. The tied gradient is a
#   sum; each copy gets one of its two terms.

# %%
shared = nn.Linear(32, 32)
entry, out = nn.Linear(784, 32), nn.Linear(32, 10)
tied = nn.Sequential(entry, nn.ReLU(), shared, nn.ReLU(), shared, nn.ReLU(), out)
loose = copy.deepcopy(tied)
loose[4] = copy.deepcopy(loose[2])  # equal numbers, but a layer of its own
for net in (tied, loose):
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    F.cross_entropy(net(X[:200]), y[:200]).backward()
    start = net[2].weight.detach().clone()
    optimizer.step()
steps = [net[i].weight - start for net, i in ((tied, 2), (loose, 2), (loose, 4))]
off = ((steps[1] + steps[2] - steps[0]).norm() / steps[0].norm()).item()
print("parameters:", *(len(list(net.parameters())) for net in (tied, loose)))
print(f"first + second against tied: off by {off:.0e} of its length")
print("keys of the tied net:", [key for key in tied.state_dict() if "weight" in key])
assert off < 1e-4 and not torch.equal(loose[2].weight, loose[4].weight)
assert len(list(tied.parameters())) == 6 and len(list(loose.parameters())) == 8

# %% [markdown]
# The two steps add up to the tied one. `state_dict` lists a tied weight under both
# names. Tying saves memory, and says something about the problem: the same step, twice.
# An [LSTM](21) uses one module at every step of time.
#
# ## Lazy layers
# How many inputs does a layer get? Often you'd have to compute it. A **lazy layer**
# waits for its first batch and takes the number from there. Before that it has no
# numbers: it can't be counted, initialised, nor saved in a useful way. So send one
# batch through it first, a **dry run**.

# %%
lazy = nn.Sequential(nn.LazyLinear(64), nn.ReLU(), nn.LazyLinear(10))
try:
    sum(p.numel() for p in lazy.parameters())
except ValueError as error:
    print("before:", str(error)[:44], "...")
lazy(X[:2])
print("after: ", [tuple(p.shape) for p in lazy.parameters()])
assert [p.numel() for p in lazy.parameters()] == [784 * 64, 64, 640, 10]
assert type(lazy[0]) is nn.Linear  # it has become an ordinary layer

# %% [markdown]
# ## What does a file hold?
# A **state_dict** is a dict from names to tensors: parameters and buffers, with their
# paths. That is what you save. `torch.save` writes tensors, lists and dicts of them, so
# a whole net, one layer, or anything that you put into a dict. `torch.load` reads it
# back, and `load_state_dict` copies the numbers into a net that **your code** has
# built.

# %%
folder = tempfile.TemporaryDirectory()
path = Path(folder.name) / "net.pt"
net = nets["ModuleList"]
torch.save(net.state_dict(), path)
set_seed(1)  # other numbers than before, until the file is read
restored = Stack()
print("keys:", list(net.state_dict())[:2], "...;", path.stat().st_size, "bytes")
chance = accuracy(restored(X_valid), y_valid).item()
restored.load_state_dict(torch.load(path, weights_only=True))
same = torch.equal(restored(X_valid), net(X_valid))
print(f"before reading {chance:.3f}, then equal to the last bit: {same}")
assert same and chance < 0.25

parts = {"out": net.out.state_dict(), "mean and std": [mean, std], "epochs": 8}
torch.save(parts, path)
assert torch.load(path, weights_only=True)["epochs"] == 8

# %% [markdown]
# ## What is not saved?
# The numbers are the same, to the last bit. What else was there an hour ago? The code;
# plain attributes, as you saw; the mode, train or eval. And to *go on training* you
# need more: the state of the optimiser, such as [Adam](03)'s, and the order of the
# batches.

# %%
dropping = nn.Sequential(nn.Linear(784, 10), nn.Dropout(0.5)).eval()
fresh = nn.Sequential(nn.Linear(784, 10), nn.Dropout(0.5))
fresh.load_state_dict(dropping.state_dict())
print("in train mode: old net", dropping.training, "- new net", fresh.training)
print("same numbers:", torch.equal(fresh(X), dropping(X)))
assert not torch.equal(fresh(X), dropping(X)) and fresh.training
assert torch.equal(fresh.eval()(X), dropping(X))

# %% [markdown] predict="go_on"
# **Predict.** A net trains for four epochs with Adam. You save its weights, stop, and
# go on another day with these weights and a **new** Adam. What does the training loss
# of the next epoch do?
#
# - It goes on falling: the weights are the same.
#   wrong: the weights taken for all of the state. Adam keeps two running means for each
#   weight, and a new Adam begins with empty ones.
# - It jumps back to where a new net begins.
#   wrong: the optimiser taken for what was learned. That lies in the weights.
# - It is higher than before the pause, then falls.
#   right: a new Adam's means are those of one batch. Gradient over root of its square:
#   the first step has length $\pm \eta$ everywhere, however small the gradient.


# %%
def begin():
    net = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
    data = load_array((X, y), batch_size=100)
    return net, torch.optim.Adam(net.parameters(), lr=0.01), data


net, optimizer, data = begin()
first = fit(net, optimizer, data, num_epochs=4)["train_loss"]
checkpoint = {"net": net.state_dict(), "optimizer": optimizer.state_dict()}
checkpoint["order"] = data.generator.get_state()  # of the shuffling
torch.save(checkpoint, path)
runs = {"never stopped": fit(net, optimizer, data, num_epochs=4)["train_loss"]}
for name in ("all restored", "without the optimiser"):
    checkpoint = torch.load(path, weights_only=True)
    net, optimizer, data = begin()
    net.load_state_dict(checkpoint["net"])
    data.generator.set_state(checkpoint["order"])
    if name == "all restored":
        optimizer.load_state_dict(checkpoint["optimizer"])
    runs[name] = fit(net, optimizer, data, num_epochs=4)["train_loss"]

# %% [markdown]
# **Look for** the epoch after the pause: which curve leaves the others, and for how
# long?

# %%
fig = drawings.pause(first, runs)
plots.show(
    fig,
    alt="Training loss of eight epochs with a pause after the fourth. The run that "
    "never stopped and the one with all restored lie on each other and fall. The one "
    "without the optimiser is higher in the epoch after the pause, then falls too.",
)

# %%
same = runs["all restored"] == runs["never stopped"]
pairs = zip(runs["without the optimiser"], runs["never stopped"], strict=True)
jump, *later = [round(without / never, 1) for without, never in pairs]
state = optimizer.state_dict()["state"].values()
adam = sum(v.numel() for s in state for v in s.values() if v.ndim > 0)
print(f"all restored: equal to the last bit: {same}")
print(f"without the optimiser: {jump} times the loss in the next epoch, then {later}")
print(f"Adam keeps {adam / sum(p.numel() for p in net.parameters()):.0f} numbers each")
assert same and jump > 1.5 and runs["without the optimiser"][0] > first[-1]
assert later[0] > 1.2 and adam == 2 * sum(p.numel() for p in net.parameters())

# %% [markdown]
# The weights alone give the right *predictions*, but not the same *training*: a new
# Adam first loses ground, and is behind for more than one epoch. With optimiser and
# order restored the pause leaves no trace. A file with all of it is a **checkpoint**;
# with Adam it is three times as large as the weights.
#
# ## Never open a stranger's net
# `torch.save(net, path)` also works: it **pickles** the whole object. Two reasons
# against it. A pickle stores where the class was, not what it was: rename a file, and
# it can't be read. And a pickle may hold **any call**, which runs when it is opened.
# `weights_only=True`, the default since PyTorch 2.6, refuses all but tensors and plain
# data.


# %%
class Stranger:
    """What an attacker would put into a file; here it only prints."""

    def __reduce__(self):
        return print, ("  this ran because the file was opened",)


torch.save({"weight": torch.ones(2), "extra": Stranger()}, path)
torch.load(path, weights_only=False)
refused = []
torch.save(nn.Sequential(nn.Linear(2, 2)), path.with_name("whole.pt"))
for file in (path, path.with_name("whole.pt")):
    try:
        torch.load(file, weights_only=True)
    except pickle.UnpicklingError as error:
        refused.append(file.name)
        print(f"{file.name}: refused, {str(error).splitlines()[0][:25]}")
assert refused == ["net.pt", "whole.pt"]

# %% [markdown]
# ## On which device?
# A **device** is where numbers lie and are computed with: the CPU, a graphics card
# (`"cuda:0"`, `"cuda:1"` ...), a Mac's graphics unit (`"mps"`). Ask once, at the top,
# and never write `"cuda:0"` into the code: on a laptop without one that line raises.
# `try_gpu()` gives the first accelerator, or the CPU. In the trials below, `far` is
# this accelerator, or `"meta"` where there is none.

# %%
device = try_gpu()
print("here:", device, "-", device_name(device), "- all:", try_all_gpus())
try:
    nn.Linear(2, 2).to("cuda:0")
    print("this machine has a cuda:0")
except (RuntimeError, AssertionError) as error:
    print("written into the code:", str(error).split(".")[0])
far = device if device.type != "cpu" else torch.device("meta")

# %% [markdown] predict="who_moved"
# **Predict.** `net` is a module, `T` a tensor, both on the CPU. You run two lines,
# `net.to(far)` and `T.to(far)`, and assign nothing. What is on `far` now?
#
# - Both.
#   wrong: the tensor taken for a module. Its `to` returns a copy, which was thrown
#   away.
# - Neither: the results must be assigned.
#   wrong: the module taken for a tensor. It changes its own parts in place.
# - Only the net.
#   right: a module moves in place; a tensor stays, and returns a copy of itself.
# - Only the tensor.
#   wrong: each taken for the other. A module moves in place; a tensor returns a copy.

# %%
net, T = nn.Linear(784, 10), X[:3]
net.to(far)
T.to(far)
print("net:", net.weight.device.type, " tensor:", T.device.type)
try:
    net(T)
except RuntimeError as error:
    print("together:", error)
T = T.to(far)  # assigned
print("assigned:", net(T).device.type)
assert net.weight.device.type == far.type == net(T).device.type

# %% [markdown]
# Net and data must lie together. Three things are left behind by `net.to(device)`:
#
# - a plain attribute: make it a buffer
# - a tensor that `forward` makes, such as `torch.zeros(n)`: write
#   `torch.zeros(n, device=X.device)` or `X.new_zeros(n)`
# - an optimiser made before: on some devices the move makes new parameters. Move first.
#
# With several graphics cards each gets a copy of the net and a share of every batch;
# their gradients are averaged (`DistributedDataParallel`). The command `nvidia-smi`
# shows each card's memory, load, temperature, and who uses it. Memory that PyTorch
# keeps for later counts there as used.

# %% [markdown]
# ## What does a copy cost?
# Between CPU and graphics card lies a cable that is slower than the memory of either.
# Seconds depend on the machine, so let us count: copies, bytes, and how often Python
# has to **wait** for a number (`.item()`, `float(...)`, `if loss < 1`). PyTorch lets us
# see each operation that it is about to do.


# %%
class Counter(TorchDispatchMode):
    """Counts copies to another type or device, their bytes, and waits for a number."""

    def __init__(self):
        super().__init__()
        self.copies = self.bytes = self.waits = 0

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        out = operation(*args, **(kwargs or {}))
        if operation.__name__.startswith("_to_copy"):
            self.copies, self.bytes = self.copies + 1, self.bytes + out.nbytes
        self.waits += operation.__name__.startswith("_local_scalar_dense")
        return out


def count(job):
    with Counter() as counter:
        job()
    return counter.copies, counter.bytes, counter.waits


same_place = count(lambda: X.to("cpu"))  # where it is already
at_once = count(lambda: X.to(far))
in_batches = count(lambda: [b.to(far) for _ in range(5) for b in X.split(50)])
for copies, nbytes, _ in (same_place, at_once, in_batches):
    print(f"{copies:4} copies, {nbytes / 1e6:5.1f} MB")
assert same_place == (0, 0, 0) and at_once == (1, X.nbytes, 0)
assert in_batches == (200, 5 * X.nbytes, 0)

# %% [markdown]
# Where no accelerator is, `.to(device)` copies nothing: it costs nothing to write it
# everywhere. With one, data that fits should be moved once. Now the log: a loss added
# up with `.item()` at each step, and one kept on the device until the epoch ends.

# %%
losses = torch.rand(40, device=device)  # one a step


def each_step():
    return sum(loss.item() for loss in losses)


def once_an_epoch():
    total = torch.zeros((), device=device)
    for loss in losses:
        total += loss.detach()
    return total.item()


waits = count(each_step)[2], count(once_an_epoch)[2]
print(f"waits in 40 steps: {waits[0]} with .item() each time, {waits[1]} at the end")
assert waits == (40, 1) and abs(each_step() - once_an_epoch()) < 2e-5

# %% [markdown]
# A graphics card works through a queue while Python runs ahead. Each wait empties the
# queue, and the card stands idle until Python has filled it again. On the CPU there is
# no queue: there a wait costs hardly anything.
#
# When does the way pay? Multiply two (n, n) matrices. Copy in and out: $3 n^2$ numbers
# of 4 bytes. Work: $n^2$ sums of $n$ products, $2 n^3$ operations. So there are
# $2 n^3 / (12 n^2) = n / 6$ operations a byte: the larger, the better. Adding them does
# $n^2$ operations for the same bytes: $1/12$, at every size.

# %% [markdown]
# Let $B$ be the cable's bytes a second, $v$ and $V$ the operations a second of CPU and
# card. Going there takes $12 n^2 / B + 2 n^3 / V$ seconds, staying $2 n^3 / v$. They
# are equal at
#
# $$n^* = \frac{6 / B}{1/v - 1/V} .$$
#
# Each machine has its own speeds, so we first **assume** round numbers: $B = 2 \cdot
# 10^{10}$, $v = 10^{11}$, $V = 10^{13}$.
#
# **Look for** where the lines of the product cross, and whether those of the sum do.

# %%
B, v, V = 2e10, 1e11, 1e13
n = torch.logspace(0, 4, 60, dtype=torch.float64)
seconds = {
    "product, stay": 2 * n**3 / v,
    "product, go": 12 * n**2 / B + 2 * n**3 / V,
    "sum, stay": n**2 / v,
    "sum, go": 12 * n**2 / B + n**2 / V,
}
n_star = (6 / B) / (1 / v - 1 / V)
fig = drawings.go_or_stay(n, seconds, n_star)
plots.show(
    fig,
    alt="Seconds against the side n of two matrices, both on log scales, by assumed "
    "speeds. Product: staying is quicker for small n, going for large n; the lines "
    "cross near n = 30. Sum: staying is quicker at every n, the lines are parallel.",
)
print(f"the product's lines cross at n = {n_star:.0f}; the sum's: never")
assert 25 < n_star < 35 and (seconds["sum, stay"] < seconds["sum, go"]).all()

# %% [markdown]
# The product's cross near 30, the sum's never do. (A real card also needs some
# microseconds to start each job, which moves the crossing to the right.)
#
# And on *your* device? Measure a copy to it, and a sum and a product there. Where the
# device is the CPU, the copy stays in the same memory. Of ten runs take the quickest:
# in the others the machine did something else as well.


# %%
def seconds_of(job):
    """The least seconds of ten runs; to read one number of the result is to wait."""
    return min(timeit.repeat(lambda: job()[0, 0].item(), number=1, repeat=10))


A = torch.randn(1000, 1000)
there = A.to(device)
copying = seconds_of(lambda: A.to(device, copy=True))
adding = seconds_of(lambda: there + there)
multiplying = seconds_of(lambda: there @ there)
print(f"{device}: copy {A.nbytes / copying / 1e9:.1f} GB a second,", end=" ")
print(f"product {2 / multiplying:.0f} billion operations a second")
print(f"a sum: {adding / copying:.1f} copies, a product: {multiplying / copying:.1f}")
assert device.type != "cpu" or multiplying > 2 * adding

# %% [markdown]
# Only what does much with each number, as the product does, can be worth a copy. So:
# bring data once, do much with them, bring back little.
#
# ## Why net(X) and not net.forward(X)?
# `net(X)` calls `forward`, and what was asked for around it: **hooks**. A **forward
# hook** is a function that a module calls with its inputs and its output each time that
# it is used. It looks inside without changing a line of the net. `net.forward(X)` skips
# the net's own hooks, and a lazy layer's wait for its sizes is one of them.

# %%
calls = []
layer = nn.Linear(784, 10)
handle = layer.register_forward_hook(lambda module, args, out: calls.append(out.shape))
layer(X[:4])
layer.forward(X[:4])
print("hook calls after net(X) and net.forward(X):", len(calls))
handle.remove()
layer(X[:4])
print("and after its removal:", len(calls))
try:
    nn.LazyLinear(3).forward(X[:4])
except ValueError as error:
    print("lazy.forward(X):", str(error)[:44], "...")
assert len(calls) == 1

# %% [markdown]
# ## What do the layers know?
# Hook every linear layer, and ask of each: how well would the *nearest mean* do if it
# saw this layer's output in place of the pixels? Ask it of the trained net, and of the
# same net before training.

# %% [markdown] predict="untrained_layers"
# **Predict.** The net 784, 256, 128, 10, **before** training. On pixels the nearest
# mean reads about 84 of 100 digits. And on the outputs of its first, second and last
# layer?
#
# - Each layer more, since deeper layers see more abstract features.
#   wrong: depth thought to help by itself. What a layer should look for is learned.
# - Each layer less.
#   right: every random layer loses some of what tells the digits apart, and adds
#   nothing.
# - One in ten at each: it has learned nothing.
#   wrong: random taken for empty. Much of the digit passes through.


# %%
@torch.no_grad()
def outputs(net, X, kinds=(nn.Linear,)):
    """Name -> output of each module of these kinds while the net reads X."""
    found, handles = {}, []
    for name, part in net.named_modules():
        if isinstance(part, kinds):

            def keep(module, args, out, name=name):
                found[name] = out

            handles.append(part.register_forward_hook(keep))
    try:
        net(X)
    finally:
        for handle in handles:  # else they stay for ever
            handle.remove()
    return found


knows = {}
for name, kept in [("before training", starts), ("trained", nets)]:
    inside, inside_valid = (outputs(kept["ModuleList"], A) for A in (X, X_valid))
    scores = [nearest_mean(inside[k], y, inside_valid[k], y_valid) for k in inside]
    knows[name] = [baseline, *scores]
    print(f"{name:16}", [round(score, 3) for score in knows[name]])
before, trained = knows["before training"], knows["trained"]
assert before[0] > before[1] > before[2] > before[3]
assert trained[0] < trained[1] < trained[2] and trained[3] > trained[0] + 0.03
assert abs(trained[3] - trained[2]) < 0.03
assert not any(part._forward_hooks for part in nets["ModuleList"].modules())

# %% [markdown]
# **Look for** the direction of each line.

# %%
fig = drawings.knows(knows)
plots.show(
    fig,
    alt="Accuracy of the nearest mean on pixels and on the outputs of three layers. "
    "Before training it falls from layer to layer; after training it rises above that "
    "of the pixels.",
)

# %% [markdown]
# Untrained layers lose. Of the trained ones the first two gather, and the last keeps
# about what they reached. The hooks needed no line in the net's code, so they work on
# nets that somebody else wrote.

# %%
metrics = {
    "validation accuracy": healthy,
    "the same with a plain list": listed[-1],
    "points lost by .data in the first layer": lower,
    "loss after a pause without the optimiser, times": jump,
}
folder.cleanup()

# %% [markdown]
# ## What goes wrong in practice
# | sign | likely cause | how to find it |
# |---|---|---|
# | too few parameters | layers in a plain list or dict | count on paper |
# | one layer never moves | `.data`, `detach`, a new `nn.Parameter` | audit |
# | other numbers after loading | plain attribute, train mode | compare outputs |
# | loss jumps after a pause | optimiser not saved | checkpoint |
# | "expected device" | attribute, tensor made in `forward` | buffer, `X.device` |
# | the program grows | hooks never removed | count the hooks |

# %% [markdown]
# ## Summary
# - A module registers parameters, buffers and modules as you assign them. A plain list
#   hides them.
# - A net with layers that don't train still learns: **count and audit**.
# - A constant belongs into a buffer: it is saved, and moves along.
# - Tied layers are one entry; their gradient is the sum over their places.
# - Save the `state_dict`, with the optimiser if you want to go on. The mode, the code
#   and plain attributes are not in it.
# - Load with `weights_only=True`.
# - Move the net in place, tensors by assignment, data once.
# - Hooks look inside; call `net(X)`, and remove them.

# %% [markdown]
# ## Exercises and further reading
# In the exercises you build a `MySequential`, a layer whose weight trains, a tied
# autoencoder and a checkpoint, and you mend a net that hides its layers.
#
# Try here: what is in the `state_dict` of an optimiser without momentum?
#
# - [Dive into Deep Learning](https://d2l.ai): chapter "Deep Learning Computation" in
#   the edition of `d2l` 0.17: layers and blocks, parameters, deferred initialisation,
#   custom layers, files, GPUs
# - Paszke and others 2019, *PyTorch: An Imperative Style, High-Performance Deep
#   Learning Library*
# - Press and Wolf 2017, *Using the Output Embedding to Improve Language Models*: tied
#   layers
#
# Next: untrained layers lose a part of every digit. With which numbers should a layer
# begin? That is [initialisation](10).
