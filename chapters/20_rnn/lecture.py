# %% [markdown]
# # Recurrent neural networks: one step, again and again
#
# *The Prime Minist...* Which letter comes next? You know it at once, and not from the
# last letter alone: behind a *t* there is most often an *h*. You know it from what you
# read **before**. But a [multilayer perceptron](07) has a fixed number of inputs. **How
# can a net read a text of any length, and remember?**
#
# Here you build a net with a memory, by hand and with PyTorch. It learns one word, then
# real news. You measure how far it looks back, and what happens to gradients on the
# way.
#
# You need [cross-entropy](06), [tanh](07), [backpropagation](02), [convolution](12),
# [vanishing gradients](10), [gradient clipping](10), [one cycle](10), [Adam](03) and a
# [validation set](05).

# %%
import math
import re

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.lr_scheduler import OneCycleLR

from utils import plots
from utils.device import set_seed, try_gpu
from utils.drawings import rnn as drawings
from utils.text import lee_news, ngram_probabilities, passages, without_repeats

plots.use_style()
set_seed(0)
device = try_gpu()

# %% [markdown]
# ## The idea: a state that is carried along
#
# A **recurrent neural network**, RNN, reads a sequence step by step. All **recurrent
# networks** keep a vector of numbers, the **hidden state** $h_t$: the memory after step
# $t$. Each step makes the new state from two things, the old state and the new input.
# Then the state may be asked for an output.
#
# The picture shows the net **unrolled**: one column a step. **Look for** the three
# names of weights. Does a name change from column to column?

# %%
fig = drawings.unrolled(list("hello"), list("ohlol"))
plots.show(
    fig,
    alt="Five columns for the letters h, e, l, l, o. Each letter goes through weights "
    "W_x into a state, which also gets the state on its left through weights W_h. From "
    "each state weights W_o lead up to an output: o, h, l, o, l. The names of the "
    "weights are the same in all columns.",
)

# %% [markdown]
# No name changes. The *same* weights are used at every step. This is **weight sharing
# over time**, as a [convolution](12) shares its kernel over places. So one net with a
# fixed number of weights reads sequences of any length, and what it learns about a
# letter at step 2 holds at step 200.

# %% [markdown]
# ## The formula
#
# The **plain RNN**, or Elman network (1990): for one sequence with inputs $x_t \in
# \mathbb R^E$ and states $h_t \in \mathbb R^H$,
#
# $$h_t = \tanh(W_x x_t + b_x + W_h h_{t-1} + b_h), \qquad o_t = W_o h_t + b_o$$
#
# $W_x$: $(H, E)$ reads the input, $W_h$: $(H, H)$ the old state, $W_o$ makes the scores
# $o_t$; the $b$ are biases. $h_0 = 0$. PyTorch keeps two biases; one would do, as only
# their sum counts. For a batch, rows of $X_t$: $(N, E)$ and $H_t$: $(N, H)$ are
# samples, and the weights are transposed:
#
# $$H_t = \tanh(X_t W_x^\top + b_x + H_{t-1} W_h^\top + b_h)$$

# %% [markdown]
# ## From scratch, and the same in PyTorch
#
# A step is one line, a layer is a loop around it. `nn.RNNCell` is PyTorch's step,
# `nn.RNN` its loop. The axis of time stands **first** here, as PyTorch likes it:
# (T, N, E).


# %%
def rnn_step(X, H, W_x, W_h, b_x, b_h):
    """One step: X (N, E), H (N, H) -> tanh(X W_x' + b_x + H W_h' + b_h), (N, H)."""
    return torch.tanh(X @ W_x.T + b_x + H @ W_h.T + b_h)


def rnn(X, H, params):
    """All steps of one layer: X (T, N, E), H (N, H) -> states (T, N, H), last one."""
    states = []
    for X_t in X:  # (N, E)
        H = rnn_step(X_t, H, *params)
        states.append(H)
    return torch.stack(states), H


cell, layer = nn.RNNCell(3, 5), nn.RNN(3, 5)
X, H = torch.randn(7, 4, 3), torch.randn(4, 5)  # 7 steps, 4 sequences, 3 numbers each
with torch.no_grad():
    one = (rnn_step(X[0], H, *cell.parameters()) - cell(X[0], H)).abs().max()
    states, last = rnn(X, H, list(layer.parameters()))
    output, h_n = layer(X, H[None])  # its state has an axis of layers: (1, N, H)
far = max((states - output).abs().max(), (last - h_n[0]).abs().max())
print({name: tuple(p.shape) for name, p in layer.named_parameters()})
print(f"largest difference to nn.RNNCell {one:.1e}, to nn.RNN {far:.1e}")
assert one < 1e-6 and far < 1e-6

# %% [markdown]
# ## What is a sample? Which of the two results is the output?
#
# **One sample is one whole sequence**, not one step: 4 samples of 7 steps here. If each
# step has a label, a sample has 7. Samples of a batch don't see each other.
#
# `nn.RNN` gives back two things, and they are easily swapped:
#
# - **`output`**: the state of the *last layer* at *all steps*. From it come scores.
# - **`h_n`**: the state of *all layers* after the *last step*. With it you read on.
#
# Layers can be **stacked**: the states of the first are the inputs of the second.
# **Look for** what `output` and `h_n` have in common in the picture.

# %%
fig = drawings.unrolled(["$x_1$", "$x_2$", "$x_3$"], ["$o_1$", "$o_2$", "$o_3$"], 2)
plots.show(
    fig,
    alt="Two rows of states over three steps. The lower row reads x1, x2, x3, the "
    "upper row reads the states of the lower one, and the scores o1, o2, o3 come from "
    "the upper row. In each row a state leads to the next on its right.",
)


# %%
def stacked_rnn(X, H, layer):
    """Layers of an nn.RNN one above the other: X (T, N, E), H (L, N, H) -> the same."""
    params, last = list(layer.parameters()), []
    for k in range(layer.num_layers):
        X, H_k = rnn(X, H[k], params[4 * k : 4 * k + 4])  # four tensors a layer
        last.append(H_k)
    return X, torch.stack(last)


deep = nn.RNN(3, 5, num_layers=2)
start = torch.randn(2, 4, 5)  # (L, N, H)
with torch.no_grad():
    output, h_n = deep(X, start)
    by_hand, last = stacked_rnn(X, start, deep)
print("output", tuple(output.shape), " h_n", tuple(h_n.shape))
torch.testing.assert_close(by_hand, output)
torch.testing.assert_close(last, h_n)
print("in common:", torch.equal(output[-1], h_n[-1]))
assert torch.equal(output[-1], h_n[-1]) and not torch.equal(output[-1], h_n[0])

# %% [markdown]
# They share the upper right corner: the last layer at the last step.
#
# With `batch_first=True` inputs and outputs have the batch in front. The hidden state
# **never** changes its axes. For $T$ steps, $N$ samples, $L$ layers:
#
# | | by default | `batch_first=True` |
# |---|---|---|
# | input | $(T, N, E)$ | $(N, T, E)$ |
# | `output` | $(T, N, H)$ | $(N, T, H)$ |
# | $h_0$ and `h_n` | $(L, N, H)$ | $(L, N, H)$ |
# | last step of the last layer | `output[-1]` | `output[:, -1]` |
# | the same | `h_n[-1]` | `h_n[-1]` |
# | input of `nn.RNNCell` | $(N, E)$ | |

# %%
swapped = nn.RNN(3, 5, num_layers=2, batch_first=True)
swapped.load_state_dict(deep.state_dict())
with torch.no_grad():
    output2, h_n2 = swapped(X.transpose(0, 1), start)  # (N, T, E), but (L, N, H)
print("output", tuple(output2.shape), " h_n", tuple(h_n2.shape))
assert output2.shape == (4, 7, 5) and h_n2.shape == (2, 4, 5)
torch.testing.assert_close(output2, output.transpose(0, 1))
torch.testing.assert_close(h_n2, h_n)
try:
    swapped(X.transpose(0, 1), start.transpose(0, 1))  # the state turned as well
