# %% [markdown]
# # Introduction: can you write down how you read?
# Welcome. Look at a scribbled digit and you know: that is a seven. Now write down *how*
# you know, step by step, so that a machine can follow. It is surprisingly hard.
#
# This chapter goes round the difficulty: we don't write the rule, we let examples
# choose it. At the end, a program of thirty lines reads digits that it has never seen,
# and you know what each line is for. You also know when such a program is worthless,
# although it is right nine times out of ten.
#
# Bring along a little Python (loops, lists, functions), sums and products. What else is
# needed is explained where it first comes.

# %% [markdown]
# ## How this course works
# A notebook is a column of **cells**: text like this one, and code. Click on a code
# cell and press Shift+Enter: it runs, and the next one is chosen. Run them from the
# top, since a cell uses what the cells above it made. Nothing here can break. Change a
# number, run the cell again, look what happens. If things get mixed up, choose
# *Kernel, Restart Kernel and Run All Cells*.
#
# A few times you find **Predict**: a question *before* an experiment. Choose an answer
# first, best on paper, then open it. You will often be wrong, and that is the point: a
# guess turns an output into news.

# %% [markdown]
# Each chapter has two notebooks, a lecture and its **exercises**. There you write an
# answer into a cell and run it, then the test in the cell below, the **check**.
# It says one of three things:
#
# - *right*, and its **points**
# - *not attempted*: the line `raise NotImplementedError` is still there
# - *wrong*: what was called, what was expected, what you gave, and often **Likely
#   mistake**, the name of the mistake that your answer looks like
#
# Stuck? Type `check.hint("fires")` into a new cell, with the name of the exercise. You
# get three **hints**, one at each call: a question, an idea, the shape of the answer.
# Hints and tries cost nothing. Some tests stay hidden until your work is graded.

# %%
import torch

from utils import plots
from utils.data import mnist, penguins
from utils.device import set_seed
from utils.drawings import introduction as draw

plots.use_style()
set_seed(0)  # from here on, chance gives the same numbers in each run

# %% [markdown]
# That cell fetched what we need: PyTorch, `torch`, the library of this course, and
# helpers that belong to it, `utils`. Such a cell stands at the head of each chapter.
# You needn't read it.

# %% [markdown]
# ## Can you write the rule?
# Here are real digits, written by hand (LeCun et al., 1998). Each picture is 28 by 28
# pixels, so it is a list of 784 numbers, from 0 (black) to 1 (white). Four words that
# stay with you for the whole course:
#
# - an **example**: one picture
# - its **features**: the 784 numbers, what is known
# - its **label**: the digit that was meant, what is asked
# - the **data set**: all examples. 4,000 are for learning, the **training set**. 1,000
#   are put aside, the **test set**, to see later whether anything was learned.

# %%
(X, y), (X_test, y_test) = mnist()  # X: (4000, 1, 28, 28), y: (4000,)
X, X_test = X.flatten(start_dim=1), X_test.flatten(start_dim=1)  # a row an example
print(f"training: {len(X)} examples of {X.shape[1]} features; test: {len(X_test)}")
assert X.shape == (4000, 784) and X.min() == 0 and X.max() == 1

pair, pair_test = (y == 1) | (y == 7), (y_test == 1) | (y_test == 7)
X_pair, is_seven = X[pair], y[pair] == 7  # (N, 784), (N,) True or False
X_pair_test, is_seven_test = X_test[pair_test], y_test[pair_test] == 7
most_common = max(is_seven_test.float().mean(), 1 - is_seven_test.float().mean())
print(f"ones and sevens: {len(X_pair)} to learn from, {len(X_pair_test)} to test")

# %% [markdown]
# **Look for** a rule that tells the ones (upper row) from the sevens. "A seven has a
# bar at the top"? Then say what a bar is, in terms of 784 numbers.

# %%
ones, sevens = X_pair[~is_seven][:8], X_pair[is_seven][:8]
shown = torch.cat([ones, sevens]).reshape(16, 28, 28)
axes = plots.images(shown, ncols=8)
plots.show(
    axes[0].figure,
    alt="Sixteen handwritten digits in two rows: eight ones, some upright, some "
    "slanted, and below them eight sevens of different slants and widths.",
)

# %% [markdown]
# Perhaps something simpler will do. A seven takes more ink than a one. So: add up all
# pixels, and say "seven" if the sum is above some number $t$. Which number? We don't
# know; but we have examples. Let the machine try all of them, and keep the one that
# judges most of the training examples right.

# %%
ink, ink_test = X_pair.sum(dim=1), X_pair_test.sum(dim=1)  # (N,) white in each
thresholds = list(range(30, 150))
right = [((ink > t) == is_seven).float().mean().item() for t in thresholds]
best_t = thresholds[right.index(max(right))]
ink_rule = ((ink_test > best_t) == is_seven_test).float().mean().item()
print(f"the best threshold is {best_t}: right on {max(right):.1%} of the training set")
print(f"on the test set {ink_rule:.1%}; always saying 'one' {most_common:.1%}")
assert 0.75 < ink_rule < 0.82 and most_common < 0.53

# %% [markdown]
# (The line `right = ...` reads "the share that is right, for each `t` in
# `thresholds`". Python calls `[... for t in thresholds]` a **comprehension**: a loop
# that makes a list.)
#
# **Look for** the overlap on the left: no threshold can part what lies on top of each
# other. On the right, each threshold has its share of right answers, and the machine
# took the highest point.

# %%
fig = draw.ink_rule(ink, is_seven, thresholds, right)
plots.show(
    fig,
    alt="Left: two overlapping histograms of ink, ones mostly below 72 and sevens "
    "mostly above. Right: the share of right answers against the threshold, a hill "
    "with its top, marked by a dot, near 72.",
)

# %% [markdown]
# ## What learning from data means
# Nobody wrote the 72. The examples chose it. Here are the names:
#
# - a **parameter**: a blank that we left open, here $t$
# - the **model family**: all rules that the blank allows, "seven if ink is above $t$"
# - a **model**: one of them, with the blank filled in
# - the **objective** (or **loss**): a number that says how good or bad a model is, here
#   the share of right answers
# - the **learning algorithm** (an **optimisation algorithm**): how the blank gets
#   filled, here by trying everything
#
# **To learn from data** is to let examples choose, within a model family, by an
# objective. And whether it worked is asked of examples that had no part in the choice.

# %% [markdown]
# ## A neuron: a weighted vote
# Our rule treats all pixels alike. But white at the upper left speaks for a seven, and
# elsewhere for a one. So let each pixel vote with a weight of its own. This is a
# **neuron**:
#
# $$s = w_1 x_1 + w_2 x_2 + \dots + w_n x_n + b,
# \qquad \text{it fires if } s > 0$$
#
# - $x_j$: feature $j$, here the brightness of a pixel
# - $w_j$: its **weight**, how much its vote counts; a negative one votes against
# - $b$: the **bias**, a vote that is always cast. The votes must beat $-b$, so $-b$ is
#   the **threshold**
# - "fires if": the **activation function**, a switch. Add the bias first, then decide.


# %%
def neuron(X, w, b):
    """Fires where the weighted vote is positive: X (N, n), w (n,) -> (N,) bool."""
    return X @ w + b > 0  # @: multiply pairs and add up, for each row of X


all_alike = torch.ones(784)
assert torch.equal(neuron(X_pair_test, all_alike, -best_t), ink_test > best_t)
print("The ink rule is a neuron: every weight is 1, the bias is", -best_t)

# %% [markdown]
# ## Blame those who spoke
# Now there are 785 blanks, and to try everything is hopeless: ten values for each make
# $10^{785}$ tries, a number of 786 digits. We need a learning algorithm that *uses* its
# mistakes. Frank Rosenblatt's **perceptron rule** (1958) is one: go through the
# examples; if the neuron is right, change nothing. If it is wrong,
#
# $$w_j \leftarrow w_j + (y - \hat y) \, x_j, \qquad b \leftarrow b + (y - \hat y)$$
#
# - $y$: the truth, 1 or 0; $\hat y$, read "y hat": 1 if the neuron fired, else 0
# - $\leftarrow$: becomes
#
# The error $y - \hat y$ is 1, 0 or $-1$. A pixel that was black, $x_j = 0$, had no part
# in the mistake, and its weight stays. The bright ones are to blame.


