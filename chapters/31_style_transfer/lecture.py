# %% [markdown]
# # Style transfer: a picture that learns
#
# You have a photo that you like and a texture that you like: a person, and the petals
# of a dahlia. **Can a computer paint the one in the manner of the other?**
#
# In 2015 Leon Gatys, Alexander Ecker and Matthias Bethge did it with a net that had
# only been trained to name things in photos. Nothing is trained any more: the net
# stands still, and the **pixels** move. This is **neural style transfer**.
#
# You need [MobileNetV2](18 "MobileNet") and its weights from [transfer learning](19);
# also [convolution](12), [batch normalisation](16), the [gradient](02) and
# [Adam](03).

# %%
import torch
from torch import nn
from torch.nn import functional as F
from torchvision.models import mobilenet_v2
from torchvision.transforms import v2

from utils import plots
from utils.data import photo
from utils.device import set_seed, try_gpu
from utils.drawings import style_transfer as drawings
from utils.pretrained import CATEGORIES, mobilenet, preparation

plots.use_style()
set_seed(0)
device = try_gpu()

# %% [markdown]
# ## The photos
#
# Two photos shall keep their **content**, what is where: a person, a tower. Two shall
# give their **style**: petals and bricks. All are cut to squares of 128 x 128 pixels,
# so that a picture takes seconds on one core. A grey photo gets three equal channels.
#
# **Look for** what you would call the style of the petals. Which words do you need:
# colours, shapes, places?


# %%
def square(name, side=128, box=None):
    """A square of a photo, (1, 3, side, side) in [0, 1]; box is (top, left, side)."""
    image = photo(name).expand(3, -1, -1)  # (1 or 3, H, W) -> (3, H, W)
    if box is not None:
        top, left, width = box
        image = image[:, top : top + width, left : left + width]
    image = v2.functional.center_crop(image, [min(image.shape[1:])] * 2)
    return v2.functional.resize(image, [side, side])[None].clamp(0, 1).to(device)


person, tower = square("astronaut"), square("china")
petals, bricks = square("flower", box=(60, 170, 330)), square("brick")
photos = {"person": person, "tower": tower, "petals": petals, "bricks": bricks}
plots.show(
    drawings.strip(photos),
    alt="Four square photos: an astronaut in an orange suit, a Chinese tower by a "
    "lake, an orange dahlia on dark green, and a grey wall of bricks.",
)
assert all(image.shape == (1, 3, 128, 128) for image in photos.values())
assert all(0 <= image.min() < image.max() <= 1 for image in photos.values())

# %% [markdown]
# Orange, round scales with a light rim, a dark green: colours, and small shapes that
# return again and again. *Where* each petal lies doesn't belong to the style. Keep
# that thought: **style is what stays when places are forgotten.**
#
# ## The idea
#
# Until now a training moved the weights of a net, and the images stood still. Here it
# is the reverse. The picture $x$ is what we look for, pixel by pixel:
#
# $$x^\star = \arg\min_x \; L_{\text{content}}(x, c) + \lambda\, L_{\text{style}}(x, s)
# + \mu\, L_{\text{tv}}(x)$$
#
# where $c$ is the content photo, $s$ the style photo, $\lambda$ the **style weight**,
# and $\mu$ weighs the **total variation**, a term for smoothness. Each loss compares
# what *one net* computes of two images.

# %%
plots.show(
    drawings.pipeline(),
    alt="Scheme. Content photo, picture and style photo go into one net whose weights "
    "stand still. Maps of a middle layer give the content loss, Gram matrices of five "
    "layers the style loss. A dashed arrow, the gradient, goes back to the picture.",
)

# %% [markdown]
# ## A net that stands still
#
# `mobilenet()` gives [MobileNetV2](18 "MobileNet") with ImageNet's weights, in eval
# mode. We need its `features` only, 19 blocks; no head. All parameters are frozen:
# `requires_grad_(False)`. The [gradient](02) still flows *through* them, to the
# pixels.
#
# The net wants standardised colours. We keep the picture in [0, 1] and standardise on
# the way in, with the means and deviations that belong to the weights. So the picture
# can always be shown, and its limits are simple.

# %%
features = mobilenet().features.requires_grad_(False).to(device)
features = features.to(memory_format=torch.channels_last)  # faster on a CPU
prepare = preparation(128)
mean, deviation = (
    torch.tensor(values, device=device).reshape(1, 3, 1, 1)
    for values in (prepare.mean, prepare.std)
)


def standardise(X):
    """(N, 3, H, W) in [0, 1] -> what the net was trained on."""
    return (X - mean) / deviation


def destandardise(Z):
    """The way back to [0, 1]."""
    return Z * deviation + mean


Z = standardise(petals)
print(f"pixels {petals.min():.2f} to {petals.max():.2f},", end=" ")
print(f"standardised {Z.min():.2f} to {Z.max():.2f}")
torch.testing.assert_close(destandardise(Z), petals, rtol=0, atol=1e-6)
torch.testing.assert_close(
    Z, v2.functional.normalize(petals, prepare.mean, prepare.std)
)
assert Z.min() < -1.5 and Z.max() > 2 and not features.training

# %% [markdown]
# ## Features at layers
#
# From scratch: send the image through, block after block, and keep what comes out where
# you want it. Stop at the last layer you need; the rest costs time for nothing.


# %%
def features_at(features, X, layers):
    """Maps of the given blocks: {layer: (N, C, h, w)}."""
    maps, H = {}, standardise(X)
    for layer, block in enumerate(features[: max(layers) + 1]):
        H = block(H)
        if layer in layers:
            maps[layer] = H
    return maps


LAYERS = (0, 1, 3, 6, 10, 13)
maps = features_at(features, person, LAYERS)

# %% [markdown]
# The same in PyTorch: a **forward hook** is a function that a module calls with its
# output. It needs no loop of your own, and works for nets that are no chain.

# %%
hooked = {}


def keep(layer):
    def hook(module, inputs, output):
        hooked[layer] = output

    return hook


handles = [features[k].register_forward_hook(keep(k)) for k in LAYERS]
features(standardise(person))
for handle in handles:
    handle.remove()  # else every later call fills `hooked` again
assert hooked.keys() == maps.keys()
for layer in LAYERS:
    torch.testing.assert_close(hooked[layer], maps[layer])


# %% [markdown]
# What are these layers like? The deeper, the fewer places, the more channels, and the
# larger the [receptive field](12), the square of pixels that one number depends on.


# %%
def receptive_field(blocks):
    """Side of the square of pixels that one output of a chain of blocks depends on."""
    side, jump = 1, 1
    for module in blocks.modules():
        if isinstance(module, nn.Conv2d):
            side += (module.kernel_size[0] - 1) * jump
            jump *= module.stride[0]
    return side


fields = {k: receptive_field(features[: k + 1]) for k in LAYERS}
for k, H in maps.items():
    _, C, h, w = H.shape
    print(f"layer {k:2}: {C:3} channels, {h:2} x {w:2} places,", end=" ")
    print(f"{H.numel():7,} numbers, each sees {fields[k]:3} x {fields[k]} pixels")
print(f"the picture itself: {person.numel():,} numbers")
assert [H.shape[2] for H in maps.values()] == [64, 64, 32, 16, 8, 8]
assert maps[3].numel() * 2 == person.numel() and maps[13].numel() * 8 == person.numel()
assert fields[0] == 3 and fields[3] == 19 and fields[13] > 128

