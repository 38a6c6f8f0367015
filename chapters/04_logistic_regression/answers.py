# %% stable_sigmoid hints [markdown]
# 1. Which of e to the z and e to the minus z is infinite at z = -1000, and which one at
#    z = 1000? Which is small in both cases if you put the absolute value into it?
# 2. There are two ways to write the curve: one divided by 1 plus e to the minus z, or e
#    to the z divided by 1 plus e to the z. One is safe on the right, the other on the
#    left.
# 3. Compute e to the minus absolute value of z once. `torch.where` chooses the
#    numerator: 1 where z is at least 0, that number elsewhere. The denominator is the
#    same on both sides.


# %% stable_sigmoid right "both exponents clamped before they are taken"
def stable_sigmoid(z):
    right = 1 / (1 + torch.exp(-z.clamp(min=0)))
    e = torch.exp(z.clamp(max=0))
    return torch.where(z >= 0, right, e / (1 + e))


# %% stable_sigmoid right "by its logarithm"
def stable_sigmoid(z):
    zero = torch.zeros_like(z)
    return torch.exp(-torch.logaddexp(zero, -z))


# %% stable_sigmoid wrong "e^(-z) overflows for large negative z, and the gradient is nan"
def stable_sigmoid(z):
    return 1 / (1 + torch.exp(-z))


# %% stable_sigmoid wrong "e^z overflows for large positive z"
def stable_sigmoid(z):
    return torch.exp(z) / (1 + torch.exp(z))


# %% stable_sigmoid wrong "mirrored: this falls from 1 to 0"
def stable_sigmoid(z):
    small = torch.exp(-z.abs())
    return torch.where(z >= 0, small, torch.ones_like(z)) / (1 + small)


# %% stable_sigmoid wrong "rises and falls: the absolute value stayed in, for both signs"
def stable_sigmoid(z):
    return 1 / (1 + torch.exp(z.abs()))


# %% stable_sigmoid wrong "rises and falls: this is the slope of the sigmoid"
def stable_sigmoid(z):
    small = torch.exp(-z.abs())
    return small / (1 + small) ** 2


# %% stable_sigmoid wrong "z is cut off, so far out the value and the gradient are wrong"
def stable_sigmoid(z):
    return 1 / (1 + torch.exp(-z.clamp(-10, 10)))


# %% stable_sigmoid wrong "the sigmoid is applied twice"
def stable_sigmoid(z):
    small = torch.exp(-z.abs())
    p = torch.where(z >= 0, torch.ones_like(z), small) / (1 + small)
    return 1 / (1 + torch.exp(-p))


# %% stable_sigmoid wrong "tanh, which runs from -1 to 1"
def stable_sigmoid(z):
    small = torch.exp(-2 * z.abs())
    return torch.sign(z) * (1 - small) / (1 + small)


# %% stable_sigmoid wrong "straight in the middle and flat outside: a hard sigmoid"
def stable_sigmoid(z):
    return (z / 4 + 0.5).clamp(0, 1)


# %% stable_sigmoid wrong "the result is cut off from z, so no gradient flows"
def stable_sigmoid(z):
    small = torch.exp(-z.detach().abs())
    return torch.where(z.detach() >= 0, torch.ones_like(z), small) / (1 + small)


# %% stable_sigmoid wrong "nan from the branch of `torch.where` that isn't taken"
def stable_sigmoid(z):
    e = torch.exp(z)
    return torch.where(z >= 0, 1 / (1 + torch.exp(-z)), e / (1 + e))


# %% stable_sigmoid wrong "one less nearly one: small probabilities are rounded to 0"
def stable_sigmoid(z):
    large = 1 / (1 + torch.exp(-z.abs()))
    return torch.where(z >= 0, large, 1 - large)


# %% stable_sigmoid wrong "the absolute value stayed in: nothing is below one half"
def stable_sigmoid(z):
    return 1 / (1 + torch.exp(-z.abs()))


# %% stable_sigmoid wrong "z is cut off at 20, where the sigmoid still has far to fall"
def stable_sigmoid(z):
    return 1 / (1 + torch.exp(-z.clamp(-20, 20)))


# %% stable_sigmoid wrong "a library does the activation"
def stable_sigmoid(z):
    return torch.sigmoid(z)


# %% signed_bce hints [markdown]
# 1. For y = 1 and z = -1000, what is e to the minus y z in 32 bits? And what should the
#    loss be there?
# 2. Call what stands in the exponent m. If m is large, log(1 + e to the m) is m plus
#    something tiny. Split off the part of m above 0; what remains has an exponent that
#    is never positive. Mind the shapes: one is a column, the other isn't.
# 3. First bring the logits to (N,) and multiply. Then the part above 0 plus the
#    logarithm of 1 plus e to the minus absolute value (`torch.log1p`); then the mean.


# %% signed_bce right "with logaddexp, as columns"
def signed_bce(z, y):
    m = -y.reshape(-1, 1) * z
    return torch.logaddexp(torch.zeros_like(m), m).mean()


# %% signed_bce right "labels brought to 0 and 1 first"
def signed_bce(z, y):
    z, y = z.squeeze(1), (y + 1) / 2
    each = torch.maximum(z, torch.zeros_like(z)) - y * z
    return (each + torch.log(1 + torch.exp(-torch.abs(z)))).sum() / len(z)


# %% signed_bce wrong "the formula for labels of 0 and 1, with labels of -1 and 1"
def signed_bce(z, y):
    z = z.flatten()
    return (z.clamp(min=0) + torch.log1p(torch.exp(-z.abs())) - y * z).mean()


# %% signed_bce wrong "the exponential overflows for large logits"
def signed_bce(z, y):
    return torch.log(1 + torch.exp(-y * z.flatten())).mean()


# %% signed_bce wrong "the losses are cut off at 100, as `nn.BCELoss` does"
def signed_bce(z, y):
    m = -y * z.flatten()
    return (m.clamp(min=0) + torch.log1p(torch.exp(-m.abs()))).clamp(max=100).mean()


# %% signed_bce wrong "the sign is turned round: being right is charged"
def signed_bce(z, y):
    m = y * z.flatten()
    return (m.clamp(min=0) + torch.log1p(torch.exp(-m.abs()))).mean()


# %% signed_bce wrong "z (N, 1) times y (N,) is broadcast to (N, N)"
def signed_bce(z, y):
    m = -y * z
    return (m.clamp(min=0) + torch.log1p(torch.exp(-m.abs()))).mean()


# %% signed_bce wrong "summed over the batch where the mean is asked"
def signed_bce(z, y):
    m = -y * z.flatten()
    return (m.clamp(min=0) + torch.log1p(torch.exp(-m.abs()))).sum()


# %% signed_bce wrong "one loss per example is returned, not their mean"
def signed_bce(z, y):
    m = -y * z.flatten()
    return m.clamp(min=0) + torch.log1p(torch.exp(-m.abs()))


# %% signed_bce wrong "the sigmoid is applied twice: once to the logits, once in the loss"
def signed_bce(z, y):
    m = -y * (1 / (1 + torch.exp(-z.flatten())))
    return (m.clamp(min=0) + torch.log1p(torch.exp(-m.abs()))).mean()


# %% signed_bce wrong "a ReLU on the logits before the loss"
def signed_bce(z, y):
    m = -y * z.flatten().clamp(min=0)
    return (m.clamp(min=0) + torch.log1p(torch.exp(-m.abs()))).mean()


