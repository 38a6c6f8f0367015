# %% [markdown]
# # ResNet: add to what is there
#
# A net of eight layers reads pictures of animals. You put twelve more between. **Can
# the deeper net do worse, on the very images that it is trained on?**
#
# If the new layers just passed on what they get, it would be as good. In 2015 Kaiming
# He and three colleagues saw that it is worse, and changed one line: a block no longer
# *replaces* its input, it *adds* to it. So they trained nets of 152 layers.

# %% [markdown]
# You need [batch normalisation](16), [global average pooling](14), [convolution](12),
# [one cycle](10) and [validation](08). Batch normalisation standardises each channel
# over the batch and all places, then multiplies it by a learned $\gamma$ and shifts it
# by a learned $\beta$.

# %%
import copy

import torch
import torchvision
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F

from utils import plots
from utils.costs import costs, multiply_adds
from utils.data import ANIMALS, animals, load_array
from utils.device import set_seed, try_gpu
from utils.drawings import resnet as drawings
from utils.metrics import accuracy
from utils.one_cycle import fit
from utils.train import evaluate

plots.use_style()
set_seed(0)
device = try_gpu()

# %% [markdown]
# ## The animals
#
# The images are silhouettes of ten animals, 28 x 28 pixels. Of 8,000 you use 6,000 to
# learn from and 1,000 for [validation](08); 1,000 are the test, which is opened once,
# near the end. Questions about depth need many nets, so these learn from the first 384.
#
# **Look for** two animals that you would confuse yourself.

# %%
(X, y), (X_test, y_test) = animals(num_train=7000, num_test=1000)
shown = [(y == c).nonzero()[0, 0].item() for c in range(10)]
axes = plots.images(X[shown], titles=ANIMALS, ncols=10)
plots.show(
    axes[0].figure,
    alt="Ten silhouettes, white or grey on black, one of each animal from bear to "
    "zebra.",
)
mean, std = X[:6000].mean(), X[:6000].std()
X, X_test = (X - mean) / std, (X_test - mean) / std
X, X_valid, y, y_valid = X[:6000], X[6000:], y[:6000], y[6000:]
few = X[:384], y[:384]
print("training", tuple(X.shape), "validation", tuple(X_valid.shape))


# %% [markdown]
# Legs and necks tell most of them apart; four legs and a tail are common to many. What
# would a person with a counter say, and what a model without hidden layers?


# %%
def train_net(net, data, num_epochs, lr, seed=0, batch_size=32):
    """Train over one cycle and bring the net back to the CPU; return the history."""
    train_iter = load_array(data, batch_size, seed=seed)
    settings = {"lr": lr, "num_epochs": num_epochs, "device": device}
    history = fit(net, train_iter, progress=False, **settings)
    net.to("cpu")
    return history


def score(net, X, y):
    """Loss and accuracy in eval mode."""
    data_iter = load_array((X, y), 500, shuffle=False)
    metrics = {"accuracy": accuracy}
    return evaluate(net, data_iter, loss=F.cross_entropy, metrics=metrics)


most_common = torch.bincount(y_valid).max().item() / len(y_valid)
softmax_net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
train_net(softmax_net, (X, y), num_epochs=5, lr=0.003, batch_size=64)
baseline = score(softmax_net, X_valid, y_valid)["accuracy"]
print(f"most common animal: {most_common:.3f}, softmax regression: {baseline:.3f}")
assert most_common < 0.14 and 0.68 < baseline < 0.82

# %% [markdown]
# ## A plain net that grows
#
# A **plain net** is a chain: each layer reads what the one before it made. To compare
# depths, nothing else may change. So after a stem that makes 8 maps of 5 x 5, all
# layers are alike: 3 x 3 [convolutions](12 "convolution") from 8 to 8 channels, each
# with [batch normalisation](16), in pairs. Then [global average pooling](14), and ten
# scores. The rate goes through [one cycle](10).


# %%
class Plain(nn.Module):
    """Two 3 x 3 convolutions, each with batch norm: relu(f(X))."""

    def __init__(self, channels=8):
        super().__init__()
        settings = {"padding": 1, "bias": False}  # beta is the bias
        self.path = nn.Sequential(
            nn.Conv2d(channels, channels, 3, **settings),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, **settings),
            nn.BatchNorm2d(channels),
        )

    def forward(self, X):
        return F.relu(self.path(X))


def stack(block, num_blocks, channels=8):
    """Stem, blocks, head: 2 * num_blocks + 2 layers with weights."""
    stem = nn.Conv2d(1, channels, 7, stride=6, padding=3, bias=False)  # 28 -> 5
    layers = [stem, nn.BatchNorm2d(channels), nn.ReLU()]
    layers += [block(channels) for _ in range(num_blocks)]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10)]
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)  # faster


# %% [markdown] predict="plain_depth"
# **Predict.** Plain nets of 8, 20 and 32 layers are trained alike on 384 images. Which
# has the lowest loss on these **training** images at the end?
#
# - The one of 32 layers: it has the most parameters, and it is the training set.
#   wrong: what a net could fit taken for what training finds. The deepest has more
#   than four times the parameters of the first, and ends far above it.
# - All about the same: 384 images are few.
#   wrong: fitting few images thought to be easy at any depth. The losses lie far apart.
# - The one of 8 layers; both others end far above it.
#   right: that is degradation. Added layers make the net harder to train.
# - The one of 20 layers, between too small and too large.
#   wrong: overfitting in mind. That shows on images which the net has not seen, and
#   never as a high loss on those that it has.


