# %% same_padding hints [markdown]
# 1. How many inputs does one output of a dilated kernel span, and how many outputs are
#    missing without padding?
# 2. The distance from the first tap to the last is the number of gaps times the
#    dilation. So many places are lost, and so many zeros must come back, before and
#    after together.
# 3. Compute the sum of both, give one half rounded down to the front, and what is left
#    to the back.


# %% same_padding right "by divmod"
def same_padding(k, dilation):
    total = dilation * (k - 1)
    half, odd = divmod(total, 2)
    return [half, half + odd]


# %% same_padding right "from the size of the window"
def same_padding(k, dilation):
    total = (dilation * (k - 1) + 1) - 1
    return total // 2, (total + 1) // 2


# %% same_padding wrong "the dilation is left out"
def same_padding(k, dilation):
    total = k - 1
    return total // 2, total - total // 2


# %% same_padding wrong "the zero more stands before"
def same_padding(k, dilation):
    total = dilation * (k - 1)
    return total - total // 2, total // 2


# %% same_padding wrong "the whole sum is given to both sides"
def same_padding(k, dilation):
    total = dilation * (k - 1)
    return total, total


# %% same_padding wrong "the rule for odd kernels, whose half is rounded down on both sides"
def same_padding(k, dilation):
    total = dilation * (k - 1)
    return total // 2, total // 2


# %% same_padding wrong "the half is rounded up on both sides"
def same_padding(k, dilation):
    total = dilation * (k - 1)
    return total - total // 2, total - total // 2


# %% same_padding wrong "half the kernel for both sides, without the dilation"
def same_padding(k, dilation):
    total = dilation * (k - 1)
    return k // 2, k // 2


# %% same_padding wrong "the dilation multiplies the kernel, not the distances between its taps"
def same_padding(k, dilation):
    total = dilation * k - 1
    return total // 2, total - total // 2


# %% same_padding wrong "the kernel's size without the minus one"
def same_padding(k, dilation):
    total = dilation * k
    return total // 2, total - total // 2


# %% same_padding wrong "the dilation counted as what is left out between two taps"
def same_padding(k, dilation):
    total = (dilation + 1) * (k - 1)
    return total // 2, total - total // 2


# %% same_padding wrong "each half multiplied by the dilation, so that an odd rest is multiplied, too"
def same_padding(k, dilation):
    total = k - 1
    return dilation * (total // 2), dilation * (total - total // 2)


# %% same_padding wrong "all zeros stand after"
def same_padding(k, dilation):
    total = dilation * (k - 1)
    return 0, total


# %% same_padding wrong "a division that gives floats"
def same_padding(k, dilation):
    total = dilation * (k - 1)
    return total / 2, total / 2


# %% same_padding wrong "both together in one number"
def same_padding(k, dilation):
    return dilation * (k - 1)


# %% same_padding wrong "the dilation added once, not for each distance between taps"
def same_padding(k, dilation):
    total = k - 1 + dilation - 1
    return total // 2, total - total // 2


# %% stage_shapes hints [markdown]
# 1. Which of the six numbers of a row describe maps that leave the block?
# 2. A block keeps the side and sets the channels anew; a pooling keeps the channels
#    and roughly halves the side. What leaves one row enters the next.
# 3. Go through the rows with two variables, channels and side. Remember the channels
#    before you change them, then append the three numbers.


# %% stage_shapes right "half rounded up"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side + 1) // 2
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + c2 + c3 + c4
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes right "by indices"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 1) // 2 + 1
        else:
            C = row[0] + row[1][1] + row[2][-1] + row[3]
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "the bottlenecks are counted among the outputs"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 1) // 2 + 1
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + r2 + c2 + r3 + c3 + c4
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "the bottlenecks are counted in place of the outputs"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 1) // 2 + 1
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + r2 + r3 + c4
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "the path with the pooling is left out"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 1) // 2 + 1
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + c2 + c3
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "the path with the pooling thought to hand on all its input channels"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 1) // 2 + 1
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + c2 + c3 + C
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "the 1x1 path is left out"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 1) // 2 + 1
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c2 + c3 + c4
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "the input is counted among the outputs, too"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 1) // 2 + 1
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = C + c1 + c2 + c3 + c4
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "the widest path taken for the sum"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 1) // 2 + 1
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = max(c1, c2, c3, c4)
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "the side is halved and rounded down, as without padding"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = side // 2
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + c2 + c3 + c4
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "the padding of the pooling is left out"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 3) // 2 + 1
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + c2 + c3 + c4
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "the pooling moves by its kernel's size"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 1) // 3 + 1
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + c2 + c3 + c4
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "the pooling keeps the side"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = side
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + c2 + c3 + c4
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "a pooling doubles the channels"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 1) // 2 + 1
            C = 2 * C
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + c2 + c3 + c4
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "a block halves the side, too"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 1) // 2 + 1
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + c2 + c3 + c4
            side = (side - 1) // 2 + 1
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "the channels in are those of the stage, in every row"
def stage_shapes(C, side, rows):
    shapes = []
    before = C
    for row in rows:
        if row is None:
            side = (side - 1) // 2 + 1
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + c2 + c3 + c4
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "channels out stand before channels in"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 1) // 2 + 1
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + c2 + c3 + c4
        shapes.append((C, before, side))
    return shapes


# %% stage_shapes wrong "the side before the row, not behind it"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before, old = C, side
        if row is None:
            side = (side - 1) // 2 + 1
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + c2 + c3 + c4
        shapes.append((before, C, old))
    return shapes


