# %% [markdown]
# # Introduction: exercises
# The first eight need plain Python and no PyTorch; the last two open the door to
# tensors.
#
# Replace each `raise NotImplementedError` by your answer, run that cell, then the test
# below it. A failed test says what was called, what was expected, what came, and often
# which mistake it looks like. Some tests are hidden: they try other numbers. Each
# exercise stands alone, so you may leave one out.
#
# Stuck? `check.hint("fires")` in a new cell asks for a hint: first a question, then an
# idea, then the shape of the answer. Hints and tries cost nothing.
#
# Where something is forbidden, the text says so, and the test watches it. All else of
# Python may be used.

# %%
from pathlib import PurePosixPath, PureWindowsPath

import numpy as np
import torch

from utils import check

# %% [markdown]
# ## 1. Does it fire?
# A neuron watches a voltage and a current. Its vote is
#
# $$s = w_1 \cdot \text{voltage} + w_2 \cdot \text{current} + b$$
#
# In this exercise the switch has a threshold of its own: the neuron fires if the vote,
# bias and all, **reaches** the threshold or is above it. (`>=` in Python.)
#
# Write `fires(voltage, current, w1, w2, b, threshold)`. Return `True` or `False`. One
# line is enough.
#
# For example, `fires(3, 2, 1, -1, 0.5, 1.5)` is `True`: the vote is
# 3 - 2 + 0.5 = 1.5, and that reaches 1.5.


# %% exercise="fires"
def fires(voltage, current, w1, w2, b, threshold):
    """Whether w1 * voltage + w2 * current + b >= threshold.

    Args:
        all of them: numbers.

    Returns:
        True or False.
    """
    ### BEGIN SOLUTION
    return w1 * voltage + w2 * current + b >= threshold
    ### END SOLUTION


# %% test="fires" points=1
def at_voltages(voltages, *rest):
    return [check.call(fires, voltage, *rest) for voltage in voltages]


volts = [0, 1, 1.25, 1.5, 1.75, 2, 2.1, 2.25, 2.5, 3, 5, 6]
call = "fires(v, 3, 2, -1, 0.5, 1.5) for v = 0, 1, 1.25, 1.5, 1.75, 2, 2.1, ..."
check.probe(at_voltages, volts, 3, 2, -1, 0.5, 1.5, call=call)
check.probe(fires, 3, 2, 1, -1, 0.5, 1.5)
### BEGIN HIDDEN TESTS
check.probe(fires, 0, 0, 1, 1, -1, -1)
check.probe(fires, 4, 1, 0.5, 2, -1, 5)
call = "fires(v, 2, -1, 0.5, 3, 2) for v = 0, 1, 1.25, 1.5, 1.75, 2, 2.1, ..."
check.probe(at_voltages, volts, 2, -1, 0.5, 3, 2, call=call)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Part the examples from their labels
# A table comes as a list of dictionaries, a row each, such as
# `{"voltage": 3.4, "current": 2.0, "health": 81}`. All rows have the same keys, but
# somebody typed them in by hand: **the order of the keys differs from row to row**.
#
# Write `split_examples(rows, label)`.

# %% [markdown]
# It returns two lists:
#
# - `X`: for each row a list of its features: all values but the label's. The columns
#   stand in the order of the **first** row's keys, in each row.
# - `y`: the labels, in the order of the rows
#
# A row whose label is `None` teaches nothing: leave it out of both. If it is the first
# row, its keys still set the order. There is at least one row. Don't change the rows.
#
# For example, with the label `"h"`, the rows `{"a": 1, "h": 5, "b": 2}` and
# `{"b": 4, "a": 3, "h": 6}` give `[[1, 2], [3, 4]]` and `[5, 6]`.


# %% exercise="split_examples"
def split_examples(rows, label):
    """Part a table into features and labels; rows without a label are left out.

    Args:
        rows: list of N dicts with the same keys, N >= 1.
        label: the key of the label.

    Returns:
        X: list of lists, a row each; y: list of labels.
    """
    ### BEGIN SOLUTION
    columns = [key for key in rows[0] if key != label]
    kept = [row for row in rows if row[label] is not None]
    return [[row[key] for key in columns] for row in kept], [row[label] for row in kept]
    ### END SOLUTION