# %%
def train_stacks(block, depths, data, num_epochs=9, lr=0.02, seeds=3):
    """Train `seeds` nets of each depth: nets[layers][k], losses[layers] (seeds, E)."""
    nets, losses = {}, {}
    for depth in depths:
        nets[depth] = [stack(block, (depth - 2) // 2) for _ in range(seeds)]
        histories = [
            train_net(net, data, num_epochs, lr, seed)
            for seed, net in enumerate(nets[depth])
        ]
        losses[depth] = torch.tensor([h["train_loss"] for h in histories])
    return nets, losses


def report(name, nets):
    """Print mean and spread of the final training loss; return it (seeds,) by depth."""
    final = {}
    for depth, of_depth in nets.items():
        scores = [score(net, *few) for net in of_depth]
        final[depth] = torch.tensor([s["loss"] for s in scores])
        unseen = [
            score(net, X_valid[:500], y_valid[:500])["accuracy"] for net in of_depth
        ]
        print(f"{name}, {depth:2} layers: loss {final[depth].mean():.2f}", end=" ")
        print(f"({final[depth].min():.2f} to {final[depth].max():.2f}),", end=" ")
        print(f"accuracy on unseen images {sum(unseen) / len(unseen):.2f}")
    return final


depths = (8, 20, 32)
plain, plain_losses = train_stacks(Plain, depths, few)
plain_final = report("plain", plain)

# %% [markdown]
# The printed losses are measured in eval mode, after training, on the 384 training
# images. The curves show the mean over the batches of each epoch, in train mode.
# **Look for** the curve that ends lowest: does it begin to lead early or late?

# %%
fig, ax = plots.figure(width=5.4, height=3.4)
by_name = {f"{depth} layers": values for depth, values in plain_losses.items()}
drawings.runs([ax], {"plain nets": by_name}, "training loss (nats)")
plots.show(
    fig,
    alt="Training loss of plain nets over nine epochs, three seeds each, thin, and the "
    "means, thick. The 8 layers end lowest, the 20 and the 32 well above them.",
)
for depth in (20, 32):
    assert plain_final[depth].mean() > plain_final[8].mean() + 0.3
lead = plain_losses[8].mean(0) < torch.minimum(
    plain_losses[20].mean(0), plain_losses[32].mean(0)
)
assert lead[2:].all()

# %% [markdown]
# The deep plain nets fit their own training images worse: on the average of three seeds
# those of 20 and 32 layers end far above those of 8, which lead from the third epoch on
# at the latest. This is called the **degradation problem**. It is *not* overfitting. A
# net that overfits has a low loss on what it has seen; here that loss itself is high,
# and what is unseen only follows.
#
# Two objections come to mind. Test both.

# %% [markdown]
# ## Can the deep net not do it?
#
# Perhaps 20 layers of 8 channels just can't compute what 8 layers can. He and his
# colleagues answered with a **solution by construction**: take the trained shallow net
# and put blocks in that pass on what they get. Try it. A 3 x 3 kernel with a single 1
# in its middle, from each channel to itself, copies its input (`nn.init.dirac_` makes
# such kernels). A fresh batch norm in eval mode changes nothing but for its tiny
# $\epsilon$, and a ReLU lets pass what is not negative, as everything behind a ReLU is.


# %%
def start_at_identity(net):
    """Make every convolution in the blocks copy its input; return the net."""
    for block in net:
        if isinstance(block, Plain):
            nn.init.dirac_(block.path[0].weight)
            nn.init.dirac_(block.path[3].weight)
    return net


shallow = plain[8][0]
copies = start_at_identity(nn.Sequential(*[Plain() for _ in range(6)]))
built = nn.Sequential(*shallow[:6], *copies, *shallow[6:])  # behind the third block
num_convs = sum(isinstance(m, nn.Conv2d) for m in built.modules())
loss_shallow, loss_built = (score(net, *few)["loss"] for net in (shallow, built))
print(f"8 layers, trained:            {loss_shallow:.4f}")
print(f"{num_convs + 1} layers, built from them:    {loss_built:.4f}")
print(f"20 layers, trained (mean):     {plain_final[20].mean():.4f}")
assert num_convs + 1 == 20 and abs(loss_built - loss_shallow) < 1e-3
assert loss_built < plain_final[20].mean()

# %% [markdown]
# So there *is* a setting of the 20 layers with the low loss. Training doesn't find it.
#
# ## Is the deep net merely slow?
#
# Nine epochs are few. Give nets of 8 and of 20 layers twice as many steps, two seeds
# each.

# %%
long_nets, _ = train_stacks(Plain, (8, 20), few, num_epochs=18, seeds=2)
long_final = report("plain, 18 epochs", long_nets)
assert long_final[20].mean() < plain_final[20].mean() - 0.05  # it was slow, too
assert long_final[20].mean() > long_final[8].mean() + 0.2  # but not only

# %% [markdown]
# Yes, it is slow: twice the steps bring the deep nets further down. But the shallow
# ones have used them, too, and on average the deep ones are still behind. How much of
# the gap would close in the end, this chapter can't say. In the paper, after 64,000
# steps on CIFAR-10, plain nets of 56 layers still stood above those of 20, on the
# training images.

# %% [markdown]
# ## One line
#
# A layer that should pass on its input must learn a particular kernel for it. But **to
# do nothing should be the easiest thing to learn.** So let the block compute only what
# is to be *changed*:
#
# $$y = \mathrm{relu}\bigl(f(x) + x\bigr)$$
#
# $x$ is what comes in, $y$ what goes out, and $f$ the **residual**: two convolutions
# with their batch norms and a ReLU between. The way round $f$ is a **shortcut**,
# **skip connection** or **residual connection**, the whole a **residual block**. For
# $f = 0$ the block is the identity.

# %% [markdown]
# **Look for** what stands behind the sum: the last ReLU acts on the sum, not on $f(x)$.

# %%
path = ["3 x 3 conv", "batch norm", "ReLU", "3 x 3 conv", "batch norm"]
columns = {
    "plain": (path, None, ["ReLU"]),
    "residual": (path, "", ["ReLU"]),
    "residual, new shape": (path, "1 x 1 conv\nbatch norm", ["ReLU"]),
}
fig = drawings.blocks(columns)
plots.show(
    fig,
    alt="Three blocks, data going down: convolution, batch norm, ReLU, convolution, "
    "batch norm, ReLU. In the second a shortcut leads from the input to a sum in front "
    "of the last ReLU; in the third a 1 x 1 convolution with a batch norm lies on it.",
)

# %% [markdown]
# First by hand, with the formula of batch normalisation written out. A batch's mean and
# variance are taken over images and places, axes 0, 2 and 3.


# %%
def batch_norm(X, gamma, beta, eps=1e-5):
    """Standardise each channel over batch and places, then scale and shift."""
    mean = X.mean(dim=(0, 2, 3), keepdim=True)  # (1, C, 1, 1)
    var = X.var(dim=(0, 2, 3), correction=0, keepdim=True)
    Z = (X - mean) / (var + eps).sqrt()
    return gamma.reshape(1, -1, 1, 1) * Z + beta.reshape(1, -1, 1, 1)


def residual_block(X, params):
    """relu(f(X) + X), by hand, as in training: (N, C, H, W) -> (N, C, H, W)."""
    W1, gamma1, beta1, W2, gamma2, beta2 = params
    Y = batch_norm(F.conv2d(X, W1, padding=1), gamma1, beta1).clamp(min=0)
    Y = batch_norm(F.conv2d(Y, W2, padding=1), gamma2, beta2)
    return (Y + X).clamp(min=0)


# %% [markdown]
# In PyTorch it is the plain block with one more term. That is the whole difference: no
# parameter more, no multiplication more.


# %%
class Skip(Plain):
    """relu(f(X) + X)."""

    def forward(self, X):
        return F.relu(self.path(X) + X)


H = shallow[:3](X[:50]).detach()  # the stem's maps of 50 animals, (50, 8, 5, 5)
block = Skip()
difference = (residual_block(H, block.parameters()) - block(H)).abs().max().item()
print(f"by hand against PyTorch, largest difference: {difference:.1e}")
assert difference < 1e-4
same = [costs(stack(kind, 9), X[:1]) for kind in (Plain, Skip)]
print(
    f"20 layers: {same[0].parameters:,} parameters, {same[0].multiply_adds:,}", end=""
)
print(" multiply-adds for an image, plain or not")
assert same[0][:2] == same[1][:2]

# %% [markdown]
# **The identity is easy.** The last layer of $f$ is a batch norm, whose $\gamma$ scales
# everything that the path says. Set it to 0, and the block passes on its input exactly,
# whatever the other weights are. Some train their nets from this start; torchvision
# calls it `zero_init_residual`.


# %%
def zero_last(net):
    """Set gamma of each block's last batch norm to 0: the block is the identity."""
    for block in net.modules():
        if isinstance(block, Plain):
            nn.init.zeros_(block.path[-1].weight)
    return net


silent = zero_last(stack(Skip, 15))
through = silent[:18](X[:50])  # stem and 15 blocks
assert torch.equal(through, silent[:3](X[:50]))
assert torch.equal(zero_last(Skip())(H), H) and not torch.equal(block(H), H)
print("15 blocks with gamma = 0: out comes what went in, exactly")

# %% [markdown] predict="skip_depth"
# **Predict.** The same three depths with shortcuts, the same images, steps and rate.
# What do their training losses look like beside those of the plain nets?
#
# - All lower, and the deepest is far behind the others again.
#   wrong: the shortcut thought to help every depth by as much. It helps 32 layers far
#   more than 8.
# - The 20 and the 32 layers end near each other, about as low as the plain nets of 8 or
#   lower.
#   right: so it is, averaged over the seeds.
# - The 8 layers gain most: there the shortcut is the largest part of the net.
#   wrong: a share of the net taken for a gain. Where plain training works well, there
#   is less to mend.
# - As before, since no parameter was added.
#   wrong: what a net can compute taken for what training finds. Both kinds can compute
#   nearly the same; one of them is found.

# %%
skip, skip_losses = train_stacks(Skip, depths, few)
skip_final = report("residual", skip)

# %% [markdown]
# **Look for** how far the panels differ at 8 layers, and how far at 32.

# %%
fig, axes = plots.figure(ncols=2, width=4.3, height=3.4, sharey=True)
panels = {"plain": by_name}
panels["residual"] = {f"{d} layers": values for d, values in skip_losses.items()}
drawings.runs(axes, panels, "training loss (nats)")
plots.show(
    fig,
    alt="Training loss over nine epochs, three seeds each. Left plain nets: 20 and 32 "
    "layers end far above 8. Right residual nets: the three depths end close together, "
    "as low as the 8 layers of the left panel or lower.",
)
print("gap plain - residual:", end=" ")
gaps = {d: (plain_final[d].mean() - skip_final[d].mean()).item() for d in depths}
print(", ".join(f"{gap:.2f} at {depth} layers" for depth, gap in gaps.items()))
for depth in (20, 32):
    assert skip_final[depth].mean() < plain_final[8].mean() + 0.02
    assert skip_final[depth].max() < plain_final[depth].min() - 0.1
assert gaps[32] > gaps[8] + 0.2
behind = [(final[32].mean() - final[8].mean()) for final in (plain_final, skip_final)]
print(f"32 layers behind 8: plain {behind[0]:.2f}, residual {behind[1]:.2f}")
assert behind[1] < 0.5 * behind[0]
means = [skip_final[depth].mean() for depth in depths]
assert max(means) - min(means) < 0.5 * behind[0]
assert skip_losses[32][:, 0].mean() > plain_losses[32][:, 0].mean()

# %% [markdown]
# At 32 layers the shortcut changes far more than at 8. At 20 and at 32 the worst
# residual net is better than the best plain one, and on average both depths end below
# the plain nets of 8 layers, or about even with them.
#
# What 32 layers lose against 8 has become much smaller. Note what is *not* shown: that
# they are better than 20, or than 8. For 384 small images they needn't be. The shortcut
# makes depth trainable; whether depth is needed is up to the data. And in the first
# epoch the residual nets of 32 layers stand *higher* than the plain ones: question 2.

# %% [markdown]
# ## Why a gradient gets through
#
# Number the blocks from 1 to $L$, and take single numbers in place of maps, and no ReLU
# behind the sum. In three lines:
#
# $$x_{l} = x_{l-1} + f_l(x_{l-1})$$
#
# $$\frac{\partial x_l}{\partial x_{l-1}} = 1 + f_l'$$
#
# $$\frac{\partial L}{\partial x_0} = \frac{\partial L}{\partial x_L}
# \prod_{l=1}^{L} (1 + f_l') = \frac{\partial L}{\partial x_L}\,
# \Bigl(1 + \sum_l f_l' + \dots\Bigr)$$
#
# The product of a plain net is $\prod f_l'$: one small factor makes all of it small.
# Here, however small the $f_l'$ are, the 1 stays: the gradient at the output reaches
# every block undiminished, beside what comes through the paths.

# %%
x = torch.tensor(0.7, requires_grad=True)
weights, value, slopes = [0.05, -0.02, 0.01, 0.04], x, []
for w in weights:
    slopes.append(w * (1 - torch.tanh(value) ** 2))  # f(x) = w tanh(x)
    value = value + w * torch.tanh(value)
(gradient,) = torch.autograd.grad(value, x)
factors = torch.stack([1 + s for s in slopes])
print(f"autograd {gradient:.6f}, product of 1 + f' {factors.prod():.6f}", end="")
print(f", product of f' alone {torch.stack(slopes).prod():.1e}")
torch.testing.assert_close(gradient, factors.prod())
assert torch.stack(slopes).prod().abs() < 1e-6

# %% [markdown]
# So far the argument speaks of gradients that **vanish**. But our plain nets have batch
# norm. Do theirs? Measure $\partial L / \partial x_l$ behind every block of fresh nets
# of 32 layers.

# %% [markdown] predict="plain_gradient"
# **Predict.** In the plain net of 32 layers: how large is the gradient behind the first
# block, compared with that behind the last?
#
# - Many times smaller.
#   wrong: small slopes in mind. Batch norm divides by the deviation of what a layer
#   gives, so small weights don't make a gradient small.
# - About the same: batch norm keeps the sizes.
#   wrong: sizes of the signal taken for those of the gradient. Batch norm fixes the
#   first only.
# - Many times larger.
#   right: with batch norm, each layer makes the gradient a little larger on its way
#   back; 30 layers in a row multiply.


# %%
def gradient_norms(net, X, y):
    """Norm of the loss's gradient behind each block, from the first to the last."""
    maps = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, Plain):
            maps.append(X)
    gradients = torch.autograd.grad(F.cross_entropy(X, y), maps)
    return torch.tensor([g.norm().item() for g in gradients])


sample = few[0][:200], few[1][:200]
norms = {
    "plain": [gradient_norms(stack(Plain, 15), *sample) for _ in range(3)],
    "residual": [gradient_norms(stack(Skip, 15), *sample) for _ in range(3)],
    "residual, gamma = 0": [
        gradient_norms(zero_last(stack(Skip, 15)), *sample) for _ in range(3)
    ],
}
norms = {name: torch.stack(of_net) for name, of_net in norms.items()}  # (3, 15)
growth = {name: values[:, 0] / values[:, -1] for name, values in norms.items()}
for name, values in growth.items():
    print(f"{name:>19}: first / last block {', '.join(f'{v:.1f}' for v in values)}")
assert growth["plain"].min() > 24 and growth["residual"].max() < 20
assert growth["plain"].min() > 2 * growth["residual"].max()
flat = norms["residual, gamma = 0"]
assert (flat[:, :-1] / flat[:, :1] - 1).abs().max() < 1e-4

# %% [markdown]
# **Look for** the slope of each bundle of lines: what is a straight line, on this axis?

# %%
fig, ax = plots.figure(width=5.6, height=3.5)
named = {"fresh nets of 32 layers": norms}
drawings.by_layer([ax], named, "block", "norm of the gradient behind it")
plots.show(
    fig,
    alt="Norm of the gradient behind each of 15 blocks on a log scale, three nets of "
    "each kind. Plain: falls steeply from the first to the last block. Residual: falls "
    "much less. Residual with gamma 0: flat up to the last block.",
)

# %% [markdown]
# A straight line on a log axis is a constant factor a block. With batch norm the
# plain net's gradient does not vanish; toward the input it **grows**, and the first
# block gets dozens of times what the last one gets. Shortcuts hold the factor down.
# Where the blocks start as the identity, the gradient is one and the same behind all of
# them but the last (whose ReLU stops it wherever the sum is 0).
#
# Is it batch norm that keeps them from vanishing? Take it away, and nothing else.

# %%
bare = []
for _ in range(3):
    net = stack(Plain, 15)
    for block in net[3:18]:
        block.path[1], block.path[4] = nn.Identity(), nn.Identity()
    values = gradient_norms(net, *sample)
    bare.append((values[0] / values[-1]).item())
print("plain, no batch norm: first / last block", ", ".join(f"{v:.0e}" for v in bare))
assert max(bare) < 1e-3

# %% [markdown]
# It is. Without batch norm, from PyTorch's usual start, a plain net's gradients vanish.
# So "ResNets cure vanishing gradients" is half the story: the paper's authors, who had
# batch norm, wrote that these are unlikely to be their difficulty.

# %% [markdown]
# ## Is it where they start?
#
# A second explanation: a residual net *starts* nearer to the identity than a plain one.
# If that were all, a **plain** net that starts near the identity should do as well,
# without any shortcut. Let every kernel copy at the start, as above. That changes the
# start and nothing else.

# %%
copying = []
for seed in range(3):
    net = start_at_identity(stack(Plain, 9))
    train_net(net, few, 9, 0.02, seed)
    copying.append(net)
copying_final = report("plain, started as a copy", {20: copying})[20]
usual, with_skip = plain_final[20].mean(), skip_final[20].mean()
print(f"usual start: {usual:.2f}, with shortcuts: {with_skip:.2f}")
closed = (usual - copying_final.mean()) / (usual - with_skip)
print(f"closed by the start alone: {closed:.0%} of the gap")
copy_kernel = nn.init.dirac_(torch.empty(8, 8, 3, 3))
kernels = [b.path[i].weight for net in copying for b in net[3:12] for i in (0, 3)]
moved = [((W - copy_kernel).norm() / copy_kernel.norm()).item() for W in kernels]
print(f"kernels have moved by {min(moved):.0%} to {max(moved):.0%} of their size")
assert min(moved) > 0.7
assert copying_final.mean() > with_skip + 0.25

# %% [markdown]
# It is not enough. How much of the gap the start closes depends on rate and seed, but
# the plain nets stay behind the residual ones. At the end no kernel is near a copying
# one any more: a start is left behind, a shortcut is there at every step.
#
# Why exactly deep plain nets train so badly is still studied; Balduzzi and others
# (below) find that their gradients, from one image to the next, look more and more like
# noise.

# %% [markdown]
# ## When the shape changes
#
# A sum needs two tensors of one shape. Where a stage halves the side and doubles the
# channels, $x$ and $f(x)$ differ. Then a **projection** lies on the shortcut: a 1 x 1
# convolution $W_s$ with the *same stride* as the path, and a batch norm:
#
# $$y = \mathrm{relu}\bigl(f(x) + W_s x\bigr)$$
#
# The paper's names: **option A**, no parameters, subsample and fill the new channels
# with zeros; **B**, projections only where the shape changes, the usual choice; **C**,
# projections everywhere, which costs much and brought little.


# %%
def conv_norm(in_channels, out_channels, size, stride=1):
    """A convolution without bias that keeps the size at stride 1, and a batch norm."""
    settings = {"stride": stride, "padding": size // 2, "bias": False}
    conv = nn.Conv2d(in_channels, out_channels, size, **settings)
    return [conv, nn.BatchNorm2d(out_channels)]


class Residual(nn.Module):
    """relu(path(X) + shortcut(X)): the basic block, for every shape."""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        first = conv_norm(in_channels, out_channels, 3, stride)
        self.path = nn.Sequential(
            *first, nn.ReLU(), *conv_norm(out_channels, out_channels, 3)
        )
        self.shortcut = nn.Sequential()  # gives back what it gets
        if stride != 1 or in_channels != out_channels:
            self.shortcut.extend(conv_norm(in_channels, out_channels, 1, stride))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% [markdown]
# A small **ResNet** for the animals, of eight layers with weights on the path: a 3 x 3
# stem with stride 2, three blocks, a full layer. Send a batch through, and count: each
# halving of the side doubles the channels, so every block costs about the same.


# %%
def resnet8(width=16):
    """Stem with stride 2, blocks for width, 2 width, 4 width channels, ten scores."""
    return nn.Sequential(
        *conv_norm(1, width, 3, stride=2),
        nn.ReLU(),
        Residual(width, width),
        Residual(width, 2 * width, stride=2),
        Residual(2 * width, 4 * width, stride=2),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(4 * width, 10),
    ).to(memory_format=torch.channels_last)


net = resnet8()
H = X[:2]
for layer in net:
    work = multiply_adds(layer, H[:1])
    H = layer(H).detach()
    print(f"{type(layer).__name__:>17} {tuple(H.shape)!s:>16} {work:9,}")
resnet_costs = costs(net, X[:1])
print(f"{resnet_costs.parameters:,} parameters, {resnet_costs.multiply_adds:,} in all")
assert H.shape == (2, 10) and 2.5e6 < resnet_costs.multiply_adds < 2.6e6

# %%
history = train_net(net, (X, y), num_epochs=4, lr=0.01, batch_size=64)
resnet_valid = score(net, X_valid, y_valid)
print("training loss", [f"{value:.2f}" for value in history["train_loss"]])
print(f"validation accuracy {resnet_valid['accuracy']:.3f}; softmax {baseline:.3f}")
assert resnet_valid["accuracy"] > 0.935

# %% [markdown]
# About nineteen animals in twenty, where the model without hidden layers gets nearly
# four in five. The test waits until its rival further below is trained.

# %% [markdown]
# ## Two other blocks
#
# **Pre-activation** (He and others, 2016, "v2"). In the block above a ReLU stands *on
# the way* of the shortcut: behind the sum. Put batch norm and ReLU in front of each
# convolution instead, and nothing behind the sum: now $x_L = x_0 + \sum_l f_l$ exactly,
# and the three lines above hold as they stand. In their paper a net of 1,001 layers
# trains better so.
#
# **Bottleneck.** From 50 layers on, the paper's block has three convolutions: 1 x 1 to
# a quarter of the channels, 3 x 3 there, 1 x 1 back.

# %%
first = ["batch norm", "ReLU", "3 x 3 conv"] * 2
narrow = ["1 x 1 conv, to 1/4", "norm, ReLU", "3 x 3 conv", "norm, ReLU"]
narrow += ["1 x 1 conv, back", "batch norm"]
columns = {
    "basic": (path, "", ["ReLU"]),
    "pre-activation": (first, "", []),
    "bottleneck": (narrow, "", ["ReLU"]),
}
fig = drawings.blocks(columns)
plots.show(
    fig,
    alt="Three blocks, data going down. Basic: convolution, norm, ReLU, convolution, "
    "norm, sum, ReLU. Pre-activation: norm and ReLU in front of each convolution, the "
    "sum last. Bottleneck: 1 x 1, 3 x 3 and 1 x 1 convolutions, sum, ReLU.",
)

# %% [markdown]
# The arithmetic: two 3 x 3 convolutions at 256 channels have $2 \cdot 9 \cdot 256^2$
# weights. A bottleneck reads and gives 256 channels as well, with
# $256 \cdot 64 + 9 \cdot 64^2 + 64 \cdot 256$.

# %%
basic = 2 * 9 * 256**2
bottleneck = 256 * 64 + 9 * 64**2 + 64 * 256
print(f"basic {basic:,}, bottleneck {bottleneck:,}: {basic / bottleneck:.0f} to 1")
print(f"basic block at 64 channels: {2 * 9 * 64**2:,}")
assert round(basic / bottleneck) == 17
assert 0.9 < bottleneck / (2 * 9 * 64**2) < 1

# %% [markdown]
# Seventeen times fewer; about as many as a basic block has at 64 channels. So ResNet-50
# could have four times the channels of ResNet-34 at nearly its price.

# %% [markdown]
# ## ResNet-18 and ResNet-50
#
# With the two blocks you can build the real ones. Stem: 7 x 7, stride 2, 64 channels,
# then 3 x 3 max pooling with stride 2. Four stages of 64, 128, 256, 512 channels (four
# times that behind a bottleneck), each but the first beginning with stride 2. Mean over
# all places, full layer. The number counts layers with weights on the path:
# $1 + 2\,(2+2+2+2) + 1 = 18$ and $1 + 3\,(3+4+6+3) + 1 = 50$.


# %%
class Bottleneck(Residual):
    """1 x 1, 3 x 3 with the stride, 1 x 1 to four times the width."""

    def __init__(self, in_channels, width, stride=1):
        super().__init__(in_channels, 4 * width, stride)  # for the shortcut
        self.path = nn.Sequential(
            *conv_norm(in_channels, width, 1),
            nn.ReLU(),
            *conv_norm(width, width, 3, stride),
            nn.ReLU(),
            *conv_norm(width, 4 * width, 1),
        )


def resnet(block, num_blocks, num_classes=1000):
    """A ResNet of the paper: num_blocks in the stages of 64, 128, 256, 512."""
    layers = [*conv_norm(3, 64, 7, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1)]
    C, factor = 64, 4 if block is Bottleneck else 1
    for stage, (width, count) in enumerate(
        zip([64, 128, 256, 512], num_blocks, strict=True)
    ):
        for b in range(count):
            layers.append(block(C, width, stride=2 if stage > 0 and b == 0 else 1))
            C = factor * width
    head = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)
    return nn.Sequential(*layers, *head)


# %% [markdown]
# On the device `meta` tensors have a shape and no numbers, so the full size costs
# nothing. Compare with torchvision's nets.

# %%
models, table = torchvision.models, {}
with torch.device("meta"):
    image = torch.empty(1, 3, 224, 224)
    pairs = {
        "ResNet-18": (resnet(Residual, [2, 2, 2, 2]), models.resnet18()),
        "ResNet-34": (resnet(Residual, [3, 4, 6, 3]), models.resnet34()),
        "ResNet-50": (resnet(Bottleneck, [3, 4, 6, 3]), models.resnet50()),
    }
    for name, (ours, theirs) in pairs.items():
        table[name] = mine = costs(ours, image)
        print(f"{name}: {mine.parameters:,} parameters,", end=" ")
        print(f"{mine.multiply_adds / 1e9:.2f} billion multiply-adds")
        assert mine[:2] == costs(theirs, image)[:2]
assert table["ResNet-18"].parameters == 11_689_512
assert table["ResNet-50"].parameters == 25_557_032
assert table["ResNet-50"].multiply_adds < 1.2 * table["ResNet-34"].multiply_adds

# %% [markdown]
# All numbers are equal. These are the shapes of ResNet-18.

# %%
H = image
for layer in pairs["ResNet-18"][0]:
    H = layer(H)
    print(f"{type(layer).__name__:>18} {tuple(H.shape)}")
assert H.shape == (1, 1000)

# %% [markdown]
# Equal counts can hide a layer in the wrong place, so do the
# stronger test with ResNet-18: give yours torchvision's weights, in order, and compare
# the scores. (In the paper the stride of a bottleneck stands in its first 1 x 1; in
# torchvision, as here, in the 3 x 3. People call that "v1.5".)

# %%
theirs = models.resnet18().eval()
ours = resnet(Residual, [2, 2, 2, 2]).eval()
values = zip(ours.state_dict(), theirs.state_dict().values(), strict=True)
ours.load_state_dict(dict(values))
picture = torch.stack([X[:2, 0].repeat(1, 2, 2)] * 3, dim=1)  # (2, 3, 56, 56)
with torch.no_grad():
    a, b = ours(picture), theirs(picture)
print(f"largest difference of 2 x 1000 scores: {(a - b).abs().max():.1e}")
torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4)

