# %% polynomial_features hints [markdown]
# 1. How many columns does degree 3 give, and what does the one for i = 0 hold?
# 2. Each column follows from the one before: times `x`, divided by its own number. So
#    the factorial builds itself.
# 3. Start with a column of ones, append one column for each i from 1 on, and put them
#    side by side as the columns of a table.


# %% polynomial_features right "all powers at once, divided by factorials"
def polynomial_features(x, degree):
    i = torch.arange(degree + 1)
    return x.reshape(-1, 1) ** i / torch.exp(torch.lgamma(i + 1.0))


# %% polynomial_features right "with math.factorial"
def polynomial_features(x, degree):
    import math

    return torch.stack([x**i / math.factorial(i) for i in range(degree + 1)]).T


# %% polynomial_features right "filled column by column"
def polynomial_features(x, degree):
    A = torch.ones(len(x), degree + 1)
    for i in range(1, degree + 1):
        A[:, i] = A[:, i - 1] * x / i
    return A


# %% polynomial_features wrong "the powers aren't divided by factorials"
def polynomial_features(x, degree):
    return x.reshape(-1, 1) ** torch.arange(degree + 1)


# %% polynomial_features wrong "the column of ones is missing"
def polynomial_features(x, degree):
    i = torch.arange(1, degree + 1)
    return x.reshape(-1, 1) ** i / torch.exp(torch.lgamma(i + 1.0))


# %% polynomial_features wrong "the highest power is missing"
def polynomial_features(x, degree):
    i = torch.arange(degree)
    return x.reshape(-1, 1) ** i / torch.exp(torch.lgamma(i + 1.0))


# %% polynomial_features wrong "one power too many"
def polynomial_features(x, degree):
    i = torch.arange(degree + 2)
    return x.reshape(-1, 1) ** i / torch.exp(torch.lgamma(i + 1.0))


# %% polynomial_features wrong "divided by i, not by its factorial"
def polynomial_features(x, degree):
    i = torch.arange(degree + 1)
    return x.reshape(-1, 1) ** i / i.clamp(min=1)


# %% polynomial_features wrong "divided by the factorial of i - 1"
def polynomial_features(x, degree):
    i = torch.arange(degree + 1)
    return x.reshape(-1, 1) ** i / torch.exp(torch.lgamma(i.clamp(min=1) * 1.0))


# %% polynomial_features wrong "all columns are divided by the factorial of the degree"
def polynomial_features(x, degree):
    import math

    return x.reshape(-1, 1) ** torch.arange(degree + 1) / math.factorial(degree)


# %% polynomial_features wrong "a row for each power where a column is asked"
def polynomial_features(x, degree):
    i = torch.arange(degree + 1).reshape(-1, 1)
    return x**i / torch.exp(torch.lgamma(i + 1.0))


# %% polynomial_features wrong "the powers stand in descending order"
def polynomial_features(x, degree):
    i = torch.arange(degree + 1)
    return (x.reshape(-1, 1) ** i / torch.exp(torch.lgamma(i + 1.0))).flip(1)


# %% polynomial_features wrong "multiplied by the factorial where a division is asked"
def polynomial_features(x, degree):
    i = torch.arange(degree + 1)
    return x.reshape(-1, 1) ** i * torch.exp(torch.lgamma(i + 1.0))


# %% polynomial_features wrong "it starts with x in place of 1: each power is one too high"
def polynomial_features(x, degree):
    columns = [x]
    for i in range(1, degree + 1):
        columns.append(columns[-1] * x / i)
    return torch.stack(columns, dim=1)


# %% polynomial_features wrong "0! is taken for 0: the first column isn't finite"
def polynomial_features(x, degree):
    i = torch.arange(degree + 1)
    factorial = torch.cat([torch.zeros(1), i[1:].cumprod(0)])
    return x.reshape(-1, 1) ** i / factorial


# %% fold_rows hints [markdown]
# 1. 11 rows in 4 folds: how long is each fold, and with which row does fold 2 start?
# 2. All folds have the whole part of the quotient; as many of the first ones as the
#    remainder says have one more. So the start of fold i is i times the short length,
#    plus one for each longer fold before it.
# 3. Find start and stop of the fold. Validation is that stretch; training is what lies
#    before it and what lies behind it, joined.


# %% fold_rows right "with tensor_split"
def fold_rows(num_rows, k, i):
    parts = list(torch.arange(num_rows).tensor_split(k))
    valid = parts.pop(i)
    return torch.cat(parts), valid


