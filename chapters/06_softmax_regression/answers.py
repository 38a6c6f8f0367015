# %% one_hot hints [markdown]
# 1. Which numbers stand in the row of the label 2? What would an index of -1 fill?
# 2. Compare instead of filling: a label as a column against all class numbers as a row.
#    To which class is -1 equal?
# 3. One comparison with broadcasting, (N, 1) against (K,), then bool to float32.


# %% one_hot right "filled, unknown rows cleared"
def one_hot(y, num_classes):
    Y = torch.zeros(len(y), num_classes)
    known = y >= 0
    Y[known, y[known]] = 1
    return Y


# %% one_hot right "rows of the identity, the last one of zeros"
def one_hot(y, num_classes):
    rows = torch.cat([torch.eye(num_classes), torch.zeros(1, num_classes)])
    return rows[y]


# %% one_hot wrong "the unknown label -1 fills the last class"
def one_hot(y, num_classes):
    Y = torch.zeros(len(y), num_classes)
    Y[torch.arange(len(y)), y] = 1
    return Y


# %% one_hot wrong "unknown labels taken for class 0"
def one_hot(y, num_classes):
    return (y.clamp(min=0).reshape(-1, 1) == torch.arange(num_classes)).float()


# %% one_hot wrong "examples whose label is unknown are left out"
def one_hot(y, num_classes):
    return (y[y >= 0].reshape(-1, 1) == torch.arange(num_classes)).float()


# %% one_hot wrong "integers where float32 is promised"
def one_hot(y, num_classes):
    return (y.reshape(-1, 1) == torch.arange(num_classes)).long()


# %% one_hot wrong "bool where float32 is promised"
def one_hot(y, num_classes):
    return y.reshape(-1, 1) == torch.arange(num_classes)


# %% one_hot wrong "transposed: an example is a column"
def one_hot(y, num_classes):
    return (torch.arange(num_classes).reshape(-1, 1) == y).float()


# %% one_hot wrong "the classes counted from 1"
def one_hot(y, num_classes):
    return (y.reshape(-1, 1) == torch.arange(1, num_classes + 1)).float()


# %% one_hot wrong "the width taken from the labels, not from `num_classes`"
def one_hot(y, num_classes):
    return (y.reshape(-1, 1) == torch.arange(int(y.max()) + 1)).float()


# %% one_hot wrong "a grid filled: every row gets a 1 for every label"
def one_hot(y, num_classes):
    Y = torch.zeros(len(y), num_classes)
    Y[:, y[y >= 0]] = 1
    return Y


# %% one_hot wrong "ones from class 0 up to the label: a code for ordered classes"
def one_hot(y, num_classes):
    return (torch.arange(num_classes) <= y.reshape(-1, 1)).float()


# %% one_hot wrong "a column too many, for the unknown label"
def one_hot(y, num_classes):
    return torch.eye(num_classes + 1)[y]


# %% one_hot wrong "an unknown label is shared out over all classes"
def one_hot(y, num_classes):
    Y = torch.eye(num_classes)[y]
    Y[y < 0] = 1 / num_classes
    return Y


# %% one_hot wrong "a library does the encoding"
def one_hot(y, num_classes):
    return F.one_hot(y + 1, num_classes + 1)[:, 1:].float()


# %% entropy_bits hints [markdown]
# 1. What does the computer make of 0 times the logarithm of 0? And which base belongs
#    to bits?
# 2. Replace the probability inside the logarithm where it is 0, by a number whose
#    logarithm does no harm. The factor before it stays 0.
# 3. A safe logarithm to base 2, times the probabilities, summed along the classes,
#    with a minus.


# %% entropy_bits right "with xlogy, changed to bits"
def entropy_bits(P):
    nats = -torch.xlogy(P, P).sum(dim=1)
    return nats / torch.log(torch.tensor(2.0))


# %% entropy_bits right "terms of 0 put in afterwards"
def entropy_bits(P):
    terms = P * torch.log2(P)
    return -terms.nan_to_num(nan=0.0).sum(1)


# %% entropy_bits wrong "0 times the logarithm of 0 is nan"
def entropy_bits(P):
    return -(P * torch.log2(P)).sum(dim=1)


# %% entropy_bits wrong "in nats, not in bits"
def entropy_bits(P):
    return -torch.xlogy(P, P).sum(dim=1)


# %% entropy_bits wrong "the change from nats to bits goes the wrong way"
def entropy_bits(P):
    return -torch.xlogy(P, P).sum(dim=1) * torch.log(torch.tensor(2.0))


# %% entropy_bits wrong "the minus is missing"
def entropy_bits(P):
    logs = torch.log2(torch.where(P > 0, P, torch.ones_like(P)))
    return (P * logs).sum(dim=1)


# %% entropy_bits wrong "surprises not weighed by their probabilities"
def entropy_bits(P):
    logs = torch.log2(torch.where(P > 0, P, torch.ones_like(P)))
    return -logs.sum(dim=1)


# %% entropy_bits wrong "the mean over the classes, not the sum"
def entropy_bits(P):
    logs = torch.log2(torch.where(P > 0, P, torch.ones_like(P)))
    return -(P * logs).mean(dim=1)


# %% entropy_bits wrong "summed along the wrong axis: one number a class"
def entropy_bits(P):
    logs = torch.log2(torch.where(P > 0, P, torch.ones_like(P)))
    return -(P * logs).sum(dim=0)


# %% entropy_bits wrong "one number for all rows"
def entropy_bits(P):
    logs = torch.log2(torch.where(P > 0, P, torch.ones_like(P)))
    return -(P * logs).sum(dim=1).mean()


# %% entropy_bits wrong "only the likeliest class's surprise"
def entropy_bits(P):
    return -torch.log2(P.max(dim=1).values)


# %% entropy_bits wrong "the probabilities go through a softmax once more"
def entropy_bits(P):
    P = torch.softmax(P, dim=1)
    return -(P * torch.log2(P)).sum(dim=1)


# %% softmax_columns hints [markdown]
# 1. In which direction do the numbers of one example run here, down or to the right?
#    And what may you subtract from them without changing a share?
# 2. Divide by the temperature first, then shift each column by its own largest score.
#    Which of the two reductions needs to keep its axis?
# 3. Three lines: divide; exponentials of the scores less the column's largest; these
#    divided by their sum down the column. The excluded class needs no line of its own.


# %% softmax_columns right "by logaddexp, one class after the other"
def softmax_columns(Z, T):
    Z = Z / T
    lse = Z[0]
    for row in Z[1:]:
        lse = torch.logaddexp(lse, row)
    return torch.exp(Z - lse)


# %% softmax_columns right "rows first, then turned back"
def softmax_columns(Z, T):
    rows = (Z / T).T
    E = (rows - rows.amax(dim=1, keepdim=True)).exp()
    return (E / E.sum(1, keepdim=True)).T


# %% softmax_columns wrong "the softmax runs along the wrong axis"
def softmax_columns(Z, T):
    Z = Z / T
    E = torch.exp(Z - Z.max(dim=1, keepdim=True).values)
    return E / E.sum(dim=1, keepdim=True)


