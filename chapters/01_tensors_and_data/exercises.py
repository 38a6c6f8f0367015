# %% [markdown]
# # Tensors and data: exercises
# Twelve exercises, from one line to a nearest neighbour that copes with gaps, and
# questions to think about. Each stands alone: if you are stuck, go on.
#
# Replace each `raise NotImplementedError` by your answer, run that cell, then the test
# below it. A failed test says what was expected, what came, and often which mistake it
# looks like. Some tests are hidden: they try other sizes.
#
# Stuck? `check.hint("facts")` in a new cell asks for a hint: first a question, then an
# idea, then the shape of the answer.
#
# `X` (N, n) is a tensor with N rows and n columns; `...` stands for any further axes,
# or none.

# %%
import io

import numpy as np
import pandas as pd
import torch

from utils import check


def rows(text):
    """A table from text: rows with `;` between them, `-` for a gap, which is NaN."""
    table = [[*line.replace("-", "nan").split()] for line in text.split(";")]
    return torch.tensor(np.array(table, dtype=np.float32))


# %% [markdown]
# ## 1. Look at a tensor
# Write `facts(x)`. It returns three whole numbers, as a tuple:
#
# 1. how many axes `x` has
# 2. the size of its **last** axis
# 3. how many numbers `x` holds in all
#
# `x` is a tensor with one axis or more. Allowed: all of torch.
#
# For example, `facts(torch.zeros(4, 3))` gives `(2, 3, 12)`.


# %% exercise="facts"
def facts(x):
    """How many axes, the size of the last one, how many numbers.

    Args:
        x: a tensor with one axis or more.

    Returns:
        tuple of three ints.
    """
    ### BEGIN SOLUTION
    return x.ndim, x.shape[-1], x.numel()
    ### END SOLUTION


# %% test="facts" points=1
check.probe(facts, torch.zeros(6, 5, 4))
check.probe(facts, torch.arange(7))
### BEGIN HIDDEN TESTS
check.probe(facts, torch.ones(2, 3, 4, 6))
check.probe(facts, torch.zeros(3, 0))
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Pick each row's entry
# `scores` has a row for each example and a column for each class. `labels` names the
# true class of each example, or holds **-1** where nobody knows it. Write
# `pick(scores, labels)`: the score of the true class of each example, in order.
# Examples without a label are **left out**.
#
# `scores` is (N, classes) float32, `labels` is (N,) int64. The result has as many
# entries as there are labels other than -1, perhaps none: shape (0,).
#
# Not allowed: a loop.
#
# For example, `pick(torch.tensor([[0.7, 0.3], [0.2, 0.8], [0.6, 0.4]]),
# torch.tensor([1, -1, 0]))` gives `tensor([0.3, 0.6])`.


# %% exercise="pick"
def pick(scores, labels):
    """The score of the true class of each labelled example.

    Args:
        scores: (N, classes) float32.
        labels: (N,) int64, a class or -1.

    Returns:
        (number of labels other than -1,) float32.
    """
    ### BEGIN SOLUTION
    rows = (labels >= 0).nonzero().flatten()
    return scores[rows, labels[rows]]
    ### END SOLUTION


# %% test="pick" points=2 bans="loops"
scores = torch.tensor(
    [[0.1, 0.7, 0.2], [0.5, 0.4, 0.15], [0.3, 0.25, 0.45], [0.8, 0.05, 0.12]]
)
check.probe(pick, scores, torch.tensor([2, -1, 0, 1]))
check.probe(pick, scores, torch.tensor([1, 0, 0, 2]))
check.probe(pick, scores[:2] - 0.4, torch.tensor([-1, 1]))  # one label, its score 0
### BEGIN HIDDEN TESTS
check.probe(pick, scores[:3], torch.tensor([-1, 2, 0]))
check.probe(pick, scores[:2], torch.tensor([-1, -1]))
check.probe(pick, scores.T, torch.tensor([3, 0, -1]))
### END HIDDEN TESTS

