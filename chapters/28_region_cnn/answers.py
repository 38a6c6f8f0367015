# %% to_deltas hints [markdown]
# 1. An anchor is 10 wide, the box's centre lies 5 to the right of the anchor's. What
#    is t_x? Whose width do you divide by?
# 2. Two of the four are shifts of centres over sizes, two are logarithms of ratios.
#    The box stands above the line, the anchor below. The standard deviation divides
#    at the very end.
# 3. Sizes of both from the corners. Shifts of the centres over the anchor's sizes;
#    logarithm of the box's sizes over the anchor's. Put together along the last axis
#    and divide by a tensor of the four numbers.


# %% to_deltas right "column by column"
def to_deltas(boxes, anchors, std):
    def middle(b):
        return (b[:, 0] + b[:, 2]) / 2, (b[:, 1] + b[:, 3]) / 2

    def size(b):
        return b[:, 2] - b[:, 0], b[:, 3] - b[:, 1]

    (x, y), (w, h) = middle(boxes), size(boxes)
    (ax, ay), (aw, ah) = middle(anchors), size(anchors)
    columns = [(x - ax) / aw, (y - ay) / ah, (w / aw).log(), (h / ah).log()]
    return torch.stack([t / s for t, s in zip(columns, std, strict=True)], dim=1)


# %% to_deltas right "a difference of logarithms"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    center, a_center = boxes[:, :2] + size / 2, anchors[:, :2] + a_size / 2
    growth = size.log() - a_size.log()
    return torch.hstack([(center - a_center) / a_size, growth]) / torch.tensor([*std])


# %% to_deltas wrong "the ratio in the logarithm is inverted"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, torch.log(a_size / size)], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "the shift has the wrong sign: from the box to the anchor"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (anchors[:, :2] + anchors[:, 2:] - boxes[:, :2] - boxes[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, torch.log(size / a_size)], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "anchors and boxes have changed places"
def to_deltas(boxes, anchors, std):
    boxes, anchors = anchors, boxes
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, torch.log(size / a_size)], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "the logarithm is missing"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, size / a_size], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "the shift is over the size of the box, not of the anchor"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / size, torch.log(size / a_size)], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "the shift is left in pixels"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift, torch.log(size / a_size)], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "multiplied by the standard deviation"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, torch.log(size / a_size)], dim=1)
    return deltas * torch.tensor(std)


# %% to_deltas wrong "the standard deviation is forgotten"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, torch.log(size / a_size)], dim=1)
    return deltas


# %% to_deltas wrong "divided by the variance"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, torch.log(size / a_size)], dim=1)
    return deltas / torch.tensor(std) ** 2


# %% to_deltas wrong "the shift of the top left corner is taken for that of the centre"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = boxes[:, :2] - anchors[:, :2]
    deltas = torch.cat([shift / a_size, torch.log(size / a_size)], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "the shift of the bottom right corner is taken for that of the centre"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = boxes[:, 2:] - anchors[:, 2:]
    deltas = torch.cat([shift / a_size, torch.log(size / a_size)], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "the half of the centres is forgotten"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]
    deltas = torch.cat([shift / a_size, torch.log(size / a_size)], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "the logarithm to the base 2"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, torch.log2(size / a_size)], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "the logarithm to the base 10"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, torch.log10(size / a_size)], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "log(1 + ratio) in place of log(ratio)"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, torch.log1p(size / a_size)], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "the last column is a width taken for a height"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, torch.log(size / a_size).flip(1)], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "width and height are swapped in the shift"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size.flip(1), torch.log(size / a_size)], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "both shifts are over the width"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size[:, :1], torch.log(size / a_size)], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "the corners are taken for a centre and a size"
def to_deltas(boxes, anchors, std):
    shift = (boxes[:, :2] - anchors[:, :2]) / anchors[:, 2:]
    growth = torch.log(boxes[:, 2:] / anchors[:, 2:])
    return torch.cat([shift, growth], dim=1) / torch.tensor(std)


# %% to_deltas wrong "x and y of the shift are swapped"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([(shift / a_size).flip(1), torch.log(size / a_size)], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "sizes before shifts"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([torch.log(size / a_size), shift / a_size], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "the corners' differences are divided, not the centres'"
def to_deltas(boxes, anchors, std):
    a_size = anchors[:, 2:] - anchors[:, :2]
    return (boxes - anchors) / torch.cat([a_size, a_size], dim=1) / torch.tensor(std)


# %% to_deltas wrong "the growth is a relative difference, without a logarithm"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, (size - a_size) / a_size], dim=1)
    return deltas / torch.tensor(std)


# %% to_deltas wrong "the standard deviation divides the two sizes only"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, torch.log(size / a_size)], dim=1)
    return deltas / torch.tensor([1.0, 1.0, std[2], std[3]])


# %% to_deltas wrong "the standard deviation divides the two shifts only"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, torch.log(size / a_size)], dim=1)
    return deltas / torch.tensor([std[0], std[1], 1.0, 1.0])


# %% to_deltas wrong "the deltas of the batch are standardised by their own deviation"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2], anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, torch.log(size / a_size)], dim=1)
    return deltas / deltas.std(dim=0, correction=0).clamp(min=1e-6)


# %% to_deltas wrong "a pixel too many in the sizes"
def to_deltas(boxes, anchors, std):
    size, a_size = boxes[:, 2:] - boxes[:, :2] + 1, anchors[:, 2:] - anchors[:, :2] + 1
    shift = (boxes[:, :2] + boxes[:, 2:] - anchors[:, :2] - anchors[:, 2:]) / 2
    deltas = torch.cat([shift / a_size, torch.log(size / a_size)], dim=1)
    return deltas / torch.tensor(std)


# %% from_deltas hints [markdown]
# 1. What has to be undone first: the standard deviation, or the logarithm? In which
#    order did you do them?
# 2. The anchors are (M, 4), the deltas (M, K, 4): give the anchors an axis for the
#    classes. Limit t_w and t_h before the exponential, clip the corners at the very
#    end.
# 3. Multiply by std. Centre of the anchor plus shift times its size; half of its size
#    times the exponential. Centre minus and plus that half, side by side. Clip x by
#    the width, y by the height.