# %% test="split_examples" points=2
rows = [
    {"voltage": 3.4, "health": 81, "current": 2.0, "age": 3},
    {"current": 1.5, "age": 7, "voltage": 3.6, "health": 90},
    {"age": 0, "current": 0.5, "health": 0, "voltage": 3.1},
]
check.probe(split_examples, rows, "health")
check.probe(split_examples, [*rows, rows[0] | {"health": None}, rows[1]], "health")
### BEGIN HIDDEN TESTS
check.probe(split_examples, [rows[0] | {"age": None}, *rows[1:]], "age")
check.probe(split_examples, rows[1:2], "voltage")
check.probe(split_examples, [row | {"kind": "A"} for row in rows[::-1]], "kind")
### END HIDDEN TESTS

# %% [markdown] choice="kelvin" points=1
# ## Think: kelvin in place of degrees
# A trained neuron votes on voltage, current and temperature in degrees Celsius. From
# tomorrow the thermometer reports kelvin, the same temperature plus 273.15. What has to
# change in the neuron so that its vote for each battery stays what it was?
#
# - All three weights: the vote is a sum of all of them.
#   wrong: a change in one term of a sum thought to touch the others
# - The weight of the temperature, divided by 273.15.
#   wrong: a shift taken for a change of scale
# - Nothing: one degree more is one kelvin more.
#   wrong: the size of a step confused with where counting begins
# - Only the bias.
#   right: the weight times 273.15 is added to each vote, the same for every battery;
#   the bias can take it off again.

# %% [markdown]
# ## 3. Which kind of problem?
# Write `kinds_of_problem()`. It returns a dictionary that gives each of these ten tasks
# the name of its kind, one of `"regression"`, `"classification"`, `"tagging"`,
# `"ranking"`, `"sequence"`, `"clustering"`, `"reinforcement"`. "Sequence" means that
# the *answer* is a sequence.

# %% [markdown]
# - `"price"`: what will this house be sold for?
# - `"digit"`: which of the ten digits is on this picture?
# - `"photo"`: which of 50 words fit this photo? Several may, or none.
# - `"sort"`: put 10,000 customers into five groups of similar ones. Nobody has said
#   which groups.
# - `"film"`: in which order shall we list the films that fit a search?
# - `"subtitle"`: write what is said in this recording.
# - `"spam"`: is this message spam?
# - `"chess"`: play chess; only at the end of a game are you told whether you have won.
# - `"age"`: how many years old is the person on this photo?
# - `"genes"`: each of 200 genes is active or not in a cell. Which are?


# %% exercise="kinds_of_problem"
def kinds_of_problem():
    """The kind of each task.

    Returns:
        dict: name of the task -> name of its kind.
    """
    ### BEGIN SOLUTION
    return {
        "price": "regression",
        "digit": "classification",
        "photo": "tagging",
        "sort": "clustering",
        "film": "ranking",
        "subtitle": "sequence",
        "spam": "classification",
        "chess": "reinforcement",
        "age": "regression",
        "genes": "tagging",
    }
    ### END SOLUTION


# %% test="kinds_of_problem" points=2
def kind_of(task):
    return lambda: check.call(kinds_of_problem)[task]


check.probe(kind_of("price"), call='kinds_of_problem()["price"]')
check.probe(kind_of("digit"), call='kinds_of_problem()["digit"]')
check.probe(kind_of("photo"), call='kinds_of_problem()["photo"]')
check.probe(kind_of("sort"), call='kinds_of_problem()["sort"]')
check.probe(kind_of("film"), call='kinds_of_problem()["film"]')
check.probe(kind_of("subtitle"), call='kinds_of_problem()["subtitle"]')
### BEGIN HIDDEN TESTS
check.probe(kind_of("spam"), call='kinds_of_problem()["spam"]')
check.probe(kind_of("chess"), call='kinds_of_problem()["chess"]')
check.probe(kind_of("age"), call='kinds_of_problem()["age"]')
check.probe(kind_of("genes"), call='kinds_of_problem()["genes"]')
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Mend a program: what is a number?
# A logger notes a value each minute. Most are voltages, plain numbers or NumPy's. But
# when the charger is plugged in it notes `True`, and when nothing was measured `None`
# or a word. The function below was written to keep the voltages. It runs without an
# error. But for batteries between 3.4 and 3.6 volts the mean that comes out is 2.5.