# %% [markdown]
# ## Cut out a block
#
# Andreas Veit and others (2016) took trained nets and deleted single blocks, without
# any further training. Do it with your nets of 20 layers: nine blocks each, all from 8
# to 8 channels, so that one can be left out and the shapes still fit. Of the plain nets
# take those of 18 epochs, which have more to lose.

# %% [markdown] predict="cut_block"
# **Predict.** One of the nine blocks is cut out of a trained net of 20 layers. What
# happens to its accuracy on the training images, in the middle over all blocks?
#
# - Both nets fall to chance: later blocks wait for what is missing.
#   wrong: a chain in mind. In the residual net the missing block's input still arrives
#   over its shortcut.
# - The plain net loses more than half of it; the residual net keeps most.
#   right: a plain block is the only way through; a residual block is one of two.
# - Both keep most of it: one block in nine is little.
#   wrong: the share of the layers taken for what they carry. In a chain nothing goes
#   round the missing link.


# %%
def accuracies_without(net, X, y, anew=False):
    """Accuracy without the k-th block, for each k; statistics as learned, or anew."""
    places = [i for i, layer in enumerate(net) if isinstance(layer, Plain)]
    values = []
    for i in places:
        cut = copy.deepcopy(nn.Sequential(*net[:i], *net[i + 1 :])).train(anew)
        with torch.no_grad():
            values.append(accuracy(cut(X), y))
    return torch.stack(values)