# %% [markdown]
# ## Content loss
#
# Let $H^l(x)$ be the maps of layer $l$, with $C_l$ channels and $N_l$ places. The
# **content loss** is the squared error of the maps, relative to their size:
#
# $$L_{\text{content}}(x, c) = \frac{\lVert H^l(x) - H^l(c) \rVert^2}{\lVert H^l(c)
# \rVert^2}$$
#
# It is 0 where the maps agree, and 1 for maps that are all zero. (Gatys takes half the
# squared error, without the division. Ours has the same scale in each layer, which we
# need below.)
#
# Which layer? To see what a layer knows, start from **noise**, and move its pixels
# until the layer's maps are those of the photo: **feature inversion** (Mahendran and
# Vedaldi, 2015).


# %%
def content_loss(H, target):
    """||H - target||^2 / ||target||^2, a scalar."""
    return (H - target).square().sum() / target.square().sum()


# %% [markdown]
# Every experiment below moves pixels by one function. It takes another function,
# `terms_of(X)`, which gives the losses by name, and a weight for each name. Note the
# two lines that differ from a training: the optimiser gets **the picture**, not
# `net.parameters()`, and after each step the pixels are put back into [0, 1].


# %%
def optimise(terms_of, weights, X, num_steps=100, lr=0.02):
    """Move the pixels of X by Adam, so that the weighted sum of the terms falls.

    Returns the new picture, and for each term its value before each step.
    """
    X = X.clone().requires_grad_()
    optimizer = torch.optim.Adam([X], lr=lr)
    history = {name: [] for name in weights}
    for _ in range(num_steps):
        optimizer.zero_grad()
        terms = terms_of(X)
        sum(weights[name] * terms[name] for name in weights).backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        for name in weights:
            history[name].append(terms[name].item())
    return X.detach(), history


def noise(size=128):
    """Grey with a little noise, (1, 3, size, size), in [0, 1]."""
    return (0.5 + 0.1 * torch.randn(1, 3, size, size)).clamp(0, 1).to(device)


# %% [markdown]
# ## Total variation: smooth, but with edges
#
# Many pictures have the same maps, most of them full of fine dirt. A second term
# prefers the smooth ones. The **total variation** is the mean absolute difference of
# neighbours, downwards and across:
#
# $$L_{\text{tv}}(x) = \frac{1}{n_\downarrow} \sum |x_{c,i+1,j} - x_{c,i,j}| +
# \frac{1}{n_\rightarrow} \sum |x_{c,i,j+1} - x_{c,i,j}|$$
#
# with the number of differences $n$ of each kind. Why absolute values, not squares?
# Climb from 0 to 1 in one step, or slowly, over ten pixels.


# %%
def total_variation(X):
    """Mean |difference| of vertical neighbours plus that of horizontal ones."""
    down = X[..., 1:, :] - X[..., :-1, :]
    across = X[..., 1:] - X[..., :-1]
    return down.abs().mean() + across.abs().mean()


step = (torch.arange(11.0) > 5).float()  # 0 0 0 0 0 0 1 1 1 1 1
ramp = torch.linspace(0, 1, 11)
for name, line in {"step": step, "ramp": ramp}.items():
    differences = line.diff()
    print(f"{name}: absolute {differences.abs().sum():.2f},", end=" ")
    print(f"squared {differences.square().sum():.2f}")
torch.testing.assert_close(step.diff().abs().sum(), ramp.diff().abs().sum())
torch.testing.assert_close(ramp.diff().square().sum(), torch.tensor(0.1))
assert step.diff().square().sum() == 1

# %% [markdown]
# The absolute one costs the same for both, so an edge may stay an edge. The square
# makes the step ten times as expensive: it would wash each edge into a ramp.
#
# (With squares or with absolute values, as a sum or as a mean: you meet all four under
# the name total variation. Ask which, before you copy somebody's weight.)

# %% [markdown]
# ## What does each layer see?
#
# Now the experiment: inversion at one layer after another.

# %% [markdown] predict="what_layers_keep"
# **Predict.** Noise is optimised until its maps are close to those of the person, at
# layer 0, 3, 6 or 13; always 100 steps. What is left of the photo in the deepest one?
#
# - The person is gone: a layer that deep only knows "a person", not where.
#   wrong: the deep maps taken for the answer of the net. Layer 13 still has 8 x 8
#   places, and what it knows it knows *per place*.
# - Every pixel, as all four losses become small.
#   wrong: a small loss in the maps thought to mean a small one in the pixels. Layer 13
#   has an eighth as many numbers as the picture; many pictures share them.
# - The rough layout and the large patches of colour; single pixels are all wrong.
#   right: which thing is where stays, how it is drawn in detail is free.


# %%
def inversion(layer):
    """Terms for a picture whose maps at a layer are those of the person."""
    target = features_at(features, person, [layer])[layer]

    def terms(X):
        H = features_at(features, X, [layer])[layer]
        return {"content": content_loss(H, target), "variation": total_variation(X)}

    return terms


start = noise()
inverted, left = {}, {}
for layer in (0, 3, 6, 13):
    weights = {"content": 1.0, "variation": 0.5}
    X, history = optimise(inversion(layer), weights, start, lr=0.05)
    inverted[f"layer {layer}"] = X
    left[layer] = history["content"][-1] / history["content"][0]

# %% [markdown]
# **Look for** the face, the badge on the suit, and the colour of the suit, from left to
# right.

# %%
plots.show(
    drawings.strip({"the photo": person, "start": start, **inverted}),
    alt="The photo, the noise, and four pictures found from the noise. Layer 0: nearly "
    "the photo. Layer 3: the photo with some dirt. Layer 6: shapes and colours, drawn "
    "roughly. Layer 13: an orange figure in wild strokes.",
)


def agreement(A, B):
    """Correlation of the numbers of two tensors; 1 where they rise and fall alike."""
    return torch.corrcoef(torch.stack([A.flatten(), B.flatten()]))[0, 1].item()


def tint(X):
    """Colour without brightness, in 8 x 8 patches: (N, 3, H, W) -> (N, 3, 8, 8)."""
    return F.adaptive_avg_pool2d(X - X.mean(dim=1, keepdim=True), 8)


pixels_kept = [agreement(X, person) for X in inverted.values()]
tint_kept = [agreement(tint(X), tint(person)) for X in inverted.values()]
for row in zip(left, left.values(), pixels_kept, tint_kept, strict=True):
    print(
        "layer {:2}: content loss fell to {:.3f} of its start;".format(*row[:2]),
        end=" ",
    )
    print("agreement of pixels {:.2f}, of rough colour {:.2f}".format(*row[2:]))
assert max(left.values()) < 0.1
assert pixels_kept[0] > 0.95 > pixels_kept[1] > 0.75 > 0.7 > pixels_kept[2] > 0.35
assert pixels_kept[2] > pixels_kept[3] + 0.2 and pixels_kept[3] < 0.3
assert min(tint_kept[:3]) > 0.9 and pixels_kept[3] + 0.4 < tint_kept[3] < 0.92

# %% [markdown]
# At every layer the content loss fell to less than a tenth. The pixels did not
# follow: the deeper the layer, the freer they are. In the last picture you can't make
# out the face any more. The orange of the suit is still there: the rough colours stay
# longest.
#
# This is what 100 steps find; more of them come nearer. But look at the table above:
# layer 3 has half as many numbers as the picture, layer 13 an eighth. So few numbers
# can't fix every pixel. The rest is chosen by the start and by the smoothness.
#
# **For content, take a layer in the middle**, here 6. It holds what is where, and
# leaves the brushwork free.