# %% [markdown]
# Find the fault, and write the mended `voltages(readings)`: a list of the readings that
# are numbers, in their order. Whether 4 or 4.0 comes out makes no difference.
#
# Numbers are `int`, `float` and **all kinds derived from `float`**: `np.float64` is
# one. A text is no number, whatever stands in it. A reading that is none is skipped,
# and the rest is kept.
#
# For example, `[3.5, None, 4]` gives `[3.5, 4]`.


# %%
def voltages_as_found(readings):
    kept = []
    for reading in readings:
        if isinstance(reading, (int, float)):
            kept.append(float(reading))
    return kept


found = voltages_as_found([3.5, 3.4, True, None, 3.6, True])
assert sum(found) / len(found) == 2.5  # as said above: what was kept?


# %% exercise="voltages"
def voltages(readings):
    """The readings that are numbers.

    Args:
        readings: list of int, float, np.float64, bool, None, str.

    Returns:
        list of numbers.
    """
    ### BEGIN SOLUTION
    return [
        float(reading)
        for reading in readings
        if isinstance(reading, int | float) and not isinstance(reading, bool)
    ]
    ### END SOLUTION


# %% test="voltages" points=2
check.probe(voltages, [3.5, 3, None, 3.75])
check.probe(voltages, [np.float64(3.25), 3.5])
check.probe(voltages, [3.5, "3.9", "low", 4])
check.probe(voltages, [3.5, True, 3.25, False, 4])
### BEGIN HIDDEN TESTS
check.probe(voltages, [])
check.probe(voltages, [True, None, "x"])
check.probe(voltages, [0, 1, np.float64(0.5), True, 1.0])
check.probe(voltages, [None, 2, -1.5])
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Join a path
# Write `join_inside(folder, *parts, windows=False)`. It returns, as text, the path that
# leads from `folder` through `parts`: the way this is written on Windows if `windows`
# is true, else the way it is written everywhere else. `PureWindowsPath` and
# `PurePosixPath` are imported; both work on any machine.
#
# The result must lie below the folder. A part with an `anchor`, one that begins at the
# root or on a drive, would discard what stands before it: raise a `ValueError`. The
# folder itself may have one. Without parts, the folder is the result.
#
# For example, `join_inside("course", "figures", "ink.png")` gives
# `"course/figures/ink.png"`.


# %% exercise="join_inside"
def join_inside(folder, *parts, windows=False):
    """The path from a folder through parts, as text.

    Args:
        folder: str.
        *parts: any number of str.
        windows: whose rules are followed.

    Returns:
        str.

    Raises:
        ValueError: a part has an anchor.
    """
    ### BEGIN SOLUTION
    kind = PureWindowsPath if windows else PurePosixPath
    path = kind(folder)
    for part in parts:
        if kind(part).anchor:
            raise ValueError(f"{part!r} would discard {str(path)!r}")
        path = path / part
    return str(path)
    ### END SOLUTION


# %% test="join_inside" points=2
def refused(*args, **kwargs):
    try:
        return check.call(join_inside, *args, **kwargs)
    except ValueError:
        return "a ValueError"


check.probe(join_inside, "course", "figures", "ink.png")
check.probe(join_inside, "course", "figures", "ink.png", windows=True)
call = 'join_inside("/course", "data")'
check.probe(refused, "/course", "data", call=call)
check.probe(join_inside, "data", "digits", "7", "a.png", windows=True)
call = 'join_inside("data", "/digits", "7.png")'
check.probe(refused, "data", "/digits", "7.png", call=call)
### BEGIN HIDDEN TESTS
check.probe(refused, "data", "D:" + "\\x", windows=True, call="a drive and a root")
check.probe(refused, "data", "\\digits", windows=True, call="a root on Windows")
check.probe(refused, "data", "D:digits", windows=True, call="a drive on Windows")
check.probe(refused, "data", "a", "b", "/c", call="the last part begins at the root")
check.probe(join_inside, "figures")
check.probe(join_inside, "\\course", "a", "b.png", windows=True)
### END HIDDEN TESTS

