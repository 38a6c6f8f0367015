# The bank: other right answers, and the wrong ones that people really give. The title
# of a wrong answer is the name of the mistake, as the student is told it.


# %% statistics_of hints [markdown]
# 1. Which maps, by example and by channel, have one colour in the lecture's drawing
#    of the norm that you look at?
# 2. Every value of the batch belongs to exactly one mean. So if you know how many
#    means there are, a division tells how many values each has.
# 3. A look-up from the norm's name to the number of means, made of N, C and the
#    number of groups; then all values of the batch, divided by that number as ints.


# %% statistics_of right "case by case"
def statistics_of(shape, norm, num_groups):
    N, C, *places = shape
    area = 1
    for side in places:
        area *= side
    if norm == "batch":
        return C, N * area
    if norm == "layer":
        return N, C * area
    if norm == "instance":
        return N * C, area
    return N * num_groups, C // num_groups * area


# %% statistics_of right "instance and layer as groups"
def statistics_of(shape, norm, num_groups):
    N, C = shape[0], shape[1]
    total = math.prod(shape)
    if norm == "batch":
        means = C
    else:
        means = N * {"layer": 1, "instance": C}.get(norm, num_groups)
    return [means, total // means]


# %% statistics_of wrong "batch norm with a mean for each place"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {
        "batch": C * math.prod(shape[2:]),
        "layer": N,
        "instance": N * C,
        "group": N * num_groups,
    }[norm]
    return means, math.prod(shape) // means


# %% statistics_of wrong "batch and channel taken together as the samples of batch norm"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": N * C, "layer": N, "instance": N * C, "group": N * num_groups}[
        norm
    ]
    return means, math.prod(shape) // means


# %% statistics_of wrong "batch norm with one mean for all channels"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": 1, "layer": N, "instance": N * C, "group": N * num_groups}[norm]
    return means, math.prod(shape) // means


# %% statistics_of wrong "batch and layer norm exchanged"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": N, "layer": C, "instance": N * C, "group": N * num_groups}[norm]
    return means, math.prod(shape) // means


# %% statistics_of wrong "layer norm with a mean for each place"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {
        "batch": C,
        "layer": N * math.prod(shape[2:]),
        "instance": N * C,
        "group": N * num_groups,
    }[norm]
    return means, math.prod(shape) // means


# %% statistics_of wrong "instance norm with one mean an example"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": C, "layer": N, "instance": N, "group": N * num_groups}[norm]
    return means, math.prod(shape) // means


# %% statistics_of wrong "instance norm with one mean a channel"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": C, "layer": N, "instance": C, "group": N * num_groups}[norm]
    return means, math.prod(shape) // means


# %% statistics_of wrong "group norm: the number of groups forgotten, one mean an example"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": C, "layer": N, "instance": N * C, "group": N}[norm]
    return means, math.prod(shape) // means


# %% statistics_of wrong "group norm: groups shared by all examples"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": C, "layer": N, "instance": N * C, "group": num_groups}[norm]
    return means, math.prod(shape) // means


# %% statistics_of wrong "group norm: the channels in a group taken for the number of groups"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": C, "layer": N, "instance": N * C, "group": N * (C // num_groups)}[
        norm
    ]
    return means, math.prod(shape) // means


# %% statistics_of wrong "the two numbers stand in the wrong order"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": C, "layer": N, "instance": N * C, "group": N * num_groups}[norm]
    return math.prod(shape) // means, means


# %% statistics_of wrong "only two axes of places are counted"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": C, "layer": N, "instance": N * C, "group": N * num_groups}[norm]
    return means, math.prod((*shape, 1, 1)[:4]) // means


# %% statistics_of wrong "only the first axis of places is counted"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": C, "layer": N, "instance": N * C, "group": N * num_groups}[norm]
    return means, math.prod(shape[:3]) // means


# %% statistics_of wrong "the places are not counted"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": C, "layer": N, "instance": N * C, "group": N * num_groups}[norm]
    return means, N * C // means


# %% statistics_of wrong "batch norm: the places are not counted"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": C, "layer": N, "instance": N * C, "group": N * num_groups}[norm]
    return means, N if norm == "batch" else math.prod(shape) // means


# %% statistics_of wrong "layer norm with one mean for all examples"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": C, "layer": 1, "instance": N * C, "group": N * num_groups}[norm]
    return means, math.prod(shape[0 if norm != "layer" else 1 :]) // means


# %% statistics_of wrong "group norm: values counted as if a group had as many channels as there are groups"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": C, "layer": N, "instance": N * C, "group": N * num_groups}[norm]
    values = math.prod(shape) // means
    return means, num_groups * math.prod(shape[2:]) if norm == "group" else values


# %% statistics_of wrong "the values of one example only"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": C, "layer": N, "instance": N * C, "group": N * num_groups}[norm]
    return means, math.prod(shape[1:]) // means


# %% statistics_of wrong "a library does the arithmetic"
def statistics_of(shape, norm, num_groups):
    N, C = shape[:2]
    means = {"batch": C, "layer": N, "instance": N * C, "group": N * num_groups}[norm]
    return means, torch.tensor(shape).prod().item() // means


# %% batch_norm_sequences hints [markdown]
# 1. How many means does a batch of shape (2, 3, 4) have here, and which axes do you
#    have to average away to get so many?
# 2. Steps in time are places: they share the channel's mean. Mean and variance keep
#    the channel axis only, and need axes of size 1 to be broadcast against the batch;
#    so do scale and shift.
# 3. Mean and biased variance over the first and the last axis, kept as (1, C, 1).
#    Then shift, divide by the root of variance plus epsilon, scale and shift with
#    both parameters reshaped alike.


# %% batch_norm_sequences right "the channels moved to the end"
def batch_norm_sequences(X, gamma, beta, eps):
    Z = X.movedim(1, 2)  # (N, L, C)
    flat = Z.reshape(-1, X.shape[1])
    centred = Z - flat.mean(dim=0)
    var = (flat - flat.mean(dim=0)).pow(2).mean(dim=0)
    return (centred * (var + eps).rsqrt() * gamma + beta).movedim(2, 1)


# %% batch_norm_sequences right "channel by channel"
def batch_norm_sequences(X, gamma, beta, eps):
    columns = []
    for c in range(X.shape[1]):
        x = X[:, c]
        z = (x - x.mean()) / (x.var(correction=0) + eps) ** 0.5
        columns.append(gamma[c] * z + beta[c])
    return torch.stack(columns, dim=1)


