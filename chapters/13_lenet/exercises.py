# %% [markdown]
# # LeNet: exercises
#
# Eight exercises, from one line to a small network of your own, and one question. Each
# stands alone: if you are stuck, go on with the next.
#
# Replace `raise NotImplementedError` by your answer, run the cell, then run the check
# below it. The checks name your mistake where they know it. Some tests are hidden until
# your work is graded, so think of sizes that are not in the examples: a batch of one,
# odd sizes, more than one channel.
#
# Stuck? `check.hint("flatten_batch")` in a new cell asks for a hint: first a question,
# then an idea, then the shape of the answer.

# %%
import torch
from torch import nn

from utils import check
from utils.data import load_array, mnist
from utils.device import set_seed
from utils.train import evaluate

set_seed(0)

# %% [markdown]
# The checks use two helpers. `pixels(N, C, H, W)` makes up images, always the same ones
# for a shape. `fill(net)` gives every parameter values that depend on its shape alone,
# so that two networks with the same layers give the same scores.


# %%
def pixels(*shape):
    """Made-up images of the given shape with values in [0, 1), always the same."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(sum(shape)))


def fill(net):
    """Give every parameter fixed values that depend on its shape alone; return net."""
    with torch.no_grad():
        for p in net.parameters():
            values = pixels(*p.shape) - 0.5
            fan_in = p[0].numel() if p.dim() > 1 else 3
            p.copy_(values * (24 / fan_in) ** 0.5)
    return net


# %% [markdown]
# ## 1. Flatten a batch that comes last
#
# Some data sets store images with the batch axis **last**: SVHN, photos of house
# numbers, as (32, 32, 3, N). Write `flatten_batch(X)`: make each example of such a
# batch one row of numbers.
#
# - Takes `X`: (..., N), two axes or more, of any dtype. It need not be contiguous in
#   memory.
# - Returns a tensor (N, product of the other sizes): row $n$ holds the numbers of
#   example $n$, `X[..., n]`, in their order.
# - Allowed: everything in PyTorch.
#
# Example: `X` of shape (2, 3, 4, 5) gives shape (5, 24), and row 1 starts with
# `X[0, 0, 0, 1]`, `X[0, 0, 1, 1]`.


# %% exercise="flatten_batch"
def flatten_batch(X):
    """Make each example one row: (..., N) -> (N, product of the other sizes)."""
    ### BEGIN SOLUTION
    return X.flatten(end_dim=-2).T  # (..., N) -> (product, N) -> (N, product)
    ### END SOLUTION


# %% test="flatten_batch" points=1
check.probe(flatten_batch, torch.arange(120.0).reshape(2, 3, 4, 5))
check.probe(flatten_batch, pixels(4, 7))
### BEGIN HIDDEN TESTS
check.probe(flatten_batch, torch.arange(96).reshape(3, 2, 4, 4).transpose(1, 3))
check.probe(flatten_batch, pixels(16, 2, 3, 1))
check.probe(flatten_batch, pixels(3, 2, 1, 5, 2))
leaf = pixels(2, 3, 2, 2).requires_grad_()
check.probe(flatten_batch, leaf)
### END HIDDEN TESTS

# %% [markdown] choice="moved_digit" points=1
# ## Think: a digit four pixels to the right
# A LeNet with ReLU and max pooling reads a digit that has at least four black columns
# (pixels of 0) at its right edge. Then it is moved by four pixels to the right; black
# comes in from the left. What do the 16 maps of 5 x 5 behind the second pooling show?
#
# - The same numbers at the same places.
#   wrong: pooling thought to forget every shift, where it forgets small ones
# - The same numbers, four places to the right.
#   wrong: a place of the last maps taken for a pixel
# - The same numbers, one place to the right.
#   right: a convolution moves along with its input, and each pooling halves the
#   distance. Only what stood in the last column leaves, and a new first one comes in.
# - Other numbers, since the weights belong to other pixels now.
#   wrong: kernels thought to be tied to places, as the weights of a full layer are

# %% [markdown]
# ## 2. Shapes and parameters, block by block
#
# Deeper networks are built of blocks, `Sequential`s inside a `Sequential`. Write
# `layer_shapes(net, X)`, which opens them all.
#
# - Takes `net`: an `nn.Sequential`, with blocks to any depth; `X`: (N, ...) float32. A
#   layer that stands at two places counts at both.
# - Returns a list with a tuple for each layer that is no `Sequential`, in the order in
#   which data meet them: name of its class, shape of its output (a tuple with the batch
#   axis), number of its parameters.
# - Allowed: everything in PyTorch.
#
# Example: with `X` of shape (2, 1, 8, 8) and
# `block = nn.Sequential(nn.Conv2d(1, 6, 5))`, `nn.Sequential(block, nn.Flatten())`
# gives `[("Conv2d", (2, 6, 4, 4), 156), ("Flatten", (2, 96), 0)]`.


# %% exercise="layer_shapes"
def layer_shapes(net, X):
    """Class name, output shape and parameter count of each layer, blocks opened."""
    ### BEGIN SOLUTION
    rows = []
    for layer in net:
        before, X = X, layer(X)
        if isinstance(layer, nn.Sequential):
            rows += layer_shapes(layer, before)
        else:
            count = sum(p.numel() for p in layer.parameters())
            rows.append((type(layer).__name__, tuple(X.shape), count))
    return rows
    ### END SOLUTION


# %% test="layer_shapes" points=2
relu = nn.ReLU()
look = nn.Sequential(nn.Conv2d(2, 3, 3), relu, nn.MaxPool2d(2))
decide = nn.Sequential(nn.Linear(18, 5), relu, nn.Linear(5, 4, bias=False))
net = nn.Sequential(look, nn.Flatten(), decide)
check.probe(layer_shapes, net, pixels(4, 2, 9, 7))
deep = nn.Sequential(nn.Sequential(nn.Sequential(nn.Conv2d(3, 3, 3), nn.Tanh())), relu)
check.probe(layer_shapes, deep, pixels(1, 3, 6, 5))
### BEGIN HIDDEN TESTS
twice = nn.Linear(3, 3)
check.probe(
    layer_shapes, nn.Sequential(twice, twice, nn.Sequential(twice)), pixels(5, 3)
)
flat = nn.Sequential(nn.PReLU(2), nn.Conv2d(2, 5, 2), nn.AvgPool2d(2, 1))
check.probe(layer_shapes, flat, pixels(3, 2, 5, 6))
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Count the parameters by hand
#
# Write `parameter_counts(in_channels, size, num_classes)` for a LeNet that reads images
# of `in_channels` x `size` x `size`: a 5 x 5 convolution with padding 2 to 6 channels,
# 2 x 2 pooling, a 5 x 5 convolution to 16 channels, 2 x 2 pooling, full layers of 120,
# 84 and `num_classes`. Pooling drops an odd last row and column.
#
# - Takes three ints, `size` at least 12.
# - Returns five ints, in a list or a tuple: the parameters, biases included, of the
#   two convolutions and of the three full layers.
# - Not allowed: building the layers. Use arithmetic.
#
# Example: `parameter_counts(1, 28, 10)` gives `[156, 2416, 48120, 10164, 850]`.


# %% exercise="parameter_counts"
def parameter_counts(in_channels, size, num_classes):
    """Number of parameters of conv1, conv2, full1, full2 and full3, with biases."""
    ### BEGIN SOLUTION
    side = (size // 2 - 4) // 2  # padding keeps it, pooling halves, conv takes 4
    return [
        6 * (25 * in_channels + 1),
        16 * (25 * 6 + 1),
        120 * (16 * side**2 + 1),
        84 * (120 + 1),
        num_classes * (84 + 1),
    ]
    ### END SOLUTION


# %% test="parameter_counts" points=2 bans="layers"
check.probe(parameter_counts, 3, 42, 7)
check.probe(parameter_counts, 1, 28, 10)
### BEGIN HIDDEN TESTS
check.probe(parameter_counts, 2, 31, 5)
check.probe(parameter_counts, 4, 33, 2)
### END HIDDEN TESTS

# %% [markdown] choice="twice_the_side" points=1
# ## Think: images of twice the side
# The LeNet of exercise 3 shall read images of 56 x 56 in place of 28 x 28. All its
# kernels, channels and the 120, 84 and 10 units stay. Which numbers of weights grow?
#
# - Only the first full layer's, to nearly six times as many.
#   right: the last maps go from 5 x 5 to 12 x 12. The unpadded convolution takes 4
#   rows off whatever the size, and a small map misses them more.
# - Only the first full layer's, to four times as many.
#   wrong: sides thought to double all the way, also through an unpadded convolution
# - Those of the convolutions and of the first full layer, to four times as many each.
#   wrong: weights of a kernel counted once for each place where it is used
# - None, since the same weights are used at more places.
#   wrong: a full layer thought to share its weights among places, as a convolution does

# %% [markdown]
# ## 4. LeNet
#
# Write the module `LeNet(in_channels, size, num_classes)`: the network of exercise 3
# with ReLU and **max** pooling, for square images of any size.
#
# - The constructor takes three ints, `size` at least 12.
# - `forward` takes `X`: (N, in_channels, size, size) float32, and returns the scores
#   (N, num_classes) that `nn.CrossEntropyLoss` wants.
# - ReLU follows both convolutions and the first two full layers. Every convolution and
#   full layer has a bias.
# - Allowed: all of `torch.nn`, lazy layers too.
#
# Example: `LeNet(3, 20, 7)` makes scores (2, 7) of images (2, 3, 20, 20), and its first
# full layer gets $16 \cdot 3 \cdot 3 = 144$ numbers.


# %% exercise="LeNet"
class LeNet(nn.Module):
    """Scores of square images: (N, in_channels, size, size) -> (N, num_classes)."""

    def __init__(self, in_channels=1, size=28, num_classes=10):
        ### BEGIN SOLUTION
        super().__init__()
        side = (size // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, kernel_size=5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, kernel_size=5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        return self.net(X)
        ### END SOLUTION


# %% test="LeNet" points=3
def parameter_shapes(channels, size, classes):
    net = check.call(LeNet, channels, size, classes)
    check.call(net, pixels(2, channels, size, size))  # lazy layers get their sizes
    return sorted(tuple(p.shape) for p in net.parameters())


def number_of_parameters():
    net = check.call(LeNet)
    check.call(net, pixels(2, 1, 28, 28))
    return sum(p.numel() for p in net.parameters())


def scores(channels, size, classes, N=2):
    net = check.call(LeNet, channels, size, classes)
    X = pixels(N, channels, size, size)
    check.call(net, X)
    return check.call(fill(net), X)


check.probe(parameter_shapes, 3, 20, 7, call="the parameters of LeNet(3, 20, 7)")
check.probe(scores, 3, 20, 7, call="LeNet(3, 20, 7)(X)")
net = check.call(LeNet, 2, 24, 7)
check.module(net, pixels(5, 2, 24, 24), output_shape=(5, 7))
### BEGIN HIDDEN TESTS
check.probe(scores, 1, 28, 10, N=3)
check.probe(scores, 2, 31, 5, N=1)
check.probe(number_of_parameters, call="LeNet()")
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Accuracy on a held-out set
#
# Write `evaluate_accuracy(net, data_iter)`: the share of all examples that the net
# reads correctly.
#
# - Takes `net`: a module that gives scores (N, classes); `data_iter`: batches `(X, y)`
#   that need not be of equal size.
# - Returns a float in [0, 1].
# - Score in eval mode, record no gradients, and leave the net in the mode in which you
#   found it.
# - Allowed: everything in PyTorch. Not allowed: `evaluate` of `utils.train`.
#
# Example: batches of 4 and 1 examples, 2 and 1 of them right, give 3 / 5 = 0.6.


# %% exercise="evaluate_accuracy"
def evaluate_accuracy(net, data_iter):
    """Share of the examples in `data_iter` whose highest score is the label's."""
    ### BEGIN SOLUTION
    was_training = net.training
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            count += len(y)
    net.train(was_training)
    return right / count
    ### END SOLUTION


