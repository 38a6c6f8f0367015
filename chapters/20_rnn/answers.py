# %% one_hot_steps hints [markdown]
# 1. Which axis comes first in the result, and what is at `[t, n]`? What shall a step of
#    padding hold?
# 2. A symbol compared with all symbols from 0 on gives one True at most. Broadcasting
#    does it for the whole batch, and -1 equals none of them.
# 3. Turn the axes of time and batch, add an axis of size 1 behind them, compare with a
#    range of all symbols, and make the truth values floats.


# %% one_hot_steps right "rows of an identity matrix, with a row of zeros at the end"
def one_hot_steps(X, num_symbols):
    table = torch.cat([torch.eye(num_symbols), torch.zeros(1, num_symbols)])
    return table[X.transpose(0, 1)]  # -1 picks the last row


# %% one_hot_steps right "with scatter_, then the padding cleared"
def one_hot_steps(X, num_symbols):
    steps = X.T
    result = torch.zeros(*steps.shape, num_symbols)
    result.scatter_(2, steps.clamp(min=0).unsqueeze(2), 1.0)
    return result * (steps != -1).unsqueeze(2)


# %% one_hot_steps right "step by step, with loops"
def one_hot_steps(X, num_symbols):
    N, T = X.shape
    result = torch.zeros(T, N, num_symbols)
    for n in range(N):
        for t in range(T):
            if X[n, t] >= 0:
                result[t, n, X[n, t]] = 1
    return result


# %% one_hot_steps wrong "the batch stays first"
def one_hot_steps(X, num_symbols):
    """One-hot rows of (N, T) symbols, time first, zeros at -1: (T, N, num_symbols)."""
    symbols = torch.arange(num_symbols, device=X.device)
    return (X[:, :, None] == symbols).float()  # (T, N, 1) == (V,) -> (T, N, V)


# %% one_hot_steps wrong "reshaped to the right shape in place of transposed, so that texts are mixed"
def one_hot_steps(X, num_symbols):
    N, T = X.shape
    symbols = torch.arange(num_symbols)
    return (X[:, :, None] == symbols).float().reshape(T, N, num_symbols)


# %% one_hot_steps wrong "padding becomes the last symbol"
def one_hot_steps(X, num_symbols):
    return torch.eye(num_symbols)[X.T]


# %% one_hot_steps wrong "padding becomes symbol 0"
def one_hot_steps(X, num_symbols):
    return torch.eye(num_symbols)[X.T.clamp(min=0)]


# %% one_hot_steps wrong "the symbols are counted from 1"
def one_hot_steps(X, num_symbols):
    """One-hot rows of (N, T) symbols, time first, zeros at -1: (T, N, num_symbols)."""
    symbols = torch.arange(1, num_symbols + 1)
    return (X.T[:, :, None] == symbols).float()  # (T, N, 1) == (V,) -> (T, N, V)


# %% one_hot_steps wrong "integers, where a layer wants float32"
def one_hot_steps(X, num_symbols):
    """One-hot rows of (N, T) symbols, time first, zeros at -1: (T, N, num_symbols)."""
    symbols = torch.arange(num_symbols, device=X.device)
    return (X.T[:, :, None] == symbols).long()  # (T, N, 1) == (V,) -> (T, N, V)


# %% one_hot_steps wrong "truth values, where a layer wants float32"
def one_hot_steps(X, num_symbols):
    """One-hot rows of (N, T) symbols, time first, zeros at -1: (T, N, num_symbols)."""
    symbols = torch.arange(num_symbols, device=X.device)
    return X.T[:, :, None] == symbols  # (T, N, 1) == (V,) -> (T, N, V)


# %% one_hot_steps wrong "float64, where a layer wants float32"
def one_hot_steps(X, num_symbols):
    """One-hot rows of (N, T) symbols, time first, zeros at -1: (T, N, num_symbols)."""
    symbols = torch.arange(num_symbols, device=X.device)
    return (X.T[:, :, None] == symbols).double()  # (T, N, 1) == (V,) -> (T, N, V)


# %% one_hot_steps wrong "one symbol more than there are"
def one_hot_steps(X, num_symbols):
    """One-hot rows of (N, T) symbols, time first, zeros at -1: (T, N, num_symbols)."""
    symbols = torch.arange(num_symbols + 1, device=X.device)
    return (X.T[:, :, None] == symbols).float()  # (T, N, 1) == (V,) -> (T, N, V)


# %% one_hot_steps wrong "one symbol fewer than there are"
def one_hot_steps(X, num_symbols):
    """One-hot rows of (N, T) symbols, time first, zeros at -1: (T, N, num_symbols)."""
    symbols = torch.arange(num_symbols - 1, device=X.device)
    return (X.T[:, :, None] == symbols).float()  # (T, N, 1) == (V,) -> (T, N, V)


# %% one_hot_steps wrong "the symbols stand on the middle axis"
def one_hot_steps(X, num_symbols):
    """One-hot rows of (N, T) symbols, time first, zeros at -1: (T, N, num_symbols)."""
    symbols = torch.arange(num_symbols, device=X.device)
    return (X.T[:, None] == symbols[:, None]).float()  # (T, N, 1) == (V,) -> (T, N, V)


# %% one_hot_steps wrong "the symbols stand on the first axis"
def one_hot_steps(X, num_symbols):
    """One-hot rows of (N, T) symbols, time first, zeros at -1: (T, N, num_symbols)."""
    symbols = torch.arange(num_symbols, device=X.device)
    return (X.T == symbols[:, None, None]).float()  # (T, N, 1) == (V,) -> (T, N, V)


# %% one_hot_steps wrong "the numbers themselves at their places in place of a 1"
def one_hot_steps(X, num_symbols):
    """One-hot rows of (N, T) symbols, time first, zeros at -1: (T, N, num_symbols)."""
    symbols = torch.arange(num_symbols, device=X.device)
    hot = (X.T[:, :, None] == symbols).float()
    return hot * X.T[:, :, None]  # (T, N, 1) == (V,) -> (T, N, V)


# %% one_hot_steps wrong "`X` is changed in place"
def one_hot_steps(X, num_symbols):
    padded = X.T == -1
    X[X == -1] = 0
    return torch.eye(num_symbols)[X.T] * ~padded[:, :, None]


# %% one_hot_steps wrong "a row of ones in place of zeros at padding"
def one_hot_steps(X, num_symbols):
    table = torch.cat([torch.eye(num_symbols), torch.ones(1, num_symbols)])
    return table[X.T]


# %% one_hot_steps wrong "the number of symbols is taken from the batch"
def one_hot_steps(X, num_symbols):
    symbols = torch.arange(int(X.max()) + 1)
    return (X.T[:, :, None] == symbols).float()


# %% one_hot_steps wrong "a library does the encoding"
def one_hot_steps(X, num_symbols):
    return F.one_hot(X.T + 1, num_symbols + 1)[:, :, 1:].float()


# %% rnn_cell hints [markdown]
# 1. In which order do memory and input stand beside each other, if the first H rows of
#    `W` belong to the memory?
# 2. One product of a wide row with the whole matrix is the sum of two products with its
#    parts. Before it, the memory of rows that start anew becomes zeros; the input
#    stays.
# 3. Choose zeros or the old memory by the mask, with an axis added to it. Join memory
#    and input along the features, multiply, add the bias, take the tanh.


# %% rnn_cell right "the matrix cut in two"
def rnn_cell(X, H, W, b, starts):
    W_h, W_x = W[: H.shape[1]], W[H.shape[1] :]
    old = H * (~starts).unsqueeze(1)
    return torch.tanh(old @ W_h + X @ W_x + b)


# %% rnn_cell right "masked_fill and addmm"
def rnn_cell(X, H, W, b, starts):
    old = H.masked_fill(starts.reshape(-1, 1), 0.0)
    return torch.addmm(b, torch.hstack([old, X]), W).tanh()


# %% rnn_cell right "row by row"
def rnn_cell(X, H, W, b, starts):
    rows = []
    for x, h, new in zip(X, H, starts, strict=True):
        h = torch.zeros_like(h) if new else h
        rows.append(torch.tanh(torch.cat([h, x]) @ W + b))
    return torch.stack(rows)


# %% rnn_cell wrong "the input stands before the memory"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts[:, None], 0.0, H)
    return torch.tanh(torch.cat([X, H], dim=1) @ W + b)


