# %% seasonal_naive hints [markdown]
# 1. A series has a season of 3. From which step of the last season does the first
#    forecast come: its oldest, or its newest?
# 2. Forecast number i, counted from 0, has the same place in the season as number i
#    minus a season. So only the place within a season matters, the rest of a
#    division.
# 3. One line: take the last season, and pick from it with the counted steps modulo
#    the season; or repeat it often enough, and cut.


# %% seasonal_naive right "repeated and cut"
def seasonal_naive(x, season, horizon):
    return x[-season:].repeat(horizon // season + 1)[:horizon]


# %% seasonal_naive right "grown step by step"
def seasonal_naive(x, season, horizon):
    values = x.tolist()
    for _ in range(horizon):
        values.append(values[-season])
    return torch.tensor(values[len(x) :])


# %% seasonal_naive right "from the end, by an index"
def seasonal_naive(x, season, horizon):
    return torch.stack([x[len(x) - season + h % season] for h in range(horizon)])


# %% seasonal_naive wrong "the last value, not the last season"
def seasonal_naive(x, season, horizon):
    return x[-1].repeat(horizon)


# %% seasonal_naive wrong "the season at the start of the series"
def seasonal_naive(x, season, horizon):
    return x[:season].repeat(horizon // season + 1)[:horizon]


# %% seasonal_naive wrong "the last season is walked backwards"
def seasonal_naive(x, season, horizon):
    return x[-season:].flip(0)[torch.arange(horizon) % season]


# %% seasonal_naive wrong "one step late: the first forecast is the season's second value"
def seasonal_naive(x, season, horizon):
    return x[-season:][(torch.arange(horizon) + 1) % season]


# %% seasonal_naive wrong "one step early: the first forecast is the last known value"
def seasonal_naive(x, season, horizon):
    return x[-season:][(torch.arange(horizon) - 1) % season]


# %% seasonal_naive wrong "the season is counted from the start of the series, not from its end"
def seasonal_naive(x, season, horizon):
    return x[-season:][(torch.arange(horizon) + len(x)) % season]


# %% seasonal_naive wrong "only one season is forecast, whatever the horizon"
def seasonal_naive(x, season, horizon):
    return x[-season:][:horizon]


# %% seasonal_naive wrong "each value is repeated in place, not the season as a whole"
def seasonal_naive(x, season, horizon):
    return x[-season:].repeat_interleave(horizon // season + 1)[:horizon]


# %% seasonal_naive wrong "the last steps as many as the horizon, not as the season"
def seasonal_naive(x, season, horizon):
    return x[-horizon:]


# %% seasonal_naive wrong "a season one step too long"
def seasonal_naive(x, season, horizon):
    return x[-season - 1 :][torch.arange(horizon) % (season + 1)]


# %% seasonal_naive wrong "a season one step too short"
def seasonal_naive(x, season, horizon):
    return x[1 - season :][torch.arange(horizon) % (season - 1)]


# %% seasonal_naive wrong "the mean over all seasons, not the last one"
def seasonal_naive(x, season, horizon):
    T = len(x)
    return torch.stack([x[(T + h) % season :: season].mean() for h in range(horizon)])


# %% seasonal_naive wrong "forecasts within the series, not behind its end"
def seasonal_naive(x, season, horizon):
    return torch.roll(x, season)[-horizon:]


# %% seasonal_naive wrong "the known series is returned as well"
def seasonal_naive(x, season, horizon):
    return torch.cat([x, x[-season:][torch.arange(horizon) % season]])


# %% skill hints [markdown]
# 1. At how many steps do both forecasts have a number, and is that the number by
#    which you divide both sums of errors?
# 2. A mean that skips NaN for each forecast alone compares errors of different steps.
#    So find the common steps first, and use them for both.
# 3. A mask of the steps where neither is NaN; the mean absolute error of each on it;
#    one minus the quotient, as a float.


# %% skill right "the mask by isfinite"
def skill(forecast, baseline, x):
    known = (forecast + baseline).isfinite()
    own = (forecast[known] - x[known]).abs().sum()
    other = (baseline[known] - x[known]).abs().sum()
    return float(1 - own / other)


# %% skill right "step by step"
def skill(forecast, baseline, x):
    own = other = 0.0
    for f, b, value in zip(forecast.tolist(), baseline.tolist(), x.tolist()):
        if f == f and b == b:
            own += abs(f - value)
            other += abs(b - value)
    return (other - own) / other


# %% skill wrong "each MAE over its own steps, not over the common ones"
def skill(forecast, baseline, x):
    own, other = ((f - x).abs().nanmean() for f in (forecast, baseline))
    return 1 - (own / other).item()


# %% skill wrong "NaN is not left out"
def skill(forecast, baseline, x):
    own, other = ((f - x).abs().mean() for f in (forecast, baseline))
    return 1 - (own / other).item()


# %% skill wrong "NaN counts as a forecast of 0"
def skill(forecast, baseline, x):
    own, other = ((f.nan_to_num() - x).abs().mean() for f in (forecast, baseline))
    return 1 - (own / other).item()


# %% skill wrong "NaN counts as an error of 0"
def skill(forecast, baseline, x):
    own, other = ((f - x).abs().nan_to_num().mean() for f in (forecast, baseline))
    return 1 - (own / other).item()


# %% skill wrong "squared errors, not absolute ones"
def skill(forecast, baseline, x):
    both = ~(forecast.isnan() | baseline.isnan())
    own, other = ((f - x)[both].square().mean() for f in (forecast, baseline))
    return 1 - (own / other).item()


# %% skill wrong "root mean squared errors, not mean absolute ones"
def skill(forecast, baseline, x):
    both = ~(forecast.isnan() | baseline.isnan())
    own, other = ((f - x)[both].square().mean().sqrt() for f in (forecast, baseline))
    return 1 - (own / other).item()


# %% skill wrong "the quotient is upside down"
def skill(forecast, baseline, x):
    both = ~(forecast.isnan() | baseline.isnan())
    own, other = ((f - x)[both].abs().mean() for f in (forecast, baseline))
    return 1 - (other / own).item()


# %% skill wrong "the quotient of the errors, not what is gone of the baseline's"
def skill(forecast, baseline, x):
    both = ~(forecast.isnan() | baseline.isnan())
    own, other = ((f - x)[both].abs().mean() for f in (forecast, baseline))
    return (own / other).item()


# %% skill wrong "the sign is turned: better than the baseline gives below 0"
def skill(forecast, baseline, x):
    both = ~(forecast.isnan() | baseline.isnan())
    own, other = ((f - x)[both].abs().mean() for f in (forecast, baseline))
    return (own / other).item() - 1


# %% skill wrong "the gain in the unit of the series, not as a share of the baseline's error"
def skill(forecast, baseline, x):
    both = ~(forecast.isnan() | baseline.isnan())
    own, other = ((f - x)[both].abs().mean() for f in (forecast, baseline))
    return (other - own).item()


# %% skill wrong "skill below 0 is cut off at 0"
def skill(forecast, baseline, x):
    both = ~(forecast.isnan() | baseline.isnan())
    own, other = ((f - x)[both].abs().mean() for f in (forecast, baseline))
    return max(0.0, 1 - (own / other).item())


# %% skill wrong "the mean of the quotients step by step, not the quotient of the means"
def skill(forecast, baseline, x):
    both = ~(forecast.isnan() | baseline.isnan())
    own, other = ((f - x)[both].abs() for f in (forecast, baseline))
    return 1 - (own / other).mean().item()


# %% skill wrong "errors without an absolute value, so that they cancel"
def skill(forecast, baseline, x):
    both = ~(forecast.isnan() | baseline.isnan())
    own, other = ((f - x)[both].mean().abs() for f in (forecast, baseline))
    return 1 - (own / other).item()


# %% skill wrong "the result is a tensor, not a float"
def skill(forecast, baseline, x):
    both = ~(forecast.isnan() | baseline.isnan())
    own, other = ((f - x)[both].abs().mean() for f in (forecast, baseline))
    return 1 - own / other


# %% causal_conv hints [markdown]
# 1. Which tap reads the present here, and from which row of the padded series does it
#    begin to read?
# 2. Put (k - 1) * dilation rows of zeros in front of the steps, which are axis 1. Tap
#    j then begins j dilations before the present, so later taps begin earlier.
# 3. Pad; begin with the bias; for each tap take T rows of the padded series and add
#    their matrix product with that tap's (C, O) weights.


# %% causal_conv right "shifted copies, by einsum"
def causal_conv(X, W, b, dilation):
    N, T, C = X.shape
    Y = b.expand(N, T, -1)
    for j in range(len(W)):
        shift = min(j * dilation, T)
        zeros = torch.zeros(N, shift, C)
        moved = torch.cat([zeros, X[:, : T - shift]], dim=1)
        Y = Y + torch.einsum("ntc,co->nto", moved, W[j])
    return Y


# %% causal_conv right "all windows at once"
def causal_conv(X, W, b, dilation):
    span = (W.shape[0] - 1) * dilation
    padded = F.pad(X, (0, 0, span, 0))
    taps = padded.unfold(1, span + 1, 1)[..., ::dilation].flip(-1)  # (N, T, C, k)
    return torch.einsum("ntcj,jco->nto", taps, W) + b


# %% causal_conv right "step by step"
def causal_conv(X, W, b, dilation):
    rows = []
    for t in range(X.shape[1]):
        row = b + 0 * X[:, 0, :1]
        for j in range(len(W)):
            if t - j * dilation >= 0:
                row = row + X[:, t - j * dilation] @ W[j]
        rows.append(row)
    return torch.stack(rows, dim=1)


# %% causal_conv wrong "the lecture's order of taps: the last one reads the present"
def causal_conv(X, W, b, dilation):
    k, T = len(W), X.shape[1]
    padded = F.pad(X, (0, 0, (k - 1) * dilation, 0))
    return b + sum(padded[:, j * dilation : j * dilation + T] @ W[j] for j in range(k))


# %% causal_conv wrong "zeros behind the series: the taps read the future"
def causal_conv(X, W, b, dilation):
    k, T = len(W), X.shape[1]
    padded = F.pad(X, (0, 0, 0, (k - 1) * dilation))
    return b + sum(padded[:, j * dilation : j * dilation + T] @ W[j] for j in range(k))


# %% causal_conv wrong "zeros on both sides: half of the taps read the future"
def causal_conv(X, W, b, dilation):
    k, T = len(W), X.shape[1]
    span = (k - 1) * dilation
    padded = F.pad(X, (0, 0, span // 2, span - span // 2))
    W = W.flip(0)
    return b + sum(padded[:, j * dilation : j * dilation + T] @ W[j] for j in range(k))


# %% causal_conv wrong "the channels are padded, not the steps"
def causal_conv(X, W, b, dilation):
    k, T = len(W), X.shape[1]
    span = (k - 1) * dilation
    padded = F.pad(X, (span, 0))
    return b + sum(padded[:, span - j * dilation :][:, :T] @ W[j] for j in range(k))


# %% causal_conv wrong "the dilation is forgotten: neighbouring steps are read"
def causal_conv(X, W, b, dilation):
    k, T = len(W), X.shape[1]
    padded = F.pad(X, (0, 0, k - 1, 0))
    return b + sum(padded[:, k - 1 - j : k - 1 - j + T] @ W[j] for j in range(k))


# %% causal_conv wrong "a dilation of d leaves d steps out, instead of d - 1"
def causal_conv(X, W, b, dilation):
    k, T, d = len(W), X.shape[1], dilation + 1
    span = (k - 1) * d
    padded = F.pad(X, (0, 0, span, 0))
    return b + sum(padded[:, span - j * d : span - j * d + T] @ W[j] for j in range(k))


# %% causal_conv wrong "one step late: the present is never read"
def causal_conv(X, W, b, dilation):
    k, T = len(W), X.shape[1]
    span = (k - 1) * dilation
    padded = F.pad(X, (0, 0, span + 1, 0))
    return b + sum(padded[:, span - j * dilation :][:, :T] @ W[j] for j in range(k))


# %% causal_conv wrong "the bias is forgotten"
def causal_conv(X, W, b, dilation):
    k, T = len(W), X.shape[1]
    span = (k - 1) * dilation
    padded = F.pad(X, (0, 0, span, 0))
    return sum(padded[:, span - j * dilation :][:, :T] @ W[j] for j in range(k))


# %% causal_conv wrong "the bias is added once for each tap"
def causal_conv(X, W, b, dilation):
    k, T = len(W), X.shape[1]
    span = (k - 1) * dilation
    padded = F.pad(X, (0, 0, span, 0))
    return sum(padded[:, span - j * dilation :][:, :T] @ W[j] + b for j in range(k))


# %% causal_conv wrong "the first steps are left out, so that the series gets shorter"
def causal_conv(X, W, b, dilation):
    k, T = len(W), X.shape[1]
    span = (k - 1) * dilation
    n = T - span
    return b + sum(X[:, span - j * dilation :][:, :n] @ W[j] for j in range(k))


# %% causal_conv wrong "the series is wrapped round: before its start stands its end"
def causal_conv(X, W, b, dilation):
    return b + sum(torch.roll(X, j * dilation, 1) @ W[j] for j in range(len(W)))


# %% causal_conv wrong "the first value is repeated before the start, instead of zeros"
def causal_conv(X, W, b, dilation):
    k, T = len(W), X.shape[1]
    span = (k - 1) * dilation
    padded = torch.cat([X[:, :1].expand(-1, span, -1), X], dim=1)
    return b + sum(padded[:, span - j * dilation :][:, :T] @ W[j] for j in range(k))


# %% causal_conv wrong "channels before steps in the result"
def causal_conv(X, W, b, dilation):
    k, T = len(W), X.shape[1]
    span = (k - 1) * dilation
    padded = F.pad(X, (0, 0, span, 0))
    Y = b + sum(padded[:, span - j * dilation :][:, :T] @ W[j] for j in range(k))
    return Y.transpose(1, 2)


# %% causal_conv wrong "a library does the convolution"
def causal_conv(X, W, b, dilation):
    span = (len(W) - 1) * dilation
    X = F.pad(X.transpose(1, 2), (span, 0))
    return F.conv1d(X, W.flip(0).permute(2, 1, 0), b, dilation=dilation).transpose(1, 2)


# %% causal_conv wrong "a tap that reaches back further than the series cuts it from its other end"
def causal_conv(X, W, b, dilation):
    T = X.shape[1]
    Y = b.repeat(X.shape[0], T, 1)
    for j in range(len(W)):
        Y[:, j * dilation :] += X[:, : T - j * dilation] @ W[j]
    return Y


# %% blocks_needed hints [markdown]
# 1. How many steps does a stack without any block read, and by how many does one
#    convolution with dilation d extend it?
# 2. A block extends the field by its number of convolutions, times the kernel less
#    one, times its dilation. Go on adding blocks until the field is large enough.
#    What if it was from the start?
# 3. Two numbers, the field and the blocks so far, and a loop that stops once the
#    field reaches the steps, but not before one block.


# %% blocks_needed right "a sum for each number of blocks"
def blocks_needed(steps, kernel, convs, base):
    blocks = 1
    while 1 + convs * (kernel - 1) * sum(base**i for i in range(blocks)) < steps:
        blocks += 1
    return blocks


# %% blocks_needed right "what is left to reach, counted down"
def blocks_needed(steps, kernel, convs, base):
    left, dilation, blocks = steps - 1, 1, 0
    while True:
        left -= convs * (kernel - 1) * dilation
        dilation *= base
        blocks += 1
        if left <= 0:
            return blocks


# %% blocks_needed wrong "the one step of the output itself is forgotten"
def blocks_needed(steps, kernel, convs, base):
    blocks, field = 0, 0
    while field < steps or blocks == 0:
        field += convs * (kernel - 1) * base**blocks
        blocks += 1
    return blocks


# %% blocks_needed wrong "no block where one is asked for"
def blocks_needed(steps, kernel, convs, base):
    blocks, field = 0, 1
    while field < steps:
        field += convs * (kernel - 1) * base**blocks
        blocks += 1
    return blocks


# %% blocks_needed wrong "a kernel of k taps thought to reach k steps back"
def blocks_needed(steps, kernel, convs, base):
    blocks, field = 0, 1
    while field < steps or blocks == 0:
        field += convs * kernel * base**blocks
        blocks += 1
    return blocks


# %% blocks_needed wrong "one convolution a block, whatever `convs` says"
def blocks_needed(steps, kernel, convs, base):
    blocks, field = 0, 1
    while field < steps or blocks == 0:
        field += (kernel - 1) * base**blocks
        blocks += 1
    return blocks


# %% blocks_needed wrong "two convolutions a block, whatever `convs` says"
def blocks_needed(steps, kernel, convs, base):
    blocks, field = 0, 1
    while field < steps or blocks == 0:
        field += 2 * (kernel - 1) * base**blocks
        blocks += 1
    return blocks


# %% blocks_needed wrong "dilations are doubled, whatever `base` says"
def blocks_needed(steps, kernel, convs, base):
    blocks, field = 0, 1
    while field < steps or blocks == 0:
        field += convs * (kernel - 1) * 2**blocks
        blocks += 1
    return blocks


# %% blocks_needed wrong "no dilation"
def blocks_needed(steps, kernel, convs, base):
    blocks, field = 0, 1
    while field < steps or blocks == 0:
        field += convs * (kernel - 1)
        blocks += 1
    return blocks


# %% blocks_needed wrong "the first block has a dilation of `base` already"
def blocks_needed(steps, kernel, convs, base):
    blocks, field = 0, 1
    while field < steps or blocks == 0:
        blocks += 1
        field += convs * (kernel - 1) * base**blocks
    return blocks


# %% blocks_needed wrong "the field of the last block alone, not the sum over all"
def blocks_needed(steps, kernel, convs, base):
    blocks = 1
    while 1 + convs * (kernel - 1) * base ** (blocks - 1) < steps and blocks < 999:
        blocks += 1
    return blocks


# %% blocks_needed wrong "fields multiplied from block to block, where they add up"
def blocks_needed(steps, kernel, convs, base):
    blocks, field = 0, 1
    while field < steps or blocks == 0:
        field *= 1 + convs * (kernel - 1) * base**blocks
        blocks += 1
    return blocks


# %% blocks_needed wrong "the dilation grows from convolution to convolution inside a block"
def blocks_needed(steps, kernel, convs, base):
    blocks, field, i = 0, 1, 0
    while field < steps or blocks == 0:
        for _ in range(convs):
            field += (kernel - 1) * base**i
            i += 1
        blocks += 1
    return blocks


# %% blocks_needed wrong "the dilation is base times i, not base to the power of i"
def blocks_needed(steps, kernel, convs, base):
    blocks, field = 0, 1
    while field < steps or blocks == 0:
        field += convs * (kernel - 1) * max(1, base * blocks)
        blocks += 1
    return blocks


# %% blocks_needed wrong "the largest number of blocks that does not read more"
def blocks_needed(steps, kernel, convs, base):
    blocks, field = 0, 1
    while field + convs * (kernel - 1) * base**blocks <= steps:
        field += convs * (kernel - 1) * base**blocks
        blocks += 1
    return blocks


# %% blocks_needed wrong "the sum of powers by its formula, which divides by 0 where `base` is 1"
def blocks_needed(steps, kernel, convs, base):
    num_blocks = 1
    while convs * (kernel - 1) * (base**num_blocks - 1) / (base - 1) < steps - 1:
        num_blocks += 1
    return num_blocks


# %% windows hints [markdown]
# 1. How many steps does one window take up in all, from its first input to its last
#    label, with the gap between?
# 2. Cut pieces of that length at every start. Then the inputs are the first part of a
#    piece, the labels the last part, and of them one column only. `unfold` puts the
#    new axis last.
# 3. One `unfold` along time gives (n, C, whole length). The inputs: its first steps,
#    with two axes exchanged. The labels: the target's row, from the length plus the
#    gap on.


# %% windows right "a loop over the starts"
def windows(x, length, horizon, gap, target):
    n = len(x) - length - gap - horizon + 1
    X = [x[s : s + length] for s in range(n)]
    Y = [x[s + length + gap :][:horizon, target] for s in range(n)]
    return torch.stack(X), torch.stack(Y)


# %% windows right "by a table of indices"
def windows(x, length, horizon, gap, target):
    n = len(x) - (length + gap + horizon) + 1
    start = torch.arange(n)[:, None]
    inputs = start + torch.arange(length)
    labels = start + length + gap + torch.arange(horizon)
    return x[inputs], x[labels, target]


# %% windows wrong "the gap is forgotten"
def windows(x, length, horizon, gap, target):
    W = x.unfold(0, length + horizon, 1)
    return W[:, :, :length].transpose(1, 2), W[:, target, length:]


# %% windows wrong "the gap is one step too long"
def windows(x, length, horizon, gap, target):
    W = x.unfold(0, length + gap + 1 + horizon, 1)
    return W[:, :, :length].transpose(1, 2), W[:, target, length + gap + 1 :]


# %% windows wrong "the first label is the last input, which is known already"
def windows(x, length, horizon, gap, target):
    W = x.unfold(0, length + gap + horizon - 1, 1)
    return W[:, :, :length].transpose(1, 2), W[:, target, length + gap - 1 :]


# %% windows wrong "the labels begin right behind the inputs, the gap stands behind them"
def windows(x, length, horizon, gap, target):
    W = x.unfold(0, length + gap + horizon, 1)
    return W[:, :, :length].transpose(1, 2), W[:, target, length : length + horizon]


# %% windows wrong "only the last step of the horizon is a label"
def windows(x, length, horizon, gap, target):
    W = x.unfold(0, length + gap + horizon, 1)
    return W[:, :, :length].transpose(1, 2), W[:, target, -1]


# %% windows wrong "steps and channels exchanged in the inputs"
def windows(x, length, horizon, gap, target):
    W = x.unfold(0, length + gap + horizon, 1)
    return W[:, :, :length], W[:, target, length + gap :]


# %% windows wrong "the shape reached by a reshape, which mixes steps and channels"
def windows(x, length, horizon, gap, target):
    W = x.unfold(0, length + gap + horizon, 1)
    n, C, _ = W.shape
    return W[:, :, :length].reshape(n, length, C), W[:, target, length + gap :]


# %% windows wrong "labels of all series, not of the target"
def windows(x, length, horizon, gap, target):
    W = x.unfold(0, length + gap + horizon, 1)
    return W[:, :, :length].transpose(1, 2), W[:, :, length + gap :].transpose(1, 2)


# %% windows wrong "labels of the first series, whatever the target"
def windows(x, length, horizon, gap, target):
    W = x.unfold(0, length + gap + horizon, 1)
    return W[:, :, :length].transpose(1, 2), W[:, 0, length + gap :]


# %% windows wrong "inputs of the target alone"
def windows(x, length, horizon, gap, target):
    W = x.unfold(0, length + gap + horizon, 1)
    return W[:, target : target + 1, :length].transpose(1, 2), W[
        :, target, length + gap :
    ]


# %% windows wrong "the last window is left out"
def windows(x, length, horizon, gap, target):
    W = x.unfold(0, length + gap + horizon, 1)[:-1]
    return W[:, :, :length].transpose(1, 2), W[:, target, length + gap :]


# %% windows wrong "the windows don't overlap: the next one starts a length later"
def windows(x, length, horizon, gap, target):
    W = x.unfold(0, length + gap + horizon, length)
    return W[:, :, :length].transpose(1, 2), W[:, target, length + gap :]


# %% windows wrong "the windows start a horizon apart"
def windows(x, length, horizon, gap, target):
    W = x.unfold(0, length + gap + horizon, horizon)
    return W[:, :, :length].transpose(1, 2), W[:, target, length + gap :]


# %% windows wrong "the inputs run backwards in time"
def windows(x, length, horizon, gap, target):
    W = x.unfold(0, length + gap + horizon, 1)
    return W[:, :, :length].transpose(1, 2).flip(1), W[:, target, length + gap :]


# %% windows wrong "the labels have a last axis of one"
def windows(x, length, horizon, gap, target):
    W = x.unfold(0, length + gap + horizon, 1)
    return W[:, :, :length].transpose(1, 2), W[:, target, length + gap :, None]


# %% split_windows hints [markdown]
# 1. Which are the first and the last step of a window's labels, for a window that
#    starts at s?
# 2. For training the last label must lie before the cut, for the test the first label
#    must not. What lies between is a gap of windows that belong to neither.
# 3. All starts run up to the one whose last label is the series' last step. Two list
#    comprehensions with one comparison each are enough.


# %% split_windows right "two ranges"
def split_windows(num_steps, length, horizon, cut):
    count = num_steps - length - horizon + 1
    last = max(0, min(count, cut - length - horizon + 1))
    first = min(count, max(0, cut - length))
    return list(range(last)), list(range(first, count))


# %% split_windows right "by the sets of labels"
def split_windows(num_steps, length, horizon, cut):
    train, test = [], []
    for s in range(num_steps - length - horizon + 1):
        labels = range(s + length, s + length + horizon)
        if max(labels) < cut:
            train.append(s)
        elif min(labels) >= cut:
            test.append(s)
    return train, test


# %% split_windows wrong "training labels reach over the cut: only the first label is looked at"
def split_windows(num_steps, length, horizon, cut):
    starts = range(num_steps - length - horizon + 1)
    train = [s for s in starts if s + length < cut]
    return train, [s for s in starts if s + length >= cut]


# %% split_windows wrong "training windows by their inputs: all their labels may lie in the test"
def split_windows(num_steps, length, horizon, cut):
    starts = range(num_steps - length - horizon + 1)
    train = [s for s in starts if s + length <= cut]
    return train, [s for s in starts if s + length >= cut]


# %% split_windows wrong "split by the start of the windows"
def split_windows(num_steps, length, horizon, cut):
    starts = range(num_steps - length - horizon + 1)
    return [s for s in starts if s < cut], [s for s in starts if s >= cut]


# %% split_windows wrong "test windows may not read the past: their inputs start at the cut"
def split_windows(num_steps, length, horizon, cut):
    starts = range(num_steps - length - horizon + 1)
    train = [s for s in starts if s + length + horizon <= cut]
    return train, [s for s in starts if s >= cut]


# %% split_windows wrong "test windows with labels before the cut: only the last label is looked at"
def split_windows(num_steps, length, horizon, cut):
    starts = range(num_steps - length - horizon + 1)
    train = [s for s in starts if s + length + horizon <= cut]
    return train, [s for s in starts if s + length + horizon > cut]


# %% split_windows wrong "the cut itself is learned from"
def split_windows(num_steps, length, horizon, cut):
    starts = range(num_steps - length - horizon + 1)
    train = [s for s in starts if s + length + horizon <= cut + 1]
    return train, [s for s in starts if s + length >= cut]


# %% split_windows wrong "the last window that may be learned from is left out"
def split_windows(num_steps, length, horizon, cut):
    starts = range(num_steps - length - horizon + 1)
    train = [s for s in starts if s + length + horizon < cut]
    return train, [s for s in starts if s + length >= cut]


# %% split_windows wrong "the first test window is left out"
def split_windows(num_steps, length, horizon, cut):
    starts = range(num_steps - length - horizon + 1)
    train = [s for s in starts if s + length + horizon <= cut]
    return train, [s for s in starts if s + length > cut]


# %% split_windows wrong "the last window of the series is forgotten"
def split_windows(num_steps, length, horizon, cut):
    starts = range(num_steps - length - horizon)
    train = [s for s in starts if s + length + horizon <= cut]
    return train, [s for s in starts if s + length >= cut]


# %% split_windows wrong "windows that reach over the end of the series"
def split_windows(num_steps, length, horizon, cut):
    starts = range(num_steps - length)
    train = [s for s in starts if s + length + horizon <= cut]
    return train, [s for s in starts if s + length >= cut]


# %% split_windows wrong "`cut` taken for a number of windows"
def split_windows(num_steps, length, horizon, cut):
    starts = list(range(num_steps - length - horizon + 1))
    return starts[: cut - horizon + 1], starts[cut:]


# %% split_windows wrong "a shuffled split"
def split_windows(num_steps, length, horizon, cut):
    count = num_steps - length - horizon + 1
    order = torch.randperm(count, generator=torch.Generator().manual_seed(0)).tolist()
    size = max(0, cut - length - horizon + 1)
    return sorted(order[:size]), sorted(order[size:])


# %% split_windows wrong "training and test exchanged"
def split_windows(num_steps, length, horizon, cut):
    starts = range(num_steps - length - horizon + 1)
    train = [s for s in starts if s + length + horizon <= cut]
    return [s for s in starts if s + length >= cut], train


# %% split_windows wrong "windows begin before the series: the cut lies nearer to its start than one input"
def split_windows(num_steps, length, horizon, cut):
    n = num_steps - length - horizon + 1
    return list(range(cut - length - horizon + 1)), list(range(cut - length, n))


# %% scale_by_past hints [markdown]
# 1. Which rows of `x` may the mean know, and which rows does the scale apply to?
# 2. Compute mean and deviation of each column on the rows before `stop`, skipping
#    NaN, then use both on all rows. A constant past has deviation 0: by what do you
#    divide then?
# 3. `nanmean` along the steps, twice: once for the mean, once for the squared
#    distances. A root, a replacement of zeros by ones, one line for the result.


# %% scale_by_past right "column by column"
def scale_by_past(x, stop):
    columns = []
    for column in x.T:
        known = column[:stop][~column[:stop].isnan()]
        deviation = known.std(correction=0).item()
        if deviation < 1e-6:
            deviation = 1.0
        columns.append((column - known.mean()) / deviation)
    return torch.stack(columns, dim=1)


# %% scale_by_past right "sums over what is known"
def scale_by_past(x, stop):
    known = ~x[:stop].isnan()
    count = known.sum(dim=0)
    mean = x[:stop].nan_to_num().sum(dim=0) / count
    squares = ((x[:stop] - mean) ** 2).nansum(dim=0) / count
    deviation = squares.sqrt()
    return (x - mean) / (deviation + (deviation == 0))


# %% scale_by_past wrong "mean and deviation of all steps: the scale knows the future"
def scale_by_past(x, stop):
    mean = x.nanmean(dim=0)
    deviation = (x - mean).square().nanmean(dim=0).sqrt()
    return (x - mean) / torch.where(deviation == 0, 1.0, deviation)


# %% scale_by_past wrong "the deviation of all steps: half of the scale knows the future"
def scale_by_past(x, stop):
    mean = x[:stop].nanmean(dim=0)
    deviation = (x - mean).square().nanmean(dim=0).sqrt()
    return (x - mean) / torch.where(deviation == 0, 1.0, deviation)


# %% scale_by_past wrong "the mean of all steps: half of the scale knows the future"
def scale_by_past(x, stop):
    past = x[:stop]
    mean = past.nanmean(dim=0)
    deviation = (past - mean).square().nanmean(dim=0).sqrt()
    return (x - x.nanmean(dim=0)) / torch.where(deviation == 0, 1.0, deviation)


# %% scale_by_past wrong "step `stop` itself is used"
def scale_by_past(x, stop):
    past = x[: stop + 1]
    mean = past.nanmean(dim=0)
    deviation = (past - mean).square().nanmean(dim=0).sqrt()
    return (x - mean) / torch.where(deviation == 0, 1.0, deviation)


# %% scale_by_past wrong "the last step before `stop` is not used"
def scale_by_past(x, stop):
    past = x[: stop - 1]
    mean = past.nanmean(dim=0)
    deviation = (past - mean).square().nanmean(dim=0).sqrt()
    return (x - mean) / torch.where(deviation == 0, 1.0, deviation)


# %% scale_by_past wrong "one scale for all series together"
def scale_by_past(x, stop):
    past = x[:stop]
    mean = past.nanmean()
    deviation = (past - mean).square().nanmean().sqrt()
    return (x - mean) / torch.where(deviation == 0, 1.0, deviation)


# %% scale_by_past wrong "a mean for each step over the series, not for each series over the steps"
def scale_by_past(x, stop):
    mean = x.nanmean(dim=1, keepdim=True)
    deviation = (x - mean).square().nanmean(dim=1, keepdim=True).sqrt()
    return (x - mean) / torch.where(deviation == 0, 1.0, deviation)


# %% scale_by_past wrong "NaN is not skipped, and spoils the series"
def scale_by_past(x, stop):
    past = x[:stop]
    mean = past.mean(dim=0)
    deviation = (past - mean).square().mean(dim=0).sqrt()
    return (x - mean) / torch.where(deviation == 0, 1.0, deviation)


# %% scale_by_past wrong "NaN counts as 0"
def scale_by_past(x, stop):
    x = x.nan_to_num()
    past = x[:stop]
    mean = past.mean(dim=0)
    deviation = (past - mean).square().mean(dim=0).sqrt()
    return (x - mean) / torch.where(deviation == 0, 1.0, deviation)


# %% scale_by_past wrong "NaN is filled with 0 in the result"
def scale_by_past(x, stop):
    past = x[:stop]
    mean = past.nanmean(dim=0)
    deviation = (past - mean).square().nanmean(dim=0).sqrt()
    return ((x - mean) / torch.where(deviation == 0, 1.0, deviation)).nan_to_num()


# %% scale_by_past wrong "divided by one less than the number of values"
def scale_by_past(x, stop):
    past = x[:stop]
    mean = past.nanmean(dim=0)
    count = (~past.isnan()).sum(dim=0)
    deviation = ((past - mean).square().nansum(dim=0) / (count - 1)).sqrt()
    return (x - mean) / torch.where(deviation == 0, 1.0, deviation)


# %% scale_by_past wrong "divided by the variance: the root is forgotten"
def scale_by_past(x, stop):
    past = x[:stop]
    mean = past.nanmean(dim=0)
    variance = (past - mean).square().nanmean(dim=0)
    return (x - mean) / torch.where(variance == 0, 1.0, variance)


# %% scale_by_past wrong "a constant past is divided by 0"
def scale_by_past(x, stop):
    past = x[:stop]
    mean = past.nanmean(dim=0)
    return (x - mean) / (past - mean).square().nanmean(dim=0).sqrt()


# %% scale_by_past wrong "only the steps before `stop` are returned"
def scale_by_past(x, stop):
    past = x[:stop]
    mean = past.nanmean(dim=0)
    deviation = (past - mean).square().nanmean(dim=0).sqrt()
    return (past - mean) / torch.where(deviation == 0, 1.0, deviation)


# %% scale_by_past wrong "each part by its own scale: the test steps know their own mean"
def scale_by_past(x, stop):
    parts = []
    for part in (x[:stop], x[stop:]):
        mean = part.nanmean(dim=0)
        deviation = (part - mean).square().nanmean(dim=0).sqrt()
        parts.append((part - mean) / torch.where(deviation == 0, 1.0, deviation))
    return torch.cat(parts)


# %% weight_normed hints [markdown]
# 1. For V of (2, 3, 4) and axis 1: how many norms are there, and over how many
#    numbers does each run?
# 2. Bring axis `dim` to the front and flatten the rest: then each row has one norm.
#    Or sum the squares over all other axes and keep them, so that shapes fit.
# 3. The squares summed over every axis but `dim`, kept as axes of one; `g` in a shape
#    with its size at `dim` and ones elsewhere; one line of arithmetic.


# %% weight_normed right "norms kept as axes of one"
def weight_normed(g, V, dim):
    others = [axis for axis in range(V.dim()) if axis != dim % V.dim()]
    norm = V.square().sum(dim=others, keepdim=True).sqrt()
    return V / norm * g.reshape(norm.shape)


# %% weight_normed right "slice by slice"
def weight_normed(g, V, dim):
    slices = [s * a / (s**2).sum() ** 0.5 for a, s in zip(g, V.unbind(dim))]
    return torch.stack(slices, dim=dim)


# %% weight_normed wrong "the norm along axis `dim`, not over the others"
def weight_normed(g, V, dim):
    shape = [1] * V.dim()
    shape[dim] = -1
    return g.reshape(shape) * V / V.norm(dim=dim, keepdim=True)


# %% weight_normed wrong "one norm for all of V"
def weight_normed(g, V, dim):
    shape = [1] * V.dim()
    shape[dim] = -1
    return g.reshape(shape) * V / V.norm()


# %% weight_normed wrong "axis 0, whatever `dim` says"
def weight_normed(g, V, dim):
    norm = V.flatten(1).norm(dim=1).reshape(-1, *[1] * (V.dim() - 1))
    return g.reshape(norm.shape) * V / norm


# %% weight_normed wrong "V is not divided by its norm"
def weight_normed(g, V, dim):
    shape = [1] * V.dim()
    shape[dim] = -1
    return g.reshape(shape) * V


# %% weight_normed wrong "the lengths g are forgotten: all slices have length 1"
def weight_normed(g, V, dim):
    others = [axis for axis in range(V.dim()) if axis != dim % V.dim()]
    return V / V.square().sum(dim=others, keepdim=True).sqrt()


# %% weight_normed wrong "divided by the squared norm: the root is forgotten"
def weight_normed(g, V, dim):
    others = [axis for axis in range(V.dim()) if axis != dim % V.dim()]
    squares = V.square().sum(dim=others, keepdim=True)
    return V / squares * g.reshape(squares.shape)


# %% weight_normed wrong "the root of the mean square, not of the sum"
def weight_normed(g, V, dim):
    others = [axis for axis in range(V.dim()) if axis != dim % V.dim()]
    root = V.square().mean(dim=others, keepdim=True).sqrt()
    return V / root * g.reshape(root.shape)


# %% weight_normed wrong "the sum of absolute values for a norm"
def weight_normed(g, V, dim):
    others = [axis for axis in range(V.dim()) if axis != dim % V.dim()]
    norm = V.abs().sum(dim=others, keepdim=True)
    return V / norm * g.reshape(norm.shape)


# %% weight_normed wrong "the largest absolute value for a norm"
def weight_normed(g, V, dim):
    others = [axis for axis in range(V.dim()) if axis != dim % V.dim()]
    norm = V.abs().amax(dim=others, keepdim=True)
    return V / norm * g.reshape(norm.shape)


# %% weight_normed wrong "g is divided by as well"
def weight_normed(g, V, dim):
    others = [axis for axis in range(V.dim()) if axis != dim % V.dim()]
    norm = V.square().sum(dim=others, keepdim=True).sqrt()
    return V / norm / g.reshape(norm.shape)


# %% weight_normed wrong "the mean is taken away first, as normalisation layers do"
def weight_normed(g, V, dim):
    others = [axis for axis in range(V.dim()) if axis != dim % V.dim()]
    V = V - V.mean(dim=others, keepdim=True)
    norm = V.square().sum(dim=others, keepdim=True).sqrt()
    return V / norm * g.reshape(norm.shape)


# %% weight_normed wrong "the axis stays at the front of the result"
def weight_normed(g, V, dim):
    moved = V.movedim(dim, 0)
    scale = g / moved.flatten(1).norm(dim=1)
    return scale.reshape(-1, *[1] * (V.dim() - 1)) * moved


# %% weight_normed wrong "the axis is brought back by exchanging two axes, and others stay moved"
def weight_normed(g, V, dim):
    moved = V.movedim(dim, 0)
    scale = g / moved.flatten(1).norm(dim=1)
    return (scale.reshape(-1, *[1] * (V.dim() - 1)) * moved).transpose(0, dim)


# %% weight_normed wrong "the norm over the last axis only"
def weight_normed(g, V, dim):
    shape = [1] * V.dim()
    shape[dim] = -1
    return g.reshape(shape) * V / V.norm(dim=-1, keepdim=True)


# %% PreActivationBlock hints [markdown]
# 1. In which order come activation, padding and convolution here, and where is the
#    last ReLU?
# 2. All zeros of the padding go to the left: the kernel less one, times the dilation,
#    before each of the two convolutions. The skip gets X as it came, before any ReLU.
# 3. Three modules in the constructor, the third the identity where channels agree. In
#    forward: ReLU, pad, first; ReLU, pad, second; then the skip of X is added.


# %% PreActivationBlock right "zeros on both sides, the last steps cut off"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        padding = (kernel - 1) * dilation
        more = {"dilation": dilation, "padding": padding}
        self.first = nn.Conv1d(in_channels, out_channels, kernel, **more)
        self.second = nn.Conv1d(out_channels, out_channels, kernel, **more)
        self.skip = None
        if in_channels != out_channels:
            self.skip = nn.Conv1d(in_channels, out_channels, kernel_size=1)

    def forward(self, X):
        T = X.shape[-1]
        H = self.first(F.relu(X))[..., :T]
        H = self.second(F.relu(H))[..., :T]
        return H + (X if self.skip is None else self.skip(X))


# %% PreActivationBlock right "a Sequential with layers of padding"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        left = (dilation * (kernel - 1), 0)
        layers = []
        for channels in (in_channels, out_channels):
            layers += [nn.ReLU(), nn.ConstantPad1d(left, 0.0)]
            layers += [nn.Conv1d(channels, out_channels, kernel, 1, 0, dilation)]
        self.path = nn.Sequential(*layers)
        self.skip = nn.Sequential()
        if in_channels != out_channels:
            self.skip.append(nn.Conv1d(in_channels, out_channels, 1))

    def forward(self, X):
        return torch.add(self.path(X), self.skip(X))


# %% PreActivationBlock wrong "the lecture's order: activations behind the convolutions and behind the sum"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = torch.relu(self.f1(F.pad(X, (self.span, 0))))
        H = torch.relu(self.f2(F.pad(H, (self.span, 0))))
        return torch.relu(self.s(X) + H)


# %% PreActivationBlock wrong "a ReLU behind the sum"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.span, 0)))
        return torch.relu(self.s(X) + H)


# %% PreActivationBlock wrong "padding on both sides: the future leaks in"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span // 2, self.span - self.span // 2)))
        H = self.f2(F.pad(torch.relu(H), (self.span // 2, self.span - self.span // 2)))
        return self.s(X) + H


# %% PreActivationBlock wrong "padding on the right: only the future is read"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (0, self.span)))
        H = self.f2(F.pad(torch.relu(H), (0, self.span)))
        return self.s(X) + H


# %% PreActivationBlock wrong "the skip gets X behind the ReLU"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.span, 0)))
        return self.s(torch.relu(X)) + H


# %% PreActivationBlock wrong "the first ReLU is missing"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(X, (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.span, 0)))
        return self.s(X) + H


# %% PreActivationBlock wrong "the ReLU between the convolutions is missing"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(H, (self.span, 0)))
        return self.s(X) + H


# %% PreActivationBlock wrong "no activation at all"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(X, (self.span, 0)))
        H = self.f2(F.pad(H, (self.span, 0)))
        return self.s(X) + H


# %% PreActivationBlock wrong "the skip connection is missing"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.span, 0)))
        return H


# %% PreActivationBlock wrong "a 1 x 1 convolution on the skip where the channels agree, too"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.span, 0)))
        return self.s(X) + H


# %% PreActivationBlock wrong "no 1 x 1 convolution on the skip: unequal channels can't be added"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity()

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.span, 0)))
        return self.s(X) + H


# %% PreActivationBlock wrong "the skip has no bias"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = (
            nn.Identity()
            if is_same
            else nn.Conv1d(in_channels, out_channels, 1, bias=False)
        )

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.span, 0)))
        return self.s(X) + H


# %% PreActivationBlock wrong "the skip's convolution has the kernel of the others"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity()
        if not is_same:
            pad = nn.ConstantPad1d((kernel - 1, 0), 0.0)
            self.s = nn.Sequential(pad, nn.Conv1d(in_channels, out_channels, kernel))

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.span, 0)))
        return self.s(X) + H


