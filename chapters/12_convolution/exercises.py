# %% [markdown]
# # Convolution: exercises
#
# Ten exercises, three questions with options and one for a person. Each stands alone:
# if you are stuck, go on with the next. Numbers 8 and 9 are the hard ones; take paper.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. The checks name your mistake where they know it. Some tests are hidden until
# your work is graded, so think of what is not in the examples: images that are not
# square, kernels that are not square, negative numbers, strides that leave a rest.
#
# Stuck? `check.hint("corr2d")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import torch
from torch.nn import functional as F

from utils import check
from utils.device import set_seed

set_seed(0)


def whole(*shape):
    """Whole numbers from -4 to 5 as float32, the same ones for the same shape."""
    generator = torch.Generator().manual_seed(sum(shape) * len(shape))
    return torch.randint(-4, 6, shape, generator=generator).float()


def cross_correlate(X, K):
    """Slide K (kh, kw) over X (h, w), add up the products: (h-kh+1, w-kw+1)."""
    windows = F.unfold(X[None, None], K.shape)[0]  # (kh * kw, places)
    size = [n - k + 1 for n, k in zip(X.shape, K.shape, strict=True)]
    return (K.flatten() @ windows).reshape(size)


# %% [markdown]
# `whole(3, 4)` makes up a matrix of whole numbers, so that you can check by hand.
# `cross_correlate(X, K)` is exercise 1 with a stride of 1: use it from exercise 3 on.

# %% [markdown]
# ## 1. Cross-correlation
#
# Write `corr2d(X, K, stride)`: lay the kernel on the image, multiply place by place,
# add up, move on. The lecture moved by one; here the two axes have a step each.
#
# - Takes `X`: (h, w) and `K`: (kh, kw), float32, neither of them square in general;
#   `stride`: a pair (sh, sw) of ints, rows and columns that the kernel moves at a time.
# - Returns `Y` float32, $Y_{i,j} = \sum_{a,b} X_{i s_h + a,\, j s_w + b} K_{a,b}$, for
#   every window that lies wholly in the image; a rest that fills no step is dropped.
# - Not allowed: PyTorch's convolutions, `F.unfold` and so `cross_correlate`. Loops are
#   fine.
#
# Example: `[[0, 1, 2], [3, 4, 5], [6, 7, 8]]` with the kernel `[[0, 1], [2, 3]]` and
# `stride=(1, 2)` gives `[[19], [37]]`.


# %% exercise="corr2d"
def corr2d(X, K, stride):
    """Y[i,j] = sum over a,b of X[i*sh + a, j*sw + b] K[a,b], stride = (sh, sw)."""
    ### BEGIN SOLUTION
    (kh, kw), (h, w), (sh, sw) = K.shape, X.shape, stride
    last_row, last_column = h - kh + 1, w - kw + 1  # no window begins there or later
    Y = 0
    for a in range(kh):
        for b in range(kw):
            Y = Y + K[a, b] * X[a : a + last_row : sh, b : b + last_column : sw]
    return Y
    ### END SOLUTION


# %% test="corr2d" points=2 bans="convolution, unfold"
check.probe(corr2d, whole(9, 8), torch.tensor([[2.0, -1.0, 3.0]]), (3, 2))
check.probe(corr2d, whole(7, 8), whole(2, 3), (2, 1))
check.probe(corr2d, whole(6, 9), whole(3, 2), (1, 3))
check.probe(
    corr2d, torch.arange(9.0).reshape(3, 3), torch.tensor([[1.0, -1.0]]), (1, 1)
)
### BEGIN HIDDEN TESTS
check.probe(corr2d, whole(8, 7), whole(2, 3), (3, 2))
check.probe(corr2d, whole(4, 5), whole(4, 5) + 1, (2, 3))
check.probe(corr2d, whole(3, 6), torch.tensor([[2.0]]), (2, 4))
### END HIDDEN TESTS

# %% [markdown]
# ## 2. How large is the output?
#
# Write `output_size(size, kernel, padding, stride, dilation)`: the number of outputs
# along one axis.
#
# - Takes `size`, pixels along the axis, and `kernel`, its size, both ints; `padding`, a
#   pair of ints (front, behind), the zeros before the first and after the last pixel;
#   `stride`, the step between windows; `dilation`, the distance between two taps. The
#   last three are (0, 0), 1 and 1 by default. The kernel always fits.
# - Returns an int. Not allowed: making a tensor and asking PyTorch. Use arithmetic.
#
# Example: `output_size(28, 5, padding=(1, 3), stride=3)` is 10: the padded axis has 32
# pixels, the first window takes 5 of them, and the other 27 are 9 steps of 3.


