# %% flatten_batch hints [markdown]
# 1. What shape should come out for `X` of (16, 2, 3, 1), and which axis must stay
#    even where its size is 1?
# 2. A reshape cuts the numbers in the order of the axes, the last one fastest. So the
#    right shape alone is not enough: the batch has to come first before rows are cut,
#    or all axes but the last become one, and then the two that are left change
#    places.
# 3. One line. Either move the last axis to the front and flatten from the second axis
#    on; or flatten up to the last axis but one, and transpose.


# %% flatten_batch right "the batch moved to the front"
def flatten_batch(X):
    return torch.movedim(X, -1, 0).reshape(X.shape[-1], -1)


# %% flatten_batch right "the layer nn.Flatten behind a permutation"
def flatten_batch(X):
    last = X.dim() - 1
    return nn.Flatten()(X.permute(last, *range(last)))


# %% flatten_batch right "example by example"
def flatten_batch(X):
    return torch.stack([example.ravel() for example in X.unbind(-1)])


# %% flatten_batch wrong "the batch axis is flattened too"
def flatten_batch(X):
    return torch.flatten(X)


# %% flatten_batch wrong "the first axis is taken for the batch"
def flatten_batch(X):
    return torch.flatten(X, 1)


# %% flatten_batch wrong "the right shape, but cut before the batch comes first: examples are mixed"
def flatten_batch(X):
    return X.reshape(X.shape[-1], -1)


# %% flatten_batch wrong "examples stand in columns"
def flatten_batch(X):
    return X.flatten(end_dim=-2)


# %% flatten_batch wrong "all axes are turned round, so an example's numbers change their order"
def flatten_batch(X):
    return X.permute(*reversed(range(X.dim()))).flatten(1)


# %% flatten_batch wrong "the first and the last axis change places, and an example's numbers their order"
def flatten_batch(X):
    return X.transpose(0, -1).flatten(1)


# %% flatten_batch wrong "view on a tensor that is not contiguous"
def flatten_batch(X):
    return X.movedim(-1, 0).view(X.shape[-1], -1)


# %% flatten_batch wrong "a row length fixed for one network"
def flatten_batch(X):
    return X.movedim(-1, 0).reshape(-1, 16 * 5 * 5)


# %% flatten_batch wrong "a batch of one loses its batch axis"
def flatten_batch(X):
    return X.flatten(end_dim=-2).T.squeeze()


# %% flatten_batch wrong "the result is cut off from the graph"
def flatten_batch(X):
    return torch.tensor(X.detach().numpy()).flatten(end_dim=-2).T


# %% flatten_batch wrong "four axes presumed, whatever the batch has"
def flatten_batch(X):
    H, W, C, N = X.shape
    return X.permute(3, 0, 1, 2).reshape(N, H * W * C)


# %% flatten_batch wrong "only two axes become one, not all but the last"
def flatten_batch(X):
    return X.movedim(-1, 0).flatten(0, 1)


# %% flatten_batch wrong "the second axis is kept as well"
def flatten_batch(X):
    X = X.movedim(-1, 0)
    return X.flatten(2) if X.dim() > 2 else X.unsqueeze(2)


# %% layer_shapes hints [markdown]
# 1. What does a loop over the net meet where a block stands: its layers, or the block
#    as one? And what goes into the block's first layer?
# 2. A block is a smaller net with an input of its own. A function that can list a net
#    can list a block, if it is given what reached that block.
# 3. For each layer: keep what goes in, put it through. Behind a block, add the rows
#    that the same function gives for it and for what went in. Behind any other layer,
#    append one row: name of the type, shape as a tuple, numbers in all its parameters.


# %% layer_shapes right "the layers are listed first"
def layer_shapes(net, X):
    def leaves(block):
        for layer in block:
            yield from leaves(layer) if isinstance(layer, nn.Sequential) else [layer]

    rows = []
    for layer in leaves(net):
        X = layer.forward(X)
        total = sum(p.numel() for p in layer.parameters())
        rows.append((layer.__class__.__name__, X.shape, total))
    return rows


# %% layer_shapes right "with forward hooks"
def layer_shapes(net, X):
    rows = []

    def note(layer, inputs, output):
        total = sum(map(torch.numel, layer.parameters()))
        rows.append([type(layer).__name__, tuple(output.shape), total])

    layers = [m for m in net.modules() if not isinstance(m, nn.Sequential)]
    hooks = [layer.register_forward_hook(note) for layer in layers]
    with torch.no_grad():
        net(X)
    for hook in hooks:
        hook.remove()
    return rows


# %% layer_shapes right "a stack of what is still to do"
def layer_shapes(net, X):
    rows, todo = [], list(net)[::-1]
    while todo:
        layer = todo.pop()
        if isinstance(layer, nn.Sequential):
            todo.extend(reversed(layer))
            continue
        X = layer(X)
        total = sum(p.numel() for p in layer.parameters())
        rows.append((type(layer).__name__, tuple(X.shape), total))
    return rows


# %% layer_shapes wrong "a block stands as one layer, unopened"
def layer_shapes(net, X):
    rows = []
    for layer in net:
        X = layer(X)
        count = sum(p.numel() for p in layer.parameters())
        rows.append((type(layer).__name__, tuple(X.shape), count))
    return rows


# %% layer_shapes wrong "blocks are not opened, parameters not counted"
def layer_shapes(net, X):
    shapes = []
    for layer in net:
        X = layer(X)
        shapes.append((type(layer).__name__, tuple(X.shape)))
    return shapes


# %% layer_shapes wrong "blocks are opened once, not those inside them"
def layer_shapes(net, X):
    rows = []
    for block in net:
        for layer in block if isinstance(block, nn.Sequential) else [block]:
            X = layer(X)
            count = sum(p.numel() for p in layer.parameters())
            rows.append((type(layer).__name__, tuple(X.shape), count))
    return rows


# %% layer_shapes wrong "a block is listed itself, beside its layers"
def layer_shapes(net, X):
    rows = []
    for layer in net:
        before, X = X, layer(X)
        if isinstance(layer, nn.Sequential):
            rows += layer_shapes(layer, before)
        count = sum(p.numel() for p in layer.parameters())
        rows.append((type(layer).__name__, tuple(X.shape), count))
    return rows


# %% layer_shapes wrong "a block is given what comes out of it, not what goes in"
def layer_shapes(net, X):
    rows = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.Sequential):
            rows += layer_shapes(layer, X)
        else:
            count = sum(p.numel() for p in layer.parameters())
            rows.append((type(layer).__name__, tuple(X.shape), count))
    return rows


# %% layer_shapes wrong "a layer that stands at two places is listed once"
def layer_shapes(net, X):
    rows = []
    for layer in net.modules():
        if not isinstance(layer, nn.Sequential):
            X = layer(X)
            count = sum(p.numel() for p in layer.parameters())
            rows.append((type(layer).__name__, tuple(X.shape), count))
    return rows