# %% rnn_cell wrong "the memory is forgotten where no text starts, and kept where one does"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts[:, None], H, 0.0)
    return torch.tanh(torch.cat([H, X], dim=1) @ W + b)


# %% rnn_cell wrong "the old memory goes on where a new text starts"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    return torch.tanh(torch.cat([H, X], dim=1) @ W + b)


# %% rnn_cell wrong "the result is set to zeros where a text starts, not the old memory"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    new = torch.tanh(torch.cat([H, X], dim=1) @ W + b)
    return torch.where(starts[:, None], 0.0, new)


# %% rnn_cell wrong "the old memory is passed on unchanged where a text starts"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    new = torch.tanh(torch.cat([H, X], dim=1) @ W + b)
    return torch.where(starts[:, None], H, new)


# %% rnn_cell wrong "the input is forgotten, too, where a text starts"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts[:, None], 0.0, H)
    X = torch.where(starts[:, None], 0.0, X)
    return torch.tanh(torch.cat([H, X], dim=1) @ W + b)


# %% rnn_cell wrong "the input is forgotten in place of the memory where a text starts"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    X = torch.where(starts[:, None], 0.0, X)
    return torch.tanh(torch.cat([H, X], dim=1) @ W + b)


# %% rnn_cell wrong "all memories are forgotten as soon as one text starts"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts.any(), 0.0, H)
    return torch.tanh(torch.cat([H, X], dim=1) @ W + b)


# %% rnn_cell wrong "the tanh is missing"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts[:, None], 0.0, H)
    return torch.cat([H, X], dim=1) @ W + b


# %% rnn_cell wrong "the sigmoid in place of the tanh"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts[:, None], 0.0, H)
    return torch.sigmoid(torch.cat([H, X], dim=1) @ W + b)


# %% rnn_cell wrong "ReLU in place of the tanh"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts[:, None], 0.0, H)
    return torch.relu(torch.cat([H, X], dim=1) @ W + b)


# %% rnn_cell wrong "the bias is forgotten"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts[:, None], 0.0, H)
    return torch.tanh(torch.cat([H, X], dim=1) @ W)


# %% rnn_cell wrong "the bias is added behind the tanh"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts[:, None], 0.0, H)
    return torch.tanh(torch.cat([H, X], dim=1) @ W) + b


# %% rnn_cell wrong "the bias is counted twice"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts[:, None], 0.0, H)
    return torch.tanh(torch.cat([H, X], dim=1) @ W + 2 * b)


# %% rnn_cell wrong "only the memory is used, not the input"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts[:, None], 0.0, H)
    return torch.tanh(H @ W[: H.shape[1]] + b)


# %% rnn_cell wrong "only the input is used, not the memory"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts[:, None], 0.0, H)
    return torch.tanh(X @ W[H.shape[1] :] + b)


# %% rnn_cell wrong "memory and input are joined one under the other"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts[:, None], 0.0, H)
    return torch.tanh(torch.cat([H, X], dim=0) @ W + b)


# %% rnn_cell wrong "the matrix is multiplied transposed, as PyTorch keeps it"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts[:, None], 0.0, H)
    return torch.tanh(torch.cat([H, X], dim=1) @ W.T + b)


# %% rnn_cell wrong "the memory's part of the matrix is transposed"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts[:, None], 0.0, H)
    return torch.tanh(H @ W[: H.shape[1]].T + X @ W[H.shape[1] :] + b)


# %% rnn_cell wrong "two tanhs are added, one for the memory and one for the input"
def rnn_cell(X, H, W, b, starts):
    """One step, memory rows of W first: X (N, E), H (N, H), starts (N,) -> (N, H)."""
    H = torch.where(starts[:, None], 0.0, H)
    return torch.tanh(H @ W[: H.shape[1]]) + torch.tanh(X @ W[H.shape[1] :] + b)


# %% rnn_cell wrong "`H` is changed in place"
def rnn_cell(X, H, W, b, starts):
    H[starts] = 0.0
    return torch.tanh(torch.cat([H, X], dim=1) @ W + b)


# %% rnn_cell wrong "a library does the step"
def rnn_cell(X, H, W, b, starts):
    H = H * ~starts[:, None]
    k = H.shape[1]
    return torch.rnn_tanh_cell(X, H, W[k:].T, W[:k].T, b, 0 * b)


# %% run_rnn hints [markdown]
# 1. What does the second layer read: `X`, or what the first layer gave at each step?
#    And with which state does it begin?
# 2. Do one layer completely, over all steps, before the next. Its outputs at all steps
#    are the next layer's inputs; its last memory belongs into `h_n`.
# 3. A loop over the layers, and in it one over the steps. Collect the memories of a
#    layer, stack them along the axis of time, and go on with them. Biases and the kind
#    of activation are asked of the layer.