# %% [markdown] choice="faulty_parts" points=1
# ## Think: 20 faulty parts in 1,000
# A factory tests two programs on 1,000 parts, of which 20 are faulty. Program P calls
# all parts fine. Program Q calls 80 parts faulty: all of the 20, and 60 that are fine.
# What is true? Choose all that hold.
#
# - P has the higher accuracy.
#   right: P is wrong 20 times, Q is wrong 60 times.
# - P has the higher balanced accuracy.
#   wrong: errors counted, where shares of each class are asked
# - With 2,000 parts of which 20 are faulty, and Q's rates as they are, Q's balanced
#   accuracy is the same.
#   right: each class counts once, by its own rate, however many there are of it.
# - With 2,000 parts of which 20 are faulty, and Q's rates as they are, Q's accuracy is
#   the same.
#   wrong: accuracy thought not to depend on how many of each class there are

# %% [markdown]
# ## 6. Can it fire at all?
# The neuron fires if $w_1 x_1 + \dots + w_n x_n + b > 0$. Of the inputs we know the
# range only: feature $j$ may be any number from `lows[j]` to `highs[j]`, both included.
#
# Write `firing(weights, b, lows, highs)`. It returns a text:
#
# - `"never"` if no input within the ranges makes it fire
# - `"always"` if every input within the ranges makes it fire
# - `"sometimes"` otherwise
#
# The three lists have the same length. Not allowed: `torch` and NumPy.
#
# For example, one weight of 2, bias -3 and a feature from 0 to 1 give votes from -3 to
# -1, so the result is `"never"`.


# %% exercise="firing"
def firing(weights, b, lows, highs):
    """Whether a neuron fires never, sometimes or always on inputs within ranges.

    Args:
        weights: list of n numbers.
        b: the bias.
        lows, highs: lists of n numbers, lows[j] <= highs[j].

    Returns:
        "never", "sometimes" or "always".
    """
    ### BEGIN SOLUTION
    ends = [
        (w * low, w * high) for w, low, high in zip(weights, lows, highs, strict=True)
    ]
    if b + sum(max(pair) for pair in ends) <= 0:
        return "never"
    return "always" if b + sum(min(pair) for pair in ends) > 0 else "sometimes"
    ### END SOLUTION


# %% test="firing" points=3 bans="torch"
def with_biases(weights, biases, lows, highs):
    return [check.call(firing, weights, b, lows, highs) for b in biases]


biases = [-3, -2.5, -1.5, -1, -0.5, 0, 2, 2.5, 3, 3.5, 5, 6, 6.5, 7]
call = "firing([1, -2, 0.5], b, [0, 1, -1], [2, 3, 2]) for b = -3, -2.5, -1.5, -1, ..."
check.probe(with_biases, [1, -2, 0.5], biases, [0, 1, -1], [2, 3, 2], call=call)
check.probe(firing, [2], -3, [0], [1])
check.probe(firing, [-1, -2], 0, [1, 1], [3, 2])
### BEGIN HIDDEN TESTS
call = "firing([-1, -1, 3], b, [-2, 0, -1], [1, 2, 0.5]) for b = -3, -2.5, -1.5, ..."
check.probe(with_biases, [-1, -1, 3], biases, [-2, 0, -1], [1, 2, 0.5], call=call)
check.probe(firing, [1, 2, -3], -1, [0, 0, 1], [2, 1, 4])
check.probe(firing, [-2, -1], -0.5, [-1, 0], [1, 1])
check.probe(firing, [0, 0], 0, [-1, 0], [0, 2])
check.probe(firing, [], 1, [], [])
### END HIDDEN TESTS

