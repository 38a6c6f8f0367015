# %% [markdown]
# # Augmentation and transfer: a great deal from a few pictures
#
# You have ten pictures of each of ten animals, and no time to collect more. **Can a net
# learn from a hundred pictures?**
#
# Two answers are used every day. **Data augmentation** makes new examples of the old
# ones: a cat in the mirror is a cat. **Transfer learning** starts from a net that
# learned from other pictures, a million of them. You measure what each brings, and
# where each does harm.
#
# You need [MobileNetV2](18 "MobileNet"), the net that you borrow, and its [batch
# normalisation](16); also [convolution](12), [validation](08), [data loaders](05
# "DataLoader") and the [learning rate](03).

# %%
import copy

import torch
from torch import nn
from torch.nn import functional as F
from torchvision import transforms, tv_tensors
from torchvision.transforms import v2

from utils import plots
from utils.data import ANIMALS, animals, load_array, mnist, photo
from utils.device import set_seed, try_gpu
from utils.drawings import augmentation_and_transfer as drawings
from utils.one_cycle import fit
from utils.pretrained import CATEGORIES, mobilenet, preparation
from utils.train import evaluate

plots.use_style()
set_seed(0)
device = try_gpu()

# %% [markdown]
# ## The idea
#
# A label belongs to the thing, not to the pixels. Let $t$ be a change of an image $x$
# that leaves its label $y$ as it is: a **label-preserving transform**. Then $(t(x), y)$
# is as good an example as $(x, y)$. Training with a random $t$ for each example and
# each epoch minimises
#
# $$\frac{1}{n} \sum_{i=1}^{n} \mathbb{E}_{t} \; \ell\big(f(t(x_i)),\, y_i\big)$$
#
# where $n$ is the number of examples, $f$ the net, $\ell$ the loss, and $\mathbb{E}_t$
# the mean over the random transforms. The net never sees quite the same image twice.
#
# The formula asks one thing of you: that the label survives $t$. No program checks it.

# %% [markdown]
# ## Moves: where things are
#
# torchvision's `transforms.v2` has a class for each change that people use. Make it
# once with its ranges, then call it as a function. It draws its random numbers from
# PyTorch's global stream at each call.
#
# **Look for** what becomes of the corners, and for the one picture whose size changes.

# %%
cat = v2.functional.resize(photo("chelsea"), [120, 180])  # (3, 120, 180) in [0, 1]
moves = {
    "the photo": v2.Identity(),
    "RandomHorizontalFlip": v2.RandomHorizontalFlip(p=1),
    "RandomVerticalFlip": v2.RandomVerticalFlip(p=1),
    "RandomRotation": v2.RandomRotation((25, 35)),
    "expand=True": v2.RandomRotation((25, 35), expand=True),
    "center=(0, 0)": v2.RandomRotation((-35, -25), center=(0, 0)),
    "translate": v2.RandomAffine(0, translate=(0.3, 0.3)),
    "scale": v2.RandomAffine(0, scale=(0.5, 0.6)),
    "shear, fill=0.5": v2.RandomAffine(0, shear=(20, 30), fill=0.5),
    "RandomPerspective": v2.RandomPerspective(0.5, p=1),
    "ElasticTransform": v2.ElasticTransform(alpha=120.0),
}

# %%
moved = {name: transform(cat) for name, transform in moves.items()}
fig, axes = drawings.gallery(moved, ncols=4)
plots.show(
    fig,
    alt="Eleven pictures of a cat's face: as it is, mirrored, upside down, turned in a "
    "frame of the same size with black corners, turned in a larger frame, turned about "
    "the upper left corner, shifted, shrunk, slanted with grey corners, seen from the "
    "side, and wavy.",
)
sizes = {name: tuple(image.shape[1:]) for name, image in moved.items()}
changed = [name for name, size in sizes.items() if size != (120, 180)]
print("another size than (120, 180):", changed)
assert changed == ["expand=True"]

# %% [markdown]
# Pixels that come from outside are black unless `fill` says otherwise: here, in the
# slanted picture, mid grey. `expand=True` enlarges the frame until all corners fit.
#
# A rotation by a number $d$ means the **range** from $-d$ to $d$ degrees, and a pair is
# the range itself. Three arguments of `RandomAffine` are often misread:
#
# - `shear=(a, b)` is a range for x alone. Four numbers give x and y a range each.
# - `scale` multiplies **lengths**. With 0.5 a thing keeps a quarter of its area.
# - `translate=(a, b)` are shares of width and height, up to which it may go.

# %%
shears = torch.tensor(
    [v2.RandomAffine(0, shear=(5, 10)).make_params([cat])["shear"] for _ in range(200)]
)  # (200, 2): x, y
four = v2.RandomAffine(0, shear=(5, 10, 20, 30)).make_params([cat])["shear"]
x_shears = shears[:, 0]
print(f"shear=(5, 10): x {x_shears.min():.1f} to {x_shears.max():.1f},", end=" ")
print(f"y {shears[:, 1].abs().max():.1f}; of four numbers: {four}")
assert 5 <= shears[:, 0].min() < shears[:, 0].max() <= 10 and not shears[:, 1].any()
assert 5 <= four[0] <= 10 and 20 <= four[1] <= 30

square = torch.zeros(1, 100, 100)
square[:, 30:70, 30:70] = 1
halved = v2.RandomAffine(0, scale=(0.5, 0.5))(square)
print(f"scale 0.5: the area goes from {square.sum():.0f} to {halved.sum():.0f} pixels")
assert abs(halved.sum() / square.sum() - 1 / 4) < 0.02

# %% [markdown]
# ## Crops and rims
#
# A **crop** cuts out a part, **padding** adds a rim. `RandomResizedCrop` cuts a random
# part and enlarges it to a fixed size; it is the standard for training on photos. Its
# `scale` is a share of the **area**, other than that of `RandomAffine`. `FiveCrop`
# gives the four corners and the middle, `TenCrop` those and their mirror images: tuples
# of images, for testing.
#
# **Look for** the difference between the last two rims.

# %%
five = v2.FiveCrop(80)(cat)
ten = v2.TenCrop(80)(cat)
crops = {
    "RandomCrop": v2.RandomCrop(80)(cat),
    "CenterCrop": v2.CenterCrop(80)(cat),
    "RandomResizedCrop": v2.RandomResizedCrop(80, scale=(0.2, 0.4))(cat),
    "FiveCrop, first": five[0],
    "TenCrop, sixth": ten[5],
}
small = v2.functional.resize(cat, [60, 90])
for padding_mode in ("constant", "edge", "reflect", "symmetric"):
    pad = v2.Pad(20, fill=0.5, padding_mode=padding_mode)
    crops[f"Pad, {padding_mode}"] = pad(small)

# %%
fig, axes = drawings.gallery(crops)
plots.show(
    fig,
    alt="Square parts of the cat's photo: at a random place, the middle, a small part "
    "enlarged, the upper left corner, and its mirror image. Then four padded photos: a "
    "grey rim, edge pixels drawn out as stripes, and two mirrored rims.",
)
assert len(five) == 5 and len(ten) == 10
torch.testing.assert_close(ten[5], v2.FiveCrop(80)(cat.flip(2))[0])
line = torch.arange(1.0, 5.0).reshape(1, 1, 4)
rims = {m: v2.Pad((2, 0), padding_mode=m)(line) for m in ("reflect", "symmetric")}
print({name: rim.int().ravel().tolist() for name, rim in rims.items()})
assert rims["reflect"].ravel().tolist() == [3, 2, 1, 2, 3, 4, 3, 2]
assert rims["symmetric"].ravel().tolist() == [2, 1, 1, 2, 3, 4, 4, 3]