without, whole, kept = {}, {}, {}
for name, of_kind in {"plain": long_nets[20], "residual": skip[20]}.items():
    without[name] = torch.stack([accuracies_without(n, *few) for n in of_kind])
    anew = torch.stack([accuracies_without(n, *few, anew=True) for n in of_kind])
    whole[name] = torch.tensor([score(n, *few)["accuracy"] for n in of_kind])
    middle, middle_anew = (v.median(dim=1).values for v in (without[name], anew))
    kept[name] = middle / whole[name], middle_anew / whole[name]
    print(
        f"{name:>8}: whole {whole[name].mean():.2f}; without one block (median)", end=""
    )
    print(f" {middle.mean():.2f}, with statistics anew {middle_anew.mean():.2f}")
print(f"always the most frequent animal: {few[1].bincount().max() / len(few[1]):.2f}")

# %% [markdown]
# **Look for** the blocks of the residual net that hardly anybody would miss, and for
# those that hurt most.

# %%
fig = drawings.without_one(without, whole, "accuracy on training images")
plots.show(
    fig,
    alt="Accuracy when one of nine blocks is cut out, two plain, three residual nets;"
    " dotted lines: whole nets. Plain nets fall far at most cuts. Residual nets fall"
    " when an early block goes, and keep most of their accuracy without a later one.",
)
assert kept["plain"][0].mean() < 0.5 < 0.7 < kept["residual"][0].mean()
assert kept["plain"][1].mean() < 0.75 < 0.9 < kept["residual"][1].mean()
first_blocks, _, last_blocks = without["residual"].split(3, dim=1)  # (3, 3) each
assert last_blocks.mean() > first_blocks.mean() + 0.1
assert all(anew.mean() > learned.mean() for learned, anew in kept.values())

