# %% iterations hints [markdown]
# 1. Write down the batches of 10 examples in fours. How many are full, how many
#    examples are left over, and what becomes of them in each of the two cases?
# 2. Integer division counts the full batches and its remainder what is left. A short
#    batch exists only if something is left, and is given only if nothing is dropped.
# 3. Two cases. Where a short batch is given: one batch more than the full ones, and its
#    size is the remainder. Else: the full ones alone, and the last has the full size,
#    unless there is none. The count is multiplied by the epochs.


# %% iterations right "with ceil and floor"
def iterations(num_examples, batch_size, num_epochs, drop_last):
    import math

    ratio = num_examples / batch_size
    per_epoch = math.floor(ratio) if drop_last else math.ceil(ratio)
    last = num_examples - (per_epoch - 1) * batch_size
    if drop_last:
        last = min(batch_size, per_epoch * batch_size)
    return per_epoch * num_epochs, last


# %% iterations right "with a negative division"
def iterations(num_examples, batch_size, num_epochs, drop_last):
    if drop_last:
        num_examples -= num_examples % batch_size
    given = -(-num_examples // batch_size)
    return given * num_epochs, num_examples - batch_size * max(given - 1, 0)


# %% iterations wrong "rounded down where the short batch is given"
def iterations(num_examples, batch_size, num_epochs, drop_last):
    full, left = divmod(num_examples, batch_size)
    return num_epochs * full, left if left and not drop_last else batch_size


# %% iterations wrong "`drop_last` is ignored"
def iterations(num_examples, batch_size, num_epochs, drop_last):
    full, left = divmod(num_examples, batch_size)
    return num_epochs * (full + (left > 0)), left or batch_size


# %% iterations wrong "the updates of one epoch only"
def iterations(num_examples, batch_size, num_epochs, drop_last):
    full, left = divmod(num_examples, batch_size)
    if left and not drop_last:
        return full + 1, left
    return full, batch_size if full else 0


# %% iterations wrong "one batch is always added, where nothing is left too"
def iterations(num_examples, batch_size, num_epochs, drop_last):
    full, left = divmod(num_examples, batch_size)
    if not drop_last:
        return num_epochs * (full + 1), left
    return num_epochs * full, batch_size if full else 0


# %% iterations wrong "the remainder is called the last batch's size where it is dropped"
def iterations(num_examples, batch_size, num_epochs, drop_last):
    full, left = divmod(num_examples, batch_size)
    return num_epochs * (full + (left > 0 and not drop_last)), left or batch_size


# %% iterations wrong "the last size is 0 where the batches come out even"
def iterations(num_examples, batch_size, num_epochs, drop_last):
    full, left = divmod(num_examples, batch_size)
    if drop_last:
        return num_epochs * full, batch_size if full else 0
    return num_epochs * (full + (left > 0)), left


# %% iterations wrong "a full last batch is reported where there is none"
def iterations(num_examples, batch_size, num_epochs, drop_last):
    full, left = divmod(num_examples, batch_size)
    if left and not drop_last:
        return num_epochs * (full + 1), left
    return num_epochs * full, batch_size


# %% iterations wrong "leftovers are carried over into the next epoch"
def iterations(num_examples, batch_size, num_epochs, drop_last):
    full, left = divmod(num_examples * num_epochs, batch_size)
    if left and not drop_last:
        return full + 1, left
    return full, batch_size if full else 0


# %% TableDataset hints [markdown]
# 1. Which two questions does a loader ask a dataset, and by which special methods does
#    it ask them?
# 2. Keep what you are given and do the work when one item is asked for. Indexing `y`
#    with one number gives a tensor without axes; one axis has to come back.
# 3. The first method stores three things. The second returns how many rows there are.
#    The third takes one row, sends it through the function if there is one, and pairs
#    it with the label as a tensor of one number.


# %% TableDataset right "with a slice for the label"
class TableDataset(Dataset):
    def __init__(self, X, y, transform=None):
        self.features, self.labels = X, y[:, None]
        self.transform = transform or (lambda x: x)

    def __len__(self):
        return self.features.shape[0]

    def __getitem__(self, i):
        return self.transform(self.features[i]), self.labels[i]


# %% TableDataset right "a plain class without a base"
class TableDataset:
    def __init__(self, X, y, transform=None):
        self.rows = list(zip(X, y))
        self.transform = transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        x, label = self.rows[i]
        return (x if self.transform is None else self.transform(x)), label.unsqueeze(0)


# %% TableDataset wrong "the label has no axis where the shape (1,) is asked"
class TableDataset(Dataset):
    def __init__(self, X, y, transform=None):
        self.X, self.y, self.transform = X, y, transform

    def __len__(self):
        return len(self.X)

    def __getitem__(self, i):
        x = self.X[i] if self.transform is None else self.transform(self.X[i])
        return x, self.y[i]


# %% TableDataset wrong "the transform is never called"
class TableDataset(Dataset):
    def __init__(self, X, y, transform=None):
        self.X, self.y = X, y

    def __len__(self):
        return len(self.X)

    def __getitem__(self, i):
        return self.X[i], self.y[i].reshape(1)


# %% TableDataset wrong "the label is transformed too"
class TableDataset(Dataset):
    def __init__(self, X, y, transform=None):
        self.X, self.y, self.transform = X, y, transform or (lambda x: x)

    def __len__(self):
        return len(self.X)

    def __getitem__(self, i):
        return self.transform(self.X[i]), self.transform(self.y[i].reshape(1))


# %% TableDataset wrong "the transform sees the whole table, not one example"
class TableDataset(Dataset):
    def __init__(self, X, y, transform=None):
        self.X = X if transform is None else transform(X)
        self.y = y

    def __len__(self):
        return len(self.X)

    def __getitem__(self, i):
        return self.X[i], self.y[i].reshape(1)


# %% TableDataset wrong "the length is the number of columns"
class TableDataset(Dataset):
    def __init__(self, X, y, transform=None):
        self.X, self.y, self.transform = X, y, transform

    def __len__(self):
        return self.X.shape[1]

    def __getitem__(self, i):
        x = self.X[i] if self.transform is None else self.transform(self.X[i])
        return x, self.y[i].reshape(1)


# %% TableDataset wrong "the features keep an axis of length 1, as a batch would"
class TableDataset(Dataset):
    def __init__(self, X, y, transform=None):
        self.X, self.y, self.transform = X, y, transform

    def __len__(self):
        return len(self.X)

    def __getitem__(self, i):
        x = self.X[[i]] if self.transform is None else self.transform(self.X[[i]])
        return x, self.y[i].reshape(1)


# %% TableDataset wrong "the label comes before the features"
class TableDataset(Dataset):
    def __init__(self, X, y, transform=None):
        self.X, self.y, self.transform = X, y, transform

    def __len__(self):
        return len(self.X)

    def __getitem__(self, i):
        x = self.X[i] if self.transform is None else self.transform(self.X[i])
        return self.y[i].reshape(1), x


# %% TableDataset wrong "items are counted from 1"
class TableDataset(Dataset):
    def __init__(self, X, y, transform=None):
        self.X, self.y, self.transform = X, y, transform

    def __len__(self):
        return len(self.X)

    def __getitem__(self, i):
        x = self.X[i - 1] if self.transform is None else self.transform(self.X[i - 1])
        return x, self.y[i - 1].reshape(1)


# %% TableDataset wrong "`__len__` is missing"
class TableDataset(Dataset):
    def __init__(self, X, y, transform=None):
        self.X, self.y, self.transform = X, y, transform

    def __getitem__(self, i):
        x = self.X[i] if self.transform is None else self.transform(self.X[i])
        return x, self.y[i].reshape(1)


# %% standardize_parts hints [markdown]
# 1. You are given the column 1, NaN, 3 for training. Which numbers do you have to
#    remember of it before you may look at the other table?
# 2. `nanmean` leaves holes out; a deviation is the root of a mean of squared distances,
#    so it can use the same function. What is filled with the mean ends up at 0.
# 3. From the first table: means, deviations, zeros among these turned into ones. Then
#    for both tables alike: shift, scale, and put 0 where NaN is left.


# %% standardize_parts right "filled first, the count of values by hand"
def standardize_parts(X_train, X_other):
    there = ~X_train.isnan()
    count = there.sum(dim=0)
    mean = torch.where(there, X_train, 0).sum(dim=0) / count
    distance = torch.where(there, X_train - mean, 0)
    std = ((distance**2).sum(dim=0) / count).sqrt()
    std[std == 0] = 1

    def prepare(X):
        return (torch.where(X.isnan(), mean, X) - mean) / std

    return prepare(X_train), prepare(X_other)


# %% standardize_parts right "variance from the mean of squares, in double precision"
def standardize_parts(X_train, X_other):
    X = X_train.double()
    mean = X.nanmean(0)
    var = (X - mean).square().nanmean(0)
    scale = var.clamp(min=0).sqrt()
    scale = scale + (scale == 0)
    parts = [(part.double() - mean) / scale for part in (X_train, X_other)]
    return parts[0].nan_to_num(0).float(), parts[1].nan_to_num(0).float()


# %% standardize_parts wrong "the statistics are taken over all rows of both parts"
def standardize_parts(X_train, X_other):
    both = torch.cat([X_train, X_other])
    mean = both.nanmean(dim=0)
    std = ((both - mean) ** 2).nanmean(dim=0).sqrt()
    std = torch.where(std > 0, std, 1.0)
    return tuple(((X - mean) / std).nan_to_num(nan=0.0) for X in (X_train, X_other))


# %% standardize_parts wrong "each part is measured with a ruler of its own"
def standardize_parts(X_train, X_other):
    parts = []
    for X in (X_train, X_other):
        mean = X.nanmean(dim=0)
        std = ((X - mean) ** 2).nanmean(dim=0).sqrt()
        std = torch.where(std > 0, std, 1.0)
        parts.append(((X - mean) / std).nan_to_num(nan=0.0))
    return tuple(parts)


# %% standardize_parts wrong "holes become 0 before the table is scaled"
def standardize_parts(X_train, X_other):
    X_train, X_other = X_train.nan_to_num(nan=0.0), X_other.nan_to_num(nan=0.0)
    mean, std = X_train.mean(dim=0), X_train.std(dim=0, correction=0)
    std = torch.where(std > 0, std, 1.0)
    return (X_train - mean) / std, (X_other - mean) / std


# %% standardize_parts wrong "holes are left as they are"
def standardize_parts(X_train, X_other):
    mean = X_train.nanmean(dim=0)
    std = ((X_train - mean) ** 2).nanmean(dim=0).sqrt()
    std = torch.where(std > 0, std, 1.0)
    return (X_train - mean) / std, (X_other - mean) / std


# %% standardize_parts wrong "the deviation is taken after filling, so it is too small"
def standardize_parts(X_train, X_other):
    mean = X_train.nanmean(dim=0)
    std = torch.where(X_train.isnan(), mean, X_train).std(dim=0, correction=0)
    std = torch.where(std > 0, std, 1.0)
    return tuple(((X - mean) / std).nan_to_num(nan=0.0) for X in (X_train, X_other))


# %% standardize_parts wrong "divided by one less than the number of values"
def standardize_parts(X_train, X_other):
    mean = X_train.nanmean(dim=0)
    count = (~X_train.isnan()).sum(dim=0)
    std = (((X_train - mean) ** 2).nansum(dim=0) / (count - 1)).sqrt()
    std = torch.where(std > 0, std, 1.0)
    return tuple(((X - mean) / std).nan_to_num(nan=0.0) for X in (X_train, X_other))


# %% standardize_parts wrong "a constant column is divided by 0"
def standardize_parts(X_train, X_other):
    mean = X_train.nanmean(dim=0)
    std = ((X_train - mean) ** 2).nanmean(dim=0).sqrt()
    filled = [torch.where(X.isnan(), mean, X) for X in (X_train, X_other)]
    return tuple((X - mean) / std for X in filled)


# %% standardize_parts wrong "the other part is not prepared"
def standardize_parts(X_train, X_other):
    mean = X_train.nanmean(dim=0)
    std = ((X_train - mean) ** 2).nanmean(dim=0).sqrt()
    std = torch.where(std > 0, std, 1.0)
    return ((X_train - mean) / std).nan_to_num(nan=0.0), X_other


# %% standardize_parts wrong "divided by the variance, not by the deviation"
def standardize_parts(X_train, X_other):
    mean = X_train.nanmean(dim=0)
    var = ((X_train - mean) ** 2).nanmean(dim=0)
    var = torch.where(var > 0, var, 1.0)
    return tuple(((X - mean) / var).nan_to_num(nan=0.0) for X in (X_train, X_other))


# %% standardize_parts wrong "scaled to lie between 0 and 1"
def standardize_parts(X_train, X_other):
    low = X_train.nan_to_num(nan=float("inf")).amin(dim=0)
    high = X_train.nan_to_num(nan=float("-inf")).amax(dim=0)
    width = torch.where(high > low, high - low, 1.0)
    return tuple(((X - low) / width).nan_to_num(nan=0.0) for X in (X_train, X_other))


# %% standardize_parts wrong "one mean and one deviation for the whole table"
def standardize_parts(X_train, X_other):
    mean = X_train.nanmean()
    std = ((X_train - mean) ** 2).nanmean().sqrt()
    return tuple(((X - mean) / std).nan_to_num(nan=0.0) for X in (X_train, X_other))


# %% standardize_parts equivalent "0 is what nan_to_num puts by itself; a square has no sign"
# return tuple((((X - mean) / std).nan_to_num(nan=0.0) for X in (X_train, X_other))) -> return tuple((((X - mean) / std).nan_to_num() for X in (X_train, X_other)))
# std = ((X_train - mean) ** 2).nanmean(dim=0).sqrt() -> std = ((mean - X_train) ** 2).nanmean(dim=0).sqrt()


# %% r_squared hints [markdown]
# 1. For 5 people and 2 quantities, how many means of the truth are there, and along
#    which axis is each of the sums in the formula taken?
# 2. Numerator and denominator are both sums over the examples, one number a column. The
#    denominator knows nothing of the predictions.
# 3. Three lines: the squared misses summed down the rows, the squared distances of the
#    truths to their own column's mean summed in the same way, 1 minus the ratio.


# %% r_squared right "with means in place of sums"
def r_squared(y_hat, y):
    mse = torch.square(y - y_hat).mean(0)
    return (y.var(dim=0, correction=0) - mse) / y.var(dim=0, correction=0)


# %% r_squared right "rows and columns exchanged first"
def r_squared(y_hat, y):
    truth, guess = y.T.contiguous(), y_hat.T
    centred = truth - truth.mean(dim=1, keepdim=True)
    return 1.0 - (truth - guess).norm(dim=1) ** 2 / centred.norm(dim=1) ** 2


# %% r_squared wrong "predictions and truths have changed places"
def r_squared(y_hat, y):
    spread = ((y_hat - y_hat.mean(dim=0)) ** 2).sum(dim=0)
    return 1 - ((y_hat - y) ** 2).sum(dim=0) / spread


# %% r_squared wrong "one number for all quantities together"
def r_squared(y_hat, y):
    return 1 - ((y_hat - y) ** 2).sum() / ((y - y.mean(dim=0)) ** 2).sum()


# %% r_squared wrong "one mean for all quantities in the denominator"
def r_squared(y_hat, y):
    return 1 - ((y_hat - y) ** 2).sum(dim=0) / ((y - y.mean()) ** 2).sum(dim=0)


# %% r_squared wrong "one number for each example, along the wrong axis"
def r_squared(y_hat, y):
    spread = ((y - y.mean(dim=0)) ** 2).sum(dim=1)
    return 1 - ((y_hat - y) ** 2).sum(dim=1) / spread


# %% r_squared wrong "the ratio itself, not 1 minus it"
def r_squared(y_hat, y):
    return ((y_hat - y) ** 2).sum(dim=0) / ((y - y.mean(dim=0)) ** 2).sum(dim=0)


# %% r_squared wrong "the truths are not centred in the denominator"
def r_squared(y_hat, y):
    return 1 - ((y_hat - y) ** 2).sum(dim=0) / (y**2).sum(dim=0)


# %% r_squared wrong "a mean above, a sum below"
def r_squared(y_hat, y):
    return 1 - ((y_hat - y) ** 2).mean(dim=0) / ((y - y.mean(dim=0)) ** 2).sum(dim=0)


# %% r_squared wrong "the variance divides by N - 1, the error by N"
def r_squared(y_hat, y):
    return 1 - ((y_hat - y) ** 2).mean(dim=0) / y.var(dim=0)


# %% r_squared wrong "absolute misses, not squared ones"
def r_squared(y_hat, y):
    return 1 - (y_hat - y).abs().sum(dim=0) / (y - y.mean(dim=0)).abs().sum(dim=0)


# %% r_squared wrong "the root of the ratio is taken"
def r_squared(y_hat, y):
    ratio = ((y_hat - y) ** 2).sum(dim=0) / ((y - y.mean(dim=0)) ** 2).sum(dim=0)
    return 1 - ratio.sqrt()


# %% r_squared wrong "the variance explained over the whole variance, which isn't R2 here"
def r_squared(y_hat, y):
    return y_hat.var(dim=0) / y.var(dim=0)


# %% r_squared equivalent "a square does not know the sign"
# missed = ((y_hat - y) ** 2).sum(dim=0) -> missed = ((y - y_hat) ** 2).sum(dim=0)
# spread = ((y - y.mean(dim=0)) ** 2).sum(dim=0) -> spread = ((y.mean(dim=0) - y) ** 2).sum(dim=0)


# %% evaluate hints [markdown]
# 1. Errors of 3 and 0 come in one batch and an error of 0 in another. Which sums and
#    which count give the RMSE of all three?
# 2. Roots and means can't be averaged over unequal batches, but sums can be added. Keep
#    three running totals, and take the root at the very end. A net that is measured is
#    in another mode than one that learns.
# 3. Remember the mode and switch. Without gradients: for each batch add its squared
#    errors, its absolute errors and its size. Switch back. Two divisions and one root
#    give two floats.


# %% evaluate right "all errors kept in one tensor"
@torch.no_grad()
def evaluate(net, data_iter):
    was_training = net.training
    net.eval()
    errors = torch.cat([(net(X) - y).flatten() for X, y in data_iter])
    net.train(was_training)
    return errors.square().mean().sqrt().item(), errors.abs().mean().item()


# %% evaluate right "batch means weighed by their sizes"
def evaluate(net, data_iter):
    mode = net.training
    net.train(False)
    mse = mae = n = 0
    with torch.inference_mode():
        for X, y in data_iter:
            y_hat = net(X)
            mse += F.mse_loss(y_hat, y).item() * len(X)
            mae += F.l1_loss(y_hat, y).item() * len(X)
            n += len(X)
    if mode:
        net.train()
    return (mse / n) ** 0.5, mae / n


# %% evaluate wrong "the batch means are averaged, though the batches are unequal"
@torch.no_grad()
def evaluate(net, data_iter):
    was_training = net.training
    net.eval()
    errors = [net(X) - y for X, y in data_iter]
    net.train(was_training)
    mse = sum((e**2).mean().item() for e in errors) / len(errors)
    return mse**0.5, sum(e.abs().mean().item() for e in errors) / len(errors)


# %% evaluate wrong "the RMSEs of the batches are averaged, weighed by size"
@torch.no_grad()
def evaluate(net, data_iter):
    was_training = net.training
    net.eval()
    errors = [net(X) - y for X, y in data_iter]
    net.train(was_training)
    n = sum(len(e) for e in errors)
    rmse = sum((e**2).mean().sqrt().item() * len(e) for e in errors) / n
    return rmse, sum(e.abs().sum().item() for e in errors) / n


# %% evaluate wrong "the net is not in eval mode while it is measured"
@torch.no_grad()
def evaluate(net, data_iter):
    errors = torch.cat([net(X) - y for X, y in data_iter])
    return (errors**2).mean().sqrt().item(), errors.abs().mean().item()


# %% evaluate wrong "the net is left in eval mode"
@torch.no_grad()
def evaluate(net, data_iter):
    net.eval()
    errors = torch.cat([net(X) - y for X, y in data_iter])
    return (errors**2).mean().sqrt().item(), errors.abs().mean().item()


# %% evaluate wrong "the net is left in train mode, whatever it was before"
@torch.no_grad()
def evaluate(net, data_iter):
    net.eval()
    errors = torch.cat([net(X) - y for X, y in data_iter])
    net.train()
    return (errors**2).mean().sqrt().item(), errors.abs().mean().item()


# %% evaluate wrong "gradients are recorded while it is measured"
def evaluate(net, data_iter):
    was_training = net.training
    net.eval()
    errors = torch.cat([net(X) - y for X, y in data_iter])
    net.train(was_training)
    return (errors**2).mean().sqrt().item(), errors.abs().mean().item()


# %% evaluate wrong "only the last batch is reported"
@torch.no_grad()
def evaluate(net, data_iter):
    was_training = net.training
    net.eval()
    for X, y in data_iter:
        error = net(X) - y
    net.train(was_training)
    return (error**2).mean().sqrt().item(), error.abs().mean().item()


# %% evaluate wrong "no root is taken: this is the MSE"
@torch.no_grad()
def evaluate(net, data_iter):
    was_training = net.training
    net.eval()
    errors = torch.cat([net(X) - y for X, y in data_iter])
    net.train(was_training)
    return (errors**2).mean().item(), errors.abs().mean().item()


# %% evaluate wrong "batch means are added and divided by the number of examples"
@torch.no_grad()
def evaluate(net, data_iter):
    was_training = net.training
    net.eval()
    errors = [net(X) - y for X, y in data_iter]
    net.train(was_training)
    n = sum(len(e) for e in errors)
    mse = sum((e**2).mean().item() for e in errors) / n
    return mse**0.5, sum(e.abs().mean().item() for e in errors) / n


# %% evaluate wrong "the errors are added with their signs"
@torch.no_grad()
def evaluate(net, data_iter):
    was_training = net.training
    net.eval()
    errors = torch.cat([net(X) - y for X, y in data_iter])
    net.train(was_training)
    return (errors**2).mean().sqrt().item(), errors.mean().item()


# %% evaluate wrong "tensors are returned, where floats are asked"
@torch.no_grad()
def evaluate(net, data_iter):
    was_training = net.training
    net.eval()
    errors = torch.cat([net(X) - y for X, y in data_iter])
    net.train(was_training)
    return (errors**2).mean().sqrt(), errors.abs().mean()


# %% evaluate equivalent "neither squares nor absolute values know the sign"
# error = net(X) - y -> error = y - net(X)


# %% train_epoch hints [markdown]
# 1. `F.mse_loss` gives a mean over a batch. What does a sum of such means count, and
#    does the line below the loop divide by the same thing?
# 2. Two faults: a batch's mean has to be weighed by how many examples it stands for,
#    and what is added up for a report should know nothing of the graph.
# 3. Keep the loop. One line changes: a plain number, times the size of the batch, is
#    added to the total.


# %% train_epoch right "losses and sizes in lists"
def train_epoch(net, train_iter, lr):
    optimizer = torch.optim.SGD(net.parameters(), lr)
    net.train()
    losses, sizes = [], []
    for X, y in train_iter:
        optimizer.zero_grad()
        loss = F.mse_loss(net(X), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        sizes.append(len(X))
    return sum(a * n for a, n in zip(losses, sizes)) / sum(sizes)


# %% train_epoch right "a sum of squares, the step by hand"
def train_epoch(net, train_iter, lr):
    net.train()
    total = n = 0
    for X, y in train_iter:
        error = net(X) - y
        grads = torch.autograd.grad((error**2).mean(), list(net.parameters()))
        with torch.no_grad():
            for param, grad in zip(net.parameters(), grads):
                param -= lr * grad
        total += float((error.detach() ** 2).sum())
        n += len(y)
    return total / n


# %% train_epoch wrong "as it was found: a sum of batch means, divided by the number of examples"
def train_epoch(net, train_iter, lr):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    net.train()
    total, count = 0, 0
    for X, y in train_iter:
        loss = F.mse_loss(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss
        count += len(y)
    return total / count


# %% train_epoch wrong "the mean of the batch means, though the batches are unequal"
def train_epoch(net, train_iter, lr):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    net.train()
    losses = []
    for X, y in train_iter:
        loss = F.mse_loss(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


# %% train_epoch wrong "a tensor with its graph is returned, where a float is asked"
def train_epoch(net, train_iter, lr):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    net.train()
    total, count = 0, 0
    for X, y in train_iter:
        loss = F.mse_loss(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss * len(y)
        count += len(y)
    return total / count


# %% train_epoch wrong "the last batch's loss is reported as the epoch's"
def train_epoch(net, train_iter, lr):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    net.train()
    for X, y in train_iter:
        loss = F.mse_loss(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


# %% train_epoch wrong "gradients of earlier batches are not cleared"
def train_epoch(net, train_iter, lr):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    net.train()
    total, count = 0.0, 0
    for X, y in train_iter:
        loss = F.mse_loss(net(X), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        count += len(y)
    return total / count


# %% train_epoch wrong "the net is not put into train mode"
def train_epoch(net, train_iter, lr):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    total, count = 0.0, 0
    for X, y in train_iter:
        loss = F.mse_loss(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        count += len(y)
    return total / count


# %% train_epoch wrong "the loss is measured after the step, not when the batch was met"
def train_epoch(net, train_iter, lr):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    net.train()
    total, count = 0.0, 0
    for X, y in train_iter:
        optimizer.zero_grad()
        F.mse_loss(net(X), y).backward()
        optimizer.step()
        total += F.mse_loss(net(X), y).item() * len(y)
        count += len(y)
    return total / count


# %% train_epoch wrong "the sum over the batch drives the step, so it is too long"
def train_epoch(net, train_iter, lr):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    net.train()
    total, count = 0.0, 0
    for X, y in train_iter:
        loss = F.mse_loss(net(X), y, reduction="sum")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        count += len(y)
    return total / count


# %% train_epoch wrong "the net is never changed: no step is taken"
def train_epoch(net, train_iter, lr):
    net.train()
    total, count = 0.0, 0
    for X, y in train_iter:
        total += F.mse_loss(net(X), y).item() * len(y)
        count += len(y)
    return total / count


# %% train_epoch equivalent "the squared error is the same from both sides"
# loss = F.mse_loss(net(X), y) -> loss = F.mse_loss(y, net(X))


# %% pad_collate hints [markdown]
# 1. What is the longest length in this batch, and how do you know, for a row of the
#    result, whether it is real, if a real entry may look like the filling?
# 2. Begin with a tensor that holds nothing but filling, and write each example over its
#    beginning. The mask follows from the lengths alone, not from what the rows hold.
# 3. Lengths first. A full tensor of (B, longest, n), into which each example is copied
#    from row 0 on. The mask compares positions with lengths, by broadcasting. The
#    labels become one tensor of integers.


# %% pad_collate right "padded one by one and stacked"
def pad_collate(examples, value):
    longest = max(len(x) for x, _ in examples)
    rows, masks = [], []
    for x, _ in examples:
        missing = longest - len(x)
        rows.append(F.pad(x, (0, 0, 0, missing), value=value))
        masks.append(torch.tensor([True] * len(x) + [False] * missing))
    return torch.stack(rows), torch.stack(masks), torch.tensor([y for _, y in examples])


# %% pad_collate right "filling concatenated behind each example"
def pad_collate(examples, value):
    parts, labels = zip(*examples)
    longest = max(part.size(0) for part in parts)
    mask = torch.zeros(len(parts), longest, dtype=torch.bool)
    filled = []
    for i, part in enumerate(parts):
        mask[i, : len(part)] = True
        rest = torch.ones(longest - len(part), part.size(1)) * value
        filled.append(torch.cat([part, rest])[None])
    return torch.cat(filled), mask, torch.LongTensor(labels)


# %% pad_collate wrong "the filling stands in front"
def pad_collate(examples, value):
    longest = max(len(x) for x, _ in examples)
    X = torch.full((len(examples), longest, examples[0][0].shape[1]), float(value))
    mask = torch.zeros(len(examples), longest, dtype=torch.bool)
    for i, (x, _) in enumerate(examples):
        X[i, longest - len(x) :] = x
        mask[i, longest - len(x) :] = True
    return X, mask, torch.tensor([y for _, y in examples])


# %% pad_collate wrong "filled with 0 whatever `value` says"
def pad_collate(examples, value):
    X = nn.utils.rnn.pad_sequence([x for x, _ in examples], batch_first=True)
    lengths = torch.tensor([len(x) for x, _ in examples])
    mask = torch.arange(X.shape[1]) < lengths[:, None]
    return X, mask, torch.tensor([y for _, y in examples])


# %% pad_collate wrong "the mask is the wrong way round: True where it is filling"
def pad_collate(examples, value):
    longest = max(len(x) for x, _ in examples)
    X = torch.full((len(examples), longest, examples[0][0].shape[1]), float(value))
    mask = torch.ones(len(examples), longest, dtype=torch.bool)
    for i, (x, _) in enumerate(examples):
        X[i, : len(x)] = x
        mask[i, : len(x)] = False
    return X, mask, torch.tensor([y for _, y in examples])


# %% pad_collate wrong "the mask is read off the values, so real entries equal to `value` are lost"
def pad_collate(examples, value):
    longest = max(len(x) for x, _ in examples)
    X = torch.full((len(examples), longest, examples[0][0].shape[1]), float(value))
    for i, (x, _) in enumerate(examples):
        X[i, : len(x)] = x
    mask = (X != value).any(dim=2)
    return X, mask, torch.tensor([y for _, y in examples])


# %% pad_collate wrong "all are cut to the shortest length"
def pad_collate(examples, value):
    shortest = min(len(x) for x, _ in examples)
    X = torch.stack([x[:shortest] for x, _ in examples])
    mask = torch.ones(len(examples), shortest, dtype=torch.bool)
    return X, mask, torch.tensor([y for _, y in examples])


# %% pad_collate wrong "the examples are sorted by length"
def pad_collate(examples, value):
    examples = sorted(examples, key=lambda pair: -len(pair[0]))
    longest = len(examples[0][0])
    X = torch.full((len(examples), longest, examples[0][0].shape[1]), float(value))
    mask = torch.zeros(len(examples), longest, dtype=torch.bool)
    for i, (x, _) in enumerate(examples):
        X[i, : len(x)] = x
        mask[i, : len(x)] = True
    return X, mask, torch.tensor([y for _, y in examples])


# %% pad_collate wrong "the mask has an entry for each number, not for each row"
def pad_collate(examples, value):
    longest = max(len(x) for x, _ in examples)
    X = torch.full((len(examples), longest, examples[0][0].shape[1]), float(value))
    mask = torch.zeros(X.shape, dtype=torch.bool)
    for i, (x, _) in enumerate(examples):
        X[i, : len(x)] = x
        mask[i, : len(x)] = True
    return X, mask, torch.tensor([y for _, y in examples])


# %% pad_collate wrong "the labels are floats, where int64 is asked"
def pad_collate(examples, value):
    longest = max(len(x) for x, _ in examples)
    X = torch.full((len(examples), longest, examples[0][0].shape[1]), float(value))
    mask = torch.zeros(len(examples), longest, dtype=torch.bool)
    for i, (x, _) in enumerate(examples):
        X[i, : len(x)] = x
        mask[i, : len(x)] = True
    return X, mask, torch.tensor([float(y) for _, y in examples])


# %% pad_collate wrong "the time axis comes first"
def pad_collate(examples, value):
    longest = max(len(x) for x, _ in examples)
    X = torch.full((len(examples), longest, examples[0][0].shape[1]), float(value))
    mask = torch.zeros(len(examples), longest, dtype=torch.bool)
    for i, (x, _) in enumerate(examples):
        X[i, : len(x)] = x
        mask[i, : len(x)] = True
    return X.transpose(0, 1), mask.T, torch.tensor([y for _, y in examples])


# %% pad_collate wrong "stacked without filling, which needs equal lengths"
def pad_collate(examples, value):
    X = torch.stack([x for x, _ in examples])
    mask = torch.ones(X.shape[:2], dtype=torch.bool)
    return X, mask, torch.tensor([y for _, y in examples])


# %% pad_collate equivalent "the lengths are equal anyway"
# for row, (x, _) in zip(X, examples, strict=True): -> for row, (x, _) in zip(X, examples):
# for row, (x, _) in zip(X, examples, strict=True): -> for row, (x, _) in zip(X, examples, strict=False):


# %% split_by_group hints [markdown]
# 1. Is it a row or a group that is chosen for the test part, and how do you get each
#    group once, in the order in which it first appears?
# 2. Choose groups first, without looking at single rows: walk through them and keep
#    count of the rows that are already in. Then each row follows its group.
# 3. A set of chosen groups and a running size. For each distinct group: if the size is
#    still below the target, add the group, and its number of rows. Last, two lists of
#    the row numbers whose group is out and in.


# %% split_by_group right "rows gathered by group in a dict"
def split_by_group(groups, share):
    rows = {}
    for i, group in enumerate(groups):
        rows.setdefault(group, []).append(i)
    train, test = [], []
    for members in rows.values():
        (test if len(test) < share * len(groups) else train).extend(members)
    return sorted(train), sorted(test)


# %% split_by_group right "with a while loop over distinct groups"
def split_by_group(groups, share):
    waiting = sorted(set(groups), key=groups.index)
    test = []
    while waiting and len(test) < share * len(groups):
        group = waiting.pop(0)
        test += [i for i, name in enumerate(groups) if name == group]
    return [i for i in range(len(groups)) if i not in test], sorted(test)


# %% split_by_group wrong "rows are split, not groups, so a group is in both parts"
def split_by_group(groups, share):
    import math

    size = math.ceil(share * len(groups))
    rows = list(range(len(groups)))
    return rows[size:], rows[:size]


# %% split_by_group wrong "the share is taken of the groups, not of the rows"
def split_by_group(groups, share):
    distinct = list(dict.fromkeys(groups))
    chosen = [g for k, g in enumerate(distinct) if k < share * len(distinct)]
    train = [i for i, g in enumerate(groups) if g not in chosen]
    return train, [i for i, g in enumerate(groups) if g in chosen]


# %% split_by_group wrong "train and test have changed places"
def split_by_group(groups, share):
    chosen, size = set(), 0
    for g in dict.fromkeys(groups):
        if size < share * len(groups):
            chosen.add(g)
            size += groups.count(g)
    train = [i for i, g in enumerate(groups) if g not in chosen]
    return [i for i, g in enumerate(groups) if g in chosen], train


# %% split_by_group wrong "groups are taken in alphabetical order"
def split_by_group(groups, share):
    chosen, size = set(), 0
    for g in sorted(set(groups)):
        if size < share * len(groups):
            chosen.add(g)
            size += groups.count(g)
    train = [i for i, g in enumerate(groups) if g not in chosen]
    return train, [i for i, g in enumerate(groups) if g in chosen]


# %% split_by_group wrong "one group more is taken when the target is met exactly"
def split_by_group(groups, share):
    chosen, size = set(), 0
    for g in dict.fromkeys(groups):
        if size <= share * len(groups):
            chosen.add(g)
            size += groups.count(g)
    train = [i for i, g in enumerate(groups) if g not in chosen]
    return train, [i for i, g in enumerate(groups) if g in chosen]


# %% split_by_group wrong "a group that would exceed the target is refused"
def split_by_group(groups, share):
    chosen, size = set(), 0
    for g in dict.fromkeys(groups):
        if size + groups.count(g) <= share * len(groups):
            chosen.add(g)
            size += groups.count(g)
    train = [i for i, g in enumerate(groups) if g not in chosen]
    return train, [i for i, g in enumerate(groups) if g in chosen]


# %% split_by_group wrong "row numbers stand group by group, not in ascending order"
def split_by_group(groups, share):
    train, test = [], []
    for g in dict.fromkeys(groups):
        rows = [i for i, name in enumerate(groups) if name == g]
        (test if len(test) < share * len(groups) else train).extend(rows)
    return train, test


# %% split_by_group wrong "the names of the groups are returned, not row numbers"
def split_by_group(groups, share):
    chosen, size = [], 0
    distinct = list(dict.fromkeys(groups))
    for g in distinct:
        if size < share * len(groups):
            chosen.append(g)
            size += groups.count(g)
    return [g for g in distinct if g not in chosen], chosen


# %% split_by_group wrong "the target is counted by single rows, then the whole group goes"
def split_by_group(groups, share):
    chosen, size = set(), 0
    for g in groups:
        if size < share * len(groups):
            chosen.add(g)
            size += 1
    train = [i for i, g in enumerate(groups) if g not in chosen]
    return train, [i for i, g in enumerate(groups) if g in chosen]


# %% split_by_group wrong "groups are taken from the end"
def split_by_group(groups, share):
    chosen, size = set(), 0
    for g in reversed(dict.fromkeys(groups)):
        if size < share * len(groups):
            chosen.add(g)
            size += groups.count(g)
    train = [i for i, g in enumerate(groups) if g not in chosen]
    return train, [i for i, g in enumerate(groups) if g in chosen]


# %% channel_statistics hints [markdown]
# 1. Two batches with the pixels 1, 3 and 5, 7 have the deviation 1 each. Why isn't the
#    deviation of all four 1, and which sums would have told you?
# 2. The variance is the mean of the squares minus the square of the mean. Both means
#    come from sums that grow from batch to batch, and from a count of pixels.
# 3. Three totals, started at 0: pixels a channel, the sum of values and the sum of
#    squares, each over images, height and width. After the loop: a mean, a mean of
#    squares, a root. Sum in double precision.


# %% channel_statistics right "two moments, one from the other, batch by batch"
def channel_statistics(data_iter):
    n = 0
    for X in data_iter:
        rows = X.double().transpose(0, 1).flatten(1)  # (C, pixels)
        m = rows.shape[1]
        mean_b, ss_b = rows.mean(1), ((rows - rows.mean(1, keepdim=True)) ** 2).sum(1)
        if n == 0:
            mean, ss = mean_b, ss_b
        else:
            d = mean_b - mean
            mean, ss = mean + d * m / (n + m), ss + ss_b + d**2 * n * m / (n + m)
        n += m
    return mean.float(), (ss / n).sqrt().float()


# %% channel_statistics right "batch means weighed by size"
def channel_statistics(data_iter):
    images, first, second = 0, 0, 0
    for X in data_iter:
        images += X.shape[0]
        first = first + X.double().mean(dim=[0, 2, 3]) * len(X)
        second = second + X.double().square().mean(dim=[0, 2, 3]) * len(X)
    mean = first / images
    return mean.to(torch.float32), (second / images - mean**2).sqrt().to(torch.float32)


# %% channel_statistics wrong "the batch means are averaged, though the batches are unequal"
def channel_statistics(data_iter):
    data_iter = list(data_iter)
    mean = torch.stack([X.mean(dim=(0, 2, 3)) for X in data_iter]).mean(dim=0)
    square = torch.stack([(X**2).mean(dim=(0, 2, 3)) for X in data_iter]).mean(dim=0)
    return mean, (square - mean**2).sqrt()


# %% channel_statistics wrong "the deviations of the batches are averaged"
def channel_statistics(data_iter):
    n, mean, std = 0, 0, 0
    for X in data_iter:
        n += len(X)
        mean = mean + X.mean(dim=(0, 2, 3)) * len(X)
        std = std + X.std(dim=(0, 2, 3), correction=0) * len(X)
    return mean / n, std / n


# %% channel_statistics wrong "the variances of the batches are averaged, so what lies between batches is lost"
def channel_statistics(data_iter):
    n, mean, var = 0, 0, 0
    for X in data_iter:
        n += len(X)
        mean = mean + X.mean(dim=(0, 2, 3)) * len(X)
        var = var + X.var(dim=(0, 2, 3), correction=0) * len(X)
    return mean / n, (var / n).sqrt()


# %% channel_statistics wrong "one number for all channels together"
def channel_statistics(data_iter):
    X = torch.cat(list(data_iter))
    return X.mean().expand(X.shape[1]), X.std(correction=0).expand(X.shape[1])


# %% channel_statistics wrong "divided by one less than the number of pixels"
def channel_statistics(data_iter):
    X = torch.cat(list(data_iter))
    return X.mean(dim=(0, 2, 3)), X.std(dim=(0, 2, 3))


# %% channel_statistics wrong "a mean for each pixel, not for each channel"
def channel_statistics(data_iter):
    X = torch.cat(list(data_iter))
    return X.mean(dim=0), X.std(dim=0, correction=0)


# %% channel_statistics wrong "the variance is returned, without its root"
def channel_statistics(data_iter):
    X = torch.cat(list(data_iter))
    return X.mean(dim=(0, 2, 3)), X.var(dim=(0, 2, 3), correction=0)


# %% channel_statistics wrong "only the last batch is counted"
def channel_statistics(data_iter):
    for X in data_iter:
        mean, std = X.mean(dim=(0, 2, 3)), X.std(dim=(0, 2, 3), correction=0)
    return mean, std


# %% channel_statistics wrong "sums are divided by the number of images, not of pixels"
def channel_statistics(data_iter):
    X = torch.cat(list(data_iter))
    mean = X.sum(dim=(0, 2, 3)) / len(X)
    return mean, ((X**2).sum(dim=(0, 2, 3)) / len(X) - mean**2).abs().sqrt()


# %% channel_statistics wrong "the mean is not squared away: this is the root of the mean square"
def channel_statistics(data_iter):
    X = torch.cat(list(data_iter))
    return X.mean(dim=(0, 2, 3)), (X**2).mean(dim=(0, 2, 3)).sqrt()


# %% encode_labels hints [markdown]
# 1. Which list decides the numbers, and what does a word get that this list has never
#    seen?
# 2. Each distinct training word once, in order, gives a dictionary from word to number.
#    Looking a word up may fail; there is a way to look up with a value for that case.
# 3. A dictionary from the sorted distinct training words to their places. Then a
#    list of look-ups, with -1 for strangers, as a tensor of 64-bit integers, which an
#    empty list needs to be told.


# %% encode_labels right "with the list's index"
def encode_labels(train_words, words):
    known = sorted(set(train_words))
    codes = [known.index(word) if word in known else -1 for word in words]
    return torch.tensor(codes, dtype=torch.long)


# %% encode_labels right "filled number by number"
def encode_labels(train_words, words):
    codes = torch.full((len(words),), -1)
    for k, known in enumerate(sorted({*train_words})):
        for i, word in enumerate(words):
            if word == known:
                codes[i] = k
    return codes


# %% encode_labels wrong "numbered in the order of first appearance"
def encode_labels(train_words, words):
    number = {word: i for i, word in enumerate(dict.fromkeys(train_words))}
    return torch.tensor([number.get(w, -1) for w in words], dtype=torch.int64)


# %% encode_labels wrong "the numbers are learned from the other words too"
def encode_labels(train_words, words):
    number = {w: i for i, w in enumerate(sorted({*train_words, *words}))}
    return torch.tensor([number[w] for w in words], dtype=torch.int64)


# %% encode_labels wrong "words that are not known are numbered along, then given -1"
def encode_labels(train_words, words):
    number = {w: i for i, w in enumerate(sorted({*train_words, *words}))}
    codes = [number[w] if w in train_words else -1 for w in words]
    return torch.tensor(codes, dtype=torch.int64)


# %% encode_labels wrong "the words are numbered among themselves, not by the training words"
def encode_labels(train_words, words):
    number = {w: i for i, w in enumerate(sorted(set(words)))}
    return torch.tensor([number[w] for w in words], dtype=torch.int64)


# %% encode_labels wrong "an unknown word is taken for class 0"
def encode_labels(train_words, words):
    number = {w: i for i, w in enumerate(sorted(set(train_words)))}
    return torch.tensor([number.get(w, 0) for w in words], dtype=torch.int64)


# %% encode_labels wrong "an unknown word gets a class of its own, behind the others"
def encode_labels(train_words, words):
    number = {w: i for i, w in enumerate(sorted(set(train_words)))}
    codes = [number.get(w, len(number)) for w in words]
    return torch.tensor(codes, dtype=torch.int64)


# %% encode_labels wrong "an unknown word is left out, so labels lose their rows"
def encode_labels(train_words, words):
    number = {w: i for i, w in enumerate(sorted(set(train_words)))}
    return torch.tensor([number[w] for w in words if w in number], dtype=torch.int64)


# %% encode_labels wrong "an unknown word raises an error"
def encode_labels(train_words, words):
    number = {w: i for i, w in enumerate(sorted(set(train_words)))}
    return torch.tensor([number[w] for w in words], dtype=torch.int64)


# %% encode_labels wrong "counted from 1, not from 0"
def encode_labels(train_words, words):
    number = {w: i for i, w in enumerate(sorted(set(train_words)), start=1)}
    return torch.tensor([number.get(w, -1) for w in words], dtype=torch.int64)


# %% encode_labels wrong "the numbers are floats, where int64 is asked"
def encode_labels(train_words, words):
    number = {w: float(i) for i, w in enumerate(sorted(set(train_words)))}
    return torch.tensor([number.get(w, -1.0) for w in words])


# %% encode_labels wrong "repeated training words are counted, so numbers are skipped"
def encode_labels(train_words, words):
    known = sorted(train_words)
    codes = [known.index(w) if w in known else -1 for w in words]
    return torch.tensor(codes, dtype=torch.int64)


# %% encode_labels wrong "the most frequent word is number 0"
def encode_labels(train_words, words):
    known = sorted(set(train_words), key=lambda w: (-train_words.count(w), w))
    number = {w: i for i, w in enumerate(known)}
    return torch.tensor([number.get(w, -1) for w in words], dtype=torch.int64)