# %% [markdown]
# Both mirror the image. `reflect` doesn't repeat the pixel at the edge, `symmetric`
# does. `constant` alone uses `fill`.
#
# **Three orders of one tuple.** PyTorch has three paddings, and they don't agree:
#
# | call | numbers mean |
# |---|---|
# | `v2.Pad((1, 2))` | left and right 1, top and bottom 2 |
# | `v2.Pad((1, 2, 3, 4))` | left, top, right, bottom |
# | `F.pad(X, (1, 2, 3, 4))` | left, right, top, bottom: last axis first |
# | `nn.Conv2d(..., padding=(1, 2))` | height 1, width 2, on both sides |

# %%
X = torch.zeros(1, 1, 10, 20)  # (N, C, H, W)
conv = nn.Conv2d(1, 1, kernel_size=1, padding=(1, 2))
padded = {
    "v2.Pad((1, 2))": v2.Pad((1, 2))(X),
    "v2.Pad((1, 2, 3, 4))": v2.Pad((1, 2, 3, 4))(X),
    "F.pad(X, (1, 2, 3, 4))": F.pad(X, (1, 2, 3, 4)),
    "Conv2d(padding=(1, 2))": conv(X),
}
for name, result in padded.items():
    print(f"{name:>24}: height and width {tuple(result.shape[2:])}")
heights = [result.shape[2] for result in padded.values()]
assert heights == [10 + 2 * 2, 10 + 2 + 4, 10 + 3 + 4, 10 + 2 * 1]

# %% [markdown]
# ## Colours and holes
#
# The other changes leave things where they are. `ColorJitter(brightness=0.4)` draws a
# factor from $1 - 0.4$ to $1 + 0.4$, and a pair is again the range. Contrast and
# saturation work alike. `hue` turns the circle of colours by up to half a turn in each
# direction, so it is at most 0.5.
#
# `RandomGrayscale(p)` has **one** number, the probability. The number of channels stays
# 3; `Grayscale(num_output_channels)` is another class.

# %%
colours = {
    "brightness": v2.ColorJitter(brightness=(1.5, 1.6)),
    "contrast": v2.ColorJitter(contrast=(0.3, 0.4)),
    "saturation": v2.ColorJitter(saturation=(2.5, 3)),
    "hue": v2.ColorJitter(hue=(0.3, 0.4)),
    "RandomGrayscale": v2.RandomGrayscale(p=1),
    "GaussianBlur": v2.GaussianBlur(9, sigma=3.0),
    "RandomErasing": v2.RandomErasing(p=1, scale=(0.1, 0.2)),
    "value='random'": v2.RandomErasing(p=1, scale=(0.1, 0.2), value="random"),
    "Lambda": v2.Lambda(lambda image: 1 - image),
    "RandAugment": v2.RandAugment(num_ops=2, magnitude=12),
}
coloured = {name: transform(cat) for name, transform in colours.items()}

# %%
fig, axes = drawings.gallery(coloured)
plots.show(
    fig,
    alt="Ten pictures of the cat: brighter, paler, with strong colours, with wrong "
    "colours, grey, blurred, with a black rectangle, with a rectangle of noise, as a "
    "negative, and changed by two operations drawn from a list.",
)
print("brightness=0.4 means", v2.ColorJitter(brightness=0.4).brightness)
grey = coloured["RandomGrayscale"]
assert v2.ColorJitter(brightness=0.4).brightness == (0.6, 1.4)
assert grey.shape == (3, 120, 180) and torch.allclose(grey[0], grey[2])

# %% [markdown]
# `RandomErasing` (Zhong et al., 2020) punches a hole, so that a net can't rest on one
# detail. `Lambda` wraps any function of yours. `RandAugment` (Cubuk et al., 2020) draws
# a few operations from a list; its two numbers say how many and how strong.
#
# ## Choosing by chance
#
# Three wrappers take a list of transforms:
#
# - `RandomApply(list, p)`: all of them, or with probability $1 - p$ none
# - `RandomChoice(list)`: exactly one of them
# - `RandomOrder(list)`: all of them, in a random order
#
# **Look for** a row in which each picture shows one change only.

# %%
parts = [v2.RandomHorizontalFlip(p=1), v2.RandomErasing(p=1), v2.RandomGrayscale(p=1)]
wrappers = {
    "RandomApply": v2.RandomApply(parts, p=0.5),
    "RandomChoice": v2.RandomChoice(parts),
    "RandomOrder": v2.RandomOrder(parts),
}
drawn = {f"{n} {k + 1}": w(cat) for n, w in wrappers.items() for k in range(5)}
fig, axes = drawings.gallery(drawn)
plots.show(
    fig,
    alt="Three rows of five cats. RandomApply: each is either untouched or mirrored, "
    "erased and grey. RandomChoice: each is mirrored, or erased, or grey. RandomOrder: "
    "all are mirrored, erased and grey.",
)


def is_grey(image):
    return bool((image[0] == image[2]).all())


shares = {}
for name, wrapper in wrappers.items():
    made = [wrapper(cat[:, ::4, ::4]) for _ in range(300)]
    shares[name] = sum(map(is_grey, made)) / len(made)
print("share of pictures without colour:", {n: round(s, 2) for n, s in shares.items()})
assert abs(shares["RandomApply"] - 1 / 2) < 0.13 and shares["RandomOrder"] == 1
assert abs(shares["RandomChoice"] - 1 / 3) < 0.12

# %% [markdown]
# It is the middle row. Grey turn out half of the pictures, a third, and all.
#
# ## A transform of one's own: the colours of AlexNet
#
# AlexNet (Krizhevsky et al., 2012) changed the light of its photos. Its authors took
# the **covariance** $\Sigma$ of red, green and blue over all pixels, with eigenvectors
# $p_1, p_2, p_3$ and eigenvalues $\lambda_1, \lambda_2, \lambda_3$ (PCA), and added to
# every pixel of an image
#
# $$\sum_{j=1}^{3} \alpha_j \lambda_j\, p_j , \qquad \alpha_j \sim N(0, 0.1^2)$$
#
# with one $\alpha$ an image. So colours move the way they differ in the photos: mostly
# brighter or darker together. With pixels in [0, 1] the shift is small. The figure
# below draws it ten times as strong, with deviation 1 for $\alpha$.

# %% [markdown]
# A transform is a module. `make_params` draws, once a call; `transform` uses what was
# drawn, on each input in turn. With that split, boxes and masks get the same draw.


# %%
class PCAColour(v2.Transform):
    """x + sum_j alpha_j lambda_j p_j for every pixel x; images (3, H, W) in [0, 1]."""

    def __init__(self, pixels, std=0.1):
        super().__init__()
        covariance = torch.cov(pixels)  # (3, M) -> (3, 3)
        self.values, self.vectors = torch.linalg.eigh(covariance)  # p_j in columns
        self.std = std

    def make_params(self, flat_inputs):
        alpha = self.std * torch.randn(3)
        return {"shift": self.vectors @ (alpha * self.values)}  # (3,)

    def transform(self, inpt, params):
        if not isinstance(inpt, torch.Tensor) or inpt.ndim != 3 or len(inpt) != 3:
            return inpt  # a label, a box: not for this transform
        return (inpt + params["shift"].reshape(3, 1, 1)).clamp(0, 1)


names = ("chelsea", "coffee", "astronaut", "rocket", "china", "flower")
pixels = torch.cat([photo(name)[:, ::4, ::4].flatten(1) for name in names], dim=1)
pca_colour, strong = PCAColour(pixels), PCAColour(pixels, std=1.0)