# %% signed_bce wrong "only the part above 0, without the logarithm"
def signed_bce(z, y):
    return (-y * z.flatten()).clamp(min=0).mean()


# %% signed_bce wrong "the hinge of another classifier, not a logarithm"
def signed_bce(z, y):
    return (1 - y * z.flatten()).clamp(min=0).mean()


# %% signed_bce wrong "the result is cut off from z, so no gradient flows"
def signed_bce(z, y):
    m = (-y * z.flatten()).detach()
    return (m.clamp(min=0) + torch.log1p(torch.exp(-m.abs()))).mean()


# %% signed_bce wrong "labels taken for 0 and 1, and z (N, 1) times y (N,) makes (N, N)"
def signed_bce(z, y):
    return (z.clamp(min=0) + torch.log1p(torch.exp(-z.abs())) - y * z).mean()


# %% signed_bce wrong "the logarithm alone, without the part above 0"
def signed_bce(z, y):
    return torch.log1p(torch.exp(-z.abs())).mean()


# %% signed_bce wrong "the exponent is cut off, so sure mistakes cost too little"
def signed_bce(z, y):
    return torch.log1p(torch.exp((-y * z.flatten()).clamp(-50, 50))).mean()


# %% signed_bce wrong "a library does the loss"
def signed_bce(z, y):
    return F.binary_cross_entropy_with_logits(z.flatten(), (y + 1.0) / 2)


# %% weighted_gradient hints [markdown]
# 1. With c = 1 the gradient in the logit is p - y: what is that for y = 1, and what for
#    y = 0? Which of the two is multiplied by c?
# 2. For y = 1 the example pulls with -(1 - p), now c times as hard; for y = 0 with p,
#    as before. Write both in one formula, with y and 1 - y as switches.
# 3. Probabilities first, then a column of pulls. For `w`: the transposed table times
#    the column, divided by N. For `b`: the mean of the column along the axis of
#    examples only.


# %% weighted_gradient right "each example's weight times its error"
def weighted_gradient(X, y, w, b, c):
    p = torch.sigmoid(X @ w + b)
    weight = torch.where(y == 1, float(c), 1.0)
    pull = weight * (p - y)
    return (X * pull).mean(dim=0).reshape(-1, 1), pull.sum(dim=0) / len(y)


# %% weighted_gradient right "one example at a time"
def weighted_gradient(X, y, w, b, c):
    grad_w, grad_b = torch.zeros_like(w), torch.zeros_like(b)
    for x_i, y_i in zip(X, y):
        p_i = 1 / (1 + torch.exp(-(x_i @ w + b)))
        pull = (p_i - y_i) * (c if y_i > 0 else 1)
        grad_w += x_i.reshape(-1, 1) * pull / len(X)
        grad_b += pull / len(X)
    return grad_w, grad_b


# %% weighted_gradient wrong "the weight c is left out"
def weighted_gradient(X, y, w, b, c):
    error = torch.sigmoid(X @ w + b) - y
    return X.T @ error / len(X), error.mean(dim=0)


# %% weighted_gradient wrong "the negatives are weighted, not the positives"
def weighted_gradient(X, y, w, b, c):
    p = torch.sigmoid(X @ w + b)
    error = c * (1 - y) * p - y * (1 - p)
    return X.T @ error / len(X), error.mean(dim=0)


# %% weighted_gradient wrong "all examples are weighted"
def weighted_gradient(X, y, w, b, c):
    error = c * (torch.sigmoid(X @ w + b) - y)
    return X.T @ error / len(X), error.mean(dim=0)


# %% weighted_gradient wrong "the label is multiplied by c, not the whole pull"
def weighted_gradient(X, y, w, b, c):
    error = torch.sigmoid(X @ w + b) - c * y
    return X.T @ error / len(X), error.mean(dim=0)


# %% weighted_gradient wrong "divided by the sum of the weights, not by N"
def weighted_gradient(X, y, w, b, c):
    p = torch.sigmoid(X @ w + b)
    error = (1 - y) * p - c * y * (1 - p)
    total = (c * y + 1 - y).sum()
    return X.T @ error / total, error.sum(dim=0) / total


# %% weighted_gradient wrong "summed over the batch where the mean is asked"
def weighted_gradient(X, y, w, b, c):
    p = torch.sigmoid(X @ w + b)
    error = (1 - y) * p - c * y * (1 - p)
    return X.T @ error, error.sum(dim=0)


# %% weighted_gradient wrong "the sign is turned round: this points downhill"
def weighted_gradient(X, y, w, b, c):
    p = torch.sigmoid(X @ w + b)
    error = c * y * (1 - p) - (1 - y) * p
    return X.T @ error / len(X), error.mean(dim=0)


# %% weighted_gradient wrong "the slope of the sigmoid stays in, as for a squared error"
def weighted_gradient(X, y, w, b, c):
    p = torch.sigmoid(X @ w + b)
    error = ((1 - y) * p - c * y * (1 - p)) * p * (1 - p)
    return X.T @ error / len(X), error.mean(dim=0)


# %% weighted_gradient wrong "the sigmoid is missing: the logit is taken for p"
def weighted_gradient(X, y, w, b, c):
    p = X @ w + b
    error = (1 - y) * p - c * y * (1 - p)
    return X.T @ error / len(X), error.mean(dim=0)


# %% weighted_gradient wrong "the bias is left out of the logit"
def weighted_gradient(X, y, w, b, c):
    p = torch.sigmoid(X @ w)
    error = (1 - y) * p - c * y * (1 - p)
    return X.T @ error / len(X), error.mean(dim=0)


# %% weighted_gradient wrong "the gradient for b is summed, not averaged"
def weighted_gradient(X, y, w, b, c):
    p = torch.sigmoid(X @ w + b)
    error = (1 - y) * p - c * y * (1 - p)
    return X.T @ error / len(X), error.sum(dim=0)


# %% weighted_gradient wrong "the gradient for b has no axis where the shape (1,) is asked"
def weighted_gradient(X, y, w, b, c):
    p = torch.sigmoid(X @ w + b)
    error = (1 - y) * p - c * y * (1 - p)
    return X.T @ error / len(X), error.mean()


# %% weighted_gradient wrong "the pull on b isn't weighted"
def weighted_gradient(X, y, w, b, c):
    error = torch.sigmoid(X @ w + b) - y
    weight = torch.where(y == 1, float(c), 1.0)
    return X.T @ (weight * error) / len(X), error.mean(dim=0)


# %% weighted_gradient wrong "only the positives pull"
def weighted_gradient(X, y, w, b, c):
    error = c * y * (torch.sigmoid(X @ w + b) - 1)
    return X.T @ error / len(X), error.mean(dim=0)


# %% train_logistic hints [markdown]
# 1. What is the smallest number that the last line of `as_given` can compare with one
#    half? And what does its loss expect as the first argument: a logit or a
#    probability?
# 2. A loss "with logits" contains a sigmoid of its own. Count the sigmoids between the
#    score of an example and the loss, and between the score and the decision. One is
#    right in each case.
# 3. Hand the score itself to the loss, and compare one probability with one half, or
#    the score with 0. Everything else in the function is right.


# %% train_logistic right "the given code, mended: the loss takes the score"
def train_logistic(X, y, w, b, lr, num_steps):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    for _ in range(num_steps):
        loss = F.binary_cross_entropy_with_logits(X @ w + b, y)
        grads = torch.autograd.grad(loss, (w, b))
        with torch.no_grad():
            w -= lr * grads[0]
            b -= lr * grads[1]
    said = torch.sigmoid(X @ w + b) > 0.5
    return w.detach(), b.detach(), said