# %% PreActivationBlock wrong "the second convolution has no dilation"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.f2.kernel_size[0] - 1, 0)))
        return self.s(X) + H


# %% PreActivationBlock wrong "the second convolution has twice the dilation"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=2 * dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (2 * self.span, 0)))
        return self.s(X) + H


# %% PreActivationBlock wrong "the dilation is forgotten"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = kernel - 1
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.span, 0)))
        return self.s(X) + H


# %% PreActivationBlock wrong "padding of the kernel less one, without the dilation: the series gets shorter"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = kernel - 1
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.span, 0)))
        return self.s(X) + H


# %% PreActivationBlock wrong "the first convolution keeps the channels, the second changes them"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, in_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.span, 0)))
        return self.s(X) + H


# %% PreActivationBlock wrong "both convolutions are one layer: they share their weights"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        same = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        self.f2 = self.f1 if in_channels == out_channels else same
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.span, 0)))
        return self.s(X) + H


# %% PreActivationBlock wrong "the convolutions have no bias"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(
            in_channels, out_channels, kernel, dilation=dilation, bias=False
        )
        self.f2 = nn.Conv1d(
            out_channels, out_channels, kernel, dilation=dilation, bias=False
        )
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.span, 0)))
        return self.s(X) + H


# %% PreActivationBlock wrong "the weights are weight-normed"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.span = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f1 = nn.utils.parametrizations.weight_norm(self.f1)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        is_same = in_channels == out_channels
        self.s = nn.Identity() if is_same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = self.f1(F.pad(torch.relu(X), (self.span, 0)))
        H = self.f2(F.pad(torch.relu(H), (self.span, 0)))
        return self.s(X) + H