# %% [markdown]
# ## Style: the Gram matrix
#
# Now forget the places. Write the maps of a layer as a matrix $A$ of shape $(C, N)$: a
# row for each channel, a column for each place. At place $k$ the product $A_{ik}
# A_{jk}$ is large where channels $i$ and $j$ answer *together*. Its mean over the
# places,
#
# $$G_{ij} = \frac{1}{N} \sum_{k=1}^{N} A_{ik} A_{jk}, \quad G = \frac{1}{N} A A^\top,$$
#
# is the **Gram matrix**, $(C, C)$: the inner products of the channels, divided by the
# number of places. The sum runs over all places; which product came from where is no
# longer to be seen.


# %%
def gram_by_hand(H):
    """Gram matrix of maps (1, C, h, w), by the formula: (C, C)."""
    _, C, h, w = H.shape
    G = torch.zeros(C, C)
    for i in range(C):
        for j in range(C):
            G[i, j] = (H[0, i] * H[0, j]).sum() / (h * w)
    return G


def gram(H):
    """A A^T / N for each image of a batch: (N, C, h, w) -> (N, C, C)."""
    A = H.flatten(2)  # (N, C, h * w)
    return A @ A.mT / A.shape[2]


petal_maps = features_at(features, petals, [1])[1]
torch.testing.assert_close(
    gram(petal_maps)[0].cpu(), gram_by_hand(petal_maps), rtol=1e-4, atol=1e-4
)
einsum = (
    torch.einsum("ncij,ndij->ncd", petal_maps, petal_maps) / petal_maps[0, 0].numel()
)
torch.testing.assert_close(gram(petal_maps), einsum, rtol=1e-4, atol=1e-4)
print("maps", tuple(petal_maps.shape), "-> Gram matrix", tuple(gram(petal_maps).shape))

# %% [markdown] predict="shuffled_places"
# **Predict.** The 64 x 64 places of a map are shuffled, in all channels by the same
# random order. What does that change?
#
# - The Gram matrix and the content loss: everything stands somewhere else.
#   wrong: a sum thought to depend on the order of its terms. Shuffled terms add up to
#   the same.
# - Only the content loss; the Gram matrix stays as it is.
#   right: the Gram matrix is a sum over places. The same columns of numbers meet
#   themselves, in another order.
# - Neither, as no number was lost.
#   wrong: the content loss thought to compare sets of numbers. It compares place by
#   place.
# - Only the Gram matrix, since it is made of neighbours.
#   wrong: products of channels taken for products of neighbouring places. Both factors
#   stand at one place, and move together.

# %%
A = petal_maps.flatten(2)  # (1, 16, 4096)
order = torch.randperm(A.shape[2], device=device)
together = A[:, :, order].reshape(petal_maps.shape)
apart = torch.stack(  # another order for each channel
    [row[torch.randperm(len(row), device=device)] for row in A[0]]
).reshape(petal_maps.shape)


def difference(G, target):
    """||G - target||^2 / ||target||^2, a float."""
    return ((G - target).square().sum() / target.square().sum()).item()


for name, shuffled in {"one order": together, "an order each": apart}.items():
    changed = difference(gram(shuffled), gram(petal_maps))
    print(f"{name:>13}: Gram changes by {changed:.1e},", end=" ")
    print(f"content loss {content_loss(shuffled, petal_maps):.2f}")
assert (
    difference(gram(together), gram(petal_maps))
    < 1e-8
    < 0.01
    < difference(gram(apart), gram(petal_maps))
)
assert content_loss(together, petal_maps) > 0.3

# %% [markdown]
# The Gram matrix can't tell the shuffled maps from the true ones. Shuffle each channel
# by an order of its own, and it can: what is forgotten is *where*, not *what goes with
# what*.
#
# **Look for** cells off the diagonal that are blue in one style and red or white in the
# other: pairs of channels that answer together here and not there. (The scale ends at
# half of the largest number; what is beyond has the darkest colour.)

# %%
styles = {"petals": petals, "bricks": bricks}
by_style = {
    name: gram(features_at(features, X, [1])[1])[0] for name, X in styles.items()
}
shown = by_style | {"petals, places shuffled": gram(together)[0]}
limit = max(G.abs().max() for G in shown.values()).item() / 2
plots.show(
    drawings.grams(shown, limit),
    alt="Three 16 x 16 Gram matrices. Petals and bricks differ in many cells; that of "
    "the petals with shuffled places is the same as that of the petals.",
)
opposite = (by_style["petals"] * by_style["bricks"] < 0).float().mean().item()
apart_styles = difference(by_style["bricks"], by_style["petals"])
print(f"cells of opposite sign: {opposite:.0%}; relative difference {apart_styles:.2f}")
assert opposite > 0.2 and apart_styles > 0.8

# %% [markdown]
# In about a quarter of the cells the signs are opposite: other channels go together in
# petals than in bricks. That is what a style loss compares.
#
# ## Is it a covariance?
#
# Nearly. Let $m_i$ be the mean of channel $i$ over the places. Then the **covariance**
# of two channels is $\Sigma_{ij} = \frac{1}{N} \sum_k (A_{ik} - m_i)(A_{jk} - m_j)$.
# Multiply out:
#
# $$\Sigma_{ij} = G_{ij} - m_i m_j, \qquad\text{so}\qquad G = \Sigma + m m^\top .$$
#
# The Gram matrix is the **uncentred** second moment: it holds the covariance *and* the
# means. And it is **unnormalised**. Divide the covariance by the deviations and you get
# the **correlation** $\Sigma_{ij} / \sqrt{\Sigma_{ii} \Sigma_{jj}}$, from -1 to 1, in
# which also the strength of each channel is forgotten.


# %%
def covariance(H):
    """Gram matrix of the maps with each channel's mean taken out: (N, C, C)."""
    return gram(H - H.mean(dim=(2, 3), keepdim=True))


def correlation(H):
    """Covariance over the product of the deviations: (N, C, C), from -1 to 1."""
    S = covariance(H)
    d = S.diagonal(dim1=1, dim2=2).clamp(min=1e-5).sqrt()  # (N, C)
    return S / (d[:, :, None] * d[:, None, :])


m = petal_maps.mean(dim=(2, 3))  # (1, 16)
parts = covariance(petal_maps) + m[:, :, None] * m[:, None, :]
torch.testing.assert_close(parts, gram(petal_maps), rtol=1e-4, atol=1e-4)
torch.testing.assert_close(
    covariance(petal_maps)[0], A[0].cov(correction=0), rtol=1e-4, atol=1e-4
)
torch.testing.assert_close(
    correlation(petal_maps)[0], A[0].corrcoef(), rtol=1e-3, atol=1e-4
)
for name, statistic in {"Gram": gram, "cov.": covariance, "corr.": correlation}.items():
    plus, times = (
        difference(statistic(T), statistic(petal_maps))
        for T in (petal_maps + 3, 2 * petal_maps)
    )
    print(f"{name:>5}: changed by adding 3 {plus:8.4f}, by doubling {times:.4f}")
    assert (plus < 1e-6) == (name != "Gram") and (times < 1e-6) == (name == "corr.")

# %% [markdown]
# To add a constant is to shift a channel: only the Gram matrix notices. To double is to
# strengthen it: the correlation doesn't notice. So which of them is "style"? Below you
# try all three.
#
# ## Style loss
#
# Take several layers, compare their Gram matrices, and add up with weights:
#
# $$L_{\text{style}}(x, s) = \sum_l w_l \frac{\lVert G^l(x) - G^l(s)
# \rVert^2}{\lVert G^l(s) \rVert^2}, \qquad \sum_l w_l = 1 .$$
#
# The paper has $\frac{1}{4 C_l^2 N_l^2} \sum_{ij}$ of the squared difference, with sums
# over places in $G$ where we have means. What the divisions are for shows when you
# leave them out.

