# %% [markdown]
# # Style transfer: exercises
#
# Eleven exercises, four questions with options and one for a person. Each stands alone:
# if you are stuck, go on with the next. Numbers 6, 7 and 10 are the hard ones.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. The checks name your mistake where they know it. Some tests are hidden until
# your work is graded, so think of what is not in the examples: images that are not
# square, batches of several, other numbers of channels, a net in either mode.
#
# Stuck? `check.hint("total_variation")` in a new cell asks for a hint: first a
# question, then an idea, then the shape of the answer.

# %%
import torch
from torch import nn

from utils import check
from utils.device import set_seed

set_seed(0)


def pixels(*shape):
    """Made-up numbers in [0, 1), always the same for a shape."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(sum(shape)))


def whole(*shape):
    """Whole numbers from -4 to 5 as float32, the same ones for the same shape."""
    generator = torch.Generator().manual_seed(sum(shape) * len(shape))
    return torch.randint(-4, 6, shape, generator=generator).float()


def layers(N, *shapes):
    """Made-up maps of N pictures: layer 1, 4, 7 ... -> (N, C, h, w)."""
    return {3 * k + 1: whole(N, *shape) for k, shape in enumerate(shapes)}


def frozen(kernel, scale=1.0):
    """One frozen convolution from 3 to 2 channels, always the same for a kernel."""
    net = nn.Conv2d(3, 2, kernel).requires_grad_(False).eval()
    net.weight.copy_(scale * (pixels(*net.weight.shape) - 0.5))
    net.bias.zero_()
    return net


# %% [markdown]
# `pixels(3, 4)` and `whole(3, 4)` make up numbers for the checks, `layers` the maps of
# several layers, `frozen` a tiny net. The losses below are *not* those of the lecture:
# other people's programs divide by other things. Read each formula.

# %% [markdown]
# ## 1. Total variation, in two directions at once
#
# Mahendran and Vedaldi (2015) take the two differences of a pixel together. Write
# `total_variation(X, beta)`:
#
# $$V = \sum_{c,i,j} \big( (x_{c,i+1,j} - x_{c,i,j})^2 + (x_{c,i,j+1} - x_{c,i,j})^2
# \big)^{\beta / 2}$$
#
# over the pixels that have both a lower and a right neighbour.
#
# - `X`: (N, C, H, W) float32 with H and W at least 2; `beta`: a positive float.
# - Returns (N,) float32: one **sum** for each image.
#
# Example: for the one channel `[[0, 3], [4, 9]]` only the pixel at the upper left
# counts: $4^2 + 3^2 = 25$. With `beta = 2` it gives 25, with `beta = 1` it gives 5.


# %% exercise="total_variation"
def total_variation(X, beta):
    """Sum of (down^2 + right^2)^(beta / 2) for each image: (N, C, H, W) -> (N,)."""
    ### BEGIN SOLUTION
    corner = X[..., :-1, :-1]  # (N, C, H - 1, W - 1)
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down**2 + right**2).pow(beta / 2).sum(dim=(1, 2, 3))
    ### END SOLUTION


# %% test="total_variation" points=2
check.probe(total_variation, whole(2, 3, 4, 6), 2.0)
check.probe(total_variation, whole(3, 2, 5, 3), 1.0)
check.probe(total_variation, whole(1, 1, 2, 4), 3.0)
### BEGIN HIDDEN TESTS
check.probe(total_variation, whole(2, 1, 6, 4), 1.5)
check.probe(total_variation, whole(4, 2, 2, 2), 4.0)
check.probe(total_variation, whole(1, 3, 3, 7), 1.0)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. The Gram matrix, channels last
#
# Write `gram(H)` for maps whose channels come **last**, divided as by Johnson, Alahi
# and Fei-Fei (2016):
#
# $$G_{ij} = \frac{1}{C\,h\,w} \sum_{a,b} H_{a,b,i}\, H_{a,b,j}$$
#
# - `H`: (N, h, w, C) float32.
# - Returns (N, C, C) float32: a matrix for each image.
# - Not allowed: `torch.einsum` and a loop.
#
# Example: an image with the two places (1, 2) and (3, 0) gives `[[2.5, 0.5], [0.5,
# 1.0]]`: $(1 \cdot 1 + 3 \cdot 3) / 4 = 2.5$, and so on.


# %% exercise="gram"
def gram(H):
    """Sum over places of products of channels, over C h w: (N, C, C)."""
    ### BEGIN SOLUTION
    A = H.flatten(1, 2)  # (N, h * w, C)
    return A.mT @ A / H[0].numel()
    ### END SOLUTION


# %% test="gram" points=2 bans="einsum, loops"
check.probe(gram, whole(2, 4, 5, 3))
check.probe(gram, whole(3, 2, 5, 2))
### BEGIN HIDDEN TESTS
check.probe(gram, whole(1, 4, 3, 6))
check.probe(gram, whole(2, 1, 5, 3).transpose(1, 2))
check.probe(gram, whole(4, 2, 2, 1))
### END HIDDEN TESTS

# %% [markdown] choice="shuffled_photo" points=1
# ## Think: the photo shuffled, not the maps
# Somebody shuffles the *pixels* of the style photo (each keeps its three colours) and
# computes the Gram matrices of the shuffled photo in a trained net of 3 x 3
# convolutions. What is true?
#
# - All Gram matrices stay the same, since they forget places.
#   wrong: places of the photo taken for places of the maps
# - The Gram matrix of the three colours stays the same, those of the layers change.
#   right: the colours themselves are shuffled columns. But a kernel looks at nine
#   pixels side by side, and these are other ones now.
# - Those of the layers stay the same, that of the three colours changes.
#   wrong: the convolution thought to undo the shuffle
# - The diagonals stay the same, all other cells change.
#   wrong: the strength of a channel thought not to depend on which pixels meet

# %% [markdown]
# ## 3. From Gram to correlation
#
# A program has kept of each style only its Gram matrix and the means of its channels;
# the photo is gone. Write `correlation(G, m)`: the channels' correlations from these.
#
# - `G`: (C, C) float32, $G_{ij}$ the mean over the places of $A_{ik} A_{jk}$.
# - `m`: (C,) float32, $m_i$ the mean over the places of $A_{ik}$.
# - Returns (C, C) float32: covariance over the product of the two deviations. A channel
#   whose variance is below $10^{-6}$ is silent: its row and its column are all 0, the
#   diagonal too.
#
# Example: `G = [[5, 1], [1, 2]]` and `m = [2, 1]` have the variances 1 and 1 and the
# covariance -1, so the answer is `[[1, -1], [-1, 1]]`.


# %% exercise="correlation"
def correlation(G, m):
    """Correlation (C, C) of channels with Gram matrix G (C, C) and means m (C,)."""
    ### BEGIN SOLUTION
    S = G - torch.outer(m, m)
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = torch.where(speaks, variance, 1.0).rsqrt() * speaks
    return S * torch.outer(scale, scale)
    ### END SOLUTION


# %% test="correlation" points=3
def statistics(C, places, silent=None):
    """Gram matrix and means of made-up maps; the channel `silent` is constant."""
    A = whole(C, places) + torch.arange(C)[:, None]  # (C, places)
    A = A * (1 + torch.arange(C)[:, None] / 2)
    if silent is not None:
        A[silent] = 2.0
    return A @ A.T / places, A.mean(dim=1)


check.probe(correlation, *statistics(3, 7))
check.probe(correlation, *statistics(4, 9, silent=2))
### BEGIN HIDDEN TESTS
check.probe(correlation, *statistics(5, 12))
check.probe(correlation, *statistics(2, 6, silent=0))
check.probe(correlation, *statistics(1, 5))
weak = torch.tensor([[1.5e-6, 0.0, 1e-4], [0.0, 7e-7, 1e-4], [1e-4, 1e-4, 1.0]])
check.probe(correlation, weak, torch.zeros(3))
check.probe(correlation, torch.tensor([[1e-6]]), torch.zeros(1))
### END HIDDEN TESTS

# %% [markdown] choice="doubled_channel" points=1
# ## Think: one channel twice as strong
# All numbers of channel 3 of a map are doubled. What becomes of the Gram matrix and of
# the correlation?
#
# - Row and column 3 of the Gram matrix double, the cell at their crossing too.
#   wrong: the cell at the crossing taken for one factor, where the channel meets itself
# - Row and column 3 double, the crossing becomes four times as large; the correlation
#   stays.
#   right: each product has the channel once, at the crossing twice. The deviation
#   doubles along, so the correlation doesn't notice.
# - Row and column 3 double, the crossing becomes four times as large; the correlation
#   does the same.
#   wrong: the correlation taken for a covariance
# - All cells change, since the mean over the places changes.
#   wrong: a mean over places taken for one over channels

# %% [markdown]
# ## 4. Content loss at several layers
#
# Write `content_loss(maps, targets, weights)`, with the paper's loss for a layer: half
# the **sum** of the squared differences.
#
# - `maps`: layer -> (N, C, h, w) float32, those of a batch of pictures; `targets`:
#   layer -> (1, C, h, w), of one content photo. C, h and w differ from layer to layer.
# - `weights`: layer -> float. A layer that is not in `weights` doesn't count.
# - Returns a tensor without axes: the weighted sum over the layers (weights as they
#   are, not made to sum to 1), and of it the **mean** over the N pictures.
#
# Example: one layer of weight 3, one picture, maps `[[1, 2]]`, targets `[[0, 4]]`: half
# of $1 + 4$, times 3, is 7.5.


# %% exercise="content_loss"
def content_loss(maps, targets, weights):
    """Mean over pictures of the sum over layers of w / 2 * sum (H - target)^2."""
    ### BEGIN SOLUTION
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2  # (N, C, h, w)
        total = total + weight / 2 * squares.sum() / len(squares)
    return total
    ### END SOLUTION


# %% test="content_loss" points=2
shapes = (2, 3, 4), (3, 1, 2)
check.probe(content_loss, layers(3, *shapes), layers(1, *shapes), {1: 0.5, 4: 2.0})
shapes = (1, 4, 2), (2, 2, 2), (4, 1, 3)
check.probe(content_loss, layers(2, *shapes), layers(1, *shapes), {7: 3.0, 1: 0.25})
### BEGIN HIDDEN TESTS
check.probe(content_loss, layers(1, (2, 2, 3)), layers(1, (2, 2, 3)), {1: 1.0})
maps = {layer: H.clone().requires_grad_() for layer, H in layers(4, *shapes).items()}
check.probe(content_loss, maps, layers(1, *shapes), {1: 1.0, 4: 0.0, 7: 2.0})
### END HIDDEN TESTS

# %% [markdown]
# ## 5. The paper's style loss
#
# Write `style_loss(maps, targets, weights)` as in Gatys, Ecker and Bethge (2016). Their
# Gram matrix is a **sum** over the places, $G_{ij} = \sum_k A_{ik} A_{jk}$, and a layer
# with $C$ channels and $M$ places gives
#
# $$E = \frac{1}{4\, C^2 M^2} \sum_{i,j} (G_{ij} - T_{ij})^2 .$$
#
# - `maps`: layer -> (N, C, h, w) float32, maps of N pictures.
# - `targets`: layer -> (C, C) float32, the Gram matrices $T$ of the style photo, also
#   sums; the photo has the size of the pictures.
# - `weights`: layer -> positive float; divide them by their sum before you use them.
# - Returns (N,) float32: a loss for **each** picture.
#
# Example: one layer, `A = [[1, 2]]` (one channel, two places), `T = [[1]]`: $G = 5$ and
# $E = 16 / (4 \cdot 1 \cdot 4) = 1$.


# %% exercise="style_loss"
def style_loss(maps, targets, weights):
    """Weighted mean over the layers of E, for each picture: (N,)."""
    ### BEGIN SOLUTION
    losses = 0.0
    for layer, weight in weights.items():
        A = maps[layer].flatten(2)  # (N, C, M)
        squares = (A @ A.mT - targets[layer]) ** 2  # (N, C, C)
        losses = losses + weight * squares.sum(dim=(1, 2)) / (4 * A[0].numel() ** 2)
    return losses / sum(weights.values())
    ### END SOLUTION


# %% test="style_loss" points=3
def gram_sums(*shapes):
    """Gram matrices, as sums, of made-up maps: layer 1, 4, 7 ... -> (C, C)."""
    rows = {layer: H[0].flatten(1) for layer, H in layers(1, *shapes).items()}
    return {layer: A @ A.T for layer, A in rows.items()}


shapes = (2, 3, 4), (3, 1, 2)
check.probe(style_loss, layers(3, *shapes), gram_sums(*shapes), {1: 0.5, 4: 2.0})
shapes = (4, 2, 2), (2, 3, 5), (1, 1, 3)
check.probe(style_loss, layers(2, *shapes), gram_sums(*shapes), {4: 1.0, 1: 3.0})
### BEGIN HIDDEN TESTS
check.probe(style_loss, layers(4, *shapes), gram_sums(*shapes), {1: 1, 4: 1, 7: 2})
check.probe(style_loss, layers(1, (3, 4, 2)), gram_sums((3, 4, 2)), {1: 7.0})
### END HIDDEN TESTS

# %% [markdown] choice="weight_for_sums" points=1
# ## Think: the same weight for another program
# Your style loss is the squared difference of Gram matrices that are *means* over the
# places, at one layer of 16 x 16 places, with a weight of 10. A friend's program is the
# same, but its Gram matrices are *sums*. Which weight gives your pictures there?
#
# - 10: the weight belongs to the style, not to the program.
#   wrong: a weight thought to mean the same for every loss
# - 10 / 256.
#   wrong: the square of the loss forgotten
# - 10 / 65,536.
#   right: the friend's matrices, and so their difference, are 256 times as large; the
#   square of that is 65,536.
# - 10 x 65,536.
#   wrong: the direction turned around, so that the larger loss gets the larger weight

# %% [markdown]
# ## 6. Features by name (hard)
#
# Write `features_at(net, X, names)`: what some modules of any net, at any depth, give
# for `X`.
#
# - `net`: a module; `names`: a list of names as in `net.named_modules()`, such as
#   `"stem.0"`. Each of these modules is called once and returns a tensor.
# - `X`: (N, ...) float32, a picture whose gradient may be wanted.
# - Returns a dict name -> output, in the order of `names`. Gradients flow from the
#   outputs to `X`.
# - An output is what the module **returned**, even if the next one changes it in place,
#   as `nn.ReLU(inplace=True)` does.
# - Call the net in the mode in which it comes, and leave it in that mode. No hook stays
#   behind: that is left to your honour.

# %% [markdown]
# Example: for `net = nn.Sequential(nn.Identity(), nn.ReLU(inplace=True))` and `X = 2 *
# [-1, 3]` the output of `"0"` is `[-2, 6]`, not `[0, 6]`.


# %% exercise="features_at"
def features_at(net, X, names):
    """Outputs of the named modules for X, as they were returned: name -> tensor."""
    ### BEGIN SOLUTION
    found, handles = {}, []
    for name in names:

        def keep(module, inputs, output, name=name):
            found[name] = output.clone()  # the next module may work in place

        handles.append(net.get_submodule(name).register_forward_hook(keep))
    net(X)
    for handle in handles:
        handle.remove()
    return {name: found[name] for name in names}
    ### END SOLUTION


# %% test="features_at" points=3
def small_net(channels, inplace=True):
    """A net with a branch; weights depend on `channels` alone."""
    net = nn.Module()
    net.stem = nn.Sequential(nn.Conv2d(2, channels, 2), nn.ReLU(inplace))
    net.left, net.right = nn.Conv2d(channels, 3, 1), nn.Conv2d(channels, 3, 1)
    net.norm = nn.BatchNorm2d(3)
    for p in net.parameters():
        nn.init.uniform_(p, -1, 1, generator=torch.Generator().manual_seed(len(p)))

    def forward(X):
        H = net.stem(X)
        return net.norm(net.left(H) * net.right(H))

    net.forward = forward
    return net


def collected(channels, shape, names, training):
    """Names and outputs in their order, the gradient, and how the net is left."""
    net, X = small_net(channels).train(training), 2 * pixels(*shape) - 1
    X.requires_grad_()
    found = check.call(features_at, net, X * 1, names, changes="net")
    return list(found), list(found.values()), net.training


told = "features_at: (names, outputs, whether the net is in train mode)"
check.probe(collected, 2, (2, 2, 3, 2), ["stem.0", "right"], False, call=told)
check.probe(collected, 3, (2, 2, 2, 3), ["right", "norm", "stem.0"], True, call=told)
### BEGIN HIDDEN TESTS
check.probe(collected, 4, (1, 2, 4, 4), ["left"], False)
check.probe(collected, 2, (2, 2, 3, 3), ["norm", "left", "stem.1", "stem"], False)
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Dream: pixels, not weights (hard)
#
# DeepDream (Mordvintsev, Olah and Tyka, 2015) asks a net for *more* of something: the
# pixels climb. Write `dream(net, X, channel, num_steps, lr)`. The value is the mean of
# one channel of `net(X)`; in each step, with its gradient $g$ for the pixels,
#
# $$x \leftarrow \mathrm{clip}\Big(x + \mathrm{lr} \cdot \frac{g}{\text{mean of } |g| +
# 10^{-8}}\Big)$$
#
# where clip puts every pixel back into [0, 1].
#
# - `net`: module from (N, 3, H, W) to (N, C, h, w), in any mode; call it in **eval
#   mode**. `X`: (N, 3, H, W) float32 in [0, 1]; stays as it is.
# - Returns `(picture, values)`: the new pixels, without a graph, and a list of
#   `num_steps` floats, the value *before* each step.

# %% [markdown]
# - The mean of $|g|$ runs over the whole batch.
# - The net is left as it was found: weights, running statistics, mode,
#   `requires_grad`; and no gradient is left behind in its parameters.
#
# Example: if the channel is twice the mean of all pixels, all $g$ are equal and
# positive, so a step of `lr = 0.1` turns 0.3 into 0.4, and 0.95 into 1.


# %% exercise="dream"
def dream(net, X, channel, num_steps, lr):
    """Climb the mean of a channel by moving pixels; return (picture, values)."""
    ### BEGIN SOLUTION
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g / (g.abs().mean() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    net.train(was_training)
    return X, values
    ### END SOLUTION


# %% test="dream" points=4
def dreamed(shape, *more, training=False):
    """Picture and values, and in which state the net is left."""
    torch.manual_seed(shape[0])
    net = nn.Sequential(nn.Conv2d(3, 4, 2), nn.BatchNorm2d(4), nn.Tanh())
    net.train(training)[1].running_mean += 0.1 * torch.arange(4)
    net[1].weight.requires_grad_(False)
    old = {name: value.clone() for name, value in net.state_dict().items()}
    result = check.call(dream, net, pixels(*shape), *more, changes="net")
    left = {
        "changed": [n for n, v in net.state_dict().items() if not v.equal(old[n])],
        "train mode": [module.training for module in net],
        "trained": [p.requires_grad for p in net.parameters()],
        "gradients left": sum(p.grad is not None for p in net.parameters()),
    }
    return *result, left


told = "dream: (picture, values, how the net is left)"
check.probe(dreamed, (2, 3, 2, 3), 1, 1, 0.1, call=told)
check.probe(dreamed, (1, 3, 3, 3), 2, 3, 0.3, training=True, call=told)
### BEGIN HIDDEN TESTS
check.probe(dreamed, (2, 3, 3, 3), 0, 4, 0.3)
check.probe(dreamed, (1, 3, 2, 2), 0, 0, 0.1)
check.probe(dream, frozen(2, 3e-7), pixels(1, 3, 3, 2), 1, 2, 0.1, graph=False)
### END HIDDEN TESTS

# %% [markdown] choice="rank" points=1
# ## Think: how much can a Gram matrix hold?
# A layer has 320 channels and, for a small photo, 4 x 4 places. Its Gram matrix is 320
# x 320. How large can its rank be, and how large that of the covariance?
#
# - 320 and 320: no row is made of others.
#   wrong: the size of a matrix taken for its rank
# - 16 and 16.
#   wrong: the means forgotten, whose removal ties the places to each other
# - 16 and 15.
#   right: $A A^\top$ has at most the rank of $A$, which has 16 columns. With the means
#   taken out the columns add up to 0, so one of them follows from the others.
# - 256 and 255.
#   wrong: pairs of places counted in place of places

# %% [markdown]
# ## 8. Back to a file
#
# A program keeps the picture standardised: $z = (x - m) / d$ for each colour channel.
# Write `to_bytes(Z, mean, deviation)`: the picture as a file wants it.
#
# - `Z`: (N, 3, H, W) float32; `mean` and `deviation`: lists of three floats.
# - Returns (N, H, W, 3) `torch.uint8`, channels last: $255 x$, rounded to the nearest
#   whole number as `torch.round` does. Below 0 becomes 0, above 255 becomes 255.
#
# Example: `z = 1` with mean 0.5 and deviation 0.25 is $x = 0.75$, $191.25$, so 191; `z
# = 9` gives 255.


# %% exercise="to_bytes"
def to_bytes(Z, mean, deviation):
    """Standardised picture -> bytes: (N, 3, H, W) float32 -> (N, H, W, 3) uint8."""
    ### BEGIN SOLUTION
    m, d = torch.tensor(mean), torch.tensor(deviation)  # (3,) each
    X = Z.permute(0, 2, 3, 1) * d + m  # (N, H, W, 3)
    return (255 * X).round().clamp(0, 255).to(torch.uint8)
    ### END SOLUTION


# %% test="to_bytes" points=2
center, width = [0.5, 0.4, 0.3], [0.2, 0.25, 0.3]
check.probe(to_bytes, 6 * pixels(2, 3, 1, 4) - 3, center, width)
check.probe(to_bytes, 10 * pixels(1, 3, 2, 3) - 5, width, center)
### BEGIN HIDDEN TESTS
check.probe(to_bytes, 4 * pixels(3, 3, 2, 2) - 2, [0.1, 0.5, 0.9], [0.5, 0.1, 0.2])
check.probe(to_bytes, 2 * pixels(1, 3, 1, 5) - 1, center, width)
### END HIDDEN TESTS

# %% [markdown]
# ## 9. Which weights are worth showing?
#
# You have painted one pair of photos with many settings. A run is **dominated** if
# another run is at most as large in both losses, and smaller in at least one of them.
# Write `worth_keeping(runs)`.
#
# - `runs`: a list of tuples `(style_weight, content_loss, style_loss)` of floats, in
#   any order; no two have the same weight.
# - Returns the style weights of the runs that are not dominated, as a sorted list. Two
#   runs with the same pair of losses don't dominate each other.
# - Loops are fine.
#
# Example: `[(1.0, 0.2, 0.5), (10.0, 0.4, 0.1), (5.0, 0.4, 0.6)]` gives `[1.0, 10.0]`:
# the run of weight 5 is worse than that of weight 1 in both.


# %% exercise="worth_keeping"
def worth_keeping(runs):
    """Sorted style weights of the runs that no other run dominates."""
    ### BEGIN SOLUTION
    kept = []
    for weight, content, style in runs:
        rivals = [
            (c, s)
            for _, c, s in runs
            if c <= content and s <= style and (c, s) != (content, style)
        ]
        if not rivals:
            kept.append(weight)
    return sorted(kept)
    ### END SOLUTION


# %% test="worth_keeping" points=2
runs = [(0.5, 0.4, 0.1), (9.0, 0.4, 0.1), (30.0, 0.4, 0.3), (20.0, 0.5, 0.1)]
runs = [*runs, (3.0, 0.6, 0.1), (1.0, 0.2, 0.5), (5.0, 0.5, 0.2)]
runs = [*runs, (2.0, 0.2, 0.4), (50.0, 0.1, 0.5)]
check.probe(worth_keeping, runs)
check.probe(worth_keeping, [(2.0, 0.3, 0.4), (1.0, 0.3, 0.4), (4.0, 0.5, 0.5)])
### BEGIN HIDDEN TESTS
check.probe(worth_keeping, [(8.0, 0.9, 0.9)])
check.probe(worth_keeping, [(5.0, 0.5, 0.1), (4.0, 0.4, 0.2), (6.0, 0.4, 0.3)])
check.probe(worth_keeping, [(10.0, 0.6, 0.2), (2.0, 0.1, 0.8), (3.0, 0.1, 0.7)])
check.probe(worth_keeping, [])
### END HIDDEN TESTS

# %% [markdown]
# ## 10. Mend it: a texture that never comes
#
# The program below shall move noise until the Gram matrix of its maps is that of a
# style photo. The result looks like neither, has pixels outside [0, 1], and with a
# style photo of another size it fails. **Three** thoughts are wrong in it. Write the
# mended `texture(net, style, X, num_steps, lr)`.
#
# - `net`: module from (1, 3, H, W) to (1, C, h, w), frozen and in eval mode.
# - `style`: (1, 3, H', W') and `X`: (1, 3, H, W), float32 in [0, 1]; `X` stays as it
#   is.

# %% [markdown]
# - Plain gradient descent with `lr`. The loss is the mean of the squared differences of
#   the two Gram matrices (C, C), each a mean over its places.
# - Returns `(picture, losses)`: the picture, in [0, 1] after **each** step, without a
#   graph, and a list of `num_steps` floats, the loss before each step.
#
# Example: with `num_steps = 0` the picture is `X` and the list is empty.


# %%
def faulty_texture(net, style, X, num_steps, lr):
    """Move X so that the Gram matrix of its maps is that of the style photo."""
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)  # (1, C, places)
    for _ in range(num_steps):
        H = net(X.clamp(0, 1)).flatten(2)
        G, goal = H.mT @ H / H.shape[1], T.mT @ T / T.shape[1]
        loss = ((G - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return X.detach(), losses


# %% exercise="texture"
def texture(net, style, X, num_steps, lr):
    """Move X until the Gram matrix of its maps is that of the style photo.

    Args:
        net: frozen module in eval mode, (1, 3, H, W) to (1, C, h, w).
        style: (1, 3, H', W') float32; X: (1, 3, H, W) float32.

    Returns:
        picture, losses: (1, 3, H, W) in [0, 1], and a float for each step.
    """
    ### BEGIN SOLUTION

    def gram(images):
        A = net(images).flatten(2)  # (1, C, places)
        return A @ A.mT / A.shape[2]

    picture, history, goal = X.clone(), [], gram(style)
    for _ in range(num_steps):
        picture.requires_grad_()
        error = (gram(picture) - goal).square().mean()
        (g,) = torch.autograd.grad(error, picture)
        picture = (picture.detach() - lr * g).clamp(0, 1)
        history.append(error.item())
    return picture, history
    ### END SOLUTION


# %% test="texture" points=3
def textured(style_shape, shape, num_steps, lr):
    """Picture and losses, by a net whose weights depend on the sizes alone."""
    torch.manual_seed(shape[2])
    net = nn.Sequential(nn.Conv2d(3, 4, 2), nn.Tanh()).requires_grad_(False).eval()
    style, X = 0.8 * pixels(1, 3, *style_shape), 2 * pixels(*shape) - 0.5
    return check.call(texture, net, style, X.clamp(0, 1), num_steps, lr)


told = "texture: (picture, losses)"
check.probe(textured, (2, 3), (1, 3, 2, 3), 3, 20.0, call=told)
check.probe(textured, (5, 3), (1, 3, 2, 3), 2, 30.0, call=told)
### BEGIN HIDDEN TESTS
check.probe(textured, (3, 7), (1, 3, 5, 3), 4, 40.0)
check.probe(textured, (5, 5), (1, 3, 3, 6), 3, 80.0)
check.probe(textured, (3, 3), (1, 3, 3, 4), 0, 1.0)
images = pixels(1, 3, 2, 3), pixels(1, 3, 3, 3)
check.probe(texture, frozen(1), *images, 2, 1.0, graph=False)
### END HIDDEN TESTS

# %% [markdown]
# ## 11. Without an optimisation: AdaIN
#
# **Adaptive instance normalisation** (Huang and Belongie, 2017) gives maps the style of
# others in one line. Write `adain(content, style, alpha)`: with $\mu$ and $\sigma$ the
# mean and the deviation of a channel over the places of *one* image,
#
# $$\text{moved} = \sigma(\text{style})\, \frac{\text{content} -
# \mu(\text{content})}{\sqrt{\sigma^2(\text{content}) + 10^{-5}}} + \mu(\text{style}),$$
#
# and the result is $\alpha \cdot \text{moved} + (1 - \alpha) \cdot \text{content}$.

# %% [markdown]
# - `content`: (N, C, h, w) and `style`: (N, C, h', w'), float32: image $n$ gets style
#   $n$, and the sizes may differ. `alpha`: a float in [0, 1].
# - The variance is the mean squared distance from the mean (divided by the number of
#   places). Under the style's deviation no $10^{-5}$ is added.
# - Returns (N, C, h, w) float32.
#
# Example: content `[[1, 3]]`, style `[[10, 30, 50]]`, `alpha = 1`: the style's mean is
# 30 and its deviation 16.33, so about `[[13.67, 46.33]]`.


# %% exercise="adain"
def adain(content, style, alpha):
    """Content maps with the style's mean and deviation in each channel, blended."""
    ### BEGIN SOLUTION
    mu, variance = content.mean((2, 3), True), content.var((2, 3), False, keepdim=True)
    mu_style, sigma_style = style.mean((2, 3), True), style.std((2, 3), False, True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved + (1 - alpha) * content
    ### END SOLUTION


# %% test="adain" points=3
check.probe(adain, whole(2, 3, 4, 2), 3 * whole(2, 3, 3, 5) + 4, 1.0)
check.probe(adain, whole(3, 2, 2, 3), 2 * whole(3, 2, 5, 1) - 7, 0.25)
check.probe(adain, whole(1, 1, 3, 2), 0.01 * whole(1, 1, 4, 2), 1.0)
### BEGIN HIDDEN TESTS
check.probe(adain, 0.01 * whole(1, 4, 3, 3), whole(1, 4, 2, 6), 1.0)
check.probe(adain, whole(4, 1, 2, 2), whole(4, 1, 3, 3) - 2, 0.6)
check.probe(adain, whole(2, 2, 3, 2), whole(2, 2, 1, 4), 0.0)
### END HIDDEN TESTS

# %% [markdown]
# ## A question: a thousand photos a minute
#
# A museum wants a screen at which visitors see themselves in the manner of one of
# twelve of its paintings, live. Which of the three ways do you take: an optimisation
# for each picture, a feed-forward net for each style, AdaIN with one decoder? What has
# to be trained, on which data, and what is still needed of the net with ImageNet's
# weights when the screen runs? How do you choose the style weight, and who judges the
# pictures? A few sentences; a person reads them.

# %% [markdown] manual="museum" points=3
# ### BEGIN SOLUTION
# Live means a few hundredths of a second a picture, so no optimisation. Feed-forward
# nets: one for each painting, trained on many photos of people, without labels, with
# content, style and variation losses; the pre-trained net, frozen and in eval mode,
# gives these losses and is not needed at the screen. AdaIN: one decoder for all styles;
# its pre-trained encoder runs at the screen too, and a new painting needs no training.
# The style weight is chosen from rows of pictures over several weights, by people of
# the museum, on photos that training never saw: losses of other weights or nets can't
# be compared. Check faces, skin colours, light, flicker, and the time for a picture.
# ### END SOLUTION