# %% batch_norm_sequences wrong "the unbiased variance divides the output"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=(0, 2), keepdim=True)
    var = X.var(dim=(0, 2), correction=1, keepdim=True)
    Z = (X - mean) / torch.sqrt(var + eps)
    return gamma.reshape(1, -1, 1) * Z + beta.reshape(1, -1, 1)


# %% batch_norm_sequences wrong "a mean for each step, over the examples only"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=0, keepdim=True)
    var = X.var(dim=0, correction=0, keepdim=True)
    Z = (X - mean) / torch.sqrt(var + eps)
    return gamma.reshape(1, -1, 1) * Z + beta.reshape(1, -1, 1)


# %% batch_norm_sequences wrong "a mean for each example: no example is compared with another"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=2, keepdim=True)
    var = X.var(dim=2, correction=0, keepdim=True)
    Z = (X - mean) / torch.sqrt(var + eps)
    return gamma.reshape(1, -1, 1) * Z + beta.reshape(1, -1, 1)


# %% batch_norm_sequences wrong "the mean is over the channels"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=1, keepdim=True)
    var = X.var(dim=1, correction=0, keepdim=True)
    Z = (X - mean) / torch.sqrt(var + eps)
    return gamma.reshape(1, -1, 1) * Z + beta.reshape(1, -1, 1)


# %% batch_norm_sequences wrong "the mean is over examples and channels, one for each step"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=(0, 1), keepdim=True)
    var = X.var(dim=(0, 1), correction=0, keepdim=True)
    Z = (X - mean) / torch.sqrt(var + eps)
    return gamma.reshape(1, -1, 1) * Z + beta.reshape(1, -1, 1)


# %% batch_norm_sequences wrong "the mean is over channels and steps, one for each example"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=(1, 2), keepdim=True)
    var = X.var(dim=(1, 2), correction=0, keepdim=True)
    Z = (X - mean) / torch.sqrt(var + eps)
    return gamma.reshape(1, -1, 1) * Z + beta.reshape(1, -1, 1)


# %% batch_norm_sequences wrong "one mean and one variance for all channels"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=(0, 1, 2), keepdim=True)
    var = X.var(dim=(0, 1, 2), correction=0, keepdim=True)
    Z = (X - mean) / torch.sqrt(var + eps)
    return gamma.reshape(1, -1, 1) * Z + beta.reshape(1, -1, 1)


# %% batch_norm_sequences wrong "reshaped without moving the channels to the end: values of several channels mixed"
def batch_norm_sequences(X, gamma, beta, eps):
    flat = X.reshape(-1, X.shape[1])
    var, mean = torch.var_mean(flat, dim=0, correction=0)
    return (gamma * (flat - mean) / torch.sqrt(var + eps) + beta).reshape(X.shape)


# %% batch_norm_sequences wrong "the variance is the mean of the examples' own variances"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=(0, 2), keepdim=True)
    var = X.var(dim=2, correction=0, keepdim=True).mean(dim=0, keepdim=True)
    Z = (X - mean) / torch.sqrt(var + eps)
    return gamma.reshape(1, -1, 1) * Z + beta.reshape(1, -1, 1)


# %% batch_norm_sequences wrong "epsilon is added to the deviation, not to the variance"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=(0, 2), keepdim=True)
    var = X.var(dim=(0, 2), correction=0, keepdim=True)
    Z = (X - mean) / (torch.sqrt(var) + eps)
    return gamma.reshape(1, -1, 1) * Z + beta.reshape(1, -1, 1)


# %% batch_norm_sequences wrong "epsilon is forgotten"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=(0, 2), keepdim=True)
    var = X.var(dim=(0, 2), correction=0, keepdim=True)
    Z = (X - mean) / torch.sqrt(var)
    return gamma.reshape(1, -1, 1) * Z + beta.reshape(1, -1, 1)


# %% batch_norm_sequences wrong "divided by the variance, not by its root"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=(0, 2), keepdim=True)
    var = X.var(dim=(0, 2), correction=0, keepdim=True)
    Z = (X - mean) / (var + eps)
    return gamma.reshape(1, -1, 1) * Z + beta.reshape(1, -1, 1)


# %% batch_norm_sequences wrong "the mean is not subtracted"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=(0, 2), keepdim=True)
    var = X.var(dim=(0, 2), correction=0, keepdim=True)
    Z = X / torch.sqrt(var + eps)
    return gamma.reshape(1, -1, 1) * Z + beta.reshape(1, -1, 1)


# %% batch_norm_sequences wrong "scale and shift are forgotten"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=(0, 2), keepdim=True)
    var = X.var(dim=(0, 2), correction=0, keepdim=True)
    Z = (X - mean) / torch.sqrt(var + eps)
    return Z


# %% batch_norm_sequences wrong "the shift is forgotten"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=(0, 2), keepdim=True)
    var = X.var(dim=(0, 2), correction=0, keepdim=True)
    Z = (X - mean) / torch.sqrt(var + eps)
    return gamma.reshape(1, -1, 1) * Z


# %% batch_norm_sequences wrong "the scale is forgotten"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=(0, 2), keepdim=True)
    var = X.var(dim=(0, 2), correction=0, keepdim=True)
    Z = (X - mean) / torch.sqrt(var + eps)
    return Z + beta.reshape(1, -1, 1)


# %% batch_norm_sequences wrong "the scale multiplies the shift, too"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=(0, 2), keepdim=True)
    var = X.var(dim=(0, 2), correction=0, keepdim=True)
    Z = (X - mean) / torch.sqrt(var + eps)
    return gamma.reshape(1, -1, 1) * (Z + beta.reshape(1, -1, 1))


# %% batch_norm_sequences wrong "scale and shift exchanged"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=(0, 2), keepdim=True)
    var = X.var(dim=(0, 2), correction=0, keepdim=True)
    Z = (X - mean) / torch.sqrt(var + eps)
    return beta.reshape(1, -1, 1) * Z + gamma.reshape(1, -1, 1)


# %% batch_norm_sequences wrong "gamma and beta are broadcast along the last axis"
def batch_norm_sequences(X, gamma, beta, eps):
    mean = X.mean(dim=(0, 2), keepdim=True)
    var = X.var(dim=(0, 2), correction=0, keepdim=True)
    Z = (X - mean) / torch.sqrt(var + eps)
    return gamma * Z + beta


# %% batch_norm_sequences wrong "a library does the normalisation"
def batch_norm_sequences(X, gamma, beta, eps):
    return nn.functional.batch_norm(X, None, None, gamma, beta, True, 0.1, eps)