# %%
STYLE_LAYERS = (0, 1, 3, 6, 10)


def gram_targets(features, style, layers):
    """Gram matrices of a style photo: {layer: (1, C, C)}."""
    return {k: gram(H) for k, H in features_at(features, style, layers).items()}


def style_loss(maps, grams, weights):
    """Weighted mean over the layers of the Gram matrices' relative squared error."""
    total = 0.0
    for k, weight in weights.items():
        error = (gram(maps[k]) - grams[k]).square().sum()
        total = total + weight * error / grams[k].square().sum()
    return total / sum(weights.values())


equal = dict.fromkeys(STYLE_LAYERS, 1.0)
goal = gram_targets(features, petals, STYLE_LAYERS)
person_maps = features_at(features, person, STYLE_LAYERS)
style_before = style_loss(person_maps, goal, equal).item()
print(
    f"style loss of the person, as it is: {style_before:.2f}; of the petals:", end=" "
)
print(style_loss(features_at(features, petals, STYLE_LAYERS), goal, equal).item())
assert 0.5 < style_before < 0.9

# %%
shares = {}
for kind in ("sums", "means", "relative"):
    errors = []
    for k, H in person_maps.items():
        N = H[0, 0].numel() if kind == "sums" else 1  # places: means become sums
        error = (N * gram(H) - N * goal[k]).square().sum()
        errors.append(error / (goal[k].square().sum() if kind == "relative" else 1))
    shares[kind] = (torch.stack(errors) / sum(errors)).tolist()
    told = ", ".join(
        f"{k}: {s:.1%}" for k, s in zip(STYLE_LAYERS, shares[kind], strict=True)
    )
    print(f"{kind:>8}  share of the loss by layer: {told}")
tiled = petals.repeat(1, 1, 2, 2)  # four times the same: the same style
first, four = (features_at(features, X, [1])[1] for X in (petals, tiled))
by_means = gram(four).norm() / gram(first).norm()
by_sums = by_means * four[0, 0].numel() / first[0, 0].numel()
print(f"the petals four times: sums grow by {by_sums:.2f}, means by {by_means:.2f}")
sizes = [goal[k].square().sum().item() for k in STYLE_LAYERS]
print("squared size of the targets:", [round(size) for size in sizes])
assert max(sizes) > 10 * min(sizes)
assert sum(shares["sums"][:2]) > 0.75 and shares["sums"][4] < 0.01
assert sum(shares["means"][:2]) < 0.05 and shares["means"][4] > 0.5
assert 0.02 < min(shares["relative"]) < max(shares["relative"]) < 0.4
assert abs(by_sums - 4) < 0.2 and abs(by_means - 1) < 0.05

# %% [markdown]
# With sums, the two first layers make up most of the loss, as they have most places;
# the deepest one might as well not be there. With means it is the reverse: the deepest
# makes up more than half. A layer then counts by the size of its numbers, too, and the
# squared sizes of the targets differ more than tenfold. The relative error brings all
# layers to one scale, so that $w_l$ means what it seems to mean.
#
# The last line shows why a sum over places is wrong in any case: four times the same
# photo has the same style, and a sum grows by four.

# %% [markdown]
# ## A texture out of noise
#
# Leave the content out, start from noise, and ask for the style alone: this is
# **texture synthesis** (Gatys, Ecker and Bethge, 2015).

# %% [markdown] predict="first_layer_style"
# **Predict.** With the Gram matrix of layer 0 only, which sees 3 x 3 pixels, what does
# the noise become?
#
# - Small petals, three pixels wide.
#   wrong: a layer thought to draw the whole motif at its own size. What is larger than
#   its field it can't ask for.
# - The colours of the dahlia in ragged patches, without any petal.
#   right: which colours there are, and how often two of them touch, is all that 3 x 3
#   pixels tell.
# - A copy of the flower, as all layers see the same photo.
#   wrong: the Gram matrix thought to know places. It has forgotten them, in every
#   layer.
# - Grey noise with the right contrast; colours come from the deep layers.
#   wrong: colour thought to be a late discovery. The first kernels already answer to
#   it.


# %%
def texture(style, layers, statistic=gram):
    """Terms for a picture with the statistic of a style photo at some layers."""
    goals = {k: statistic(H) for k, H in features_at(features, style, layers).items()}

    def terms(X):
        maps = features_at(features, X, layers)
        errors = [content_loss(statistic(maps[k]), G) for k, G in goals.items()]
        return {"style": sum(errors) / len(errors), "variation": total_variation(X)}

    return terms


textures, fell = {}, {}
for depth in (1, 2, 3, 5):
    name = (
        "layer 0"
        if depth == 1
        else "layers " + ", ".join(map(str, STYLE_LAYERS[:depth]))
    )
    terms = texture(petals, STYLE_LAYERS[:depth])
    weights = {"style": 1.0, "variation": 0.05}
    textures[name], history = optimise(terms, weights, start, lr=0.05)
    fell[name] = history["style"][0] / history["style"][-1]

# %% [markdown]
# **Look for** the first picture that you would call petals.

# %%
plots.show(
    drawings.strip({"the style": petals, **textures}),
    alt="The dahlia and four textures from noise. Layer 0: ragged patches of orange "
    "and dark green. Layers 0 and 1: fine grains. Layers 0, 1, 3: small curved scales. "
    "All five layers: groups of petals with light rims.",
)
for name, factor in fell.items():
    print(f"{name:>20}: style loss divided by {factor:.0f}")
alone = features_at(features, textures["layer 0"], STYLE_LAYERS)
errors = [difference(gram(alone[k]), goal[k]) for k in STYLE_LAYERS]
print("the first texture's error at each layer:", [f"{error:.2f}" for error in errors])
assert min(fell.values()) > 25 and errors[0] < 0.02 and min(errors[1:]) > 1

# %% [markdown]
# Layer 0 knows colours and what touches what: its own error is close to 0, those of
# all other layers are large. With each deeper layer larger forms appear: grains,
# scales, at last groups of petals. So style is asked for at several layers:
# **each asks for the forms of its size.**
#
# ## Which statistic is style?
#
# Now the question from above. All five layers, the same noise, other statistics: the
# covariance, the correlation, and something much smaller: only the mean and the
# deviation of each channel, $2 C_l$ numbers in place of $C_l (C_l + 1) / 2$.


# %%
def mean_and_deviation(H):
    """(N, C, h, w) -> (N, 2 C)."""
    variance = H.var(dim=(2, 3), correction=0)
    return torch.cat([H.mean(dim=(2, 3)), (variance + 1e-5).sqrt()], dim=1)


statistics = {
    "covariance": covariance,
    "correlation": correlation,
    "mean, deviation": mean_and_deviation,
}
by_statistic = {"Gram": textures["layers 0, 1, 3, 6, 10"]}
for name, statistic in statistics.items():
    terms = texture(petals, STYLE_LAYERS, statistic)
    by_statistic[name], _ = optimise(terms, weights, start, lr=0.05)

# %% [markdown]
# **Look for** the one with the wrong contrast.

