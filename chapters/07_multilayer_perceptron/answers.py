# %% collapse hints [markdown]
# 1. Two layers give `(X @ W1 + b1) @ W2 + b2`. Multiply out: by what is `b1` multiplied
#    on its way to the output?
# 2. Go from the first layer to the last and keep one pair that stands for all layers so
#    far. The next layer changes both parts of it: the weight is multiplied, the bias is
#    multiplied and shifted.
# 3. Start with the first pair. For each further pair multiply the kept weight from the
#    right, and the kept bias as well, then add the new bias. Return the kept pair.


# %% collapse right "columns of an identity sent through the stack"
def collapse(params):
    def run(X):
        for W, b in params:
            X = X @ W + b
        return X

    n = len(params[0][0])
    b = run(torch.zeros(1, n))  # (1, q)
    return run(torch.eye(n)) - b, b.flatten()


# %% collapse right "from the last layer backwards"
def collapse(params):
    W, b = params[-1]
    for W_before, b_before in reversed(params[:-1]):
        b = torch.matmul(b_before, W) + b
        W = torch.matmul(W_before, W)
    return W, b


# %% collapse wrong "the biases are added without going through the later layers (raises)"
def collapse(params):
    W, b = params[0]
    for W_next, b_next in params[1:]:
        W, b = W @ W_next, b + b_next
    return W, b


# %% collapse wrong "only the last bias is kept"
def collapse(params):
    W, b = params[0]
    for W_next, b_next in params[1:]:
        W, b = W @ W_next, b_next
    return W, b


# %% collapse wrong "the bias of the later layer is left out"
def collapse(params):
    W, b = params[0]
    for W_next, _ in params[1:]:
        W, b = W @ W_next, b @ W_next
    return W, b


# %% collapse wrong "only the first two layers are melted"
def collapse(params):
    W, b = params[0]
    for W_next, b_next in params[1:2]:
        W, b = W @ W_next, b @ W_next + b_next
    return W, b


# %% collapse wrong "a ReLU stands between the layers"
def collapse(params):
    W, b = params[0]
    for W_next, b_next in params[1:]:
        W, b = torch.relu(W) @ W_next, torch.relu(b) @ W_next + b_next
    return W, b


# %% collapse wrong "the matrices are multiplied in the wrong order"
def collapse(params):
    W, b = params[0]
    for W_next, b_next in params[1:]:
        W, b = W_next @ W, b @ W_next + b_next
    return W, b


# %% collapse wrong "the weight is returned as (outputs, inputs)"
def collapse(params):
    W, b = params[0]
    for W_next, b_next in params[1:]:
        W, b = W @ W_next, b @ W_next + b_next
    return W.T, b


# %% three_switches hints [markdown]
# 1. The answer depends on one number only: how many switches are up, 0, 1, 2 or 3. What
#    should the logit do as this number grows?
# 2. It must go up, down and up again: a zigzag with kinks at 1 and 2. Each ReLU of the
#    count makes one kink.
# 3. Let each hidden unit count the switches, with biases of 0, -1 and -2. The output
#    weights are the *changes* of slope of the zigzag, and its bias lies half-way
#    between off and on.


# %% three_switches right "twice as steep"
def three_switches():
    W1 = torch.full((3, 3), 2.0)
    b1 = torch.tensor([0.0, -2.0, -4.0])
    W2 = torch.tensor([[1.0], [-2.0], [2.0]])
    return W1, b1, W2, torch.tensor([-1.0])


# %% three_switches right "switches turned round: minus counts"
def three_switches():
    W1 = -torch.ones(3, 3)
    b1 = torch.tensor([3.0, 2.0, 1.0])
    W2 = torch.tensor([[-1.0], [2.0], [-2.0]])
    return W1, b1, W2, torch.tensor([0.5])


# %% three_switches wrong "on where exactly one is up: all three are forgotten"
def three_switches():
    W1, b1 = torch.ones(3, 2), torch.tensor([0.0, -1.0])
    return W1, b1, torch.tensor([[1.0], [-2.0]]), torch.tensor([-0.5])


# %% three_switches wrong "on where any switch is up"
def three_switches():
    return torch.ones(3, 1), torch.zeros(1), torch.ones(1, 1), torch.tensor([-0.5])


# %% three_switches wrong "on where all switches are up"
def three_switches():
    return torch.ones(3, 1), torch.zeros(1), torch.ones(1, 1), torch.tensor([-2.5])