# %%
def learn(X, y, num_epochs=5):
    """Rosenblatt's rule: X (N, n), y (N,) bool -> weights (n,) and bias."""
    w, b = torch.zeros(X.shape[1]), 0.0
    for epoch in range(1, num_epochs + 1):
        mistakes = 0
        for i in torch.randperm(len(X)).tolist():  # in random order
            error = float(y[i]) - float(X[i] @ w + b > 0)  # 1, 0 or -1
            w += error * X[i]
            b += error
            mistakes += abs(error)
        print(f"epoch {epoch}: {mistakes:.0f} mistakes")
    return w, b


w, b = learn(X_pair, is_seven)
one_neuron = (neuron(X_pair_test, w, b) == is_seven_test).float().mean().item()
print(f"on the test set: {one_neuron:.1%} (ink alone {ink_rule:.1%})")
assert one_neuron > 0.97

# %% [markdown]
# (An **epoch** is one walk through all examples.) Ink alone was right on fewer than
# four in five; the neuron is right on over 97 in a hundred, all of them digits that it
# never saw. What did it find? It has a weight for each pixel, so lay them out as a
# picture.
#
# **Look for** the dark orange stroke in the middle: white there speaks for a one. To
# its upper left is violet: there the bar of a seven begins. Nobody told the neuron that
# a seven has a bar. And what is the orange patch at the very top?

# %%
fig, ax = plots.figure(width=4.6, height=3.6)
most = w.abs().max()
grid = w.reshape(28, 28)  # (784,) -> (28, 28), the pixels' places
plots.heatmap(grid, ax, "column", "row", cmap="PuOr", vmin=-most, vmax=most)
ax.set_title("violet, above 0: for seven; orange, below 0: for one")
plots.show(
    fig,
    alt="The weights as a picture of 28 by 28 cells: an orange spot in the middle, an "
    "orange patch at the top, violet cells to the left and right of the spot, and "
    "white at the left and right rims.",
)

# %%
at_the_top = X_pair.reshape(-1, 28, 28)[:, 3:6].sum(dim=(1, 2))  # ink of rows 3 to 5
top_of_ones, top_of_sevens = at_the_top[~is_seven], at_the_top[is_seven]
print(f"ink in rows 3 to 5: {top_of_ones.mean():.1f} in a one, ", end="")
print(f"{top_of_sevens.mean():.1f} in a seven")
inked = (X_pair.reshape(-1, 28, 28) > 0).any(dim=2).float()  # (N, 28): rows with ink
first, height = inked.argmax(dim=1).float(), inked.sum(dim=1)  # (N,) each
for name, of in {"one": ~is_seven, "seven": is_seven}.items():
    print(f"a {name} begins in row {first[of].mean():.0f}, ", end="")
    print(f"{height[of].mean():.0f} rows have ink")
assert grid[11:16, 12:15].sum() < 0 < grid[6:11, 5:11].sum()
assert grid[8:14, 17:22].sum() > 0 and grid[:, 0].abs().max() == 0
assert grid[3:6].sum() < 0 and top_of_ones.mean() > 3 * top_of_sevens.mean()
assert first[is_seven].mean() - first[~is_seven].mean() > 2
assert abs(height[is_seven].mean() - height[~is_seven].mean()) < 0.2

# %% [markdown]
# The patch at the top is a rule that we would not have written: ink in the rows above a
# seven's bar is a vote for one. Not that ones are taller: the makers of the data scaled
# each digit to 20 rows. But then they moved its centre of mass to the middle of the
# picture, and a seven, heavy at the top, came to lie lower.
#
# That is the strength of learning, and its danger: it takes whatever works on the
# examples, even a trace of how they were made.

# %% [markdown]
# ## A first model in thirty lines
# Now all ten digits. Here is the program that was promised, complete, from import to
# result. Read it once from top to bottom, and don't worry about what is still strange:
# each part is explained below, and again, slowly, in the rest of the course.

# %%
import torch
from torch import nn

from utils.data import mnist
from utils.device import set_seed

set_seed(0)
(X, y), (X_test, y_test) = mnist()  # data: pictures and the digits that were meant

net = nn.Sequential(  # model
    nn.Flatten(),  # a picture becomes a row of 784 numbers
    nn.Linear(784, 64),  # 64 neurons look at the picture
    nn.ReLU(),  # their switch: what is below 0 becomes 0
    nn.Linear(64, 10),  # ten more listen to the 64, one for each digit
)
loss = nn.CrossEntropyLoss()  # objective: how wrong the ten votes are
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)  # optimisation algorithm

for epoch in range(1, 11):
    total = 0
    for rows in torch.randperm(len(X)).split(20):  # 20 pictures at a time
        optimizer.zero_grad()
        badness = loss(net(X[rows]), y[rows])
        badness.backward()  # how much is each weight to blame?
        optimizer.step()  # change each a little, against its blame
        total += badness.item() * len(rows)
    print(f"epoch {epoch:2}: loss {total / len(X):.3f}")

with torch.no_grad():  # from here on no more learning
    guesses = net(X_test).argmax(dim=1)  # the digit with the most votes
right_on_new = (guesses == y_test).float().mean().item()
print(f"right on {right_on_new:.1%} of 1,000 digits that it has never seen")

# %% [markdown]
# Is that good? Never praise a number alone. Put a **baseline** beside it, the result of
# something trivial. Two of them: always say the most common digit; and say the digit
# whose average picture is nearest.

# %%
X, X_test = X.flatten(start_dim=1), X_test.flatten(start_dim=1)
always = (y_test == y.bincount().argmax()).float().mean().item()


def nearest_mean(A, A_test):
    """Share right if each test row gets the label of the nearest class average."""
    means = torch.stack([A[y == digit].mean(dim=0) for digit in range(10)])
    return (torch.cdist(A_test, means).argmin(dim=1) == y_test).float().mean().item()


by_average = nearest_mean(X, X_test)
blanks = sum(p.numel() for p in net.parameters())
print(f"most common {always:.1%}, nearest average {by_average:.1%}, ", end="")
print(f"the net {right_on_new:.1%}, with {blanks:,} parameters")
assert always < 0.12 and 0.78 < by_average < 0.82 and right_on_new > 0.91
assert blanks == 64 * 785 + 10 * 65

# %% [markdown]
# So the thirty lines make fewer than half the errors of the better baseline. **Look
# for** what is hard about the digits that they get wrong: which could *you* read?

# %%
wrong = (guesses != y_test).nonzero().flatten()[:12]
titles = [f"{y_test[i]}, read as {guesses[i]}" for i in wrong]
axes = plots.images(X_test[wrong].reshape(-1, 28, 28), titles, ncols=6)
plots.show(
    axes[0].figure,
    alt="Twelve misread digits with the true digit and the net's reading above each; "
    "some are hard to read for a person, too, others are not.",
)
assert 1 - right_on_new < 0.5 * (1 - by_average)

# %% [markdown]
# Some you would misread, too; others are plain to a person.
#
# ## Four components
# You will find them in every program of this course, and in every paper:
#
# | component | question | in the thirty lines |
# |---|---|---|
# | **data** | from which examples? | `mnist()`: features `X`, labels `y` |
# | **model** | which rules are possible? | `nn.Sequential(...)` |
# | **objective** | how wrong is one? | `nn.CrossEntropyLoss()` |
# | **optimisation algorithm** | how do we find a better one? | `SGD`, in the loop |
#
# When something doesn't work, ask for each of the four what is wrong with it. Data come
# first: no other component can repair them. So we begin there.

# %% [markdown]
# ## Right nine times out of ten, and worth nothing
# A new job: *is it an eight?* Eights are about a tenth of the digits. A data set in
# which one label is rare is **unbalanced**, or imbalanced. Most that matter are: ill
# people, faulty parts, stolen cards.
#
# Here is a program for that job that is right on 90 of 100: `return "no"`. Beside it we
# train a neuron. The loop is that of the thirty lines, put into a function, `fit`,
# since we shall need it often.