# %% [markdown]
# **Look for** the kind of change: does the cat become red, or does the light change?

# %%
fig, axes = drawings.gallery({f"draw {k + 1}": strong(cat) for k in range(5)})
plots.show(
    fig,
    alt="Five times the same photo of the cat, brighter or darker, with a slight cast "
    "of a colour at most.",
)
share = (pca_colour.values / pca_colour.values.sum()).flip(0)
main = pca_colour.vectors[:, -1].abs()
print("share of the variance:", [f"{s:.0%}" for s in share.tolist()])
print("first direction (red, green, blue):", [f"{v:.2f}" for v in main.tolist()])
shifts = torch.stack([pca_colour.make_params([])["shift"] for _ in range(2000)])
expected = 0.1 * pca_colour.values[-1]
print(f"along it, the shift deviates by {expected:.3f}")
along = (shifts @ pca_colour.vectors[:, -1]).std()
assert (
    round(share[0].item(), 2) == 0.84
    and main.min() > 0.5
    and abs(along / expected - 1) < 0.1
)

# %% [markdown]
# The light changes. The first direction is red, green and blue together, and carries 84
# % of the variance.
#
# ## One draw for how many images?
#
# The transforms take batches (N, C, H, W), too. So it is tempting to flip inside the
# training loop, a whole batch at a time.

# %% [markdown] predict="one_draw"
# **Predict.** A batch of 64 images goes through `v2.RandomHorizontalFlip()` with its
# $p = 1/2$. How many of them are mirrored?
#
# - About half of them: each image is drawn for.
#   wrong: a batch taken for a list of images. To the transform it is one input with one
#   more axis in front.
# - All of them or none.
#   right: the transform draws once a call, and what it drew holds for the whole batch.
# - None: a transform works on one image (C, H, W).
#   wrong: more axes thought to be refused. All the leading ones are accepted.

# %%
copies = cat[:, ::4, ::4].expand(64, -1, -1, -1)  # (64, 3, 30, 45)
flip = v2.RandomHorizontalFlip()


def count_changed(batch):
    return int((batch != copies).flatten(1).any(dim=1).sum())


mirrored = [count_changed(flip(copies)) for _ in range(20)]
print("mirrored of 64, in 20 calls:", mirrored)
assert set(mirrored) == {0, 64}

# %% [markdown]
# One draw for a batch makes batches that are all alike, and gradients that are noisy.
# Transform one image at a time, in the dataset or, as here, in the batches. A [data
# loader](05 "DataLoader") spreads that over several processes.
#
# The rule comes first: the training batches are transformed, and **no others**. The
# validation and the test set stand for the images that will come, and these come as
# they are.


# %%
class Augmented:
    """Batches (X, y) whose images went through `transform`, each with its own draw."""

    def __init__(self, data_iter, transform):
        self.data_iter, self.transform = data_iter, transform

    def __len__(self):
        return len(self.data_iter)

    def __iter__(self):
        for X, y in self.data_iter:
            yield torch.stack([self.transform(x) for x in X]), y


batch = next(iter(Augmented([(copies, torch.arange(64))], flip)))[0]
count = count_changed(batch)
print("mirrored of 64, one draw an image:", count)
assert 12 < count < 52

# %% [markdown]
# ## Boxes and masks move along
#
# In detection the label is a place: mirror the image, and the box must be mirrored,
# too. `tv_tensors` are tensors that know what they are: `Image`, `BoundingBoxes` with
# their format and the size of the canvas, `Mask`. A transform of v2 takes all of them
# in one call, and treats each in its way with the same draw. A flip of an image of
# width $W$ takes the box from $x_1$ to $x_2$ to
#
# $$x_1' = W - x_2, \qquad x_2' = W - x_1 .$$
#
# **Look for** the frame that is larger than the thing in it.

# %%
coffee = v2.functional.resize(photo("coffee"), [120, 180])
rows, columns = torch.meshgrid(torch.arange(120), torch.arange(180), indexing="ij")
cup = ((columns - 88) / 37.0) ** 2 + ((rows - 44) / 40.0) ** 2 < 1  # (120, 180)
mask = tv_tensors.Mask(cup[None].to(torch.uint8))


def box_of(mask):
    """The smallest box around a mask (1, H, W): left, top, right, bottom."""
    _, ys, xs = mask.nonzero(as_tuple=True)
    return torch.stack([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1])


settings = {"format": "XYXY", "canvas_size": (120, 180)}
box = tv_tensors.BoundingBoxes(box_of(mask)[None], **settings)
sample = (tv_tensors.Image(coffee), box, mask)

# %%
together = {
    "as it is": v2.Identity(),
    "flip": v2.RandomHorizontalFlip(p=1),
    "rotation": v2.RandomRotation((25, 35), expand=True),
    "crop": v2.RandomResizedCrop((120, 180), scale=(0.6, 0.9)),
}
samples = {name: transform(*sample) for name, transform in together.items()}
fig, axes = drawings.annotated(samples)
plots.show(
    fig,
    alt="A cup of coffee under a blue veil, in a frame, four times: as it is, "
    "mirrored, turned and cropped. Veil and frame follow the cup. Around the turned "
    "cup the frame is upright and too large.",
)

# %% [markdown]
# Check it: the box of the transformed mask is the truth. After flips and crops the
# transformed box should agree with it. After a rotation it can't: of the box only the
# four corners are known, and an upright frame around them has room to spare.

# %%
slack = {}
for name, (_, new_box, new_mask) in samples.items():
    slack[name] = (new_box[0] - box_of(new_mask)).abs().max().item()
    print(f"{name:>9}: box {new_box[0].tolist()}, of the mask", end=" ")
    print(f"{box_of(new_mask).tolist()}")
x1, _, x2, _ = box[0].tolist()
assert samples["flip"][1][0, [0, 2]].tolist() == [180 - x2, 180 - x1]
assert slack["as it is"] == slack["flip"] == 0
assert slack["crop"] <= 3 < slack["rotation"]
alone = v2.RandomHorizontalFlip(p=1)(coffee), box  # the box stays behind
assert (alone[1] == box).all()

# %% [markdown]
# Objects can be cropped away. `SanitizeBoundingBoxes` drops boxes that became too
# small, with their labels. `FiveCrop` and `TenCrop` refuse boxes and masks.
#
# ## What goes in which order?
#
# From a PIL image to the net, three things happen, and they are no matter of taste:
#
# 1. `ToImage()`: PIL to a tensor (3, H, W) of uint8. Moves and crops are fine on both.
# 2. `ToDtype(torch.float32, scale=True)`: to [0, 1]. Without `scale=True` values stay
#    at 0 to 255.
# 3. `Normalize(mean, std)`: the statistics of the training data, channel by channel.
#
# `v2.ToTensor` did the first two; it is deprecated. Try each mistake.

# %%
pil = v2.ToPILImage()(cat)
image = v2.ToImage()(pil)
normalize = v2.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
mistakes = {
    "Normalize on PIL": lambda: normalize(pil),
    "Normalize on uint8": lambda: normalize(image),
    "old RandomErasing on PIL": lambda: transforms.RandomErasing(p=1)(pil),
    "RandomGrayscale(3, 0.5)": lambda: v2.RandomGrayscale(3, 0.5),
    "resample=": lambda: v2.RandomRotation(10, resample=2),
    "fillcolor=": lambda: v2.RandomAffine(10, fillcolor=0),
}
told = {}
for name, attempt in mistakes.items():
    try:
        result = attempt()
        told[name] = "no error"
    except (TypeError, AttributeError) as error:
        told[name] = str(error)
    print(f"{name:>24}: {told[name][:60]}")
assert "no error" not in told.values()

