# %% [markdown]
# # Augmentation and transfer: exercises
#
# Eleven exercises: you change images together with their labels, put a pipeline in
# order, and prepare pretrained nets for their new work. Three questions want a thought
# and no code. Each stands alone: if you are stuck, go on with the next.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. Some tests are hidden until your work is graded, so think of images that are
# not square and of nets with other layers.
#
# Stuck? `check.hint("random_gamma")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import copy

import torch
from torch import nn
from torch.nn import functional as F
from torchvision.transforms import v2

from utils import check
from utils.device import set_seed

set_seed(0)


def pixels(*shape):
    """Made-up images of the given shape with values in [0, 1), always the same."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(sum(shape)))


# %% [markdown]
# ## 1. A transform of your own
#
# **Gamma correction** changes the light of an image with values in [0, 1]: every value
# $x$ becomes $x^\gamma$. Write `random_gamma(image, low, high, generator)`:
#
# - draw one number $u$ in [0, 1) with `torch.rand(1, generator=generator)`, once
# - take $\gamma = \mathrm{low}^{\,1 - u} \cdot \mathrm{high}^{\,u}$, so that making it
#   brighter and darker are equally likely for `low` = 1 / `high`
# - return the changed image, of the same shape and dtype
#
# `image`: (C, H, W) float32 in [0, 1]; `low` and `high`: floats above 0.
#
# Example: with `low=2.0` and `high=2.0`, a pixel of 0.5 becomes 0.25, whatever is
# drawn.


# %% exercise="random_gamma"
def random_gamma(image, low, high, generator):
    """image ** gamma with a random gamma between low and high.

    Args:
        image: (C, H, W) float32 in [0, 1].
        low, high: the least and the largest gamma, floats above 0.
        generator: torch.Generator to draw from.

    Returns:
        (C, H, W) float32.
    """
    ### BEGIN SOLUTION
    u = torch.rand(1, generator=generator)
    return image ** (low ** (1 - u) * high**u)
    ### END SOLUTION


# %% test="random_gamma" points=2
def gamma_of(seed, *shape, low, high):
    """The image, and what the generator would draw next."""
    generator = torch.Generator().manual_seed(seed)
    X = pixels(*shape)
    changed = check.call(random_gamma, X, low, high, generator, changes="generator")
    return changed, torch.rand(1, generator=generator)


told = "random_gamma(image, {}, {}, generator): (image, the generator's next number)"
check.probe(gamma_of, 3, 3, 2, 4, low=0.4, high=3.0, call=told.format(0.4, 3.0))
check.probe(gamma_of, 8, 1, 3, 2, low=0.5, high=2.0, call=told.format(0.5, 2.0))
### BEGIN HIDDEN TESTS
check.probe(gamma_of, 11, 2, 5, 3, low=1.2, high=1.7)
check.probe(gamma_of, 12, 3, 3, 3, low=3.0, high=0.2)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Turn it, with its boxes
#
# Write `turn_left(image, boxes)`: turn an image by 90 degrees **counter-clockwise**,
# and its boxes with it. What was at the right edge is then at the top.
#
# - `image`: (C, H, W), any dtype; `boxes`: (K, 4) float32, each left, top, right,
#   bottom in pixels, with left < right and top < bottom. K may be 0.
# - Returns the image (C, W, H), and the boxes (K, 4) in the same order of numbers.
# - A box from 0 to W covers the whole width.
# - Not allowed: `torchvision`.
#
# Example: in an image of H = 10 and W = 20, the box `[15, 2, 20, 6]` becomes
# `[2, 0, 6, 5]`.


# %% exercise="turn_left"
def turn_left(image, boxes):
    """Turn by 90 degrees counter-clockwise.

    Args:
        image: (C, H, W).
        boxes: (K, 4) left, top, right, bottom.

    Returns:
        image, boxes: (C, W, H) and (K, 4).
    """
    ### BEGIN SOLUTION
    width = image.shape[2]
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack([top, width - right, bottom, width - left], dim=1)
    return torch.rot90(image, 1, dims=(1, 2)), turned
    ### END SOLUTION


# %% test="turn_left" points=3 bans="torchvision"
boxes = torch.tensor([[1.0, 2.0, 4.0, 3.5], [0.0, 0.5, 6.5, 4.0]])
check.probe(turn_left, pixels(2, 5, 7), boxes)
check.probe(turn_left, pixels(3, 8, 3), torch.tensor([[0.25, 5.0, 2.0, 7.0]]))
### BEGIN HIDDEN TESTS
check.probe(turn_left, pixels(1, 4, 6), torch.zeros(0, 4))
check.probe(turn_left, (100 * pixels(3, 6, 6)).to(torch.uint8), boxes[:1] + 0.5)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. A mirror that knows its labels
#
# Some classes are each other's mirror images: left hand and right hand, "turn left" and
# "turn right". Others are their own. Write `mirror(X, y, partner, chosen)`: mirror the
# chosen images left to right, and give each the label that it has then.
#
# - `X`: (N, C, H, W) float32; `y`: (N,) int64 labels
# - `partner`: (classes,) int64; `partner[k]` is what an image of class k is in the
#   mirror
# - `chosen`: (N,) bool
# - Returns new `X` and `y`; the other images stay as they are.
#
# Example: with `partner = tensor([1, 0, 2])` and all chosen, labels 0, 1, 2 become 1,
# 0, 2.


# %% exercise="mirror"
def mirror(X, y, partner, chosen):
    """Mirror the chosen images and give them their partner's label.

    Args:
        X: (N, C, H, W).
        y: (N,) int64.
        partner: (classes,) int64.
        chosen: (N,) bool.

    Returns:
        X, y: of the same shapes, new tensors.
    """
    ### BEGIN SOLUTION
    mirrored = torch.where(chosen[:, None, None, None], X.flip(3), X)
    return mirrored, torch.where(chosen, partner[y], y)
    ### END SOLUTION


# %% test="mirror" points=2
y, partner = torch.tensor([2, 0, 3, 1, 4, 2]), torch.tensor([3, 2, 1, 0, 4])
chosen = torch.tensor([True, True, False, True, True, False])
check.probe(mirror, pixels(6, 2, 3, 4), y, partner, chosen)
check.probe(mirror, pixels(6, 1, 4, 3), y, partner, ~chosen)
### BEGIN HIDDEN TESTS
check.probe(mirror, pixels(3, 1, 5, 2), y[:3], partner, torch.zeros(3).bool())
check.probe(mirror, pixels(6, 3, 2, 5), y.flip(0), partner, chosen)
### END HIDDEN TESTS

# %% [markdown] choice="which_pipeline" points=1
# ## Think: four steps in four orders
# A photo comes as a PIL image. N is `Normalize` with ImageNet's numbers, D is
# `ToDtype(torch.float32, scale=True)`, I is `ToImage`, E is `RandomErasing` with its
# default value 0. In which order is the hole filled with the colour that is ImageNet's
# mean?
#
# - E, I, D, N
#   wrong: the place of the step thought not to matter, as it is drawn by chance anyway
# - I, E, D, N
#   wrong: a pixel of 0 taken for the mean before anything was subtracted
# - I, D, N, E
#   right: behind `Normalize`, the mean is what 0 stands for.
# - I, N, D, E
#   wrong: `Normalize` thought to take uint8

# %% [markdown]
# ## 4. Put a pipeline in order
#
# Write `in_order(transforms)`: somebody collected the right transforms in a wrong
# order.
#
# - Takes a list of `v2` transforms, in which `v2.ToImage`, `v2.ToDtype` and
#   `v2.Normalize` stand once each, with any number of `v2.RandomErasing` and of others.
# - Returns a new list of the same objects: `ToImage` first; then all others, such as
#   crops and flips, in the order in which they came; then `ToDtype`, `Normalize`, and
#   all `RandomErasing` in the order in which they came.
#
# Example: `[Normalize, flip, ToDtype, ToImage]` becomes
# `[ToImage, flip, ToDtype, Normalize]`.


# %% exercise="in_order"
def in_order(transforms):
    """ToImage, moves, ToDtype, Normalize, RandomErasing.

    Args:
        transforms: list of v2 transforms.

    Returns:
        A new list of the same transforms.
    """
    ### BEGIN SOLUTION
    order = {v2.ToImage: 0, v2.ToDtype: 2, v2.Normalize: 3, v2.RandomErasing: 4}
    return sorted(transforms, key=lambda transform: order.get(type(transform), 1))
    ### END SOLUTION


# %% test="in_order" points=2
def names_in_order(*places):
    """The names of the transforms at these places of a box, once put in order."""
    box = {
        "image": v2.ToImage(),
        "dtype": v2.ToDtype(torch.float32, scale=True),
        "normalize": v2.Normalize([0.5], [0.2]),
        "crop": v2.RandomCrop(8),
        "flip": v2.RandomHorizontalFlip(),
        "blur": v2.GaussianBlur(3),
        "erase a": v2.RandomErasing(p=0.2),
        "erase b": v2.RandomErasing(p=0.9),
    }
    result = check.call(in_order, [box[place] for place in places])
    back = {id(transform): name for name, transform in box.items()}
    return [back.get(id(transform), "a new object") for transform in result]


mixed = ("erase b", "normalize", "crop", "dtype", "erase a", "flip", "image", "blur")
call = "in_order(["
check.probe(names_in_order, *mixed, call=call + ", ".join(mixed) + "])")
check.probe(names_in_order, "crop", "normalize", "image", "dtype", call=call + "...])")
### BEGIN HIDDEN TESTS
check.probe(names_in_order, "erase a", "image", "normalize", "dtype")
check.probe(names_in_order, "dtype", "blur", "erase a", "image", "normalize", "crop")
### END HIDDEN TESTS

# %% [markdown]
# ## 5. The rectangle of random erasing
#
# Write `erase(image, area, ratio, u, v)`: erase one rectangle of an image (C, H, W).
#
# - Its area is the share `area` of the image's, and its **height divided by its width**
#   is `ratio`. Round both lengths to the nearest int (Python's `round`).
# - If a length is larger than the image's, return a copy of the image.
# - `u` in [0, 1) chooses the top: row `int(u * n)` of the n where it fits; `v` chooses
#   the left edge in the same way.
# - Fill it, in each channel, with that channel's **mean over the whole image**.
#
# Example: 4 x 6 pixels, `area=0.25`, `ratio=1.5`: height 3, width 2. Two tops are
# possible; `u=0.5` gives row 1.


# %% exercise="erase"
def erase(image, area, ratio, u, v):
    """Fill a rectangle with each channel's mean.

    Args:
        image: (C, H, W) float32.
        area: share of the image's area, above 0.
        ratio: height / width, above 0.
        u, v: numbers in [0, 1) that choose top and left edge.

    Returns:
        (C, H, W) float32, a new tensor.
    """
    ### BEGIN SOLUTION
    _, height, width = image.shape
    h = round((area * height * width * ratio) ** 0.5)
    w = round((area * height * width / ratio) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)  # (C, 1, 1)
        result[:, top : top + h, left : left + w] = mean
    return result
    ### END SOLUTION


# %% test="erase" points=3
check.probe(erase, pixels(2, 10, 12), 0.2, 1.7, 0.85, 0.4)
check.probe(erase, pixels(3, 12, 4), 0.6, 0.3, 0.5, 0.5)
check.probe(erase, pixels(3, 5, 9), 0.5, 3.0, 0.5, 0.5)
### BEGIN HIDDEN TESTS
check.probe(erase, pixels(1, 9, 6), 0.4, 0.6, 0.0, 0.99)
check.probe(erase, pixels(2, 6, 4), 0.5, 3.0, 0.99, 0.0)
check.probe(erase, pixels(3, 7, 5), 0.3, 1.0, 0.3, 0.3)


def untouched(*shape):
    """A rectangle that is too large: the result, and whether it is a copy."""
    X = pixels(*shape)
    result = check.call(erase, X, 0.5, 3.0, 0.5, 0.5)
    return result, result is not X


check.probe(untouched, 2, 5, 9)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. CutMix with its labels
#
# **CutMix** pastes a rectangle of another image into an image and mixes the labels by
# area. Write `cutmix(X, y, order, top, left, bottom, right, num_classes)`.
#
# - `X`: (N, C, H, W) float32; `y`: (N,) int64; `order`: (N,) int64, a permutation.
# - Image i gets, in rows `top` to `bottom` and columns `left` to `right` (ends not
#   included), the pixels of image `order[i]`.
# - Its label is one-hot, mixed: each of the two counts with its share of the pixels.
# - Returns X (N, C, H, W) and y (N, num_classes) float32. Not allowed: `torchvision`.
#
# Example: 4 x 4 pixels, a rectangle of 2 x 2: the labels count 0.75 and 0.25.


# %% exercise="cutmix"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    """Paste a rectangle of X[order] into X; mix the labels by area.

    Args:
        X: (N, C, H, W) float32.
        y: (N,) int64.
        order: (N,) int64, which image the rectangle comes from.
        top, left, bottom, right: ints, the rectangle.
        num_classes: an int.

    Returns:
        X, y: (N, C, H, W) and (N, num_classes) float32.
    """
    ### BEGIN SOLUTION
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = X[order][:, :, top:bottom, left:right]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()  # (N, num_classes)
    return mixed, (1 - share) * one_hot + share * one_hot[order]
    ### END SOLUTION


# %% test="cutmix" points=3 bans="torchvision"
y, order = torch.tensor([2, 0, 1, 1]), torch.tensor([2, 0, 3, 1])
check.probe(cutmix, pixels(4, 2, 4, 7), y, order, 1, 2, 4, 5, 4)
check.probe(cutmix, pixels(4, 1, 6, 3), y, order, 0, 1, 1, 3, 3)
### BEGIN HIDDEN TESTS
whole = (0, 0, 4, 4)
check.probe(cutmix, pixels(3, 3, 4, 4), y[:3], torch.tensor([1, 2, 0]), *whole, 3)
check.probe(cutmix, pixels(4, 1, 8, 5), y, order.flip(0), 2, 0, 7, 2, 5)
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Freeze all but the head
#
# Write `freeze_body(net)`: prepare a net for training its head alone. Change it in
# place and return nothing. `net` is any module that has a part `head`.
#
# - Parameters outside `head` get no gradient from now on; those of `head` do, even if
#   they were frozen.
# - Put the whole net in train mode, and then every `nn.BatchNorm2d` **outside** `head`
#   in eval mode, however deep it is nested. Dropout stays in train mode everywhere, and
#   so does batch normalisation in the head.
#
# Example: with a `Linear` as head, two parameters are trained.


# %% exercise="freeze_body"
def freeze_body(net):
    """Freeze all but net.head, and the statistics of the body.

    Args:
        net: nn.Module with a part `head`; it is changed in place.
    """
    ### BEGIN SOLUTION
    net.requires_grad_(False)
    net.head.requires_grad_(True)
    net.train()
    in_head = set(net.head.modules())
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d) and module not in in_head:
            module.eval()
    ### END SOLUTION


# %% test="freeze_body" points=3 changes="net"
class Net(nn.Module):
    """A body in blocks, a layer beside it, and a head."""

    def __init__(self):
        super().__init__()
        block = nn.Sequential(nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.Dropout(0.3))
        self.body = nn.Sequential(nn.Sequential(block, nn.ReLU()), nn.BatchNorm2d(4))
        self.scale, self.norm = nn.Parameter(torch.ones(3)), nn.BatchNorm2d(4)
        self.head = nn.Sequential(
            nn.BatchNorm2d(4), nn.Dropout(0.2), nn.Conv2d(4, 3, 1)
        )


def state_after(make, frozen, training):
    net = make().requires_grad_(not frozen).train(training)
    check.call(freeze_body, net, changes="net")
    leaves = [n for n, m in net.named_modules() if not list(m.children())]
    return {
        "parameters that are trained": [
            n for n, p in net.named_parameters() if p.requires_grad
        ],
        "layers in train mode": [n for n in leaves if net.get_submodule(n).training],
    }


told = "freeze_body(net), the net {} before"
check.probe(state_after, Net, False, True, call=told.format("in train mode"))
check.probe(state_after, Net, True, False, call=told.format("frozen and in eval mode"))
### BEGIN HIDDEN TESTS


class Flat(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm, self.head = nn.BatchNorm2d(3), nn.Linear(3, 2)
        self.head_norm = nn.BatchNorm2d(3)  # not a part of the head
        self.deep = nn.Sequential(nn.Sequential(nn.Sequential(nn.BatchNorm2d(2))))


check.probe(state_after, Flat, True, True)
check.probe(state_after, Flat, False, False)
### END HIDDEN TESTS

# %% [markdown] choice="frozen_norm" points=1
# ## Think: what still moves
# A backbone with batch normalisation is frozen by `requires_grad_(False)`, the new head
# is trained for five epochs with `net.train()` at the start of each. Which of these
# have changed in the end? Choose all that hold.
#
# - The weights of the backbone's convolutions.
#   wrong: weights thought to move without a gradient
# - The running means of the backbone's batch normalisation.
#   right: in train mode, each forward pass moves them, with or without gradients.
# - The scale and shift of the backbone's batch normalisation.
#   wrong: parameters of a layer confused with its statistics
# - The features that the backbone gives for a photo, in eval mode.
#   right: they are standardised by the statistics that moved.

# %% [markdown]
# ## 8. A new head, wherever it is
#
# Nets call their last layer `fc`, `classifier[1]` ... Write
# `replace_head(net, num_classes)`: find the **last** `nn.Linear` among the net's
# modules, in the order of `net.named_modules()`, and return a copy of the net with a
# fresh `nn.Linear` in its place.
#
# - The new one reads as many numbers as the old, gives `num_classes`, and has a bias
#   exactly if the old one had. It is trained, even where the old one was frozen.
# - All other layers of the copy are as in `net`, with the same values, frozen or not.
# - `net` itself, no `Linear`, stays as it is. Given: `copy.deepcopy(net)`.
#
# Example: in a net with `classifier = Sequential(Dropout, Linear(1280, 1000))`,
# `num_classes=7` puts `Linear(1280, 7)` at `classifier[1]`.


# %% exercise="replace_head"
def replace_head(net, num_classes):
    """A copy of the net with a fresh nn.Linear in the place of the last one.

    Args:
        net: nn.Module.
        num_classes: outputs of the new layer.

    Returns:
        A new nn.Module.
    """
    ### BEGIN SOLUTION
    net = copy.deepcopy(net)
    name, old = [
        (name, module)
        for name, module in net.named_modules()
        if isinstance(module, nn.Linear)
    ][-1]
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    return net
    ### END SOLUTION


# %% test="replace_head" points=3
def nested(bias=True):
    deep = nn.Sequential(nn.Dropout(0.2), nn.Linear(6, 9, bias=bias), nn.ReLU())
    first = nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 6)
    return nn.Sequential(*first, nn.Sequential(nn.Tanh(), deep))


def early():
    """Its last Linear is not its last layer."""
    parts = [("fc", nn.Linear(5, 8)), ("norm", nn.LayerNorm(8)), ("act", nn.ReLU())]
    net = nn.Sequential()
    for name, part in [("stem", nn.Linear(3, 5)), *parts]:
        net.add_module(name, part)
    return net


def replaced(make, num_classes, frozen):
    net = make().requires_grad_(not frozen)
    old = dict(net.named_parameters())
    new = check.call(replace_head, net, num_classes)
    params = check.parameters(new)
    kept = [n for n in params if n in old and old[n].shape == params[n].shape]
    return {
        "parameters": [f"{n} {tuple(p.shape)}" for n, p in params.items()],
        "changed": [n for n in kept if not torch.equal(params[n], old[n])],
        "frozen": [n for n, p in params.items() if not p.requires_grad],
        "only zeros": [n for n, p in params.items() if not p.any()],
    }


told = "replace_head(net, {}), the net {}"
check.probe(replaced, early, 7, False, call=told.format(7, "with layers behind fc"))
### BEGIN HIDDEN TESTS
check.probe(replaced, nested, 3, True)
check.probe(replaced, lambda: nested(bias=False), 2, False)
check.probe(replaced, early, 4, True)


def layers_of(make, num_classes):
    new = check.call(replace_head, make(), num_classes)
    return [str(m) for m in new.modules() if not list(m.children())]


check.probe(layers_of, nested, 5)
### END HIDDEN TESTS

# %% [markdown]
# ## 9. Two rates, no parameter lost
#
# Write `rate_groups(net, prefixes, lr_body, lr_head)`: the parameter groups of an
# optimiser.
#
# - A parameter belongs to the **head** if its name, as `net.named_parameters()` gives
#   it, begins with one of `prefixes`, a tuple of words such as `("fc.", "norm")`. All
#   others belong to the body.
# - Frozen parameters belong to neither.
# - Returns a list of two dicts, body first: `{"params": [...], "lr": ...}`, with lists
#   of parameters in the net's order. A list may be empty.
#
# Example: with `prefixes=("1.",)`, `nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 4))`
# gives two parameters to each group.


# %% exercise="rate_groups"
def rate_groups(net, prefixes, lr_body, lr_head):
    """Two groups of trainable parameters, body and head.

    Args:
        net: nn.Module.
        prefixes: tuple of str; names of the head's parameters begin with one of them.
        lr_body, lr_head: learning rates.

    Returns:
        [{"params": list, "lr": lr_body}, {"params": list, "lr": lr_head}]
    """
    ### BEGIN SOLUTION
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad:
            (head if name.startswith(tuple(prefixes)) else body).append(param)
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]
    ### END SOLUTION


# %% test="rate_groups" points=3
class Rated(nn.Module):
    """Two heads, a body, a parameter of its own, and one part that is frozen."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(5))
        self.body = nn.Sequential(nn.Conv2d(1, 2, 3, bias=False), nn.BatchNorm2d(2))
        self.fc = nn.Linear(2, 3)
        self.fc_extra = nn.Linear(3, 4)
        self.my_fc = nn.Linear(6, 7, bias=False)
        self.frozen = nn.Linear(8, 9).requires_grad_(False)