# %% PreActivationBlock wrong "activations behind the convolutions, none behind the sum"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, dilation):
        super().__init__()
        self.left = (kernel - 1) * dilation
        self.f1 = nn.Conv1d(in_channels, out_channels, kernel, dilation=dilation)
        self.f2 = nn.Conv1d(out_channels, out_channels, kernel, dilation=dilation)
        self.s = nn.Identity()
        if in_channels != out_channels:
            self.s = nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, X):
        H = torch.relu(self.f1(F.pad(X, (self.left, 0))))
        return self.s(X) + torch.relu(self.f2(F.pad(H, (self.left, 0))))


# %% walk_forward hints [markdown]
# 1. At step t, which values may a model be fitted on, and which values is it given?
# 2. Both are the same short piece that ends just before t. What differs is how often:
#    a new model only where the steps since the start are a multiple of `every`, a
#    forecast at each step.
# 3. A loop over t from the start to the end: cut the piece, perhaps fit, call the
#    model, append. A tensor of the list at the end.


# %% walk_forward right "a loop over the fits, and one inside"
def walk_forward(fit, x, start, every, size):
    result = torch.empty(len(x) - start)
    for first in range(start, len(x), every):
        model = fit(x[first - size : first])
        for t in range(first, min(first + every, len(x))):
            result[t - start] = model(x[t - size : t])
    return result


# %% walk_forward right "all windows cut first"
def walk_forward(fit, x, start, every, size):
    pasts = x.unfold(0, size, 1)[start - size : -1]
    models = [fit(past) for past in pasts[::every]]
    forecasts = [models[i // every](past) for i, past in enumerate(pasts)]
    return torch.tensor([float(f) for f in forecasts])


# %% walk_forward wrong "fitted on the whole past, not on its last values"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size : t]
        if (t - start) % every == 0:
            model = fit(x[:t])
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "the model is given the whole past, not its last values"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size : t]
        if (t - start) % every == 0:
            model = fit(past)
        forecasts.append(float(model(x[:t])))
    return torch.tensor(forecasts)


# %% walk_forward wrong "the whole past for both, as in the lecture's folds"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[:t]
        if (t - start) % every == 0:
            model = fit(past)
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "the step to be forecast stands in the piece itself"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size + 1 : t + 1]
        if (t - start) % every == 0:
            model = fit(past)
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "fitted with the step to be forecast among its values"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size : t]
        if (t - start) % every == 0:
            model = fit(x[t - size + 1 : t + 1])
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "fitted on the whole series, the future included"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size : t]
        if (t - start) % every == 0:
            model = fit(x)
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "the piece ends one step too early"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size - 1 : t - 1]
        if (t - start) % every == 0:
            model = fit(past)
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "fitted once and never again"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size : t]
        if t == start:
            model = fit(past)
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "fitted anew at each step"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size : t]
        model = fit(past)
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "steps are counted from 0, not from `start`"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size : t]
        if t == start or t % every == 0:
            model = fit(past)
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "fitted one step late"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size : t]
        if t == start or (t - start) % every == 1 % every:
            model = fit(past)
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "`every` taken for the number of fits"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size : t]
        if (t - start) % max(1, (len(x) - start) // every) == 0:
            model = fit(past)
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "between the fits the model is given the values that it was fitted on"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        if (t - start) % every == 0:
            past = x[t - size : t]
            model = fit(past)
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "the last step is not forecast"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x) - 1):
        past = x[t - size : t]
        if (t - start) % every == 0:
            model = fit(past)
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "only the steps at which a model is fitted are forecast"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size : t]
        if (t - start) % every == 0:
            model = fit(past)
            forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "one piece too long"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size - 1 : t]
        if (t - start) % every == 0:
            model = fit(past)
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "one piece too short"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size + 1 : t]
        if (t - start) % every == 0:
            model = fit(past)
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "the first forecast is that of the step behind `start`"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start + 1, len(x)):
        past = x[t - size : t]
        if (t - start - 1) % every == 0:
            model = fit(past)
        forecasts.append(float(model(past)))
    return torch.tensor(forecasts)


# %% walk_forward wrong "the series itself is returned in front of the forecasts"
def walk_forward(fit, x, start, every, size):
    forecasts = []
    for t in range(start, len(x)):
        past = x[t - size : t]
        if (t - start) % every == 0:
            model = fit(past)
        forecasts.append(float(model(past)))
    return torch.cat([x[:start], torch.tensor(forecasts)])


# %% forecast hints [markdown]
# 1. The net gives T forecasts. Of which step is each, and which single one do you
#    need?
# 2. The new value becomes the last input of the next call, and the oldest one leaves,
#    so that T stays. What do train mode and gradients have to do with a forecast?
# 3. Remember the mode, switch to eval, record no gradients. As often as the horizon
#    says: call the net on the last T values, put its last output behind them. Return
#    the new ones, and put the mode back.


# %% forecast right "a list of forecasts and a window that moves"
def forecast(net, X, horizon):
    mode, results = net.training, []
    net.eval()
    with torch.inference_mode():
        window = X.unsqueeze(-1)
        for _ in range(horizon):
            new = net(window)[:, -1:]  # (N, 1, 1)
            results.append(new[:, 0, 0])
            window = torch.cat([window[:, 1:], new], dim=1)
    net.train(mode)
    return torch.stack([r.clone() for r in results], dim=1)


# %% forecast right "a buffer that is filled"
@torch.no_grad()
def forecast(net, X, horizon):
    N, T = X.shape
    mode = net.training
    net.eval()
    values = torch.cat([X, X.new_zeros(N, horizon)], dim=1)
    for h in range(horizon):
        values[:, T + h] = net(values[:, h : T + h].unsqueeze(2))[:, -1, 0]
    net.train(mode)
    return values[:, T:]


# %% forecast wrong "the oldest value is not dropped: the window grows"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon):
            step = net(X[:, :, None])[:, -1]
            X = torch.cat([X, step], dim=1)
    net.train(was_training)
    return X[:, -horizon:]


# %% forecast wrong "two values are dropped at each step: the window shrinks"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for h in range(horizon):
            step = net(X[:, -max(1, T - h) :, None])[:, -1]
            X = torch.cat([X, step], dim=1)
    net.train(was_training)
    return X[:, -horizon:]


# %% forecast wrong "the net's first output is taken, not its last"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon):
            step = net(X[:, -T:, None])[:, 0]
            X = torch.cat([X, step], dim=1)
    net.train(was_training)
    return X[:, -horizon:]


# %% forecast wrong "the last output but one is taken"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon):
            step = net(X[:, -T:, None])[:, -2]
            X = torch.cat([X, step], dim=1)
    net.train(was_training)
    return X[:, -horizon:]


