# %% [markdown]
# # Recurrent neural networks: exercises
#
# Eleven exercises, from one-hot vectors to a unit that may keep its state, four
# questions with options and one to write about. Each stands alone: if you are stuck, go
# on with the next.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. The checks name your mistake where they know it. Some tests are hidden until
# your work is graded, so think of what isn't in the examples: a batch of one, a single
# step, sizes that are all different.
#
# Stuck? `check.hint("one_hot_steps")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import math

import torch
from torch import nn
from torch.nn import functional as F

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
# ## 1. One-hot, time first
#
# Write `one_hot_steps(X, num_symbols)`: a batch of padded texts for a layer that wants
# the time first.
#
# - Takes `X`: (N, T) int64, symbols from 0 to `num_symbols` - 1, and **-1** at padding.
# - Returns (T, N, num_symbols) float32: step t of text n holds a 1 at the place of its
#   symbol and 0 elsewhere. A padded step holds zeros only.
# - `X` stays as it is. Not allowed: `F.one_hot`.
#
# Example: `[[1, 0], [2, -1]]` with 3 symbols gives
# `[[[0, 1, 0], [0, 0, 1]], [[1, 0, 0], [0, 0, 0]]]`.


# %% exercise="one_hot_steps"
def one_hot_steps(X, num_symbols):
    """One-hot rows of (N, T) symbols, time first, zeros at -1: (T, N, num_symbols)."""
    ### BEGIN SOLUTION
    symbols = torch.arange(num_symbols, device=X.device)
    return (X.T[:, :, None] == symbols).float()  # (T, N, 1) == (V,) -> (T, N, V)
    ### END SOLUTION


# %% test="one_hot_steps" points=2 bans="one-hot"
X = torch.tensor([[4, 0, 2], [3, 1, -1]])
check.probe(one_hot_steps, X, 5)
check.probe(one_hot_steps, torch.tensor([[1], [0], [2], [-1]]), 3)
### BEGIN HIDDEN TESTS
check.probe(one_hot_steps, torch.tensor([[6, 6, 0, -1, -1]]), 7)
check.probe(one_hot_steps, torch.arange(12).reshape(3, 4) % 4, 6)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. A cell with one matrix
#
# Some libraries keep *one* matrix. Write `rnn_cell(X, H, W, b, starts)`. Several texts
# follow each other in a row of the batch; where one starts, the old memory is
# forgotten.
#
# - Takes `X`: (N, E) and `H`: (N, H) float32; `W`: (H + E, H), whose first H **rows**
#   belong to the memory, the others to the input; `b`: (H,); `starts`: (N,) bool.
# - Where `starts` is True, the step is made with a memory of zeros in place of `H`.
# - Returns the new memory (N, H), with tanh.
# - Not allowed: `nn.RNN`, `nn.RNNCell`, `torch.rnn_tanh_cell`.
#
# Example: with W = 0 every row of the result is `tanh(b)`.


# %% exercise="rnn_cell"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    ### BEGIN SOLUTION
    H = torch.where(starts[:, None], 0.0, H)
    return torch.tanh(torch.cat([H, X], dim=1) @ W + b)
    ### END SOLUTION


# %% test="rnn_cell" points=2 bans="recurrent cells"
X, H, W = waves(2, 4), waves(2, 3, start=2.0), waves(7, 3, start=1.0)
b = waves(3, start=4.0)
starts = torch.tensor([False, True])


def with_masks(*masks):
    return [check.call(rnn_cell, X, H, W, b, torch.tensor(mask)) for mask in masks]


told = "rnn_cell(X, H, W, b, starts) for two masks, one of them False, False"
check.probe(with_masks, [False, True], [False, False], call=told)
cell = nn.RNNCell(4, 3)
with torch.no_grad():
    for p, value in zip(cell.parameters(), (W[3:].T, W[:3].T, b, 0 * b), strict=True):
        p.copy_(value)
    expected = cell(X, H * ~starts[:, None])