except RuntimeError as error:
    print("state with the batch first:", error)

# %% [markdown]
# The error names the size that it wants. Another mistake has no error: a batch-first
# tensor given to a time-first layer. It then reads *across* the samples.

# %%
batch = torch.randn(4, 7, 3)  # 4 samples of 7 steps
other = batch.clone()
other[0] = torch.randn(7, 3)  # another first sample; the last three are the same
with torch.no_grad():
    wrong = (layer(batch)[0][3] - layer(other)[0][3]).abs().max().item()
    layer.batch_first = True
    right = (layer(batch)[0][3] - layer(other)[0][3]).abs().max().item()
print(f"sample 0 changes, and the output for sample 3 moves by {wrong:.3f}")
print(f"with batch_first=True it moves by {right:.3f}")
assert wrong > 1e-4 and right == 0

# %% [markdown]
# This is a good test for any net that reads batches: change one sample, and look
# whether another one's result moves.
#
# ## A first task: hello becomes ohlol
#
# A task that fits on a page. The net reads *hello*, one letter a step. At each step it
# names another letter; together they shall read *ohlol*. Letters are no numbers that
# can be added, so each becomes a **one-hot vector**: all zeros, and a 1 at the letter's
# place.

# %%
symbols = "ehlo"
index = {letter: i for i, letter in enumerate(symbols)}
word = torch.tensor([index[letter] for letter in "hello"])  # (5,)
goal = torch.tensor([index[letter] for letter in "ohlol"])  # (5,)
X_word = F.one_hot(word, num_classes=4).float()[:, None]  # (5, 4) -> (T=5, N=1, E=4)
print("input:", tuple(X_word.shape), " goal:", goal.tolist())
print(X_word[:, 0].int())


# %%
class Speller(nn.Module):
    """Scores of letters at each step: (T, N, 4) -> (T, N, 4), the loop by hand."""

    def __init__(self, num_hiddens=8):
        super().__init__()
        self.cell = nn.RNNCell(4, num_hiddens)
        self.out = nn.Linear(num_hiddens, 4)

    def forward(self, X):
        H = X.new_zeros(X.shape[1], self.cell.hidden_size)  # (N, H): no memory yet
        scores = []
        for X_t in X:  # (N, 4)
            H = self.cell(X_t, H)
            scores.append(self.out(H))
        return torch.stack(scores)


# %% [markdown]
# Five steps give five losses, [cross-entropies](06 "cross-entropy"). They are added,
# and the sum is what `backward` starts from. **With or without `.item()`?** Without.
# `.item()` gives a plain number, for printing; the graph that leads back to the weights
# is gone from it.

# %%
speller = Speller()
scores = speller(X_word)[:, 0]  # (T, N, 4) -> (T, 4), as N = 1
loss, number = 0, 0.0
for t in range(5):
    step_loss = F.cross_entropy(scores[t], goal[t])
    loss = loss + step_loss  # a tensor, with the graph of all five steps
    number += step_loss.item()  # a float, to be printed
try:
    number.backward()
except AttributeError as error:
    print(error)
loss.backward(retain_graph=True)
summed = speller.cell.weight_hh.grad.clone()
speller.zero_grad()
F.cross_entropy(scores, goal).backward()  # the mean over the steps
ratio = summed.norm() / speller.cell.weight_hh.grad.norm()
print(f"sum {loss.item():.3f}, the same as a float {number:.3f}")
print(f"gradient of the sum / gradient of the mean: {ratio:.4f}")
assert abs(loss.item() - number) < 1e-5 and abs(ratio - 5) < 1e-3

# %% [markdown]
# The sum's gradient is five times the mean's: one factor, the number of steps. Both are
# used. Compare losses, or learning rates, only after you know which it is.

# %% [markdown] predict="without_memory"
# **Predict.** A table without any memory says for each letter the best next answer. How
# many of the five letters of *ohlol* can it get right?
#
# - All five: each letter of *hello* has its answer.
#   wrong: the two l taken for two letters. The first l wants an *l*, the second an *o*,
#   and to the table they are the same.
# - Four: one of the two l must be wrong.
#   right: *h*, *e* and *o* stand once each and are no problem. So this famous task
#   needs its memory at a single step.
# - None, as the order is what it doesn't know.
#   wrong: the task thought to be about order all the way. Three of the four letters
#   always have the same answer.
# - Three: both l are lost.
#   wrong: an ambiguous letter thought to be always wrong. Say *o* for each l, and one
#   of the two is right.


# %%
def train_speller(net, num_steps=150):
    """Train on the one word; losses a letter, and the word that it then writes."""
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    losses = []
    for _ in range(num_steps):
        scores = net(X_word)[:, 0]  # (5, 4)
        loss = F.cross_entropy(scores, goal, reduction="sum")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item() / 5)
    return losses, "".join(symbols[i] for i in scores.argmax(dim=1))


table = Speller()
table.cell.weight_hh.requires_grad_(False).zero_()  # W_h = 0: each step forgets
curves, written = {}, {}
for name, net in {"RNN": Speller(), "no memory": table}.items():
    curves[name], written[name] = train_speller(net)
floor = 2 * math.log(2) / 5  # two of five letters are a guess between two
print(written, {name: f"{losses[-1]:.4f}" for name, losses in curves.items()})
right = sum(a == b for a, b in zip(written["no memory"], "ohlol", strict=True))
assert written["RNN"] == "ohlol" and right == 4
assert curves["RNN"][-1] < 0.01 and floor < curves["no memory"][-1] < floor + 0.01

# %% [markdown]
# The RNN writes *ohlol*. Without memory ($W_h = 0$) four letters are right, and the
# loss stops at $\frac{2 \ln 2}{5} \approx 0.277$ a letter: two guesses between two
# letters.
#
# **The state taken for the scores.** With four letters it is tempting to choose four
# hidden units and use the state itself as the scores. Then the loss can't reach 0,
# either. The state is a tanh, so at best the right letter has $1$ and the others $-1$:
#
# $$-\ln\frac{e^{1}}{e^{1} + 3e^{-1}} = \ln(1 + 3e^{-2}) \approx 0.341$$


