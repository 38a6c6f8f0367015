# %% random_gamma hints [markdown]
# 1. What does the formula give for `u` = 0, and what for `u` = 1?
# 2. Three steps: draw, make the exponent from the draw, and change every pixel by it.
#    The draw comes from the generator that you were given, so that the same generator
#    gives the same image.
# 3. Three lines. One number is drawn; the exponent is a product of two powers, whose
#    exponents add up to 1; the image is raised to it as a whole.


# %% random_gamma right "through the logarithms"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator).item()
    low, high = torch.tensor(low), torch.tensor(high)
    return torch.pow(image, torch.exp(torch.lerp(low.log(), high.log(), u)))


# %% random_gamma right "a ratio to a power"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator).item()
    return image.pow(low * (high / low) ** u)


# %% random_gamma wrong "the draw comes from the global stream, not from the generator"
def random_gamma(image, low, high, generator):
    u = torch.rand(
        1,
    )
    gamma = low ** (1 - u) * high**u
    return image**gamma


# %% random_gamma wrong "gamma is drawn evenly between low and high, not in their powers"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator)
    gamma = low + u * (high - low)
    return image**gamma


# %% random_gamma wrong "low and high are swapped"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator)
    gamma = high ** (1 - u) * low**u
    return image**gamma


# %% random_gamma wrong "every pixel has a draw of its own"
def random_gamma(image, low, high, generator):
    u = torch.rand(image.shape, generator=generator)
    gamma = low ** (1 - u) * high**u
    return image**gamma


# %% random_gamma wrong "every channel has a draw of its own"
def random_gamma(image, low, high, generator):
    u = torch.rand(len(image), 1, 1, generator=generator)
    gamma = low ** (1 - u) * high**u
    return image**gamma


# %% random_gamma wrong "the image is multiplied by gamma, not raised to it"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator)
    gamma = low ** (1 - u) * high**u
    return image * gamma


# %% random_gamma wrong "gamma and the image are swapped: a power of gamma"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator)
    gamma = low ** (1 - u) * high**u
    return gamma**image


# %% random_gamma wrong "the power of 1 / gamma"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator)
    gamma = low ** (1 - u) * high**u
    return image ** (1 / gamma)


# %% random_gamma wrong "a normal draw, where a uniform one was asked"
def random_gamma(image, low, high, generator):
    u = torch.randn(1, generator=generator)
    gamma = low ** (1 - u) * high**u
    return image**gamma


# %% random_gamma wrong "two draws, where one was asked"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator)
    u = torch.rand(1, generator=generator)
    gamma = low ** (1 - u) * high**u
    return image**gamma


# %% random_gamma wrong "drawn twice, and the first is used"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator)
    gamma = low ** (1 - u) * high**u
    torch.rand(1, generator=generator)
    return image**gamma


# %% random_gamma wrong "gamma is always the largest"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator)
    gamma = high
    return image**gamma


# %% random_gamma wrong "only one of the two powers"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator)
    gamma = low ** (1 - u)
    return image**gamma


# %% random_gamma wrong "only the other of the two powers"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator)
    gamma = high**u
    return image**gamma


# %% random_gamma wrong "`image` is changed in place"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator)
    gamma = low ** (1 - u) * high**u
    return image.pow_(gamma)


# %% random_gamma wrong "powers of pixels from 0 to 255"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator)
    gamma = low ** (1 - u) * high**u
    return (255 * image) ** gamma / 255


# %% random_gamma wrong "gamma alone is returned"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator)
    gamma = low ** (1 - u) * high**u
    return gamma


# %% random_gamma wrong "the powers are added, not multiplied"
def random_gamma(image, low, high, generator):
    u = torch.rand(1, generator=generator)
    gamma = low ** (1 - u) + high**u
    return image**gamma


# %% turn_left hints [markdown]
# 1. Draw an image of 10 x 20 and a box at its right edge. Where is the box after the
#    turn, and which of its old edges is its upper one now?
# 2. A place (x, y) goes to (y, W - x): what was far to the right is near the top. So
#    old rows become columns, and old columns, counted from the right, become rows.
# 3. Four columns are taken apart and put together in another order: the new left and
#    right are the old top and bottom; the new top and bottom are the width minus the
#    old right and left.


# %% turn_left right "transpose, then flip the rows"
def turn_left(image, boxes):
    width = image.shape[-1]
    turned = boxes[:, [1, 2, 3, 0]].clone()
    turned[:, [1, 3]] = width - turned[:, [1, 3]]
    return image.transpose(1, 2).flip(1), turned


# %% turn_left right "the corners turned as points"
def turn_left(image, boxes):
    points = boxes.reshape(-1, 2, 2)  # corners, (x, y)
    points = torch.stack([points[..., 1], image.shape[2] - points[..., 0]], dim=-1)
    low, high = points.amin(dim=1), points.amax(dim=1)
    return torch.rot90(image, dims=[1, 2]), torch.cat([low, high], dim=1)


# %% turn_left wrong "image and boxes are turned clockwise"
def turn_left(image, boxes):
    height = image.shape[1]
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack([height - bottom, left, height - top, right], dim=1)
    return torch.rot90(image, -1, dims=(1, 2)), turned


# %% turn_left wrong "the image is turned clockwise, the boxes are not"
def turn_left(image, boxes):
    width = image.shape[2]
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack([top, width - right, bottom, width - left], dim=1)
    return torch.rot90(image, -1, dims=(1, 2)), turned


# %% turn_left wrong "the boxes are turned clockwise, the image is not"
def turn_left(image, boxes):
    width = image.shape[2]
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack(
        [image.shape[1] - bottom, left, image.shape[1] - top, right], dim=1
    )
    return torch.rot90(image, 1, dims=(1, 2)), turned


# %% turn_left wrong "the boxes stay where they were"
def turn_left(image, boxes):
    width = image.shape[2]
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack([top, width - right, bottom, width - left], dim=1)
    return torch.rot90(image, 1, dims=(1, 2)), boxes


# %% turn_left wrong "the image stays as it was"
def turn_left(image, boxes):
    width = image.shape[2]
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack([top, width - right, bottom, width - left], dim=1)
    return image, turned


# %% turn_left wrong "the image is only transposed, not turned"
def turn_left(image, boxes):
    width = image.shape[2]
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack([top, width - right, bottom, width - left], dim=1)
    return image.transpose(1, 2), turned


# %% turn_left wrong "the boxes are only transposed, not turned"
def turn_left(image, boxes):
    width = image.shape[2]
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack([top, left, bottom, right], dim=1)
    return torch.rot90(image, 1, dims=(1, 2)), turned


# %% turn_left wrong "image and boxes are transposed: a mirror is missing"
def turn_left(image, boxes):
    return image.transpose(1, 2), boxes[:, [1, 0, 3, 2]]