erased = v2.PILToTensor()(v2.RandomErasing(p=1)(pil))  # v2 accepts PIL
hole = (erased != image).any(dim=0)
assert 0.01 < hole.float().mean() < 0.4 and erased[:, hole].max() == 0

# %% [markdown]
# All six are told. What is told by nobody is a `ToDtype` without `scale=True`, and a
# hole at the wrong step. The older `transforms.RandomErasing` takes tensors only; that
# of v2 accepts a PIL image, too, and makes a black hole, the darkest value of all.
#
# `RandomGrayscale` has no number of channels. Old programs have `resample` and
# `fillcolor`; today they are called `interpolation` and `fill`.
#
# So must `RandomErasing` stand before `Normalize` or behind? Its hole is 0. On pixels
# in [0, 1] that is black. On normalised ones it is the mean colour of the data, which
# says the least; that is where most recipes put it.

# %%
statistics = [[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]]
pipeline = v2.Compose(
    [
        v2.ToImage(),
        v2.RandomResizedCrop(96, scale=(0.5, 1)),
        v2.RandomHorizontalFlip(),
        v2.ToDtype(torch.float32, scale=True),
        v2.ColorJitter(brightness=0.3, saturation=0.3),
        v2.Normalize(*statistics),
        v2.RandomErasing(p=1),
    ]
)
Z = pipeline(pil)
unscaled = v2.ToDtype(torch.float32)(image)
print(f"{tuple(Z.shape)}, {Z.dtype}, from {Z.min():.1f} to {Z.max():.1f};", end=" ")
print(f"without scale=True pixels reach {unscaled.max():.0f}")
assert Z.dtype == torch.float32 and Z.min() > -2.2 and Z.max() < 2.7
assert unscaled.max() > 200
hole = (Z == 0).all(dim=0)  # (96, 96): where all three channels were erased
assert 0.01 < hole.float().mean() < 0.4

# %% [markdown]
# ## What augmentation brings
#
# Now the hundred pictures: silhouettes of ten animals, 28 x 28 pixels, light on black.
# You draw 10 a class to learn from, 500 others are for [validation](08), and 1,000 stay
# shut until the end. The net is small: three [convolutions](12 "convolution") of stride
# 2.
#
# Which changes leave an animal the same animal? A mirror does; so do a small turn, a
# small shift, a little nearer or farther away.
#
# **Look for** a picture whose label you would no longer give.

# %%
(X, y), (X_test, y_test) = animals(num_train=3200, num_test=1000)
X, X_valid, y, y_valid = X[:2700], X[2700:], y[:2700], y[2700:]
gentle = v2.Compose(
    [
        v2.RandomHorizontalFlip(),
        v2.RandomAffine(15, translate=(0.1, 0.1), scale=(0.8, 1.2), shear=10),
    ]
)
shown = {}
for label in (9, 6):
    drawn, name = X[y == label][0], ANIMALS[label]
    shown |= {name: drawn} | {f"{name}, {k}": gentle(drawn) for k in range(1, 6)}
fig, axes = drawings.gallery(shown, ncols=6, width=1.2, height=1.3)
plots.show(
    fig,
    alt="A zebra and a giraffe, light on black, each followed by five changed "
    "copies: mirrored or not, slightly turned, shifted, slanted and resized.",
)


# %% [markdown]
# All twelve are still a zebra and a giraffe, though some are cut off at the edge.


# %%
def draw(y, per_class, seed):
    """Indices of `per_class` examples of each class; the seed alone decides."""
    generator = torch.Generator().manual_seed(seed)
    picks = []
    for label in y.unique():
        own = (y == label).nonzero().ravel()
        picks.append(own[torch.randperm(len(own), generator=generator)[:per_class]])
    return torch.cat(picks)


def small_net():
    """Scores of ten classes, from grey images of 28 x 28."""
    layers, channels = [], 1
    for width in (16, 32, 64):
        conv = nn.Conv2d(channels, width, 3, stride=2, padding=1, bias=False)
        layers += [conv, nn.BatchNorm2d(width), nn.ReLU()]
        channels = width
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)]
    return nn.Sequential(*layers)


def learn(net, data_iter, num_epochs, lr=0.01, **settings):
    """Train in place with Adam over one cycle of the learning rate."""
    settings = {"progress": False, "device": device} | settings
    return fit(net, data_iter, lr=lr, num_epochs=num_epochs, **settings)


def score(net, X, y):
    batches = load_array((X, y), 100, shuffle=False)
    return evaluate(net, batches, device=device)["accuracy"]


# %% [markdown]
# `fit` lets the [learning rate](03) rise and fall once, with the optimiser Adam. Each
# of three seeds draws other 100 pictures and other first weights. As a baseline stands
# the nearest picture: each validation image gets the label of the training image with
# the smallest distance. It needs no training at all.


# %%
def nearest(index, images):
    """For each image the label of the nearest, pixel by pixel, of X[index]."""
    distances = torch.cdist(images.flatten(1), X[index].flatten(1))
    return y[index][distances.argmin(dim=1)]


# %%
seeds = (0, 1, 2)
gain = {"nearest picture": [], "as they are": [], "augmented": []}
seen = {}
for seed in seeds:
    index = draw(y, 10, seed)
    said = nearest(index, X_valid)  # (500,)
    gain["nearest picture"].append((said == y_valid).float().mean().item())
    for name, transform in [("as they are", v2.Identity()), ("augmented", gentle)]:
        set_seed(seed)
        net = small_net()
        train_iter = load_array((X[index], y[index]), 20, seed=seed)
        learn(net, Augmented(train_iter, transform), num_epochs=30)
        gain[name].append(score(net, X_valid, y_valid))
        seen[name, seed] = score(net, X[index], y[index])
for name, scores in gain.items():
    scores = torch.tensor(scores)
    print(f"{name:>16}: {scores.mean():.3f}, spread {scores.std():.3f}")
difference = torch.tensor(gain["augmented"]) - torch.tensor(gain["as they are"])
print("gained, seed by seed:", [f"{d:+.3f}" for d in difference.tolist()])
assert difference.mean() > 0.03
plain, by_pixels = (sum(gain[n]) / 3 for n in ("as they are", "nearest picture"))
assert plain < by_pixels + 0.03

# %% [markdown]
# The same hundred pictures, the same net, the same number of steps: augmentation brings
# several percent of all validation pictures, on average. Without it the net isn't worth
# its training: the nearest picture does as well or better. Why? Compare what the net
# reads of its 100 pictures with what it reads of others.

# %%
for name in ("as they are", "augmented"):
    known = torch.tensor([seen[name, seed] for seed in seeds]).mean()
    unseen = torch.tensor(gain[name]).mean()
    print(f"{name:>12}: {known:.2f} of the 100, {unseen:.2f} of the others", end="; ")
    print(f"the gap is {known - unseen:.2f}")
gap = {
    name: sum(seen[name, s] for s in seeds) / 3 - sum(gain[name]) / 3
    for name in ("as they are", "augmented")
}
assert min(seen["as they are", seed] for seed in seeds) > 0.98
assert gap["augmented"] < gap["as they are"] - 0.1

# %% [markdown]
# Without augmentation the net knows its 100 pictures by heart. With it, the gap gets
# smaller from both sides: fewer of the old, more of the new. That is
# [regularisation](08): noise, of a kind that you chose.
#
# ## And where it does harm
#
# A mirror is right for animals. Is it right for digits?