def groups_of(net, prefixes, lr_body, lr_head):
    names = {id(p): name for name, p in net.named_parameters()}
    groups = check.call(rate_groups, net, prefixes, lr_body, lr_head)
    return [
        {"params": [names.get(id(p), "a new one") for p in g["params"]], "lr": g["lr"]}
        for g in groups
    ]


told = 'rate_groups(net, ("fc.", "my_fc"), 0.001, 0.1), the parameters by name'
check.probe(groups_of, Rated(), ("fc.", "my_fc"), 0.001, 0.1, call=told)
### BEGIN HIDDEN TESTS
check.probe(groups_of, Rated(), ("fc",), 0.001, 0.1)
net = Rated()
net.body[0].requires_grad_(False)
net.fc.weight.requires_grad_(False)
check.probe(groups_of, net, ("fc.", "body"), 0.02, 0.3)
check.probe(groups_of, net, ("nothing",), 0.02, 0.3)
### END HIDDEN TESTS

# %% [markdown] choice="mean_of_views" points=1
# ## Think: two views, two opinions
# A net sees two crops of a photo. For the classes A, B and C it gives the scores 8, 0,
# 0 for the first crop and 0, 5, 5 for the second. You average the two views'
# probabilities, a colleague averages their scores. Which class does each of you choose?
#
# - Both choose A.
#   right: probabilities are about (1, 0, 0) and (0, 0.5, 0.5), so A has 0.5 on the
#   average; scores average to 4 against 2.5.
# - You choose A, your colleague B or C.
#   wrong: sums of scores over classes compared, in place of each class's mean
# - You can't tell A from B and C; your colleague chooses A.
#   wrong: B's and C's probabilities added up
# - Neither can tell, since each crop has its own favourite.
#   wrong: views thought to vote, each for one class, with no weight

