# %% discretise hints [markdown]
# 1. The rule has the new state on both sides. What stands before it when all that has
#    to do with it is brought to one side?
# 2. On the left a matrix times the new state, on the right a matrix times the old one
#    and a vector times the input. Both sides have to be freed of the left matrix.
# 3. Build the left matrix, identity minus a share of the step times `A`. Solve it twice
#    with `torch.linalg.solve`: for the matrix of the old state, and for the step times
#    `B`.


# %% discretise right "with the inverse"
def discretise(A, B, step, alpha):
    eye = torch.eye(A.shape[0])
    inverse = torch.linalg.inv(eye - step * alpha * A)
    return inverse @ (eye + step * (1 - alpha) * A), inverse @ B * step


# %% discretise right "both at once"
def discretise(A, B, step, alpha):
    n = len(A)
    right = torch.cat([torch.eye(n) + step * (1 - alpha) * A, step * B], dim=1)
    both = torch.linalg.solve(torch.eye(n) - step * alpha * A, right)
    return both[:, :n], both[:, n:]


# %% discretise wrong "only A is discretised"
def discretise(A, B, step, alpha):
    eye = torch.eye(len(A))
    return torch.linalg.solve(eye - alpha * step * A, eye + (1 - alpha) * step * A), B


# %% discretise wrong "B is multiplied by the step and not solved for"
def discretise(A, B, step, alpha):
    eye = torch.eye(len(A))
    A_bar = torch.linalg.solve(eye - alpha * step * A, eye + (1 - alpha) * step * A)
    return A_bar, step * B


# %% discretise wrong "the step is missing from B"
def discretise(A, B, step, alpha):
    eye = torch.eye(len(A))
    end = eye - alpha * step * A
    A_bar = torch.linalg.solve(end, eye + (1 - alpha) * step * A)
    return A_bar, torch.linalg.solve(end, B)


# %% discretise wrong "start and end have changed places"
def discretise(A, B, step, alpha):
    eye = torch.eye(len(A))
    end = eye - (1 - alpha) * step * A
    A_bar = torch.linalg.solve(end, eye + alpha * step * A)
    return A_bar, torch.linalg.solve(end, step * B)


# %% discretise wrong "Euler's rule, whatever the share is"
def discretise(A, B, step, alpha):
    return torch.eye(len(A)) + step * A, step * B


# %% discretise wrong "the bilinear rule, whatever the share is"
def discretise(A, B, step, alpha):
    eye = torch.eye(len(A))
    end = eye - step / 2 * A
    return torch.linalg.solve(end, eye + step / 2 * A), torch.linalg.solve(
        end, step * B
    )


# %% discretise wrong "zero-order hold, whatever the share is"
def discretise(A, B, step, alpha):
    A_bar = torch.matrix_exp(step * A)
    return A_bar, torch.linalg.solve(A, (A_bar - torch.eye(len(A))) @ B)


# %% discretise wrong "the sign before A at the step's end is wrong"
def discretise(A, B, step, alpha):
    eye = torch.eye(len(A))
    end = eye + alpha * step * A
    A_bar = torch.linalg.solve(end, eye + (1 - alpha) * step * A)
    return A_bar, torch.linalg.solve(end, step * B)


# %% discretise wrong "numbers divided one by one instead of a matrix solved"
def discretise(A, B, step, alpha):
    eye = torch.eye(len(A))
    end = 1 - alpha * step * A
    return (eye + (1 - alpha) * step * A) / end, step * B / end.diagonal()[:, None]


# %% discretise wrong "all of A at the step's start, and its share at the end besides"
def discretise(A, B, step, alpha):
    eye = torch.eye(len(A))
    end = eye - alpha * step * A
    return torch.linalg.solve(end, eye + step * A), torch.linalg.solve(end, step * B)


# %% discretise wrong "the input is weighed by the share of the step's start"
def discretise(A, B, step, alpha):
    eye = torch.eye(len(A))
    end = eye - alpha * step * A
    A_bar = torch.linalg.solve(end, eye + (1 - alpha) * step * A)
    return A_bar, (1 - alpha) * torch.linalg.solve(end, step * B)


# %% recurrence hints [markdown]
# 1. Is the output of a step read from the state before that step's input came in, or
#    after it?
# 2. The state of the whole batch is one tensor (batch, N). An input (batch,) has to
#    meet the vector `B` so that each example gets its own multiple of it.
# 3. Loop over the steps. Fade the state and add `B` times the input, as (batch, N). The
#    output is the state times `C`, summed, plus `D` times the input. Collect them along
#    the second axis, with care for no step at all.


# %% recurrence right "outputs in a list"
def recurrence(a, B, C, D, u, h):
    ys = [u[:, :0]]
    for column in u.unbind(1):
        h = h * a + torch.outer(column, B)
        ys.append(((h * C).sum(1) + D * column)[:, None])
    return torch.cat(ys, 1), h


# %% recurrence right "with powers of a"
def recurrence(a, B, C, D, u, h):
    L = u.shape[1]
    t = torch.arange(L)
    gaps = t[:, None] - t
    powers = a ** gaps.clamp(min=0)[..., None] * (gaps >= 0)[..., None]
    states = torch.einsum("tsn,bs,n->btn", powers, u, B)
    states = states + h[:, None] * a ** (t + 1)[:, None]
    last = states[:, -1] if L else h
    return states @ C + D * u, last


# %% recurrence wrong "the state that came in is ignored"
def recurrence(a, B, C, D, u, h):
    h, y = torch.zeros_like(h), torch.empty_like(u)
    for t in range(u.shape[1]):
        h = a * h + B * u[:, t, None]
        y[:, t] = h @ C + D * u[:, t]
    return y, h


# %% recurrence wrong "the output is read before the input comes in"
def recurrence(a, B, C, D, u, h):
    y = torch.empty_like(u)
    for t in range(u.shape[1]):
        y[:, t] = h @ C + D * u[:, t]
        h = a * h + B * u[:, t, None]
    return y, h


# %% recurrence wrong "the direct way of the input through D is missing"
def recurrence(a, B, C, D, u, h):
    y = torch.empty_like(u)
    for t in range(u.shape[1]):
        h = a * h + B * u[:, t, None]
        y[:, t] = h @ C
    return y, h


# %% recurrence wrong "the input through D goes into the state"
def recurrence(a, B, C, D, u, h):
    y = torch.empty_like(u)
    for t in range(u.shape[1]):
        h = a * h + B * u[:, t, None] + D * u[:, t, None]
        y[:, t] = h @ C
    return y, h


# %% recurrence wrong "the state does not fade"
def recurrence(a, B, C, D, u, h):
    y = torch.empty_like(u)
    for t in range(u.shape[1]):
        h = h + B * u[:, t, None]
        y[:, t] = h @ C + D * u[:, t]
    return y, h


# %% recurrence wrong "the new input fades at once, with the state"
def recurrence(a, B, C, D, u, h):
    y = torch.empty_like(u)
    for t in range(u.shape[1]):
        h = a * (h + B * u[:, t, None])
        y[:, t] = h @ C + D * u[:, t]
    return y, h


# %% recurrence wrong "B and C have changed places"
def recurrence(a, B, C, D, u, h):
    y = torch.empty_like(u)
    for t in range(u.shape[1]):
        h = a * h + C * u[:, t, None]
        y[:, t] = h @ B + D * u[:, t]
    return y, h


# %% recurrence wrong "a gate that keeps a and takes in 1 - a"
def recurrence(a, B, C, D, u, h):
    y = torch.empty_like(u)
    for t in range(u.shape[1]):
        h = a * h + (1 - a) * B * u[:, t, None]
        y[:, t] = h @ C + D * u[:, t]
    return y, h


# %% recurrence wrong "a squashing function between the steps"
def recurrence(a, B, C, D, u, h):
    y = torch.empty_like(u)
    for t in range(u.shape[1]):
        h = torch.tanh(a * h + B * u[:, t, None])
        y[:, t] = h @ C + D * u[:, t]
    return y, h


# %% recurrence wrong "only the outputs are returned"
def recurrence(a, B, C, D, u, h):
    y = torch.empty_like(u)
    for t in range(u.shape[1]):
        h = a * h + B * u[:, t, None]
        y[:, t] = h @ C + D * u[:, t]
    return y


# %% recurrence wrong "the state that came in is returned, not the last one"
def recurrence(a, B, C, D, u, h):
    y, state = torch.empty_like(u), h
    for t in range(u.shape[1]):
        state = a * state + B * u[:, t, None]
        y[:, t] = state @ C + D * u[:, t]
    return y, h