# %% softmax_columns wrong "one softmax over all numbers together"
def softmax_columns(Z, T):
    E = torch.exp(Z / T - (Z / T).max())
    return E / E.sum()


# %% softmax_columns wrong "the exponential overflows for large scores"
def softmax_columns(Z, T):
    E = torch.exp(Z / T)
    return E / E.sum(dim=0, keepdim=True)


# %% softmax_columns wrong "multiplied by the temperature, not divided"
def softmax_columns(Z, T):
    Z = Z * T
    E = torch.exp(Z - Z.max(dim=0, keepdim=True).values)
    return E / E.sum(dim=0, keepdim=True)


# %% softmax_columns wrong "the temperature is ignored"
def softmax_columns(Z, T):
    E = torch.exp(Z - Z.max(dim=0, keepdim=True).values)
    return E / E.sum(dim=0, keepdim=True)


# %% softmax_columns wrong "the shares divided by the temperature, not the scores"
def softmax_columns(Z, T):
    E = torch.exp(Z - Z.max(dim=0, keepdim=True).values)
    return E / E.sum(dim=0, keepdim=True) / T


# %% softmax_columns wrong "all columns shifted by the one largest score: some underflow"
def softmax_columns(Z, T):
    E = torch.exp(Z / T - (Z / T).max())
    return E / E.sum(dim=0, keepdim=True)


# %% softmax_columns wrong "scores divided by their sum, without the exponential"
def softmax_columns(Z, T):
    Z = Z / T
    return Z / Z.sum(dim=0, keepdim=True)


# %% softmax_columns wrong "negative scores cut off before the exponential (a ReLU)"
def softmax_columns(Z, T):
    Z = (Z / T).clamp(min=0)
    E = torch.exp(Z - Z.max(dim=0, keepdim=True).values)
    return E / E.sum(dim=0, keepdim=True)


# %% softmax_columns wrong "log-probabilities, not probabilities"
def softmax_columns(Z, T):
    Z = Z / T
    m = Z.max(dim=0, keepdim=True).values
    return Z - m - torch.log(torch.exp(Z - m).sum(dim=0, keepdim=True))


# %% softmax_columns wrong "an independent sigmoid for each class"
def softmax_columns(Z, T):
    return torch.sigmoid(Z / T)


# %% softmax_columns wrong "`max` along an axis gives a pair, of which the values are due"
def softmax_columns(Z, T):
    Z = Z / T
    E = torch.exp(Z - Z.max(dim=0, keepdim=True))
    return E / E.sum(dim=0, keepdim=True)


# %% softmax_columns wrong "large scores are cut off and become equal"
def softmax_columns(Z, T):
    E = torch.exp((Z / T).clamp(max=80))
    return E / E.sum(dim=0)


# %% softmax_columns wrong "a library does the softmax"
def softmax_columns(Z, T):
    return torch.softmax(Z / T, dim=0)


# %% cross_entropy hints [markdown]
# 1. What would the index -100 pick from a row? How many examples belong in the mean?
# 2. Keep only the rows that count, first of all. Then the loss is log-sum-exp minus the
#    label's own logit; shift by the row's largest before the exponential.
# 3. A mask for rows and labels; the row's maximum; the logarithm of the sum of shifted
#    exponentials with the maximum added; a pair of index lists to pick; the mean.


# %% cross_entropy right "log-probabilities for all, weights of 0 and 1"
def cross_entropy(Z, y):
    Z = Z - Z.max(dim=1, keepdim=True).values.detach()
    log_p = Z - Z.exp().sum(dim=1, keepdim=True).log()
    weight = (y != -100).float()
    own = log_p[torch.arange(len(y)), y.clamp(min=0)]
    return -(weight * own).sum() / weight.sum()


# %% cross_entropy right "with a one-hot mask and logaddexp"
def cross_entropy(Z, y):
    Z, y = Z[y >= 0], y[y >= 0]
    lse = Z[:, 0]
    for k in range(1, Z.shape[1]):
        lse = torch.logaddexp(lse, Z[:, k])
    own = (Z * (y.reshape(-1, 1) == torch.arange(Z.shape[1]))).sum(dim=1)
    return (lse - own).sum() / len(y)


# %% cross_entropy wrong "examples that don't count are in the divisor"
def cross_entropy(Z, y):
    total, counts = len(y), y != -100
    Z, y = Z[counts], y[counts]
    m = Z.max(dim=1, keepdim=True).values
    lse = m[:, 0] + torch.log(torch.exp(Z - m).sum(dim=1))
    return (lse - Z[torch.arange(len(y)), y]).sum() / total


# %% cross_entropy wrong "-100 used as an index into the row"
def cross_entropy(Z, y):
    m = Z.max(dim=1, keepdim=True).values
    lse = m[:, 0] + torch.log(torch.exp(Z - m).sum(dim=1))
    return (lse - Z[torch.arange(len(y)), y]).mean()


# %% cross_entropy wrong "-100 taken for class 0"
def cross_entropy(Z, y):
    m = Z.max(dim=1, keepdim=True).values
    lse = m[:, 0] + torch.log(torch.exp(Z - m).sum(dim=1))
    return (lse - Z[torch.arange(len(y)), y.clamp(min=0)]).mean()


# %% cross_entropy wrong "summed over the examples where the mean is asked"
def cross_entropy(Z, y):
    counts = y != -100
    Z, y = Z[counts], y[counts]
    m = Z.max(dim=1, keepdim=True).values
    lse = m[:, 0] + torch.log(torch.exp(Z - m).sum(dim=1))
    return (lse - Z[torch.arange(len(y)), y]).sum()


# %% cross_entropy wrong "one loss an example, not their mean"
def cross_entropy(Z, y):
    counts = y != -100
    Z, y = Z[counts], y[counts]
    m = Z.max(dim=1, keepdim=True).values
    lse = m[:, 0] + torch.log(torch.exp(Z - m).sum(dim=1))
    return lse - Z[torch.arange(len(y)), y]


# %% cross_entropy wrong "a softmax before the loss, which applies its own"
def cross_entropy(Z, y):
    counts = y != -100
    Z, y = Z[counts], y[counts]
    E = torch.exp(Z - Z.max(dim=1, keepdim=True).values)
    Z = E / E.sum(dim=1, keepdim=True)
    lse = torch.log(torch.exp(Z).sum(dim=1))
    return (lse - Z[torch.arange(len(y)), y]).mean()


# %% cross_entropy wrong "the softmax runs along the wrong axis"
def cross_entropy(Z, y):
    counts = y != -100
    Z, y = Z[counts], y[counts]
    m = Z.max(dim=0, keepdim=True).values
    log_p = Z - m - torch.log(torch.exp(Z - m).sum(dim=0, keepdim=True))
    return -log_p[torch.arange(len(y)), y].mean()