# %%
def fit(net, X, y, loss, num_epochs=5, lr=0.02):
    """The loop of the thirty lines: -> the trained net."""
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    for _ in range(num_epochs):
        for rows in torch.randperm(len(X)).split(20):
            optimizer.zero_grad()
            loss(net(X[rows]), y[rows]).backward()
            optimizer.step()
    return net


@torch.no_grad()
def says_eight(net):
    """Whether the neuron fires, for each picture of the test set: (1000,) bool."""
    return net(X_test).flatten() > 0


is_eight, truth = (y == 8).float().reshape(-1, 1), y_test == 8
yes_or_no = nn.BCEWithLogitsLoss()  # an objective for yes and no
seldom = says_eight(fit(nn.Linear(784, 1), X, is_eight, yes_or_no, num_epochs=9))
never = torch.zeros_like(truth)  # always "no"
for name, said in {"always no": never, "the neuron": seldom}.items():
    print(f"{name:10} right on {(said == truth).float().mean():.1%}")
assert (never == truth).float().mean() > 0.9
assert 0.945 < (seldom == truth).float().mean() < 0.965

# %% [markdown] predict="eights_found"
# **Predict.** The neuron is right on about 95 of 100 pictures. Of the *eights* in the
# test set, how many does it find?
#
# - About 95 in 100, too.
#   wrong: one number taken for all groups. The 95 are an average over a crowd of other
#   digits and a few eights.
# - Nearly all: it was trained to find eights.
#   wrong: the name of the task taken for what is trained. The objective counted all
#   pictures alike, and nine in ten of them said "no".
# - About six in ten.
#   right: the eights are so few that missing four in ten of them costs less than five
#   points of accuracy.
# - Next to none, like "always no".
#   wrong: the trivial answer taken for the only one. The neuron has learned something,
#   as its accuracy above 90 shows.

# %% [markdown]
# Count each class by itself. The **recall** of a class is the share of its examples
# that were named rightly. The **accuracy** is the share of *all* examples; the
# **balanced accuracy** is the mean of the recalls, so that each class counts once,
# however rare it is:
#
# $$\text{recall}_k = \frac{\text{class } k \text{, and called } k}
# {\text{all of class } k}, \qquad
# \text{balanced accuracy} = \frac{\text{recall}_{\text{yes}} +
# \text{recall}_{\text{no}}}{2}$$


# %%
def recalls(said, truth):
    """Of the yes and of the no, the share that was said: two floats."""
    yes = said[truth].float().mean().item()
    return yes, (~said[~truth]).float().mean().item()


def scores(said):
    accuracy = (said == truth).float().mean().item()
    return accuracy, sum(recalls(said, truth)) / 2


print(f"the neuron finds {recalls(seldom, truth)[0]:.0%} of the eights, ", end="")
print(f"and {recalls(seldom, truth)[1]:.0%} of the others")
print(
    f"balanced accuracy: {scores(seldom)[1]:.3f}; of always no {scores(never)[1]:.3f}"
)
assert 0.54 < recalls(seldom, truth)[0] < 0.7 and scores(never)[1] == 0.5

# %% [markdown]
# "Always no" has a balanced accuracy of 0.5, that of a coin: the praise was worth
# nothing. And the neuron misses over three in ten of the eights. Is the lack of balance
# the cause? Take it away and look. Show each eight nine times as often, which is called
# **oversampling**, so that both answers weigh about the same, and change nothing else:
# 5 epochs of this longer list are as many pictures as the 9 epochs above.

# %%
copies = torch.where(y == 8, 9, 1)  # how often each row comes
rows = torch.arange(len(X)).repeat_interleave(copies)
print(f"eights among the rows: {is_eight.mean():.0%}, then {is_eight[rows].mean():.0%}")
often = says_eight(fit(nn.Linear(784, 1), X[rows], is_eight[rows], yes_or_no))
results = {"always no": scores(never), "neuron": scores(seldom)}
results["neuron, balanced data"] = scores(often)
print(f"it now finds {recalls(often, truth)[0]:.0%} of the eights")
for name, (accuracy, balanced) in results.items():
    print(f"{name:22} accuracy {accuracy:.3f}, balanced accuracy {balanced:.3f}")
assert (
    scores(often)[1] > scores(seldom)[1] + 0.05 and scores(often)[0] < scores(seldom)[0]
)
assert scores(often)[0] < scores(never)[0] + 0.03  # false alarms

# %% [markdown]
# Compare the two columns. By accuracy the first neuron wins, and the second is hardly
# better than "always no", or worse. By balanced accuracy the second wins by far, and
# "always no" is a coin.
#
# Balance found eights that were missed before, so its lack was a cause. It has a price:
# more false alarms (**false positives**), and a lower accuracy. Which neuron is better?
# That depends on what a missed eight costs, and what a false alarm. **You** decide
# that, with the objective, before you train.

# %% [markdown]
# ## Bad data
# Labels are made by people in a hurry. Suppose that some of the 4,000 are wrong. Two
# ways: in A, three labels in ten are replaced by any digit, drawn by chance. In
# B, somebody has misread the instructions and labelled every seven as a one; all else
# is right. Ten neurons, one for each digit, learn from each.


# %%
def reader(labels):
    """Train ten neurons, one a digit, on these labels: -> guesses for X_test."""
    ten = fit(nn.Linear(784, 10), X, labels, nn.CrossEntropyLoss())
    with torch.no_grad():
        return ten(X_test).argmax(dim=1)


by_chance = torch.where(torch.rand(len(y)) < 0.3, torch.randint(10, (len(y),)), y)
by_rule = torch.where(y == 7, 1, y)
share_a = (by_chance != y).float().mean().item()
share_b = (by_rule != y).float().mean().item()
print(f"wrong labels: {share_a:.0%} in A, {share_b:.0%} in B")
assert 0.24 < share_a < 0.3 and 0.09 < share_b < 0.11

# %% [markdown] predict="bad_labels"
# **Predict.** In A about 27 of 100 training labels are wrong, in B about 10. The test
# labels are all right. Which ten neurons do better on the test set?
#
# - B: it has fewer wrong labels.
#   wrong: wrong labels thought to do harm by their number. It matters which way they
#   point.
# - A, although it has more wrong labels.
#   right: errors by chance point in all directions and nearly cancel; errors of one
#   kind are a rule, and rules are what is learned.
# - Both lose about as many points as they have wrong labels.
#   wrong: each label thought to be copied. Learning looks for what many examples share,
#   and errors by chance share nothing.
# - Neither reads better than the average pictures.
#   wrong: bad data thought to ruin all. In both most labels are right.

# %%
right_y = (reader(y) == y_test).float().mean().item()
guesses_a, guesses_b = reader(by_chance), reader(by_rule)
right_a = (guesses_a == y_test).float().mean().item()
right_b = (guesses_b == y_test).float().mean().item()
sevens_read = (guesses_b[y_test == 7] == 7).float().mean().item()
print(f"right labels {right_y:.1%}, A {right_a:.1%}, B {right_b:.1%}")
print(f"of the sevens, B reads {sevens_read:.0%} as sevens")
assert right_y - right_a < 0.04 and sevens_read == 0
assert right_y - right_b > 0.08 and right_a > by_average + 0.03

# %% [markdown]
# Learning forgives **label noise** and takes over prejudice. A loses less than four
# points, B about ten: it has never seen a seven called seven, so it never says one. And
# nothing in *its own data* could tell it: a test set labelled by the same hand has the
# same fault. (A net that is large enough can learn even noise by heart:
# [chapter 08](08) is about it.)
#
# What can be bad about data, then: wrong labels, missing kinds of examples, groups that
# are rare, and features that give the answer away. Look at the data with your own eyes
# before any net does.

# %% [markdown]
# ## How does a neuron know that it watches the voltage?
# A learner of this course builds a tester for batteries. It measures three numbers:
# voltage, current, temperature. Wanted is the **state of health** $h$: how much charge
# a full battery holds, in percent of what it held when new. And a question came up: how
# does the first neuron know that it watches the voltage, and not the current?
#
# To answer, we need batteries. **These data are made**, not measured, by a formula in
# the form of real ones; the numbers in it are ours.