# %% update_averages hints [markdown]
# 1. Four batches were seen and a fifth comes. Which weight must it have, so that in
#    the end all five have the same?
# 2. Both kinds are one step from the old value towards the new one. They differ only
#    in how long it is: a fixed part of the way, or one part in as many as there are
#    batches now, this one included.
# 3. Count up first. Choose the weight. Take the batch's mean and its unbiased
#    variance over examples and steps. Then add to each average the weight times what
#    is missing.


# %% update_averages right "as a weighted sum"
def update_averages(mean, var, count, X, momentum):
    a = 1 / (count + 1) if momentum is None else momentum
    m = X.shape[0] * X.shape[2]
    flat = X.movedim(1, 0).reshape(X.shape[1], m)
    unbiased = flat.var(dim=1, correction=0) * m / (m - 1)
    return (
        (1 - a) * mean + a * flat.mean(dim=1),
        (1 - a) * var + a * unbiased,
        count + 1,
    )


# %% update_averages right "the cumulative mean as a sum"
def update_averages(mean, var, count, X, momentum):
    new = X.mean(dim=(0, 2)), X.transpose(0, 1).flatten(1).var(dim=1)
    if momentum is None:
        old = [(a * count + b) / (count + 1) for a, b in zip((mean, var), new)]
    else:
        old = [torch.lerp(a, b, momentum) for a, b in zip((mean, var), new)]
    return *old, count + 1


# %% update_averages wrong "the momentum taken for the weight of the old value"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count if momentum is None else 1 - momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * var + weight * new_var
    return mean, var, count


# %% update_averages wrong "the biased variance goes into the average"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=0)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * var + weight * new_var
    return mean, var, count


# %% update_averages wrong "a deviation goes into the average of variances"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.std(dim=(0, 2), correction=1)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * var + weight * new_var
    return mean, var, count


# %% update_averages wrong "unbiased by the number of examples, not of values"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count if momentum is None else momentum
    biased = X.var(dim=(0, 2), correction=0)
    mean = (1 - weight) * mean + weight * X.mean(dim=(0, 2))
    var = (1 - weight) * var + weight * biased * len(X) / (len(X) - 1)
    return mean, var, count


# %% update_averages wrong "the variance is taken around the moved average"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count if momentum is None else momentum
    mean = (1 - weight) * mean + weight * X.mean(dim=(0, 2))
    squares = (X - mean.reshape(1, -1, 1)).square().sum(dim=(0, 2))
    new_var = squares / (X.numel() // X.shape[1] - 1)
    return mean, (1 - weight) * var + weight * new_var, count


# %% update_averages wrong "None read as halfway: old and new weigh the same"
def update_averages(mean, var, count, X, momentum):
    weight = 0.5 if momentum is None else momentum
    mean = (1 - weight) * mean + weight * X.mean(dim=(0, 2))
    var = (1 - weight) * var + weight * X.var(dim=(0, 2))
    return mean, var, count + 1


# %% update_averages wrong "the cumulative weight is one over the old count"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / max(count - 1, 1) if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * var + weight * new_var
    return mean, var, count


# %% update_averages wrong "the cumulative weight counts one batch too many"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / (count + 1) if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * var + weight * new_var
    return mean, var, count


# %% update_averages wrong "the cumulative weights of old and new are exchanged"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 - 1 / count if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * var + weight * new_var
    return mean, var, count


# %% update_averages wrong "None read as the default momentum 0.1"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 0.1 if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * var + weight * new_var
    return mean, var, count


# %% update_averages wrong "None read as no average: the new batch alone"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1.0 if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * var + weight * new_var
    return mean, var, count


# %% update_averages wrong "None read as: the averages stand still"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 0.0 if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * var + weight * new_var
    return mean, var, count


# %% update_averages wrong "a momentum of 0 taken for None"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count if not momentum else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * var + weight * new_var
    return mean, var, count


# %% update_averages wrong "the count is not moved"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * var + weight * new_var
    return mean, var, count - 1


# %% update_averages wrong "the count counts examples, not batches"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * var + weight * new_var
    return mean, var, count - 1 + len(X)


# %% update_averages wrong "the cumulative average is used whatever the momentum"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * var + weight * new_var
    return mean, var, count


# %% update_averages wrong "only the mean is moved"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean = (1 - weight) * mean + weight * new_mean
    return mean, var, count


# %% update_averages wrong "the averages are replaced by the batch's values"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean = new_mean
    var = new_var
    return mean, var, count


# %% update_averages wrong "statistics over the examples of one step only"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count if momentum is None else momentum
    new_mean = X[:, :, 0].mean(dim=0)
    new_var = X[:, :, 0].var(dim=0)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * var + weight * new_var
    return mean, var, count


# %% update_averages wrong "the variance is the mean of the examples' own variances"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=2, correction=1).mean(dim=0)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * var + weight * new_var
    return mean, var, count


# %% update_averages wrong "an old share is not taken off: new values are added on top"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean = mean + weight * new_mean
    var = var + weight * new_var
    return mean, var, count


# %% update_averages wrong "the new variance and the old one are not weighted alike: the old mean is used twice"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean = (1 - weight) * mean + weight * new_mean
    var = (1 - weight) * mean + weight * new_var
    return mean, var, count


# %% update_averages wrong "`mean` is changed in place"
def update_averages(mean, var, count, X, momentum):
    count = count + 1
    weight = 1 / count if momentum is None else momentum
    new_mean = X.mean(dim=(0, 2))
    new_var = X.var(dim=(0, 2), correction=1)
    mean.lerp_(new_mean, weight)
    var.lerp_(new_var, weight)
    return mean, var, count


# %% layer_norm hints [markdown]
# 1. For `gamma` of shape (3, 4), how many axes belong to one mean, and from which end
#    of `X` are they counted?
# 2. The number of axes of `gamma` says it all. Negative axes count from the end, so
#    that the same line serves for one, two or three of them. Scale and shift
#    broadcast by themselves then.
# 3. A tuple of negative axes, from minus the number of axes of `gamma` up to -1. Mean
#    and biased variance over them, axes kept. Then the formula.


# %% layer_norm right "the last axes made one"
def layer_norm(X, gamma, beta, eps):
    flat = X.reshape(*X.shape[: X.ndim - gamma.ndim], -1)
    centred = flat - flat.mean(dim=-1, keepdim=True)
    var = centred.square().mean(dim=-1, keepdim=True)
    return (centred / (var + eps).sqrt()).reshape(X.shape) * gamma + beta


# %% layer_norm right "with torch.var_mean"
def layer_norm(X, gamma, beta, eps):
    axes = list(range(X.ndim - gamma.ndim, X.ndim))
    var, mean = torch.var_mean(X, dim=axes, correction=0, keepdim=True)
    return torch.addcmul(beta, gamma, (X - mean) * torch.rsqrt(var + eps))


# %% layer_norm wrong "always the last axis alone"
def layer_norm(X, gamma, beta, eps):
    axes = (-1,)
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return gamma * (X - mean) / torch.sqrt(var + eps) + beta


# %% layer_norm wrong "a single axis, counted by gamma's number of axes"
def layer_norm(X, gamma, beta, eps):
    mean = X.mean(dim=-gamma.ndim, keepdim=True)
    var = X.var(dim=-gamma.ndim, correction=0, keepdim=True)
    return gamma * (X - mean) / torch.sqrt(var + eps) + beta


# %% layer_norm wrong "one axis after the other, not all at once"
def layer_norm(X, gamma, beta, eps):
    for axis in range(-1, -gamma.ndim - 1, -1):
        mean = X.mean(dim=axis, keepdim=True)
        var = X.var(dim=axis, correction=0, keepdim=True)
        X = (X - mean) / torch.sqrt(var + eps)
    return gamma * X + beta


# %% layer_norm wrong "never more than two axes"
def layer_norm(X, gamma, beta, eps):
    axes = (-1,) if gamma.ndim == 1 else (-2, -1)
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return gamma * (X - mean) / torch.sqrt(var + eps) + beta


# %% layer_norm wrong "all axes but the first, whatever gamma has"
def layer_norm(X, gamma, beta, eps):
    axes = tuple(range(1, X.ndim)) or (0,)
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return gamma * (X - mean) / torch.sqrt(var + eps) + beta


# %% layer_norm wrong "the axes are counted from the front"
def layer_norm(X, gamma, beta, eps):
    axes = tuple(range(gamma.ndim))
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return gamma * (X - mean) / torch.sqrt(var + eps) + beta


# %% layer_norm wrong "one mean and one variance for the whole batch"
def layer_norm(X, gamma, beta, eps):
    axes = tuple(range(X.ndim))
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return gamma * (X - mean) / torch.sqrt(var + eps) + beta


# %% layer_norm wrong "the axes that gamma does not have are averaged, as in batch norm"
def layer_norm(X, gamma, beta, eps):
    axes = tuple(range(max(X.ndim - gamma.ndim, 1)))
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return gamma * (X - mean) / torch.sqrt(var + eps) + beta


# %% layer_norm wrong "one axis too many"
def layer_norm(X, gamma, beta, eps):
    axes = tuple(range(-min(gamma.ndim + 1, X.ndim), 0))
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return gamma * (X - mean) / torch.sqrt(var + eps) + beta


# %% layer_norm wrong "the unbiased variance divides the output"
def layer_norm(X, gamma, beta, eps):
    axes = tuple(range(-gamma.ndim, 0))
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=1, keepdim=True)
    return gamma * (X - mean) / torch.sqrt(var + eps) + beta