# %% exercise="output_size"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    """Number of outputs of a convolution along one axis, an int."""
    ### BEGIN SOLUTION
    span = dilation * (kernel - 1) + 1
    return (size + sum(padding) - span) // stride + 1
    ### END SOLUTION


# %% test="output_size" points=2 bans="torch"
check.probe(output_size, 26, 5)
check.probe(output_size, 41, 7, padding=(3, 8), stride=2)
check.probe(output_size, 19, 2, padding=(5, 7), stride=2, dilation=4)
check.probe(output_size, 40, 3, padding=(1, 3), stride=5)
check.probe(output_size, 40, 3, padding=(4, 2), stride=5)
check.probe(output_size, 28, 5, padding=(1, 3), stride=3)
### BEGIN HIDDEN TESTS
check.probe(output_size, 30, 4, padding=(2, 4), stride=5, dilation=3)
check.probe(output_size, 224, 7, padding=(3, 2), stride=2)
check.probe(output_size, 9, 9, (0, 0), 2)
check.probe(output_size, 13, 1, dilation=4, stride=3)
check.probe(output_size, 20, 3, padding=(0, 5))
### END HIDDEN TESTS

# %% [markdown] choice="smaller_stride" points=1
# ## Think: half the stride
# A layer with a kernel of 4, padding 1 on each side and stride 2 makes 16 x 16 outputs
# of an image of 32 x 32. Somebody halves the stride to 1 and changes nothing else. How
# many outputs are there now?
#
# - 32 x 32, as half the stride makes twice as many stops.
#   wrong: the size taken for a quotient, where one window stands before any step
# - 31 x 31.
#   right: the padded axis has 34 pixels, the first window takes 4 of them, and the
#   other 30 are 30 steps.
# - 33 x 33, one more than the pixels of the image.
#   wrong: the padding thought to add an output on each side
# - 16 x 16, since the padding is chosen for that size.
#   wrong: padding thought to fix the size of the output whatever the stride

# %% [markdown]
# ## 3. A true convolution
#
# Write `convolve2d(X, K)`: the convolution of the mathematicians, at every place where
# kernel and image touch at all,
#
# $$Y_{i,j} = \sum_{a,b} K_{a,b}\, X_{i-a,\,j-b}$$
#
# where pixels outside the image count as 0.
#
# - Takes `X`: (h, w) and `K`: (kh, kw) float32.
# - Returns (h + kh - 1, w + kw - 1) float32.
# - Given: `cross_correlate(X, K)`, which neither flips nor pads.
#
# Example: `X = [[1, 0, 2]]` and `K = [[1, 10]]` give `[[1, 10, 2, 20]]`: every pixel
# stamps the kernel. Your function gives the same with `X` and `K` swapped.


# %% exercise="convolve2d"
def convolve2d(X, K):
    """Full true convolution: (h, w) and (kh, kw) -> (h + kh - 1, w + kw - 1)."""
    ### BEGIN SOLUTION
    kh, kw = K.shape
    padded = F.pad(X, (kw - 1, kw - 1, kh - 1, kh - 1))  # left, right, top, bottom
    return cross_correlate(padded, K.flip(0, 1))
    ### END SOLUTION


# %% test="convolve2d" points=2
check.probe(convolve2d, whole(3, 5), torch.tensor([[1.0, 20.0], [3.0, -4.0], [5, 9]]))
check.probe(convolve2d, torch.tensor([[1.0, 0.0, 2.0]]), torch.tensor([[1.0, 10.0]]))
### BEGIN HIDDEN TESTS
check.probe(convolve2d, whole(2, 3), whole(4, 5))
check.probe(convolve2d, whole(5, 4), whole(1, 3))
check.probe(convolve2d, whole(4, 4), whole(3, 3))
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Channels last
#
# Some libraries keep channels last. Write `conv2d(X, W, b)`: their convolutional layer
# for one image, stride 1, no padding.
#
# - Takes `X`: (h, w, in); `W`: (kh, kw, in, out), for each output channel a kernel with
#   one slice for each input channel; `b`: (out,).
# - Returns (h - kh + 1, w - kw + 1, out): for each output channel, the sum over the
#   input channels of the cross-correlation with its slice, plus its bias.
# - Given: `cross_correlate` for two matrices. Not allowed: PyTorch's convolutions.
#
# Example: with `in` = 2 and kernels of 1 x 1, the first output map is
# `W[0, 0, 0, 0] * X[:, :, 0] + W[0, 0, 1, 0] * X[:, :, 1] + b[0]`.