got = check.call(rnn_cell, X, H, W, b, starts)
check.close(got, expected, what="the new memory, against nn.RNNCell")
### BEGIN HIDDEN TESTS
check.probe(rnn_cell, waves(1, 3), waves(1, 3), waves(6, 3), waves(3), starts[1:])
mixed = torch.tensor([True, False, True, True])
check.probe(rnn_cell, waves(4, 5), waves(4, 2), waves(7, 2), waves(2), mixed)
### END HIDDEN TESTS

# %% [markdown] choice="last_state" points=1
# ## Think: where is the last state?
# `rnn = nn.RNN(6, 5, num_layers=2, batch_first=True)` reads `X` of shape (2, 4, 6), and
# `output, h_n = rnn(X)`. Which of these holds the same numbers as `output[:, -1]`?
#
# - `h_n[:, -1]`, as the batch comes first.
#   wrong: `batch_first` thought to turn the hidden state as well
# - `h_n[0]`, as the first entry is the top layer's.
#   wrong: the layers thought to be counted from the top
# - `h_n[-1]`, whatever `batch_first` says.
#   right: the state's axes are layers, samples, units in any case, and the last layer
#   is the one that gives the output.
# - `h_n`, as both are the state after the last step.
#   wrong: the state of all layers taken for that of the last one

# %% [markdown]
# ## 3. A whole `nn.RNN`, unrolled
#
# Write `run_rnn(layer, X, state)`: what `layer(X, state)` gives, by a loop over steps.
#
# - `layer`: an `nn.RNN` with `batch_first=True`, one direction, **any number of
#   layers**, no dropout. It may have been made with `bias=False`, and with
#   `nonlinearity="relu"` in place of `"tanh"` (see `layer.nonlinearity`).
# - `X`: (N, T, E); `state`: (L, N, H), which stays as it is.
# - Returns `output`: (N, T, H) and `h_n`: (L, N, H), through which gradients flow.
# - The weights of layer k are `layer.weight_ih_l0`, `layer.weight_hh_l0` and so on,
#   with k at the end; the biases `layer.bias_ih_l0`, `layer.bias_hh_l0`.
# - Not allowed: to call the layer, or another of PyTorch's recurrent layers or cells.


# %% exercise="run_rnn"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
    ### BEGIN SOLUTION
    act = torch.relu if layer.nonlinearity == "relu" else torch.tanh
    last = []
    for k, H in enumerate(state):  # (N, H)
        W_x, W_h, *biases = (
            getattr(layer, f"{name}_l{k}")
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            if layer.bias or name.startswith("weight")
        )
        outputs = []
        for X_t in X.unbind(dim=1):
            H = act(X_t @ W_x.T + H @ W_h.T + sum(biases))
            outputs.append(H)
        X = torch.stack(outputs, dim=1)  # (N, T, H): the next layer's input
        last.append(H)
    return X, torch.stack(last)
    ### END SOLUTION


# %% test="run_rnn" points=4 bans="recurrent cells"
def made(E, H, L, **settings):
    return steady(nn.RNN(E, H, L, batch_first=True, **settings))


deep = made(2, 3, 2)
X, state = waves(4, 3, 2), waves(2, 4, 3, start=1.0)
check.probe(run_rnn, deep, waves(1, 4, 2), state[:, 1:2])
check.probe(run_rnn, made(3, 2, 1, bias=False), waves(1, 2, 3), waves(1, 1, 2))
flat = made(2, 1, 2, nonlinearity="relu")
check.probe(run_rnn, flat, 0.3 * waves(3, 2, 2), waves(2, 3, 1))
expected = [result.detach() for result in deep(X, state)]
output, h_n = check.call(run_rnn, deep, X, state)
check.close(output, expected[0], what="output, against nn.RNN")
check.close(h_n, expected[1], what="h_n, against nn.RNN")
### BEGIN HIDDEN TESTS
check.probe(run_rnn, made(2, 2, 3), waves(1, 1, 2), waves(3, 1, 2))
check.probe(run_rnn, made(1, 4, 1), waves(3, 2, 1), waves(1, 3, 4))
both = made(3, 2, 3, bias=False, nonlinearity="relu")
check.probe(run_rnn, both, 0.3 * waves(3, 2, 3), waves(3, 3, 2))
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Count the parameters
#
# Write `count_parameters(num_symbols, width, num_hiddens, num_layers)` for a character
# model: an embedding of `width` numbers for each symbol, an `nn.RNN` with `num_layers`
# layers of `num_hiddens` units, and a linear layer that makes scores of all symbols at
# each step. Biases as PyTorch has them: two in each recurrent layer, one in the last.
#
# - Takes four ints, 1 or more; returns the number of parameters.
# - Not allowed: building the layers. Use arithmetic.
#
# Example: for 5 symbols, width 2, one layer of 3 units it is 10 + (6 + 9 + 6) + 20 =
# 51.