# %% [markdown] choice="shifted_inputs" points=1
# ## Think: the mean taken away
# Two inputs lie between 0 and 1, any pair of numbers. A neuron has the weights -1 and
# -2 and the bias -0.1, so it can never fire. Now 0.5 is subtracted from each input
# before it comes to the neuron, which stays as it is. On which pairs does it fire?
#
# - On none: negative weights can't give a positive vote.
#   wrong: the sign of a weight taken for the sign of its vote
# - On somewhat less than half of the square of all pairs.
#   right: without the bias it would be half, as the square is now symmetric about 0;
#   the bias of -0.1 takes off a strip.
# - On exactly half of the square: the inputs now have mean 0.
#   wrong: the bias forgotten
# - On all: its vote has grown for each input.
#   wrong: a larger vote taken for a positive one

# %% [markdown]
# ## 7. Balanced accuracy
# Write `balanced_accuracy(y_hat, y)` for **any number of classes**, named by words or
# numbers. The recall of a class is the share of its examples that were called by its
# name. The result is the mean of the recalls over the classes that occur in `y`. A
# class that occurs in `y_hat` alone has no recall, and isn't counted.
#
# Not allowed: scikit-learn, `torch` and NumPy.
#
# For example, the truths `["a", "a", "a", "b"]`, called `["a", "a", "b", "b"]`, have
# the recalls 2/3 and 1. The result is 5/6, where the accuracy is 3/4.


# %% exercise="balanced_accuracy"
def balanced_accuracy(y_hat, y):
    """Mean over the classes in y of the share of their examples that were found.

    Args:
        y_hat: list of N predicted labels.
        y: list of N true labels, N >= 1.

    Returns:
        float.
    """
    ### BEGIN SOLUTION
    recalls = []
    for label in set(y):
        said = [guess for guess, true in zip(y_hat, y, strict=True) if true == label]
        recalls.append(said.count(label) / len(said))
    return sum(recalls) / len(recalls)
    ### END SOLUTION


# %% test="balanced_accuracy" points=3 bans="torch, scikit-learn"
y = ["cat", "cat", "cat", "cat", "cat", "dog", "dog", "cow", "cow", "cow"]
y_hat = ["cat", "cat", "cat", "cat", "dog", "dog", "cat", "cow", "dog", "dog"]
check.probe(balanced_accuracy, y_hat, y)
check.probe(balanced_accuracy, [0, 0, 0, 0, 3], [0, 0, 0, 0, 1])
check.probe(balanced_accuracy, [1, 2, 1], [1, 1, 1])
### BEGIN HIDDEN TESTS
check.probe(balanced_accuracy, y, y_hat)
check.probe(balanced_accuracy, [0] * 6, [0, 5, 0, 0, 2, 0])
check.probe(balanced_accuracy, ["x"], ["y"])
check.probe(balanced_accuracy, [2, 7, 7, 2, 2, 4, 4], [2, 2, 7, 7, 7, 4, 2])
### END HIDDEN TESTS

# %% [markdown]
# ## 8. An objective for each task
# What is a wrong answer, and how wrong? That depends on the kind of problem. Write
# `badness(kind, y_hat, y)`, a number that is 0 for perfect answers and grows with the
# errors. `y_hat` and `y` are lists of equal length $N$, at least 1.

# %% [markdown]
# - `"regression"`, lists of numbers: the mean of the squared errors
# - `"classification"`, lists of labels: the share that is wrong
# - `"tagging"`, lists of **sets** of tags: the mean number of tags per example that are
#   missing or too many
# - `"ranking"`, lists of numbers: the share of pairs in wrong order. A pair is any two
#   examples with different `y`. Its order is wrong if the one with the greater `y`
#   hasn't the greater `y_hat`; equal `y_hat` count as wrong. Without any pair: 0.
#
# Any other kind: raise a `ValueError`.
#
# For example, `badness("tagging", [{"cold"}, {"worn"}], [{"worn"}, {"worn"}])` is 1.0:
# two tags for two examples.


