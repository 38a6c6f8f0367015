# %% [markdown]
# # Gated RNNs: exercises
#
# Nine exercises, from letters to numbers up to a bidirectional net without packing,
# and one question. Each stands alone: if you are stuck, go on with the next.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. The checks name your mistake where they know it. Some tests are hidden until
# your work is graded, so think of what isn't in the examples: a batch of one, names of
# equal length, a table that is wider than its longest name.
#
# Stuck? `check.hint("encode_names")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import unicodedata

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from utils import check
from utils.device import set_seed

set_seed(0)

# %% [markdown]
# The checks use two helpers. `waves(N, T, E)` makes up numbers between -1 and 1, always
# the same ones for a shape. `steady(net)` gives every parameter values that depend on
# its shape and place alone, and returns the net.


# %%
def waves(*shape, start=0.0):
    """Made-up numbers between -1 and 1 of the given shape, always the same."""
    count = torch.Size(shape).numel()
    return torch.sin(start + 1.7 * torch.arange(count) ** 1.1).reshape(shape)


def steady(net):
    """Give every parameter fixed values; return the net."""
    with torch.no_grad():
        for i, p in enumerate(net.parameters()):
            p.copy_(waves(*p.shape, start=float(i)))
    return net


# %% [markdown]
# ## 1. Encode and pad names
#
# Write `encode_names(names, letters)`: names to a table of indices.
#
# - Takes `names`: a list of one or more strings, none empty; `letters`: a string of
#   distinct letters in lower case, in composed form.
# - Bring each name to lower case, then to Unicode's composed form, NFC, in this order:
#   some letters are composed in lower case only.
# - The first letter of `letters` has index **2**, the second 3, ... A letter that isn't
#   there has index **1**. Behind the end of a name stand zeros.
# - Returns `X`: (N, longest) int64, and `lengths`: (N,) int64, in the order of `names`.
#
# Example: `encode_names(["Abba", "żo"], "abo")` gives `[[2, 3, 3, 2], [1, 4, 0, 0]]`
# and `[4, 2]`.


# %% exercise="encode_names"
def encode_names(names, letters):
    """Indices (N, longest) int64 and lengths (N,) int64 of names, padded with 0."""
    ### BEGIN SOLUTION
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for n, name in enumerate(names):
        X[n, : len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths
    ### END SOLUTION


# %% test="encode_names" points=2
check.probe(encode_names, ["Abba", "żo"], "abo")
check.probe(encode_names, ["ó Briain", "Li", "Kovačević"], "abcdeikloprvćčó ")
told = 'encode_names(["Rene\\u0301e", "Žižek"], "eénrži")'
check.probe(encode_names, ["Rene\u0301e", "Žižek"], "eénrži", call=told)
### BEGIN HIDDEN TESTS
check.probe(encode_names, ["Παππάς", "Σ"], "απσςά")
check.probe(encode_names, ["Ünal"], "lanü")
check.probe(encode_names, ["xyz", "z\u030cy", "A"], "zyž")
check.probe(encode_names, ["J\u030can", "An"], "naǰ")  # it has no composed capital
check.probe(encode_names, ["So\ufb01a", "Fia"], "aios\ufb01f")  # one letter, fi
### END HIDDEN TESTS

# %% [markdown]
# ## 2. A GRU cell with weights from elsewhere
#
# Write `gru_cell(X, H, W_x, W_h, b, is_there)`: one step of the GRU with weights laid
# out as by another library, Keras; sequences that have ended keep their memory.
#
# - Takes `X`: (N, E), `H`: (N, H); `W_x`: (E, 3H), `W_h`: (H, 3H), in blocks of H
#   **columns**: update, reset, candidate; `b`: (2, 3H), row 0 for the input's side, row
#   1 for the memory's; `is_there`: (N,) bool, False at padding.
# - Returns (N, H): what an `nn.GRUCell` with these weights gives in the rows that are
#   there, the old memory elsewhere.
# - Not allowed: `nn.GRU`, `nn.GRUCell`, `torch.gru_cell`.
#
# Example: with all weights and biases 0 the memory is halved, but for rows that ended.


# %% exercise="gru_cell"
def gru_cell(X, H, W_x, W_h, b, is_there):
    """One step of a GRU: X (N, E), H (N, H), is_there (N,) bool -> memory (N, H)."""
    ### BEGIN SOLUTION
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)
    ### END SOLUTION