# %% exercise="count_parameters"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    ### BEGIN SOLUTION
    H = num_hiddens
    first = width * H + H * H + 2 * H
    further = (num_layers - 1) * (2 * H * H + 2 * H)
    return num_symbols * width + first + further + num_symbols * (H + 1)
    ### END SOLUTION


# %% test="count_parameters" points=2 bans="layers"
check.probe(count_parameters, 80, 32, 160, 1)
check.probe(count_parameters, 11, 3, 7, 4)
### BEGIN HIDDEN TESTS
check.probe(count_parameters, 7, 13, 4, 2)
check.probe(count_parameters, 2, 1, 1, 3)
### END HIDDEN TESTS

# %% [markdown] choice="sigmoid_scores" points=1
# ## Think: scores between 0 and 1
# A net for **four** letters sends its last numbers through a sigmoid, and these go as
# scores into `F.cross_entropy`. It comes to answer as well as such a net can. Roughly,
# which loss a letter does it end at?
#
# - 0, as the right letter gets a 1 and all the others a 0.
#   wrong: the softmax inside the loss forgotten, to which 1 and 0 are close
# - 0.74, as e / (e + 3) is the best share that the softmax can give.
#   right: that share is 0.475, and minus its logarithm is 0.74.
# - 0.34, as for a tanh: both bound the scores.
#   wrong: the reach of the tanh taken for the sigmoid's, which is half as long
# - 1.39, as the four scores can't be told apart any more.
#   wrong: bounded scores taken for equal ones

# %% [markdown]
# ## 5. Perplexity, without the padding
#
# Write `perplexity(scores, Y, pad)`.
#
# - Takes `scores`: (N, T, V) float32, no softmax yet; `Y`: (N, T) int64, the right
#   symbols, and the number `pad` at places that **don't count**. `pad` may be any int,
#   also one outside 0 to V - 1. At least one place counts.
# - Each symbol that counts weighs the same, in whichever row it stands.
# - Returns a float. Allowed: everything in PyTorch.
#
# Example: scores of zeros give V.


# %% exercise="perplexity"
def perplexity(scores, Y, pad):
    """e to the mean cross-entropy of the symbols that aren't `pad`; a float."""
    ### BEGIN SOLUTION
    loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten(), ignore_index=pad)
    return loss.exp().item()
    ### END SOLUTION


# %% test="perplexity" points=2
scores = 3 * waves(3, 4, 5)
Y = torch.tensor([[1, 3, 2, 4], [0, 2, 9, 9], [4, 9, 9, 9]])
check.probe(perplexity, scores, Y, 9)
check.probe(
    perplexity, 2 * waves(2, 4, 4), torch.tensor([[1, 3, 2, 0], [2, 1, 0, 0]]), 0
)
### BEGIN HIDDEN TESTS
check.probe(perplexity, 4 * waves(1, 6, 3), torch.tensor([[0, 1, 2, 0, -1, -1]]), -1)
check.probe(perplexity, 3 * waves(2, 2, 6) + 200, torch.tensor([[5, 0], [1, 3]]), -100)
### END HIDDEN TESTS