# %% run_rnn right "all layers at each step"
def run_rnn(layer, X, state):
    names = [n for n in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    act = {"tanh": torch.tanh, "relu": torch.relu}[layer.nonlinearity]
    H, tops = list(state), []
    for t in range(X.shape[1]):
        below = X[:, t]
        for k in range(layer.num_layers):
            W_x, W_h = (getattr(layer, f"{n}_l{k}") for n in names[:2])
            a = below @ W_x.T + H[k] @ W_h.T
            if layer.bias:
                a = (
                    a
                    + getattr(layer, f"bias_ih_l{k}")
                    + getattr(layer, f"bias_hh_l{k}")
                )
            H[k] = below = act(a)
        tops.append(below)
    return torch.stack(tops, 1), torch.stack(H)


# %% run_rnn right "with F.linear, parameters by place"
def run_rnn(layer, X, state):
    per_layer = 4 if layer.bias else 2
    params = list(layer.parameters())
    last = torch.empty_like(state)
    for k in range(len(state)):
        W_x, W_h, *b = params[per_layer * k : per_layer * (k + 1)]
        b_x, b_h = b or (None, None)
        H, outputs = state[k], []
        for t in range(X.shape[1]):
            H = F.linear(X[:, t], W_x, b_x) + F.linear(H, W_h, b_h)
            H = H.relu() if layer.nonlinearity == "relu" else H.tanh()
            outputs.append(H)
        X = torch.stack(outputs, dim=1)
        last[k] = H
    return X, last


# %% run_rnn wrong "the second layer reads the input again, not the first layer's output"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
    act = torch.relu if layer.nonlinearity == "relu" else torch.tanh
    last, first = [], X
    for k, H in enumerate(state):  # (N, H)
        W_x, W_h, *biases = (
            getattr(layer, f"{name}_l{k}")
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            if layer.bias or name.startswith("weight")
        )
        outputs = []
        for X_t in first.unbind(dim=1):
            H = act(X_t @ W_x.T + H @ W_h.T + sum(biases))
            outputs.append(H)
        X = torch.stack(outputs, dim=1)  # (N, T, H): the next layer's input
        last.append(H)
    return X, torch.stack(last)


# %% run_rnn wrong "every layer begins with the state of the first one"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
    act = torch.relu if layer.nonlinearity == "relu" else torch.tanh
    last = []
    for k in range(len(state)):
        H = state[0]
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


# %% run_rnn wrong "every layer begins with zeros, whatever the state says"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
    act = torch.relu if layer.nonlinearity == "relu" else torch.tanh
    last = []
    for k in range(len(state)):
        H = torch.zeros_like(state[k])
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


# %% run_rnn wrong "a layer begins where the one below it ended"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
    act = torch.relu if layer.nonlinearity == "relu" else torch.tanh
    last = []
    H = state[0]
    for k in range(len(state)):
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


# %% run_rnn wrong "h_n lists the layers from the top"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
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
    return X, torch.stack(last[::-1])


# %% run_rnn wrong "h_n holds the last layer only"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
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
    return X, last[-1][None]


# %% run_rnn wrong "h_n has lost its axis of layers"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
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
    return X, last[-1]


# %% run_rnn wrong "h_n has the batch in front, as the output has"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
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
    return X, torch.stack(last, dim=1)


# %% run_rnn wrong "output and h_n are swapped"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
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
    return torch.stack(last), X


# %% run_rnn wrong "the output has the time in front"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
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
    return X.transpose(0, 1), torch.stack(last)


# %% run_rnn wrong "the output is that of the last step only"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
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
    return X[:, -1], torch.stack(last)


# %% run_rnn wrong "the loop runs over the samples, not over the steps"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
    act = torch.relu if layer.nonlinearity == "relu" else torch.tanh
    last = []
    for k, H in enumerate(state):  # (N, H)
        W_x, W_h, *biases = (
            getattr(layer, f"{name}_l{k}")
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            if layer.bias or name.startswith("weight")
        )
        outputs = []
        for X_t in X.unbind(dim=0):
            H = act(X_t @ W_x.T + H @ W_h.T + sum(biases))
            outputs.append(H)
        X = torch.stack(outputs, dim=0)  # (N, T, H): the next layer's input
        last.append(H)
    return X, torch.stack(last)


# %% run_rnn wrong "the first layer's weights are used in every layer"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
    act = torch.relu if layer.nonlinearity == "relu" else torch.tanh
    last = []
    for k, H in enumerate(state):  # (N, H)
        W_x, W_h, *biases = (
            getattr(
                layer, f"{name}_l0" if name != "weight_ih" or k == 0 else f"{name}_l{k}"
            )
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


# %% run_rnn wrong "the biases are forgotten"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
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
            H = act(X_t @ W_x.T + H @ W_h.T)
            outputs.append(H)
        X = torch.stack(outputs, dim=1)  # (N, T, H): the next layer's input
        last.append(H)
    return X, torch.stack(last)


# %% run_rnn wrong "only one of the two biases is added"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
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
            H = act(X_t @ W_x.T + H @ W_h.T + sum(biases[:1]))
            outputs.append(H)
        X = torch.stack(outputs, dim=1)  # (N, T, H): the next layer's input
        last.append(H)
    return X, torch.stack(last)


# %% run_rnn wrong "always tanh, whatever the layer says"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
    act = torch.tanh
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


# %% run_rnn wrong "always ReLU, whatever the layer says"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
    act = torch.relu
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


# %% run_rnn wrong "the memory's matrix is not transposed"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
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
            H = act(X_t @ W_x.T + H @ W_h + sum(biases))
            outputs.append(H)
        X = torch.stack(outputs, dim=1)  # (N, T, H): the next layer's input
        last.append(H)
    return X, torch.stack(last)


# %% run_rnn wrong "the memory is not carried from step to step"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
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
            new = act(X_t @ W_x.T + H @ W_h.T + sum(biases))
            outputs.append(new)
        X = torch.stack(outputs, dim=1)  # (N, T, H): the next layer's input
        last.append(new)
    return X, torch.stack(last)


# %% run_rnn wrong "the activation is missing"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
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
            H = X_t @ W_x.T + H @ W_h.T + sum(biases)
            outputs.append(H)
        X = torch.stack(outputs, dim=1)  # (N, T, H): the next layer's input
        last.append(H)
    return X, torch.stack(last)


# %% run_rnn wrong "biases are presumed in every layer"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
    act = torch.relu if layer.nonlinearity == "relu" else torch.tanh
    last = []
    for k, H in enumerate(state):  # (N, H)
        W_x, W_h, *biases = (
            getattr(layer, f"{name}_l{k}")
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        outputs = []
        for X_t in X.unbind(dim=1):
            H = act(X_t @ W_x.T + H @ W_h.T + sum(biases))
            outputs.append(H)
        X = torch.stack(outputs, dim=1)  # (N, T, H): the next layer's input
        last.append(H)
    return X, torch.stack(last)


# %% run_rnn wrong "one layer only, whatever their number"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
    act = torch.relu if layer.nonlinearity == "relu" else torch.tanh
    last = []
    for k, H in enumerate(state[:1]):
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


# %% run_rnn wrong "the steps are read backwards"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
    act = torch.relu if layer.nonlinearity == "relu" else torch.tanh
    last = []
    for k, H in enumerate(state):  # (N, H)
        W_x, W_h, *biases = (
            getattr(layer, f"{name}_l{k}")
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            if layer.bias or name.startswith("weight")
        )
        outputs = []
        for X_t in X.flip(1).unbind(dim=1):
            H = act(X_t @ W_x.T + H @ W_h.T + sum(biases))
            outputs.append(H)
        X = torch.stack(outputs, dim=1)  # (N, T, H): the next layer's input
        last.append(H)
    return X, torch.stack(last)


# %% run_rnn wrong "`state` is changed in place"
def run_rnn(layer, X, state):
    act = torch.relu if layer.nonlinearity == "relu" else torch.tanh
    state = state.detach()
    for k in range(len(state)):
        W_x = getattr(layer, f"weight_ih_l{k}").detach()
        W_h = getattr(layer, f"weight_hh_l{k}").detach()
        b = 0
        if layer.bias:
            b = getattr(layer, f"bias_ih_l{k}") + getattr(layer, f"bias_hh_l{k}")
        outputs = []
        for X_t in X.unbind(dim=1):
            state[k] = act(X_t @ W_x.T + state[k] @ W_h.T + b)
            outputs.append(state[k].clone())
        X = torch.stack(outputs, dim=1)
    return X, state


# %% run_rnn wrong "a library does the step"
def run_rnn(layer, X, state):
    return layer(X, state)


# %% run_rnn wrong "the results are cut off from the graph"
def run_rnn(layer, X, state):
    """What layer(X, state) gives: X (N, T, E), state (L, N, H) -> output, h_n."""
    states = list(state)
    output = []
    activation = getattr(torch, layer.nonlinearity)
    with torch.no_grad():
        for X_t in X.unbind(1):
            for k in range(layer.num_layers):
                b_x = getattr(layer, f"bias_ih_l{k}", None)
                b_h = getattr(layer, f"bias_hh_l{k}", None)
                read = F.linear(X_t, getattr(layer, f"weight_ih_l{k}"), b_x)
                kept = F.linear(states[k], getattr(layer, f"weight_hh_l{k}"), b_h)
                X_t = states[k] = activation(read + kept)
            output.append(X_t)
    return torch.stack(output, dim=1), torch.stack(states)


# %% count_parameters hints [markdown]
# 1. What does a unit of the first recurrent layer read, and what does one of the second
#    layer read?
# 2. Each recurrent layer has two matrices: one for its input, one for its own memory.
#    From the second layer on the input is as wide as the memory. Each has two biases
#    for each unit.
# 3. Four parts to add: the table, the first recurrent layer, the further ones, all of
#    one size, and the linear layer, which has a bias for each symbol.


# %% count_parameters right "layer by layer"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    total, below = num_symbols * width, width
    for _ in range(num_layers):
        total += num_hiddens * (below + num_hiddens + 2)
        below = num_hiddens
    return total + below * num_symbols + num_symbols


# %% count_parameters right "a sum over a list of inputs"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    inputs = [width] + [num_hiddens] * (num_layers - 1)
    recurrent = sum((i + num_hiddens) * num_hiddens + 2 * num_hiddens for i in inputs)
    return num_symbols * (width + num_hiddens + 1) + recurrent


# %% count_parameters wrong "one bias a unit, where PyTorch has two"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + H * H + H
    further = (num_layers - 1) * (2 * H * H + H)
    return num_symbols * width + first + further + num_symbols * (H + 1)


# %% count_parameters wrong "the recurrent biases are forgotten"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + H * H
    further = (num_layers - 1) * (2 * H * H)
    return num_symbols * width + first + further + num_symbols * (H + 1)


# %% count_parameters wrong "the bias of the linear layer is forgotten"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + H * H + 2 * H
    further = (num_layers - 1) * (2 * H * H + 2 * H)
    return num_symbols * width + first + further + num_symbols * H


# %% count_parameters wrong "all biases are forgotten"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + H * H
    further = (num_layers - 1) * (2 * H * H)
    return num_symbols * width + first + further + num_symbols * H


# %% count_parameters wrong "the embedding is forgotten"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + H * H + 2 * H
    further = (num_layers - 1) * (2 * H * H + 2 * H)
    return first + further + num_symbols * (H + 1)


# %% count_parameters wrong "the linear layer is forgotten"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + H * H + 2 * H
    further = (num_layers - 1) * (2 * H * H + 2 * H)
    return num_symbols * width + first + further


# %% count_parameters wrong "the memory's matrix is forgotten"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + 2 * H
    further = (num_layers - 1) * (H * H + 2 * H)
    return num_symbols * width + first + further + num_symbols * (H + 1)


# %% count_parameters wrong "the first layer reads one-hot vectors, not the embedding"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = num_symbols * H + H * H + 2 * H
    further = (num_layers - 1) * (2 * H * H + 2 * H)
    return num_symbols * width + first + further + num_symbols * (H + 1)


# %% count_parameters wrong "further layers read the embedding, too"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + H * H + 2 * H
    further = (num_layers - 1) * (width * H + H * H + 2 * H)
    return num_symbols * width + first + further + num_symbols * (H + 1)


# %% count_parameters wrong "the first layer reads inputs as wide as the memory"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = H * H + H * H + 2 * H
    further = (num_layers - 1) * (2 * H * H + 2 * H)
    return num_symbols * width + first + further + num_symbols * (H + 1)


# %% count_parameters wrong "one layer only, whatever their number"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + H * H + 2 * H
    further = (num_layers - 1) * (2 * H * H + 2 * H)
    return num_symbols * width + first + num_symbols * (H + 1)


# %% count_parameters wrong "one layer too many"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + H * H + 2 * H
    further = num_layers * (2 * H * H + 2 * H)
    return num_symbols * width + first + further + num_symbols * (H + 1)


# %% count_parameters wrong "each layer has a linear layer of its own"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + H * H + 2 * H
    further = (num_layers - 1) * (2 * H * H + 2 * H)
    return num_symbols * width + first + further + num_layers * num_symbols * (H + 1)


# %% count_parameters wrong "the linear layer reads the states of all layers"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + H * H + 2 * H
    further = (num_layers - 1) * (2 * H * H + 2 * H)
    return num_symbols * width + first + further + num_symbols * (num_layers * H + 1)


# %% count_parameters wrong "the linear layer's bias is one a unit, not one a symbol"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + H * H + 2 * H
    further = (num_layers - 1) * (2 * H * H + 2 * H)
    return num_symbols * width + first + further + num_symbols * H + H


# %% count_parameters wrong "the linear layer leads back to the embedding's width"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + H * H + 2 * H
    further = (num_layers - 1) * (2 * H * H + 2 * H)
    return num_symbols * width + first + further + width * (H + 1)


# %% count_parameters wrong "the embedding has a bias as well"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + H * H + 2 * H
    further = (num_layers - 1) * (2 * H * H + 2 * H)
    return num_symbols * width + width + first + further + num_symbols * (H + 1)


# %% count_parameters wrong "the weights are shared by the layers, as they are by the steps"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    """Parameters of embedding, recurrent layers and linear layer together."""
    H = num_hiddens
    first = width * H + H * H + 2 * H
    further = 0 if num_layers == 1 else H * H
    return num_symbols * width + first + further + num_symbols * (H + 1)


# %% count_parameters wrong "a library does the arithmetic"
def count_parameters(num_symbols, width, num_hiddens, num_layers):
    parts = nn.ModuleList([nn.Embedding(num_symbols, width)])
    parts.append(nn.RNN(width, num_hiddens, num_layers))
    parts.append(nn.Linear(num_hiddens, num_symbols))
    return sum(p.numel() for p in parts.parameters())


# %% perplexity hints [markdown]
# 1. On which axis does `F.cross_entropy` look for the classes, and by how many places
#    is the sum to be divided?
# 2. Perplexity is e to the mean loss over the symbols that count. Rows are of unequal
#    length, so a mean of the rows' means is another number.
# 3. Make rows of all steps, scores and labels alike. Leave out the places of padding,
#    by a mask or by an argument of the loss. Mean, exponential, float.


# %% perplexity right "with a mask and log_softmax"
def perplexity(scores, Y, pad):
    counts = Y != pad
    log_p = scores.log_softmax(dim=2)[counts]  # (n, V)
    own = log_p[torch.arange(len(log_p)), Y[counts]]
    return math.exp(-own.mean().item())


# %% perplexity right "a sum and a count, classes on axis 1"
def perplexity(scores, Y, pad):
    losses = F.cross_entropy(
        scores.transpose(1, 2), Y, ignore_index=pad, reduction="sum"
    )
    return float(torch.exp(losses / (Y != pad).sum()))


# %% perplexity wrong "the cross-entropy, without the exponential"
def perplexity(scores, Y, pad):
    """e to the mean cross-entropy of the symbols that aren't `pad`; a float."""
    loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten(), ignore_index=pad)
    return loss.item()


# %% perplexity wrong "2 to the loss, where the loss is in nats"
def perplexity(scores, Y, pad):
    """e to the mean cross-entropy of the symbols that aren't `pad`; a float."""
    loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten(), ignore_index=pad)
    return (2**loss).item()


# %% perplexity wrong "padding counts in the mean's divisor"
def perplexity(scores, Y, pad):
    losses = F.cross_entropy(
        scores.flatten(0, 1), Y.flatten(), ignore_index=pad, reduction="sum"
    )
    return (losses / Y.numel()).exp().item()


# %% perplexity wrong "padding is scored like a symbol"
def perplexity(scores, Y, pad):
    Y = Y.clamp(0, scores.shape[2] - 1)
    return F.cross_entropy(scores.flatten(0, 1), Y.flatten()).exp().item()


# %% perplexity wrong "each row weighs the same, however many symbols count in it"
def perplexity(scores, Y, pad):
    rows = [F.cross_entropy(s, y, ignore_index=pad) for s, y in zip(scores, Y)]
    return torch.stack(rows).mean().exp().item()


# %% perplexity wrong "the rows' perplexities are averaged"
def perplexity(scores, Y, pad):
    rows = [F.cross_entropy(s, y, ignore_index=pad).exp() for s, y in zip(scores, Y)]
    return torch.stack(rows).mean().item()


# %% perplexity wrong "the perplexities of the symbols are averaged, not their logarithms"
def perplexity(scores, Y, pad):
    losses = F.cross_entropy(
        scores.flatten(0, 1), Y.flatten(), ignore_index=pad, reduction="none"
    )
    return losses[Y.flatten() != pad].exp().mean().item()


# %% perplexity wrong "the probabilities are averaged, not their logarithms"
def perplexity(scores, Y, pad):
    counts = Y != pad
    p = scores.softmax(dim=2)[counts]
    return 1 / p[torch.arange(len(p)), Y[counts]].mean().item()


# %% perplexity wrong "the exponential of the sum in place of the mean"
def perplexity(scores, Y, pad):
    """e to the mean cross-entropy of the symbols that aren't `pad`; a float."""
    loss = F.cross_entropy(
        scores.flatten(0, 1), Y.flatten(), ignore_index=pad, reduction="sum"
    )
    return loss.exp().item()


# %% perplexity wrong "a softmax too many"
def perplexity(scores, Y, pad):
    """e to the mean cross-entropy of the symbols that aren't `pad`; a float."""
    loss = F.cross_entropy(
        scores.softmax(dim=2).flatten(0, 1), Y.flatten(), ignore_index=pad
    )
    return loss.exp().item()


# %% perplexity wrong "the softmax runs over the steps, not the symbols"
def perplexity(scores, Y, pad):
    counts = Y != pad
    log_p = scores.log_softmax(dim=1)[counts]
    return math.exp(-log_p[torch.arange(len(log_p)), Y[counts]].mean().item())


# %% perplexity wrong "the softmax runs over the samples, not the symbols"
def perplexity(scores, Y, pad):
    counts = Y != pad
    log_p = scores.log_softmax(dim=0)[counts]
    return math.exp(-log_p[torch.arange(len(log_p)), Y[counts]].mean().item())


# %% perplexity wrong "the padding is always 0, whatever `pad` says"
def perplexity(scores, Y, pad):
    """e to the mean cross-entropy of the symbols that aren't `pad`; a float."""
    loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten(), ignore_index=0)
    return loss.exp().item()