# %% test="gru_cell" points=3 bans="recurrent cells"
def elsewhere(cell):
    W_x, W_h, b_x, b_h = (
        torch.cat([p.chunk(3)[k] for k in (1, 0, 2)]).detach()  # (3H, ...)
        for p in cell.parameters()
    )
    return W_x.T, W_h.T, torch.stack([b_x, b_h])


cell = steady(nn.GRUCell(3, 4))
X, H, is_there = waves(3, 3), waves(3, 4, start=2.0), torch.tensor([True, False, True])
expected = torch.where(is_there[:, None], cell(X, H), H).detach()
call = "gru_cell(X, H, W_x, W_h, b, is_there)"
check.probe(gru_cell, X, H, *elsewhere(cell), is_there, call=call)
got = check.call(gru_cell, X, H, *elsewhere(cell), is_there)
check.close(got, expected, what="the memory, against nn.GRUCell")
### BEGIN HIDDEN TESTS
wide, there = elsewhere(steady(nn.GRUCell(5, 2))), is_there[:1]
check.probe(gru_cell, waves(1, 5), waves(1, 2), *wide, there)
check.probe(gru_cell, waves(7, 5), torch.zeros(7, 2), *wide, waves(7, 1)[:, 0] > 0)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. An LSTM cell with peepholes
#
# With **peepholes** (Gers, Schmidhuber, 2000) the gates see the cell state, too. Write
# `lstm_cell(X, state, W_x, W_h, b_x, b_h, p)`.
#
# - `X`: (N, E); `state`: the pair `(H, C)`, (N, H) each; weights and biases: as in
#   `nn.LSTMCell`, blocks of H rows: input, forget, candidate, output; `p`: (3, H), for
#   input, forget and output gate.
# - Before its sigmoid a gate gets `p` times the cell state, unit by unit: input and
#   forget gate the old one, the output gate the **new** one.
# - Returns the new `(H, C)`: where `p` is 0, that of `nn.LSTMCell`.
# - Not allowed: `nn.LSTM`, `nn.LSTMCell`, `torch.lstm_cell`.
#
# Example: all is 0, `p[1]` is 100: a cell state of 2 stays, -2 becomes 0.


# %% exercise="lstm_cell"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    """One step: X (N, E), state (H, C) of (N, H) each, p (3, H) -> new (H, C)."""
    ### BEGIN SOLUTION
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C
    ### END SOLUTION


# %% test="lstm_cell" points=3 bans="recurrent cells"
cell = steady(nn.LSTMCell(3, 4))
X, state = waves(2, 3), (waves(2, 4, start=2.0), waves(2, 4, start=5.0))
p = 2 * waves(3, 4, start=1.0)
expected = tuple(part.detach() for part in cell(X, state))
parameters = [parameter.detach() for parameter in cell.parameters()]
call = "lstm_cell(X, (H, C), W_x, W_h, b_x, b_h, p)"
check.probe(lstm_cell, X, state, *parameters, p, call=call)
got = check.call(lstm_cell, X, state, *parameters, torch.zeros(3, 4))
check.close(got, expected, what="(H, C) where p is 0, against nn.LSTMCell")
### BEGIN HIDDEN TESTS
wide = [parameter.detach() for parameter in steady(nn.LSTMCell(3, 5)).parameters()]
p, C = waves(3, 5, start=3.0), 3 * waves(1, 5)
check.probe(lstm_cell, waves(1, 3), (waves(1, 5), C), *wide, p)
check.probe(lstm_cell, waves(6, 3), (torch.zeros(6, 5), waves(6, 5)), *wide, -p)
### END HIDDEN TESTS