# %% layer_shapes wrong "a layer that stands twice in one block is listed once"
def layer_shapes(net, X):
    rows = []
    for layer in net.children():
        before, X = X, layer(X)
        if isinstance(layer, nn.Sequential):
            rows += layer_shapes(layer, before)
        else:
            count = sum(p.numel() for p in layer.parameters())
            rows.append((type(layer).__name__, tuple(X.shape), count))
    return rows


# %% layer_shapes wrong "the parameters are not counted"
def layer_shapes(net, X):
    rows = []
    for layer in net:
        before, X = X, layer(X)
        if isinstance(layer, nn.Sequential):
            rows += layer_shapes(layer, before)
        else:
            rows.append((type(layer).__name__, tuple(X.shape)))
    return rows


# %% layer_shapes wrong "tensors of parameters are counted, not their numbers"
def layer_shapes(net, X):
    rows = []
    for layer in net:
        before, X = X, layer(X)
        if isinstance(layer, nn.Sequential):
            rows += layer_shapes(layer, before)
        else:
            count = len(list(layer.parameters()))
            rows.append((type(layer).__name__, tuple(X.shape), count))
    return rows


# %% layer_shapes wrong "the biases are not counted"
def layer_shapes(net, X):
    rows = []
    for layer in net:
        before, X = X, layer(X)
        if isinstance(layer, nn.Sequential):
            rows += layer_shapes(layer, before)
        else:
            count = sum(p.numel() for p in layer.parameters() if p.dim() > 1)
            rows.append((type(layer).__name__, tuple(X.shape), count))
    return rows


# %% layer_shapes wrong "the parameters of all layers so far"
def layer_shapes(net, X):
    rows, total = [], 0
    layers, todo = [], list(net)
    while todo:
        first = todo.pop(0)
        if isinstance(first, nn.Sequential):
            todo = list(first) + todo
        else:
            layers.append(first)
    for layer in layers:
        X = layer(X)
        total += sum(p.numel() for p in layer.parameters())
        rows.append((type(layer).__name__, tuple(X.shape), total))
    return rows


# %% layer_shapes wrong "the shapes before each layer, not after"
def layer_shapes(net, X):
    rows = []
    for layer in net:
        before, X = X, layer(X)
        if isinstance(layer, nn.Sequential):
            rows += layer_shapes(layer, before)
        else:
            count = sum(p.numel() for p in layer.parameters())
            rows.append((type(layer).__name__, tuple(before.shape), count))
    return rows


# %% layer_shapes wrong "the batch axis is left out"
def layer_shapes(net, X):
    rows = []
    for layer in net:
        before, X = X, layer(X)
        if isinstance(layer, nn.Sequential):
            rows += layer_shapes(layer, before)
        else:
            count = sum(p.numel() for p in layer.parameters())
            rows.append((type(layer).__name__, tuple(X.shape[1:]), count))
    return rows


# %% layer_shapes wrong "layers without parameters are left out"
def layer_shapes(net, X):
    rows = []
    for layer in net:
        before, X = X, layer(X)
        if isinstance(layer, nn.Sequential):
            rows += layer_shapes(layer, before)
        elif count := sum(p.numel() for p in layer.parameters()):
            rows.append((type(layer).__name__, tuple(X.shape), count))
    return rows


# %% layer_shapes wrong "the numbers of an output counted in place of parameters"
def layer_shapes(net, X):
    rows = []
    for layer in net:
        before, X = X, layer(X)
        if isinstance(layer, nn.Sequential):
            rows += layer_shapes(layer, before)
        else:
            count = X.numel()
            rows.append((type(layer).__name__, tuple(X.shape), count))
    return rows


# %% layer_shapes wrong "a block opens a list of its own inside the list"
def layer_shapes(net, X):
    rows = []
    for layer in net:
        before, X = X, layer(X)
        if isinstance(layer, nn.Sequential):
            rows.append(layer_shapes(layer, before))
        else:
            count = sum(p.numel() for p in layer.parameters())
            rows.append((type(layer).__name__, tuple(X.shape), count))
    return rows


# %% layer_shapes wrong "only the last layer is returned"
def layer_shapes(net, X):
    rows = []
    for layer in net:
        before, X = X, layer(X)
        if isinstance(layer, nn.Sequential):
            rows += layer_shapes(layer, before)
        else:
            count = sum(p.numel() for p in layer.parameters())
            rows.append((type(layer).__name__, tuple(X.shape), count))
    return rows[-1:]


# %% parameter_counts hints [markdown]
# 1. One output channel of a 5 x 5 convolution reads 6 channels. How many weights does
#    it have, and how many biases?
# 2. The image's size matters in one place only: the first full layer, which reads every
#    number of the 16 last maps. So follow the side of a map down the list: which layer
#    keeps it, which halves it, which takes a rim off?
# 3. First the side of the last maps, by whole-number division. Then five products of
#    one form: outputs, times one more than what each output reads. A unit of the first
#    full layer reads 16 maps of that side, squared.


# %% parameter_counts right "a formula for each kind of layer"
def parameter_counts(in_channels, size, num_classes):
    def conv(c_in, c_out, k=5):
        return c_out * c_in * k * k + c_out

    def full(n_in, n_out):
        return n_in * n_out + n_out

    def after(h, k, p, s):
        return (h + 2 * p - k) // s + 1

    h = after(size, 5, 2, 1)
    h = after(h, 2, 0, 2)
    h = after(h, 5, 0, 1)
    h = after(h, 2, 0, 2)
    sizes = [16 * h * h, 120, 84, num_classes]
    fulls = [full(a, b) for a, b in zip(sizes, sizes[1:])]
    return [conv(in_channels, 6), conv(6, 16), *fulls]


# %% parameter_counts right "weights and biases apart, by bit shifts"
def parameter_counts(in_channels, size, num_classes):
    side = ((size >> 1) - 4) >> 1
    weights = [150 * in_channels, 2400, 1920 * side * side, 10080, 84 * num_classes]
    biases = [6, 16, 120, 84, num_classes]
    return [w + b for w, b in zip(weights, biases)]


# %% parameter_counts wrong "the biases are forgotten"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    return [
        150 * in_channels,
        2400,
        120 * 16 * side**2,
        120 * 84,
        84 * num_classes,
    ]


# %% parameter_counts wrong "an output channel has one kernel, whatever it sees"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    fulls = [120 * (16 * side**2 + 1), 84 * 121, num_classes * 85]
    return [6 * 26, 16 * 26, *fulls]