# %% exercise="conv2d"
def conv2d(X, W, b):
    """(h, w, in), (kh, kw, in, out), (out,) -> (h - kh + 1, w - kw + 1, out)."""
    ### BEGIN SOLUTION
    kh, kw = W.shape[:2]
    windows = X.unfold(0, kh, 1).unfold(1, kw, 1)  # (h_out, w_out, in, kh, kw)
    return torch.einsum("ijcab,abco->ijo", windows, W) + b
    ### END SOLUTION


# %% test="conv2d" points=3 bans="convolution except cross_correlate"
bias = torch.tensor([1.0, 20.0, -3.0])
check.probe(conv2d, whole(4, 6, 3), whole(2, 3, 3, 3), bias)
bias = torch.tensor([5.0, -6.0, 7.0, 80.0])
check.probe(conv2d, whole(5, 4, 2), whole(3, 2, 2, 4), bias)
### BEGIN HIDDEN TESTS
bias = torch.tensor([-9.0, 2.0])
check.probe(conv2d, whole(3, 5, 4), whole(3, 1, 4, 2), bias)
bias = torch.tensor([4.0, 0.0, 1.0])
check.probe(conv2d, whole(4, 4, 1), whole(2, 2, 1, 3), bias)
check.probe(conv2d, whole(3, 3, 5), whole(2, 3, 5, 1), torch.tensor([10.0]))
### END HIDDEN TESTS


# %% [markdown] choice="swapped_channels" points=1
# ## Think: red and blue change places
# A layer `nn.Conv2d(3, 8, 5)` is trained on colour images in the order red, green,
# blue. Then somebody hands it images in the order blue, green, red. What would give the
# old outputs again, for every image?
#
# - Nothing: it has to be trained anew.
#   wrong: the order of the channels thought to be in more than one place of the weight
# - The same swap along the first axis of the weight.
#   wrong: channels out taken for channels in
# - The same swap along the second axis of the weight.
#   right: each of the 8 kernels has a slice for each colour, and their products are
#   added. A sum does not care for the order, if the pairs stay together.
# - The same swap of the outputs.
#   wrong: an output map thought to belong to one input channel

# %% [markdown]
# ## 5. 1 x 1: a matrix product
#
# Write `conv1x1(X, W, b)`: a convolution with kernels of one pixel, for a whole batch,
# as **one** matrix product.
#
# - Takes `X`: (N, in, h, w); `W`: (out, in, 1, 1); `b`: (out,).
# - Returns (N, out, h, w): at every pixel the full layer `W` of the pixel's `in`
#   numbers, plus `b`.
# - Not allowed: PyTorch's convolutions, `torch.einsum` and loops. Reshape, move axes,
#   and use `@`.
#
# Example: with `W[0] = [[[1]], [[-1]]]` and `b[0] = 5` the first output channel is the
# first input channel minus the second, plus 5.


# %% exercise="conv1x1"
def conv1x1(X, W, b):
    """(N, in, h, w), (out, in, 1, 1), (out,) -> (N, out, h, w), by one product."""
    ### BEGIN SOLUTION
    N, C, h, w = X.shape
    columns = X.transpose(0, 1).reshape(C, -1)  # (in, N * h * w)
    Y = W.flatten(1) @ columns + b[:, None]  # (out, N * h * w)
    return Y.reshape(-1, N, h, w).transpose(0, 1)  # (out, N, ...) -> (N, out, ...)
    ### END SOLUTION