# %% train_logistic right "a sigmoid, and the loss that takes probabilities"
def train_logistic(X, y, w, b, lr, num_steps):
    params = [w.clone().requires_grad_(), b.clone().requires_grad_()]
    for _ in range(num_steps):
        y_hat = torch.sigmoid(X @ params[0] + params[1])
        F.binary_cross_entropy(y_hat, y).backward()
        with torch.no_grad():
            for param in params:
                param -= lr * param.grad
                param.grad.zero_()
    w, b = (param.detach() for param in params)
    return w, b, torch.sigmoid(X @ w + b) > 0.5


# %% train_logistic wrong "the code as given: the sigmoid is applied twice, in the loss and in the decision"
def train_logistic(X, y, w, b, lr, num_steps):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    for _ in range(num_steps):
        y_hat = torch.sigmoid(X @ w + b)
        loss = F.binary_cross_entropy_with_logits(y_hat, y)
        grads = torch.autograd.grad(loss, (w, b))
        with torch.no_grad():
            w -= lr * grads[0]
            b -= lr * grads[1]
    y_hat = torch.sigmoid(X @ w + b)
    said = torch.sigmoid(y_hat) > 0.5
    return w.detach(), b.detach(), said


# %% train_logistic wrong "the decision is mended, the loss still takes a sigmoid too many"
def train_logistic(X, y, w, b, lr, num_steps):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    for _ in range(num_steps):
        y_hat = torch.sigmoid(X @ w + b)
        loss = F.binary_cross_entropy_with_logits(y_hat, y)
        grads = torch.autograd.grad(loss, (w, b))
        with torch.no_grad():
            w -= lr * grads[0]
            b -= lr * grads[1]
    said = torch.sigmoid(X @ w + b) > 0.5
    return w.detach(), b.detach(), said


# %% train_logistic wrong "the loss is mended, the decision still takes a sigmoid too many"
def train_logistic(X, y, w, b, lr, num_steps):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    for _ in range(num_steps):
        loss = F.binary_cross_entropy_with_logits(X @ w + b, y)
        grads = torch.autograd.grad(loss, (w, b))
        with torch.no_grad():
            w -= lr * grads[0]
            b -= lr * grads[1]
    y_hat = torch.sigmoid(X @ w + b)
    said = torch.sigmoid(y_hat) > 0.5
    return w.detach(), b.detach(), said


# %% train_logistic wrong "a ReLU on the output before the loss"
def train_logistic(X, y, w, b, lr, num_steps):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    for _ in range(num_steps):
        loss = F.binary_cross_entropy_with_logits(torch.relu(X @ w + b), y)
        grads = torch.autograd.grad(loss, (w, b))
        with torch.no_grad():
            w -= lr * grads[0]
            b -= lr * grads[1]
    return w.detach(), b.detach(), X @ w + b > 0


# %% train_logistic wrong "the squared error of the probability in place of the cross-entropy"
def train_logistic(X, y, w, b, lr, num_steps):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    for _ in range(num_steps):
        loss = ((torch.sigmoid(X @ w + b) - y) ** 2).mean()
        grads = torch.autograd.grad(loss, (w, b))
        with torch.no_grad():
            w -= lr * grads[0]
            b -= lr * grads[1]
    return w.detach(), b.detach(), X @ w + b > 0


# %% train_logistic wrong "no sigmoid at all: a line is fitted"
def train_logistic(X, y, w, b, lr, num_steps):
    w, b = w.clone(), b.clone()
    for _ in range(num_steps):
        error = X @ w + b - y
        w -= lr * X.T @ error / len(X)
        b -= lr * error.mean(dim=0)
    return w, b, X @ w + b > 0.5


# %% train_logistic wrong "a score, not a probability, is compared with one half"
def train_logistic(X, y, w, b, lr, num_steps):
    w, b = w.clone(), b.clone()
    for _ in range(num_steps):
        error = torch.sigmoid(X @ w + b) - y
        w -= lr * X.T @ error / len(X)
        b -= lr * error.mean(dim=0)
    return w, b, X @ w + b > 0.5


# %% train_logistic wrong "the gradient is summed over the examples, not averaged"
def train_logistic(X, y, w, b, lr, num_steps):
    w, b = w.clone(), b.clone()
    for _ in range(num_steps):
        error = torch.sigmoid(X @ w + b) - y
        w -= lr * X.T @ error
        b -= lr * error.sum(dim=0)
    return w, b, X @ w + b > 0


# %% train_logistic wrong "probabilities are returned where decisions are asked"
def train_logistic(X, y, w, b, lr, num_steps):
    w, b = w.clone(), b.clone()
    for _ in range(num_steps):
        error = torch.sigmoid(X @ w + b) - y
        w -= lr * X.T @ error / len(X)
        b -= lr * error.mean(dim=0)
    return w, b, torch.sigmoid(X @ w + b)


# %% train_logistic wrong "one step too many is taken"
def train_logistic(X, y, w, b, lr, num_steps):
    w, b = w.clone(), b.clone()
    for _ in range(num_steps + 1):
        error = torch.sigmoid(X @ w + b) - y
        w -= lr * X.T @ error / len(X)
        b -= lr * error.mean(dim=0)
    return w, b, X @ w + b > 0


# %% train_logistic wrong "training starts at 0, not at the given `w` and `b`"
def train_logistic(X, y, w, b, lr, num_steps):
    w, b = torch.zeros_like(w), torch.zeros_like(b)
    for _ in range(num_steps):
        error = torch.sigmoid(X @ w + b) - y
        w, b = w - lr * X.T @ error / len(X), b - lr * error.mean(dim=0)
    return w, b, X @ w + b > 0


# %% train_logistic wrong "the step of `b` is taken where `w` has already moved"
def train_logistic(X, y, w, b, lr, num_steps):
    for _ in range(num_steps):
        w = w - lr * X.T @ (torch.sigmoid(X @ w + b) - y) / len(X)
        b = b - lr * (torch.sigmoid(X @ w + b) - y).mean(dim=0)
    return w, b, X @ w + b > 0


# %% decide hints [markdown]
# 1. With `miss=9` and `alarm=1`, from which probability on is "positive" the cheaper
#    thing to say? Is that above or below one half?
# 2. Compare the two mean costs of the text for each example. Which of them belongs to
#    saying "positive"? At a tie the answer is 1, so mind which comparison you take.
# 3. Probabilities from the logits, as (N,). Two products, one comparison that lets
#    equality through, and a change of type from true and false to 0 and 1.


# %% decide right "by a threshold on the probability"
def decide(z, miss, alarm):
    p = torch.sigmoid(z.squeeze(1).double())
    return torch.where(p >= alarm / (alarm + miss), 1, 0)


# %% decide right "by a threshold on the logit"
def decide(z, miss, alarm):
    return (z.flatten() >= torch.log(torch.tensor(alarm / miss))).to(torch.int64)


# %% decide wrong "the costs are ignored: the threshold is always one half"
def decide(z, miss, alarm):
    return (z.flatten() >= 0).long()


# %% decide wrong "the costs are ignored: a 1 only above one half"
def decide(z, miss, alarm):
    return (torch.sigmoid(z).flatten() > 0.5).long()


# %% decide wrong "the two costs are swapped"
def decide(z, miss, alarm):
    p = torch.sigmoid(z).flatten()
    return ((1 - p) * miss <= p * alarm).long()