# %% exercise="badness"
def badness(kind, y_hat, y):
    """The objective of a kind of problem: 0 if all is right.

    Args:
        kind: "regression", "classification", "tagging" or "ranking".
        y_hat: list of N answers; y: list of N truths.

    Returns:
        float.

    Raises:
        ValueError: another kind.
    """
    ### BEGIN SOLUTION
    both = list(zip(y_hat, y, strict=True))
    if kind == "regression":
        return sum((guess - true) ** 2 for guess, true in both) / len(both)
    if kind == "classification":
        return sum(guess != true for guess, true in both) / len(both)
    if kind == "tagging":
        return sum(len(guess ^ true) for guess, true in both) / len(both)
    if kind != "ranking":
        raise ValueError(f"no objective for {kind!r}")
    pairs = [(high[0], low[0]) for high in both for low in both if high[1] > low[1]]
    wrong = sum(high <= low for high, low in pairs)
    return wrong / len(pairs) if pairs else 0.0
    ### END SOLUTION


# %% test="badness" points=4
def refused(*args):
    try:
        return check.call(badness, *args)
    except ValueError:
        return "a ValueError"


check.probe(badness, "regression", [3, 1, 0, 2.5], [1, 2, 0, -1.5])
check.probe(badness, "classification", ["a", "b", "c"], ["a", "c", "b"])
tags = [{"cold", "worn", "load"}, {"worn"}, {"cold", "load"}, set(), {"cold"}]
truth = [set(), {"worn"}, {"worn", "old", "load"}, {"old", "cold", "worn"}, {"load"}]
check.probe(badness, "tagging", tags, truth)
check.probe(badness, "ranking", [5, 3, 8, 1], [1, 2, 3, 0])
check.probe(badness, "ranking", [2, 2, 5, 1, 7], [3, 1, 4, 3, 0])
check.probe(badness, "ranking", [1, 2], [4, 4])
check.probe(refused, "colour", [1], [1], call='badness("colour", [1], [1])')
### BEGIN HIDDEN TESTS
check.probe(badness, "regression", [0.5], [-1])
check.probe(badness, "classification", [1, 1, 4, 5, 2], [1, 2, 4, 5, 3])
check.probe(badness, "tagging", truth[:3], tags[2:])
check.probe(badness, "ranking", [4, 4, 4, 1, 0, 2], [1, 2, 2, 0, 5, 2])
check.probe(badness, "ranking", [10, 30, 20], [0.1, 0.3, 0.2])
### END HIDDEN TESTS

# %% [markdown]
# ## 9. Teach a neuron
# Rosenblatt's rule in another dress. The labels are now **1 and -1**, and the neuron
# answers with the sign of its vote $s = w_1 x_1 + \dots + w_n x_n + b$. An example is a
# mistake if $y \, s \le 0$; a vote of exactly 0 is a mistake, too. At each mistake
#
# $$w_j \leftarrow w_j + \text{lr} \cdot y \, x_j, \qquad
# b \leftarrow b + \text{lr} \cdot y$$

# %% [markdown]
# Write `train_neuron(X, y, lr, max_epochs)`. Start with weights and bias 0. In each
# epoch go through the examples in the order of the list, and correct at once. Stop
# after the first epoch **without a mistake**, or after `max_epochs` (at least 1).
# Return the list of weights, the bias, and how many epochs were run, the last one
# counted.
#
# For example, `train_neuron([[2]], [1], 0.5, 9)` gives `([1.0], 0.5, 2)`: a mistake at
# vote 0, then an epoch without one. Not allowed: `torch` and NumPy.


# %% exercise="train_neuron"
def train_neuron(X, y, lr, max_epochs):
    """Rosenblatt's rule for labels 1 and -1.

    Args:
        X: list of N lists of n numbers; y: list of N labels, 1 or -1.
        lr: learning rate.
        max_epochs: at most so many passes over the examples.

    Returns:
        weights: list of n numbers; bias: number; epochs: int.
    """
    ### BEGIN SOLUTION
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            vote = sum(w_j * x_j for w_j, x_j in zip(w, x, strict=True)) + b
            if label * vote <= 0:
                w = [w_j + lr * label * x_j for w_j, x_j in zip(w, x, strict=True)]
                b += lr * label
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch
    return w, b, max_epochs
    ### END SOLUTION