# %% stage_shapes wrong "poolings get no entry"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 1) // 2 + 1
            continue
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + c2 + c3 + c4
        shapes.append((before, C, side))
    return shapes


# %% stage_shapes wrong "only the last row is returned"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        before = C
        if row is None:
            side = (side - 1) // 2 + 1
        else:
            c1, (r2, c2), (r3, c3), c4 = row
            C = c1 + c2 + c3 + c4
        shapes.append((before, C, side))
    return shapes[-1:]


# %% stage_shapes wrong "the channels are never updated, so that a pooling hands on those of the stage"
def stage_shapes(C, side, rows):
    shapes = []
    for row in rows:
        if row is None:
            side = (side + 1) // 2
            shapes.append((C, C, side))
        else:
            c1, c2, c3, c4 = row
            shapes.append((C, c1 + c2[1] + c3[1] + c4, side))
    return shapes


# %% join_paths hints [markdown]
# 1. To which size must all maps come, and does one tensor have both the smallest
#    height and the smallest width?
# 2. Take the minimum of the heights and that of the widths on their own. For each
#    tensor half of the rows that are too many go at the top, rounded down.
# 3. First the two minima; then a slice of each tensor that starts at half the surplus
#    and is as long as the minimum; last a concatenation along the second axis.


# %% join_paths right "with narrow"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        top, left = (Y.shape[2] - H) // 2, (Y.shape[3] - W) // 2
        cropped.append(Y.narrow(2, top, H).narrow(3, left, W))
    return torch.cat(cropped, dim=1)