# %% decide wrong "logits are compared with a threshold for probabilities"
def decide(z, miss, alarm):
    return (z.flatten() >= alarm / (alarm + miss)).long()


# %% decide wrong "at a tie 0 is said"
def decide(z, miss, alarm):
    p = torch.sigmoid(z).flatten()
    return ((1 - p) * alarm < p * miss).long()


# %% decide wrong "the ratio of the costs is taken for the threshold of the probability"
def decide(z, miss, alarm):
    return (torch.sigmoid(z).flatten() >= alarm / miss).long()


# %% decide wrong "the classes are swapped: 1 where negative is cheaper"
def decide(z, miss, alarm):
    p = torch.sigmoid(z).flatten()
    return ((1 - p) * alarm >= p * miss).long()


# %% decide wrong "the shape is (N, 1) where (N,) is asked"
def decide(z, miss, alarm):
    p = torch.sigmoid(z)
    return ((1 - p) * alarm <= p * miss).long()


# %% decide wrong "true and false where 1 and 0 are asked"
def decide(z, miss, alarm):
    p = torch.sigmoid(z).flatten()
    return (1 - p) * alarm <= p * miss


# %% decide wrong "floats where int64 is asked"
def decide(z, miss, alarm):
    p = torch.sigmoid(z).flatten()
    return ((1 - p) * alarm <= p * miss).float()


# %% decide wrong "the sigmoid is applied twice, so every probability is above one half"
def decide(z, miss, alarm):
    p = torch.sigmoid(torch.sigmoid(z)).flatten()
    return ((1 - p) * alarm <= p * miss).long()


# %% rates hints [markdown]
# 1. For each of the three shares: of whom is it a share? Is that group given by the
#    truth or by the decisions?
# 2. Count how many are in the group, and how many of them have the other property.
#    Empty groups come before the division. In which data would nobody be called 1?
# 3. A small helper takes two masks, "hit" and "among", counts both together and the
#    second alone, and returns 1.0 for an empty group. Three calls fill the dict.


# %% rates right "from the four cells"
def rates(said, y):
    tp = ((said == 1) & (y == 1)).sum().item()
    fp = ((said == 1) & (y == 0)).sum().item()
    fn = ((said == 0) & (y == 1)).sum().item()
    tn = ((said == 0) & (y == 0)).sum().item()
    return {
        "sensitivity": tp / (tp + fn) if tp + fn else 1.0,
        "specificity": tn / (tn + fp) if tn + fp else 1.0,
        "precision": tp / (tp + fp) if tp + fp else 1.0,
    }


# %% rates right "as means over chosen rows"
def rates(said, y):
    def mean(values):
        return float(values.double().mean()) if len(values) else 1.0

    return {
        "sensitivity": mean(said[y == 1]),
        "specificity": mean(1 - said[y == 0]),
        "precision": mean(y[said == 1]),
    }


# %% rates wrong "sensitivity and precision are swapped"
def rates(said, y):
    def share(hit, among):
        return (hit & among).sum().item() / among.sum().item() if among.any() else 1.0

    return {
        "sensitivity": share(y == 1, said == 1),
        "specificity": share(said == 0, y == 0),
        "precision": share(said == 1, y == 1),
    }


# %% rates wrong "the false positive rate in place of the specificity"
def rates(said, y):
    def share(hit, among):
        return (hit & among).sum().item() / among.sum().item() if among.any() else 1.0

    return {
        "sensitivity": share(said == 1, y == 1),
        "specificity": share(said == 1, y == 0),
        "precision": share(y == 1, said == 1),
    }


# %% rates wrong "accuracy in place of the precision"
def rates(said, y):
    def share(hit, among):
        return (hit & among).sum().item() / among.sum().item() if among.any() else 1.0

    return {
        "sensitivity": share(said == 1, y == 1),
        "specificity": share(said == 0, y == 0),
        "precision": (said == y).double().mean().item() if len(y) else 1.0,
    }


# %% rates wrong "an empty group is divided by"
def rates(said, y):
    tp = ((said == 1) & (y == 1)).sum().item()
    tn = ((said == 0) & (y == 0)).sum().item()
    return {
        "sensitivity": tp / (y == 1).sum().item(),
        "specificity": tn / (y == 0).sum().item(),
        "precision": tp / (said == 1).sum().item(),
    }


# %% rates wrong "a share of nothing is 0 where 1 is asked"
def rates(said, y):
    def share(hit, among):
        return (hit & among).sum().item() / max(among.sum().item(), 1)

    return {
        "sensitivity": share(said == 1, y == 1),
        "specificity": share(said == 0, y == 0),
        "precision": share(y == 1, said == 1),
    }


# %% rates wrong "every share is of all N"
def rates(said, y):
    tp = ((said == 1) & (y == 1)).sum().item()
    tn = ((said == 0) & (y == 0)).sum().item()
    n = max(len(y), 1)
    return {"sensitivity": tp / n, "specificity": tn / n, "precision": tp / n}


# %% rates wrong "the classes are swapped: 0 is taken for positive"
def rates(said, y):
    def share(hit, among):
        return (hit & among).sum().item() / among.sum().item() if among.any() else 1.0

    return {
        "sensitivity": share(said == 0, y == 0),
        "specificity": share(said == 1, y == 1),
        "precision": share(y == 0, said == 0),
    }


# %% rates wrong "truth and decisions are swapped"
def rates(said, y):
    def share(hit, among):
        return (hit & among).sum().item() / among.sum().item() if among.any() else 1.0

    said, y = y, said
    return {
        "sensitivity": share(said == 1, y == 1),
        "specificity": share(said == 0, y == 0),
        "precision": share(y == 1, said == 1),
    }


# %% rates wrong "of those called 0 the share that is 0, in place of the specificity"
def rates(said, y):
    def share(part, whole):
        return part / whole if whole else 1.0

    tp, fp = (said * y).sum().item(), (said * (1 - y)).sum().item()
    fn, tn = ((1 - said) * y).sum().item(), ((1 - said) * (1 - y)).sum().item()
    return {
        "sensitivity": share(tp, tp + fn),
        "specificity": share(tn, tn + fn),
        "precision": share(tp, tp + fp),
    }


# %% rates wrong "`~` of the integers 0 and 1 gives -1 and -2"
def rates(said, y):
    def share(hit, among):
        return hit.sum().item() / among.sum().item() if among.any() else 1.0

    return {
        "sensitivity": share(said & y, y),
        "specificity": share(~said & ~y, ~y),
        "precision": share(said & y, said),
    }


# %% rates wrong "counts where shares are asked"
def rates(said, y):
    tp = float((said * y).sum())
    tn = float(((1 - said) * (1 - y)).sum())
    return {"sensitivity": tp, "specificity": tn, "precision": tp}


# %% rates wrong "tensors in place of floats"
def rates(said, y):
    def share(hit, among):
        return (hit & among).sum() / among.sum() if among.any() else torch.ones(1)

    return {
        "sensitivity": share(said == 1, y == 1),
        "specificity": share(said == 0, y == 0),
        "precision": share(y == 1, said == 1),
    }


# %% roc_points hints [markdown]
# 1. Three examples have the score 0.4. Can any threshold call one of them positive and
#    the others not? How many corners do they make?
# 2. For one threshold, who is positive? Those with this score or a higher one. Count
#    them among the positives and among the negatives, each as a share of its class.
#    Then do it for every different score (`unique`).
# 3. The different scores from high to low as a column, compared with all scores, give a
#    table (K, N) of true and false. Count along its rows in each class, divide by the
#    class's size, put a 0 in front.