# %% parameter_counts wrong "weights counted anew at every place, as if not shared"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    fulls = [120 * (16 * side**2 + 1), 84 * 121, num_classes * 85]
    conv1 = 6 * (25 * in_channels + 1) * size**2
    return [conv1, 16 * 151 * (size // 2 - 4) ** 2, *fulls]


# %% parameter_counts wrong "a 5 x 5 kernel counted as 5 weights"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    fulls = [120 * (16 * side**2 + 1), 84 * 121, num_classes * 85]
    return [6 * (5 * in_channels + 1), 16 * (5 * 6 + 1), *fulls]


# %% parameter_counts wrong "a bias for every kernel, not for every channel"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    fulls = [120 * (16 * side**2 + 1), 84 * 121, num_classes * 85]
    return [6 * in_channels * 26, 16 * 6 * 26, *fulls]


# %% parameter_counts wrong "the padding of the first convolution is forgotten"
def parameter_counts(in_channels, size, num_classes):
    side = ((size - 4) // 2 - 4) // 2
    fulls = [120 * (16 * side**2 + 1), 84 * 121, num_classes * 85]
    return [6 * (25 * in_channels + 1), 16 * 151, *fulls]


# %% parameter_counts wrong "sizes of one network, whatever the image's"
def parameter_counts(in_channels, size, num_classes):
    fulls = [120 * (16 * 5 * 5 + 1), 84 * 121, num_classes * 85]
    return [6 * (25 * in_channels + 1), 16 * 151, *fulls]


# %% parameter_counts wrong "pooling rounds an odd size up"
def parameter_counts(in_channels, size, num_classes):
    side = ((size + 1) // 2 - 4 + 1) // 2
    fulls = [120 * (16 * side**2 + 1), 84 * 121, num_classes * 85]
    return [6 * (25 * in_channels + 1), 16 * 151, *fulls]


# %% parameter_counts wrong "the maps' sides are not squared"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    fulls = [120 * (16 * side + 1), 84 * 121, num_classes * 85]
    return [6 * (25 * in_channels + 1), 16 * 151, *fulls]


# %% parameter_counts wrong "a float where a whole number is asked"
def parameter_counts(in_channels, size, num_classes):
    side = (size / 2 - 4) / 2
    fulls = [120 * (16 * side**2 + 1), 84 * 121, num_classes * 85]
    return [6 * (25 * in_channels + 1), 16 * 151, *fulls]


# %% parameter_counts wrong "a library does the arithmetic"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    layers = [
        nn.Conv2d(in_channels, 6, 5, padding=2),
        nn.Conv2d(6, 16, 5),
        nn.Linear(16 * side**2, 120),
        nn.Linear(120, 84),
        nn.Linear(84, num_classes),
    ]
    return [sum(p.numel() for p in layer.parameters()) for layer in layers]


# %% parameter_counts wrong "the second convolution reads the image's channels"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    convs = [6 * (25 * in_channels + 1), 16 * (25 * in_channels + 1)]
    fulls = [120 * (16 * side**2 + 1), 84 * 121, num_classes * 85]
    return [*convs, *fulls]


# %% parameter_counts wrong "the first full layer reads one map, not all 16"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    convs = [6 * (25 * in_channels + 1), 16 * 151]
    fulls = [120 * (side**2 + 1), 84 * 121, num_classes * 85]
    return [*convs, *fulls]


# %% parameter_counts wrong "the first full layer reads 6 maps, as many as the first convolution's"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    convs = [6 * (25 * in_channels + 1), 16 * 151]
    fulls = [120 * (6 * side**2 + 1), 84 * 121, num_classes * 85]
    return [*convs, *fulls]


# %% parameter_counts wrong "padding in the second convolution too"
def parameter_counts(in_channels, size, num_classes):
    side = size // 2 // 2
    convs = [6 * (25 * in_channels + 1), 16 * 151]
    fulls = [120 * (16 * side**2 + 1), 84 * 121, num_classes * 85]
    return [*convs, *fulls]


# %% parameter_counts wrong "one row too few: padding on one side only, or 5 rows off for a 5 x 5"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 5) // 2
    convs = [6 * (25 * in_channels + 1), 16 * 151]
    fulls = [120 * (16 * side**2 + 1), 84 * 121, num_classes * 85]
    return [*convs, *fulls]


# %% parameter_counts wrong "the second pooling is forgotten"
def parameter_counts(in_channels, size, num_classes):
    side = size // 2 - 4
    convs = [6 * (25 * in_channels + 1), 16 * 151]
    fulls = [120 * (16 * side**2 + 1), 84 * 121, num_classes * 85]
    return [*convs, *fulls]


# %% parameter_counts wrong "the first pooling is forgotten"
def parameter_counts(in_channels, size, num_classes):
    side = (size - 4) // 2
    convs = [6 * (25 * in_channels + 1), 16 * 151]
    fulls = [120 * (16 * side**2 + 1), 84 * 121, num_classes * 85]
    return [*convs, *fulls]


# %% parameter_counts wrong "a bias for each input of a full layer, not for each output"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    convs = [6 * (25 * in_channels + 1), 16 * 151]
    fulls = [16 * side**2 * 121, 120 * 85, 84 * (num_classes + 1)]
    return [*convs, *fulls]


# %% parameter_counts wrong "the biases of the full layers are forgotten"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    convs = [6 * (25 * in_channels + 1), 16 * 151]
    fulls = [120 * 16 * side**2, 84 * 120, num_classes * 84]
    return [*convs, *fulls]


# %% parameter_counts wrong "the biases of the convolutions are forgotten"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    convs = [150 * in_channels, 2400]
    fulls = [120 * (16 * side**2 + 1), 84 * 121, num_classes * 85]
    return [*convs, *fulls]


# %% parameter_counts wrong "one bias a layer, not one an output"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    convs = [150 * in_channels + 1, 2401]
    fulls = [1920 * side**2 + 1, 10081, 84 * num_classes + 1]
    return [*convs, *fulls]


# %% parameter_counts wrong "the number of classes is fixed to 10"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    convs = [6 * (25 * in_channels + 1), 16 * 151]
    fulls = [120 * (16 * side**2 + 1), 84 * 121, 850]
    return [*convs, *fulls]


# %% parameter_counts wrong "one total, not a count for each layer"
def parameter_counts(in_channels, size, num_classes):
    side = (size // 2 - 4) // 2
    convs = [6 * (25 * in_channels + 1), 16 * 151]
    fulls = [120 * (16 * side**2 + 1), 84 * 121, num_classes * 85]
    return sum(convs + fulls)


# %% LeNet hints [markdown]
# 1. The example makes maps of 3 x 3 out of 20 pixels a side. Which layers take the
#    others away, and how many each?
# 2. One `nn.Sequential` can hold the whole chain, with a forward that does no more than
#    call it. The loss wants raw scores, so nothing stands behind the last full layer.
#    Only one layer must know the side of the last maps.
# 3. Parent's constructor first, then the side of the last maps. The chain: convolution,
#    ReLU, pooling, twice, padded only the first time; flatten; three full layers with a
#    ReLU between each two. The forward sends `X` through.


# %% LeNet right "layers as attributes, functions in forward, pooling before ReLU"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = ((size + 4 - 5 + 1) // 2 - 5 + 1) // 2
        self.full3 = nn.Linear(84, num_classes)
        self.full2 = nn.Linear(120, 84)
        self.full1 = nn.Linear(16 * side * side, 120)
        self.conv2 = nn.Conv2d(6, 16, (5, 5))
        self.conv1 = nn.Conv2d(in_channels, 6, 5, padding="same")

    def forward(self, X):
        X = nn.functional.max_pool2d(self.conv1(X), 2).relu()
        X = nn.functional.max_pool2d(self.conv2(X), 2).relu()
        X = self.full1(torch.flatten(X, 1)).relu()
        return self.full3(self.full2(X).relu())


# %% LeNet right "lazy layers that find their sizes themselves"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2, stride=2),
            nn.LazyConv2d(16, 5),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2, stride=2),
        )
        self.head = nn.Sequential(
            nn.LazyLinear(120),
            nn.ReLU(),
            nn.LazyLinear(84),
            nn.ReLU(),
            nn.LazyLinear(num_classes),
        )
        self(torch.zeros(1, in_channels, size, size))

    def forward(self, X):
        return self.head(self.features(X).reshape(X.shape[0], -1))


# %% LeNet right "lazy layers that are given no input"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__(
            nn.LazyConv2d(6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.LazyConv2d(16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.LazyLinear(120),
            nn.ReLU(),
            nn.LazyLinear(84),
            nn.ReLU(),
            nn.LazyLinear(num_classes),
        )


# %% LeNet wrong "softmax in the model"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = (size // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
            nn.Softmax(dim=1),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "sizes computed for 32 px, fed another size"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * 5 * 5, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "the batch axis is flattened too"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = (size // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.head = nn.Sequential(
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.head(torch.flatten(self.net(X)))


# %% LeNet wrong "no padding in the first convolution"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = ((size - 4) // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "padding in the second convolution too"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = size // 2 // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "average pooling where the maximum is asked"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = (size // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.AvgPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.AvgPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "sigmoid where ReLU is asked"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = (size // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.Sigmoid(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.Sigmoid(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.Sigmoid(),
            nn.Linear(120, 84),
            nn.Sigmoid(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "no activation after the convolutions"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = (size // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "no activation between the full layers"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = (size // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.Linear(120, 84),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "an activation after the last layer"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = (size // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
            nn.ReLU(),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "pooling with stride 1"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = size - 1 - 4 - 1
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2, stride=1),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2, stride=1),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "pooling windows of 3 where 2 is asked"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = ((size + 1) // 2 - 3) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "kernels of 3 x 3 in the second convolution"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = (size // 2 - 2) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "the numbers of channels are swapped"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = (size // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 16, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 6, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(6 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "the number of channels that come in is fixed to 1"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = (size // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "the number of classes is fixed to 10"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = (size // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, 10),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "the biases are left out"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = (size // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2, bias=False),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5, bias=False),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120, bias=False),
            nn.ReLU(),
            nn.Linear(120, 84, bias=False),
            nn.ReLU(),
            nn.Linear(84, num_classes, bias=False),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "the constructor of nn.Module is never called"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = (size // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "the layers stand in a plain list, so their parameters are not known"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = (size // 2 - 4) // 2
        self.net = [
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        ]

    def forward(self, X):
        for layer in self.net:
            X = layer(X)
        return X


# %% LeNet wrong "a full layer is missing"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = (size // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "no activation after the first convolution"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = (size // 2 - 4) // 2
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )


# %% LeNet wrong "no activation after the second convolution"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = (size // 2 - 4) // 2
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )


# %% LeNet wrong "no activation after the first full layer"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = (size // 2 - 4) // 2
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )


# %% LeNet wrong "no activation after the second full layer"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = (size // 2 - 4) // 2
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.Linear(84, num_classes),
        )


# %% LeNet wrong "tanh where ReLU is asked"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = (size // 2 - 4) // 2
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.Tanh(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.Tanh(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.Tanh(),
            nn.Linear(120, 84),
            nn.Tanh(),
            nn.Linear(84, num_classes),
        )


# %% LeNet wrong "a leaky ReLU where ReLU is asked"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = (size // 2 - 4) // 2
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.LeakyReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.LeakyReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.LeakyReLU(),
            nn.Linear(120, 84),
            nn.LeakyReLU(),
            nn.Linear(84, num_classes),
        )


# %% LeNet wrong "dropout that was not asked for"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = (size // 2 - 4) // 2
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )


# %% LeNet wrong "batch normalisation that was not asked for"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = (size // 2 - 4) // 2
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )


# %% LeNet wrong "the second pooling averages"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = (size // 2 - 4) // 2
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.AvgPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )


# %% LeNet wrong "the second pooling is missing"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = size // 2 - 4
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )


# %% LeNet wrong "pooling rounds an odd size up"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = ((size + 1) // 2 - 4 + 1) // 2
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2, ceil_mode=True),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2, ceil_mode=True),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )


# %% LeNet wrong "the sizes of the full layers are swapped"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = (size // 2 - 4) // 2
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 84),
            nn.ReLU(),
            nn.Linear(84, 120),
            nn.ReLU(),
            nn.Linear(120, num_classes),
        )


# %% LeNet wrong "the convolutions have no bias"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = (size // 2 - 4) // 2
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2, bias=False),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5, bias=False),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )


# %% LeNet wrong "the channels' axis is kept where all must be flattened"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = (size // 2 - 4) // 2
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(2),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )


# %% LeNet wrong "the class is given, not its scores"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = (size // 2 - 4) // 2
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return super().forward(X).argmax(dim=1)


# %% LeNet wrong "the scores are cut off from the graph"
class LeNet(nn.Sequential):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        side = (size // 2 - 4) // 2
        super().__init__(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        with torch.no_grad():
            return super().forward(X)


# %% LeNet wrong "the older pair, sigmoid and mean, where the newer is asked"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        side = (size // 2 - 4) // 2
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.Sigmoid(),
            nn.AvgPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.Sigmoid(),
            nn.AvgPool2d(2),
            nn.Flatten(),
            nn.Linear(16 * side**2, 120),
            nn.Sigmoid(),
            nn.Linear(120, 84),
            nn.Sigmoid(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% LeNet wrong "the last maps are taken for 5 x 5, whatever the image"
class LeNet(nn.Module):
    def __init__(self, in_channels=1, size=28, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(400, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, X):
        return self.net(X)


# %% evaluate_accuracy hints [markdown]
# 1. A batch of 4 is half right, a batch of 1 all right. Why is 0.75, the mean of the
#    two, not the answer?
# 2. Count examples, not batches: those that are right and all of them, to the end of
#    the data. And treat the net as a guest: note in which mode it came, so that it
#    leaves in the same.
# 3. Remember `net.training`; eval mode; without gradients, for each batch compare where
#    each row has its highest score with the label, and add to two counts; put the
#    remembered mode back; return their quotient.


# %% evaluate_accuracy right "all predictions first, then one comparison"
@torch.no_grad()
def evaluate_accuracy(net, data_iter):
    mode = net.training
    net.eval()
    pairs = [(net(X).argmax(-1), y) for X, y in data_iter]
    net.train(mode)
    y_hat, y = (torch.cat(parts) for parts in zip(*pairs))
    return (y_hat == y).float().mean().item()


# %% evaluate_accuracy right "weighted batch means, inference mode, try and finally"
def evaluate_accuracy(net, data_iter):
    was_training, total, n = net.training, 0.0, 0
    try:
        net.train(False)
        with torch.inference_mode():
            for X, y in data_iter:
                total += float((net(X).max(dim=1).indices == y).double().mean()) * len(
                    y
                )
                n += y.numel()
    finally:
        net.train(was_training)
    return total / n


# %% evaluate_accuracy wrong "averaged over batches of unequal size"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).float().mean().item()
            count += 1
    net.train(was_training)
    return right / count


# %% evaluate_accuracy wrong "scored in train mode"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.train()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            count += len(y)
    net.train(was_training)
    return right / count


# %% evaluate_accuracy wrong "scored in the mode in which the net came"
def evaluate_accuracy(net, data_iter):
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            count += len(y)
    return right / count


# %% evaluate_accuracy wrong "the net is left in eval mode"
def evaluate_accuracy(net, data_iter):
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            count += len(y)
    return right / count


# %% evaluate_accuracy wrong "the net is put in train mode afterwards, whatever it was"
def evaluate_accuracy(net, data_iter):
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            count += len(y)
    net.train()
    return right / count


# %% evaluate_accuracy wrong "gradients are recorded"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.eval()
    right, count = 0, 0
    for X, y in data_iter:
        right += (net(X).argmax(dim=1) == y).sum().item()
        count += len(y)
    net.train(was_training)
    return right / count


# %% evaluate_accuracy wrong "a number of examples, not a share"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            count += len(y)
    net.train(was_training)
    return right


# %% evaluate_accuracy wrong "in percent, not as a share"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            count += len(y)
    net.train(was_training)
    return 100 * right / count


# %% evaluate_accuracy wrong "the highest score is sought across the batch, not the classes"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=0) == y).sum().item()
            count += len(y)
    net.train(was_training)
    return right / count


# %% evaluate_accuracy wrong "only the last batch counts"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right = (net(X).argmax(dim=1) == y).sum().item()
            count = len(y)
    net.train(was_training)
    return right / count


# %% evaluate_accuracy wrong "divided by the number of batches"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            count += 1
    net.train(was_training)
    return right / count


# %% evaluate_accuracy wrong "the share that is wrong, not right"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) != y).sum().item()
            count += len(y)
    net.train(was_training)
    return right / count


# %% evaluate_accuracy wrong "it returns within the loop, after the first batch"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            count += len(y)
            net.train(was_training)
            return right / count


# %% evaluate_accuracy wrong "the lowest score is taken, not the highest"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmin(dim=1) == y).sum().item()
            count += len(y)
    net.train(was_training)
    return right / count


# %% evaluate_accuracy wrong "whole-number division"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            count += len(y)
    net.train(was_training)
    return right // count


# %% evaluate_accuracy wrong "every batch is counted as large as the first"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            size = len(y) if count == 0 else size
            right += (net(X).argmax(dim=1) == y).sum().item()
            count += size
    net.train(was_training)
    return right / count


# %% evaluate_accuracy wrong "the last, shorter batch is left out"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.eval()
    right, count, size = 0, 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            size = max(size, len(y))
            if len(y) < size:
                break
            right += (net(X).argmax(dim=1) == y).sum().item()
            count += len(y)
    net.train(was_training)
    return right / count


# %% evaluate_accuracy wrong "the columns of X are counted, not its rows"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y).sum().item()
            count += X.shape[1]
    net.train(was_training)
    return right / count


# %% evaluate_accuracy wrong "only the first example of each batch is compared"
def evaluate_accuracy(net, data_iter):
    was_training = net.training
    net.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in data_iter:
            right += (net(X).argmax(dim=1) == y)[0].item()
            count += len(y)
    net.train(was_training)
    return right / count


# %% fit hints [markdown]
# 1. What must be set right again before the first batch of every epoch, and what before
#    every single `backward`?
# 2. Learning and taking notes run side by side. A batch's loss is a mean, so it counts
#    as often as the batch has examples. The test set is for looking only.
#    `nn.CrossEntropyLoss` takes raw scores.
# 3. Loss, optimiser, a dict of two empty lists. In each epoch: train mode; for each
#    training batch clear, loss, backward, step, and the loss times the batch's size
#    added up; then one list gets the mean over the examples, the other `evaluate` on
#    the test set.


# %% fit right "zeroing after the step, an epoch's losses in a list"
def fit(net, train_iter, test_iter, lr, num_epochs):
    trainer = torch.optim.SGD(net.parameters(), lr)
    losses, accuracies = [], []
    net.zero_grad()
    net.train()
    for epoch in range(num_epochs):
        sums, ns = [], []
        for X, y in train_iter:
            value = nn.functional.cross_entropy(net(X), y, reduction="sum")
            (value / len(y)).backward()
            trainer.step()
            net.zero_grad()
            sums.append(value.detach())
            ns.append(len(y))
        losses.append(float(sum(sums)) / sum(ns))
        accuracies.append(evaluate(net, test_iter)["accuracy"])
    return {"train_loss": losses, "test_accuracy": accuracies}


# %% fit right "the step written by hand, the accuracy counted by hand"
def fit(net, train_iter, test_iter, lr, num_epochs):
    history = {"test_accuracy": [], "train_loss": []}
    for _ in range(num_epochs):
        net.train()
        total, n = 0.0, 0
        for X, y in train_iter:
            log_p = torch.log_softmax(net(X), dim=1)
            batch_loss = -log_p[torch.arange(len(y)), y].mean()
            params = list(net.parameters())
            grads = torch.autograd.grad(batch_loss, params)
            with torch.no_grad():
                for p, g in zip(params, grads):
                    p -= lr * g
            total, n = total + batch_loss.item() * len(y), n + len(y)
        net.eval()
        with torch.no_grad():
            hits = torch.cat([net(X).argmax(1) == y for X, y in test_iter])
        history["test_accuracy"].append(hits.float().mean().item())
        history["train_loss"].append(total / n)
    return history


# %% fit wrong "the training set scored as the test set"
def fit(net, train_iter, test_iter, lr, num_epochs):
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
        history["test_accuracy"].append(evaluate(net, train_iter)["accuracy"])
    return history


# %% fit wrong "the test set is trained on too"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = {"train_loss": [], "test_accuracy": []}
    for _ in range(num_epochs):
        net.train()
        total, count = 0.0, 0
        for X, y in [*train_iter, *test_iter]:
            optimizer.zero_grad()
            batch_loss = loss(net(X), y)
            batch_loss.backward()
            optimizer.step()
            total += batch_loss.item() * len(y)
            count += len(y)
        history["train_loss"].append(total / count)
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "gradients are never zeroed"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = {"train_loss": [], "test_accuracy": []}
    for _ in range(num_epochs):
        net.train()
        total, count = 0.0, 0
        for X, y in train_iter:
            batch_loss = loss(net(X), y)
            batch_loss.backward()
            optimizer.step()
            total += batch_loss.item() * len(y)
            count += len(y)
        history["train_loss"].append(total / count)
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "gradients are zeroed once an epoch only"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = {"train_loss": [], "test_accuracy": []}
    for _ in range(num_epochs):
        net.train()
        optimizer.zero_grad()
        total, count = 0.0, 0
        for X, y in train_iter:
            batch_loss = loss(net(X), y)
            batch_loss.backward()
            optimizer.step()
            total += batch_loss.item() * len(y)
            count += len(y)
        history["train_loss"].append(total / count)
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "the weights never move: no step, or gradients cleared before it"
def fit(net, train_iter, test_iter, lr, num_epochs):
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
            total += batch_loss.item() * len(y)
            count += len(y)
        history["train_loss"].append(total / count)
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "the last batch's loss reported as the epoch's"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = {"train_loss": [], "test_accuracy": []}
    for _ in range(num_epochs):
        net.train()
        total = 0.0
        for X, y in train_iter:
            optimizer.zero_grad()
            batch_loss = loss(net(X), y)
            batch_loss.backward()
            optimizer.step()
            total = batch_loss.item()
        history["train_loss"].append(total)
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "losses averaged over batches of unequal size"
def fit(net, train_iter, test_iter, lr, num_epochs):
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
            total += batch_loss.item()
            count += 1
        history["train_loss"].append(total / count)
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "the loss is summed over the batches, not averaged"
def fit(net, train_iter, test_iter, lr, num_epochs):
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
        history["train_loss"].append(total)
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "softmax before the cross-entropy"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = {"train_loss": [], "test_accuracy": []}
    for _ in range(num_epochs):
        net.train()
        total, count = 0.0, 0
        for X, y in train_iter:
            optimizer.zero_grad()
            batch_loss = loss(net(X).softmax(dim=1), y)
            batch_loss.backward()
            optimizer.step()
            total += batch_loss.item() * len(y)
            count += len(y)
        history["train_loss"].append(total / count)
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "the learning rate is ignored"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
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


# %% fit wrong "the number of epochs is ignored"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = {"train_loss": [], "test_accuracy": []}
    for _ in range(1):
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


# %% fit wrong "trained in the mode in which the net came"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = {"train_loss": [], "test_accuracy": []}
    for _ in range(num_epochs):
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


# %% fit wrong "trained in eval mode"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = {"train_loss": [], "test_accuracy": []}
    for _ in range(num_epochs):
        net.eval()
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


# %% fit wrong "after the first epoch it trains in eval mode"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = {"train_loss": [], "test_accuracy": []}
    net.train()
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in train_iter:
            optimizer.zero_grad()
            batch_loss = loss(net(X), y)
            batch_loss.backward()
            optimizer.step()
            total += batch_loss.item() * len(y)
            count += len(y)
        history["train_loss"].append(total / count)
        net.eval()
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "the test accuracy is measured once, at the end"
def fit(net, train_iter, test_iter, lr, num_epochs):
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


# %% fit wrong "Adam where plain SGD is asked"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
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


# %% fit wrong "momentum where plain SGD is asked"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
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


# %% fit wrong "the loss is measured anew after the epoch, not while learning"
def fit(net, train_iter, test_iter, lr, num_epochs):
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
        found = evaluate(net, train_iter, loss=loss)
        history["train_loss"].append(found["loss"])
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "the gradients of a batch are summed, not averaged"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss(reduction="sum")
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
            total += batch_loss.item()
            count += len(y)
        history["train_loss"].append(total / count)
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "the last, shorter batch is left out"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = {"train_loss": [], "test_accuracy": []}
    for _ in range(num_epochs):
        net.train()
        total, count = 0.0, 0
        for X, y in train_iter:
            if len(y) < 3:
                continue
            optimizer.zero_grad()
            batch_loss = loss(net(X), y)
            batch_loss.backward()
            optimizer.step()
            total += batch_loss.item() * len(y)
            count += len(y)
        history["train_loss"].append(total / count)
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "the totals of an epoch are carried into the next"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = {"train_loss": [], "test_accuracy": []}
    total, count = 0.0, 0
    for _ in range(num_epochs):
        net.train()
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


# %% fit wrong "the test accuracy is measured before the epoch, not after"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = {"train_loss": [], "test_accuracy": []}
    for _ in range(num_epochs):
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
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
    return history


# %% fit wrong "in percent, not as a share"
def fit(net, train_iter, test_iter, lr, num_epochs):
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
        found = evaluate(net, test_iter)
        history["test_accuracy"].append(100 * found["accuracy"])
    return history


# %% fit wrong "a batch's loss is measured after its step"
def fit(net, train_iter, test_iter, lr, num_epochs):
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
            total += loss(net(X), y).item() * len(y)
            count += len(y)
        history["train_loss"].append(total / count)
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "the scores are taken for logarithms of probabilities"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.NLLLoss()
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


# %% fit wrong "the squared error where cross-entropy is asked"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.MSELoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = {"train_loss": [], "test_accuracy": []}
    for _ in range(num_epochs):
        net.train()
        total, count = 0.0, 0
        for X, y in train_iter:
            optimizer.zero_grad()
            batch_loss = loss(net(X), nn.functional.one_hot(y, 3).float())
            batch_loss.backward()
            optimizer.step()
            total += batch_loss.item() * len(y)
            count += len(y)
        history["train_loss"].append(total / count)
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "weight decay where plain SGD is asked"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, weight_decay=0.01)
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


# %% fit wrong "the loss of the test set is noted as that of the training set"
def fit(net, train_iter, test_iter, lr, num_epochs):
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
        found = evaluate(net, test_iter, loss=loss)
        history["train_loss"].append(found["loss"])
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "the learning rate shrinks from epoch to epoch"
def fit(net, train_iter, test_iter, lr, num_epochs):
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
        optimizer.param_groups[0]["lr"] *= 0.9
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% fit wrong "only the last epoch is returned, not a list"
def fit(net, train_iter, test_iter, lr, num_epochs):
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
    return {key: values[-1] for key, values in history.items()}


# %% fit wrong "the loss is measured anew after the epoch, in train mode"
def fit(net, train_iter, test_iter, lr, num_epochs):
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = {"train_loss": [], "test_accuracy": []}
    for _ in range(num_epochs):
        net.train()
        for X, y in train_iter:
            optimizer.zero_grad()
            loss(net(X), y).backward()
            optimizer.step()
        total, count = 0.0, 0
        with torch.no_grad():
            for X, y in train_iter:
                total += loss(net(X), y).item() * len(y)
                count += len(y)
        history["train_loss"].append(total / count)
        history["test_accuracy"].append(evaluate(net, test_iter)["accuracy"])
    return history


# %% dead_channels hints [markdown]
# 1. Behind a ReLU stands an output (N, C, H, W). Over which axes must everything be 0
#    for a channel to be silent for one example, and which two axes are left?
# 2. Two steps, over different axes: first the places, where all must be 0; then the
#    examples, of which a share is wanted. Taken in one step they would count places,
#    not examples.
# 3. Go through the layers, each replacing `X`. Behind each `nn.ReLU`: mark what is 0,
#    bring it to three axes, ask the last whether all are marked, take the mean over
#    the examples, and append how many channels reach the share, as an int.


# %% dead_channels right "the largest value of each channel for each example"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if type(layer) is nn.ReLU:
            top = X.detach().flatten(2).amax(dim=2) if X.dim() > 2 else X
            silent = (top == 0).sum(dim=0)
            counts.append((silent >= share * len(X)).sum().item())
    return counts


# %% dead_channels right "channel by channel, looking before the ReLU"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        if isinstance(layer, nn.ReLU):
            silent = [[bool((m <= 0).all()) for m in x] for x in X]
            columns = zip(*silent, strict=True)
            counts.append(sum(sum(c) / len(X) >= share for c in columns))
        X = layer(X)
    return counts


# %% dead_channels wrong "zeros are counted, not channels"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            counts.append(int((X == 0).sum()))
    return counts


# %% dead_channels wrong "the share is ignored: only dead channels are counted"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append(int(silent.all(dim=0).sum()))
    return counts


# %% dead_channels wrong "the share is ignored: a channel that is silent for one example counts"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append(int(silent.any(dim=0).sum()))
    return counts


# %% dead_channels wrong "the share of zeros among examples and places together"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            zeros = (X == 0).transpose(0, 1).flatten(1).float().mean(dim=1)
            counts.append(int((zeros >= share).sum()))
    return counts


# %% dead_channels wrong "more than the share where at least the share is asked"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append(int((silent.float().mean(dim=0) > share).sum()))
    return counts


# %% dead_channels wrong "the share is taken of the channels, and examples are counted"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append(int((silent.float().mean(dim=1) >= share).sum()))
    return counts


# %% dead_channels wrong "the channels below the share are counted"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append(int((silent.float().mean(dim=0) < share).sum()))
    return counts


# %% dead_channels wrong "silent for at most this share of the examples"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append(int((silent.float().mean(dim=0) <= share).sum()))
    return counts


# %% dead_channels wrong "the share of the examples in which the channel speaks"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append(int(((~silent).float().mean(dim=0) >= share).sum()))
    return counts


# %% dead_channels wrong "the channels' share is returned, not their number"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append((silent.float().mean(dim=0) >= share).float().mean().item())
    return counts


# %% dead_channels wrong "the channels' shares are returned, not how many reach it"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append(silent.float().mean(dim=0).tolist())
    return counts


# %% dead_channels wrong "a channel is silent where one place is 0"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).any(dim=2)
            counts.append(int((silent.float().mean(dim=0) >= share).sum()))
    return counts


# %% dead_channels wrong "every place counts as a channel of its own"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).float().mean(dim=0)
            counts.append(int((silent >= share).sum()))
    return counts


# %% dead_channels wrong "reshape mixes examples and channels where axes must be swapped"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            zeros = (X == 0).reshape(X.shape[1], len(X), -1).all(dim=2)
            counts.append(int((zeros.float().mean(dim=1) >= share).sum()))
    return counts


# %% dead_channels wrong "a channel counts once for each example in which it is silent"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append(int(silent.sum()))
    return counts


# %% dead_channels wrong "only the first place of each map is looked at"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1)[:, :, 0]
            counts.append(int((silent.float().mean(dim=0) >= share).sum()))
    return counts


# %% dead_channels wrong "one total, not a list with a count for each ReLU"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append(int((silent.float().mean(dim=0) >= share).sum()))
    return sum(counts)


# %% dead_channels wrong "layers that are no ReLU are counted too"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if layer is not None:
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append(int((silent.float().mean(dim=0) >= share).sum()))
    return counts


# %% dead_channels wrong "a small number is taken for 0"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X < 0.15).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append(int((silent.float().mean(dim=0) >= share).sum()))
    return counts


# %% dead_channels wrong "the channels' places, not their number"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            quiet = silent.float().mean(dim=0) >= share
            counts.append(quiet.nonzero().ravel().tolist())
    return counts


# %% dead_channels wrong "only the last ReLU is counted"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append(int((silent.float().mean(dim=0) >= share).sum()))
    return counts[-1:]


# %% dead_channels wrong "the counts of earlier layers are added"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            quiet = silent.float().mean(dim=0) >= share
            counts.append(int(quiet.sum()) + sum(counts[-1:]))
    return counts


# %% dead_channels wrong "the units behind full layers are not counted"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU) and X.dim() == 4:
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append(int((silent.float().mean(dim=0) >= share).sum()))
    return counts


# %% dead_channels wrong "looked at before the ReLU, where a silent channel is not 0"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).reshape(*X.shape[:2], -1).all(dim=2)
            counts.append(int((silent.float().mean(dim=0) >= share).sum()))
        X = layer(X)
    return counts


# %% dead_channels wrong "the dead channels' share is returned, and the share that is asked ignored"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            top = X.transpose(0, 1).flatten(1).amax(dim=1)
            counts.append((top == 0).float().mean().item())
    return counts


# %% dead_channels wrong "maps are presumed, so that units without places fail"
def dead_channels(net, X, share):
    counts = []
    for layer in net:
        X = layer(X)
        if isinstance(layer, nn.ReLU):
            silent = (X == 0).flatten(2).all(dim=2)
            counts.append(int((silent.float().mean(dim=0) >= share).sum()))
    return counts


# %% two_for_one hints [markdown]
# 1. Without padding a 5 x 5 takes 4 rows off and a 3 x 3 takes 2. If the 5 x 5 had
#    padding 1, what padding may the two new layers have?
# 2. The two take off together what the one did, so the padding has only to be shared
#    out: both parts add up to the old one. Half of an odd number leaves one over, and
#    the text says who gets it.
# 3. Read padding and channels off `conv`. Half of the padding, rounded up, is for the
#    first layer, the rest for the second. Then the `Sequential`: input's to output's
#    channels, activation, output's to output's, kernels of 3.


# %% two_for_one right "layers added one by one"
def two_for_one(conv):
    (p, _), c = conv.padding, conv.weight.shape[0]
    net = nn.Sequential()
    net.append(nn.Conv2d(conv.weight.shape[1], c, (3, 3), padding=p - p // 2))
    net.append(nn.ReLU(inplace=True))
    net.append(nn.Conv2d(c, c, (3, 3), padding=p // 2))
    return net


# %% two_for_one right "named layers"
def two_for_one(conv):
    p = conv.padding[0]
    net = nn.Sequential()
    for i, (channels, pad) in enumerate(
        [(conv.in_channels, p // 2 + p % 2), (conv.out_channels, p // 2)]
    ):
        if i:
            net.add_module("relu", nn.ReLU())
        layer = nn.Conv2d(channels, conv.out_channels, 3, 1, pad)
        net.add_module(f"conv{i}", layer)
    return net


# %% two_for_one right "lazy layers that are given no input"
def two_for_one(conv):
    p, C = conv.padding[0], conv.out_channels
    return nn.Sequential(
        nn.LazyConv2d(C, 3, padding=p - p // 2),
        nn.ReLU(),
        nn.LazyConv2d(C, 3, padding=p // 2),
    )


# %% two_for_one wrong "the whole padding is given twice"
def two_for_one(conv):
    padding = conv.padding[0]
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, kernel_size=3, padding=padding),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, kernel_size=3, padding=padding),
    )


# %% two_for_one wrong "no padding"
def two_for_one(conv):
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, kernel_size=3),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, kernel_size=3),
    )


# %% two_for_one wrong "padding 1 twice, whatever the padding was"
def two_for_one(conv):
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, kernel_size=3, padding=1),
    )


# %% two_for_one wrong "half the padding twice, which loses one where it is odd"
def two_for_one(conv):
    padding = conv.padding[0]
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, kernel_size=3, padding=padding // 2),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, kernel_size=3, padding=padding // 2),
    )


# %% two_for_one wrong "the second convolution gets the larger part of the padding"
def two_for_one(conv):
    padding = conv.padding[0]
    first = padding // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, kernel_size=3, padding=first),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, kernel_size=3, padding=padding - first),
    )


# %% two_for_one wrong "all padding in the first convolution"
def two_for_one(conv):
    padding = conv.padding[0]
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, kernel_size=3, padding=padding),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, kernel_size=3),
    )