# %% turn_left wrong "top and bottom are swapped: boxes of negative height"
def turn_left(image, boxes):
    width = image.shape[2]
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack([top, width - left, bottom, width - right], dim=1)
    return torch.rot90(image, 1, dims=(1, 2)), turned


# %% turn_left wrong "the height is taken for the width"
def turn_left(image, boxes):
    width = image.shape[1]
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack([top, width - right, bottom, width - left], dim=1)
    return torch.rot90(image, 1, dims=(1, 2)), turned


# %% turn_left wrong "off by one: the last column counted, not the edge"
def turn_left(image, boxes):
    width = image.shape[2] - 1
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack([top, width - right, bottom, width - left], dim=1)
    return torch.rot90(image, 1, dims=(1, 2)), turned


# %% turn_left wrong "the wrong two axes of the image are turned"
def turn_left(image, boxes):
    width = image.shape[2]
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack([top, width - right, bottom, width - left], dim=1)
    return torch.rot90(image, 1, dims=(0, 1)), turned


# %% turn_left wrong "turned by half a turn"
def turn_left(image, boxes):
    (height, width), (left, top, right, bottom) = image.shape[1:], boxes.unbind(dim=1)
    turned = torch.stack(
        [width - right, height - bottom, width - left, height - top], 1
    )
    return torch.rot90(image, 2, dims=(1, 2)), turned


# %% turn_left wrong "mirrored left to right, not turned"
def turn_left(image, boxes):
    width, (left, top, right, bottom) = image.shape[2], boxes.unbind(dim=1)
    return image.flip(2), torch.stack([width - right, top, width - left, bottom], dim=1)


# %% turn_left wrong "the boxes come as columns (4, K)"
def turn_left(image, boxes):
    width = image.shape[2]
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack([top, width - right, bottom, width - left], dim=0)
    return torch.rot90(image, 1, dims=(1, 2)), turned


# %% turn_left wrong "rows before columns in the boxes"
def turn_left(image, boxes):
    width = image.shape[2]
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack([width - right, top, width - left, bottom], dim=1)
    return torch.rot90(image, 1, dims=(1, 2)), turned


# %% turn_left wrong "x and width, where corners were asked"
def turn_left(image, boxes):
    width = image.shape[2]
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack([top, width - right, bottom - top, right - left], dim=1)
    return torch.rot90(image, 1, dims=(1, 2)), turned


# %% turn_left wrong "the boxes become whole numbers"
def turn_left(image, boxes):
    width = image.shape[2]
    left, top, right, bottom = boxes.unbind(dim=1)
    turned = torch.stack([top, width - right, bottom, width - left], dim=1)
    return torch.rot90(image, 1, dims=(1, 2)), turned.long()


# %% mirror hints [markdown]
# 1. Which of `X`, `y` and `partner` has a place for each image, and which a place for
#    each class? Which of them can be looked up by a label?
# 2. Two choices by one mask: for each image its mirror or itself, and for each label
#    its partner or itself. The mask needs more axes before it meets the images.
# 3. Two calls that choose between two tensors. The one for images gets the mask with
#    three axes of size 1 behind it; the one for labels gets the table, read at all
#    labels at once.


# %% mirror right "copies, changed at the mask"
def mirror(X, y, partner, chosen):
    X, y = X.clone(), y.clone()
    X[chosen] = X[chosen].flip(-1)
    y[chosen] = partner[y[chosen]]
    return X, y


# %% mirror right "image by image"
def mirror(X, y, partner, chosen):
    images = [x.flip(2) if c else x for x, c in zip(X, chosen)]
    labels = [partner[k] if c else k for k, c in zip(y, chosen)]
    return torch.stack(images), torch.stack(labels)


# %% mirror wrong "the labels stay as they were"
def mirror(X, y, partner, chosen):
    mirrored = torch.where(chosen[:, None, None, None], X.flip(3), X)
    return mirrored, y


# %% mirror wrong "the images stay as they were"
def mirror(X, y, partner, chosen):
    mirrored = torch.where(chosen[:, None, None, None], X.flip(3), X)
    return X, torch.where(chosen, partner[y], y)


# %% mirror wrong "all images are mirrored"
def mirror(X, y, partner, chosen):
    mirrored = X.flip(3)
    return mirrored, torch.where(chosen, partner[y], y)


# %% mirror wrong "all labels are changed"
def mirror(X, y, partner, chosen):
    mirrored = torch.where(chosen[:, None, None, None], X.flip(3), X)
    return mirrored, partner[y]


# %% mirror wrong "images and labels: all are changed, the mask is ignored"
def mirror(X, y, partner, chosen):
    return X.flip(3), partner[y]


# %% mirror wrong "the images that were not chosen are changed"
def mirror(X, y, partner, chosen):
    mirrored = torch.where(chosen[:, None, None, None], X, X.flip(3))
    return mirrored, torch.where(chosen, y, partner[y])


# %% mirror wrong "mirrored upside down"
def mirror(X, y, partner, chosen):
    mirrored = torch.where(chosen[:, None, None, None], X.flip(2), X)
    return mirrored, torch.where(chosen, partner[y], y)


# %% mirror wrong "turned by half a turn"
def mirror(X, y, partner, chosen):
    mirrored = torch.where(chosen[:, None, None, None], X.flip((2, 3)), X)
    return mirrored, torch.where(chosen, partner[y], y)


# %% mirror wrong "the channels are reversed"
def mirror(X, y, partner, chosen):
    mirrored = torch.where(chosen[:, None, None, None], X.flip(1), X)
    return mirrored, torch.where(chosen, partner[y], y)


# %% mirror wrong "the order of the images is reversed"
def mirror(X, y, partner, chosen):
    mirrored = torch.where(chosen[:, None, None, None], X.flip(0), X)
    return mirrored, torch.where(chosen, partner[y], y)


# %% mirror wrong "the table is read by place, not by label"
def mirror(X, y, partner, chosen):
    mirrored = torch.where(chosen[:, None, None, None], X.flip(3), X)
    return mirrored, torch.where(
        chosen, partner[torch.arange(len(y)) % len(partner)], y
    )


# %% mirror wrong "only the chosen images are returned"
def mirror(X, y, partner, chosen):
    return X[chosen].flip(3), partner[y[chosen]]


# %% mirror wrong "`X` is changed in place"
def mirror(X, y, partner, chosen):
    X[chosen] = X[chosen].flip(3)
    y[chosen] = partner[y[chosen]]
    return X, y


# %% mirror wrong "labels counted from the other end"
def mirror(X, y, partner, chosen):
    mirrored = torch.where(chosen[:, None, None, None], X.flip(3), X)
    return mirrored, torch.where(chosen, len(partner) - 1 - y, y)


# %% mirror wrong "labels as decimal numbers"
def mirror(X, y, partner, chosen):
    mirrored = torch.where(chosen[:, None, None, None], X.flip(3), X)
    return mirrored, torch.where(chosen, partner[y], y).float()