# %% cross_entropy wrong "the exponential overflows for large logits"
def cross_entropy(Z, y):
    counts = y != -100
    Z, y = Z[counts], y[counts]
    lse = torch.log(torch.exp(Z).sum(dim=1))
    return (lse - Z[torch.arange(len(y)), y]).mean()


# %% cross_entropy wrong "the logarithm of a probability that has become 0"
def cross_entropy(Z, y):
    counts = y != -100
    Z, y = Z[counts], y[counts]
    E = torch.exp(Z - Z.max(dim=1, keepdim=True).values)
    P = E / E.sum(dim=1, keepdim=True)
    return -torch.log(P[torch.arange(len(y)), y]).mean()


# %% cross_entropy wrong "a ReLU on the logits before the softmax"
def cross_entropy(Z, y):
    counts = y != -100
    Z, y = Z[counts].clamp(min=0), y[counts]
    m = Z.max(dim=1, keepdim=True).values
    lse = m[:, 0] + torch.log(torch.exp(Z - m).sum(dim=1))
    return (lse - Z[torch.arange(len(y)), y]).mean()


# %% cross_entropy wrong "a grid of all rows and labels instead of a pair each"
def cross_entropy(Z, y):
    counts = y != -100
    Z, y = Z[counts], y[counts]
    m = Z.max(dim=1, keepdim=True).values
    lse = m[:, 0] + torch.log(torch.exp(Z - m).sum(dim=1))
    return (lse.reshape(-1, 1) - Z[:, y]).mean()


# %% cross_entropy wrong "the minus is missing: right answers cost most"
def cross_entropy(Z, y):
    counts = y != -100
    Z, y = Z[counts], y[counts]
    m = Z.max(dim=1, keepdim=True).values
    lse = m[:, 0] + torch.log(torch.exp(Z - m).sum(dim=1))
    return (Z[torch.arange(len(y)), y] - lse).mean()


# %% cross_entropy wrong "the maximum subtracted and never added again"
def cross_entropy(Z, y):
    counts = y != -100
    Z, y = Z[counts], y[counts]
    lse = torch.log(torch.exp(Z - Z.max(dim=1, keepdim=True).values).sum(dim=1))
    return (lse - Z[torch.arange(len(y)), y]).mean()


# %% cross_entropy wrong "the result is cut off from Z, so no gradient flows"
def cross_entropy(Z, y):
    counts = y != -100
    Z, y = Z[counts].detach(), y[counts]
    m = Z.max(dim=1, keepdim=True).values
    lse = m[:, 0] + torch.log(torch.exp(Z - m).sum(dim=1))
    return (lse - Z[torch.arange(len(y)), y]).mean()


# %% cross_entropy wrong "a small number in the logarithm: what is surely wrong costs too little"
def cross_entropy(Z, y):
    counts = y != -100
    Z, y = Z[counts], y[counts]
    E = torch.exp(Z - Z.max(dim=1, keepdim=True).values)
    P = E / E.sum(dim=1, keepdim=True)
    return -torch.log(P[torch.arange(len(y)), y] + 1e-9).mean()


# %% cross_entropy wrong "a library does the loss"
def cross_entropy(Z, y):
    return F.cross_entropy(Z, y)


# %% softmax_gradient hints [markdown]
# 1. Write down the loss of one image that got three votes. How often does its
#    log-sum-exp stand there?
# 2. One vote pulls by softmax minus one-hot. Add up the pulls of all the votes of an
#    image: a row of K numbers. The chain rule through the affine map finishes it.
# 3. The number of votes of each image, as a column; this times the shares, minus the
#    votes; then the transposed features times that, and its sum along the images, both
#    over the number of all votes.


# %% softmax_gradient right "each vote is an example of its own"
def softmax_gradient(X, V, W, b):
    image, label = V.nonzero(as_tuple=True)
    times = V[image, label].long()
    image, label = image.repeat_interleave(times), label.repeat_interleave(times)
    error = torch.softmax(X[image] @ W + b, dim=1)
    error[torch.arange(len(label)), label] -= 1
    return X[image].T @ error / len(label), error.mean(dim=0)


# %% softmax_gradient right "the two halves apart"
def softmax_gradient(X, V, W, b):
    P = torch.softmax(torch.addmm(b, X, W), 1) * V.sum(1)[:, None]
    return (X.T @ P - X.T @ V) / V.sum(), (P.sum(0) - V.sum(0)) / V.sum()


# %% softmax_gradient wrong "numbers of votes are subtracted from probabilities"
def softmax_gradient(X, V, W, b):
    error = torch.softmax(X @ W + b, dim=1) - V
    return X.T @ error / len(X), error.mean(dim=0)


# %% softmax_gradient wrong "every image counts alike, however many votes it got"
def softmax_gradient(X, V, W, b):
    Q = V / V.sum(dim=1, keepdim=True).clamp(min=1)
    error = (torch.softmax(X @ W + b, dim=1) - Q) * (Q.sum(dim=1, keepdim=True) > 0)
    return X.T @ error / len(X), error.mean(dim=0)


# %% softmax_gradient wrong "an image without votes is divided by its 0 votes"
def softmax_gradient(X, V, W, b):
    votes = V.sum(dim=1, keepdim=True)
    error = votes * (torch.softmax(X @ W + b, dim=1) - V / votes)
    return X.T @ error / V.sum(), error.sum(dim=0) / V.sum()


# %% softmax_gradient wrong "divided by the number of images, not of votes"
def softmax_gradient(X, V, W, b):
    votes = V.sum(dim=1, keepdim=True)
    error = votes * torch.softmax(X @ W + b, dim=1) - V
    return X.T @ error / len(X), error.mean(dim=0)


# %% softmax_gradient wrong "summed over the votes, not the mean"
def softmax_gradient(X, V, W, b):
    votes = V.sum(dim=1, keepdim=True)
    error = votes * torch.softmax(X @ W + b, dim=1) - V
    return X.T @ error, error.sum(dim=0)


# %% softmax_gradient wrong "the gradient of b is summed, not the mean"
def softmax_gradient(X, V, W, b):
    votes = V.sum(dim=1, keepdim=True)
    error = votes * torch.softmax(X @ W + b, dim=1) - V
    return X.T @ error / V.sum(), error.sum(dim=0)


# %% softmax_gradient wrong "truth minus prediction: the sign is turned round"
def softmax_gradient(X, V, W, b):
    votes = V.sum(dim=1, keepdim=True)
    error = V - votes * torch.softmax(X @ W + b, dim=1)
    return X.T @ error / V.sum(), error.sum(dim=0) / V.sum()


# %% softmax_gradient wrong "all votes of an image given to its most frequent label"
def softmax_gradient(X, V, W, b):
    votes = V.sum(dim=1, keepdim=True)
    error = torch.softmax(X @ W + b, dim=1)
    error[torch.arange(len(V)), V.argmax(dim=1)] -= 1
    error = votes * error
    return X.T @ error / V.sum(), error.sum(dim=0) / V.sum()