# %% roc_points right "sorted and cumulated, the last of each tie kept"
def roc_points(scores, y):
    order = scores.argsort(descending=True)
    s, labels = scores[order], y[order].float()
    last = torch.cat([s[1:] != s[:-1], torch.tensor([True])])
    tp, fp = labels.cumsum(0)[last], (1 - labels).cumsum(0)[last]
    zero = torch.zeros(1)
    return torch.cat([zero, fp / fp[-1]]), torch.cat([zero, tp / tp[-1]])


# %% roc_points right "a loop over the different scores"
def roc_points(scores, y):
    fpr, tpr = [0.0], [0.0]
    for threshold in sorted(set(scores.tolist()), reverse=True):
        said = scores >= threshold
        tpr.append(said[y == 1].float().mean().item())
        fpr.append(said[y == 0].float().mean().item())
    return torch.tensor(fpr), torch.tensor(tpr)


# %% roc_points wrong "one point for each example: ties are walked through one by one"
def roc_points(scores, y):
    labels = y[scores.argsort(descending=True, stable=True)].float()
    zero = torch.zeros(1)
    tpr = labels.cumsum(0) / labels.sum()
    fpr = (1 - labels).cumsum(0) / (1 - labels).sum()
    return torch.cat([zero, fpr]), torch.cat([zero, tpr])


# %% roc_points wrong "the two rates are returned in the other order"
def roc_points(scores, y):
    said = scores >= scores.unique().flip(0).reshape(-1, 1)
    tpr = (said & (y == 1)).sum(dim=1) / (y == 1).sum()
    fpr = (said & (y == 0)).sum(dim=1) / (y == 0).sum()
    zero = torch.zeros(1)
    return torch.cat([zero, tpr]), torch.cat([zero, fpr])


# %% roc_points wrong "the curve runs from the lowest score: positives are taken below"
def roc_points(scores, y):
    said = scores <= scores.unique().reshape(-1, 1)
    tpr = (said & (y == 1)).sum(dim=1) / (y == 1).sum()
    fpr = (said & (y == 0)).sum(dim=1) / (y == 0).sum()
    zero = torch.zeros(1)
    return torch.cat([zero, fpr]), torch.cat([zero, tpr])


# %% roc_points wrong "the 0 at the beginning is missing"
def roc_points(scores, y):
    said = scores >= scores.unique().flip(0).reshape(-1, 1)
    tpr = (said & (y == 1)).sum(dim=1) / (y == 1).sum()
    fpr = (said & (y == 0)).sum(dim=1) / (y == 0).sum()
    return fpr, tpr


# %% roc_points wrong "strictly above the score, so the last point is missing"
def roc_points(scores, y):
    said = scores > scores.unique().flip(0).reshape(-1, 1)
    tpr = (said & (y == 1)).sum(dim=1) / (y == 1).sum()
    fpr = (said & (y == 0)).sum(dim=1) / (y == 0).sum()
    zero = torch.zeros(1)
    return torch.cat([zero, fpr]), torch.cat([zero, tpr])


# %% roc_points wrong "counts, not shares"
def roc_points(scores, y):
    said = scores >= scores.unique().flip(0).reshape(-1, 1)
    tp, fp = (said & (y == 1)).sum(dim=1), (said & (y == 0)).sum(dim=1)
    zero = torch.zeros(1)
    return torch.cat([zero, fp]), torch.cat([zero, tp])


# %% roc_points wrong "shares of all N, not of the class"
def roc_points(scores, y):
    said = scores >= scores.unique().flip(0).reshape(-1, 1)
    tpr = (said & (y == 1)).sum(dim=1) / len(y)
    fpr = (said & (y == 0)).sum(dim=1) / len(y)
    zero = torch.zeros(1)
    return torch.cat([zero, fpr]), torch.cat([zero, tpr])


# %% roc_points wrong "precision in place of the true positive rate"
def roc_points(scores, y):
    said = scores >= scores.unique().flip(0).reshape(-1, 1)
    tpr = (said & (y == 1)).sum(dim=1) / said.sum(dim=1)
    fpr = (said & (y == 0)).sum(dim=1) / (y == 0).sum()
    zero = torch.zeros(1)
    return torch.cat([zero, fpr]), torch.cat([zero, tpr])


# %% roc_points wrong "specificity in place of the false positive rate"
def roc_points(scores, y):
    said = scores >= scores.unique().flip(0).reshape(-1, 1)
    tpr = (said & (y == 1)).sum(dim=1) / (y == 1).sum()
    fpr = (said & (y == 0)).sum(dim=1) / (y == 0).sum()
    return torch.cat([torch.ones(1), 1 - fpr]), torch.cat([torch.zeros(1), tpr])


# %% roc_points wrong "the points are in ascending order of the score, from 1 to 0"
def roc_points(scores, y):
    said = scores >= scores.unique().reshape(-1, 1)
    tpr = (said & (y == 1)).sum(dim=1) / (y == 1).sum()
    fpr = (said & (y == 0)).sum(dim=1) / (y == 0).sum()
    zero = torch.zeros(1)
    return torch.cat([fpr, zero]), torch.cat([tpr, zero])


# %% roc_points wrong "of those called positive the share that is false, in place of the false positive rate"
def roc_points(scores, y):
    said = scores >= scores.unique().flip(0).reshape(-1, 1)
    tpr = (said & (y == 1)).sum(dim=1) / (y == 1).sum()
    fpr = (said & (y == 0)).sum(dim=1) / said.sum(dim=1)
    zero = torch.zeros(1)
    return torch.cat([zero, fpr]), torch.cat([zero, tpr])


# %% roc_points wrong "thresholds from the lowest score up, after the 0"
def roc_points(scores, y):
    said = scores >= scores.unique().reshape(-1, 1)
    tpr = (said & (y == 1)).sum(dim=1) / (y == 1).sum()
    fpr = (said & (y == 0)).sum(dim=1) / (y == 0).sum()
    zero = torch.zeros(1)
    return torch.cat([zero, fpr]), torch.cat([zero, tpr])


# %% roc_points wrong "the point (1, 1) stands at the end twice"
def roc_points(scores, y):
    said = scores >= scores.unique().flip(0).reshape(-1, 1)
    tpr = (said & (y == 1)).sum(dim=1) / (y == 1).sum()
    fpr = (said & (y == 0)).sum(dim=1) / (y == 0).sum()
    zero, one = torch.zeros(1), torch.ones(1)
    return torch.cat([zero, fpr, one]), torch.cat([zero, tpr, one])


# %% auc hints [markdown]
# 1. With 4 positives and 5 negatives, how many pairs are there, and which shape holds
#    one number for each?
# 2. Split the scores by class. A column of one class against a row of the other makes a
#    table of all pairs. What does an entry say about its pair if it is above, equal to
#    or below 0?
# 3. The table of differences (positive, negative): 1 where it is above 0, one half
#    where it is 0, and the mean of all.


# %% auc right "half of the signs, plus one half"
def auc(scores, y):
    table = scores[y == 1][:, None] - scores[y == 0][None, :]
    return (torch.sign(table).mean() + 1) / 2