# %% mirror wrong "only the first chosen image is changed"
def mirror(X, y, partner, chosen):
    chosen = chosen & (chosen.cumsum(0) == 1)
    mirrored = torch.where(chosen[:, None, None, None], X.flip(3), X)
    return mirrored, torch.where(chosen, partner[y], y)


# %% in_order hints [markdown]
# 1. Into how many groups fall the transforms, and which group is known only by what its
#    members are not?
# 2. Give each transform the number of its group and sort by it. A sort that leaves
#    equal ones in their order does the rest.
# 3. One table from four types to numbers, with a gap for all others; one call that
#    sorts by the number of the type.


# %% in_order right "group after group"
def in_order(transforms):
    def of(*types):
        return [t for t in transforms if isinstance(t, types)]

    named = (v2.ToImage, v2.ToDtype, v2.Normalize, v2.RandomErasing)
    rest = [t for t in transforms if not isinstance(t, named)]
    first, dtype, normalize, erasing = map(of, named)
    return first + rest + dtype + normalize + erasing


# %% in_order right "places in a list of types"
def in_order(transforms):
    types = [v2.ToImage, None, v2.ToDtype, v2.Normalize, v2.RandomErasing]

    def place(transform):
        return types.index(type(transform)) if type(transform) in types else 1

    return sorted(transforms, key=place)


# %% in_order wrong "Normalize stands before ToDtype"
def in_order(transforms):
    order = {v2.ToImage: 0, v2.ToDtype: 3, v2.Normalize: 2, v2.RandomErasing: 4}
    return sorted(transforms, key=lambda transform: order.get(type(transform), 1))


# %% in_order wrong "erasing stands before Normalize"
def in_order(transforms):
    order = {v2.ToImage: 0, v2.ToDtype: 2, v2.Normalize: 4, v2.RandomErasing: 3}
    return sorted(transforms, key=lambda transform: order.get(type(transform), 1))


# %% in_order wrong "erasing stands before ToDtype"
def in_order(transforms):
    order = {v2.ToImage: 0, v2.ToDtype: 2.5, v2.Normalize: 3, v2.RandomErasing: 2}
    return sorted(transforms, key=lambda transform: order.get(type(transform), 1))


# %% in_order wrong "erasing comes first, on the PIL image"
def in_order(transforms):
    order = {v2.ToImage: 0, v2.ToDtype: 2, v2.Normalize: 3, v2.RandomErasing: -1}
    return sorted(transforms, key=lambda transform: order.get(type(transform), 1))


# %% in_order wrong "erasing is taken for one of the other moves"
def in_order(transforms):
    order = {v2.ToImage: 0, v2.ToDtype: 2, v2.Normalize: 3}
    return sorted(transforms, key=lambda transform: order.get(type(transform), 1))


# %% in_order wrong "ToImage stands behind crops and flips"
def in_order(transforms):
    order = {v2.ToImage: 1.5, v2.ToDtype: 2, v2.Normalize: 3, v2.RandomErasing: 4}
    return sorted(transforms, key=lambda transform: order.get(type(transform), 1))


# %% in_order wrong "crops and flips stand behind ToDtype"
def in_order(transforms):
    order = {v2.ToImage: 0, v2.ToDtype: 0.5, v2.Normalize: 3, v2.RandomErasing: 4}
    return sorted(transforms, key=lambda transform: order.get(type(transform), 1))


# %% in_order wrong "crops and flips stand behind Normalize"
def in_order(transforms):
    order = {v2.ToImage: 0, v2.ToDtype: 0.5, v2.Normalize: 0.7, v2.RandomErasing: 4}
    return sorted(transforms, key=lambda transform: order.get(type(transform), 1))


# %% in_order wrong "crops and flips stand last"
def in_order(transforms):
    order = {v2.ToImage: 0, v2.ToDtype: 2, v2.Normalize: 3, v2.RandomErasing: 4}
    return sorted(transforms, key=lambda transform: order.get(type(transform), 9))


# %% in_order wrong "the order is the reverse"
def in_order(transforms):
    order = {v2.ToImage: 0, v2.ToDtype: 2, v2.Normalize: 3, v2.RandomErasing: 4}
    return sorted(
        transforms, key=lambda transform: order.get(type(transform), 1), reverse=True
    )


# %% in_order wrong "crops and flips change their order"
def in_order(transforms):
    order = {v2.ToImage: 0, v2.ToDtype: 2, v2.Normalize: 3, v2.RandomErasing: 4}
    return sorted(transforms[::-1], key=lambda transform: order.get(type(transform), 1))


# %% in_order wrong "the other moves are sorted by name"
def in_order(transforms):
    order = {v2.ToImage: 0, v2.ToDtype: 2, v2.Normalize: 3, v2.RandomErasing: 4}

    def key(transform):
        return order.get(type(transform), 1), type(transform).__name__

    return sorted(transforms, key=key)


# %% in_order wrong "only one erasing is kept"
def in_order(transforms):
    order = {v2.ToImage: 0, v2.ToDtype: 2, v2.Normalize: 3, v2.RandomErasing: 4}
    rows = sorted(transforms, key=lambda transform: order.get(type(transform), 1))
    while len(rows) > 1 and type(rows[-2]) is v2.RandomErasing:
        rows.pop()
    return rows


# %% in_order wrong "the other moves are left out"
def in_order(transforms):
    order = {v2.ToImage: 0, v2.ToDtype: 2, v2.Normalize: 3, v2.RandomErasing: 4}
    return sorted(
        [t for t in transforms if type(t) in order],
        key=lambda transform: order.get(type(transform), 1),
    )


# %% in_order wrong "`transforms` is changed in place"
def in_order(transforms):
    order = {v2.ToImage: 0, v2.ToDtype: 2, v2.Normalize: 3, v2.RandomErasing: 4}
    transforms.sort(key=lambda transform: order.get(type(transform), 1))
    return transforms


# %% in_order wrong "new objects in place of the given ones"
def in_order(transforms):
    order = {v2.ToImage: 0, v2.ToDtype: 2, v2.Normalize: 3, v2.RandomErasing: 4}
    rows = sorted(transforms, key=lambda transform: order.get(type(transform), 1))
    return [v2.RandomErasing() if type(t) is v2.RandomErasing else t for t in rows]


# %% in_order wrong "the order is left as it is"
def in_order(transforms):
    return list(transforms)


# %% in_order equivalent "only the order of the numbers counts"
# order = {v2.ToImage: 0, v2.ToDtype: 2, v2.Normalize: 3, v2.RandomErasing: 4} -> order = {v2.ToImage: 0, v2.ToDtype: 2, v2.Normalize: 3, v2.RandomErasing: 5}