# %% [markdown]
# A battery has an inner resistance $R$. Draw a current $I$, and its voltage drops from
# $U_0$ to $U$ (Ohm's law). A worn battery resists more, and so does a cold one:
#
# $$U = U_0 - I R, \qquad R = R_0 \left(1 + 4 \, (1 - \tfrac{h}{100})\right)
# e^{(25 - T) / 50}$$
#
# - $U$: voltage in volts (V); $U_0 = 3.7$ V: without a current
# - $I$: current in amperes (A); $T$: temperature in degrees Celsius
# - $R_0 = 0.06$ ohm: the resistance when new, at 25 degrees
# - $e^{(25-T)/50}$: about 1.5 at 5 degrees, 1 at 25; here $e$ is the number 2.718...
#
# The voltmeter errs by 5 thousandths of a volt.


# %%
def made_batteries(n):
    """n batteries that nobody measured: X (n, 3) in V, A and degrees; h (n, 1) in %."""
    health = 60 + 40 * torch.rand(n, 1)
    current, temperature = 0.5 + 2.5 * torch.rand(n, 1), 5 + 35 * torch.rand(n, 1)
    resistance = 0.06 * (5 - health / 25) * torch.exp((25 - temperature) / 50)
    voltage = 3.7 - current * resistance + 0.005 * torch.randn(n, 1)
    return torch.cat([voltage, current, temperature], dim=1), health


columns = ["voltage", "current", "temperature"]
B_raw, h = made_batteries(1000)
B_raw_test, h_test = made_batteries(500)
mean, std = B_raw.mean(dim=0), B_raw.std(dim=0)  # of the training set, (3,) each
B, B_test = (B_raw - mean) / std, (B_raw_test - mean) / std
for k, name in enumerate(columns):
    low, high = B_raw[:, k].min(), B_raw[:, k].max()
    print(f"column {k}, {name:11} from {low:.2f} to {high:.2f}")

# %% [markdown]
# (`enumerate` counts while it walks: it gives pairs of a number and an item.) We also
# **standardised**: subtract a column's mean, divide by its standard deviation. Then 0
# means average, and 1 is a usual distance from it, in each column.
#
# **Look for** one voltage, say 3.4 V: how healthy is that battery?

# %%
fig, ax = plots.figure(width=6, height=3.2)
weak, strong = B_raw[:, 1] < 1.3, B_raw[:, 1] > 2.2
ax.scatter(B_raw[weak, 0], h[weak], s=12, marker="o", label="current below 1.3 A")
ax.scatter(B_raw[strong, 0], h[strong], s=12, marker="^", label="above 2.2 A")
ax.set(xlabel="voltage (V)", ylabel="state of health (%)", ylim=(58, 113))
ax.legend(loc="upper left", ncols=2)
plots.show(
    fig,
    alt="Health against voltage in two clouds. With a weak current the voltages crowd "
    "at the right end for every health; with a strong current they spread to the left, "
    "lower for worn batteries.",
)
near = h[(B_raw[:, 0] - 3.4).abs() < 0.03]
print(f"within 0.03 V of 3.4 V: from {near.min():.0f} to {near.max():.0f} % of health")
assert near.min() < 62 and near.max() > 85

# %% [markdown]
# You can't tell: near 3.4 V there are batteries of hardly more than 60 and of over 85
# percent. A good one under a strong current drops as far as a bad one under a weaker
# current. It takes all three numbers.
#
# The label is now a number, not a name; such a problem is a **regression**. A neuron
# for it leaves its switch out and says its weighted vote. Four attempts:
#
# - the mean of all, which is the baseline
# - one neuron
# - a **neural network**: 32 neurons with a switch, and one that weighs what they say.
#   We call it a **committee**
# - the same committee without the switches


# %%
def train_on(net, B, num_epochs=40):
    """Train on standardised health: -> the net."""
    return fit(net, B, (h - h.mean()) / h.std(), nn.MSELoss(), num_epochs, lr=0.05)


@torch.no_grad()
def typical_error(net, B_test):
    """Root of the mean squared error, in percent of health."""
    h_hat = net(B_test) * h.std() + h.mean()
    return ((h_hat - h_test) ** 2).mean().sqrt().item()


everyone_average = ((h_test - h.mean()) ** 2).mean().sqrt().item()
committee = train_on(nn.Sequential(nn.Linear(3, 32), nn.ReLU(), nn.Linear(32, 1)), B)
unswitched = train_on(nn.Sequential(nn.Linear(3, 32), nn.Linear(32, 1)), B)
errors = {"mean": everyone_average}
errors["one neuron"] = typical_error(train_on(nn.Linear(3, 1), B, 10), B_test)
errors["committee"] = typical_error(committee, B_test)
errors["no switches"] = typical_error(unswitched, B_test)
print({name: round(error, 1) for name, error in errors.items()})
assert errors["committee"] < 0.5 * errors["one neuron"] < 0.35 * errors["mean"]
assert abs(errors["no switches"] - errors["one neuron"]) < 0.6

# %% [markdown]
# The committee errs by about 2 points of health, one neuron by about 6. And the
# switches are what matters: without them, 32 neurons do no better than one. (Why? A
# weighted sum of weighted sums is a weighted sum.)
#
# The field's words: the 32 are a **hidden layer**, the last neuron is the **output
# layer**. The thirty lines are such a network, too, with a hidden layer of 64 neurons
# and an output layer of ten. **Deep learning** is learning with several layers.
#
# Now the question. We have a table with three columns. Does a neuron know which is
# which?

# %% [markdown] predict="columns_swapped"
# **Predict.** Train a new committee on the same table with the columns in another
# order: current, voltage, temperature. Its error on a test table in that order, too?
#
# - Higher: the first input belongs to the voltage.
#   wrong: a meaning thought to be built into a place. Before training all inputs are
#   alike.
# - Far worse than the mean: all is mixed up.
#   wrong: two things taken for one. That happens to a trained net whose columns are
#   swapped *afterwards*.
# - The same to a few tenths of a point.
#   right: an input has no name. The weights find out what it is good for.
# - Lower: the current decides more.
#   wrong: a rank among inputs. A sum doesn't care for the order of its terms.

# %%
swapped = [1, 0, 2]
newcomer = nn.Sequential(nn.Linear(3, 32), nn.ReLU(), nn.Linear(32, 1))
newcomer = train_on(newcomer, B[:, swapped])
errors["other order"] = typical_error(newcomer, B_test[:, swapped])
errors["swapped after training"] = typical_error(committee, B_test[:, swapped])
print({name: round(error, 1) for name, error in errors.items()})
assert abs(errors["other order"] - errors["committee"]) < 0.6
assert errors["swapped after training"] > errors["mean"]

# %% [markdown]
# So the answer: **it doesn't know.** A neuron gets numbers in places, without names. In
# training, the weight of each place becomes what suits the numbers that arrive there.
# After training the places are fixed: swap two columns then, and the net is worse than
# the mean, without any error message.
#
# Which inputs does the committee use? Ask it by taking one away: shuffle one column of
# the test set, so that each battery gets another's value (**permutation importance**).
# Beside it, what one neuron learns from that column *alone*.

# %%
for k, name in enumerate(columns):
    B_shuffled = B_test.clone()
    B_shuffled[:, k] = B_test[torch.randperm(500), k]
    without = typical_error(committee, B_shuffled)
    only = train_on(nn.Linear(1, 1), B[:, [k]], num_epochs=5)
    alone = typical_error(only, B_test[:, [k]])
    print(f"{name:11} shuffled: {without:4.1f}; alone: {alone:4.1f}", end="")
    print(f" (committee {errors['committee']:.1f}, mean {everyone_average:.1f})")
    assert without > 5 * errors["committee"] and alone > 0.8 * everyone_average
    assert k != 1 or (without > 20 and alone > 0.95 * everyone_average)