# %% perplexity wrong "a tensor, where a float is asked for"
def perplexity(scores, Y, pad):
    """e to the mean cross-entropy of the symbols that aren't `pad`; a float."""
    loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten(), ignore_index=pad)
    return loss.exp()


# %% perplexity wrong "the inverse: the mean probability of a symbol"
def perplexity(scores, Y, pad):
    """e to the mean cross-entropy of the symbols that aren't `pad`; a float."""
    loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten(), ignore_index=pad)
    return (-loss).exp().item()


# %% perplexity wrong "only the last step of each row counts"
def perplexity(scores, Y, pad):
    return (
        F.cross_entropy(scores[:, -1], Y[:, -1].clamp(0, scores.shape[2] - 1))
        .exp()
        .item()
    )


# %% perplexity wrong "the labels are shifted once more"
def perplexity(scores, Y, pad):
    return (
        F.cross_entropy(
            scores[:, :-1].flatten(0, 1), Y[:, 1:].flatten(), ignore_index=pad
        )
        .exp()
        .item()
    )


# %% perplexity wrong "scores reshaped to (N, V, T) in place of transposed"
def perplexity(scores, Y, pad):
    N, T, V = scores.shape
    return F.cross_entropy(scores.reshape(N, V, T), Y, ignore_index=pad).exp().item()