# %% test="conv1x1" points=2 bans="convolution, einsum, loops"
bias = torch.tensor([10.0, 20.0, 30.0])
check.probe(conv1x1, whole(2, 3, 2, 4), whole(3, 3, 1, 1), bias)
bias = torch.tensor([1.0, 2.0, 30.0, 40.0])
check.probe(conv1x1, whole(3, 2, 3, 2), whole(4, 2, 1, 1), bias)
check.probe(conv1x1, whole(2, 1, 3, 2), whole(4, 1, 1, 1), bias)
### BEGIN HIDDEN TESTS
bias = torch.tensor([7.0, -8.0])
check.probe(conv1x1, whole(4, 5, 1, 3), whole(2, 5, 1, 1), bias)
check.probe(conv1x1, whole(1, 4, 3, 5), whole(1, 4, 1, 1), torch.tensor([3.0]))
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Pooling
#
# Write `pool2d(X, kernel, stride, padding, mode)`, as PyTorch does it.
#
# - Takes `X`: (N, C, h, w) float32, negative numbers too; `kernel`: the window's side;
#   `stride`: an int, or `None` for PyTorch's default; `padding`: rows added on each
#   side, at most half the kernel; `mode`: `"max"` or `"mean"`.
# - Returns (N, C, h_out, w_out). Rests that fill no window are dropped. Padding never
#   wins a maximum; in a mean it counts as zeros.
# - Not allowed: PyTorch's pooling. `F.pad` and `unfold` are allowed.
#
# Example: the image `[[1, 2, 3, 4, 5]] * 5` with `kernel=2` gives the maxima
# `[[2, 4], [2, 4]]`.


# %% exercise="pool2d"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    """Maximum or mean of each window: (N, C, h, w) -> (N, C, h_out, w_out)."""
    ### BEGIN SOLUTION
    step = kernel if stride is None else stride
    outside = -torch.inf if mode == "max" else 0.0
    padded = F.pad(X, [padding] * 4, value=outside)
    windows = padded.unfold(2, kernel, step).unfold(3, kernel, step)  # (..., k, k)
    return windows.amax(dim=(4, 5)) if mode == "max" else windows.mean(dim=(4, 5))
    ### END SOLUTION


# %% test="pool2d" points=3 bans="pooling"
image = whole(1, 2, 9, 8)
check.probe(pool2d, image, 2)
check.probe(pool2d, whole(1, 2, 9, 7) - 6, 3, stride=2, padding=1)
check.probe(pool2d, image, 3, stride=2, padding=1, mode="mean")
### BEGIN HIDDEN TESTS
check.probe(pool2d, whole(2, 3, 8, 9), 4)
check.probe(pool2d, whole(3, 1, 6, 7), 3, 1, 0, "mean")
check.probe(pool2d, whole(2, 2, 5, 6) - 7, 2, padding=1)
check.probe(pool2d, whole(1, 4, 6, 5), 2, mode="mean")
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Learn an edge kernel
#
# Write `learn_kernel(X, Y, shape, lr, num_steps)`: find the kernel that turns `X` into
# `Y`, by gradient descent.
#
# - Takes `X`: (h, w); `Y`: its cross-correlation with an unknown kernel; `shape`: (kh,
#   kw) of that kernel; the learning rate; the number of steps.
# - Start from a kernel of **zeros**. The loss is the **mean** squared error over `Y`.
#   Step by `lr` times the gradient.
# - Returns `(K, losses)`: the kernel (kh, kw) without a graph, and a list of
#   `num_steps` floats, the loss *before* each step.
# - Given: `cross_correlate`. Allowed: autograd and `torch.optim`.
#
# Example: `X = [[1, 2]]`, `Y = [[6]]`, shape (1, 2), `lr = 0.1`, one step: the loss is
# 36, the kernel becomes `[[1.2, 2.4]]`.