# %% join_paths right "with negative padding"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        h, w = Y.shape[2] - H, Y.shape[3] - W
        sides = [-(w // 2), w // 2 - w, -(h // 2), h // 2 - h]
        cropped.append(F.pad(Y, sides))
    return torch.cat(cropped, dim=1)


# %% join_paths wrong "joined along the batch"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        top, left = (Y.shape[2] - H) // 2, (Y.shape[3] - W) // 2
        cropped.append(Y[:, :, top : top + H, left : left + W])
    return torch.cat(cropped, dim=0)


# %% join_paths wrong "joined side by side, along the width"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        top, left = (Y.shape[2] - H) // 2, (Y.shape[3] - W) // 2
        cropped.append(Y[:, :, top : top + H, left : left + W])
    return torch.cat(cropped, dim=3)


# %% join_paths wrong "joined one below the other, along the height"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        top, left = (Y.shape[2] - H) // 2, (Y.shape[3] - W) // 2
        cropped.append(Y[:, :, top : top + H, left : left + W])
    return torch.cat(cropped, dim=2)


# %% join_paths wrong "stacked along a new axis"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        top, left = (Y.shape[2] - H) // 2, (Y.shape[3] - W) // 2
        cropped.append(Y[:, :, top : top + H, left : left + W])
    return torch.stack(cropped, dim=1)


# %% join_paths wrong "the upper left corner is kept, not the centre"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        top, left = 0, 0
        cropped.append(Y[:, :, top : top + H, left : left + W])
    return torch.cat(cropped, dim=1)


# %% join_paths wrong "the lower right corner is kept, not the centre"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        top, left = Y.shape[2] - H, Y.shape[3] - W
        cropped.append(Y[:, :, top : top + H, left : left + W])
    return torch.cat(cropped, dim=1)


# %% join_paths wrong "the one row or column more is dropped at the top and at the left"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        top, left = (Y.shape[2] - H + 1) // 2, (Y.shape[3] - W + 1) // 2
        cropped.append(Y[:, :, top : top + H, left : left + W])
    return torch.cat(cropped, dim=1)


# %% join_paths wrong "the one row more is dropped at the top"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        top, left = (Y.shape[2] - H + 1) // 2, (Y.shape[3] - W) // 2
        cropped.append(Y[:, :, top : top + H, left : left + W])
    return torch.cat(cropped, dim=1)


# %% join_paths wrong "the one column more is dropped at the left"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        top, left = (Y.shape[2] - H) // 2, (Y.shape[3] - W + 1) // 2
        cropped.append(Y[:, :, top : top + H, left : left + W])
    return torch.cat(cropped, dim=1)


# %% join_paths wrong "cropped in one axis only"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        top, left = (Y.shape[2] - H) // 2, (Y.shape[3] - W) // 2
        cropped.append(Y[:, :, top : top + H, :])
    return torch.cat(cropped, dim=1)


# %% join_paths wrong "cropped to a square of the smallest side"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    H = W = min(H, W)
    cropped = []
    for Y in outputs:
        top, left = (Y.shape[2] - H) // 2, (Y.shape[3] - W) // 2
        cropped.append(Y[:, :, top : top + H, left : left + W])
    return torch.cat(cropped, dim=1)


# %% join_paths wrong "cropped to the size of the first path"
def join_paths(outputs):
    H = outputs[0].shape[2]
    W = outputs[0].shape[3]
    cropped = []
    for Y in outputs:
        top, left = (Y.shape[2] - H) // 2, (Y.shape[3] - W) // 2
        cropped.append(Y[:, :, top : top + H, left : left + W])
    return torch.cat(cropped, dim=1)


# %% join_paths wrong "smallest height and width taken from the one path with the smallest height"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(outputs, key=lambda Y: Y.shape[2]).shape[3]
    cropped = []
    for Y in outputs:
        top, left = (Y.shape[2] - H) // 2, (Y.shape[3] - W) // 2
        cropped.append(Y[:, :, top : top + H, left : left + W])
    return torch.cat(cropped, dim=1)


# %% join_paths wrong "padded with zeros to the largest size, not cropped"
def join_paths(outputs):
    H = max(Y.shape[2] for Y in outputs)
    W = max(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        h, w = H - Y.shape[2], W - Y.shape[3]
        cropped.append(F.pad(Y, [w // 2, w - w // 2, h // 2, h - h // 2]))
    return torch.cat(cropped, dim=1)


# %% join_paths wrong "resized, where cropping is asked for"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        cropped.append(F.adaptive_avg_pool2d(Y, (H, W)))
    return torch.cat(cropped, dim=1)


# %% join_paths wrong "the paths in reverse order"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        top, left = (Y.shape[2] - H) // 2, (Y.shape[3] - W) // 2
        cropped.append(Y[:, :, top : top + H, left : left + W])
    return torch.cat(cropped[::-1], dim=1)


# %% join_paths wrong "cropped to the size of the map with the fewest numbers"
def join_paths(outputs):
    H, W = min(outputs, key=lambda Y: Y.shape[2] * Y.shape[3]).shape[2:]
    cropped = []
    for Y in outputs:
        top, left = (Y.shape[2] - H) // 2, (Y.shape[3] - W) // 2
        cropped.append(Y[:, :, top : top + H, left : left + W])
    return torch.cat(cropped, dim=1)


# %% join_paths wrong "a slice to -0 is empty, where nothing is to be dropped"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    cropped = []
    for Y in outputs:
        rows, columns = Y.shape[2] - H, Y.shape[3] - W
        top, left = rows // 2, columns // 2
        cropped.append(Y[:, :, top : top - rows, left : left - columns])
    return torch.cat(cropped, dim=1)


# %% join_paths wrong "pooled to the smallest size, where cropping is asked for"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    return torch.cat([F.adaptive_max_pool2d(Y, (H, W)) for Y in outputs], dim=1)


# %% join_paths wrong "the maps are added, not laid side by side"
def join_paths(outputs):
    H = min(Y.shape[2] for Y in outputs)
    W = min(Y.shape[3] for Y in outputs)
    total = 0
    for Y in outputs:
        top, left = (Y.shape[2] - H) // 2, (Y.shape[3] - W) // 2
        total = total + Y[:, :, top : top + H, left : left + W]
    return total


# %% path_costs hints [markdown]
# 1. At how many places is each of the two convolutions of the bottleneck computed, if
#    only the second one has the stride?
# 2. A convolution's multiply-adds are its weights without biases times its output
#    places. The 1 x 1 runs at all places of the input, the k x k at those that the
#    stride leaves.
# 3. Compute the side behind the stride first. Then four products: two for the direct
#    convolution, two sums for the pair.


# %% path_costs right "the side rounded up"
def path_costs(C, r, c, k, side, stride):
    out = -(-side // stride)
    direct = out**2 * c * C * k**2, c * (C * k**2 + 1)
    products = side**2 * r * C + out**2 * c * r * k**2
    return direct, (products, r * (C + 1) + c * (r * k**2 + 1))


# %% path_costs right "weights first"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    whole, first, second = c * C * k**2, r * C, c * r * k**2
    direct = [out * out * whole, whole + c]
    return [direct, [side**2 * first + out**2 * second, first + r + second + c]]


# %% path_costs wrong "the 1x1 convolution is left out of the multiply-adds"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    direct = out**2 * c * C * k**2, c * (C * k**2 + 1)
    products = out**2 * c * r * k**2
    return direct, (products, r * (C + 1) + c * (r * k**2 + 1))


# %% path_costs wrong "the 1x1 convolution is left out of the parameters"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    direct = out**2 * c * C * k**2, c * (C * k**2 + 1)
    products = side**2 * r * C + out**2 * c * r * k**2
    return direct, (products, c * (r * k**2 + 1))


# %% path_costs wrong "the 1x1 convolution thought to have the stride, too"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    direct = out**2 * c * C * k**2, c * (C * k**2 + 1)
    products = out**2 * r * C + out**2 * c * r * k**2
    return direct, (products, r * (C + 1) + c * (r * k**2 + 1))


# %% path_costs wrong "the stride is left out"
def path_costs(C, r, c, k, side, stride):
    out = side
    direct = out**2 * c * C * k**2, c * (C * k**2 + 1)
    products = side**2 * r * C + out**2 * c * r * k**2
    return direct, (products, r * (C + 1) + c * (r * k**2 + 1))


# %% path_costs wrong "the side divided by the stride and rounded down"
def path_costs(C, r, c, k, side, stride):
    out = side // stride
    direct = out**2 * c * C * k**2, c * (C * k**2 + 1)
    products = side**2 * r * C + out**2 * c * r * k**2
    return direct, (products, r * (C + 1) + c * (r * k**2 + 1))


# %% path_costs wrong "the padding is left out of the side"
def path_costs(C, r, c, k, side, stride):
    out = (side - k) // stride + 1
    direct = out**2 * c * C * k**2, c * (C * k**2 + 1)
    products = side**2 * r * C + out**2 * c * r * k**2
    return direct, (products, r * (C + 1) + c * (r * k**2 + 1))


# %% path_costs wrong "a kernel counted as k numbers, not as k times k"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    direct = out**2 * c * C * k, c * (C * k + 1)
    products = side**2 * r * C + out**2 * c * r * k
    return direct, (products, r * (C + 1) + c * (r * k + 1))


# %% path_costs wrong "biases are left out of the parameters"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    direct = out**2 * c * C * k**2, c * C * k**2
    products = side**2 * r * C + out**2 * c * r * k**2
    return direct, (products, r * C + c * r * k**2)


# %% path_costs wrong "biases are counted as multiply-adds"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    direct = out**2 * c * (C * k**2 + 1), c * (C * k**2 + 1)
    products = side**2 * r * (C + 1) + out**2 * c * (r * k**2 + 1)
    return direct, (products, r * (C + 1) + c * (r * k**2 + 1))


# %% path_costs wrong "one bias for a whole convolution"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    direct = out**2 * c * C * k**2, c * C * k**2 + 1
    products = side**2 * r * C + out**2 * c * r * k**2
    return direct, (products, r * C + 1 + c * r * k**2 + 1)


# %% path_costs wrong "the k x k convolution still reads all C channels"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    direct = out**2 * c * C * k**2, c * (C * k**2 + 1)
    products = side**2 * r * C + out**2 * c * C * k**2
    return direct, (products, r * (C + 1) + c * (C * k**2 + 1))


# %% path_costs wrong "places counted along one side only"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    direct = out * c * C * k**2, c * (C * k**2 + 1)
    products = side * r * C + out * c * r * k**2
    return direct, (products, r * (C + 1) + c * (r * k**2 + 1))


# %% path_costs wrong "each weight used at one place only"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    direct = c * C * k**2, c * (C * k**2 + 1)
    products = r * C + c * r * k**2
    return direct, (products, r * (C + 1) + c * (r * k**2 + 1))


# %% path_costs wrong "a product and a sum counted as two operations"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    direct = 2 * out**2 * c * C * k**2, c * (C * k**2 + 1)
    products = 2 * (side**2 * r * C + out**2 * c * r * k**2)
    return direct, (products, r * (C + 1) + c * (r * k**2 + 1))


# %% path_costs wrong "the pair with the bottleneck stands first"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    direct = out**2 * c * C * k**2, c * (C * k**2 + 1)
    products = side**2 * r * C + out**2 * c * r * k**2
    return (products, r * (C + 1) + c * (r * k**2 + 1)), direct


# %% path_costs wrong "parameters stand before multiply-adds"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    direct = c * (C * k**2 + 1), out**2 * c * C * k**2
    products = side**2 * r * C + out**2 * c * r * k**2
    return direct, (r * (C + 1) + c * (r * k**2 + 1), products)


# %% path_costs wrong "the 1x1 convolution counted with the large kernel"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    direct = out**2 * c * C * k**2, c * (C * k**2 + 1)
    products = side**2 * r * C * k**2 + out**2 * c * r * k**2
    return direct, (products, r * (C * k**2 + 1) + c * (r * k**2 + 1))


# %% path_costs wrong "a library does the arithmetic"
def path_costs(C, r, c, k, side, stride):
    X = torch.zeros(1, C, side, side)
    large = nn.Conv2d(C, c, k, stride, k // 2)
    one, small = nn.Conv2d(C, r, 1), nn.Conv2d(r, c, k, stride, k // 2)
    out = large(X).shape[-1] ** 2
    count = [sum(p.numel() for p in m.parameters()) for m in (large, one, small)]
    products = side**2 * one.weight.numel() + out * small.weight.numel()
    return (out * large.weight.numel(), count[0]), (products, count[1] + count[2])


# %% path_costs wrong "the bias of the 1x1 convolution is left out"
def path_costs(C, r, c, k, side, stride):
    out = (side - 1) // stride + 1
    direct = out**2 * C * c * k**2, c * (C * k**2 + 1)
    products = side**2 * C * r + out**2 * r * c * k**2
    return direct, (products, C * r + c * (r * k**2 + 1))


# %% widest_bottleneck hints [markdown]
# 1. What do the two convolutions cost at one place, as a formula in r, and what does
#    the direct one cost?
# 2. Both convolutions grow in proportion to r, so the price is r times a number. Fewer
#    means strictly fewer: a tie does not count.
# 3. One whole-number division: the direct price less one, by the price of one
#    bottleneck channel.


# %% widest_bottleneck right "a division with rest, and a tie looked at"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * C * k**2, C + c * k**2
    r, rest = divmod(direct, per_channel)
    return r if rest else r - 1


# %% widest_bottleneck right "rounded up, less one"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * C * k**2, C + c * k**2
    return -(-direct // per_channel) - 1


# %% widest_bottleneck wrong "a tie counts as cheaper"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * C * k**2, C + c * k**2
    return direct // per_channel


# %% widest_bottleneck wrong "the least number that is no longer cheaper"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * C * k**2, C + c * k**2
    return -(-direct // per_channel)


# %% widest_bottleneck wrong "the 1x1 convolution thought to be free"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * C * k**2, c * k**2
    return (direct - 1) // per_channel


# %% widest_bottleneck wrong "the k x k convolution behind the bottleneck thought to be free"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * C * k**2, C
    return (direct - 1) // per_channel


# %% widest_bottleneck wrong "the output channels are left out of the second convolution"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * C * k**2, C + k**2
    return (direct - 1) // per_channel


# %% widest_bottleneck wrong "a kernel counted as k numbers, not as k times k"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * C * k, C + c * k
    return (direct - 1) // per_channel


# %% widest_bottleneck wrong "the input channels are left out of the direct convolution"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * k**2, C + c * k**2
    return (direct - 1) // per_channel


# %% widest_bottleneck wrong "input and output channels are mixed up"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * C * k**2, c + C * k**2
    return (direct - 1) // per_channel


# %% widest_bottleneck wrong "one less than the widest"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * C * k**2, C + c * k**2
    return (direct - 1) // per_channel - 1


# %% widest_bottleneck wrong "a float, not an int"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * C * k**2, C + c * k**2
    return direct / per_channel


# %% widest_bottleneck wrong "a float, where an int is asked for"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * C * k**2, C + c * k**2
    return float((direct - 1) // per_channel)


# %% widest_bottleneck wrong "at least 1, where 0 says that no bottleneck is cheaper"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * C * k**2, C + c * k**2
    return max(1, (direct - 1) // per_channel)


# %% widest_bottleneck wrong "divided as floats, which are not exact for large numbers"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * C * k**2, C + c * k**2
    return int(-(-direct / per_channel // 1)) - 1


# %% widest_bottleneck wrong "capped at the output's channels"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * C * k**2, C + c * k**2
    return min(c, (direct - 1) // per_channel)


# %% widest_bottleneck wrong "biases are counted as multiply-adds"
def widest_bottleneck(C, c, k):
    direct, per_channel = c * (C * k**2 + 1), C + 1 + c * k**2
    return (direct - 1) // per_channel


# %% Reduction hints [markdown]
# 1. Which layers have stride 2, and is there exactly one of them on each path?
# 2. All three paths must end at the same size. On the long path the first two
#    convolutions keep the size; the pooling path has no convolution at all.
# 3. In the constructor two sequences of convolution and ReLU, and a pooling. In
#    `forward` the three results in a list, joined along the second axis.


# %% Reduction right "lazy layers and functions"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.LazyConv2d(c1, 3, stride=2, padding=1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.b = None

    def forward(self, X):
        return torch.cat(
            [self.short(X), self.long(X), F.max_pool2d(X, 3, stride=2, padding=1)],
            dim=1,
        )


# %% Reduction right "layers of the module itself"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.a = nn.Conv2d(C, c1, 3, 2, 1)
        self.b = nn.Conv2d(C, c2[0], 1)
        self.c = nn.Conv2d(c2[0], c2[1], 3, padding="same")
        self.d = nn.Conv2d(c2[1], c2[2], 3, 2, 1)

    def forward(self, X):
        long = self.b(X).relu()
        long = self.d(self.c(long).relu()).relu()
        pooled = nn.MaxPool2d(3, stride=2, padding=1)(X)
        return torch.cat((self.a(X).relu(), long, pooled), 1)


# %% Reduction wrong "joined along the batch"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=0)


# %% Reduction wrong "the paths in another order"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.long(X), self.short(X), self.pool(X)], dim=1)


# %% Reduction wrong "the pooling stands first"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.pool(X), self.short(X), self.long(X)], dim=1)


# %% Reduction wrong "the pooling path is missing"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X)], dim=1)


# %% Reduction wrong "the short path is missing"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "the pooling's maps are smaller than those of the other paths: its stride or its padding"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, padding=1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "nothing shrinks: all strides are 1"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 1, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=1, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 1, 1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "the long path shrinks twice"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, stride=2, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "the stride stands at the 1x1 convolution, which skips pixels unseen"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1, stride=2), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "the stride stands at the middle convolution"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, stride=2, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "average pooling in place of max pooling"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.AvgPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "no ReLU behind the 1x1 convolution"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            nn.Conv2d(C, c2[0], 1),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "no ReLU behind the middle convolution"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            nn.Conv2d(c2[0], c2[1], 3, padding=1),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "no ReLU at the end of the long path"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "no ReLU on the short path"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Conv2d(C, c1, 3, 2, 1)
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "no activation anywhere"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(
            nn.Conv2d(C, c1, 3, 2, 1),
        )
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1),),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1),),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1),),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "one ReLU over the joined paths, the pooled input included"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return F.relu(torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1))


# %% Reduction wrong "the middle convolution of the long path is missing"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "convolutions without a bias"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1, bias=False), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1, bias=False), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1, bias=False), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1, bias=False), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "a 1x1 convolution behind the pooling that nobody asked for"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.Sequential(nn.MaxPool2d(3, 2, 1), nn.Conv2d(C, C, 1), nn.ReLU())

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "the first convolution of the long path is 3x3, not 1x1"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "the pooling sees a map of the short path, not the input"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, X):
        return torch.cat(
            [self.short(X), self.long(X), F.max_pool2d(self.short(X), 3, 1, 1)], dim=1
        )


# %% Reduction wrong "the pooling's window is 2x2"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Sequential(nn.Conv2d(C, c1, 3, 2, 1), nn.ReLU())
        self.long = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1), nn.ReLU()),
        )
        self.pool = nn.MaxPool2d(2, 2, ceil_mode=True)

    def forward(self, X):
        return torch.cat([self.short(X), self.long(X), self.pool(X)], dim=1)


# %% Reduction wrong "the pooling has stride 1, so that its maps stay large"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        self.short = nn.Conv2d(C, c1, 3, stride=2, padding=1)
        self.long1 = nn.Conv2d(C, c2[0], 1)
        self.long2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.long3 = nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)

    def forward(self, X):
        H = F.relu(self.long2(F.relu(self.long1(X))))
        paths = F.relu(self.short(X)), F.relu(self.long3(H)), self.pool(X)
        return torch.cat(paths, dim=1)


# %% Reduction wrong "layers in a plain list, whose parameters the module doesn't know"
class Reduction(nn.Module):
    def __init__(self, C, c1, c2):
        super().__init__()
        short = nn.Sequential(nn.Conv2d(C, c1, 3, stride=2, padding=1), nn.ReLU())
        long = nn.Sequential(
            nn.Conv2d(C, c2[0], 1),
            nn.ReLU(),
            nn.Conv2d(c2[0], c2[1], 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c2[1], c2[2], 3, stride=2, padding=1),
            nn.ReLU(),
        )
        self.paths = [short, long, nn.MaxPool2d(3, stride=2, padding=1)]

    def forward(self, X):
        return torch.cat([path(X) for path in self.paths], dim=1)


# %% Strips hints [markdown]
# 1. In which axis does a kernel of 1 row and 7 columns need zeros, and how many?
# 2. PyTorch takes pairs in the order rows, columns, for the kernel and for the padding
#    alike. Each strip needs padding along its long side only. A mean can leave out the
#    padding by an argument.
# 3. Three sequences in the constructor, the second with three convolutions, each
#    followed by a ReLU; `forward` joins the three along the second axis.


# %% Strips right "padding by name"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding="same"), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding="same"), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips right "lazy layers, and the mean as a function"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        sizes = (c1, 1, 0), (c2[0], 1, 0)
        sizes += (c2[1], (1, 7), (0, 3)), (c2[2], (7, 1), (3, 0)), (c3, 1, 0)
        self.layers = nn.ModuleList(nn.LazyConv2d(c, k, padding=p) for c, k, p in sizes)

    def forward(self, X):
        one, reduce, wide, tall, last = self.layers
        seven = F.relu(tall(F.relu(wide(F.relu(reduce(X))))))
        mean = F.avg_pool2d(X, 3, 1, 1, count_include_pad=False)
        return torch.cat((F.relu(one(X)), seven, F.relu(last(mean))), dim=-3)


# %% Strips wrong "joined along the batch"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=0)


# %% Strips wrong "the paths in another order"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.pool(X), self.seven(X)], dim=1)


# %% Strips wrong "the pooling path is missing"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X)], dim=1)


# %% Strips wrong "the 1x1 path is missing"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "the tall strip comes before the wide one"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (7, 1), padding=(3, 0)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (1, 7), padding=(0, 3)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "two wide strips, none tall"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (1, 7), padding=(0, 3)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "a whole 7x7 kernel in place of two strips"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[2], 7, padding=3), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "7x7 kernels in place of the strips"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], 7, padding=3), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], 7, padding=3), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "the padding of both strips in the wrong axis"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(3, 0)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(0, 3)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "padding of 3 in both axes, so that the maps grow"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=3), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=3), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "no padding for the strips"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "the mean counts the zeros of the padding"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "max pooling in place of the mean"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "the pooling keeps its default stride, which is 3"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "the pooling has no padding"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "the 1x1 convolution before the pooling"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "no ReLU behind the 1x1 convolution of the second path"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            nn.Conv2d(C, c2[0], 1),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "no ReLU between the strips"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "no ReLU behind the second strip"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "no ReLU on the pooling path"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            nn.Conv2d(C, c3, 1),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "no ReLU on the 1x1 path"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Conv2d(C, c1, 1)
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "ReLU over the joined paths only, none inside"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(
            nn.Conv2d(C, c1, 1),
        )
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1),),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)),),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)),),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1),),
        )

    def forward(self, X):
        return F.relu(torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1))