# %% [markdown] choice="two_halves" points=1
# ## Think: two halves of a text
# A language model has perplexity 4 on the first half of a text and 16 on the second;
# both halves have as many symbols. What is it on the whole?
#
# - 10, halfway between the two.
#   wrong: the perplexities averaged, where their logarithms are
# - 64, as the probabilities of the halves are multiplied.
#   wrong: the product taken without the root of the longer length
# - 6.4, as the mean of the probabilities 1/4 and 1/16 is 1/6.4.
#   wrong: the arithmetic mean of the probabilities taken, not the geometric one
# - 8, since the mean of the logarithms counts.
#   right: the mean of ln 4 and ln 16 is ln 8.

# %% [markdown]
# ## 6. Batches that go on, to the end
#
# Write `text_batches(ids, num_rows, T)`: a long text for truncated back-propagation
# through time, with less waste than in the lecture.
#
# - Takes `ids`: (length,) int64. Cut it into `num_rows` rows of equal length, as long
#   as possible, such that each symbol has a label: the next one. What is left over at
#   the end is dropped.
# - Returns a list of pairs `(X, Y)`, each (num_rows, T); windows follow each other
#   without gap. **The last pair may be shorter**: it holds what remains of the rows.
# - Not allowed: `torch.utils.data`.
#
# Example: `torch.arange(12)`, 2 rows, T = 3: the second pair is X `[[3, 4], [8, 9]]`
# and Y `[[4, 5], [9, 10]]`.


# %% exercise="text_batches"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    ### BEGIN SOLUTION
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[1 : num_rows * length + 1].reshape(num_rows, length)
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in range(0, length, T)]
    ### END SOLUTION


# %% test="text_batches" points=3 bans="data loading"
check.probe(text_batches, torch.arange(16), 2, 3)
check.probe(text_batches, torch.arange(15) * 5 % 9, 3, 2)
### BEGIN HIDDEN TESTS
check.probe(text_batches, torch.arange(9) * 3 % 7, 1, 5)
check.probe(text_batches, torch.arange(7) * 2, 6, 4)
check.probe(text_batches, torch.arange(30, 61), 5, 2)
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Sample with a temperature
#
# Write `draw(scores, temperature, u)`: the next symbols, with random numbers that are
# given, so that a text can be drawn again.
#
# - Takes `scores`: (N, V) float32; `temperature`: a float, 0 or more; `u`: (N,) float32
#   in [0, 1).
# - With $p$ the probabilities at this temperature, row n gets the first symbol $i$ for
#   which $p_0 + \dots + p_i > u_n$; the last symbol, if rounding leaves none.
# - At temperature 0 it is the symbol with the highest score, the first one of a tie.
# - Returns (N,) int64. Scores may be as large as 1000. Allowed: everything in PyTorch.
#
# Example: scores `[[0, 0, 0, 0]]` and `u = [0.6]` give `[2]`, at every temperature
# above 0.


# %% exercise="draw"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    ### BEGIN SOLUTION
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)
    ### END SOLUTION


# %% test="draw" points=3
scores = torch.tensor([[0.5, 2.0, -1.0, 1.0, 0.0], [1.5, 0.3, 0.2, -0.5, 1.1]])
scores = scores.repeat(4, 1)  # (8, 5)
u = torch.tensor([0.05, 0.31, 0.55, 0.62, 0.74, 0.86, 0.97, 0.93])
check.probe(draw, scores[:6], 2.0, u[1:7])
check.probe(draw, scores, 1.0, u)
check.probe(draw, scores, 0.3, u)
check.probe(draw, torch.tensor([[1.0, 3.0, 2.0], [5.0, 0.0, 1.0]]), 0.0, u[6:])
### BEGIN HIDDEN TESTS
check.probe(draw, torch.tensor([[2.0, 4.0, 4.0, 4.0]]), 0.0, u[2:3])
check.probe(draw, torch.tensor([[990.0, 1000.0, 999.0], [0.0, 0.0, 0.0]]), 1.0, u[4:6])
check.probe(draw, torch.zeros(3, 4), 0.7, torch.tensor([0.0, 0.25, 0.5]))
check.probe(draw, 6 * waves(6, 7), 5.0, waves(6).abs())
check.probe(draw, torch.zeros(1, 41), 1.0, torch.tensor([0.99999994]))  # rounding
### END HIDDEN TESTS