# %% two_for_one wrong "no activation between the two"
def two_for_one(conv):
    padding = conv.padding[0]
    first = (padding + 1) // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, kernel_size=3, padding=first),
        nn.Conv2d(C_out, C_out, kernel_size=3, padding=padding - first),
    )


# %% two_for_one wrong "an activation after the second convolution too"
def two_for_one(conv):
    padding = conv.padding[0]
    first = (padding + 1) // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, kernel_size=3, padding=first),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, kernel_size=3, padding=padding - first),
        nn.ReLU(),
    )


# %% two_for_one wrong "the activation stands after both, not between them"
def two_for_one(conv):
    padding = conv.padding[0]
    first = (padding + 1) // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, kernel_size=3, padding=first),
        nn.Conv2d(C_out, C_out, kernel_size=3, padding=padding - first),
        nn.ReLU(),
    )


# %% two_for_one wrong "the second convolution expects the input's channels"
def two_for_one(conv):
    padding = conv.padding[0]
    first = (padding + 1) // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, kernel_size=3, padding=first),
        nn.ReLU(),
        nn.Conv2d(C_in, C_out, kernel_size=3, padding=padding - first),
    )


# %% two_for_one wrong "the channels change at the second convolution"
def two_for_one(conv):
    padding = conv.padding[0]
    first = (padding + 1) // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_in, kernel_size=3, padding=first),
        nn.ReLU(),
        nn.Conv2d(C_in, C_out, kernel_size=3, padding=padding - first),
    )


# %% two_for_one wrong "kernels of 5 x 5 twice"
def two_for_one(conv):
    padding = conv.padding[0]
    first = (padding + 1) // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, kernel_size=5, padding=first),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, kernel_size=5, padding=padding - first),
    )


# %% two_for_one wrong "without biases"
def two_for_one(conv):
    padding = conv.padding[0]
    first = (padding + 1) // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, kernel_size=3, padding=first, bias=False),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, kernel_size=3, padding=padding - first, bias=False),
    )


# %% two_for_one wrong "one 3 x 3 convolution, which sees less"
def two_for_one(conv):
    padding = conv.padding[0]
    first = (padding + 1) // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, kernel_size=3, padding=first),
    )


# %% two_for_one wrong "another activation than ReLU"
def two_for_one(conv):
    p = conv.padding[0]
    first = (p + 1) // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, 3, padding=first),
        nn.Sigmoid(),
        nn.Conv2d(C_out, C_out, 3, padding=p - first),
    )


# %% two_for_one wrong "the first convolution has no bias"
def two_for_one(conv):
    p = conv.padding[0]
    first = (p + 1) // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, 3, padding=first, bias=False),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, 3, padding=p - first),
    )


# %% two_for_one wrong "the second convolution has no bias"
def two_for_one(conv):
    p = conv.padding[0]
    first = (p + 1) // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, 3, padding=first),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, 3, padding=p - first, bias=False),
    )