# %% [markdown] choice="which_axis_now" points=1
# ## Think: twice the same axis
# `X` has the shape (2, 3, 4): two islands, three years, four measurements. What is
# `X.sum(dim=0).mean(dim=0)`?
#
# - An error: axis 0 is used up, and can't go twice.
#   wrong: axes thought to keep their numbers once one of them is gone
# - Four numbers: for each measurement, the mean over the years of the islands' sum.
#   right: after the sum the shape is (3, 4), and its axis 0 counts the years.
# - Three numbers: a mean for each year.
#   wrong: dim=0 read as "for each entry of axis 0", where it is the axis that goes
# - One number: the mean of everything.
#   wrong: an axis left out of sight, where each step removes one of three

# %% [markdown]
# ## 3. Shares of the whole
# Write `normalise_rows(X)`. Along its **last** axis, each row is divided by its own
# sum, so that it then sums to 1. A row of zeros stays a row of zeros.
#
# `X` has the shape (..., n), with one axis or more, and holds numbers of 0 or more,
# perhaps tiny ones, float32 or int64. The result has the same shape and is float32.
# Allowed: all of torch.
#
# For example, `normalise_rows(torch.tensor([[1, 3], [0, 0]]))` gives
# `tensor([[0.25, 0.75], [0., 0.]])`.


# %% exercise="normalise_rows"
def normalise_rows(X):
    """Divide along the last axis by the sum; rows of zeros stay.

    Args:
        X: (..., n) float32 or int64, no entry below 0.

    Returns:
        (..., n) float32.
    """
    ### BEGIN SOLUTION
    total = X.sum(dim=-1, keepdim=True)  # (..., 1)
    total[total == 0] = 1  # a tensor of our own: X stays as it is
    return X / total  # (..., n) / (..., 1)
    ### END SOLUTION


# %% test="normalise_rows" points=2
X = torch.tensor([[0.1, 0.4, 0.3], [0.0, 0.0, 0.0], [2e-7, 5e-8, 7.5e-7]])
check.probe(normalise_rows, X)
check.probe(normalise_rows, torch.tensor([[2, 6], [5, 0], [0, 0]]))
check.probe(normalise_rows, torch.arange(24.0).reshape(2, 3, 4))
### BEGIN HIDDEN TESTS
check.probe(normalise_rows, torch.tensor([0.1, 0.4, 0.3]))
check.probe(normalise_rows, torch.arange(12).reshape(2, 2, 1, 3))
check.probe(normalise_rows, X[:2] / 100)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Three norms
# Write `norms(X)` from the definitions. For `X` of shape (N, n) it returns a tuple:
#
# 1. the L1 norm of each row, shape (N,)
# 2. the L2 norm of each row, shape (N,)
# 3. the Frobenius norm of the whole matrix, a tensor without axes
#
# Not allowed: ready-made norms, such as `torch.linalg.vector_norm`.
#
# For example, `norms(torch.tensor([[3.0, -4.0], [0.0, 12.0]]))` gives
# `(tensor([7., 12.]), tensor([5., 12.]), tensor(13.))`.


# %% exercise="norms"
def norms(X):
    """L1 norm of each row, L2 norm of each row, Frobenius norm of the matrix.

    Args:
        X: (N, n) float32.

    Returns:
        (N,), (N,) and 0-d float32 tensors.
    """
    ### BEGIN SOLUTION
    l1 = X.abs().sum(dim=1)  # (N,)
    l2 = (X**2).sum(dim=1).sqrt()  # (N,)
    return l1, l2, (X**2).sum().sqrt()
    ### END SOLUTION


# %% test="norms" points=2 bans="norms"
X = torch.tensor([[1.0, -2.0, -2.5], [-0.5, 4.0, 1.5]])
check.probe(norms, X)
check.probe(norms, torch.tensor([[-2.0, 1.0], [0.5, -3.0]]))
### BEGIN HIDDEN TESTS
check.probe(norms, -3 * X[:, :1])
check.probe(norms, torch.cat([X, X.flip(0) - 1, X - 4]))
### END HIDDEN TESTS