# %% forecast wrong "the forecasts are not fed back: each step from the same window"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon):
            step = net(X[:, :T, None])[:, -1]
            X = torch.cat([X, step], dim=1)
    net.train(was_training)
    return X[:, -horizon:]


# %% forecast wrong "the forecast is put before the series"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon):
            step = net(X[:, :T, None])[:, -1]
            X = torch.cat([step, X], dim=1)
    net.train(was_training)
    return X[:, :horizon].flip(1)


# %% forecast wrong "one call: the net's last outputs taken for the forecasts of the next steps"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        X = net(X[:, :, None])[:, :, 0]
    net.train(was_training)
    return X[:, -horizon:]


# %% forecast wrong "the series is returned with the forecasts"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon):
            step = net(X[:, -T:, None])[:, -1]
            X = torch.cat([X, step], dim=1)
    net.train(was_training)
    return X


# %% forecast wrong "only the last forecast is returned"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon):
            step = net(X[:, -T:, None])[:, -1]
            X = torch.cat([X, step], dim=1)
    net.train(was_training)
    return X[:, -1:]


# %% forecast wrong "the forecasts in the opposite order"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon):
            step = net(X[:, -T:, None])[:, -1]
            X = torch.cat([X, step], dim=1)
    net.train(was_training)
    return X[:, -horizon:].flip(1)


# %% forecast wrong "train mode: dropout and the like are left on"
def forecast(net, X, horizon):
    was_training = net.training
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon):
            step = net(X[:, -T:, None])[:, -1]
            X = torch.cat([X, step], dim=1)
    net.train(was_training)
    return X[:, -horizon:]


# %% forecast wrong "the net is left in eval mode"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon):
            step = net(X[:, -T:, None])[:, -1]
            X = torch.cat([X, step], dim=1)
    return X[:, -horizon:]


# %% forecast wrong "the net is left in train mode, as it was not found"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon):
            step = net(X[:, -T:, None])[:, -1]
            X = torch.cat([X, step], dim=1)
    net.train()
    return X[:, -horizon:]


# %% forecast wrong "gradients are recorded"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    for _ in range(horizon):
        step = net(X[:, -T:, None])[:, -1]
        X = torch.cat([X, step], dim=1)
    net.train(was_training)
    return X[:, -horizon:]


# %% forecast wrong "one step too many, the first forecast is lost"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon + 1):
            step = net(X[:, -T:, None])[:, -1]
            X = torch.cat([X, step], dim=1)
    net.train(was_training)
    return X[:, -horizon:]


# %% forecast wrong "one step too few, the last known value comes first"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon - 1):
            step = net(X[:, -T:, None])[:, -1]
            X = torch.cat([X, step], dim=1)
    net.train(was_training)
    return X[:, -horizon:]


# %% forecast wrong "the result has a last axis of one"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon):
            step = net(X[:, -T:, None])[:, -1]
            X = torch.cat([X, step], dim=1)
    net.train(was_training)
    return X[:, -horizon:, None]


# %% forecast wrong "the change is forecast: the last value is added"
def forecast(net, X, horizon):
    was_training = net.training
    net.eval()
    T = X.shape[1]
    with torch.no_grad():
        for _ in range(horizon):
            step = net(X[:, -T:, None])[:, -1] + X[:, -1:]
            X = torch.cat([X, step], dim=1)
    net.train(was_training)
    return X[:, -horizon:]