# %% softmax_gradient wrong "only the labels that got votes are pulled"
def softmax_gradient(X, V, W, b):
    error = V * (torch.softmax(X @ W + b, dim=1) - 1)
    return X.T @ error / V.sum(), error.sum(dim=0) / V.sum()


# %% softmax_gradient wrong "the softmax runs along the wrong axis"
def softmax_gradient(X, V, W, b):
    votes = V.sum(dim=1, keepdim=True)
    error = votes * torch.softmax(X @ W + b, dim=0) - V
    return X.T @ error / V.sum(), error.sum(dim=0) / V.sum()


# %% softmax_gradient wrong "logits minus truth: no softmax was applied"
def softmax_gradient(X, V, W, b):
    votes = V.sum(dim=1, keepdim=True)
    error = votes * (X @ W + b) - V
    return X.T @ error / V.sum(), error.sum(dim=0) / V.sum()


# %% softmax_gradient wrong "sigmoids: K detectors that don't compete"
def softmax_gradient(X, V, W, b):
    votes = V.sum(dim=1, keepdim=True)
    error = votes * torch.sigmoid(X @ W + b) - V
    return X.T @ error / V.sum(), error.sum(dim=0) / V.sum()


# %% softmax_gradient wrong "a factor p (1 - p) stays in, as for a squared error"
def softmax_gradient(X, V, W, b):
    votes = V.sum(dim=1, keepdim=True)
    P = torch.softmax(X @ W + b, dim=1)
    error = (votes * P - V) * P * (1 - P)
    return X.T @ error / V.sum(), error.sum(dim=0) / V.sum()


# %% softmax_gradient wrong "the bias left out of the scores"
def softmax_gradient(X, V, W, b):
    votes = V.sum(dim=1, keepdim=True)
    error = votes * torch.softmax(X @ W, dim=1) - V
    return X.T @ error / V.sum(), error.sum(dim=0) / V.sum()


# %% softmax_gradient wrong "the gradient of W transposed, as `nn.Linear` keeps it"
def softmax_gradient(X, V, W, b):
    votes = V.sum(dim=1, keepdim=True)
    error = votes * torch.softmax(X @ W + b, dim=1) - V
    return error.T @ X / V.sum(), error.sum(dim=0) / V.sum()


# %% softmax_gradient wrong "the gradient of b over the wrong axis: one number an example"
def softmax_gradient(X, V, W, b):
    votes = V.sum(dim=1, keepdim=True)
    error = votes * torch.softmax(X @ W + b, dim=1) - V
    return X.T @ error / V.sum(), error.sum(dim=1) / V.sum()


# %% softmax_gradient wrong "a library does the gradient"
def softmax_gradient(X, V, W, b):
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    loss = -(V * torch.log_softmax(X @ W + b, dim=1)).sum() / V.sum()
    return torch.autograd.grad(loss, (W, b))


# %% train_softmax hints [markdown]
# 1. One digit alone gets which probability for each class? Over what do the numbers add
#    up to 1 then?
# 2. Rows are examples and columns are classes. The classes of one example compete, not
#    the examples of one class. Where does the code say along which axis?
# 3. Both softmaxes need the axis of the classes, the one in the loss and the one for
#    the new examples. All the rest may stay.


# %% train_softmax right "autograd, with the library's loss"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    for _ in range(num_steps):
        grads = torch.autograd.grad(F.cross_entropy(X @ W + b, y), (W, b))
        with torch.no_grad():
            W -= lr * grads[0]
            b -= lr * grads[1]
    P = torch.softmax(X_new @ W + b, dim=1)
    return W.detach(), b.detach(), P.detach()


# %% train_softmax right "new tensors in each step"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    Y = torch.eye(len(b))[y]
    for _ in range(num_steps):
        pull = (torch.softmax(X @ W + b, -1) - Y) / len(y)
        W, b = W - lr * X.T @ pull, b - lr * pull.sum(0)
    return W.clone(), b.clone(), torch.log_softmax(X_new @ W + b, dim=-1).exp()


# %% train_softmax wrong "the softmax runs along the wrong axis, as in the code given"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    return as_given(X, y, W, b, lr, num_steps, X_new)


# %% train_softmax wrong "mended in the loss, but not for the new examples"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    W, b = W.clone(), b.clone()
    for _ in range(num_steps):
        error = torch.softmax(X @ W + b, dim=1) - torch.eye(len(b))[y]
        W -= lr * X.T @ error / len(X)
        b -= lr * error.mean(dim=0)
    return W, b, torch.softmax(X_new @ W + b, dim=0)


# %% train_softmax wrong "mended for the new examples, but not in the loss"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    W, b, _ = as_given(X, y, W, b, lr, num_steps, X_new)
    return W, b, torch.softmax(X_new @ W + b, dim=1)


# %% train_softmax wrong "a softmax before the cross-entropy, which applies its own"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    for _ in range(num_steps):
        P = torch.softmax(X @ W + b, dim=1)
        grads = torch.autograd.grad(F.cross_entropy(P, y), (W, b))
        with torch.no_grad():
            W -= lr * grads[0]
            b -= lr * grads[1]
    P = torch.softmax(X_new @ W + b, dim=1)
    return W.detach(), b.detach(), P.detach()


# %% train_softmax wrong "probabilities in `nll_loss`, which takes their logarithms"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    for _ in range(num_steps):
        P = torch.softmax(X @ W + b, dim=1)
        grads = torch.autograd.grad(F.nll_loss(P, y), (W, b))
        with torch.no_grad():
            W -= lr * grads[0]
            b -= lr * grads[1]
    P = torch.softmax(X_new @ W + b, dim=1)
    return W.detach(), b.detach(), P.detach()


# %% train_softmax wrong "logits returned, no probabilities"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    W, b = W.clone(), b.clone()
    for _ in range(num_steps):
        error = torch.softmax(X @ W + b, dim=1) - torch.eye(len(b))[y]
        W -= lr * X.T @ error / len(X)
        b -= lr * error.mean(dim=0)
    return W, b, X_new @ W + b


# %% train_softmax wrong "log-probabilities returned, no probabilities"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    W, b = W.clone(), b.clone()
    for _ in range(num_steps):
        error = torch.softmax(X @ W + b, dim=1) - torch.eye(len(b))[y]
        W -= lr * X.T @ error / len(X)
        b -= lr * error.mean(dim=0)
    return W, b, torch.log_softmax(X_new @ W + b, dim=1)


# %% train_softmax wrong "the step goes uphill"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    W, b = W.clone(), b.clone()
    for _ in range(num_steps):
        error = torch.softmax(X @ W + b, dim=1) - torch.eye(len(b))[y]
        W += lr * X.T @ error / len(X)
        b += lr * error.mean(dim=0)
    return W, b, torch.softmax(X_new @ W + b, dim=1)


# %% train_softmax wrong "summed over the examples: the step is N times too large"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    W, b = W.clone(), b.clone()
    for _ in range(num_steps):
        error = torch.softmax(X @ W + b, dim=1) - torch.eye(len(b))[y]
        W -= lr * X.T @ error
        b -= lr * error.sum(dim=0)
    return W, b, torch.softmax(X_new @ W + b, dim=1)