# %%
class StateAsScores(nn.Module):
    """The mistake: four units, whose tanh is used as scores of four letters."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(4, 4)

    def forward(self, X):
        return self.rnn(X)[0]


curves["state as scores"], _ = train_speller(StateAsScores(), 150)
bound = math.log(1 + 3 * math.exp(-2))
ends = {name: f"{losses[-1]:.3f}" for name, losses in curves.items()}
print(ends, f"bound {bound:.3f}")
assert round(floor, 3) == 0.277 and round(bound, 3) == 0.341
assert min(curves["state as scores"]) > bound

# %% [markdown]
# **Look for** the two lines that the upper curves can't cross.

# %%
fig, ax = plots.figure(width=6, height=3.2)
plots.curves(ax, range(150), curves, "step", "loss a letter (nats, log scale)")
ax.axhline(floor, color="grey", ls="--", lw=1)
ax.axhline(bound, color="grey", ls=":", lw=1)
ax.set(yscale="log")
plots.show(
    fig,
    alt="Loss of three nets over 150 steps, log scale. The RNN falls below 0.01. The "
    "net without memory ends at the dashed line at 0.277, the net that uses its state "
    "as scores stays above the dotted line at 0.341.",
)

# %% [markdown]
# A loss that stays well above 0 on five letters is a message: look for what bounds it.
# The cure here is the linear layer behind the state: scores must be free to grow.
#
# ## Why this is no seq2seq
#
# *hello* to *ohlol* is often shown as a **sequence-to-sequence** task, like
# translation. It is not: it is an **aligned labelling** (tagging), one answer a step,
# given *while* reading. And with one word, learned and tested, it is memorised. See
# what that rules out: let the net write random words **backwards**.

# %% [markdown] predict="backwards"
# **Predict.** Words of five random letters, of four kinds. While it reads letter 1 to
# 5, the net shall write letter 5, 4, 3, 2, 1. After training, at which steps is it
# right on new words?
#
# - At all five, if the state is large enough.
#   wrong: memory taken for foresight. At step 1 letter 5 hasn't been read, and no state
#   can hold it.
# - At none: the whole word would have to be known first.
#   wrong: the steps thought to stand or fall together. From step 3 on the wanted letter
#   has been read.
# - At the last three; at the first two it guesses, one in four.
#   right: step 3 wants letter 3, which has just come in; steps 4 and 5 want letters
#   that are remembered.
# - At the first two, as the state has not yet been overwritten.
#   wrong: the direction turned round. What is asked first is what comes last.


# %%
class Tagger(nn.Module):
    """Scores (N, T, num_classes) at each step of one-hot inputs (N, T, E)."""

    def __init__(self, num_inputs, num_classes, num_hiddens=64):
        super().__init__()
        self.rnn = nn.RNN(num_inputs, num_hiddens, batch_first=True)
        self.out = nn.Linear(num_hiddens, num_classes)

    def forward(self, X):
        output, _ = self.rnn(X)  # (N, T, H)
        return self.out(output)


def random_words(n, num_blanks):
    """Words of 5 letters and blanks behind, one-hot (n, 5 + blanks, 5); backwards."""
    letters = torch.randint(4, (n, 5), device=device)
    padded = F.pad(letters, (0, num_blanks), value=4)  # symbol 4 is the blank
    return F.one_hot(padded, 5).float(), letters.flip(1)


def backwards(num_blanks, num_steps=400, lr=0.01):
    """Train to write the word backwards in the last 5 steps; accuracy at each: (5,)."""
    net = Tagger(5, 4).to(device)
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    scheduler = OneCycleLR(optimizer, lr, num_steps)
    for _ in range(num_steps):
        X, Y = random_words(128, num_blanks)
        loss = F.cross_entropy(net(X)[:, -5:].flatten(0, 1), Y.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
    X, Y = random_words(2000, num_blanks)
    return (net(X)[:, -5:].argmax(dim=2) == Y).float().mean(dim=0).cpu()


# %% [markdown]
# **Look for** the steps at the level of chance. In the second run the net reads the
# word first, and writes afterwards, at five blank steps. Does it then need to guess?

# %%
by_step = {"while it reads": backwards(0), "after it has read": backwards(5)}
fig, ax = plots.figure(width=5.2, height=3)
plots.curves(ax, range(1, 6), by_step, "letter written, first to fifth", "accuracy")
ax.axhline(0.25, color="grey", ls="--", lw=1)
ax.set(ylim=(0, 1.05), xticks=range(1, 6))
plots.show(
    fig,
    alt="Accuracy at the five written letters. While it reads: at chance, 0.25, for "
    "the first two letters, 1 for the last three. After it has read: near 1 for all.",
)
print({name: [f"{a:.2f}" for a in values] for name, values in by_step.items()})
aligned, after = by_step.values()
assert aligned[:2].max() < 0.3 and aligned[2:].min() > 0.99 and after.min() > 0.95

# %% [markdown]
# While it reads, the first two letters are guesses: no training can mend that. After it
# has read, all five are right. This is the idea of **seq2seq**: an *encoder* reads all
# of the input, then a *decoder* writes, as many symbols as it wants. Kinds of tasks, by
# where outputs stand:
#
# | outputs | example | take |
# |---|---|---|
# | one a step | tagging, next letter | `output` |
# | one at the end | which country's name? ([chapter 21](21)) | `h_n[-1]` |
# | a new sequence | translation ([chapter 23](23)) | encoder, decoder |

# %% [markdown]
# ## Real text
#
# Now a task where every step has a label for free: **name the next letter**. A net that
# does this is a **language model**, here of characters. The text: 300 news articles of
# the Australian Broadcasting Corporation, 2001.
#
# Text leaks easily from training into test. Articles are repeated with small changes,
# and neighbours tell of one event. So: drop an article if more than a tenth of its
# **passages** of 40 characters stand in an earlier one, then cut the list into three
# *blocks*.

# %%
articles = lee_news()
kept = without_repeats(articles)


def three_parts(articles):
    """Training, validation and test text: the first 70 %, then twice 15 %."""
    n = len(articles)
    cuts = [0, int(0.7 * n), int(0.85 * n), n]
    pairs = zip(cuts[:-1], cuts[1:], strict=True)
    return ["\n".join(articles[a:b]) + "\n" for a, b in pairs]


def leak(train_text, test_text):
    """Share of the test text's passages that stand in the training text."""
    own = passages(test_text)
    return len(own & passages(train_text)) / len(own)


train_text, valid_text, test_text = three_parts(kept)
shuffled = [articles[i] for i in torch.randperm(len(articles)).tolist()]
mixed_train, _, mixed_test = three_parts(shuffled)
print(f"{len(articles)} articles, {len(articles) - len(kept)} repeats dropped")
print("characters:", *(f"{len(t):,}" for t in (train_text, valid_text, test_text)))
print(f"leak {leak(train_text, test_text):.2%}, ", end="")
print(f"of all articles, shuffled: {leak(mixed_train, mixed_test):.2%}\n")
print(train_text[:175])
assert len(kept) == 289 and len(train_text) == 241_766
assert leak(train_text, test_text) < 0.005

# %% [markdown]
# Less than one passage in two hundred of the test has been seen: set phrases such as
# names of offices. (How much shuffled articles leak depends on the draw, on how many
# pairs it tears apart.) Still worse is a split of *windows* at random: a window that
# overlaps one of the training is no test at all.
#
# Each character of the **training** text gets a number; 0 stands for any other.

# %%
alphabet = sorted(set(train_text))
number = {symbol: i for i, symbol in enumerate(alphabet, start=1)}
V = len(alphabet) + 1  # with 0 for what is unknown


def encode(text):
    """Numbers of the characters of a text: (length,) int64."""
    return torch.tensor([number.get(c, 0) for c in text], device=device)


ids, valid_ids, test_ids = map(encode, (train_text, valid_text, test_text))
print(f"{V - 1} symbols:", "".join(alphabet).strip())
print("unknown in the validation text:", (valid_ids == 0).sum().item())
assert V == 80 and (valid_ids == 0).sum() == 4

# %% [markdown]
# ## Perplexity
#
# A model gives each next symbol $s_t$ a probability $p_t$. The text's probability is
# the product, so the right mean is the *geometric* one; its inverse is the
# **perplexity**:
#
# $$\text{PPL} = \Big(\prod_{t=1}^{T} p_t\Big)^{-1/T}
# = \exp\Big(\!-\frac1T \sum_{t=1}^{T} \ln p_t\Big) = e^{\text{cross-entropy}}$$
#
# If each $p_t$ is $1/k$, the perplexity is $k$. So read it as: *as unsure as between
# $k$ equal symbols*. 1 is perfect, and with $V = 80$ whoever knows nothing has 80. It
# is a mean over *symbols*: a mean over articles of unequal length is another number.

# %% [markdown]
# ## What does counting reach?
#
# Before any net: count. A **bigram** model knows the last symbol alone: of all times
# that it stood in the training text, how often did each other follow? (A tenth is added
# to each count, so that no probability is 0.)

# %%
pairs = (ids[:-1] * V + ids[1:]).bincount(minlength=V * V).view(V, V)  # last, next
bigram = (pairs + 0.1) / (pairs + 0.1).sum(dim=1, keepdim=True)
p = bigram[valid_ids[:-1], valid_ids[1:]]
bigram_perplexity = (-p.log().mean()).exp().item()
print(f"bigram, validation: {bigram_perplexity:.2f}")
assert round(bigram_perplexity, 1) == 12.0

# %% [markdown]
# **Look for** the two pairs with a probability above 0.8, and for the row of the space.