# %% Strips wrong "convolutions without a bias"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1, bias=False), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[0], 1, bias=False), nn.ReLU()),
            *(nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3), bias=False), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0), bias=False), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1, bias=False), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "the bottleneck before the strips is missing"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(C, c1, 1), nn.ReLU())
        self.seven = nn.Sequential(
            *(nn.Conv2d(C, c2[1], (1, 7), padding=(0, 3)), nn.ReLU()),
            *(nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)), nn.ReLU()),
        )
        self.pool = nn.Sequential(
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            *(nn.Conv2d(C, c3, 1), nn.ReLU()),
        )

    def forward(self, X):
        return torch.cat([self.one(X), self.seven(X), self.pool(X)], dim=1)


# %% Strips wrong "no activation anywhere"
class Strips(nn.Module):
    def __init__(self, C, c1, c2, c3):
        super().__init__()
        self.one = nn.Conv2d(C, c1, 1)
        self.two = nn.Sequential(
            nn.Conv2d(C, c2[0], 1),
            nn.Conv2d(c2[0], c2[1], (1, 7), padding=(0, 3)),
            nn.Conv2d(c2[1], c2[2], (7, 1), padding=(3, 0)),
        )
        mean = nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)
        self.three = nn.Sequential(mean, nn.Conv2d(C, c3, 1))

    def forward(self, X):
        return torch.cat([self.one(X), self.two(X), self.three(X)], dim=1)


