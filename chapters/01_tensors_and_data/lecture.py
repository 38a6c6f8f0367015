# %% [markdown]
# # Tensors and data: how do a table and a photo become numbers?
# A biologist gives you a file: 344 penguins, a line each, with gaps where nobody could
# measure. A friend gives you a photo of a cat. A network can read neither. It reads
# **tensors**: boxes of numbers with a shape.
#
# This chapter goes from the file to the tensor and back. At its end, tensors answer a
# question: *which penguin is most like this one?*
#
# Most errors of your first weeks are errors of shape, of type or of shared memory.
# Here you meet each of them once, on purpose.
#
# You need [features and labels](00 "feature").

# %%
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from PIL import Image
from torchvision import transforms

from utils import plots
from utils.data import breast_cancer, penguins, photo
from utils.device import set_seed
from utils.drawings import tensors_and_data as draw

plots.use_style()
set_seed(0)

# %% [markdown]
# ## What is a tensor?
# A **tensor** is a box of numbers, all of one type, in rows and columns and, if you
# like, further directions. Each direction is an **axis**. Names for the small cases:
#
# - no axis: a **scalar**, one number, such as the mass of one penguin
# - one axis: a **vector**, such as the four measurements of one penguin
# - two axes: a **matrix**, such as three penguins (rows) by four measurements (columns)
# - three axes: a colour photo, for one, with a sheet for each of red, green and blue
#
# Ask any tensor for its `ndim` (how many axes), its `shape` (the size of each), its
# `numel()` (how many numbers in all) and its `dtype` (of which type).

# %%
mass = torch.tensor(3750.0)  # grams
bird = torch.tensor([39.1, 18.7, 181.0, 3750.0])  # bill, bill, flipper in mm; mass in g
birds = torch.tensor(
    [
        [39.1, 18.7, 181.0, 3750.0],
        [39.5, 17.4, 186.0, 3800.0],
        [40.3, 18.0, 195.0, 3250.0],
    ]
)
cat = photo("chelsea")  # a cat, of scikit-image
for name, x in {"mass": mass, "bird": bird, "birds": birds, "cat": cat}.items():
    print(
        f"{name:5} ndim {x.ndim}, shape {tuple(x.shape)}, {x.numel()} numbers", x.dtype
    )
assert [x.ndim for x in (mass, bird, birds, cat)] == [0, 1, 2, 3]
assert birds.shape == (3, 4) and cat.shape == (3, 300, 451) and cat.numel() == 405900

# %% [markdown]
# **Look for:** count the axes, then read the shape. A tensor without axes has the shape
# `()`. A shape with one entry is written `(4,)`, with a comma, as Python writes it. Of
# the photo only a corner is drawn, three sheets one behind the other.

# %%
corner = (cat[:, :2, :3] * 255).round()  # (3, 2, 3), as brightness from 0 to 255
plots.show(
    draw.ranks(mass, bird, birds, corner),
    alt="Four drawings of squares with numbers. One square: 0 axes, shape (). A row of "
    "four: 1 axis, shape (4,). Three rows of four: 2 axes, shape (3, 4). Three sheets "
    "one behind the other: 3 axes, shape (3, 2, 3).",
)

# %% [markdown]
# ## What is an axis, and what is a vector's dimension?
# An **axis** is one place in the index. `birds[2, 0]`, the bill of the last bird, takes
# two indices, so `birds` has two axes. Axis 0 counts rows, axis 1 counts columns.
#
# "Dimension" has two meanings, and many errors start here:
#
# - **of a vector**, as mathematicians say it: how many entries. `bird` is a vector of
#   dimension 4. In PyTorch: `len(bird)`, the *size* of its one axis.
# - **of a tensor**, as programmers say it: how many axes. `bird.ndim` is 1. And `dim=`
#   in a call is the number of an axis.
#
# This course says *axis* and *size*, so that you never have to guess.

# %%
print("bird:  ", bird.ndim, "axis, its size", len(bird))
print("birds: ", birds.ndim, "axes; len() tells the size of axis 0 only:", len(birds))
print(f"birds[2, 0] = {birds[2, 0]:.1f} mm, the bill of the last bird")
assert bird.ndim == 1 and len(bird) == 4 and birds.ndim == 2 and len(birds) == 3

# %% [markdown]
# ## Which axis does a sum go along?
# Here is a table of counts: how many penguins of each sex (rows) and species (columns)
# the biologists met. (We count them ourselves, once we have read their file.)

# %%
counts = torch.tensor([[73, 34, 58], [73, 34, 61]])  # (2 sexes, 3 species)
sexes, species = ["female", "male"], ["Adelie", "Chinstrap", "Gentoo"]
print(counts, counts.dtype)

# %% [markdown] predict="axis_zero"
# **Predict.** `counts` has the shape (2, 3). Axis 0 counts the rows. What is
# `counts.sum(dim=0)`?
#
# - Two numbers: the sum of each row.
#   wrong: `dim=0` read as "for each row". It names the axis that is summed away, so it
#   is the rows that are added up.
# - Three numbers: a sum for each species.
#   right: axis 0 disappears from (2, 3), and (3,) is left. The two rows are added.
# - One number, 333.
#   wrong: `dim` overlooked. Only `counts.sum()`, without an axis, adds everything.

# %%
print(
    "sum(dim=0)", counts.sum(dim=0).tolist(), " shape", tuple(counts.sum(dim=0).shape)
)
print(
    "sum(dim=1)",
    counts.sum(dim=1).tolist(),
    "     shape",
    tuple(counts.sum(dim=1).shape),
)
print("sum()     ", counts.sum().item())
assert counts.sum(dim=0).tolist() == [146, 68, 119] and counts.sum(dim=0).shape == (3,)
assert counts.sum(dim=1).tolist() == [165, 168] and counts.sum() == 333

# %% [markdown]
# **Look for:** the arrows are the additions. Along axis 0 they go down and the rows
# melt into one. Along axis 1 they go to the right and the columns melt into one.

# %%
plots.show(
    draw.sums(counts, sexes, species),
    alt="A table of 2 rows (female, male) and 3 columns (Adelie, Chinstrap, Gentoo). "
    "Arrows go down to its column sums 146, 68, 119, marked: sum(dim=0), axis 0 is "
    "gone. Arrows go right to its row sums 165, 168, marked: sum(dim=1), axis 1 is "
    "gone.",
)

# %% [markdown]
# So **the axis that you name is the one that disappears**. Words such as "by row" can
# mean either thing: one result for each row, or along the rows. Before you write
# `dim=`, write down the shape that you want, and see which axis is missing in it.
#
# Two relatives. `keepdim=True` leaves the axis in place, with size 1; soon you will see
# what for. `cumsum` keeps every subtotal, so no axis disappears at all. NumPy says
# `axis=` for `dim=`, and PyTorch understands both.

# %%
print("keepdim:", tuple(counts.sum(dim=1, keepdim=True).shape), "instead of (2,)")
print("cumsum along axis 1:", counts.cumsum(dim=1).tolist())
print("mean along axis 1:  ", counts.float().mean(dim=1).tolist())
assert counts.sum(dim=1, keepdim=True).shape == (2, 1)
assert counts.cumsum(dim=1).tolist() == [[73, 107, 165], [73, 107, 168]]
try:
    counts.mean(dim=1)
except RuntimeError as problem:
    print("without .float():", str(problem)[:55])