# %% from_deltas right "one coordinate after the other"
def from_deltas(deltas, anchors, std, height, width):
    limit = torch.tensor(4.0).log()
    x1, y1, x2, y2 = (edge[:, None] for edge in anchors.unbind(dim=1))  # (M, 1)
    tx, ty, tw, th = (deltas[..., k] * std[k] for k in range(4))  # (M, K)
    x, y = (x1 + x2) / 2 + tx * (x2 - x1), (y1 + y2) / 2 + ty * (y2 - y1)
    w = (x2 - x1) * torch.exp(torch.minimum(tw, limit))
    h = (y2 - y1) * torch.exp(torch.minimum(th, limit))
    left, right = (x - w / 2).clamp(0, width), (x + w / 2).clamp(0, width)
    top, bottom = (y - h / 2).clamp(0, height), (y + h / 2).clamp(0, height)
    return torch.stack([left, top, right, bottom], dim=-1)


# %% from_deltas right "the growth limited after the exponential"
def from_deltas(deltas, anchors, std, height, width):
    deltas = deltas * torch.as_tensor(std, dtype=torch.float32)
    size = (anchors[:, 2:] - anchors[:, :2]).unsqueeze(1)
    center = anchors[:, None, :2] + size / 2 + deltas[:, :, :2] * size
    size = size * deltas[:, :, 2:].exp().clamp(max=4)
    low, high = center - size / 2, center + size / 2
    x, y = torch.stack([low, high], dim=-1).unbind(dim=2)
    x, y = x.clamp(0, width), y.clamp(0, height)
    return torch.stack([x[..., 0], y[..., 0], x[..., 1], y[..., 1]], dim=-1)


# %% from_deltas wrong "the logarithm is not undone"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)) / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "the ratio of the sizes is inverted"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * (-t[..., 2:].clamp(max=math.log(4))).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "the growth is not limited"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "limited at 4, not at its logarithm"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=4).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "limited to a factor of e"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=1).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "limited before the standard deviation is multiplied"
def from_deltas(deltas, anchors, std, height, width):
    t = torch.cat([deltas[..., :2], deltas[..., 2:].clamp(max=math.log(4))], dim=2)
    t = t * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "a lower limit, too"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(-math.log(4), math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "the shifts are limited, too"
def from_deltas(deltas, anchors, std, height, width):
    t = (deltas * torch.tensor(std)).clamp(max=math.log(4))
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "divided by the standard deviation"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas / torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "the standard deviation is forgotten"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "the shift is taken for pixels"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2]  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "the shift is subtracted"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle - t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "the half of the size is forgotten"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp()
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "the anchor's corner stands for its centre"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = anchors[:, None, :2]
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "centres and sizes are returned, not corners"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center, 2 * half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "not clipped to the image"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes


# %% from_deltas wrong "clipped at 0 only"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0)


# %% from_deltas wrong "clipped at the far edges only"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "width and height are swapped where it is clipped"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([height, width] * 2))


# %% from_deltas wrong "clipped one pixel inside the image"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width - 1, height - 1] * 2))


# %% from_deltas wrong "all coordinates clipped by the width"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width] * 4))


# %% from_deltas wrong "all coordinates clipped by the height"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([height] * 4))


# %% from_deltas wrong "the shift is over the new size, not the anchor's"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    center = middle + t[..., :2] * 2 * half
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "width and height of the anchor are swapped"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2]).flip(1)[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "the exponential to the base 2"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * 2 ** t[..., 2:].clamp(max=math.log(4)) / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% from_deltas wrong "corners in the order x1, x2, y1, y2"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))[
        ..., [0, 2, 1, 3]
    ]


# %% from_deltas wrong "the centre is clipped before the box is made"
def from_deltas(deltas, anchors, std, height, width):
    t = deltas * torch.tensor(std)
    a_size = (anchors[:, 2:] - anchors[:, :2])[:, None]  # (M, 1, 2)
    middle = (anchors[:, :2] + anchors[:, 2:])[:, None] / 2
    center = middle + t[..., :2] * a_size  # (M, K, 2)
    center = center.clamp(min=0).minimum(torch.tensor([width, height]))
    half = a_size * t[..., 2:].clamp(max=math.log(4)).exp() / 2
    boxes = torch.cat([center - half, center + half], dim=2)
    return boxes.clamp(min=0).minimum(torch.tensor([width, height] * 2))


# %% roi_max_pool hints [markdown]
# 1. A region of three cells is divided into two bins. Where does the first bin end,
#    and where does the second begin?
# 2. Two roundings: the edges of the region to whole cells, outward; then the edges of
#    the bins within it. A bin without a cell gets one. Cut the region out first, so
#    that the bins count from 0.
# 3. Floor of the upper left corner, ceiling of the lower right one, both over the
#    stride. Slice the region. Two loops over bins; integer division gives both edges;
#    the end is at least one more than the beginning; amax over the last two axes.