# %% recurrence wrong "`h` is changed in place"
def recurrence(a, B, C, D, u, h):
    y = torch.empty_like(u)
    for t in range(u.shape[1]):
        h.mul_(a).add_(B * u[:, t, None])
        y[:, t] = h @ C + D * u[:, t]
    return y, h


# %% recurrence wrong "no step at all is an error"
def recurrence(a, B, C, D, u, h):
    y = []
    for t in range(u.shape[1]):
        h = a * h + B * u[:, t, None]
        y.append(h @ C + D * u[:, t])
    return torch.stack(y, dim=1), h


# %% recurrence wrong "the time comes first in the outputs"
def recurrence(a, B, C, D, u, h):
    y = torch.empty_like(u)
    for t in range(u.shape[1]):
        h = a * h + B * u[:, t, None]
        y[:, t] = h @ C + D * u[:, t]
    return y.T, h


# %% kernels hints [markdown]
# 1. What do the rates and the steps give together, and what shape has it? How does the
#    fading after `k` steps follow from it?
# 2. A power of an exponential is the exponential of a multiple. So all powers at once
#    are one exponential of a tensor (d, N, length).
# 3. Make the product of step and rate, (d, N). From it comes the input's matrix, by
#    zero-order hold. Multiply by `C`, then by the exponentials for each place along a
#    third axis, and sum over the states.


# %% kernels right "with powers and einsum"
def kernels(rates, B, C, step, length):
    a = torch.exp(-rates * step.unsqueeze(1))
    powers = a.unsqueeze(-1) ** torch.arange(length)
    return torch.einsum("cn,cn,cnk->ck", C, (a - 1) / -rates * B, powers)


# %% kernels right "with expm1"
def kernels(rates, B, C, step, length):
    fades = -rates * step[:, None]
    weights = C * B * torch.expm1(fades) / -rates
    places = torch.arange(length, dtype=torch.float32)
    return (weights.unsqueeze(1) @ torch.exp(fades[..., None] * places)).squeeze(1)


# %% kernels wrong "only A is discretised"
def kernels(rates, B, C, step, length):
    fades = step[:, None] * rates
    powers = torch.exp(-fades[:, :, None] * torch.arange(length))
    return ((C * B)[:, :, None] * powers).sum(dim=1)


# %% kernels wrong "Euler's rule for B"
def kernels(rates, B, C, step, length):
    fades = step[:, None] * rates
    powers = torch.exp(-fades[:, :, None] * torch.arange(length))
    return ((C * B * step[:, None])[:, :, None] * powers).sum(dim=1)


# %% kernels wrong "Euler's rule for both"
def kernels(rates, B, C, step, length):
    a = 1 - step[:, None] * rates
    powers = a[:, :, None] ** torch.arange(length)
    return ((C * B * step[:, None])[:, :, None] * powers).sum(dim=1)


# %% kernels wrong "the powers begin at 1"
def kernels(rates, B, C, step, length):
    fades = step[:, None] * rates
    B_bar = (1 - torch.exp(-fades)) / rates * B
    powers = torch.exp(-fades[:, :, None] * torch.arange(1, length + 1))
    return ((C * B_bar)[:, :, None] * powers).sum(dim=1)


# %% kernels wrong "the kernel is turned round, latest entry first"
def kernels(rates, B, C, step, length):
    fades = step[:, None] * rates
    B_bar = (1 - torch.exp(-fades)) / rates * B
    powers = torch.exp(-fades[:, :, None] * torch.arange(length))
    return ((C * B_bar)[:, :, None] * powers).sum(dim=1).flip(1)


# %% kernels wrong "a state that grows: the sign of the rates"
def kernels(rates, B, C, step, length):
    fades = -step[:, None] * rates
    B_bar = (torch.exp(fades) - 1) / -rates * B
    powers = torch.exp(-fades[:, :, None] * torch.arange(length))
    return ((C * B_bar)[:, :, None] * powers).sum(dim=1)


# %% kernels wrong "divided by step times rate, not by the rate"
def kernels(rates, B, C, step, length):
    fades = step[:, None] * rates
    B_bar = (1 - torch.exp(-fades)) / fades * B
    powers = torch.exp(-fades[:, :, None] * torch.arange(length))
    return ((C * B_bar)[:, :, None] * powers).sum(dim=1)


# %% kernels wrong "not divided by the rate"
def kernels(rates, B, C, step, length):
    fades = step[:, None] * rates
    B_bar = (1 - torch.exp(-fades)) * B
    powers = torch.exp(-fades[:, :, None] * torch.arange(length))
    return ((C * B_bar)[:, :, None] * powers).sum(dim=1)


# %% kernels wrong "a mean over the states instead of the sum"
def kernels(rates, B, C, step, length):
    fades = step[:, None] * rates
    B_bar = (1 - torch.exp(-fades)) / rates * B
    powers = torch.exp(-fades[:, :, None] * torch.arange(length))
    return ((C * B_bar)[:, :, None] * powers).mean(dim=1)


# %% kernels wrong "a kernel for each state, not summed"
def kernels(rates, B, C, step, length):
    fades = step[:, None] * rates
    B_bar = (1 - torch.exp(-fades)) / rates * B
    powers = torch.exp(-fades[:, :, None] * torch.arange(length))
    return (C * B_bar)[:, :, None] * powers


# %% kernels wrong "the step is missing from the fading"
def kernels(rates, B, C, step, length):
    B_bar = (1 - torch.exp(-rates)) / rates * B
    powers = torch.exp(-rates[:, :, None] * torch.arange(length))
    return ((C * B_bar)[:, :, None] * powers).sum(dim=1)


# %% kernels wrong "one entry too many"
def kernels(rates, B, C, step, length):
    fades = step[:, None] * rates
    B_bar = (1 - torch.exp(-fades)) / rates * B
    powers = torch.exp(-fades[:, :, None] * torch.arange(length + 1))
    return ((C * B_bar)[:, :, None] * powers).sum(dim=1)


# %% kernels wrong "C is forgotten"
def kernels(rates, B, C, step, length):
    fades = step[:, None] * rates
    B_bar = (1 - torch.exp(-fades)) / rates * B
    powers = torch.exp(-fades[:, :, None] * torch.arange(length))
    return (B_bar[:, :, None] * powers).sum(dim=1)


# %% causal_convolution hints [markdown]
# 1. How many numbers has the full convolution of `L` inputs with `m` kernel entries,
#    before anything is cut off?
# 2. The circle on which the FFT works must have room for all of them; then nothing
#    comes in again at the start. What lies behind the `L` outputs is cut off.
# 3. Transform input and kernel with `n=` that size, multiply, transform back with the
#    same `n=`, and keep the first `L` places of the last axis.


# %% causal_convolution right "a circle twice as long as the longer one"
def causal_convolution(u, K):
    size = 2 * max(u.shape[2], K.shape[1])
    U, K_hat = torch.fft.fft(u, n=size), torch.fft.fft(K, n=size)
    return torch.fft.ifft(U * K_hat, n=size).real[:, :, : u.shape[2]]


# %% causal_convolution right "the kernel cut to the input, zeros by hand"
def causal_convolution(u, K):
    L = u.shape[2]
    K = F.pad(K[:, :L], (0, 2 * L - min(L, K.shape[1])))
    spectrum = torch.fft.rfft(F.pad(u, (0, L))) * torch.fft.rfft(K)
    return torch.fft.irfft(spectrum, 2 * L)[:, :, :L]


# %% causal_convolution wrong "no zeros: the end comes in again at the start"
def causal_convolution(u, K):
    size = max(u.shape[-1], K.shape[-1])
    product = torch.fft.rfft(u, n=size) * torch.fft.rfft(K, n=size)
    return torch.fft.irfft(product, n=size)[..., : u.shape[-1]]


# %% causal_convolution wrong "the circle has the input's length, and a longer kernel is cut"
def causal_convolution(u, K):
    L = u.shape[-1]
    return torch.fft.irfft(torch.fft.rfft(u) * torch.fft.rfft(K, n=L), n=L)


# %% causal_convolution wrong "the circle is one place too small"
def causal_convolution(u, K):
    L = u.shape[-1]
    size = L + K.shape[-1] - 2
    product = torch.fft.rfft(u, n=size) * torch.fft.rfft(K, n=size)
    return torch.fft.irfft(product, n=size)[..., :L]