# %%
common = pairs.sum(dim=1).argsort(descending=True)[:26].cpu()
names = ["␣" if alphabet[i - 1] == " " else alphabet[i - 1] for i in common]
fig, ax = plots.figure(width=6.2, height=5.4)
plots.heatmap(bigram[common][:, common].cpu(), ax, "next symbol", "last symbol")
ax.set_title("probability of the next symbol")
ax.set_xticks(range(26), names)
ax.set_yticks(range(26), names)
plots.show(
    fig,
    alt="Probability of the next symbol for each of the 26 most common last symbols. "
    "Bright cells: v is mostly followed by e, comma and full stop by a space; h by e "
    "about half of the time. "
    "The row of the space is spread over many letters.",
)
after = {a: bigram[number[a], number[b]].item() for a, b in ("ve", "he", ", ", ". ")}
print({name: f"{value:.2f}" for name, value in after.items()})
assert after["v"] > 0.6 and min(after[","], after["."]) > 0.8 and after["h"] > 0.4

# %% [markdown]
# After a comma or a full stop comes most often a space, after *v* an *e*. Behind a
# space nearly every letter is possible: here more context would help.
#
# **More letters.** A trigram counts what follows each *pair*, an **n-gram** what
# follows each $n - 1$ symbols. Most long contexts are rare, so their counts are mixed
# with those of shorter ones (**smoothing**; Witten and Bell 1991): if $h$ was seen
# $N(h)$ times, with $T(h)$ different symbols behind it,
#
# $$p(s \mid h) = \frac{c(h, s) + T(h)\; p(s \mid h')}{N(h) + T(h)},$$
#
# where $c(h, s)$ counts and $h'$ is $h$ without its first symbol.

# %%
counting = {}
for order in range(1, 8):
    p = ngram_probabilities(ids, valid_ids, order, V)
    counting[order] = (-p.log().mean()).exp().item()
    print(f"{order}-gram: {counting[order]:5.2f}")
best_order = min(counting, key=counting.get)
print("best on the validation text:", best_order)
assert best_order == 5 and [round(counting[n], 1) for n in (1, 2, 3)] == [22.1, 12, 7.7]
assert round(counting[5], 1) == 4.6

# %% [markdown]
# Keep 4.6 in mind. Five symbols at a time, well smoothed, are a strong opponent; the
# bigram alone is a weak one.
#
# ## Letters in: the embedding
#
# 80 symbols as one-hot vectors would do. But $W_x x_t$ with a one-hot $x_t$ only picks
# a *column* of $W_x$. So skip the product: keep a table with a row of learned numbers
# for each symbol, and look the row up. That is an **embedding**. It costs no
# multiplication, and its width is yours to choose.

# %%
embedding = nn.Embedding(V, 32).to(device)
few = ids[:6]  # "Hundre"
looked_up = embedding(few)  # (6,) -> (6, 32)
multiplied = F.one_hot(few, V).float() @ embedding.weight  # (6, 80) @ (80, 32)
looked_up.sum().backward()
touched = embedding.weight.grad.abs().sum(dim=1) > 0
print(tuple(few.shape), "->", tuple(looked_up.shape))
print("rows with a gradient:", touched.sum().item(), "of", V)
assert torch.equal(looked_up, multiplied)
assert touched.sum() == len(set(train_text[:6])) == 6

# %% [markdown]
# The same numbers, and only the rows of symbols that occurred get a gradient.
#
# ## Batches that go on
#
# One text of 240,000 symbols is one long sample. To use a batch, cut it into $N$ rows
# side by side. Then take **windows** of $T$ symbols from all rows; the next batch goes
# on in each row where the last one ended. So the state may be carried from batch to
# batch. The labels are the same text, one symbol later.


# %%
def stream(ids, num_rows, T, start=0):
    """Batches X, Y (num_rows, T) of a text: rows go on from batch to batch."""
    ids = ids[start:]
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].view(num_rows, length)
    Y = ids[1 : num_rows * length + 1].view(num_rows, length)  # one symbol later
    for k in range(0, length - T + 1, T):
        yield X[:, k : k + T], Y[:, k : k + T]


def decode(ids):
    """The text of a row of numbers."""
    return "".join(alphabet[i - 1] if i else "?" for i in ids.tolist())


(X1, Y1), (X2, _) = list(stream(ids, 32, 14))[:2]
fig = drawings.stream([[decode(row) for row in X[:4]] for X in (X1, X2)])
plots.show(
    fig,
    alt="Four rows of letters in two batches of 14 columns. In each row the second "
    "batch goes on with the sentence of the first.",
)
print("input:", repr(decode(X1[0])), " label:", repr(decode(Y1[0])))
assert torch.equal(X1[:, 1:], Y1[:, :-1]) and torch.equal(Y1[:, -1], X2[:, 0])

# %% [markdown]
# ## The state goes on, the graph must not
#
# If the state comes from the last batch, so does its graph, and `backward` would run
# back through all earlier batches to the start of the text.

# %%
tagger = Tagger(V, V).to(device)
batches = list(stream(ids, 32, 20))[:5]


def graph_size(tensor):
    """Number of autograd's nodes behind a tensor."""
    seen, todo = set(), [tensor.grad_fn]
    while todo:
        node = todo.pop()
        if node is not None and node not in seen:
            seen.add(node)
            todo += [before for before, _ in node.next_functions]
    return len(seen)


state, sizes = None, {"kept": [], "detached": []}
for name in sizes:
    state = None
    for X, _ in batches:
        _, state = tagger.rnn(F.one_hot(X, V).float(), state)
        sizes[name].append(graph_size(state))
        if name == "detached":
            state = state.detach()  # the same numbers, without their past
print(sizes)
growth = torch.tensor(sizes["kept"]).diff()
assert (growth > 0.9 * growth[0]).all() and sizes["kept"][-1] > 4 * sizes["kept"][0]
assert max(sizes["detached"]) < 1.1 * min(sizes["detached"])

# %% [markdown]
# The kept graph grows with each batch. In training you don't get that far: the first
# `backward` frees its graph, and the second run into it says so.

# %%
state = None
try:
    for X, Y in batches:
        output, state = tagger.rnn(F.one_hot(X, V).float(), state)
        F.cross_entropy(tagger.out(output).flatten(0, 1), Y.flatten()).backward()
except RuntimeError as error:
    message = str(error)
print(message.split(".")[0])
assert "second time" in message

# %% [markdown]
# `retain_graph=True`, which the message goes on to propose, is the wrong cure: it keeps
# the growing graph. The right one is `state.detach()` between batches. The state's
# numbers go on, gradients end at the window's edge: **truncated back-propagation
# through time**.
#
# ## The character model
#
# Embedding, one recurrent layer, a linear layer for the scores. [Adam](03) trains it
# over [one cycle](10) of the learning rate, with the gradient's norm clipped to 1.


# %%
class CharRNN(nn.Module):
    """Scores of the next symbol: X (N, T), state (1, N, H) -> (N, T, V), state."""

    def __init__(self, num_symbols, num_hiddens=160, width=32):
        super().__init__()
        self.embedding = nn.Embedding(num_symbols, width)
        self.rnn = nn.RNN(width, num_hiddens, batch_first=True)
        self.out = nn.Linear(num_hiddens, num_symbols)

    def forward(self, X, state=None):
        output, state = self.rnn(self.embedding(X), state)  # (N, T, H)
        return self.out(output), state