# %% train_softmax wrong "the bias is never trained"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    W, b = W.clone(), b.clone()
    for _ in range(num_steps):
        error = torch.softmax(X @ W + b, dim=1) - torch.eye(len(b))[y]
        W -= lr * X.T @ error / len(X)
    return W, b, torch.softmax(X_new @ W + b, dim=1)


# %% train_softmax wrong "sigmoids for the new examples: the rows don't add up to 1"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    W, b = W.clone(), b.clone()
    for _ in range(num_steps):
        error = torch.softmax(X @ W + b, dim=1) - torch.eye(len(b))[y]
        W -= lr * X.T @ error / len(X)
        b -= lr * error.mean(dim=0)
    return W, b, torch.sigmoid(X_new @ W + b)


# %% train_softmax wrong "`W` is changed in place"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    for _ in range(num_steps):
        error = torch.softmax(X @ W + b, dim=1) - torch.eye(len(b))[y]
        W -= lr * X.T @ error / len(X)
        b -= lr * error.mean(dim=0)
    return W, b, torch.softmax(X_new @ W + b, dim=1)


# %% train_softmax wrong "training starts at 0, not at the given `W` and `b`"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    Y = F.one_hot(y, len(b)).float()
    W, b = torch.zeros_like(W), torch.zeros_like(b)
    for _ in range(num_steps):
        error = (torch.softmax(X @ W + b, dim=1) - Y) / len(X)
        W, b = W - lr * X.T @ error, b - lr * error.sum(dim=0)
    return W, b, torch.softmax(X_new @ W + b, dim=1)


# %% train_softmax wrong "the step of `b` is taken where `W` has already moved"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    Y = F.one_hot(y, len(b)).float()
    for _ in range(num_steps):
        W = W - lr * X.T @ (torch.softmax(X @ W + b, dim=1) - Y) / len(X)
        b = b - lr * (torch.softmax(X @ W + b, dim=1) - Y).mean(dim=0)
    return W, b, torch.softmax(X_new @ W + b, dim=1)


# %% train_softmax wrong "a library does the step"
def train_softmax(X, y, W, b, lr, num_steps, X_new):
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    optimizer = torch.optim.SGD([W, b], lr=lr)
    for _ in range(num_steps):
        optimizer.zero_grad()
        F.cross_entropy(X @ W + b, y).backward()
        optimizer.step()
    P = torch.softmax(X_new @ W + b, dim=1)
    return W.detach(), b.detach(), P.detach()


# %% accuracy_of hints [markdown]
# 1. A batch of one and a batch of a hundred: how much may the one example count? And
#    how many examples are left once those of -100 are gone?
# 2. Keep two counts through the loop, the right ones and those that count at all.
#    Divide once, at the end.
# 3. In each batch: the place of the row's largest, compared with the labels, summed;
#    labels other than -100, summed. After the loop one division.


# %% accuracy_of right "all batches put together first"
def accuracy_of(batches):
    Z = torch.cat([Z for Z, _ in batches])
    y = torch.cat([y for _, y in batches])
    counts = y != -100
    return (Z[counts].argmax(dim=1) == y[counts]).float().mean().item()


# %% accuracy_of right "with the second of the pair that `max` gives"
def accuracy_of(batches):
    hits = []
    for Z, y in batches:
        _, said = torch.max(Z, dim=1)
        hits += (said == y)[y >= 0].tolist()
    return sum(hits) / len(hits)


# %% accuracy_of wrong "the mean of the batches' accuracies"
def accuracy_of(batches):
    shares = []
    for Z, y in batches:
        counts = y != -100
        shares.append((Z.argmax(dim=1) == y)[counts].float().mean().item())
    return sum(shares) / len(shares)


# %% accuracy_of wrong "labels of -100 are counted as wrong answers"
def accuracy_of(batches):
    right = sum(int((Z.argmax(dim=1) == y).sum()) for Z, y in batches)
    return right / sum(len(y) for _, y in batches)


# %% accuracy_of wrong "labels of -100 are counted as right answers"
def accuracy_of(batches):
    right = sum(int(((Z.argmax(dim=1) == y) | (y == -100)).sum()) for Z, y in batches)
    return right / sum(len(y) for _, y in batches)


# %% accuracy_of wrong "the right ones divided by the number of batches"
def accuracy_of(batches):
    right = sum(int((Z.argmax(dim=1) == y).sum()) for Z, y in batches)
    return right / len(batches)


# %% accuracy_of wrong "the sum of the batches' accuracies divided by the examples"
def accuracy_of(batches):
    shares, count = 0.0, 0
    for Z, y in batches:
        counts = y != -100
        shares += (Z.argmax(dim=1) == y)[counts].float().mean().item()
        count += int(counts.sum())
    return shares / count


# %% accuracy_of wrong "only the last batch is looked at"
def accuracy_of(batches):
    for Z, y in batches:
        counts = y != -100
        share = (Z.argmax(dim=1) == y)[counts].float().mean().item()
    return share


# %% accuracy_of wrong "the largest score of each class's column, not of each row"
def accuracy_of(batches):
    right, count = 0, 0
    for Z, y in batches:
        said = (Z == Z.max(dim=0).values).float().argmax(dim=1)
        right += int((said == y).sum())
        count += int((y != -100).sum())
    return right / count


# %% accuracy_of wrong "the lowest score wins"
def accuracy_of(batches):
    right, count = 0, 0
    for Z, y in batches:
        right += int((Z.argmin(dim=1) == y).sum())
        count += int((y != -100).sum())
    return right / count


# %% accuracy_of wrong "a logit above 0 for the label counts as right"
def accuracy_of(batches):
    right, count = 0, 0
    for Z, y in batches:
        Z, y = Z[y != -100], y[y != -100]
        right += int((Z[torch.arange(len(y)), y] > 0).sum())
        count += len(y)
    return right / count


# %% accuracy_of wrong "at a tie the label is believed"
def accuracy_of(batches):
    right, count = 0, 0
    for Z, y in batches:
        Z, y = Z[y != -100], y[y != -100]
        own = Z[torch.arange(len(y)), y]
        right += int((own == Z.max(dim=1).values).sum())
        count += len(y)
    return right / count


# %% accuracy_of wrong "`max` gives a pair: the values are compared with the labels"
def accuracy_of(batches):
    right, count = 0, 0
    for Z, y in batches:
        right += int((Z.max(dim=1).values == y).sum())
        count += int((y != -100).sum())
    return right / count


# %% accuracy_of wrong "a count where a share is asked"
def accuracy_of(batches):
    return float(sum(int((Z.argmax(dim=1) == y).sum()) for Z, y in batches))


# %% accuracy_of wrong "the share of the wrong answers"
def accuracy_of(batches):
    Z, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
    counts = y != -100
    return (Z.argmax(dim=1) != y)[counts].float().mean().item()