# %% three_switches wrong "one switch is ignored by the weighted sum"
def three_switches():
    W1 = torch.tensor([[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    b1, W2 = torch.tensor([0.0, -1.0]), torch.tensor([[1.0], [-2.0]])
    return W1, b1, W2, torch.tensor([-0.5])


# %% three_switches wrong "the lamp is turned round: on where an even number is up"
def three_switches():
    W1, b1 = torch.ones(3, 3), torch.tensor([0.0, -1.0, -2.0])
    W2 = torch.tensor([[-1.0], [2.0], [-2.0]])
    return W1, b1, W2, torch.tensor([0.5])


# %% three_switches wrong "the output has no bias: off is exactly 0"
def three_switches():
    W1, b1 = torch.ones(3, 3), torch.tensor([0.0, -1.0, -2.0])
    W2 = torch.tensor([[1.0], [-2.0], [2.0]])
    return W1, b1, W2, torch.zeros(1)


# %% three_switches wrong "more than three hidden units"
def three_switches():
    W1, b1 = torch.ones(3, 4), torch.tensor([0.0, -1.0, -2.0, -3.0])
    W2 = torch.tensor([[1.0], [-2.0], [2.0], [0.0]])
    return W1, b1, W2, torch.tensor([-0.5])


# %% three_switches wrong "W2 has the shape (1, m), as `nn.Linear` keeps it"
def three_switches():
    W1, b1 = torch.ones(3, 3), torch.tensor([0.0, -1.0, -2.0])
    return W1, b1, torch.tensor([[1.0, -2.0, 2.0]]), torch.tensor([-0.5])


# %% three_switches wrong "a whole number is returned where a float is asked"
def three_switches():
    W1, b1 = torch.ones(3, 3, dtype=torch.int64), torch.tensor([0, -1, -2])
    W2 = torch.tensor([[1], [-2], [2]])
    return 2 * W1, 2 * b1, W2, torch.tensor([-1])


# %% three_switches wrong "b2 has no axis: a number where (1,) is asked"
def three_switches():
    W1, b1 = torch.ones(3, 3), torch.tensor([0.0, -1.0, -2.0])
    W2 = torch.tensor([[1.0], [-2.0], [2.0]])
    return W1, b1, W2, torch.tensor(-0.5)


# %% three_switches equivalent "a last rise that is steeper still makes three switches on"
# W2 = torch.tensor([[1.0], [-2.0], [2.0]]) -> W2 = torch.tensor([[1.0], [-2.0], [4.0]])


# %% capped_relu hints [markdown]
# 1. Draw the bend for a ceiling of 6: where is it flat, and where does it rise? How
#    steep is it there?
# 2. A flat piece lets no gradient through, a piece of slope 1 lets all through. Both
#    ends of the rising piece count as flat here.
# 3. The activations are the input, cut at both ends. For the gradient make a mask of
#    the entries strictly between the two ends, and multiply what came in by it.


# %% capped_relu right "with where"
def capped_relu(z, cap, grad):
    h = torch.where(z > 0, z, torch.zeros_like(z))
    h = torch.where(h < cap, h, torch.full_like(z, cap))
    return h, torch.where((h > 0) & (h < cap), grad, torch.zeros_like(grad))


# %% capped_relu right "minimum and maximum"
def capped_relu(z, cap, grad):
    zero, top = torch.tensor(0.0), torch.tensor(float(cap))
    h = torch.minimum(torch.maximum(z, zero), top)
    return h, grad * (z > 0).float() * (z < cap).float()


# %% capped_relu wrong "the gradient passes above the ceiling, too"
def capped_relu(z, cap, grad):
    return z.clamp(0, cap), grad * (z > 0)


# %% capped_relu wrong "the slope at exactly 0 is taken as 1"
def capped_relu(z, cap, grad):
    return z.clamp(0, cap), grad * ((z >= 0) & (z < cap))


# %% capped_relu wrong "the slope at exactly the ceiling is taken as 1"
def capped_relu(z, cap, grad):
    return z.clamp(0, cap), grad * ((z > 0) & (z <= cap))


# %% capped_relu wrong "the slope at both corners is taken as 1"
def capped_relu(z, cap, grad):
    return z.clamp(0, cap), grad * ((z >= 0) & (z <= cap))


# %% capped_relu wrong "the ceiling is forgotten"
def capped_relu(z, cap, grad):
    return z.clamp(min=0), grad * (z > 0)


# %% capped_relu wrong "the slope is returned, not multiplied by the gradient"
def capped_relu(z, cap, grad):
    return z.clamp(0, cap), ((z > 0) & (z < cap)).float()


# %% capped_relu wrong "the gradient is bent instead of masked"
def capped_relu(z, cap, grad):
    return z.clamp(0, cap), grad.clamp(0, cap)


# %% capped_relu wrong "the mask looks at the sign of the gradient, too"
def capped_relu(z, cap, grad):
    return z.clamp(0, cap), grad * ((z > 0) & (z < cap) & (grad > 0))


# %% capped_relu wrong "the gradient is multiplied by the activation"
def capped_relu(z, cap, grad):
    h = z.clamp(0, cap)
    return h, grad * h * (h < cap)


# %% capped_relu wrong "the ceiling is 6, whatever `cap` says"
def capped_relu(z, cap, grad):
    return z.clamp(0, 6), grad * ((z > 0) & (z < 6))


# %% capped_relu wrong "above the ceiling the activation is 0"
def capped_relu(z, cap, grad):
    between = (z > 0) & (z < cap)
    return z * between, grad * between


# %% capped_relu wrong "`z` is changed in place"
def capped_relu(z, cap, grad):
    between = (z > 0) & (z < cap)
    return z.clamp_(0, cap), grad * between


# %% capped_relu wrong "a library does the activation"
def capped_relu(z, cap, grad):
    h = F.relu(z)
    return h.clamp(max=cap), grad * ((z > 0) & (z < cap))


# %% tanh_and_slope hints [markdown]
# 1. How large is `torch.exp` of 1000 in float32? And how many digits are left of 1
#    minus a number that is 1 to eight digits?
# 2. tanh is odd and its slope is even, so look at the absolute value only. Multiply
#    numerator and denominator of tanh by the smaller exponential: then only powers
#    between 0 and 1 are left. Do the same with the slope, 1 over cosh squared.
# 3. Let `small` be the exponential of minus twice the absolute value. The value is a
#    fraction of 1 minus and 1 plus `small`, with the sign put back. The slope has 4
#    times `small` above and a square below.


# %% tanh_and_slope right "1 over cosh squared"
def tanh_and_slope(z):
    a = z.abs()
    half = torch.exp(-a)  # e^-|z|
    cosh_over = 2 * half / (1 + half * half)  # 1 / cosh
    value = -torch.expm1(-2 * a) / (1 + half * half)
    return torch.where(z < 0, -value, value), cosh_over**2


# %% tanh_and_slope right "from the logistic curve of twice the input"
def tanh_and_slope(z):
    p = 1 / (1 + torch.exp(-2 * z.abs()))
    q = torch.exp(-2 * z.abs()) / (1 + torch.exp(-2 * z.abs()))  # 1 - p
    return torch.sign(z) * (p - q), 4 * p * q


# %% tanh_and_slope wrong "the slope is lost at saturation: 1 minus nearly 1"
def tanh_and_slope(z):
    small = torch.exp(-2 * z.abs())
    value = z.sign() * (1 - small) / (1 + small)
    return value, 1 - value**2


# %% tanh_and_slope wrong "an overflow: infinity over infinity"
def tanh_and_slope(z):
    p, m = torch.exp(z), torch.exp(-z)
    return (p - m) / (p + m), 4 / (p + m) ** 2


# %% tanh_and_slope wrong "the slope of the sigmoid, s times 1 minus s"
def tanh_and_slope(z):
    small = torch.exp(-2 * z.abs())
    value = z.sign() * (1 - small) / (1 + small)
    return value, value * (1 - value)


# %% tanh_and_slope wrong "the square is missing: 1 minus tanh"
def tanh_and_slope(z):
    small = torch.exp(-2 * z.abs())
    value = z.sign() * (1 - small) / (1 + small)
    return value, 1 - value


# %% tanh_and_slope wrong "the sign is lost: values of negative inputs are positive"
def tanh_and_slope(z):
    small = torch.exp(-2 * z.abs())
    return (1 - small) / (1 + small), 4 * small / (1 + small) ** 2


# %% tanh_and_slope wrong "the factor 2 in the exponent is missing"
def tanh_and_slope(z):
    small = torch.exp(-z.abs())
    return z.sign() * (1 - small) / (1 + small), 4 * small / (1 + small) ** 2


# %% tanh_and_slope wrong "the slope lacks the factor 4"
def tanh_and_slope(z):
    small = torch.exp(-2 * z.abs())
    return z.sign() * (1 - small) / (1 + small), small / (1 + small) ** 2


# %% tanh_and_slope wrong "the denominator of the slope is not squared"
def tanh_and_slope(z):
    small = torch.exp(-2 * z.abs())
    return z.sign() * (1 - small) / (1 + small), 4 * small / (1 + small)


# %% tanh_and_slope wrong "the slope is lost on the right only: 1 minus nearly 1"
def tanh_and_slope(z):
    p = 1 / (1 + torch.exp(-2 * z))
    return 2 * p - 1, 4 * p * (1 - p)


# %% tanh_and_slope wrong "the input is cut to a range: far out the slope stops falling"
def tanh_and_slope(z):
    z = z.clamp(-20, 20)
    p, m = torch.exp(z), torch.exp(-z)
    return (p - m) / (p + m), 4 / (p + m) ** 2


# %% tanh_and_slope wrong "the slope has the sign of the input"
def tanh_and_slope(z):
    small = torch.exp(-2 * z.abs())
    slope = 4 * small / (1 + small) ** 2
    return z.sign() * (1 - small) / (1 + small), z.sign() * slope


# %% tanh_and_slope wrong "a library does the activation"
def tanh_and_slope(z):
    small = torch.exp(-2 * z.abs())
    return torch.tanh(z), 4 * small / (1 + small) ** 2


# %% mlp_forward hints [markdown]
# 1. `W` is (m, n) here and `X` ends with n. How must `W` stand for the product, and
#    which axis of `X` takes part in it?
# 2. Every layer but the last does the same thing, and what it gives is both kept and
#    handed on. The last one has no bend: logits may be negative.
# 3. Loop over all pairs but the last: product with the transposed weight, bias, bend,
#    append. Then the last pair without the bend. Return its result and the list.


# %% mlp_forward right "one loop with an if"
def mlp_forward(X, params):
    H, hidden = X, []
    for i, (W, b) in enumerate(params):
        H = torch.matmul(H, W.mT) + b
        if i + 1 < len(params):
            H = H.clamp(min=0)
            hidden.append(H)
    return H, hidden


# %% mlp_forward right "by einsum, the list cut at the end"
def mlp_forward(X, params):
    outputs = []
    for W, b in params:
        z = torch.einsum("...n,mn->...m", X, W) + b
        outputs.append(z)
        X = torch.where(z > 0, z, torch.zeros_like(z))
    return outputs[-1], [torch.relu(z) for z in outputs[:-1]]


# %% mlp_forward wrong "a ReLU on the logits, too"
def mlp_forward(X, params):
    hidden = []
    for W, b in params:
        X = torch.relu(X @ W.T + b)
        hidden.append(X)
    return hidden[-1], hidden[:-1]


# %% mlp_forward wrong "no activation between the layers"
def mlp_forward(X, params):
    hidden = []
    for W, b in params:
        X = X @ W.T + b
        hidden.append(X)
    return hidden[-1], hidden[:-1]


# %% mlp_forward wrong "the pre-activations are kept, not the activations"
def mlp_forward(X, params):
    hidden = []
    for W, b in params[:-1]:
        z = X @ W.T + b
        hidden.append(z)
        X = torch.relu(z)
    W, b = params[-1]
    return X @ W.T + b, hidden


# %% mlp_forward wrong "the input is counted as a hidden layer"
def mlp_forward(X, params):
    hidden = [X]
    for W, b in params[:-1]:
        X = torch.relu(X @ W.T + b)
        hidden.append(X)
    W, b = params[-1]
    return X @ W.T + b, hidden


# %% mlp_forward wrong "the logits stand among the hidden activations"
def mlp_forward(X, params):
    hidden = []
    for i, (W, b) in enumerate(params):
        X = X @ W.T + b
        if i < len(params) - 1:
            X = torch.relu(X)
        hidden.append(X)
    return X, hidden


# %% mlp_forward wrong "the weight is not transposed"
def mlp_forward(X, params):
    hidden = []
    for W, b in params[:-1]:
        X = torch.relu(X @ W + b)
        hidden.append(X)
    W, b = params[-1]
    return X @ W + b, hidden


# %% mlp_forward wrong "the biases are left out"
def mlp_forward(X, params):
    hidden = []
    for W, _ in params[:-1]:
        X = torch.relu(X @ W.T)
        hidden.append(X)
    return X @ params[-1][0].T, hidden


# %% mlp_forward wrong "the bias is added after the bend"
def mlp_forward(X, params):
    hidden = []
    for W, b in params[:-1]:
        X = torch.relu(X @ W.T) + b
        hidden.append(X)
    W, b = params[-1]
    return X @ W.T + b, hidden


# %% mlp_forward wrong "only the first hidden layer is bent"
def mlp_forward(X, params):
    hidden = []
    for i, (W, b) in enumerate(params):
        X = X @ W.T + b
        if i == 0 and len(params) > 1:
            X = torch.relu(X)
        hidden.append(X)
    return X, hidden[:-1]


# %% mlp_forward wrong "a single vector is made a batch of one and left so"
def mlp_forward(X, params):
    X, hidden = torch.atleast_2d(X), []
    for W, b in params[:-1]:
        X = torch.relu(X @ W.T + b)
        hidden.append(X)
    W, b = params[-1]
    return X @ W.T + b, hidden


# %% mlp_forward wrong "all axes in front are poured into one"
def mlp_forward(X, params):
    X, hidden = X.reshape(-1, X.shape[-1]) if X.ndim > 2 else X, []
    for W, b in params[:-1]:
        X = torch.relu(X @ W.T + b)
        hidden.append(X)
    W, b = params[-1]
    return X @ W.T + b, hidden


# %% mlp_forward wrong "axes behind the first are poured into one: (n,) is a column (raises)"
def mlp_forward(X, params):
    X, hidden = X.reshape(len(X), -1), []
    for W, b in params[:-1]:
        X = torch.relu(X @ W.T + b)
        hidden.append(X)
    W, b = params[-1]
    return X @ W.T + b, hidden


# %% mlp_forward wrong "the bend stands before each layer, not after it"
def mlp_forward(X, params):
    hidden = []
    for W, b in params:
        X = torch.relu(X) @ W.T + b
        hidden.append(X)
    return X, hidden[:-1]


# %% mlp_forward wrong "only the logits are returned"
def mlp_forward(X, params):
    for W, b in params[:-1]:
        X = torch.relu(X @ W.T + b)
    W, b = params[-1]
    return X @ W.T + b


# %% mlp_forward wrong "a library does the affine map"
def mlp_forward(X, params):
    hidden = []
    for W, b in params[:-1]:
        X = torch.relu(F.linear(X, W, b))
        hidden.append(X)
    return F.linear(X, *params[-1]), hidden


# %% largest_width hints [markdown]
# 1. How many parameters has the net for a given width? Which layers are there between
#    `num_hidden` hidden ones, and which two are different?
# 2. Write the count for a width first: one layer from the input, one to the output, and
#    one less than `num_hidden` in between, each with its biases. It grows with the
#    width, so the largest that fits can be searched for.
# 3. A helper that counts. Start at 0 and go up by one, as long as the *next* width
#    still fits.


# %% largest_width right "sum over pairs of widths"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    m = 1
    while True:
        widths = [num_inputs] + num_hidden * [m] + [num_outputs]
        pairs = zip(widths[:-1], widths[1:])
        if sum(a * b + b for a, b in pairs) > budget:
            return m - 1
        m += 1


# %% largest_width right "halving the range"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    low, high = 0, max(budget, 0) + 1  # low fits, high doesn't

    while high - low > 1:
        m = (low + high) // 2
        inner = (num_hidden - 1) * m * (m + 1)
        total = m * (num_inputs + 1) + inner + num_outputs * (m + 1)
        low, high = (m, high) if total <= budget else (low, m)
    return low


# %% largest_width wrong "the biases are not counted"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    m = 0
    while True:
        m += 1
        count = num_inputs * m + (num_hidden - 1) * m * m + m * num_outputs
        if count > budget:
            return m - 1


# %% largest_width wrong "the biases of the output are not counted"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    m = 0
    while True:
        m += 1
        count = (num_inputs + 1) * m + (num_hidden - 1) * (m + 1) * m
        if count + m * num_outputs > budget:
            return m - 1


# %% largest_width wrong "the input is counted as a layer with parameters"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    m = 0
    while True:
        m += 1
        count = (num_inputs + 1) * m + (num_hidden - 1) * (m + 1) * m
        count += (m + 1) * num_outputs + (num_inputs + 1) * num_inputs
        if count > budget:
            return m - 1


# %% largest_width wrong "each ReLU is counted as a layer of its own"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    m = 0
    while True:
        m += 1
        count = (num_inputs + 1) * m + (2 * num_hidden - 1) * (m + 1) * m
        if count + (m + 1) * num_outputs > budget:
            return m - 1


# %% largest_width wrong "one layer between hidden layers too many"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    m = 0
    while True:
        m += 1
        count = (num_inputs + 1) * m + num_hidden * (m + 1) * m
        if count + (m + 1) * num_outputs > budget:
            return m - 1


# %% largest_width wrong "the layers between the hidden ones are forgotten"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    m = 0
    while True:
        m += 1
        count = num_hidden * (num_inputs + 1) * m
        if count + (m + 1) * num_outputs > budget:
            return m - 1


# %% largest_width wrong "the biases between the hidden layers are not counted"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    m = 0
    while True:
        m += 1
        count = (num_inputs + 1) * m + (num_hidden - 1) * m * m
        if count + (m + 1) * num_outputs > budget:
            return m - 1


# %% largest_width wrong "a power of two is returned, though a larger width fits"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    m = 1
    while True:
        count = (num_inputs + 1) * m + (num_hidden - 1) * (m + 1) * m
        if count + (m + 1) * num_outputs > budget:
            return m // 2
        m *= 2


# %% largest_width wrong "the width is not rounded down to a whole number"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    a = num_hidden - 1
    b, c = num_inputs + 1 + a + num_outputs, num_outputs - budget
    return -c / b if a == 0 else (-b + (b * b - 4 * a * c) ** 0.5) / (2 * a)


# %% largest_width wrong "units are counted, not parameters"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    return max(0, (budget - num_inputs - num_outputs) // num_hidden)


# %% largest_width wrong "the first width that does not fit is returned"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    m = 0
    while True:
        m += 1
        count = (num_inputs + 1) * m + (num_hidden - 1) * (m + 1) * m
        if count + (m + 1) * num_outputs > budget:
            return m


# %% largest_width wrong "a width that uses the budget exactly is refused"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    m = 0
    while True:
        m += 1
        count = (num_inputs + 1) * m + (num_hidden - 1) * (m + 1) * m
        if count + (m + 1) * num_outputs >= budget:
            return m - 1


# %% largest_width wrong "at least 1 is returned, even where nothing fits"
def largest_width(num_inputs, num_hidden, num_outputs, budget):
    m = 1
    while True:
        m += 1
        count = (num_inputs + 1) * m + (num_hidden - 1) * (m + 1) * m
        if count + (m + 1) * num_outputs > budget:
            return m - 1


# %% make_mlp hints [markdown]
# 1. Print `as_given([2, 8, 8, 1])`. Between which layers does nothing bend, and which
#    numbers can never come out at the end?
# 2. A bend belongs after each linear layer but the last. Two linear layers side by side
#    melt into one; a bend at the end cuts negative logits to 0.
# 3. For each pair of neighbouring widths add a linear layer and a ReLU to a list. Then
#    leave out the very last entry, and make an `nn.Sequential` of the rest.


# %% make_mlp right "a ReLU before each layer but the first"
def make_mlp(widths):
    net = nn.Sequential(nn.Linear(widths[0], widths[1]))
    for i in range(1, len(widths) - 1):
        net.append(nn.ReLU())
        net.append(nn.Linear(widths[i], widths[i + 1]))
    return net


# %% make_mlp right "hidden layers first, output last"
def make_mlp(widths):
    *hidden, last = [nn.Linear(a, b) for a, b in zip(widths, widths[1:])]
    parts = [part for layer in hidden for part in (layer, nn.ReLU())]
    return nn.Sequential(*parts, last)


# %% make_mlp wrong "the code as given, unchanged: one bend, at the wrong end"
def make_mlp(widths):
    layers = [nn.Linear(n, m) for n, m in zip(widths, widths[1:])]
    return nn.Sequential(*layers, nn.ReLU())


# %% make_mlp wrong "bends between the layers, and a ReLU on the logits"
def make_mlp(widths):
    layers = []
    for n, m in zip(widths, widths[1:]):
        layers += [nn.Linear(n, m), nn.ReLU()]
    return nn.Sequential(*layers)


# %% make_mlp wrong "no activation at all"
def make_mlp(widths):
    return nn.Sequential(*[nn.Linear(n, m) for n, m in zip(widths, widths[1:])])


# %% make_mlp wrong "an activation after the first layer only"
def make_mlp(widths):
    layers = [nn.Linear(n, m) for n, m in zip(widths, widths[1:])]
    return nn.Sequential(layers[0], nn.ReLU(), *layers[1:])


# %% make_mlp wrong "an activation before the last layer only"
def make_mlp(widths):
    layers = [nn.Linear(n, m) for n, m in zip(widths, widths[1:])]
    return nn.Sequential(*layers[:-1], nn.ReLU(), layers[-1])


# %% make_mlp wrong "another activation than ReLU"
def make_mlp(widths):
    layers = []
    for n, m in zip(widths, widths[1:]):
        layers += [nn.Linear(n, m), nn.Tanh()]
    return nn.Sequential(*layers[:-1])


# %% make_mlp wrong "the input is made a layer of its own"
def make_mlp(widths):
    layers = [nn.Linear(widths[0], widths[0]), nn.ReLU()]
    for n, m in zip(widths, widths[1:]):
        layers += [nn.Linear(n, m), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


# %% make_mlp wrong "the linear layers have no biases"
def make_mlp(widths):
    layers = []
    for n, m in zip(widths, widths[1:]):
        layers += [nn.Linear(n, m, bias=False), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


# %% make_mlp wrong "a ReLU bends the input, too"
def make_mlp(widths):
    layers = []
    for n, m in zip(widths, widths[1:]):
        layers += [nn.ReLU(), nn.Linear(n, m)]
    return nn.Sequential(*layers)


# %% make_mlp wrong "a softmax stands at the end, where logits are asked"
def make_mlp(widths):
    layers = []
    for n, m in zip(widths, widths[1:]):
        layers += [nn.Linear(n, m), nn.ReLU()]
    return nn.Sequential(*layers[:-1], nn.Softmax(dim=-1))


# %% make_mlp wrong "the axes of the input are flattened (raises)"
def make_mlp(widths):
    layers = [nn.Flatten()]
    for n, m in zip(widths, widths[1:]):
        layers += [nn.Linear(n, m), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


# %% make_mlp equivalent "both lists have one length"
# for n, m in zip(widths[:-1], widths[1:], strict=True): -> for n, m in zip(widths[:-1], widths[1:]):
# for n, m in zip(widths[:-1], widths[1:], strict=True): -> for n, m in zip(widths[:-1], widths[1:], strict=False):


# %% nesterov hints [markdown]
# 1. Which of the two formulas uses the velocity before the push, and which the one
#    after it?
# 2. First the velocity: shrink it, add the gradient, in the tensor that was given. Then
#    the step, which needs the gradient *and* the new velocity. Autograd must look away
#    while leaves change.
# 3. Without recording, for each pair: multiply the velocity in place, add the gradient
#    in place; then subtract from the parameter, in place, the rate times the gradient
#    plus beta times velocity.


# %% nesterov right "in place with add_ and alpha"
def nesterov(params, velocities, lr, beta):
    with torch.no_grad():
        for i in range(len(params)):
            velocities[i] *= beta
            velocities[i] += params[i].grad
            params[i].add_(params[i].grad, alpha=-lr)
            params[i].add_(velocities[i], alpha=-lr * beta)


# %% nesterov right "with copy_ from new values"
@torch.no_grad()
def nesterov(params, velocities, lr, beta):
    for w, v in zip(params, velocities):
        new = w.grad + beta * v
        v.copy_(new)
        w.copy_(w - lr * w.grad - lr * beta * new)


# %% nesterov wrong "plain momentum: no look ahead"
def nesterov(params, velocities, lr, beta):
    with torch.no_grad():
        for w, v in zip(params, velocities):
            v.mul_(beta).add_(w.grad)
            w -= lr * v


# %% nesterov wrong "the past is forgotten: the velocity is the last gradient"
def nesterov(params, velocities, lr, beta):
    with torch.no_grad():
        for w, v in zip(params, velocities):
            v.copy_(w.grad)
            w -= lr * (w.grad + beta * v)


# %% nesterov wrong "the velocity is never written back"
def nesterov(params, velocities, lr, beta):
    with torch.no_grad():
        for w, v in zip(params, velocities):
            v = beta * v + w.grad
            w -= lr * (w.grad + beta * v)


# %% nesterov wrong "a moving average: the gradient counts 1 - beta"
def nesterov(params, velocities, lr, beta):
    with torch.no_grad():
        for w, v in zip(params, velocities):
            v.mul_(beta).add_(w.grad, alpha=1 - beta)
            w -= lr * (w.grad + beta * v)


# %% nesterov wrong "the learning rate is mixed into the velocity"
def nesterov(params, velocities, lr, beta):
    with torch.no_grad():
        for w, v in zip(params, velocities):
            v.mul_(beta).add_(w.grad, alpha=lr)
            w -= lr * w.grad + beta * v


# %% nesterov wrong "the step goes uphill"
def nesterov(params, velocities, lr, beta):
    with torch.no_grad():
        for w, v in zip(params, velocities):
            v.mul_(beta).add_(w.grad)
            w += lr * (w.grad + beta * v)


# %% nesterov wrong "beta is missing in the look ahead"
def nesterov(params, velocities, lr, beta):
    with torch.no_grad():
        for w, v in zip(params, velocities):
            v.mul_(beta).add_(w.grad)
            w -= lr * (w.grad + v)


# %% nesterov wrong "the velocity only grows: beta does not shrink it"
def nesterov(params, velocities, lr, beta):
    with torch.no_grad():
        for w, v in zip(params, velocities):
            v.add_(w.grad)
            w -= lr * (w.grad + beta * v)


# %% nesterov wrong "new tensors are put into the list, the given ones stay"
def nesterov(params, velocities, lr, beta):
    with torch.no_grad():
        for i, w in enumerate(params):
            velocities[i] = beta * velocities[i] + w.grad
            params[i] = w - lr * (w.grad + beta * velocities[i])


# %% nesterov wrong "the gradients are cleared"
def nesterov(params, velocities, lr, beta):
    with torch.no_grad():
        for w, v in zip(params, velocities):
            v.mul_(beta).add_(w.grad)
            w -= lr * (w.grad + beta * v)
            w.grad.zero_()


# %% nesterov wrong "a leaf is changed while autograd records (raises)"
def nesterov(params, velocities, lr, beta):
    for w, v in zip(params, velocities):
        v.mul_(beta).add_(w.grad)
        w -= lr * (w.grad + beta * v)


# %% nesterov wrong "only the velocity steps: the gradient of today is left out"
def nesterov(params, velocities, lr, beta):
    with torch.no_grad():
        for w, v in zip(params, velocities):
            v.mul_(beta).add_(w.grad)
            w -= lr * beta * v


# %% nesterov wrong "the gradients are changed, too"
def nesterov(params, velocities, lr, beta):
    with torch.no_grad():
        for w, v in zip(params, velocities):
            v.mul_(beta).add_(w.grad)
            w.grad.add_(beta * v)
            w -= lr * w.grad


# %% nesterov wrong "something is returned, where nothing is asked"
def nesterov(params, velocities, lr, beta):
    with torch.no_grad():
        for w, v in zip(params, velocities):
            v.mul_(beta).add_(w.grad)
            w -= lr * (w.grad + beta * v)
    return params


# %% nesterov equivalent "both lists have one length, as the prompt says"
# pairs = zip(params, velocities, strict=True) -> pairs = zip(params, velocities)
# pairs = zip(params, velocities, strict=True) -> pairs = zip(params, velocities, strict=False)


# %% dead_units hints [markdown]
# 1. In the table of a layer's activations a row is an example, a column a unit. Along
#    which axis do you ask "all of them"?
# 2. Send the rows through the layers as the net does, with the bend. After each bend
#    look at the columns that are 0 from top to bottom. The last layer has no bend and
#    isn't asked.
# 3. A list. For each pair but the last: product, bias, bend; compare with 0, `all`
#    along the rows, sum, as an int, append. The bent table goes on to the next layer.


# %% dead_units right "by the largest activation of each unit"
def dead_units(X, params):
    H, counts = X, []
    for i in range(len(params) - 1):
        H = (H @ params[i][0] + params[i][1]).clamp(min=0)
        counts.append((H.max(dim=0).values <= 0).sum().item())
    return counts


# %% dead_units right "by sums of columns, in a comprehension"
def dead_units(X, params):
    tables = [X]
    for W, b in params[:-1]:
        z = torch.matmul(tables[-1], W) + b
        tables.append(torch.where(z > 0, z, torch.zeros_like(z)))
    return [sum(int(s == 0) for s in H.sum(dim=0)) for H in tables[1:]]


# %% dead_units wrong "a unit that is silent on some row is counted"
def dead_units(X, params):
    counts = []
    for W, b in params[:-1]:
        X = torch.relu(X @ W + b)
        counts.append(int((X == 0).any(dim=0).sum()))
    return counts


# %% dead_units wrong "rows without any activation are counted, not units"
def dead_units(X, params):
    counts = []
    for W, b in params[:-1]:
        X = torch.relu(X @ W + b)
        counts.append(int((X == 0).all(dim=1).sum()))
    return counts


# %% dead_units wrong "all zeros in the table are counted"
def dead_units(X, params):
    counts = []
    for W, b in params[:-1]:
        X = torch.relu(X @ W + b)
        counts.append(int((X == 0).sum()))
    return counts


# %% dead_units wrong "a pre-activation of exactly 0 is taken for a living unit"
def dead_units(X, params):
    counts = []
    for W, b in params[:-1]:
        z = X @ W + b
        counts.append(int((z < 0).all(dim=0).sum()))
        X = torch.relu(z)
    return counts


# %% dead_units wrong "only the first hidden layer is looked at"
def dead_units(X, params):
    W, b = params[0]
    return [int((X @ W + b <= 0).all(dim=0).sum())]


# %% dead_units wrong "no bend before the next layer"
def dead_units(X, params):
    counts = []
    for W, b in params[:-1]:
        X = X @ W + b
        counts.append(int((X <= 0).all(dim=0).sum()))
    return counts


# %% dead_units wrong "the output is counted as a hidden layer"
def dead_units(X, params):
    counts = []
    for W, b in params:
        X = torch.relu(X @ W + b)
        counts.append(int((X == 0).all(dim=0).sum()))
    return counts


# %% dead_units wrong "the input is counted as a layer"
def dead_units(X, params):
    counts = [int((X <= 0).all(dim=0).sum())]
    for W, b in params[:-1]:
        X = torch.relu(X @ W + b)
        counts.append(int((X == 0).all(dim=0).sum()))
    return counts


# %% dead_units wrong "one number for the whole net"
def dead_units(X, params):
    count = 0
    for W, b in params[:-1]:
        X = torch.relu(X @ W + b)
        count += int((X == 0).all(dim=0).sum())
    return count


# %% dead_units wrong "shares in place of numbers"
def dead_units(X, params):
    counts = []
    for W, b in params[:-1]:
        X = torch.relu(X @ W + b)
        counts.append((X == 0).all(dim=0).float().mean().item())
    return counts


# %% dead_units wrong "the living are counted"
def dead_units(X, params):
    counts = []
    for W, b in params[:-1]:
        X = torch.relu(X @ W + b)
        counts.append(int((X > 0).any(dim=0).sum()))
    return counts


# %% dead_units wrong "the mean over the rows is asked, not each row"
def dead_units(X, params):
    counts = []
    for W, b in params[:-1]:
        z = X @ W + b
        counts.append(int((z.mean(dim=0) <= 0).sum()))
        X = torch.relu(z)
    return counts


# %% dead_units wrong "the biases are left out"
def dead_units(X, params):
    counts = []
    for W, _ in params[:-1]:
        X = torch.relu(X @ W)
        counts.append(int((X == 0).all(dim=0).sum()))
    return counts


# %% through_points hints [markdown]
# 1. Walk from left to right. What is the slope before the first point, between the
#    points, and after the last one? By how much does it change at each?
# 2. A hinge at a place adds its weight to the slope from there on. So the output
#    weights are the changes of slope; outside the points the slope is 0. What does the
#    net say far to the left, where all hinges are silent?
# 3. Slopes are differences of values over differences of places. Put a 0 before and
#    behind, take differences again: one weight a point. Hinges have weight 1 and bias
#    minus the place; the output's bias is the first value.


# %% through_points right "hinges that look to the left"
def through_points(k, y):
    slopes = (y[1:] - y[:-1]) / (k[1:] - k[:-1])
    edge = torch.zeros(1)
    changes = torch.cat([slopes, edge]) - torch.cat([edge, slopes])  # (P,)
    return -torch.ones(1, len(k)), k.clone(), changes.reshape(-1, 1), y[-1:].clone()


# %% through_points right "two hinges for each stretch"
def through_points(k, y):
    s = (y.diff() / k.diff()).reshape(-1, 1)  # (P - 1, 1)
    b1 = torch.cat([-k[:-1], -k[1:]])
    return torch.ones(1, len(b1)), b1, torch.cat([s, -s]), y[:1] + 0


# %% through_points wrong "not flat on the right: the last slope goes on"
def through_points(k, y):
    slopes = y.diff() / k.diff()
    changes = torch.cat([slopes[:1], slopes.diff()])
    return torch.ones(1, len(k) - 1), -k[:-1], changes.reshape(-1, 1), y[:1].clone()


# %% through_points wrong "the points are taken to have equal distances"
def through_points(k, y):
    gap = (k[-1] - k[0]) / (len(k) - 1)
    none = torch.zeros(1)
    changes = torch.cat([none, y.diff() / gap, none]).diff()
    return torch.ones(1, len(k)), -k, changes.reshape(-1, 1), y[:1].clone()


# %% through_points wrong "the slopes themselves are the weights, not their changes"
def through_points(k, y):
    slopes = y.diff() / k.diff()
    changes = torch.cat([slopes, torch.zeros(1)])
    return torch.ones(1, len(k)), -k, changes.reshape(-1, 1), y[:1].clone()


# %% through_points wrong "the differences of values are used as slopes"
def through_points(k, y):
    none = torch.zeros(1)
    changes = torch.cat([none, y.diff(), none]).diff()
    return torch.ones(1, len(k)), -k, changes.reshape(-1, 1), y[:1].clone()


# %% through_points wrong "the slopes are turned round: places over values"
def through_points(k, y):
    slopes, none = k.diff() / y.diff(), torch.zeros(1)
    changes = torch.cat([none, slopes, none]).diff()
    return torch.ones(1, len(k)), -k, changes.reshape(-1, 1), y[:1].clone()


# %% through_points wrong "the bias of the output is the last value, not the first"
def through_points(k, y):
    slopes, none = y.diff() / k.diff(), torch.zeros(1)
    changes = torch.cat([none, slopes, none]).diff()
    return torch.ones(1, len(k)), -k, changes.reshape(-1, 1), y[-1:].clone()


# %% through_points wrong "the start value is missing"
def through_points(k, y):
    slopes, none = y.diff() / k.diff(), torch.zeros(1)
    changes = torch.cat([none, slopes, none]).diff()
    return torch.ones(1, len(k)), -k, changes.reshape(-1, 1), torch.zeros(1)


# %% through_points wrong "the hinges bend at minus the places"
def through_points(k, y):
    slopes, none = y.diff() / k.diff(), torch.zeros(1)
    changes = torch.cat([none, slopes, none]).diff()
    return torch.ones(1, len(k)), k.clone(), changes.reshape(-1, 1), y[:1].clone()


# %% through_points wrong "the values of the points are the weights"
def through_points(k, y):
    return torch.ones(1, len(k)), -k, y.reshape(-1, 1), torch.zeros(1)


# %% through_points wrong "not flat on the left: the first slope comes from far"
def through_points(k, y):
    slopes, none = y.diff() / k.diff(), torch.zeros(1)
    changes = torch.cat([slopes[:1], slopes.diff(), -slopes[-1:]])
    W1 = torch.cat([torch.ones(len(k)), none - 1]).reshape(1, -1)
    b1 = torch.cat([-k, k[:1]])
    return W1, b1, torch.cat([changes, -slopes[:1]]).reshape(-1, 1), y[:1].clone()


# %% through_points wrong "W1 has the shape (m, 1), as `nn.Linear` keeps it"
def through_points(k, y):
    slopes, none = y.diff() / k.diff(), torch.zeros(1)
    changes = torch.cat([none, slopes, none]).diff()
    return torch.ones(len(k), 1), -k, changes.reshape(-1, 1), y[:1].clone()


# %% through_points wrong "W2 has the shape (1, m), as `nn.Linear` keeps it"
def through_points(k, y):
    slopes, none = y.diff() / k.diff(), torch.zeros(1)
    changes = torch.cat([none, slopes, none]).diff()
    return torch.ones(1, len(k)), -k, changes.reshape(1, -1), y[:1].clone()


# %% through_points wrong "b2 has no axis: a number where (1,) is asked"
def through_points(k, y):
    slopes, none = y.diff() / k.diff(), torch.zeros(1)
    changes = torch.cat([none, slopes, none]).diff()
    return torch.ones(1, len(k)), -k, changes.reshape(-1, 1), y[0].clone()


# %% through_points wrong "the result is the truth's mean plus the hinges"
def through_points(k, y):
    slopes, none = y.diff() / k.diff(), torch.zeros(1)
    changes = torch.cat([none, slopes, none]).diff()
    return torch.ones(1, len(k)), -k, changes.reshape(-1, 1), y.mean().reshape(1)


# %% through_points equivalent "a view of the argument is as good"
# return (torch.ones(1, len(k)), -k, changes.reshape(-1, 1), y[:1].clone()) -> return (torch.ones(1, len(k)), -k, changes.reshape(-1, 1), y[:1])


# %% memorise hints [markdown]
# 1. Can a straight border part forty points whose colours were drawn by lot? What does
#    the net need, and how much of it?
# 2. A wide hidden layer, or two, with a bend between; cross-entropy on logits; all
#    forty points in each step, for some hundred steps. If it is stuck, take more units
#    or another optimiser.
# 3. An `nn.Sequential` of three linear layers with ReLUs between them, Adam at a
#    hundredth, some hundred rounds of clear, loss, backward, step. Return the net.


# %% memorise right "wider, with GELU and a smaller rate"
def memorise(X, y, num_classes):
    net = nn.Sequential(nn.Linear(2, 256), nn.GELU(), nn.Linear(256, 256), nn.GELU())
    net.append(nn.Linear(256, num_classes))
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.005, weight_decay=0)
    for _ in range(400):
        loss = nn.CrossEntropyLoss()(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return net


# %% memorise right "tanh, and a stop when all are known"
def memorise(X, y, num_classes):
    net = nn.Sequential(nn.Linear(2, 128), nn.Tanh(), nn.Linear(128, 128), nn.Tanh())
    net.append(nn.Linear(128, num_classes))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(3000):
        logits = net(X)
        if (logits.argmax(dim=1) == y).all():
            break
        optimizer.zero_grad()
        F.cross_entropy(logits, y).backward()
        optimizer.step()
    return net


# %% memorise wrong "no activation between the layers: a linear model can't know them"
def memorise(X, y, num_classes):
    net = nn.Sequential(nn.Linear(2, 128), nn.Linear(128, 128))
    net.append(nn.Linear(128, num_classes))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(300):
        optimizer.zero_grad()
        F.cross_entropy(net(X), y).backward()
        optimizer.step()
    return net


# %% memorise wrong "a ReLU on the logits"
def memorise(X, y, num_classes):
    net = nn.Sequential(nn.Linear(2, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU())
    net.append(nn.Linear(256, num_classes)).append(nn.ReLU())
    optimizer = torch.optim.Adam(net.parameters(), lr=0.003)
    for _ in range(300):
        optimizer.zero_grad()
        F.cross_entropy(net(X), y).backward()
        optimizer.step()
    return net


# %% memorise wrong "probabilities are returned, where logits are asked"
def memorise(X, y, num_classes):
    net = nn.Sequential(nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU())
    net.append(nn.Linear(128, num_classes))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(300):
        optimizer.zero_grad()
        F.cross_entropy(net(X), y).backward()
        optimizer.step()
    return net.append(nn.Softmax(dim=1))


# %% memorise wrong "hardly better than guessing: not trained, or steps far too long"
def memorise(X, y, num_classes):
    net = nn.Sequential(nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU())
    return net.append(nn.Linear(128, num_classes))


# %% memorise wrong "learns too little: too few units or steps, or a faulty step"
def memorise(X, y, num_classes):
    net = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, num_classes))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    for _ in range(300):
        optimizer.zero_grad()
        F.cross_entropy(net(X), y).backward()
        optimizer.step()
    return net


# %% memorise wrong "the output has one unit, not one for each class"
def memorise(X, y, num_classes):
    net = nn.Sequential(nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(60):
        optimizer.zero_grad()
        F.mse_loss(net(X).flatten(), y.float()).backward()
        optimizer.step()
    return net


# %% memorise wrong "a tensor is returned, not the net (raises)"
def memorise(X, y, num_classes):
    net = nn.Sequential(nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, num_classes))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(60):
        optimizer.zero_grad()
        F.cross_entropy(net(X), y).backward()
        optimizer.step()
    return net(X).argmax(dim=1)


# %% memorise equivalent "depth, steps and rate are left open; one bend is enough"
# for _ in range(800): -> for _ in range(801):
# net = nn.Sequential(nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU()) -> net = nn.Sequential(nn.Linear(2, 128), nn.Linear(128, 128), nn.ReLU())
# net = nn.Sequential(nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU()) -> net = nn.Sequential(nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, 128))
# net = nn.Sequential(nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU()) -> net = nn.Sequential(nn.Linear(2, 128), nn.ReLU(), nn.ReLU())
# net = nn.Sequential(nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU()) -> net = nn.Sequential(nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, 128), nn.Sigmoid())
# optimizer = torch.optim.Adam(net.parameters(), lr=0.005) -> optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
# optimizer = torch.optim.Adam(net.parameters(), lr=0.005) -> optimizer = torch.optim.Adam(net.parameters())