# %% honest_error hints [markdown]
# 1. For each number that the code computes: which steps of the series does it read,
#    and were they known at step t?
# 2. There are three places: a mean that reaches to both sides, a scale of all
#    moments, and a memory that holds the test moments as well. A moment is known to
#    the memory once its label is, so one step after t.
# 3. Entry i of the means is known at step i plus the span less one. Moments from
#    there to the last step but one; a mask for those whose label lies before the
#    stop; scale and memory by the mask, the test by its opposite.


# %% honest_error right "all arrays cut, no mask"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)[:-1]
    moments, labels = torch.stack([x[span - 1 : -1], means], dim=1), x[span:]
    n = stop - span  # labels x[span], ..., x[stop - 1]
    memory, test = moments[:n], moments[n:]
    center, scale = memory.mean(dim=0), memory.std(dim=0)
    gaps = ((test - center) / scale)[:, None] - ((memory - center) / scale)[None]
    nearest = gaps.square().sum(dim=2).argmin(dim=1)
    return (labels[:n][nearest] - labels[n:]).abs().mean().item()


# %% honest_error right "step by step"
def honest_error(x, span, stop):
    def moment(t):
        return torch.stack([x[t], x[t - span + 1 : t + 1].mean()])

    old = range(span - 1, stop - 1)
    memory = torch.stack([moment(t) for t in old])
    scale = memory.std(dim=0)
    errors = []
    for t in range(stop - 1, len(x) - 1):
        distance = ((memory - moment(t)) / scale).norm(dim=1)
        best = old[int(distance.argmin())]
        errors.append(abs(x[best + 1] - x[t + 1]).item())
    return sum(errors) / len(errors)


# %% honest_error wrong "the mean still reaches to both sides: it reads the future"
def honest_error(x, span, stop):
    half = span // 2
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[(t - half).clamp(max=len(means) - 1)]], dim=1)
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old]).abs().mean().item()


# %% honest_error wrong "the code with its three leaks"
def honest_error(x, span, stop):
    half = span // 2
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(half, len(x) - half - 1)
    moments = torch.stack([x[t], means[t - half]], dim=1)
    moments = (moments - moments.mean(dim=0)) / moments.std(dim=0)
    tested = (t >= stop - 1).nonzero().ravel()
    distances = torch.cdist(moments[tested], moments)
    distances[range(len(tested)), tested] = torch.inf
    nearest = distances.argmin(dim=1)
    return (x[t + 1][nearest] - x[t + 1][tested]).abs().mean().item()


# %% honest_error wrong "the scale knows the test moments"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old = t + 1 < stop
    moments = (moments - moments.mean(dim=0)) / moments.std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old]).abs().mean().item()


# %% honest_error wrong "the memory holds the test moments as well"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    distances = torch.cdist(moments, moments).fill_diagonal_(torch.inf)
    nearest = distances[~old].argmin(dim=1)
    labels = x[t + 1]
    return (labels[nearest] - labels[~old]).abs().mean().item()


# %% honest_error wrong "the memory holds one moment too many: its label is the first test step"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old = t < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old]).abs().mean().item()


# %% honest_error wrong "the memory lacks its last moment, and the test begins a step early"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old = t + 2 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old]).abs().mean().item()


# %% honest_error wrong "the memory lacks its last moment"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old][:-1]).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old]).abs().mean().item()


# %% honest_error wrong "no scale: the number with the larger spread decides"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old = t + 1 < stop
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old]).abs().mean().item()


# %% honest_error wrong "the mean ends one step too early: the present is left out of it"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[(t - span).clamp(min=0)]], dim=1)
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old]).abs().mean().item()


# %% honest_error wrong "the mean is one of the next values"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack(
        [x[t], means[(t - span + 2).clamp(max=len(means) - 1)]], dim=1
    )
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old]).abs().mean().item()


# %% honest_error wrong "the mean is left out"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], x[t]], dim=1)
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old]).abs().mean().item()


# %% honest_error wrong "the value is left out"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([means[t - span + 1]] * 2, dim=1)
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old]).abs().mean().item()


# %% honest_error wrong "the label is the present value, not the next"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t]
    return (labels[old][nearest] - labels[~old]).abs().mean().item()


# %% honest_error wrong "the naive forecast: the present value, without any memory"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t + 1]
    return (x[t][~old] - labels[~old]).abs().mean().item()


# %% honest_error wrong "the least similar moment is taken"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmax(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old]).abs().mean().item()


# %% honest_error wrong "the mean of the squared errors, not of the absolute ones"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old]).square().mean().item()


# %% honest_error wrong "errors without an absolute value, so that they cancel"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old]).mean().abs().item()


# %% honest_error wrong "the sum of the errors, not their mean"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old]).abs().sum().item()


# %% honest_error wrong "the last step is not forecast"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[~old])[:-1].abs().mean().item()


# %% honest_error wrong "the error in the memory's years, not in the test"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old = t + 1 < stop
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[old], moments[old])
    nearest = nearest.fill_diagonal_(torch.inf).argmin(dim=1)
    labels = x[t + 1]
    return (labels[old][nearest] - labels[old]).abs().mean().item()


# %% honest_error wrong "the memory lacks its first moment"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old, labels = t + 1 < stop, x[t + 1]
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    nearest = torch.cdist(moments[~old], moments[old]).argmin(dim=1)
    return (labels[old][nearest] - labels[~old]).abs().mean().item()


# %% honest_error wrong "the memory grows during the test, moment by moment"
def honest_error(x, span, stop):
    means = x.unfold(0, span, 1).mean(dim=1)
    t = torch.arange(span - 1, len(x) - 1)
    moments = torch.stack([x[t], means[t - span + 1]], dim=1)
    old, labels = t + 1 < stop, x[t + 1]
    moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0)
    errors = []
    for i in range(int(old.sum()), len(t)):
        nearest = torch.cdist(moments[i : i + 1], moments[:i]).argmin()
        errors.append((labels[nearest] - labels[i]).abs())
    return torch.stack(errors).mean().item()


# %% skill equivalent "a quotient of means over the same steps is one of sums"
# own, other = ((f - x)[both].abs().mean() for f in (forecast, baseline)) -> own, other = ((f - x)[both].abs().sum() for f in (forecast, baseline))
# own, other = ((f - x)[both].abs().mean() for f in (forecast, baseline)) -> own, other = ((x - f)[both].abs().mean() for f in (forecast, baseline))


# %% causal_conv equivalent "zeros that no tap reads"
# padded = F.pad(X, (0, 0, span, 0)) -> padded = F.pad(X, (0, 0, span, 1))
# span = (k - 1) * dilation -> span = (k + 1) * dilation


# %% windows equivalent "two axes are exchanged in either order"
# return (W[:, :, :length].transpose(1, 2), W[:, target, length + gap:]) -> return (W[:, :, :length].transpose(2, 1), W[:, target, length + gap:])


# %% scale_by_past equivalent "a square has no sign"
# deviation = (past - mean).square().nanmean(dim=0).sqrt() -> deviation = (mean - past).square().nanmean(dim=0).sqrt()


# %% walk_forward equivalent "a multiple has no sign"
# if (t - start) % every == 0: -> if (start - t) % every == 0:


# %% honest_error equivalent "shifts, signs and factors cancel in scaled distances"
# means = x.unfold(0, span, 1).mean(dim=1) -> means = x.unfold(0, span, 1).sum(dim=1)
# moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0) -> moments = (moments + moments[old].mean(dim=0)) / moments[old].std(dim=0)
# moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0) -> moments = (moments - moments[old].mean()) / moments[old].std(dim=0)
# moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0) -> moments = (moments - moments[old].sum(dim=0)) / moments[old].std(dim=0)
# moments = (moments - moments[old].mean(dim=0)) / moments[old].std(dim=0) -> moments = (moments[old].mean(dim=0) - moments) / moments[old].std(dim=0)
# return (labels[old][nearest] - labels[~old]).abs().mean().item() -> return (labels[~old] - labels[old][nearest]).abs().mean().item()