# %% accuracy_of wrong "per cent where a share from 0 to 1 is asked"
def accuracy_of(batches):
    Z, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
    counts = y != -100
    return 100 * (Z.argmax(dim=1) == y)[counts].float().mean().item()


# %% accuracy_of wrong "batches are stacked, as if all had one size"
def accuracy_of(batches):
    Z = torch.stack([Z for Z, _ in batches])
    y = torch.stack([y for _, y in batches])
    return (Z.argmax(dim=-1) == y)[y != -100].float().mean().item()


# %% strict_top_k hints [markdown]
# 1. Do you need an order at all, or only a number: how many are at least as high as the
#    label's own score?
# 2. Pick each label's score as a column and compare all scores with it. The label
#    itself is at least as high as itself, too.
# 3. Pairs of indices pick the scores; a comparison with broadcasting; counts along the
#    classes, less one for the label; fewer than k; the mean as a float.


# %% strict_top_k right "strictly lower ones counted"
def strict_top_k(Z, y, k):
    own = Z[range(len(y)), y]
    lower = (Z < own[:, None]).sum(dim=1)
    found = lower >= Z.shape[1] - k
    return found.sum().item() / len(y)


# %% strict_top_k right "higher ones and ties apart"
def strict_top_k(Z, y, k):
    own = Z.gather(1, y.unsqueeze(1))
    rank = (Z > own).sum(1) + (Z == own).sum(1)
    return (rank <= k).double().mean().item()


# %% strict_top_k wrong "a tie is decided in the label's favour"
def strict_top_k(Z, y, k):
    own = Z[torch.arange(len(y)), y].reshape(-1, 1)
    return ((own < Z).sum(dim=1) < k).float().mean().item()


# %% strict_top_k wrong "the label is counted as its own rival"
def strict_top_k(Z, y, k):
    own = Z[torch.arange(len(y)), y].reshape(-1, 1)
    return ((own <= Z).sum(dim=1) < k).float().mean().item()


# %% strict_top_k wrong "k rivals are allowed, where it must be fewer"
def strict_top_k(Z, y, k):
    own = Z[torch.arange(len(y)), y].reshape(-1, 1)
    return ((own <= Z).sum(dim=1) - 1 <= k).float().mean().item()


# %% strict_top_k wrong "the k lowest scores are taken"
def strict_top_k(Z, y, k):
    own = Z[torch.arange(len(y)), y].reshape(-1, 1)
    return ((Z <= own).sum(dim=1) - 1 < k).float().mean().item()


# %% strict_top_k wrong "k is ignored: only the highest counts"
def strict_top_k(Z, y, k):
    own = Z[torch.arange(len(y)), y].reshape(-1, 1)
    return ((own <= Z).sum(dim=1) == 1).float().mean().item()


# %% strict_top_k wrong "exactly the k-th place asked, not the k-th or better"
def strict_top_k(Z, y, k):
    own = Z[torch.arange(len(y)), y].reshape(-1, 1)
    return ((own <= Z).sum(dim=1) == k).float().mean().item()


# %% strict_top_k wrong "divided by k: the share of the list, not of the labels"
def strict_top_k(Z, y, k):
    own = Z[torch.arange(len(y)), y].reshape(-1, 1)
    return ((own <= Z).sum(dim=1) - 1 < k).float().mean().item() / k


# %% strict_top_k wrong "a count where a share is asked"
def strict_top_k(Z, y, k):
    own = Z[torch.arange(len(y)), y].reshape(-1, 1)
    return float(((own <= Z).sum(dim=1) - 1 < k).sum())


# %% strict_top_k wrong "a grid of all rows and labels instead of a pair each"
def strict_top_k(Z, y, k):
    return ((Z >= Z[:, y]).sum(dim=1) <= k).float().mean().item()


# %% strict_top_k wrong "a library does the order"
def strict_top_k(Z, y, k):
    own = Z[torch.arange(len(y)), y].reshape(-1, 1)
    ranked = Z.sort(dim=1).values
    return ((own <= ranked).sum(dim=1) - 1 < k).float().mean().item()


# %% reliability_bins hints [markdown]
# 1. Which order do you need, and which three things must follow it? How long are the
#    bins of 8 answers in 3 bins?
# 2. Sort row numbers, not values: with them confidences and right answers stay
#    together. The longer bins come first.
# 3. `argsort`, then a split into m parts (`torch.tensor_split` makes the first ones
#    longer); for each part a mean of confidences, a mean of right answers, a length.