# %% [markdown]
# In the middle over its blocks, a plain net loses more than half of what it had, though
# single blocks may cost it less. A residual net does without most of its blocks, above
# all without the later ones; the first hurt most. A cut also leaves the batch norms
# behind it with wrong statistics. Take them anew, and both do better: in the middle the
# residual net misses a block hardly at all, the plain net still does.

# %% [markdown]
# A residual net of $n$ blocks can be read as a sum over $2^n$ ways through it: at each
# sum through the path, or round it. Cutting one block leaves half of them as they were.
# Veit and others speak of an **ensemble** of nets of different depth.

# %% [markdown]
# ## A line between two nets
#
# Two nets with the same layers are two points $\theta_A$ and $\theta_B$ in one space of
# parameters. What does the loss do on the straight line
# $\theta(t) = (1 - t)\,\theta_A + t\,\theta_B$? This **linear interpolation** is a
# common way to look at a loss surface.
#
# Mind the batch norms. Their running means and variances were gathered by net A or net
# B, and fit no net between. So compute them anew at each point, here simply in train
# mode on all 384 images as one batch.


# %%
@torch.no_grad()
def line_loss(net_a, net_b, t, X, y, anew=True):
    """Loss of the net at (1 - t) A + t B; its batch statistics anew, or mixed, too."""
    a, b = net_a.state_dict(), net_b.state_dict()
    keys = [key for key in a if a[key].is_floating_point()]  # not the counters
    mixed = {key: (1 - t) * a[key] + t * b[key] for key in keys}
    net = copy.deepcopy(net_a).train(anew)
    return F.cross_entropy(functional_call(net, mixed, (X,)), y).item()