# %% [markdown]
# ## 8. Clip, or skip the step
#
# Write `clip_or_skip(grads, max_norm)`.
#
# - Takes `grads`: a list of tensors of any shapes, or `None` for a parameter without a
#   gradient; `max_norm`: a float above 0.
# - The **norm** is that of all gradients together, as one long vector.
# - Returns a list of new tensors, and the norm, a float. If the norm is at most
#   `max_norm`, values stay. If it is larger, one factor for all makes it `max_norm`. If
#   it is not finite (infinity or NaN), all become zeros: a skipped step. `None` stays.
# - Don't change the given tensors. Not allowed: `nn.utils.clip_grad_norm_`.
#
# Example: `[tensor([3.0]), None, tensor([[4.0]])]`, clipped to 1, gives 0.6, `None`,
# 0.8, and the norm 5.


# %% exercise="clip_or_skip"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    ### BEGIN SOLUTION
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt().item()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads], norm
    ### END SOLUTION


# %% test="clip_or_skip" points=2 bans="clipping"
grads = [3 * waves(2, 2), None, 2 * waves(3, start=1.0)]
check.probe(clip_or_skip, grads, 1.5)
check.probe(clip_or_skip, grads, 50.0)


def not_finite(*numbers):
    return [check.call(clip_or_skip, [torch.tensor([3.0, x])], 1.0) for x in numbers]


told = "clip_or_skip([tensor([3.0, x])], 1.0) for x = infinity and for x = NaN"
check.probe(not_finite, math.inf, math.nan, call=told)
### BEGIN HIDDEN TESTS
check.probe(clip_or_skip, [waves(2), torch.tensor([[math.nan]]), None], 2.0)
check.probe(clip_or_skip, [torch.zeros(3), torch.zeros(2, 2)], 0.5)
check.probe(clip_or_skip, [torch.tensor([0.3, 0.4])], 0.25)
### END HIDDEN TESTS

# %% [markdown]
# ## 9. The gradient of the shared weights
#
# The same $W_h$ is used at each step, so its gradient is a sum over the steps. Write
# `weight_gradient(states, W_h, g, window)` for the layer
# $h_t = \tanh(W_x x_t + b + W_h h_{t-1})$.
#
# - Takes `states`: (T + 1, N, H), from $h_0$ to $h_T$; `W_h`: (H, H); `g`: (N, H), the
#   gradient of the loss with respect to $h_T$. No other state enters the loss directly.
# - `window`: an int, 1 or more: only the last `window` steps count, those before are
#   cut off by truncation. It may be larger than T.
# - Returns dL/dW_h: (H, H), summed over the samples.
# - Not allowed: autograd (`backward`, `torch.autograd.grad`).
#
# Write $\delta_t = (1 - h_t^2) \odot \partial L / \partial h_t$. Step t contributes
# $\delta_t h_{t-1}^\top$, and $\partial L / \partial h_{t-1} = W_h^\top \delta_t$.


# %% exercise="weight_gradient"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    ### BEGIN SOLUTION
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total
    ### END SOLUTION


# %% test="weight_gradient" points=3 bans="autograd"
def states_of(T, N, H, W_h):
    states = [0.8 * waves(N, H, start=3.0)]
    for t in range(T):
        states.append(torch.tanh(waves(N, H, start=float(t)) + states[-1] @ W_h.T))
    return torch.stack(states)


W_h = waves(3, 3, start=0.5)
states, g = states_of(5, 2, 3, W_h), waves(2, 3, start=4.0)
check.probe(weight_gradient, states, W_h, g, 3)
check.probe(weight_gradient, states, W_h, g, 1)
check.probe(weight_gradient, states, W_h, g, 9)
### BEGIN HIDDEN TESTS
W_h = waves(2, 2, start=1.5)
check.probe(weight_gradient, states_of(5, 3, 2, W_h), W_h, waves(3, 2), 3)
check.probe(weight_gradient, states_of(1, 1, 2, W_h), W_h, waves(1, 2), 1)
check.probe(weight_gradient, states_of(4, 5, 2, W_h), W_h, waves(5, 2), 4)
### END HIDDEN TESTS