# %% erase hints [markdown]
# 1. Height times width is the area, and height divided by width is the ratio. What do
#    you get if you multiply the two equations?
# 2. The product of both is the square of the height, and their quotient that of the
#    width. A rectangle of h rows fits at H - h + 1 places, so also where it is as high
#    as the image.
# 3. Two rounded square roots; a copy; one condition on both lengths; two places as
#    whole numbers; the copy's rectangle is set to the means, which keep two axes of
#    size 1.


# %% erase right "a mask chooses"
def erase(image, area, ratio, u, v):
    H, W = image.shape[-2:]
    h = round((area * H * W * ratio) ** 0.5)
    w = round((area * H * W / ratio) ** 0.5)
    if h > H or w > W:
        return image.clone()
    top, left = int(u * (H - h + 1)), int(v * (W - w + 1))
    rows, columns = torch.arange(H)[:, None], torch.arange(W)
    hole = (rows >= top) & (rows < top + h) & (columns >= left) & (columns < left + w)
    return torch.where(hole, image.mean(dim=(-2, -1), keepdim=True), image)


# %% erase right "channel by channel"
def erase(image, area, ratio, u, v):
    (C, H, W), result = image.shape, image.clone()
    w = (area * H * W / ratio) ** 0.5
    h, w = round(ratio * w), round(w)
    if h > H or w > W:
        return result
    top, left = int(u * (H - h + 1)), int(v * (W - w + 1))
    for c in range(C):
        result[c, top : top + h, left : left + w] = image[c].mean()
    return result


# %% erase wrong "the ratio is taken for width / height"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    w, h = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "the square root is forgotten in height and width"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round(pixels * ratio), round(pixels / ratio)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "area is taken for a share of the lengths"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * area * ratio) ** 0.5), round((pixels * area / ratio) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "the ratio is taken twice: height and width differ too much"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round(pixels**0.5 * ratio), round(pixels**0.5 / ratio)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "filled with 0"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = 0
    return result


# %% erase wrong "one mean for all channels"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean()
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "the mean of the rectangle, not of the whole image"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image[:, top : top + h, left : left + w].mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "the mean over the channels at each place"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = image.mean(dim=0)[
            top : top + h, left : left + w
        ]
    return result


# %% erase wrong "one row and one column too few to choose from"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height - h)), int(v * (width - w))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "the place is chosen in the whole image, so that the rectangle is cut off"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height)), int(v * (width))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "u chooses the left edge and v the top"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(v * (height - h + 1)), int(u * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "the rectangle is centred at its place"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[
            :,
            max(top - h // 2, 0) : top + h - h // 2,
            max(left - w // 2, 0) : left + w - w // 2,
        ] = mean
    return result


# %% erase wrong "too large a rectangle is cut to the image, not left out"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    h, w = min(h, height), min(w, width)
    if True:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "the image itself is returned where the rectangle is too large, no copy"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    if h > height or w > width:
        return image
    result = image.clone()
    top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
    mean = image.mean(dim=(1, 2), keepdim=True)
    result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "lengths are cut off, not rounded"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = int((pixels * ratio) ** 0.5), int((pixels / ratio) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "too wide a rectangle is not refused"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    if h <= height:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "too high a rectangle is not refused"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    if w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "a rectangle as long as the image is refused"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    if h < height and w < width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "`image` is changed in place"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image
    if h <= height and w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "all but the rectangle is erased"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:] = mean
        part = image[:, top : top + h, left : left + w]
        result[:, top : top + h, left : left + w] = part
    return result


# %% erase wrong "places are rounded, not cut off"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = round(u * (height - h + 1)), round(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "a square, whatever the ratio"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels) ** 0.5), round((pixels) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:, top : top + h, left : left + w] = mean
    return result


# %% erase wrong "only the first channel is erased"
def erase(image, area, ratio, u, v):
    _, height, width = image.shape
    pixels = area * height * width
    h, w = round((pixels * ratio) ** 0.5), round((pixels / ratio) ** 0.5)
    result = image.clone()
    if h <= height and w <= width:
        top, left = int(u * (height - h + 1)), int(v * (width - w + 1))
        mean = image.mean(dim=(1, 2), keepdim=True)
        result[:1, top : top + h, left : left + w] = mean[:1]
    return result


# %% cutmix hints [markdown]
# 1. How many of an image's pixels come from the other one? Divide by all of them: whose
#    label counts with this share?
# 2. The rectangle is cut from the images in their new order and pasted into a copy. The
#    same order is used for the one-hot labels, of which two weighted ones are added.
# 3. A copy with one slice replaced; a share from four whole numbers and the image's
#    size; one-hot labels, once as they are and once in the new order, with weights that
#    add up to 1.


# %% cutmix right "a mask and one formula for both"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mask = torch.zeros(X.shape[2:])
    mask[top:bottom, left:right] = 1
    one_hot = torch.eye(num_classes)[y]
    mixed = torch.where(mask.bool(), X[order], X)
    return mixed, torch.lerp(one_hot, one_hot[order], mask.mean().item())


# %% cutmix right "labels are scattered"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed, N = X.clone(), len(X)
    patch = X[order, :, top:bottom, left:right]
    mixed[:, :, top:bottom, left:right] = patch
    share = patch[0, 0].numel() / X[0, 0].numel()
    labels = torch.zeros(N, num_classes)
    labels[torch.arange(N), y] += 1 - share
    labels[torch.arange(N), y[order]] += share
    return mixed, labels


# %% cutmix wrong "the shares of the two labels are swapped"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = X[order][:, :, top:bottom, left:right]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, share * one_hot + (1 - share) * one_hot[order]


# %% cutmix wrong "the labels are not mixed"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = X[order][:, :, top:bottom, left:right]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, one_hot


# %% cutmix wrong "the label is that of the other image"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = X[order][:, :, top:bottom, left:right]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, one_hot[order]


# %% cutmix wrong "both labels count in full"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = X[order][:, :, top:bottom, left:right]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, one_hot + one_hot[order]


# %% cutmix wrong "both labels count one half"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = X[order][:, :, top:bottom, left:right]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, (one_hot + one_hot[order]) / 2


# %% cutmix wrong "the share is that of the sides, not of the area"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = X[order][:, :, top:bottom, left:right]
    share = ((bottom - top) / X.shape[2] + (right - left) / X.shape[3]) / 2
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, (1 - share) * one_hot + share * one_hot[order]


# %% cutmix wrong "only the height is counted in the share"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = X[order][:, :, top:bottom, left:right]
    share = (bottom - top) / X.shape[2]
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, (1 - share) * one_hot + share * one_hot[order]


# %% cutmix wrong "only the width is counted in the share"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = X[order][:, :, top:bottom, left:right]
    share = (right - left) / X.shape[3]
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, (1 - share) * one_hot + share * one_hot[order]


# %% cutmix wrong "the last row and column are included in the rectangle"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top : bottom + 1, left : right + 1] = X[order][
        :, :, top : bottom + 1, left : right + 1
    ]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, (1 - share) * one_hot + share * one_hot[order]