# %% exercise="learn_kernel"
def learn_kernel(X, Y, shape, lr, num_steps):
    """Fit a kernel to X -> Y by gradient descent; return (kernel, losses)."""
    ### BEGIN SOLUTION
    K = torch.zeros(shape, requires_grad=True)
    losses = []
    for _ in range(num_steps):
        loss = ((cross_correlate(X, K) - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            K -= lr * K.grad
        K.grad.zero_()
        losses.append(loss.item())
    return K.detach(), losses
    ### END SOLUTION


# %% test="learn_kernel" points=3
check.probe(
    learn_kernel, torch.tensor([[1.0, 2.0]]), torch.tensor([[6.0]]), (1, 2), 0.1, 1
)
X, Y = whole(5, 6), whole(4, 4)
check.probe(learn_kernel, X, Y, (2, 3), 0.01, 4)
edge = torch.tensor([[1.0, 0.0, -1.0]]) * torch.tensor([[1.0], [2.0], [1.0]])
noise = torch.randn(24, 24, generator=torch.Generator().manual_seed(1))
target = cross_correlate(noise, edge)
K, losses = check.call(learn_kernel, noise, target, (3, 3), 0.1, 60)
error = (K - edge).abs().max().item()
check.reaches(error, 0.02, what="error of Sobel's kernel", below=True)
### BEGIN HIDDEN TESTS
check.probe(learn_kernel, whole(6, 5), whole(4, 5), (3, 1), 0.02, 3)
check.probe(learn_kernel, X, Y, (2, 3), 0.01, 2, graph=False)
check.probe(learn_kernel, X, Y, (2, 3), 0.01, 0)
check.reaches(losses[-1], 1e-3, what="last loss", below=True)
### END HIDDEN TESTS

# %% [markdown]
# ## 8. The full layer behind a convolution (hard)
#
# Write `full_weight(K, h, w, stride, padding)`: the four-axis weight of the full layer
# that computes exactly the same as the cross-correlation with `K`.
#
# - Takes `K`: (kh, kw) float32; `h`, `w`: the input's size, *without* padding; stride
#   and padding as ints, equal for both axes.
# - Returns `W4`: (h_out, w_out, h, w) float32, such that for **every** image `X` of
#   (h, w), `torch.einsum("ijkl,kl->ij", W4, X)` is the padded, strided
#   cross-correlation.
# - Allowed: everything in PyTorch.

# %% [markdown]
# Example: `K = [[1, 2]]`, `h = 1`, `w = 3`, `padding = 0` gives two rows of weights,
# `[1, 2, 0]` and `[0, 1, 2]`.
#
# A hint for the thinking, not the typing: which weights meet the padding, and do they
# need a place in `W4`?


# %% exercise="full_weight"
def full_weight(K, h, w, stride=1, padding=0):
    """Four-axis weight (h_out, w_out, h, w) of the full layer equal to K's layer."""
    ### BEGIN SOLUTION
    kh, kw = K.shape
    rows, columns = h + 2 * padding, w + 2 * padding
    h_out, w_out = (rows - kh) // stride + 1, (columns - kw) // stride + 1
    W4 = torch.zeros(h_out, w_out, rows, columns)
    for i in range(h_out):
        for j in range(w_out):
            top, left = i * stride, j * stride
            W4[i, j, top : top + kh, left : left + kw] = K
    return W4[:, :, padding : padding + h, padding : padding + w]
    ### END SOLUTION


# %% test="full_weight" points=4
check.probe(full_weight, torch.tensor([[1.0, 2.0]]), 1, 3)
check.probe(full_weight, whole(3, 2), 4, 5, stride=2, padding=1)
### BEGIN HIDDEN TESTS
check.probe(full_weight, whole(2, 4), 3, 6, stride=2)
check.probe(full_weight, whole(3, 3), 4, 3, padding=1)
check.probe(full_weight, whole(5, 3), 3, 4, 3, 2)
### END HIDDEN TESTS

# %% [markdown]
# ## 9. Transposed convolution by an ordinary one (hard)
#
# Write `conv_transpose2d(X, W, stride, padding, output_padding)`.
#
# - Takes `X`: (N, in, h, w); `W`: (**in, out**, k, k); ints with
#   `padding` below `k` and `output_padding` below `stride`.
# - Returns (N, out, h', w'), $h' = (h - 1) s - 2p + k + p_{out}$: every input number
#   stamps its kernel, stamps lie $s$ apart and add up; then $p$ rows and columns go off
#   each side. `output_padding` makes the result so much larger at the bottom and on the
#   right: stamps that reach there count.
# - Not allowed: PyTorch's transposed convolutions, or a gradient through a convolution.
#   `F.conv2d` **is** allowed.

# %% [markdown]
# One way is to stamp, in loops. Another: put zeros between the pixels, then find the
# ordinary convolution that gives the same. Where does the kernel meet the first pixel,
# and which way round?
#
# Example: `X = [[[[1, 2]]]]`, `W = [[[[1, 10], [5, 7]]]]`, `stride=2` gives
# `[[1, 10, 2, 20], [5, 7, 10, 14]]`; with `stride=1`, `[[1, 12, 20], [5, 17, 14]]`.


# %% exercise="conv_transpose2d"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    """(N, in, h, w), (in, out, k, k) -> (N, out, (h-1)s - 2p + k + p_out, ...)."""
    ### BEGIN SOLUTION
    (N, C, h, w), k = X.shape, W.shape[2]
    spread = torch.zeros(N, C, (h - 1) * stride + 1, (w - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = X
    near = k - 1 - padding
    far = near + output_padding
    spread = F.pad(spread, (near, far, near, far))
    return F.conv2d(spread, W.transpose(0, 1).flip(2, 3))
    ### END SOLUTION


# %% test="conv_transpose2d" points=4 bans="transposed convolution"
stamp = torch.tensor([[[[1.0, 10.0], [5.0, 7.0]]]])
check.probe(conv_transpose2d, torch.tensor([[[[1.0, 2.0]]]]), stamp)
check.probe(conv_transpose2d, torch.tensor([[[[1.0, 2.0]]]]), stamp, stride=2)
check.probe(
    conv_transpose2d, whole(1, 2, 3, 4), whole(2, 2, 3, 3), 2, 1, output_padding=1
)
### BEGIN HIDDEN TESTS
check.probe(conv_transpose2d, whole(2, 3, 2, 3), whole(3, 2, 4, 4), 2, 1)
check.probe(conv_transpose2d, whole(1, 1, 3, 2), whole(1, 2, 3, 3), 3, 0, 2)
check.probe(conv_transpose2d, whole(1, 2, 4, 3), whole(2, 1, 3, 3), 1, 2)
### END HIDDEN TESTS

# %% [markdown]
# ## 10. Receptive field of a stack
#
# Write `receptive_field(layers)`: how many input pixels, along one axis, can one output
# of a stack of layers see, and how far apart are the fields of two neighbours?
#
# - Takes a list of `(kernel, stride, dilation)`, ints, from the input up; a pooling
#   counts too.
# - Returns `(field, jump)`, two ints.
# - Not allowed: building the layers. Use arithmetic.
#
# Example: [LeNet](13), up to its second pooling, is
# `[(5, 1, 1), (2, 2, 1), (5, 1, 1), (2, 2, 1)]` and gives `(16, 4)`: each of the last
# map's numbers sees 16 x 16 of the 28 x 28 pixels, and its neighbour's field begins 4
# further on. An empty list gives `(1, 1)`.


# %% exercise="receptive_field"
def receptive_field(layers):
    """(field, jump) in input pixels of a stack of (kernel, stride, dilation)."""
    ### BEGIN SOLUTION
    field, jump = 1, 1
    for kernel, stride, dilation in layers:
        field += dilation * (kernel - 1) * jump
        jump *= stride
    return field, jump
    ### END SOLUTION


# %% test="receptive_field" points=3 bans="layers"
check.probe(receptive_field, [(3, 2, 1), (4, 3, 2), (3, 2, 3)])
check.probe(receptive_field, [(5, 1, 1), (2, 2, 1), (5, 1, 1), (2, 2, 1)])
check.probe(receptive_field, [])
### BEGIN HIDDEN TESTS
check.probe(receptive_field, [(3, 1, 1), (3, 1, 2), (3, 1, 4), (3, 1, 8)])
check.probe(receptive_field, [(7, 2, 1), (3, 2, 1), (1, 1, 1), (3, 1, 1), (2, 5, 2)])
check.probe(receptive_field, [(11, 4, 1)])
### END HIDDEN TESTS

# %% [markdown] choice="same_field" points=1
# ## Think: one field, two stacks
# Stack A has three layers of 3 x 3. Stack B has one layer of 7 x 7. All have stride 1,
# 16 channels in and 16 out, no bias and no activation. What is true of them? Choose all
# that hold.
#
# - An output of either sees 7 x 7 pixels.
#   right: each 3 x 3 layer adds two rows and two columns to the first one's three.
# - Whatever B computes, A can compute with the right weights.
#   wrong: an equal field taken for equal freedom
# - A has fewer weights.
#   right: 27 for each pair of channels against 49.
# - With a ReLU after each layer, A would see more than 7 x 7 pixels.
#   wrong: an activation, which works pixel by pixel, thought to widen the field

# %% [markdown]
# ## A question: a loss of 0
#
# A colleague learns a 3 x 3 kernel from pictures of vertical stripes. The loss is 0, on
# new pictures of vertical stripes too. On photos the kernel is wrong. With nine weights
# and thousands of pixels, how can that be? How would you find out *before* training,
# and what would you add to the data? A few sentences; a person reads them.

# %% [markdown] manual="loss_of_zero" points=2
# ### BEGIN SOLUTION
# All rows of such a picture are equal, so only the sum of each column of the kernel
# reaches the output: three numbers are determined, six are free, and gradient descent
# leaves them where they started. New stripes have the same blindness, so a test on them
# can't show it. Beforehand: unroll all windows into a matrix with nine columns and look
# at its rank (3) or its eigenvalues. Add pictures whose rows differ: turned stripes,
# slanted edges, photos, or best noise, whose nine pixels are independent.
# ### END SOLUTION