# %% perplexity wrong "scores and labels put in different orders, time first and batch first"
def perplexity(scores, Y, pad):
    return (
        F.cross_entropy(
            scores.transpose(0, 1).flatten(0, 1), Y.flatten(), ignore_index=pad
        )
        .exp()
        .item()
    )


# %% perplexity wrong "probabilities by hand, which overflow"
def perplexity(scores, Y, pad):
    counts = Y != pad
    p = (scores.exp() / scores.exp().sum(dim=2, keepdim=True))[counts]
    return math.exp(-p[torch.arange(len(p)), Y[counts]].log().mean().item())


# %% text_batches hints [markdown]
# 1. How many symbols may a row have, if its last one needs a label that is still in the
#    text?
# 2. The labels are the same rows, begun one symbol later in the text. Cut both into
#    rows first; then cut windows from the rows, always the same columns of both.
# 3. Length of a row: whole-number division of one less than the text. Two tables of
#    `num_rows` rows. A list over the starts 0, T, 2T, ... up to the row's end; a slice
#    that runs past the end is simply shorter.


# %% text_batches right "with split"
def text_batches(ids, num_rows, T):
    length = (len(ids) - 1) // num_rows
    n = num_rows * length
    X, Y = ids[:n].view(num_rows, -1), ids[1 : n + 1].view(num_rows, -1)
    return list(zip(X.split(T, dim=1), Y.split(T, dim=1), strict=True))


# %% text_batches right "row by row, with stack"
def text_batches(ids, num_rows, T):
    length, pairs, k = (len(ids) - 1) // num_rows, [], 0
    while k < length:
        width = min(T, length - k)
        starts = [r * length + k for r in range(num_rows)]
        X = torch.stack([ids[s : s + width] for s in starts])
        Y = torch.stack([ids[s + 1 : s + 1 + width] for s in starts])
        pairs.append((X, Y))
        k += width
    return pairs


# %% text_batches wrong "the labels are the inputs themselves"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[: num_rows * length].reshape(num_rows, length)
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in range(0, length, T)]


# %% text_batches wrong "the labels are two symbols later"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    length = (len(ids) - 2) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[2 : num_rows * length + 2].reshape(num_rows, length)
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in range(0, length, T)]


# %% text_batches wrong "the labels are one symbol earlier"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    length = (len(ids) - 1) // num_rows
    Y = ids[: num_rows * length].reshape(num_rows, length)
    X = ids[1 : num_rows * length + 1].reshape(num_rows, length)
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in range(0, length, T)]


# %% text_batches wrong "the short last window is dropped"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[1 : num_rows * length + 1].reshape(num_rows, length)
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in range(0, length - T + 1, T)]


# %% text_batches wrong "the windows overlap, one symbol apart"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[1 : num_rows * length + 1].reshape(num_rows, length)
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in range(length)]


# %% text_batches wrong "a gap of one symbol between windows"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[1 : num_rows * length + 1].reshape(num_rows, length)
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in range(0, length, T + 1)]


# %% text_batches wrong "the last symbol of a window comes again in the next"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[1 : num_rows * length + 1].reshape(num_rows, length)
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in range(0, length, max(T - 1, 1))]


# %% text_batches wrong "rows one symbol too short, cut before the labels' shift"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    length = len(ids) // num_rows - 1
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[1 : num_rows * length + 1].reshape(num_rows, length)
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in range(0, length, T)]


# %% text_batches wrong "the label at a row's end is the first symbol of the same row"
def text_batches(ids, num_rows, T):
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = X.roll(-1, dims=1)
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in range(0, length, T)]


# %% text_batches wrong "the last label of all is the first symbol of the text"
def text_batches(ids, num_rows, T):
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[: num_rows * length].roll(-1).reshape(num_rows, length)
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in range(0, length, T)]


# %% text_batches wrong "rows of len(ids) // num_rows symbols, for which the last label can be missing"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    length = len(ids) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[1 : num_rows * length + 1].reshape(num_rows, length)
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in range(0, length, T)]


# %% text_batches wrong "a row doesn't go on in the next batch: windows are dealt row after row"
def text_batches(ids, num_rows, T):
    length = (len(ids) - 1) // num_rows
    pairs = []
    for k in range(0, length, T):
        width = min(T, length - k)
        n = num_rows * k
        X = ids[n : n + num_rows * width].reshape(num_rows, width)
        Y = ids[n + 1 : n + 1 + num_rows * width].reshape(num_rows, width)
        pairs.append((X, Y))
    return pairs


# %% text_batches wrong "the text runs down the columns, not along the rows"
def text_batches(ids, num_rows, T):
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].reshape(length, num_rows).T
    Y = ids[1 : num_rows * length + 1].reshape(length, num_rows).T
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in range(0, length, T)]


# %% text_batches wrong "the time stands first in each pair"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[1 : num_rows * length + 1].reshape(num_rows, length)
    return [(X[:, k : k + T].T, Y[:, k : k + T].T) for k in range(0, length, T)]


# %% text_batches wrong "only the next symbol after each window is its label"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[1 : num_rows * length + 1].reshape(num_rows, length)
    return [(X[:, k : k + T], Y[:, k : k + T][:, -1:]) for k in range(0, length, T)]


# %% text_batches wrong "windows are cut from the rows' axis, not from the time"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[1 : num_rows * length + 1].reshape(num_rows, length)
    return [(X[k : k + T], Y[k : k + T]) for k in range(0, num_rows, T)]


# %% text_batches wrong "the first window only"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[1 : num_rows * length + 1].reshape(num_rows, length)
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in [0]]


# %% text_batches wrong "T and the number of rows are swapped"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    num_rows, T = T, num_rows
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[1 : num_rows * length + 1].reshape(num_rows, length)
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in range(0, length, T)]


# %% text_batches wrong "the remainder is dropped at the beginning of the text"
def text_batches(ids, num_rows, T):
    length = (len(ids) - 1) // num_rows
    ids = ids[len(ids) - num_rows * length - 1 :]
    X = ids[:-1].reshape(num_rows, length)
    Y = ids[1:].reshape(num_rows, length)
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in range(0, length, T)]


# %% text_batches wrong "a library does the batches"
def text_batches(ids, num_rows, T):
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].reshape(num_rows, length)
    Y = ids[1 : num_rows * length + 1].reshape(num_rows, length)
    data = torch.utils.data.TensorDataset(X.T, Y.T)
    return [(x.T, y.T) for x, y in torch.utils.data.DataLoader(data, T)]