# %%
plots.show(
    drawings.strip({"the style": petals, **by_statistic}),
    alt="The dahlia and textures by four statistics. Gram and covariance: petals. "
    "Correlation: small, harsh spots of far too strong contrast. Mean and deviation: "
    "soft folds in the flower's colours.",
)
errors_of, sharpness = {}, {}
for name, X in {"the style": petals, **by_statistic}.items():
    errors_of[name] = style_loss(
        features_at(features, X, STYLE_LAYERS), goal, equal
    ).item()
    sharpness[name] = total_variation(X).item()
    print(f"{name:>15}: Gram error {errors_of[name]:.2f},", end=" ")
    print(f"total variation {sharpness[name]:.2f}")
assert errors_of["Gram"] < 0.05 and errors_of["correlation"] > 4
assert 0.1 < errors_of["covariance"] < 0.5
assert 0.15 < errors_of["mean, deviation"] < 0.6
assert sharpness["correlation"] == max(sharpness.values())

# %% [markdown]
# The correlation forgets how strong each channel is: the texture comes out far too
# harsh. The covariance forgets the means only, and still makes petals. And the means
# and deviations alone, few numbers, bring colours and soft forms. (Li et al., 2017,
# transfer style by these few numbers, too.) None of them *is*
# style. They are different answers to "what may be forgotten?".

# %% [markdown]
# ## All together
#
# Content at layer 6, style at five layers, total variation. We start from the content
# photo and ask for four style weights $\lambda$, each ten times the one before. The
# rest stays: $\mu = 2$, 100 steps, [Adam](03) at 0.02.


# %%
def transfer(features, content, style, layers, content_layer=6):
    """Terms for a picture with the content of one photo in the style of another."""
    with torch.no_grad():
        target = features_at(features, content, [content_layer])[content_layer]
        grams = gram_targets(features, style, layers)

    def terms(X):
        maps = features_at(features, X, {content_layer, *layers})
        return {
            "content": content_loss(maps[content_layer], target),
            "style": style_loss(maps, grams, layers),
            "variation": total_variation(X),
        }

    return terms


def losses(terms_of, X):
    """The terms of a picture as floats."""
    with torch.no_grad():
        return {name: value.item() for name, value in terms_of(X).items()}


terms = transfer(features, person, petals, equal)
painted, reached, runs = {}, {}, {}
for style_weight in (0.1, 1, 10, 100):
    weights = {"content": 1.0, "style": style_weight, "variation": 2.0}
    painted[style_weight], runs[style_weight] = optimise(terms, weights, person)
    reached[style_weight] = losses(terms, painted[style_weight])

# %% [markdown]
# **Look for** the smallest weight at which you see petals, and for what becomes of the
# face.

# %%
shown = {f"style weight {weight:g}": X for weight, X in painted.items()}
fig = drawings.strip({"content": person, "style": petals, **shown}, ncols=3, side=2.4)
plots.show(
    fig,
    alt="Before and after: the astronaut, the dahlia, and four pictures. At a style "
    "weight of 0.1 nearly the photo, at 1 faint petals on the suit, at 10 a suit of "
    "petals below a face that you know, at 100 rough texture on every surface.",
)
for weight, values in reached.items():
    told = ", ".join(f"{name} {value:.3f}" for name, value in values.items())
    print(f"style weight {weight:5g}: {told}")

# %% [markdown]
# At 1 you can guess petals on the suit, at 10 it is made of them, and you still know
# the person. At 100 the face, too, is broken up by texture.
#
# Is that good? Compare with two **baselines** that need no net: the **blend**, half the
# one photo and half the other; and the **colour transfer** (Reinhard et al., 2001; here
# in RGB), which gives each colour channel of the person the mean and the deviation of
# the petals.


# %%
def colour_transfer(content, style):
    """Give each colour channel of one image the mean and deviation of another's."""
    m, d = (f(content, dim=(2, 3), keepdim=True) for f in (torch.mean, torch.std))
    m_style, d_style = (
        f(style, dim=(2, 3), keepdim=True) for f in (torch.mean, torch.std)
    )
    return ((content - m) / d * d_style + m_style).clamp(0, 1)


# %%
baselines = {
    "blend": (person + petals) / 2,
    "colours": colour_transfer(person, petals),
    "content photo": person,
    "style photo": petals,
}
of_baseline = {name: losses(terms, X) for name, X in baselines.items()}
others = {name: (v["content"], v["style"]) for name, v in of_baseline.items()}
del others["style photo"]  # its style loss is 0, which a log scale can't show
points = {weight: (v["content"], v["style"]) for weight, v in reached.items()}
fig = drawings.trade_off(points, others)
plots.show(
    fig,
    alt="Style loss over content loss. From style weight 0.1 to 100 the points run "
    "from the upper left to the lower right. The content photo, the colour transfer "
    "and the blend lie above the line.",
)

# %%
content_path, style_path = zip(*points.values(), strict=True)
for name, values in of_baseline.items():
    print(f"{name:>13}: content {values['content']:.2f}, style {values['style']:.2f}")
drop = style_before / reached[10]["style"]
print(f"style weight 10: style loss divided by {drop:.0f}")
assert list(content_path) == sorted(content_path)
assert style_path[0] > style_path[1] > style_path[2] > 1.3 * style_path[3]
assert drop > 18 and reached[10]["content"] < 0.5 < 0.7 < reached[100]["content"]
assert of_baseline["colours"]["style"] > 15 * reached[10]["style"]
assert of_baseline["blend"]["style"] > 5 * reached[10]["style"]
assert of_baseline["blend"]["content"] > reached[10]["content"]

# %% [markdown]
# Each point is what 100 steps find for one weight: to come nearer to the style
# you pay in content. **No weight is right; it is a choice.** The blend is worse in both
# losses than weight 10. The colours alone bring little.
#
# Would other photos do? The same setting, two more pairs:

# %%
pairs = {"person, bricks": (person, bricks), "tower, petals": (tower, petals)}
weights = {"content": 1.0, "style": 10.0, "variation": 2.0}
gallery, factors = {}, {}
for name, (content, style) in pairs.items():
    pair_terms = transfer(features, content, style, equal)
    gallery[name], _ = optimise(pair_terms, weights, content)
    before, after = (losses(pair_terms, X) for X in (content, gallery[name]))
    factors[name] = before["style"] / after["style"]
    print(f"{name:>14}: style {before['style']:.2f} -> {after['style']:.3f},", end=" ")
    print(f"divided by {factors[name]:.0f}; content loss {after['content']:.2f}")
plots.show(
    drawings.strip(gallery, side=2.4),
    alt="Two pictures: the astronaut made of bricks, and the tower with petals on its "
    "walls and in the sky. Person and tower are easy to make out.",
)
assert min(factors.values()) > 9

# %% [markdown]
# The style loss falls to less than a ninth for each pair. What it costs in content
# depends on the pair: a grey wall leaves little of an orange suit.

# %% [markdown]
# And the total variation, what is it good for? Leave it out, at style weight 10.

# %%
without = {"content": 1.0, "style": 10.0, "variation": 0.0}
rough, _ = optimise(terms, without, person)
of_rough = losses(terms, rough)
plots.show(
    drawings.strip({"without": rough, "with": painted[10]}, side=2.4),
    alt="The person in petals twice: without the total variation covered with a fine "
    "grid of coloured pixels, with it smoother.",
)
for name, values in {"without": of_rough, "with": reached[10]}.items():
    told = ", ".join(f"{term} {value:.3f}" for term, value in values.items())
    print(f"{name:>7} total variation: {told}")
assert of_rough["variation"] > 1.5 * reached[10]["variation"]
for term in ("content", "style"):
    assert abs(of_rough[term] / reached[10][term] - 1) < 0.15