# %% test="evaluate_accuracy" points=2 bans="training"
class Mood(nn.Module):
    def forward(self, X):
        grads.append(torch.is_grad_enabled())
        return X.roll(1, dims=1) if self.training else X


def score(X, y, batch_size, training=False):
    grads.clear()
    net = Mood().train(training)
    batches = list(zip(X.split(batch_size), y.split(batch_size), strict=True))
    result = check.call(evaluate_accuracy, net, batches, changes="net")
    return result, "train mode" if net.training else "eval mode", any(grads)


grads = []
X = pixels(14, 5)
off = torch.tensor([0, 0, 0, 1, 0, 1, 2, 2, 0, 1, 3, 4, 0, 4])  # six are read correctly
y = (X.argmax(dim=1) + off) % 5
told = "(accuracy, mode afterwards, gradients recorded)"
check.probe(score, X, y, 4, call=told)
check.probe(score, X, y, 4, training=True, call=f"from train mode: {told}")
### BEGIN HIDDEN TESTS
check.probe(score, pixels(11, 4), torch.arange(11) % 4, 3)
check.probe(score, pixels(6, 4), torch.arange(6) % 4, 6, training=True)
### END HIDDEN TESTS

# %% [markdown] choice="softmax_floor" points=1
# ## Think: four classes, and a softmax too many
# A net for images of **four** classes ends in a softmax, and its output goes into
# `nn.CrossEntropyLoss`, which applies another. It comes to read every image with full
# certainty. Which loss, roughly, does it end at?
#
# - 0, since every answer is right and certain.
#   wrong: the second softmax forgotten, to which 1 and 0 are scores close to each other
# - 0.74, although every answer is right and certain.
#   right: of the scores 1, 0, 0, 0 the softmax makes e / (e + 3) = 0.48 for the right
#   class, and minus the logarithm of that is 0.74.
# - 1.39, which is the logarithm of 4.
#   wrong: the floor taken for the loss of a net that knows nothing
# - 1.46, the floor of every net that ends in a softmax.
#   wrong: the floor for ten classes thought to hold for any number of them