# %% [markdown]
# ## 10. The mean over views
#
# Write `predict_views(net, views)`: the mean of the **probabilities** that a net gives
# for several views of each image, such as ten crops.
#
# - `net`: module from (M, C, H, W) to (M, classes) scores, in any mode.
# - `views`: (N, V, C, H, W) float32; V views of each of N images.
# - Returns (N, classes) float32. Each row adds up to 1.
# - Call the net in eval mode, once for all views together; record no gradients; leave
#   the net in the mode in which you found it.
#
# Example: probabilities [1, 0] and [0.5, 0.5] of the two views of an image give [0.75,
# 0.25].


# %% exercise="predict_views"
def predict_views(net, views):
    """Mean over the views of softmax(net(view)).

    Args:
        net: module of scores.
        views: (N, V, C, H, W) float32.

    Returns:
        (N, classes) float32.
    """
    ### BEGIN SOLUTION
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))  # (N, V, C, H, W) -> (N * V, C, H, W)
    net.train(was_training)
    return scores.softmax(dim=1).reshape(N, V, -1).mean(dim=1)
    ### END SOLUTION


# %% test="predict_views" points=3
class Viewer(nn.Module):
    """Scores of the colours' means; it notes how it was called."""

    def forward(self, X):
        calls.append((X.ndim, self.training, torch.is_grad_enabled()))
        means = X.pow(3).mean(dim=(2, 3)) * torch.arange(1.0, X.shape[1] + 1)
        return 9 * (means.roll(1, dims=1) if self.training else means)