# %% flat_features hints [markdown]
# 1. Whose mode must be put back: that of the module alone, or that of each part in it?
# 2. `eval()` reaches all parts, and `train(was_training)` would give all of them the
#    same mode. Note the mode of every part before, and give each back its own.
# 3. A dict from each module in `features.modules()` to its mode; eval; without
#    gradients a batch of one; the modes given back one by one; the count of numbers in
#    the result.


# %% flat_features right "the modes in a list, the size as a product"
def flat_features(features, shape):
    modes = [(module, module.training) for module in features.modules()]
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(1, *shape))
    for module, mode in modes:
        module.training = mode
    return Y.flatten(1).shape[1]


# %% flat_features right "a copy is probed"
def flat_features(features, shape):
    import copy

    probe = copy.deepcopy(features).eval()
    with torch.no_grad():
        return probe(torch.zeros(2, *shape))[0].numel()


# %% flat_features wrong "run in train mode, so that running statistics move"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    with torch.no_grad():
        Y = features(torch.zeros(1, *shape))
    for module, mode in modes.items():
        module.training = mode
    return Y.numel()


# %% flat_features wrong "left in eval mode"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(1, *shape))
    return Y.numel()


# %% flat_features wrong "left in train mode, whatever it was"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(1, *shape))
    features.train()
    return Y.numel()