# %% [markdown] choice="nine_tenths" points=1
# ## Think: nine tenths
# An LSTM's forget gate stands at 0.9 in every step, and its input gate at 0. How much
# of a cell state is left after 44 steps?
#
# - All of it: nothing is added, so nothing changes.
#   wrong: the cell state thought to be added to and never scaled
# - Nothing, from the tenth step on.
#   wrong: a fixed share of what is left taken for a fixed amount
# - About a hundredth.
#   right: each step keeps nine tenths of what is there, and 0.9 to the power of 44 is
#   0.0097. A gate must stand very close to 1 to remember for long.
# - Nine tenths, since the gate opened once and stayed.
#   wrong: a gate thought to act when it moves, where it acts in each step

# %% [markdown]
# ## 4. The last valid step, steps first
#
# Write `last_valid(outputs, lengths)`: of each name's outputs, the one after its last
# letter, in PyTorch's default layout.
#
# - Takes `outputs`: (T, N, H), for each step a vector of each name, padding included;
#   `lengths`: (N,) int64 from **0** to T. All names may be shorter than T.
# - Returns (N, H). A name of length 0 has no step: its row is 0, the memory that it
#   started from.
# - Allowed: everything in PyTorch.
#
# Example: for lengths `[3, 1, 0]` the rows are `outputs[2, 0]`, `outputs[0, 1]` and
# zeros.


# %% exercise="last_valid"
def last_valid(outputs, lengths):
    """Each name's output at its own last step: (T, N, H), (N,) -> (N, H)."""
    ### BEGIN SOLUTION
    last = outputs[lengths - 1, torch.arange(len(lengths))]  # (N, H)
    return torch.where(lengths[:, None] > 0, last, 0.0)
    ### END SOLUTION


# %% test="last_valid" points=2
outputs = (1 + torch.arange(60.0) * 17 % 61).reshape(5, 3, 4)  # up and down
check.probe(last_valid, outputs, torch.tensor([3, 1, 2]))
check.probe(last_valid, outputs, torch.tensor([3, 1, 0]))
check.probe(last_valid, waves(6, 4, 3), torch.tensor([4, 6, 5, 2]))
### BEGIN HIDDEN TESTS
check.probe(last_valid, waves(7, 1, 2), torch.tensor([4]))
check.probe(last_valid, waves(3, 3, 3), torch.tensor([0, 2, 3]))
check.probe(last_valid, waves(1, 5, 2), torch.ones(5, dtype=torch.int64))
### END HIDDEN TESTS

# %% [markdown] choice="a_longer_neighbour" points=1
# ## Think: a longer neighbour
# A trained GRU reads names that are padded at the end with an embedding of zeros, and a
# class is told from `output[:, -1]`. "Li" is judged in a batch whose longest name has 5
# letters, then again in one whose longest has 20. What happens to the scores of "Li"?
#
# - They stay: an input of zeros leaves the memory as it is.
#   wrong: a step without input thought to be no step, where memory and biases go on
# - They change: its memory takes 15 more steps before it is read.
#   right: the last column is the end of the longest name, and the recurrence runs on
#   over the padding up to there.
# - They stay: each name has a row of its own in the batch.
#   wrong: rows that don't mix thought to be enough, where the number of steps is shared
# - They change: the names of a batch share their memory.
#   wrong: the weights, which are shared, taken for the memory

# %% [markdown]
# ## 5. Both ends
#
# Write the module `BothEnds(kind, num_inputs, num_hiddens, num_layers)`: what is known
# of each name when both directions have read all of it, and nothing else.
#
# - `kind` is `nn.GRU` or `nn.LSTM`: make one such layer, bidirectional, with
#   `num_layers` layers, 1 or more. No other parameters.
# - `forward(X, lengths)` takes `X`: (N, T, num_inputs), names in any order of lengths,
#   with any numbers in the padding behind the end; `lengths`: (N,) int64, from 1 to T.
# - It returns (N, 2 num_hiddens): the last hidden state of the **top** layer, forward,
#   then backward. Row n belongs to name n.
#
# Example: `BothEnds(nn.LSTM, 3, 4, 2)` gives (5, 8) for 5 names.