def looked(shape, training):
    calls.clear()
    net = Viewer().train(training)
    result = check.call(predict_views, net, pixels(*shape), changes="net")
    said = [(ndim, mode, grad) for ndim, mode, grad in calls]
    return result, said, net.training


calls = []
told = (
    "predict_views: (result, its calls (axes, train mode, gradients), train mode after)"
)
check.probe(looked, (3, 4, 5, 2, 2), False, call=told)
check.probe(looked, (2, 3, 4, 3, 1), True, call=told)
### BEGIN HIDDEN TESTS
check.probe(looked, (1, 10, 3, 4, 4), True)
check.probe(looked, (5, 1, 2, 3, 3), False)
### END HIDDEN TESTS

# %% [markdown]
# ## 11. Mend it: features that aren't the net's
#
# The program below computes features for a linear probe. The probe trained on them is
# poor on new data, and each run gives other features. It raises no error; **three**
# thoughts are wrong in it.
#
# Write the mended `features_of(backbone, batches)`.
#
# - `backbone`: module from (M, C, H, W) images to (M, D, h, w) maps.
# - `batches`: list of pairs (X, y).
# - Returns features (N, D), the mean of each map over its places, and labels (N,), in
#   the order of the batches.

# %% [markdown]
# - Features are those of the net in use, eval mode; no gradients are recorded, and the
#   backbone is left as it was found: parameters, statistics and mode.
#
# Example: a map `[[1, 3], [5, 7]]` gives the feature 4.