# %% [markdown] choice="stretched_twice" points=1
# ## Think: three axes and two
# `A` has the shape (5, 1, 3) and `B` has the shape (4, 1). What is the shape of
# `A + B`?
#
# - (5, 4, 3)
#   right: flush right, (4, 1) counts as (1, 4, 1). Each axis has a 1 on one side.
# - (5, 1, 3): the larger tensor decides.
#   wrong: broadcasting thought to stretch one side only
# - None: 5 and 4 don't match.
#   wrong: shapes compared from the left
# - None: the tensors have three axes and two.
#   wrong: as many axes demanded, where missing ones count as 1

# %% [markdown]
# ## 5. All pairs
# Write `pairwise_differences(X, Y)` for two tables with the same columns: `X` (N, n)
# and `Y` (M, n). The result `D` has the shape (N, M, n), and `D[i, j]` is row `i` of
# `X` **minus** row `j` of `Y`.
#
# Not allowed: a loop.
#
# For example, `pairwise_differences(torch.tensor([[5.0]]), torch.tensor([[1.0],
# [7.0]]))` gives `tensor([[[4.], [-2.]]])`.


# %% exercise="pairwise_differences"
def pairwise_differences(X, Y):
    """Each row of X minus each row of Y.

    Args:
        X: (N, n) float32; Y: (M, n) float32.

    Returns:
        (N, M, n) float32.
    """
    ### BEGIN SOLUTION
    return X[:, None, :] - Y[None, :, :]  # (N, 1, n) - (1, M, n)
    ### END SOLUTION


# %% test="pairwise_differences" points=2 bans="loops"
X = torch.tensor([[1.0, 2.0], [4.0, 0.5], [-3.0, 6.0]])
Y = torch.tensor([[0.5, 1.0], [2.5, -7.0]])
check.probe(pairwise_differences, X, 2 * X.flip(1))
check.probe(pairwise_differences, X, Y)
### BEGIN HIDDEN TESTS
check.probe(pairwise_differences, Y[:1], X)
check.probe(pairwise_differences, torch.arange(10.0).reshape(2, 5), torch.ones(4, 5))
### END HIDDEN TESTS

# %% [markdown]
# ## 6. A picture becomes a tensor
# Write `image_to_tensor(pixels)`. `pixels` is a NumPy array of dtype uint8, either of
# shape (H, W, 3), a colour picture, or of shape (H, W), a grey one. Return a float32
# tensor with values in [0, 1] and the shape (3, H, W) or (1, H, W).
#
# Not allowed: `torchvision.transforms`.
#
# For example, `image_to_tensor(np.array([[0, 51]], dtype=np.uint8))`, a grey picture of
# one row, gives `tensor([[[0.0, 0.2]]])`.


# %% exercise="image_to_tensor"
def image_to_tensor(pixels):
    """Pixels from 0 to 255, channels last, to a tensor in [0, 1], channels first.

    Args:
        pixels: (H, W, 3) or (H, W) uint8 array.

    Returns:
        (3, H, W) or (1, H, W) float32 tensor.
    """
    ### BEGIN SOLUTION
    x = torch.tensor(pixels)
    if x.ndim == 2:
        x = x[:, :, None]  # (H, W) -> (H, W, 1)
    return x.permute(2, 0, 1) / 255  # (H, W, C) -> (C, H, W)
    ### END SOLUTION


# %% test="image_to_tensor" points=2 bans="torchvision.transforms"
picture = (np.arange(24).reshape(2, 4, 3) * 11 % 256).astype(np.uint8)
check.probe(image_to_tensor, picture)
check.probe(image_to_tensor, picture[:, :, 1])
### BEGIN HIDDEN TESTS
check.probe(image_to_tensor, 255 - picture.reshape(4, 2, 3))
check.probe(image_to_tensor, picture[:, :3])
check.probe(image_to_tensor, picture[:, :3, 0])
### END HIDDEN TESTS