# %% reliability_bins right "sizes first, then cut"
def reliability_bins(P, y, m):
    confidence, said = P.max(dim=1)
    order = confidence.sort().indices
    sizes = [len(y) // m + (k < len(y) % m) for k in range(m)]
    parts = order.split(sizes)
    hits = (said == y).float()
    rows = [[confidence[p].mean(), hits[p].mean()] for p in parts]
    means = torch.tensor(rows)
    return means[:, 0], means[:, 1], torch.tensor(sizes)


# %% reliability_bins right "sums collected by bin number"
def reliability_bins(P, y, m):
    confidence, said = P.amax(dim=1), P.argmax(dim=1)
    order = confidence.argsort()
    size, more = divmod(len(y), m)
    count = torch.full((m,), size) + (torch.arange(m) < more)
    number = torch.arange(m).repeat_interleave(count)
    sums = torch.zeros(2, m)
    sums[0].index_add_(0, number, confidence[order])
    sums[1].index_add_(0, number, (said == y)[order].float())
    return sums[0] / count, sums[1] / count, count


# %% reliability_bins wrong "bins of equal width, not equally full"
def reliability_bins(P, y, m):
    confidence, said = P.max(dim=1)
    right = (said == y).float()
    bins = (confidence * m).long().clamp(max=m - 1)
    inside = [bins == k for k in range(m)]
    means = torch.stack([confidence[rows].mean() for rows in inside])
    shares = torch.stack([right[rows].mean() for rows in inside])
    return means, shares, torch.stack([rows.sum() for rows in inside])


# %% reliability_bins wrong "not sorted: the bins follow the order of the rows"
def reliability_bins(P, y, m):
    confidence, said = P.max(dim=1)
    right = (said == y).float()
    bins = torch.tensor_split(torch.arange(len(y)), m)
    means = torch.stack([confidence[rows].mean() for rows in bins])
    shares = torch.stack([right[rows].mean() for rows in bins])
    return means, shares, torch.tensor([len(rows) for rows in bins])


# %% reliability_bins wrong "highest confidence first"
def reliability_bins(P, y, m):
    confidence, said = P.max(dim=1)
    right = (said == y).float()
    bins = torch.tensor_split(confidence.argsort(descending=True), m)
    means = torch.stack([confidence[rows].mean() for rows in bins])
    shares = torch.stack([right[rows].mean() for rows in bins])
    return means, shares, torch.tensor([len(rows) for rows in bins])


# %% reliability_bins wrong "confidences sorted, the right answers left in the old order"
def reliability_bins(P, y, m):
    confidence, said = P.max(dim=1)
    right = (said == y).float()
    bins = torch.tensor_split(torch.arange(len(y)), m)
    ranked = confidence.sort().values
    means = torch.stack([ranked[rows].mean() for rows in bins])
    shares = torch.stack([right[rows].mean() for rows in bins])
    return means, shares, torch.tensor([len(rows) for rows in bins])


# %% reliability_bins wrong "the answers left over are dropped"
def reliability_bins(P, y, m):
    confidence, said = P.max(dim=1)
    right = (said == y).float()
    size = len(y) // m
    bins = confidence.argsort()[: size * m].reshape(m, size)
    return confidence[bins].mean(1), right[bins].mean(1), torch.full((m,), size)


# %% reliability_bins wrong "the answers left over go to the last bin"
def reliability_bins(P, y, m):
    confidence, said = P.max(dim=1)
    right = (said == y).float()
    size = len(y) // m
    bins = confidence.argsort().split([size] * (m - 1) + [len(y) - size * (m - 1)])
    means = torch.stack([confidence[rows].mean() for rows in bins])
    shares = torch.stack([right[rows].mean() for rows in bins])
    return means, shares, torch.tensor([len(rows) for rows in bins])


# %% reliability_bins wrong "the last bins get the answers left over, one each"
def reliability_bins(P, y, m):
    confidence, said = P.max(dim=1)
    right = (said == y).float()
    sizes = [len(y) // m + (k >= m - len(y) % m) for k in range(m)]
    bins = confidence.argsort().split(sizes)
    means = torch.stack([confidence[rows].mean() for rows in bins])
    shares = torch.stack([right[rows].mean() for rows in bins])
    return means, shares, torch.tensor(sizes)


# %% reliability_bins wrong "the label's probability taken for the confidence"
def reliability_bins(P, y, m):
    said = P.argmax(dim=1)
    confidence = P[torch.arange(len(y)), y]
    right = (said == y).float()
    bins = torch.tensor_split(confidence.argsort(), m)
    means = torch.stack([confidence[rows].mean() for rows in bins])
    shares = torch.stack([right[rows].mean() for rows in bins])
    return means, shares, torch.tensor([len(rows) for rows in bins])


# %% reliability_bins wrong "sums of the bins, not means"
def reliability_bins(P, y, m):
    confidence, said = P.max(dim=1)
    right = (said == y).float()
    bins = torch.tensor_split(confidence.argsort(), m)
    means = torch.stack([confidence[rows].sum() for rows in bins])
    shares = torch.stack([right[rows].sum() for rows in bins])
    return means, shares, torch.tensor([len(rows) for rows in bins])


# %% reliability_bins wrong "the share of wrong answers, not of right ones"
def reliability_bins(P, y, m):
    confidence, said = P.max(dim=1)
    wrong = (said != y).float()
    bins = torch.tensor_split(confidence.argsort(), m)
    means = torch.stack([confidence[rows].mean() for rows in bins])
    shares = torch.stack([wrong[rows].mean() for rows in bins])
    return means, shares, torch.tensor([len(rows) for rows in bins])


# %% reliability_bins wrong "the middle of the bin's edges instead of the mean confidence"
def reliability_bins(P, y, m):
    confidence, said = P.max(dim=1)
    right = (said == y).float()
    bins = torch.tensor_split(confidence.argsort(), m)
    means = [(confidence[rows].min() + confidence[rows].max()) / 2 for rows in bins]
    shares = torch.stack([right[rows].mean() for rows in bins])
    return torch.stack(means), shares, torch.tensor([len(rows) for rows in bins])


# %% reliability_bins wrong "bins of equal width, and the empty ones left out"
def reliability_bins(P, y, m):
    confidence, said = P.max(dim=1)
    right = (said == y).float()
    bins = (confidence * m).long().clamp(max=m - 1)
    inside = [bins == j for j in range(m) if (bins == j).any()]
    rows = [[confidence[j].mean(), right[j].mean(), j.sum()] for j in inside]
    return tuple(torch.tensor(rows).T)


# %% reliability_bins wrong "all bins as large as the first, as `chunk` cuts: the last gets too few"
def reliability_bins(P, y, m):
    confidence, said = P.max(dim=1)
    order = confidence.argsort()
    parts = order.chunk(m)
    right = (said == y).float()
    means = [
        torch.stack([v[part].mean() for part in parts]) for v in (confidence, right)
    ]
    return *means, torch.tensor([len(part) for part in parts])


# %% reliability_bins wrong "how many are right, not which share"
def reliability_bins(P, y, m):
    confidence, said = P.max(dim=1)
    parts = confidence.argsort().tensor_split(m)
    mean = torch.stack([confidence[part].mean() for part in parts])
    right = torch.stack([(said == y)[part].float().sum() for part in parts])
    return mean, right, torch.tensor([len(part) for part in parts])


# %% match_temperature hints [markdown]
# 1. If a temperature makes the model too sure, is the one you look for higher or lower?
#    What does that tell about half of the range?
# 2. Bisection: keep a lower and an upper end, try the middle, throw away the half that
#    can't hold it. The range from 0.01 to 100 asks for the geometric mean.
# 3. The share of right answers first; then some 40 rounds: softmax of the divided
#    logits, mean of the largest, one comparison, one end moved. Return the middle.


# %% match_temperature right "bisection of the inverse temperature"
def match_temperature(Z, y):
    goal = (Z.argmax(dim=1) == y).double().mean()
    low, high = 0.01, 100.0
    for _ in range(80):
        beta = (low + high) / 2
        sure = torch.softmax(Z.double() * beta, dim=1).amax(dim=1).mean()
        low, high = (beta, high) if sure < goal else (low, beta)
    return 1 / beta


# %% match_temperature right "a fine grid, all at once"
def match_temperature(Z, y):
    goal = (Z.argmax(dim=1) == y).float().mean()
    T = torch.logspace(-2, 2, 40001)
    confidence = torch.zeros(len(T))
    for row in Z:
        confidence += torch.softmax(row / T.reshape(-1, 1), dim=1).max(dim=1).values
    return T[(confidence / len(Z) - goal).abs().argmin()].item()


# %% match_temperature wrong "the inverse: multiplied by the result it would fit"
def match_temperature(Z, y):
    goal = (Z.argmax(dim=1) == y).float().mean()
    low, high = 0.01, 100.0
    for _ in range(60):
        middle = (low * high) ** 0.5
        confidence = torch.softmax(Z * middle, dim=1).max(dim=1).values.mean()
        if confidence < goal:
            low = middle
        else:
            high = middle
    return middle


# %% match_temperature wrong "the wrong half is kept: the search runs to an end"
def match_temperature(Z, y):
    goal = (Z.argmax(dim=1) == y).float().mean()
    low, high = 0.01, 100.0
    for _ in range(60):
        middle = (low * high) ** 0.5
        confidence = torch.softmax(Z / middle, dim=1).max(dim=1).values.mean()
        if confidence > goal:
            high = middle
        else:
            low = middle
    return middle


# %% match_temperature wrong "the lowest cross-entropy, which is another wish"
def match_temperature(Z, y):
    T = torch.logspace(-2, 2, 20001)
    loss = torch.zeros(len(T))
    for row, label in zip(Z, y, strict=True):
        loss -= torch.log_softmax(row / T.reshape(-1, 1), dim=1)[:, label]
    return T[loss.argmin()].item()


# %% match_temperature wrong "the label's probability taken for the confidence"
def match_temperature(Z, y):
    goal = (Z.argmax(dim=1) == y).float().mean()
    low, high = 0.01, 100.0
    for _ in range(60):
        middle = (low * high) ** 0.5
        P = torch.softmax(Z / middle, dim=1)
        if P[torch.arange(len(y)), y].mean() > goal:
            low = middle
        else:
            high = middle
    return middle


# %% match_temperature wrong "the softmax runs along the wrong axis"
def match_temperature(Z, y):
    goal = (Z.argmax(dim=1) == y).float().mean()
    low, high = 0.01, 100.0
    for _ in range(60):
        middle = (low * high) ** 0.5
        confidence = torch.softmax(Z / middle, dim=0).max(dim=1).values.mean()
        if confidence > goal:
            low = middle
        else:
            high = middle
    return middle


# %% match_temperature wrong "the highest answer is right for all rows: the goal is 1"
def match_temperature(Z, y):
    low, high = 0.01, 100.0
    for _ in range(60):
        middle = (low * high) ** 0.5
        confidence = torch.softmax(Z / middle, dim=1).max(dim=1).values.mean()
        if confidence > 0.9999:
            low = middle
        else:
            high = middle
    return middle


# %% match_temperature wrong "too coarse: the steps of the grid are a tenth"
def match_temperature(Z, y):
    goal = (Z.argmax(dim=1) == y).float().mean()
    T = torch.arange(0.1, 100, 0.1)
    confidence = torch.zeros(len(T))
    for row in Z:
        confidence += torch.softmax(row / T.reshape(-1, 1), dim=1).max(dim=1).values
    return T[(confidence / len(Z) - goal).abs().argmin()].item()


# %% match_temperature wrong "mean confidence divided by accuracy, as if it were linear"
def match_temperature(Z, y):
    goal = (Z.argmax(dim=1) == y).float().mean()
    confidence = torch.softmax(Z, dim=1).max(dim=1).values.mean()
    return (confidence / goal).item()


# %% match_temperature wrong "the softmax's shares divided, not the logits"
def match_temperature(Z, y):
    goal = (Z.argmax(dim=1) == y).float().mean()
    low, high = 0.01, 100.0
    for _ in range(60):
        middle = (low * high) ** 0.5
        confidence = (torch.softmax(Z, dim=1) / middle).max(dim=1).values.mean()
        if confidence > goal:
            low = middle
        else:
            high = middle
    return middle**2


# %% match_temperature wrong "sigmoids in place of the softmax"
def match_temperature(Z, y):
    goal = (Z.argmax(dim=1) == y).float().mean()
    low, high = 0.01, 100.0
    for _ in range(60):
        middle = (low * high) ** 0.5
        confidence = torch.sigmoid(Z / middle).max(dim=1).values.mean()
        if confidence > goal:
            low = middle
        else:
            high = middle
    return middle


# %% match_temperature equivalent "halved once more; equality; a range that is wider"
# for _ in range(60): -> for _ in range(61):
# if confidence > goal: -> if confidence >= goal:
# low, high = (0.01, 100.0) -> low, high = (0.01, 200.0)


# %% quadratic_features hints [markdown]
# 1. How many columns come out of 3? Write their names in the order asked; which product
#    follows x_0 x_2?
# 2. The second factor never has a smaller number than the first. A loop in a loop does
#    it, or the indices of the upper triangle of a matrix.
# 3. Collect the columns' products in a list, the second index starting at the first
#    one; stack them and put the original columns before them.


# %% quadratic_features right "two loops"
def quadratic_features(X):
    n = X.shape[1]
    products = [X[:, i] * X[:, j] for i in range(n) for j in range(i, n)]
    return torch.cat([X, torch.stack(products, dim=1)], dim=1)


# %% quadratic_features right "from all outer products, by a mask"
def quadratic_features(X):
    outer = X[:, :, None] * X[:, None, :]  # (N, n, n)
    upper = torch.ones(X.shape[1], X.shape[1]).triu().bool()
    return torch.cat([X, outer[:, upper]], dim=1)


# %% quadratic_features wrong "squares only, the mixed products are missing"
def quadratic_features(X):
    return torch.cat([X, X**2], dim=1)


# %% quadratic_features wrong "the squares are missing"
def quadratic_features(X):
    rows, columns = torch.triu_indices(X.shape[1], X.shape[1], offset=1)
    return torch.cat([X, X[:, rows] * X[:, columns]], dim=1)


# %% quadratic_features wrong "every pair twice"
def quadratic_features(X):
    outer = X[:, :, None] * X[:, None, :]
    return torch.cat([X, outer.flatten(1)], dim=1)


# %% quadratic_features wrong "the original columns are missing"
def quadratic_features(X):
    rows, columns = torch.triu_indices(X.shape[1], X.shape[1])
    return X[:, rows] * X[:, columns]


# %% quadratic_features wrong "products first, columns last"
def quadratic_features(X):
    rows, columns = torch.triu_indices(X.shape[1], X.shape[1])
    return torch.cat([X[:, rows] * X[:, columns], X], dim=1)


# %% quadratic_features wrong "squares before the mixed products: another order"
def quadratic_features(X):
    rows, columns = torch.triu_indices(X.shape[1], X.shape[1], offset=1)
    return torch.cat([X, X**2, X[:, rows] * X[:, columns]], dim=1)


# %% quadratic_features wrong "the lower triangle's order: sorted by the second factor"
def quadratic_features(X):
    rows, columns = torch.tril_indices(X.shape[1], X.shape[1])
    return torch.cat([X, X[:, rows] * X[:, columns]], dim=1)


# %% quadratic_features wrong "sums of two columns, not products: still linear"
def quadratic_features(X):
    rows, columns = torch.triu_indices(X.shape[1], X.shape[1])
    return torch.cat([X, X[:, rows] + X[:, columns]], dim=1)


# %% quadratic_features wrong "a column of ones too many"
def quadratic_features(X):
    rows, columns = torch.triu_indices(X.shape[1], X.shape[1])
    ones = torch.ones(len(X), 1)
    return torch.cat([ones, X, X[:, rows] * X[:, columns]], dim=1)


# %% quadratic_features wrong "the mixed products doubled, as in the square of a sum"
def quadratic_features(X):
    i, j = torch.triu_indices(X.shape[1], X.shape[1])
    return torch.cat([X, (1 + (i != j).float()) * X[:, i] * X[:, j]], dim=1)


# %% quadratic_features wrong "written for two columns only"
def quadratic_features(X):
    a, b = X[:, 0:1], X[:, 1:2]
    return torch.cat([a, b, a * a, a * b, b * b], dim=1)