# %% [markdown] predict="mirrored_digits"
# **Predict.** A net learns from 1,500 digits, each of which is mirrored left to right
# with probability 1/2. The test digits are as people write them. Which suffer most?
#
# - None: the net learns both positions.
#   wrong: more examples thought never to hurt. Some of the new ones carry a label that
#   a reader would call false.
# - 2, 3 and 5.
#   right: their mirrored strokes occur in other digits. What is taken for what is worth
#   a look.
# - 6 and 9, of which each is the other one turned.
#   wrong: a mirror taken for a half turn. Mirrored left to right, neither becomes the
#   other.
# - 0, 1 and 8, which look the same both ways.
#   wrong: symmetry taken for danger. A digit that turns into itself is the one whose
#   label survives.


# %%
def half_mirrored(dims, spared):
    """Mirror each of (N, 1, H, W) with probability 1/2, but none of label `spared`."""

    def transform(X, y):
        mirrored = (torch.rand(len(X)) < 0.5) & (y != spared)
        return torch.where(mirrored.reshape(-1, 1, 1, 1), X.flip(dims), X)

    return transform


class Mirrored(Augmented):
    """As before, but one operation for a batch, with a draw for each of its images."""

    def __iter__(self):
        for X, y in self.data_iter:
            yield self.transform(X, y), y


def digit_net():
    """Scores of ten digits; its full layer knows where in the image things are."""
    return nn.Sequential(
        *(nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.BatchNorm2d(8), nn.ReLU()),
        *(nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.BatchNorm2d(16), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(16 * 7 * 7, 10)),
    )


@torch.no_grad()
def read_as(net, X, y):
    """(10, 10): of each digit's images (rows), the share read as each digit."""
    net.eval()
    said = net(X.to(device)).argmax(dim=1).cpu()
    return torch.stack([F.one_hot(said[y == k], 10).float().mean(0) for k in range(10)])


# %%
(D, d), (D_valid, d_valid) = mnist(num_train=1500, num_test=1000)
positions = {"upright": ([], None), "left-right": ([3], None)}
positions |= {"left-right, no 3": ([3], 3), "half turn": ([2, 3], None)}
read = {name: [] for name in positions}
for seed in seeds:
    for name, (dims, spared) in positions.items():
        set_seed(seed)
        net, train_iter = digit_net(), load_array((D, d), 50, seed=seed)
        learn(net, Mirrored(train_iter, half_mirrored(dims, spared)), num_epochs=6)
        read[name].append(read_as(net, D_valid, d_valid))
read = {name: torch.stack(tables).mean(dim=0) for name, tables in read.items()}
recalls = {name: table.diagonal() for name, table in read.items()}  # (10,)
lost = {name: recalls["upright"] - rows for name, rows in recalls.items()}
del lost["upright"]
for name, row in recalls.items():
    print(f"{name:>16}: {row.mean():.3f} of a digit's images, averaged over digits")

# %% [markdown]
# **Look for** the dark cells of each row. In the second row the 3s stay as they are.

# %%
table = 100 * torch.stack(list(lost.values()))  # (3, 10)
fig, ax = plots.figure(width=7.0, height=2.3)
ylabel = "half of the training digits"
plots.heatmap(table, ax, "digit", ylabel, fmt=".0f", cmap="cividis_r", vmin=0, vmax=20)
ax.set_xticks(range(10))
ax.set_yticks(range(3), list(lost))
ax.set_title("percent of its images lost against upright training")
plots.show(
    fig,
    alt="Table of three ways to mirror against ten digits: what each digit loses. "
    "Left-right costs 5 most, and much of 2 and 3. Without mirrored 3s the 5 loses far "
    "less. A half turn costs 6 most. 0 and 1 lose little in all rows.",
)
for name, digits in {"left-right": [2, 3, 5], "half turn": [6]}.items():
    others = [k for k in range(10) if k not in digits]
    there, elsewhere = lost[name][digits].mean(), lost[name][others].mean()
    print(f"{name:>12}: {digits} lose {there:.1%}, the others {elsewhere:.1%}")
    assert there > 0.06 and there > 1.5 * elsewhere
assert all(row[[0, 1]].mean() < 0.04 for row in lost.values())
for name, digit in [("left-right", 5), ("left-right", 3), ("half turn", 6)]:
    mistakes = read[name][digit].index_fill(0, torch.tensor(digit), 0)
    most, share = mistakes.argmax().item(), mistakes.max() / mistakes.sum()
    print(f"{name:>12}: {share:.0%} of the wrong answers to a {digit} are {most}")
    assert most == {5: 3, 3: 5, 6: 9}[digit]
assert lost["left-right, no 3"][5] < 0.75 * lost["left-right"][5]

# %% [markdown]
# The 5s suffer most, and most of those that are lost are read as 3. Write a mirrored 3
# on paper: it opens to the right, as the upper half of a 5 does. The second row tests
# it: when 3s aren't mirrored, the 5s lose far less. And a 9 turned by half looks like a
# 6: after training with half turns, of the 6s that are read wrongly more are taken for
# a 9 than for any other digit.

# %% [markdown]
# Where the label doesn't survive, augmentation teaches falsehoods.
# So draw twenty augmented images and label them yourself before you train.
#
# | | animals | digits | arrows | scans of lungs | photos from above |
# |---|---|---|---|---|---|
# | left-right | yes | no | no | heart changes side | yes |
# | upside down | rarely | no | no | no | yes |
# | small turn, shift | yes | yes | yes | yes | yes |
# | other colours | yes | yes | yes | no | with care |
#
# Is the bird brown or blue? Then colour is the label. No transform is safe by itself.

# %% [markdown]
# **MixUp and CutMix** change the labels on purpose. MixUp (Zhang et al., 2018) trains
# on $\lambda x_i + (1 - \lambda) x_j$ with the label $\lambda y_i + (1 - \lambda) y_j$,
# where $y$ is one-hot and $\lambda$ is drawn from a Beta distribution. CutMix (Yun et
# al., 2019) pastes a rectangle of $x_j$ into $x_i$ and weighs the labels by area. Both
# work on batches: `v2.MixUp(num_classes=10)`.

# %% [markdown]
# ## A net that saw a million photos
#
# Now the second answer. **Transfer learning**: somebody has trained a net on ImageNet,
# 1.2 million photos of 1,000 kinds. [MobileNetV2](18 "MobileNet") has 3.5 million
# parameters: a **backbone**, `features`, of 19 blocks that makes 1,280 numbers of an
# image, and a **head**, `classifier`, of one full layer.
#
# Its weights ship with this course. `utils.pretrained.mobilenet` checks the file's
# SHA-256 and loads it with `weights_only=True`, which reads tensors and runs no code.

# %% [markdown]
# Weights belong to the images they were trained on: their size, and the mean and
# deviation per channel that `Normalize` took out. torchvision keeps the **transforms
# that belong to the weights** beside them, `weights.transforms()`; here that is
# `preparation()`.
#
# **Look for** how sure the net is with and without them.

# %%
pretrained = mobilenet().requires_grad_(False).to(device)
prepare = preparation()
print(prepare)
photos = ("chelsea", "coffee", "motorcycle_left")


def sure_of(net, images):
    """Name and probability of the most probable class of each image (3, H, W)."""
    answers = {}
    for name, image in images.items():
        p = net(image[None].to(device)).softmax(dim=1)[0]  # (1000,)
        answers[name] = (CATEGORIES[p.argmax()], round(p.max().item(), 2))
    return answers


right = sure_of(pretrained, {name: prepare(photo(name)) for name in photos})
raw = sure_of(pretrained, {name: photo(name) for name in photos})
times_255 = sure_of(pretrained, {name: 255 * photo(name) for name in photos})
for name in photos:
    print(f"{name}: prepared {right[name]}, raw {raw[name]}, 0-255 {times_255[name]}")