# %% auc right "counts divided, as a float"
def auc(scores, y):
    high, low = scores[y == 1].unsqueeze(1), scores[y == 0].unsqueeze(0)
    won = (high > low).sum().item() + 0.5 * (high == low).sum().item()
    return won / (high.numel() * low.numel())


# %% auc wrong "ties count nothing"
def auc(scores, y):
    return (scores[y == 1].reshape(-1, 1) > scores[y == 0]).float().mean().item()


# %% auc wrong "ties count as whole pairs"
def auc(scores, y):
    return (scores[y == 1].reshape(-1, 1) >= scores[y == 0]).float().mean().item()


# %% auc wrong "the order is turned round: the negative one should be lower"
def auc(scores, y):
    d = scores[y == 0].reshape(-1, 1) - scores[y == 1]
    return ((d > 0).float() + (d == 0).float() / 2).mean().item()


# %% auc wrong "all pairs of examples are counted, those of one class too"
def auc(scores, y):
    d = scores.reshape(-1, 1) - scores
    return ((d > 0).float() + (d == 0).float() / 2).mean().item()


# %% auc wrong "divided by the square of N"
def auc(scores, y):
    d = scores[y == 1].reshape(-1, 1) - scores[y == 0]
    return (((d > 0).float() + (d == 0).float() / 2).sum() / len(y) ** 2).item()


# %% auc wrong "the number of pairs, not their share"
def auc(scores, y):
    d = scores[y == 1].reshape(-1, 1) - scores[y == 0]
    return ((d > 0).float() + (d == 0).float() / 2).sum().item()


# %% auc wrong "the mean difference of the scores, not their order"
def auc(scores, y):
    return (scores[y == 1].mean() - scores[y == 0].mean()).item()


# %% auc wrong "accuracy at a threshold of one half"
def auc(scores, y):
    return ((scores > 0.5).long() == y).float().mean().item()


# %% auc wrong "one share for each positive is returned, not one for all"
def auc(scores, y):
    d = scores[y == 1].reshape(-1, 1) - scores[y == 0]
    return ((d > 0).float() + (d == 0).float() / 2).mean(dim=1)


# %% auc wrong "pairs of equal scores are left out"
def auc(scores, y):
    d = scores[y == 1].reshape(-1, 1) - scores[y == 0]
    return ((d > 0).sum() / (d != 0).sum()).item()


# %% auc wrong "a pair in the wrong order counts -1, so the range is -1 to 1"
def auc(scores, y):
    d = scores[y == 1].reshape(-1, 1) - scores[y == 0]
    return torch.sign(d).mean().item()


# %% auc wrong "a loop, where none is allowed"
def auc(scores, y):
    won = 0.0
    for s in scores[y == 1]:
        won += (s > scores[y == 0]).sum() + (s == scores[y == 0]).sum() / 2
    return won / (y == 1).sum() / (y == 0).sum()


# %% auc wrong "a library does the count"
def auc(scores, y):
    from sklearn.metrics import roc_auc_score

    return torch.tensor(roc_auc_score(y, scores), dtype=torch.float32)


# %% turn_round hints [markdown]
# 1. One minus the sigmoid of z is the sigmoid of what? Which entries of `W1` and `b1`
#    make the z of unit k: a row or a column?
# 2. The next layer got v times h. Now it gets a new v times one minus h. Which new v,
#    and which constant on top, give the same for every h? There is one such constant
#    for each output.
# 3. Change the signs of column k of the first weights and of entry k of its bias, and
#    of row k of the second weights; add that row, as it was, to the second bias. Work
#    on copies.


# %% turn_round right "copies, changed at k"
def turn_round(W1, b1, W2, b2, k):
    V1, c1, V2 = W1.clone(), b1.clone(), W2.clone()
    V1[:, k] = -W1[:, k]
    c1[k] = -b1[k]
    V2[k] = -W2[k]
    return V1, c1, V2, b2 + W2[k]


# %% turn_round right "with a diagonal matrix"
def turn_round(W1, b1, W2, b2, k):
    unit = torch.zeros(len(b1))
    unit[k] = 1
    D = torch.eye(len(b1)) - 2 * torch.diag(unit)
    return W1 @ D, D @ b1, D @ W2, b2 + unit @ W2


# %% turn_round wrong "the second bias is forgotten, as for tanh, whose mirror image is its negative"
def turn_round(W1, b1, W2, b2, k):
    sign = torch.ones_like(b1)
    sign[k] = -1
    return W1 * sign, b1 * sign, W2 * sign.reshape(-1, 1), b2.clone()


# %% turn_round wrong "the second bias moves in the wrong direction"
def turn_round(W1, b1, W2, b2, k):
    sign = torch.ones_like(b1)
    sign[k] = -1
    return W1 * sign, b1 * sign, W2 * sign.reshape(-1, 1), b2 - W2[k]


# %% turn_round wrong "the first bias is forgotten"
def turn_round(W1, b1, W2, b2, k):
    sign = torch.ones_like(b1)
    sign[k] = -1
    return W1 * sign, b1.clone(), W2 * sign.reshape(-1, 1), b2 + W2[k]


# %% turn_round wrong "only the first layer is changed, so the logits change"
def turn_round(W1, b1, W2, b2, k):
    sign = torch.ones_like(b1)
    sign[k] = -1
    return W1 * sign, b1 * sign, W2.clone(), b2.clone()


# %% turn_round wrong "only the second layer is changed, so the unit stays"
def turn_round(W1, b1, W2, b2, k):
    V2 = W2.clone()
    V2[k] *= -1
    return W1.clone(), b1.clone(), V2, b2 + W2[k]


# %% turn_round wrong "weights are subtracted from 1, as if that turned the unit"
def turn_round(W1, b1, W2, b2, k):
    V1, c1, V2 = W1.clone(), b1.clone(), W2.clone()
    V1[:, k], c1[k] = 1 - V1[:, k], 1 - c1[k]
    V2[k] *= -1
    return V1, c1, V2, b2 + W2[k]


# %% turn_round wrong "every hidden unit is turned round, not only unit k"
def turn_round(W1, b1, W2, b2, k):
    return -W1, -b1, -W2, b2 + W2.sum(dim=0)


# %% turn_round wrong "unit k of the outputs is turned, a column of W2"
def turn_round(W1, b1, W2, b2, k):
    sign = torch.ones_like(b1)
    sign[k] = -1
    V2 = W2.clone()
    V2[:, k % W2.shape[1]] *= -1
    return W1 * sign, b1 * sign, V2, b2 + W2[k]


# %% turn_round wrong "a row of W1 is turned, as if it were stored as (hidden, inputs)"
def turn_round(W1, b1, W2, b2, k):
    V1, c1, V2 = W1.clone(), b1.clone(), W2.clone()
    V1[k % len(W1)] *= -1
    c1[k] *= -1
    V2[k] *= -1
    return V1, c1, V2, b2 + W2[k]


# %% turn_round wrong "weights indexed as `nn.Linear` keeps them: a row of W1, a column of W2"
def turn_round(W1, b1, W2, b2, k):
    W1, b1, W2, b2 = W1.clone(), b1.clone(), W2.clone(), b2.clone()
    W1[k] *= -1
    b1[k] *= -1
    b2 += W2[:, k]
    W2[:, k] *= -1
    return W1, b1, W2, b2


# %% turn_round wrong "`W1` is changed in place"
def turn_round(W1, b1, W2, b2, k):
    b2 += W2[k]
    W1[:, k] *= -1
    b1[k] *= -1
    W2[k] *= -1
    return W1, b1, W2, b2