# %% [markdown]
# Look at the current. Alone it tells nothing: the error is that of the mean. Yet
# without the right current the committee errs by more than 20 points. Features can be
# worthless one by one and worth everything together.

# %% [markdown]
# ## The neuron that can never fire
# Before we standardised, all three columns held positive numbers. Take a neuron with
# negative weights and no bias, and feed it the raw table. Whatever battery comes, its
# vote is below 0: it **can never fire**. To know that, no data are needed, only the
# range of each feature: the highest vote that can be cast takes the upper end where the
# weight is positive and the lower end where it is negative.

# %%
low, high = B_raw.amin(dim=0), B_raw.amax(dim=0)  # (3,) each
w_no = torch.tensor([-0.1, -0.1, -0.1])
highest = torch.where(w_no > 0, w_no * high, w_no * low).sum()
print(f"raw: the highest vote possible is {highest:.2f}")
low, high = B.amin(dim=0), B.amax(dim=0)
highest_now = torch.where(w_no > 0, w_no * high, w_no * low).sum()
print(f"standardised, the same weights: {highest_now:+.2f}")
assert highest < -0.8 and highest_now > 0.4 and not neuron(B_raw, w_no, 0).any()

# %% [markdown]
# Is that a rare accident? Draw 1,000 neurons with random weights and bias 0, and count
# on which share of the batteries each fires. Some never do, some always; neither
# decides anything.

# %%
W = torch.randn(3, 1000)  # a column of weights for each of 1,000 neurons
fires_raw = (B_raw @ W > 0).float().mean(dim=0)  # (1000, 3) x (3, 1000) -> (1000,)
fires_std = (B @ W > 0).float().mean(dim=0)
never_raw, always_raw = (fires_raw == 0).float().mean(), (fires_raw == 1).float().mean()
print(f"raw: {never_raw:.0%} never fire, {always_raw:.0%} always; ", end="")
print(f"standardised: each on {fires_std.min():.0%} to {fires_std.max():.0%} of them")
assert never_raw > 0.3 and always_raw > 0.3 and never_raw + always_raw > 0.7
assert fires_std.min() > 0.35 and fires_std.max() < 0.65

# %% [markdown]
# On raw columns more than seven in ten are useless from the start. On standardised ones
# each of the 1,000 parts the batteries into two groups of similar size.

# %% [markdown] predict="never_fires"
# **Predict.** The silent neuron with weights of $-0.1$ and the switch `ReLU` (below 0
# it says 0) is trained for 300 steps to say the health, on raw columns. What becomes of
# its error?
#
# - It falls slowly: the start was bad, training mends it.
#   wrong: training thought to mend everything. It changes a weight by its blame, and
#   here no weight gets any.
# - It grows: the votes go down further.
#   wrong: a silent neuron thought to be pushed down. Below 0 its answer is 0, however
#   far.
# - It falls as fast as on standardised columns.
#   wrong: the scale thought not to matter. On these columns no battery makes it fire.
# - It doesn't change at all.
#   right: a little more or less of any weight leaves the answer at 0, so nothing is
#   better or worse, and no blame reaches the weights.


# %%
def train_silent(B, steps=300):
    """One ReLU neuron from weights of -0.1: -> its error before and after, in %."""
    w, b = torch.full((3, 1), -0.1, requires_grad=True), torch.zeros(1)
    b.requires_grad_()
    optimizer = torch.optim.SGD([w, b], lr=0.1)
    errors = []
    for _ in range(steps):
        optimizer.zero_grad()
        badness = ((torch.relu(B @ w + b) - h) ** 2).mean() / 2
        badness.backward()
        optimizer.step()
        errors.append((2 * badness.item()) ** 0.5)
    return errors[0], errors[-1]


raw_start, raw_end = train_silent(B_raw)
std_start, std_end = train_silent(B)
print(f"raw: {raw_start:.4f} before, {raw_end:.4f} after")
print(f"standardised: {std_start:.1f} before, {std_end:.1f} after")
assert raw_start == raw_end and std_end < 0.6 * everyone_average

# %% [markdown]
# The same weights, the same data, the same steps. On standardised columns the neuron
# fires for some batteries, gets blamed for those, and learns; on raw ones it stays
# silent for ever. A **dead neuron** gives no error message, either. So: standardise,
# and when a net doesn't learn, count how often its neurons fire.

# %% [markdown]
# ## How blame flows back
# Rosenblatt's rule blames the weights of *one* neuron. In a committee the members'
# votes go to another neuron, and only its answer is judged. Whose fault is an error
# then? Take one battery, three numbers, and a committee of two members, A and B:
#
# $$s_j = \sum_k W_{jk} x_k, \qquad a_j = \max(0, s_j), \qquad
# \hat y = \sum_j v_j a_j$$
#
# - $W_{jk}$: weight of member $j$ for feature $k$; $s_j$: its weighted vote
# - $a_j$: what it says, its **activation**; the switch $\max(0, s)$ is called **ReLU**
# - $v_j$: how much the last neuron listens to member $j$; biases are left out
#
# Forward, from left to right, these are eight products. You can do them on paper.

# %%
x = torch.tensor([-1.0, 0.5, -0.5], dtype=torch.float64)  # one battery, standardised
W = torch.tensor([[-1.0, 0.5, 1.0], [1.0, 1.0, 0.0]], dtype=torch.float64)
v = torch.tensor([2.0, 1.0], dtype=torch.float64)
truth_y = 1.0

s = W @ x  # (2, 3) x (3,) -> (2,)
a = s.clamp(min=0)  # (2,)
y_hat = v @ a  # (2,) x (2,) -> a number
print(f"votes {s.tolist()}, said {a.tolist()}, answer {y_hat:.1f}, truth {truth_y}")
assert s.tolist() == [0.75, -0.5] and y_hat == 1.5

# %% [markdown]
# The answer is 0.5 too high. The objective is half the square of the error
# $e = \hat y - y$. The **blame** of a weight is how fast the objective grows when the
# weight does. Follow a small push $\delta$ through the net:
#
# $$\begin{aligned}
# \tfrac12 (e + \delta)^2 - \tfrac12 e^2 &\approx e \, \delta
# &&\text{push the answer by } \delta\\
# v_j + \delta \text{ moves it by } a_j \, \delta &: \quad
# \text{blame of } v_j = e \, a_j\\
# W_{jk} + \delta \text{ moves it by } v_j \, [s_j > 0] \, x_k \, \delta &: \quad
# \text{blame of } W_{jk} = e \, v_j \, [s_j > 0] \, x_k
# \end{aligned}$$
#
# $[s_j > 0]$ is 1 if member $j$ fired, else 0. In words: blame is *the error, times how
# much you were listened to, times how loud your input was*. It walks the way of the
# votes backwards: **backpropagation**.

# %%
e = y_hat - truth_y
blame_out = e * a  # (2,)
blame_in = torch.outer(e * v * (s > 0), x)  # (2,) and (3,) -> (2, 3)
fig = draw.committee(x, W, v, blame_in, blame_out, columns)
plots.show(
    fig,
    alt="A net of three inputs, two members and one answer. On each connection its "
    "weight, and behind it in orange brackets its blame. Member B is silent, its "
    "connections are dotted, and all their blame is 0.",
)
assert torch.all(blame_in[1] == 0) and blame_out[1] == 0 and torch.all(blame_in[0] != 0)

# %% [markdown]
# **Look for** member B: it was silent, so it has no blame at all, and learns nothing
# from this battery. (The dead neuron above is one that is silent for *all* batteries.)
#
# Is it true? Ask in two other ways. First, really push each weight a little and
# measure. For that, a helper that puts the weight back, whatever happens: what
# `with ...:` runs before its lines is `__enter__`, and after them, even if they fail,
# `__exit__`.


# %%
class Pushed:
    """`with Pushed(weights, place, delta):` a weight is changed inside, only there."""

    def __init__(self, weights, place, delta):
        self.weights, self.place, self.delta = weights, place, delta

    def __enter__(self):
        self.before = self.weights[self.place].item()
        self.weights[self.place] += self.delta

    def __exit__(self, *error):  # *error: all arguments, as one tuple
        self.weights[self.place] = self.before