# %% text_batches wrong "an empty pair at the end where the rows come out even"
def text_batches(ids, num_rows, T):
    """Pairs X, Y (num_rows, T) of a text whose rows go on; the last may be shorter."""
    length = (len(ids) - 1) // num_rows
    X = ids[: num_rows * length].view(num_rows, length)
    Y = ids[1 : num_rows * length + 1].view(num_rows, length)
    starts = [k * T for k in range(length // T + 1)]
    return [(X[:, k : k + T], Y[:, k : k + T]) for k in starts]


# %% draw hints [markdown]
# 1. What does a temperature below 1 do to the differences between the scores: larger or
#    smaller? And where in the line of sums does `u` fall?
# 2. Divide scores by the temperature before the softmax. The running sums of the
#    probabilities go up to 1. The symbol is the number of sums that `u` has reached or
#    passed.
# 3. The case of temperature 0 first, which must not divide. Otherwise softmax, running
#    sums along the symbols, a comparison with `u` that has an axis added, a count, a
#    cap at the last symbol.


# %% draw right "with searchsorted"
def draw(scores, temperature, u):
    if temperature == 0:
        return torch.argmax(scores, dim=-1)
    sums = torch.softmax(scores / temperature, dim=-1).cumsum(dim=-1)
    i = torch.searchsorted(sums, u[:, None].contiguous(), right=True).squeeze(1)
    return torch.minimum(i, torch.tensor(scores.shape[1] - 1))


# %% draw right "row by row, with a loop"
def draw(scores, temperature, u):
    drawn = []
    for row, r in zip(scores, u, strict=True):
        if temperature == 0:
            drawn.append(int(row.argmax()))
            continue
        sums = (row / temperature).softmax(0).cumsum(0)
        above = (sums > r).nonzero().ravel()
        drawn.append(int(above[0]) if len(above) else len(row) - 1)
    return torch.tensor(drawn)


# %% draw wrong "scores multiplied by the temperature, not divided"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores * temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "the temperature is left out"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "probabilities divided by the temperature behind the softmax"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = scores.softmax(dim=1) / temperature
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "probabilities to the power 1 / temperature, not made to sum to 1 again"
def draw(scores, temperature, u):
    if temperature == 0:
        return scores.argmax(dim=1)
    p = scores.softmax(dim=1) ** (1 / temperature)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "the softmax runs over the samples, not the symbols"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=0)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "the sums run over the samples, not the symbols"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=0) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "one symbol too late"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1) + 1  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "one symbol too early"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = ((p.cumsum(dim=1) <= u[:, None]).sum(dim=1) - 1).clamp(
        min=0
    )  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "always the highest score, whatever `u` says"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if True:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "temperature 0 divides by zero"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "at temperature 0 the lowest score"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmin(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "at temperature 0 the drawing at temperature 1"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    temperature = temperature or 1.0
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "at temperature 0 the last symbol of a tie"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.shape[1] - 1 - scores.flip(1).argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "at temperature 0 the highest score of the whole batch"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax().expand(len(u))
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "the temperature 0 starts already at 1 and below"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature <= 1:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "cold below 0.5 taken for temperature 0"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature < 0.5:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "a sum that equals `u` counts as above it"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) < u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "the exponentials are taken by hand and overflow"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).exp()
    p = p / p.sum(dim=1, keepdim=True)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "`u` is compared with the probabilities, not with their sums"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = (p <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "the symbols are taken in the order of their probabilities"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    p, order = p.sort(dim=1, descending=True)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return order.gather(1, passed.clamp(max=scores.shape[1] - 1)[:, None])[:, 0]


# %% draw wrong "the first `u` is used for every row"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[0]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "1 - u in place of u"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= 1 - u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)


# %% draw wrong "a column (N, 1) in place of (N,)"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1)[:, None]


# %% draw wrong "new random numbers are drawn, `u` is not used"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    return torch.multinomial(p, 1)[:, 0]


# %% draw wrong "one-hot vectors in place of numbers"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return F.one_hot(passed.clamp(max=scores.shape[1] - 1), scores.shape[1])


# %% draw wrong "float32, where symbols are int64"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    passed = (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)  # (N, V) -> (N,)
    return passed.clamp(max=scores.shape[1] - 1).float()


# %% draw wrong "a tiny temperature in place of 0, so that a tie is drawn"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    p = (scores / max(temperature, 1e-8)).softmax(dim=1)
    return (p.cumsum(dim=1) <= u[:, None]).sum(dim=1).clamp(max=scores.shape[1] - 1)


# %% draw wrong "a symbol that doesn't exist where rounding leaves none"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    return (p.cumsum(dim=1) <= u[:, None]).sum(dim=1)


# %% draw wrong "symbol 0 where rounding leaves none"
def draw(scores, temperature, u):
    """Symbols (N,) int64 drawn from scores (N, V) at a temperature, by u (N,)."""
    if temperature == 0:
        return scores.argmax(dim=1)
    p = (scores / temperature).softmax(dim=1)
    return (p.cumsum(dim=1) > u[:, None]).int().argmax(dim=1)


# %% clip_or_skip hints [markdown]
# 1. Of how many numbers is the norm taken: of one tensor's, or of all tensors'
#    together? And what if it is below the limit?
# 2. Squares can be summed tensor by tensor, the root comes last. One factor for all
#    keeps the direction: at most 1. What is not finite can't be mended by a factor, as
#    zero times infinity is NaN.
# 3. Sum of squares over those that aren't `None`, root, float. If it isn't finite: new
#    tensors of zeros. Else one factor, 1 where the norm is within the limit, and new
#    tensors. Return both.


# %% clip_or_skip right "all gradients joined to one vector"
def clip_or_skip(grads, max_norm):
    norm = torch.cat([g.ravel() for g in grads if g is not None]).norm().item()
    if norm != norm or norm == math.inf:
        return [g if g is None else g.new_zeros(g.shape) for g in grads], norm
    if norm <= max_norm:
        return [g if g is None else g.clone() for g in grads], norm
    return [g if g is None else max_norm * g / norm for g in grads], norm


# %% clip_or_skip right "a loop, and nan_to_num before a factor of zero"
def clip_or_skip(grads, max_norm):
    total = 0.0
    for g in grads:
        total += 0.0 if g is None else float((g * g).sum())
    norm, result = math.sqrt(total), []
    factor = max_norm / max(norm, max_norm) if math.isfinite(norm) else 0.0
    for g in grads:
        result.append(None if g is None else torch.nan_to_num(g) * factor)
    return result, norm


# %% clip_or_skip wrong "each tensor is clipped by itself"
def clip_or_skip(grads, max_norm):
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt().item()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    return [
        None if g is None else g * (max_norm / g.norm()).clamp(max=1) for g in grads
    ], norm


# %% clip_or_skip wrong "each number is cut off at the limit, which turns the direction"
def clip_or_skip(grads, max_norm):
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt().item()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    return [None if g is None else g.clamp(-max_norm, max_norm) for g in grads], norm


# %% clip_or_skip wrong "small gradients are made longer, up to the limit"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt().item()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = (max_norm / norm) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads], norm


# %% clip_or_skip wrong "gradients above the limit are made unit length, whatever the limit"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt().item()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = (1.0 if norm <= max_norm else 1 / norm) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads], norm


# %% clip_or_skip wrong "the square root is missing from the norm"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().item()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads], norm


# %% clip_or_skip wrong "the norms of the tensors are added"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum().sqrt() for g in grads if g is not None]
    norm = torch.stack(squares).sum().item()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads], norm


# %% clip_or_skip wrong "the largest norm of one tensor in place of the common one"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).max().sqrt().item()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads], norm


# %% clip_or_skip wrong "the sum of absolute values in place of the norm"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.abs().sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().item()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads], norm


# %% clip_or_skip wrong "the norm after clipping is returned, not the one before"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt().item()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads], norm * factor


# %% clip_or_skip wrong "the norm is not returned"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt().item()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads]


# %% clip_or_skip wrong "the norm is a tensor, not a float"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = (max_norm / norm).clamp(max=1) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads], norm


# %% clip_or_skip wrong "gradients that aren't finite are passed on"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt().item()
    if not math.isfinite(norm):
        return [None if g is None else g.clone() for g in grads], norm
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads], norm


# %% clip_or_skip wrong "gradients that aren't finite are multiplied by 0, which gives NaN"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt().item()
    if not math.isfinite(norm):
        return [None if g is None else g * 0 for g in grads], norm
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads], norm


# %% clip_or_skip wrong "NaN is not looked for, only infinity"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt().item()
    if norm == math.inf:
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads], norm


# %% clip_or_skip wrong "infinity is not looked for, only NaN"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt().item()
    if norm != norm:
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads], norm


# %% clip_or_skip wrong "only the numbers that aren't finite become zeros, the step is made"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt().item()
    if not math.isfinite(norm):
        return [None if g is None else g.nan_to_num(0, 0, 0) for g in grads], norm
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads], norm


# %% clip_or_skip wrong "None is left out, so that the list is shorter"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt().item()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [g * factor for g in grads if g is not None], norm


# %% clip_or_skip wrong "None becomes zero"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt().item()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [0.0 if g is None else g * factor for g in grads], norm


# %% clip_or_skip wrong "None is not expected"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads]
    norm = torch.stack(squares).sum().sqrt().item()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [None if g is None else g * factor for g in grads], norm


# %% clip_or_skip wrong "a norm of 0 divides by zero"
def clip_or_skip(grads, max_norm):
    """Gradients of a common norm of at most max_norm, zeros if not finite; the norm."""
    squares = [g.pow(2).sum() for g in grads if g is not None]
    norm = torch.stack(squares).sum().sqrt().item()
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm
    factor = min(1.0, max_norm / norm)
    return [None if g is None else g * factor for g in grads], norm