# %% flat_features wrong "all parts get the mode of the whole, also those that had another"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(1, *shape))
    features.train(modes[features])
    return Y.numel()


# %% flat_features wrong "gradients are recorded"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.enable_grad():
        Y = features(torch.zeros(1, *shape))
    for module, mode in modes.items():
        module.training = mode
    return Y.numel()


# %% flat_features wrong "the number of channels, not of numbers"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(1, *shape))
    for module, mode in modes.items():
        module.training = mode
    return Y.shape[1]


# %% flat_features wrong "the numbers of one map, not of all"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(1, *shape))
    for module, mode in modes.items():
        module.training = mode
    return Y[0, 0].numel()


# %% flat_features wrong "the axes of one map and the channels added, not multiplied"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(1, *shape))
    for module, mode in modes.items():
        module.training = mode
    return sum(Y.shape[1:])


# %% flat_features wrong "a shape, not a number"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(1, *shape))
    for module, mode in modes.items():
        module.training = mode
    return tuple(Y.shape[1:])


# %% flat_features wrong "a batch of two, counted whole"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(2, *shape))
    for module, mode in modes.items():
        module.training = mode
    return Y.numel()


# %% flat_features wrong "no batch axis"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(*shape))
    for module, mode in modes.items():
        module.training = mode
    return Y.numel()