# %% [markdown] choice="window_of_one" points=1
# ## Think: a window of one step
# An RNN is trained with its state carried on and **detached after every single step**;
# each step has a loss, and an optimiser's step. What becomes of its matrix $W_h$?
#
# - It stays as it began, as no gradient goes back in time.
#   wrong: the use of the matrix in the step itself forgotten
# - It learns, to use the old state as it happens to come.
#   right: within the step, W_h multiplies the old state, so it has a gradient. What it
#   doesn't learn is to prepare a state for later.
# - It learns as with a longer window, with more noise.
#   wrong: the missing part of the gradient taken for noise with mean zero
# - It goes to zero, as the old state is a constant to it.
#   wrong: a constant input taken for a useless one

# %% [markdown]
# ## 10. Find and mend: a training loop
#
# This loop shall train a character model on the batches of a text, one epoch, with the
# state carried on. It has **six** mistakes.
#
# ```python
# from torch.nn.utils import clip_grad_norm_
#
# def train_stream(net, batches, optimizer, max_norm):
#     net.train()
#     total, count, state = 0.0, 0, None
#     for X, Y in batches:
#         Y_hat, state = net(X, state)
#         loss = F.cross_entropy(Y_hat.flatten(0, 1), X.flatten())
#         norm = clip_grad_norm_(net.parameters(), max_norm)
#         loss.backward()
#         optimizer.step()
#         total += loss
#         count += 1
#     return total / count
# ```
#
# Write it anew, correctly.

# %% [markdown]
# - `net(X, state)` gives scores (N, T, V) and the new state, a tensor; `state=None`
#   means zeros. `batches`: a list of pairs X, Y (N, T) int64; **the last may be
#   shorter**. Use `net` in train mode.
# - The loss of a batch is the mean over its symbols; clip the norm of all gradients to
#   `max_norm`; one step of the optimiser a batch. No gradient goes from a batch into an
#   earlier one, or is left over from before.
# - Returns a float: the mean loss a **symbol** over the whole epoch, as measured while
#   it learns.
# - Allowed: everything in PyTorch.


# %% exercise="train_stream"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    ### BEGIN SOLUTION
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        if state is not None:
            state = state.detach()
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        optimizer.step()
        total += loss.item() * Y.numel()
        count += Y.numel()
    return total / count
    ### END SOLUTION


# %% test="train_stream" points=4
class Small(nn.Module):
    """A character model of 6 symbols."""

    def __init__(self):
        super().__init__()
        self.embedding, self.rnn = nn.Embedding(6, 2), nn.RNN(2, 3, batch_first=True)
        self.out = nn.Linear(3, 6)
        self.modes = []

    def forward(self, X, state=None):
        self.modes.append(self.training)
        output, state = self.rnn(self.embedding(X), state)
        return self.out(output), state


def trained(lengths, max_norm, lr=0.5, stale=False):
    net = steady(Small()).eval()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    if stale:  # gradients of other work are still there
        net.out.bias.grad = 3 * waves(6)
    text, batches, k = torch.arange(100) * torch.arange(100) % 13 % 6, [], 0
    for T in lengths:
        rows = torch.stack([text[k : k + T + 1], text[k + 40 : k + 41 + T]])
        batches.append((rows[:, :-1], rows[:, 1:]))
        k += T
    loss = check.call(train_stream, net, batches, optimizer, max_norm, changes="net")
    return loss, net.rnn.weight_hh_l0.detach(), all(net.modes)


told = "(loss, W_h of the recurrent layer afterwards, in train mode throughout)"
check.probe(trained, [5, 5, 2], 100.0, call=f"no clipping: {told}")
check.probe(trained, [4, 4, 1], 0.3, call=f"clipped to 0.3: {told}")
check.probe(trained, [6, 3], 100.0, stale=True, call=f"with old gradients: {told}")
### BEGIN HIDDEN TESTS
check.probe(trained, [3], 100.0)
check.probe(trained, [7, 7, 7, 4], 0.5, lr=1.0)
### END HIDDEN TESTS

