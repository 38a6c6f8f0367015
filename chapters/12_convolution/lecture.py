# %% [markdown]
# # Convolution: one small window for the whole picture
#
# Look at a photo of a man behind a camera. You see at a glance where his coat ends, and
# you would see it just as well if he stood a step to the left.
# **How can a layer see an edge everywhere, without learning every place anew?**
#
# You start from the [fully connected layer](07), take away what a picture does not
# need, and are left with nine numbers. You let that layer learn to find edges, and ask
# what is its best teacher. At the end you look at the kernels of two trained nets.
#
# You need the [long valley](03 "condition number") of linear regression, the
# [fully connected layer](07) and [learning-rate schedules](10).

# %%
import io

import numpy as np
import torch
from d2l import torch as d2l
from torch import nn
from torch.nn import functional as F
from torchvision.models import mobilenet_v2

from utils import packaged, plots
from utils.data import photo
from utils.device import set_seed, try_gpu
from utils.drawings import convolution as drawings
from utils.metrics import r2

plots.use_style()
set_seed(0)
device = try_gpu()

# %% [markdown]
# ## What a full layer would cost
#
# The photo is grey: (1, 512, 512). We work on a crop of 256 x 256 around his head.
# Suppose a fully connected layer reads the whole photo and answers with a picture of
# the same size, "how much of an edge is here?" for every pixel. Every output number has
# one weight for every input number.

# %%
camera = photo("camera")  # (1, 512, 512), from 0 (black) to 1 (white)
man = camera[:, 60:316, 100:356]  # (1, 256, 256)
pixels = camera.numel()
print(f"{pixels:,} pixels, {pixels**2:,} weights")
print(f"{pixels**2 * 4 / 1e9:.0f} GB of float32, against 36 bytes for a 3 x 3 kernel")
assert round(pixels**2 * 4 / 1e9) == 275

# %% [markdown]
# 69 billion weights for one layer on one small grey photo. Two observations bring them
# down to nine:
#
# - **Translation invariance**: an edge is an edge wherever it stands. So the weights
#   should depend on where an input pixel lies *relative to* the output pixel, and on
#   nothing else. (The *rule* doesn't change with the place. The *answer* moves along
#   with the edge, which has a name of its own below: **equivariance**.)
# - **Locality**: to see an edge here, you need the pixels nearby. So weights further
#   off than a few pixels can be zero.

# %% [markdown]
# The picture is for images of 6 x 6, unrolled to 36 numbers: each row holds the weights
# of one output pixel, blue above 0, red below. **Look for** what repeats from row to
# row in the middle, and for how little is left on the right.

# %%
n = 6
offsets = torch.arange(n)[:, None] - torch.arange(n)  # (i, k) -> i - k
down, right = offsets[:, None, :, None], offsets[None, :, None, :]  # i-k, j-l
shared = torch.randn(2 * n - 1, 2 * n - 1)[down, right]  # weight of an offset
near = (down.abs() <= 1) & (right.abs() <= 1)
stages = {
    "full": torch.randn(n, n, n, n),  # (i, j, k, l)
    "+ same at every place": shared,
    "+ only near pixels": shared * near,
}
different = {name: len(W[W != 0].unique()) for name, W in stages.items()}
fig = drawings.unrolled({f"{k}: {v} weights": stages[k] for k, v in different.items()})
plots.show(
    fig,
    alt="Three 36 x 36 weight matrices. Full: 1,296 unrelated weights. The same at "
    "every place: diagonal stripes, 121 weights. Only near pixels: three narrow groups "
    "of diagonals, 9 weights, the rest zero.",
)
assert [*different.values()] == [1296, 121, 9]

# %% [markdown]
# What repeats is the row itself, one place further each time: the stripes. On the right
# nine numbers are left, and the zeros.
#
# ## The formula
#
# Let $X$ be the input image and $H$ the output. To keep both as pictures, the full
# layer's weight has **four axes**: output place $(i, j)$, input place $(k, l)$.
#
# $$H_{i,j} = u_{i,j} + \sum_{k,l} W_{i,j,k,l}\, X_{k,l}
#            = u_{i,j} + \sum_{a,b} V_{i,j,a,b}\, X_{i+a,\,j+b}$$
#
# The second form only counts from the output pixel: $a = k - i$, $b = l - j$. Now
# translation invariance says that $V$ and the bias $u$ don't depend on $(i, j)$, and
# locality that $V_{a,b} = 0$ outside a small window:
#
# $$H_{i,j} = u + \sum_{a,b} V_{a,b}\, X_{i+a,\,j+b}$$

# %% [markdown]
# $V$ is the **kernel** (or **filter**), $H$ a **feature map**. We count the kernel's
# places from its upper left corner, as PyTorch does, so that $a$ runs from 0 to
# $k_h - 1$ and $b$ from 0 to $k_w - 1$.

# %% [markdown]
# ## From scratch
#
# Lay the kernel on the image, multiply place by place, add up, move on. A kernel of
# $k_h \times k_w$ fits into an image of $h \times w$ at
# $(h - k_h + 1)(w - k_w + 1)$ places.


# %%
def corr2d(X, K):
    """Y[i,j] = sum over a,b of X[i+a, j+b] K[a,b]; X: (h, w), K: (kh, kw)."""
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y


# %% [markdown]
# The book's example, drawn. **Look for** the window (thick frame) and the number that
# it gives. Then slide it yourself: which number belongs one place to the right?

# %%
X = torch.arange(9.0).reshape(3, 3)
K = torch.tensor([[0.0, 1.0], [2.0, 3.0]])
Y = corr2d(X, K)
grids = {"input X": X, "kernel K": K, "output Y": Y}
caption = "0 x 0 + 1 x 1 + 3 x 2 + 4 x 3 = 19"
fig = drawings.grids(grids, framed=(2, 2, 1), caption=caption)
plots.show(
    fig,
    alt="A 3 x 3 input with the numbers 0 to 8, a 2 x 2 kernel 0, 1, 2, 3 and the "
    "2 x 2 output 19, 25, 37, 43. A thick frame marks the input's upper left 2 x 2 "
    "window, the kernel, and the output 19 that they give.",
)
assert Y.tolist() == [[19, 25], [37, 43]]

# %% [markdown]
# One place to the right the window holds 1, 2, 4, 5 and gives 0 + 2 + 8 + 15 = 25. (At
# stride 1 no column is dropped: the last window ends at the last column.)

# %%
X, K = torch.randn(7, 9), torch.randn(3, 2)
by_torch = F.conv2d(X[None, None], K[None, None])[0, 0]  # it wants (N, C, H, W)
for other in (d2l.corr2d(X, K), by_torch):
    assert torch.allclose(corr2d(X, K), other, atol=1e-5)

# %% [markdown]
# The book's `corr2d` and PyTorch's `conv2d` agree with ours. And the full layer? Write
# the kernel into its four axes, zeros elsewhere, and it computes the same:

# %%
W4 = torch.zeros(5, 8, 7, 9)  # output (5, 8), input (7, 9)
for i in range(5):
    for j in range(8):
        W4[i, j, i : i + 3, j : j + 2] = K
as_full = torch.einsum("ijkl,kl->ij", W4, X)
print(f"{W4.numel()} weights, of which {len(K.unique())} differ and are not zero")
assert torch.allclose(as_full, corr2d(X, K), atol=1e-5)

# %% [markdown]
# So a convolution *is* a fully connected layer with **weight sharing**, its weights
# tied together and mostly zero. It can do nothing that a full layer could not do. It
# only needs fewer examples and less memory, as you will measure below. What a layer
# takes for granted about its data, here locality and translation, is its **inductive
# bias**.
#
# ## What a kernel sees
#
# The kernel $[1, -1]$ subtracts from each pixel its right neighbour. On a flat surface
# that is 0. On an image that goes white, black, white it gives 1 where white turns to
# black, and -1 where black turns to white.