assert [right[name][0] for name in photos] == ["Egyptian cat", "espresso", "moped"]
assert all(right[name][1] > raw[name][1] for name in photos)
assert all(times_255[name][0] != right[name][0] for name in photos)
assert min(times_255[name][1] for name in photos) > 0.8

# %% [markdown]
# Prepared, the net names cat, coffee and moped. On raw pixels it is less sure or wrong,
# and with pixels up to 255, where `scale=True` was forgotten, it is wrong and sure. No
# error is raised.
#
# ## Four ways to use it
#
# | | backbone | head |
# |---|---|---|
# | **linear probe**, feature extraction | frozen | new, trained |
# | **fine-tuning** | trained a little | new, trained |
# | fine-tuning of the last blocks | first blocks frozen | new, trained |
# | from scratch | random start | random start |
#
# The old head knows ImageNet's 1,000 classes; yours are others, so **the head is always
# replaced**. A frozen backbone gives the same 1,280 numbers for an image each time. So
# compute them **once** and train the head on the table.

# %%
to_rgb = v2.Compose([v2.Resize(32), v2.Lambda(lambda X: X.expand(-1, 3, -1, -1))])
as_imagenet = v2.Compose([to_rgb, v2.Normalize(*statistics)])


@torch.no_grad()
def through(blocks, X):
    """What frozen blocks make of images or maps, batch by batch."""
    blocks.eval()
    return torch.cat([blocks(batch.to(device)).cpu() for batch in X.split(250)])


def maps_at(depths, X):
    """Maps behind so many blocks, in one pass: depth -> (N, C, h, w)."""
    H, start, maps = as_imagenet(X), 0, {}
    for depth in depths:
        H = maps[depth] = through(pretrained.features[start:depth], H)
        start = depth
    return maps


DEPTHS = (2, 7, 11, 14, 19)
maps, maps_valid = maps_at(DEPTHS, X), maps_at(DEPTHS, X_valid)
print({depth: tuple(H.shape[1:]) for depth, H in maps.items()})
assert maps[19].shape == (2700, 1280, 1, 1) and maps[7].shape[1:] == (32, 4, 4)

# %% [markdown]
# A head gets the mean of each map. These features differ in size, so they are
# standardised. Means and deviations need no labels: all 2,700 images can be asked,
# whatever few of them have one.


# %%
def features(maps, like):
    """Means of maps (N, C, h, w) over places, standardised as those of `like`."""
    H, reference = maps.mean(dim=(2, 3)), like.mean(dim=(2, 3))  # (N, C)
    return (H - reference.mean(dim=0)) / (reference.std(dim=0) + 1e-3)


def probe(Z, y, num_steps=200):
    """A linear head, trained on features (N, C) that are computed already."""
    head = nn.Linear(Z.shape[1], 10)
    optimizer = torch.optim.AdamW(head.parameters(), lr=0.01, weight_decay=0.01)
    train_iter = load_array((Z, y), min(50, len(Z)))
    num_epochs = max(1, round(num_steps / len(train_iter)))
    learn(head, train_iter, num_epochs, lr=0.01, optimizer=optimizer)
    return head


# %% [markdown]
# ## Which layers to keep?
#
# **Do I replace only the last layer, the last layers, or all?** A head can be set
# behind any block. The maps are there already, so each depth costs only a probe.

# %%
depth_scores = {per_class: [] for per_class in (5, 200)}
for per_class, rows in depth_scores.items():
    for depth in DEPTHS:
        Z, Z_valid = (features(part[depth], maps[depth]) for part in (maps, maps_valid))
        rows.append([])
        for seed in seeds:
            index = draw(y, per_class, seed)
            set_seed(seed)
            head = probe(Z[index], y[index], num_steps=80)
            rows[-1].append(score(head, Z_valid, y_valid))

# %% [markdown]
# **Look for** the depth from which on more blocks bring nothing.

# %%
fig, ax = plots.figure(width=6.2, height=3.3)
named = {f"{n} labels a class": rows for n, rows in depth_scores.items()}
ys = {name: torch.tensor(rows).mean(dim=1) for name, rows in named.items()}
plots.curves(ax, DEPTHS, ys, "blocks of the backbone in use", "validation accuracy")
ax.set_xticks(DEPTHS)
plots.show(
    fig,
    alt="Accuracy of a linear probe behind 2 to 19 blocks, with 5 and with 200 labels "
    "a class. Both rise up to block 14; neither gains behind it.",
)
for name, row in ys.items():
    print(f"{name:>19}:", [f"{value:.2f}" for value in row.tolist()])
few_rows, many_rows = ys.values()
assert few_rows[3] > few_rows[0] + 0.08 and many_rows[3] > many_rows[0] + 0.15
assert few_rows[-1] < few_rows[3] + 0.02 and many_rows[-1] < many_rows[3] + 0.03

# %% [markdown]
# Neither first nor last. Behind two blocks the probe is poor, and the last five bring
# nothing for these silhouettes: they can be **left out**, most of the parameters with
# them. Why is not tested here. With other data the best depth may be another: measure
# it, and choose it on validation data, as here.

# %%
START, END = 7, 14  # blocks 1 to 7 stay frozen, those behind block 14 are left out
Z, Z_valid = (features(part[END], maps[END]) for part in (maps, maps_valid))
count = sum(p.numel() for p in pretrained.features.parameters())
kept = sum(p.numel() for p in pretrained.features[:END].parameters())
print(f"parameters up to block {END}: {kept:,} of the backbone's {count:,}")
assert kept / count < 0.3

# %% [markdown]
# ## Fine-tuning
#
# The first 7 blocks stay frozen, and their maps are computed once, too. Blocks 8 to 14
# are trained with **two learning rates**, a small one for the pretrained blocks and a
# large one for the new head: two **parameter groups**.
#
# `train` below is overridden. Why, is the subject of a section of its own: it keeps
# [batch normalisation](16), which the pretrained blocks are full of, in eval mode.


# %%
class FineTuned(nn.Module):
    """Blocks 8 to 14 of a pretrained backbone and a new head: maps to ten scores."""

    def __init__(self, backbone, num_classes=10):
        super().__init__()
        self.blocks = copy.deepcopy(backbone[START:END]).requires_grad_(True)
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(96, num_classes)

    def train(self, mode=True):
        super().train(mode)
        self.blocks.eval()  # running statistics stay those of ImageNet
        return self

    def forward(self, X):
        H = self.blocks(X).mean(dim=(2, 3))  # (N, 96, h, w) -> (N, 96)
        return self.head(self.dropout(H))


def fine_tune(index, lr_blocks, lr_head, seed):
    """A net trained from these examples' maps, with a rate for each of its parts."""
    set_seed(seed)
    net = FineTuned(pretrained.features).to(memory_format=torch.channels_last)
    groups = [
        {"params": net.blocks.parameters(), "lr": lr_blocks},
        {"params": net.head.parameters(), "lr": lr_head},
    ]
    size = 50 if len(index) > 1000 else 25
    num_epochs = {50: 20, 200: 8, 2000: 2}[len(index)]
    train_iter = load_array((maps[START][index], y[index]), size, seed=seed)
    rates = [lr_blocks, lr_head]  # one cycle for each group
    optimizer = torch.optim.AdamW(groups, fused=True)
    learn(net, train_iter, num_epochs, rates, optimizer=optimizer)
    return net