# %% layer_norm wrong "epsilon is added to the deviation, not to the variance"
def layer_norm(X, gamma, beta, eps):
    axes = tuple(range(-gamma.ndim, 0))
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return gamma * (X - mean) / (torch.sqrt(var) + eps) + beta


# %% layer_norm wrong "epsilon is forgotten"
def layer_norm(X, gamma, beta, eps):
    axes = tuple(range(-gamma.ndim, 0))
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return gamma * (X - mean) / torch.sqrt(var) + beta


# %% layer_norm wrong "divided by the variance, not by its root"
def layer_norm(X, gamma, beta, eps):
    axes = tuple(range(-gamma.ndim, 0))
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return gamma * (X - mean) / (var + eps) + beta


# %% layer_norm wrong "the mean is not subtracted"
def layer_norm(X, gamma, beta, eps):
    axes = tuple(range(-gamma.ndim, 0))
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return gamma * X / torch.sqrt(var + eps) + beta


# %% layer_norm wrong "scale and shift are forgotten"
def layer_norm(X, gamma, beta, eps):
    axes = tuple(range(-gamma.ndim, 0))
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return (X - mean) / torch.sqrt(var + eps)


# %% layer_norm wrong "the shift is forgotten"
def layer_norm(X, gamma, beta, eps):
    axes = tuple(range(-gamma.ndim, 0))
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return gamma * (X - mean) / torch.sqrt(var + eps)


# %% layer_norm wrong "the scale is forgotten"
def layer_norm(X, gamma, beta, eps):
    axes = tuple(range(-gamma.ndim, 0))
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return (X - mean) / torch.sqrt(var + eps) + beta


# %% layer_norm wrong "scale and shift exchanged"
def layer_norm(X, gamma, beta, eps):
    axes = tuple(range(-gamma.ndim, 0))
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return beta * (X - mean) / torch.sqrt(var + eps) + gamma


# %% layer_norm wrong "the scale multiplies the shift, too"
def layer_norm(X, gamma, beta, eps):
    axes = tuple(range(-gamma.ndim, 0))
    mean = X.mean(dim=axes, keepdim=True)
    var = X.var(dim=axes, correction=0, keepdim=True)
    return gamma * ((X - mean) / torch.sqrt(var + eps) + beta)


# %% layer_norm wrong "a library does the normalisation"
def layer_norm(X, gamma, beta, eps):
    return nn.functional.layer_norm(X, gamma.shape, gamma, beta, eps)


# %% group_norm hints [markdown]
# 1. In `X` of (3, 6, 5) with two groups, which 15 numbers of the first example belong
#    together?
# 2. Channels that are neighbours lie one behind the other in memory. So a reshape can
#    put each example's groups on an axis of their own, with all the values of a group
#    on the next.
# 3. Reshape to examples, groups, rest; mean and biased variance over the rest; back
#    to the old shape. Then scale and shift, both with one number a channel, reshaped
#    to the axes of `X`.


# %% group_norm right "group by group"
def group_norm(X, num_groups, gamma, beta, eps):
    parts = []
    for part in X.chunk(num_groups, dim=1):
        axes = tuple(range(1, X.ndim))
        var, mean = torch.var_mean(part, dim=axes, correction=0, keepdim=True)
        parts.append((part - mean) * (var + eps).rsqrt())
    shape = [1, X.shape[1]] + [1] * (X.ndim - 2)
    return torch.cat(parts, dim=1) * gamma.view(shape) + beta.view(shape)


