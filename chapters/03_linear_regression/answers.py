# %% synthetic_data hints [markdown]
# 1. How large is the deviation of the noise when `sigma` is 0.5, and how many draws of
#    noise do 7 examples need?
# 2. A number from the standard normal distribution has deviation 1; multiplied by a
#    factor, its deviation is multiplied too. Draw the noise in the shape of `y`, so
#    that each example gets its own.
# 3. Three steps: a normal table with `num_examples` rows and as many columns as `w` has
#    rows; its product with `w`, plus the bias; the scaled noise on top. Return the
#    table and the labels, which are still a column.


# %% synthetic_data right "with torch.normal"
def synthetic_data(w, b, num_examples, sigma=0.01):
    X = torch.normal(0.0, 1.0, (num_examples, w.shape[0]))
    noise = torch.normal(0.0, 1.0, (num_examples, 1)) * sigma
    return X, torch.matmul(X, w) + b + noise


# %% synthetic_data right "noise drawn first, sums by hand"
def synthetic_data(w, b, num_examples, sigma=0.01):
    y = sigma * torch.randn(num_examples)
    X = torch.zeros(num_examples, len(w)).normal_()
    y = y + (X * w.flatten()).sum(dim=1) + b
    return X, y.reshape(-1, 1)


# %% synthetic_data wrong "y has the shape (N,) where (N, 1) is asked"
def synthetic_data(w, b, num_examples, sigma=0.01):
    X = torch.randn(num_examples, len(w))
    y = (X @ w).flatten() + b
    return X, y + sigma * torch.randn(num_examples)


# %% synthetic_data wrong "the bias b is left out"
def synthetic_data(w, b, num_examples, sigma=0.01):
    X = torch.randn(num_examples, len(w))
    return X, X @ w + sigma * torch.randn(num_examples, 1)


# %% synthetic_data wrong "the noise is left out"
def synthetic_data(w, b, num_examples, sigma=0.01):
    X = torch.randn(num_examples, len(w))
    return X, X @ w + b


# %% synthetic_data wrong "sigma is ignored: the noise is always 0.01 wide"
def synthetic_data(w, b, num_examples, sigma=0.01):
    X = torch.randn(num_examples, len(w))
    y = X @ w + b
    return X, y + 0.01 * torch.randn(y.shape)


# %% synthetic_data wrong "the variance is used as the standard deviation of the noise"
def synthetic_data(w, b, num_examples, sigma=0.01):
    X = torch.randn(num_examples, len(w))
    return X, X @ w + b + sigma**2 * torch.randn(num_examples, 1)


# %% synthetic_data wrong "all examples share one draw of the noise"
def synthetic_data(w, b, num_examples, sigma=0.01):
    X = torch.randn(num_examples, len(w))
    return X, X @ w + b + sigma * torch.randn(1)


# %% synthetic_data wrong "X is uniform between 0 and 1 where the normal is asked"
def synthetic_data(w, b, num_examples, sigma=0.01):
    X = torch.rand(num_examples, len(w))
    return X, X @ w + b + sigma * torch.randn(num_examples, 1)


# %% synthetic_data wrong "the noise is uniform between 0 and sigma"
def synthetic_data(w, b, num_examples, sigma=0.01):
    X = torch.randn(num_examples, len(w))
    return X, X @ w + b + sigma * torch.rand(num_examples, 1)


# %% synthetic_data wrong "a row of noise (N,) is added to a column (N, 1): (N, N) comes out"
def synthetic_data(w, b, num_examples, sigma=0.01):
    X = torch.randn(num_examples, len(w))
    return X, X @ w + b + sigma * torch.randn(num_examples)


# %% synthetic_data wrong "sigma is taken for the variance of the noise"
def synthetic_data(w, b, num_examples, sigma=0.01):
    X = torch.randn(num_examples, len(w))
    return X, X @ w + b + sigma**0.5 * torch.randn(num_examples, 1)


# %% synthetic_data wrong "all features of an example are one and the same draw"
def synthetic_data(w, b, num_examples, sigma=0.01):
    X = torch.randn(num_examples, 1).repeat(1, len(w))
    return X, X @ w + b + sigma * torch.randn(num_examples, 1)


# %% synthetic_data wrong "the noise is added to X, not to y"
def synthetic_data(w, b, num_examples, sigma=0.01):
    X = torch.randn(num_examples, len(w))
    return X + sigma * torch.randn(X.shape), X @ w + b


# %% synthetic_data equivalent "the normal distribution is the same on both sides of 0"
# return (X, y + sigma * torch.randn(y.shape)) -> return (X, y - sigma * torch.randn(y.shape))


# %% data_iter hints [markdown]
# 1. Seven examples, at most 3 in a batch: how many batches does that take, and how do
#    you deal seven cards to so many players?
# 2. Shuffle positions, not data: one random order of the numbers 0 to N - 1, drawn anew
#    at each call, picks rows from `X` and from `y` alike. First the number of batches,
#    rounded up; the sizes follow from it.
# 3. Draw the order (`torch.randperm`). Count the batches. Cut the order into so many
#    even pieces (`torch.tensor_split` can), and yield for each piece the rows of `X`
#    and of `y` that it names.