# %% [markdown]
# ## 7. And back
# Write `tensor_to_image(X)`, the way back. `X` is a float32 tensor (3, H, W) or
# (1, H, W). Return a NumPy array of dtype uint8, (H, W, 3) or, of a grey picture,
# (H, W).
#
# Mind two things. A net computed `X`: values may lie **below 0 or above 1**; they
# become 0 and 255. And a value that stands for 6.9999 is a 7: **round** to the nearest.
# Allowed: all of torch and NumPy.
#
# For example, `tensor_to_image(torch.tensor([[[0.2, 1.3]]]))` gives the array
# `[[51, 255]]`.


# %% exercise="tensor_to_image"
def tensor_to_image(X):
    """A tensor, channels first, to pixels from 0 to 255, channels last.

    Args:
        X: (3, H, W) or (1, H, W) float32; what is outside [0, 1] is clipped.

    Returns:
        (H, W, 3) or (H, W) uint8 array.
    """
    ### BEGIN SOLUTION
    x = (X.clamp(0, 1) * 255).round().to(torch.uint8)
    return x[0].numpy() if len(x) == 1 else x.permute(1, 2, 0).numpy()
    ### END SOLUTION


# %% test="tensor_to_image" points=2
X = torch.arange(24.0).reshape(3, 2, 4) / 19 - 0.117
check.probe(tensor_to_image, X)
check.probe(tensor_to_image, X[:1] * 0.5 + 0.4)
### BEGIN HIDDEN TESTS
check.probe(tensor_to_image, 2 * X.reshape(3, 4, 2) - 0.5)
check.probe(tensor_to_image, X[:, :1])
every = torch.arange(256, dtype=torch.uint8).reshape(16, 16)
detour, expected = ((every[None] / 255 - 0.45) / 0.22) * 0.22 + 0.45, every.numpy()
check.equal(check.call(tensor_to_image, detour), expected, "all 256 values")
### END HIDDEN TESTS

# %% [markdown] choice="whose_memory" points=1
# ## Think: who still holds zeros?
# ```
# a = torch.zeros(2, 3)
# b = a.reshape(3, 2)
# c = a.T.reshape(6)
# d = a[:, [0]]
# e = a[:, 0]
# a += 1
# ```
# Which of the four still hold nothing but zeros? Choose all that hold.
#
# - `b`
#   wrong: `reshape` thought to copy always, where it copies only if no walk fits
# - `c`
#   right: no walk in steps of one size reads the columns one after the other, so
#   `reshape` must copy.
# - `d`
#   right: a list as index copies.
# - `e`
#   wrong: a column cut out by a number taken for a copy, where it is a view

# %% [markdown]
# ## 8. Many pictures, one batch
# Nets take many pictures at once, with a new axis in front that counts them. But photos
# come in different sizes. Write `make_batch(images)`: cut each image down to the
# smallest height **of all** and the smallest width **of all**, and put them together.
#
# `images` is a list of one or more tensors (C, H, W) with the same C; H and W differ.
# Keep the upper left part of each. The result has the shape (N, C, smallest H,
# smallest W).
#
# For example, images of shapes (3, 5, 4) and (3, 2, 7) give a batch (2, 3, 2, 4).


# %% exercise="make_batch"
def make_batch(images):
    """Images of several sizes to one batch, each cut to the smallest height and width.

    Args:
        images: list of N tensors (C, H, W).

    Returns:
        (N, C, smallest H, smallest W) tensor.
    """
    ### BEGIN SOLUTION
    height = min(image.shape[1] for image in images)
    width = min(image.shape[2] for image in images)
    return torch.stack([image[:, :height, :width] for image in images])
    ### END SOLUTION


# %% test="make_batch" points=2
def made(*shapes):
    sizes = [torch.Size(shape).numel() for shape in shapes]
    pairs = zip(shapes, sizes, strict=True)
    images = [torch.arange(1.0 * n).reshape(s) + n for s, n in pairs]
    return check.call(make_batch, images)