# %%
stripes = torch.tensor([1.0, 1, 0, 0, 0, 0, 1, 1]).repeat(6, 1)  # (6, 8)
print(stripes[0].int().tolist(), "->")
print(corr2d(stripes, torch.tensor([[1.0, -1.0]]))[0].int().tolist())
print("turned by 90 degrees:", corr2d(stripes.T, torch.tensor([[1.0, -1.0]])).unique())
assert corr2d(stripes.T, torch.tensor([[1.0, -1.0]])).abs().max() == 0

# %% [markdown]
# Turned by 90 degrees it sees nothing: a kernel is *for* a direction. Sobel's kernel of
# 1968 averages three rows to suffer less from noise; its transpose looks for the other
# direction. Read a kernel as a **template**: the answer is large where the picture
# looks like it.
#
# **Look for** the tripod's column and the shoulder: which of the two Sobel maps has
# them? What becomes of the plain sky?

# %%
sobel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]) / 8
laplace = torch.tensor([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]])
kernels = {
    "blur: mean of 9": torch.full((3, 3), 1 / 9),
    "Sobel, left to right": sobel,
    "Sobel, top to bottom": sobel.T,
    "Laplace: centre or rim?": laplace,
}
maps = {"photo": man[0]}
for name, K in kernels.items():
    maps[name] = F.conv2d(man[None], K[None, None])[0, 0]  # (254, 254)
limits = {name: (-0.25, 0.25) for name in [*kernels][1:]}  # 0 is mid grey
fig, _, _ = drawings.row(maps, limits)
plots.show(
    fig,
    alt="A man with a camera on a tripod and four maps of the photo: blurred; steep "
    "edges light and dark, flat ones missing; flat edges, steep ones missing; thin "
    "double lines along every edge. In the three edge maps 0 is mid grey.",
)

# %% [markdown]
# The tripod's column and the steep side of the shoulder are in the map "left to right";
# the flat top of the shoulder is in the other. The sky is mid grey in all three: the
# weights of each edge kernel add up to 0.
#
# ## Is it really a convolution?
#
# Mathematicians call something else by that name. Their convolution turns the kernel by
# 180 degrees first:
#
# $$(K * X)_{i,j} = \sum_{a,b} K_{a,b}\, X_{i-a,\,j-b}$$
#
# The minus signs are the flip. What we (and PyTorch, under the name `conv2d`) compute
# is **cross-correlation**. Send a single bright pixel through both.
#
# **Look for** which of the two answers with the kernel itself.

# %%
dot = torch.zeros(7, 7)
dot[3, 3] = 1
F_letter = torch.tensor([[1.0, 1, 1], [1, 0, 0], [1, 1, 0], [1, 0, 0], [1, 0, 0]])
dot_in = F.pad(dot, (1, 1, 2, 2))  # left, right, top, bottom
shown = {
    "kernel": F.pad(F_letter, [1] * 4),
    "input: one dot": dot,
    "cross-correlation": corr2d(dot_in, F_letter),
    "convolution": corr2d(dot_in, F_letter.flip(0, 1)),
}
fig, _, _ = drawings.row(shown, height=2.3)
plots.show(
    fig,
    alt="The kernel is a letter F, the input one white dot. Cross-correlation answers "
    "with an F turned by 180 degrees, true convolution with an upright F.",
)
assert torch.equal(shown["convolution"][1:6, 2:5], F_letter)

# %% [markdown]
# The true convolution gives the F back; cross-correlation turns it by 180 degrees. True
# convolution stamps the kernel on every pixel. That gives it fine laws: $K * X$
# equals $X * K$, and in the Fourier transform it becomes a plain product. NumPy has
# both in one dimension; PyTorch's `conv1d` is the second.

# %%
signal, weights = np.array([1.0, 2, 4, 8]), np.array([1.0, 10, 100])
by_torch = F.conv1d(torch.tensor(signal)[None, None], torch.tensor(weights)[None, None])
answers = {"F.conv1d": by_torch[0, 0].tolist()}
for name in ("convolve", "correlate"):
    answers[name] = getattr(np, name)(signal, weights, "valid").tolist()
print(answers)
assert answers["F.conv1d"] == answers["correlate"] != answers["convolve"]

# %% [markdown]
# Does it matter? Only when you bring kernels from a textbook. A kernel that is
# *learned* comes out flipped or not flipped, as the layer needs it. Let us learn one.
#
# ## Learning an edge kernel
#
# Hide Sobel's kernel. Show a fresh `nn.Conv2d` only pictures and their edge maps, and
# let gradient descent find the nine weights. As teaching material you have
#
# - the **stripes** above: nothing but clean edges;
# - the **photo**: 64,516 examples of real life;
# - **noise**: 64 x 64 random numbers, no edge in them.
#
# Same kernel to find, same starting weights, same plain SGD, same learning rate, 200
# steps.

# %% [markdown] predict="best_teacher"
# **Predict.** Which teacher brings the nine weights nearest to Sobel's?
#
# - The stripes: nothing but clean edges.
#   wrong: clear examples taken for complete ones. Every row of the stripes is the same,
#   so many different kernels give the same perfect map.
# - The photo: 64,516 real examples.
#   wrong: many examples taken for different ones. Neighbouring pixels of a photo are
#   nearly equal, so the examples nearly say the same thing.
# - The noise, without a single edge in it.
#   right: in noise the nine inputs of a window have nothing to do with each other, so
#   the loss is equally steep in the direction of each weight.
# - All three the same, as each map is exact.
#   wrong: a loss of 0 taken for the right weights. The loss can vanish while the kernel
#   is wrong, if the pictures can't tell the difference.