# %% [markdown]
# The last line is an error that everybody meets: whole numbers have no `mean`, since
# the result would not be a whole number. `counts.float()` makes them real numbers
# first.
#
# ## Making tensors, and which type they get
# The type matters as much as the shape. Four of them do nearly all the work:
#
# | `dtype` | what for | comes from |
# |---|---|---|
# | `float32` | measurements, weights | `torch.tensor([1.0])` |
# | `int64` | labels, indices, counts | `torch.tensor([1])` |
# | `uint8` | pixels, 0 to 255 | image files |
# | `bool` | yes or no, masks | comparisons |
#
# NumPy's real numbers are `float64`, twice as long. That is the next error on the list:

# %%
table_of_numpy = np.ones((3, 4))
weights = torch.ones(4, 2)
print("NumPy makes", table_of_numpy.dtype, "and PyTorch", weights.dtype)
try:
    torch.from_numpy(table_of_numpy) @ weights
except RuntimeError as problem:
    print("error:", problem)
mended = torch.from_numpy(table_of_numpy).float() @ weights  # (3, 4) x (4, 2)
print("with .float() it works:", tuple(mended.shape))
assert mended.dtype == torch.float32 and mended.shape == (3, 2)

# %% [markdown]
# Write `torch.tensor`, with a small t. `torch.Tensor`, with a large one, is the class
# behind it. It always makes `float32`, and a single number is a *size* to it: you get
# that many numbers of whatever lay in memory. `torch.LongTensor` is its sister for
# `int64`, and silently cuts off what stands behind the point.

# %%
print("torch.tensor(3)          ", torch.tensor(3))
print("torch.Tensor(3)           a tensor of shape", tuple(torch.Tensor(3).shape))
print("torch.tensor([1, 2]).dtype", torch.tensor([1, 2]).dtype)
print("torch.Tensor([1, 2]).dtype", torch.Tensor([1, 2]).dtype)
print("torch.LongTensor([2.7])  ", torch.LongTensor([2.7]))
assert torch.tensor(3).shape == () and torch.Tensor(3).shape == (3,)
assert torch.Tensor([1, 2]).dtype == torch.float32 and torch.LongTensor([2.7]) == 2

# %% [markdown]
# Often you want numbers without having any: `torch.zeros(2, 3)`, `torch.ones(2, 3)`,
# `torch.arange(6)`, and three that draw at random.
#
# **Look for:** `rand` is flat, and lies between 0 and 1. `randn` is a bell around 0;
# the n stands for *normal*, as in **normal distribution**. `normal` is the same bell,
# moved and stretched by a mean and a standard deviation of your choice.

# %%
drawn = {
    "rand(10000)": torch.rand(10000),
    "randn(10000)": torch.randn(10000),
    "normal(5, 2, (10000,))": torch.normal(5.0, 2.0, (10000,)),
}
for name, x in drawn.items():
    print(f"{name:22} mean {x.mean():5.2f}, deviation {x.std():.2f}")
plots.show(
    draw.histograms(drawn, -5, 13),
    alt="Three histograms. rand: a high, flat block from 0 to 1. randn: a bell around "
    "0, nearly all of it from -3 to 3. normal(5, 2): a wider, lower bell around 5.",
)

# %%
flat, bell, moved = drawn.values()
assert flat.min() >= 0 and flat.max() < 1 and abs(flat.mean() - 0.5) < 0.02
assert abs(bell.mean()) < 0.05 and abs(bell.std() - 1) < 0.04
assert (bell.abs() < 3).float().mean() > 0.994
assert abs(moved.mean() - 5) < 0.1 and abs(moved.std() - 2) < 0.08

# %% [markdown]
# ## How do you pick what you want?
# An index picks, a **slice** `start:stop` cuts out; `stop` itself is left out, and
# negative numbers count from the end. A tensor of `bool`, a **mask**, keeps what is
# True. One small thing saves much trouble: a number takes its axis away, **a list keeps
# it**.

# %%
print("one bird         ", birds[1].shape, " the last one", birds[-1].shape)
print("columns 1 and 2  ", birds[:, 1:3].shape)
print("heavier than 3700", birds[birds[:, 3] > 3700].shape)
print("birds[:, -1]     ", birds[:, -1].shape, "     the axis is gone")
print("birds[:, [-1]]   ", birds[:, [-1]].shape, "  a list keeps it")
assert birds[1].shape == (4,) and birds[:, 1:3].shape == (3, 2)
assert birds[birds[:, 3] > 3700].shape == (2, 4)
assert birds[:, -1].shape == (3,) and birds[:, [-1]].shape == (3, 1)

# %% [markdown]
# What do two lists do? The case comes up in each classifier. `y_hat` holds what a model
# believes of two penguins: a row for each bird, and in it a probability for each
# species. `y` holds the true species, as numbers 0, 1, 2.

# %%
y_hat = torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])  # (2 birds, 3 species)
y = torch.tensor([0, 2])  # bird 0 is an Adelie, bird 1 a Gentoo

# %% [markdown] predict="pairs_or_grid"
# **Predict.** What is `y_hat[[0, 1], y]`?
#
# - A grid of shape (2, 2): rows 0 and 1, and of these columns 0 and 2.
#   wrong: two lists read as two slices. Slices cut a grid; lists are taken in step.
# - An error, as one index is a list and the other a tensor.
#   wrong: indices thought to need one kind. Lists, arrays and tensors of whole numbers
#   all work.
# - Two numbers, at (0, 0) and at (1, 2).
#   right: the lists are read in step, as pairs of row and column. Here they are the
#   probabilities of what is true.

# %%
pairs = y_hat[[0, 1], y]  # (2,)
grid = y_hat[:, y]  # (2, 2): a slice and a list
print("y_hat[[0, 1], y] =", pairs)
print("y_hat[:, y] =", grid)
assert pairs.shape == (2,) and torch.equal(pairs, torch.tensor([0.7, 0.6]))
assert grid.shape == (2, 2)

# %% [markdown]
# **Look for:** the framed cells. Two lists pick pairs, a slice and a list pick a grid.

# %%
fig, (left, right) = plots.figure(1, 2, width=3.0, height=2.0)
draw.marked(left, y_hat, [(0, 0), (1, 2)], "y_hat[[0, 1], y]: pairs")
draw.marked(right, y_hat, [(0, 0), (0, 2), (1, 0), (1, 2)], "y_hat[:, y]: a grid")
plots.show(
    fig,
    alt="The same table of 2 x 3 probabilities twice. Left, two cells are framed: row "
    "0, column 0 and row 1, column 2. Right, four: columns 0 and 2 in both rows.",
)

# %% [markdown]
# ## New shape, same numbers
# `reshape` deals the numbers out anew, in reading order, into another shape. One size
# may be `-1`: "work it out". `reshape(-1, 1)` makes a column, and a column has **two**
# axes, the second of size 1. `flatten()` goes to one axis, and `.T` (transpose) swaps
# two axes.

# %%
bill = birds[:, 0]  # (3,)
column = bill.reshape(-1, 1)  # (3,) -> (3, 1)
print(tuple(bill.shape), "->", tuple(column.shape), "with", column.ndim, "axes")
print(
    "as 2 rows of 6:",
    tuple(birds.reshape(2, -1).shape),
    " flat:",
    birds.flatten().shape,
)
print("transposed:", tuple(birds.T.shape))
assert column.shape == (3, 1) and column.ndim == 2 and birds.T.shape == (4, 3)
assert birds.reshape(2, -1).shape == (2, 6) and birds.flatten().shape == (12,)