call = "make_batch(images of shapes (3, 4, 5), (3, 6, 2))"
check.probe(made, (3, 4, 5), (3, 6, 2), call=call)
check.probe(made, (2, 3, 3), call="make_batch(one image of shape (2, 3, 3))")
### BEGIN HIDDEN TESTS
check.probe(made, (1, 2, 6), (1, 5, 3), (1, 4, 4), call="three grey images")
check.probe(made, (2, 3, 3), (2, 3, 3), call="two of one size")
### END HIDDEN TESTS

# %% [markdown]
# ## 9. Find the bug: brighter, they said
# Somebody wrote a function that makes a photo brighter by `amount`. Pixels that were
# nearly white came out nearly **black**. And later the *original* photo was brighter,
# too, although nobody had touched it. Run the cell and see for yourself.


# %%
def faulty_brighten(photo, amount):
    picture = torch.from_numpy(photo)
    picture += amount
    return picture


sky = np.array([[100, 200, 250]], dtype=np.uint8)
brighter = faulty_brighten(sky, 40).clone()
{"brighter by 40": brighter.tolist(), "the original": sky.tolist()}

# %% [markdown]
# Write `brighten(photo, amount)` without these two bugs.
#
# - `photo` is a NumPy array of dtype uint8 and any shape. It must **stay as it is**.
# - `amount` is a whole number from -255 to 255; below 0 it makes the photo darker.
# - The result is a uint8 tensor of the same shape, each pixel changed by `amount`. What
#   would be above 255 is 255, what would be below 0 is 0.
#
# For example, `brighten(np.array([10, 250], dtype=np.uint8), 40)` gives
# `tensor([50, 255])` of dtype uint8.


# %% exercise="brighten"
def brighten(photo, amount):
    """A photo made brighter or darker, limited to 0 to 255; the photo stays.

    Args:
        photo: uint8 array of any shape.
        amount: int from -255 to 255.

    Returns:
        uint8 tensor of the same shape.
    """
    ### BEGIN SOLUTION
    wide = torch.tensor(photo).int() + amount  # int32 has room for all sums
    return wide.clamp(0, 255).to(torch.uint8)
    ### END SOLUTION


# %% test="brighten" points=2
def twice(photo, up, down):
    pictures = [
        check.call(brighten, photo, amount, changes="photo").clone()
        for amount in (up, down)
    ]
    return {"brighter": pictures[0], "darker": pictures[1], "photo after it": photo}


photo = np.array([[100, 250, 200], [255, 30, 0]], dtype=np.uint8)
call = "brighten(photo, 40), then brighten(photo, -50)"
check.probe(twice, photo, 40, -50, call=call)
check.probe(brighten, photo[1, :2], 7)
### BEGIN HIDDEN TESTS
check.probe(brighten, photo.T.copy(), 255)
check.probe(brighten, photo[0], -255)
check.probe(brighten, photo[:, 1:], 0)
### END HIDDEN TESTS

# %% [markdown]
# ## 10. A table for a model
# A model learns from one table and is used on another, which may have gaps and words
# that the first has not. Write `table_to_tensor(text, train_text)`. Both are the text
# of a CSV file, with the same columns; read one with `pd.read_csv(io.StringIO(text))`.
# Return a float32 tensor, a row for each row of `text`, with these columns:
#
# - **Numbers** (in `train_text`): gaps are filled with the mean of the known values in
#   **`train_text`**. A second column beside it holds 1 where there was a gap, else 0.
# - **Words**: a column for each word of **`train_text`**, in alphabetical order, 1
#   where `text` has it, else 0. Then one with 1 where there is a gap, else 0.

# %% [markdown]
# The columns come in the order of `train_text`. A word that it hasn't gives zeros in
# all columns, that of the gaps as well.
#
# In `text` a column may be all gaps; in `train_text` each has a known value. Allowed:
# all of torch, NumPy and pandas.
#
# For example, from the training table and the table
#
# ```
# mass,sex          mass,sex
# 3,male            NA,female
# 5,female          7,NA
# NA,male
# ```
#
# come `[[4, 1, 1, 0, 0], [7, 0, 0, 0, 1]]`: the mass, whether it was missing, female,
# male, and whether the sex is missing.