# %% roi_max_pool right "a list of rows"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1, x2, y2 = box.tolist()
    x1, y1 = math.floor(x1 / stride), math.floor(y1 / stride)
    h, w = math.ceil(y2 / stride) - y1, math.ceil(x2 / stride) - x1

    def edges(k, n, count):
        low = k * n // count
        return low, max((k + 1) * n // count, low + 1)

    lines = []
    for i in range(rows):
        a, b = edges(i, h, rows)
        line = maps[:, y1 + a : y1 + b]
        cells = [edges(j, w, columns) for j in range(columns)]
        lines.append(
            [line[:, :, x1 + c : x1 + d].flatten(1).max(dim=1).values for c, d in cells]
        )
    return torch.stack([torch.stack(line, dim=1) for line in lines], dim=1)


# %% roi_max_pool right "rows first, then columns"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (box[:2] // stride).int().tolist()
    x2, y2 = (-(-box[2:] // stride)).int().tolist()

    def pooled(values, count):
        n = values.shape[-1]
        starts = [k * n // count for k in range(count)]
        ends = [max((k + 1) * n // count, s + 1) for k, s in enumerate(starts)]
        parts = [
            values[..., a:b].amax(dim=-1) for a, b in zip(starts, ends, strict=True)
        ]
        return torch.stack(parts, dim=-1)

    across = pooled(maps[:, y1:y2, x1:x2], columns)
    return pooled(across.mT, rows).mT


# %% roi_max_pool wrong "the edges are rounded to the nearest cell, not outward"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).round())
    x2, y2 = (
        int(v)
        for v in torch.maximum(
            (box[2:] / stride).round(), (box[:2] / stride).round() + 1
        )
    )
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "the edges are rounded inward"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).ceil())
    x2, y2 = (int(v) for v in (box[2:] / stride).floor())
    x2, y2 = max(x2, x1 + 1), max(y2, y1 + 1)
    region = F.pad(maps, (0, 1, 0, 1))[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "the far edge is rounded down"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).floor())
    x2, y2 = max(x2, x1 + 1), max(y2, y1 + 1)
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "the far edge takes one cell more, floor plus one"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).floor() + 1)
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "one cell too many at the far edge"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1 : y2 + 1, x1 : x2 + 1]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "the bins overlap: their ends are rounded up"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, -(-(i + 1) * h // rows)
        for j in range(columns):
            left, right = j * w // columns, -(-(j + 1) * w // columns)
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "a bin without a cell is 0"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top:bottom, left:right]
            if cells.numel():
                pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "the mean of each bin, not its maximum"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.mean(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "the minimum of each bin"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amin(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "the sum of each bin"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.sum(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "the maximum over the channels, too"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.max()
    return pooled


# %% roi_max_pool wrong "negative maxima are cut off at 0"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2)).clamp(min=0)
    return pooled


# %% roi_max_pool wrong "x and y of the box are swapped"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = F.pad(maps, (0, 12, 0, 12))[:, x1:x2, y1:y2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "rows and columns of the bins are swapped"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled.mT


# %% roi_max_pool wrong "the stride is forgotten: pixels taken for cells"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2]).floor())
    x2, y2 = (int(v) for v in (box[2:]).ceil())
    maps = F.pad(maps, (0, 200, 0, 200))
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "the bins have a fixed size, the rest is left out"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        size = max(h // rows, 1)
        top, bottom = min(i * size, h - 1), (i + 1) * size
        for j in range(columns):
            size = max(w // columns, 1)
            left, right = min(j * size, w - 1), (j + 1) * size
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "bins of the size rounded up"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        size = -(-h // rows)
        top, bottom = min(i * size, h - 1), (i + 1) * size
        for j in range(columns):
            size = -(-w // columns)
            left, right = min(j * size, w - 1), (j + 1) * size
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "the whole map is pooled, not the region"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "the last two corners taken for width and height"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1 : y1 + y2, x1 : x1 + x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "the corner cell of each bin, without a maximum"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells[:, 0, 0]
    return pooled


# %% roi_max_pool wrong "each bin has one cell more at its end"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : bottom + 1, left : right + 1]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "the largest magnitude, not the largest number"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, y1:y2, x1:x2]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.abs().amax(dim=(1, 2))
    return pooled


# %% roi_max_pool wrong "bins count from the map's corner: the region is not cut out"
def roi_max_pool(maps, box, rows, columns, stride):
    x1, y1 = (int(v) for v in (box[:2] / stride).floor())
    x2, y2 = (int(v) for v in (box[2:] / stride).ceil())
    region = maps[:, : y2 - y1, : x2 - x1]
    h, w = region.shape[1:]
    pooled = torch.zeros(len(maps), rows, columns)
    for i in range(rows):
        top, bottom = i * h // rows, (i + 1) * h // rows
        for j in range(columns):
            left, right = j * w // columns, (j + 1) * w // columns
            cells = region[:, top : max(bottom, top + 1), left : max(right, left + 1)]
            pooled[:, i, j] = cells.amax(dim=(1, 2))
    return pooled


# %% roi_max_pool equivalent "the larger of two, in either order"
# cells = region[:, top:max(bottom, top + 1), left:max(right, left + 1)] -> cells = region[:, top:max(bottom, top + 1), left:max(left + 1, right)]
# cells = region[:, top:max(bottom, top + 1), left:max(right, left + 1)] -> cells = region[:, top:max(top + 1, bottom), left:max(right, left + 1)]


# %% roi_max_pool equivalent "each number is overwritten"
# pooled = torch.zeros(len(maps), rows, columns) -> pooled = torch.ones(len(maps), rows, columns)


# %% sample hints [markdown]
# 1. A point lies at x = 1.25 between the cells 1 and 2. Which of the two weighs more,
#    and how much does each?
# 2. The weight is a product of one for x and one for y. Each is a matrix: one row a
#    point, one column a cell. Cells that don't exist have no column, so they add
#    nothing.
# 3. Two matrices of 1 minus the distance, clamped at 0: (P, W) and (P, H). Then for
#    each channel the sum over rows and columns of weight, weight and map: einsum, or
#    two products.


# %% sample right "weights of all cells, one matrix product"
def sample(maps, points):
    C, H, W = maps.shape
    rows, columns = torch.arange(H)[None, :, None], torch.arange(W)[None, None]
    x, y = points[:, 0, None, None], points[:, 1, None, None]
    weight = torch.relu(1 - (x - columns).abs()) * torch.relu(1 - (y - rows).abs())
    return maps.reshape(C, -1) @ weight.flatten(1).T


# %% sample right "four neighbours on a padded map"
def sample(maps, points):
    C, H, W = maps.shape
    padded = torch.zeros(C, H + 4, W + 4)
    padded[:, 2:-2, 2:-2] = maps
    x, y = points[:, 0].clamp(-2, W + 0.5), points[:, 1].clamp(-2, H + 0.5)
    j, i = x.floor().long(), y.floor().long()
    right, down = x - j, y - i
    i, j = i + 2, j + 2
    upper = (1 - right) * padded[:, i, j] + right * padded[:, i, j + 1]
    lower = (1 - right) * padded[:, i + 1, j] + right * padded[:, i + 1, j + 1]
    return (1 - down) * upper + down * lower


# %% sample wrong "the points are rounded to whole cells"
def sample(maps, points):
    x, y = points.round().T[..., None]
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum("chw,ph,pw->cp", maps, down, across)


# %% sample wrong "the points are cut down to whole cells"
def sample(maps, points):
    x, y = points.floor().T[..., None]
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum("chw,ph,pw->cp", maps, down, across)


# %% sample wrong "x and y are swapped"
def sample(maps, points):
    y, x = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum("chw,ph,pw->cp", maps, down, across)


# %% sample wrong "the rim's values beyond the rim, as in the lecture"
def sample(maps, points):
    x, y = points.T[..., None]
    _, height, width = maps.shape
    x, y = x.clamp(0, width - 1), y.clamp(0, height - 1)
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum("chw,ph,pw->cp", maps, down, across)


# %% sample wrong "half a cell is subtracted, though the points are in cells"
def sample(maps, points):
    x, y = (points - 0.5).T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum("chw,ph,pw->cp", maps, down, across)


# %% sample wrong "half a cell is added"
def sample(maps, points):
    x, y = (points + 0.5).T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum("chw,ph,pw->cp", maps, down, across)


# %% sample wrong "the weight is the distance, not one minus the distance"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = torch.where(
        (x - torch.arange(width)).abs() < 1, (x - torch.arange(width)).abs(), 0
    )  # (P, W)
    down = torch.where(
        (y - torch.arange(height)).abs() < 1, (y - torch.arange(height)).abs(), 0
    )  # (P, H)
    return torch.einsum("chw,ph,pw->cp", maps, down, across)


# %% sample wrong "the weights are not limited at 0"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = 1 - (x - torch.arange(width)).abs()
    down = 1 - (y - torch.arange(height)).abs()
    return torch.einsum("chw,ph,pw->cp", maps, down, across)


# %% sample wrong "the absolute value is missing: cells on one side count too much"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width))).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height))).clamp(min=0)  # (P, H)
    return torch.einsum("chw,ph,pw->cp", maps, down, across)


# %% sample wrong "weighed along x only"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = ((y - torch.arange(height)).abs() <= 0.5).float()  # (P, H)
    return torch.einsum("chw,ph,pw->cp", maps, down, across)


# %% sample wrong "weighed along y only"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = ((x - torch.arange(width)).abs() <= 0.5).float()  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum("chw,ph,pw->cp", maps, down, across)


# %% sample wrong "the weights are made to sum to 1 at the rim"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    total = (down.sum(1) * across.sum(1)).clamp(min=1e-9)
    return torch.einsum("chw,ph,pw->cp", maps, down, across) / total


# %% sample wrong "points beyond the last cell's middle are 0 at once"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    inside = (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)
    return torch.einsum("chw,ph,pw->cp", maps, down, across) * inside[:, 0]


# %% sample wrong "the mean of the four neighbours, without weights"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = ((x - torch.arange(width)).abs() < 1) / 2  # (P, W)
    down = ((y - torch.arange(height)).abs() < 1) / 2  # (P, H)
    return torch.einsum("chw,ph,pw->cp", maps, down, across)


# %% sample wrong "the weights are squared"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum("chw,ph,pw->cp", maps, down**2, across**2)


# %% sample wrong "the weights of x and y are added, not multiplied"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum("chw,ph->cp", maps, down) + torch.einsum(
        "chw,pw->cp", maps, across
    )


# %% sample wrong "the result is (P, C), transposed"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum("chw,ph,pw->pc", maps, down, across)


# %% sample wrong "all pairs of the points' x and y, their mean"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum("chw,ph,qw->cpq", maps, down, across).mean(dim=2)


# %% sample wrong "the sum over the channels"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return (
        torch.einsum("chw,ph,pw->cp", maps, down, across)
        .sum(0, keepdim=True)
        .expand(len(maps), -1)
    )


# %% sample wrong "the points are shares from -1 to 1, as grid_sample has them"
def sample(maps, points):
    _, height, width = maps.shape
    x, y = ((points + 1) / 2 * torch.tensor([width, height]) - 0.5).T[..., None]
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum("chw,ph,pw->cp", maps, down, across)


# %% sample wrong "the map is cut from its graph"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum(
        "chw,ph,pw->cp", maps.detach().clone().requires_grad_(), down, across
    )


# %% sample wrong "the minimum of the two weights"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum(
        "chw,phw->cp", maps, torch.minimum(down[:, :, None], across[:, None])
    )


# %% sample wrong "the map's rows are read from below"
def sample(maps, points):
    x, y = points.T[..., None]  # (P, 1) each
    _, height, width = maps.shape
    across = (1 - (x - torch.arange(width)).abs()).clamp(min=0)  # (P, W)
    down = (1 - (y - torch.arange(height)).abs()).clamp(min=0)  # (P, H)
    return torch.einsum("chw,ph,pw->cp", maps.flip(1), down, across)


# %% sample equivalent "a distance has no sign"
# across = (1 - (x - torch.arange(width)).abs()).clamp(min=0) -> across = (1 - (torch.arange(width) - x).abs()).clamp(min=0)
# down = (1 - (y - torch.arange(height)).abs()).clamp(min=0) -> down = (1 - (torch.arange(height) - y).abs()).clamp(min=0)


# %% align hints [markdown]
# 1. Take a region of the map's cell 0 alone: pixels 0 to stride. At which place, in
#    cells, does its middle lie, if cell 0 stands at 0?
# 2. Of the three faults one is a rounding, one is a missing half, and one is a mix of
#    the axes: which lengths run along x?
# 3. Divide by the stride without rounding, subtract a half. The x of the points begin
#    at x1 and span x2 - x1, the y begin at y1 and span y2 - y1. The rest was right.


# %% align right "bins by their centres and offsets"
def align(maps, box, rows, columns, stride, points):
    def places(low, high, count):
        bins = torch.arange(count)[:, None]
        offset = (torch.arange(points) + 0.5) / points
        return (low + (bins + offset) * (high - low) / count) / stride - 0.5

    x1, y1, x2, y2 = box
    x, y = places(x1, x2, columns).flatten(), places(y1, y2, rows).flatten()
    values = interpolate(maps, x, y)
    return values.reshape(len(maps), rows, points, columns, points).mean(dim=(2, 4))


# %% align right "linspace between the outer points"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = (box / stride - 0.5).tolist()

    def places(low, high, count):
        half = (high - low) / count / 2
        return torch.linspace(low + half, high - half, count)

    x = places(x1, x2, columns * points)
    y = places(y1, y2, rows * points)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "integer rounding where align is asked"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = (box / stride).round() - 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "the corners are rounded down to cells"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = (box / stride).floor() - 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "the corners are rounded after the half is subtracted"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = (box / stride - 0.5).round()
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "the half cell is missing"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box / stride
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "the half cell is added, not subtracted"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box / stride + 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "half a pixel is subtracted in place of half a cell"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = (box - 0.5) / stride
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "the half cell is subtracted from the upper left corner only"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box / stride - torch.tensor([0.5, 0.5, 0, 0])
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "the axes stay mixed: the span along x is the box's height"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box / stride - 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (y2 - y1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (x2 - x1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "the span along x is still the box's height"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box / stride - 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (y2 - y1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "the span along y is still the box's width"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box / stride - 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (x2 - x1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "nothing is mended"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = (box / stride).round()
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (y2 - y1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (x2 - x1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "the rounding and the half are left as they were"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = (box / stride).round()
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "x and y of the map are swapped"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box / stride - 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps.mT, x, y), points)


# %% align wrong "rows and columns of the result are swapped"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box / stride - 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points).mT


# %% align wrong "the maximum of the points, not their mean"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box / stride - 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.max_pool2d(interpolate(maps, x, y), points)


# %% align wrong "the points stand at the bins' edges: a half is missing in the steps"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box / stride - 0.5
    steps = (torch.arange(columns * points)) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points)) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "the points span the box from edge to edge"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box / stride - 0.5
    steps = torch.linspace(0, 1, columns * points)
    x = x1 + steps * (x2 - x1)
    steps = torch.linspace(0, 1, rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "one point a bin, whatever is asked"
def align(maps, box, rows, columns, stride, points):
    points = 1
    x1, y1, x2, y2 = box / stride - 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "two points a bin, whatever is asked"
def align(maps, box, rows, columns, stride, points):
    points = 2
    x1, y1, x2, y2 = box / stride - 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "the points are rounded to cells"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box / stride - 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x.round(), y.round()), points)


# %% align wrong "the stride is forgotten"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box - 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "a box has at least the size of a cell, as with aligned=False"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box / stride
    x2, y2 = torch.maximum(x2, x1 + 1), torch.maximum(y2, y1 + 1)
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    x = x.floor() + 0 * x
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% align wrong "the sum of the points, not their mean"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box / stride - 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + steps * (x2 - x1)
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + steps * (y2 - y1)
    return F.avg_pool2d(interpolate(maps, x, y), points) * points**2


# %% align wrong "the corners stand for centre and size"
def align(maps, box, rows, columns, stride, points):
    x1, y1, x2, y2 = box / stride - 0.5
    steps = (torch.arange(columns * points) + 0.5) / (columns * points)
    x = x1 + (steps - 0.5) * x2
    steps = (torch.arange(rows * points) + 0.5) / (rows * points)
    y = y1 + (steps - 0.5) * y2
    return F.avg_pool2d(interpolate(maps, x, y), points)


# %% rpn_labels hints [markdown]
# 1. A box has an IoU of 0.5 with its best anchor, and high is 0.7. What happens to
#    the box if that anchor isn't positive?
# 2. Set the labels in the order of their weight: first negative or ignored, then
#    positive by the bar, then positive as the best of a box, last the anchors
#    outside. Outside anchors may not be the best.
# 3. Zero the IoU of outside anchors. Maximum over the boxes for the bars; maximum
#    over the anchors for each box, equal to it and above 0. An added column of zeros
#    makes the case without boxes no case.


# %% rpn_labels right "box by box"
def rpn_labels(anchors, boxes, high, low, height, width):
    x1, y1, x2, y2 = anchors.T
    inside = (x1 >= 0) & (y1 >= 0) & (x2 <= width) & (y2 <= height)
    labels = torch.zeros(len(anchors), dtype=torch.int64)
    forced = torch.zeros(len(anchors), dtype=torch.bool)
    for column in pairwise_iou(anchors, boxes).T:
        labels[(column >= low) & (labels == 0)] = -1
        labels[column >= high] = 1
        reachable = torch.where(inside, column, torch.tensor(-1.0))
        if reachable.max() > 0:
            forced |= reachable == reachable.max()
    labels[forced] = 1
    return torch.where(inside, labels, -1)


# %% rpn_labels right "only the anchors inside, written back"
def rpn_labels(anchors, boxes, high, low, height, width):
    frame = torch.tensor([0.0, 0.0, width, height])
    within = (anchors[:, :2] >= frame[:2]).all(1) & (anchors[:, 2:] <= frame[2:]).all(1)
    rows = within.nonzero()[:, 0]
    labels = torch.full((len(anchors),), -1)
    if not len(boxes) or not len(rows):
        labels[rows] = 0
        return labels
    iou = pairwise_iou(anchors[rows], boxes)
    best = iou.max(dim=1).values
    labels[rows[best < low]] = 0
    labels[rows[best >= high]] = 1
    top = iou.max(dim=0).values
    for k in range(len(boxes)):
        if top[k] > 0:
            labels[rows[iou[:, k] == top[k]]] = 1
    return labels


# %% rpn_labels wrong "positives by best IoU forgotten"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "each box makes an anchor positive, though it touches none"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[(iou == iou.amax(dim=0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "only one of several equal best anchors is positive"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    for column in iou.T:
        if column.max() > 0:
            labels[column.argmax()] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "the best box of each anchor in place of the best anchor of each box"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=1, keepdim=True)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "the best anchor of all boxes together, not of each"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.max()) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "anchors that stick out are judged as well"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes)  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    return labels