# %% group_norm right "an axis for the groups, channels last at the end"
def group_norm(X, num_groups, gamma, beta, eps):
    Z = X.unflatten(1, (num_groups, X.shape[1] // num_groups))
    axes = tuple(range(2, Z.ndim))
    Z = Z - Z.mean(dim=axes, keepdim=True)
    Z = Z / torch.sqrt(Z.pow(2).mean(dim=axes, keepdim=True) + eps)
    return (Z.flatten(1, 2).movedim(1, -1) * gamma + beta).movedim(-1, 1)


# %% group_norm wrong "the number of groups taken for the channels in a group"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), X.shape[1] // num_groups, -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma.reshape(shape) * Z + beta.reshape(shape)


# %% group_norm wrong "every second channel, not neighbours, forms a group"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.unflatten(1, (-1, num_groups)).transpose(1, 2).flatten(2)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = (
        ((groups - mean) / torch.sqrt(var + eps))
        .unflatten(2, (-1, *X.shape[2:]))
        .transpose(1, 2)
        .reshape(X.shape)
    )
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma.reshape(shape) * Z + beta.reshape(shape)


# %% group_norm wrong "the groups are shared by all examples"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, -1)
    mean = groups.mean(dim=(0, 2), keepdim=True)
    var = groups.var(dim=(0, 2), correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma.reshape(shape) * Z + beta.reshape(shape)


# %% group_norm wrong "one mean for all groups of an example: layer norm"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, -1)
    mean = groups.mean(dim=(1, 2), keepdim=True)
    var = groups.var(dim=(1, 2), correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma.reshape(shape) * Z + beta.reshape(shape)


# %% group_norm wrong "a mean for each channel: instance norm"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), X.shape[1], -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma.reshape(shape) * Z + beta.reshape(shape)


# %% group_norm wrong "only the first axis of places is averaged"
def group_norm(X, num_groups, gamma, beta, eps):
    N, C, *places = X.shape
    groups = X.reshape(N, num_groups, C // num_groups, *places)
    axes = (2, 3) if places else (2,)
    mean = groups.mean(dim=axes, keepdim=True)
    var = groups.var(dim=axes, correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma.reshape(shape) * Z + beta.reshape(shape)


# %% group_norm wrong "a mean for each place of a group"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, X.shape[1] // num_groups, -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma.reshape(shape) * Z + beta.reshape(shape)


# %% group_norm wrong "batch norm: a mean for each channel over the batch"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), X.shape[1], -1)
    mean = groups.mean(dim=(0, 2), keepdim=True)
    var = groups.var(dim=(0, 2), correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma.reshape(shape) * Z + beta.reshape(shape)


# %% group_norm wrong "the unbiased variance divides the output"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=1, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma.reshape(shape) * Z + beta.reshape(shape)


# %% group_norm wrong "epsilon is added to the deviation, not to the variance"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = ((groups - mean) / (torch.sqrt(var) + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma.reshape(shape) * Z + beta.reshape(shape)


# %% group_norm wrong "epsilon is forgotten"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma.reshape(shape) * Z + beta.reshape(shape)


# %% group_norm wrong "divided by the variance, not by its root"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = ((groups - mean) / (var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma.reshape(shape) * Z + beta.reshape(shape)


# %% group_norm wrong "the mean is not subtracted"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = ((groups) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma.reshape(shape) * Z + beta.reshape(shape)


# %% group_norm wrong "scale and shift are forgotten"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return Z


# %% group_norm wrong "the shift is forgotten"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma.reshape(shape) * Z


# %% group_norm wrong "the scale is forgotten"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return Z + beta.reshape(shape)


# %% group_norm wrong "scale and shift exchanged"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return beta.reshape(shape) * Z + gamma.reshape(shape)


# %% group_norm wrong "the scale multiplies the shift, too"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma.reshape(shape) * (Z + beta.reshape(shape))


# %% group_norm wrong "one scale and shift a group, the first channel's"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    step = X.shape[1] // num_groups
    gamma, beta = (t[::step].repeat_interleave(step) for t in (gamma, beta))
    return gamma.reshape(shape) * Z + beta.reshape(shape)


# %% group_norm wrong "the result keeps the shape of the groups"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = (groups - mean) / torch.sqrt(var + eps)
    return Z


# %% group_norm wrong "gamma and beta are broadcast along the last axis"
def group_norm(X, num_groups, gamma, beta, eps):
    groups = X.reshape(len(X), num_groups, -1)
    mean = groups.mean(dim=2, keepdim=True)
    var = groups.var(dim=2, correction=0, keepdim=True)
    Z = ((groups - mean) / torch.sqrt(var + eps)).reshape(X.shape)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    return gamma * Z + beta


# %% group_norm wrong "a library does the normalisation"
def group_norm(X, num_groups, gamma, beta, eps):
    return nn.functional.group_norm(X, num_groups, gamma, beta, eps)


# %% rms_norm hints [markdown]
# 1. At one place of one example there are C numbers. What do you compute of them, and
#    what do you not subtract?
# 2. Square, mean over the channel axis, add epsilon, root: the order matters. Keep
#    the axis, so that the result can divide the batch.
# 3. Two lines: the mean of the squares over axis 1, kept as an axis of size 1; then
#    the scale, reshaped to the channel axis, times the batch, divided by the root.


# %% rms_norm right "channels last"
def rms_norm(X, gamma, eps):
    Z = X.movedim(1, -1)
    return (gamma * Z * (Z.pow(2).mean(-1, keepdim=True) + eps).rsqrt()).movedim(-1, 1)


# %% rms_norm right "with a sum and einsum"
def rms_norm(X, gamma, eps):
    square = torch.einsum("nchw,nchw->nhw", X, X) / X.shape[1]
    return X / (square + eps).sqrt()[:, None] * gamma[:, None, None]


# %% rms_norm wrong "the mean is subtracted, as in layer norm"
def rms_norm(X, gamma, eps):
    X = X - X.mean(dim=1, keepdim=True)
    square = X.square().mean(dim=1, keepdim=True)
    return gamma.reshape(1, -1, 1, 1) * X / torch.sqrt(square + eps)


# %% rms_norm wrong "the variance in place of the mean square"
def rms_norm(X, gamma, eps):
    square = X.var(dim=1, correction=0, keepdim=True)
    return gamma.reshape(1, -1, 1, 1) * X / torch.sqrt(square + eps)


# %% rms_norm wrong "the sum of squares, not their mean"
def rms_norm(X, gamma, eps):
    square = X.square().sum(dim=1, keepdim=True)
    return gamma.reshape(1, -1, 1, 1) * X / torch.sqrt(square + eps)


# %% rms_norm wrong "the square of the mean, not the mean of the squares"
def rms_norm(X, gamma, eps):
    square = X.mean(dim=1, keepdim=True).square()
    return gamma.reshape(1, -1, 1, 1) * X / torch.sqrt(square + eps)


# %% rms_norm wrong "the mean of the sizes, not of the squares"
def rms_norm(X, gamma, eps):
    square = X.abs().mean(dim=1, keepdim=True)
    return gamma.reshape(1, -1, 1, 1) * X / (square + eps)


# %% rms_norm wrong "the mean square is over channels and places"
def rms_norm(X, gamma, eps):
    square = X.square().mean(dim=(1, 2, 3), keepdim=True)
    return gamma.reshape(1, -1, 1, 1) * X / torch.sqrt(square + eps)


# %% rms_norm wrong "the mean square is over the places of each channel"
def rms_norm(X, gamma, eps):
    square = X.square().mean(dim=(2, 3), keepdim=True)
    return gamma.reshape(1, -1, 1, 1) * X / torch.sqrt(square + eps)


# %% rms_norm wrong "the mean square is over the batch, as in batch norm"
def rms_norm(X, gamma, eps):
    square = X.square().mean(dim=(0, 2, 3), keepdim=True)
    return gamma.reshape(1, -1, 1, 1) * X / torch.sqrt(square + eps)


# %% rms_norm wrong "the mean square is over the last axis"
def rms_norm(X, gamma, eps):
    square = X.square().mean(dim=-1, keepdim=True)
    return gamma.reshape(1, -1, 1, 1) * X / torch.sqrt(square + eps)


# %% rms_norm wrong "the mean square is over the examples"
def rms_norm(X, gamma, eps):
    square = X.square().mean(dim=0, keepdim=True)
    return gamma.reshape(1, -1, 1, 1) * X / torch.sqrt(square + eps)


# %% rms_norm wrong "one mean square for the whole batch"
def rms_norm(X, gamma, eps):
    square = X.square().mean()
    return gamma.reshape(1, -1, 1, 1) * X / torch.sqrt(square + eps)


# %% rms_norm wrong "epsilon is added behind the root"
def rms_norm(X, gamma, eps):
    square = X.square().mean(dim=1, keepdim=True)
    return gamma.reshape(1, -1, 1, 1) * X / (torch.sqrt(square) + eps)


# %% rms_norm wrong "epsilon is forgotten"
def rms_norm(X, gamma, eps):
    square = X.square().mean(dim=1, keepdim=True)
    return gamma.reshape(1, -1, 1, 1) * X / torch.sqrt(square)


# %% rms_norm wrong "the root is forgotten"
def rms_norm(X, gamma, eps):
    square = X.square().mean(dim=1, keepdim=True)
    return gamma.reshape(1, -1, 1, 1) * X / (square + eps)


# %% rms_norm wrong "the scale is forgotten"
def rms_norm(X, gamma, eps):
    square = X.square().mean(dim=1, keepdim=True)
    return X / torch.sqrt(square + eps)


# %% rms_norm wrong "the scale is broadcast along the last axis"
def rms_norm(X, gamma, eps):
    square = X.square().mean(dim=1, keepdim=True)
    return gamma.reshape(-1) * X / torch.sqrt(square + eps)


# %% rms_norm wrong "divided by the number less one"
def rms_norm(X, gamma, eps):
    square = X.square().sum(dim=1, keepdim=True) / (X.shape[1] - 1)
    return gamma.reshape(1, -1, 1, 1) * X / torch.sqrt(square + eps)


# %% rms_norm wrong "multiplied by the root in place of divided"
def rms_norm(X, gamma, eps):
    square = X.square().mean(dim=1, keepdim=True)
    return gamma.reshape(1, -1, 1, 1) * X * torch.sqrt(square + eps)


# %% rms_norm wrong "a library does the normalisation"
def rms_norm(X, gamma, eps):
    Z = X.movedim(1, -1)
    return nn.functional.rms_norm(Z, gamma.shape, gamma, eps).movedim(-1, 1)


# %% BatchNorm hints [markdown]
# 1. Go through the colleague's lines and ask of each number: who may change it, the
#    optimiser, a batch in train mode, or nobody?
# 2. What is measured and not learned is a buffer. In eval mode nothing moves, and the
#    averages take the place of the batch. The weight of the new value is the small
#    one. There are two variances.
# 3. Constructor: two parameters, two buffers. Forward: begin with the averages; in
#    train mode replace them by the batch's mean and biased variance, and move the
#    averages with the unbiased one. Then the formula.


# %% BatchNorm right "with lerp_ and two branches"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        if not self.training:
            Z = (X - self.mean) * (self.var + 1e-5).rsqrt()
            return Z * self.gamma + self.beta
        centred = X - X.mean(dim=0)
        square = centred.square().sum(dim=0)
        self.mean.lerp_(X.detach().mean(dim=0), 0.1)
        self.var.lerp_(square.detach() / (len(X) - 1), 0.1)
        return centred / (square / len(X) + 1e-5).sqrt() * self.gamma + self.beta


# %% BatchNorm right "new tensors for the buffers"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.register_buffer("var", torch.ones(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_parameter("beta", nn.Parameter(torch.zeros(num_channels)))
        self.register_parameter("gamma", nn.Parameter(torch.ones(num_channels)))

    def forward(self, X):
        if self.training:
            var, mean = torch.var_mean(X, dim=0, correction=0)
            unbiased = var.detach() * len(X) / (len(X) - 1)
            self.mean = self.mean + 0.1 * (mean.detach() - self.mean)
            self.var = self.var + 0.1 * (unbiased - self.var)
        else:
            var, mean = self.var, self.mean
        return self.gamma / (var + 1e-5).sqrt() * (X - mean) + self.beta


# %% BatchNorm wrong "the batch's statistics are used in eval mode, too"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
        if self.training:
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "the averages move in eval mode, too"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        mean, var = mean.clone(), var.clone()
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
        with torch.no_grad():
            self.mean.copy_(0.9 * self.mean + 0.1 * X.mean(dim=0))
            self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "the weights of old and new averages are exchanged"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            with torch.no_grad():
                self.mean.copy_(0.1 * self.mean + 0.9 * mean)
                self.var.copy_(0.1 * self.var + 0.9 * X.var(dim=0))
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "the biased variance goes into the average"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
                self.var.copy_(0.9 * self.var + 0.1 * var)
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "the unbiased variance divides the output"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0)
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "the averages are parameters, not buffers"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.mean = nn.Parameter(torch.zeros(num_channels))
        self.var = nn.Parameter(torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "the averages are plain attributes, which no file keeps"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.mean = torch.zeros(num_channels)
        self.var = torch.ones(num_channels)

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "the averages are never moved"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "the averages are used in train mode, too"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean.clone(), self.var.clone()
        if self.training:
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * X.mean(dim=0))
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "epsilon is added to the deviation, not to the variance"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return self.gamma * (X - mean) / (torch.sqrt(var) + 1e-5) + self.beta


# %% BatchNorm wrong "epsilon is forgotten"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return self.gamma * (X - mean) / torch.sqrt(var) + self.beta


# %% BatchNorm wrong "the averages, just moved, are used in train mode, too"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        if self.training:
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * X.mean(dim=0))
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        mean, var = self.mean, self.var
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "the averages keep the graph of earlier batches"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            self.mean = 0.9 * self.mean + 0.1 * mean
            self.var = 0.9 * self.var + 0.1 * X.var(dim=0)
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "the batch statistics are cut off from the graph, and the gradient is wrong"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            mean, var = mean.detach(), var.detach()
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "only the mean is moved"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "a deviation goes into the average of variances"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
                self.var.copy_(0.9 * self.var + 0.1 * X.std(dim=0))
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "the moving variance starts at 0"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.zeros(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "the statistics are over the units of an example"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = (
                X.mean(dim=1, keepdim=True),
                X.var(dim=1, correction=0, keepdim=True),
            )
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * X.mean(dim=0))
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "divided by the variance, not by its root"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return self.gamma * (X - mean) / (var + 1e-5) + self.beta


# %% BatchNorm wrong "scale and shift are not used"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return (X - mean) / torch.sqrt(var + 1e-5)


# %% BatchNorm wrong "the mean is not subtracted"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return self.gamma * X / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "the mode is read the wrong way round"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if not self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            with torch.no_grad():
                self.mean.copy_(0.9 * self.mean + 0.1 * mean)
                self.var.copy_(0.9 * self.var + 0.1 * X.var(dim=0))
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "the averages are replaced by the last batch"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = X.mean(dim=0), X.var(dim=0, correction=0)
            with torch.no_grad():
                self.mean.copy_(mean)
                self.var.copy_(X.var(dim=0))
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta


# %% BatchNorm wrong "a library does the normalisation"
class BatchNorm(nn.Module):
    def __init__(self, num_channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(num_channels))
        self.beta = nn.Parameter(torch.zeros(num_channels))
        self.register_buffer("mean", torch.zeros(num_channels))
        self.register_buffer("var", torch.ones(num_channels))

    def forward(self, X):
        averages, learned = (self.mean, self.var), (self.gamma, self.beta)
        return nn.functional.batch_norm(X, *averages, *learned, self.training)


# %% fold hints [markdown]
# 1. In eval mode the norm multiplies each output by one number and adds another.
#    Which two, in the names of `norm`?
# 2. The factor multiplies all weights that lead to its output: a row of the weight.
#    The bias is moved before it is multiplied: first the running mean is taken off.
#    What is None counts as if it did nothing.
# 3. Factor: gamma, or 1, over the root of running variance plus epsilon. Weight: each
#    row times its factor. Bias: old bias, or 0, less the running mean, times the
#    factor, plus beta, or 0.


# %% fold right "a batch of unit vectors through both"
def fold(linear, norm):
    n = linear.in_features
    inputs = torch.cat([torch.zeros(1, n), torch.eye(n)])
    gamma = 1 if norm.weight is None else norm.weight
    beta = 0 if norm.bias is None else norm.bias
    with torch.no_grad():
        Z = (linear(inputs) - norm.running_mean) / (norm.running_var + norm.eps).sqrt()
        Z = Z * gamma + beta
        folded = nn.Linear(n, linear.out_features)
        folded.bias.copy_(Z[0])
        folded.weight.copy_((Z[1:] - Z[0]).T)
    return folded


# %% fold right "with a diagonal matrix"
def fold(linear, norm):
    s = (norm.running_var + norm.eps).rsqrt()
    s = s if norm.weight is None else s * norm.weight
    b = 0 if linear.bias is None else linear.bias
    new = (b - norm.running_mean) * s
    new = new if norm.bias is None else new + norm.bias
    folded = nn.Linear(linear.in_features, linear.out_features)
    folded.weight = nn.Parameter((torch.diag(s) @ linear.weight).detach())
    folded.bias = nn.Parameter(new.detach())
    return folded


# %% fold wrong "columns of the weight are scaled, not rows"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(1, -1))
        folded.bias.copy_((bias - norm.running_mean) * scale + beta)
    return folded


# %% fold wrong "the running mean is forgotten"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_(bias * scale + beta)
    return folded


# %% fold wrong "the running mean is added"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_((bias + norm.running_mean) * scale + beta)
    return folded


# %% fold wrong "the running mean is not scaled"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_(bias * scale - norm.running_mean + beta)
    return folded


# %% fold wrong "the old bias is not scaled"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_(bias - norm.running_mean * scale + beta)
    return folded


# %% fold wrong "the old bias is lost"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_((-norm.running_mean) * scale + beta)
    return folded


# %% fold wrong "beta is forgotten"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_((bias - norm.running_mean) * scale)
    return folded


# %% fold wrong "beta is scaled, too"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_((bias - norm.running_mean + beta) * scale)
    return folded


# %% fold wrong "gamma is forgotten"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = 1 / torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_((bias - norm.running_mean) * scale + beta)
    return folded


# %% fold wrong "the root is forgotten"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / (norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_((bias - norm.running_mean) * scale + beta)
    return folded


# %% fold wrong "epsilon is forgotten"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / torch.sqrt(norm.running_var)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_((bias - norm.running_mean) * scale + beta)
    return folded


# %% fold wrong "the default epsilon, whatever the norm has"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / torch.sqrt(norm.running_var + 1e-5)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_((bias - norm.running_mean) * scale + beta)
    return folded


# %% fold wrong "epsilon is added to the deviation"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / (torch.sqrt(norm.running_var) + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_((bias - norm.running_mean) * scale + beta)
    return folded


# %% fold wrong "the weight is not scaled"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight)
        folded.bias.copy_((bias - norm.running_mean) * scale + beta)
    return folded


# %% fold wrong "the bias is not folded"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_(bias)
    return folded


# %% fold wrong "multiplied by the deviation in place of divided"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma * torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_((bias - norm.running_mean) * scale + beta)
    return folded


# %% fold wrong "a norm with affine=False is not expected"
def fold(linear, norm):
    gamma = norm.weight
    beta = norm.bias
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_((bias - norm.running_mean) * scale + beta)
    return folded


# %% fold wrong "a layer without bias is not expected"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = linear.bias
    scale = gamma / torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_((bias - norm.running_mean) * scale + beta)
    return folded


# %% fold wrong "`linear` has other parameters than before"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / torch.sqrt(norm.running_var + norm.eps)
    folded = linear
    if linear.bias is None:
        linear.bias = nn.Parameter(torch.zeros(linear.out_features))
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias.copy_((bias - norm.running_mean) * scale + beta)
    return folded


# %% fold wrong "the folded layer has no bias where the old one had none"
def fold(linear, norm):
    gamma = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    beta = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    bias = torch.zeros_like(beta) if linear.bias is None else linear.bias
    scale = gamma / torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(
        linear.in_features, linear.out_features, bias=linear.bias is not None
    )
    with torch.no_grad():
        folded.weight.copy_(linear.weight * scale.reshape(-1, 1))
        folded.bias is not None and folded.bias.copy_(
            (bias - norm.running_mean) * scale + beta
        )
    return folded


# %% fold wrong "a library does the folding"
def fold(linear, norm):
    return torch.nn.utils.fusion.fuse_linear_bn_eval(linear, norm)


# %% recalibrate hints [markdown]
# 1. What is on in train mode besides the batch norms, and what must you write down
#    before you change anything?
# 2. Three kinds of state have to be put back: modes, momenta, nothing else. The
#    averages themselves must be forgotten first, and each batch weighs the same if
#    the momentum is None.
# 3. Note every module's mode and each norm's momentum. Whole net to eval mode; each
#    norm: reset, momentum None, train mode. All batches through without gradients.
#    Put momenta and modes back.


# %% recalibrate right "with a decorator and zip"
@torch.no_grad()
def recalibrate(net, data_iter):
    modules = list(net.modules())
    before = [(m.training, getattr(m, "momentum", None)) for m in modules]
    for m in modules:
        m.training = isinstance(m, nn.BatchNorm1d)
        if m.training:
            m.reset_running_stats()
            m.momentum = None
    for X in data_iter:
        net(X)
    for m, (training, momentum) in zip(modules, before):
        m.training = training
        if isinstance(m, nn.BatchNorm1d):
            m.momentum = momentum


# %% recalibrate right "the momentum set by hand for each batch"
def recalibrate(net, data_iter):
    norms = {m: m.momentum for m in net.modules() if isinstance(m, nn.BatchNorm1d)}
    modes = [(m, m.training) for m in net.modules()]
    net.eval()
    for norm in norms:
        norm.train()
        norm.reset_running_stats()
    with torch.inference_mode(False), torch.no_grad():
        for count, X in enumerate(data_iter, start=1):
            for norm in norms:
                norm.momentum = 1 / count
            net(X)
    for norm, momentum in norms.items():
        norm.momentum = momentum
    for m, mode in modes:
        m.training = mode


# %% recalibrate wrong "the whole net is in train mode, dropout too"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.train()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    for module, mode in modes.items():
        module.training = mode


# %% recalibrate wrong "the batch norms stay in eval mode, and nothing moves"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    for module, mode in modes.items():
        module.training = mode


# %% recalibrate wrong "the old averages are not forgotten: momentum None, without a reset"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    for module, mode in modes.items():
        module.training = mode


# %% recalibrate wrong "the momentum stays, so the start and the last batches weigh more"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    for module, mode in modes.items():
        module.training = mode


# %% recalibrate wrong "neither reset nor cumulative: the averages only move on"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    for module, mode in modes.items():
        module.training = mode


# %% recalibrate wrong "the momenta are not put back"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for module, mode in modes.items():
        module.training = mode


# %% recalibrate wrong "every momentum is set to the default"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = 0.1
    for module, mode in modes.items():
        module.training = mode


# %% recalibrate wrong "the modes are not put back"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum


# %% recalibrate wrong "everything ends in eval mode"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    net.eval()


# %% recalibrate wrong "everything ends in train mode"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    net.train()


# %% recalibrate wrong "all modules get the mode of the whole net"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    net.train(modes[net])


# %% recalibrate wrong "gradients are recorded"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    for X in data_iter:
        net(X)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    for module, mode in modes.items():
        module.training = mode


# %% recalibrate wrong "only batch norms at the top are found"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.children() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    for module, mode in modes.items():
        module.training = mode


# %% recalibrate wrong "only the first batch is used"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
            break
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    for module, mode in modes.items():
        module.training = mode


# %% recalibrate wrong "only the last batch counts: momentum 1"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = 1.0
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    for module, mode in modes.items():
        module.training = mode


# %% recalibrate wrong "all batches joined to one"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        net(torch.cat(list(data_iter)))
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    for module, mode in modes.items():
        module.training = mode


# %% recalibrate wrong "larger batches weigh more"
def recalibrate(net, data_iter):
    modes = [(m, m.training) for m in net.modules()]
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta, seen = [norm.momentum for norm in norms], 0
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            seen += len(X)
            for norm in norms:
                norm.momentum = len(X) / seen
            net(X)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    for module, mode in modes:
        module.training = mode


# %% recalibrate wrong "all batch norms get the momentum of the first"
def recalibrate(net, data_iter):
    modes = [(m, m.training) for m in net.modules()]
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momentum = norms[0].momentum
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for norm in norms:
        norm.momentum = momentum
    for module, mode in modes:
        module.training = mode


# %% recalibrate wrong "scale and shift are reset as well"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_parameters()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    for module, mode in modes.items():
        module.training = mode


# %% recalibrate wrong "the averages are reset and not measured"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        pass
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    for module, mode in modes.items():
        module.training = mode


# %% recalibrate wrong "the data are gone through twice, and a new start comes between"
def recalibrate(net, data_iter):
    modes = {module: module.training for module in net.modules()}
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    with torch.no_grad():
        for X in data_iter:
            net(X)
        for norm in norms:
            norm.reset_running_stats()
        for X in data_iter[1:]:
            net(X)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    for module, mode in modes.items():
        module.training = mode


# %% update_averages equivalent "the unbiased variance is the default"
# new_var = X.var(dim=(0, 2), correction=1) -> new_var = X.var(dim=(0, 2))


# %% group_norm equivalent "the same blocks of memory, counted in another order"
# groups = X.reshape(len(X), num_groups, -1) -> groups = X.reshape(num_groups, len(X), -1)


# %% recalibrate equivalent "both lists have one entry a norm"
# for norm, momentum in zip(norms, momenta, strict=True): -> for norm, momentum in zip(norms, momenta):
# for norm, momentum in zip(norms, momenta, strict=True): -> for norm, momentum in zip(norms, momenta, strict=False):