# %% [markdown]
# How can that be fast? In memory a tensor is one long row of numbers. The shape, and
# the **strides**, tell how to walk it: how many places to go for one step along each
# axis. A new shape is a new way to walk, and no number moves. Such a tensor is a
# **view**.
#
# **Look for:** colours are places in memory. In `X` you read the places in their order.
# In `X.T` one step to the right is three places, and in reading order the places jump:
# it isn't **contiguous**.

# %%
X = counts
print("strides", X.stride(), "and", X.T.stride(), "contiguous", X.T.is_contiguous())
plots.show(
    draw.storage(X),
    alt="Left: six numbers in a row, 73, 34, 58, 73, 34, 61, places 0 to 5, each in "
    "its own colour. Middle: X, two rows of three in the same order, strides (3, 1). "
    "Right: X.T, three rows of two, strides (1, 3); its reading order "
    "jumps between far places.",
)

# %% [markdown]
# `view` is `reshape` with a promise: never a copy. Where no walk fits, it raises, while
# `reshape` copies in silence. So a reshaped tensor may share memory with the old one,
# or may not. And mind: transpose and reshape to the same shape are *not* the same.

# %%
try:
    X.T.view(6)
except RuntimeError as problem:
    print("view:", str(problem)[:60])
copied = X.T.reshape(6)
print(
    "X.T.reshape(6)   ", copied.tolist(), "shares:", copied.data_ptr() == X.data_ptr()
)
print("X.view(3, 2)     ", X.view(3, 2).tolist())
print("X.T              ", X.T.tolist())
assert X.view(3, 2).data_ptr() == X.data_ptr() != copied.data_ptr()
assert X.view(3, 2).shape == X.T.shape and not torch.equal(X.view(3, 2), X.T)

# %% [markdown]
# ## Broadcasting: how do unequal shapes meet?
# `birds / 10` divides each number by 10, although 10 has no shape at all.
# **Broadcasting** is the rule behind it. To combine two shapes:
#
# 1. Write them one above the other, **flush right**. Missing axes on the left count
#    as 1.
# 2. Two sizes fit if they are equal, or if one of them is 1.
# 3. An axis of size 1 is repeated until it fits. (Nothing is copied: its stride is 0.)
#
# ```
# (3, 4)       (3, 1)       (2, 3)
#    (4,)         (3,)         (2,)
# (3, 4)       (3, 3)       error: 3 and 2
# ```

# %% [markdown]
# In a word, sizes are compared from the right, and 1 stretches. Try it on a question:
# which *share* of the birds on each island belongs to each species? Rows are the
# islands Biscoe, Dream, Torgersen; columns the species.

# %%
places = torch.tensor([[44.0, 0.0, 124.0], [56.0, 68.0, 0.0], [52.0, 0.0, 0.0]])
on_island = places.sum(dim=1)  # (3,): 168, 124 and 52 birds
print("birds on each island:", on_island.tolist())
assert on_island.tolist() == [168, 124, 52]

# %% [markdown] predict="square_trap"
# **Predict.** Each row should be divided by its sum. What does `places / on_island` do,
# with the shapes (3, 3) and (3,)?
#
# - It divides row 0 by 168, row 1 by 124, row 2 by 52.
#   wrong: the meaning of the numbers expected to guide PyTorch. It knows shapes only,
#   and flush right, (3,) is a row.
# - It raises, since (3, 3) and (3,) are not equal.
#   wrong: equal shapes thought necessary. The missing axis counts as 1, and stretches.
# - It divides column 0 by 168, column 1 by 124, column 2 by 52.
#   right: (3,) becomes (1, 3), a row, repeated downwards. No error, wrong numbers. That
#   the table is square hides it.

# %%
trap = places / on_island  # (3, 3) / (3,)
share = places / places.sum(dim=1, keepdim=True)  # (3, 3) / (3, 1)
print("wrong, rows sum to", [round(v, 2) for v in trap.sum(dim=1).tolist()])
print("right, rows sum to", share.sum(dim=1).tolist())
assert torch.equal(trap[:, 0], places[:, 0] / 168)
assert torch.allclose(share.sum(dim=1), torch.ones(3))
assert (trap.sum(dim=1) - 1).abs().min() > 0.1
try:
    counts / counts.sum(dim=1)  # (2, 3) / (2,)
except RuntimeError as problem:
    print("where the table is not square:", str(problem)[:56])

# %% [markdown]
# **Look for:** solid cells are given, dotted ones are repeated by broadcasting. On top
# the sums stand upright, since `keepdim=True` kept their axis. In the middle they lie
# down, and each meets a column that isn't its own. At the bottom both stretch: a column
# against a row makes a table of all pairs. The nearest neighbour below needs that.

# %%
upright = places.sum(dim=1, keepdim=True)  # (3, 1)
mm = torch.tensor([[181.0], [186.0], [195.0]])  # flippers, (3, 1)
fig, axes = plots.figure(3, 1, width=6.4, height=2.3)
draw.broadcasting(axes[0], places, upright, "/", share, "right: keepdim=True")
draw.broadcasting(axes[1], places, on_island, "/", trap, "wrong, and no error")
draw.broadcasting(axes[2], mm, mm.flatten(), "-", mm - mm.flatten(), "all pairs")
plots.show(
    fig,
    alt="Three calculations drawn with cells, repeated cells dotted. Top: (3, 3) "
    "divided by (3, 1), a solid column repeated to the right. Middle: (3, 3) divided "
    "by (3,), a solid row repeated downwards. Bottom: a column (3, 1) minus a row "
    "(3,) gives all nine differences of three flipper lengths.",
)

# %%
differences = mm - mm.flatten()  # (3, 1) - (3,) -> (3, 3)
print("all pairs:", differences.tolist())
print("strides of the stretched column:", upright.expand(3, 3).stride())
assert differences[0, 2] == 181 - 195 and torch.equal(differences, -differences.T)
assert upright.expand(3, 3).stride() == (1, 0)

# %% [markdown]
# ## Whose memory is it?
# A name is a label on a block of memory. `Y = Y + 1` computes into a *new* block and
# moves the label there. `Y += 1` and `Y[:] = Y + 1` write into the *old* block: **in
# place**. `data_ptr()` tells the address, so you can see it.

# %%
Y = birds.clone()  # clone: the same numbers in a block of their own
first = Y.data_ptr()
Y = Y + 1
second = Y.data_ptr()
Y += 1
Y[:] = Y + 1
print("Y = Y + 1    the address changes:", hex(first), "->", hex(second))
print("+= and [:] = the address stays:  ", hex(second), "->", hex(Y.data_ptr()))
assert first != second == Y.data_ptr() and torch.equal(Y, birds + 3)
row = Y[1]  # a view: it starts four numbers of four bytes each behind Y
row[:] = 0.0
print(
    "row 1 starts", row.data_ptr() - Y.data_ptr(), "bytes later; in Y:", Y[1].tolist()
)
assert row.data_ptr() - Y.data_ptr() == 16 and Y[1].sum() == 0

# %% [markdown]
# Two names on one block: what is written by the one is read by the other. That is fast,
# and it is a trap. NumPy and PyTorch can share a block, too: `torch.from_numpy(a)` does
# not copy.

# %% [markdown] predict="numpy_bridge"
# **Predict.** `a` is a NumPy array of ones and `t = torch.from_numpy(a)`. Then come the
# lines `a += 1` and `a = a * 10`. What does `t` hold?
#
# - Twos.
#   right: `+=` writes into the shared block. `a = a * 10` moves the name `a` to a new
#   one, and `t` stays.
# - Ones: `t` was made before `a` changed.
#   wrong: a tensor made from an array taken for a copy. They share a block.
# - Twenties: `t` is the same thing as `a`.
#   wrong: a shared block taken for a shared name. `a * 10` is a new block, and only the
#   name `a` moves there.

# %%
a = np.ones(3)
old = a  # a second name, so that we can draw where `a` was
t = torch.from_numpy(a)  # shares
u = torch.tensor(a)  # copies
v = t[1:]  # shares
a += 1
a = a * 10
print("t", t.tolist(), " u", u.tolist(), " v", v.tolist(), " a", a.tolist())
assert t.tolist() == [2, 2, 2] and u.tolist() == [1, 1, 1] and a.tolist() == [20] * 3
assert t.data_ptr() == old.ctypes.data != a.ctypes.data and v.tolist() == [2, 2]
assert v.data_ptr() - t.data_ptr() == 8  # one float64 further in the same block

# %% [markdown]
# **Look for:** which names point to one and the same block, and the address where it
# begins. (`v` starts one number later in it, 8 bytes. Addresses differ each time you
# run this; who shares with whom doesn't.)

# %%
home, moved_to = old.ctypes.data, a.ctypes.data
names = {
    "t = torch.from_numpy(a)": home,
    "v = t[1:]": home,
    "a, before a = a * 10": home,
    "a, after it": moved_to,
    "u = torch.tensor(a)": u.data_ptr(),
}
blocks = {home: str(old), moved_to: str(a), u.data_ptr(): str(u.numpy())}
plots.show(
    draw.memory(names, blocks),
    alt="Five names with arrows to three blocks of memory, each block with its "
    "address. t, v and the old a point to one block of twos. The new a points to a "
    "block of twenties, u to a block of ones.",
)
assert len(set(names.values())) == 3

# %% [markdown]
# In short:
#
# | shares memory | copies |
# |---|---|
# | `torch.from_numpy(a)`, `t.numpy()` | `torch.tensor(a)`, `t.tolist()` |
# | slices, `view`, `.T`, `x[0]` | lists and masks as index, `clone()` |
# | `reshape`, if a walk fits | `reshape`, if none fits |
#
# A tensor with one number becomes a Python number by `item()`, which copies as well.

# %%
picked = birds[[0, 2]]  # a list as index: a copy
print("list as index shares:", picked.data_ptr() == birds.data_ptr())
print("item():", mass.item(), type(mass.item()).__name__)
assert picked.data_ptr() != birds.data_ptr() and isinstance(mass.item(), float)
assert t.numpy().ctypes.data == t.data_ptr()

# %% [markdown]
# ## A table from a file
# Now to the biologist's file. It is a **CSV**: text, a line for each bird, values with
# commas between them. We write it into a temporary folder and read it as you would read
# any file, with pandas.

# %%
folder = tempfile.TemporaryDirectory()
csv_file = Path(folder.name) / "penguins.csv"
penguins().drop(columns="year").to_csv(csv_file, index=False, na_rep="NA")
for line in csv_file.read_text().splitlines()[:5]:
    print(line)

table = pd.read_csv(csv_file)
print("\nmissing in each column:", table.isna().sum().to_dict())
print(f"rows {len(table)}, of them complete {len(table.dropna())}")
assert table.shape == (344, 7) and len(table.dropna()) == 333
assert table.isna().sum().sum() == 19
crossed = pd.crosstab(table["sex"], table["species"]).to_numpy()
assert torch.equal(torch.tensor(crossed), counts)  # the table of the beginning

# %% [markdown]
# `NA`, "not available", is how the file says *missing*. In a column of numbers pandas
# makes it **NaN**, "not a number". NaN is contagious: a sum with one NaN in it is NaN.
# And it is not equal to anything, not even to itself, so ask `isna()` (in PyTorch
# `isnan()`), never `== NaN`.

# %%
nan = float("nan")
masses = torch.tensor(table["body_mass_g"].to_numpy())  # (344,) float64
print("nan == nan:", nan == nan, "  mean of all masses:", masses.mean().item())
print("missing masses:", int(masses.isnan().sum()), "  mean of the others:", end=" ")
print(f"{masses.nanmean():.0f} g")
assert nan != nan and masses.mean().isnan() and masses.isnan().sum() == 2

# %% [markdown] predict="rows_that_survive"
# **Predict.** Why not delete each row that has a gap? Here 333 of 344 would be left.
# Take a wider table: 30 measurements of 569 tumours, and one value in twenty (5 %)
# missing, anywhere. How many of its rows have no gap at all?
#
# - About 20 %.
#   right: a row is complete if all its 30 values are there: 0.95 multiplied by itself
#   30 times is 0.21.
# - About 95 %.
#   wrong: the share of missing values taken for the share of rows with a gap. A row
#   has 30 chances to have one.
# - None, since 30 columns times 5 % is more than 100 %.
#   wrong: shares added up. Several gaps can fall into the same row, so some rows stay
#   free.

# %%
tumours, _ = breast_cancer()  # (569, 30)
is_there = torch.rand(20, *tumours.shape) > 0.05  # twenty times (569, 30)
complete = is_there.all(dim=2).float().mean(dim=1)  # (20,) share of complete rows
print(f"complete rows {complete.mean():.3f} on average; 0.95 to the 30: {0.95**30:.3f}")
assert abs(complete.mean() - 0.95**30) < 0.02 and abs(complete - 0.215).max() < 0.075

# %% [markdown]
# So deleting is fine while few rows are hit and chance alone decides which, and ruinous
# in a wide table. (What if not chance decides? An exercise asks it.) The other way is
# to **impute**: to fill a gap with a guess, most simply the **mean** of its column.
#
# Does that come for free? We hide 30 % of the body masses of birds that were weighed,
# fill them in three ways, and compare with the truth. Twenty times, since what is
# hidden is chance.


# %%
def impute(known, hidden, groups, way):
    """A column with its hidden values guessed; all arguments have one entry a bird."""
    if way == "mean":
        return known.fillna(known.mean())
    if way == "mean of its species":
        return known.fillna(known.groupby(groups).transform("mean"))
    any_bird = np.random.choice(known.dropna(), len(known))
    return known.where(~hidden, any_bird)


weighed = table.dropna(subset=["body_mass_g"])
true, flipper = weighed["body_mass_g"], weighed["flipper_length_mm"]
scores = {way: [] for way in ("mean", "mass of any bird", "mean of its species")}
for _ in range(20):
    hidden = pd.Series(np.random.rand(len(true)) < 0.3, index=true.index)
    for way, rows in scores.items():
        filled = impute(true.mask(hidden), hidden, weighed["species"], way)
        off = (filled - true)[hidden].abs().mean()
        rows.append([filled.std() / true.std(), flipper.corr(filled), off])
    if _ == 0:
        example = impute(true.mask(hidden), hidden, weighed["species"], "mean"), hidden

# %%
print(f"{'':22}spread  correlation with flipper  grams off")
print(f"{'the truth':22}{1:6.2f}{flipper.corr(true):16.2f}")
found = {way: np.mean(rows, axis=0) for way, rows in scores.items()}
for way, (spread, correlation, off) in found.items():
    print(f"{way:22}{spread:6.2f}{correlation:16.2f}{off:21.0f}")
assert 0.81 < found["mean"][0] < 0.86 and 0.69 < found["mean"][1] < 0.77
assert found["mass of any bird"][0] > 0.97 and found["mass of any bird"][1] < 0.65
assert found["mean of its species"][1] > 0.85
assert found["mean of its species"][2] < 0.65 * found["mean"][2]

# %% [markdown]
# **Look for:** the horizontal line of orange crosses. All the guesses are one and the
# same number, whatever the bird's flipper says.

# %%
filled, hidden = example
fig, ax = plots.figure(width=5.6, height=3.2)
ax.plot(flipper[~hidden], filled[~hidden], "o", ms=3, color="C0", label="weighed")
ax.plot(flipper[hidden], filled[hidden], "x", color="C1", label="filled with the mean")
ax.set(xlabel="flipper length (mm)", ylabel="body mass (g)")
ax.legend()
plots.show(
    fig,
    alt="Body mass against flipper length: blue dots rise from lower left to upper "
    "right. The imputed values are orange crosses on one horizontal line through the "
    "middle, over all flipper lengths.",
)

# %% [markdown]
# The line of crosses explains the row "mean". The column keeps its mean, but its spread
# (standard deviation) shrinks to about 0.83, and it agrees less with the flippers. Is
# it because all guesses are equal? Take that away, and fill with the mass of *any*
# weighed bird: the spread is back. But the guesses are worse, in grams and in their
# agreement.
#
# A guess that uses what is known of the bird, its species, is better at both. (Not if
# the species is what you want to predict: then you have told the answer.) In our file
# only 2 of 344 masses are missing, so the simple mean will do.

# %% [markdown]
# ## Words become columns
# A mean of words does not exist: `table["sex"].mean()` raises. And to number them, male
# 1, female 2, missing 3, would say that "missing" is more than "female". Instead each
# word gets an **indicator column** (a *dummy*), 1 where the word stands and 0
# elsewhere: the **one-hot encoding**. `dummy_na=True` makes "missing" a word of its
# own, so that a bird of unknown sex has its 1 there. (To a
# column of numbers you can add one yourself, `table["body_mass_g"].isna()`: it says
# which values are guesses.)

# %%
sex = pd.get_dummies(table[["sex"]], dummy_na=True)
print(pd.concat([table["sex"], sex], axis=1).iloc[[0, 1, 3]].to_string())
try:
    table["sex"].mean()
except TypeError as problem:
    print("\nmean of words:", problem)
assert (sex.sum(axis=1) == 1).all() and sex["sex_nan"].sum() == 11
without = pd.get_dummies(table[["sex"]])  # the 11 have no 1 at all
assert (without.sum(axis=1) == 0).sum() == 11

# %% [markdown]
# One more stone in the way. Indicators are `bool`, measurements `float64`. Side by side
# in one NumPy array they are neither: NumPy falls back to `object`, a box of any Python
# things, and PyTorch refuses it. Ask for `dtype=float` from the start.

# %%
mixed = pd.get_dummies(table[["bill_length_mm", "sex"]], dummy_na=True)
try:
    torch.tensor(mixed.to_numpy())
except TypeError as problem:
    print(mixed.to_numpy().dtype, "array:", str(problem)[:56])
alike = pd.get_dummies(table[["bill_length_mm", "sex"]], dummy_na=True, dtype=float)
print("with dtype=float:", alike.to_numpy().dtype)
assert mixed.to_numpy().dtype == object and alike.to_numpy().dtype == np.float64

# %% [markdown]
# All steps in one function. The species is what one would predict, the [label](00):
# it goes into `y` as a whole number and stays out of `X`.


# %%
def to_tensors(table, label):
    """A table with gaps -> X (N, n) float32 without gaps, y (N,) int64, n names."""
    inputs = table.drop(columns=label)
    inputs = inputs.fillna(inputs.mean(numeric_only=True))  # numbers: the mean
    inputs = pd.get_dummies(inputs, dummy_na=True, dtype=float)  # words: indicators
    X = torch.tensor(inputs.to_numpy(), dtype=torch.float32)
    y = torch.tensor(table[label].astype("category").cat.codes.to_numpy()).long()
    return X, y, list(inputs.columns)


X, y, columns = to_tensors(table, "species")
print("X", tuple(X.shape), X.dtype, " y", tuple(y.shape), y.dtype)
print(columns)
print("bird 3, of which only the island is known:", X[3].round().int().tolist())
assert X.shape == (344, 11) and y.shape == (344,) and not X.isnan().any()

# %% [markdown]
# Is it still the same table? Every number that stood in the file should stand in `X`,
# every gap should hold its column's mean, and each bird should have one sex (or
# "missing") and one island. Check such things once, in code, and you can stop worrying.

# %%
gaps = torch.tensor(table.iloc[:, 2:6].isna().to_numpy())  # (344, 4)
from_file = torch.tensor(table.iloc[:, 2:6].to_numpy()).float()  # (344, 4)
gap_means = from_file.nanmean(dim=0).expand(344, 4)[gaps]
assert torch.equal(X[:, :4][~gaps], from_file[~gaps])
assert torch.allclose(X[:, :4][gaps], gap_means)
assert torch.equal(X[:, 4:8].sum(dim=1), torch.ones(344))  # island, or missing
assert torch.equal(X[:, 8:].sum(dim=1), torch.ones(344))  # sex, or missing
print(f"{int((~gaps).sum())} numbers arrived unchanged, {int(gaps.sum())} gaps filled")

# %% [markdown]
# ## A photo from a file
# A photo in a file is packed; `PIL.Image.open` unpacks it. NumPy sees the pixels as
# **(H, W, C)**: height, width, **channels**, of which there are three, red, green and
# blue. Each is a `uint8`, a whole number from 0 (dark) to 255. PyTorch's layers want
# **(C, H, W)** and `float32`, usually in [0, 1]. So two things happen: move the last
# axis to the front, and divide by 255.

# %%
png_file = Path(folder.name) / "cat.png"
sheets = (cat * 255).round().to(torch.uint8)  # (3, 300, 451)
Image.fromarray(sheets.permute(1, 2, 0).numpy()).save(png_file)  # (H, W, C)

with Image.open(png_file) as picture:
    pixels = np.array(picture)  # (300, 451, 3) uint8
    by_torchvision = transforms.ToTensor()(picture)
image = torch.from_numpy(pixels).permute(2, 0, 1) / 255  # (H, W, C) -> (C, H, W)
print("PIL:   ", picture.mode, picture.size, "(mind: width first)")
print("NumPy: ", pixels.shape, pixels.dtype)
print("tensor:", tuple(image.shape), image.dtype)
assert pixels.shape == (300, 451, 3) and image.shape == (3, 300, 451)
assert image.min() >= 0 and image.max() <= 1 and torch.equal(image, by_torchvision)

# %% [markdown]
# The last assertion says that torchvision's `ToTensor` does the same. It scales, and so
# it must copy: no memory is shared. `from_numpy` and `permute` alone would share it.
#
# **Look for:** where the cat's fur is orange, red is bright and blue is dark. Each
# channel alone is a grey picture.

# %%
fig, axes = plots.figure(1, 4, width=2.2, height=1.9)
plots.images(image[None], ["all three channels"], axes=axes[:1])
plots.images(image, ["red", "green", "blue"], axes=axes[1:])
plots.show(
    fig,
    alt="The photo of a ginger cat in colour, then its red, green and blue channel as "
    "grey pictures; the fur is brightest in red and darkest in blue.",
)
fur = image[:, 60:120, 120:180].mean(dim=(1, 2))  # (3,): a patch of the forehead
print("mean of a patch of fur:", [round(v, 2) for v in fur.tolist()])
assert fur[0] > fur[1] + 0.1 > fur[2] + 0.15

# %% [markdown]
# And back? Times 255, round, `uint8`, channels last. If nothing was lost, each of the
# 405,900 numbers is the old one, to the bit.

# %%
back = (image * 255).round().to(torch.uint8).permute(1, 2, 0).numpy()  # (H, W, C)
Image.fromarray(back).save(Path(folder.name) / "again.png")
with Image.open(Path(folder.name) / "again.png") as picture:
    again = np.array(picture)
changed = int((again != pixels).sum())
print("numbers changed by file -> tensor -> file:", changed)
assert changed == 0 and again.tobytes() == pixels.tobytes()

Image.fromarray(pixels).save(Path(folder.name) / "cat.jpg", quality=95)
with Image.open(Path(folder.name) / "cat.jpg") as picture:
    jpeg_changed = (np.array(picture) != pixels).mean()
print(f"and by a JPEG of quality 95: {jpeg_changed:.0%}")
assert jpeg_changed > 0.3

# %% [markdown]
# PNG keeps each bit; JPEG throws some away to be small, so no tensor brings them back.
# Is `round()` needed? Turning a float into an integer cuts off. A 7 that comes back as
# 6.9999995 becomes 6. Try all 256 values: straight there and back, and once with a
# detour, in which the picture is standardised for a net and put back.

# %%
values = torch.arange(256, dtype=torch.uint8)
there = values / 255  # uint8 / int -> float32
detour = ((there - 0.45) / 0.22) * 0.22 + 0.45
lost = {}
for name, x in {"straight": there, "detour": detour, "/ 256": values / 256}.items():
    cut, rounded = (x * 255).to(torch.uint8), (x * 255).round().to(torch.uint8)
    lost[name] = int((cut != values).sum()), int((rounded != values).sum())
    print(
        f"{name:9} wrong of 256: cut off {lost[name][0]:3}, rounded {lost[name][1]:3}"
    )
assert lost["straight"] == (0, 0) and lost["detour"][0] > 20 == lost["detour"][1] + 20
assert lost["/ 256"][1] > 100

# %% [markdown]
# Straight, even cutting off loses nothing. After a little arithmetic it does, and
# rounding heals it: so always round. Nothing heals a wrong scale.
#
# What else can go wrong has the right shape, or at least no error. **Look for** what
# each of the four pictures suffers from; the titles say what was done.

# %%
t = torch.from_numpy(pixels)  # (300, 451, 3) uint8, shares memory
tries = {
    "permute(2, 0, 1) / 255": t.permute(2, 0, 1) / 255,  # (3, 300, 451)
    "permute(2, 1, 0) / 255": t.permute(2, 1, 0) / 255,  # (3, 451, 300)
    "reshape(3, 300, 451) / 255": t.reshape(3, 300, 451) / 255,
    "permute(2, 0, 1), no / 255": t.permute(2, 0, 1).float().clamp(0, 1),
}
plots.show(
    draw.pictures(tries),
    alt="Four pictures. First: the cat. Second: the cat lying on its side, mirrored. "
    "Third: a blur of false colours with thin stripes. Fourth: white, nearly "
    "everywhere.",
)

# %% [markdown]
# - (C, **W, H**): the cat lies on its side. If a photo is square, the shape can't tell.
# - `reshape`: the shape is right and the numbers are dealt out in the wrong order.
#   Three neighbours in memory are the red, green and blue of *one* pixel. To swap axes
#   is `permute`'s work, never `reshape`'s.
# - no division: to Matplotlib, 1.0 is as bright as it gets, so nearly all is white. A
#   net gets numbers 255 times too large.
#
# Feed (H, W, C) where (C, H, W) is due, and a layer takes the 300 rows for 300
# channels.

# %%
white = tries["permute(2, 0, 1), no / 255"].eq(1).float().mean()
side, garbled = (tries[n] for n in list(tries)[1:3])
print(f"white without division: {white:.1%}")
assert white > 0.95 and torch.equal(side.transpose(1, 2), image)
assert garbled.shape == image.shape and (garbled - image).abs().mean() > 0.1

# %% [markdown]
# ## Glue: cat or stack?
# Two ways to put tensors together. `torch.cat` goes on along an axis that is **there**:
# the number of axes stays. `torch.stack` makes a **new** axis: there is one more. Three
# sheets (H, W) become a colour picture by `stack`. `cat` would make one tall grey
# picture.

# %%
red, green, blue = image  # (300, 451) each: a loop goes along axis 0
stacked, catted = torch.stack([red, green, blue]), torch.cat([red, green, blue])
print("stack:", tuple(stacked.shape), "  cat:", tuple(catted.shape))
more = torch.cat([birds, bird.reshape(1, -1)])  # (3, 4) and (1, 4)
print("a bird more:", tuple(more.shape), "  a column more:", end=" ")
print(tuple(torch.cat([birds, torch.ones(3, 1)], dim=1).shape))
assert torch.equal(stacked, image) and catted.shape == (900, 451)
assert more.shape == (4, 4) and torch.stack([red, green, blue], dim=-1).shape[-1] == 3

# %% [markdown]
# ## Four kinds of product
# Let $\mathbf x, \mathbf w$ be vectors of size $n$ with entries $x_j, w_j$, and
# $\mathbf A, \mathbf B$ matrices with entries $a_{ij}, b_{ij}$: row $i$, column $j$.
#
# - **Hadamard** product, `A * B`, of equal shapes:
#   $(\mathbf A \odot \mathbf B)_{ij} = a_{ij} b_{ij}$
# - **dot** product, `x @ w`, $(n), (n) \to ()$:
#   $\mathbf x^\top \mathbf w = \sum_j x_j w_j$
# - **matrix-vector** product, `A @ w`, $(m, n), (n) \to (m)$:
#   $(\mathbf A \mathbf w)_i = \sum_j a_{ij} w_j$
# - **matrix-matrix** product, `A @ B`, $(m, n), (n, k) \to (m, k)$:
#   $(\mathbf A \mathbf B)_{ik} = \sum_j a_{ij} b_{jk}$
#
# All but the first add up along $j$, the axis that both share: like dominoes, the inner
# sizes must be equal, and they disappear.

# %% [markdown]
# For example, how *bright* is a pixel? A weighted sum of its three channels, a dot
# product: our eyes see green best, so it counts most. The photo, as a matrix with a row
# for each pixel, times the three weights, is the grey picture in one step.


# %%
def matmul(A, B):
    """Matrix-matrix product from its formula: (m, n), (n, k) -> (m, k)."""
    C = torch.zeros(A.shape[0], B.shape[1])
    for i in range(A.shape[0]):
        for k in range(B.shape[1]):
            C[i, k] = (A[i] * B[:, k]).sum()  # a dot product: Hadamard, then sum
    return C


eye = torch.tensor([0.299, 0.587, 0.114])  # red, green, blue; their sum is 1
rows = image.permute(1, 2, 0).reshape(-1, 3)  # (H, W, C) -> (H * W, C)
grey = (rows @ eye).reshape(300, 451)  # (135300, 3) x (3,) -> (135300,)
by_hand = matmul(rows[:50], eye.reshape(3, 1))  # (50, 3) x (3, 1) -> (50, 1)
torch.testing.assert_close(by_hand.flatten(), grey.flatten()[:50])
by_pillow = np.array(Image.fromarray(pixels).convert("L")) / 255
off = abs(grey.numpy() - by_pillow).max() * 255
print(f"farthest from Pillow's grey: {off:.2f} of 255")
assert off < 1.01

# %% [markdown]
# PyTorch has several names for it. `dot` takes two vectors and nothing else, `mm` two
# matrices, `mv` a matrix and a vector. `matmul`, for which `@` is short, takes all of
# them, and more axes: what stands before the last two is a batch, and broadcasts.

# %%
operands = {"x": torch.ones(3), "A": torch.ones(2, 3), "B": torch.ones(3, 4)}
operands["batch"] = torch.ones(5, 2, 3)
worked = {}
for one, two in (("x", "x"), ("A", "x"), ("A", "B"), ("batch", "B")):
    for f in (torch.dot, torch.mv, torch.mm, torch.matmul):
        try:
            result = tuple(f(operands[one], operands[two]).shape)
            worked.setdefault(f.__name__, []).append(result)
        except RuntimeError:
            result = "error"
        print(f"{f.__name__}({one}, {two}) {result}".ljust(25), end="")
    print()
assert worked["matmul"] == [(), (2,), (2, 4), (5, 2, 4)]
assert worked["dot"] == [()] and worked["mv"] == [(2,)] and worked["mm"] == [(2, 4)]

# %% [markdown]
# ## How long is a vector?
# How far are two penguins apart? Subtract, and ask how long the difference is. A
# **norm** is a way to measure length:
#
# $$\|\mathbf x\|_1 = \sum_j |x_j|, \qquad
# \|\mathbf x\|_2 = \sqrt{\sum_j x_j^2}, \qquad
# \|\mathbf A\|_F = \sqrt{\sum_i \sum_j a_{ij}^2}$$
#
# $\|\mathbf x\|_1$, the **L1 norm**, is how far you walk through streets that cross at
# right angles. $\|\mathbf x\|_2$, the **L2 norm**, is how far a bird flies. The
# **Frobenius norm** $\|\mathbf A\|_F$ is the L2 norm of a matrix laid out as one long
# vector. With $\mathbf x$ and $\mathbf y$ any vectors and $\alpha$ any number, a norm
# must obey three **axioms**:
#
# 1. $\|\mathbf x\| > 0$, unless $\mathbf x = 0$
# 2. $\|\alpha \mathbf x\| = |\alpha| \, \|\mathbf x\|$
# 3. $\|\mathbf x + \mathbf y\| \le \|\mathbf x\| + \|\mathbf y\|$, the **triangle
#    inequality**

# %%
ways = {
    "L1": lambda x: x.abs().sum(),
    "L2": lambda x: (x**2).sum().sqrt(),
    "sum of squares": lambda x: (x**2).sum(),
}
x, z = birds[1] - birds[0], birds[2] - birds[1]  # (4,) each
obeys = {}
for name, norm in ways.items():
    doubled, triangle = norm(2 * x) / norm(x), norm(x + z) <= norm(x) + norm(z)
    obeys[name] = bool(torch.isclose(doubled, torch.tensor(2.0))), bool(triangle)
    print(f"{name:14} {norm(x):8.1f}   of twice the vector: {doubled:.0f} times that")
assert obeys["L1"] == obeys["L2"] == (True, True) and not obeys["sum of squares"][0]
both_same_way = ways["sum of squares"](x + x), 2 * ways["sum of squares"](x)
assert both_same_way[0] > both_same_way[1]  # the triangle inequality fails, too

# %% [markdown]
# Without its root the sum of squares is no norm: twice the vector would be four times
# as long.
#
# **Look for:** all points of length 1. For L2 they are a circle, for L1 a square that
# stands on a corner. It lies inside: a walk is never shorter than the flight. The
# marked vector (0.6, 0.8) has L2 norm 1 and L1 norm 1.4.

# %%
plots.show(
    draw.unit_shapes([0.6, 0.8]),
    alt="A circle of radius 1 around 0, and inside it, touching it at four points, a "
    "square that stands on a corner. An arrow goes from 0 to (0.6, 0.8) on the circle.",
)
arrow = torch.tensor([0.6, 0.8])
print(f"the arrow: L1 {ways['L1'](arrow):.1f}, L2 {ways['L2'](arrow):.1f}")
assert torch.allclose(arrow.abs().sum(), torch.tensor(1.4))

# %% [markdown]
# In PyTorch: `torch.linalg.vector_norm(x, ord=1)`, or `ord=2`, which is the default,
# and `dim=` for one norm a row. The older `torch.norm` still runs and is outdated. For
# matrices mind a trap: `ord=2` of a *matrix* norm is another thing, the largest factor
# by which the matrix stretches a vector (the spectral norm). Frobenius is
# `matrix_norm`'s default.

# %%
A = places
frobenius = (A**2).sum().sqrt()
same = [torch.linalg.matrix_norm(A), torch.linalg.vector_norm(A)]
spectral = torch.linalg.matrix_norm(A, ord=2)
print(f"Frobenius {frobenius:.1f}, with ord=2 {spectral:.1f}")
print("L1 norm of each row:", torch.linalg.vector_norm(A, ord=1, dim=1).tolist())
assert all(torch.isclose(value, frobenius) for value in same)
assert spectral < 0.95 * frobenius
torch.testing.assert_close(torch.linalg.vector_norm(x, ord=1), ways["L1"](x))

# %% [markdown]
# ## Which penguin is most like this one?
# Now all of it together. For each of the 344 birds find the one whose four measurements
# are closest, and say: "you are of *its* species". This is the **nearest neighbour**
# method, and the whole of it is broadcasting, a norm and an index: (N, 1, n) minus (1,
# N, n) is a table of all pairs. As a baseline, say "Adelie" to everybody.


# %%
def nearest_species(X, y):
    """The label of each row's nearest other row: X (N, n), y (N,) -> (N,), (N, N)."""
    difference = X[:, None, :] - X[None, :, :]  # (N, 1, n) - (1, N, n) -> (N, N, n)
    distance = torch.linalg.vector_norm(difference, dim=2)  # (N, N)
    others = distance.clone().fill_diagonal_(float("inf"))  # nobody is its own
    return y[others.argmin(dim=1)], distance


measured = X[:, :4]  # (344, 4): bill length, bill depth, flipper in mm; mass in g
y_raw, d_raw = nearest_species(measured, y)
accuracy = {"always Adelie": (y == 0).float().mean().item()}
accuracy["as measured"] = (y_raw == y).float().mean().item()
print({name: f"{value:.3f}" for name, value in accuracy.items()})
assert abs(accuracy["always Adelie"] - 0.442) < 0.001
assert abs(accuracy["as measured"] - 0.866) < 0.001