# %% test="train_neuron" points=4 bans="torch"
X = [[1.0, 3.0], [2.0, 0.5], [-1.0, 1.0], [4.0, 2.0], [0.5, -2.0]]
y = [1, -1, 1, -1, 1]
check.probe(train_neuron, X, y, 0.25, 2, call="train_neuron(X, y, 0.25, 2)")
check.probe(train_neuron, X, y, 0.25, 50, call="train_neuron(X, y, 0.25, 50)")
check.probe(train_neuron, [[2]], [1], 0.5, 9)
check.probe(train_neuron, [[1], [1]], [1, -1], 1, 3)
### BEGIN HIDDEN TESTS
check.probe(train_neuron, X, [-1, 1, -1, 1, 1], 0.5, 50)
check.probe(train_neuron, [[3, 1, 2], [1, -2, 0], [4, 0, 1]], [-1, 1, 1], 2, 4)
check.probe(train_neuron, [[0.0], [2.0], [5.0]], [-1, -1, 1], 0.1, 100)
### END HIDDEN TESTS

# %% [markdown] choice="not_listened" points=1
# ## Think: a member that nobody listens to
# In a committee with ReLU switches, member B fires loudly for an example, but the last
# neuron listens to it with the weight 0. The answer is too high. Where does blame
# arrive for this example?
#
# - At B's own weights, not at the last neuron's weight for B.
#   wrong: blame thought to follow how loud a member is on its way back, too
# - At both: B has fired.
#   wrong: firing taken for influence on the answer
# - At the last neuron's weight for B, not at B's own weights.
#   right: changing what B says changes nothing as long as it isn't heard; but to listen
#   to it would change the answer.
# - At neither: B had no influence.
#   wrong: blame taken for past influence, where it says what a change would do

# %% [markdown]
# ## 10. Pass the blame back
# A committee for one example `x` with $n$ features and $m$ members, as in the lecture,
# but with another switch: a silent member still whispers. Of a vote below 0 a tenth
# passes (a **leaky ReLU**):
#
# $$s_j = \sum_k W_{jk} x_k, \qquad
# a_j = \begin{cases} s_j & \text{if } s_j > 0 \\ 0.1 \, s_j & \text{else} \end{cases},
# \qquad \hat y = \sum_j v_j a_j$$

# %% [markdown]
# The objective is $\tfrac12 (\hat y - y)^2$. Write `blame(x, W, v, y)`. It returns two
# tensors: the blame of `W`, shape (m, n), and the blame of `v`, shape (m,): how fast
# the objective grows with each entry. A vote of exactly 0 counts as "else".
#
# Not allowed: autograd (`backward`, `torch.autograd.grad`).
#
# For example, one member with `x = [2.]`, `W = [[1.]]`, `v = [3.]` and `y = 5` answers
# 6: the error is 1, the blame of `W` is `[[6.]]`, that of `v` is `[2.]`.


# %% exercise="blame"
def blame(x, W, v, y):
    """How fast (y_hat - y)^2 / 2 grows with W and v, for one example.

    Args:
        x: (n,) float32, features; W: (m, n) float32; v: (m,) float32.
        y: number, the truth.

    Returns:
        blame of W: (m, n) float32; blame of v: (m,) float32.
    """
    ### BEGIN SOLUTION
    s = W @ x  # (m, n) x (n,) -> (m,)
    slope = torch.where(s > 0, 1.0, 0.1)  # (m,)
    error = v @ (slope * s) - y  # a number
    return torch.outer(error * v * slope, x), error * slope * s  # (m, n), (m,)
    ### END SOLUTION