@torch.no_grad()
def reorder(layer, out=None, into=None):
    """Put a layer's channels out, or those that it reads, into another order."""
    if out is not None:
        own = [*layer.parameters(), *(b for b in layer.buffers() if b.ndim)]
        for values in own:
            values.copy_(values[out])
    if into is not None:
        layer.weight.copy_(layer.weight[:, into])


def shuffle_channels(net, channels=8):
    """A copy with the channels of every layer in another order: the same function."""
    net, order = copy.deepcopy(net), torch.randperm(channels)
    reorder(net[0], order)  # the stem
    reorder(net[1], order)
    for block in net:
        if isinstance(block, Plain):
            conv1, norm1, _, conv2, norm2 = block.path
            inner = torch.randperm(channels)
            reorder(conv1, inner, order)
            reorder(norm1, inner)
            reorder(conv2, order, inner)  # as on the shortcut
            reorder(norm2, order)
    reorder(net[-1], into=order)  # the scores keep their order
    return net


# %% [markdown]
# Net B is the residual net of another seed. A third one, the *twin*, is net A itself
# with its channels in another order: each kernel moves to another place, and who reads
# it reads it there. It is the same function, written differently.

# %%
net_a, net_b = skip[20][:2]
twin = shuffle_channels(net_a)
with torch.no_grad():
    apart = (twin.eval()(few[0][:50]) - net_a.eval()(few[0][:50])).abs().max().item()
print(f"largest difference of scores, net A and its twin: {apart:.1e}")
assert apart < 1e-3

# %% [markdown] predict="twin_line"
# **Predict.** Net A and its twin give the same scores for every image. What is the loss
# half way between them?
#
# - The same as at both ends.
#   wrong: a mean of two equal functions thought to be a mean of parameters. The
#   weights that are averaged belong to different channels.
# - A little lower, as averages smooth out errors.
#   wrong: an ensemble in mind, whose outputs are averaged. Here the weights are.
# - Far higher; there is a ridge, as on the way to B.
#   right: half way, every kernel is the mean of two that do different work.

# %%
ts = torch.linspace(0, 1, 11)
lines = {
    "A to B": [line_loss(net_a, net_b, t, *few) for t in ts],
    "A to its twin": [line_loss(net_a, twin, t, *few) for t in ts],
    "A to B, statistics mixed": [line_loss(net_a, net_b, t, *few, False) for t in ts],
}
for name, values in lines.items():
    print(f"{name:>24}: ends {values[0]:.2f} and {values[-1]:.2f},", end=" ")
    print(f"half way {values[5]:.2f}")

# %% [markdown]
# **Look for** the height of the ridges, beside $\ln 10$, the loss of a net that gives
# every animal the same probability; and for where the line with the mixed statistics
# rises.