class Counted:
    """A function that counts its calls: with `__call__`, an object can be called."""

    def __init__(self, function):
        self.function, self.calls = function, 0

    def __call__(self, *args, **kwargs):  # whatever is given is handed on
        self.calls += 1
        return self.function(*args, **kwargs)


# %% [markdown]
# You have met both before. `with torch.no_grad():` is such a pair of enter and exit.
# And `net(X)` works because a PyTorch net has a `__call__`; that takes `*args` (the
# arguments without a name, as a tuple) and `**kwargs` (those with a name, as a dict)
# and hands them on.
#
# Now push all eight weights. Then let PyTorch do it: `backward` is the program of the
# formulas above, for any net. How it does that is the subject of [autograd](02). The
# field's name for all blame together is the **gradient**.

# %%
from numpy import ndindex

badness = Counted(lambda: (v @ (W @ x).clamp(min=0) - truth_y) ** 2 / 2)
start, delta, pushed = badness().item(), 1e-6, []
for weights in (v, W):
    for place in ndindex(*weights.shape):  # (0,), (1,), then (0, 0), (0, 1), ...
        with Pushed(weights, place, delta):
            pushed.append((badness().item() - start) / delta)
measured = torch.tensor(pushed, dtype=torch.float64)  # (8,)
by_formula = torch.cat([blame_out, blame_in.flatten()])
print(f"by pushing, {badness.calls} runs of the net:", measured.round(decimals=3))

leaf_v, leaf_in = v.clone().requires_grad_(), W.clone().requires_grad_()
((leaf_v @ (leaf_in @ x).clamp(min=0) - truth_y) ** 2 / 2).backward()
by_autograd = torch.cat([leaf_v.grad, leaf_in.grad.flatten()])
assert torch.allclose(measured, by_formula, atol=1e-4)
assert torch.equal(by_autograd, by_formula) and badness.calls == 9

# %% [markdown]
# All three agree. But look at the count: pushing needs one run of the net for every
# weight, and one more. For the thirty lines that would be 50,891 runs for one step.
# Backpropagation takes one run forward and one backward, however many weights there
# are. That is why large nets can be trained at all.
#
# And then? Change each weight a little *against* its blame:

# %%
for lr in (0.1, 0.4):
    new_out, new_in = v - lr * blame_out, W - lr * blame_in
    new_error = (new_out @ (new_in @ x).clamp(min=0) - truth_y).item()
    print(f"lr {lr}: the error goes from {e:.2f} to {new_error:+.2f}")
    assert (abs(new_error) < e) == (lr < 0.4)
assert 10 * len(torch.randperm(len(X)).split(20)) == 2000  # steps of the thirty lines
assert sum(p.numel() for p in net.parameters()) + 1 == 50_891

# %% [markdown]
# The factor is the **learning rate** `lr`. A small step helps. A step that is too long
# goes past the goal: blame says which way, and not how far. The same step again and
# again is called [gradient descent](03). The thirty lines do it 2,000 times, each time
# with the blame of 20 pictures, a **minibatch**. They are drawn by chance, which gives
# `SGD` its name: *stochastic* gradient descent.

# %% [markdown]
# ## Which kind of problem is it?
# You have seen two kinds, by the form of the answer: **regression**, *how much?* (the
# health of a battery), and **classification**, *which one?* (the digit). Stay in the
# battery workshop: it has more questions.
#
# **Tagging**, or multi-label classification: *which of these are true?* A battery can
# be worn, and cold, and under heavy load, all three or none. That is not one of many:
# each tag is a yes-or-no question of its own, with a neuron of its own. Count how often
# "exactly one" would be wrong:

# %%
tags = {"worn": h_test < 70, "cold": B_raw_test[:, [2]] < 10}
tags["heavy load"] = B_raw_test[:, [1]] > 2.5
table = torch.cat(list(tags.values()), dim=1)  # (500, 3) True or False
how_many = table.sum(dim=1).bincount(minlength=4).tolist()
print({f"{k} tags": count for k, count in enumerate(how_many)})
print(f"one of many can't be right for {500 - how_many[1]} of 500 batteries")
assert 500 - how_many[1] > 250 and how_many[2] + how_many[3] > 25

# %% [markdown]
# **Search and ranking**: *in which order?* Replace the worst 50 of 500 batteries, says
# the workshop. Then the numbers don't matter, only who comes before whom. An objective
# for regression doesn't see that: below, answers that are terrible as numbers are
# exactly as good as an order.
#
# **Recommendation**: *what will this person like?* A ranking for each person: a table
# of people and films with many holes is filled by what similar people liked. Mind its
# circle: people see what is recommended, and those clicks are the next data.

# %%
with torch.no_grad():
    guess = committee(B_test) * h.std() + h.mean()  # (500, 1) percent
worst_50 = set(h_test.flatten().argsort()[:50].tolist())
for name, score in {"committee": guess, "half of it": guess / 2}.items():
    chosen = set(score.flatten().argsort()[:50].tolist())
    found, error = len(chosen & worst_50), ((score - h_test) ** 2).mean().sqrt()
    print(f"{name:11}{found} of the worst 50 found; typical error {error:.1f} points")
print("by chance 5 would be found")
assert found > 30 and error > 38

# %% [markdown]
# **Sequences**: examples with an order inside, such as words or readings by the minute.
# Ask how the lengths of input and output are related:
#
# | task | example | input | output |
# |---|---|---|---|
# | tagging | each minute: charging or not? | n readings | n labels, one each |
# | speech recognition | sound to words | many slices | few words, same order |
# | speech synthesis | words to sound | few words | many slices, same order |
# | translation | English to French | n words | m words, any order |
#
# The form decides the net: tagging needs one answer a step; translation must first read
# the whole sentence. Part III of the course is about them.

# %% [markdown]
# ## Without labels: clusters
# In **supervised learning** each example has a label. Often nobody had the time to
# write one. **Unsupervised learning** looks for structure in the features alone. First
# kind: **clustering**, *which examples belong together?* The algorithm **k-means**: put
# down k centres, give each example to its nearest centre, move each centre to the mean
# of its examples, repeat.
#
# Here are 342 real penguins (Gorman et al., 2014). We measure bill and flipper, and
# hide the species.


# %%
def k_means(Z, k=3, rounds=25):
    """Group the rows of Z (N, n) around k centres: -> (N,) the group of each."""
    centres = Z[torch.randperm(len(Z))[:k]]  # k of the examples
    for _ in range(rounds):
        group = torch.cdist(Z, centres).argmin(dim=1)  # (N, k) -> (N,)
        centres = torch.stack([Z[group == j].mean(dim=0) for j in range(k)])
    return group


def agreement(group, species):
    """Share right if each group were called by its most common species."""
    named = [species[group == j].bincount().max() for j in group.unique()]
    return (sum(named) / len(species)).item()


birds = penguins().dropna(subset=["body_mass_g"])
names = sorted(birds.species.unique())
species = torch.tensor([names.index(name) for name in birds.species])
body = ["bill_length_mm", "flipper_length_mm", "body_mass_g"]
P = torch.tensor(birds[body].to_numpy()).float()  # (342, 3)
Z = (P - P.mean(dim=0)) / P.std(dim=0)
group = k_means(Z[:, [0, 1]])  # bill and flipper
print(f"groups by bill and flipper against species: {agreement(group, species):.0%}")
print(f"if all were of one species: {species.bincount().max() / len(species):.0%}")
assert agreement(group, species) > 0.9 and len(birds) == 342

# %% [markdown] predict="clusters"
# **Predict.** From bill and flipper, k-means found the three species, almost. Now give
# it flipper and body mass of the same penguins. What are its three groups?
#
# - The three species again, since they exist.
#   wrong: clustering taken for classification. Nobody told it what the groups should
#   be.
# - No groups: the program must fail.
#   wrong: groups thought to be found only where there are some. It returns k groups
#   for whatever you give it.
# - Three other groups, by size.
#   right: it groups by what is measured. Two of the species have nearly the same size,
#   so they fall together, and are cut where no border is.
# - A species each, but numbered differently.
#   wrong: names confused with borders. The numbers are arbitrary indeed, but the groups
#   themselves have changed.