# %% cutmix wrong "rows and columns are swapped"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, left:right, top:bottom] = X[order][:, :, left:right, top:bottom]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, (1 - share) * one_hot + share * one_hot[order]


# %% cutmix wrong "the images are mixed everywhere, as in MixUp"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    mixed = (1 - share) * X + share * X[order]
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, (1 - share) * one_hot + share * one_hot[order]


# %% cutmix wrong "the rectangle is kept, and the rest is pasted"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed = X[order].clone()
    mixed[:, :, top:bottom, left:right] = X[:, :, top:bottom, left:right]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, (1 - share) * one_hot + share * one_hot[order]


# %% cutmix wrong "the order is read backwards: image i goes to order[i]"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = X[order.argsort()][
        :, :, top:bottom, left:right
    ]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, (1 - share) * one_hot + share * one_hot[order.argsort()]


# %% cutmix wrong "the labels are mixed in another order than the images"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = X[order][:, :, top:bottom, left:right]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, (1 - share) * one_hot + share * one_hot[order.argsort()]


# %% cutmix wrong "the images stay as they were"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = X[order][:, :, top:bottom, left:right]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return X.clone(), (1 - share) * one_hot + share * one_hot[order]


# %% cutmix wrong "the next image is pasted, whatever the order"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = X.roll(-1, dims=0)[
        :, :, top:bottom, left:right
    ]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, (1 - share) * one_hot + share * one_hot.roll(-1, dims=0)


# %% cutmix wrong "`X` is changed in place"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X
    mixed[:, :, top:bottom, left:right] = X[order][:, :, top:bottom, left:right]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, (1 - share) * one_hot + share * one_hot[order]


# %% cutmix wrong "only the first channel is pasted"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :1, top:bottom, left:right] = X[order][:, :1, top:bottom, left:right]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, (1 - share) * one_hot + share * one_hot[order]


# %% cutmix wrong "labels are mixed as numbers, not as one-hot rows"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = X[order][:, :, top:bottom, left:right]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, (1 - share) * y + share * y[order]


# %% cutmix wrong "the number of classes is read from the labels"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = X[order][:, :, top:bottom, left:right]
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y).float()
    return mixed, (1 - share) * one_hot + share * one_hot[order]


# %% cutmix wrong "a hole of 0 in place of the other image"
def cutmix(X, y, order, top, left, bottom, right, num_classes):
    mixed = X.clone()
    mixed[:, :, top:bottom, left:right] = 0
    share = (bottom - top) * (right - left) / (X.shape[2] * X.shape[3])
    one_hot = F.one_hot(y, num_classes).float()
    return mixed, (1 - share) * one_hot + share * one_hot[order]


# %% cutmix equivalent "a float times an int64 is a float32"
# one_hot = F.one_hot(y, num_classes).float() -> one_hot = F.one_hot(y, num_classes)


# %% freeze_body hints [markdown]
# 1. Two things are to be frozen, and one call freezes only one of them. What of a batch
#    normalisation is no parameter, and what decides whether it moves?
# 2. First the parameters: all off, then the head's on. Then the modes: the whole net to
#    train mode, then some single layers back. The order matters in both.
# 3. Two calls for parameters, one for the mode, and a loop over all modules, at any
#    depth, which puts a layer in eval mode if it is a batch normalisation and none of
#    the head's.


# %% freeze_body right "names instead of sets"
def freeze_body(net):
    for name, param in net.named_parameters():
        param.requires_grad = name.startswith("head.")
    net.train()
    for name, module in net.named_modules():
        if type(module) is nn.BatchNorm2d and not name.startswith("head."):
            module.train(False)


# %% freeze_body right "part by part"
def freeze_body(net):
    net.train()
    for p in net.parameters(recurse=False):
        p.requires_grad_(False)
    for name, part in net.named_children():
        part.requires_grad_(name == "head")
        if name == "head":
            continue
        for layer in part.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.eval()


# %% freeze_body wrong "the batch normalisation of the body is left in train mode"
def freeze_body(net):
    net.requires_grad_(False)
    net.head.requires_grad_(True)
    net.train()
    in_head = set(net.head.modules())
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d) and module not in in_head:
            pass


# %% freeze_body wrong "the batch normalisation of the head is in eval mode, too"
def freeze_body(net):
    net.requires_grad_(False)
    net.head.requires_grad_(True)
    net.train()
    in_head = set(net.head.modules())
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


# %% freeze_body wrong "the whole net is in eval mode"
def freeze_body(net):
    net.requires_grad_(False)
    net.head.requires_grad_(True)
    net.eval()
    in_head = set(net.head.modules())
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d) and module not in in_head:
            module.eval()


# %% freeze_body wrong "the whole body is in eval mode, dropout included"
def freeze_body(net):
    net.requires_grad_(False)
    net.head.requires_grad_(True)
    net.train()
    in_head = set(net.head.modules())
    for module in net.modules():
        if module is not net and module not in in_head:
            module.eval()


# %% freeze_body wrong "only the head's mode is set, the body keeps the mode it had"
def freeze_body(net):
    net.requires_grad_(False)
    net.head.requires_grad_(True)
    net.head.train()
    in_head = set(net.head.modules())
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d) and module not in in_head:
            module.eval()


# %% freeze_body wrong "the whole net is frozen, the head included"
def freeze_body(net):
    net.requires_grad_(False)
    net.train()
    in_head = set(net.head.modules())
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d) and module not in in_head:
            module.eval()


# %% freeze_body wrong "nothing is frozen"
def freeze_body(net):
    net.requires_grad_(True)
    net.head.requires_grad_(True)
    net.train()
    in_head = set(net.head.modules())
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d) and module not in in_head:
            module.eval()


# %% freeze_body wrong "the head stays frozen where it was"
def freeze_body(net):
    for name, p in net.named_parameters():
        if not name.startswith("head"):
            p.requires_grad_(False)
    net.train()
    in_head = set(net.head.modules())
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d) and module not in in_head:
            module.eval()


# %% freeze_body wrong "only the parts below the net are frozen, not its own parameters"
def freeze_body(net):
    for part in net.children():
        part.requires_grad_(False)
    net.head.requires_grad_(True)
    net.train()
    in_head = set(net.head.modules())
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d) and module not in in_head:
            module.eval()


# %% freeze_body wrong "only the body's first level is searched for batch normalisation"
def freeze_body(net):
    net.requires_grad_(False)
    net.head.requires_grad_(True)
    net.train()
    in_head = set(net.head.modules())
    for module in net.children():
        if isinstance(module, nn.BatchNorm2d) and module not in in_head:
            module.eval()


# %% freeze_body wrong "the head is frozen and the body is trained"
def freeze_body(net):
    net.requires_grad_(True)
    net.head.requires_grad_(False)
    net.train()
    in_head = set(net.head.modules())
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d) and module not in in_head:
            module.eval()