# %% exercise="BothEnds"
class BothEnds(nn.Module):
    """Last hidden states of the top layer, both ways: (N, T, E), (N,) -> (N, 2H)."""

    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        ### BEGIN SOLUTION
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )
        ### END SOLUTION

    def forward(self, X, lengths):
        ### BEGIN SOLUTION
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        _, state = self.rnn(packed)
        h_n = state[0] if isinstance(state, tuple) else state  # LSTM: (h_n, c_n)
        return torch.cat([h_n[-2], h_n[-1]], dim=1)
        ### END SOLUTION


# %% test="BothEnds" points=3
def summarise(kind, num_layers, lengths, T, H=2):
    net = steady(check.call(BothEnds, kind, 3, H, num_layers))
    return check.call(net, waves(len(lengths), T, 3), torch.tensor(lengths))


def sizes(*args):
    return sorted(p.numel() for p in check.call(BothEnds, *args).parameters())


told = "BothEnds(nn.{}, 3, 2, {})(X, lengths)"
check.probe(sizes, nn.GRU, 3, 2, 2, call="sizes of BothEnds(nn.GRU, 3, 2, 2)")
check.probe(summarise, nn.GRU, 2, [2, 5, 4], 6, call=told.format("GRU", 2))
check.probe(summarise, nn.LSTM, 1, [3, 1, 4], 4, call=told.format("LSTM", 1))
### BEGIN HIDDEN TESTS
check.probe(summarise, nn.LSTM, 3, [1, 4, 2], 5)
check.probe(summarise, nn.GRU, 1, [3], 3, H=5)
check.probe(summarise, nn.GRU, 3, [2, 2, 6, 1], 7)
single = nn.GRU(4, 3, bidirectional=True)
shapes = sorted(tuple(p.shape) for p in single.parameters())
net = check.call(BothEnds, nn.GRU, 4, 3)
check.module(net, param_shapes=shapes, trains=False)
### END HIDDEN TESTS

# %% [markdown] choice="seen_from_behind" points=1
# ## Think: seen from behind
# A bidirectional GRU reads "maria" without padding. The last column of its output holds
# a part of the direction that reads from the front and one of the other direction. What
# has the other direction seen of the name there?
#
# - All of it, as both directions have arrived.
#   wrong: the end of the text taken for the end of both walks
# - Nothing yet: it starts from zeros there.
#   wrong: an output taken for the state before the step instead of after it
# - "mari", all but the letter at that place.
#   wrong: the direction thought to look ahead of the place instead of behind it
# - The last "a" alone.
#   right: it begins at that end, so its first step is the last column; its whole view
#   stands in the first column.

# %% [markdown]
# ## 6. Sort a batch by length
#
# Write `sort_batch(X, lengths, y)`: the longest name first, as packing wants it.
#
# - Takes `X`: (N, T, ...), `lengths`: (N,) int64, `y`: (N,) labels.
# - Returns four tensors: `X`, `lengths` and `y` in the new order, and `back`: (N,)
#   int64, the indices that undo it, so that `sorted_X[back]` is the old `X`.
# - Names of equal length keep their order.
# - Allowed: everything in PyTorch.
#
# Example: lengths `[2, 5, 3]` become `[5, 3, 2]`, and `back` is `[2, 0, 1]`.


# %% exercise="sort_batch"
def sort_batch(X, lengths, y):
    """X, lengths and y with the longest first, and the indices that undo the order."""
    ### BEGIN SOLUTION
    order = lengths.argsort(descending=True, stable=True)
    return X[order], lengths[order], y[order], order.argsort()
    ### END SOLUTION


# %% test="sort_batch" points=2
X, y = torch.arange(15).reshape(3, 5), torch.tensor([8, 7, 9])
check.probe(sort_batch, X, torch.tensor([2, 5, 3]), y)


def in_order(lengths):
    n = torch.arange(len(lengths))
    _, ordered, numbers, _ = check.call(sort_batch, n[:, None], lengths, n)
    equal = ordered[1:] == ordered[:-1]
    return bool((numbers.diff()[equal] > 0).all())