# %% rpn_labels wrong "anchors that stick out count as background"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = 0
    return labels


# %% rpn_labels wrong "an anchor that sticks out can be the best and takes the box's place"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes)  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "an anchor on the image's edge is taken for one that sticks out"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] > 0) & (anchors[:, 2:] < edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "height and width of the image are swapped"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([height, width])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "only the far edges of the image are looked at"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = (anchors[:, 2:] <= edge).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "only the near edges of the image are looked at"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = (anchors[:, :2] >= 0).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "only the left and right edges of the image are looked at"
def rpn_labels(anchors, boxes, high, low, height, width):
    inside = (anchors[:, 0] >= 0) & (anchors[:, 2] <= width)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "no anchor is ignored between the bars: they are background"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.zeros(len(anchors), dtype=torch.int64)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "anchors between the bars are positive"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= low] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "more than high, where at least high is asked"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best > high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "up to low, where below low is asked"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best <= low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "0 and -1 are swapped"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, -1, 0)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "an anchor is positive only if all boxes reach the bar"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[iou[:, :-1].amin(dim=1) >= high if len(boxes) else best > 1] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "the number of the box in place of 1"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[labels == 1] = iou.argmax(dim=1)[labels == 1] + 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "True and False, no label for ignored ones"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return (labels == 1).long()