# %% exercise="table_to_tensor"
def table_to_tensor(text, train_text):
    """Encode a table with gaps by the means and the words of a training table.

    Args:
        text: CSV with N rows.
        train_text: CSV with the same columns.

    Returns:
        (N, columns) float32: for each column of numbers its values and its gaps, for
        each of words an indicator of each word, then of its gaps.
    """
    ### BEGIN SOLUTION
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].mean()), gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()  # (N, columns)
    ### END SOLUTION


# %% test="table_to_tensor" points=4
train = "bill,island,mass\n40,Dream,3\n44,Biscoe,NA\nNA,Dream,5\n51,NA,10\n"
table = "bill,island,mass\n39,Biscoe,NA\nNA,Dream,6\n50,Torgersen,2\n44,NA,NA\n"
check.probe(table_to_tensor, table, train, call="table_to_tensor(table, train)")
check.probe(table_to_tensor, train, train, call="table_to_tensor(train, train)")
### BEGIN HIDDEN TESTS
call = "a table of one row, all gaps"
check.probe(table_to_tensor, "bill,island,mass\nNA,NA,NA\n", train, call=call)
two = "sex,age\nmale,3\nfemale,4.5\n,9\nunsure,\n"
check.probe(table_to_tensor, "sex,age\nmale,1\nfemale,2\n", two, call="no gaps")
check.probe(table_to_tensor, "sex,age\n,2\n,\n", two, call="a column of gaps")
### END HIDDEN TESTS

# %% [markdown] choice="broken_scale" points=1
# ## Think: the scale that stops at five kilograms
# A scale shows nothing for birds above 5 kg. So the masses of just these birds are
# missing, and nothing else is. Ann deletes the rows with gaps, Ben fills the gaps with
# the mean of the column. Whose mean mass is nearer to the true one?
#
# - Ann's: she uses measured values only.
#   wrong: measured values thought to stand for those that are not
# - Ben's: he keeps all birds.
#   wrong: rows kept taken for knowledge kept
# - Neither: both get the same mean, and it is too low.
#   right: a mean of values and of copies of their mean is that mean. Both speak of the
#   light birds only, since *what* is missing depends on its value.
# - Neither: Ann's is too low and Ben's too high.
#   wrong: a filled gap thought to weigh as much as a heavy bird

# %% [markdown]
# ## 11. Nearest, despite the gaps
# Gaps can be left out, pair by pair. Write `nearest_label(X_new, X, labels)`. For each
# row of `X_new` (M, n) find the nearest row of `X` (N, n), and return its label: shape
# (M,), int64. Gaps are NaN.
#
# The distance of two rows is the **mean of the absolute differences, over those columns
# that are known in both**. Rows without such a column are infinitely far apart. There
# are no ties; each new row is at some distance from a row.
#
# Not allowed: a loop, `torch.cdist`.
#
# For example, the new row `[1, NaN, 3]` is 1 away from `[2, 5, NaN]`, and
# (0 + 1) / 2 = 0.5 away from `[1, 0, 4]`.


# %% exercise="nearest_label"
def nearest_label(X_new, X, labels):
    """The label of the nearest row, by the columns that both rows know.

    Args:
        X_new: (M, n) float32, may hold NaN.
        X: (N, n) float32, may hold NaN.
        labels: (N,) int64.

    Returns:
        (M,) int64.
    """
    ### BEGIN SOLUTION
    difference = (X_new[:, None] - X[None]).abs()  # (M, 1, n) - (1, N, n)
    distance = difference.nanmean(dim=2)  # (M, N), NaN where nothing is known
    return labels[distance.nan_to_num(nan=float("inf")).argmin(dim=1)]
    ### END SOLUTION