# %% [markdown]
# ## 6. Train to a bar
#
# Write `fit(net, train_iter, test_iter, lr, num_epochs)`: train with plain SGD
# (`torch.optim.SGD`) and cross-entropy, and note after each epoch how it went.
#
# - Takes a net of scores, two iterables of batches `(X, y)`, the learning rate and the
#   number of epochs. Train in train mode.
# - Returns a dict of two lists, one number an epoch: `"train_loss"`, the mean over all
#   training **examples** of the loss as measured while learning, and `"test_accuracy"`.
# - Given: `evaluate(net, data_iter)["accuracy"]`. Not allowed: `utils.train.train`.
#
# Example: after three epochs,
# `{"train_loss": [2.1, 0.9, 0.5], "test_accuracy": [0.6, 0.8, 0.8]}`.

# %% [markdown]
# On the 600 digits below, your loop must bring this small net to a test accuracy of
# 0.75.

# %%
(X_train, y_train), (X_test, y_test) = mnist(num_train=600, num_test=300)


def small_net():
    """A LeNet in miniature: 4 and 8 channels, one full layer."""
    return nn.Sequential(
        nn.Conv2d(1, 4, kernel_size=5, stride=2),
        nn.ReLU(),
        nn.Conv2d(4, 8, kernel_size=3, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(8 * 5 * 5, 10),
    )


# %% exercise="fit"
def fit(net, train_iter, test_iter, lr, num_epochs):
    """Train with SGD and cross-entropy; return {"train_loss", "test_accuracy"}."""
    ### BEGIN SOLUTION
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = {"train_loss": [], "test_accuracy": []}
    for _ in range(num_epochs):
        net.train()
        total, count = 0.0, 0
        for X, y in train_iter:
            optimizer.zero_grad()
            batch_loss = loss(net(X), y)
            batch_loss.backward()
            optimizer.step()
            total += batch_loss.item() * len(y)
            count += len(y)
        history["train_loss"].append(total / count)
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history
    ### END SOLUTION


# %% test="fit" points=3 changes="net" bans="training except evaluate"
class Moody(nn.Linear):
    def forward(self, X):
        return super().forward(X) * (2 if self.training else 1)


def trained(n, lr, num_epochs, training=False):
    X, y = pixels(n, 5) - 0.5, torch.arange(n) % 3
    batches = list(zip(X.split(3), y.split(3), strict=True))
    net = fill(Moody(5, 3)).train(training)
    train, test = batches[2:], batches[:2]
    history = check.call(fit, net, train, test, lr=lr, num_epochs=num_epochs)
    return history, net.weight


told = "(history, the net's weight)"
check.probe(trained, 20, 0.5, 3, training=True, call=f"fit: {told}")
check.probe(trained, 20, 0.5, 3, call=f"fit, the net in eval mode: {told}")
set_seed(0)
train_iter = load_array((X_train, y_train), batch_size=40)
test_iter = load_array((X_test, y_test), batch_size=100)
net = small_net()
history = check.call(fit, net, train_iter, test_iter, lr=0.3, num_epochs=4)
check.reaches(history["test_accuracy"][-1], 0.75, what="test accuracy on digits")
### BEGIN HIDDEN TESTS
check.probe(trained, 17, 0.2, 1)
check.probe(trained, 11, 2.0, 5)
check.reaches(history["train_loss"][-1], 0.9, what="training loss", below=True)
measured = evaluate(net, test_iter)["accuracy"]  # not only what it says of itself
check.reaches(measured, 0.75, what="test accuracy, measured")
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Dead or nearly so
#
# A channel behind a ReLU is **silent** for an example if it gives 0 at every place.
# Write `dead_channels(net, X, share)`: count those that are silent for much of a batch.
#
# - Takes `net`: an `nn.Sequential` without inner blocks; `X`: (N, ...) float32;
#   `share`: a float above 0, at most 1.
# - Returns a list of ints: for each `nn.ReLU`, in order, how many are silent for **at
#   least** this share of the examples. A channel is a map of an output
#   (N, C, H, W), or a unit of (N, C).
# - Allowed: everything in PyTorch.
#
# Example: for an output `[[0, 0, 3], [0, 2, 4]]` the count is 2 with `share=0.5` and 1
# with `share=1.0`.


# %% exercise="dead_channels"
def dead_channels(net, X, share):
    """For each ReLU of a Sequential, how many channels are 0 on that share of X."""
    ### BEGIN SOLUTION
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)  # (N, C)
            counts.append(int((silent.float().mean(dim=0) >= share).sum()))
    return counts
    ### END SOLUTION