# %%
by_size = k_means(Z[:, [1, 2]])
print(f"groups by flipper and mass against species: {agreement(by_size, species):.0%}")
for k, name in enumerate(names):
    length, mass = P[species == k, 1:].mean(dim=0).tolist()
    print(f"{name:9} on average: flipper {length:.0f} mm, {mass:.0f} g")
fig, (left, middle) = plots.figure(1, 2, width=4.4, height=3.2)
draw.groups(left, P[:, [0, 1]], group, species, names)
left.set(xlabel="bill (mm)", ylabel="flipper (mm)", title="by bill and flipper")
left.set_ylim(top=242)  # room for the legend
draw.groups(middle, P[:, [1, 2]], by_size, species, names)
middle.set(xlabel="flipper (mm)", ylabel="body mass (g)", title="by flipper and mass")
left.legend(fontsize=7, loc="upper left")
middle.legend(fontsize=7, loc="upper left")
plots.show(
    fig,
    alt="Two scatters of penguins. Left, flipper against bill: the colours of groups "
    "agree with the markers of species nearly everywhere. Right, mass against flipper: "
    "one long cloud cut into pieces from small to large; the piece of the smallest has "
    "markers of two species.",
)
assert agreement(by_size, species) < 0.8

# %% [markdown]
# **Look for** the colours: a colour is a group, a marker is a species. On the left they
# agree. On the right one long cloud is cut into pieces, from small to large, and Adelie
# and Chinstrap share a piece. So a cluster isn't a class. It has no name, its number
# means nothing, and the same penguins have other clusters when you measure something
# else. Whether clusters are *useful* is for you to find out.

# %% [markdown]
# ## Without labels: components, and new examples
# Second kind: **components**, *along which few directions do the examples differ?*
# **Principal component analysis** (PCA) finds them. A three has 784 pixels, but few
# directions, such as "more slanted", hold most of what is different: ten numbers
# already tell more than half.
#
# Third kind: **generation**, *make a new one*. Draw those ten numbers by chance, as
# spread out as in the real ones, and go back to pixels. **Look for** the lower row:
# threes that nobody wrote.

# %%
threes = X[y == 3]  # (412, 784)
mean_three, num_components = threes.mean(dim=0), 10
_, size, direction = torch.linalg.svd(threes - mean_three, full_matrices=False)
share = (size[:num_components] ** 2).sum() / (size**2).sum()
print(f"10 directions hold {share:.0%} of all differences between {len(threes)} threes")
spread = size[:num_components] / len(threes) ** 0.5  # standard deviations, (10,)
invented = torch.randn(8, num_components) * spread  # (8, 10)
invented = mean_three + invented @ direction[:num_components]  # (8, 784)
both = torch.cat([threes[:8], invented.clamp(0, 1)]).reshape(16, 28, 28)
axes = plots.images(both, ncols=8)
plots.show(
    axes[0].figure,
    alt="Two rows of eight threes: above real ones with sharp strokes, below invented "
    "ones, blurred like smoke, most of them readable.",
)
assert 0.5 < share < 0.6

# %% [markdown]
# They are blurred: ten directions are too few for a sharp edge. Two names that you will
# meet. A **generative adversarial network** (GAN) trains two nets against each other,
# one that makes pictures and one that tries to tell them from real ones, until it
# can't. A **probabilistic graphical model** draws variables as dots and says by arrows
# which depends on which: age and temperature → resistance → voltage. Our formula for
# made batteries is one.

# %% [markdown]
# ## Learning by acting
# In **reinforcement learning** nobody tells the right answer. An **agent** sees a
# state, acts, gets a **reward**, and sees what has become of the world; its **policy**
# says which action to take in which state. This is the loop:
#
# - *observe* the state → *act* by the policy → *get* a reward → *observe* again
#
# A made example, a charger. *Fast* charging gives 1.2 times what the battery holds, but
# wears it by 3 percent. *Gentle* gives 1 times, and wears it by 0.2 percent.


# %%
GAIN, WEAR = {"fast": 1.2, "gentle": 1.0}, {"fast": 0.97, "gentle": 0.998}


def live(policy, num_charges=50):
    """The agent's loop: -> total reward after each charge."""
    capacity, total, history = 1.0, 0.0, []
    for charge in range(num_charges):
        action = policy(capacity, num_charges - charge)  # observe, act
        total += GAIN[action] * capacity  # the reward
        capacity *= WEAR[action]  # the world has changed
        history.append(total)
    return history


def greedy(capacity, left):
    """Whatever gives the most now."""
    return max(GAIN, key=lambda action: GAIN[action] * capacity)


def patient(capacity, left):
    return "gentle"


lives = {"greedy": live(greedy), "patient": live(patient)}
print({name: f"{total[0]:.1f} after one charge" for name, total in lives.items()})

# %% [markdown] predict="greedy_or_patient"
# **Predict.** Each fast charge gives a fifth more than a gentle one. After 50 charges,
# who has got more energy in total?
#
# - The greedy one: a fifth more.
#   wrong: a reward looked at alone. The action also changes the state in which the
#   next reward is earned.
# - The patient one, by far.
#   right: fast charging wears the battery. What it wins now it pays back in every later
#   charge.
# - Both about the same.
#   wrong: gain and wear thought to cancel. They do at one number of charges only.
# - Nobody can say without trying all policies.
#   wrong: two tasks confused. To compare two policies takes two runs; to find the best
#   one is harder.

# %%
value, plan = 0.0, []  # of what is left, for a battery of capacity 1
for _ in range(50):  # from the last charge back to the first
    worth = {action: GAIN[action] + WEAR[action] * value for action in GAIN}
    plan.append(max(worth, key=worth.get))
    value = max(worth.values())
lives["planned"] = live(lambda capacity, left: plan[left - 1])
fig, ax = plots.figure(width=5.6, height=3.0)
totals = {name: total[:50] for name, total in lives.items()}
plots.curves(ax, range(1, 51), totals, "charges", "energy so far (full batteries)")
plots.show(
    fig,
    alt="Energy so far against the number of charges. The greedy curve is slightly "
    "ahead at first, is overtaken near 15 charges and flattens; patient and planned "
    "rise almost straight, nearly the same.",
)
ends = {name: round(total[-1], 1) for name, total in lives.items()}
ahead = sum(g > p for g, p in zip(lives["greedy"], lives["patient"], strict=True))
print(f"{ends}; greedy is ahead for the first {ahead} charges")
print(f"the plan charges fast {plan.count('fast')} times: the last ones")
assert ends["planned"] > ends["patient"] > 1.4 * ends["greedy"] and 10 < ahead < 20
assert abs(ends["planned"] - value) < 0.1 and set(plan[:7]) == {"fast"}

# %% [markdown]
# Is the future touched by what you do? That tells two kinds of problem apart.
#
# - **Contextual bandit**: see a situation, act, get a reward; the next situation
#   doesn't depend on it. Example: which advertisement to show to the next visitor.
#   There, greedy is right, once you know the rewards.
# - **Markov decision process** (MDP): the action decides the next state, too. Our
#   charger is one, and a game of chess.
#
# The best plan above charges gently and is fast only at the end, when there is no later
# to pay for. We could compute it since we knew the rules. An agent has to *learn* them
# by trying, and each try costs something. This course goes no further into it.

# %% [markdown]
# ## Who makes the features?
# For the ink rule, a person had to think of ink. The net of the thirty lines got raw
# pixels, and everything from there to the digit was learned together: **end-to-end**
# learning. Has it found features of its own? Its 64 neurons turn a picture into 64
# numbers, a **representation**. Judge three representations by the same simple judge,
# the nearest average:
#
# - four numbers that we thought of: the ink in each quarter of the picture
# - the 784 pixels
# - what the 64 neurons say


# %%
def hand_made(X):
    """The ink in the quarters of each picture: (N, 784) -> (N, 4)."""
    halves = X.reshape(-1, 2, 14, 2, 14)  # (N, upper or lower, row, left or right, ...)
    return halves.sum(dim=(2, 4)).flatten(start_dim=1)  # (N, 2, 2) -> (N, 4)