# %% [markdown] predict="which_wins"
# **Predict.** The net saw colour photos only; your animals are light silhouettes on
# black. With 5 labels a class, and with 200, how does a linear probe on its frozen
# features compare with the small net trained from scratch?
#
# - Worse in both cases: the features are for photos.
#   wrong: features thought to be of use for photos only. Where a probe on them works,
#   something in them fits silhouettes, too.
# - Far better in both cases: a million photos beat any handful.
#   wrong: the lead thought to last. With more labels, a net that is trained from
#   scratch comes closer.
# - Far better with 5; with 200 most of the lead is gone.
#   right: borrowed features save labels. The more labels there are, the less is saved.

# %%
sizes = (5, 20, 200)
epochs = {5: 30, 20: 25, 200: 7}  # of training from scratch
names = ("linear probe", "fine-tuned, two rates", "from scratch")
curves, nets = {name: [[] for _ in sizes] for name in (*names, "nearest picture")}, {}
validation = dict(zip(names, (Z_valid, maps_valid[START], X_valid), strict=True))
for k, per_class in enumerate(sizes):
    for seed in seeds:
        index = draw(y, per_class, seed)
        set_seed(seed)
        trained = {"linear probe": probe(Z[index], y[index])}
        trained["fine-tuned, two rates"] = fine_tune(index, 5e-4, 5e-3, seed)
        set_seed(seed)
        trained["from scratch"] = net = small_net()
        train_iter = load_array((X[index], y[index]), min(50, 4 * per_class), seed=seed)
        learn(net, train_iter, epochs[per_class])
        said = nearest(index, X_valid)
        curves["nearest picture"][k].append((said == y_valid).float().mean().item())
        for name, net in trained.items():
            curves[name][k].append(score(net, validation[name], y_valid))
            nets[name, per_class, seed] = net
averages = {name: torch.tensor(rows).mean(dim=1) for name, rows in curves.items()}
few, some, many = ({n: row[k] for n, row in averages.items()} for k in range(3))
lead = [n["linear probe"] - n["from scratch"] for n in (few, some, many)]
assert lead[0] > 0.1 and lead[2] < lead[0] - 0.05

# %% [markdown]
# **Look for** the distance between the lines, at the left and at the right.

# %%
fig, ax = plots.figure(width=6.2, height=3.6)
drawings.spread(
    ax, sizes, curves, "labels a class", "validation accuracy", floor=(0.1, "guessing")
)
plots.show(
    fig,
    alt="Validation accuracy against labels a class, three seeds each. Probe and "
    "fine-tuning run side by side. At 5 labels they lie far above training from "
    "scratch and the nearest picture, which are close together; at 200 all four are "
    "much closer.",
)
for name, rows in curves.items():
    rows = torch.tensor(rows)
    means = ", ".join(f"{mean:.3f}" for mean in rows.mean(dim=1).tolist())
    print(f"{name:>22}: {means}; spread at most {rows.std(dim=1).max():.3f}")
print("lead of the probe over training from scratch:", [f"{d:.2f}" for d in lead])
assert some["linear probe"] > some["from scratch"] + 0.08
more = [n["fine-tuned, two rates"] - n["linear probe"] for n in (few, some, many)]
print("fine-tuning against the probe:", [f"{d:+.2f}" for d in more])
assert max(map(abs, more)) < 0.08 < lead[0]
assert some["linear probe"] > some["nearest picture"] + 0.05
apart = [abs(n["from scratch"] - n["nearest picture"]) for n in (few, some, many)]
assert max(apart) < 0.08

# %% [markdown]
# With 5 labels a class the lead is largest; with 200 much of it is gone. The small net
# from scratch stays close to the **nearest picture**, which trains nothing, at every
# size: with so little data, this baseline is not easy to beat. The probe beats it.
#
# **Fine-tuning** brings little or nothing over the probe here, though it costs many
# times the work. Longer training or other rates may change that; it isn't measured
# here. So: first the probe, then fine-tuning, kept if it is better on validation data.
#
# Depth, rates and numbers of steps were chosen on these same 500 validation images. So
# the scores are a little too good, and the test set comes later.

# %% [markdown]
# ## How fast may the old weights move?
#
# The new head starts at random, so it needs long steps. Pretrained weights are good
# already.

# %% [markdown] predict="one_rate"
# **Predict.** Fine-tune with 20 labels a class, once with the head's rate of 0.005 for
# all weights, and once with a tenth of it for the pretrained blocks. What does the one
# large rate do?
#
# - It gets as far, sooner.
#   wrong: a longer step taken for more learning. The head's first gradients come from
#   random weights, and they are sent back into good ones.
# - It does harm: the net ends below the probe, which never touched the blocks.
#   right: long steps overwrite the pretrained weights, and this training on two hundred
#   images doesn't bring them back.
# - Nothing: one cycle makes every rate small in the end.
#   wrong: the end of the schedule thought to mend its middle. What is overwritten there
#   doesn't come back.

# %%
rates = {"two rates": curves["fine-tuned, two rates"][1]}
rates["one large rate"] = []
for seed in seeds:
    net = fine_tune(draw(y, 20, seed), 5e-3, 5e-3, seed)
    rates["one large rate"].append(score(net, maps_valid[START], y_valid))
rates["linear probe"] = curves["linear probe"][1]
for name, scores in rates.items():
    scores = torch.tensor(scores)
    print(f"{name:>14}: {scores.mean():.3f}, spread {scores.std():.3f}")
means = {name: sum(scores) / 3 for name, scores in rates.items()}
assert means["one large rate"] < means["linear probe"] - 0.03
assert means["one large rate"] < means["two rates"] - 0.03

# %% [markdown]
# On average the large rate ends below the probe, which never touched the backbone, and
# below two rates; seeds differ much. The head's rate is the same in both rows: the only
# change is how fast the pretrained weights move. Whether the head needs a rate of its
# own is another question. Try one small rate for all (question 6 below).

# %% [markdown]
# ## Frozen, and yet it moves
#
# `requires_grad_(False)` freezes parameters: they get no gradient. **Batch
# normalisation** has something else: a running mean and variance for each channel, with
# which it standardises in eval mode. In train mode every forward pass moves them a
# tenth of the way to the statistics of the batch. They are **buffers**, no parameters,
# and no gradient is asked.

# %% [markdown] predict="frozen_moves"
# **Predict.** All parameters of the pretrained net are frozen. In train mode, 20
# batches of 25 silhouettes go through it; no optimiser, no `backward`. Then, in eval
# mode, it is shown the photo of the cat again. It was 72 % sure of "Egyptian cat". And
# now?
#
# - Still 72 %: nothing was trained.
#   wrong: a net taken for its parameters. Buffers decide the output, too.
# - A little less, as after a few steps with a tiny learning rate.
#   wrong: the step taken for a small one. After 20 steps of a tenth, 12 % of the old
#   statistics are left.
# - It no longer sees the cat.
#   right: with the statistics of silhouettes in every layer, the same weights compute
#   something else.

# %%
moving = mobilenet().requires_grad_(False).to(device)
weights_before = [p.clone() for p in moving.parameters()]
buffers_before = {name: b.clone() for name, b in moving.named_buffers()}
cat_index = CATEGORIES.index("Egyptian cat")
prepared_cat = prepare(photo("chelsea"))[None].to(device)
sure = []
with torch.no_grad():
    for batch in [None, *X[:500].split(25)]:
        if batch is not None:
            moving.train()
            moving(as_imagenet(batch).to(device))
        moving.eval()
        sure.append(moving(prepared_cat).softmax(dim=1)[0, cat_index].item())