# %% fit_table hints [markdown]
# 1. If `X_new` has one row, what are the mean and the deviation of its columns? Whose
#    mean and deviation did the weights learn with?
# 2. Keep the two statistics of `X` and use them twice. The loss has two parts: the mean
#    over the rows, and half the decay times the squared weights, without the bias. Go
#    on until nothing moves, then make probabilities of the logits.
# 3. Standardise both tables; weights and bias from zero; LBFGS with a closure (one call
#    with a large `max_iter` and `line_search_fn`) or a few thousand full steps; last,
#    under `no_grad`, one sigmoid of the new rows' logits.


# %% fit_table right "gradient descent, gradients by hand"
def fit_table(X, y, X_new, decay):
    mean, std = X.mean(dim=0), X.std(dim=0, correction=0)
    A, A_new = (X - mean) / std, (X_new - mean) / std
    w, b = torch.zeros(A.shape[1], 1), torch.zeros(1)
    for _ in range(3000):
        error = torch.sigmoid(A @ w + b) - y
        w = w - 0.5 * (A.T @ error / len(A) + decay * w)
        b = b - 0.5 * error.mean(dim=0)
    return torch.sigmoid(A_new @ w + b)


# %% fit_table right "Newton's steps, with the second derivatives"
def fit_table(X, y, X_new, decay):
    mean, std = X.mean(dim=0), X.std(dim=0, correction=0)
    A = F.pad((X - mean) / std, (0, 1), value=1.0).double()
    A_new = F.pad((X_new - mean) / std, (0, 1), value=1.0).double()
    D = decay * torch.eye(A.shape[1], dtype=torch.float64)
    D[-1, -1] = 0
    v = torch.zeros(A.shape[1], 1, dtype=torch.float64)
    for _ in range(30):
        p = torch.sigmoid(A @ v)
        H = A.T @ (p * (1 - p) * A) / len(A) + D
        v = v - torch.linalg.solve(H, A.T @ (p - y) / len(A) + D @ v)
    return torch.sigmoid(A_new @ v).float()


# %% fit_table wrong "the new rows are scaled with their own statistics"
def fit_table(X, y, X_new, decay):
    A = (X - X.mean(dim=0)) / X.std(dim=0, correction=0)
    A_new = (X_new - X_new.mean(dim=0)) / X_new.std(dim=0, correction=0)
    w, b = torch.zeros(A.shape[1], 1), torch.zeros(1)
    for _ in range(1500):
        error = torch.sigmoid(A @ w + b) - y
        w = w - 0.5 * (A.T @ error / len(A) + decay * w)
        b = b - 0.5 * error.mean(dim=0)
    return torch.sigmoid(A_new @ w + b)


# %% fit_table wrong "the statistics are taken over old and new rows together"
def fit_table(X, y, X_new, decay):
    both = torch.cat([X, X_new])
    mean, std = both.mean(dim=0), both.std(dim=0, correction=0)
    A, A_new = (X - mean) / std, (X_new - mean) / std
    w, b = torch.zeros(A.shape[1], 1), torch.zeros(1)
    for _ in range(1500):
        error = torch.sigmoid(A @ w + b) - y
        w = w - 0.5 * (A.T @ error / len(A) + decay * w)
        b = b - 0.5 * error.mean(dim=0)
    return torch.sigmoid(A_new @ w + b)


# %% fit_table wrong "scaled to [0, 1], which is not standardising"
def fit_table(X, y, X_new, decay):
    low, span = X.amin(dim=0), X.amax(dim=0) - X.amin(dim=0)
    A, A_new = (X - low) / span, (X_new - low) / span
    w, b = torch.zeros(A.shape[1], 1), torch.zeros(1)
    for _ in range(3000):
        error = torch.sigmoid(A @ w + b) - y
        w = w - 0.5 * (A.T @ error / len(A) + decay * w)
        b = b - 0.5 * error.mean(dim=0)
    return torch.sigmoid(A_new @ w + b)