# %% flat_features wrong "height and width are swapped, so the probe has another shape"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(1, shape[0], shape[2] + 2, shape[1]))
    for module, mode in modes.items():
        module.training = mode
    return Y.numel()


# %% flat_features wrong "the numbers of the probe, not those of its result"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(1, *shape))
    for module, mode in modes.items():
        module.training = mode
    return torch.zeros(*shape).numel()


# %% flat_features wrong "a square image of the height"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(1, shape[0], shape[1], shape[1]))
    for module, mode in modes.items():
        module.training = mode
    return Y.numel()


# %% flat_features wrong "one channel, whatever the shape says"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(1, 1, *shape[1:]))
    for module, mode in modes.items():
        module.training = mode
    return Y.numel()


# %% flat_features wrong "the running statistics are reset"
def flat_features(features, shape):
    modes = {module: module.training for module in features.modules()}
    features.eval()
    with torch.no_grad():
        Y = features(torch.zeros(1, *shape))
    for module, mode in modes.items():
        module.training = mode
    for module in modes:
        if hasattr(module, "reset_running_stats"):
            module.running_mean.fill_(1.0)
    return Y.numel()


# %% Mended hints [markdown]
# 1. For an input of 8 x 9, what size comes out of each path, and on which axis are the
#    paths joined?
# 2. Two bugs concern sizes, one the axis, and one is silent: nothing fails, but two
#    convolutions in a row act as one. Compare each line with the description.
# 3. Four small changes: a padding, a stride, an activation between two convolutions,
#    and the number of an axis.


# %% Mended right "a ReLU over the joined paths does for all last ones"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = self.p1(X)
        three = self.p2_2(F.relu(self.p2_1(X)))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.relu(torch.cat([one, three, wide, pool], 1))


# %% Mended right "sequences and lazy layers"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()

        def conv(c, k, d=1):
            return [nn.LazyConv2d(c, k, padding="same", dilation=d), nn.ReLU()]

        self.paths = nn.ModuleList(
            [
                nn.Sequential(*conv(c1, 1)),
                nn.Sequential(*conv(c2[0], 1), *conv(c2[1], 3)),
                nn.Sequential(*conv(c3[0], 1), *conv(c3[1], 3, 2)),
                nn.Sequential(nn.MaxPool2d(3, 1, 1), *conv(c4, 1)),
            ]
        )

    def forward(self, X):
        return torch.cat([path(X) for path in self.paths], dim=1)


# %% Mended wrong "joined along the batch"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=0)


# %% Mended wrong "joined along the height"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=2)


# %% Mended wrong "no activation between the two convolutions of the dilated path"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(self.p3_1(X)))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "the pooling keeps its default stride, which is 3"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "the padding forgets the dilation"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=1, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "the dilated convolution has too much padding, so that its maps grow"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=3, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "the dilation is left out, so that the padding fits"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=1)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "a 5x5 kernel in place of the dilated one"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 5, padding=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "the dilation stands at the other 3x3 convolution"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=2, dilation=2)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=1)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "the paths are added up, not joined"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return one + three + wide + pool


# %% Mended wrong "average pooling in place of max pooling"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.AvgPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "the pooling is left out"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(X))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "the 1x1 convolution before the pooling, not behind it"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = self.p4_1(F.relu(self.p4_2(X)))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "no activation between the two convolutions of the 3x3 path"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(self.p2_1(X)))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "no activation at the end of the dilated path"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = self.p3_2(F.relu(self.p3_1(X)))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "no activation on the 1x1 path"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = self.p1(X)
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "no activation behind the pooling path's convolution"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = self.p4_2(self.p4_1(X))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "no activation at the end of the 3x3 path"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = self.p2_2(F.relu(self.p2_1(X)))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "the paths in another order"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, wide, three, pool], dim=1)