# %% [markdown] predict="grams_and_millimetres"
# **Predict.** 0.866, far above the baseline. But 46 birds are judged wrongly. We change
# one thing: the mass in **kilograms** instead of grams. It is the same table, and no
# bird has changed. What happens to the share that is right?
#
# - It stays: the same birds are as near to each other as before.
#   wrong: a distance thought to know about units. It adds up the squares of plain
#   numbers.
# - It rises: grams drowned out the millimetres.
#   right: differences of hundreds of grams decided alone who is near. In kilograms they
#   hardly count, and the bills and flippers speak.
# - It falls: smaller numbers carry less information.
#   wrong: the size of a number taken for what it says. Grams and kilograms say the
#   same.

# %%
in_kg = measured * torch.tensor([1.0, 1.0, 1.0, 0.001])  # (344, 4) * (4,)
mean, std = measured.mean(dim=0, keepdim=True), measured.std(dim=0, keepdim=True)
scaled = (measured - mean) / std  # (344, 4) - (1, 4): each column in its own spreads
tables = {"mass in kg": in_kg, "without mass": measured[:, :3]}
tables |= {"mass only": measured[:, [3]], "each column scaled": scaled}
for name, features in tables.items():
    accuracy[name] = (nearest_species(features, y)[0] == y).float().mean().item()
for name, value in accuracy.items():
    print(f"{name:19} {value:.3f}")
of_mass = (measured[:, [3]] - measured[:, 3]) ** 2  # (344, 344): squared, mass alone
print(f"mass's part of the squared distances: {of_mass.sum() / (d_raw**2).sum():.3f}")
assert abs(accuracy["mass in kg"] - accuracy["without mass"]) < 0.005
assert accuracy["mass in kg"] > 0.95 and accuracy["each column scaled"] > 0.97
assert of_mass.sum() / (d_raw**2).sum() > 0.99

# %% [markdown]
# With grams, over 99 % of the sum of all squared distances comes from mass. Is that the
# cause? Take the mass away altogether: 0.959, as good as with kilograms. So its *unit*
# did the harm, not the mass: alone it is right for 0.692, far above the baseline. Best
# of all is a fair say for each, by scaling each column to its own spread (mean 0,
# standard deviation 1).
#
# **Look for:** birds are sorted by species. Dark is near. Three dark blocks along the
# diagonal say that birds of a species are close to one another. On the left the first
# two blocks flow together: Adelies and Chinstraps weigh nearly the same.

# %%
order = y.argsort()  # (344,): the birds, species by species
_, d_scaled = nearest_species(scaled, y)
maps = {"as measured (g and mm)": d_raw, "each column scaled": d_scaled}
maps = {title: d[order][:, order] for title, d in maps.items()}  # rows and columns
plots.show(
    draw.distance_maps(maps, y.bincount()),
    alt="Two maps of the distances between all pairs of 344 birds, sorted by species. "
    "Left: a dark square that the first two species share, and one of the third. "
    "Right: three dark squares along the diagonal, one a species.",
)

# %%
adelie, chinstrap = slice(0, 152), slice(152, 220)  # of the sorted birds
for title, d in maps.items():
    apart = d[adelie, chinstrap].mean() / d[chinstrap, chinstrap].mean()
    print(f"{title}: Adelie to Chinstrap {apart:.2f} times Chinstrap to Chinstrap")
kinds = {name: measured[y == k, 3].mean().item() for k, name in enumerate(species)}
print("mean mass in grams:", {name: round(mass) for name, mass in kinds.items()})
assert y.bincount().tolist() == [152, 68, 124] and apart > 1.4
assert abs(kinds["Adelie"] - kinds["Chinstrap"]) < 50 < kinds["Gentoo"] - 5000

# %%
metrics = {"nearest neighbour, as measured": accuracy["as measured"]}
metrics |= {"nearest neighbour, each column scaled": accuracy["each column scaled"]}
metrics |= {"gaps left in X": int(X.isnan().sum()), "pixels changed": changed}

# %% [markdown]
# So: units decide who is near, unless you scale. Every method that compares distances
# has this trouble.
#
# ## What goes wrong in practice
# Read an error from its end: PyTorch names the two sizes or types that do not fit.
#
# | the message says | look for |
# |---|---|
# | `size of tensor a (3) must match ... b (2)` | a lost `keepdim=True` |
# | `mat1 and mat2 shapes cannot be multiplied` | dominoes: a transpose is missing |
# | `same dtype, but got: double != float` | NumPy's `float64`: `.float()` |
# | `could not infer output dtype` of `mean` | whole numbers: `.float()` |
# | `can't convert ... numpy.object_` | `bool` beside `float`: `dtype=float` |
# | `view size is not compatible` | not contiguous: `reshape` |

# %% [markdown]
# Worse are the errors without a message. You have met six: a square table divided the
# wrong way, a column (N, 1) against a row (N,), `reshape` where `permute` was due, a
# division by 255 forgotten, a shared block written over, grams beside millimetres. One
# habit catches most of them: print shape, dtype and range once, and `assert` what you
# believe.

# %%
for name, x in {"X": X, "y": y, "image": image}.items():
    low, high = x.min().item(), x.max().item()
    print(f"{name:6} {tuple(x.shape)!s:15} {x.dtype}  from {low:.4g} to {high:.4g}")
assert X.dtype == image.dtype == torch.float32 and y.dtype == torch.int64
folder.cleanup()  # the temporary folder goes

# %% [markdown]
# ## Summary
# - A tensor has axes; a shape is the size of each. A vector of dimension 4 has *one*
#   axis.
# - The axis that you name in `sum(dim=...)` is the one that disappears; `keepdim=True`
#   keeps it, with size 1.
# - Broadcasting compares sizes from the right; 1 stretches. It raises no error when it
#   does what you did not mean.
# - Slices and views share memory, lists as index and `clone` copy. `from_numpy` shares,
#   `torch.tensor` copies.
# - Gaps: delete, or impute and say so in a column. Words become indicator columns.
# - A photo goes from (H, W, C) `uint8` to (C, H, W) `float32` in [0, 1], and back by
#   rounding, without a bit lost.
# - Scale the columns before you measure distances.

# %% [markdown]
# ## Exercises and further reading
# The exercise notebook begins with one line and leads to your own nearest neighbour
# that copes with gaps. Before you open it, guess, then try here:
#
# 1. What is `birds.sum(dim=0, keepdim=True).shape`? And of `birds[:, None].shape`?
# 2. Does `Y = birds; Y += 1` change `birds`? Does `Y = birds[[0, 1, 2]]`?
# 3. How does `nearest_species` do with the L1 norm?

# %% [markdown]
# In [Dive into Deep Learning](https://d2l.ai): sections 2.1 to 2.3, data manipulation,
# data preprocessing and linear algebra.
#
# - Harris et al. 2020, *Array programming with NumPy*, Nature: where arrays and
#   broadcasting come from
# - Paszke et al. 2019, *PyTorch: an imperative style, high-performance deep learning
#   library*
# - Gorman, Williams and Fraser 2014: the penguins
# - Rubin 1976, *Inference and missing data*: why values are missing matters
#
# Next: which way is down? The [gradient](02 "gradient") says.