now = sure_of(moving, {"chelsea": prepared_cat[0].cpu()})["chelsea"][0]
same = all(map(torch.equal, moving.parameters(), weights_before))
moved = [n for n, b in moving.named_buffers() if not torch.equal(b, buffers_before[n])]
print(f"parameters changed: {not same}; buffers changed: {len(moved)}")
print(f"sure of the cat: {sure[0]:.2f}, after 5 batches {sure[5]:.2f},", end=" ")
print(f"after 20 batches {sure[20]:.3f}; now it says {now!r}")
assert same and len(moved) == len(buffers_before) == 3 * 52
assert sure[0] > 0.7 and sure[20] < 0.05 and now != "Egyptian cat"
assert round(0.9**20, 2) == 0.12

# %% [markdown]
# No weight has changed, and the cat is gone. So a frozen backbone belongs in eval mode,
# **and `net.train()` puts it back into train mode**, at the start of every epoch. That
# is why `FineTuned` overrides `train`. In fine-tuning, too, small batches are a reason
# to leave the statistics as they are.
#
# Its sibling: a frozen layer in `net.parameters()` still reaches the optimiser. Without
# a gradient it is skipped, weight decay included. But weights that you freeze *after*
# `backward` keep their last gradient, and the next step moves them.

# %%
layer = nn.Linear(3, 2)
optimizer = torch.optim.SGD(layer.parameters(), lr=0.1, weight_decay=0.1)
layer(torch.ones(1, 3)).sum().backward()
layer.requires_grad_(False)  # frozen with a gradient left behind
start = layer.weight.clone()
optimizer.step()
step_with_old = (layer.weight - start).abs().max().item()
optimizer.zero_grad()  # sets gradients to None
start = layer.weight.clone()
optimizer.step()
step_without = (layer.weight - start).abs().max().item()
print(f"step with a left gradient {step_with_old:.2f}, without {step_without:.2f}")
assert step_with_old > 0.05 and step_without == 0

# %% [markdown]
# ## Many views of one image
#
# At test time nothing is augmented at random. But the prediction may be the **mean of
# the probabilities** over fixed views, as AlexNet did with ten crops (**test-time
# augmentation**): here the image and its mirror image. It costs a second pass.
#
# The test set is opened now, once, for the nets with 200 labels a class.

# %%
test_maps = maps_at((START, END), X_test)
mirrored_maps = maps_at((START,), X_test.flip(3))


@torch.no_grad()
def probabilities(net, X):
    net.eval()
    return net(X.to(device)).softmax(dim=1).cpu()  # (N, 10)


def share_right(p):
    return (p.argmax(dim=1) == y_test).float().mean().item()


inputs = {"linear probe": features(test_maps[END], maps[END]), "from scratch": X_test}
inputs["fine-tuned, two rates"] = test_maps[START]
tested = {name: [] for name in (*inputs, "fine-tuned, two views", "nearest picture")}
for seed in seeds:
    said = nearest(draw(y, 200, seed), X_test)
    tested["nearest picture"].append((said == y_test).float().mean().item())
    for name, data in inputs.items():
        tested[name].append(share_right(probabilities(nets[name, 200, seed], data)))
    net = nets["fine-tuned, two rates", 200, seed]
    both = (test_maps[START], mirrored_maps[START])
    views = [probabilities(net, data) for data in both]
    tested["fine-tuned, two views"].append(share_right(sum(views) / 2))
for name, scores in tested.items():
    scores = torch.tensor(scores)
    print(f"{name:>22}: test accuracy {scores.mean():.3f}, spread {scores.std():.3f}")
final = {name: sum(scores) / 3 for name, scores in tested.items()}
gained = final["fine-tuned, two views"] - final["fine-tuned, two rates"]
print(f"the second view brings {gained:+.3f}")
lower = {n: (many[n] - final[n]).item() for n in ("linear probe", "nearest picture")}
print("lower than on validation images:", {n: round(v, 3) for n, v in lower.items()})
assert abs(gained) < 0.04 and lower["nearest picture"] > 0
assert abs(final["fine-tuned, two rates"] - final["linear probe"]) < 0.06
metrics = {f"test accuracy, 200 labels a class, {n}": v for n, v in final.items()}

# %% [markdown]
# The second view changes little, for twice the time. Probe and fine-tuned net stay
# close together.
#
# The probe is lower than on the validation images, on which its settings were chosen.
# But the nearest picture, for which nothing was chosen, is lower, too. So a part of the
# difference is in the images: two sets of 500 and 1,000 are never equally hard.

# %% [markdown]
# ## What goes wrong in practice
#
# - **The test set is augmented.** Give training and validation data a transform each;
#   one dataset object split in two shares its transform.
# - **Erasing too early**: the older class refuses a PIL image; v2 makes the hole black.
#   Behind `Normalize`, it has the mean colour.
# - **`Normalize` before `ToDtype`** is refused. `ToDtype` without `scale=True` is not.
# - **The wrong mean and deviation.** Weights want the ones they were trained with, not
#   those of your data.
# - **One draw a batch**: transform image by image.
# - **Frozen, in train mode**: running statistics move.
# - **The optimiser made before the head is replaced** holds the old head. The new one
#   never learns.

# %%
net = mobilenet()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
net.classifier[-1] = nn.Linear(1280, 10)  # too late
held = {id(p) for group in optimizer.param_groups for p in group["params"]}
forgotten = [name for name, p in net.named_parameters() if id(p) not in held]
print("parameters that the optimiser doesn't hold:", forgotten)
assert forgotten == ["classifier.1.weight", "classifier.1.bias"]

# %% [markdown]
# ## Summary
#
# - Augmentation makes new examples by changes that leave the label as it is. It brings
#   much where pictures are few, and does harm where the label changes.
# - Read the ranges: shear's pair is for x, `scale` of `RandomAffine` is a length, and
#   paddings order their tuples in three ways. v2 moves boxes and masks along.
# - `ToImage`, moves, `ToDtype(scale=True)`, `Normalize`, `RandomErasing`; for training
#   only. Pretrained weights come with transforms of their own.
# - The head is always replaced. First freeze the rest and train a head on features that
#   are computed once, at the depth that validation chooses. Then try fine-tuning, with
#   small rates.
# - Borrowed features save labels.
# - Frozen layers belong in eval mode.

# %% [markdown]
# ## To think about
#
# 1. Which transforms would you allow for X-ray images, for handwritten music, for
#    satellite photos? Write down one label that each would change.
# 2. Train the probe on augmented silhouettes. What does it cost, now that features
#    can't be computed once?
# 3. Repeat the curves with the digits. Where do the lines cross?
# 4. Fine-tune with batch normalisation in train mode. With which batch size does it
#    catch up?
# 5. Mirror training digits left to right, but only those of 0, 1 and 8. Does it help?
# 6. Fine-tune with one small rate, 0.0005, for blocks and head. Was the second rate
#    needed?

# %% [markdown]
# The exercise notebook comes next: eleven checked exercises, from a transform of your
# own to rates for each layer.

# %% [markdown]
# ## Further reading
#
# - Zhang, Lipton, Li, Smola, *Dive into Deep Learning*: sections 13.1 and 13.2 in the
#   edition of `d2l` 0.17, 14.1 and 14.2 in the printed book.
# - Krizhevsky, Sutskever, Hinton, *ImageNet classification with deep convolutional
#   neural networks*, NeurIPS 2012: crops, mirrors and the PCA of colours, section 4.1.
# - Yosinski, Clune, Bengio, Lipson, *How transferable are features in deep neural
#   networks?*, NeurIPS 2014: which layers to keep.
# - Kornblith, Shlens, Le, *Do better ImageNet models transfer better?*, CVPR 2019.
# - Zhang, Cisse, Dauphin, Lopez-Paz, *mixup*, ICLR 2018; Yun et al., *CutMix*, ICCV
#   2019.
# - Shorten, Khoshgoftaar, *A survey on image data augmentation for deep learning*,
#   Journal of Big Data 6, 2019.