with torch.no_grad():
    hidden, hidden_test = net[:3](X), net[:3](X_test)  # (4000, 64), (1000, 64)
judged = {"four by hand": nearest_mean(hand_made(X), hand_made(X_test))}
judged |= {"pixels": by_average, "64 neurons": nearest_mean(hidden, hidden_test)}
print({name: f"{share:.1%}" for name, share in judged.items()})
assert judged["four by hand"] < 0.5 and judged["64 neurons"] > by_average + 0.05

# %% [markdown]
# The judge is the same, so the gain is the representation's. **Representation
# learning** is the heart of deep learning: each layer makes features for the next. (Our
# four are not the best that a person can think of. That is the point: thinking of good
# ones took whole careers.)

# %% [markdown]
# ## The Python that the course takes
# You have used most of it: comprehensions, `enumerate`, `with`, `__call__`, `*args`.
# Two words that look simpler than they are:
#
# - `isinstance(value, kind)` asks whether a value is of a kind *or of a kind derived
#   from it*. A `bool` is an `int` in Python, so `True` passes for a number.
# - `assert claim` stops the program if the claim is false. It is a guard against
#   *your own* mistakes, not a way to decide what happens: it skips nothing, it ends.
#   And `python -O` leaves all of them out.

# %%
readings = [3.71, True, 3, None]  # a logger that also notes "charging: True"
numbers = [value for value in readings if isinstance(value, int | float)]
print("taken for numbers:", numbers, "- a battery of", float(numbers[1]), "volt?")
assert numbers == [3.71, True, 3]  # not what one would think

guarded = "assert voltage > 0, 'no voltage'"
for optimize, how in ((0, "python"), (1, "python -O")):
    try:
        exec(compile(guarded, "example", "exec", optimize=optimize), {"voltage": -1})
        print(f"{how:10} goes on as if nothing were wrong")
    except AssertionError as error:
        print(f"{how:10} stops: {error}")

# %% [markdown]
# ## Paths that work on every system
# Windows writes `figures\ink.png`, all others `figures/ink.png`. So never glue a path
# together as text. `pathlib` joins with the operator `/`, and writes what the system
# wants. One trap: a part that begins at the root (`/`) **discards all before it**, both
# in `os.path.join` and in `pathlib`. A path object can at least be asked for its
# `anchor`, where it begins; for a part that should go below a folder it must be empty.

# %%
from os.path import join
from pathlib import PurePosixPath, PureWindowsPath

for kind in (PurePosixPath, PureWindowsPath):  # both, on any system
    print(f"{kind.__name__:16} {kind('figures') / 'digits' / 'ink.png'}")
print("joined with an absolute part:", join("figures", "/digits", "ink.png"))
trap = PurePosixPath("figures") / "/digits"
print(f"and by pathlib: {trap}, since the part has the anchor {trap.anchor!r}")
assert trap == PurePosixPath("/digits")
assert "figures" not in join("figures", "/digits", "ink.png")

# %% [markdown]
# A figure is saved in a **format**. PNG stores pixels: good for photos, and it blurs
# when enlarged. SVG and PDF store lines and text: sharp at any size, but large with
# many points. `rcParams` holds Matplotlib's settings, such as the font size; changed
# there, they hold for all later figures. So change them for a while, with
# `rc_context`.

# %%
from io import BytesIO

from matplotlib import rc_context, rcParams
from matplotlib.figure import Figure

before = rcParams["font.size"]
sizes = {}
for points in (30, 3000):
    with rc_context({"font.size": 14}):  # put back after these lines
        fig = Figure(figsize=(3, 2))
        fig.subplots().plot(torch.randn(points), torch.randn(points), "o")
        for kind in ("png", "svg"):
            fig.savefig(file := BytesIO(), format=kind)
            sizes[kind, points] = len(file.getvalue()) // 1000
print({f"{kind}, {n} points": f"{kB} kB" for (kind, n), kB in sizes.items()})
assert rcParams["font.size"] == before and sizes["svg", 3000] > 10 * sizes["png", 3000]

# %% [markdown]
# One line from old tutorials fails on every server: `matplotlib.use("TkAgg")`. A
# **backend** is the part of Matplotlib that puts a figure somewhere; `TkAgg` opens a
# window, and a server has no screen. Notebooks choose the right backend themselves, so
# leave the line out. (A script on a server says `"Agg"`, which only writes files.) On
# Linux we can try it without a screen; elsewhere there always is one.

# %%
import sys
from subprocess import run

program = "import matplotlib.pyplot as plt; plt.switch_backend('TkAgg')"
if sys.platform == "linux":
    no_screen = {"PATH": ""}  # no DISPLAY among the settings
    done = run([sys.executable, "-c", program], env=no_screen, capture_output=True)
    message = done.stderr.decode().strip().splitlines()[-1]
    print(message)
    assert "ImportError" in message or "ModuleNotFoundError" in message

# %% [markdown]
# ## What goes wrong in practice
# - A number praised alone. Put the trivial baseline beside it, and on unbalanced data
#   the balanced accuracy.
# - Labels that are wrong in *one* direction, or groups that are missing. No score shows
#   it, if the test set has the same fault.
# - Columns in another order after training. No error, wrong answers.
# - Neurons that never fire. No error, no learning. Standardise.
# - Several labels treated as one of many, or clusters taken for classes. Ask what the
#   answer looks like before you choose a net.
# - The test set used to choose something. Then it isn't a test any more. (Here it chose
#   nothing.)

# %%
metrics = {"thirty lines, right on unseen digits": right_on_new}
metrics["nearest average, its baseline"] = by_average
metrics["is it an eight: accuracy of always no"] = results["always no"][0]
metrics["its balanced accuracy"] = results["always no"][1]
metrics["neuron, balanced data: balanced accuracy"] = scores(often)[1]
metrics["battery, typical error of the committee, %"] = errors["committee"]
for name, value in metrics.items():
    print(f"{name:45} {value:.3f}")

# %% [markdown]
# ## Summary
# - To learn from data is to let examples choose a model, within a family, by an
#   objective. The choice is tested on other examples.
# - Four components: data, model, objective, optimisation algorithm.
# - A neuron is a weighted vote, a threshold (minus the bias) and a switch. It doesn't
#   know what it watches.
# - A neural network, a committee of neurons with switches, can do what one neuron
#   can't. Blame flows back through it.
# - Accuracy says little on unbalanced data; balanced accuracy counts each class once.
# - The form of the answer names the problem: how much, which one, which of these, which
#   order, a sequence; without labels: groups, directions, new examples; by acting: a
#   policy.

# %% [markdown]
# ## Exercises
# The exercises build these parts by hand, most of them in plain Python. Before you open
# them, guess, then try here:
#
# 1. Let `learn` run for 20 epochs. Does it reach 0 mistakes on the training set, and is
#    it better on the test set then?
# 2. In *Bad data*, what happens if half of the sevens are called ones?
# 3. Give `k_means` `k=5`. Who is split?
#
# Next, [chapter 01](01): what `X`, its shape and its axes are.

# %% [markdown]
# ## Open questions
# Good learners keep a list of what they haven't understood yet. Ours, after this
# chapter:
#
# - How does `backward` know the formula of any net? [Chapter 02](02)
# - Why 20 pictures at a time, and how long a step? [Chapter 03](03)
# - Why 64 neurons, and not 10 or 1,000? [Chapter 07](07)
# - When should one stop training? [Chapter 08](08)
# - What does the net answer when the picture shows a shoe?

# %% [markdown]
# ## Further reading
# - [Dive into Deep Learning](https://d2l.ai), chapter 1
# - Rosenblatt 1958, *The perceptron: a probabilistic model for information storage and
#   organization in the brain*
# - Rumelhart, Hinton and Williams 1986, *Learning representations by back-propagating
#   errors*
# - LeCun, Bottou, Bengio and Haffner 1998: these digits
# - Gorman, Williams and Fraser 2014: these penguins
# - Goodfellow et al. 2014, *Generative adversarial nets*