# %% [markdown]
# Without it a fine grid of dirt covers the picture. The other two losses change little:
# to the net the dirt hardly matters, to the eye it does.

# %% [markdown]
# ## Noise or content?
#
# Gatys started from noise, many programs start from the content photo. Same terms, same
# number of steps:

# %%
from_noise, noise_run = optimise(terms, weights, start)
ends = {"from noise": losses(terms, from_noise), "from content": reached[10]}
totals = {
    name: sum(weights[term] * value for term, value in values.items())
    for name, values in ends.items()
}
noise_factors = {k: noise_run[k][0] / ends["from noise"][k] for k in noise_run}
for name, values in ends.items():
    told = ", ".join(f"{term} {value:.3f}" for term, value in values.items())
    print(f"{name:>12}: {told}; weighted sum {totals[name]:.2f}")
print("from noise, divided by:", {k: round(f, 1) for k, f in noise_factors.items()})
assert noise_factors["content"] > 2 and noise_factors["style"] > 16
assert totals["from noise"] > 1.4 * totals["from content"]

# %% [markdown]
# **Look for** the person in the left picture; and in the curves for the one loss that
# *rises*.

# %%
fig, axes = plots.figure(ncols=2, width=4.4, height=3.1)
both = {"from noise": noise_run, "from content": runs[10]}
for ax, term in zip(axes, ("content", "style"), strict=True):
    curves = {name: run[term] for name, run in both.items()}
    plots.curves(ax, range(100), curves, "step", f"{term} loss")
axes[1].set_yscale("log")
plots.show(
    fig,
    alt="Content loss and style loss over 100 steps, from noise and from content. From "
    "noise both fall. From content the content loss rises from 0 and ends lower than "
    "the other; the style loss falls.",
)
plots.show(
    drawings.strip({"from noise": from_noise, "from content": painted[10]}, side=2.4),
    alt="From noise: petals in the rough shape of the person, whose face can't be made "
    "out. From content: the person in a suit of petals.",
)
assert runs[10]["content"][0] == 0 < runs[10]["content"][-1]
for term in ("content", "style"):
    pairs_of_losses = zip(runs[10][term], noise_run[term], strict=True)
    assert all(from_photo < other for from_photo, other in pairs_of_losses)

# %% [markdown]
# From noise both losses fall, the content loss to less than half and the style loss
# to less than a sixteenth, and yet the result is worse in their sum, and to the eye.
# The content photo is a better start: its content loss begins at 0 and rises, but at
# every step both of its curves lie below those of the noise. Do more steps help? Try
# it. Noise has one advantage: each start gives another picture.
#
# ## Adam or L-BFGS?
#
# The paper used **L-BFGS**, which estimates the curvature from its last steps and needs
# no learning rate. It may evaluate the loss several times a step, so we count
# evaluations: 100 for each. For Adam we try two rates.


# %%
def lbfgs(terms_of, weights, X, num_evaluations):
    """Move the pixels by L-BFGS; return them and the sum at each evaluation."""
    X, sums = X.clone().requires_grad_(), []
    optimizer = torch.optim.LBFGS(
        *([X],), max_iter=num_evaluations, max_eval=num_evaluations, history_size=20
    )

    def closure():
        optimizer.zero_grad()
        terms = terms_of(X)
        total = sum(weights[name] * terms[name] for name in weights)
        total.backward()
        sums.append(total.item())
        return total

    optimizer.step(closure)
    return X.detach(), sums


by_lbfgs, path = lbfgs(terms, weights, person, 100)
paths = {"L-BFGS": path}
outside = ((by_lbfgs < 0) | (by_lbfgs > 1)).float().mean().item()
for lr in (0.02, 0.1):
    run = runs[10] if lr == 0.02 else optimise(terms, weights, person, lr=lr)[1]
    paths[f"Adam, {lr}"] = [
        sum(weights[k] * run[k][step] for k in weights) for step in range(100)
    ]

# %%
fig, ax = plots.figure(width=5.6)
plots.curves(
    ax, range(1, 101), paths, "evaluations of the loss", "weighted sum (log scale)"
)
ax.set(yscale="log", ylim=(0.8, 8))
plots.show(
    fig,
    alt="Weighted sum of the losses over 100 evaluations. Adam at 0.02 and L-BFGS end "
    "close together; Adam at 0.1 first leaves the figure at its top and ends higher.",
)
print({name: round(path[-1], 3) for name, path in paths.items()})
print(f"L-BFGS leaves {outside:.1%} of the pixels outside [0, 1]")
best = min(path[-1] for name, path in paths.items() if name != "L-BFGS")
assert best == paths["Adam, 0.02"][-1] and len(path) == 100
assert abs(paths["L-BFGS"][-1] / best - 1) < 0.1 and outside > 0.01
assert paths["Adam, 0.1"][-1] > 1.15 * best
assert max(paths["Adam, 0.1"]) > 8 > max(paths["Adam, 0.02"])

# %% [markdown]
# L-BFGS and the better Adam end within a tenth of each other. Which is ahead isn't
# worth a dispute; that L-BFGS needed no search for a rate may be. At 0.1 Adam's first
# steps are so large that the sum rises before it falls. L-BFGS knows no limits, and we
# set it none: a few per cent of its numbers lie outside [0, 1].

# %% [markdown]
# ## Does the training of the net matter?
#
# The net was trained to name 1,000 things, and style is not among them. Take the same
# architecture with **random weights**. To be fair, its batch norms get the statistics
# of eight photos.

# %% [markdown] predict="random_weights"
# **Predict.** You ask the random net for the person in petals. What do you get?
#
# - Much the same picture: kernels of any kind see colours and edges.
#   wrong: any kernel thought as good as a learned one. Random ones answer to
#   everything a little.
# - The losses don't fall, so the photo stays as it is.
#   wrong: a loss thought to fall only if it means something. Its gradients lead
#   downhill as well as any.
# - Its style loss falls, but no petals appear.
#   right: fine noise brings its Gram matrices nearer to the target, too.
# - Petals in wrong colours.
#   wrong: colour thought to be all that training brings. The forms come from learned
#   kernels too.


# %%
def random_features():
    """MobileNetV2's blocks with random weights; batch norm knows eight photos."""
    net = mobilenet_v2().features.requires_grad_(False).to(device)
    names = (
        "astronaut",
        "china",
        "coffee",
        "chelsea",
        "rocket",
        "flower",
        "ihc",
        "brick",
    )
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None  # a plain mean over all batches
    net.train()(standardise(torch.cat([square(name) for name in names])))
    return net.eval()


weights = {"content": 1.0, "style": 10.0, "variation": 2.0}
by_random, own_factor = {}, {}
for k in (1, 2):
    random_terms = transfer(random_features(), person, petals, equal)
    own_start = losses(random_terms, person)["style"]
    name = f"random weights {k}"
    by_random[name], _ = optimise(random_terms, weights, person)
    own_factor[name] = own_start / losses(random_terms, by_random[name])["style"]

# %% [markdown]
# Who shall judge? Not one of the two nets: each would praise its own picture. So we
# need a judge without weights. Cut all patches of 5 x 5 pixels, look at them from 256
# random directions (a weighted sum of the 75 numbers), and compare the *sorted* sums of
# two images: the **sliced Wasserstein distance** (Rabin et al., 2011). It is 0 for
# images with the same patches, wherever they lie.
#
# **Look for** what the random nets did to the person. The colour transfer from above
# stands in the list, too: what does this judge think of a baseline?