# %% freeze_body wrong "the scale and shift of batch normalisation stay trained"
def freeze_body(net):
    net.requires_grad_(False)
    net.head.requires_grad_(True)
    net.train()
    in_head = set(net.head.modules())
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d) and module not in in_head:
            module.eval()
            module.requires_grad_(True)


# %% freeze_body wrong "the weights alone are frozen, not the biases"
def freeze_body(net):
    for name, p in net.named_parameters():
        p.requires_grad_(not name.endswith("weight"))
    net.head.requires_grad_(True)
    net.train()
    in_head = set(net.head.modules())
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d) and module not in in_head:
            module.eval()


# %% freeze_body wrong "dropout is put in eval mode in place of batch normalisation"
def freeze_body(net):
    net.requires_grad_(False)
    net.head.requires_grad_(True)
    net.train()
    in_head = set(net.head.modules())
    for module in net.modules():
        if isinstance(module, nn.Dropout) and module not in in_head:
            module.eval()


# %% freeze_body wrong "dropout is put in eval mode, too"
def freeze_body(net):
    net.requires_grad_(False)
    net.head.requires_grad_(True)
    net.train()
    in_head = set(net.head.modules())
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d | nn.Dropout) and module not in in_head:
            module.eval()


# %% freeze_body wrong "parts whose names only begin with head are taken for the head"
def freeze_body(net):
    for name, param in net.named_parameters():
        param.requires_grad_(name.startswith("head"))
    net.train()
    for name, module in net.named_modules():
        if isinstance(module, nn.BatchNorm2d) and not name.startswith("head"):
            module.eval()


# %% freeze_body wrong "the net's mode is left as it was"
def freeze_body(net):
    net.requires_grad_(False)
    net.head.requires_grad_(True)
    in_head = set(net.head.modules())
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d) and module not in in_head:
            module.eval()


# %% replace_head hints [markdown]
# 1. `net.named_modules()` gives names such as `1.1.1`. Which part of such a name says
#    where the layer hangs, and which how it is called there?
# 2. Keep the last pair of name and layer that is a `Linear`. To replace it, ask the net
#    for the module that holds it, and set one of its attributes. A module without a
#    parent hangs on the net itself.
# 3. Copy the net; collect the pairs, take the last; make a layer from the old one's
#    inputs and the answer to whether it has a bias; cut the name at its last point; set
#    the attribute.


# %% replace_head right "PyTorch sets the module by its name"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    for name, module in net.named_modules():
        if isinstance(module, nn.Linear):
            found, n_in, has_bias = (
                name,
                module.weight.shape[1],
                module.bias is not None,
            )
    net.set_submodule(found, nn.Linear(n_in, num_classes, bias=has_bias))
    return net


# %% replace_head right "the parent is looked for"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    old = [m for m in net.modules() if isinstance(m, nn.Linear)][-1]
    new = nn.Linear(old.in_features, num_classes, old.bias is not None)
    for parent in net.modules():
        for name, child in parent.named_children():
            if child is old:
                parent.add_module(name, new)
                return net


# %% replace_head wrong "the first Linear is replaced"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[0]
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    return net


# %% replace_head wrong "only the net's own parts are searched"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_children() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    return net


# %% replace_head wrong "the new layer always has a bias"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Linear(old.in_features, num_classes)
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    return net


# %% replace_head wrong "the new layer never has a bias"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Linear(old.in_features, num_classes, bias=False)
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    return net


# %% replace_head wrong "a new layer is put behind the old one"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Sequential(old, nn.Linear(old.out_features, num_classes))
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    return net


# %% replace_head wrong "the new layer reads what the old one gave"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Linear(old.out_features, num_classes, bias=old.bias is not None)
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    return net


# %% replace_head wrong "inputs and outputs are swapped"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Linear(num_classes, old.in_features, bias=old.bias is not None)
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    return net


# %% replace_head wrong "the new layer is frozen, as the old one was"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
    new.requires_grad_(old.weight.requires_grad)
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    return net


# %% replace_head wrong "the whole net is set to be trained"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    net.requires_grad_(True)
    return net


# %% replace_head wrong "the rest of the net is frozen"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
    net.requires_grad_(False)
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    return net


# %% replace_head wrong "all Linear layers are replaced"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    for name, old in list(net.named_modules()):
        if isinstance(old, nn.Linear):
            new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
            parent, _, last = name.rpartition(".")
            setattr(net.get_submodule(parent), last, new)
    return net


# %% replace_head wrong "the last layer is replaced, whatever its kind"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    old = linears[-1][1]
    name = list(net.named_modules())[-1][0]
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    return net


# %% replace_head wrong "the variable is replaced, not the layer in the net"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
    old = new
    return net


# %% replace_head wrong "the head is taken away, none is put in its place"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Identity()
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    return net


# %% replace_head wrong "a name is given, fc, which other nets don't have"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    net.fc = nn.Linear(net.fc.in_features, num_classes, bias=net.fc.bias is not None)
    return net


# %% replace_head wrong "the new layer hangs on the net itself, not on the old one's parent"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
    parent, _, last = name.rpartition(".")
    setattr(net, last, new)
    return net


# %% replace_head wrong "a name with points is set on the net: the old layer stays in use"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
    setattr(net, name, new)
    return net


# %% replace_head wrong "the old layer is kept, with zeros for weights"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    old = [m for m in net.modules() if isinstance(m, nn.Linear)][-1]
    old.weight = nn.Parameter(torch.zeros(num_classes, old.in_features))
    if old.bias is not None:
        old.bias = nn.Parameter(torch.zeros(num_classes))
    old.out_features = num_classes
    return net


# %% replace_head wrong "`net` has other parameters than before"
def replace_head(net, num_classes):
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    return net


# %% replace_head wrong "nothing is returned"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    return None


# %% replace_head wrong "a new net, whose other layers have lost their values"
def replace_head(net, num_classes):
    net = copy.deepcopy(net)
    linears = [(n, m) for n, m in net.named_modules() if isinstance(m, nn.Linear)]
    name, old = linears[-1]
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
    parent, _, last = name.rpartition(".")
    setattr(net.get_submodule(parent), last, new)
    for m in net.modules():
        if isinstance(m, nn.Linear) and m is not new:
            m.reset_parameters()
    return net


# %% rate_groups hints [markdown]
# 1. Each parameter has one name and goes to one group, or to none. What two questions
#    do you ask of it, and in which order?
# 2. One pass over the names and parameters, with two lists. A parameter that is frozen
#    is skipped. A word's `startswith` takes a tuple of beginnings.
# 3. Two empty lists; a loop over named parameters with one condition and one choice of
#    a list; the two dicts, body first.