# %% test="blame" points=4 bans="autograd"
x = torch.tensor([1.0, -2.0, 0.5])
W = torch.tensor([[1.0, 0.5, 3.0], [2.0, 1.5, -1.0]])
v = torch.tensor([2.0, -1.5])
check.probe(blame, x, W, v, 0.5)
check.probe(blame, x, -W, v, -2.0)
### BEGIN HIDDEN TESTS
check.probe(blame, x[:2], W[:, :2], v, 4.0)
check.probe(blame, -x, torch.cat([W, -W[:1]]), torch.tensor([1.0, 0.5, 3.0]), 1.0)
torch.manual_seed(1)
x, y = torch.randn(5), 0.7
W, v = torch.randn(4, 5, requires_grad=True), torch.randn(4, requires_grad=True)
y_hat = v @ torch.nn.functional.leaky_relu(W @ x, 0.1)
expected = torch.autograd.grad((y_hat - y) ** 2 / 2, (W, v))
got = check.call(blame, x, W.detach(), v.detach(), y)
check.close(got, expected, "the blame of W and v")
### END HIDDEN TESTS

# %% [markdown]
# ## 11. All examples, all neurons, at once
# Exercise 1 asked one neuron about one battery. A net asks hundreds of neurons about
# thousands. With tensors that is one line, and fast: the product `X @ W` of a table
# `X`, a row an example, and `W`, a **column** a neuron, holds all weighted sums, a row
# an example, a column a neuron.

# %% [markdown]
# Write `dead_neurons(X, W, b)`. It returns a tensor of `True` and `False` with one
# entry a neuron: whether it fires on **none** of the examples. A neuron fires if its
# weighted sum plus its bias is above 0.
#
# Shapes: `X` (N, n), `W` (n, m), `b` (m,) in, (m,) out. Not allowed: a loop.
#
# For example, `X = [[1., 2.]]`, `W = [[1., -1.], [0., 1.]]` and `b = [-1., 0.]` have
# the votes 0 and 1, so the result is `tensor([True, False])`.


# %% exercise="dead_neurons"
def dead_neurons(X, W, b):
    """Which neurons fire on no example.

    Args:
        X: (N, n) float32; W: (n, m) float32, a column a neuron; b: (m,) float32.

    Returns:
        (m,) bool.
    """
    ### BEGIN SOLUTION
    votes = X @ W + b  # (N, n) x (n, m) + (m,) -> (N, m)
    return (votes <= 0).all(dim=0)  # (m,)
    ### END SOLUTION


# %% test="dead_neurons" points=2 bans="loops"
X = torch.tensor([[1.0, 2.0], [3.0, 0.5], [2.0, 1.0]])
W = torch.tensor([[-1.0, 1.0, 0.0, -1.0, 1.0], [-1.0, -1.0, 1.0, 0.5, 0.0]])
b = torch.tensor([-4.0, 0.0, -2.0, 0.5, -2.5])
check.probe(dead_neurons, X, W, b)
check.probe(dead_neurons, X[:2], W[:, :3], b[2:])
### BEGIN HIDDEN TESTS
check.probe(dead_neurons, -X, W, b)
check.probe(dead_neurons, X[:, :1], W[:1], -b)
check.probe(dead_neurons, X[2:], W[:, 1:3], torch.tensor([-1.0, -1.0]))
### END HIDDEN TESTS

# %% [markdown]
# ## 12. A problem of your own (a person reads your answer)
# Think of a question from your own work or life that data could answer. Write eight to
# twelve sentences:
#
# 1. What is an example, what are its features, what is the label? Which kind of problem
#    is it?
# 2. Which objective would you use, and which trivial baseline must be beaten?
# 3. What could be wrong with the data: who is missing in them, what is rare, who made
#    the labels, which feature might give the answer away?

# %% [markdown] manual="own_problem" points=3
# ### BEGIN SOLUTION
# Will the bus be late tomorrow? An example is one stop of one bus on one day; features:
# hour, weekday, weather, line; label: the delay in minutes, so regression. Objective:
# the mean of the absolute errors, so that one very late bus doesn't count for all.
# Baseline: the mean delay of that line at that hour. The data: snow is rare; short
# delays are missing, as only long ones are noted; "the driver has called" gives the
# answer away.
#
# Grader: a point for each part. 1 needs a kind that fits the label; 2 a baseline
# without any learning; 3 two different faults.
# ### END SOLUTION