told = "whether equal lengths among 20 names keep their order"
check.probe(in_order, torch.arange(20) * 7 % 5 + 1, call=told)
y = torch.tensor([2, 1, 0, 3, 1])
check.probe(sort_batch, waves(5, 4, 2), torch.tensor([3, 1, 4, 3, 1]), y)
### BEGIN HIDDEN TESTS
check.probe(sort_batch, waves(6, 3), torch.tensor([1, 2, 3, 3, 2, 1]), torch.arange(6))
check.probe(sort_batch, waves(1, 2), torch.tensor([2]), torch.tensor([5]))
many = torch.arange(100) * 37 % 4 + 1  # many names of equal length
check.probe(lambda n: check.call(sort_batch, n, n, torch.arange(100))[2:], many)
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Pack by hand
#
# Write `pack(X, lengths)`: what `pack_padded_sequence` makes of a sorted batch.
#
# - Takes `X`: (N, T, E), `lengths`: (N,) int64, longest first. The table may be wider
#   than the longest name.
# - Returns `data`: (sum of the lengths, E): the first step of every name in the order
#   of the batch, then the second step of all names that have one, and so on; and
#   `batch_sizes`: (longest,) int64: how many names have a step t.
# - Not allowed: `pack_padded_sequence`, `pack_sequence`.
#
# Example: for lengths `[3, 1]`, `data` holds the rows `X[0, 0]`, `X[1, 0]`, `X[0, 1]`,
# `X[0, 2]`, and `batch_sizes` is `[2, 1, 1]`.


# %% exercise="pack"
def pack(X, lengths):
    """Steps of a sorted batch, no padding: data (sum, E), batch_sizes (longest,)."""
    ### BEGIN SOLUTION
    steps = torch.arange(int(lengths.max()))
    running = steps[:, None] < lengths  # (longest, N)
    data = X[:, : len(steps)].transpose(0, 1)[running]  # (longest, N, E) -> (sum, E)
    return data, running.sum(dim=1)
    ### END SOLUTION


# %% test="pack" points=3 bans="packing"
X, lengths = torch.arange(48.0).reshape(3, 8, 2), torch.tensor([5, 3, 2])
theirs = pack_padded_sequence(X, lengths, batch_first=True)
check.probe(pack, X, lengths)
check.probe(pack, waves(2, 3, 4), torch.tensor([3, 3]))
data, batch_sizes = check.call(pack, X, lengths)
check.close(data, theirs.data, what="data, against pack_padded_sequence")
check.equal(batch_sizes, theirs.batch_sizes, what="batch_sizes, against PyTorch's")
### BEGIN HIDDEN TESTS
check.probe(pack, waves(4, 6, 1), torch.tensor([6, 4, 4, 1]))
check.probe(pack, waves(1, 5, 3), torch.tensor([2]))
### END HIDDEN TESTS

# %% [markdown]
# ## 8. Two directions without packing
#
# Write `two_ways(forward, backward, X, lengths)`: a bidirectional GRU over a padded
# batch, step by step.
#
# - Takes two `nn.GRUCell`s, from E to H numbers; `X`: (N, T, E), padded behind the end
#   with any numbers, in any order of lengths; `lengths`: (N,) int64, 1 to T.
# - `forward` reads each name from the first letter to the last, `backward` from the
#   last to the first. Both memories start at 0. Padding may touch neither.
# - Returns (N, 2H): both last memories, forward first.
# - Not allowed: `nn.GRU`, packing.
#
# Example: for a name of length 1 both cells take one step, from 0, on `X[n, 0]`.


# %% exercise="two_ways"
def two_ways(forward, backward, X, lengths):
    """Last memories of two GRU cells, left to right and right to left: (N, 2H)."""
    ### BEGIN SOLUTION
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None]  # (N, 1)
            H = torch.where(running, cell(X[:, t], H), H)  # padding leaves it alone
        ends.append(H)
    return torch.cat(ends, dim=1)
    ### END SOLUTION