# %% Mended wrong "the pooling path is left out"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide], dim=1)


# %% Mended wrong "the maps are enlarged to fit, and the stride stays 3"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        pool = F.interpolate(pool, X.shape[2:])
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "convolutions without a bias"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1, bias=False)
        self.p2_1 = nn.Conv2d(C, c2[0], 1, bias=False)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1, bias=False)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1, bias=False)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return torch.cat([one, three, wide, pool], dim=1)


# %% Mended wrong "the path with the strongest maps is chosen, where all are joined"
class Mended(nn.Module):
    def __init__(self, C, c1, c2, c3, c4):
        super().__init__()
        self.p1 = nn.Conv2d(C, c1, 1)
        self.p2_1 = nn.Conv2d(C, c2[0], 1)
        self.p2_2 = nn.Conv2d(c2[0], c2[1], 3, padding=1)
        self.p3_1 = nn.Conv2d(C, c3[0], 1)
        self.p3_2 = nn.Conv2d(c3[0], c3[1], 3, padding=2, dilation=2)
        self.p4_1 = nn.MaxPool2d(3, stride=1, padding=1)
        self.p4_2 = nn.Conv2d(C, c4, 1)

    def forward(self, X):
        one = F.relu(self.p1(X))
        three = F.relu(self.p2_2(F.relu(self.p2_1(X))))
        wide = F.relu(self.p3_2(F.relu(self.p3_1(X))))
        pool = F.relu(self.p4_2(self.p4_1(X)))
        return max([one, three, wide, pool], key=lambda Y: float(Y.mean()))


# %% mean_cut hints [markdown]
# 1. Over which axes of (N, C_i, H, W) is a mean taken that leaves one number for each
#    channel?
# 2. The mean keeps its axes so that it can be spread to the shape of the output again.
#    Paths that are not cut go on unchanged. Look at the names before you begin.
# 3. A check of the names; a loop over the paths in their order; for a path in `cut`
#    the channel means, spread to the full shape; at the end one concatenation.


# %% mean_cut right "from the outputs by name"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    Y = {name: path(X) for name, path in paths.items()}
    for name in cut:
        Y[name] = 0 * Y[name] + Y[name].mean((0, 2, 3), keepdim=True)
    return torch.cat(list(Y.values()), dim=1)


# %% mean_cut right "the mean of a transposed output"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            Y = torch.ones_like(Y) * Y.transpose(0, 1).flatten(1).mean(1).reshape(
                1, -1, 1, 1
            )
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "zeros in place of the mean"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            Y = torch.zeros_like(Y)
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "a mean for each image of its own"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            Y = Y.mean(dim=(2, 3), keepdim=True).expand_as(Y)
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "a mean for each place of its own"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            Y = Y.mean(dim=0, keepdim=True).expand_as(Y)
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "one mean for all channels of the path"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            Y = Y.mean().expand_as(Y)
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "the mean over the channels, for each image and place"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            Y = Y.mean(dim=1, keepdim=True).expand_as(Y)
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "the mean over images and channels, for each place"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            Y = Y.mean(dim=(0, 1), keepdim=True).expand_as(Y)
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "the mean over places and channels, for each image"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            Y = Y.mean(dim=(1, 2, 3), keepdim=True).expand_as(Y)
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "the paths in `cut` are kept, the others replaced"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name not in cut:
            Y = Y.mean(dim=(0, 2, 3), keepdim=True).expand_as(Y)
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "all paths are replaced"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if True:
            Y = Y.mean(dim=(0, 2, 3), keepdim=True).expand_as(Y)
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "no path is replaced"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "the paths in `cut` are left out"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            continue
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "the input is replaced by its mean, not the path's output"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Z = X.mean(dim=(0, 2, 3), keepdim=True).expand_as(X)
        Y = path(Z if name in cut else X)
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "the mean is taken away, not put in"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            Y = Y - Y.mean(dim=(0, 2, 3), keepdim=True)
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "the sum in place of the mean"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            Y = Y.sum(dim=(0, 2, 3), keepdim=True).expand_as(Y)
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "the median in place of the mean"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            Y = (
                Y.transpose(0, 1)
                .flatten(1)
                .median(1)[0]
                .reshape(1, -1, 1, 1)
                .expand_as(Y)
            )
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "joined along the batch"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            Y = Y.mean(dim=(0, 2, 3), keepdim=True).expand_as(Y)
        outputs.append(Y)
    return torch.cat(outputs, dim=0)


# %% mean_cut wrong "joined along the width"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            Y = Y.mean(dim=(0, 2, 3), keepdim=True).expand_as(Y)
        outputs.append(Y)
    return torch.cat(outputs, dim=3)


# %% mean_cut wrong "an unknown name is ignored"
def mean_cut(paths, X, cut):
    outputs = []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            Y = Y.mean(dim=(0, 2, 3), keepdim=True).expand_as(Y)
        outputs.append(Y)
    return torch.cat(outputs, dim=1)


# %% mean_cut wrong "the cut paths stand at the end"
def mean_cut(paths, X, cut):
    for name in cut:
        if name not in paths:
            raise KeyError(name)
    outputs, last = [], []
    for name, path in paths.items():
        Y = path(X)
        if name in cut:
            Y = Y.mean(dim=(0, 2, 3), keepdim=True).expand_as(Y)
        (last if name in cut else outputs).append(Y)
    return torch.cat(outputs + last, dim=1)


# %% flat_features equivalent "any probe of the shape will do"
# Y = features(torch.zeros(1, *shape)) -> Y = features(torch.ones(1, *shape))