@torch.no_grad()
def next_probabilities(net, ids, num_rows=8):
    """Probability of each symbol but the first, read with one state: (n,)."""
    X, Y = next(stream(ids, num_rows, (len(ids) - 1) // num_rows))
    p = net(X)[0].softmax(dim=2)  # (8, length, V)
    return p.gather(2, Y[..., None]).flatten().cpu()  # in the order of the text


def perplexity(p):
    return (-p.log().mean()).exp().item()


def fit_text(net, ids, carry, num_epochs=5, T=50, lr=0.006):
    """Train on the stream; return the validation perplexity after each epoch."""
    optimizer = torch.optim.Adam(net.parameters(), lr=lr, fused=True)
    num_steps = num_epochs * (len(ids) // (32 * T) + 1)
    scheduler = OneCycleLR(optimizer, lr, num_steps)
    history = []
    for _ in range(num_epochs):
        state, start = None, torch.randint(T, ()).item()  # other windows each time
        for X, Y in stream(ids, 32, T, start):
            scores, state = net(X, state)
            state = state.detach() if carry else None
            loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
        history.append(perplexity(next_probabilities(net, valid_ids)))
    return history


# %% [markdown]
# A [validation set](05) decides between two nets: one whose state is carried from batch
# to batch, one that begins each window of 50 with zeros, a common slip in such loops.
# Both are validated with a carried state. **Look for** the epoch in which they pass the
# bigram, and for the gap between them.

# %%
nets = {"carried": CharRNN(V).to(device), "reset": CharRNN(V).to(device)}
histories = {
    f"state {name}": fit_text(net, ids, carry=name == "carried")
    for name, net in nets.items()
}
fig, ax = plots.figure(width=6, height=3.4)
plots.curves(ax, range(1, 6), histories, "epoch", "validation perplexity")
for order, style in ((2, ":"), (3, "--"), (5, "-.")):
    label = f"{order}-gram"
    ax.axhline(counting[order], color="grey", ls=style, lw=1, label=label)
ax.set(ylim=(4, 13), xticks=range(1, 6))
ax.legend(ncols=2, fontsize=8)
plots.show(
    fig,
    alt="Validation perplexity of two nets over five epochs, from about 10.5 to below "
    "6. The two curves nearly coincide. Horizontal lines: bigram at 12, trigram at "
    "7.7, 5-gram at 4.6. The nets pass the trigram in the second epoch and stay above "
    "the 5-gram.",
)
ends = {name: values[-1] for name, values in zip(nets, histories.values(), strict=True)}
chosen = min(ends, key=ends.get)
print({name: f"{value:.2f}" for name, value in ends.items()}, "chosen:", chosen)
assert max(ends.values()) < 6 and abs(ends["carried"] - ends["reset"]) < 0.25
assert all(h[0] < counting[2] and h[1] < counting[3] for h in histories.values())

# %% [markdown]
# Below the bigram after one epoch, below the trigram after two. The 5-gram stays ahead.
# And in this run the slip costs next to nothing! Why? Perhaps the net doesn't look back
# as far as 50 letters.
#
# ## How far back does it look?
#
# Start both nets with a zero state at thousands of places, and note the perplexity of
# each letter by how many letters have been read since. An n-gram has read $n - 1$.
#
# **Look for** where the curves become flat, and for the very first letter.


# %%
@torch.no_grad()
def by_letters_read(net, ids, T=40):
    """Perplexity of a symbol by the number of symbols read from zero state: (T,)."""
    windows = ids.unfold(0, T + 1, 8)  # one starts at each eighth symbol: (n, T + 1)
    scores = net(windows[:, :-1])[0].transpose(1, 2)  # (n, V, T)
    losses = F.cross_entropy(scores, windows[:, 1:], reduction="none")
    return losses.mean(dim=0).exp().cpu()


# %%
read = {f"state {name}": by_letters_read(net, valid_ids) for name, net in nets.items()}
fig, ax = plots.figure(width=6.4, height=3.4)
plots.curves(ax, range(1, 41), read, "letters read since the zero state", "perplexity")
ax.plot(range(1, 7), [counting[n] for n in range(2, 8)], "k.:", label="n-grams")
ax.set(ylim=(4, 42))
ax.set(yscale="log", yticks=[5, 10, 20, 40], yticklabels=[5, 10, 20, 40])
ax.minorticks_off()
ax.legend()
plots.show(
    fig,
    alt="Perplexity over the letters read, log scale. Trained with resets the net "
    "starts near the bigram's 12, with a carried state far above; both are flat below "
    "6 from about ten letters on. n-grams fall from 12 to 4.6 within four letters.",
)

# %%
carried, reset = read.values()
flat = {name: (v[10:20].mean() / v[20:].mean()).item() for name, v in read.items()}
print(f"first letter: carried {carried[0]:.1f}, reset {reset[0]:.1f}, ", end="")
print(f"bigram {counting[2]:.1f}, unigram {counting[1]:.1f}")
print("letters 11 to 20 against 21 to 40:", {k: f"{v:.3f}" for k, v in flat.items()})
short = reset[:8].log().mean().exp().item()
print(f"in windows of 8 letters, forgetting between: {short:.2f}", end="")
print(f" against {ends['reset']:.2f}")
assert carried[0] > 1.4 * counting[2] and reset[0] < 1.3 * counting[2]
assert all(abs(value - 1) < 0.03 for value in flat.values())
assert short > 1.2 * ends["reset"]
assert all(counting[k + 1] < min(carried[k - 1], reset[k - 1]) for k in range(1, 7))

# %% [markdown]
# After ten letters, more of them gain next to nothing: this net's memory is about two
# words long. So windows of 50 lose little. Reading in windows of 8, and forgetting
# between them, is dear. (The ripple repeats every eight letters: windows start at each
# eighth symbol, so that the same letters of the text come again.)
#
# The net with the carried state is poor at its first letters: in training it met a zero
# state only at the start of each of the five epochs. The other net, which met it in
# every window, is near the bigram there. Use a net as it was trained.
#
# And mind the dots: at equal context, counts are *better* than this net.

# %% [markdown]
# ## Writing text
#
# The net gives probabilities. To write, draw a symbol, feed it back as the next input,
# and so on (**sampling**). The **temperature** $\tau$ makes the drawing bolder or more
# careful. With scores $o_i$:
#
# $$p_i = \frac{e^{o_i / \tau}}{\sum_j e^{o_j / \tau}}$$
#
# $\tau = 1$: the model's own probabilities. $\tau \to 0$: always the highest score.
# $\tau \to \infty$: all symbols alike.


# %%
@torch.no_grad()
def write(net, prefix, temperature, length, num_texts=1):
    """Texts of `length` symbols that go on from `prefix`, drawn at a temperature."""
    X = encode(prefix).expand(num_texts, -1)
    state, written = None, []
    for _ in range(length):
        scores, state = net(X, state)  # the first time the whole prefix, then a symbol
        p = (scores[:, -1] / temperature).softmax(dim=1)  # (num_texts, V)
        X = torch.multinomial(p, num_samples=1)  # (num_texts, 1)
        written.append(X)
    return [decode(row) for row in torch.cat(written, dim=1)]


net = nets[chosen]
warm_up = train_text[-200:]  # so that the state is a usual one
for temperature in (0.3, 0.7, 1.0):
    print(f"--- temperature {temperature}")
    print(write(net, warm_up, temperature, 220)[0], "\n")

# %% [markdown]
# Cold, it repeats the commonest words; at 1 it invents words that look English. But is
# that so, or just these three? Count: 40 texts at each temperature. How many of the
# words are **real**, that is, in the training text? How many are **different**? Of the
# validation text's own words, not all are in the training text: that is the mark to
# compare with.


# %%
def words(text):
    return re.findall(r"[A-Za-z]+", text)


known = set(words(train_text))
held_out = words(valid_text)
mark = sum(word in known for word in held_out) / len(held_out)
temperatures = [0.3, 0.5, 0.7, 1.0, 1.5]
shares = {"real words": [], "different words": []}
for temperature in temperatures:
    texts = write(net, warm_up, temperature, 250, num_texts=40)
    found = [word for text in texts for word in words(text)[:-1]]  # the last is cut off
    shares["real words"].append(sum(w in known for w in found) / len(found))
    shares["different words"].append(len(set(found)) / len(found))
print({name: [f"{s:.2f}" for s in row] for name, row in shares.items()})
print(f"real words in the validation text: {mark:.2f}")

# %%
fig, ax = plots.figure(width=5.4, height=3.1)
plots.curves(ax, temperatures, shares, "temperature", "share of all words")
ax.axhline(mark, color="grey", ls="--", lw=1, label="real words, validation text")
ax.legend(fontsize=8)
ax.set(ylim=(0, 1))
plots.show(
    fig,
    alt="Shares over the temperature from 0.3 to 1.5. Real words fall from about 0.9 "
    "to about 0.25, different words rise from below 0.25 to above 0.75. A dashed line "
    "marks the real words of the validation text, 0.89.",
)
real, different = (torch.tensor(row) for row in shares.values())
assert (real.diff() < 0).all() and (different.diff() > 0).all()
assert (
    real[0] > 0.83 and 0.4 < real[3] < 0.6 and real[4] < 0.35 and round(mark, 2) == 0.89
)
assert different[0] < 0.25 and different[4] > 0.75

# %% [markdown]
# More real words, or more different ones: each degree of temperature buys the one with
# the other. At 1, about every second word is invented. That is what a perplexity above
# 5 means.
#
# And the question of the beginning?

# %%
question = warm_up + "The Prime Minist"
with torch.no_grad():
    p_net = net(encode(question)[None])[0][0, -1].softmax(dim=0)  # (V,)
p_pairs = bigram[number["t"]]
for name, p in (("net", p_net), ("bigram", p_pairs)):
    three = [f"{decode(i[None])!r} {p[i]:.2f}" for i in p.topk(3).indices]
    print(f"{name:>6}:", ", ".join(three))
e, h = number["e"], number["h"]
assert p_pairs.argmax() == h and p_net[h] < p_pairs[h] / 4 and p_net[e] > 2 * p_pairs[e]

# %% [markdown]
# The bigram says *h*. The net hardly thinks of *h* any more, and gives *e* more than
# twice the bigram's share: it has read more than the *t*.
#
# ## Back through time
#
# Why does the memory end after ten letters? One reason lies in the gradients. Unrolled,
# an RNN is a deep net, a layer a step, all with the same weights. [Backpropagation](02)
# on it is called **back-propagation through time**, BPTT. Take a loss $L$ of the last
# step, and write $a_t$ for what the tanh is applied to. The chain rule gives
#
# $$\frac{\partial h_t}{\partial a_t} = \operatorname{diag}(1 - h_t^2), \qquad
# \frac{\partial a_t}{\partial h_{t-1}} = W_h,$$
#
# $$\text{so}\qquad \frac{\partial L}{\partial h_{t-1}} =
# W_h^\top \Big( (1 - h_t^2) \odot \frac{\partial L}{\partial h_t} \Big) .$$
#
# Each step back multiplies by the slopes $1 - h_t^2 \le 1$ and by the *same* matrix.


# %%
def back_through_time(net, X, y, scale=1.0, slopes=True):
    """Norm of dL/dh by the steps back, by hand: X (N, T), y (N,) -> (T,), mean of N.

    L is the loss of the last step, W_h is multiplied by `scale`, and without `slopes`
    the factors 1 - h^2 are left out.
    """
    W_x, W_h, b_x, b_h = (p.detach() for p in net.rnn.parameters())
    W_h = scale * W_h
    inputs = net.embedding(X).detach().transpose(0, 1)  # (T, N, E)
    H = inputs.new_zeros(len(X), len(W_h))
    states, _ = rnn(inputs, H, (W_x, W_h, b_x, b_h))  # (T, N, H)
    H = states[-1].requires_grad_()
    loss = F.cross_entropy(net.out(H), y, reduction="sum")
    (g,) = torch.autograd.grad(loss, H)  # (N, H)
    norms = [g.norm(dim=1).mean()]
    for H in states[1:].detach().flip(0):  # from the last step on, back
        g = (g * (1 - H**2 if slopes else 1)) @ W_h  # a row times W_h
        norms.append(g.norm(dim=1).mean())
    return torch.stack(norms).detach().cpu()


# %% [markdown]
# Is the formula right? Let autograd compute $\partial L / \partial h_1$, 49 steps back
# from the loss, and compare.

# %%
long = valid_ids.unfold(0, 51, 200)[:250]  # 250 windows that don't overlap
X_long, y_long = long[:, :50], long[:, 50]  # (250, 50), (250,): the next symbol


def first_state_gradient(net, X, y):
    """Norm of dL/dh_1 by autograd, mean over the samples."""
    inputs = net.embedding(X).detach()
    _, first = net.rnn(inputs[:, :1])  # (1, N, H)
    first = first.detach().requires_grad_()
    _, last = net.rnn(inputs[:, 1:], first)
    loss = F.cross_entropy(net.out(last[0]), y, reduction="sum")
    return torch.autograd.grad(loss, first)[0][0].norm(dim=1).mean().item()


by_hand = back_through_time(net, X_long, y_long)
by_autograd = first_state_gradient(net, X_long, y_long)
print(f"49 steps back: by hand {by_hand[49]:.3e}, by autograd {by_autograd:.3e}")
assert abs(by_hand[49] / by_autograd - 1) < 0.01

# %% [markdown] predict="large_eigenvalue"
# **Predict.** In the trained net the largest eigenvalue $\lambda$ of $W_h$ has an
# absolute value well above 1. How large is the gradient 20 steps back, compared with
# the last step's?
#
# - Far larger: about $|\lambda|^{20}$ times.
#   wrong: the slopes forgotten. They stand between any two of the matrices, and where a
#   tanh is near 1 or -1 they are small.
# - About as large, as training has balanced it.
#   wrong: a wish of the net taken for what the loss asks. Nothing in the loss rewards a
#   gradient that keeps its length.
# - Far smaller: below a hundredth.
#   right: the units work where the tanh is flat, and the slopes win over the matrix.
# - Exactly 0: windows of 50 have cut it off.
#   wrong: truncation thought to act inside a window. It cuts between windows only.

# %%
fresh = CharRNN(V).to(device)
data = (X_long, y_long)
lines = {
    "trained": by_hand,
    "trained, slopes left out": back_through_time(net, *data, slopes=False),
    "fresh": back_through_time(fresh, *data),
    "fresh, $W_h$ times 3": back_through_time(fresh, *data, scale=3),
    "fresh, $W_h$ times 8": back_through_time(fresh, *data, scale=8),
}
lines = {name: norms / norms[0] for name, norms in lines.items()}

# %%
radius = [torch.linalg.eigvals(n.rnn.weight_hh_l0).abs().max() for n in (net, fresh)]
rate = {name: (norms[20] ** (1 / 20)).item() for name, norms in lines.items()}
with torch.no_grad():
    states = [n.rnn(n.embedding(X_long))[0] for n in (net, fresh)]  # (250, 50, 160)
slope = [(1 - H**2).mean().item() for H in states]
print(f"mean slope: trained {slope[0]:.2f}, fresh {slope[1]:.2f}; ", end="")
print(f"largest eigenvalue: trained {radius[0]:.2f}, fresh {radius[1]:.2f}")
print("factor a step:", {name: f"{value:.2f}" for name, value in rate.items()})
assert slope[0] < 0.6 and slope[1] > 0.8
assert radius[0] > 1.3 and abs(radius[1] - 1 / math.sqrt(3)) < 0.1
assert lines["trained"][20] < 0.01 and lines["trained, slopes left out"][20] > 100
assert 0.48 < rate["fresh"] < 0.6 < rate["trained"] < 0.8
assert rate["fresh, $W_h$ times 3"] > 1.02 and rate["fresh, $W_h$ times 8"] > 1.4

# %% [markdown]
# **Look for** the lines that are straight: each step multiplies by the same factor.

# %%
fig, ax = plots.figure(width=6.6, height=3.7)
plots.curves(
    ax, range(50), lines, "steps back from the loss", "norm of dL/dh, relative"
)
ax.set(yscale="log", ylim=(1e-16, 1e20))
ax.legend(fontsize=8, ncols=2)
plots.show(
    fig,
    alt="Norm of the gradient over 50 steps back, log scale, nearly straight lines. "
    "The fresh net falls fastest, the trained net more slowly. With W_h times 3 the "
    "line rises slowly, with W_h times 8 steeply, and so does that of the trained net "
    "without slopes.",
)

# %% [markdown]
# Nearly all are straight: **vanishing** and **exploding** gradients, as in [chapter
# 10](10 "vanishing gradients"), but each layer here has the *same* matrix. PyTorch
# starts $W_h$ uniformly within $\pm 1/\sqrt H$. Such a matrix has eigenvalues up to
# about $1/\sqrt 3 \approx 0.58$, and the fresh net's factor is near that.
#
# The trained net's matrix *would* explode: without slopes it does. With them the
# gradient loses a fifth or more at each step. The weights are shared, so their gradient
# is a *sum over the steps*, in which the near ones drown the far ones. A letter 20
# steps back has next to no say in what is learned. On a task that needs 49 steps,
# [chapter 21](21 "gate") measures what this costs, and what **gates** do about it.

# %% [markdown]
# ## What does truncation cost?
#
# Truncation is another limit, made by us. Measure it on a task with a known distance:
# the **echo**. The input is a stream of random symbols of four kinds; at each step the
# net must name the symbol of *five steps ago*. The state is carried, so it *could* hold
# it. Only the window of the gradient changes, with 300 updates each.

# %% [markdown] predict="echo"
# **Predict.** From which length of the window on does the net learn an echo of five
# steps?
#
# - From any: the state is carried, so the symbol isn't lost.
#   wrong: what the state may hold taken for what training can find. No gradient tells
#   the weights to hold this symbol for so long.
# - From 5: the symbol is five steps away.
#   wrong: one off. In a window of 5 the first and the last step are four steps apart.
# - From 6: then one step in the window sees its symbol.
#   right: the last step of the window, and one in six is enough to learn from.
# - From 10: most steps must see their symbol.
#   wrong: a few useful steps thought to drown. The others' gradients are noise without
#   a direction.


# %%
def echo(lag, window, num_steps=300, num_hiddens=48):
    """Train to name the symbol `lag` steps ago; accuracy on a new stream."""
    net = Tagger(4, 4, num_hiddens).to(device)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.005, fused=True)
    symbols = torch.randint(4, (64, num_steps * window + lag), device=device)
    X, Y = F.one_hot(symbols[:, lag:], 4).float(), symbols[:, :-lag]
    state = None
    for k in range(0, X.shape[1], window):
        output, state = net.rnn(X[:, k : k + window], state)
        state = state.detach()
        scores = net.out(output)  # (64, window, 4)
        loss = F.cross_entropy(scores.flatten(0, 1), Y[:, k : k + window].flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
    symbols = torch.randint(4, (64, 200 + lag), device=device)
    with torch.no_grad():
        guess = net(F.one_hot(symbols, 4).float())[:, lag:].argmax(dim=2)
    return (guess == symbols[:, :-lag]).float().mean().item()


# %%
windows = [2, 4, 5, 6, 8, 12]
heard = {f"run {k}": [echo(5, w) for w in windows] for k in (1, 2)}
near = echo(2, 1)
fig, ax = plots.figure(width=5.4, height=3)
plots.curves(ax, windows, heard, "window of the gradient (steps)", "accuracy")
ax.axhline(0.25, color="grey", ls="--", lw=1)
ax.set(ylim=(0, 1.05), xticks=windows)
plots.show(
    fig,
    alt="Accuracy of an echo of five steps over the gradient's window, two runs. Up to "
    "a window of 5 it stays between chance, 0.25, and 0.5; from 6 on it is near 1.",
)
for name, values in heard.items():
    print(f"{name}:", [f"{value:.2f}" for value in values])
print(f"echo of two steps, window of one: {near:.2f}")
values = torch.tensor(list(heard.values()))
assert values[:, :3].max() < 0.5 and values[:, 3:].min() > 0.9 and near > 0.9

# %% [markdown]
# The edge is sharp, between 5 and 6. But see the last line: two steps are echoed with a
# window of *one*, in which no gradient goes back in time at all. A fresh state holds
# the last inputs by itself, and the output layer finds them there. So truncation limits
# what can be *learned to be kept*, not what is kept.

# %% [markdown]
# ## When gradients explode
#
# Train a small character model with plain SGD at the bold rate of 4, for 150 batches:
# once as it is, once with the norm of the gradient **clipped** to 1, as in
# [gradient clipping](10). Four runs each. And if the explosion comes *through time*, it
# must be gone at the same weights and on the same batch when the gradient stays within
# 5 steps. So at each new largest norm, that one is computed as well.


# %%
def loss_in_parts(net, X, Y, state, window):
    """Loss of a batch whose gradient stays within `window` steps, and the new state."""
    scores = []
    for part in X.split(window, dim=1):
        part_scores, state = net(part, state)
        state = state.detach()
        scores.append(part_scores)
    return F.cross_entropy(torch.cat(scores, dim=1).flatten(0, 1), Y.flatten()), state


def sgd_run(max_norm, lr=4.0, num_steps=150):
    """Losses and norms of the gradient; the largest, with what 5 steps give there."""
    net = CharRNN(V, num_hiddens=64).to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    losses, norms, state, peak = [], [], None, (0.0, 0.0)
    for _, (X, Y) in zip(range(num_steps), stream(ids, 32, 50), strict=False):
        before = state
        loss, state = loss_in_parts(net, X, Y, before, 50)
        optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(net.parameters(), max_norm).item()  # unclipped
        if norm > peak[0]:
            short, _ = loss_in_parts(net, X, Y, before, 5)
            grads = torch.autograd.grad(short, list(net.parameters()))
            peak = norm, torch.stack([g.norm() for g in grads]).norm().item()
        optimizer.step()
        losses.append(loss.item())
        norms.append(norm)
    return torch.tensor(losses), torch.tensor(norms), peak


# %%
results = {"not clipped": [sgd_run(math.inf) for _ in range(4)]}
results["clipped to 1"] = [sgd_run(1.0) for _ in range(4)]
calm = [sgd_run(math.inf, lr=1.0)[0][-20:].mean().item() for _ in range(2)]
calm = sum(calm) / 2

# %% [markdown]
# **Look for** where the dotted curves end, against the line of the unigram: the loss of
# knowing only how frequent each symbol is.

# %%
unigram_loss = math.log(counting[1])
runs = {name: [run[:2] for run in four] for name, four in results.items()}
fig = drawings.clipped_and_not(runs, ("unigram", unigram_loss))
plots.show(
    fig,
    alt="Left: loss over 150 batches, log scale. Not clipped, the four runs jump up "
    "and end above the clipped ones, on average above the unigram's line at 3.1; "
    "clipped, all four fall below 2.4. "
    "Right: norms of the gradient; not clipped, there are far higher peaks.",
)

# %%
wild, tame = (
    torch.stack([losses[-20:].mean() for losses, _, _ in four])
    for four in results.values()
)
largest, in_five_steps = max(peak for _, _, peak in results["not clipped"])
largest_clipped, _ = max(peak for _, _, peak in results["clipped to 1"])
print("loss at the end, not clipped:", [f"{value:.2f}" for value in wild])
print("clipped:", [f"{v:.2f}" for v in tame], f"; rate of 1, not clipped: {calm:.2f}")
print(
    f"largest norm, not clipped: {largest:.0f}, with 5 steps {in_five_steps:.1f}; ",
    end="",
)
print(f"clipped: {largest_clipped:.0f}")
assert wild.mean() > unigram_loss and wild.min() > tame.max()
assert tame.max() < 2.4 and tame.mean() < calm < 2.5
assert largest > 2 * largest_clipped and largest > 3 * in_five_steps

# %% [markdown]
# Clipped, all four runs learn. Without, a few batches with large gradients throw the
# weights away: on average the nets end worse than the unigram, and the best of them
# behind every clipped one. At the largest gradient of all, the one within 5 steps is
# less than a third as long, with the same weights: what explodes comes through time. A
# rate of 1 (mean of two runs) learns without clipping, but gets less far in 150
# batches: what clipping buys is the bold rate. `clip_grad_norm_` returns the norm
# *before* clipping: print it, now and then.

# %% [markdown]
# ## What goes wrong in practice
#
# **Labels off by one.** Forget the shift, and the label is the letter that is being
# read. The loss falls to nearly 0, faster than any language model's should. **A
# perplexity near 1 on real text is a bug.**

# %%
copier = CharRNN(V, num_hiddens=64).to(device)
optimizer = torch.optim.Adam(copier.parameters(), lr=0.01)
for X, _ in list(stream(ids, 32, 50))[:60]:
    loss = F.cross_entropy(copier(X)[0].flatten(0, 1), X.flatten())  # X is the label
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    X, Y = next(stream(valid_ids, 8, 1000))
    scores = copier(X)[0].flatten(0, 1)
    off_by_one = F.cross_entropy(scores, X.flatten()).exp().item()
    honest = F.cross_entropy(scores, Y.flatten()).exp().item()
print(f"perplexity with the wrong labels {off_by_one:.2f}, ", end="")
print(f"as a language model {honest:,.0f}")
assert off_by_one < 1.5 and honest > 80

# %% [markdown]
# As a language model it is worse than knowing nothing, 80: it is sure of the wrong
# letter.
#
# **The classes on the wrong axis.** `F.cross_entropy` wants the classes on axis 1. So
# scores $(N, T, V)$ must become $(N T, V)$ by `flatten(0, 1)`, or $(N, V, T)$ by
# `transpose(1, 2)`. Otherwise there is an error. Unless $T = V$; then there is none.

# %%
X, Y = next(stream(valid_ids, 8, V))  # as many steps as symbols
with torch.no_grad():
    scores, _ = net(X)  # (8, 80, 80)
    silent = F.cross_entropy(scores, Y).item()
    right = F.cross_entropy(scores.transpose(1, 2), Y).item()
    flattened = F.cross_entropy(scores.flatten(0, 1), Y.flatten()).item()
    try:
        F.cross_entropy(scores[:, :50], Y[:, :50])
    except RuntimeError as error:
        print("T = 50:", error)
print(f"T = 80: {silent:.2f} without an error; right is {right:.2f}")
assert silent > right + 1 and abs(right - flattened) < 1e-4

# %% [markdown]
# **A sum compared with a mean.** `reduction="sum"` over $T$ steps is $T$ times the
# mean. And perplexity is $\exp$ of the mean: of the sum it would be astronomic.
#
# **The two results swapped.** `state, output = rnn(X)` runs. With one layer and $N = 1$
# the shapes are $(1, T, H)$ and $(1, 1, H)$, so that the linear layer behind takes
# either. Print both shapes once.
#
# ## The test, once
#
# All choices are made: the net (by its validation perplexity) and the order of the
# n-gram, 5. One thing more: let the two **vote**, with the mean of their probabilities.
# If they were good at the same symbols, it would gain little.

# %%
symbols_read = next(stream(test_ids, 8, (len(test_ids) - 1) // 8))[1].numel()
tested = {"knowing nothing": float(V)}
names = {1: "unigram", 2: "bigram", 3: "trigram", best_order: f"{best_order}-gram"}
for order, name in names.items():
    p = ngram_probabilities(ids, test_ids, order, V)[1 : symbols_read + 1]
    tested[name] = perplexity(p)
p_net = next_probabilities(net, test_ids)  # of the same symbols, in the same order
tested["RNN"] = perplexity(p_net)
tested["RNN and 5-gram"] = perplexity((p_net + p) / 2)  # p is the last, the 5-gram's
tested = dict(sorted(tested.items(), key=lambda item: -item[1]))
fig = drawings.bars(tested, "test perplexity", ".2f", ("RNN", "RNN and 5-gram"))
plots.show(
    fig,
    alt="Bars of the test perplexity: knowing nothing 80, unigram 22, bigram 12, "
    "trigram 7.6, RNN between 5 and 6, 5-gram 4.6, RNN and 5-gram together below that.",
)
num_params = sum(p.numel() for p in net.parameters())
num_counts = sum(len(ids.unfold(0, n, 1).unique(dim=0)) for n in range(1, 6))
print(f"RNN: {num_params:,} numbers; 5-gram: {num_counts:,} different counts")
assert tested["RNN"] < 6 and tested["RNN"] < tested["bigram"] / 2
assert tested["5-gram"] < tested["RNN"] < tested["trigram"]
assert tested["RNN and 5-gram"] < tested["5-gram"] - 0.1
assert num_params == 46_480 and num_counts > num_params

# %%
metrics = {f"test perplexity, {name}": value for name, value in tested.items()}

# %% [markdown]
# The RNN more than halves the bigram's perplexity and beats the trigram. **Smoothed
# counts of five symbols beat the RNN**, on a text of this size: they hold more numbers,
# and one pass fills them. But the vote is better than either: they aren't
# good at the same symbols.
#
# So is the RNN old-fashioned? Plain ones are. With gates the memory gets longer
# ([chapter 21](21)), and with [attention](23) nothing must pass through a state at all.
# What stays is what you learned here: next-symbol labels, perplexity, truncation,
# sampling with a temperature.

# %% [markdown]
# ## Summary
#
# - An RNN applies one step, with the same weights, again and again, and carries a
#   state.
# - One sample is one sequence. `output`: last layer, all steps; `h_n`: all layers, last
#   step. `batch_first` never changes the state.
# - Scores come from a linear layer, not from the tanh. An aligned labelling can't know
#   what it hasn't read.
# - Perplexity is $e$ to the mean cross-entropy: compare it with smoothed n-grams.
# - Carry the state, `detach` it. What must be kept for $k$ steps needs a window of more
#   than $k$.
# - Through time, gradients are multiplied by $W_h$ and the tanh's slopes at each step.
#   They vanish or explode. Clipping helps against the second only.

# %% [markdown]
# ## To think about
#
# 1. Train on windows of 8 with and without a carried state. Which figure above tells
#    you what to expect?
# 2. Make the net's state twice as wide. Does the flat part of the curve begin later?
# 3. Two stacked layers with the same number of parameters: better, over three seeds?
# 4. Write with temperature 0.3 for 2,000 symbols. Does it end up in a loop?
# 5. Compare words in place of characters: what would the perplexity be per *word*, if
#    it is 5.5 a character and a word has six of them with its space?
# 6. Weigh the vote: 0.3 and 0.7, chosen on which text?

# %% [markdown]
# The exercise notebook `20_rnn` comes next: eleven checked exercises, from one-hot
# vectors to a unit that may keep its state.

# %% [markdown]
# ## Further reading
#
# - Zhang, Lipton, Li, Smola, *Dive into Deep Learning*, chapter "Recurrent Neural
#   Networks": chapter 8 in the edition of `d2l` 0.17, 9 in the printed book.
# - Elman, *Finding structure in time*, Cognitive Science 14(2), 1990: the plain RNN.
# - Werbos, *Backpropagation through time: what it does and how to do it*, Proc. of
#   the IEEE 78(10), 1990.
# - Bengio, Simard, Frasconi, *Learning long-term dependencies with gradient descent is
#   difficult*, IEEE Transactions on Neural Networks 5(2), 1994.
# - Pascanu, Mikolov, Bengio, *On the difficulty of training recurrent neural networks*,
#   ICML 2013: exploding gradients, and clipping.
# - Shannon, *Prediction and entropy of printed English*, Bell System Technical Journal
#   30(1), 1951: people who guess the next letter.