# %% data_iter right "the order dealt like cards"
def data_iter(batch_size, X, y):
    order, num_batches = torch.randperm(len(X)), -(-len(X) // batch_size)
    for i in range(num_batches):
        yield X[order[i::num_batches]], y[order[i::num_batches]]


# %% data_iter right "a shuffled list of indices, sizes by hand"
def data_iter(batch_size, X, y):
    import math
    import random

    indices = list(range(X.shape[0]))
    random.shuffle(indices)
    left = math.ceil(len(indices) / batch_size)
    while left > 0:
        size = math.ceil(len(indices) / left)
        batch, indices, left = indices[:size], indices[size:], left - 1
        yield X[torch.tensor(batch)], y[torch.tensor(batch)]


# %% data_iter right "sorted by random numbers"
def data_iter(batch_size, X, y):
    order = torch.rand(y.shape[0]).argsort()
    pieces = (len(order) - 1) // batch_size + 1
    yield from zip(X[order].tensor_split(pieces), y[order].tensor_split(pieces))


# %% data_iter wrong "full batches, and what is left over makes a small last one"
def data_iter(batch_size, X, y):
    for rows in torch.randperm(len(X)).split(batch_size):
        yield X[rows], y[rows]


# %% data_iter wrong "the last short batch is dropped"
def data_iter(batch_size, X, y):
    order = torch.randperm(len(X))
    for i in range(len(X) // batch_size):
        rows = order[i * batch_size : (i + 1) * batch_size]
        yield X[rows], y[rows]


# %% data_iter wrong "a batch holds more than batch_size: their number is rounded down"
def data_iter(batch_size, X, y):
    num_batches = max(1, len(X) // batch_size)
    for rows in torch.randperm(len(X)).tensor_split(num_batches):
        yield X[rows], y[rows]


# %% data_iter wrong "one batch too many where batch_size divides N"
def data_iter(batch_size, X, y):
    num_batches = len(X) // batch_size + 1
    for rows in torch.randperm(len(X)).tensor_split(num_batches):
        yield X[rows], y[rows]


# %% data_iter wrong "batch_size is taken for the number of batches"
def data_iter(batch_size, X, y):
    for rows in torch.randperm(len(X)).tensor_split(batch_size):
        yield X[rows], y[rows]


# %% data_iter wrong "the smaller batches come first"
def data_iter(batch_size, X, y):
    num_batches = -(-len(X) // batch_size)
    for rows in reversed(torch.randperm(len(X)).tensor_split(num_batches)):
        yield X[rows], y[rows]


# %% data_iter wrong "the sizes are even, but the examples that are too many are dropped"
def data_iter(batch_size, X, y):
    num_batches = -(-len(X) // batch_size)
    size = len(X) // num_batches
    order = torch.randperm(len(X))
    for i in range(num_batches):
        rows = order[i * size : (i + 1) * size]
        yield X[rows], y[rows]


# %% data_iter wrong "the data are not shuffled"
def data_iter(batch_size, X, y):
    for rows in torch.arange(len(X)).tensor_split(-(-len(X) // batch_size)):
        yield X[rows], y[rows]


# %% data_iter wrong "X and y are shuffled separately, so labels lose their examples"
def data_iter(batch_size, X, y):
    X, y = X[torch.randperm(len(X))], y[torch.randperm(len(y))]
    for rows in torch.arange(len(X)).tensor_split(-(-len(X) // batch_size)):
        yield X[rows], y[rows]


# %% data_iter wrong "each batch is drawn anew, so some examples come twice or never"
def data_iter(batch_size, X, y):
    for piece in torch.arange(len(X)).tensor_split(-(-len(X) // batch_size)):
        rows = torch.randint(len(X), (len(piece),))
        yield X[rows], y[rows]


# %% data_iter wrong "only the batches are shuffled, not the examples in them"
def data_iter(batch_size, X, y):
    pieces = torch.arange(len(X)).tensor_split(-(-len(X) // batch_size))
    for i in torch.randperm(len(pieces)).tolist():
        yield X[pieces[i]], y[pieces[i]]


# %% data_iter wrong "every epoch has the same order"
def data_iter(batch_size, X, y):
    torch.manual_seed(42)
    for rows in torch.randperm(len(X)).tensor_split(-(-len(X) // batch_size)):
        yield X[rows], y[rows]


# %% data_iter wrong "single examples are given, not batches"
def data_iter(batch_size, X, y):
    for i in torch.randperm(len(X)).tolist():
        yield X[i], y[i]


# %% data_iter wrong "only one batch is given"
def data_iter(batch_size, X, y):
    rows = torch.randperm(len(X))[:batch_size]
    yield X[rows], y[rows]


# %% squared_loss hints [markdown]
# 1. `y` may come as (N,) beside a `y_hat` of (N, 1). What shape does their difference
#    have then, and how many numbers should it hold?
# 2. Bring both to one shape before you subtract. Then follow the formula from the
#    inside out: error, square, mean, half. Stay with tensors all the way, so that
#    gradients flow.
# 3. Two lines are enough. The first gives `y` the shape of `y_hat` and subtracts. The
#    second squares, takes the mean over the batch and halves it.


# %% squared_loss right "written with torch.square and a sum"
def squared_loss(y_hat, y):
    return torch.square(y_hat.flatten() - y.flatten()).sum() / (2 * len(y_hat))


# %% squared_loss right "the half inside the mean"
def squared_loss(y_hat, y):
    r = y.view(-1, 1) - y_hat
    return torch.mean(0.5 * r * r)


# %% squared_loss right "a dot product of the errors"
def squared_loss(y_hat, y):
    r = (y_hat - y.reshape(-1, 1)).squeeze(1)
    return r @ r / len(r) / 2


# %% squared_loss wrong "the grad mode is left changed"
def squared_loss(y_hat, y):
    error = y_hat - y.reshape(y_hat.shape)
    torch.set_grad_enabled(False)
    return (error**2).mean() / 2


# %% squared_loss wrong "`y_hat` is changed in place"
def squared_loss(y_hat, y):
    y_hat -= y.reshape(y_hat.shape)
    return (y_hat**2).mean() / 2


# %% squared_loss wrong "the factor 1/2 is missing"
def squared_loss(y_hat, y):
    return ((y_hat - y.reshape(y_hat.shape)) ** 2).mean()


# %% squared_loss wrong "summed over the batch where the mean is asked"
def squared_loss(y_hat, y):
    return ((y_hat - y.reshape(y_hat.shape)) ** 2).sum() / 2


# %% squared_loss wrong "y_hat (N, 1) minus y (N,) is broadcast to (N, N)"
def squared_loss(y_hat, y):
    return ((y_hat - y) ** 2).mean() / 2


# %% squared_loss wrong "one loss per example is returned, not their mean"
def squared_loss(y_hat, y):
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


# %% squared_loss wrong "the error is not squared"
def squared_loss(y_hat, y):
    return (y_hat - y.reshape(y_hat.shape)).abs().mean() / 2


# %% squared_loss wrong "the mean error is squared, not the errors"
def squared_loss(y_hat, y):
    return (y_hat - y.reshape(y_hat.shape)).mean() ** 2 / 2


# %% squared_loss wrong "the square root is taken"
def squared_loss(y_hat, y):
    return ((y_hat - y.reshape(y_hat.shape)) ** 2).mean().sqrt() / 2


# %% squared_loss wrong "a Python number is returned, through which no gradient flows"
def squared_loss(y_hat, y):
    return ((y_hat - y.reshape(y_hat.shape)) ** 2).mean().item() / 2


# %% squared_loss wrong "the result is cut off from y_hat, so no gradient flows"
def squared_loss(y_hat, y):
    with torch.no_grad():
        return ((y_hat - y.reshape(y_hat.shape)) ** 2).mean() / 2


# %% squared_loss wrong "the half is squared too"
def squared_loss(y_hat, y):
    return (((y_hat - y.reshape(y_hat.shape)) / 2) ** 2).mean()


# %% squared_loss wrong "y_hat is flattened, y is not, and their difference is (N, N)"
def squared_loss(y_hat, y):
    return ((y_hat.flatten() - y) ** 2).mean() / 2


# %% squared_loss wrong "a library does the loss"
def squared_loss(y_hat, y):
    return F.mse_loss(y_hat, y.reshape(y_hat.shape)) / 2


# %% squared_loss equivalent "a square does not know the sign of the error"
# error = y_hat - y.reshape(y_hat.shape) -> error = y.reshape(y_hat.shape) - y_hat


# %% linreg_gradient hints [markdown]
# 1. What would you do to the loss of one row that stands for three people, and what
#    does the rule for derivatives do with such a factor?
# 2. A constant factor survives the derivative: each error is multiplied by its entry of
#    `v`, and the sum of `v` takes the place of the number of examples. Errors are a
#    column (N, 1); which shape must `v` have beside it?
# 3. First the errors, each times its entry of `v`, still (N, 1). For `w`: the
#    transposed table times them. For `b`: their sum along the axis of examples, so that
#    one axis is left. Both over the sum of `v`.


# %% linreg_gradient right "with sums over the batch"
def linreg_gradient(X, y, w, b, v):
    share = (v / v.sum()).unsqueeze(1)  # (N, 1)
    residual = torch.matmul(X, w) + b - y
    grad_w = (share * residual * X).sum(dim=0).reshape(-1, 1)
    return grad_w, (share * residual).sum().reshape(1)


# %% linreg_gradient right "one example at a time"
def linreg_gradient(X, y, w, b, v):
    grad_w, grad_b = torch.zeros_like(w), torch.zeros_like(b)
    for x_i, y_i, v_i in zip(X, y, v):
        error = v_i * (x_i @ w + b - y_i) / v.sum()  # (1,)
        grad_w += x_i.reshape(-1, 1) * error
        grad_b += error
    return grad_w, grad_b


# %% linreg_gradient right "with a column of ones"
def linreg_gradient(X, y, w, b, v):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    error = A @ torch.cat([w, b.reshape(1, 1)]) - y
    grad = (A.mT * v) @ error / v.sum()
    return grad[:-1], grad[-1]


# %% linreg_gradient wrong "v is left out: every row counts alike"
def linreg_gradient(X, y, w, b, v):
    error = X @ w + b - y
    return X.T @ error / len(X), error.mean(dim=0)


# %% linreg_gradient wrong "divided by the number of rows, not by the sum of v"
def linreg_gradient(X, y, w, b, v):
    error = (X @ w + b - y) * v.reshape(-1, 1)
    return X.T @ error / len(X), error.mean(dim=0)


# %% linreg_gradient wrong "errors (N, 1) times v (N,) are broadcast to (N, N)"
def linreg_gradient(X, y, w, b, v):
    error = (X @ w + b - y) * v
    return X.T @ error / v.sum(), error.sum(dim=0) / v.sum()


# %% linreg_gradient wrong "v counts in the gradient for w, but not in that for b"
def linreg_gradient(X, y, w, b, v):
    error = X @ w + b - y
    return X.T @ (error * v.reshape(-1, 1)) / v.sum(), error.mean(dim=0)


# %% linreg_gradient wrong "the sum for b leaves v out, and only its divisor has it"
def linreg_gradient(X, y, w, b, v):
    error = X @ w + b - y
    return (X * v.reshape(-1, 1)).T @ error / v.sum(), error.sum(dim=0) / v.sum()


# %% linreg_gradient wrong "v counts twice: in the table and in the errors"
def linreg_gradient(X, y, w, b, v):
    v = v.reshape(-1, 1)
    error = (X @ w + b - y) * v
    return (X * v).T @ error / v.sum(), error.sum(dim=0) / v.sum()


# %% linreg_gradient wrong "v is squared, as the error is"
def linreg_gradient(X, y, w, b, v):
    error = (X @ w + b - y) * v.reshape(-1, 1) ** 2
    return X.T @ error / v.sum(), error.sum(dim=0) / v.sum()


# %% linreg_gradient wrong "only the prediction is weighted, not the truth"
def linreg_gradient(X, y, w, b, v):
    error = (X @ w + b) * v.reshape(-1, 1) - y
    return X.T @ error / v.sum(), error.sum(dim=0) / v.sum()


# %% linreg_gradient wrong "summed, where the weighted mean is asked"
def linreg_gradient(X, y, w, b, v):
    error = (X @ w + b - y) * v.reshape(-1, 1)
    return X.T @ error, error.sum(dim=0)


# %% linreg_gradient wrong "a factor 2, as if the loss had no 1/2"
def linreg_gradient(X, y, w, b, v):
    error = 2 * (X @ w + b - y) * v.reshape(-1, 1)
    return X.T @ error / v.sum(), error.sum(dim=0) / v.sum()


# %% linreg_gradient wrong "the sign is turned round: this points downhill"
def linreg_gradient(X, y, w, b, v):
    error = (y - X @ w - b) * v.reshape(-1, 1)
    return X.T @ error / v.sum(), error.sum(dim=0) / v.sum()


# %% linreg_gradient wrong "the bias is left out of the prediction"
def linreg_gradient(X, y, w, b, v):
    error = (X @ w - y) * v.reshape(-1, 1)
    return X.T @ error / v.sum(), error.sum(dim=0) / v.sum()


# %% linreg_gradient wrong "the gradient for b is a plain mean of weighted errors"
def linreg_gradient(X, y, w, b, v):
    error = (X @ w + b - y) * v.reshape(-1, 1)
    return X.T @ error / v.sum(), error.mean(dim=0)


# %% linreg_gradient wrong "the gradient for b is summed, not averaged"
def linreg_gradient(X, y, w, b, v):
    error = (X @ w + b - y) * v.reshape(-1, 1)
    return X.T @ error / v.sum(), error.sum(dim=0)


# %% linreg_gradient wrong "the gradient for w has the shape (n,), not (n, 1)"
def linreg_gradient(X, y, w, b, v):
    error = (X @ w + b - y) * v.reshape(-1, 1)
    return (X * error).sum(dim=0) / v.sum(), error.sum(dim=0) / v.sum()


# %% linreg_gradient wrong "the gradient for b has no axis where the shape (1,) is asked"
def linreg_gradient(X, y, w, b, v):
    error = (X @ w + b - y) * v.reshape(-1, 1)
    return X.T @ error / v.sum(), error.sum() / v.sum()


# %% linreg_gradient wrong "the gradient for w lacks the factor X"
def linreg_gradient(X, y, w, b, v):
    error = (X @ w + b - y) * v.reshape(-1, 1)
    mean = error.sum() / v.sum()
    return mean.expand(w.shape).clone(), mean.reshape(1)


# %% sgd hints [markdown]
# 1. If you write `param = param - lr * param.grad` in a loop over the list, which
#    tensor of the list has changed? And which `lr` belongs to it?
# 2. The step has to work on the tensor itself. Autograd refuses that on a leaf while it
#    records, so tell it to look away while you step. And what reads a gradient comes
#    before what clears it.
# 3. In a block that records no gradients, go through parameters and rates together,
#    past those without a gradient. From each subtract the scaled gradient in place,
#    then set its gradient back to zero, in place as well. Return nothing.


# %% sgd right "with sub_ and its alpha, gradient set to None"
def sgd(params, lrs):
    with torch.no_grad():
        for param, lr in zip(params, lrs):
            if param.grad is None:
                continue
            param.sub_(param.grad, alpha=lr)
            param.grad = None


# %% sgd right "copied into place under a decorator"
@torch.no_grad()
def sgd(params, lrs):
    for param, lr in zip(params, lrs):
        if param.grad is None:
            continue
        param.copy_(param - lr * param.grad)
    for param in params:
        if param.grad is not None:
            param.grad *= 0


# %% sgd right "through .data, the old way"
def sgd(params, lrs):
    for param, lr in zip(params, lrs):
        if param.grad is None:
            continue
        param.data -= lr * param.grad
        param.grad.data.zero_()


# %% sgd wrong "new tensors in the list, and those that were given stay as they were"
def sgd(params, lrs):
    for i, (p, lr) in enumerate(zip(params, lrs)):
        if p.grad is None:
            continue
        params[i] = (p - lr * p.grad).detach().requires_grad_()


# %% sgd wrong "one learning rate, the first, for all parameters"
def sgd(params, lrs):
    with torch.no_grad():
        for param, lr in zip(params, [lrs[0]] * len(params)):
            if param.grad is None:
                continue
            param -= lr * param.grad
            param.grad.zero_()


# %% sgd wrong "the learning rates are dealt in the reverse order"
def sgd(params, lrs):
    with torch.no_grad():
        for param, lr in zip(params, lrs[::-1]):
            if param.grad is None:
                continue
            param -= lr * param.grad
            param.grad.zero_()


# %% sgd wrong "a parameter without a gradient stops the step"
def sgd(params, lrs):
    with torch.no_grad():
        for param, lr in zip(params, lrs):
            param -= lr * param.grad
            param.grad.zero_()


# %% sgd wrong "a parameter without a gradient takes the next one's learning rate along"
def sgd(params, lrs):
    with torch.no_grad():
        with_gradient = [param for param in params if param.grad is not None]
        for param, lr in zip(with_gradient, lrs):
            param -= lr * param.grad
            param.grad.zero_()


# %% sgd wrong "the gradient is not zeroed after the step"
def sgd(params, lrs):
    with torch.no_grad():
        for param, lr in zip(params, lrs):
            if param.grad is None:
                continue
            param -= lr * param.grad


# %% sgd wrong "the gradient is zeroed before the step, so nothing moves"
def sgd(params, lrs):
    with torch.no_grad():
        for param, lr in zip(params, lrs):
            if param.grad is None:
                continue
            param.grad.zero_()
            param -= lr * param.grad


# %% sgd wrong "the step goes uphill"
def sgd(params, lrs):
    with torch.no_grad():
        for param, lr in zip(params, lrs):
            if param.grad is None:
                continue
            param += lr * param.grad
            param.grad.zero_()


# %% sgd wrong "a new tensor is made, and the parameter stays as it was"
def sgd(params, lrs):
    for param, lr in zip(params, lrs):
        if param.grad is None:
            continue
        grad = param.grad.clone()
        param.grad.zero_()
        param = (param - lr * grad).detach()
    return params


# %% sgd wrong "a new tensor gets the name, and nothing that was passed in changes"
def sgd(params, lrs):
    for p, lr in zip(params, lrs):
        if p.grad is not None:
            p = p - lr * p.grad


# %% sgd wrong "the step is taken outside no_grad, as part of the graph"
def sgd(params, lrs):
    for param, lr in zip(params, lrs):
        if param.grad is None:
            continue
        param -= lr * param.grad
        param.grad.zero_()


# %% sgd wrong "only the first parameter takes its step"
def sgd(params, lrs):
    with torch.no_grad():
        for param, lr in zip(params, lrs):
            if param.grad is None:
                continue
            param -= lr * param.grad
            param.grad.zero_()
            return


# %% sgd wrong "the learning rate is left out"
def sgd(params, lrs):
    with torch.no_grad():
        for param, lr in zip(params, lrs):
            if param.grad is None:
                continue
            param -= param.grad
            param.grad.zero_()


# %% sgd wrong "the gradient is divided by the number of rows once more"
def sgd(params, lrs):
    with torch.no_grad():
        for param, lr in zip(params, lrs):
            if param.grad is None:
                continue
            param -= lr * param.grad / len(param)
            param.grad.zero_()


# %% sgd wrong "only the sign of the gradient is used"
def sgd(params, lrs):
    with torch.no_grad():
        for param, lr in zip(params, lrs):
            if param.grad is None:
                continue
            param -= lr * param.grad.sign()
            param.grad.zero_()


# %% sgd wrong "a parameter without a gradient ends the loop"
def sgd(params, lrs):
    with torch.no_grad():
        for param, lr in zip(params, lrs):
            if param.grad is None:
                break
            param -= lr * param.grad
            param.grad.zero_()


# %% sgd wrong "the list of rates is multiplied as a whole"
def sgd(params, lrs):
    with torch.no_grad():
        for param in params:
            if param.grad is not None:
                param -= lrs * param.grad
                param.grad.zero_()


# %% sgd wrong "something is returned where nothing is asked"
def sgd(params, lrs):
    with torch.no_grad():
        for param, lr in zip(params, lrs):
            if param.grad is not None:
                param -= lr * param.grad
                param.grad.zero_()
    return params


# %% sgd wrong "the parameter no longer asks for gradients"
def sgd(params, lrs):
    for param, lr in zip(params, lrs):
        if param.grad is None:
            continue
        param.requires_grad_(False)
        param -= lr * param.grad
        param.grad.zero_()


# %% closed_form hints [markdown]
# 1. Solve for `w` alone and predict for a row of zeros: what comes out, whatever the
#    data say, and what is missing?
# 2. A bias is a weight whose feature is always 1: give the table such a column. Then
#    set the weighted gradient to zero and sort it. In the normal equations, which
#    factor stands at each row, once on each side?
# 3. Widen the table to (N, n + 1). Make a second one whose rows are multiplied by `v`.
#    Its transpose times the first stands on the left, times `y` on the right. Solve,
#    and cut the solution where you put the ones.


# %% closed_form right "least squares with the roots of v"
def closed_form(X, y, v):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    root = v.sqrt()[:, None]
    solution = torch.linalg.lstsq(root * A, root * y).solution
    return solution[:-1], solution[-1:].reshape(1)


# %% closed_form right "centred by the weighted means, with the bias put back at the end"
def closed_form(X, y, v):
    share = (v / v.sum()).reshape(1, -1)  # (1, N)
    x_mean, y_mean = share @ X, share @ y  # (1, n), (1, 1)
    root = share.sqrt().T
    w = torch.linalg.pinv(root * (X - x_mean)) @ (root * (y - y_mean))
    return w, (y_mean - x_mean @ w).reshape(1)


# %% closed_form right "the ones in front, a diagonal matrix, an inverse"
def closed_form(X, y, v):
    A = torch.hstack([torch.ones(X.shape[0], 1), X])
    solution = (A.T @ v.diag() @ A).inverse() @ A.T @ v.diag() @ y
    return solution[1:], solution[0]


# %% closed_form wrong "v is left out: every row counts alike"
def closed_form(X, y, v):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    solution = torch.linalg.lstsq(A, y).solution
    return solution[:-1], solution[-1]


# %% closed_form wrong "v counts squared: table and labels are multiplied by it, then squared"
def closed_form(X, y, v):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    v = v.reshape(-1, 1)
    solution = torch.linalg.lstsq(v * A, v * y).solution
    return solution[:-1], solution[-1]


# %% closed_form wrong "v counts on one side of the normal equations only"
def closed_form(X, y, v):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    solution = torch.linalg.solve(A.T @ A, A.T @ (v.reshape(-1, 1) * y))
    return solution[:-1], solution[-1]


# %% closed_form wrong "only the table is weighted, not the labels"
def closed_form(X, y, v):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    solution = torch.linalg.lstsq(v.sqrt().reshape(-1, 1) * A, y).solution
    return solution[:-1], solution[-1]


# %% closed_form wrong "the features are weighted, but not the column of ones"
def closed_form(X, y, v):
    root = v.sqrt().reshape(-1, 1)
    A = torch.cat([root * X, torch.ones(len(X), 1)], dim=1)
    solution = torch.linalg.lstsq(A, root * y).solution
    return solution[:-1], solution[-1]


# %% closed_form wrong "labels (N, 1) times v (N,) are broadcast to (N, N)"
def closed_form(X, y, v):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    solution = torch.linalg.solve((A.T * v) @ A, A.T @ (v * y))
    return solution[:-1], solution[-1]


# %% closed_form wrong "rows are repeated, which rounds v to whole numbers"
def closed_form(X, y, v):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    rows = torch.arange(len(X)).repeat_interleave(v.long())
    solution = torch.linalg.pinv(A[rows]) @ y[rows]
    return solution[:-1], solution[-1]


# %% closed_form wrong "centred by plain means, not by weighted ones"
def closed_form(X, y, v):
    root = v.sqrt().reshape(-1, 1)
    x_mean, y_mean = X.mean(dim=0), y.mean(dim=0)
    w = torch.linalg.lstsq(root * (X - x_mean), root * (y - y_mean)).solution
    return w, y_mean - x_mean @ w


# %% closed_form wrong "the column of ones is missing, so the line goes through the origin"
def closed_form(X, y, v):
    root = v.sqrt().reshape(-1, 1)
    return torch.linalg.lstsq(root * X, root * y).solution, torch.zeros(1)


# %% closed_form wrong "the weight of the first feature is taken for the bias"
def closed_form(X, y, v):
    A = torch.cat([torch.ones(len(X), 1), X], dim=1)
    solution = torch.linalg.solve((A.T * v) @ A, (A.T * v) @ y)
    return solution[:-1], solution[-1]


# %% closed_form wrong "the table is not inverted: its transpose times y is no solution yet"
def closed_form(X, y, v):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    solution = (A.T * v) @ y
    return solution[:-1], solution[-1]


# %% closed_form wrong "a penalty on the weights is added, which nobody asked for"
def closed_form(X, y, v):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    gram = (A.T * v) @ A + torch.eye(A.shape[1])
    solution = torch.linalg.solve(gram, (A.T * v) @ y)
    return solution[:-1], solution[-1]


# %% closed_form wrong "w has the shape (n,) where (n, 1) is asked"
def closed_form(X, y, v):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    solution = torch.linalg.solve((A.T * v) @ A, (A.T * v) @ y).flatten()
    return solution[:-1], solution[-1:]


# %% closed_form wrong "weights and bias come in one tensor, not as a pair"
def closed_form(X, y, v):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    return torch.linalg.solve((A.T * v) @ A, (A.T * v) @ y)


# %% closed_form wrong "a loop, where none is allowed"
def closed_form(X, y, v):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    n = A.shape[1]
    gram = torch.stack([(A[:, [j]] * A * v[:, None]).sum(dim=0) for j in range(n)])
    solution = torch.linalg.solve(gram, (A.T * v) @ y)
    return solution[:-1], solution[-1]


# %% sgd equivalent "both lists are as long as each other, the text says"
# pairs = zip(params, lrs, strict=True) -> pairs = zip(params, lrs)
# pairs = zip(params, lrs, strict=True) -> pairs = zip(params, lrs, strict=False)


# %% train_linreg hints [markdown]
# 1. A batch of 4 has the mean loss 1, a batch of 2 the mean loss 4. Why is the loss of
#    the epoch not 2.5?
# 2. A batch's mean times its size gives back its sum. Sums and sizes add up over an
#    epoch, means do not. Each loss counts as it was before the step. And `F.mse_loss`
#    has no half: its step is twice as long.
# 3. For each epoch a total and a count from zero. For each batch: loss, backward, both
#    parameters moved in place without recording, gradients cleared, then total and
#    count fed. After the batches, keep the quotient and lower the rate.


# %% train_linreg right "losses collected, F.mse_loss halved, gradients set to None"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        losses, sizes = [], []
        for X, y in data_iter:
            loss = F.mse_loss(X @ w + b, y) / 2
            grad_w, grad_b = torch.autograd.grad(loss, (w, b))
            with torch.no_grad():
                w -= lr * grad_w
                b -= lr * grad_b
            losses.append(loss.detach())
            sizes.append(float(len(X)))
        weights = torch.tensor(sizes)
        history.append(((torch.stack(losses) * weights).sum() / weights.sum()).item())
        lr = lr * decay
    return history


# %% train_linreg right "gradients by hand, the errors summed"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = [0.0] * num_epochs
    with torch.no_grad():
        for epoch in range(num_epochs):
            num_examples = 0
            for X, y in data_iter:
                error = X @ w + b - y
                history[epoch] += float((error**2).sum()) / 2
                num_examples += len(error)
                w -= lr * X.T @ error / len(error)
                b -= lr * error.mean()
            history[epoch] /= num_examples
            lr = lr * decay
    return history


# %% train_linreg wrong "the learning rate is never lowered"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in data_iter:
            loss = ((X @ w + b - y) ** 2).mean() / 2
            loss.backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
            total += loss.item() * len(y)
            count += len(y)
        history.append(total / count)
    return history


# %% train_linreg wrong "the learning rate is lowered before the first epoch"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        lr = lr * decay
        total, count = 0.0, 0
        for X, y in data_iter:
            loss = ((X @ w + b - y) ** 2).mean() / 2
            loss.backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
            total += loss.item() * len(y)
            count += len(y)
        history.append(total / count)
    return history


# %% train_linreg wrong "the learning rate is lowered after each batch, not after each epoch"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in data_iter:
            loss = ((X @ w + b - y) ** 2).mean() / 2
            loss.backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
            lr = lr * decay
            total += loss.item() * len(y)
            count += len(y)
        history.append(total / count)
    return history


# %% train_linreg wrong "the learning rate is divided by the decay"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in data_iter:
            loss = ((X @ w + b - y) ** 2).mean() / 2
            loss.backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
            total += loss.item() * len(y)
            count += len(y)
        history.append(total / count)
        lr = lr / decay
    return history


# %% train_linreg wrong "the gradient is not zeroed"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in data_iter:
            loss = ((X @ w + b - y) ** 2).mean() / 2
            loss.backward()
            with torch.no_grad():
                w -= lr * w.grad
                b -= lr * b.grad
            total += loss.item() * len(y)
            count += len(y)
        history.append(total / count)
        lr = lr * decay
    return history


# %% train_linreg wrong "the last batch's loss is reported as the epoch's"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        for X, y in data_iter:
            loss = ((X @ w + b - y) ** 2).mean() / 2
            loss.backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
        history.append(loss.item())
        lr = lr * decay
    return history


# %% train_linreg wrong "the loss of the last sample is reported as the epoch's"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        for X, y in data_iter:
            losses = (X @ w + b - y) ** 2 / 2
            losses.mean().backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
        history.append(losses[-1].item())
        lr = lr * decay
    return history


# %% train_linreg wrong "the short last batch counts as much as a full one"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        losses = []
        for X, y in data_iter:
            loss = ((X @ w + b - y) ** 2).mean() / 2
            loss.backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
            losses.append(loss.item())
        history.append(sum(losses) / len(losses))
        lr = lr * decay
    return history


# %% train_linreg wrong "summed over the batch, so the step is N times too large"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in data_iter:
            loss = ((X @ w + b - y) ** 2).sum() / 2
            loss.backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
            total += loss.item()
            count += len(y)
        history.append(total / count)
        lr = lr * decay
    return history


# %% train_linreg wrong "y_hat (N, 1) minus y (N,) is broadcast to (N, N)"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in data_iter:
            loss = ((X @ w + b - y.flatten()) ** 2).mean() / 2
            loss.backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
            total += loss.item() * len(y)
            count += len(y)
        history.append(total / count)
        lr = lr * decay
    return history


# %% train_linreg wrong "the last short batch is skipped"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    batch_size = max(len(y) for _, y in data_iter)
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in data_iter:
            if len(y) < batch_size:
                continue
            loss = ((X @ w + b - y) ** 2).mean() / 2
            loss.backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
            total += loss.item() * len(y)
            count += len(y)
        history.append(total / count)
        lr = lr * decay
    return history


# %% train_linreg wrong "mse_loss without its half, so the step is twice too large"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in data_iter:
            loss = F.mse_loss(X @ w + b, y)
            loss.backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
            total += loss.item() * len(y)
            count += len(y)
        history.append(total / count)
        lr = lr * decay
    return history


# %% train_linreg wrong "the report is halved, but the step is twice too large"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in data_iter:
            loss = F.mse_loss(X @ w + b, y)
            loss.backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
            total += loss.item() / 2 * len(y)
            count += len(y)
        history.append(total / count)
        lr = lr * decay
    return history


# %% train_linreg wrong "the loss is measured after the epoch, not when each batch is met"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        for X, y in data_iter:
            loss = ((X @ w + b - y) ** 2).mean() / 2
            loss.backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
        total, count = 0.0, 0
        with torch.no_grad():
            for X, y in data_iter:
                total += ((X @ w + b - y) ** 2).sum().item() / 2
                count += len(y)
        history.append(total / count)
        lr = lr * decay
    return history


# %% train_linreg wrong "the bias takes no step"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in data_iter:
            loss = ((X @ w + b - y) ** 2).mean() / 2
            loss.backward()
            with torch.no_grad():
                w -= lr * w.grad
            w.grad.zero_()
            total += loss.item() * len(y)
            count += len(y)
        history.append(total / count)
        lr = lr * decay
    return history


# %% train_linreg wrong "w and b are replaced by new tensors, the caller's stay as they were"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in data_iter:
            loss = ((X @ w + b - y) ** 2).mean() / 2
            grad_w, grad_b = torch.autograd.grad(loss, (w, b))
            w = (w - lr * grad_w).detach().requires_grad_()
            b = (b - lr * grad_b).detach().requires_grad_()
            total += loss.item() * len(y)
            count += len(y)
        history.append(total / count)
        lr = lr * decay
    return history


# %% train_linreg wrong "one step an epoch, not one a batch"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in data_iter:
            loss = ((X @ w + b - y) ** 2).mean() / 2
            loss.backward()
            total += loss.item() * len(y)
            count += len(y)
        with torch.no_grad():
            for param in (w, b):
                param -= lr * param.grad
                param.grad.zero_()
        history.append(total / count)
        lr = lr * decay
    return history


# %% train_linreg wrong "the loss is reported for each batch, not for each epoch"
def train_linreg(data_iter, w, b, lr, num_epochs, decay):
    history = []
    for _ in range(num_epochs):
        for X, y in data_iter:
            loss = ((X @ w + b - y) ** 2).mean() / 2
            loss.backward()
            with torch.no_grad():
                for param in (w, b):
                    param -= lr * param.grad
                    param.grad.zero_()
            history.append(loss.item())
        lr = lr * decay
    return history


# %% train_linreg equivalent "a square does not know the sign of the error"
# loss = ((X @ w + b - y) ** 2).mean() / 2 -> loss = ((y - (X @ w + b)) ** 2).mean() / 2


# %% fit_lbfgs hints [markdown]
# 1. How often may LBFGS look at the loss within one step, and what would it find in
#    `.grad` at the second look if nobody had cleared it?
# 2. LBFGS tries several points on its way and needs a fresh loss and fresh gradients at
#    each. What stands in the loop with other optimisers goes into a function that it
#    can call, and that hands it the loss.
# 3. A layer with as many inputs as `X` has columns; the optimiser over all its
#    parameters; a nested function without arguments, in the four steps that the text
#    names; a loop that gives this function to `step`; the net.


# %% fit_lbfgs right "half the squared error in the closure, a net of one layer"
def fit_lbfgs(X, y, num_steps):
    net = nn.Linear(X.size(1), 1)
    loss_function = nn.MSELoss()
    optimizer = torch.optim.LBFGS(list(net.parameters()))

    def closure():
        net.zero_grad()
        value = loss_function(net(X), y) / 2
        value.backward()
        return value

    for _ in range(num_steps):
        optimizer.step(closure)
    return net


# %% fit_lbfgs right "gradients set by torch.autograd.grad"
def fit_lbfgs(X, y, num_steps):
    net = nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.LBFGS(net.parameters())

    def closure():
        loss = ((net(X) - y) ** 2).mean()
        grads = torch.autograd.grad(loss, list(net.parameters()))
        for param, grad in zip(net.parameters(), grads):
            param.grad = grad
        return loss

    steps = 0
    while steps < num_steps:
        optimizer.step(closure)
        steps += 1
    return net


# %% fit_lbfgs right "from a start at zero, with a seed"
def fit_lbfgs(X, y, num_steps):
    torch.manual_seed(1)
    net = nn.Linear(X.shape[1], 1)
    nn.init.zeros_(net.weight)
    nn.init.zeros_(net.bias)
    optimizer = torch.optim.LBFGS(net.parameters())

    def closure():
        optimizer.zero_grad()
        loss = F.mse_loss(net(X), y)
        loss.backward()
        return loss

    for _ in range(num_steps):
        optimizer.step(closure)
    return net


# %% fit_lbfgs right "a lazy layer"
def fit_lbfgs(X, y, num_steps):
    net = nn.LazyLinear(1)
    net(X)
    optimizer = torch.optim.LBFGS(net.parameters())

    def closure():
        optimizer.zero_grad()
        loss = F.mse_loss(net(X), y)
        loss.backward()
        return loss

    for _ in range(num_steps):
        optimizer.step(closure)
    return net


# %% fit_lbfgs wrong "the closure does not clear the gradients"
def fit_lbfgs(X, y, num_steps):
    net = nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.LBFGS(net.parameters())

    def closure():
        loss = F.mse_loss(net(X), y)
        loss.backward()
        return loss

    for _ in range(num_steps):
        optimizer.step(closure)
    return net


# %% fit_lbfgs wrong "the closure does not return the loss"
def fit_lbfgs(X, y, num_steps):
    net = nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.LBFGS(net.parameters())

    def closure():
        optimizer.zero_grad()
        loss = F.mse_loss(net(X), y)
        loss.backward()

    for _ in range(num_steps):
        optimizer.step(closure)
    return net


# %% fit_lbfgs wrong "step is called without a closure"
def fit_lbfgs(X, y, num_steps):
    net = nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.LBFGS(net.parameters())
    for _ in range(num_steps):
        optimizer.zero_grad()
        F.mse_loss(net(X), y).backward()
        optimizer.step()
    return net


# %% fit_lbfgs wrong "the closure never calls backward, so the net stays as it was made"
def fit_lbfgs(X, y, num_steps):
    net = nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.LBFGS(net.parameters())

    def closure():
        optimizer.zero_grad()
        return F.mse_loss(net(X), y)

    for _ in range(num_steps):
        optimizer.step(closure)
    return net


# %% fit_lbfgs wrong "the layer has no bias"
def fit_lbfgs(X, y, num_steps):
    net = nn.Linear(X.shape[1], 1, bias=False)
    optimizer = torch.optim.LBFGS(net.parameters())

    def closure():
        optimizer.zero_grad()
        loss = F.mse_loss(net(X), y)
        loss.backward()
        return loss

    for _ in range(num_steps):
        optimizer.step(closure)
    return net


# %% fit_lbfgs wrong "y_hat (N, 1) minus y (N,) is broadcast to (N, N)"
def fit_lbfgs(X, y, num_steps):
    net = nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.LBFGS(net.parameters())

    def closure():
        optimizer.zero_grad()
        loss = ((net(X) - y.flatten()) ** 2).mean()
        loss.backward()
        return loss

    for _ in range(num_steps):
        optimizer.step(closure)
    return net


# %% fit_lbfgs wrong "only the weight is given to the optimiser, so the bias stays"
def fit_lbfgs(X, y, num_steps):
    net = nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.LBFGS([net.weight])

    def closure():
        optimizer.zero_grad()
        loss = F.mse_loss(net(X), y)
        loss.backward()
        return loss

    for _ in range(num_steps):
        optimizer.step(closure)
    return net


# %% fit_lbfgs wrong "the closure is called, where the function itself is handed over"
def fit_lbfgs(X, y, num_steps):
    net = nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.LBFGS(net.parameters())

    def closure():
        optimizer.zero_grad()
        loss = F.mse_loss(net(X), y)
        loss.backward()
        return loss

    for _ in range(num_steps):
        optimizer.step(closure())
    return net


# %% fit_lbfgs wrong "one step, whatever num_steps says"
def fit_lbfgs(X, y, num_steps):
    net = nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.LBFGS(net.parameters())

    def closure():
        optimizer.zero_grad()
        loss = F.mse_loss(net(X), y)
        loss.backward()
        return loss

    optimizer.step(closure)
    return net


# %% fit_lbfgs equivalent "the squared error is the same from both sides"
# loss = F.mse_loss(net(X), y) -> loss = F.mse_loss(y, net(X))


# %% border hints [markdown]
# 1. You have the slope and the bias of a line. At which `x` does it reach 1/2, and is
#    that where it reaches 0?
# 2. These are two tasks: fit a line with one feature, as in exercise 6, then solve one
#    equation for `x`, which you can do on paper. Every number must count in the fit,
#    not the two groups alone.
# 3. Slope: how `x` and `y` vary together, over how `x` varies with itself, around the
#    mean of `x`. The line passes through the point of the two means, which gives the
#    bias. Take it from 1/2 and divide by the slope.


# %% border right "by the normal equations"
def border(x, y):
    A = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    w, b = torch.linalg.lstsq(A, y).solution.flatten()
    return (1 / 2 - b) / w


# %% border right "from the covariance"
def border(x, y):
    w = ((x * y).mean() - x.mean() * y.mean()) / ((x * x).mean() - x.mean() ** 2)
    return x.mean() + (0.5 - y.mean()) / w


# %% border wrong "this is where the line crosses 0, not 1/2"
def border(x, y):
    A = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    w, b = torch.linalg.lstsq(A, y).solution.flatten()
    return -b / w


# %% border wrong "the line is fitted without a bias"
def border(x, y):
    w = (x * y).sum() / (x * x).sum()
    return 0.5 / w


# %% border wrong "the bias is fitted, and left out where the line is solved for x"
def border(x, y):
    A = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    w, b = torch.linalg.lstsq(A, y).solution.flatten()
    return 0.5 / w


# %% border wrong "the sign is turned round"
def border(x, y):
    A = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    w, b = torch.linalg.lstsq(A, y).solution.flatten()
    return (b - 0.5) / w


# %% border wrong "half-way between the means of the two groups, as if x were fitted as a line in y"
def border(x, y):
    return (x[y == 0].mean() + x[y == 1].mean()) / 2


# %% border wrong "the mean of x is returned"
def border(x, y):
    return x.mean()


# %% border wrong "x and y have changed places: x is fitted as a line in y"
def border(x, y):
    A = torch.cat([y, torch.ones(len(y), 1)], dim=1)
    w, b = torch.linalg.lstsq(A, x).solution.flatten()
    return (0.5 - b) / w


# %% border wrong "a tensor of shape (1,) where one without axes is asked"
def border(x, y):
    A = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    w, b = torch.linalg.lstsq(A, y).solution
    return (0.5 - b) / w


# %% border wrong "half-way between the two nearest people of the two groups"
def border(x, y):
    return (x[y == 0].max() + x[y == 1].min()) / 2


# %% border wrong "the prediction at x = 1/2, not the x at which it is 1/2"
def border(x, y):
    A = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    w, b = torch.linalg.lstsq(A, y).solution.flatten()
    return w / 2 + b


# %% border wrong "slope and bias have changed places"
def border(x, y):
    A = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    b, w = torch.linalg.lstsq(A, y).solution.flatten()
    return (0.5 - b) / w