# %% fold_rows right "with a mask"
def fold_rows(num_rows, k, i):
    sizes = [num_rows // k + (j < num_rows % k) for j in range(k)]
    held = torch.zeros(num_rows, dtype=torch.bool)
    held[sum(sizes[:i]) : sum(sizes[: i + 1])] = True
    rows = torch.arange(num_rows)
    return rows[~held], rows[held]


# %% fold_rows wrong "the rows that are left over are in no fold"
def fold_rows(num_rows, k, i):
    size = num_rows // k
    rows = torch.arange(size * k)
    valid = rows[i * size : (i + 1) * size]
    return torch.cat([rows[: i * size], rows[(i + 1) * size :]]), valid


# %% fold_rows wrong "the rows that are left over are never validated"
def fold_rows(num_rows, k, i):
    size, rows = num_rows // k, torch.arange(num_rows)
    valid = rows[i * size : (i + 1) * size]
    return torch.cat([rows[: i * size], rows[(i + 1) * size :]]), valid


# %% fold_rows wrong "the last fold takes all rows that are left over"
def fold_rows(num_rows, k, i):
    size, rows = num_rows // k, torch.arange(num_rows)
    stop = num_rows if i == k - 1 else (i + 1) * size
    return torch.cat([rows[: i * size], rows[stop:]]), rows[i * size : stop]


# %% fold_rows wrong "the longer folds stand at the end"
def fold_rows(num_rows, k, i):
    sizes = [num_rows // k + (j >= k - num_rows % k) for j in range(k)]
    start, rows = sum(sizes[:i]), torch.arange(num_rows)
    stop = start + sizes[i]
    return torch.cat([rows[:start], rows[stop:]]), rows[start:stop]


# %% fold_rows wrong "the folds overlap: a longer one doesn't push the next one on"
def fold_rows(num_rows, k, i):
    size, longer = divmod(num_rows, k)
    start, rows = i * size, torch.arange(num_rows)
    stop = start + size + (i < longer)
    return torch.cat([rows[:start], rows[stop:]]), rows[start:stop]


# %% fold_rows wrong "training and validation are swapped"
def fold_rows(num_rows, k, i):
    parts = list(torch.arange(num_rows).tensor_split(k))
    valid = parts.pop(i)
    return valid, torch.cat(parts)


# %% fold_rows wrong "the validation rows are also in the training rows"
def fold_rows(num_rows, k, i):
    rows = torch.arange(num_rows)
    return rows, rows.tensor_split(k)[i]


# %% fold_rows wrong "every k-th row is held out, where a stretch of neighbours is asked"
def fold_rows(num_rows, k, i):
    rows = torch.arange(num_rows)
    return rows[rows % k != i], rows[rows % k == i]


# %% fold_rows wrong "the rounds are counted from 1"
def fold_rows(num_rows, k, i):
    parts = list(torch.arange(num_rows).tensor_split(k))
    valid = parts.pop(i - 1)
    return torch.cat(parts), valid


# %% fold_rows wrong "only the rows before the fold are used for training"
def fold_rows(num_rows, k, i):
    size, longer = divmod(num_rows, k)
    start = i * size + min(i, longer)
    rows = torch.arange(num_rows)
    return rows[:start], rows[start : start + size + (i < longer)]


# %% fold_rows wrong "all folds but the last are as long as the longest"
def fold_rows(num_rows, k, i):
    size, rows = -(-num_rows // k), torch.arange(num_rows)
    valid = rows[i * size : (i + 1) * size]
    return torch.cat([rows[: i * size], rows[(i + 1) * size :]]), valid


# %% fold_rows wrong "one fold too many is longer"
def fold_rows(num_rows, k, i):
    size, longer = divmod(num_rows, k)
    start, rows = i * size + min(i, longer), torch.arange(num_rows)
    stop = start + size + (i <= longer)
    return torch.cat([rows[:start], rows[stop:]]), rows[start:stop]


# %% fold_rows wrong "the edges are rounded: not the first folds are the longer ones"
def fold_rows(num_rows, k, i):
    rows = torch.arange(num_rows)
    start, stop = round(i * num_rows / k), round((i + 1) * num_rows / k)
    return torch.cat([rows[:start], rows[stop:]]), rows[start:stop]


# %% fold_rows wrong "only the rows after the fold are used for training"
def fold_rows(num_rows, k, i):
    size, longer = divmod(num_rows, k)
    start, rows = i * size + min(i, longer), torch.arange(num_rows)
    stop = start + size + (i < longer)
    return rows[stop:], rows[start:stop]


# %% fold_rows wrong "the row behind the fold is in neither set"
def fold_rows(num_rows, k, i):
    size, longer = divmod(num_rows, k)
    start, rows = i * size + min(i, longer), torch.arange(num_rows)
    stop = start + size + (i < longer)
    return torch.cat([rows[:start], rows[stop + 1 :]]), rows[start:stop]


# %% fold_rows wrong "the rows are shuffled"
def fold_rows(num_rows, k, i):
    parts = list(torch.randperm(num_rows).tensor_split(k))
    valid = parts.pop(i)
    return torch.cat(parts), valid


# %% fold_rows wrong "lists where tensors are asked"
def fold_rows(num_rows, k, i):
    parts = list(torch.arange(num_rows).tensor_split(k))
    valid = parts.pop(i)
    return torch.cat(parts).tolist(), valid.tolist()


# %% fold_rows equivalent "the smaller of two is the same in either order"
# start = i * size + min(i, longer) -> start = i * size + min(longer, i)


# %% prepare_table hints [markdown]
# 1. Take a column with the training values 1, 4, a hole and 6. Over how many numbers is
#    its mean taken, and what does an ordinary mean say of a column with a NaN?
# 2. Remember where the holes are before you fill anything: they are flags later. Means
#    that skip NaN exist; a deviation is the root of the mean of squared distances.
# 3. Three blocks: standardised numbers with 0 in the holes, the flags as numbers, one
#    column for each kind that compares it with each word. Join them along the columns.


# %% prepare_table right "column by column, with lists"
def prepare_table(numbers, words, kinds, train_rows):
    columns, flags = [], []
    for column in numbers.T:
        known = [v for v in column[train_rows].tolist() if v == v]
        mean = sum(known) / len(known)
        std = (sum((v - mean) ** 2 for v in known) / len(known)) ** 0.5
        columns.append([0.0 if v != v else (v - mean) / std for v in column.tolist()])
        flags.append([float(v != v) for v in column.tolist()])
    indicators = [[float(w == kind) for w in words] for kind in kinds]
    return torch.tensor(columns + flags + indicators).T


# %% prepare_table right "with std and nan_to_num"
def prepare_table(numbers, words, kinds, train_rows):
    Z = torch.empty_like(numbers)
    for j in range(numbers.shape[1]):
        known = numbers[train_rows, j]
        known = known[~known.isnan()]
        Z[:, j] = (numbers[:, j] - known.mean()) / known.std(correction=0)
    one_hot = torch.zeros(len(words), len(kinds))
    for i, word in enumerate(words):
        if word in kinds:
            one_hot[i, kinds.index(word)] = 1
    return torch.cat([Z.nan_to_num(0.0), numbers.isnan() * 1.0, one_hot], dim=1)


# %% prepare_table wrong "data leakage: mean and deviation of all rows"
def prepare_table(numbers, words, kinds, train_rows):
    mean = numbers.nanmean(dim=0)
    std = ((numbers - mean) ** 2).nanmean(dim=0).sqrt()
    Z = ((numbers - mean) / std).nan_to_num(0.0)
    indicators = torch.tensor([[float(w == kind) for kind in kinds] for w in words])
    return torch.cat([Z, numbers.isnan().float(), indicators], dim=1)


# %% prepare_table wrong "holes are filled with 0 before the mean is taken"
def prepare_table(numbers, words, kinds, train_rows):
    filled = numbers.nan_to_num(0.0)
    known = filled[train_rows]
    Z = (filled - known.mean(dim=0)) / known.std(dim=0, correction=0)
    indicators = torch.tensor([[float(w == kind) for kind in kinds] for w in words])
    return torch.cat([Z, numbers.isnan().float(), indicators], dim=1)


# %% prepare_table wrong "filled holes count as known values in the deviation"
def prepare_table(numbers, words, kinds, train_rows):
    mean = numbers[train_rows].nanmean(dim=0)
    filled = torch.where(numbers.isnan(), mean, numbers)
    Z = (filled - mean) / filled[train_rows].std(dim=0, correction=0)
    indicators = torch.tensor([[float(w == kind) for kind in kinds] for w in words])
    return torch.cat([Z, numbers.isnan().float(), indicators], dim=1)


# %% prepare_table wrong "divided by the count minus 1 in the deviation"
def prepare_table(numbers, words, kinds, train_rows):
    known = numbers[train_rows]
    mean, count = known.nanmean(dim=0), (~known.isnan()).sum(dim=0)
    std = (((known - mean) ** 2).nansum(dim=0) / (count - 1)).sqrt()
    Z = ((numbers - mean) / std).nan_to_num(0.0)
    indicators = torch.tensor([[float(w == kind) for kind in kinds] for w in words])
    return torch.cat([Z, numbers.isnan().float(), indicators], dim=1)


# %% prepare_table wrong "NaN is left in the table"
def prepare_table(numbers, words, kinds, train_rows):
    known = numbers[train_rows]
    mean = known.nanmean(dim=0)
    Z = (numbers - mean) / ((known - mean) ** 2).nanmean(dim=0).sqrt()
    indicators = torch.tensor([[float(w == kind) for kind in kinds] for w in words])
    return torch.cat([Z, numbers.isnan().float(), indicators], dim=1)


# %% prepare_table wrong "an ordinary mean makes NaN of the whole column"
def prepare_table(numbers, words, kinds, train_rows):
    known = numbers[train_rows]
    Z = (numbers - known.mean(dim=0)) / known.std(dim=0, correction=0)
    indicators = torch.tensor([[float(w == kind) for kind in kinds] for w in words])
    return torch.cat([Z.nan_to_num(0.0), numbers.isnan().float(), indicators], dim=1)


# %% prepare_table wrong "the flags are 1 where a value is known"
def prepare_table(numbers, words, kinds, train_rows):
    known = numbers[train_rows]
    mean = known.nanmean(dim=0)
    Z = ((numbers - mean) / ((known - mean) ** 2).nanmean(dim=0).sqrt()).nan_to_num(0.0)
    indicators = torch.tensor([[float(w == kind) for kind in kinds] for w in words])
    return torch.cat([Z, (~numbers.isnan()).float(), indicators], dim=1)


# %% prepare_table wrong "the flags of the holes are missing"
def prepare_table(numbers, words, kinds, train_rows):
    known = numbers[train_rows]
    mean = known.nanmean(dim=0)
    Z = ((numbers - mean) / ((known - mean) ** 2).nanmean(dim=0).sqrt()).nan_to_num(0.0)
    indicators = torch.tensor([[float(w == kind) for kind in kinds] for w in words])
    return torch.cat([Z, indicators], dim=1)


# %% prepare_table wrong "words become one column of numbers, which gives them an order"
def prepare_table(numbers, words, kinds, train_rows):
    known = numbers[train_rows]
    mean = known.nanmean(dim=0)
    Z = ((numbers - mean) / ((known - mean) ** 2).nanmean(dim=0).sqrt()).nan_to_num(0.0)
    codes = [[float(kinds.index(w)) if w in kinds else -1.0] for w in words]
    return torch.cat([Z, numbers.isnan().float(), torch.tensor(codes)], dim=1)


# %% prepare_table wrong "a word that isn't in the list is an error"
def prepare_table(numbers, words, kinds, train_rows):
    known = numbers[train_rows]
    mean = known.nanmean(dim=0)
    Z = ((numbers - mean) / ((known - mean) ** 2).nanmean(dim=0).sqrt()).nan_to_num(0.0)
    codes = torch.tensor([kinds.index(w) for w in words])
    return torch.cat(
        [Z, numbers.isnan().float(), F.one_hot(codes, len(kinds)).float()], dim=1
    )


# %% prepare_table wrong "the columns of words come in the order of the alphabet"
def prepare_table(numbers, words, kinds, train_rows):
    known = numbers[train_rows]
    mean = known.nanmean(dim=0)
    Z = ((numbers - mean) / ((known - mean) ** 2).nanmean(dim=0).sqrt()).nan_to_num(0.0)
    indicators = [[float(w == kind) for kind in sorted(kinds)] for w in words]
    return torch.cat([Z, numbers.isnan().float(), torch.tensor(indicators)], dim=1)


# %% prepare_table wrong "not divided by the deviation"
def prepare_table(numbers, words, kinds, train_rows):
    known = numbers[train_rows]
    mean = known.nanmean(dim=0)
    std = ((known - mean) ** 2).nanmean(dim=0).sqrt()
    Z = (numbers - mean).nan_to_num(0.0)
    indicators = torch.tensor([[float(w == kind) for kind in kinds] for w in words])
    return torch.cat([Z, numbers.isnan().float(), indicators], dim=1)


# %% prepare_table wrong "divided by the variance, not by the deviation"
def prepare_table(numbers, words, kinds, train_rows):
    known = numbers[train_rows]
    mean = known.nanmean(dim=0)
    std = ((known - mean) ** 2).nanmean(dim=0).sqrt()
    Z = ((numbers - mean) / std**2).nan_to_num(0.0)
    indicators = torch.tensor([[float(w == kind) for kind in kinds] for w in words])
    return torch.cat([Z, numbers.isnan().float(), indicators], dim=1)


# %% prepare_table wrong "a hole becomes 0 before the numbers are standardised, not after"
def prepare_table(numbers, words, kinds, train_rows):
    known = numbers[train_rows]
    mean = known.nanmean(dim=0)
    std = ((known - mean) ** 2).nanmean(dim=0).sqrt()
    Z = (numbers.nan_to_num(0.0) - mean) / std
    indicators = torch.tensor([[float(w == kind) for kind in kinds] for w in words])
    return torch.cat([Z, numbers.isnan().float(), indicators], dim=1)


# %% prepare_table wrong "the holes are looked for after they were filled"
def prepare_table(numbers, words, kinds, train_rows):
    known = numbers[train_rows]
    mean = known.nanmean(dim=0)
    std = ((known - mean) ** 2).nanmean(dim=0).sqrt()
    Z = ((numbers - mean) / std).nan_to_num(0.0)
    indicators = torch.tensor([[float(w == kind) for kind in kinds] for w in words])
    return torch.cat([Z, Z.isnan().float(), indicators], dim=1)


# %% prepare_table wrong "one flag for each row, not for each column"
def prepare_table(numbers, words, kinds, train_rows):
    known = numbers[train_rows]
    mean = known.nanmean(dim=0)
    std = ((known - mean) ** 2).nanmean(dim=0).sqrt()
    Z = ((numbers - mean) / std).nan_to_num(0.0)
    indicators = torch.tensor([[float(w == kind) for kind in kinds] for w in words])
    return torch.cat(
        [Z, numbers.isnan().any(dim=1, keepdim=True).float(), indicators], dim=1
    )


# %% prepare_table wrong "a word that isn't in the list counts as the last kind"
def prepare_table(numbers, words, kinds, train_rows):
    known = numbers[train_rows]
    mean = known.nanmean(dim=0)
    std = ((known - mean) ** 2).nanmean(dim=0).sqrt()
    Z = ((numbers - mean) / std).nan_to_num(0.0)
    indicators = torch.zeros(len(words), len(kinds))
    for i, word in enumerate(words):
        indicators[i, kinds.index(word) if word in kinds else -1] = 1
    return torch.cat([Z, numbers.isnan().float(), indicators], dim=1)


# %% prepare_table wrong "the median in place of the mean"
def prepare_table(numbers, words, kinds, train_rows):
    known = numbers[train_rows]
    mean = known.nanmedian(dim=0).values
    std = ((known - mean) ** 2).nanmean(dim=0).sqrt()
    Z = ((numbers - mean) / std).nan_to_num(0.0)
    indicators = torch.tensor([[float(w == kind) for kind in kinds] for w in words])
    return torch.cat([Z, numbers.isnan().float(), indicators], dim=1)


# %% prepare_table equivalent "flags join as numbers, and a square has no sign"
# return torch.cat([standard, hole.float(), torch.tensor(indicators)], dim=1) -> return torch.cat([standard, hole, torch.tensor(indicators)], dim=1)
# std = ((known - mean) ** 2).nanmean(dim=0).sqrt() -> std = ((mean - known) ** 2).nanmean(dim=0).sqrt()


# %% bias_variance hints [markdown]
# 1. `predictions` is (S, N). Along which axis do the training sets lie, and which shape
#    has the mean fit?
# 2. Bias compares the mean fit with the truth, variance compares each fit with the mean
#    fit. Square before you average, in both.
# 3. One mean over the training sets. Then two means of squares: of the mean fit minus
#    the truth, and of all predictions minus the mean fit.


# %% bias_variance right "with var and correction 0"
def bias_variance(predictions, truth):
    variance = predictions.var(dim=0, correction=0).mean()
    return (predictions.mean(dim=0) - truth).square().mean(), variance


# %% bias_variance right "the variance as mean of squares minus square of the mean"
def bias_variance(predictions, truth):
    S, N = predictions.shape
    mean = predictions.sum(dim=0) / S
    bias2 = (mean - truth).pow(2).sum() / N
    return bias2, ((predictions**2).sum() / S - (mean**2).sum()) / N


# %% bias_variance wrong "divided by S - 1 in the variance"
def bias_variance(predictions, truth):
    mean = predictions.mean(dim=0)
    S, N = predictions.shape
    total = ((predictions - mean) ** 2).sum()
    return ((mean - truth) ** 2).mean(), total / N / max(S - 1, 1)


# %% bias_variance wrong "the first number is the whole error: it holds the variance too"
def bias_variance(predictions, truth):
    mean = predictions.mean(dim=0)
    return ((predictions - truth) ** 2).mean(), ((predictions - mean) ** 2).mean()


# %% bias_variance wrong "the variance is measured around the truth, not the mean fit"
def bias_variance(predictions, truth):
    mean = predictions.mean(dim=0)
    return ((mean - truth) ** 2).mean(), ((predictions - truth) ** 2).mean()


# %% bias_variance wrong "the bias is averaged over the points before it is squared"
def bias_variance(predictions, truth):
    mean = predictions.mean(dim=0)
    return (mean - truth).mean() ** 2, ((predictions - mean) ** 2).mean()


# %% bias_variance wrong "the bias isn't squared"
def bias_variance(predictions, truth):
    mean = predictions.mean(dim=0)
    return (mean - truth).mean(), ((predictions - mean) ** 2).mean()


# %% bias_variance wrong "the variance is taken over the points, not the training sets"
def bias_variance(predictions, truth):
    mean = predictions.mean(dim=0)
    return ((mean - truth) ** 2).mean(), predictions.var(dim=1, correction=0).mean()


# %% bias_variance wrong "the two numbers come in the other order"
def bias_variance(predictions, truth):
    mean = predictions.mean(dim=0)
    return ((predictions - mean) ** 2).mean(), ((mean - truth) ** 2).mean()


# %% bias_variance wrong "one number for each point, not their mean"
def bias_variance(predictions, truth):
    mean = predictions.mean(dim=0)
    return (mean - truth) ** 2, ((predictions - mean) ** 2).mean(dim=0)


# %% bias_variance wrong "the standard deviation in place of the variance"
def bias_variance(predictions, truth):
    mean = predictions.mean(dim=0)
    return ((mean - truth) ** 2).mean(), predictions.std(dim=0, correction=0).mean()


# %% bias_variance wrong "both means are taken over the points, not the training sets"
def bias_variance(predictions, truth):
    mean = predictions.mean(dim=1, keepdim=True)
    return ((mean - truth) ** 2).mean(), ((predictions - mean) ** 2).mean()


# %% bias_variance wrong "one mean of all predictions, where each point has its own"
def bias_variance(predictions, truth):
    mean = predictions.mean()
    return ((mean - truth) ** 2).mean(), ((predictions - mean) ** 2).mean()


# %% bias_variance wrong "absolute values in place of squares"
def bias_variance(predictions, truth):
    mean = predictions.mean(dim=0)
    return (mean - truth).abs().mean(), ((predictions - mean) ** 2).mean()


# %% bias_variance wrong "the variance of the mean fit from point to point"
def bias_variance(predictions, truth):
    mean = predictions.mean(dim=0)
    return ((mean - truth) ** 2).mean(), mean.var(correction=0)


# %% bias_variance wrong "plain numbers where tensors are asked"
def bias_variance(predictions, truth):
    mean = predictions.mean(dim=0)
    bias2, variance = ((mean - truth) ** 2).mean(), ((predictions - mean) ** 2).mean()
    return bias2.item(), variance.item()


# %% bias_variance equivalent "a square has no sign"
# return (((mean - truth) ** 2).mean(), ((predictions - mean) ** 2).mean()) -> return (((mean - truth) ** 2).mean(), ((mean - predictions) ** 2).mean())
# return (((mean - truth) ** 2).mean(), ((predictions - mean) ** 2).mean()) -> return (((truth - mean) ** 2).mean(), ((predictions - mean) ** 2).mean())


# %% l2_penalty hints [markdown]
# 1. Which tensors of the list have to pay, and how do you see that in their shape?
# 2. The half is there for the derivative: the slope of half a square is the number
#    itself. A bias still has an entry in the list of gradients.
# 3. Walk through the list once. For a weight add half the price times the sum of its
#    squares, and append price times weight; for a bias append zeros of its shape.


# %% l2_penalty right "with list comprehensions"
def l2_penalty(params, lam):
    squares = [(p * p).sum() for p in params if p.ndim >= 2]
    gradients = [lam * p * (p.ndim >= 2) for p in params]
    return torch.stack([torch.tensor(0.0), *squares]).sum() * lam / 2, gradients


# %% l2_penalty right "the penalty from the gradients"
def l2_penalty(params, lam):
    slopes = [lam * p if p.ndim > 1 else torch.zeros(p.shape) for p in params]
    pairs = zip(params, slopes, strict=True)
    total = sum(((p * slope).sum() for p, slope in pairs), torch.tensor(0.0))
    return total / 2, slopes


# %% l2_penalty wrong "the biases pay, too"
def l2_penalty(params, lam):
    total = sum((p**2).sum() for p in params)
    return lam / 2 * total, [lam * p for p in params]


# %% l2_penalty wrong "the factor 1/2 of the penalty is missing"
def l2_penalty(params, lam):
    total = sum(((p**2).sum() for p in params if p.ndim > 1), torch.tensor(0.0))
    return lam * total, [lam * p * (p.ndim > 1) for p in params]


# %% l2_penalty wrong "a factor 2 in the gradient, as if the penalty had no 1/2"
def l2_penalty(params, lam):
    total = sum(((p**2).sum() for p in params if p.ndim > 1), torch.tensor(0.0))
    return lam / 2 * total, [2 * lam * p * (p.ndim > 1) for p in params]


# %% l2_penalty wrong "half the gradient: the slope of a square forgotten"
def l2_penalty(params, lam):
    total = sum(((p**2).sum() for p in params if p.ndim > 1), torch.tensor(0.0))
    return lam / 2 * total, [lam / 2 * p * (p.ndim > 1) for p in params]


# %% l2_penalty wrong "the norm is not squared"
def l2_penalty(params, lam):
    total = sum(((p**2).sum() for p in params if p.ndim > 1), torch.tensor(0.0))
    return lam / 2 * total.sqrt(), [lam * p * (p.ndim > 1) for p in params]


# %% l2_penalty wrong "the mean of the squares where their sum is asked"
def l2_penalty(params, lam):
    total = sum(((p**2).mean() for p in params if p.ndim > 1), torch.tensor(0.0))
    return lam / 2 * total, [lam * p * (p.ndim > 1) for p in params]


# %% l2_penalty wrong "that is L1: absolute values and signs"
def l2_penalty(params, lam):
    total = sum((p.abs().sum() for p in params if p.ndim > 1), torch.tensor(0.0))
    return lam * total, [lam * p.sign() * (p.ndim > 1) for p in params]


# %% l2_penalty wrong "the biases have no entry in the list of gradients"
def l2_penalty(params, lam):
    weights = [p for p in params if p.ndim > 1]
    total = sum(((p**2).sum() for p in weights), torch.tensor(0.0))
    return lam / 2 * total, [lam * p for p in weights]


# %% l2_penalty wrong "only the first weight is counted"
def l2_penalty(params, lam):
    weights = [p for p in params if p.ndim > 1][:1]
    total = sum(((p**2).sum() for p in weights), torch.tensor(0.0))
    return lam / 2 * total, [lam * p * (p.ndim > 1) for p in params]


# %% l2_penalty wrong "only tables of two axes count as weights"
def l2_penalty(params, lam):
    total = sum(((p**2).sum() for p in params if p.ndim == 2), torch.tensor(0.0))
    return lam / 2 * total, [lam * p * (p.ndim == 2) for p in params]


# %% l2_penalty wrong "the factor 1/2 is missing in the penalty and in its slope"
def l2_penalty(params, lam):
    total = sum(((p**2).sum() for p in params if p.ndim > 1), torch.tensor(0.0))
    return lam * total, [2 * lam * p * (p.ndim > 1) for p in params]


# %% l2_penalty wrong "the penalty isn't multiplied by the price"
def l2_penalty(params, lam):
    total = sum(((p**2).sum() for p in params if p.ndim > 1), torch.tensor(0.0))
    return total / 2, [lam * p * (p.ndim > 1) for p in params]


# %% l2_penalty wrong "the gradient isn't multiplied by the price"
def l2_penalty(params, lam):
    total = sum(((p**2).sum() for p in params if p.ndim > 1), torch.tensor(0.0))
    return lam / 2 * total, [p * (p.ndim > 1) for p in params]


# %% l2_penalty wrong "the sum is squared, not each weight"
def l2_penalty(params, lam):
    total = sum((p.sum() ** 2 for p in params if p.ndim > 1), torch.tensor(0.0))
    return lam / 2 * total, [lam * p * (p.ndim > 1) for p in params]


# %% l2_penalty wrong "only the last weight is counted"
def l2_penalty(params, lam):
    total = torch.tensor(0.0)
    for p in params:
        if p.ndim > 1:
            total = (p**2).sum()
    return lam / 2 * total, [lam * p * (p.ndim > 1) for p in params]


# %% l2_penalty wrong "every second tensor is taken for a weight, whatever its axes"
def l2_penalty(params, lam):
    total = sum(((p**2).sum() for p in params[::2]), torch.tensor(0.0))
    return lam / 2 * total, [lam * p * (i % 2 == 0) for i, p in enumerate(params)]


# %% l2_penalty wrong "None where a bias has a gradient of zeros"
def l2_penalty(params, lam):
    total = sum(((p**2).sum() for p in params if p.ndim > 1), torch.tensor(0.0))
    return lam / 2 * total, [lam * p if p.ndim > 1 else None for p in params]


# %% decay_step hints [markdown]
# 1. A weight of 5 with gradient 10, lr 0.1, decay 2: what does each of the two changes
#    make of it, and in which order do they come?
# 2. Both changes work on the tensor itself, while autograd looks away. The gradient is
#    only read. The factor holds the rate and the decay.
# 3. Without recording gradients, go through the list, past tensors whose gradient is
#    None. Shrink those with two axes or more; then subtract the scaled gradient from
#    all.


# %% decay_step right "with mul_ and sub_"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is None:
                continue
            if len(p.shape) >= 2:
                p.mul_(1 - lr * lam)
            p.sub_(p.grad, alpha=lr)


# %% decay_step right "the penalty's gradient added to a copy"
@torch.no_grad()
def decay_step(params, lr, lam):
    for p in params:
        if p.grad is not None:
            slope = p.grad + lam * p if p.ndim > 1 else p.grad
            p.copy_(p - lr * slope)


# %% decay_step wrong "the biases decay, too"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p *= 1 - lr * lam
                p -= lr * p.grad


# %% decay_step wrong "the decay isn't multiplied by the learning rate"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                if p.ndim > 1:
                    p *= 1 - lam
                p -= lr * p.grad


# %% decay_step wrong "the weights grow: the sign of the decay"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                if p.ndim > 1:
                    p *= 1 + lr * lam
                p -= lr * p.grad


# %% decay_step wrong "the decay comes after the step and shrinks it as well"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= lr * p.grad
                if p.ndim > 1:
                    p *= 1 - lr * lam


# %% decay_step wrong "tensors without a gradient decay, too"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.ndim > 1:
                p *= 1 - lr * lam
            if p.grad is not None:
                p -= lr * p.grad


# %% decay_step wrong "a tensor without a gradient is an error"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.ndim > 1:
                p *= 1 - lr * lam
            p -= lr * p.grad


# %% decay_step wrong "no decay at all"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= lr * p.grad


# %% decay_step wrong "the gradients are changed: the penalty is added in place"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                if p.ndim > 1:
                    p.grad += lam * p
                p -= lr * p.grad


# %% decay_step wrong "the gradients are set to zero"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                if p.ndim > 1:
                    p *= 1 - lr * lam
                p -= lr * p.grad
                p.grad.zero_()


# %% decay_step wrong "new tensors are made, those of the caller stay as they were"
def decay_step(params, lr, lam):
    for p in params:
        if p.grad is not None:
            if p.ndim > 1:
                p = p * (1 - lr * lam)
            p = p - lr * p.grad if p.grad is not None else p


# %% decay_step wrong "a factor 2 in the decay, as if the penalty had no 1/2"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                if p.ndim > 1:
                    p *= 1 - 2 * lr * lam
                p -= lr * p.grad


# %% decay_step wrong "autograd is still recording while a parameter is changed"
def decay_step(params, lr, lam):
    for p in params:
        if p.grad is not None:
            if p.ndim > 1:
                p *= 1 - lr * lam
            p -= lr * p.grad


# %% decay_step wrong "multiplied by the decay itself: almost nothing of a weight is left"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                if p.ndim > 1:
                    p *= lr * lam
                p -= lr * p.grad


# %% decay_step wrong "only tables of two axes decay"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                if p.ndim == 2:
                    p *= 1 - lr * lam
                p -= lr * p.grad


# %% decay_step wrong "what follows a tensor without a gradient is left out"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is None:
                break
            if p.ndim > 1:
                p *= 1 - lr * lam
            p -= lr * p.grad


# %% decay_step wrong "the gradient isn't multiplied by the learning rate"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                if p.ndim > 1:
                    p *= 1 - lr * lam
                p -= p.grad


# %% decay_step wrong "the decay is multiplied by the learning rate twice"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                slope = p.grad + lr * lam * p if p.ndim > 1 else p.grad
                p -= lr * slope


# %% decay_step wrong "the step goes up the slope"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                if p.ndim > 1:
                    p *= 1 - lr * lam
                p += lr * p.grad


# %% decay_step wrong "the parameters are returned, where nothing is asked"
def decay_step(params, lr, lam):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                if p.ndim > 1:
                    p *= 1 - lr * lam
                p -= lr * p.grad
    return params


# %% drop_channels hints [markdown]
# 1. `u` is (N, C) and `X` is (N, C, H, W). How many numbers of `X` does one number of
#    `u` decide about, and which axes must the mask get?
# 2. Two cases need no mask: test time, where nothing is dropped or scaled, and p = 1,
#    where the scale would be a division by zero.
# 3. Make the mask from u and p, give it two axes of size 1 at the end, multiply, and
#    divide by the probability of staying.


# %% drop_channels right "with where and unsqueeze"
def drop_channels(X, u, p, training):
    if not training or p == 0:
        return X.clone()
    stays = (u >= p).unsqueeze(-1).unsqueeze(-1).expand_as(X)
    return torch.where(stays, X / max(1 - p, 1e-9), torch.zeros_like(X))


# %% drop_channels right "with einsum and a scale for each channel"
def drop_channels(X, u, p, training):
    if not training:
        return X
    scale = (u >= p).float() / (1 - p) if p < 1 else torch.zeros_like(u)
    return torch.einsum("nchw,nc->nchw", X, scale)


# %% drop_channels wrong "no division by 1 - p: the mean shrinks in training"
def drop_channels(X, u, p, training):
    if not training:
        return X
    return X * (u >= p)[:, :, None, None]


# %% drop_channels wrong "dropout is left on at test time"
def drop_channels(X, u, p, training):
    if p == 1:
        return torch.zeros_like(X)
    return X * (u >= p)[:, :, None, None] / (1 - p)


# %% drop_channels wrong "dropout works at test time and is off while training"
def drop_channels(X, u, p, training):
    if training:
        return X
    if p == 1:
        return torch.zeros_like(X)
    return X * (u >= p)[:, :, None, None] / (1 - p)


# %% drop_channels wrong "scaled once more at test time"
def drop_channels(X, u, p, training):
    if not training:
        return X * (1 - p)
    if p == 1:
        return torch.zeros_like(X)
    return X * (u >= p)[:, :, None, None] / (1 - p)


# %% drop_channels wrong "the older kind: scaled at test time, not in training"
def drop_channels(X, u, p, training):
    if not training:
        return X * (1 - p)
    return X * (u >= p)[:, :, None, None]


# %% drop_channels wrong "the mask is turned round: p is the probability of staying"
def drop_channels(X, u, p, training):
    if not training:
        return X
    if p == 1:
        return torch.zeros_like(X)
    return X * (u < p)[:, :, None, None] / (1 - p)


# %% drop_channels wrong "divided by p, not by 1 - p"
def drop_channels(X, u, p, training):
    if not training:
        return X
    return X * (u >= p)[:, :, None, None] / max(p, 1e-9)


# %% drop_channels wrong "multiplied by 1 - p where a division is asked"
def drop_channels(X, u, p, training):
    if not training:
        return X
    return X * (u >= p)[:, :, None, None] * (1 - p)


# %% drop_channels wrong "all examples lose the same channels"
def drop_channels(X, u, p, training):
    if not training:
        return X
    if p == 1:
        return torch.zeros_like(X)
    return X * (u[:1] >= p)[:, :, None, None] / (1 - p)


# %% drop_channels wrong "whole examples are dropped, not channels"
def drop_channels(X, u, p, training):
    if not training:
        return X
    if p == 1:
        return torch.zeros_like(X)
    return X * (u[:, :1] >= p)[:, :, None, None] / (1 - p)


# %% drop_channels wrong "p = 1 gives 0 / 0, which is no number"
def drop_channels(X, u, p, training):
    if not training:
        return X
    return X * (u >= p)[:, :, None, None] / (1 - p)


# %% drop_channels wrong "a channel with u equal to p is dropped"
def drop_channels(X, u, p, training):
    if not training:
        return X
    if p == 1:
        return torch.zeros_like(X)
    return X * (u > p)[:, :, None, None] / (1 - p)


# %% drop_channels wrong "scaled by the share that did stay, not by its probability"
def drop_channels(X, u, p, training):
    if not training:
        return X
    stays = (u >= p).float()
    return X * stays[:, :, None, None] / stays.mean().clamp(min=1e-9)


# %% drop_channels wrong "the mask has no axes for height and width"
def drop_channels(X, u, p, training):
    if not training:
        return X
    if p == 1:
        return torch.zeros_like(X)
    return X * (u >= p) / (1 - p)


# %% drop_channels wrong "each value has a random number of its own; `u` isn't used"
def drop_channels(X, u, p, training):
    if not training:
        return X
    mask = (torch.rand(X.shape) >= p).to(X)
    return mask * X / (1 - p)


# %% drop_channels wrong "the random numbers are drawn anew; `u` isn't used"
def drop_channels(X, u, p, training):
    if not training:
        return X
    u = torch.rand(X.shape[:2])
    return X * (u >= p)[:, :, None, None] / (1 - p)


# %% drop_channels wrong "multiplied by the random numbers themselves"
def drop_channels(X, u, p, training):
    if not training:
        return X
    if p == 1:
        return torch.zeros_like(X)
    return X * u[:, :, None, None] / (1 - p)


# %% drop_channels wrong "with p = 1 all is 0 at test time, too"
def drop_channels(X, u, p, training):
    if p == 1:
        return torch.zeros_like(X)
    if not training:
        return X
    return X * (u >= p)[:, :, None, None] / (1 - p)


# %% early_stop hints [markdown]
# 1. Which two numbers must you remember from epoch to epoch, and which of them does the
#    patience look at?
# 2. Compare each loss with that of the last new best, lowered by `min_delta`, not with
#    the epoch before. The distance from the last new best, in epochs, is what runs out.
# 3. Loop over the epochs, counted from 1. A new best updates loss and epoch. After
#    that, stop if it lies `patience` epochs back. Return the kept epoch and the last
#    one run.


# %% early_stop right "with a counter of bad epochs"
def early_stop(valid_losses, patience, min_delta):
    best, kept, bad = valid_losses[0], 1, 0
    for epoch in range(2, len(valid_losses) + 1):
        if best - valid_losses[epoch - 1] > min_delta:
            best, kept, bad = valid_losses[epoch - 1], epoch, 0
        else:
            bad += 1
        if bad == patience:
            return kept, epoch
    return kept, len(valid_losses)


# %% early_stop right "with a while loop"
def early_stop(valid_losses, patience, min_delta):
    kept, run = 1, 1
    while run < len(valid_losses) and run - kept < patience:
        run += 1
        if valid_losses[run - 1] < valid_losses[kept - 1] - min_delta:
            kept = run
    return kept, run


# %% early_stop wrong "training stops at the first bad epoch"
def early_stop(valid_losses, patience, min_delta):
    lowest, kept = float("inf"), 0
    for epoch, loss in enumerate(valid_losses, start=1):
        if loss < lowest - min_delta:
            lowest, kept = loss, epoch
        else:
            break
    return kept, epoch


# %% early_stop wrong "the last epoch is kept, not the best one"
def early_stop(valid_losses, patience, min_delta):
    lowest, kept = float("inf"), 0
    for epoch, loss in enumerate(valid_losses, start=1):
        if loss < lowest - min_delta:
            lowest, kept = loss, epoch
        if epoch - kept >= patience:
            break
    return epoch, epoch


# %% early_stop wrong "epochs are counted from 0"
def early_stop(valid_losses, patience, min_delta):
    lowest, kept = float("inf"), 0
    for epoch, loss in enumerate(valid_losses):
        if loss < lowest - min_delta:
            lowest, kept = loss, epoch
        if epoch - kept >= patience:
            break
    return kept, epoch


# %% early_stop wrong "`min_delta` is left out"
def early_stop(valid_losses, patience, min_delta):
    lowest, kept = float("inf"), 0
    for epoch, loss in enumerate(valid_losses, start=1):
        if loss < lowest:
            lowest, kept = loss, epoch
        if epoch - kept >= patience:
            break
    return kept, epoch


# %% early_stop wrong "compared with the epoch before, not with the best one"
def early_stop(valid_losses, patience, min_delta):
    before, kept = float("inf"), 0
    for epoch, loss in enumerate(valid_losses, start=1):
        if loss < before - min_delta:
            kept = epoch
        before = loss
        if epoch - kept >= patience:
            break
    return kept, epoch


# %% early_stop wrong "one epoch too many: the patience must be exceeded"
def early_stop(valid_losses, patience, min_delta):
    lowest, kept = float("inf"), 0
    for epoch, loss in enumerate(valid_losses, start=1):
        if loss < lowest - min_delta:
            lowest, kept = loss, epoch
        if epoch - kept > patience:
            break
    return kept, epoch


# %% early_stop wrong "the lowest loss of all is kept: training knows the future"
def early_stop(valid_losses, patience, min_delta):
    return valid_losses.index(min(valid_losses)) + 1, len(valid_losses)


# %% early_stop wrong "an equal loss counts as a new best"
def early_stop(valid_losses, patience, min_delta):
    lowest, kept = float("inf"), 0
    for epoch, loss in enumerate(valid_losses, start=1):
        if loss <= lowest - min_delta:
            lowest, kept = loss, epoch
        if epoch - kept >= patience:
            break
    return kept, epoch


# %% early_stop wrong "bad epochs are counted in all, not since the last new best"
def early_stop(valid_losses, patience, min_delta):
    lowest, kept, bad = float("inf"), 0, 0
    for epoch, loss in enumerate(valid_losses, start=1):
        if loss < lowest - min_delta:
            lowest, kept = loss, epoch
        else:
            bad += 1
        if bad >= patience:
            break
    return kept, epoch


# %% early_stop wrong "the highest value is taken for the best: these are losses"
def early_stop(valid_losses, patience, min_delta):
    highest, kept = -float("inf"), 0
    for epoch, loss in enumerate(valid_losses, start=1):
        if loss > highest + min_delta:
            highest, kept = loss, epoch
        if epoch - kept >= patience:
            break
    return kept, epoch


# %% early_stop wrong "`min_delta` has the wrong sign: a worse loss can be a new best"
def early_stop(valid_losses, patience, min_delta):
    lowest, kept = float("inf"), 0
    for epoch, loss in enumerate(valid_losses, start=1):
        if epoch == 1 or loss < lowest + min_delta:
            lowest, kept = loss, epoch
        if epoch - kept >= patience:
            break
    return kept, epoch


# %% early_stop wrong "the loss to beat falls without a new best"
def early_stop(valid_losses, patience, min_delta):
    lowest, kept = float("inf"), 0
    for epoch, loss in enumerate(valid_losses, start=1):
        if loss < lowest - min_delta:
            kept = epoch
        lowest = min(lowest, loss)
        if epoch - kept >= patience:
            break
    return kept, epoch


# %% early_stop wrong "`min_delta` is taken for a share of the loss"
def early_stop(valid_losses, patience, min_delta):
    lowest, kept = float("inf"), 0
    for epoch, loss in enumerate(valid_losses, start=1):
        if loss < lowest * (1 - min_delta):
            lowest, kept = loss, epoch
        if epoch - kept >= patience:
            break
    return kept, epoch


# %% early_stop wrong "the two numbers come in the other order"
def early_stop(valid_losses, patience, min_delta):
    lowest, kept = float("inf"), 0
    for epoch, loss in enumerate(valid_losses, start=1):
        if loss < lowest - min_delta:
            lowest, kept = loss, epoch
        if epoch - kept >= patience:
            break
    return epoch, kept


# %% early_stop wrong "the loss is returned, where its epoch is asked"
def early_stop(valid_losses, patience, min_delta):
    lowest, kept = float("inf"), 0
    for epoch, loss in enumerate(valid_losses, start=1):
        if loss < lowest - min_delta:
            lowest, kept = loss, epoch
        if epoch - kept >= patience:
            break
    return lowest, epoch


# %% early_stop wrong "it stops before it has looked at the epoch's loss"
def early_stop(valid_losses, patience, min_delta):
    lowest, kept = float("inf"), 1
    for epoch, loss in enumerate(valid_losses, start=1):
        if epoch - kept >= patience:
            break
        if loss < lowest - min_delta:
            lowest, kept = loss, epoch
    return kept, epoch


# %% early_stop wrong "the patience is added, though the losses end before"
def early_stop(valid_losses, patience, min_delta):
    lowest, kept = float("inf"), 0
    for epoch, loss in enumerate(valid_losses, start=1):
        if loss < lowest - min_delta:
            lowest, kept = loss, epoch
        if epoch - kept >= patience:
            break
    return kept, kept + patience


# %% early_stop equivalent "the first epoch is always a new best"
# lowest, kept = (float('inf'), 0) -> lowest, kept = (float('inf'), 1)


# %% choose_price hints [markdown]
# 1. Which of the three sets does the program never look at, and which one does it use
#    for two jobs?
# 2. Three jobs, three sets: one for the weights, one for the choice, one for the
#    report. The error that decides is not the error that is returned.
# 3. For each price: fit on the first set, compare the error on the second. Whenever it
#    is lower than before, note the price and the error on the third. Return these two.


# %% choose_price right "first all errors, then the choice"
def choose_price(train, valid, test, prices):
    fits = [fit_ridge(*train, price) for price in prices]
    errors = [squared_error(*valid, w) for w in fits]
    best = errors.index(min(errors))
    return prices[best], squared_error(*test, fits[best])


# %% choose_price right "with min and a key"
def choose_price(train, valid, test, prices):
    def error_on(data, price):
        X, y = data
        return F.mse_loss(X @ fit_ridge(*train, price), y).item()

    price = min(prices, key=lambda price: error_on(valid, price))
    return price, error_on(test, price)


# %% choose_price wrong "the code as given: the price is chosen on the test set"
def choose_price(train, valid, test, prices):
    best_price, lowest = None, float("inf")
    for price in prices:
        w = fit_ridge(*train, price)
        error = squared_error(*test, w)
        if error < lowest:
            best_price, lowest = price, error
    return best_price, lowest


# %% choose_price wrong "the error that was used to choose is reported"
def choose_price(train, valid, test, prices):
    errors = [squared_error(*valid, fit_ridge(*train, price)) for price in prices]
    return prices[errors.index(min(errors))], min(errors)


# %% choose_price wrong "the price is chosen on the training set"
def choose_price(train, valid, test, prices):
    errors = [squared_error(*train, fit_ridge(*train, price)) for price in prices]
    price = prices[errors.index(min(errors))]
    return price, squared_error(*test, fit_ridge(*train, price))


# %% choose_price wrong "validation and test set are swapped"
def choose_price(train, valid, test, prices):
    errors = [squared_error(*test, fit_ridge(*train, price)) for price in prices]
    price = prices[errors.index(min(errors))]
    return price, squared_error(*valid, fit_ridge(*train, price))


# %% choose_price wrong "the lowest test error is reported, whatever price was chosen"
def choose_price(train, valid, test, prices):
    fits = [fit_ridge(*train, price) for price in prices]
    errors = [squared_error(*valid, w) for w in fits]
    price = prices[errors.index(min(errors))]
    return price, min(squared_error(*test, w) for w in fits)


# %% choose_price wrong "the weights were learned from the validation set, too"
def choose_price(train, valid, test, prices):
    errors = [squared_error(*valid, fit_ridge(*train, price)) for price in prices]
    price = prices[errors.index(min(errors))]
    X, y = torch.cat([train[0], valid[0]]), torch.cat([train[1], valid[1]])
    return price, squared_error(*test, fit_ridge(X, y, price))


# %% choose_price wrong "the price with the highest error is chosen"
def choose_price(train, valid, test, prices):
    errors = [squared_error(*valid, fit_ridge(*train, price)) for price in prices]
    price = prices[errors.index(max(errors))]
    return price, squared_error(*test, fit_ridge(*train, price))


# %% choose_price wrong "the report is the last price's error, not the chosen one's"
def choose_price(train, valid, test, prices):
    best_price, lowest = None, float("inf")
    for price in prices:
        w = fit_ridge(*train, price)
        error = squared_error(*valid, w)
        if error < lowest:
            best_price, lowest = price, error
    return best_price, squared_error(*test, w)


# %% choose_price wrong "the position of the price is returned, not the price"
def choose_price(train, valid, test, prices):
    errors = [squared_error(*valid, fit_ridge(*train, price)) for price in prices]
    i = errors.index(min(errors))
    return i, squared_error(*test, fit_ridge(*train, prices[i]))


# %% choose_price wrong "of equally good prices the last one is chosen"
def choose_price(train, valid, test, prices):
    errors = [squared_error(*valid, fit_ridge(*train, price)) for price in prices]
    best = max(i for i, error in enumerate(errors) if error == min(errors))
    return prices[best], squared_error(*test, fit_ridge(*train, prices[best]))


# %% choose_price wrong "the test errors have a say in the choice"
def choose_price(train, valid, test, prices):
    fits = [fit_ridge(*train, price) for price in prices]
    errors = [squared_error(*valid, w) + squared_error(*test, w) for w in fits]
    best = errors.index(min(errors))
    return prices[best], squared_error(*test, fits[best])


# %% choose_price wrong "the weights are learned from the validation set"
def choose_price(train, valid, test, prices):
    fits = [fit_ridge(*valid, price) for price in prices]
    errors = [squared_error(*valid, w) for w in fits]
    best = errors.index(min(errors))
    return prices[best], squared_error(*test, fits[best])


# %% choose_price wrong "the weights are learned from the test set, too"
def choose_price(train, valid, test, prices):
    X, y = torch.cat([train[0], test[0]]), torch.cat([train[1], test[1]])
    fits = [fit_ridge(X, y, price) for price in prices]
    errors = [squared_error(*valid, w) for w in fits]
    best = errors.index(min(errors))
    return prices[best], squared_error(*test, fits[best])


# %% choose_price wrong "the training error is reported"
def choose_price(train, valid, test, prices):
    fits = [fit_ridge(*train, price) for price in prices]
    errors = [squared_error(*valid, w) for w in fits]
    best = errors.index(min(errors))
    return prices[best], squared_error(*train, fits[best])


# %% choose_price wrong "the report is the mean over all prices"
def choose_price(train, valid, test, prices):
    fits = [fit_ridge(*train, price) for price in prices]
    errors = [squared_error(*valid, w) for w in fits]
    price = prices[errors.index(min(errors))]
    return price, sum(squared_error(*test, w) for w in fits) / len(fits)


# %% choose_price wrong "the price on the weights is counted into the validation error"
def choose_price(train, valid, test, prices):
    fits = [fit_ridge(*train, price) for price in prices]
    paid = [p * (w**2).sum().item() for p, w in zip(prices, fits, strict=True)]
    errors = [squared_error(*valid, w) + q for w, q in zip(fits, paid, strict=True)]
    best = errors.index(min(errors))
    return prices[best], squared_error(*test, fits[best])


# %% decay_groups hints [markdown]
# 1. A LayerNorm has a parameter that is called weight. How many axes does it have, and
#    in which group does it belong?
# 2. The net itself hands out all parameters, however deep they lie. What sorts them is
#    their number of axes, not their name.
# 3. Two lists from one walk over the parameters: two axes or more, and the rest. Put
#    each into a dict with its decay, the given one first, then 0.0.


# %% decay_groups right "sorted in a loop over the names"
def decay_groups(net, lam):
    heavy, free = [], []
    for _, param in net.named_parameters():
        (heavy if len(param.shape) >= 2 else free).append(param)
    return [dict(params=heavy, weight_decay=lam), dict(params=free, weight_decay=0.0)]


# %% decay_groups right "with filter"
def decay_groups(net, lam):
    heavy = list(filter(lambda p: p.dim() > 1, net.parameters()))
    free = list(filter(lambda p: p.dim() < 2, net.parameters()))
    first = {"params": heavy, "weight_decay": lam}
    return [first, {"params": free, "weight_decay": 0.0}]


# %% decay_groups wrong "sorted by name: the scale of a normalisation decays"
def decay_groups(net, lam):
    named = list(net.named_parameters())
    heavy = [p for name, p in named if "bias" not in name]
    free = [p for name, p in named if "bias" in name]
    first = {"params": heavy, "weight_decay": lam}
    return [first, {"params": free, "weight_decay": 0.0}]


# %% decay_groups wrong "the two decays are swapped"
def decay_groups(net, lam):
    params = list(net.parameters())
    first = {"params": [p for p in params if p.ndim > 1], "weight_decay": 0.0}
    return [first, {"params": [p for p in params if p.ndim < 2], "weight_decay": lam}]


# %% decay_groups wrong "the groups stand in the other order"
def decay_groups(net, lam):
    params = list(net.parameters())
    first = {"params": [p for p in params if p.ndim < 2], "weight_decay": 0.0}
    return [first, {"params": [p for p in params if p.ndim > 1], "weight_decay": lam}]


# %% decay_groups wrong "everything is in one group that decays"
def decay_groups(net, lam):
    first = {"params": list(net.parameters()), "weight_decay": lam}
    return [first, {"params": [], "weight_decay": 0.0}]


# %% decay_groups wrong "nested layers are passed over"
def decay_groups(net, lam):
    params = [p for layer in net.children() for p in layer.parameters(recurse=False)]
    first = {"params": [p for p in params if p.ndim > 1], "weight_decay": lam}
    return [first, {"params": [p for p in params if p.ndim < 2], "weight_decay": 0.0}]


# %% decay_groups wrong "the second group decays like the first"
def decay_groups(net, lam):
    params = list(net.parameters())
    first = {"params": [p for p in params if p.ndim > 1], "weight_decay": lam}
    return [first, {"params": [p for p in params if p.ndim < 2], "weight_decay": lam}]


# %% decay_groups wrong "only tables of two axes count as weights"
def decay_groups(net, lam):
    params = list(net.parameters())
    first = {"params": [p for p in params if p.ndim == 2], "weight_decay": lam}
    return [first, {"params": [p for p in params if p.ndim != 2], "weight_decay": 0.0}]


# %% decay_groups wrong "the group that doesn't decay is missing"
def decay_groups(net, lam):
    params = [p for p in net.parameters() if p.ndim > 1]
    return [{"params": params, "weight_decay": lam}]


# %% decay_groups wrong "only linear layers are looked at"
def decay_groups(net, lam):
    layers = [m for m in net.modules() if isinstance(m, nn.Linear)]
    params = [p for layer in layers for p in layer.parameters()]
    first = {"params": [p for p in params if p.ndim > 1], "weight_decay": lam}
    return [first, {"params": [p for p in params if p.ndim < 2], "weight_decay": 0.0}]


# %% decay_groups wrong "the second walk finds nothing: a generator is used up"
def decay_groups(net, lam):
    params = net.parameters()
    first = {"params": [p for p in params if p.ndim > 1], "weight_decay": lam}
    return [first, {"params": [p for p in params if p.ndim < 2], "weight_decay": 0.0}]


# %% decay_groups wrong "copies: an optimiser would train them, and not the net"
def decay_groups(net, lam):
    params = [p.clone() for p in net.parameters()]
    first = {"params": [p for p in params if p.ndim > 1], "weight_decay": lam}
    return [first, {"params": [p for p in params if p.ndim < 2], "weight_decay": 0.0}]


# %% decay_groups wrong "names in place of parameters"
def decay_groups(net, lam):
    named = list(net.named_parameters())
    heavy = [name for name, p in named if p.ndim > 1]
    free = [name for name, p in named if p.ndim < 2]
    first = {"params": heavy, "weight_decay": lam}
    return [first, {"params": free, "weight_decay": 0.0}]


# %% decay_groups wrong "the scales are in neither group"
def decay_groups(net, lam):
    named = list(net.named_parameters())
    first = {"params": [p for _, p in named if p.ndim > 1], "weight_decay": lam}
    free = [p for name, p in named if "bias" in name]
    return [first, {"params": free, "weight_decay": 0.0}]


# %% decay_groups wrong "the second group doesn't say how it decays"
def decay_groups(net, lam):
    params = list(net.parameters())
    first = {"params": [p for p in params if p.ndim > 1], "weight_decay": lam}
    return [first, {"params": [p for p in params if p.ndim < 2]}]


# %% decay_groups wrong "a layer without a bias puts None into the list"
def decay_groups(net, lam):
    layers = [m for m in net.modules() if isinstance(m, nn.Linear)]
    first = {"params": [m.weight for m in layers], "weight_decay": lam}
    return [first, {"params": [m.bias for m in layers], "weight_decay": 0.0}]


# %% decay_groups wrong "a group without parameters is left out"
def decay_groups(net, lam):
    params = list(net.parameters())
    first = {"params": [p for p in params if p.ndim > 1], "weight_decay": lam}
    second = {"params": [p for p in params if p.ndim < 2], "weight_decay": 0.0}
    return [group for group in (first, second) if group["params"]]