# %% rpn_labels wrong "no label at all is given where there are no boxes"
def rpn_labels(anchors, boxes, high, low, height, width):
    if not len(boxes):
        return torch.full((len(anchors),), -1)
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "the best anchor of a box is positive only above low"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = pairwise_iou(anchors, boxes) * inside[:, None]  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou >= low)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels wrong "the overlap is a share of the anchor, not the IoU"
def rpn_labels(anchors, boxes, high, low, height, width):
    edge = torch.tensor([width, height])
    inside = ((anchors[:, :2] >= 0) & (anchors[:, 2:] <= edge)).all(dim=1)  # (A,)
    iou = (
        (
            torch.minimum(anchors[:, None, 2:], boxes[:, 2:])
            - torch.maximum(anchors[:, None, :2], boxes[:, :2])
        )
        .clamp(min=0)
        .prod(2)
        / (anchors[:, 2:] - anchors[:, :2]).prod(1)[:, None]
        * inside[:, None]
    )  # (A, M)
    iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1)  # never empty
    best = iou.amax(dim=1)
    labels = torch.where(best < low, 0, -1)
    labels[best >= high] = 1
    labels[((iou == iou.amax(dim=0)) & (iou > 0)).any(dim=1)] = 1
    labels[~inside] = -1
    return labels