# %%
def faulty_features_of(backbone, batches):
    """Features of a frozen backbone, and labels."""
    backbone.requires_grad_(False)
    features, labels = [], []
    for X, y in batches:
        H = backbone(X)  # (M, D, h, w)
        features.append(H.amax(dim=(2, 3)))
        labels.append(y)
    order = torch.randperm(len(features))
    return torch.cat([features[i] for i in order]), torch.cat(labels)


# %% exercise="features_of"
def features_of(backbone, batches):
    """Mean of each map in eval mode, and labels, in the order of the batches.

    Args:
        backbone: module from images (M, C, H, W) to maps (M, D, h, w).
        batches: list of (X, y).

    Returns:
        features, labels: (N, D) float32 and (N,) int64.
    """
    ### BEGIN SOLUTION
    was_training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features = [backbone(X).mean(dim=(2, 3)) for X, _ in batches]
    backbone.train(was_training)
    return torch.cat(features), torch.cat([y for _, y in batches])
    ### END SOLUTION


# %% test="features_of" points=3
def computed(sizes, channels, training, frozen=False):
    """Features and labels, and in which state the backbone is left."""
    torch.manual_seed(channels)
    backbone = nn.Sequential(nn.Conv2d(2, channels, 2), nn.BatchNorm2d(channels))
    backbone.train(training)[0].requires_grad_(not frozen)
    images = [4 * pixels(n, 2, 4, 3) + k for k, n in enumerate(sizes)]
    batches = [(X, torch.arange(len(X)) + 10 * k) for k, X in enumerate(images)]
    features, labels = check.call(features_of, backbone, batches, changes="backbone")
    left = {
        "running mean moved": bool(backbone[1].running_mean.any()),
        "train mode": backbone.training,
        "trained": sum(p.requires_grad for p in backbone.parameters()),
        "gradients recorded": features.requires_grad,
    }
    return features, labels, left