# %% test="dead_channels" points=3
def with_dead(net, *dead):
    layers = [layer for layer in net if hasattr(layer, "bias")]
    with torch.no_grad():
        for layer, channels in zip(layers, dead, strict=True):
            layer.bias[list(channels)] = -100.0
    return net


maps = pixels(8, 19, 2, 4) - 0.2  # silent at some places
maps[pixels(8, 19) < torch.arange(19) / 18] = -1.0  # from no example to all
relu = nn.Sequential(nn.ReLU())
call = "dead_channels(nn.Sequential(nn.ReLU()), X, share={})"
check.probe(dead_channels, relu, maps, 0.375, call=call.format(0.375))
check.probe(dead_channels, relu, maps, 1.0, call=call.format(1.0))
conv = nn.Sequential(nn.Conv2d(2, 7, 3), nn.ReLU(), nn.Conv2d(7, 4, 3), nn.ReLU())
conv = with_dead(fill(conv), [5], [0, 1, 2])
check.probe(dead_channels, conv, pixels(2, 2, 8, 9), 1.0)
### BEGIN HIDDEN TESTS
layers = [nn.Conv2d(1, 5, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
deep = nn.Sequential(*layers, nn.Linear(5 * 2 * 3, 8), nn.ReLU(), nn.Linear(8, 3))
deep = with_dead(fill(deep), [], [1, 2, 6], [0])
check.probe(dead_channels, deep, pixels(3, 1, 6, 8), 1.0)
full = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 5), nn.ReLU())
check.probe(dead_channels, with_dead(fill(full), [0, 4], [3]), pixels(3, 4), 0.25)
faint = torch.tensor([[0.0, -1.0, 0.2], [0.1, 0.0, 0.0]])
check.probe(dead_channels, relu, faint, 1.0)
### END HIDDEN TESTS