# %% causal_convolution wrong "the size is not told to the way back, which loses an odd place"
def causal_convolution(u, K):
    L = u.shape[-1]
    size = (L + K.shape[-1] - 1) // 2 * 2 + 1
    return torch.fft.irfft(torch.fft.rfft(u, n=size) * torch.fft.rfft(K, n=size))[
        ..., :L
    ]


# %% causal_convolution wrong "the full convolution, not cut to the input's length"
def causal_convolution(u, K):
    size = u.shape[-1] + K.shape[-1] - 1
    product = torch.fft.rfft(u, n=size) * torch.fft.rfft(K, n=size)
    return torch.fft.irfft(product, n=size)


# %% causal_convolution wrong "the last places are kept instead of the first"
def causal_convolution(u, K):
    L = u.shape[-1]
    size = L + K.shape[-1] - 1
    product = torch.fft.rfft(u, n=size) * torch.fft.rfft(K, n=size)
    return torch.fft.irfft(product, n=size)[..., -L:]


# %% causal_convolution wrong "a centred kernel, which looks ahead"
def causal_convolution(u, K):
    L, m = u.shape[-1], K.shape[-1]
    size = L + m - 1
    product = torch.fft.rfft(u, n=size) * torch.fft.rfft(K, n=size)
    return torch.fft.irfft(product, n=size)[..., (m - 1) // 2 :][..., :L]


# %% causal_convolution wrong "a cross-correlation: the kernel is turned round"
def causal_convolution(u, K):
    L = u.shape[-1]
    size = L + K.shape[-1] - 1
    product = torch.fft.rfft(u, n=size) * torch.fft.rfft(K.flip(-1), n=size)
    return torch.fft.irfft(product, n=size)[..., :L]


# %% causal_convolution wrong "the conjugate: a correlation that reads the future"
def causal_convolution(u, K):
    L = u.shape[-1]
    size = L + K.shape[-1] - 1
    product = torch.fft.rfft(u, n=size) * torch.fft.rfft(K, n=size).conj()
    return torch.fft.irfft(product, n=size)[..., :L]


# %% causal_convolution wrong "the transform runs over the channels"
def causal_convolution(u, K):
    L = u.shape[-1]
    size = L + K.shape[-1] - 1
    U, K_hat = F.pad(u, (0, size - L)), F.pad(K, (0, size - K.shape[-1]))
    product = torch.fft.fft(U, dim=1) * torch.fft.fft(K_hat, dim=0)
    return torch.fft.ifft(product, dim=1).real[..., :L]


# %% causal_convolution wrong "the channels are summed, as in a full convolutional layer"
def causal_convolution(u, K):
    L = u.shape[-1]
    size = L + K.shape[-1] - 1
    product = torch.fft.rfft(u, n=size) * torch.fft.rfft(K, n=size)
    Y = torch.fft.irfft(product, n=size)[..., :L]
    return Y.sum(dim=1, keepdim=True).expand(Y.shape)


# %% causal_convolution wrong "a library does the convolution"
def causal_convolution(u, K):
    padded = F.pad(u, (K.shape[1] - 1, 0))
    return F.conv1d(padded, K.flip(1)[:, None], groups=len(K))


# %% causal_convolution wrong "twice the input's length, too little for a kernel that is longer"
def causal_convolution(u, K):
    L = u.shape[-1]
    product = torch.fft.rfft(u, n=2 * L) * torch.fft.rfft(K, n=2 * L)
    return torch.fft.irfft(product, n=2 * L)[..., :L]


# %% causal_convolution equivalent "a larger circle, and the last axis by its number"
# size = L + K.shape[-1] - 1 -> size = L + K.shape[-1] + 1
# size = L + K.shape[-1] - 1 -> size = L + K.shape[1] - 1


# %% combine hints [markdown]
# 1. Which of the two matrices touches the state first? On which side of the product
#    does it then stand?
# 2. Write it out: the later step applied to what the earlier one gives. Multiply out:
#    what stands before the state, and what stands alone?
# 3. The matrix is the later one times the earlier one. The vector is the later matrix
#    times the earlier vector, plus the later vector; give the vector a last axis of 1
#    for the product, and take it away again.


# %% combine right "with einsum"
def combine(earlier, later):
    (A1, b1), (A2, b2) = earlier, later
    A = torch.einsum("...ij,...jk->...ik", A2, A1)
    return A, torch.einsum("...ij,...j->...i", A2, b1) + b2


# %% combine right "one product of matrices with a last row"
def combine(earlier, later):
    def whole(A, b):
        top = torch.cat([A, b[..., None]], dim=-1)
        row = torch.zeros_like(top[..., :1, :])
        row[..., -1] = 1
        return torch.cat([top, row], dim=-2)

    both = whole(*later) @ whole(*earlier)
    return both[..., :-1, :-1], both[..., :-1, -1]


# %% combine wrong "composed in the wrong order: the later step first"
def combine(earlier, later):
    (A1, b1), (A2, b2) = later, earlier
    return A2 @ A1, (A2 @ b1.unsqueeze(-1)).squeeze(-1) + b2


# %% combine wrong "the matrices are multiplied in the wrong order"
def combine(earlier, later):
    (A1, b1), (A2, b2) = earlier, later
    return A1 @ A2, (A2 @ b1.unsqueeze(-1)).squeeze(-1) + b2


# %% combine wrong "the wrong vector goes through the matrix"
def combine(earlier, later):
    (A1, b1), (A2, b2) = earlier, later
    return A2 @ A1, (A1 @ b2.unsqueeze(-1)).squeeze(-1) + b1


# %% combine wrong "the later vector goes through the later matrix"
def combine(earlier, later):
    (A1, b1), (A2, b2) = earlier, later
    return A2 @ A1, (A2 @ b2.unsqueeze(-1)).squeeze(-1) + b1


# %% combine wrong "the earlier vector does not go through the later matrix"
def combine(earlier, later):
    (A1, b1), (A2, b2) = earlier, later
    return A2 @ A1, b1 + b2


# %% combine wrong "the later vector is missing"
def combine(earlier, later):
    (A1, b1), (A2, b2) = earlier, later
    return A2 @ A1, (A2 @ b1.unsqueeze(-1)).squeeze(-1)


# %% combine wrong "the earlier vector is missing"
def combine(earlier, later):
    (A1, b1), (A2, b2) = earlier, later
    return A2 @ A1, b2


# %% combine wrong "numbers multiplied one by one, as for a diagonal matrix"
def combine(earlier, later):
    (A1, b1), (A2, b2) = earlier, later
    return A2 * A1, (A2 @ b1.unsqueeze(-1)).squeeze(-1) + b2


# %% combine wrong "a vector times the matrix from the left: the matrix transposed"
def combine(earlier, later):
    (A1, b1), (A2, b2) = earlier, later
    return A2 @ A1, (b1.unsqueeze(-2) @ A2).squeeze(-2) + b2


# %% combine wrong "the vector goes through both matrices"
def combine(earlier, later):
    (A1, b1), (A2, b2) = earlier, later
    A = A2 @ A1
    return A, (A @ b1.unsqueeze(-1)).squeeze(-1) + b2


# %% combine wrong "the vector keeps a last axis of 1"
def combine(earlier, later):
    (A1, b1), (A2, b2) = earlier, later
    return A2 @ A1, A2 @ b1.unsqueeze(-1) + b2.unsqueeze(-1)


# %% combine wrong "the matrices are added"
def combine(earlier, later):
    (A1, b1), (A2, b2) = earlier, later
    return A2 + A1, (A2 @ b1.unsqueeze(-1)).squeeze(-1) + b2


# %% combine wrong "the vector and the matrix have changed places"
def combine(earlier, later):
    (A1, b1), (A2, b2) = earlier, later
    return (A2 @ b1.unsqueeze(-1)).squeeze(-1) + b2, A2 @ A1


# %% combine wrong "the vector without an axis of its own: right for one step alone"
def combine(earlier, later):
    (A1, b1), (A2, b2) = earlier, later
    return A2 @ A1, A2 @ b1 + b2


# %% reverse_scan hints [markdown]
# 1. Of two neighbours, which is done first when the recurrence runs from the end? What
#    do the two make together?
# 2. In each round a position takes in what stands a certain distance *behind* it, and
#    the distance doubles. What has nothing so far behind it stays as it is: it is
#    finished.
# 3. Loop while the distance is below the length. Near is all but the last ones, far all
#    but the first ones. The new `b` is near `a` times far `b` plus near `b`, the new
#    `a` the product; put the last ones, unchanged, behind.


# %% reverse_scan right "turned round, scanned, turned back"
def reverse_scan(a, b):
    a, b, reach = a.flip(0), b.flip(0), 1
    while reach < len(a):
        new_b = b.clone()
        new_b[reach:] = a[reach:] * b[:-reach] + b[reach:]
        new_a = a.clone()
        new_a[reach:] = a[reach:] * a[:-reach]
        a, b, reach = new_a, new_b, reach * 2
    return b.flip(0)


# %% reverse_scan right "filled up with steps that do nothing"
def reverse_scan(a, b):
    L = len(a)
    for r in range(L.bit_length()):
        k = min(2**r, L)
        far_a = torch.cat([a[k:], torch.ones_like(a[:k])])
        far_b = torch.cat([b[k:], torch.zeros_like(b[:k])])
        a, b = a * far_a, a * far_b + b
    return b


# %% reverse_scan wrong "it runs from the start"
def reverse_scan(a, b):
    reach = 1
    while reach < len(b):
        new_b = a[reach:] * b[:-reach] + b[reach:]
        new_a = a[reach:] * a[:-reach]
        a, b = torch.cat([a[:reach], new_a]), torch.cat([b[:reach], new_b])
        reach *= 2
    return b


# %% reverse_scan wrong "the operator composed in the wrong order"
def reverse_scan(a, b):
    reach = 1
    while reach < len(b):
        near_a, near_b, far_a, far_b = a[:-reach], b[:-reach], a[reach:], b[reach:]
        b = torch.cat([far_a * near_b + far_b, b[-reach:]])
        a = torch.cat([near_a * far_a, a[-reach:]])
        reach *= 2
    return b


# %% reverse_scan wrong "the factors are not joined"
def reverse_scan(a, b):
    reach = 1
    while reach < len(b):
        b = torch.cat([a[:-reach] * b[reach:] + b[:-reach], b[-reach:]])
        reach *= 2
    return b


# %% reverse_scan wrong "the factors are joined first, and used for the same round"
def reverse_scan(a, b):
    reach = 1
    while reach < len(b):
        a = torch.cat([a[:-reach] * a[reach:], a[-reach:]])
        b = torch.cat([a[:-reach] * b[reach:] + b[:-reach], b[-reach:]])
        reach *= 2
    return b


# %% reverse_scan wrong "one round too few where the length is no power of 2"
def reverse_scan(a, b):
    reach = 1
    while 2 * reach <= len(b):
        near_a, near_b, far_a, far_b = a[:-reach], b[:-reach], a[reach:], b[reach:]
        b = torch.cat([near_a * far_b + near_b, b[-reach:]])
        a = torch.cat([near_a * far_a, a[-reach:]])
        reach *= 2
    return b


# %% reverse_scan wrong "one round only"
def reverse_scan(a, b):
    return torch.cat([a[:-1] * b[1:] + b[:-1], b[-1:]])


# %% reverse_scan wrong "the distance grows by one instead of doubling"
def reverse_scan(a, b):
    for reach in range(1, len(b)):
        near_a, near_b, far_a, far_b = a[:-reach], b[:-reach], a[reach:], b[reach:]
        b = torch.cat([near_a * far_b + near_b, b[-reach:]])
        a = torch.cat([near_a * far_a, a[-reach:]])
    return b


# %% reverse_scan wrong "the factor of the step behind is used, not one's own"
def reverse_scan(a, b):
    a = torch.cat([a[1:], torch.ones_like(a[:1])])
    reach = 1
    while reach < len(b):
        near_a, near_b, far_a, far_b = a[:-reach], b[:-reach], a[reach:], b[reach:]
        b = torch.cat([near_a * far_b + near_b, b[-reach:]])
        a = torch.cat([near_a * far_a, a[-reach:]])
        reach *= 2
    return b


# %% reverse_scan wrong "finished steps are replaced by zeros"
def reverse_scan(a, b):
    reach = 1
    while reach < len(b):
        near_a, near_b, far_a, far_b = a[:-reach], b[:-reach], a[reach:], b[reach:]
        b = torch.cat([near_a * far_b + near_b, torch.zeros_like(b[-reach:])])
        a = torch.cat([near_a * far_a, a[-reach:]])
        reach *= 2
    return b


# %% reverse_scan wrong "the factors are returned"
def reverse_scan(a, b):
    reach = 1
    while reach < len(b):
        a = torch.cat([a[:-reach] * a[reach:], a[-reach:]])
        reach *= 2
    return a


# %% reverse_scan wrong "the result stands in reverse order"
def reverse_scan(a, b):
    reach = 1
    while reach < len(b):
        near_a, near_b, far_a, far_b = a[:-reach], b[:-reach], a[reach:], b[reach:]
        b = torch.cat([near_a * far_b + near_b, b[-reach:]])
        a = torch.cat([near_a * far_a, a[-reach:]])
        reach *= 2
    return b.flip(0)


# %% reverse_scan wrong "running products or sums of logarithms, where a factor may be 0"
def reverse_scan(a, b):
    total = torch.exp(torch.tril(torch.ones(len(a), len(a)), -1) @ a.log())
    weighted = total * b
    return torch.tril(torch.ones(len(a), len(a))).T @ weighted / total


# %% reverse_scan wrong "a library does the scan"
def reverse_scan(a, b):
    total = torch.cat([torch.ones_like(a[:1]), a[:-1]]).cumprod(0)
    return (total * b).flip(0).cumsum(0).flip(0) / total


# %% reverse_scan equivalent "a round in which nobody takes in anything"
# while reach < len(b): -> while reach <= len(b):


# %% selective_step hints [markdown]
# 1. Which axes has each quantity: the step, what is read as `B`, the fading? Which of
#    them must be given a new axis to meet the state (batch, d, N)?
# 2. The step and the input belong to a channel, `B` and `C` to a number of the state.
#    Their product over both is an outer product for each example of the batch.
# 3. First the step, (batch, d), and `B`, `C`, (batch, N). Then the state: its fading is
#    the exponential of minus step times rates, and step times input times `B` comes in.
#    Then the output, from the new state.


# %% selective_step right "with einsum"
def selective_step(x, h, p):
    step = torch.log1p(torch.exp(x @ p["W_step"] + p["w_step"]))
    a = torch.exp(torch.einsum("bc,cn->bcn", step, -p["rates"]))
    new = a * h + torch.einsum("bc,bc,bn->bcn", step, x, x @ p["W_B"])
    return torch.einsum("bcn,bn->bc", new, x @ p["W_C"]) + x * p["D"], new


# %% selective_step right "with matrix products"
def selective_step(x, h, p):
    step = F.softplus(torch.addmm(p["w_step"], x, p["W_step"])).unsqueeze(2)
    B, C = (x @ p["W_B"]).unsqueeze(1), (x @ p["W_C"]).unsqueeze(2)
    h = (-step * p["rates"]).exp() * h + step * x.unsqueeze(2) * B
    return (h @ C).squeeze(2) + x * p["D"], h


# %% selective_step wrong "the step is not made positive"
def selective_step(x, h, p):
    step = x @ p["W_step"] + p["w_step"]
    B, C = x @ p["W_B"], x @ p["W_C"]
    h = torch.exp(-step[:, :, None] * p["rates"]) * h
    h = h + (step * x)[:, :, None] * B[:, None, :]
    return (h * C[:, None, :]).sum(dim=2) + p["D"] * x, h


# %% selective_step wrong "only A is discretised: the step is missing from the input"
def selective_step(x, h, p):
    step = F.softplus(x @ p["W_step"] + p["w_step"])
    B, C = x @ p["W_B"], x @ p["W_C"]
    h = torch.exp(-step[:, :, None] * p["rates"]) * h + x[:, :, None] * B[:, None, :]
    return (h * C[:, None, :]).sum(dim=2) + p["D"] * x, h


# %% selective_step wrong "the state grows: the sign of the rates"
def selective_step(x, h, p):
    step = F.softplus(x @ p["W_step"] + p["w_step"])
    B, C = x @ p["W_B"], x @ p["W_C"]
    h = torch.exp(step[:, :, None] * p["rates"]) * h
    h = h + (step * x)[:, :, None] * B[:, None, :]
    return (h * C[:, None, :]).sum(dim=2) + p["D"] * x, h


# %% selective_step wrong "Euler's rule for the fading"
def selective_step(x, h, p):
    step = F.softplus(x @ p["W_step"] + p["w_step"])
    B, C = x @ p["W_B"], x @ p["W_C"]
    h = (1 - step[:, :, None] * p["rates"]) * h
    h = h + (step * x)[:, :, None] * B[:, None, :]
    return (h * C[:, None, :]).sum(dim=2) + p["D"] * x, h


# %% selective_step wrong "the output is read from the old state"
def selective_step(x, h, p):
    step = F.softplus(x @ p["W_step"] + p["w_step"])
    B, C = x @ p["W_B"], x @ p["W_C"]
    y = (h * C[:, None, :]).sum(dim=2) + p["D"] * x
    h = torch.exp(-step[:, :, None] * p["rates"]) * h
    return y, h + (step * x)[:, :, None] * B[:, None, :]


# %% selective_step wrong "the input itself does not come in, only B"
def selective_step(x, h, p):
    step = F.softplus(x @ p["W_step"] + p["w_step"])
    B, C = x @ p["W_B"], x @ p["W_C"]
    h = torch.exp(-step[:, :, None] * p["rates"]) * h
    h = h + step[:, :, None] * B[:, None, :]
    return (h * C[:, None, :]).sum(dim=2) + p["D"] * x, h


# %% selective_step wrong "B and C have changed places"
def selective_step(x, h, p):
    step = F.softplus(x @ p["W_step"] + p["w_step"])
    C, B = x @ p["W_B"], x @ p["W_C"]
    h = torch.exp(-step[:, :, None] * p["rates"]) * h
    h = h + (step * x)[:, :, None] * B[:, None, :]
    return (h * C[:, None, :]).sum(dim=2) + p["D"] * x, h


# %% selective_step wrong "the direct way of the input through D is missing"
def selective_step(x, h, p):
    step = F.softplus(x @ p["W_step"] + p["w_step"])
    B, C = x @ p["W_B"], x @ p["W_C"]
    h = torch.exp(-step[:, :, None] * p["rates"]) * h
    h = h + (step * x)[:, :, None] * B[:, None, :]
    return (h * C[:, None, :]).sum(dim=2), h


# %% selective_step wrong "the bias of the step is forgotten"
def selective_step(x, h, p):
    step = F.softplus(x @ p["W_step"])
    B, C = x @ p["W_B"], x @ p["W_C"]
    h = torch.exp(-step[:, :, None] * p["rates"]) * h
    h = h + (step * x)[:, :, None] * B[:, None, :]
    return (h * C[:, None, :]).sum(dim=2) + p["D"] * x, h


# %% selective_step wrong "the step's weights are transposed"
def selective_step(x, h, p):
    step = F.softplus(x @ p["W_step"].T + p["w_step"])
    B, C = x @ p["W_B"], x @ p["W_C"]
    h = torch.exp(-step[:, :, None] * p["rates"]) * h
    h = h + (step * x)[:, :, None] * B[:, None, :]
    return (h * C[:, None, :]).sum(dim=2) + p["D"] * x, h


# %% selective_step wrong "a sigmoid instead of the softplus"
def selective_step(x, h, p):
    step = torch.sigmoid(x @ p["W_step"] + p["w_step"])
    B, C = x @ p["W_B"], x @ p["W_C"]
    h = torch.exp(-step[:, :, None] * p["rates"]) * h
    h = h + (step * x)[:, :, None] * B[:, None, :]
    return (h * C[:, None, :]).sum(dim=2) + p["D"] * x, h


# %% selective_step wrong "the new input fades together with the old state"
def selective_step(x, h, p):
    step = F.softplus(x @ p["W_step"] + p["w_step"])
    B, C = x @ p["W_B"], x @ p["W_C"]
    h = h + (step * x)[:, :, None] * B[:, None, :]
    h = torch.exp(-step[:, :, None] * p["rates"]) * h
    return (h * C[:, None, :]).sum(dim=2) + p["D"] * x, h


# %% selective_step wrong "one step for all channels, their mean"
def selective_step(x, h, p):
    step = F.softplus(x @ p["W_step"] + p["w_step"]).mean(dim=1, keepdim=True)
    B, C = x @ p["W_B"], x @ p["W_C"]
    h = torch.exp(-step[:, :, None] * p["rates"]) * h
    h = h + (step * x)[:, :, None] * B[:, None, :]
    return (h * C[:, None, :]).sum(dim=2) + p["D"] * x, h


# %% selective_step wrong "`h` is changed in place"
def selective_step(x, h, p):
    step = F.softplus(x @ p["W_step"] + p["w_step"])
    B, C = x @ p["W_B"], x @ p["W_C"]
    h.mul_(torch.exp(-step[:, :, None] * p["rates"]))
    h.add_((step * x)[:, :, None] * B[:, None, :])
    return (h * C[:, None, :]).sum(dim=2) + p["D"] * x, h


# %% selective_step wrong "zero-order hold for B, too, where step times B is asked for"
def selective_step(x, h, p):
    step = F.softplus(x @ p["W_step"] + p["w_step"])
    B, C = x @ p["W_B"], x @ p["W_C"]
    fade = torch.exp(-step[:, :, None] * p["rates"])
    h = fade * h + (1 - fade) / p["rates"] * x[:, :, None] * B[:, None, :]
    return (h * C[:, None, :]).sum(dim=2) + p["D"] * x, h


# %% ssm_matrix hints [markdown]
# 1. What is the product of `a` from just behind `s` up to `t`, written with a running
#    sum of logarithms? And which two positions belong to the same document?
# 2. A running count of the starts numbers the documents. Two positions see each other
#    if their numbers are equal, and then only backwards.
# 3. Differences of the running sums make an (L, L) matrix. Fill the places that aren't
#    allowed with minus infinity before the exponential, not after it, and multiply by
#    the products of `C` and `B`.


# %% ssm_matrix right "torch.where, and a logarithm of a great fall at each start"
def ssm_matrix(a, B, C, starts):
    log_a = a.double().log()
    total = torch.cumsum(log_a, 0)
    number = torch.cumsum(starts, 0)
    L = len(a)
    t = torch.arange(L)
    ok = (number[:, None] == number) & (t[:, None] >= t)
    gaps = torch.where(ok, total[:, None] - total, 0.0)
    decay = torch.where(ok, gaps.exp(), 0.0).float()
    return decay * torch.einsum("tn,sn->ts", C, B)


# %% ssm_matrix right "products along the columns"
def ssm_matrix(a, B, C, starts):
    a = a.masked_fill(starts, 0.0)
    L = len(a)
    below = torch.ones(L, L).tril(-1).bool()
    columns = torch.where(below, a[:, None].expand(L, L), 1.0)
    return columns.cumprod(0).tril() * (C @ B.T)


# %% ssm_matrix wrong "the starts are ignored"
def ssm_matrix(a, B, C, starts):
    total = a.log().cumsum(0)
    allowed = torch.ones(len(a), len(a)).bool().tril()
    gaps = (total[:, None] - total).masked_fill(~allowed, -torch.inf)
    return gaps.exp() * (C @ B.T)


# %% ssm_matrix wrong "not causal: later positions are seen"
def ssm_matrix(a, B, C, starts):
    total, document = a.log().cumsum(0), starts.long().cumsum(0)
    allowed = document[:, None] == document
    gaps = (total[:, None] - total).masked_fill(~allowed, -torch.inf)
    return gaps.exp() * (C @ B.T)


# %% ssm_matrix wrong "the input fades at its own step, too"
def ssm_matrix(a, B, C, starts):
    total, document = a.log().cumsum(0), starts.long().cumsum(0)
    allowed = (document[:, None] == document).tril()
    gaps = total[:, None] - total + a.log()
    return gaps.masked_fill(~allowed, -torch.inf).exp() * (C @ B.T)


# %% ssm_matrix wrong "the last step does not fade"
def ssm_matrix(a, B, C, starts):
    total, document = a.log().cumsum(0), starts.long().cumsum(0)
    total = total - a.log()
    allowed = (document[:, None] == document).tril()
    gaps = total[:, None] - total
    return gaps.masked_fill(~allowed, -torch.inf).exp() * (C @ B.T)


# %% ssm_matrix wrong "B and C have changed places"
def ssm_matrix(a, B, C, starts):
    total, document = a.log().cumsum(0), starts.long().cumsum(0)
    allowed = (document[:, None] == document).tril()
    gaps = (total[:, None] - total).masked_fill(~allowed, -torch.inf)
    return gaps.exp() * (B @ C.T)


# %% ssm_matrix wrong "transposed: rows and columns have changed places"
def ssm_matrix(a, B, C, starts):
    total, document = a.log().cumsum(0), starts.long().cumsum(0)
    allowed = (document[:, None] == document).tril()
    gaps = (total[:, None] - total).masked_fill(~allowed, -torch.inf)
    return (gaps.exp() * (C @ B.T)).T


# %% ssm_matrix wrong "a ratio of running products, which gives 0 / 0"
def ssm_matrix(a, B, C, starts):
    running, document = a.cumprod(0), starts.long().cumsum(0)
    allowed = (document[:, None] == document).tril()
    return (running[:, None] / running * (C @ B.T)).masked_fill(~allowed, 0.0)


# %% ssm_matrix wrong "the exponential first and the mask by a product: infinity times 0"
def ssm_matrix(a, B, C, starts):
    total, document = a.log().cumsum(0), starts.long().cumsum(0)
    allowed = (document[:, None] == document).tril()
    return (total[:, None] - total).exp() * allowed * (C @ B.T)


# %% ssm_matrix wrong "logarithms of 0 at the starts: infinity minus infinity"
def ssm_matrix(a, B, C, starts):
    total = a.masked_fill(starts, 0.0).log().cumsum(0)
    allowed = torch.ones(len(a), len(a)).bool().tril()
    gaps = (total[:, None] - total).masked_fill(~allowed, -torch.inf)
    return gaps.exp() * (C @ B.T)


# %% ssm_matrix wrong "a start ends its document: the reset is one step late"
def ssm_matrix(a, B, C, starts):
    total = a.log().cumsum(0)
    document = starts.long().cumsum(0) - starts.long()
    allowed = (document[:, None] == document).tril()
    gaps = (total[:, None] - total).masked_fill(~allowed, -torch.inf)
    return gaps.exp() * (C @ B.T)


# %% ssm_matrix wrong "the mask is forgotten in the decay: no fading"
def ssm_matrix(a, B, C, starts):
    document = starts.long().cumsum(0)
    allowed = (document[:, None] == document).tril()
    return allowed * (C @ B.T)


# %% ssm_matrix wrong "the decay alone, without C and B"
def ssm_matrix(a, B, C, starts):
    total, document = a.log().cumsum(0), starts.long().cumsum(0)
    allowed = (document[:, None] == document).tril()
    return (total[:, None] - total).masked_fill(~allowed, -torch.inf).exp()


# %% ssm_matrix wrong "a softmax over the rows"
def ssm_matrix(a, B, C, starts):
    total, document = a.log().cumsum(0), starts.long().cumsum(0)
    allowed = (document[:, None] == document).tril()
    gaps = (total[:, None] - total).masked_fill(~allowed, -torch.inf)
    return (gaps + C @ B.T).softmax(dim=1)


# %% mended_block hints [markdown]
# 1. Go through the lines and ask of each: which half is which, how many zeros stand
#    where, and which entry of the kernel meets which position?
# 2. Zeros on the left move the outputs to the right. If all the kernel's width but one
#    stands there, and none on the other side, the last entry meets the position itself.
#    PyTorch's convolution doesn't turn the kernel round; so you needn't either.
# 3. Exchange two names, pad on one side only, take one call away, and use the
#    activation that the prompt names for the gate.


# %% mended_block right "the convolution as a sum over shifted copies"
def mended_block(X, mix, p):
    both, e, k = X @ p["W_in"], p["conv"].shape[0], p["conv"].shape[1]
    x, z = both[..., :e], both[..., e:]
    L = X.shape[1]
    padded = torch.cat([x.new_zeros(len(X), k - 1, e), x], dim=1)
    s = sum(padded[:, i : i + L] * p["conv"][:, i] for i in range(k))
    return X + (mix(s * s.sigmoid()) * z * z.sigmoid()) @ p["W_out"]


# %% mended_block right "padded on both sides and cut"
def mended_block(X, mix, p):
    x, z = torch.tensor_split(X @ p["W_in"], 2, dim=-1)
    e, k = p["conv"].shape
    s = F.conv1d(x.mT, p["conv"].unsqueeze(1), padding=k - 1, groups=e)
    y = mix(F.silu(s[..., : X.shape[1]].mT))
    return X + torch.mul(y, F.silu(z)) @ p["W_out"]


# %% mended_block wrong "signal and gate have changed places"
def mended_block(X, mix, p):
    z, x = (X @ p["W_in"]).chunk(2, dim=2)
    e, k = p["conv"].shape
    s = F.conv1d(F.pad(x.transpose(1, 2), (k - 1, 0)), p["conv"][:, None], groups=e)
    return X + (mix(F.silu(s.transpose(1, 2))) * F.silu(z)) @ p["W_out"]


# %% mended_block wrong "the kernel is centred and sees later positions"
def mended_block(X, mix, p):
    x, z = (X @ p["W_in"]).chunk(2, dim=2)
    e, k = p["conv"].shape
    padded = F.pad(x.transpose(1, 2), (k // 2, k // 2))
    s = F.conv1d(padded, p["conv"][:, None], groups=e)[..., : X.shape[1]]
    return X + (mix(F.silu(s.transpose(1, 2))) * F.silu(z)) @ p["W_out"]


# %% mended_block wrong "the zeros stand at the end: the kernel sees only later positions"
def mended_block(X, mix, p):
    x, z = (X @ p["W_in"]).chunk(2, dim=2)
    e, k = p["conv"].shape
    s = F.conv1d(F.pad(x.transpose(1, 2), (0, k - 1)), p["conv"][:, None], groups=e)
    return X + (mix(F.silu(s.transpose(1, 2))) * F.silu(z)) @ p["W_out"]


# %% mended_block wrong "one zero too many: a position does not see itself"
def mended_block(X, mix, p):
    x, z = (X @ p["W_in"]).chunk(2, dim=2)
    e, k = p["conv"].shape
    s = F.conv1d(F.pad(x.transpose(1, 2), (k, 0)), p["conv"][:, None], groups=e)
    s = s[..., : X.shape[1]]
    return X + (mix(F.silu(s.transpose(1, 2))) * F.silu(z)) @ p["W_out"]


# %% mended_block wrong "the kernel is turned round"
def mended_block(X, mix, p):
    x, z = (X @ p["W_in"]).chunk(2, dim=2)
    e, k = p["conv"].shape
    W = p["conv"].flip(1)[:, None]
    s = F.conv1d(F.pad(x.transpose(1, 2), (k - 1, 0)), W, groups=e)
    return X + (mix(F.silu(s.transpose(1, 2))) * F.silu(z)) @ p["W_out"]


# %% mended_block wrong "a sigmoid for the gate"
def mended_block(X, mix, p):
    x, z = (X @ p["W_in"]).chunk(2, dim=2)
    e, k = p["conv"].shape
    s = F.conv1d(F.pad(x.transpose(1, 2), (k - 1, 0)), p["conv"][:, None], groups=e)
    return X + (mix(F.silu(s.transpose(1, 2))) * torch.sigmoid(z)) @ p["W_out"]


# %% mended_block wrong "the gate passes without an activation"
def mended_block(X, mix, p):
    x, z = (X @ p["W_in"]).chunk(2, dim=2)
    e, k = p["conv"].shape
    s = F.conv1d(F.pad(x.transpose(1, 2), (k - 1, 0)), p["conv"][:, None], groups=e)
    return X + (mix(F.silu(s.transpose(1, 2))) * z) @ p["W_out"]


# %% mended_block wrong "no activation before the mixing layer"
def mended_block(X, mix, p):
    x, z = (X @ p["W_in"]).chunk(2, dim=2)
    e, k = p["conv"].shape
    s = F.conv1d(F.pad(x.transpose(1, 2), (k - 1, 0)), p["conv"][:, None], groups=e)
    return X + (mix(s.transpose(1, 2)) * F.silu(z)) @ p["W_out"]


# %% mended_block wrong "the activation stands behind the mixing layer"
def mended_block(X, mix, p):
    x, z = (X @ p["W_in"]).chunk(2, dim=2)
    e, k = p["conv"].shape
    s = F.conv1d(F.pad(x.transpose(1, 2), (k - 1, 0)), p["conv"][:, None], groups=e)
    return X + (F.silu(mix(s.transpose(1, 2))) * F.silu(z)) @ p["W_out"]


# %% mended_block wrong "the residual connection is missing"
def mended_block(X, mix, p):
    x, z = (X @ p["W_in"]).chunk(2, dim=2)
    e, k = p["conv"].shape
    s = F.conv1d(F.pad(x.transpose(1, 2), (k - 1, 0)), p["conv"][:, None], groups=e)
    return (mix(F.silu(s.transpose(1, 2))) * F.silu(z)) @ p["W_out"]


# %% mended_block wrong "the gate is added, not multiplied"
def mended_block(X, mix, p):
    x, z = (X @ p["W_in"]).chunk(2, dim=2)
    e, k = p["conv"].shape
    s = F.conv1d(F.pad(x.transpose(1, 2), (k - 1, 0)), p["conv"][:, None], groups=e)
    return X + (mix(F.silu(s.transpose(1, 2))) + F.silu(z)) @ p["W_out"]


# %% mended_block wrong "the mixing layer is left out"
def mended_block(X, mix, p):
    x, z = (X @ p["W_in"]).chunk(2, dim=2)
    e, k = p["conv"].shape
    s = F.conv1d(F.pad(x.transpose(1, 2), (k - 1, 0)), p["conv"][:, None], groups=e)
    return X + (F.silu(s.transpose(1, 2)) * F.silu(z)) @ p["W_out"]


# %% mended_block wrong "the mixing layer is given channels and time exchanged"
def mended_block(X, mix, p):
    x, z = (X @ p["W_in"]).chunk(2, dim=2)
    e, k = p["conv"].shape
    s = F.conv1d(F.pad(x.transpose(1, 2), (k - 1, 0)), p["conv"][:, None], groups=e)
    return X + (mix(F.silu(s)).transpose(1, 2) * F.silu(z)) @ p["W_out"]


# %% mended_block wrong "the short convolution is left out"
def mended_block(X, mix, p):
    x, z = (X @ p["W_in"]).chunk(2, dim=2)
    return X + (mix(F.silu(x)) * F.silu(z)) @ p["W_out"]


# %% mended_block wrong "nothing is mended"
def mended_block(X, mix, p):
    return faulty_block(X, mix, p)


# %% mended_block equivalent "two axes exchange their places either way round"
# padded = F.pad(x.transpose(1, 2), (k - 1, 0)) -> padded = F.pad(x.transpose(2, 1), (k - 1, 0))
# y = mix(F.silu(s.transpose(1, 2))) -> y = mix(F.silu(s.transpose(2, 1)))


# %% linear_attention hints [markdown]
# 1. How many multiplications does a product of an (r, s) and an (s, t) matrix take? And
#    what stands in the middle in each of the two orders?
# 2. The denominator is the same sum with ones in place of the values. It needs no
#    matrix: sum the keys first.
# 3. Apply the feature map to queries and keys. Count two products for each order, with
#    all four sizes. Multiply in the order that takes fewer, and divide each row by its
#    denominator.


# %% linear_attention right "the denominator as one more column of values"
def linear_attention(Q, K, V):
    m, N = Q.shape
    n, d = V.shape
    rows, state = m * n * (N + d), N * d * (n + m)
    Q, K = F.elu(Q).add(1), F.elu(K).add(1)
    V = torch.cat([V, V.new_ones(n, 1)], dim=1)
    Y = Q @ (K.T @ V) if state < rows else Q @ K.T @ V
    return Y[:, :-1] / Y[:, -1:], "state" if state < rows else "rows"


# %% linear_attention right "the feature map by hand"
def linear_attention(Q, K, V):
    def phi(Z):
        return torch.where(Z > 0, Z + 1, Z.clamp(max=0).exp())

    n, d = V.shape
    cost = {
        "rows": len(Q) * n * (Q.shape[1] + d),
        "state": Q.shape[1] * d * (n + len(Q)),
    }
    order = min(cost, key=cost.get)
    scores = phi(Q) @ phi(K).T
    below = scores.sum(dim=1, keepdim=True)
    top = scores @ V if order == "rows" else phi(Q) @ (phi(K).T @ V)
    return top / below, order


# %% linear_attention wrong "always through the state"
def linear_attention(Q, K, V):
    Q, K = F.elu(Q) + 1, F.elu(K) + 1
    return Q @ (K.T @ V) / (Q @ K.sum(dim=0))[:, None], "state"


# %% linear_attention wrong "always row by row"
def linear_attention(Q, K, V):
    Q, K = F.elu(Q) + 1, F.elu(K) + 1
    return Q @ K.T @ V / (Q @ K.sum(dim=0))[:, None], "rows"


# %% linear_attention wrong "the state where both take as many"
def linear_attention(Q, K, V):
    (m, N), (n, d) = Q.shape, V.shape
    order = "state" if N * d * (n + m) <= m * n * (N + d) else "rows"
    Q, K = F.elu(Q) + 1, F.elu(K) + 1
    return Q @ (K.T @ V) / (Q @ K.sum(dim=0))[:, None], order


# %% linear_attention wrong "the two orders' names are exchanged"
def linear_attention(Q, K, V):
    (m, N), (n, d) = Q.shape, V.shape
    order = "rows" if N * d * (n + m) < m * n * (N + d) else "state"
    Q, K = F.elu(Q) + 1, F.elu(K) + 1
    return Q @ (K.T @ V) / (Q @ K.sum(dim=0))[:, None], order


# %% linear_attention wrong "only the matrix in the middle is compared, not the products"
def linear_attention(Q, K, V):
    (m, N), (n, d) = Q.shape, V.shape
    order = "state" if N * d < m * n else "rows"
    Q, K = F.elu(Q) + 1, F.elu(K) + 1
    return Q @ (K.T @ V) / (Q @ K.sum(dim=0))[:, None], order


# %% linear_attention wrong "the number of keys compared with their width"
def linear_attention(Q, K, V):
    order = "state" if K.shape[0] > K.shape[1] else "rows"
    Q, K = F.elu(Q) + 1, F.elu(K) + 1
    return Q @ (K.T @ V) / (Q @ K.sum(dim=0))[:, None], order


# %% linear_attention wrong "not divided by the denominator"
def linear_attention(Q, K, V):
    (m, N), (n, d) = Q.shape, V.shape
    order = "state" if N * d * (n + m) < m * n * (N + d) else "rows"
    return (F.elu(Q) + 1) @ ((F.elu(K) + 1).T @ V), order


# %% linear_attention wrong "divided by the number of keys"
def linear_attention(Q, K, V):
    (m, N), (n, d) = Q.shape, V.shape
    order = "state" if N * d * (n + m) < m * n * (N + d) else "rows"
    return (F.elu(Q) + 1) @ ((F.elu(K) + 1).T @ V) / n, order


# %% linear_attention wrong "the feature map is missing"
def linear_attention(Q, K, V):
    (m, N), (n, d) = Q.shape, V.shape
    order = "state" if N * d * (n + m) < m * n * (N + d) else "rows"
    return Q @ (K.T @ V) / (Q @ K.sum(dim=0))[:, None], order


# %% linear_attention wrong "the feature map on the queries only"
def linear_attention(Q, K, V):
    (m, N), (n, d) = Q.shape, V.shape
    order = "state" if N * d * (n + m) < m * n * (N + d) else "rows"
    Q = F.elu(Q) + 1
    return Q @ (K.T @ V) / (Q @ K.sum(dim=0))[:, None], order


# %% linear_attention wrong "the one is not added to the feature map"
def linear_attention(Q, K, V):
    (m, N), (n, d) = Q.shape, V.shape
    order = "state" if N * d * (n + m) < m * n * (N + d) else "rows"
    Q, K = F.elu(Q), F.elu(K)
    return Q @ (K.T @ V) / (Q @ K.sum(dim=0))[:, None], order


# %% linear_attention wrong "a ReLU as the feature map"
def linear_attention(Q, K, V):
    (m, N), (n, d) = Q.shape, V.shape
    order = "state" if N * d * (n + m) < m * n * (N + d) else "rows"
    Q, K = F.relu(Q), F.relu(K)
    return Q @ (K.T @ V) / (Q @ K.sum(dim=0))[:, None], order


# %% linear_attention wrong "the feature map applied to the scores, not to queries and keys"
def linear_attention(Q, K, V):
    (m, N), (n, d) = Q.shape, V.shape
    order = "state" if N * d * (n + m) < m * n * (N + d) else "rows"
    scores = F.elu(Q @ K.T) + 1
    return scores @ V / scores.sum(dim=1, keepdim=True), order


# %% linear_attention wrong "normalised over the queries instead of the keys"
def linear_attention(Q, K, V):
    (m, N), (n, d) = Q.shape, V.shape
    order = "state" if N * d * (n + m) < m * n * (N + d) else "rows"
    scores = (F.elu(Q) + 1) @ (F.elu(K) + 1).T
    return scores / scores.sum(dim=0) @ V, order


# %% linear_attention wrong "scores divided by the root of the width, then an exponential: a softmax"
def linear_attention(Q, K, V):
    (m, N), (n, d) = Q.shape, V.shape
    order = "state" if N * d * (n + m) < m * n * (N + d) else "rows"
    weights = torch.exp(Q @ K.T / N**0.5)
    return weights @ V / weights.sum(dim=1, keepdim=True), order


# %% linear_attention wrong "only the result is returned"
def linear_attention(Q, K, V):
    Q, K = F.elu(Q) + 1, F.elu(K) + 1
    return Q @ (K.T @ V) / (Q @ K.sum(dim=0))[:, None]


# %% linear_attention wrong "as many keys as queries taken for granted: m for n"
def linear_attention(Q, K, V):
    (m, N), (n, d) = Q.shape, V.shape
    order = "state" if 2 * N * d < m * (N + d) else "rows"
    Q, K = F.elu(Q) + 1, F.elu(K) + 1
    return Q @ (K.T @ V) / (Q @ K.sum(dim=0))[:, None], order


# %% linear_attention wrong "as many queries as keys taken for granted: n for m"
def linear_attention(Q, K, V):
    (m, N), (n, d) = Q.shape, V.shape
    order = "state" if 2 * N * d < n * (N + d) else "rows"
    Q, K = F.elu(Q) + 1, F.elu(K) + 1
    return Q @ (K.T @ V) / (Q @ K.sum(dim=0))[:, None], order


# %% chunked hints [markdown]
# 1. What does a position take from its own chunk, what from all before it, and by how
#    much does each fade on the way?
# 2. An input at place `s` of the chunk fades up to `t` for the output, and up to the
#    chunk's last place for the state that is handed on. The old state fades from the
#    chunk's first step on, that step included.
# 3. For each chunk: running sums of the logarithms; the small matrix of exercise 8
#    times `x`; plus the old state, faded and read by `C`. Then the new state: the old
#    one faded through all the chunk, plus the inputs, each faded to the end.


# %% chunked right "the states first, then all chunks at once"
def chunked(a, B, C, x, chunk):
    k = len(a) // chunk
    a, B, C, x = (v.reshape(k, chunk, *v.shape[1:]) for v in (a, B, C, x))
    total = a.log().cumsum(1)
    left = (total[:, -1:] - total).exp()
    own = torch.einsum("kc,kcn,kcd->knd", left, B, x)
    h, ends = torch.zeros_like(own[0]), []
    for fade, new in zip(total[:, -1].exp(), own):
        h = fade * h + new
        ends.append(h)
    ends = torch.stack(ends)
    before = torch.cat([torch.zeros_like(ends[:1]), ends[:-1]])
    L = (total[:, :, None] - total[:, None]).exp().tril()
    y = (L * (C @ B.mT)) @ x + total.exp()[..., None] * (C @ before)
    return y.reshape(k * chunk, -1), ends


# %% chunked right "step by step inside, which is slow and right"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    for t in range(len(a)):
        h = a[t] * h + torch.outer(B[t], x[t])
        y.append(C[t] @ h)
        if (t + 1) % chunk == 0:
            ends.append(h)
    return torch.stack(y), torch.stack(ends)


# %% chunked wrong "each chunk begins with an empty state"
def chunked(a, B, C, x, chunk):
    y, ends = [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        y.append(((total[:, None] - total).exp().tril() * (C_c @ B_c.T)) @ x_c)
        ends.append(((total[-1] - total).exp()[:, None] * B_c).T @ x_c)
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "the old state does not fade on its way into the chunk"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp().tril() * (C_c @ B_c.T)
        y.append(M @ x_c + C_c @ h)
        left = (total[-1] - total).exp()[:, None]
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "the old state misses the fading of the chunk's first step"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp().tril() * (C_c @ B_c.T)
        y.append(M @ x_c + (total - log_a[0]).exp()[:, None] * (C_c @ h))
        left = (total[-1] - total).exp()[:, None]
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "the old state misses the fading of the present step"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp().tril() * (C_c @ B_c.T)
        y.append(M @ x_c + (total - log_a).exp()[:, None] * (C_c @ h))
        left = (total[-1] - total).exp()[:, None]
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "the old state does not fade through the chunk"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp().tril() * (C_c @ B_c.T)
        y.append(M @ x_c + total.exp()[:, None] * (C_c @ h))
        left = (total[-1] - total).exp()[:, None]
        h = h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "inputs do not fade to the chunk's end"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp().tril() * (C_c @ B_c.T)
        y.append(M @ x_c + total.exp()[:, None] * (C_c @ h))
        left = torch.ones(len(total), 1)
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "inputs fade from the chunk's start instead of to its end"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp().tril() * (C_c @ B_c.T)
        y.append(M @ x_c + total.exp()[:, None] * (C_c @ h))
        left = total.exp()[:, None]
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "inputs fade at their own step, too"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp().tril() * (C_c @ B_c.T)
        y.append(M @ x_c + total.exp()[:, None] * (C_c @ h))
        left = (total[-1] - total + log_a).exp()[:, None]
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "the matrix is not causal inside the chunk"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp() * (C_c @ B_c.T)
        y.append(M @ x_c + total.exp()[:, None] * (C_c @ h))
        left = (total[-1] - total).exp()[:, None]
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "no fading inside the chunk"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (C_c @ B_c.T).tril()
        y.append(M @ x_c + total.exp()[:, None] * (C_c @ h))
        left = (total[-1] - total).exp()[:, None]
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "a position does not see its own input"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp().tril(-1) * (C_c @ B_c.T)
        y.append(M @ x_c + total.exp()[:, None] * (C_c @ h))
        left = (total[-1] - total).exp()[:, None]
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "B and C have changed places in the matrix"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp().tril() * (B_c @ C_c.T)
        y.append(M @ x_c + total.exp()[:, None] * (C_c @ h))
        left = (total[-1] - total).exp()[:, None]
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "the new state is read already, with its own chunk in it"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp().tril() * (C_c @ B_c.T)
        left = (total[-1] - total).exp()[:, None]
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        y.append(M @ x_c + total.exp()[:, None] * (C_c @ h))
        ends.append(h)
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "the states are those before the chunks, not at their ends"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp().tril() * (C_c @ B_c.T)
        y.append(M @ x_c + total.exp()[:, None] * (C_c @ h))
        ends.append(h)
        left = (total[-1] - total).exp()[:, None]
        h = total[-1].exp() * h + (left * B_c).T @ x_c
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "the states are transposed"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp().tril() * (C_c @ B_c.T)
        y.append(M @ x_c + total.exp()[:, None] * (C_c @ h))
        left = (total[-1] - total).exp()[:, None]
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends).mT


# %% chunked wrong "only the last state is returned"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp().tril() * (C_c @ B_c.T)
        y.append(M @ x_c + total.exp()[:, None] * (C_c @ h))
        left = (total[-1] - total).exp()[:, None]
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), h


# %% chunked wrong "the decays run over the whole sequence: the sum does not begin anew"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log().cumsum(0), B, C, x)]
    for total, B_c, C_c, x_c in zip(*parts):
        M = (total[:, None] - total).exp().tril() * (C_c @ B_c.T)
        y.append(M @ x_c + total.exp()[:, None] * (C_c @ h))
        left = (total[-1] - total).exp()[:, None]
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "a state holds its own chunk only"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp().tril() * (C_c @ B_c.T)
        y.append(M @ x_c + total.exp()[:, None] * (C_c @ h))
        left = (total[-1] - total).exp()[:, None]
        h = (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends)


# %% chunked wrong "outputs see their own chunk only"
def chunked(a, B, C, x, chunk):
    h, y, ends = torch.zeros(B.shape[1], x.shape[1]), [], []
    parts = [v.split(chunk) for v in (a.log(), B, C, x)]
    for log_a, B_c, C_c, x_c in zip(*parts):
        total = log_a.cumsum(0)
        M = (total[:, None] - total).exp().tril() * (C_c @ B_c.T)
        y.append(M @ x_c)
        left = (total[-1] - total).exp()[:, None]
        h = total[-1].exp() * h + (left * B_c).T @ x_c
        ends.append(h)
    return torch.cat(y), torch.stack(ends)


# %% chunked equivalent "the lists are equally long"
# for log_a, B_c, C_c, x_c in zip(*parts, strict=True): -> for log_a, B_c, C_c, x_c in zip(*parts):
# for log_a, B_c, C_c, x_c in zip(*parts, strict=True): -> for log_a, B_c, C_c, x_c in zip(*parts, strict=False):