# %% test="nearest_label" points=4 bans="loops, distances"
X = rows("0 3 5 4; 2 9 - -; - - 9 -; 9 8 4 -; 6 - - 4; - 8 - 7")
labels = torch.tensor([20, 11, 52, 43, 34, 65])
X_new = rows("2 5 7 7; 9 - 6 0; - 3 - 6; - - 0 9; 6 6 - 8; 6 - 7 -; 3 5 0 -")
check.probe(nearest_label, X_new, X, labels)
check.probe(nearest_label, X_new[:2].nan_to_num(9), X[[0, 5, 3]], labels[:3])
### BEGIN HIDDEN TESTS
X = rows("0 2 2 2; 3 3 9 1; 0 5 0 5; 8 2 6 7; 1 1 - 4; 2 - - 6")
X_new = rows("- - - 2; - 1 1 -; 8 6 4 2; - 8 5 2; - - 4 9; - - 3 -")
check.probe(nearest_label, X_new, X, labels.flip(0))
check.probe(nearest_label, X[[1, 3, 4]] + 0.1, X.flip(0), labels)
check.probe(nearest_label, -X_new[[4]], X[1:5], labels[1:5])
### END HIDDEN TESTS

# %% [markdown]
# ## 12. How steep?
# `x` (N,) holds places in rising order, not always equally far apart. `Y` (N, m) holds
# the heights of `m` curves there, a column for each curve. Write `slopes(x, Y)`: the
# change of `y` divided by the change of `x`, from each place to the next, for each
# curve. The result has the shape (N - 1, m).
#
# Not allowed: a loop.
#
# For example, `slopes(torch.tensor([0.0, 1.0, 3.0]), torch.tensor([[2.0], [5.0],
# [4.0]]))` gives `tensor([[3.0], [-0.5]])`.
#
# What becomes of a slope when its two places come closer and closer? There the chapter
# on calculus begins.


# %% exercise="slopes"
def slopes(x, Y):
    """Change of y by change of x, from each place to the next.

    Args:
        x: (N,) float32, rising.
        Y: (N, m) float32.

    Returns:
        (N - 1, m) float32.
    """
    ### BEGIN SOLUTION
    run = (x[1:] - x[:-1]).reshape(-1, 1)  # (N - 1,) -> (N - 1, 1)
    return (Y[1:] - Y[:-1]) / run  # (N - 1, m) / (N - 1, 1)
    ### END SOLUTION


# %% test="slopes" points=2 bans="loops"
x = torch.tensor([0.0, 0.5, 2.5, 3.75])
Y = torch.tensor([[1.0, 3.0, 0.0], [2.0, 2.5, 4.0], [4.5, 0.5, 4.0], [4.0, 1.0, 9.0]])
check.probe(slopes, x, Y)
check.probe(slopes, x[1:], Y[1:, :1])
### BEGIN HIDDEN TESTS
check.probe(slopes, 3 * x[:2] - 1, Y[2:])
check.probe(slopes, torch.cat([x, x + 5]), torch.cat([Y, Y.flip(0)])[:, 1:])
### END HIDDEN TESTS

# %% [markdown]
# ## 13. Why is it missing? (a person reads your answer)
# Three tables have gaps:
#
# 1. A bird's mass: the battery of the scale was empty on one day.
# 2. A person's income: rich people like to leave the field empty.
# 3. The date of a patient's second heart attack: most had only one.
#
# For each: would you delete the rows, fill with the mean, or do something else? What
# would go wrong with the other ways? Answer in about two sentences for each.

# %% [markdown] manual="why_missing" points=3
# ### BEGIN SOLUTION
# 1. Missing by chance. Deleting is fine if few rows go; the mean (better: of the bird's
#    species) is fine, too, with a column that says so. It shrinks the spread a little.
# 2. Missing because of the value. Deleting removes the rich, the mean makes them
#    average: both are wrong in the same direction. Keep an indicator "left empty", and
#    say that the mean income is too low.
# 3. Nothing is missing: there is no such date. Deleting keeps only the sickest, and a
#    mean date invents attacks. Encode "had a second attack" as 0 and 1.
#
# Grader: a point each; 2 needs the reason, 3 needs "it does not exist".
# ### END SOLUTION