# %% [markdown] choice="silent_layer" points=1
# ## Think: what a dead net can still learn
# A net for two kinds of leaves has died: all units of its last hidden layer are 0 for
# every image, and its output layer gives scores 0 and 0. Of the images 80 % show the
# first kind. It is trained on with SGD and a small rate. Where do loss and accuracy go?
#
# - To 0.69 and 0.5: no gradient is left, and it can only guess.
#   wrong: the biases of the output forgotten, which are multiplied by no unit
# - To 0 and 1: the gradients of the output wake the units again.
#   wrong: a gradient thought to pass through a ReLU that gives 0
# - To 0.69 and 0.8: a net that knows nothing costs the logarithm of 2.
#   wrong: the loss of equal shares taken for that of every net that reads nothing
# - To 0.5 and 0.8: it gives every image the same two probabilities.
#   right: the last biases still learn, and they learn how frequent each kind is. With
#   0.8 and 0.2 the loss is 0.50, and the first kind is the answer to everything.

# %% [markdown]
# ## 8. Two small kernels for a large one
#
# The networks of [chapter 14](14) use 3 x 3 kernels only: two in a row see as far as
# one of 5 x 5. Write `two_for_one(conv)`.
#
# - Takes `conv`: an `nn.Conv2d` with a 5 x 5 kernel, stride 1, bias, and equal padding
#   on all sides.
# - Returns an `nn.Sequential`: a 3 x 3 convolution to the output's channels, a ReLU, a
#   3 x 3 convolution that keeps them; both with bias.
# - Its output has the shape of `conv(X)` for every `X`. Of an odd padding, the first
#   gets the larger part.
#
# Example: `nn.Conv2d(6, 16, 5)` becomes convolutions 6 to 16 and 16 to 16, without
# padding.