# %%
def learn_kernel(X, K, lr=0.15, num_steps=200):
    """Learn K (3, 3) from X and its edge map: -> weight, losses, largest errors."""
    X, K = X.reshape(1, 1, *X.shape[-2:]), K.reshape(1, 1, 3, 3)
    Y = F.conv2d(X, K)
    set_seed(0)  # the same start for every teacher
    conv = nn.Conv2d(1, 1, kernel_size=3, bias=False)
    optimizer = torch.optim.SGD(conv.parameters(), lr=lr)
    losses, errors = [], []
    for _ in range(num_steps):
        loss = F.mse_loss(conv(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        errors.append((conv.weight - K).abs().max().item())
    return conv.weight.detach()[0, 0], losses, errors


teachers = {"stripes": stripes, "photo": man}
teachers["noise"] = torch.randn(64, 64, generator=torch.Generator().manual_seed(0))
learned = {name: learn_kernel(X, sobel) for name, X in teachers.items()}

# %% [markdown]
# **Look for** the teacher whose pupil makes no errors in class (left) and yet has the
# wrong kernel (right).

# %%
fig, axes = plots.figure(1, 2, width=4.4, height=3.0)
steps = range(1, 201)
losses = {name: [max(v, 1e-12) for v in run[1]] for name, run in learned.items()}
errors = {name: [max(v, 1e-9) for v in run[2]] for name, run in learned.items()}
plots.curves(axes[0], steps, losses, "step", "squared error on its own picture")
plots.curves(axes[1], steps, errors, "step", "largest error of a weight")
for ax in axes:
    ax.set(yscale="log")
plots.show(
    fig,
    alt="Loss and error of the kernel over 200 steps, log scales. Noise: both fall "
    "quickly to rounding error. Stripes: the loss falls as far, the error of the "
    "kernel stays high. Photo: loss and error fall very slowly.",
)

# %%
final_error = {name: run[2][-1] for name, run in learned.items()}
final_loss = {name: run[1][-1] for name, run in learned.items()}
for name, (kernel, _, _) in learned.items():
    print(f"{name:>8}: loss {final_loss[name]:.0e}, error {final_error[name]:.0e}")
    print("         ", [[round(v, 2) for v in row] for row in (8 * kernel).tolist()])
photo_map = F.conv2d(man[None], sobel[None, None])
missed = final_loss["photo"] / photo_map.square().mean().item()
print(f"photo: its loss is {missed:.0%} of that of a map of zeros")
columns = learned["stripes"][0].sum(dim=0)
print("stripes, columns added up:", [round(8 * v, 2) for v in columns.tolist()])
assert final_error["noise"] < 1e-6 and min(final_error, key=final_error.get) == "noise"
assert final_loss["stripes"] < 1e-13 and final_error["stripes"] > 0.1
assert final_error["photo"] > 0.15 and missed > 1 / 6
assert torch.allclose(columns, sobel.sum(dim=0), atol=1e-3)

# %% [markdown]
# Noise wins: it pins every weight to rounding error. (The kernels above are multiplied
# by 8, so look for 1s and 2s.)
#
# The **stripes** are the same in every row, so only the sum of each column of the
# kernel matters to them: -4, 0, 4 is right, and how it is spread over the rows stays as
# the dice fell. *A loss of 0 doesn't mean that you learned what you wanted.* It means
# that the data can't tell the difference.

# %% [markdown]
# The **photo** does contain the answer. Its loss only looks small. Most of a photo has
# no edge, so a map of zeros has a small loss, too, and the learned kernel has over a
# sixth of that, whatever its start. Neighbouring pixels are nearly equal, so the nine
# inputs nearly agree, and gradient descent crawls in the directions in which they
# differ: the [long valley](03 "condition number") again, whose axes are as unequal as
# the eigenvalues of $X^\top X$. Measure it:

# %%
condition = {}
for name, X in teachers.items():
    windows = F.unfold(X.reshape(1, 1, *X.shape[-2:]), 3)[0]  # (9, places)
    eigenvalues = torch.linalg.eigvalsh((windows @ windows.T).double() / len(windows.T))
    condition[name] = (eigenvalues[-1] / eigenvalues[0].abs()).item()
    print(f"{name:>8}: longest axis of the valley {condition[name]:.2g} x the shortest")
assert condition["noise"] < 1.2 and condition["photo"] > 9000
assert condition["stripes"] > 1e6

windows = F.unfold(man[None], 3)[0].double()
exact = torch.linalg.lstsq(windows.T, sobel.reshape(9).double() @ windows).solution
print(f"least squares on the photo: error {(exact - sobel.reshape(9)).abs().max():.0e}")
assert (exact - sobel.reshape(9)).abs().max() < 1e-6

# %% [markdown]
# Least squares, solved exactly, finds the kernel in the photo at once. For gradient
# descent, noise is the easiest ground there is. This is one reason why people subtract
# means, divide by deviations, and normalise between layers ([chapter 16](16)).
#
# And if the teacher used a *true* convolution? Then the layer learns the flipped
# kernel, and its outputs are the same. Nobody ever notices.

# %%
flipped_kernel, _, _ = learn_kernel(teachers["noise"], sobel.flip(0, 1))
print("learned from flipped maps:", (8 * flipped_kernel[1]).round().int().tolist())
assert torch.allclose(flipped_kernel, sobel.flip(0, 1), atol=1e-4)

# %% [markdown]
# ## What the tied weights buy
#
# Now give the same task to the full layer: patches of 12 x 12, edge maps of 12 x 12,
# 20,736 weights. Both are fitted exactly, by least squares (of all exact fits the
# smallest). Both are then tested on patches of *another* photo.

# %% [markdown] predict="how_many_patches"
# **Predict.** The kernel is exact after one patch. After how many is the full layer?
#
# - About 21,000.
#   wrong: each weight taken for a lesson of its own. One patch teaches all output
#   pixels at once: it gives an equation to each of them.
# - 144.
#   right: as many as one output pixel has weights. Each output pixel solves for its own
#   weights, and every patch gives each of them one more equation.
# - One is enough, as both are linear and fitted exactly.
#   wrong: the fit taken for the answer. With one patch, countless weights fit it; the
#   smallest of them is not the edge map.
# - Never: it doesn't know that neighbours belong together.
#   wrong: what is not built in taken for what can't be learned. The full layer can do
#   all that the kernel can, and data can tell it so.

# %% [markdown]
# **Look for** the number of patches at which the full layer is as good as the nine
# weights are after one. (Less than a millionth is drawn as a millionth. The outermost
# pixels don't count: there zero padding makes a false edge as strong as the patch is
# bright, which would be most of the variance, and easy.) On the right are the 144
# weights of the output pixel in row 5, column 6.


# %%
def patches(image, count, side=12, seed=0):
    """Random square patches of a grey image (H, W): (count, 1, side, side)."""
    generator = torch.Generator().manual_seed(seed)
    height, width = image.shape
    top = torch.randint(height - side, (count,), generator=generator).tolist()
    left = torch.randint(width - side, (count,), generator=generator).tolist()
    cut = [image[i : i + side, j : j + side] for i, j in zip(top, left, strict=True)]
    return torch.stack(cut)[:, None].double()


def edges(X):
    """Sobel's edge map of (N, 1, H, W), of the same size."""
    return F.conv2d(X, sobel[None, None].to(X), padding=1)


# %%
coffee = photo("coffee").mean(dim=0)  # (400, 600), grey
X_test = patches(coffee, 500)
Y_test = edges(X_test)  # (500, 1, 12, 12)
inside = (..., slice(1, -1), slice(1, -1))  # without the outermost pixels
at_rim = 1 - Y_test[inside].square().sum() / Y_test.square().sum()
print(f"{at_rim:.0%} of the square of the edge maps is in their outermost pixels")
assert at_rim > 0.8
counts, full = [1, 5, 20, 60, 100, 144, 200, 400], {}
scores = {"full layer, 20,736 weights": [], "kernel, 9 weights": []}
for count in counts:
    X = patches(camera[0], count)
    Y = edges(X)
    fit = torch.linalg.lstsq(X.flatten(1), Y.flatten(1), driver="gelsd")
    full[count] = fit.solution  # (144 inputs, 144 outputs)
    y_hat = (X_test.flatten(1) @ full[count]).reshape(Y_test.shape)
    scores["full layer, 20,736 weights"].append(r2(y_hat[inside], Y_test[inside]))
    windows = F.unfold(X, 3, padding=1).transpose(1, 2).reshape(-1, 9)
    kernel = torch.linalg.lstsq(windows, Y.reshape(-1, 1)).solution  # (9, 1)
    y_hat = F.conv2d(X_test, kernel.reshape(1, 1, 3, 3), padding=1)
    scores["kernel, 9 weights"].append(r2(y_hat[inside], Y_test[inside]))

# %%
missed = {name: [max(1 - v, 1e-6) for v in values] for name, values in scores.items()}
of_one = {f"{c} patches": full[c][:, 66].reshape(12, 12) for c in (20, 100, 200)}
fig = drawings.misses(counts, missed, of_one)  # weights of the output pixel (5, 6)
plots.show(
    fig,
    alt="Left: variance missed on another photo. The kernel misses none after one "
    "patch, the full layer none from 144 patches on. Right: the full layer's 12 x 12 "
    "weights of one output pixel; a smear after 20, and after 200 exactly Sobel's "
    "kernel around that pixel, zero elsewhere.",
)
by_count = dict(zip(counts, scores["full layer, 20,736 weights"], strict=True))
print({count: round(value, 3) for count, value in by_count.items()})
assert scores["kernel, 9 weights"][0] > 0.9999
assert by_count[5] < 0.1 and by_count[20] < 0.4
assert by_count[100] < 0.9999 < by_count[144]

# %% [markdown]
# Nobody told the full layer about locality or translation, and after 144 patches (as
# many as it has inputs) it has discovered both: Sobel's kernel around the pixel, zeros
# elsewhere. It had to discover them 144 times over, once for each output pixel. The
# kernel knew after one patch.
#
# With five patches it does no better than an empty map, an $R^2$ of 0. And put all
# edges of its examples on the left half: it knows nothing of the right half. The kernel
# learned from the same patches is exact.

# %%
X = patches(camera[0], 400)
X[..., 6:] = 0.5  # the right half is blank
fit = torch.linalg.lstsq(X.flatten(1), edges(X).flatten(1), driver="gelsd").solution
y_hat = (X_test.flatten(1) @ fit).reshape(Y_test.shape)
halves = {"left": slice(1, 4), "right": slice(8, 11)}  # away from rim and middle
blind = {}
for side, part in halves.items():
    blind[side] = r2(y_hat[..., 1:11, part], Y_test[..., 1:11, part])
    print(f"{side} half: R2 {blind[side]:.3f}")
assert blind["left"] > 0.999 and abs(blind["right"]) < 0.1
windows = F.unfold(X, 3, padding=1).transpose(1, 2).reshape(-1, 9)
kernel = torch.linalg.lstsq(windows, edges(X).reshape(-1, 1)).solution  # (9, 1)
print(f"the kernel: error {(kernel.reshape(3, 3) - sobel).abs().max():.0e}")
assert torch.allclose(kernel.reshape(3, 3), sobel.double(), atol=1e-6)

# %% [markdown]
# ## Padding, stride, dilation
#
# Three numbers say where the kernel goes. **Padding** $p$: rows and columns of zeros
# added on *each* side. **Stride** $s$: how far it moves at a time. **Dilation** $d$:
# how far apart its own taps are. Each may be a pair, (rows, columns), when the two axes
# differ. (The book's $p$ is the total of both sides; PyTorch's is one side.)

# %% [markdown]
# **Look for** the first window (thick frame, its taps as rings), then count the
# crosses: one for each output, at the upper left corner of its window.

# %%
fig = drawings.windows([(0, 1, 1), (1, 1, 1), (0, 2, 1), (0, 1, 2)])
plots.show(
    fig,
    alt="A 3 x 3 kernel on a 5 x 5 image. Plain: 3 x 3 outputs. Padding 1: 5 x 5. "
    "Stride 2: 2 x 2. Dilation 2, the taps a pixel apart: 1 x 1.",
)

# %% [markdown]
# Nine crosses, twenty-five, four and one. What is the rule?
#
# A kernel of size $k$ with dilation $d$ spans $d(k-1) + 1$ pixels. The padded image has
# $h + 2p$. The first window takes its span; each further one needs $s$ more pixels, and
# a last step that doesn't fit is dropped, hence the floor:
#
# $$\left\lfloor \frac{h + 2p - d(k-1) - 1}{s} \right\rfloor + 1$$
#
# Try it against PyTorch, for all combinations of small numbers:


# %%
def output_size(h, k, p=0, s=1, d=1):
    """Outputs along one axis: floor((h + 2p - d(k-1) - 1) / s) + 1."""
    return (h + 2 * p - d * (k - 1) - 1) // s + 1


no_parentheses, padded_once = 0, 0
for h in range(7, 13):
    for k, p, s, d in torch.cartesian_prod(*[torch.arange(1, 4)] * 4).tolist():
        line, tap = torch.zeros(1, h), torch.zeros(1, 1, k)
        found = F.conv1d(line, tap, padding=p, stride=s, dilation=d).shape[1]
        assert found == output_size(h, k, p, s, d)
        no_parentheses += found != h + 2 * p - (d * (k - 1) + 1) // s + 1
        padded_once += found != (h + p - d * (k - 1) - 1) // s + 1
print(f"of 486: wrong without parentheses {no_parentheses}, padded once {padded_once}")
assert no_parentheses > 200 and padded_once > 350

# %% [markdown]
# Both slips are common. Write $h - k/s + 1$ and you divide the kernel by the stride,
# when it is the *room to move* that must be divided. Count the padding once, and you
# forget that an image has two sides.

# %% [markdown]
# With stride 1 the size stays when $2p = d(k-1)$. For an **odd** kernel that is a whole
# number, and the window has a centre: the output pixel belongs to an input pixel. An
# even one needs an extra row on one side only. That is why you meet 3, 5 and 7, and
# hardly ever 4. `padding="same"` does this sum for you, and is refused beside a stride.
#
# Why pad at all? Count how often each pixel is read: without padding a corner counts
# once, its neighbours more, the middle nine times.

# %%
reads = F.conv_transpose2d(torch.ones(1, 1, 4, 4), torch.ones(1, 1, 3, 3))[0, 0]
print("a 3 x 3 window reads each pixel so often:", reads.int().numpy(), sep="\n")
assert (reads[0, 0], reads[2, 2]) == (1, 9)
try:
    nn.Conv2d(1, 1, 3, stride=2, padding="same")
except ValueError as error:
    print("PyTorch:", error)

# %% [markdown]
# Padding with zeros is cheap and tells a lie: that the world is black beyond the frame.
# Reflecting the picture at its rim tells a smaller one. (There a kernel that compares
# left with right finds both equal, so its map is 0 along the rim by construction.)

# %%
rim = {}
for mode in ("constant", "reflect"):  # constant: zeros
    edge = F.conv2d(F.pad(man[None], [1] * 4, mode=mode), sobel[None, None])
    rim[mode] = edge[..., 0].abs().mean().item()
    print(f"padding {mode!r}: mean edge along the left rim {rim[mode]:.4f}")
typical = F.conv2d(man[None], sobel[None, None]).abs().mean().item()
print(f"mean edge inside the photo {typical:.4f}")
assert rim["constant"] > 5 * typical and rim["reflect"] < 1e-6

# %% [markdown]
# With zeros, the sky against black is an edge that is not in the photo, and stronger
# than most that are.
#
# ## Channels in and out
#
# A colour photo has three channels. Then the kernel has three **slices**, one for each
# input channel; each slides over its own channel, and the results are *added*. For a
# second output channel you need a second such kernel, with three slices of its own:
#
# $$Y_{o,i,j} = b_o + \sum_{c}\sum_{a,b} W_{o,c,a,b}\; X_{c,\,i+a,\,j+b}$$

# %% [markdown]
# $o$ counts output channels, $c$ input channels. The weight is **(out, in, height,
# width)**, in this order. A common misreading is that the outputs share one kernel:
# they would all be equal. What is shared is shared over *places* $(i, j)$, never over
# channels. How many channels come out is your choice, as with the width of a hidden
# layer; `nn.Conv2d(1, 1, 3)` names channels in and out, and no batch. As many out as in
# is no copy: each channel out is another mixture of all channels in.


# %%
def corr2d_multi(X, W, b):
    """X: (C_in, H, W), W: (C_out, C_in, kh, kw), b: (C_out,) -> (C_out, ...)."""
    outputs = []
    for kernel, bias in zip(W, b, strict=True):  # one (C_in, kh, kw) an output channel
        slices = [corr2d(x, k) for x, k in zip(X, kernel, strict=True)]
        outputs.append(sum(slices) + bias)  # added over the input channels
    return torch.stack(outputs)


X = torch.randn(3, 7, 8)
conv = nn.Conv2d(in_channels=3, out_channels=5, kernel_size=(3, 2))
with torch.no_grad():
    ours, theirs = corr2d_multi(X, conv.weight, conv.bias), conv(X[None])[0]
print("weight:", tuple(conv.weight.shape), " output:", tuple(ours.shape))
print("parameters: 5 x 3 x 3 x 2 + 5 =", sum(p.numel() for p in conv.parameters()))
assert torch.allclose(ours, theirs, atol=1e-5) and len(ours) == 5
assert sum(p.numel() for p in conv.parameters()) == 95

# %% [markdown]
# ### 1 x 1: a full layer at every pixel
#
# A window of one pixel sees no neighbours. Is it good for anything? It still mixes
# channels: the numbers of one pixel go through a small full layer, the same at every
# pixel. As a matrix product, with the $h \cdot w$ pixels as columns,
# $Y = W X$: (out, in) times (in, $hw$).
#
# Here three colours become three others, roughly those your nerves send to the brain:
# brightness, red against green, blue against yellow. **Look for** what the orange suit
# is in each of them.

# %%
astronaut = photo("astronaut")[:, :384, 32:416]  # (3, 384, 384)
mix = torch.tensor([[1 / 3, 1 / 3, 1 / 3], [1, -1, 0], [-0.5, -0.5, 1]])  # (out, in)
by_conv = F.conv2d(astronaut[None], mix[:, :, None, None])[0]
by_product = (mix @ astronaut.reshape(3, -1)).reshape(3, 384, 384)
assert torch.allclose(by_conv, by_product, atol=1e-5)
names = ["brightness", "red - green", "blue - yellow"]
pictures = {"photo": astronaut.permute(1, 2, 0)} | dict(
    zip(names, by_conv, strict=True)
)
limits = {"brightness": (0, 1)} | {name: (-0.6, 0.6) for name in names[1:]}
fig, _, _ = drawings.row(pictures, limits, width=2.3, height=2.8)
plots.show(
    fig,
    alt="An astronaut in an orange suit; her photo in grey; red minus green, where the "
    "suit is bright; blue minus yellow, where it is dark. Zero is mid grey in the "
    "last two.",
)

# %% [markdown]
# The suit is of middle brightness, more red than green, and far from blue.
#
# ## Pooling: less of where
#
# To tell that there is an eye, it should not matter whether it sits a pixel further
# left. **Pooling** replaces each window by its maximum or its mean, channel by channel.
# It has no weights. The windows don't overlap unless you ask: **the stride is the
# kernel's size by default**, neither 1 nor always 2 or 3.


# %%
def pool2d(X, k, s=None, mode="max"):
    """Maximum or mean of each k x k window of X (C, H, W), channel by channel."""
    s = k if s is None else s
    windows = X.unfold(1, k, s).unfold(2, k, s)  # (C, H_out, W_out, k, k)
    return windows.amax(dim=(3, 4)) if mode == "max" else windows.mean(dim=(3, 4))


X = torch.randn(4, 11, 10)
for k, s in [(2, None), (3, None), (3, 1), (3, 2)]:
    most, mean = nn.MaxPool2d(k, s)(X), nn.AvgPool2d(k, s)(X)
    print(f"kernel {k}, stride {s}: {tuple(most.shape)}")
    assert torch.equal(pool2d(X, k, s), most)
    assert torch.allclose(pool2d(X, k, s, mode="mean"), mean, atol=1e-6)

# %% [markdown]
# Three details that the documentation keeps in its small print:
#
# - A row that doesn't fill a window is dropped. `ceil_mode=True` keeps it: the floor in
#   the formula becomes a ceiling, as long as the window still *starts* inside the
#   image.
# - Max pooling pads with $-\infty$, so that padding never wins. Average pooling pads
#   with zeros, and counts them, unless `count_include_pad=False`; `divisor_override`
#   divides by whatever you say.
# - With `return_indices=True` max pooling also says where it found each maximum, and
#   `nn.MaxUnpool2d` puts the values back there, zeros elsewhere. Segmentation nets use
#   this to return to full size (SegNet, 2015).

# %%
x = torch.tensor([[[5.0, 1, 4, 2, -3], [0, 3, 2, 6, -1]]])  # (1, 2, 5)
print("floor:  ", nn.MaxPool2d(2)(x).tolist())
print("ceiling:", nn.MaxPool2d(2, ceil_mode=True)(x).tolist())
assert nn.MaxPool2d(2, ceil_mode=True)(x).shape == (1, 1, 3)
ones = torch.ones(1, 2, 2)
counted = nn.AvgPool2d(2, padding=1)(ones), nn.MaxPool2d(2, padding=1)(-ones)
print("padded mean of 1, maximum of -1:", *(c.unique().item() for c in counted))
assert counted[0].unique() == 0.25 and counted[1].unique() == -1
values, indices = nn.MaxPool2d(2, return_indices=True)(x)
restored = nn.MaxUnpool2d(2)(values, indices, output_size=(2, 5))
print("unpooled:", restored.tolist())
assert restored.sum() == values.sum() and restored[0, 0, 0] == 5

# %% [markdown]
# ### Shift the photo
#
# "It doesn't matter where": is that true? Two words must be kept apart. A layer is
# **equivariant** if a shifted input gives the same output, shifted. It is **invariant**
# if a shifted input gives the same output, in place. Shift the photo by one pixel, and
# see how far each answer is from what each word promises.

# %% [markdown] predict="shift_by_one"
# **Predict.** The photo moves by one pixel. How much do the values after 8 x 8 max
# pooling of its edge map change, in place?
#
# - Not at all: pooling makes a net invariant to shifts.
#   wrong: invariance taken whole. A maximum stays only while it stays in its window;
#   some cross a border at every shift.
# - Somewhat, yet much less than the edge map itself.
#   right: most maxima stay within their windows, those at the borders move over.
# - As much as the edge map itself.
#   wrong: pooling taken for a smaller picture. Dropping pixels unseen would do that; a
#   maximum looks at all of them.

# %%
shifted = man[..., 1:]  # everything one pixel to the left
conv = {"padding": 0, "weight": sobel[None, None]}
plain, moved = (F.conv2d(x[None], **conv) for x in (man[..., :-1], shifted))
equivariance = (plain[..., 1:] - moved[..., :-1]).abs().max().item()
print(f"convolution, stride 1: {equivariance:.1e} from equivariant")
change = {}
for name, layer in {
    "edges": lambda Y: Y,
    "edges, 2 x 2 max pooling": lambda Y: F.max_pool2d(Y, 2),
    "edges, 8 x 8 max pooling": lambda Y: F.max_pool2d(Y, 8),
    "edges, every 8th pixel": lambda Y: Y[..., ::8, ::8],
}.items():
    before, after = layer(plain.abs()), layer(moved.abs())
    change[name] = ((before - after).abs().mean() / before.abs().mean()).item()
    print(f"{name:>26}: {change[name]:.0%} from invariant")
assert equivariance < 1e-6
assert 0.05 < change["edges, 8 x 8 max pooling"] < 0.15 * change["edges"]
assert change["edges, every 8th pixel"] > 0.9 * change["edges"]

# %% [markdown]
# The convolution is equivariant, exactly. Pooling makes it *a little* invariant, more
# so with larger windows, never wholly. And a bare stride, which drops pixels without
# looking at them, buys almost no invariance. Trained nets with strides do change their
# minds when a photo moves by one pixel (Azulay and Weiss 2019; Zhang 2019).
#
# ## How far does an output see?
#
# Stack layers, and each output of the last sees a larger part of the input, its
# **receptive field**. With kernels $k_l$, strides $s_l$ and dilations $d_l$,
#
# $$r_l = r_{l-1} + d_l (k_l - 1)\, j_{l-1}, \qquad j_l = j_{l-1}\, s_l,$$
#
# from $r_0 = j_0 = 1$. The *jump* $j$ is the distance, in input pixels, between two
# neighbours of a map: the strides so far, multiplied.


# %%
def receptive_field(layers):
    """Side of the field of a stack of (kernel, stride, dilation), in input pixels."""
    field, jump = 1, 1
    for k, s, d in layers:
        field += d * (k - 1) * jump  # this layer's own stride comes after it
        jump *= s
    return field


def seen(layers, side=63, seed=0):
    """Gradient of the middle output with respect to the input pixels: (side, side)."""
    set_seed(seed)
    X = torch.zeros(1, 1, side, side, requires_grad=True)
    H = X
    for k, s, d in layers:
        W = torch.rand(1, 1, k, k)  # positive: nothing cancels out
        H = F.conv2d(H, W / W.sum(), stride=s, dilation=d)
    (gradient,) = torch.autograd.grad(H[0, 0, H.shape[2] // 2, H.shape[3] // 2], X)
    return gradient[0, 0]


# %% [markdown]
# The gradient must agree: it is zero for every pixel that the output can't see.

# %% [markdown] predict="field_of_fifteen"
# **Predict.** Fifteen layers of 3 x 3 see 31 x 31 pixels. Which square in the middle
# gets 95 % of the output's gradient?
#
# - 31 x 31, nearly: each pixel of the field counts.
#   wrong: can see taken for looks at. The formula says which pixels have any influence,
#   not how much.
# - About 3 x 3, the last layer's own window.
#   wrong: the last layer taken alone. Its nine inputs are themselves sums over windows,
#   and those over others.
# - About 15 x 15, a quarter of the area.
#   right: paths through the layers are like steps of a random walk, and most end near
#   the middle.

# %% [markdown]
# **Look for** two things: the size of each square, and *where inside it* the weight
# is. (Brightness shows the logarithm of the gradient's size.)

# %%
stacks = {
    "4 of 3 x 3": [(3, 1, 1)] * 4,
    "4, dilation 1, 2, 4, 8": [(3, 1, d) for d in (1, 2, 4, 8)],
    "4, stride 2 each": [(3, 2, 1)] * 4,
    "15 of 3 x 3": [(3, 1, 1)] * 15,
}
fields, pictures = {}, {}
for name, layers in stacks.items():
    gradient = seen(layers)
    touched = gradient.nonzero()
    sides = (touched.amax(dim=0) - touched.amin(dim=0) + 1).tolist()
    assert sides == [receptive_field(layers)] * 2
    fields[name] = gradient
    picture = gradient.clamp(min=1e-9).log10()
    pictures[f"{name}\n{sides[0]} x {sides[1]} pixels"] = picture
limits = {name: (-6, -1) for name in pictures}
fig, _, _ = drawings.row(pictures, limits, cmap="viridis", width=2.4, height=3.1)
plots.show(
    fig,
    alt="Receptive fields on 63 x 63 inputs, brightness the logarithm of the gradient: "
    "9 x 9; 31 x 31 with dilations; 31 x 31 with strides; 31 x 31 of fifteen layers, "
    "bright only in the middle and fading to nothing at its rim.",
)

# %%
assert torch.allclose(fields["4, dilation 1, 2, 4, 8"], fields["4, stride 2 each"])
gradient = fields["15 of 3 x 3"]
centre = gradient.nonzero().double().mean(dim=0).round().int()  # (row, column)
for half in range(16):
    rows, columns = (slice(c - half, c + half + 1) for c in centre.tolist())
    share = (gradient[rows, columns].sum() / gradient.sum()).item()
    if share > 0.95:
        break
side = 2 * half + 1
print(f"15 layers: a field of 31 x 31; 95 % of the gradient in {side} x {side}")
paths = torch.ones(1, dtype=torch.float64)  # to each place along one axis
for _ in range(15):
    paths = F.conv1d(F.pad(paths, (2, 2))[None, None], paths.new_ones(1, 1, 3))[0, 0]
print(f"paths from the middle pixel: {paths.max() ** 2:.1e}, from a corner: 1")
assert 11 <= side <= 19 and receptive_field([(3, 1, 1)] * 15) == 31
assert paths.max() == 1787607 and paths[0] == 1

# %% [markdown]
# The second and third pictures are equal, and not by chance: a stride before is a
# dilation after. (With dilations you keep an output at every pixel.)
#
# Fifteen plain layers reach 31 x 31 too. But they hardly look at the rim: there is one
# path from a corner pixel to the output, and some $3 \times 10^{12}$ from the
# middle. (Per axis: the ways in which fifteen steps of -1, 0 or 1 add up to 0.) Luo and
# others (2016) called this the *effective* receptive field; its side grows only with
# the square root of the depth. The formula says what a unit *can* see, not what it
# looks at.

# %% [markdown]
# ## One axis, three axes
#
# Nothing here was special to pictures. Along **one** axis a kernel slides over a
# series; in **three**, over a film or a medical scan. The weight gets one axis fewer or
# one more: (out, in, $k$) or (out, in, $k_t$, $k_h$, $k_w$).

# %%
text = packaged.read("sunspots").decode().splitlines()[1:]
series = torch.tensor([float(row.split(",")[1].strip('"')) for row in text])  # (309,)
smooth = F.conv1d(series[None, None], torch.full((1, 1, 11), 1 / 11))[0, 0]
print(f"sunspots a year: deviation {series.std():.0f}, of their mean over the sun's")
print(f"eleven-year cycle {smooth.std():.0f}: what swings with that period is gone")
film = man[:, :64, :64].repeat(6, 1, 1)  # (6, 64, 64): six equal frames
for t in range(6):
    film[t, 20:32, 4 + 8 * t : 16 + 8 * t] = 0.9  # a square that moves 8 pixels a frame
in_time = torch.tensor([-1.0, 1.0]).reshape(1, 1, 2, 1, 1)  # (out, in, T, H, W)
motion = F.conv3d(film[None, None], in_time)[0, 0]  # (5, 64, 64)
still = (motion == 0).float().mean()
print(f"film {tuple(film.shape)} -> {tuple(motion.shape)}, {still:.0%} of it exactly 0")
assert torch.allclose(motion, film[1:] - film[:-1]) and still > 0.9
assert smooth.std() < 0.6 * series.std()

# %% [markdown]
# ## Transposed convolution: the way back up
#
# To draw a picture from a small map you need the opposite: **one** input number sends a
# whole kernel, scaled, to the output; where kernels overlap, they add up. With stride
# $s$ the stamps land $s$ pixels apart; padding $p$ here *cuts off* $p$ rows on each
# side:
#
# $$(h - 1)\,s - 2p + d(k-1) + 1 + p_{out}$$
#
# It is called *transposed* because its matrix is the transpose of the convolution's.
# (Older names for the same: deconvolution, fractionally strided convolution.) It is not
# an inverse: the size comes back, the values do not. Its weight is **(in, out,
# height, width)**, the other way round.


# %%
def conv_transpose2d(X, W, s=1, p=0):
    """X: (C_in, h, w), W: (C_in, C_out, k, k) -> (C_out, (h-1)s - 2p + k, ...)."""
    (h, w), k = X.shape[1:], W.shape[2]
    Y = torch.zeros(W.shape[1], (h - 1) * s + k, (w - 1) * s + k)
    for i in range(h):
        for j in range(w):
            stamp = torch.einsum("c,coab->oab", X[:, i, j], W)  # (C_out, k, k)
            Y[:, i * s : i * s + k, j * s : j * s + k] += stamp
    return Y[:, p : Y.shape[1] - p, p : Y.shape[2] - p]


X, W = torch.randn(2, 5, 6), torch.randn(2, 3, 4, 4)
for s, p in [(1, 0), (2, 1), (3, 2)]:
    ours, theirs = conv_transpose2d(X, W, s, p), F.conv_transpose2d(X, W, None, s, p)
    print(f"stride {s}, padding {p}: {tuple(X.shape)} -> {tuple(ours.shape)}")
    assert torch.allclose(ours, theirs, atol=1e-5)
    assert ours.shape[1] == (5 - 1) * s - 2 * p + 4

# %% [markdown]
# Is it the transpose? The gradient of a convolution with respect to its input is the
# product with the transposed matrix, so the two must be equal. You have used transposed
# convolutions all along: in every backward pass.
#
# The last argument, $p_{out}$ (`output_padding`), settles an ambiguity. Because of the
# floor, inputs of 7 *and* of 8 give 4 with $k=3$, $s=2$, $p=1$. Which one do you want
# back?

# %%
X = torch.randn(1, 2, 9, 9, requires_grad=True)
W = torch.randn(3, 2, 3, 3)  # (out, in) of the convolution
Y = F.conv2d(X, W, stride=2)
upstream = torch.randn(Y.shape)
(gradient,) = torch.autograd.grad(Y, X, upstream)
assert torch.allclose(gradient, F.conv_transpose2d(upstream, W, stride=2), atol=1e-4)

for size in (7, 8):
    down = F.conv2d(torch.zeros(1, 1, size, size), W[:1, :1], stride=2, padding=1)
    extra = size - 7
    up = F.conv_transpose2d(down, W[:1, :1], stride=2, padding=1, output_padding=extra)
    print(size, "->", down.shape[2], "->", up.shape[2], f"with output_padding={extra}")
    assert down.shape[2] == 4 and up.shape[2] == size

# %% [markdown]
# What goes wrong in practice: if the stride doesn't divide the kernel, some pixels get
# more stamps than others. **Look for** the pattern, though the input is flat: all ones
# in, all weights equal.

# %%
patterns, stamps = {}, {}
for k in (3, 4, 5):
    Y = F.conv_transpose2d(torch.ones(1, 1, 8, 8), torch.ones(1, 1, k, k), stride=2)
    stamps[f"kernel {k}, stride 2"] = Y[0, 0]
    patterns[k] = sorted(int(v) for v in Y[0, 0, k:-k, k:-k].unique())
limits = {name: (0, 9) for name in stamps}
fig, axes, images = drawings.row(stamps, limits, "cividis", width=2.6, height=2.9)
fig.colorbar(images[-1], ax=axes, label="stamps on a pixel", shrink=0.8)
plots.show(
    fig,
    alt="Stamps on each output pixel. Kernel 3: a chequered pattern of 1, 2 and 4. "
    "Kernel 4: an even surface of 4 inside the rim. Kernel 5: a chequered pattern of "
    "4, 6 and 9.",
)
print(patterns)
assert patterns == {3: [1, 2, 4], 4: [4], 5: [4, 6, 9]}

# %% [markdown]
# Such chequered patterns haunted the first generated images (Odena, Dumoulin and Olah
# 2016). The cures: a kernel that the stride divides, or enlarging the map first and
# convolving after.
#
# ## What a trained net's first kernels look like
#
# So far you asked for a kernel and got it. What if nobody asks? Take a harder task:
# *how strong is the edge, whichever its direction?* The target is
# $\sqrt{g_x^2 + g_y^2}$ of Sobel's two maps. No single kernel can do that. Give a small
# net 16 kernels, a ReLU and a weighted sum, train it on patches of the photo, with a
# rate that falls along a cosine (a [learning-rate schedule](10)), and test it on the
# astronaut, whom it never saw.


# %%
def strength(X):
    """How strong the edge is at each pixel: (N, 1, H, W) -> (N, 1, H-2, W-2)."""
    both = torch.stack([sobel, sobel.T])[:, None].to(X)  # (2, 1, 3, 3)
    return F.conv2d(X, both).square().sum(dim=1, keepdim=True).sqrt()


def standardize(X):
    """Mean 0 and deviation 1, as a batch of one: (1, 1, H, W)."""
    return ((X - X.mean()) / X.std())[None]


def train_edge_net(X, num_steps=300, side=32, seed=0):
    """Train 16 kernels to see edges of every direction in X (1, 1, H, W)."""
    set_seed(seed)
    net = nn.Sequential(nn.Conv2d(1, 16, 3), nn.ReLU(), nn.Conv2d(16, 1, 1))
    net.to(X.device)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, num_steps)
    for _ in range(num_steps):
        corners = torch.randint(X.shape[-1] - side, (16, 2)).tolist()
        batch = torch.cat([X[..., i : i + side, j : j + side] for i, j in corners])
        loss = F.mse_loss(net(batch), strength(batch))  # batch: (16, 1, 32, 32)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
    return net


# %%
seen_photo = standardize(man)
new_photo = standardize(astronaut.mean(dim=0, keepdim=True))
net = train_edge_net(seen_photo.to(device)).cpu()
with torch.no_grad():
    y_hat = net(new_photo)
quality = r2(y_hat, strength(new_photo))
best_linear = F.unfold(new_photo, 3)[0].T  # (places, 9): one kernel, fitted here
best_linear = torch.cat([best_linear, torch.ones(len(best_linear), 1)], dim=1)
target = strength(new_photo).reshape(-1, 1)
one_kernel = r2(best_linear @ torch.linalg.lstsq(best_linear, target).solution, target)
print(f"R2 on a photo it never saw: {quality:.3f}; best single kernel {one_kernel:.3f}")
assert quality > 0.96 and one_kernel < 0.05

metrics = {"R2 of the edge net on an unseen photo": quality}

# %% [markdown]
# Sort the 16 kernels by how much they contribute: the size of the kernel times the size
# of its weight in the sum.
#
# **Look for** the direction in which each of the first few turns from red to blue. And
# count how many matter at all.

# %%
kernels = net[0].weight.detach()[:, 0]  # (16, 3, 3)
votes = kernels.flatten(1).norm(dim=1) * net[2].weight.detach().flatten().abs()
order = votes.argsort(descending=True)
scaled = kernels[order] / kernels[order].abs().amax(dim=(1, 2), keepdim=True)
titles = [f"{share:.0%}" for share in votes[order] / votes.sum()]
axes = plots.images(scaled, titles=titles, cmap="RdBu")
axes[0].figure.suptitle("each on its own scale; above it, its share of the votes")
plots.show(
    axes[0].figure,
    alt="The sixteen 3 x 3 kernels in order of their votes. The first three hold a "
    "large part of the votes and are edges, red on one side and blue on the other, in "
    "different directions; the last ones have hardly any votes and no clear form.",
)

# %%
top = kernels[order[:3]]
flatness = top.sum(dim=(1, 2)).abs() / top.abs().sum(dim=(1, 2))  # blind: 0
across = (top * sobel).sum(dim=(1, 2))
down = (top * sobel.T).sum(dim=(1, 2))
angles = torch.atan2(down, across).rad2deg().sort().values
gaps = torch.cat([angles, angles[:1] + 360]).diff()
share = (votes[order[:3]].sum() / votes.sum()).item()
print("directions of the first three:", angles.int().tolist(), "degrees")
print(f"{gaps.int().tolist()} degrees apart, {share:.0%} of the votes")
print("sums of their weights, of what they could be:", [f"{v:.1%}" for v in flatness])
assert flatness.max() < 0.15 and share > 0.45 and gaps.min() > 60


# %%
@torch.no_grad()
def first_three(net):
    """R2 on the unseen photo by the three kernels with the most votes alone."""
    weights = net[2].weight  # (1, 16, 1, 1)
    top = (net[0].weight.flatten(1).norm(dim=1) * weights.flatten().abs()).topk(3)
    voted = net[:2](new_photo)[:, top.indices] * weights[0, top.indices]
    three = voted.sum(dim=1, keepdim=True) + net[2].bias  # (1, 1, H-2, W-2)
    return r2(three, strength(new_photo))


r2_three = first_three(net)
print(f"R2 of the first three alone {r2_three:.3f}, of all sixteen {quality:.3f}")
seeds = [train_edge_net(seen_photo.to(device), seed=seed).cpu() for seed in (1, 2, 3)]
others = [first_three(other) for other in seeds]
print("of the first three with seeds 1, 2, 3:", [f"{value:.3f}" for value in others])
assert one_kernel < min(*others, r2_three) and max(*others, r2_three) < quality
assert max(*others, r2_three) - min(*others, r2_three) > 0.1

# %% [markdown]
# Nobody drew an edge kernel for it, yet its strongest three are edges: their weights
# add up to little, so a plain surface means little to them. Behind a ReLU, a kernel
# answers to light on one of its sides only, so one is not enough. With this seed the
# three lie about a third of a turn apart, and without the other thirteen the net is
# nearly as good. That depends on the seed: between the best and the worst of the four,
# in the last lines, lies more than a tenth.

# %% [markdown]
# ### And a net that saw a million photos?
#
# MobileNetV2 was trained on ImageNet's 1.2 million photos to tell 1,000 things apart.
# Its first layer has 32 kernels of 3 x 3, for red, green and blue. **Look for** edges
# again, for patches of colour, and for what the last seven have in common.

# %%
state = torch.load(io.BytesIO(packaged.read("mobilenet_v2")), weights_only=True)
net = mobilenet_v2().requires_grad_(False).eval()
net.load_state_dict(state)
kernels = net.features[0][0].weight  # (32, 3, 3, 3): out, in, height, width
sizes = kernels.flatten(1).norm(dim=1)  # (32,)
order = sizes.argsort(descending=True)
W = kernels[order]  # (32, 3, 3, 3), large ones first
scale = W.abs().amax(dim=(1, 2, 3), keepdim=True)
colours = 0.5 + 0.5 * W / scale.clamp(min=0.1)  # 0 is mid grey
titles = [f"{size:.2f}" for size in sizes[order].tolist()]
axes = plots.images(colours, titles=titles, ncols=8)
axes[0].figure.suptitle("above each kernel: its size (norm)")
plots.show(
    axes[0].figure,
    alt="MobileNetV2's 32 first kernels as small colour pictures, largest first: light "
    "and dark sides of edges, centres with rims, patches of colour such as green or "
    "blue against orange. The last seven fade to plain grey: weights close to 0.",
)

# %%
weak = int((sizes < 0.15).sum())
sums = W.sum(dim=(1, 2, 3)).abs() / W.abs().sum(dim=(1, 2, 3))
blind = int(((sums < 0.2) & (sizes[order] >= 0.15)).sum())
print(f"of 32 nearly zero {weak}; of the others blind to a plain grey surface {blind}")
X = torch.cat([F.interpolate(p[None], 224) for p in (astronaut, photo("coffee"))])
before = net(X)  # (2, 1000): a score for each of the 1,000 things
kernels[sizes < 0.15] = 0
gone = (net(X) - before).abs().max().item()
print(f"without those {weak}: scores change by {gone:.0e}, spread {before.std():.1f}")
assert (weak, blind, len(kernels)) == (7, 15, 32) and gone < 1e-3 < 1 < before.std()

# %% [markdown]
# Edges are there again, and whole patches of red, blue, green. Fifteen of the large
# ones are blind to a plain grey surface (their weights add up to nearly 0), as your
# edge kernels are: they answer to what changes. The last seven are nearly zero. That
# alone proves nothing, as a later layer could enlarge what they answer. So the cell
# took them away: the net's scores of two photos stay what they were.

# %% [markdown]
# Nets trained on photos tend to end up with such kernels in front: edges, centres
# with rims, colours against their opposites. Olshausen and Field (1996) found edges of
# all directions when they asked only for a sparse description of grey photos, and Hubel
# and Wiesel (1959) had found cells for edges in the cat's brain. Why all three agree is
# still argued about.

# %% [markdown]
# ## What goes wrong in practice
#
# - **Wrong size**: $2p$ for both sides; the room to move is divided by $s$, in
#   parentheses; then $+1$.
# - **Wrong axis**: the weight of `Conv2d` is (out, in, ...), of `ConvTranspose2d` (in,
#   out, ...). With as many channels in as out, a swap raises no error.
# - **No batch axis**: `conv2d` takes (C, H, W) too and says nothing. A batch of grey
#   images (N, H, W) is then read as *one* image of N channels.
# - **Pooling by habit**: the default stride is the kernel's size.
# - **A frame of edges** from zero padding, chequers from transposed convolutions.
# - **A loss of 0** on data too poor to pin the kernel down.

# %%
batch = torch.randn(32, 28, 28)  # 32 grey images, the channel axis forgotten
conv = nn.Conv2d(32, 8, 3)
print("32 images in, and out comes", tuple(conv(batch).shape), "without complaint")
assert conv(batch).shape == (8, 26, 26)

# %% [markdown]
# ## Summary
#
# - A convolution is a full layer with weights tied by translation and cut by locality:
#   9 numbers in place of 69 billion.
# - PyTorch computes cross-correlation; a learned kernel does not care.
# - Size: $\lfloor (h + 2p - d(k-1) - 1)/s \rfloor + 1$. Odd kernels keep a centre.
# - Weight (out, in, $k_h$, $k_w$): each output channel has kernels of its own, summed
#   over the input channels, shared over places. 1 x 1 is a full layer at every pixel.
# - Pooling trades *where* for size; its stride is its kernel's unless you say.
# - Fields grow with depth, quickly with stride or dilation; mostly their middle counts.
# - Transposed convolution stamps kernels; it is the convolution's backward pass.
# - An edge kernel is learned easily from noise, slowly from photos, not from stripes.

# %% [markdown]
# ## Exercises and further reading
#
# The exercise notebook builds all of it by hand. Before you open it, guess, then try
# here:
#
# 1. Learn the Laplace kernel from the stripes. Which sums come out right?
# 2. Subtract the photo's mean before `learn_kernel`. How much faster is it?
# 3. Train the edge net with three kernels only. Does it still find a third of a turn?
#
# In the book, [Dive into Deep Learning](https://d2l.ai): sections 6.1 to 6.5, and 13.10
# on transposed convolution (7.1 to 7.5 and 14.10 in newer editions).

# %% [markdown]
# - Hubel and Wiesel 1959, *Receptive fields of single neurones in the cat's striate
#   cortex*
# - Fukushima 1980, *Neocognitron*; LeCun et al. 1989, *Backpropagation applied to
#   handwritten zip code recognition*
# - Olshausen and Field 1996, *Emergence of simple-cell receptive field properties by
#   learning a sparse code for natural images*
# - Luo, Li, Urtasun and Zemel 2016, *Understanding the effective receptive field*
# - Dumoulin and Visin 2016, *A guide to convolution arithmetic for deep learning*
# - Odena, Dumoulin and Olah 2016, *Deconvolution and checkerboard artifacts*
# - Azulay and Weiss 2019, *Why do deep convolutional networks generalize so poorly to
#   small image transformations?*; Zhang 2019, *Making convolutional networks
#   shift-invariant again*
# - Sandler et al. 2018, *MobileNetV2*
#
# Next: stack them, and read handwriting ([chapter 13](13)).