# %% clip_or_skip wrong "`grads` is changed in place"
def clip_or_skip(grads, max_norm):
    norm = math.sqrt(sum(g.pow(2).sum().item() for g in grads if g is not None))
    for g in grads:
        if g is not None:
            if not math.isfinite(norm):
                g.zero_()
            elif norm > max_norm:
                g.mul_(max_norm / norm)
    return grads, norm


# %% clip_or_skip wrong "a library does the clipping"
def clip_or_skip(grads, max_norm):
    params = [None if g is None else nn.Parameter(torch.zeros_like(g)) for g in grads]
    for p, g in zip(params, grads):
        if p is not None:
            p.grad = g.clone()
    norm = nn.utils.clip_grad_norm_([p for p in params if p is not None], max_norm)
    if not math.isfinite(norm):
        return [None if g is None else torch.zeros_like(g) for g in grads], norm.item()
    return [None if p is None else p.grad for p in params], norm.item()


# %% weight_gradient hints [markdown]
# 1. Which state does a step multiply by the matrix: the one after it or the one before
#    it? And which slope belongs to it?
# 2. Go from the last step back. At each step make delta from the gradient, add its
#    product with the old state, and only then send the gradient one step further back.
# 3. Start with zeros. For t from T down, at most `window` times: delta, from the slopes
#    of the state t; delta, turned, times the state t - 1 is added; the new gradient is
#    delta times the matrix.


# %% weight_gradient right "the deltas first, then one einsum"
def weight_gradient(states, W_h, g, window):
    T = len(states) - 1
    deltas, old = [], []
    for k in range(min(window, T)):
        delta = g * (1 - states[T - k].square())
        deltas.append(delta)
        old.append(states[T - k - 1])
        g = torch.einsum("ni,ij->nj", delta, W_h)
    return torch.einsum("tni,tnj->ij", torch.stack(deltas), torch.stack(old))


# %% weight_gradient right "recursive"
def weight_gradient(states, W_h, g, window):
    if window == 0 or len(states) == 1:
        return torch.zeros_like(W_h)
    delta = g - g * states[-1] ** 2
    here = sum(torch.outer(d, h) for d, h in zip(delta, states[-2]))
    return here + weight_gradient(states[:-1], W_h, delta @ W_h, window - 1)


# %% weight_gradient wrong "the window is ignored: all steps count"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, 0, -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total


# %% weight_gradient wrong "one step too many in the window"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window - 1, 0), -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total


# %% weight_gradient wrong "one step too few in the window"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window + 1, 0), -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total


# %% weight_gradient wrong "only the last step of the window counts"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in [T]:
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total


# %% weight_gradient wrong "only the first step of the window counts, not the sum"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total


# %% weight_gradient wrong "the first steps are taken in place of the last"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(min(window, T), 0, -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total


# %% weight_gradient wrong "a window longer than the sequence runs past its beginning"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, T - window, -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total


# %% weight_gradient wrong "the slopes of the tanh are left out"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total


# %% weight_gradient wrong "the slope is 1 - h, without the square"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = (1 - states[t]) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total


# %% weight_gradient wrong "the slope of a sigmoid, h (1 - h)"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = states[t] * (1 - states[t]) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total


# %% weight_gradient wrong "the slopes are those of the state before the step"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = (1 - states[t - 1] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total


# %% weight_gradient wrong "the state after the step is multiplied, not the one before"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total


# %% weight_gradient wrong "the gradient is transposed"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + states[t - 1].T @ delta  # (H, N) @ (N, H)
        g = delta @ W_h
    return total


# %% weight_gradient wrong "the matrix is multiplied transposed on the way back"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h.T
    return total


# %% weight_gradient wrong "the matrix is left out on the way back"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta
    return total


# %% weight_gradient wrong "the gradient isn't sent back: the loss is put at every step"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
    return total


# %% weight_gradient wrong "the slopes are left out on the way back"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = g @ W_h
    return total


# %% weight_gradient wrong "the slopes are squared on the way back"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = ((1 - states[t] ** 2) * delta) @ W_h
    return total


# %% weight_gradient wrong "the gradient goes back before the step's own share is added"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        g = delta @ W_h
        total = total + g.T @ states[t - 1]
    return total


# %% weight_gradient wrong "the mean over the samples, not the sum"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total / len(g)


# %% weight_gradient wrong "the mean over the steps, not the sum"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 0), -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total / min(window, T)


# %% weight_gradient wrong "the first state is left out, since it is no step's result"
def weight_gradient(states, W_h, g, window):
    """dL/dW_h (H, H) of the last `window` steps; states (T + 1, N, H), g (N, H)."""
    total = torch.zeros_like(W_h)
    T = len(states) - 1
    for t in range(T, max(T - window, 1), -1):
        delta = (1 - states[t] ** 2) * g  # (N, H)
        total = total + delta.T @ states[t - 1]  # (H, N) @ (N, H)
        g = delta @ W_h
    return total


# %% weight_gradient wrong "a library does the gradient"
def weight_gradient(states, W_h, g, window):
    W = W_h.detach().clone().requires_grad_()
    T = len(states) - 1
    s = max(T - window, 0)
    H = states[s]
    for t in range(s, T):
        before = torch.atanh(states[t + 1]) - states[t] @ W_h.T
        H = torch.tanh(before + H @ W.T)
    return torch.autograd.grad(H, W, g)[0]


# %% train_stream hints [markdown]
# 1. Run the faulty loop on two batches. What does the error say, and through which
#    variable does the second batch hold on to the first?
# 2. Look at three orders: what the labels are, when gradients are cleared, and between
#    which two lines clipping can do anything. Then ask how much a short last batch
#    weighs in the mean.
# 3. Before a batch: cut the state's past off. Loss against the next symbols; clear,
#    backward, clip, step. Add the loss as a plain number times the symbols of the
#    batch, and divide by all symbols.


# %% train_stream right "detached behind the step, gradients cleared at the end"
def train_stream(net, batches, optimizer, max_norm):
    net.train()
    optimizer.zero_grad()
    state, losses, weights = None, [], []
    for X, Y in batches:
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.transpose(1, 2), Y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(net.parameters()), max_norm)
        optimizer.step()
        net.zero_grad()
        state = state.detach()
        losses.append(loss.item())
        weights.append(Y.shape[1])
    return sum(a * w for a, w in zip(losses, weights)) / sum(weights)


# %% train_stream right "a sum divided by hand, clipping by hand"
def train_stream(net, batches, optimizer, max_norm):
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        scores, state = net(X, None if state is None else state.data)
        summed = F.cross_entropy(scores.reshape(-1, 6), Y.reshape(-1), reduction="sum")
        optimizer.zero_grad(set_to_none=False)
        (summed / Y.numel()).backward()
        grads = [p.grad for p in net.parameters()]
        norm = torch.cat([g.ravel() for g in grads]).norm()
        for g in grads:
            g.mul_((max_norm / norm).clamp(max=1.0))
        optimizer.step()
        total, count = total + float(summed), count + Y.numel()
    return total / count


# %% train_stream wrong "the graph is kept across batches: the state isn't detached"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        optimizer.step()
        total += loss.item() * Y.numel()
        count += Y.numel()
    return total / count


# %% train_stream wrong "the state isn't carried from batch to batch"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        state = None
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        optimizer.step()
        total += loss.item() * Y.numel()
        count += Y.numel()
    return total / count


# %% train_stream wrong "the labels are the inputs, not the next symbols"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        if state is not None:
            state = state.detach()
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.flatten(0, 1), X.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        optimizer.step()
        total += loss.item() * Y.numel()
        count += Y.numel()
    return total / count


# %% train_stream wrong "labels and inputs are swapped"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for Y, X in batches:
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


# %% train_stream wrong "the gradients are never cleared"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        if state is not None:
            state = state.detach()
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        optimizer.step()
        total += loss.item() * Y.numel()
        count += Y.numel()
    return total / count


# %% train_stream wrong "the gradients are cleared behind the step only, so old ones enter the first"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        if state is not None:
            state = state.detach()
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item() * Y.numel()
        count += Y.numel()
    return total / count


# %% train_stream wrong "clipping without effect: before backward, after the step, or not at all"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        if state is not None:
            state = state.detach()
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten())
        optimizer.zero_grad()
        nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        loss.backward()
        optimizer.step()
        total += loss.item() * Y.numel()
        count += Y.numel()
    return total / count