# %% fit_table wrong "divided by the deviation without subtracting the mean"
def fit_table(X, y, X_new, decay):
    std = X.std(dim=0, correction=0)
    A, A_new = (X / std).double(), (X_new / std).double()
    w = torch.zeros(A.shape[1], 1).double().requires_grad_()
    optimizer = torch.optim.LBFGS([w], max_iter=300, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(A @ w, y.double())
        loss = loss + decay / 2 * (w**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return torch.sigmoid(A_new @ w).float().detach()


# %% fit_table wrong "one mean and one deviation for the whole table"
def fit_table(X, y, X_new, decay):
    A, A_new = (X - X.mean()) / X.std(), (X_new - X.mean()) / X.std()
    w, b = torch.zeros(A.shape[1], 1), torch.zeros(1)
    for _ in range(1500):
        error = torch.sigmoid(A @ w + b) - y
        w = w - 0.2 * (A.T @ error / len(A) + decay * w)
        b = b - 0.2 * error.mean(dim=0)
    return torch.sigmoid(A_new @ w + b)


# %% fit_table wrong "the weights are not decayed"
def fit_table(X, y, X_new, decay):
    mean, std = X.mean(dim=0), X.std(dim=0, correction=0)
    A, A_new = (X - mean) / std, (X_new - mean) / std
    w, b = torch.zeros(A.shape[1], 1), torch.zeros(1)
    for _ in range(1500):
        error = torch.sigmoid(A @ w + b) - y
        w = w - 0.5 * A.T @ error / len(A)
        b = b - 0.5 * error.mean(dim=0)
    return torch.sigmoid(A_new @ w + b)


# %% fit_table wrong "the bias is decayed, too"
def fit_table(X, y, X_new, decay):
    mean, std = X.mean(dim=0), X.std(dim=0, correction=0)
    A, A_new = (X - mean) / std, (X_new - mean) / std
    w, b = torch.zeros(A.shape[1], 1), torch.zeros(1)
    for _ in range(1500):
        error = torch.sigmoid(A @ w + b) - y
        w = w - 0.5 * (A.T @ error / len(A) + decay * w)
        b = b - 0.5 * (error.mean(dim=0) + decay * b)
    return torch.sigmoid(A_new @ w + b)


# %% fit_table wrong "the half of the decay is missing, so it is twice as strong"
def fit_table(X, y, X_new, decay):
    mean, std = X.mean(dim=0), X.std(dim=0, correction=0)
    A, A_new = (X - mean) / std, (X_new - mean) / std
    w, b = torch.zeros(A.shape[1], 1), torch.zeros(1)
    for _ in range(1500):
        error = torch.sigmoid(A @ w + b) - y
        w = w - 0.5 * (A.T @ error / len(A) + 2 * decay * w)
        b = b - 0.5 * error.mean(dim=0)
    return torch.sigmoid(A_new @ w + b)


# %% fit_table wrong "stopped long before the loss stands still"
def fit_table(X, y, X_new, decay):
    mean, std = X.mean(dim=0), X.std(dim=0, correction=0)
    A, A_new = (X - mean) / std, (X_new - mean) / std
    w, b = torch.zeros(A.shape[1], 1), torch.zeros(1)
    for _ in range(20):
        error = torch.sigmoid(A @ w + b) - y
        w = w - 0.1 * (A.T @ error / len(A) + decay * w)
        b = b - 0.1 * error.mean(dim=0)
    return torch.sigmoid(A_new @ w + b)


# %% fit_table wrong "the new rows are left as they are, not standardised"
def fit_table(X, y, X_new, decay):
    mean, std = X.mean(dim=0), X.std(dim=0, correction=0)
    A, A_new = (X - mean) / std, X_new
    w, b = torch.zeros(A.shape[1], 1), torch.zeros(1)
    for _ in range(1500):
        error = torch.sigmoid(A @ w + b) - y
        w = w - 0.5 * (A.T @ error / len(A) + decay * w)
        b = b - 0.5 * error.mean(dim=0)
    return torch.sigmoid(A_new @ w + b)


# %% fit_table wrong "the bias is left out"
def fit_table(X, y, X_new, decay):
    mean, std = X.mean(dim=0), X.std(dim=0, correction=0)
    A, A_new = (X - mean) / std, (X_new - mean) / std
    w = torch.zeros(A.shape[1], 1)
    for _ in range(1500):
        error = torch.sigmoid(A @ w) - y
        w = w - 0.5 * (A.T @ error / len(A) + decay * w)
    return torch.sigmoid(A_new @ w)


# %% fit_table wrong "decisions are returned where probabilities are asked"
def fit_table(X, y, X_new, decay):
    mean, std = X.mean(dim=0), X.std(dim=0, correction=0)
    A, A_new = (X - mean) / std, (X_new - mean) / std
    w, b = torch.zeros(A.shape[1], 1), torch.zeros(1)
    for _ in range(1500):
        error = torch.sigmoid(A @ w + b) - y
        w = w - 0.5 * (A.T @ error / len(A) + decay * w)
        b = b - 0.5 * error.mean(dim=0)
    return (A_new @ w + b > 0).float()


# %% fit_table wrong "the loss is summed, so the decay hardly counts"
def fit_table(X, y, X_new, decay):
    mean, std = X.mean(dim=0), X.std(dim=0, correction=0)
    A, A_new = (X - mean) / std, (X_new - mean) / std
    w, b = torch.zeros(A.shape[1], 1), torch.zeros(1)
    for _ in range(4000):
        error = torch.sigmoid(A @ w + b) - y
        w = w - 0.5 * (A.T @ error + decay * w) / len(A)
        b = b - 0.5 * error.mean(dim=0)
    return torch.sigmoid(A_new @ w + b)


# %% fit_table wrong "the columns are not standardised"
def fit_table(X, y, X_new, decay):
    w = torch.zeros(X.shape[1], 1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    best = torch.optim.LBFGS([w, b], max_iter=300, line_search_fn="strong_wolfe")

    def closure():
        best.zero_grad()
        loss = F.binary_cross_entropy_with_logits(X @ w + b, y)
        loss = loss + decay / 2 * (w**2).sum()
        loss.backward()
        return loss

    best.step(closure)
    return torch.sigmoid(X_new @ w + b).detach()


# %% fit_table wrong "logits are returned where probabilities are asked"
def fit_table(X, y, X_new, decay):
    mean, std = X.mean(dim=0), X.std(dim=0, correction=0)
    A, A_new = (X - mean) / std, (X_new - mean) / std
    w, b = torch.zeros(A.shape[1], 1), torch.zeros(1)
    for _ in range(1500):
        error = torch.sigmoid(A @ w + b) - y
        w = w - 0.5 * (A.T @ error / len(A) + decay * w)
        b = b - 0.5 * error.mean(dim=0)
    return A_new @ w + b


# %% fit_table wrong "the sigmoid is applied twice to the new rows"
def fit_table(X, y, X_new, decay):
    mean, std = X.mean(dim=0), X.std(dim=0, correction=0)
    A, A_new = (X - mean) / std, (X_new - mean) / std
    w, b = torch.zeros(A.shape[1], 1), torch.zeros(1)
    for _ in range(1500):
        error = torch.sigmoid(A @ w + b) - y
        w = w - 0.5 * (A.T @ error / len(A) + decay * w)
        b = b - 0.5 * error.mean(dim=0)
    return torch.sigmoid(torch.sigmoid(A_new @ w + b))


# %% fit_table wrong "probabilities of a 0 are returned"
def fit_table(X, y, X_new, decay):
    mean, std = X.mean(dim=0), X.std(dim=0, correction=0)
    A, A_new = (X - mean) / std, (X_new - mean) / std
    w, b = torch.zeros(A.shape[1], 1), torch.zeros(1)
    for _ in range(1500):
        error = torch.sigmoid(A @ w + b) - y
        w = w - 0.5 * (A.T @ error / len(A) + decay * w)
        b = b - 0.5 * error.mean(dim=0)
    return torch.sigmoid(-A_new @ w - b)


# %% fit_table wrong "a line is fitted by least squares, and its values are returned"
def fit_table(X, y, X_new, decay):
    mean, std = X.mean(dim=0), X.std(dim=0, correction=0)
    A, A_new = (X - mean) / std, (X_new - mean) / std
    n = A.shape[1]
    w = torch.linalg.solve(A.T @ A / len(A) + decay * torch.eye(n), A.T @ y / len(A))
    return A_new @ w + y.mean()


# %% stable_sigmoid equivalent "at z = 0 both numerators are 1"
# return torch.where(z >= 0, torch.ones_like(z), small) / (1 + small) -> return torch.where(z > 0, torch.ones_like(z), small) / (1 + small)


# %% train_logistic equivalent "there is one column of errors"
# b -= lr * error.mean(dim=0) -> b -= lr * error.mean()


# %% auc equivalent "true and false become numbers when they are added to some"
# return ((difference > 0).float() + (difference == 0).float() / 2).mean().item() -> return ((difference > 0) + (difference == 0).float() / 2).mean().item()
# return ((difference > 0).float() + (difference == 0).float() / 2).mean().item() -> return ((difference > 0).float() + (difference == 0) / 2).mean().item()


# %% turn_round equivalent "to divide by 1 or -1 is to multiply by it"
# return (W1 * sign, b1 * sign, W2 * sign.reshape(-1, 1), b2 + W2[k]) -> return (W1 * sign, b1 * sign, W2 / sign.reshape(-1, 1), b2 + W2[k])
# return (W1 * sign, b1 * sign, W2 * sign.reshape(-1, 1), b2 + W2[k]) -> return (W1 * sign, b1 / sign, W2 * sign.reshape(-1, 1), b2 + W2[k])
# return (W1 * sign, b1 * sign, W2 * sign.reshape(-1, 1), b2 + W2[k]) -> return (W1 / sign, b1 * sign, W2 * sign.reshape(-1, 1), b2 + W2[k])


# %% fit_table equivalent "the prompt leaves the start, N or N - 1, the way and the graph open"
# b = torch.zeros(1, requires_grad=True) -> b = torch.ones(1, requires_grad=True)
# w = torch.zeros(X.shape[1], 1, requires_grad=True) -> w = torch.ones(X.shape[1], 1, requires_grad=True)
# optimizer = torch.optim.LBFGS([w, b], max_iter=200, line_search_fn='strong_wolfe') -> optimizer = torch.optim.LBFGS([w, b], line_search_fn='strong_wolfe')
# optimizer = torch.optim.LBFGS([w, b], max_iter=200, line_search_fn='strong_wolfe') -> optimizer = torch.optim.LBFGS([w, b], max_iter=200)
# optimizer = torch.optim.LBFGS([w, b], max_iter=200, line_search_fn='strong_wolfe') -> optimizer = torch.optim.LBFGS([w, b], max_iter=201, line_search_fn='strong_wolfe')
# with torch.no_grad(): -> if True:
