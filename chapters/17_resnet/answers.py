# %% stack_shapes hints [markdown]
# 1. A side of 29 and a stride of 2: at which rows does a 3 x 3 kernel with padding 1
#    start, the first at row 0 of the padded image, and how many starts are that?
# 2. Only a block's first convolution has the stride. Put k = 3 and p = 1 into the
#    formula of a convolution's side, and look whether it rounds up or down.
# 3. A loop over the blocks that keeps the current height and width. Each turn: new
#    height, new width, then a tuple of batch, channels of this block, height, width.


# %% stack_shapes right "rounded up with ceil"
def stack_shapes(shape, blocks):
    from math import ceil

    N, C, H, W = shape
    shapes = []
    for C, s in blocks:
        H, W = ceil(H / s), ceil(W / s)
        shapes.append((N, C, H, W))
    return shapes


# %% stack_shapes right "the formula of a convolution, by recursion"
def stack_shapes(shape, blocks):
    if not blocks:
        return []
    (channels, stride), *rest = blocks
    sides = [(side + 2 - 3) // stride + 1 for side in shape[2:]]
    first = (shape[0], channels, *sides)
    return [first, *stack_shapes(first, rest)]


# %% stack_shapes wrong "the side is divided by the stride and rounded down"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        H, W = H // stride, W // stride
        shapes.append((N, channels, H, W))
    return shapes


# %% stack_shapes wrong "the padding is forgotten"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        H, W = (H - 3) // stride + 1, (W - 3) // stride + 1
        shapes.append((N, channels, H, W))
    return shapes


# %% stack_shapes wrong "the padding is counted on one side only"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        H, W = (H - 2) // stride + 1, (W - 2) // stride + 1
        shapes.append((N, channels, H, W))
    return shapes


# %% stack_shapes wrong "the 1 at the end of the formula is forgotten"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        H, W = (H - 1) // stride, (W - 1) // stride
        shapes.append((N, channels, H, W))
    return shapes


# %% stack_shapes wrong "both convolutions of a block get the stride"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        H, W = (H - 1) // stride + 1, (W - 1) // stride + 1
        H, W = (H - 1) // stride + 1, (W - 1) // stride + 1
        shapes.append((N, channels, H, W))
    return shapes


# %% stack_shapes wrong "the stride is ignored"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        H, W = H, W
        shapes.append((N, channels, H, W))
    return shapes


# %% stack_shapes wrong "every stride above 1 is taken for 2"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        stride = min(stride, 2)
        H, W = (H - 1) // stride + 1, (W - 1) // stride + 1
        shapes.append((N, channels, H, W))
    return shapes


# %% stack_shapes wrong "the width is not made smaller"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        H, W = (H - 1) // stride + 1, W
        shapes.append((N, channels, H, W))
    return shapes


# %% stack_shapes wrong "the height is not made smaller"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        H, W = H, (W - 1) // stride + 1
        shapes.append((N, channels, H, W))
    return shapes


# %% stack_shapes wrong "height and width are swapped"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        H, W = (H - 1) // stride + 1, (W - 1) // stride + 1
        shapes.append((N, channels, W, H))
    return shapes


# %% stack_shapes wrong "the channels of the input are kept"
def stack_shapes(shape, blocks):
    N, C, H, W = shape
    shapes = []
    for channels, stride in blocks:
        H, W = (H - 1) // stride + 1, (W - 1) // stride + 1
        shapes.append((N, C, H, W))
    return shapes


# %% stack_shapes wrong "the batch axis is left out"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        H, W = (H - 1) // stride + 1, (W - 1) // stride + 1
        shapes.append((channels, H, W))
    return shapes


# %% stack_shapes wrong "channels stand last"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        H, W = (H - 1) // stride + 1, (W - 1) // stride + 1
        shapes.append((N, H, W, channels))
    return shapes


# %% stack_shapes wrong "only the last shape is returned"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        H, W = (H - 1) // stride + 1, (W - 1) // stride + 1
        shapes.append((N, channels, H, W))
    return shapes[-1:]


# %% stack_shapes wrong "the input's shape is listed as well"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = [tuple(shape)]
    for channels, stride in blocks:
        H, W = (H - 1) // stride + 1, (W - 1) // stride + 1
        shapes.append((N, channels, H, W))
    return shapes


# %% stack_shapes wrong "the shape in front of each block, not behind it"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        shapes.append((N, channels, H, W))
        H, W = (H - 1) // stride + 1, (W - 1) // stride + 1
    return shapes


# %% stack_shapes wrong "every block reads the input of the stack, not what came before"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        h, w = (H - 1) // stride + 1, (W - 1) // stride + 1
        shapes.append((N, channels, h, w))
    return shapes


# %% stack_shapes wrong "channels and stride are swapped"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for stride, channels in blocks:
        H, W = (H - 1) // stride + 1, (W - 1) // stride + 1
        shapes.append((N, channels, H, W))
    return shapes


# %% stack_shapes wrong "the channels of all blocks are added up"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes, total = [], 0
    for channels, stride in blocks:
        H, W = (H - 1) // stride + 1, (W - 1) // stride + 1
        total += channels
        shapes.append((N, total, H, W))
    return shapes


# %% stack_shapes wrong "the side is divided and not rounded"
def stack_shapes(shape, blocks):
    N, _, H, W = shape
    shapes = []
    for channels, stride in blocks:
        H, W = (H - 1) / stride + 1, (W - 1) / stride + 1
        shapes.append((N, channels, H, W))
    return shapes


# %% bottleneck_cost hints [markdown]
# 1. Which of the four convolutions run at every place of the input, and which only at
#    the places that the stride leaves?
# 2. Weights don't depend on the image. Multiply-adds are weights times the places of
#    the output of each convolution: the first 1 x 1 stands in front of the stride, all
#    others have it behind them.
# 3. Two sums of weights: the first convolution alone; the 3 x 3, the last 1 x 1, and
#    the shortcut's if there is one. The first sum is multiplied by the side squared,
#    the second by the output's side squared, which rounds up.


# %% bottleneck_cost right "layer by layer in a list"
def bottleneck_cost(in_channels, width, side, stride):
    small = -(-side // stride)
    convs = [  # channels in, channels out, kernel, side of the output
        (in_channels, width, 1, side),
        (width, width, 3, small),
        (width, 4 * width, 1, small),
    ]
    if stride > 1 or in_channels != 4 * width:
        convs.append((in_channels, 4 * width, 1, small))
    weights = [i * o * k * k for i, o, k, _ in convs]
    places = [s * s for _, _, _, s in convs]
    return sum(weights), sum(w * p for w, p in zip(weights, places))


# %% bottleneck_cost right "in one formula, with math.ceil"
def bottleneck_cost(in_channels, width, side, stride):
    from math import ceil

    projected = int(stride != 1 or in_channels != 4 * width)
    rest = 13 * width**2 + projected * 4 * in_channels * width
    first = in_channels * width
    return first + rest, first * side**2 + rest * ceil(side / stride) ** 2


# %% bottleneck_cost wrong "the shortcut's convolution is forgotten"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    return before + behind, before * side**2 + behind * out_side**2


# %% bottleneck_cost wrong "a convolution is put on every shortcut"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    behind += in_channels * out_channels
    return before + behind, before * side**2 + behind * out_side**2


# %% bottleneck_cost wrong "the shortcut is projected only if the channels change"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    if in_channels != out_channels:
        behind += in_channels * out_channels
    return before + behind, before * side**2 + behind * out_side**2


# %% bottleneck_cost wrong "no projection where the channels change and the size stays"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    if stride != 1:
        behind += in_channels * out_channels
    return before + behind, before * side**2 + behind * out_side**2


# %% bottleneck_cost wrong "the stride stands in the first 1 x 1 convolution"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    return before + behind, before * out_side**2 + behind * out_side**2


# %% bottleneck_cost wrong "the stride stands in the last convolution"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    late = behind - 9 * width**2
    early = before + 9 * width**2
    return before + behind, early * side**2 + late * out_side**2


# %% bottleneck_cost wrong "the shortcut has no stride"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    path = 13 * width**2
    shortcut = behind - path
    work = (before + shortcut) * side**2 + path * out_side**2
    return before + behind, work


# %% bottleneck_cost wrong "all convolutions are counted at the input's size"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    return before + behind, before * side**2 + behind * side**2


# %% bottleneck_cost wrong "the output's side is rounded down"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = side // stride
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    return before + behind, before * side**2 + behind * out_side**2


# %% bottleneck_cost wrong "the 3 x 3 kernel is counted as 3 weights"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 3 * width**2 + width * out_channels
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    return before + behind, before * side**2 + behind * out_side**2


# %% bottleneck_cost wrong "the 3 x 3 kernel is counted as one weight"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = width**2 + width * out_channels
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    return before + behind, before * side**2 + behind * out_side**2


# %% bottleneck_cost wrong "one kernel a channel in the 3 x 3, as if it did not sum over channels"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width + width * out_channels
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    return before + behind, before * side**2 + behind * out_side**2


# %% bottleneck_cost wrong "the last convolution gives width channels, not four times that"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    return before + behind, before * side**2 + behind * out_side**2


# %% bottleneck_cost wrong "the last convolution gives the input's channels"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = in_channels
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    return before + behind, before * side**2 + behind * out_side**2


# %% bottleneck_cost wrong "the 3 x 3 convolution gives four times the width"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width * out_channels + out_channels**2
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    return before + behind, before * side**2 + behind * out_side**2


# %% bottleneck_cost wrong "a basic block of two 3 x 3 convolutions is counted"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = 0
    behind = 9 * in_channels * out_channels + 9 * out_channels**2
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    return before + behind, before * side**2 + behind * out_side**2


# %% bottleneck_cost wrong "biases are counted as well"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    biases = 2 * width + out_channels
    return before + behind + biases, before * side**2 + behind * out_side**2


# %% bottleneck_cost wrong "places counted as the side, not its square"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    return before + behind, before * side + behind * out_side


# %% bottleneck_cost wrong "products and sums are counted apart, as two"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    return before + behind, 2 * (before * side**2 + behind * out_side**2)


# %% bottleneck_cost wrong "multiply-adds first, weights second"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    return before * side**2 + behind * out_side**2, before + behind


# %% bottleneck_cost wrong "the stride divides the places once, not along both axes"
def bottleneck_cost(in_channels, width, side, stride):
    out_channels = 4 * width
    out_side = (side - 1) // stride + 1
    before = in_channels * width
    behind = 9 * width**2 + width * out_channels
    if in_channels != out_channels or stride != 1:
        behind += in_channels * out_channels
    return before + behind, before * side**2 + behind * out_side * side


# %% shortcut_a hints [markdown]
# 1. Which axes get smaller, and which one gets longer? At which of its ends?
# 2. Pooling first or filling first gives the same. For the filling you need a block of
#    zeros with the shape of what is there, but half of the missing channels; or
#    `F.pad`, whose list begins with the last axis.
# 3. Two steps: average pooling with window and stride alike; then either `F.pad` with
#    six numbers, of which the last pair is the channels', or a `torch.cat` of zeros,
#    maps and zeros along axis 1.


# %% shortcut_a right "zeros joined at both ends"
def shortcut_a(X, out_channels, stride):
    X = nn.AvgPool2d(stride)(X)
    N, C, H, W = X.shape
    zeros = X.new_zeros(N, (out_channels - C) // 2, H, W)
    return torch.cat([zeros, X, zeros], dim=1)


# %% shortcut_a right "means by a reshape, written into zeros"
def shortcut_a(X, out_channels, stride):
    N, C, H, W = X.shape
    blocks = X.reshape(N, C, H // stride, stride, W // stride, stride)
    Y = torch.zeros(N, out_channels, H // stride, W // stride)
    start = (out_channels - C) // 2
    Y[:, start : start + C] = blocks.mean(dim=(3, 5))
    return Y


# %% shortcut_a wrong "all new channels stand behind the old ones"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = F.avg_pool2d(X, stride)
    return F.pad(X, [0, 0, 0, 0, 0, 2 * extra])


# %% shortcut_a wrong "all new channels stand in front of the old ones"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = F.avg_pool2d(X, stride)
    return F.pad(X, [0, 0, 0, 0, 2 * extra, 0])


# %% shortcut_a wrong "all missing channels at both ends: twice too many"
def shortcut_a(X, out_channels, stride):
    extra = out_channels - X.shape[1]
    X = F.avg_pool2d(X, stride)
    return F.pad(X, [0, 0, 0, 0, extra, extra])


# %% shortcut_a wrong "every stride-th pixel is taken, not the mean of a block"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = X[:, :, ::stride, ::stride]
    return F.pad(X, [0, 0, 0, 0, extra, extra])


# %% shortcut_a wrong "the maximum of a block, not its mean"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = F.max_pool2d(X, stride)
    return F.pad(X, [0, 0, 0, 0, extra, extra])


# %% shortcut_a wrong "the sum of a block, not its mean"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = F.avg_pool2d(X, stride) * stride**2
    return F.pad(X, [0, 0, 0, 0, extra, extra])


# %% shortcut_a wrong "the windows overlap: pooling with stride 1"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = F.avg_pool2d(X, stride, stride=1)
    return F.pad(X, [0, 0, 0, 0, extra, extra])


# %% shortcut_a wrong "blocks of 2 x 2, whatever the stride"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = F.avg_pool2d(X, 2, stride)
    return F.pad(X, [0, 0, 0, 0, extra, extra])


# %% shortcut_a wrong "the pooling is forgotten"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    return F.pad(X, [0, 0, 0, 0, extra, extra])


# %% shortcut_a wrong "the channels are not filled up"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = F.avg_pool2d(X, stride)
    return X


# %% shortcut_a wrong "the width is padded in place of the channels"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = F.avg_pool2d(X, stride)
    return F.pad(X, [extra, extra])


# %% shortcut_a wrong "the height is padded in place of the channels"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = F.avg_pool2d(X, stride)
    return F.pad(X, [0, 0, extra, extra])


# %% shortcut_a wrong "the batch is padded in place of the channels"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = F.avg_pool2d(X, stride)
    return F.pad(X, [0, 0, 0, 0, 0, 0, extra, extra])


# %% shortcut_a wrong "the old channels are repeated, where zeros should stand"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = F.avg_pool2d(X, stride)
    index = torch.arange(-extra, X.shape[1] + extra) % X.shape[1]
    return X[:, index]


# %% shortcut_a wrong "ones in place of zeros"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = F.avg_pool2d(X, stride)
    return F.pad(X, [0, 0, 0, 0, extra, extra], value=1.0)


# %% shortcut_a wrong "only the rows are averaged"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = F.avg_pool2d(X, (stride, 1))
    return F.pad(X, [0, 0, 0, 0, extra, extra])


# %% shortcut_a wrong "only the columns are averaged"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = F.avg_pool2d(X, (1, stride))
    return F.pad(X, [0, 0, 0, 0, extra, extra])


# %% shortcut_a wrong "filled up by out_channels, not to out_channels"
def shortcut_a(X, out_channels, stride):
    extra = out_channels // 2
    X = F.avg_pool2d(X, stride)
    return F.pad(X, [0, 0, 0, 0, extra, extra])


# %% shortcut_a wrong "the result is cut off from the graph"
def shortcut_a(X, out_channels, stride):
    extra = (out_channels - X.shape[1]) // 2
    X = F.avg_pool2d(X, stride)
    return F.pad(X.detach(), [0, 0, 0, 0, extra, extra])


# %% PreActivationBlock hints [markdown]
# 1. How many channels does the first batch norm see, and how many the second?
# 2. The activated input is needed twice: by the path, and by the 1 x 1 convolution of
#    the shortcut. But where the shortcut has no convolution, it is `X` itself that is
#    added, not the activated one.
# 3. In `forward`: the activated input by the first norm and ReLU; from it the path,
#    through convolution, norm, ReLU, convolution; then the sum with `X` or with the 1 x
#    1 convolution of the activated input. Nothing follows.


# %% PreActivationBlock right "two Sequentials"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.same = stride == 1 and in_channels == out_channels
        self.activate = nn.Sequential(nn.BatchNorm2d(in_channels), nn.ReLU())
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False),
        )
        if not self.same:
            self.project = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)

    def forward(self, X):
        A = self.activate(X)
        return (X if self.same else self.project(A)) + self.path(A)


# %% PreActivationBlock right "with lazy layers"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.norms = nn.ModuleList([nn.LazyBatchNorm2d(), nn.LazyBatchNorm2d()])
        settings = {"padding": 1, "bias": False}
        self.first = nn.LazyConv2d(out_channels, 3, stride=stride, **settings)
        self.second = nn.LazyConv2d(out_channels, 3, **settings)
        self.shortcut = None
        if stride > 1 or out_channels != in_channels:
            self.shortcut = nn.LazyConv2d(out_channels, 1, stride=stride, bias=False)

    def forward(self, X):
        A = self.norms[0](X).relu()
        Y = self.second(self.norms[1](self.first(A)).relu())
        shortcut = self.shortcut(A) if self.shortcut else X
        return torch.add(Y, shortcut)


# %% PreActivationBlock wrong "a ReLU follows the sum"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return F.relu(Y + (X if self.shortcut is None else self.shortcut(A)))


# %% PreActivationBlock wrong "the identity shortcut adds the activated input"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (A if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the 1 x 1 convolution reads X, not the activated input"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(X))


# %% PreActivationBlock wrong "X is overwritten: the caller's tensor is changed"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = X.copy_(F.relu(self.bn1(X)))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the shortcut is not added"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y


# %% PreActivationBlock wrong "the first norm and ReLU are left out"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = X
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the first ReLU is left out"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = self.bn1(X)
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the second ReLU is left out"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(self.bn2(self.conv1(A)))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the second norm is left out"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.conv1(A)))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "ReLU first, then the norm"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = self.bn1(F.relu(X))
        Y = self.conv2(self.bn2(F.relu(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the order of the older block: convolution, norm, ReLU"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = X
        Y = F.relu(self.bn1(self.conv1(A)))
        Y = self.bn2(self.conv2(Y))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the convolutions have biases"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the shortcut's convolution has a bias"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride=stride)

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the shortcut has a batch norm"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the shortcut is projected always"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        self.shortcut = nn.Conv2d(
            in_channels, out_channels, 1, stride=stride, bias=False
        )

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the shortcut is projected only if the channels change"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the shortcut is projected only if the size changes"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the shortcut's convolution lacks the stride"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the shortcut's convolution is 3 x 3"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 3, stride=stride, padding=1, bias=False
            )

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the stride stands in the second convolution"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(
            out_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "both convolutions of the path have the stride"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(
            out_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the stride is ignored"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, bias=False)

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y + (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the shortcut is joined along the channels, not added"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return torch.cat([Y, X if self.shortcut is None else self.shortcut(A)], 1)


# %% PreActivationBlock wrong "the shortcut is subtracted"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.shortcut = None
        if in_channels != out_channels or stride != 1:
            self.shortcut = nn.Conv2d(
                in_channels, out_channels, 1, stride=stride, bias=False
            )

    def forward(self, X):
        A = F.relu(self.bn1(X))
        Y = self.conv2(F.relu(self.bn2(self.conv1(A))))
        return Y - (X if self.shortcut is None else self.shortcut(A))


# %% PreActivationBlock wrong "the lecture's block: the activation behind, not in front"
class PreActivationBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
            nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1 or in_channels != out_channels:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD hints [markdown]
# 1. Of 7 x 5 pixels and a stride of 2 the path makes 4 x 3. What does a 2 x 2 average
#    pooling make of them, and which of its settings mends that?
# 2. The pooling takes over the stride, so the 1 x 1 convolution behind it has none. And
#    a stride alone is reason enough for a convolution, even where the channels stay.
# 3. The path is a `Sequential` of eight layers that ends in a norm. The shortcut is an
#    empty `Sequential` to which pooling, then convolution and norm are appended under
#    their two conditions. `forward` adds the two and applies a ReLU.


# %% BottleneckD right "layer by layer in forward"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        self.stride = stride
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.norm1, self.norm2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.norm3 = nn.BatchNorm2d(4 * width)
        self.project = stride > 1 or in_channels != 4 * width
        if self.project:
            self.conv4 = nn.Conv2d(in_channels, 4 * width, 1, bias=False)
            self.norm4 = nn.BatchNorm2d(4 * width)

    def forward(self, X):
        Y = torch.relu(self.norm1(self.conv1(X)))
        Y = torch.relu(self.norm2(self.conv2(Y)))
        Y = self.norm3(self.conv3(Y))
        if self.stride > 1:
            X = F.avg_pool2d(X, self.stride, ceil_mode=True)
        if self.project:
            X = self.norm4(self.conv4(X))
        return torch.relu(X + Y)


# %% BottleneckD right "with lazy layers"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()

        def conv(channels, size, stride=1):
            settings = {"stride": stride, "padding": size // 2, "bias": False}
            return [nn.LazyConv2d(channels, size, **settings), nn.LazyBatchNorm2d()]

        first, second = conv(width, 1), conv(width, 3, stride)
        third, fourth = conv(4 * width, 1), conv(4 * width, 1)
        self.path = nn.Sequential(*first, nn.ReLU(), *second, nn.ReLU(), *third)
        self.shortcut = nn.Identity()
        if stride != 1:
            pool = nn.AvgPool2d(stride, stride, ceil_mode=True)
            self.shortcut = nn.Sequential(pool, *fourth)
        elif in_channels != 4 * width:
            self.shortcut = nn.Sequential(*fourth)

    def forward(self, X):
        return (self.shortcut(X) + self.path(X)).relu()


# %% BottleneckD wrong "the pooling rounds down"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the pooling is left out, and the 1 x 1 convolution has the stride"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            )
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the pooling is left out, and nothing has the stride on the shortcut"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "pooling and the 1 x 1 convolution both have the stride"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            )
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "maximum pooling on the shortcut"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.MaxPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the pooling always has a 2 x 2 window"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(2, stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the pooling has a 3 x 3 window with padding"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(3, stride, padding=1))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "a projection only if the channels change"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "a projection only if the size changes"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "a projection always"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
        self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the shortcut has no batch norm"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the stride stands in the first 1 x 1 convolution"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, stride, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the stride stands in the last 1 x 1 convolution"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, stride, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the stride is missing on the path"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "no ReLU behind the sum"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.path(X) + self.shortcut(X)


# %% BottleneckD wrong "the ReLU acts in front of the sum only"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X)) + self.shortcut(X)


# %% BottleneckD wrong "a ReLU in front of the sum, and one behind it"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(F.relu(self.path(X)) + self.shortcut(X))


# %% BottleneckD wrong "the shortcut is not added"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X))


# %% BottleneckD wrong "the convolutions have biases"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the last norm of the path is missing"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the first two norms are missing"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the output has width channels, not four times that"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the path has two 3 x 3 convolutions: no bottleneck"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the 3 x 3 convolution has no padding"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the first ReLU is missing"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the second ReLU is missing"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% BottleneckD wrong "the pooling comes last on the shortcut"
class BottleneckD(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        out_channels = 4 * width
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(nn.Conv2d(in_channels, out_channels, 1, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out_channels))
        if stride != 1:
            self.shortcut.append(nn.AvgPool2d(stride, ceil_mode=True))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% zero_last hints [markdown]
# 1. Which object do you meet at any depth of a net, that has an attribute `path`? And
#    where can a norm hide inside that path?
# 2. `modules()` walks through a module with everything in it, itself included, in
#    order. So it finds the blocks in the net, and the norms in a path. The last norm
#    need not be the path's last layer.
# 3. A loop over all modules of the net that have a `path`. In each: a list of the norms
#    in the path. If it isn't empty, fill the weight of its last entry with 0, without a
#    gradient, and count.


# %% zero_last right "by the names of the modules"
def zero_last(net):
    last = {}
    for name, module in net.named_modules(prefix="net"):
        if isinstance(module, nn.BatchNorm2d) and ".path." in name:
            last[name.split(".path.")[0]] = module
    with torch.no_grad():
        for norm in last.values():
            norm.weight.zero_()
    return len(last)


# %% zero_last right "backwards through the path"
def zero_last(net):
    def last_norm(path):
        for module in reversed(list(path.modules())):
            if isinstance(module, nn.BatchNorm2d):
                return module
        return None

    paths = [m.path for m in net.modules() if hasattr(m, "path")]
    norms = [norm for norm in map(last_norm, paths) if norm is not None]
    for norm in norms:
        nn.init.constant_(norm.weight, 0.0)
    return len(norms)


# %% zero_last wrong "the first norm of a path is set, not the last"
def zero_last(net):
    count = 0
    for block in net.modules():
        if hasattr(block, "path"):
            norms = [m for m in block.path.modules() if isinstance(m, nn.BatchNorm2d)]
            if norms:
                nn.init.zeros_(norms[0].weight)
                count += 1
    return count


# %% zero_last wrong "all norms of a path are set"
def zero_last(net):
    count = 0
    for block in net.modules():
        if hasattr(block, "path"):
            norms = [m for m in block.path.modules() if isinstance(m, nn.BatchNorm2d)]
            if norms:
                for norm in norms:
                    nn.init.zeros_(norm.weight)
                count += 1
    return count


# %% zero_last wrong "every norm that is set is counted, not every block"
def zero_last(net):
    count = 0
    for block in net.modules():
        if hasattr(block, "path"):
            norms = [m for m in block.path.modules() if isinstance(m, nn.BatchNorm2d)]
            if norms:
                nn.init.zeros_(norms[-1].weight)
                count += len(norms)
    return count


# %% zero_last wrong "the shift (beta) is set, not the scale (gamma)"
def zero_last(net):
    count = 0
    for block in net.modules():
        if hasattr(block, "path"):
            norms = [m for m in block.path.modules() if isinstance(m, nn.BatchNorm2d)]
            if norms:
                nn.init.zeros_(norms[-1].bias)
                count += 1
    return count


# %% zero_last wrong "scale and shift are both set"
def zero_last(net):
    count = 0
    for block in net.modules():
        if hasattr(block, "path"):
            norms = [m for m in block.path.modules() if isinstance(m, nn.BatchNorm2d)]
            if norms:
                nn.init.zeros_(norms[-1].weight)
                nn.init.zeros_(norms[-1].bias)
                count += 1
    return count


# %% zero_last wrong "the scale is set to 1"
def zero_last(net):
    count = 0
    for block in net.modules():
        if hasattr(block, "path"):
            norms = [m for m in block.path.modules() if isinstance(m, nn.BatchNorm2d)]
            if norms:
                nn.init.ones_(norms[-1].weight)
                count += 1
    return count


# %% zero_last wrong "the norm of the shortcut is set"
def zero_last(net):
    count = 0
    for block in net.modules():
        if hasattr(block, "path"):
            norms = [m for m in block.modules() if isinstance(m, nn.BatchNorm2d)]
            if norms:
                nn.init.zeros_(norms[-1].weight)
                count += 1
    return count


# %% zero_last wrong "only layers directly in the path are looked at"
def zero_last(net):
    count = 0
    for block in net.modules():
        if hasattr(block, "path"):
            norms = [m for m in block.path if isinstance(m, nn.BatchNorm2d)]
            if norms:
                nn.init.zeros_(norms[-1].weight)
                count += 1
    return count


# %% zero_last wrong "only the path's very last layer is looked at"
def zero_last(net):
    count = 0
    for block in net.modules():
        if hasattr(block, "path"):
            norms = [
                m
                for m in list(block.path.modules())[-1:]
                if isinstance(m, nn.BatchNorm2d)
            ]
            if norms:
                nn.init.zeros_(norms[-1].weight)
                count += 1
    return count


# %% zero_last wrong "only blocks directly in the net are found"
def zero_last(net):
    count = 0
    for block in net.children():
        if hasattr(block, "path"):
            norms = [m for m in block.path.modules() if isinstance(m, nn.BatchNorm2d)]
            if norms:
                nn.init.zeros_(norms[-1].weight)
                count += 1
    return count


# %% zero_last wrong "the net itself is left out, if it is a block"
def zero_last(net):
    count = 0
    for block in list(net.modules())[1:]:
        if hasattr(block, "path"):
            norms = [m for m in block.path.modules() if isinstance(m, nn.BatchNorm2d)]
            if norms:
                nn.init.zeros_(norms[-1].weight)
                count += 1
    return count


# %% zero_last wrong "all norms of the net are set"
def zero_last(net):
    count = 0
    for block in net.modules():
        if isinstance(block, nn.BatchNorm2d):
            nn.init.zeros_(block.weight)
            count += 1
    return count


# %% zero_last wrong "only the last norm of the whole net is set"
def zero_last(net):
    count = 0
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    if norms:
        nn.init.zeros_(norms[-1].weight)
        count = 1
    return count


# %% zero_last wrong "only the last norm that stands in a path is set"
def zero_last(net):
    count = 0
    paths = [m.path for m in net.modules() if hasattr(m, "path")]
    norms = [m for p in paths for m in p.modules() if isinstance(m, nn.BatchNorm2d)]
    if norms:
        nn.init.zeros_(norms[-1].weight)
        count = 1
    return count


# %% zero_last wrong "paths without a norm are counted as well"
def zero_last(net):
    count = 0
    for block in net.modules():
        if hasattr(block, "path"):
            norms = [m for m in block.path.modules() if isinstance(m, nn.BatchNorm2d)]
            if norms:
                nn.init.zeros_(norms[-1].weight)
                pass
            count += 1
    return count


# %% zero_last wrong "nothing is returned"
def zero_last(net):
    count = 0
    for block in net.modules():
        if hasattr(block, "path"):
            norms = [m for m in block.path.modules() if isinstance(m, nn.BatchNorm2d)]
            if norms:
                nn.init.zeros_(norms[-1].weight)
                count += 1


# %% zero_last wrong "the last convolution of a path is set"
def zero_last(net):
    count = 0
    for block in net.modules():
        if hasattr(block, "path"):
            norms = [m for m in block.path.modules() if isinstance(m, nn.Conv2d)]
            if norms:
                nn.init.zeros_(norms[-1].weight)
                count += 1
    return count


# %% zero_last wrong "the running variance is set to 0, not the scale"
def zero_last(net):
    count = 0
    for block in net.modules():
        if hasattr(block, "path"):
            norms = [m for m in block.path.modules() if isinstance(m, nn.BatchNorm2d)]
            if norms:
                nn.init.zeros_(norms[-1].running_var)
                count += 1
    return count


# %% zero_last wrong "a path without a norm raises an error"
def zero_last(net):
    count = 0
    for block in net.modules():
        if hasattr(block, "path"):
            norms = [m for m in block.path.modules() if isinstance(m, nn.BatchNorm2d)]
            nn.init.zeros_(norms[-1].weight)
            count += 1
    return count


# %% zero_last wrong "only the first block is treated"
def zero_last(net):
    count = 0
    for block in net.modules():
        if hasattr(block, "path"):
            norms = [m for m in block.path.modules() if isinstance(m, nn.BatchNorm2d)]
            if norms:
                nn.init.zeros_(norms[-1].weight)
                count += 1
                break
    return count


# %% gradient_gain hints [markdown]
# 1. The loss itself isn't there, only its gradient at the output. Which argument of
#    `torch.autograd.grad` takes that?
# 2. Autograd multiplies the gradient at the output by the block's Jacobian, if you hand
#    it over with the output. `backward` would also fill the parameters' `.grad`;
#    `torch.autograd.grad` for `X` alone doesn't.
# 3. Four steps: a detached copy of `X` that records gradients; the block's output; the
#    gradient for that copy, given `G`; the quotient of the two norms as a float.


# %% gradient_gain right "as the gradient of a weighted sum"
def gradient_gain(block, X, G):
    leaf = X.detach().requires_grad_()
    total = (block(leaf) * G).sum()
    before = torch.autograd.grad(total, [leaf])[0]
    return float(torch.sqrt((before**2).sum() / (G**2).sum()))


# %% gradient_gain right "with torch.func.vjp"
def gradient_gain(block, X, G):
    _, back = torch.func.vjp(block, X)
    (before,) = back(G)
    return torch.linalg.vector_norm(before).item() / torch.linalg.vector_norm(G).item()


# %% gradient_gain wrong "the quotient is turned round"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return (G.norm() / before.norm()).item()


# %% gradient_gain wrong "not divided by the norm at the output"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return before.norm().item()


# %% gradient_gain wrong "G is ignored: a gradient of ones arrives"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=torch.ones_like(G))
    return (before.norm() / G.norm()).item()


# %% gradient_gain wrong "ones arrive, and are what is divided by"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=torch.ones_like(G))
    return (before.norm() / torch.ones_like(G).norm()).item()


# %% gradient_gain wrong "norms are squared"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return ((before**2).sum() / (G**2).sum()).item()


# %% gradient_gain wrong "the sum of absolute values is taken for the norm"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return (before.abs().sum() / G.abs().sum()).item()


# %% gradient_gain wrong "the largest absolute value is taken for the norm"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return (before.abs().max() / G.abs().max()).item()


# %% gradient_gain wrong "sums of the gradients, which cancel, in place of norms"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return (before.sum() / G.sum()).item()


# %% gradient_gain wrong "means over the numbers: the count of numbers enters"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return (before.norm() / before.numel() / G.norm() * G.numel()).item()


# %% gradient_gain wrong "norms image by image, then the mean of the quotients"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return (before.flatten(1).norm(dim=1) / G.flatten(1).norm(dim=1)).mean().item()


# %% gradient_gain wrong "how much the signal grows, not the gradient"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return (block(X).norm() / X.norm()).item()


# %% gradient_gain wrong "the signal at the output against the gradient at the input"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return (before.norm() / block(X).norm()).item()


# %% gradient_gain wrong "the gradient is compared with the input"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return (before.norm() / X.norm()).item()


# %% gradient_gain wrong "backward fills the gradients of the parameters"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    block(X).backward(G)
    before = X.grad
    return (before.norm() / G.norm()).item()


# %% gradient_gain wrong "the gradients of the parameters are zeroed"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    block.zero_grad()
    return (before.norm() / G.norm()).item()


# %% gradient_gain wrong "the gradient of the first parameter, not of the input"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    before = torch.autograd.grad(
        block(X), list(block.parameters())[:1], grad_outputs=G
    )[0]
    return (before.norm() / G.norm()).item()


# %% gradient_gain wrong "the shortcut is taken off: the identity's gradient subtracted"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    before = before - G if before.shape == G.shape else before
    return (before.norm() / G.norm()).item()


# %% gradient_gain wrong "the quotient less 1"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return (before.norm() / G.norm()).item() - 1


# %% gradient_gain wrong "the logarithm of the quotient"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return (before.norm() / G.norm()).log().item()


# %% gradient_gain wrong "an extra sum is added as if there were always a shortcut"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    before = before + G if before.shape == G.shape else before
    return (before.norm() / G.norm()).item()


# %% gradient_gain wrong "X records no gradient"
def gradient_gain(block, X, G):
    X = X.detach().clone()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return (before.norm() / G.norm()).item()


# %% gradient_gain wrong "a tensor is returned, not a float"
def gradient_gain(block, X, G):
    X = X.detach().clone().requires_grad_()
    (before,) = torch.autograd.grad(block(X), X, grad_outputs=G)
    return before.norm() / G.norm()


# %% resnet hints [markdown]
# 1. For `[(2, 3), (1, 5)]`: how many channels do the three blocks and the full layer
#    read?
# 2. Two things must be carried along: the channels that the block before gave, and
#    whether this is the first block of a stage other than the first. Only that one has
#    stride 2.
# 3. A list of layers: convolution, norm and ReLU of the stem. Two loops, over the
#    stages and over a stage's blocks, append one `Block` each and then set the
#    channels. At the end pooling to 1 x 1, flattening, full layer.


# %% resnet right "stages as blocks of their own"
def resnet(in_channels, stages, num_classes):
    def stage(C, num_blocks, channels, stride):
        rest = [Block(channels, channels) for _ in range(num_blocks - 1)]
        return nn.Sequential(Block(C, channels, stride), *rest)

    widths = [stages[0][1], *(channels for _, channels in stages)]
    conv = nn.Conv2d(in_channels, widths[0], 3, 1, 1, bias=False)
    net = nn.Sequential(conv, nn.BatchNorm2d(widths[0]), nn.ReLU())
    for k, (num_blocks, channels) in enumerate(stages):
        net.append(stage(widths[k], num_blocks, channels, 1 if k == 0 else 2))
    net.extend([nn.AdaptiveAvgPool2d(1), nn.Flatten()])
    return net.append(nn.Linear(widths[-1], num_classes))


# %% resnet right "a module with a lazy head"
def resnet(in_channels, stages, num_classes):
    class ResNet(nn.Module):
        def __init__(self):
            super().__init__()
            before = stages[0][1]
            self.stem = nn.Conv2d(in_channels, before, 3, padding="same", bias=False)
            self.norm, self.blocks = nn.BatchNorm2d(before), nn.ModuleList()
            for number, (count, width) in enumerate(stages):
                strides = [2 if number else 1] + [1] * (count - 1)
                for stride in strides:
                    self.blocks.append(Block(before, width, stride))
                    before = width
            self.head = nn.LazyLinear(num_classes)

        def forward(self, X):
            X = self.norm(self.stem(X)).relu()
            for block in self.blocks:
                X = block(X)
            return self.head(X.mean(dim=(2, 3)))

    return ResNet()


# %% resnet wrong "the first stage begins with stride 2, too"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "every block of the later stages has stride 2"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "the last block of a stage has the stride, not the first"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(
                Block(C, channels, stride=2 if s > 0 and b == num_blocks - 1 else 1)
            )
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "the first stage has the stride, the later ones have not"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s == 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "no block has a stride"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "a stride only where the channels change"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if C != channels else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "a stage has one block, whatever its number"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(1):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "each stage has a block too many"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks + 1):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "number of blocks and channels are swapped"
def resnet(in_channels, stages, num_classes):
    C = stages[0][0]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (channels, num_blocks) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "the stem has as many channels as the image"
def resnet(in_channels, stages, num_classes):
    C = in_channels
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "the stem has the last stage's channels"
def resnet(in_channels, stages, num_classes):
    C = stages[-1][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "the stem has 64 channels, as in the paper"
def resnet(in_channels, stages, num_classes):
    C = 64
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "the stem has stride 2"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, stride=2, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "the stem is 7 x 7"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 7, padding=3, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "the stem's convolution has a bias"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "the stem has no batch norm"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "the stem has no ReLU"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C)]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "a max pooling follows the stem"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "the stem is left out"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers, C = [], in_channels
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "the maximum over all places, not the mean"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "all places go into the full layer, without a mean"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.Flatten(), nn.LazyLinear(num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "the full layer has no bias"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(C, num_classes, bias=False),
    ]
    return nn.Sequential(*layers)


# %% resnet wrong "a softmax ends the net"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(C, num_classes),
        nn.Softmax(dim=1),
    ]
    return nn.Sequential(*layers)


# %% resnet wrong "the full layer is left out"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers)


# %% resnet wrong "the channels are not carried along within a stage"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
        C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "one block is used again and again: the later blocks of a stage share weights"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU()]
    for s, (num_blocks, channels) in enumerate(stages):
        layers.append(Block(C, channels, stride=2 if s > 0 else 1))
        C = channels
        layers += [Block(C, C)] * (num_blocks - 1)
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% resnet wrong "the stem of the paper: 7 x 7 with stride 2, then max pooling"
def resnet(in_channels, stages, num_classes):
    C = stages[0][1]
    layers = [nn.Conv2d(in_channels, C, 7, 2, padding=3, bias=False)]
    layers += [nn.BatchNorm2d(C), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1)]
    for s, (num_blocks, channels) in enumerate(stages):
        for b in range(num_blocks):
            layers.append(Block(C, channels, stride=2 if s > 0 and b == 0 else 1))
            C = channels
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, num_classes)]
    return nn.Sequential(*layers)


# %% dense_channels hints [markdown]
# 1. A block of 3 layers with growth 5 reads 9 channels. How many does each of its
#    layers read, and how many stand behind it?
# 2. The transition cuts all channels that are there, also those that were there before
#    the block. It stands between two blocks: in front of every block but the first.
# 3. A loop over the blocks with the current number of channels. Except in the first
#    turn: multiply by the share, round down, append. In every turn: add layers times
#    growth, and append.


# %% dense_channels right "the last transition is cut off"
def dense_channels(in_channels, growth, blocks, theta):
    from math import floor

    numbers = [in_channels]
    for n in blocks:
        behind = numbers[-1] + growth * n
        numbers += [behind, floor(theta * behind)]
    return numbers[1:-1]


# %% dense_channels right "by recursion"
def dense_channels(in_channels, growth, blocks, theta):
    first, *rest = blocks
    behind = in_channels + first * growth
    if not rest:
        return [behind]
    kept = int(behind * theta // 1)
    return [behind, kept, *dense_channels(kept, growth, rest, theta)]


# %% dense_channels wrong "a transition stands behind the last block, too"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        C += num_layers * growth
        channels.append(C)
        C = int(theta * C)
        channels.append(C)
    return channels


# %% dense_channels wrong "a transition stands in front of the first block, too"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        C = int(theta * C)
        channels.append(C)
        C += num_layers * growth
        channels.append(C)
    return channels


# %% dense_channels wrong "the channels behind a transition are not listed"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = int(theta * C)
        C += num_layers * growth
        channels.append(C)
    return channels


# %% dense_channels wrong "only the channels behind transitions and at the end are listed"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = int(theta * C)
            channels.append(C)
        C += num_layers * growth
    return [*channels, C]


# %% dense_channels wrong "rounded to the nearest, not down"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = round(theta * C)
            channels.append(C)
        C += num_layers * growth
        channels.append(C)
    return channels


# %% dense_channels wrong "rounded up"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = -int(-theta * C // 1)
            channels.append(C)
        C += num_layers * growth
        channels.append(C)
    return channels


# %% dense_channels wrong "not rounded: a float"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = theta * C
            channels.append(C)
        C += num_layers * growth
        channels.append(C)
    return channels


# %% dense_channels wrong "always halved, whatever the share"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = C // 2
            channels.append(C)
        C += num_layers * growth
        channels.append(C)
    return channels


# %% dense_channels wrong "the share is taken off, not kept"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = int((1 - theta) * C)
            channels.append(C)
        C += num_layers * growth
        channels.append(C)
    return channels


# %% dense_channels wrong "divided by the share"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = int(C / theta)
            channels.append(C)
        C += num_layers * growth
        channels.append(C)
    return channels


# %% dense_channels wrong "no transitions at all"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        C += num_layers * growth
        channels.append(C)
    return channels


# %% dense_channels wrong "the block gives only what its layers add"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = int(theta * C)
            channels.append(C)
        C = num_layers * growth
        channels.append(C)
    return channels


# %% dense_channels wrong "each block adds the growth once, not for each layer"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = int(theta * C)
            channels.append(C)
        C += growth
        channels.append(C)
    return channels


# %% dense_channels wrong "each layer doubles what is there"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = int(theta * C)
            channels.append(C)
        C *= 2**num_layers
        channels.append(C)
    return channels


# %% dense_channels wrong "the first layer of a block is not counted"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = int(theta * C)
            channels.append(C)
        C += (num_layers - 1) * growth
        channels.append(C)
    return channels


# %% dense_channels wrong "one layer too many in each block"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = int(theta * C)
            channels.append(C)
        C += (num_layers + 1) * growth
        channels.append(C)
    return channels


# %% dense_channels wrong "each layer gives the growth times its number"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = int(theta * C)
            channels.append(C)
        C += growth * num_layers * (num_layers + 1) // 2
        channels.append(C)
    return channels


# %% dense_channels wrong "the channels of the input are forgotten"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = 0, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = int(theta * C)
            channels.append(C)
        C += num_layers * growth
        channels.append(C)
    return channels


# %% dense_channels wrong "the input's channels are listed as well"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, [in_channels]
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = int(theta * C)
            channels.append(C)
        C += num_layers * growth
        channels.append(C)
    return channels


# %% dense_channels wrong "only the last number is returned"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = int(theta * C)
            channels.append(C)
        C += num_layers * growth
        channels.append(C)
    return channels[-1:]


# %% dense_channels wrong "the transition cuts only what the block added"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            added = blocks[k - 1] * growth
            C = C - added + int(theta * added)
            channels.append(C)
        C += num_layers * growth
        channels.append(C)
    return channels


# %% dense_channels wrong "every layer is listed, not every block"
def dense_channels(in_channels, growth, blocks, theta):
    C, channels = in_channels, []
    for k, num_layers in enumerate(blocks):
        if k > 0:
            C = int(theta * C)
            channels.append(C)
        for _ in range(num_layers):
            C += growth
            channels.append(C)
    return channels


# %% DenseBlockB hints [markdown]
# 1. With 5 channels and growth 3: how many does the second layer read, and in which
#    order do they stand?
# 2. Each layer has a list of six layers of its own, and its first norm is as wide as
#    all that was made so far. What it makes is joined behind that, along the channels.
# 3. In the constructor a loop builds one `Sequential` a layer into an `nn.ModuleList`;
#    layer k reads the input's channels and k times the growth. `forward` puts `X`
#    through each and replaces it by the join of `X` and the result.


# %% DenseBlockB right "all outputs kept in a list"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()

        def layer(C):
            wide = 4 * growth
            conv1 = nn.Conv2d(C, wide, 1, bias=False)
            conv2 = nn.Conv2d(wide, growth, 3, padding="same", bias=False)
            first = [nn.BatchNorm2d(C), nn.ReLU(), conv1]
            return nn.Sequential(*first, nn.BatchNorm2d(wide), nn.ReLU(), conv2)

        widths = range(in_channels, in_channels + num_layers * growth, growth)
        self.net = nn.ModuleList(map(layer, widths))

    def forward(self, X):
        made = [X]
        for layer in self.net:
            made.append(layer(torch.cat(made, 1)))
        return torch.cat(made, 1)


# %% DenseBlockB right "a Sequential of layers that join, with lazy layers"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()

        class Layer(nn.Module):
            def __init__(self):
                super().__init__()
                self.bn1, self.bn2 = nn.LazyBatchNorm2d(), nn.LazyBatchNorm2d()
                self.conv1 = nn.LazyConv2d(4 * growth, 1, bias=False)
                self.conv2 = nn.LazyConv2d(growth, 3, padding=1, bias=False)

            def forward(self, X):
                Y = self.conv1(self.bn1(X).relu())
                return torch.concat((X, self.conv2(self.bn2(Y).relu())), dim=-3)

        self.net = nn.Sequential(*[Layer() for _ in range(num_layers)])

    def forward(self, X):
        return self.net(X)


# %% DenseBlockB wrong "the new channels are joined in front of the old ones"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([layer(X), X], dim=1)
        return X


# %% DenseBlockB wrong "the input's channels are left out of the output"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        C = X.shape[1]
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X[:, C:]


# %% DenseBlockB wrong "only the last layer's channels are returned"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            Y = layer(X)
            X = torch.cat([X, Y], dim=1)
        return Y


# %% DenseBlockB wrong "joined along the batch"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=0)
        return X


# %% DenseBlockB wrong "each layer reads the input only"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        made = [X]
        for layer in self.layers:
            made.append(layer(X))
        return torch.cat(made, dim=1)


# %% DenseBlockB wrong "each layer reads only what the one before it made"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels if k == 0 else growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        made = [X]
        for layer in self.layers:
            made.append(layer(made[-1]))
        return torch.cat(made, dim=1)


# %% DenseBlockB wrong "the 1 x 1 convolution is missing"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "the bottleneck has the growth's width, not four times that"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, growth, 1, bias=False),
                nn.BatchNorm2d(growth),
                nn.ReLU(),
                nn.Conv2d(growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "each layer adds four times the growth"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + 4 * k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, 4 * growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "the 3 x 3 convolution comes first"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 3, padding=1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "both convolutions are 3 x 3"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 3, padding=1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "convolution, norm, ReLU in place of norm, ReLU, convolution"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
                nn.BatchNorm2d(growth),
                nn.ReLU(),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "the first norm is missing"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "the second norm is missing"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "the first ReLU is missing"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "the second ReLU is missing"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "ReLU first, then the norm"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.ReLU(),
                nn.BatchNorm2d(C),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.ReLU(),
                nn.BatchNorm2d(4 * growth),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "the convolutions have biases"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "the 3 x 3 convolution has no padding, and the maps are cropped to fit"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X[:, :, 1:-1, 1:-1], layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "what a layer makes is added, not joined"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            Y = layer(X)
            X = X + Y
        return X


# %% DenseBlockB wrong "the layers share their weights where they can: one layer is built"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for _ in self.layers:
            C = self.layers[0][0].num_features
            X = torch.cat([X, self.layers[0](X[:, -C:])], dim=1)
        return X


# %% DenseBlockB wrong "the layers stand in a plain list, where PyTorch doesn't find them"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = []
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "one layer too few"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers - 1):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "one layer too many"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers + 1):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return X


# %% DenseBlockB wrong "a transition ends the block"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            layer = nn.Sequential(
                nn.BatchNorm2d(C),
                nn.ReLU(),
                nn.Conv2d(C, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth),
                nn.ReLU(),
                nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
            )
            self.layers.append(layer)

    def forward(self, X):
        for layer in self.layers:
            X = torch.cat([X, layer(X)], dim=1)
        return F.avg_pool2d(X, 2)


# %% DenseBlockB wrong "the newest layer's channels are read first"
class DenseBlockB(nn.Module):
    def __init__(self, in_channels, growth, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            C = in_channels + k * growth
            self.layers.append(
                nn.Sequential(
                    nn.BatchNorm2d(C),
                    nn.ReLU(),
                    nn.Conv2d(C, 4 * growth, 1, bias=False),
                    nn.BatchNorm2d(4 * growth),
                    nn.ReLU(),
                    nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
                )
            )

    def forward(self, X):
        made = []
        for layer in self.layers:
            made.append(layer(torch.cat([X, *reversed(made)], dim=1)))
        return torch.cat([X, *made], dim=1)


# %% MendedBlock hints [markdown]
# 1. Follow `X` through `Broken` with pencil: what stands in `X` when the shortcut reads
#    it? And which sizes meet at the sum, with a stride of 2?
# 2. An in-place activation writes over what it is given. The shortcut needs the stride,
#    and is needed where only the size changes. The activation belongs behind the sum,
#    not to the end of the path.
# 3. Make the activation one that writes nowhere. Take the last one out of the path and
#    apply it to the sum. Give the shortcut's convolution the stride, and build it if
#    channels or size change.


# %% MendedBlock right "layer by layer, the second activation in place"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        settings = {"kernel_size": 3, "padding": 1, "bias": False}
        self.conv1 = nn.Conv2d(in_channels, out_channels, stride=stride, **settings)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, **settings)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.same = stride == 1 and in_channels == out_channels
        if not self.same:
            self.conv3 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, X):
        Y = self.bn1(self.conv1(F.leaky_relu(X, 0.1)))
        Y = self.bn2(self.conv2(F.leaky_relu(Y, 0.1, inplace=True)))
        shortcut = X if self.same else self.bn3(self.conv3(X))
        return F.leaky_relu(Y + shortcut, 0.1)


# %% MendedBlock right "the shortcut is read first, lazy layers"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()

        def conv(size, stride=1):
            half = size // 2
            conv = nn.LazyConv2d(out_channels, size, stride, half, bias=False)
            return nn.Sequential(conv, nn.LazyBatchNorm2d())

        self.first, self.second = conv(3, stride), conv(3)
        change = stride > 1 or in_channels != out_channels
        self.shortcut = conv(1, stride) if change else nn.Identity()

    def forward(self, X):
        act = nn.LeakyReLU(negative_slope=0.1)
        way_round = self.shortcut(X)
        return act(way_round + self.second(act(self.first(act(X)))))


# %% MendedBlock wrong "the block as it was found"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1, inplace=True)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels), self.act),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels:
            conv = nn.Conv2d(in_channels, out_channels, 1, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.path(X) + self.shortcut(X)


# %% MendedBlock wrong "the in-place activation still overwrites X"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1, inplace=True)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "the activation stands in front of the sum only"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X)) + self.shortcut(X)


# %% MendedBlock wrong "the activation stands in front of the sum and behind it"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.act(self.path(X)) + self.shortcut(X))


# %% MendedBlock wrong "no activation at the end at all"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.path(X) + self.shortcut(X)


# %% MendedBlock wrong "the shortcut still lacks the stride"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "the shortcut has a stride of 2, whatever the block's"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, 2, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "no projection if only the size changes"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "a projection only if the size changes"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "a projection always"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
        self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "where only the size changes, pixels are skipped without a projection"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        Y = self.path(X)
        if X.shape[1] == Y.shape[1] and X.shape != Y.shape:
            s = self.path[1].stride[0]
            X = X[:, :, ::s, ::s]
        return self.act(Y + self.shortcut(X))


# %% MendedBlock wrong "the mean over all places is added: the sum is broadcast"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        Z = self.shortcut(X).mean(dim=(2, 3), keepdim=True)
        return self.act(self.path(X) + Z)


# %% MendedBlock wrong "the shortcut's mean over the channels is added: the sum is broadcast"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        Z = self.shortcut(X).mean(dim=1, keepdim=True)
        return self.act(self.path(X) + Z)


# %% MendedBlock wrong "the shortcut is not added"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X))


# %% MendedBlock wrong "the path begins without its activation"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "the second activation is missing"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "a plain ReLU in place of the leaky one"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.ReLU()
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "the slope is PyTorch's default of 0.01"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU()
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "only the last activation is leaky"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.ReLU()
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.leaky_relu(self.path(X) + self.shortcut(X), 0.1)


# %% MendedBlock wrong "only the activations of the path are leaky"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return F.relu(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "the shortcut's batch norm is missing"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = conv

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "the shortcut's convolution has a bias"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "the path's convolutions have biases"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "the shortcut's convolution is 3 x 3"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "the shortcut reads the activated input"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(self.act(X)))


# %% MendedBlock wrong "the stride stands in the path's second convolution"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, 1, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, stride, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "both convolutions of the path have the stride"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, stride, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2, nn.BatchNorm2d(out_channels)),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))


# %% MendedBlock wrong "the path's last norm is missing"
class MendedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.path = nn.Sequential(
            *(self.act, conv1, nn.BatchNorm2d(out_channels)),
            *(self.act, conv2),
        )
        self.shortcut = nn.Sequential()
        if in_channels != out_channels or stride != 1:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, X):
        return self.act(self.path(X) + self.shortcut(X))