# %% train_stream wrong "numbers are clipped one by one, not the norm"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        if state is not None:
            state = state.detach()
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(net.parameters(), max_norm)
        optimizer.step()
        total += loss.item() * Y.numel()
        count += Y.numel()
    return total / count


# %% train_stream wrong "each parameter is clipped by itself"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        if state is not None:
            state = state.detach()
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten())
        optimizer.zero_grad()
        loss.backward()
        for p in net.parameters():
            nn.utils.clip_grad_norm_(p, max_norm)
        optimizer.step()
        total += loss.item() * Y.numel()
        count += Y.numel()
    return total / count


# %% train_stream wrong "clipped to 1, whatever `max_norm` says"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        if state is not None:
            state = state.detach()
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        total += loss.item() * Y.numel()
        count += Y.numel()
    return total / count


# %% train_stream wrong "only the recurrent layer is clipped"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        if state is not None:
            state = state.detach()
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.rnn.parameters(), max_norm)
        optimizer.step()
        total += loss.item() * Y.numel()
        count += Y.numel()
    return total / count


# %% train_stream wrong "a short last batch weighs as much as a full one"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
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
        total += loss.item()
        count += 1
    return total / count


# %% train_stream wrong "the sum of the losses, not the mean"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
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
    return total


# %% train_stream wrong "the loss of the last batch only"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
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
    return loss.item()


# %% train_stream wrong "a tensor is returned, which drags all graphs along"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
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
        total += loss * Y.numel()
        count += Y.numel()
    return total / count


# %% train_stream wrong "the loss is summed over the symbols, not averaged"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        if state is not None:
            state = state.detach()
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten(), reduction="sum")
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        optimizer.step()
        total += loss.item()
        count += Y.numel()
    return total / count


# %% train_stream wrong "one step for the whole epoch, after the last batch"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    optimizer.zero_grad()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        if state is not None:
            state = state.detach()
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.flatten(0, 1), Y.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        total += loss.item() * Y.numel()
        count += Y.numel()
    optimizer.step()
    return total / count


# %% train_stream wrong "the weights stay: no step is made, or one behind cleared gradients"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
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
        total += loss.item() * Y.numel()
        count += Y.numel()
    return total / count


# %% train_stream wrong "the net is left in eval mode"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
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


# %% train_stream wrong "the batches are shuffled, so that the state comes from elsewhere"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches[::-1]:
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


# %% train_stream wrong "the short last batch is left out"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        if X.shape != batches[0][0].shape:
            break
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


# %% train_stream wrong "the scores lead to labels in another order, time first"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        if state is not None:
            state = state.detach()
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.flatten(0, 1), Y.T.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        optimizer.step()
        total += loss.item() * Y.numel()
        count += Y.numel()
    return total / count


# %% train_stream wrong "a softmax too many"
def train_stream(net, batches, optimizer, max_norm):
    """Train for one epoch on a stream of batches; mean loss a symbol, a float."""
    net.train()
    state, total, count = None, 0.0, 0
    for X, Y in batches:
        if state is not None:
            state = state.detach()
        scores, state = net(X, state)
        loss = F.cross_entropy(scores.softmax(dim=2).flatten(0, 1), Y.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        optimizer.step()
        total += loss.item() * Y.numel()
        count += Y.numel()
    return total / count


# %% LeakyRNN hints [markdown]
# 1. When `keep` is very large, what must the new state be: the old one, or the tanh?
#    And at which place does the cell's own memory come in?
# 2. The cell gives the tanh for an input and an old state. The new state is a mixture
#    of old state and tanh, unit by unit, whose shares sum to 1. The mixture is what
#    goes on.
# 3. Constructor: the cell, and zeros as a parameter. Forward: the shares by a sigmoid,
#    a start of zeros if none is given, a loop over the steps that mixes and collects;
#    stack along the time, and return the last state as well.


# %% LeakyRNN right "written as a step towards the tanh"
class LeakyRNN(nn.Module):
    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        if state is None:
            state = torch.zeros(X.shape[0], self.cell.hidden_size)
        output = []
        for t in range(X.shape[1]):
            candidate = self.cell(X[:, t], state)
            state = state + torch.sigmoid(-self.keep) * (candidate - state)
            output.append(state.unsqueeze(1))
        return torch.cat(output, dim=1), state


# %% LeakyRNN right "lerp, and the cell's formula by hand"
class LeakyRNN(nn.Module):
    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.register_parameter("keep", nn.Parameter(torch.zeros(num_hiddens)))

    def forward(self, X, state=None):
        W_x, W_h, b_x, b_h = self.cell.parameters()
        H = torch.zeros(len(X), len(W_h)) if state is None else state
        a = 1 / (1 + torch.exp(-self.keep))
        steps = []
        for X_t in X.transpose(0, 1):
            H = torch.lerp(torch.tanh(X_t @ W_x.T + b_x + H @ W_h.T + b_h), H, a)
            steps.append(H)
        return torch.stack(steps).transpose(0, 1), steps[-1]


# %% LeakyRNN wrong "the shares are swapped: a large `keep` overwrites"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = (1 - a) * H + a * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "the shares don't sum to 1: the tanh is added whole"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "nothing is kept: a plain RNN"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "the tanh is mixed with nothing, only made smaller"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "the sigmoid is missing from the shares"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = self.keep
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "tanh in place of the sigmoid for the shares"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.tanh(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "the cell reads the kept part of the state only"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, a * H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "the cell reads no state"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "the cell's state and the mixture go on apart"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs, memory = [], H
        for X_t in X.unbind(dim=1):  # (N, E)
            memory = self.cell(X_t, memory)
            H = a * H + (1 - a) * memory
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "the mixture is the output, but isn't carried on"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            new = self.cell(X_t, H)
            outputs.append(a * H + (1 - a) * new)
            H = new
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "the state isn't carried from step to step"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            new = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(new)
        return torch.stack(outputs, dim=1), new


# %% LeakyRNN wrong "a given state is ignored"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a))
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "without a state it starts with ones"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_ones(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "no state is not expected"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "the loop runs over the samples, not over the steps"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=0):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "the output has the time in front"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs), H


# %% LeakyRNN wrong "output and last state are swapped"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return H, torch.stack(outputs, dim=1)


# %% LeakyRNN wrong "the last state isn't returned"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1)


# %% LeakyRNN wrong "the last state has an axis of layers"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H[None]


# %% LeakyRNN wrong "`keep` starts at ones"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.ones(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "`keep` starts at random numbers"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.rand(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "`keep` is one number for all units"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(1))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), self.cell.hidden_size) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "`keep` is a plain tensor, which no optimiser finds"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = torch.zeros(num_hiddens)

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "`keep` is cut off from the graph"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep.detach())
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% LeakyRNN wrong "the state is detached at each step"
class LeakyRNN(nn.Module):
    """A plain RNN whose units keep the share sigmoid(keep): (N, T, E) -> (N, T, H)."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.cell = nn.RNNCell(num_inputs, num_hiddens)
        self.keep = nn.Parameter(torch.zeros(num_hiddens))

    def forward(self, X, state=None):
        a = torch.sigmoid(self.keep)
        H = X.new_zeros(len(X), len(a)) if state is None else state
        outputs = []
        for X_t in X.unbind(dim=1):  # (N, E)
            H = H.detach()
            H = a * H + (1 - a) * self.cell(X_t, H)
            outputs.append(H)
        return torch.stack(outputs, dim=1), H


# %% one_hot_steps equivalent "tensors are on the CPU"
# symbols = torch.arange(num_symbols, device=X.device) -> symbols = torch.arange(num_symbols)


# %% clip_or_skip equivalent "gradients of zeros stay zeros, whatever the factor"
# factor = min(1.0, max_norm / norm) if norm > 0 else 1.0 -> factor = min(1.0, max_norm / norm) if norm > 0 else 2.0


# %% clip_or_skip equivalent "the order of two numbers doesn't matter to min"
# factor = min(1.0, max_norm / norm) if norm > 0 else 1.0 -> factor = min(max_norm / norm, 1.0) if norm > 0 else 1.0


# %% weight_gradient equivalent "the order of two numbers doesn't matter to max"
# for t in range(T, max(T - window, 0), -1): -> for t in range(T, max(0, T - window), -1):