# %% two_for_one wrong "the second convolution has stride 2"
def two_for_one(conv):
    p = conv.padding[0]
    first = (p + 1) // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, 3, padding=first),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, 3, stride=2, padding=p - first),
    )


# %% two_for_one wrong "the channels that come in and go out are swapped"
def two_for_one(conv):
    p = conv.padding[0]
    first = (p + 1) // 2
    C_in, C_out = conv.out_channels, conv.in_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, 3, padding=first),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, 3, padding=p - first),
    )


# %% two_for_one wrong "a padding one smaller, given twice"
def two_for_one(conv):
    p = conv.padding[0]
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, 3, padding=max(p - 1, 0)),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, 3, padding=max(p - 1, 0)),
    )


# %% two_for_one wrong "a plain list of layers"
def two_for_one(conv):
    p = conv.padding[0]
    first = (p + 1) // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return [
        nn.Conv2d(C_in, C_out, 3, padding=first),
        nn.ReLU(),
        nn.Conv2d(C_out, C_out, 3, padding=p - first),
    ]


# %% two_for_one wrong "pooling stands between the two"
def two_for_one(conv):
    p = conv.padding[0]
    first = (p + 1) // 2
    C_in, C_out = conv.in_channels, conv.out_channels
    return nn.Sequential(
        nn.Conv2d(C_in, C_out, 3, padding=first),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(C_out, C_out, 3, padding=p - first),
    )


# %% two_for_one equivalent "the padding is the same on all sides"
# padding = conv.padding[0] -> padding = conv.padding[1]