# %% rate_groups right "two comprehensions"
def rate_groups(net, prefixes, lr_body, lr_head):
    named = [(n, p) for n, p in net.named_parameters() if p.requires_grad]
    in_head = [any(n.startswith(prefix) for prefix in prefixes) for n, _ in named]
    body = [p for (_, p), is_head in zip(named, in_head) if not is_head]
    head = [p for (_, p), is_head in zip(named, in_head) if is_head]
    return [dict(params=body, lr=lr_body), dict(params=head, lr=lr_head)]


# %% rate_groups right "by identity"
def rate_groups(net, prefixes, lr_body, lr_head):
    named = dict(net.named_parameters())
    own = {id(p) for n, p in named.items() if n.startswith(tuple(prefixes))}
    groups = [{"params": [], "lr": lr_body}, {"params": [], "lr": lr_head}]
    for p in named.values():
        if p.requires_grad:
            groups[id(p) in own]["params"].append(p)
    return groups


# %% rate_groups wrong "the body holds all parameters, so that the head's stand in both groups"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad:
            body.append(param)
            if name.startswith(prefixes):
                head.append(param)
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]


# %% rate_groups wrong "frozen parameters are included"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if True:
            (head if name.startswith(prefixes) else body).append(param)
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]


# %% rate_groups wrong "only frozen parameters are included"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if not param.requires_grad:
            (head if name.startswith(prefixes) else body).append(param)
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]


# %% rate_groups wrong "the rates are swapped"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad:
            (head if name.startswith(prefixes) else body).append(param)
    return [{"params": body, "lr": lr_head}, {"params": head, "lr": lr_body}]


# %% rate_groups wrong "the head comes first"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad:
            (head if name.startswith(prefixes) else body).append(param)
    return [{"params": head, "lr": lr_head}, {"params": body, "lr": lr_body}]


# %% rate_groups wrong "body and head are swapped"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad:
            (body if name.startswith(prefixes) else head).append(param)
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]


# %% rate_groups wrong "a prefix is looked for anywhere in the name"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad:
            (head if any(prefix in name for prefix in prefixes) else body).append(param)
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]


# %% rate_groups wrong "only the first prefix counts"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad:
            (head if name.startswith(prefixes[0]) else body).append(param)
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]


# %% rate_groups wrong "only the last prefix counts"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad:
            (head if name.startswith(prefixes[-1]) else body).append(param)
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]


# %% rate_groups wrong "a prefix is compared with the whole name of the part"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad:
            (
                head if name.split(".")[0] in [p.strip(".") for p in prefixes] else body
            ).append(param)
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]


# %% rate_groups wrong "no parameter is found to belong to the head"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad:
            (head if name.endswith(prefixes) else body).append(param)
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]


# %% rate_groups wrong "parameters without a module of their own are lost"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad and "." in name:
            (head if name.startswith(prefixes) else body).append(param)
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]


# %% rate_groups wrong "the biases are lost"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad and not name.endswith("bias"):
            (head if name.startswith(prefixes) else body).append(param)
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]


# %% rate_groups wrong "normalisation is lost: only parameters of two axes and more"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad and param.dim() > 1:
            (head if name.startswith(prefixes) else body).append(param)
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]


# %% rate_groups wrong "both groups have the same rate"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad:
            (head if name.startswith(prefixes) else body).append(param)
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_body}]


# %% rate_groups wrong "an empty group is left out"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad:
            (head if name.startswith(prefixes) else body).append(param)
    groups = [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]
    return [group for group in groups if group["params"]]


# %% rate_groups wrong "a group for each parameter"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad:
            (head if name.startswith(prefixes) else body).append(param)
    rows = [{"params": [p], "lr": lr_body} for p in body]
    return rows + [{"params": [p], "lr": lr_head} for p in head]


# %% rate_groups wrong "the order is the reverse of the net's"
def rate_groups(net, prefixes, lr_body, lr_head):
    body, head = [], []
    for name, param in net.named_parameters():
        if param.requires_grad:
            (head if name.startswith(prefixes) else body).append(param)
    body.reverse()
    head.reverse()
    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]


# %% predict_views hints [markdown]
# 1. The net takes four axes, and you have five. Which two may become one, and in which
#    order do the views of an image then stand?
# 2. Views of one image stand beside each other once the first two axes are one. After
#    the softmax over the classes, the rows are cut into images and views again, and
#    only then averaged.
# 3. Remember the mode, set eval, no gradients; one call with the first two axes
#    flattened; softmax over classes; a reshape to (N, V, classes) and a mean over the
#    middle axis; the old mode.


# %% predict_views right "cut into images by split"
def predict_views(net, views):
    mode = net.training
    net.train(False)
    with torch.inference_mode():
        p = torch.softmax(net(views.reshape(-1, *views.shape[2:])), dim=-1)
        result = torch.stack([rows.mean(0) for rows in p.split(views.shape[1])])
    net.train(mode)
    return result.clone()


# %% predict_views right "views before images"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.transpose(0, 1).flatten(0, 1))
        result = scores.softmax(dim=1).unflatten(0, (V, N)).mean(dim=0)
    net.train(was_training)
    return result


# %% predict_views wrong "scores are averaged, and the softmax is taken after"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return scores.reshape(N, V, -1).mean(dim=1).softmax(dim=1)


# %% predict_views wrong "scores, not probabilities"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return scores.reshape(N, V, -1).mean(dim=1)


# %% predict_views wrong "probabilities are multiplied, not averaged"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return scores.softmax(dim=1).reshape(N, V, -1).prod(dim=1)


# %% predict_views wrong "summed over the views, not averaged"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return scores.softmax(dim=1).reshape(N, V, -1).sum(dim=1)


# %% predict_views wrong "the largest probability of the views"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return scores.softmax(dim=1).reshape(N, V, -1).amax(dim=1)


# %% predict_views wrong "averaged over the images, not over the views"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return scores.softmax(dim=1).reshape(N, V, -1).mean(dim=0)


# %% predict_views wrong "averaged over the classes"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return scores.softmax(dim=1).reshape(N, V, -1).mean(dim=2)


# %% predict_views wrong "views and images are mixed: reshaped to views first"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return scores.softmax(dim=1).reshape(V, N, -1).mean(dim=0)


# %% predict_views wrong "the softmax runs over the batch"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return scores.softmax(dim=0).reshape(N, V, -1).mean(dim=1)


# %% predict_views wrong "a sigmoid in place of the softmax"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return scores.sigmoid().reshape(N, V, -1).mean(dim=1)


# %% predict_views wrong "the views are averaged before the net sees them"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.mean(dim=1))
    net.train(was_training)
    return scores.softmax(dim=1).reshape(N, -1)


# %% predict_views wrong "only the first view is used"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return scores.softmax(dim=1).reshape(N, V, -1).select(1, 0)


# %% predict_views wrong "the net is left in train mode, whatever it was in"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train()
    return scores.softmax(dim=1).reshape(N, V, -1).mean(dim=1)