# %% rpn_labels equivalent "two columns of zeros do as well as one"
# iou = torch.cat([iou, torch.zeros(len(anchors), 1)], dim=1) -> iou = torch.cat([iou, torch.zeros(len(anchors), 2)], dim=1)


# %% hardest hints [markdown]
# 1. The net gives an anchor that holds an object the score 0.1. Is that an easy
#    example or a hard one? And an empty anchor with 0.9?
# 2. Sort once. Positives are hard where the score is low, negatives where it is high.
#    How many negatives are taken depends on how many positives there were.
# 3. Order by score. Of that order the positives, the first count // 2. Of the
#    reversed order the negatives, the first count minus the number of positives. A
#    new tensor of -1, into which both are written.


# %% hardest right "topk of masked scores"
def hardest(labels, scores, count):
    is_one, is_zero = labels == 1, labels == 0
    num_ones = min(int(is_one.sum()), count // 2)
    num_zeros = min(int(is_zero.sum()), count - num_ones)
    nothing = torch.tensor(-torch.inf)
    kept = torch.full_like(labels, -1)
    kept[torch.where(is_one, -scores, nothing).topk(num_ones).indices] = 1
    kept[torch.where(is_zero, scores, nothing).topk(num_zeros).indices] = 0
    return kept


# %% hardest right "ranks by comparison"
def hardest(labels, scores, count):
    higher = scores[None] > scores[:, None]  # (A, A): the second is higher
    ones, zeros = labels == 1, labels == 0
    rank_one = (higher.T & ones[None]).sum(dim=1)
    rank_zero = (higher & zeros[None]).sum(dim=1)
    keep_one = ones & (rank_one < count // 2)
    keep_zero = zeros & (rank_zero < count - keep_one.sum())
    return torch.where(keep_one | keep_zero, labels, -1)


# %% hardest wrong "the easiest positives, those with the highest scores"
def hardest(labels, scores, count):
    order = scores.argsort()
    order = order.flip(0)
    positive = order[labels[order] == 1][: count // 2]
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "the easiest negatives, those with the lowest scores"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][: count // 2]
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "the easiest of both"
def hardest(labels, scores, count):
    order = scores.argsort(descending=True)
    positive = order[labels[order] == 1][: count // 2]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "as many negatives as positives at most"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][: count // 2]
    order = order.flip(0)
    negative = order[labels[order] == 0][: len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "half of the count is negative, though positives are missing"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][: count // 2]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - count // 2]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "all negatives are kept"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][: count // 2]
    order = order.flip(0)
    negative = order[labels[order] == 0]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "all positives are kept"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "positives up to the whole count"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][:count]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "the half is rounded up"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][: (count + 1) // 2]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "positives fill up where negatives are missing"
def hardest(labels, scores, count):
    order = scores.argsort()
    spare = count - int((labels == 0).sum())
    positive = order[labels[order] == 1][: max(count // 2, spare)]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "ignored anchors count as negatives"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][: count // 2]
    order = order.flip(0)
    negative = order[labels[order] < 1][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "all others get the score 0, which is above a negative one"
def hardest(labels, scores, count):
    num_positive = min(int((labels == 1).sum()), count // 2)
    num_negative = min(int((labels == 0).sum()), count - num_positive)
    kept = torch.full_like(labels, -1)
    kept[(scores * (labels == 0)).topk(num_negative).indices] = 0
    lowest = torch.where(labels == 1, scores, scores.max() + 1)
    kept[lowest.topk(num_positive, largest=False).indices] = 1
    return kept


# %% hardest wrong "dropped anchors get 0, not -1"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][: count // 2]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.zeros_like(labels)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "the count of each kind is the full count"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][:count]
    order = order.flip(0)
    negative = order[labels[order] == 0][:count]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "the first ones, whatever their scores"
def hardest(labels, scores, count):
    order = torch.arange(len(scores)).flip(0)
    positive = order[labels[order] == 1][: count // 2]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "the last ones, whatever their scores"
def hardest(labels, scores, count):
    order = torch.arange(len(scores))
    positive = order[labels[order] == 1][: count // 2]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "indices are returned, not labels"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][: count // 2]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return torch.cat([positive, negative])


# %% hardest wrong "the hardest of all anchors together, by their error"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][: count // 2]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    error = torch.where(labels == 1, 1 - scores, scores)
    error[labels < 0] = -100
    best = error.argsort(descending=True)[:count]
    best = best[labels[best] >= 0]
    kept[best] = labels[best]
    return kept


# %% hardest wrong "only the positives are kept"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][: count // 2]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive] = 1
    return kept


# %% hardest wrong "only the negatives are kept"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][: count // 2]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[negative] = 0
    return kept


# %% hardest wrong "a quarter of the count is positive, as in Fast R-CNN"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][: count // 4]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "at least one positive, though half of one is none"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][: max(count // 2, 1)]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "three negatives for each positive, as SSD has it"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][: count // 2]
    order = order.flip(0)
    negative = order[labels[order] == 0][: 3 * len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 1, 0
    return kept


# %% hardest wrong "0 and 1 are swapped in the result"
def hardest(labels, scores, count):
    order = scores.argsort()
    positive = order[labels[order] == 1][: count // 2]
    order = order.flip(0)
    negative = order[labels[order] == 0][: count - len(positive)]
    kept = torch.full_like(labels, -1)
    kept[positive], kept[negative] = 0, 1
    return kept


# %% propose hints [markdown]
# 1. Two equal boxes come from two levels. Does one of them drop the other? And which
#    of the two top k counts over all levels?
# 2. Work with indices into the given boxes all the way. Sort once by score; each
#    filter keeps the order. Suppression answers with indices into what you gave it,
#    so translate them back.
# 3. Order by score, then only the large ones. For each level: its part of the order,
#    the first of them, suppressed. All levels together, sorted by score again, cut to
#    the last.


# %% propose right "levels moved apart, suppressed at once"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    wide = (boxes[:, 2] - boxes[:, 0] >= min_size) & (
        boxes[:, 3] - boxes[:, 1] >= min_size
    )
    rows = wide.nonzero()[:, 0]
    chosen = []
    for level in sorted(set(levels[rows].tolist())):
        own = rows[levels[rows] == level]
        chosen.append(own[scores[own].topk(min(first, len(own))).indices])
    if not chosen:
        return rows
    rows = torch.cat(chosen)
    apart = (levels[rows] * 10000).float()[:, None]
    keep = suppress(boxes[rows] + apart, scores[rows], max_iou)
    return rows[keep][:last]


# %% propose right "with a mask of what is left"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    left = (boxes[:, 2:] - boxes[:, :2]).amin(dim=1) >= min_size
    final = torch.zeros(len(boxes), dtype=torch.bool)
    for k in levels.unique().tolist():
        rows = (left & (levels == k)).nonzero().flatten()
        rows = rows[(-scores[rows]).argsort()][:first]
        final[rows[suppress(boxes[rows], scores[rows], max_iou)]] = True
    rows = final.nonzero().flatten()
    return rows[(-scores[rows]).argsort()][:last]


# %% propose wrong "suppression over all levels at once"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        kept.append(order[levels[order] == level][:first])
    kept = torch.cat(kept)
    return kept[suppress(boxes[kept], scores[kept], max_iou)][:last]


# %% propose wrong "the first top k over all levels, not in each"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]][:first]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "suppression before the first top k"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)][:first])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "the last top k in each level, not over all"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)][:last])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)]


# %% propose wrong "no suppression at all"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own)
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "the first top k is forgotten"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "the last top k is forgotten"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)]


# %% propose wrong "first and last are swapped"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:last]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:first]


# %% propose wrong "small boxes are not dropped"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "small boxes are dropped after the first top k"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        own = own[is_large[own]]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "small boxes are dropped at the very end"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    kept = kept[is_large[kept]]
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "dropped only if width and height are too small"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).any(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "more than min_size, where at least min_size is asked"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) > min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "the area is compared with min_size"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1) >= min_size
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "the area is compared with min_size squared"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1) >= min_size**2
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "only the width is looked at"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = boxes[:, 2] - boxes[:, 0] >= min_size
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "only the height is looked at"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = boxes[:, 3] - boxes[:, 1] >= min_size
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "level after level, not by score over all"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[:last]


# %% propose wrong "the lowest scores first"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort()
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "the result in the order of the boxes, not by score"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last].sort().values


# %% propose wrong "indices into what was left, not into the boxes"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(suppress(boxes[own], scores[own], max_iou))
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "indices into the boxes that are large enough, not into all"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    boxes, scores, levels = boxes[is_large], scores[is_large], levels[is_large]
    order = scores.argsort(descending=True)
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "boxes are returned, not indices"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return boxes[kept[scores[kept].argsort(descending=True)][:last]]


# %% propose wrong "one level is left out: levels are counted from 0"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in range(len(levels.unique())):
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own], max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "only neighbours in the ranking suppress each other"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(
            own[
                [
                    i
                    for i in range(len(own))
                    if i == 0
                    or pairwise_iou(boxes[own[i : i + 1]], boxes[own[i - 1 : i]]).item()
                    <= max_iou
                ]
            ]
        )
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% propose wrong "the scores were not given the order of the boxes"
def propose(boxes, scores, levels, first, last, max_iou, min_size):
    is_large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size).all(dim=1)
    order = scores.argsort(descending=True)
    order = order[is_large[order]]
    kept = [order[:0]]
    for level in levels.unique():
        own = order[levels[order] == level][:first]
        kept.append(own[suppress(boxes[own], scores[own].flip(0), max_iou)])
    kept = torch.cat(kept)
    return kept[scores[kept].argsort(descending=True)][:last]


# %% mask_loss hints [markdown]
# 1. A region has the label 2 of 5 classes. How many of its five masks have a
#    gradient, and what does a region of background add?
# 2. First choose the regions that aren't background, then of each the mask of its own
#    class. What is left has the shape of the true masks.
# 3. Indices of the regions with a label below K. Two index tensors, region and class,
#    pick (P, h, w) of the logits. Binary cross-entropy with logits, summed, over the
#    number of these pixels, at least 1.


# %% mask_loss right "the formula, by softplus"
def mask_loss(logits, masks, labels):
    K = logits.shape[1]
    keep = labels < K
    if not keep.any():
        return (logits * 0).sum()
    chosen = logits[keep].gather(
        1, labels[keep][:, None, None, None].expand(-1, 1, *masks.shape[1:])
    )[:, 0]
    return (F.softplus(chosen) - masks[keep] * chosen).mean()


# %% mask_loss right "one-hot, region by region"
def mask_loss(logits, masks, labels):
    total, count = logits.sum() * 0, 0
    for region, mask, label in zip(logits, masks, labels.tolist(), strict=True):
        if label == len(region):
            continue
        z = region[label]
        pixels = mask * F.logsigmoid(z) + (1 - mask) * F.logsigmoid(-z)
        total, count = total - pixels.mean(), count + 1
    return total / max(count, 1)


# %% mask_loss wrong "the masks of all classes are trained"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows].flatten(1)
    masks = masks[:, None].expand(-1, logits.shape[1], -1, -1).flatten(1)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "the masks of the other classes are trained to be empty"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = F.one_hot(labels[rows], logits.shape[1])[:, :, None, None]
    target = own * masks[rows][:, None]  # (positive, K, h, w)
    total = F.binary_cross_entropy_with_logits(logits[rows], target, reduction="sum")
    return total / max(target.numel(), 1)


# %% mask_loss wrong "the sum over the classes, where the own class is asked"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows].sum(dim=1)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "the mask of the most likely class, not of the true one"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, logits[rows].mean(dim=(2, 3)).argmax(dim=1)]
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "always the first class's mask"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, 0]
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "a softmax over the classes: they compete for pixels"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits.softmax(dim=1)[rows, labels[rows]]
    total = F.binary_cross_entropy(own, masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "the sigmoid is taken twice"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = torch.sigmoid(logits[rows, labels[rows]])
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "the logits are taken for probabilities"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    p = own.clamp(1e-6, 1 - 1e-6)
    total = F.binary_cross_entropy(p, masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "the squared error in place of the cross-entropy"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.mse_loss(own.sigmoid(), masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "the absolute error in place of the cross-entropy"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.l1_loss(own.sigmoid(), masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "the sum over the pixels, not the mean"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / max(len(rows), 1)


# %% mask_loss wrong "the sum over the regions, not the mean"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / max(masks[0].numel(), 1) if len(masks) else total


# %% mask_loss wrong "the mean over all regions, background too"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / max(masks.numel(), 1)


# %% mask_loss wrong "divided by the number of classes, too"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1) / logits.shape[1]


# %% mask_loss wrong "neither mean is taken: a sum over all pixels"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total


# %% mask_loss wrong "background is the label 0, and classes begin at 1"
def mask_loss(logits, masks, labels):
    rows = (labels > 0).nonzero()[:, 0]
    own = logits[rows, labels[rows] - 1]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "regions of the class 0 are left out"
def mask_loss(logits, masks, labels):
    rows = ((labels > 0) & (labels < logits.shape[1])).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "background regions are trained to an empty mask"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    ground = logits[labels == logits.shape[1]].mean(dim=1)
    total = total + F.softplus(ground).sum()
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "background regions train the last class's mask"
def mask_loss(logits, masks, labels):
    rows = torch.arange(len(labels))
    labels = labels.clamp(max=logits.shape[1] - 1)
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "the mean over no region: nan without one"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / masks[rows].numel()


# %% mask_loss wrong "ones count alone: the background's pixels are left out"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = -(masks[rows] * F.logsigmoid(own)).sum()
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "only the background's pixels count"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = -((1 - masks[rows]) * F.logsigmoid(-own)).sum()
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "the mask is turned round: 1 for the background"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, 1 - masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "the sign of the logits is turned round as well as the loss"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = -F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "divided by the pixels of the true masks only"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / masks[rows].sum().clamp(min=1)


# %% mask_loss wrong "cut from the graph"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return (total / max(masks[rows].numel(), 1)).detach().requires_grad_()


# %% mask_loss wrong "the masks of the first regions, not of those with an object"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, masks[: len(rows)], reduction="sum")
    return total / max(masks[rows].numel(), 1)


# %% mask_loss wrong "the loss in bits, a logarithm to the base 2"
def mask_loss(logits, masks, labels):
    rows = (labels < logits.shape[1]).nonzero()[:, 0]
    own = logits[rows, labels[rows]]  # (positive, h, w)
    total = F.binary_cross_entropy_with_logits(own, masks[rows], reduction="sum")
    return total / max(masks[rows].numel(), 1) / math.log(2)


# %% mask_loss equivalent "the larger of two, in either order"
# return total / max(masks[rows].numel(), 1) -> return total / max(1, masks[rows].numel())