# %% test="two_ways" points=4 bans="recurrent layers, packing"
def ends(lengths, T, E=3, H=2):
    forward, backward = steady(nn.GRUCell(E, H)), steady(nn.GRUCell(E, H))
    with torch.no_grad():
        backward.weight_ih.mul_(-1)
    X = waves(len(lengths), T, E)
    return check.call(two_ways, forward, backward, X, torch.tensor(lengths))


check.probe(ends, [3, 5, 2], 6, call="two_ways(forward, backward, X, [3, 5, 2])")
check.probe(ends, [4, 4], 4, call="two_ways(forward, backward, X, [4, 4])")
### BEGIN HIDDEN TESTS
check.probe(ends, [1, 7, 7, 3, 2], 7, H=4)
check.probe(ends, [2], 5, E=1, H=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 9. A confusion matrix for names with several homes
#
# The lecture left out names such as *Martin*; here they stay. Write
# `confusion_matrix(homes, answers, countries)`.
#
# - Takes `homes`: for each name a list of its countries, one or more, none twice;
#   `answers`: a country for each; `countries`: all K, in the order of rows and
#   columns. Some may never occur.
# - Returns (K, K) float32, row: home, column: answer. Each name adds 1. If its answer
#   is one of its homes, the 1 is in that row. If not, its homes' rows share it equally.
# - Not allowed: scikit-learn's, `utils.metrics`.
#
# Example: homes `[["Italy"], ["Italy", "Spain"], ["Italy", "Kenya"]]`, three answers
# `"Spain"`, countries `["Italy", "Spain", "Kenya"]` give
# `[[0, 1.5, 0], [0, 1, 0], [0, 0.5, 0]]`.


# %% exercise="confusion_matrix"
def confusion_matrix(homes, answers, countries):
    """How many names of country i were answered j, shared by their homes: (K, K)."""
    ### BEGIN SOLUTION
    place = {country: k for k, country in enumerate(countries)}
    matrix = torch.zeros(len(countries), len(countries))
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix
    ### END SOLUTION


# %% test="confusion_matrix" points=2 bans="scikit-learn, utils.metrics"
places = ["Italy", "Spain", "Greece"]
homes = [["Italy"], ["Greece"], ["Italy"], ["Spain"], ["Italy"], ["Spain"]]
answers = ["Italy", "Greece", "Spain", "Spain", "Spain", "Greece"]
check.probe(confusion_matrix, homes, answers, places)
homes = [["Spain", "Italy"], ["Italy", "Greece"], ["Spain", "Italy"], ["Greece"]]
check.probe(confusion_matrix, homes, ["Italy", "Italy", "Greece", "Greece"], places)
check.probe(confusion_matrix, [["Kenya"]], ["India"], ["India", "Kenya", "Italy"])
### BEGIN HIDDEN TESTS
homes = [["Italy"], places[1:], places[::-1], ["Spain", "Kenya", "Italy"]] * 4
answers = [[*places, "Kenya"][k // 2 % 4] for k in range(16)]
check.probe(confusion_matrix, homes, answers, [*places, "Kenya", "France"])
check.probe(confusion_matrix, [["Spain"]] * 3, ["Spain"] * 3, ["Spain"])
### END HIDDEN TESTS

# %% [markdown]
# ## A question: what waits for what?
#
# Your loop of exercise 8 can't do step 5 before step 4. A convolution over the letters,
# along one axis, can do all steps at once. A name has 20 letters, a text 20,000. For
# each, which of the two would you take, how far back does each see, and what would the
# convolution do at the padding? A few sentences; a person reads them.
# [Chapter 22](22) answers with code.

# %% [markdown] manual="what_waits" points=3
# ### BEGIN SOLUTION
# The recurrence needs T steps one after the other, whatever the machine; the
# convolution's outputs don't depend on each other, so a machine can make them at
# once. For 20 letters either does. For 20,000 the recurrence is slow, and its gradient
# has to come through 20,000 steps, though it could see everything. One
# convolution sees k letters only; a stack of them sees further, and with dilation the
# reach doubles with each layer. At the padding a kernel of width k mixes zeros into the
# k - 1 places at the edge, so outputs behind the end must be left out: by
# the last valid step, or by a mean or maximum over the valid ones.
# ### END SOLUTION