# %%
fig, ax = plots.figure(width=5.6, height=3.4)
plots.curves(ax, ts, lines, "t, the way from net A", "loss on training images (nats)")
ax.axhline(torch.log(torch.tensor(10.0)), color="0.4", lw=1, ls=":", label="ln 10")
ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=8)
plots.show(
    fig,
    alt="Loss along three lines from net A, all low at the ends. Toward net B as well "
    "as toward the twin of net A it rises to a ridge near the middle; with mixed "
    "statistics it stands clearly higher at a tenth of the way already.",
)
for values in lines.values():
    assert max(values[4:7]) > 1.5 * max(values[0], values[-1])

# %% [markdown]
# One pair carries no claim. So take all three residual nets: how high is the loss half
# way between each two of them, and from each to a twin of its own?

# %%
tops, ends = {"another net": [], "its twin": []}, []
early = {"anew": 0.0, "mixed": 0.0}  # means of the three pairs, a tenth of the way
for k, one in enumerate(skip[20]):
    for name in early:
        pair = one, skip[20][k - 1]
        early[name] += line_loss(*pair, 0.1, *few, anew=name == "anew") / 3
    for name, other in zip(tops, (skip[20][k - 1], shuffle_channels(one)), strict=True):
        tops[name].append(line_loss(one, other, 0.5, *few))
    ends.append(line_loss(one, one, 0, *few))
for name, values in tops.items():
    print(f"half way to {name}: {', '.join(f'{v:.2f}' for v in values)}")
print("a tenth of the way:", {name: round(value, 2) for name, value in early.items()})
assert early["mixed"] > 1.5 * early["anew"]
top = {name: sum(values) / 3 for name, values in tops.items()}
assert min(top.values()) > (2.3026 + sum(ends) / 3) / 2

# %% [markdown]
# Two trained nets, and a ridge between: the **loss barrier**. It takes most of what
# was learned: half way the loss is, on average, nearer to $\ln 10$ than to the ends, if
# not above it. But the lines to the twins show how little
# a ridge alone says: there is one as well, although nothing at all differs in what the
# two ends compute. This is the **permutation symmetry** of a net: its hidden channels
# can stand in any order. So a ridge doesn't tell that A and B found different
# *solutions*; they may only have numbered their channels differently.

# %% [markdown]
# With mixed statistics the loss at a tenth of the way is, in the mean of the three
# pairs, more than one and a half times as high: that is the batch norms, not the
# weights. And a practical consequence: don't average the weights of two
# nets that were trained apart.

# %% [markdown]
# ## Dense connections
#
# If passing on is good, why add? **DenseNet** (Gao Huang and others, 2017) puts the new
# channels *beside* the old ones:
#
# $$x_l = [\,x_{l-1},\; f_l(x_{l-1})\,]$$
#
# where $[\,,]$ joins along the channels. A layer reads all that was ever made in its
# **dense block**, so it needs to add only a few channels: the **growth rate** $k$. With
# $c$ channels at the start there are $c + l k$ behind layer $l$. Between two blocks a
# **transition layer** halves the channels by a 1 x 1 convolution and the side by
# average pooling.


# %%
class DenseLayer(nn.Module):
    """[X, conv(relu(norm(X)))]: adds `growth` channels."""

    def __init__(self, in_channels, growth):
        super().__init__()
        conv = nn.Conv2d(in_channels, growth, 3, padding=1, bias=False)
        self.path = nn.Sequential(nn.BatchNorm2d(in_channels), nn.ReLU(), conv)

    def forward(self, X):
        return torch.cat(
            [X, self.path(X)], dim=1
        )  # (N, C, ...) -> (N, C + growth, ...)


def transition(C):
    """Norm, ReLU, half the channels by 1 x 1, half the side by average pooling."""
    conv = nn.Conv2d(C, C // 2, 1, bias=False)
    return nn.Sequential(nn.BatchNorm2d(C), nn.ReLU(), conv, nn.AvgPool2d(2))


def densenet(stem, C, growth, blocks):
    """Stem of C channels, dense blocks with transitions between, ten scores."""
    layers = [*stem]
    for k, num_layers in enumerate(blocks):
        if k > 0:
            layers.append(transition(C))
            C = C // 2
        for _ in range(num_layers):
            layers.append(DenseLayer(C, growth))
            C += growth
    head = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, 10)
    net = nn.Sequential(*layers, nn.BatchNorm2d(C), nn.ReLU(), *head)
    return net.to(memory_format=torch.channels_last)


# %% [markdown]
# **Look for** which colours a layer finds in its input, and what a transition does.

# %%
dense = densenet(conv_norm(1, 12, 3, stride=2)[:1], 12, growth=8, blocks=(3, 3, 3))
rows, parts = [("stem", [12])], [12]
for layer in dense[1:-5]:
    is_dense = isinstance(layer, DenseLayer)
    parts = [*parts, 8] if is_dense else [sum(parts) // 2]
    rows.append(("dense" if is_dense else "transition", parts))
fig = drawings.channels(rows)
plots.show(
    fig,
    alt="Bars of the channels behind each layer: 12, then 20, 28, 36; a transition to "
    "18; 26, 34, 42; a transition to 21; 29, 37, 45. Each dense layer puts 8 on top.",
)
H, behind = X[:2], []
for layer in dense[:-5]:
    H = layer(H)
    behind.append(H.shape[1])
assert behind == [sum(parts) for _, parts in rows] and behind[-1] == 45
dense_costs = costs(dense, X[:1])
print(f"{dense_costs.parameters:,} parameters, {dense_costs.multiply_adds:,}", end=" ")
print(f"multiply-adds; ResNet: {resnet_costs.parameters:,}", end=" ")
print(f"and {resnet_costs.multiply_adds:,}")
assert dense_costs.multiply_adds < 0.6 * resnet_costs.multiply_adds
assert dense_costs.parameters < 0.25 * resnet_costs.parameters

# %% [markdown]
# A dense layer's colours stay in the stack up to the next transition, which mixes them
# all and halves their number. This DenseNet has little more than half of the ResNet's
# multiply-adds, and fewer than a quarter of its parameters. Train it, and open the test
# set for both.

# %%
train_net(dense, (X, y), num_epochs=4, lr=0.01, batch_size=64)
tested = {
    "ResNet": score(net, X_test, y_test)["accuracy"],
    "DenseNet": score(dense, X_test, y_test)["accuracy"],
    "softmax regression": score(softmax_net, X_test, y_test)["accuracy"],
}
metrics = {f"accuracy on unseen animals, {k}": value for k, value in tested.items()}
for name, value in tested.items():
    print(f"{name:>18}: {value:.3f} on the test set")
assert tested["ResNet"] >= 0.94 and tested["DenseNet"] >= 0.9
assert tested["softmax regression"] < 0.82

# %% [markdown]
# Two budgets and one run each carry no ranking. Compare them on the 384 images, three
# seeds each, at one budget: a dense stack of 10 layers with growth 4, behind a stem of
# 10 channels, has the multiply-adds of the residual net of 20 layers, within 3 %.

# %%
dense_stacks = []
for seed in range(3):
    stem = nn.Conv2d(1, 10, 7, stride=6, padding=3, bias=False)
    one = densenet([stem], 10, growth=4, blocks=(10,))
    train_net(one, few, 9, 0.02, seed)
    dense_stacks.append(one)
linear = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))  # a baseline, on as few
train_net(linear, few, 18, 0.003)
by_pixels = score(linear, X_valid, y_valid)["accuracy"]
print(f"softmax regression: {by_pixels:.3f}")
pair = [costs(one, X[:1]) for one in (dense_stacks[0], skip[20][0])]
print("multiply-adds", [f"{c.multiply_adds:,}" for c in pair], end=" ")
print("parameters", [f"{c.parameters:,}" for c in pair])
unseen = {}
kinds = {"dense": dense_stacks, "residual": skip[20], "residual, 8": skip[8]}
for name, of_kind in kinds.items():
    unseen[name] = [score(n, X_valid, y_valid)["accuracy"] for n in of_kind]
    print(f"{name:>11}: unseen images {[f'{v:.3f}' for v in unseen[name]]}")