# %%
def patch_distance(X, Y, D, side=5):
    """Mean distance of the sorted projections, by D, of all patches of two images."""
    patches = [F.unfold(T, side)[0] for T in (X, Y)]  # (3 * side^2, places) each
    first, second = ((D @ P).sort(dim=1).values for P in patches)
    return (first - second).abs().mean().item()


trained = {"trained weights": painted[10]}
plots.show(
    drawings.strip({"content": person, **trained, **by_random}, ncols=4, side=2.2),
    alt="The astronaut; made of petals by the trained net; and by two random nets: the "
    "photo nearly as it was, covered with fine coloured noise.",
)
directions = F.normalize(torch.randn(256, 75), dim=1).to(device)
distance = {}
judged_ones = {"the photo itself": person, "colours": baselines["colours"]}
for name, X in {**judged_ones, **trained, **by_random}.items():
    distance[name] = patch_distance(X, petals, directions)
    print(f"{name:>16}: distance of its patches from the petals' {distance[name]:.3f}")
print("own style loss divided by:", {k: round(f, 1) for k, f in own_factor.items()})
nearer = {k: distance["the photo itself"] - d for k, d in distance.items()}
assert min(own_factor.values()) > 1.5
assert all(nearer["trained weights"] > 1.4 * nearer[name] for name in by_random)
assert nearer["trained weights"] > 0.2 * distance["the photo itself"]
assert nearer["colours"] > 1.2 * nearer["trained weights"]

# %% [markdown]
# Both random nets have their style loss fall, by their own measure. What you see is
# noise on the photo, and its patches come a little nearer to the petals. The trained
# net brings them nearer. But the colours alone get nearer still, without one petal:
# small patches are first of all colours. So the judge says only that the random nets
# don't even bring the colours. That the trained net brings the *forms*, your eye has to
# say; no number here does.
#
# At these weights of the losses, then, this net needs **pre-trained** features. Not
# every net does: one layer of random kernels can make good textures (Ustyuzhaninov et
# al., 2017).

# %% [markdown]
# ## Why eval mode?
#
# You forget `eval()`: in train mode, [batch norm](16 "batch normalisation")
# standardises each channel with the mean and deviation of *the image at hand*.

# %% [markdown] predict="train_mode"
# **Predict.** What does train mode do to style transfer?
#
# - Nothing: with one image in the batch there is nobody to mix it with.
#   wrong: batch statistics thought to need several images. One image has thousands of
#   places to take a mean over.
# - The loss falls, and the picture gets petals in wrong colours.
#   right: what is standardised away can't be asked for, and is free to go anywhere.
# - The style loss no longer falls.
#   wrong: a wrong target thought to be one that can't be reached. Pixels can be found
#   for most targets, sensible or not.
# - The weights of the net are changed.
#   wrong: train mode thought to train. Weights move in `optimizer.step()` only. (The
#   running statistics move; see below.)

# %%
moving = mobilenet().requires_grad_(False).to(device)
last_norm = moving.features[1].conv[-1]  # layer 1 ends with a batch norm
diagonals = {}
for kind in ("eval", "train"):
    moving.train(kind == "train")
    for name, X in {"petals": petals, "bricks": bricks}.items():
        G = gram(features_at(moving.features, X, [1])[1])[0]
        diagonals[kind, name] = G.diagonal()
    gap = difference(diagonals[kind, "bricks"], diagonals[kind, "petals"])
    print(f"{kind:>5} mode: diagonals of petals and bricks differ by {gap:.5f}")
    assert (gap < 1e-4) == (kind == "train") and (gap > 0.3) == (kind == "eval")
formula = last_norm.weight.square() + last_norm.bias.square()
torch.testing.assert_close(diagonals["train", "petals"], formula, rtol=0.02, atol=0.02)

# %% [markdown]
# In train mode petals and bricks have **the same diagonal**. Batch norm gives channel
# $i$ of any image the mean $\beta_i$ and the variance $\gamma_i^2$, its own two
# parameters. So $G_{ii} = \gamma_i^2 + \beta_i^2$, whatever the photo shows. The
# strength of each channel is a part of the style, and it is gone before it is measured.
#
# Test that: take half of the petals' contrast and add a violet tint. Does the style
# loss notice?

# %%
violet = torch.tensor([0.3, 0.1, 0.4], device=device).reshape(1, 3, 1, 1)
tinted = 0.5 * petals + violet
noticed = {}
for kind in ("eval", "train"):
    moving.train(kind == "train")
    of_petals = transfer(moving.features, petals, petals, equal)
    noticed[kind] = losses(of_petals, tinted)["style"]
    print(f"{kind:>5} mode: style loss of the tinted petals {noticed[kind]:.4f}")
assert noticed["train"] < 0.01 and noticed["eval"] > 0.5

# %% [markdown]
# In train mode the violet petals are nearly as good as the orange ones: the first batch
# norm takes contrast and tint away. What that does to the person:

# %%
moving = mobilenet().requires_grad_(False).to(device)
cat = prepare(photo("chelsea"))[None].to(device)  # a photo that the net knows well
index = CATEGORIES.index("Egyptian cat")
sure_before = moving(cat).softmax(dim=1)[0, index].item()
running = moving.features[10].conv[-1].running_var.clone()

# %%
moving.train()
train_terms = transfer(moving.features, person, petals, equal)
own = losses(train_terms, person)["style"]
in_train_mode, _ = optimise(train_terms, weights, person)
own_fell = own / losses(train_terms, in_train_mode)["style"]
moving.eval()

judged = losses(terms, in_train_mode)["style"]
sure_after = moving(cat).softmax(dim=1)[0, index].item()
drift = difference(moving.features[10].conv[-1].running_var, running) ** 0.5
print(
    f"style loss in train mode divided by {own_fell:.0f}; judged in eval mode", end=" "
)
print(f"{judged:.2f}, at first {style_before:.2f}, in eval {reached[10]['style']:.3f}")
print(
    f"running variances of layer 10 moved by {drift:.0%} of their size; sure of the",
    end=" ",
)
print(f"cat: {sure_before:.2f} before, {sure_after:.2f} after")
assert own_fell > 9 and judged > 0.7 * style_before > 10 * reached[10]["style"]
assert drift > 0.15 and sure_before > 0.9 and sure_after < 0.1

# %% [markdown]
# **Look for** colours of the wall and the suit that neither photo has there.

# %%
modes = {"eval mode": painted[10], "train mode": in_train_mode}
plots.show(
    drawings.strip({"content": person, "style": petals, **modes}, ncols=4, side=2.2),
    alt="The astronaut; the dahlia; the person in petals made in eval mode; the same "
    "in train mode: pink and violet tints, in the light background too.",
)
for name, X in modes.items():
    print(f"{name:>10}: deviation of the pixels {X.std():.3f}", end=", ")
    print(f"mean colour {[round(v, 2) for v in X.mean(dim=(0, 2, 3)).tolist()]}")
blue = [(X[:, 2] - X[:, 1]).mean().item() for X in modes.values()]  # less green
print(
    f"blue above green, on the average: {blue[0]:.3f} in eval, {blue[1]:.3f} in train"
)
assert in_train_mode.std() > painted[10].std() and blue[1] > blue[0] + 0.02

# %% [markdown]
# Pinks and violets (more blue, less green), and a little more contrast than in eval
# mode: the style loss doesn't mind. It falls by a large factor, and in eval mode the
# same picture is little nearer to the petals than the photo was.
#
# And the net is spoilt for later use: 100 steps moved its running statistics to those
# of one picture, and it no longer sees the cat. Freezing the parameters doesn't prevent
# that ([buffers](19)). **The call is `eval()`, and `requires_grad_(False)` doesn't
# replace it.**