# %% predict_views wrong "the net is left in eval mode"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    return scores.softmax(dim=1).reshape(N, V, -1).mean(dim=1)


# %% predict_views wrong "the net is called in train mode"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.train()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return scores.softmax(dim=1).reshape(N, V, -1).mean(dim=1)


# %% predict_views wrong "the net is called in the mode that it is in"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return scores.softmax(dim=1).reshape(N, V, -1).mean(dim=1)


# %% predict_views wrong "gradients are recorded"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    if True:
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return scores.softmax(dim=1).reshape(N, V, -1).mean(dim=1)


# %% predict_views wrong "one call for each view"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = torch.stack([net(v) for v in views.unbind(1)], dim=1).flatten(0, 1)
    net.train(was_training)
    return scores.softmax(dim=1).reshape(N, V, -1).mean(dim=1)


# %% predict_views wrong "one call for each image"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = torch.cat([net(v) for v in views])
    net.train(was_training)
    return scores.softmax(dim=1).reshape(N, V, -1).mean(dim=1)


# %% predict_views wrong "the views vote: shares of the chosen classes"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return (
        F.one_hot(scores.argmax(dim=1), scores.shape[1])
        .float()
        .reshape(N, V, -1)
        .mean(dim=1)
    )


# %% predict_views wrong "the class, not the probabilities"
def predict_views(net, views):
    N, V = views.shape[:2]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        scores = net(views.flatten(0, 1))
    net.train(was_training)
    return scores.softmax(dim=1).reshape(N, V, -1).mean(dim=1).argmax(dim=1)


# %% features_of hints [markdown]
# 1. Run the faulty program twice on the same batches and compare. What differs, and in
#    which mode was the backbone?
# 2. Look at each line: which of them changes the backbone, which reduces a map, and
#    which changes the order of one of two lists that belong together?
# 3. Remember the mode and set eval mode; within `no_grad`, the mean over the last two
#    axes of each batch's maps, in order; the mode again; two lists become two tensors.
#    Nothing is frozen or shuffled.


# %% features_of right "a loop that collects both"
def features_of(backbone, batches):
    mode, rows, labels = backbone.training, [], []
    backbone.train(False)
    for X, y in batches:
        with torch.no_grad():
            H = backbone(X)
        rows.append(H.flatten(2).mean(dim=2))
        labels.append(y)
    backbone.train(mode)
    return torch.cat(rows), torch.cat(labels)


# %% features_of right "adaptive pooling, all in one batch"
def features_of(backbone, batches):
    X, y = (torch.cat(parts) for parts in zip(*batches))
    mode = backbone.training
    backbone.eval()
    with torch.no_grad():
        H = F.adaptive_avg_pool2d(backbone(X), 1).flatten(1)
    backbone.train(mode)
    return H, y


# %% features_of wrong "the backbone is not put in eval mode: features depend on the batch, and statistics move"
def features_of(backbone, batches):
    was_training = backbone.training
    with torch.no_grad():
        features = [backbone(X).mean(dim=(2, 3)) for X, _ in batches]
    backbone.train(was_training)
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "the largest value of each map, not the mean"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features = [backbone(X).amax(dim=(2, 3)) for X, _ in batches]
    backbone.train(was_training)
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "features in another order than the labels"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features = [backbone(X).mean(dim=(2, 3)) for X, _ in batches]
    backbone.train(was_training)
    return torch.cat(features[::-1]), torch.cat([y for _, y in batches])


# %% features_of wrong "features and labels both in another order"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features = [backbone(X).mean(dim=(2, 3)) for X, _ in batches]
    backbone.train(was_training)
    batches, features = batches[::-1], features[::-1]
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "the sum of each map, not the mean"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features = [backbone(X).sum(dim=(2, 3)) for X, _ in batches]
    backbone.train(was_training)
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "the maps are flattened, not averaged"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features = [backbone(X).flatten(1) for X, _ in batches]
    backbone.train(was_training)
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "the mean over channels, not over places"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features = [backbone(X).mean(dim=1).flatten(1) for X, _ in batches]
    backbone.train(was_training)
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "the mean keeps the axes of the places"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features = [backbone(X).mean(dim=(2, 3), keepdim=True) for X, _ in batches]
    backbone.train(was_training)
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "the mean over the batch, too: one row for each batch"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features = [backbone(X).mean(dim=(0, 2, 3)).unsqueeze(0) for X, _ in batches]
    backbone.train(was_training)
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "gradients are recorded"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    if True:
        features = [backbone(X).mean(dim=(2, 3)) for X, _ in batches]
    backbone.train(was_training)
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "the backbone is left in eval mode"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features = [backbone(X).mean(dim=(2, 3)) for X, _ in batches]
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "the backbone is left in train mode, whatever it was in"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features = [backbone(X).mean(dim=(2, 3)) for X, _ in batches]
    backbone.train()
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "the backbone is left frozen"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    backbone.requires_grad_(False)
    with torch.no_grad():
        features = [backbone(X).mean(dim=(2, 3)) for X, _ in batches]
    backbone.train(was_training)
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "all of the backbone is set to be trained, what was frozen, too"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval().requires_grad_(False)
    features = [backbone(X).mean(dim=(2, 3)) for X, _ in batches]
    backbone.train(was_training).requires_grad_(True)
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "frozen in place of eval mode: statistics move all the same"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.requires_grad_(False)
    with torch.no_grad():
        features = [backbone(X).mean(dim=(2, 3)) for X, _ in batches]
    backbone.train(was_training)
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "statistics are put back, but the features are those of train mode"
def features_of(backbone, batches):
    state = {k: v.clone() for k, v in backbone.state_dict().items()}
    mode = backbone.training
    backbone.train()
    with torch.no_grad():
        features = [backbone(X).mean(dim=(2, 3)) for X, _ in batches]
    backbone.load_state_dict(state)
    backbone.train(mode)
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "only the last batch is returned"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features = [backbone(X).mean(dim=(2, 3)) for X, _ in batches]
    backbone.train(was_training)
    return features[-1], batches[-1][1]


# %% features_of wrong "the places of one axis only are averaged"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features = [backbone(X).mean(dim=2)[:, :, 0] for X, _ in batches]
    backbone.train(was_training)
    return torch.cat(features), torch.cat([y for _, y in batches])


# %% features_of wrong "lists of batches, not tensors"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features = [backbone(X).mean(dim=(2, 3)) for X, _ in batches]
    backbone.train(was_training)
    return features, [y for _, y in batches]


# %% features_of wrong "the features are standardised"
def features_of(backbone, batches):
    was_training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features = [backbone(X).mean(dim=(2, 3)) for X, _ in batches]
    backbone.train(was_training)
    H = torch.cat(features)
    H = H - H.mean(dim=0)
    return H, torch.cat([y for _, y in batches])