assert abs(pair[0].multiply_adds / pair[1].multiply_adds - 1) < 0.03
assert sum(unseen["dense"]) / 3 > sum(unseen["residual"]) / 3 - 0.03
assert by_pixels > sum(unseen["residual"]) / 3 + 0.02
assert sum(unseen["residual, 8"]) / 3 > sum(unseen["residual"]) / 3 - 0.06
assert costs(skip[8][0], X[:1]).multiply_adds < 0.4 * pair[1].multiply_adds

# %% [markdown]
# At this budget, on these few images, the dense stacks are on average about as good as
# the residual nets of 20 layers, or better; by how much depends on the seeds. They are
# also the shallower nets, with 12 layers, and residual nets of only 8, at little more
# than a third of the multiply-adds, are not far behind, either. So this doesn't say
# that joining beats adding. And softmax regression, trained on the same 384 images,
# names more animals than these residual nets: such small stacks answer questions about
# training, not about animals.

# %% [markdown]
# ## What goes wrong in practice
#
# **An activation in front of the sum only.** Write `X + F.relu(path(X))`, with nothing
# behind, and each block can only add what is 0 or more. The numbers grow from block to
# block, and no block can take anything back.

# %%
H, only_up = X[:200], stack(Plain, 15)
with torch.no_grad():
    H = only_up[:3](H)
    means = [H.mean().item()]
    for block in only_up[3:18]:
        H = H + block(H)  # block(H) ends in a ReLU
        means.append(H.mean().item())
print("mean of the maps behind blocks 0, 5, 10, 15:", [f"{m:.1f}" for m in means[::5]])
assert all(b > a for a, b in zip(means, means[1:], strict=False))
assert means[15] > 5 * means[0]

# %% [markdown]
# **An in-place ReLU that destroys the input.** `nn.ReLU(inplace=True)` saves memory by
# writing over what it reads. At the start of a path, as in a pre-activation block
# without its norm, it writes over the very $x$ that the shortcut shall add. No error
# comes: the negative numbers are simply gone.

# %%
x = torch.tensor([[-2.0, 3.0]])
right = x + F.relu(x)
y_wrong = x.clone()
y_wrong = nn.ReLU(inplace=True)(y_wrong) + y_wrong  # the path runs first
print("x + relu(x):", right.tolist(), " with an in-place ReLU:", y_wrong.tolist())
assert right.tolist() == [[-2.0, 6.0]] and y_wrong.tolist() == [[0.0, 6.0]]

# %% [markdown]
# **A sum that is broadcast.** Two shapes that differ do not always raise an error: an
# axis of size 1 is stretched. A path that ends in a pooled (N, C, 1, 1), or a shortcut
# of one channel, is added to every place or every channel, in silence. Assert that the
# shapes are equal.
#
# **A shortcut with the wrong stride.** Forget the stride of the 1 x 1, and sides differ
# by a factor. Most sizes raise an error; a map that the path has brought down to 1 x 1
# is broadcast instead.

# %%
shortcut = nn.Conv2d(4, 8, 1)  # no stride
halve = nn.Conv2d(4, 8, 3, stride=2, padding=1)
for side in (8, 2):
    Z = torch.zeros(1, 4, side, side)
    try:
        print(f"side {side}: sum {tuple((halve(Z) + shortcut(Z)).shape)}, no complaint")
    except RuntimeError as error:
        print(f"side {side}: {error}")
Z = torch.zeros(1, 4, 2, 2)
assert (halve(Z) + shortcut(Z)).shape == (1, 8, 2, 2) and halve(Z).shape[-1] == 1

# %% [markdown]
# ## Summary
#
# - Plain nets **degrade**: in as many steps deeper ones fit their training images
#   worse, though a setting as good as the shallow net's can be built by hand.
# - A residual block computes $\mathrm{relu}(f(x) + x)$. With $\gamma = 0$ in its last
#   batch norm it is the identity.
# - Backwards each block multiplies by $1 + f'$. With batch norm a plain net's gradients
#   don't vanish, they grow; a shortcut holds that down.
# - Where the shape changes, a 1 x 1 projection lies on the shortcut. A bottleneck makes
#   wide blocks cheap.
# - A residual net can do without most single blocks; a plain net can't.
# - A ridge between two nets may only mean that their channels are numbered differently.
# - Dense connections join instead of adding.

# %% [markdown]
# ## To think about
#
# 1. Give plain nets of 20 layers 100 epochs. Does the gap to the 8 layers close, on the
#    training images and on unseen ones?
# 2. Start the *residual* nets with $\gamma = 0$. Is the first epoch better? The last?
# 3. Cut two blocks, then three, out of a residual net. Does its accuracy fall by as
#    much with each?
# 4. Train two residual nets from *one* start with other batches. Is there a ridge
#    between? From which epoch of a common start does it go away?
# 5. Why does no ReLU stand on the shortcut of a pre-activation block, and what would
#    100 of them do there?

# %% [markdown]
# The exercise notebook `17_resnet` comes next: eleven checked exercises, from the
# shapes down a stack to a block that somebody else wrote wrongly.

# %% [markdown]
# ## Further reading
#
# - Zhang, Lipton, Li, Smola, *Dive into Deep Learning*: sections 7.6 and 7.7 in the
#   edition of `d2l` 0.17, 8.6 and 8.7 in the printed book.
# - He, Zhang, Ren, Sun, *Deep residual learning for image recognition*, CVPR 2016; and
#   *Identity mappings in deep residual networks*, ECCV 2016, on pre-activation.
# - Veit, Wilber, Belongie, *Residual networks behave like ensembles of relatively
#   shallow networks*, NIPS 2016.
# - Balduzzi and others, *The shattered gradients problem*, ICML 2017.
# - Huang, Liu, van der Maaten, Weinberger, *Densely connected convolutional networks*,
#   CVPR 2017.
# - Entezari and others, *The role of permutation invariance in linear mode connectivity
#   of neural networks*, ICLR 2022: suspects that most ridges are of this kind.