# %% exercise="two_for_one"
def two_for_one(conv):
    """Sequential of 3 x 3 convolution, ReLU, 3 x 3 convolution, in place of a 5 x 5."""
    ### BEGIN SOLUTION
    padding = conv.padding[0]
    first = (padding + 1) // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, kernel_size=3, padding=first),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, kernel_size=3, padding=padding - first),
    )
    ### END SOLUTION


# %% test="two_for_one" points=3
def replaced(in_channels, out_channels, padding, size):
    conv = nn.Conv2d(in_channels, out_channels, 5, padding=padding)
    net, X = check.call(two_for_one, conv), pixels(2, in_channels, size, size + 1)
    sizes = conv(X).shape, check.call(net, X).shape  # lazy layers get theirs, too
    shapes = sorted(tuple(p.shape) for p in net.parameters())
    return shapes, *sizes, check.call(fill(net), X)[:, :2, :3, :3]


told = "(the parameters' shapes, shape by conv, shape by yours, some of your scores)"
check.probe(
    replaced, 3, 4, 2, 6, call=f"two_for_one(nn.Conv2d(3, 4, 5, padding=2)): {told}"
)
check.probe(replaced, 2, 5, 0, 8, call=f"two_for_one(nn.Conv2d(2, 5, 5)): {told}")
net = check.call(two_for_one, nn.Conv2d(3, 5, 5))
check.module(net, pixels(2, 3, 9, 9), output_shape=(2, 5, 5, 5))
### BEGIN HIDDEN TESTS
check.probe(replaced, 4, 3, 4, 5)
check.probe(replaced, 1, 6, 1, 9)
### END HIDDEN TESTS

# %% [markdown]
# ## A question: when does it pay?
#
# Count the parameters of one 5 x 5 convolution and of its two 3 x 3 from exercise 8,
# for 1 to 6, 6 to 16 and 64 to 64 channels. When do the two need fewer? What else do
# you gain, and what does it cost? A few sentences with the numbers; a person reads
# them.

# %% [markdown] manual="when_it_pays" points=3
# ### BEGIN SOLUTION
# With i input and o output channels the 5 x 5 has 25 io + o parameters, the two 3 x 3
# have 9 io + 9 oo + 2 o: 156 against 390 for 1 to 6, 2,416 against 3,200 for 6 to 16,
# and 102,464 against 73,856 for 64 to 64. Without biases the two are cheaper when
# 16 i > 9 o: where the number of channels does not grow much, as inside deep networks.
# They bring one activation more on the same 5 x 5 field. They cost one more map to keep
# for the backward pass, and one more layer for the gradient to cross.
# ### END SOLUTION