told = "features_of: (features, labels, how the backbone is left)"
check.probe(computed, (3, 1), 3, True, call=told)
check.probe(computed, (1, 2), 2, False, call=told)
### BEGIN HIDDEN TESTS
check.probe(computed, (1, 1, 3, 2), 4, True)
check.probe(computed, (6,), 2, False)
check.probe(computed, (2, 3), 3, True, True)
### END HIDDEN TESTS

# %% [markdown]
# ## A question: which of the four?
#
# You shall tell twenty kinds of mushrooms apart in photos. You have 30 photos a kind, a
# net with ImageNet's weights, and a laptop without a graphics card. Which parts do you
# freeze, which do you replace, with which rates do you train? Which transforms do you
# use in training, and which would change a label? How would you find out, on which
# data, that you chose well? A few sentences; a person reads them.

# %% [markdown] manual="mushrooms" points=3
# ### BEGIN SOLUTION
# Start with a linear probe: the head is replaced, the backbone frozen and in eval mode,
# features computed once with the transforms that belong to the weights; it takes
# seconds and is the baseline. Then fine-tune the last blocks with a rate that is a
# tenth of the head's or less. Mirrors, small turns, random resized crops and a little
# brightness keep the label; strong changes of hue or of saturation may not, since
# colour tells kinds apart, and so may crops that lose the stem. Choose between the two,
# and the rates, by validation photos (best of other places and days than the training
# photos), several seeds, transformed without chance; open the test photos once.
# ### END SOLUTION