# %% [markdown]
# ## 11. A unit that may keep its state
#
# The plain RNN overwrites its whole memory at each step. Write the module
# `LeakyRNN(num_inputs, num_hiddens)`, whose units may keep a part of it:
#
# $$h_t = a \odot h_{t-1} + (1 - a) \odot \tanh(W_x x_t + b_x + W_h h_{t-1} + b_h),
# \qquad a = \sigma(k)$$
#
# - It has an attribute `cell`, an `nn.RNNCell(num_inputs, num_hiddens)` for the tanh,
#   and an attribute `keep`, the parameter $k$: (num_hiddens,), **zeros** at the start.
#   No other parameters.
# - `forward(X, state=None)` takes `X`: (N, T, num_inputs), and `state`: (N,
#   num_hiddens); `None` means zeros. It returns `output`: (N, T, num_hiddens) and the
#   last state: (N, num_hiddens).
# - Not allowed: `nn.GRU`, `nn.LSTM` and `nn.RNN`.
#
# Where $k$ is large, a unit keeps what it has. In [chapter 21](21 "gate") the net
# chooses this anew at each step, from what it reads.


# %% exercise="LeakyRNN"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        ### BEGIN SOLUTION
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))
        ### END SOLUTION

    def forward(self, X, state=None):
        ### BEGIN SOLUTION
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H
        ### END SOLUTION


# %% test="LeakyRNN" points=3 bans="recurrent layers"
def filled(E, H):
    net = check.call(LeakyRNN, E, H)
    with torch.no_grad():
        for name, p in check.parameters(net).items():
            p.copy_(waves(*p.shape, start=float(len(name))) + 0.3)
    return net


def read(N, T, E, H, with_state=True, start=0.0):
    net = filled(E, H)
    state = [waves(N, H, start=5.0)] if with_state else []
    return check.call(net, waves(N, T, E, start=start), *state)


def begun():
    params = check.parameters(check.call(LeakyRNN, 3, 4))
    sizes = sorted(p.numel() for p in params.values())
    return sizes, params["keep"].detach() if "keep" in params else None


told = "LeakyRNN({})(X{})"
check.probe(begun, call="sizes of the parameters of LeakyRNN(3, 4), and keep")
check.probe(read, 1, 3, 4, 2, call=told.format("4, 2", ", state"))
check.probe(read, 3, 2, 1, 2, with_state=False, call=told.format("1, 2", ""))
net = check.call(LeakyRNN, 2, 3)
output, _ = check.call(net, waves(4, 5, 2))
check.shape(output, (4, 5, 3), what="output")
### BEGIN HIDDEN TESTS
check.probe(read, 1, 1, 2, 2)
check.probe(read, 4, 2, 1, 3, start=1.0)


def slopes_of_keep():
    net = filled(3, 2)
    check.call(net, waves(2, 4, 3))[0].sum().backward()
    return check.parameters(net)["keep"].grad


check.probe(slopes_of_keep, call="the gradient of keep")
### END HIDDEN TESTS

# %% [markdown]
# ## A question: which model is better?
#
# Model A reads characters: perplexity 3 per character; a word of the text has 6, its
# space included. Model B reads words: perplexity 300 per
# word, but 8 % of the words are not in its list and count as one symbol,
# *unknown*. Compute A's perplexity per word. Which model is better, and what else would
# you need to know? Why does a carried state matter more to A than to B? A few sentences
# with the numbers; a person reads them.

# %% [markdown] manual="which_is_better" points=3
# ### BEGIN SOLUTION
# A mean loss of ln 3 a character is 6 ln 3 a word, so A has 3 to the 6th = 729 per
# word, against 300. B looks better, but for 8 % of the words it only says "unknown"; A
# spells each of them. If spelling one took 6 characters at perplexity 10, say, B would
# pay 0.08 * 6 ln 10 = 1.1 nats a word more, a factor of 3, and end near 900, behind A.
# So one needs B's cost of spelling, and the same test text for both. A window of 50
# steps holds 50 words for B, about eight for A, which loses more at each boundary.
# ### END SOLUTION