# %% [markdown]
# ## What goes wrong in practice
#
# **Pixels out of range.** Here is the picture of L-BFGS, which we didn't clamp. On the
# screen you may not see it: what is out of range is cut off. Saved as bytes, numbers
# wrap around: 256 becomes 0, a bright spot turns black, and -1 becomes 255.

# %%
low, high = by_lbfgs.min().item(), by_lbfgs.max().item()
as_bytes = (255 * by_lbfgs).round().to(torch.int64) % 256  # what a byte keeps
pictures = {"as it is drawn": by_lbfgs, "saved as bytes": as_bytes / 255}
plots.show(
    drawings.strip(pictures, side=2.4),
    alt="The same picture twice: drawn, and after saving as bytes, with spots of "
    "wrong colour, most of them in the black places.",
)
print(f"from {low:.2f} to {high:.2f}; {outside:.1%} of the numbers outside [0, 1]")
assert low < -0.05 and high > 1.05 and 0.005 < outside < 0.1

# %% [markdown]
# Clamp the picture *after* the step, not in front of the net: the gradient of
# `clamp` is 0 outside its limits, so a pixel that has left never comes back.

# %%
pixel = torch.tensor([0.5, 1.2], requires_grad=True)
(pixel.clamp(0, 1) - 0.1).square().sum().backward()
print("gradient of a pixel inside and of one outside:", pixel.grad.tolist())
assert pixel.grad[0] > 0 and pixel.grad[1] == 0

# %% [markdown]
# **The net's weights in the optimiser.** Write `net.parameters()` by habit and the loss
# falls all the same: the net learns to *see* petals where there are none. The picture
# never changes.

# %%
fooled = mobilenet().features.to(device)  # in eval mode, not frozen
fooled_terms = transfer(fooled, person, petals, equal)
X, values = person.clone(), []
optimizer = torch.optim.Adam(fooled.parameters(), lr=1e-3)
for _ in range(15):
    optimizer.zero_grad()
    loss = fooled_terms(X)["style"]
    loss.backward()
    optimizer.step()
    values.append(loss.item())
print(f"style loss {values[0]:.2f} -> {values[-1]:.2f};", end=" ")
print("picture changed:", not torch.equal(X, person))
print(f"judged by the true net: {losses(terms, X)['style']:.2f}")
assert values[-1] < 0.3 * values[0] and torch.equal(X, person)
assert abs(losses(terms, X)["style"] - style_before) < 1e-3

# %% [markdown]
# **The Gram matrix over the pixels.** $A^\top A$ in place of $A A^\top$ runs without
# complaint: products of *places*, summed over channels. It knows where things are, so
# it is no style; it needs a style photo of the same size; and it is huge.

# %%
rows = [T.flatten(2) for T in (petal_maps, together)]  # (1, 16, 4096) each
over_places = [T.mT @ T / T.shape[1] for T in rows]
over_channels = gram(petal_maps)
print(
    "over channels", tuple(over_channels.shape), "places", tuple(over_places[0].shape)
)
change = difference(over_places[1], over_places[0])
print(f"places shuffled: it changes by {change:.2f}")
assert over_places[0].numel() == 65_536 * over_channels.numel() and change > 0.1

# %% [markdown]
# **The old weight for a new loss.** A style weight belongs to one layer, one way to
# normalise, one size of image. Another program's $10^6$ means nothing here. Print both
# terms at the first step and choose the weight by their sizes.
#
# **`detach()` in the wrong place.** The targets belong below `torch.no_grad()`; the
# maps of the picture must not be detached, or no gradient arrives.

# %% [markdown]
# ## Without an optimisation
#
# Here each picture is an optimisation of 100 steps. **Fast style transfer** (Johnson,
# Alahi and Fei-Fei, 2016) trains a **feed-forward** net, once for a style, on many
# photos, with these very losses, total variation included. Then a picture is one pass.
# **AdaIN** (Huang and Belongie, 2017) needs no training for a new style: an encoder's
# maps of the content get, channel by channel, the mean and the deviation of the style's
# maps, and a decoder trained once turns them into a picture. Means and deviations: you
# have seen how far they go.

# %%
metrics = {
    "style loss divided by, from content": drop,
    "style loss divided by, from noise": noise_factors["style"],
    "content loss divided by, from noise": noise_factors["content"],
    "style loss in train mode, judged in eval mode": judged,
}
print({name: round(value, 2) for name, value in metrics.items()})
assert drop > 18 and judged > 0.4

# %% [markdown]
# ## Summary
#
# - The pixels are the parameters. The net is frozen and in eval mode.
# - **Content**: maps of a layer in the middle, compared place by place. The deeper the
#   layer, the freer the pixels.
# - **Style**: Gram matrices, means of products of channels. They forget the places.
#   $G = \Sigma + m m^\top$: uncentred and unnormalised.
# - Several layers, each for the forms of its size, brought to one scale.
# - The style weight is a choice: less style loss costs content.
# - Start from the content photo; Adam with a fitting rate and L-BFGS end alike.
# - Random weights give noise, train mode gives wrong colours, and in both cases the
#   loss you watch falls. Look at the picture.

# %% [markdown]
# ## To think about
#
# 1. Take layer 1, 3 or 13 for the content. How does the picture change at equal style
#    weight? Can you tell before you run it?
# 2. Two styles at once: targets from petals and from bricks, each with its weight. Mix
#    the losses, or the Gram matrices. Is that the same?
# 3. Keep the colours: make a picture in the style of the bricks with the person's own
#    colours. (Transfer the brightness only.)
# 4. Give a random net a style weight of 1,000. Do petals come, or more noise?
# 5. Cut the petals from a square of half the side. What becomes of the size of the
#    petals in the picture?

# %% [markdown]
# The exercise notebook `31_style_transfer` comes next: Gram matrices, losses, an
# optimisation of pixels, and a program to mend.

# %% [markdown]
# ## Further reading
#
# - Zhang, Lipton, Li, Smola, *Dive into Deep Learning*: section 13.12 in the edition of
#   `d2l` 0.17, 14.12 in the printed book, with VGG-19.
# - Gatys, Ecker, Bethge, *A neural algorithm of artistic style*, 2015; *Image style
#   transfer using convolutional neural networks*, CVPR 2016; *Texture synthesis using
#   convolutional neural networks*, NeurIPS 2015.
# - Mahendran, Vedaldi, *Understanding deep image representations by inverting them*,
#   CVPR 2015: feature inversion, with total variation.
# - Johnson, Alahi, Fei-Fei, *Perceptual losses for real-time style transfer and
#   super-resolution*, ECCV 2016.
# - Huang, Belongie, *Arbitrary style transfer in real-time with adaptive instance
#   normalization*, ICCV 2017.

# %% [markdown]
# - Li, Wang, Liu, Hou, *Demystifying neural style transfer*, IJCAI 2017: Gram matrices
#   as a distance of distributions.
# - Ustyuzhaninov, Brendel, Gatys, Bethge, *What does it take to generate natural
#   textures?*, ICLR 2017: random filters.
# - Reinhard, Ashikhmin, Gooch, Shirley, *Color transfer between images*, IEEE Computer
#   Graphics and Applications 21(5), 2001.
# - Rabin, Peyré, Delon, Bernot, *Wasserstein barycenter and its application to texture
#   mixing*, SSVM 2011: the sliced distance.
