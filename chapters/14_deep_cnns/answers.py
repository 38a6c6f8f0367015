# %% alexnet_sides hints [markdown]
# 1. Rows and columns are counted alike. What is the side of AlexNet's first kernel, and
#    on how many sides of the image does the padding stand?
# 2. One formula serves all four layers: input and both paddings, less the kernel,
#    divided by the stride and rounded down, plus one. Each layer's output is the next
#    one's input.
# 3. A small function for one side and one layer; call it for rows and columns. Then a
#    loop of three poolings that notes a tuple each time; last, 256 times rows times
#    columns.


# %% alexnet_sides right "both axes in a list"
def alexnet_sides(height, width, padding):
    sides = [(side + 2 * padding - 11) // 4 + 1 for side in (height, width)]
    rows = [tuple(sides)]
    while len(rows) < 4:
        sides = [(side - 1) // 2 for side in sides]
        rows.append(tuple(sides))
    rows.append(256 * sides[0] * sides[1])
    return rows


# %% alexnet_sides right "with the ceiling in place of the floor"
def alexnet_sides(height, width, padding):
    import math

    def conv(side):
        return math.ceil((side + 2 * padding - 10) / 4)

    def pool(side):
        return math.ceil((side - 2) / 2)

    first = (conv(height), conv(width))
    second = tuple(map(pool, first))
    third = tuple(map(pool, second))
    fourth = tuple(map(pool, third))
    return first, second, third, fourth, 256 * fourth[0] * fourth[1]


# %% alexnet_sides wrong "the first kernel taken as 10 x 10"
def alexnet_sides(height, width, padding):
    def after(side, k, s, p=0):
        return (side + 2 * p - k) // s + 1

    height, width = after(height, 10, 4, padding), after(width, 10, 4, padding)
    sizes = [(height, width)]
    for _ in range(3):
        height, width = after(height, 3, 2), after(width, 3, 2)
        sizes.append((height, width))
    return [*sizes, 256 * height * width]


# %% alexnet_sides wrong "the padding counted on one side only"
def alexnet_sides(height, width, padding):
    def after(side, k, s, p=0):
        return (side + p - k) // s + 1

    height, width = after(height, 11, 4, padding), after(width, 11, 4, padding)
    sizes = [(height, width)]
    for _ in range(3):
        height, width = after(height, 3, 2), after(width, 3, 2)
        sizes.append((height, width))
    return [*sizes, 256 * height * width]


# %% alexnet_sides wrong "the padding is forgotten"
def alexnet_sides(height, width, padding):
    def after(side, k, s):
        return (side - k) // s + 1

    height, width = after(height, 11, 4), after(width, 11, 4)
    sizes = [(height, width)]
    for _ in range(3):
        height, width = after(height, 3, 2), after(width, 3, 2)
        sizes.append((height, width))
    return [*sizes, 256 * height * width]


# %% alexnet_sides wrong "a padding of 2, whatever is given"
def alexnet_sides(height, width, padding):
    def after(side, k, s, p=0):
        return (side + 2 * p - k) // s + 1

    height, width = after(height, 11, 4, 2), after(width, 11, 4, 2)
    sizes = [(height, width)]
    for _ in range(3):
        height, width = after(height, 3, 2), after(width, 3, 2)
        sizes.append((height, width))
    return [*sizes, 256 * height * width]


# %% alexnet_sides wrong "poolings of 2 x 2 in place of 3 x 3"
def alexnet_sides(height, width, padding):
    def after(side, k, s, p=0):
        return (side + 2 * p - k) // s + 1

    height, width = after(height, 11, 4, padding), after(width, 11, 4, padding)
    sizes = [(height, width)]
    for _ in range(3):
        height, width = after(height, 2, 2), after(width, 2, 2)
        sizes.append((height, width))
    return [*sizes, 256 * height * width]


# %% alexnet_sides wrong "the stride of a pooling taken for its kernel's side"
def alexnet_sides(height, width, padding):
    def after(side, k, s, p=0):
        return (side + 2 * p - k) // s + 1

    height, width = after(height, 11, 4, padding), after(width, 11, 4, padding)
    sizes = [(height, width)]
    for _ in range(3):
        height, width = after(height, 3, 3), after(width, 3, 3)
        sizes.append((height, width))
    return [*sizes, 256 * height * width]


# %% alexnet_sides wrong "the poolings padded like the convolution"
def alexnet_sides(height, width, padding):
    def after(side, k, s):
        return (side + 2 * padding - k) // s + 1

    height, width = after(height, 11, 4), after(width, 11, 4)
    sizes = [(height, width)]
    for _ in range(3):
        height, width = after(height, 3, 2), after(width, 3, 2)
        sizes.append((height, width))
    return [*sizes, 256 * height * width]


# %% alexnet_sides wrong "the plus one of the formula is forgotten"
def alexnet_sides(height, width, padding):
    def after(side, k, s, p=0):
        return (side + 2 * p - k) // s

    height, width = after(height, 11, 4, padding), after(width, 11, 4, padding)
    sizes = [(height, width)]
    for _ in range(3):
        height, width = after(height, 3, 2), after(width, 3, 2)
        sizes.append((height, width))
    return [*sizes, 256 * height * width]


# %% alexnet_sides wrong "rounded up in place of down"
def alexnet_sides(height, width, padding):
    def after(side, k, s, p=0):
        return -(-(side + 2 * p - k) // s) + 1

    height, width = after(height, 11, 4, padding), after(width, 11, 4, padding)
    sizes = [(height, width)]
    for _ in range(3):
        height, width = after(height, 3, 2), after(width, 3, 2)
        sizes.append((height, width))
    return [*sizes, 256 * height * width]


# %% alexnet_sides wrong "two poolings in place of three"
def alexnet_sides(height, width, padding):
    def after(side, k, s, p=0):
        return (side + 2 * p - k) // s + 1

    height, width = after(height, 11, 4, padding), after(width, 11, 4, padding)
    sizes = [(height, width)]
    for _ in range(2):
        height, width = after(height, 3, 2), after(width, 3, 2)
        sizes.append((height, width))
    return [*sizes, 256 * height * width]


# %% alexnet_sides wrong "the image taken for a square of its rows"
def alexnet_sides(height, width, padding):
    def after(side, k, s, p=0):
        return (side + 2 * p - k) // s + 1

    side = after(height, 11, 4, padding)
    sizes = [(side, side)]
    for _ in range(3):
        side = after(side, 3, 2)
        sizes.append((side, side))
    return [*sizes, 256 * side * side]


# %% alexnet_sides wrong "rows and columns exchanged"
def alexnet_sides(height, width, padding):
    def after(side, k, s, p=0):
        return (side + 2 * p - k) // s + 1

    height, width = after(width, 11, 4, padding), after(height, 11, 4, padding)
    sizes = [(height, width)]
    for _ in range(3):
        height, width = after(height, 3, 2), after(width, 3, 2)
        sizes.append((height, width))
    return [*sizes, 256 * height * width]


# %% alexnet_sides wrong "the places of one map, not of all 256"
def alexnet_sides(height, width, padding):
    def after(side, k, s, p=0):
        return (side + 2 * p - k) // s + 1

    height, width = after(height, 11, 4, padding), after(width, 11, 4, padding)
    sizes = [(height, width)]
    for _ in range(3):
        height, width = after(height, 3, 2), after(width, 3, 2)
        sizes.append((height, width))
    return [*sizes, height * width]


# %% alexnet_sides wrong "96 maps at the end, as behind the first layer"
def alexnet_sides(height, width, padding):
    def after(side, k, s, p=0):
        return (side + 2 * p - k) // s + 1

    height, width = after(height, 11, 4, padding), after(width, 11, 4, padding)
    sizes = [(height, width)]
    for _ in range(3):
        height, width = after(height, 3, 2), after(width, 3, 2)
        sizes.append((height, width))
    return [*sizes, 96 * height * width]


# %% alexnet_sides wrong "the flat size is missing"
def alexnet_sides(height, width, padding):
    def after(side, k, s, p=0):
        return (side + 2 * p - k) // s + 1

    height, width = after(height, 11, 4, padding), after(width, 11, 4, padding)
    sizes = [(height, width)]
    for _ in range(3):
        height, width = after(height, 3, 2), after(width, 3, 2)
        sizes.append((height, width))
    return sizes


# %% alexnet_sides wrong "divided without rounding down"
def alexnet_sides(height, width, padding):
    def after(side, k, s, p=0):
        return (side + 2 * p - k) / s + 1

    height, width = after(height, 11, 4, padding), after(width, 11, 4, padding)
    sizes = [(height, width)]
    for _ in range(3):
        height, width = after(height, 3, 2), after(width, 3, 2)
        sizes.append((height, width))
    return [*sizes, 256 * height * width]


# %% masked_average_pool hints [markdown]
# 1. By which number must the sum of a map be divided, if only 6 of its 20 places belong
#    to the image?
# 2. Two sums are needed for each image: of the map over the places inside, and of the
#    places themselves. The mask has no channel axis; give it one, so that it serves all
#    channels.
# 3. Put 0 where the mask is False, with `torch.where`, then sum over rows and columns.
#    Divide by the number of places, but by no less than 1.


# %% masked_average_pool right "an infinite number is selected away"
def masked_average_pool(X, mask):
    X = X.masked_fill(~mask[:, None], 0.0)
    counts = mask.flatten(1).sum(dim=1, keepdim=True)
    return X.flatten(2).sum(dim=2) / counts.clamp_min(1)


# %% masked_average_pool right "the mean of what is not NaN"
def masked_average_pool(X, mask):
    marked = torch.where(mask.unsqueeze(1), X, torch.nan)
    return marked.flatten(2).nanmean(dim=2).nan_to_num(0.0)


# %% masked_average_pool wrong "the sum in place of the average"
def masked_average_pool(X, mask):
    return torch.where(mask.unsqueeze(1), X, 0.0).sum(dim=(2, 3))


# %% masked_average_pool wrong "divided by all places, the margin's too"
def masked_average_pool(X, mask):
    return torch.where(mask.unsqueeze(1), X, 0.0).mean(dim=(2, 3))


# %% masked_average_pool wrong "the margin is not left out"
def masked_average_pool(X, mask):
    return X.mean(dim=(2, 3))


# %% masked_average_pool wrong "the whole map summed, divided by the image's places"
def masked_average_pool(X, mask):
    return X.sum(dim=(2, 3)) / mask.sum(dim=(1, 2)).clamp(min=1).unsqueeze(1)


# %% masked_average_pool wrong "the mask turned round: the margin is averaged"
def masked_average_pool(X, mask):
    outside = ~mask.unsqueeze(1)
    total = torch.where(outside, X, 0.0).sum(dim=(2, 3))
    return total / outside.sum(dim=(2, 3)).clamp(min=1)


# %% masked_average_pool wrong "divided by the places of all images together"
def masked_average_pool(X, mask):
    total = torch.where(mask.unsqueeze(1), X, 0.0).sum(dim=(2, 3))
    return total / mask.sum().clamp(min=1)


# %% masked_average_pool wrong "the average over the channels, too"
def masked_average_pool(X, mask):
    inside = mask.unsqueeze(1)
    total = torch.where(inside, X, 0.0).sum(dim=(1, 2, 3))
    return total / (inside.sum(dim=(1, 2, 3)).clamp(min=1) * X.shape[1])


# %% masked_average_pool wrong "the batch averaged, not the images"
def masked_average_pool(X, mask):
    inside = mask.unsqueeze(1)
    total = torch.where(inside, X, 0.0).sum(dim=(0, 2, 3))
    return total / inside.sum()


# %% masked_average_pool wrong "the maximum in place of the average"
def masked_average_pool(X, mask):
    low = torch.where(mask.unsqueeze(1), X, -torch.inf)
    return low.amax(dim=(2, 3)).clamp(min=-1e9)


# %% masked_average_pool wrong "places of size 1 are kept: (N, C, 1, 1)"
def masked_average_pool(X, mask):
    inside = mask.unsqueeze(1)
    total = torch.where(inside, X, 0.0).sum(dim=(2, 3), keepdim=True)
    return total / inside.sum(dim=(2, 3), keepdim=True).clamp(min=1)


# %% masked_average_pool wrong "an image without any place gives no number"
def masked_average_pool(X, mask):
    inside = mask.unsqueeze(1)
    return torch.where(inside, X, 0.0).sum(dim=(2, 3)) / inside.sum(dim=(2, 3))


# %% masked_average_pool wrong "the count one too large, to avoid a division by zero"
def masked_average_pool(X, mask):
    inside = mask.unsqueeze(1)
    return torch.where(inside, X, 0.0).sum(dim=(2, 3)) / (inside.sum(dim=(2, 3)) + 1)


# %% masked_average_pool wrong "multiplied by the mask: infinity times 0"
def masked_average_pool(X, mask):
    inside = mask.unsqueeze(1)
    return (X * inside).sum(dim=(2, 3)) / inside.sum(dim=(2, 3)).clamp(min=1)


# %% masked_average_pool wrong "values of 0 thought to be margin"
def masked_average_pool(X, mask):
    inside = mask.unsqueeze(1) & (X > 0)
    total = torch.where(inside, X, 0.0).sum(dim=(2, 3))
    return total / inside.sum(dim=(2, 3)).clamp(min=1)


# %% masked_average_pool wrong "classes first: the result is (C, N)"
def masked_average_pool(X, mask):
    inside = mask.unsqueeze(1)
    total = torch.where(inside, X, 0.0).sum(dim=(2, 3))
    return (total / inside.sum(dim=(2, 3)).clamp(min=1)).T


# %% masked_average_pool wrong "a library does the pooling"
def masked_average_pool(X, mask):
    inside = mask.unsqueeze(1).float()
    kept = torch.where(mask.unsqueeze(1), X, 0.0)
    total = F.adaptive_avg_pool2d(kept, 1).flatten(1)
    share = F.adaptive_avg_pool2d(inside, 1).flatten(1)
    return total / share.clamp(min=1e-9)


# %% lrn hints [markdown]
# 1. For n = 4, which channels lie in the window of channel 0, and how many of them
#    exist?
# 2. Along the channels the sum of the squares is a sliding window. It begins `n // 2`
#    before the channel. What does Python do with a slice whose start is negative, or
#    whose end lies too far?
# 3. A loop over the channels: cut the squares from the start, but not below 0, to the
#    start plus n; sum over the channel axis. Behind the loop, divide X by the bracket
#    to the power beta.


# %% lrn right "a matrix that says which channels are neighbours"
def lrn(X, n, alpha, beta, k):
    index = torch.arange(X.shape[1])
    offset = index[None] - index[:, None]  # (C, C): other minus own
    near = ((offset >= -(n // 2)) & (offset < n - n // 2)).to(X.dtype)
    sums = torch.einsum("cd,nd...->nc...", near, X**2)
    return X * (k + alpha * sums) ** -beta


# %% lrn right "differences of running sums"
def lrn(X, n, alpha, beta, k):
    C = X.shape[1]
    zero = torch.zeros_like(X[:, :1])
    running = torch.cat([zero, X.square().cumsum(dim=1)], dim=1)
    index = torch.arange(C)
    start = (index - n // 2).clamp(min=0)
    end = (index - n // 2 + n).clamp(max=C)
    return X / (k + alpha * (running[:, end] - running[:, start])).pow(beta)


# %% lrn right "padded, then unfolded"
def lrn(X, n, alpha, beta, k):
    squares = (X * X).movedim(1, -1)
    squares = F.pad(squares, (n // 2, n - 1 - n // 2))
    sums = squares.unfold(-1, n, 1).sum(dim=-1).movedim(-1, 1)
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "alpha is divided by n, as PyTorch does"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        sums[:, c] = X[:, max(start, 0) : start + n].square().mul(1 / n).sum(dim=1)
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "the mean over the channels that exist, not their sum"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        sums[:, c] = X[:, max(start, 0) : start + n].square().mean(dim=1)
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "the longer half of an even window lies behind the channel"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - (n - 1) // 2
        sums[:, c] = X[:, max(start, 0) : start + n].square().sum(dim=1)
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "n // 2 channels on both sides, one too many where n is even"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start, end = max(c - n // 2, 0), c + n // 2 + 1
        sums[:, c] = X[:, start:end].square().sum(dim=1)
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "the end of the window left out: one channel too few"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        sums[:, c] = X[:, max(start, 0) : start + n - 1].square().sum(dim=1)
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "n channels on each side"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        sums[:, c] = X[:, max(c - n, 0) : c + n + 1].square().sum(dim=1)
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "the window at the rim is moved inside, not cut"
def lrn(X, n, alpha, beta, k):
    sums, C = torch.zeros_like(X), X.shape[1]
    for c in range(C):
        start = max(min(c - n // 2, C - n), 0)
        sums[:, c] = X[:, start : start + n].square().sum(dim=1)
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "the channels form a circle: the last is a neighbour of the first"
def lrn(X, n, alpha, beta, k):
    C = X.shape[1]
    sums = torch.zeros_like(X)
    for c in range(C):
        window = [(c - n // 2 + i) % C for i in range(n)]
        sums[:, c] = X[:, window].square().sum(dim=1)
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "the sum over all channels, whatever n is"
def lrn(X, n, alpha, beta, k):
    return X / (k + alpha * X.square().sum(dim=1, keepdim=True)) ** beta


# %% lrn wrong "the channel itself is left out of the sum"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        sums[:, c] = X[:, max(start, 0) : start + n].square().sum(dim=1)
    return X / (k + alpha * (sums - X.square())) ** beta


# %% lrn wrong "values summed without being squared"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        sums[:, c] = X[:, max(start, 0) : start + n].sum(dim=1)
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "absolute values in place of squares"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        sums[:, c] = X[:, max(start, 0) : start + n].abs().sum(dim=1)
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "the sum is squared, not the values"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        sums[:, c] = X[:, max(start, 0) : start + n].sum(dim=1).square()
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "the power beta is forgotten"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        sums[:, c] = X[:, max(start, 0) : start + n].square().sum(dim=1)
    return X / (k + alpha * sums)


# %% lrn wrong "the power beta on the sum only, not on the bracket"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        sums[:, c] = X[:, max(start, 0) : start + n].square().sum(dim=1)
    return X / (k + alpha * sums**beta)


# %% lrn wrong "k is forgotten"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        sums[:, c] = X[:, max(start, 0) : start + n].square().sum(dim=1)
    return X / (alpha * sums) ** beta


# %% lrn wrong "alpha multiplies k as well"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        sums[:, c] = X[:, max(start, 0) : start + n].square().sum(dim=1)
    return X / (alpha * (k + sums)) ** beta


# %% lrn wrong "multiplied by the bracket, not divided"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        sums[:, c] = X[:, max(start, 0) : start + n].square().sum(dim=1)
    return X * (k + alpha * sums) ** beta


# %% lrn wrong "neighbours along the last axis, not among the channels"
def lrn(X, n, alpha, beta, k):
    X = X.movedim(1, -1) if X.dim() > 2 else X.T.unsqueeze(1)
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        sums[:, c] = X[:, max(start, 0) : start + n].square().sum(dim=1)
    Y = X / (k + alpha * sums) ** beta
    return Y.movedim(-1, 1) if Y.shape[1] > 1 else Y.squeeze(1).T


# %% lrn wrong "a negative start of the window counts from the end"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        sums[:, c] = X[:, start : start + n].square().sum(dim=1)
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "written into the argument while later channels still read it"
def lrn(X, n, alpha, beta, k):
    Y = X.clone()
    for c in range(X.shape[1]):
        start = c - n // 2
        sums = Y[:, max(start, 0) : start + n].square().sum(dim=1)
        Y[:, c] = Y[:, c] / (k + alpha * sums) ** beta
    return Y


# %% lrn wrong "four axes presumed, whatever the batch has"
def lrn(X, n, alpha, beta, k):
    N, C, H, W = X.shape
    sums = torch.zeros_like(X)
    for c in range(C):
        start = c - n // 2
        sums[:, c] = X[:, max(start, 0) : start + n].square().sum(dim=1)
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "a library does the normalisation"
def lrn(X, n, alpha, beta, k):
    if X.dim() == 2:
        Y = F.local_response_norm(X.unsqueeze(-1), n, alpha * n, beta, k)
        return Y.squeeze(-1)
    return F.local_response_norm(X, n, alpha * n, beta, k)


# %% lrn wrong "the power beta is taken of the sum alone, not of k, too"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[1]):
        start = c - n // 2
        sums[:, c] = X[:, max(start, 0) : start + n].square().sum(dim=1)
    return X / (k + (alpha * sums) ** beta)


# %% lrn wrong "the window runs over the columns, not over the channels"
def lrn(X, n, alpha, beta, k):
    sums = torch.zeros_like(X)
    for c in range(X.shape[-1]):
        start = c - n // 2
        sums[..., c] = X[..., max(start, 0) : start + n].square().sum(dim=-1)
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "n // 2 zeros on both sides: one channel too many where n is even"
def lrn(X, n, alpha, beta, k):
    squares = F.pad(X**2, (0, 0, 0, 0, n // 2, n // 2))
    sums = squares.unfold(1, n, 1).sum(dim=-1)
    return X / (k + alpha * sums) ** beta


# %% lrn wrong "written for maps with four axes only"
def lrn(X, n, alpha, beta, k):
    squares = F.pad(X**2, (0, 0, 0, 0, n // 2, n - 1 - n // 2))
    sums = squares.unfold(1, n, 1).sum(dim=-1)
    return X / (k + alpha * sums) ** beta


# %% vgg_block hints [markdown]
# 1. What does each convolution of the block read: the block's input, or what the one
#    before it gave? And what becomes of the seventh of seven rows?
# 2. Only the first convolution has the input's channels. The poolings of PyTorch have
#    an argument that rounds the size up in place of down; without padding an average
#    then counts only the numbers that exist.
# 3. Check the text first. Then a loop that appends a convolution with padding 1 and a
#    ReLU, and sets the channels for the next round. Behind the loop one pooling, with
#    `ceil_mode`.


# %% vgg_block right "lazy convolutions"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    if pooling == "max":
        last = nn.MaxPool2d(2, ceil_mode=True)
    elif pooling == "average":
        last = nn.AvgPool2d(2, ceil_mode=True)
    else:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.LazyConv2d(out_channels, kernel_size=3, padding=1), nn.ReLU()]
    return nn.Sequential(*layers, last)


# %% vgg_block right "a list of channels, and padding by name"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    if pooling not in ("max", "average"):
        raise ValueError(pooling)
    block = nn.Sequential()
    channels = [in_channels] + [out_channels] * num_convs
    for a, b in zip(channels, channels[1:]):
        block.append(nn.Conv2d(a, b, 3, padding="same"))
        block.append(nn.ReLU(inplace=True))
    kind = nn.MaxPool2d if pooling == "max" else nn.AvgPool2d
    return block.append(kind(kernel_size=2, stride=2, ceil_mode=True))


# %% vgg_block wrong "an odd last row is dropped"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, poolings[pooling](2, stride=2))


# %% vgg_block wrong "the pooling is padded with zeros, which an average counts"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(
        *layers, nn.ZeroPad2d((0, 1, 0, 1)), poolings[pooling](2, stride=2)
    )


# %% vgg_block wrong "windows of 3 x 3 in place of 2 x 2"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, poolings[pooling](3, stride=2, ceil_mode=True))


# %% vgg_block wrong "the pooling has stride 1"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, poolings[pooling](2, stride=1, ceil_mode=True))


# %% vgg_block wrong "the pooling has padding 1, so windows begin outside"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, poolings[pooling](2, stride=2, padding=1))


# %% vgg_block wrong "max and average exchanged"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.AvgPool2d, "average": nn.MaxPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, poolings[pooling](2, stride=2, ceil_mode=True))


# %% vgg_block wrong "always max pooling"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, nn.MaxPool2d(2, stride=2, ceil_mode=True))


# %% vgg_block wrong "always average pooling"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, nn.AvgPool2d(2, stride=2, ceil_mode=True))


# %% vgg_block wrong "no pooling at the end"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers)


# %% vgg_block wrong "a pooling behind every convolution"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        layers += [poolings[pooling](2, stride=2, ceil_mode=True)]
        in_channels = out_channels
    return nn.Sequential(*layers)


# %% vgg_block wrong "every convolution reads the block's input channels"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
    return nn.Sequential(*layers, poolings[pooling](2, stride=2, ceil_mode=True))


# %% vgg_block wrong "one convolution, whatever the number"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(1):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, poolings[pooling](2, stride=2, ceil_mode=True))


# %% vgg_block wrong "one convolution too many"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs + 1):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, poolings[pooling](2, stride=2, ceil_mode=True))


# %% vgg_block wrong "channels grow by the last convolution only"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, in_channels, 3, padding=1), nn.ReLU()]
    layers[-2] = nn.Conv2d(in_channels, out_channels, 3, padding=1)
    return nn.Sequential(*layers, poolings[pooling](2, stride=2, ceil_mode=True))


# %% vgg_block wrong "convolutions without padding, so maps shrink"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, poolings[pooling](2, stride=2, ceil_mode=True))


# %% vgg_block wrong "kernels of 5 x 5 in place of 3 x 3"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 5, padding=2), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, poolings[pooling](2, stride=2, ceil_mode=True))


# %% vgg_block wrong "no biases"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [
            nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False),
            nn.ReLU(),
        ]
        in_channels = out_channels
    return nn.Sequential(*layers, poolings[pooling](2, stride=2, ceil_mode=True))


# %% vgg_block wrong "no activation behind the convolutions"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1)]
        in_channels = out_channels
    return nn.Sequential(*layers, poolings[pooling](2, stride=2, ceil_mode=True))


# %% vgg_block wrong "one activation for the whole block"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1)]
        in_channels = out_channels
    return nn.Sequential(
        *layers, nn.ReLU(), poolings[pooling](2, stride=2, ceil_mode=True)
    )


# %% vgg_block wrong "the activation stands before the convolution"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.ReLU(), nn.Conv2d(in_channels, out_channels, 3, padding=1)]
        in_channels = out_channels
    return nn.Sequential(*layers, poolings[pooling](2, stride=2, ceil_mode=True))


# %% vgg_block wrong "an unknown pooling gives a KeyError"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, poolings[pooling](2, stride=2, ceil_mode=True))


# %% vgg_block wrong "an unknown pooling is taken for an average"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(
        *layers, poolings.get(pooling, nn.AvgPool2d)(2, stride=2, ceil_mode=True)
    )


# %% vgg_block wrong "the block is returned as a list of layers"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    poolings = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in poolings:
        raise ValueError(pooling)
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return [*layers, poolings[pooling](2, stride=2, ceil_mode=True)]


# %% vgg_block wrong "the error is returned, not raised"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    kinds = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in kinds:
        return ValueError(f"pooling is max or average, not {pooling}")
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, kinds[pooling](2, stride=2, ceil_mode=True))


# %% vgg_block wrong "an assertion in place of a ValueError"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    kinds = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    assert pooling in kinds, "pooling is max or average"
    layers = []
    for _ in range(num_convs):
        layers += [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
        in_channels = out_channels
    return nn.Sequential(*layers, kinds[pooling](2, stride=2, ceil_mode=True))


# %% vgg_block wrong "one convolution stands at all further places"
def vgg_block(num_convs, in_channels, out_channels, pooling):
    kinds = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
    if pooling not in kinds:
        raise ValueError(f"pooling is max or average, not {pooling}")
    first = [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.ReLU()]
    further = [nn.Conv2d(out_channels, out_channels, 3, padding=1), nn.ReLU()]
    further = further * (num_convs - 1)
    pool = kinds[pooling](2, stride=2, ceil_mode=True)
    return nn.Sequential(*first, *further, pool)


# %% vgg hints [markdown]
# 1. How many 3 x 3 convolutions has a block of three whose last kernel is 1 x 1? And
#    how many channels does the second block read?
# 2. A 3 x 3 needs padding 1 to keep the size, a 1 x 1 needs none: half the kernel,
#    rounded down. What changes the side is only the pooling, once a block, by whole-
#    number division.
# 3. Two loops: over the blocks, and in each over its kernels, all 3 but the last. Keep
#    track of the channels and of the side. The head's first layer reads the last
#    channels times the side squared.


# %% vgg right "kernels by index, a lazy full layer"
def vgg(conv_arch, in_channels, size, full, num_classes):
    net = nn.Sequential()
    for num_convs, channels, last_kernel in conv_arch:
        for i in range(num_convs):
            k = last_kernel if i == num_convs - 1 else 3
            net.append(nn.LazyConv2d(channels, k, padding=(k - 1) // 2))
            net.append(nn.ReLU())
        net.append(nn.MaxPool2d(2))
    net.extend([nn.Flatten(), nn.LazyLinear(full), nn.ReLU(), nn.Dropout()])
    return net.append(nn.Linear(full, num_classes))


# %% vgg right "a module with blocks of its own"
def vgg(conv_arch, in_channels, size, full, num_classes):
    def block(num_convs, before, channels, last_kernel):
        layers = []
        for i in range(num_convs - 1):
            layers += [nn.Conv2d(before, channels, 3, padding="same"), nn.ReLU()]
            before = channels
        layers += [nn.Conv2d(before, channels, last_kernel, padding="same"), nn.ReLU()]
        return nn.Sequential(*layers, nn.MaxPool2d(kernel_size=2, stride=2))

    class VGG(nn.Module):
        def __init__(self):
            super().__init__()
            widths = [in_channels] + [channels for _, channels, _ in conv_arch]
            blocks = [block(n, w, c, k) for w, (n, c, k) in zip(widths, conv_arch)]
            self.features = nn.Sequential(*blocks)
            side = size // 2 ** len(conv_arch)
            self.hidden = nn.Linear(widths[-1] * side * side, full)
            self.dropout = nn.Dropout(0.5)
            self.output = nn.Linear(full, num_classes)

        def forward(self, X):
            H = self.features(X).flatten(1)
            return self.output(self.dropout(torch.relu(self.hidden(H))))

    return VGG()


# %% vgg wrong "all kernels are 3 x 3"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * num_convs:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "the special kernel comes first in its block"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [last_kernel] + [3] * (num_convs - 1):
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "all kernels of a block are of the last one's side"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [last_kernel] * num_convs:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "the last kernel comes on top of the others"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * num_convs + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "one 3 x 3 too few, and no last kernel"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1):
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "one convolution a block"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "a 1 x 1 kernel is padded, so its maps grow"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=1)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.LazyLinear(full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "no padding, so maps shrink"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.LazyLinear(full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "no pooling between the blocks"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "a pooling behind every convolution"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU(), nn.MaxPool2d(2, stride=2, ceil_mode=True)]
            in_channels = channels
        size //= 2
    head = [nn.Flatten(), nn.LazyLinear(full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "the pooling keeps an odd last row"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2, ceil_mode=True))
        size //= 2
    head = [nn.Flatten(), nn.LazyLinear(full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "average pooling in place of the maximum"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.AvgPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "overlapping pools of 3 x 3"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(3, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.LazyLinear(full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "no activation behind the convolutions"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "one activation for a block, before its pooling"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv]
            in_channels = channels
        layers += [nn.ReLU(), nn.MaxPool2d(2, stride=2)]
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "no activation behind the hidden full layer"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.Identity()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "no hidden full layer"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.LazyLinear(num_classes))


# %% vgg wrong "global average pooling in place of flattening"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LazyLinear(full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "the full layer reads one place of each map"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "the full layer computed for the side of the image"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "no dropout"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Linear(full, num_classes))


# %% vgg wrong "a softmax at the end"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(
        *layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes), nn.Softmax(dim=1)
    )


# %% vgg wrong "as many outputs as hidden units"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, full))


# %% vgg wrong "no biases in the convolutions"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(
                in_channels, channels, kernel, padding=kernel // 2, bias=False
            )
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "the blocks are built for one channel"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers, in_channels = [], 1
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "dropout works at test time, too"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2

    class Always(nn.Module):
        def forward(self, X):
            return F.dropout(X, 0.5)

    head = [nn.Flatten(), nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, *head, Always(), nn.Linear(full, num_classes))


# %% vgg wrong "dropout behind the scores"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    layers += [nn.Flatten()]
    layers += [nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(full, num_classes), nn.Dropout(0.5))


# %% vgg wrong "dropout before the hidden full layer"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    layers += [nn.Flatten(), nn.Dropout(0.5)]
    layers += [nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(full, num_classes))


# %% vgg wrong "dropout behind the pooled maps as well"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    layers += [nn.Flatten(), nn.Dropout(0.5)]
    layers += [nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "dropout of another probability"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    layers += [nn.Flatten()]
    layers += [nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, nn.Dropout(0.1), nn.Linear(full, num_classes))


# %% vgg wrong "a padding of 1 for the 1 x 1 kernel, too"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=1)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    layers += [nn.Flatten()]
    layers += [nn.Linear(in_channels * size**2, full), nn.ReLU()]
    return nn.Sequential(*layers, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% vgg wrong "a side of 7, whatever the image"
def vgg(conv_arch, in_channels, size, full, num_classes):
    layers = []
    for num_convs, channels, last_kernel in conv_arch:
        for kernel in [3] * (num_convs - 1) + [last_kernel]:
            conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2)
            layers += [conv, nn.ReLU()]
            in_channels = channels
        layers.append(nn.MaxPool2d(2, stride=2))
        size //= 2
    layers += [nn.Flatten()]
    layers += [nn.Linear(in_channels * 7 * 7, full), nn.ReLU()]
    return nn.Sequential(*layers, nn.Dropout(0.5), nn.Linear(full, num_classes))


# %% nin_block hints [markdown]
# 1. How many channels does the last 1 x 1 convolution read, and how many convolutions
#    has a block with a single width?
# 2. Only the first convolution looks around a pixel and strides. Each later one mixes
#    the channels of one pixel: from the width before it to its own.
# 3. Start a list with the first convolution and a ReLU. Then go through pairs of
#    neighbouring widths and append a convolution with kernel 1 and a ReLU for each
#    pair.


# %% nin_block right "lazy convolutions"
def nin_block(in_channels, widths, kernel, stride):
    block = nn.Sequential()
    for i, width in enumerate(widths):
        settings = dict(kernel_size=1)
        if i == 0:
            settings = dict(kernel_size=kernel, stride=stride, padding=kernel // 2)
        block.append(nn.LazyConv2d(width, **settings))
        block.append(nn.ReLU())
    return block


# %% nin_block right "the channels carried along"
def nin_block(in_channels, widths, kernel, stride):
    layers, before, k, s = [], in_channels, kernel, stride
    for width in widths:
        layers.append(nn.Conv2d(before, width, k, stride=s, padding=(k - 1) // 2))
        layers.append(nn.ReLU(inplace=True))
        before, k, s = width, 1, 1
    return nn.Sequential(*layers)


# %% nin_block wrong "always two 1 x 1 convolutions of the first width"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first, nn.ReLU()]
    for _ in range(2):
        layers += [nn.Conv2d(widths[0], widths[0], kernel_size=1), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "no 1 x 1 convolutions"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first, nn.ReLU()]
    for before, width in []:
        layers += [nn.Conv2d(before, width, kernel_size=1), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "one 1 x 1 convolution too many"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths[:1] + widths, widths):
        layers += [nn.Conv2d(before, width, kernel_size=1), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "the last width is left out"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:-1]):
        layers += [nn.Conv2d(before, width, kernel_size=1), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "all 1 x 1 convolutions keep the first width"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:]):
        layers += [nn.Conv2d(widths[0], widths[0], kernel_size=1), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "the 1 x 1 convolutions stride, too"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, width, kernel_size=1, stride=stride), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "the 1 x 1 convolutions are padded, so maps grow"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, width, kernel_size=1, padding=1), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "the large kernel at every convolution"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:]):
        layers += [
            nn.Conv2d(before, width, kernel_size=kernel, padding=kernel // 2),
            nn.ReLU(),
        ]
    return nn.Sequential(*layers)


# %% nin_block wrong "kernels of 3 x 3 in place of 1 x 1"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, width, kernel_size=3, padding=1), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "the stride is forgotten"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, 1, kernel // 2)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, width, kernel_size=1), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "no padding at the first convolution"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, width, kernel_size=1), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "a padding of 1, whatever the kernel"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, 1)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, width, kernel_size=1), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "padded by the whole kernel"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, width, kernel_size=1), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "no activation between the 1 x 1 convolutions"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, width, kernel_size=1)]
    return nn.Sequential(*layers)


# %% nin_block wrong "no activation behind the first convolution"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first]
    for before, width in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, width, kernel_size=1), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "no activation behind the last convolution"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, width, kernel_size=1), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


# %% nin_block wrong "no biases"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2, bias=False)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, width, kernel_size=1, bias=False), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "global average pooling at the end of the block"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, width, kernel_size=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1))


# %% nin_block wrong "a max pooling at the end of the block"
def nin_block(in_channels, widths, kernel, stride):
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, width, kernel_size=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.MaxPool2d(3, 2, 1))


# %% nin_block wrong "the widths in reverse order"
def nin_block(in_channels, widths, kernel, stride):
    widths = widths[::-1]
    first = nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)
    layers = [first, nn.ReLU()]
    for before, width in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, width, kernel_size=1), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "the 1 x 1 convolutions stand first"
def nin_block(in_channels, widths, kernel, stride):
    layers, before = [], in_channels
    for width in widths[:-1]:
        layers += [nn.Conv2d(before, width, kernel_size=1), nn.ReLU()]
        before = width
    last = nn.Conv2d(before, widths[-1], kernel, stride, kernel // 2)
    layers += [last, nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "three widths, never more nor fewer"
def nin_block(in_channels, widths, kernel, stride):
    a, b, c = widths
    first = [nn.Conv2d(in_channels, a, kernel, stride, kernel // 2), nn.ReLU()]
    second = [nn.Conv2d(a, b, 1), nn.ReLU()]
    return nn.Sequential(*first, *second, nn.Conv2d(b, c, 1), nn.ReLU())


# %% nin_block wrong "every 1 x 1 convolution reads the first width"
def nin_block(in_channels, widths, kernel, stride):
    layers = [nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2), nn.ReLU()]
    for width in widths[1:]:
        layers += [nn.Conv2d(widths[0], width, 1), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "the 1 x 1 convolutions are padded, too"
def nin_block(in_channels, widths, kernel, stride):
    half = kernel // 2
    layers = [nn.Conv2d(in_channels, widths[0], kernel, stride, half), nn.ReLU()]
    for before, width in zip(widths, widths[1:], strict=False):
        layers += [nn.Conv2d(before, width, 1, padding=half), nn.ReLU()]
    return nn.Sequential(*layers)


# %% nin_block wrong "one ReLU for the block, at its end"
def nin_block(in_channels, widths, kernel, stride):
    layers = [nn.Conv2d(in_channels, widths[0], kernel, stride, kernel // 2)]
    for before, width in zip(widths, widths[1:], strict=False):
        layers.append(nn.Conv2d(before, width, 1))
    return nn.Sequential(*layers, nn.ReLU())


# %% conv_multiply_adds hints [markdown]
# 1. How many numbers come out, and how many products does each of them need? Which of
#    these two does the dilation change, and which do the groups?
# 2. The output's size follows from the reach of the kernel, for rows and columns apart.
#    Each output number needs one product for each weight that its channel has; the
#    weight tensor knows about groups already.
# 3. Go through both axes with the convolution's `kernel_size`, `stride`, `padding` and
#    `dilation`, which are tuples, and multiply the two output sides. Then multiply by
#    the number of all weights: each is used once at each place.


# %% conv_multiply_adds right "output channels times what each reads"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds right "group by group, places counted by a range"
def conv_multiply_adds(conv, height, width):
    total = 0
    sides = []
    for side, k, s, p, d in zip(
        (height, width), conv.kernel_size, conv.stride, conv.padding, conv.dilation
    ):
        sides.append(len(range(-p, side + p - d * (k - 1), s)))
    per_group = conv.in_channels // conv.groups * conv.out_channels // conv.groups
    for _ in range(conv.groups):
        k_h, k_w = conv.kernel_size
        total += sides[0] * sides[1] * per_group * k_h * k_w
    return total


# %% conv_multiply_adds wrong "the groups are forgotten"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels * k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "divided by the groups twice, for inputs and outputs"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels // conv.groups * reads


# %% conv_multiply_adds wrong "the stride is forgotten"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "one stride for both axes"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[0] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "the padding is forgotten"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "the padding counted on one side only"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "one padding for both axes"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[0] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "the dilation is forgotten"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.kernel_size[axis]
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "a dilated kernel counted with its gaps as weights"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    k_h, k_w = (d * (k - 1) + 1 for d, k in zip(conv.dilation, conv.kernel_size))
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "the reach of a dilated kernel as d times k"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * conv.kernel_size[axis]
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "the kernel taken for a square of its rows"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h = k_w = conv.kernel_size[0]
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "the kernel's rows counted, not its columns"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h
    return out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "rows and columns of the image exchanged"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(width, 0) * out(height, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "counted at the input's places, not at the output's"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return height * width * conv.out_channels * reads


# %% conv_multiply_adds wrong "the plus one of the output size is forgotten"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis]

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "the output channels are forgotten"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(height, 0) * out(width, 1) * reads


# %% conv_multiply_adds wrong "the input channels are forgotten"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "the biases counted as well"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels * (reads + 1)


# %% conv_multiply_adds wrong "a product and a sum counted as two"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return 2 * out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "the parameters, not multiplied by the places"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return (side + 2 * conv.padding[axis] - reach) // conv.stride[axis] + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return conv.out_channels * reads


# %% conv_multiply_adds wrong "rounded up in place of down"
def conv_multiply_adds(conv, height, width):
    def out(side, axis):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1) + 1
        return -(-(side + 2 * conv.padding[axis] - reach) // conv.stride[axis]) + 1

    k_h, k_w = conv.kernel_size
    reads = conv.in_channels // conv.groups * k_h * k_w
    return out(height, 0) * out(width, 1) * conv.out_channels * reads


# %% conv_multiply_adds wrong "a library does the convolution"
def conv_multiply_adds(conv, height, width):
    with torch.no_grad():
        Y = conv(torch.zeros(1, conv.in_channels, height, width))
    return Y.shape[2] * Y.shape[3] * conv.weight.numel()


# %% conv_multiply_adds wrong "settings of the rows taken for the columns, too"
def conv_multiply_adds(conv, height, width):
    kernel, stride = conv.kernel_size[0], conv.stride[0]
    padding, dilation = conv.padding[0], conv.dilation[0]
    places = 1
    for side in (height, width):
        reach = dilation * (kernel - 1) + 1
        places *= (side + 2 * padding - reach) // stride + 1
    return places * conv.weight.numel()


# %% stack_for hints [markdown]
# 1. What does an output of two 3 x 3 convolutions in a row see? By how many pixels does
#    a third one widen it?
# 2. One kernel sees its own side. Each further one adds a rim on both sides: its side
#    less one. A stack whose field is larger than needed is allowed, one that is smaller
#    isn't.
# 3. Find the least number for which number times kernel-less-one, plus one, reaches the
#    field: a loop, or a division rounded up. Each layer has kernel squared weights for
#    each pair of channels.


# %% stack_for right "a division rounded up"
def stack_for(field, kernel, channels):
    number = -(-(field - 1) // (kernel - 1))
    pairs = channels * channels
    return number, number * kernel * kernel * pairs, field * field * pairs


# %% stack_for right "layer by layer from the inside"
def stack_for(field, kernel, channels):
    seen, number, weights = 1, 0, 0
    while seen < field:
        seen += kernel - 1
        number += 1
        weights += kernel**2 * channels**2
    return [number, weights, (field * channels) ** 2]


# %% stack_for wrong "two stacked kernels counted as one field of the same side"
def stack_for(field, kernel, channels):
    number = 1
    while kernel < field and number < field:
        number += 1
    return [number, number * kernel**2 * channels**2, field**2 * channels**2]


# %% stack_for wrong "fields added side by side, as if kernels didn't overlap"
def stack_for(field, kernel, channels):
    number = 1
    while number * kernel < field:
        number += 1
    return [number, number * kernel**2 * channels**2, field**2 * channels**2]


# %% stack_for wrong "each kernel thought to widen the field by one pixel"
def stack_for(field, kernel, channels):
    number = 1
    while kernel + number - 1 < field:
        number += 1
    return [number, number * kernel**2 * channels**2, field**2 * channels**2]


# %% stack_for wrong "each kernel thought to widen the field by half its side only"
def stack_for(field, kernel, channels):
    number = 1
    while kernel + (number - 1) * (kernel // 2) < field:
        number += 1
    return [number, number * kernel**2 * channels**2, field**2 * channels**2]


# %% stack_for wrong "fields multiplied, not added"
def stack_for(field, kernel, channels):
    number = 1
    while kernel**number < field:
        number += 1
    return [number, number * kernel**2 * channels**2, field**2 * channels**2]


# %% stack_for wrong "one layer too many: the field must be larger, not as large"
def stack_for(field, kernel, channels):
    number = 1
    while number * (kernel - 1) + 1 <= field:
        number += 1
    return [number, number * kernel**2 * channels**2, field**2 * channels**2]


# %% stack_for wrong "rounded down: the field is too small"
def stack_for(field, kernel, channels):
    number = 1
    number = (field - 1) // (kernel - 1)
    return [number, number * kernel**2 * channels**2, field**2 * channels**2]


# %% stack_for wrong "the weights of one small layer, not of all"
def stack_for(field, kernel, channels):
    number = 1
    while number * (kernel - 1) + 1 < field:
        number += 1
    return [number, kernel**2 * channels**2, field**2 * channels**2]


# %% stack_for wrong "one channel in place of all"
def stack_for(field, kernel, channels):
    number = 1
    while number * (kernel - 1) + 1 < field:
        number += 1
    return [number, number * kernel**2 * 1, field**2 * 1]


# %% stack_for wrong "the channels counted once, not for inputs and outputs"
def stack_for(field, kernel, channels):
    number = 1
    while number * (kernel - 1) + 1 < field:
        number += 1
    return [number, number * kernel**2 * channels, field**2 * channels]


# %% stack_for wrong "the side of a kernel in place of its square"
def stack_for(field, kernel, channels):
    number = 1
    while number * (kernel - 1) + 1 < field:
        number += 1
    return [number, number * kernel * channels**2, field * channels**2]


# %% stack_for wrong "the biases counted as well"
def stack_for(field, kernel, channels):
    number = 1
    while number * (kernel - 1) + 1 < field:
        number += 1
    return [
        number,
        number * (kernel**2 * channels**2 + channels),
        field**2 * channels**2 + channels,
    ]


# %% stack_for wrong "the two numbers of weights exchanged"
def stack_for(field, kernel, channels):
    number = 1
    while number * (kernel - 1) + 1 < field:
        number += 1
    return [number, field**2 * channels**2, number * kernel**2 * channels**2]


# %% stack_for wrong "the single layer's weights are missing"
def stack_for(field, kernel, channels):
    number = 1
    while number * (kernel - 1) + 1 < field:
        number += 1
    return [number, number * kernel**2 * channels**2]


# %% stack_for wrong "channels that grow along the stack"
def stack_for(field, kernel, channels):
    number = 1
    while number * (kernel - 1) + 1 < field:
        number += 1
    return [
        number,
        kernel**2 * channels**2 * number * (number + 1) // 2,
        field**2 * channels**2,
    ]


# %% stack_for wrong "a field that grows by 2, whatever the kernel"
def stack_for(field, kernel, channels):
    number = (field - 1) // 2
    return [number, number * kernel**2 * channels**2, field**2 * channels**2]


# %% head hints [markdown]
# 1. Which lines of the broken net use `training`? And what does a sum over places do
#    when the image is larger?
# 2. `F.dropout` has three arguments, and works at all times unless the third says no.
#    Where it stands decides what it hits: maps, pooled numbers, or hidden units.
# 3. Mean over rows and columns; hidden layer and ReLU; dropout of that with the given
#    probability and flag; output. Four steps, in this order.


# %% head right "the module nn.Dropout, in the right mode"
def head(maps, hidden, output, p, training):
    dropout = nn.Dropout(p).train(training)
    pooled = nn.AdaptiveAvgPool2d(1)(maps).flatten(1)
    return output(dropout(torch.relu(hidden(pooled))))


# %% head right "the dropout by hand"
def head(maps, hidden, output, p, training):
    units = hidden(maps.flatten(2).mean(dim=2)).clamp(min=0)
    if training:
        keep = (torch.rand_like(units) >= p).to(units.dtype)
        units = units * keep / (1 - p)
    return output(units)


# %% head wrong "the places are still summed, not averaged"
def head(maps, hidden, output, p, training):
    pooled = maps.sum(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return output(F.dropout(units, p, training))


# %% head wrong "the maximum of each map in place of its average"
def head(maps, hidden, output, p, training):
    pooled = maps.amax(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return output(F.dropout(units, p, training))


# %% head wrong "the average over rows only, then the first column"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=2)[:, :, 0]
    units = F.relu(hidden(pooled))
    return output(F.dropout(units, p, training))


# %% head wrong "the average over the channels, too"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=(1, 2, 3)).unsqueeze(1).expand(maps.shape[:2])
    units = F.relu(hidden(pooled))
    return output(F.dropout(units, p, training))


# %% head wrong "dropout works at test time, too"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return output(F.dropout(units, p))


# %% head wrong "training and test exchanged"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return output(F.dropout(units, p, not training))


# %% head wrong "no dropout at all"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return output(units)


# %% head wrong "a probability of 0.5, whatever is given"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return output(F.dropout(units, 0.5, training))


# %% head wrong "p taken for the probability to keep a unit"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return output(F.dropout(units, 1 - p, training))


# %% head wrong "dropout on the maps, before the pooling"
def head(maps, hidden, output, p, training):
    pooled = F.dropout(maps, p, training).mean(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return output(units)


# %% head wrong "dropout on the pooled numbers, before the hidden layer"
def head(maps, hidden, output, p, training):
    pooled = F.dropout(maps.mean(dim=(2, 3)), p, training)
    units = F.relu(hidden(pooled))
    return output(units)


# %% head wrong "dropout on the scores, behind the output"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return F.dropout(output(units), p, training)


# %% head wrong "dropout on the maps and on the hidden units"
def head(maps, hidden, output, p, training):
    pooled = F.dropout(maps, p, training).mean(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return output(F.dropout(units, p, training))


# %% head wrong "the ReLU is forgotten"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=(2, 3))
    units = hidden(pooled)
    return output(F.dropout(units, p, training))


# %% head wrong "a ReLU behind the output as well"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return F.relu(output(F.dropout(units, p, training)))


# %% head wrong "the ReLU before the hidden layer"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=(2, 3))
    units = hidden(F.relu(pooled))
    return output(F.dropout(units, p, training))


# %% head wrong "what is kept is not divided by 1 - p"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return output(F.dropout(units, p, training) * (1 - p if training else 1))


# %% head wrong "divided by 1 - p at test time, too"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return output(F.dropout(units, p) if training else units / (1 - p))


# %% head wrong "multiplied by 1 - p at test, though divided in training"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return output(F.dropout(units, p) if training else units * (1 - p))


# %% head wrong "whole examples are dropped, not units"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return output(units * F.dropout(torch.ones(len(units), 1), p, training))


# %% head wrong "a softmax at the end"
def head(maps, hidden, output, p, training):
    pooled = maps.mean(dim=(2, 3))
    units = F.relu(hidden(pooled))
    return output(F.dropout(units, p, training)).softmax(dim=1)


# %% head wrong "the same units are dropped in all examples"
def head(maps, hidden, output, p, training):
    units = F.relu(hidden(maps.mean(dim=(2, 3))))
    if training:
        units = units * (torch.rand(units.shape[1]) >= p) / (1 - p)
    return output(units)


# %% memory hints [markdown]
# 1. Which numbers does the backward pass need once the forward pass is over, and which
#    are free as soon as the next layer has read them?
# 2. For training all outputs are added up. For prediction at most one layer's input and
#    output are there at the same time: compare the layers, and take the largest pair.
# 3. Walk through the layers, keeping what goes in and what comes out. Add the output's
#    size to one number, and let another be the maximum of input plus output. Parameters
#    come from the net as a whole.


# %% memory right "sizes first, then sums over them"
def memory(net, X):
    sizes = [X.numel()]
    for layer in net:
        X = layer(X)
        sizes.append(X.numel())
    own = sum(map(torch.numel, net.parameters()))
    pairs = [a + b for a, b in zip(sizes, sizes[1:])]
    return 2 * own + sum(sizes), own + max(pairs)


# %% memory right "with forward hooks"
def memory(net, X):
    seen = []
    hooks = []
    for layer in set(net):

        def note(_, inputs, Y):
            return seen.append((inputs[0].numel(), Y.numel()))

        hooks.append(layer.register_forward_hook(note))
    with torch.no_grad():
        net(X)
    for hook in hooks:
        hook.remove()
    weights = sum(p.numel() for p in net.parameters())
    training = 2 * weights + X.numel() + sum(after for _, after in seen)
    return [training, weights + max(map(sum, seen))]


# %% memory wrong "the gradients of the parameters are forgotten"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel() + H.numel())
    return [parameters + X.numel() + outputs, parameters + largest]


# %% memory wrong "the batch itself is forgotten in training"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel() + H.numel())
    return [2 * parameters + outputs, parameters + largest]


# %% memory wrong "prediction holds all outputs, as training does"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel() + H.numel())
    return [2 * parameters + X.numel() + outputs, parameters + X.numel() + outputs]


# %% memory wrong "gradients counted in prediction, too"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel() + H.numel())
    return [2 * parameters + X.numel() + outputs, 2 * parameters + largest]


# %% memory wrong "the parameters are forgotten in prediction"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel() + H.numel())
    return [2 * parameters + X.numel() + outputs, largest]


# %% memory wrong "the parameters are forgotten everywhere"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel() + H.numel())
    return [X.numel() + outputs, largest]


# %% memory wrong "the largest output alone, without what its layer reads"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, H.numel())
    return [2 * parameters + X.numel() + outputs, parameters + largest]


# %% memory wrong "the largest input alone"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel())
    return [2 * parameters + X.numel() + outputs, parameters + largest]


# %% memory wrong "input and output of the last layer, not of the largest"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = before.numel() + H.numel()
    return [2 * parameters + X.numel() + outputs, parameters + largest]


# %% memory wrong "input and output of the first layer, not of the largest"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = largest or before.numel() + H.numel()
    return [2 * parameters + X.numel() + outputs, parameters + largest]


# %% memory wrong "one image in place of the whole batch"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel() + H.numel())
    outputs, largest, X = outputs // len(X), largest // len(X), X[0]
    return [2 * parameters + X.numel() + outputs, parameters + largest]


# %% memory wrong "the last output is not kept"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel() + H.numel())
    return [2 * parameters + X.numel() + outputs - H.numel(), parameters + largest]


# %% memory wrong "the largest output in place of all"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs = max(outputs, H.numel())
        largest = max(largest, before.numel() + H.numel())
    return [2 * parameters + X.numel() + outputs, parameters + largest]


# %% memory wrong "only outputs of layers with parameters are kept"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel() * bool(list(layer.parameters()))
        largest = max(largest, before.numel() + H.numel())
    return [2 * parameters + X.numel() + outputs, parameters + largest]


# %% memory wrong "a layer at two places has its parameters twice"
def memory(net, X):
    parameters = sum(p.numel() for layer in net for p in layer.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel() + H.numel())
    return [2 * parameters + X.numel() + outputs, parameters + largest]


# %% memory wrong "the biases are forgotten"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters() if p.dim() > 1)
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel() + H.numel())
    return [2 * parameters + X.numel() + outputs, parameters + largest]


# %% memory wrong "tensors of parameters are counted, not their numbers"
def memory(net, X):
    parameters = len(list(net.parameters()))
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel() + H.numel())
    return [2 * parameters + X.numel() + outputs, parameters + largest]


# %% memory wrong "bytes in place of numbers"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel() + H.numel())
    return [4 * (2 * parameters + X.numel() + outputs), 4 * (parameters + largest)]


# %% memory wrong "training and prediction exchanged"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel() + H.numel())
    return [parameters + largest, 2 * parameters + X.numel() + outputs]


# %% memory wrong "gradients of the outputs counted as well"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel() + H.numel())
    return [2 * parameters + X.numel() + 2 * outputs, parameters + largest]


# %% memory wrong "`net` is left in another mode (train or eval)"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    outputs, largest = 0, 0
    H = X
    net.eval()
    for layer in net:
        before, H = H, layer(H)
        outputs += H.numel()
        largest = max(largest, before.numel() + H.numel())
    return [2 * parameters + X.numel() + outputs, parameters + largest]


# %% memory wrong "the largest input and the largest output, of different layers"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    ins, outs = [], []
    H = X
    for layer in net:
        ins.append(H.numel())
        H = layer(H)
        outs.append(H.numel())
    return [2 * parameters + X.numel() + sum(outs), parameters + max(ins) + max(outs)]


# %% memory wrong "`children()` names a layer at two places only once"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    ins, outs = [], []
    H = X
    for layer in net.children():
        ins.append(H.numel())
        H = layer(H)
        outs.append(H.numel())
    both = [a + b for a, b in zip(ins, outs, strict=True)]
    return [2 * parameters + X.numel() + sum(outs), parameters + max(both)]


# %% memory wrong "what `nn.Flatten` gives is not counted"
def memory(net, X):
    parameters = sum(p.numel() for p in net.parameters())
    ins, outs, kept = [], [], 0
    H = X
    for layer in net:
        ins.append(H.numel())
        H = layer(H)
        outs.append(H.numel())
        kept += 0 if isinstance(layer, nn.Flatten) else H.numel()
    both = [a + b for a, b in zip(ins, outs, strict=True)]
    return [2 * parameters + X.numel() + kept, parameters + max(both)]


# %% side_by_side hints [markdown]
# 1. With kernels of 3 and 7, which input pixel stands under the middle of the first
#    window of each?
# 2. The maps of the largest kernel are the smallest. A map of a smaller kernel has a
#    rim more on every side: half the difference of the two kernels' sides.
# 3. Find the largest kernel. For each convolution, cut a rim of half the difference off
#    all four sides of its maps; mind a rim of 0, where a slice to minus nothing is
#    empty. Concatenate along axis 1.


# %% side_by_side right "cropped by narrow"
def side_by_side(convs, X):
    maps = [conv(X) for conv in convs]
    H, W = min(Y.shape[2] for Y in maps), min(Y.shape[3] for Y in maps)
    cropped = []
    for Y in maps:
        Y = Y.narrow(2, (Y.shape[2] - H) // 2, H)
        cropped.append(Y.narrow(3, (Y.shape[3] - W) // 2, W))
    return torch.cat(cropped, dim=1)


# %% side_by_side right "the image is cropped beforehand"
def side_by_side(convs, X):
    most = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        rim = (most - conv.kernel_size[0]) // 2
        maps.append(conv(F.pad(X, [-rim] * 4)))
    return torch.cat(maps, dim=1)


# %% side_by_side wrong "cropped at the lower right only, not in the middle"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        Y = conv(X)
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(Y[:, :, 0 : Y.shape[2] - 2 * rim, 0 : Y.shape[3] - 2 * rim])
    return torch.cat(maps, dim=1)


# %% side_by_side wrong "cropped at the upper left only, not in the middle"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        Y = conv(X)
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(Y[:, :, 2 * rim :, 2 * rim :])
    return torch.cat(maps, dim=1)


# %% side_by_side wrong "the maps are padded to the largest, not cropped"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        Y = conv(X)
        rim = (largest - conv.kernel_size[0]) // 2
        rim = conv.kernel_size[0] // 2
        maps.append(F.pad(Y, [rim] * 4))
    return torch.cat(maps, dim=1)


# %% side_by_side wrong "the maps are scaled to the smallest, not cropped"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        Y = conv(X)
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(
            F.interpolate(Y, (X.shape[2] - largest + 1, X.shape[3] - largest + 1))
        )
    return torch.cat(maps, dim=1)


# %% side_by_side wrong "a rim twice as wide is cut"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        Y = conv(X)
        rim = largest - conv.kernel_size[0]
        maps.append(Y[:, :, rim : Y.shape[2] - rim, rim : Y.shape[3] - rim])
    return torch.cat(maps, dim=1)


# %% side_by_side wrong "not cropped at all, so sizes differ"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        Y = conv(X)
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(Y)
    return torch.cat(maps, dim=1)


# %% side_by_side wrong "cropped to the first convolution's maps"
def side_by_side(convs, X):
    largest = convs[0].kernel_size[0]
    maps = []
    for conv in convs:
        Y = conv(X)
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(Y[:, :, rim : Y.shape[2] - rim, rim : Y.shape[3] - rim])
    return torch.cat(maps, dim=1)


# %% side_by_side wrong "rows and columns exchanged behind the cropping"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        Y = conv(X)
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(Y[:, :, rim : Y.shape[2] - rim, rim : Y.shape[3] - rim].mT)
    return torch.cat(maps, dim=1)


# %% side_by_side wrong "the maps in order of their kernels"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in sorted(convs, key=lambda conv: conv.kernel_size[0]):
        Y = conv(X)
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(Y[:, :, rim : Y.shape[2] - rim, rim : Y.shape[3] - rim])
    return torch.cat(maps, dim=1)


# %% side_by_side wrong "the maps in reverse order"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in reversed(convs):
        Y = conv(X)
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(Y[:, :, rim : Y.shape[2] - rim, rim : Y.shape[3] - rim])
    return torch.cat(maps, dim=1)


# %% side_by_side wrong "only the convolution with the largest kernel"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        Y = conv(X)
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(Y[:, :, rim : Y.shape[2] - rim, rim : Y.shape[3] - rim])
    return maps[max(range(len(convs)), key=lambda i: convs[i].kernel_size[0])]


# %% side_by_side wrong "a path picked, the strongest, in place of all"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        Y = conv(X)
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(Y[:, :, rim : Y.shape[2] - rim, rim : Y.shape[3] - rim])
    return max(maps, key=lambda Y: Y.abs().sum().item())


# %% side_by_side wrong "the maps added up, one channel for all"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        Y = conv(X)
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(Y[:, :, rim : Y.shape[2] - rim, rim : Y.shape[3] - rim])
    return sum(Y.sum(dim=1, keepdim=True) for Y in maps)


# %% side_by_side wrong "each map cropped by its own kernel"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        Y = conv(X)
        rim = conv.kernel_size[0] // 2
        maps.append(Y[:, :, rim : Y.shape[2] - rim, rim : Y.shape[3] - rim])
    return torch.cat(maps, dim=1)


# %% side_by_side wrong "a ReLU behind each convolution"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        Y = F.relu(conv(X))
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(Y[:, :, rim : Y.shape[2] - rim, rim : Y.shape[3] - rim])
    return torch.cat(maps, dim=1)


# %% side_by_side wrong "the biases are left out"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        Y = F.conv2d(X, conv.weight)
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(Y[:, :, rim : Y.shape[2] - rim, rim : Y.shape[3] - rim])
    return torch.cat(maps, dim=1)


# %% side_by_side wrong "joined along the batch axis"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    most = max(conv.out_channels for conv in convs)
    maps = []
    for conv in convs:
        Y = conv(X)
        rim = (largest - conv.kernel_size[0]) // 2
        Y = Y[:, :, rim : Y.shape[2] - rim, rim : Y.shape[3] - rim]
        maps.append(F.pad(Y, (0, 0, 0, 0, 0, most - Y.shape[1])))
    return torch.cat(maps, dim=0)


# %% side_by_side wrong "a rim of 0 makes an empty slice"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(conv(X)[:, :, rim:-rim, rim:-rim])
    return torch.cat(maps, dim=1)


# %% side_by_side wrong "the maps joined on the batch's axis"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    maps = []
    for conv in convs:
        rim = (largest - conv.kernel_size[0]) // 2
        maps.append(F.pad(conv(X), [-rim] * 4))
    return torch.cat(maps, dim=0)


# %% side_by_side wrong "the maps added, not joined"
def side_by_side(convs, X):
    largest = max(conv.kernel_size[0] for conv in convs)
    total = 0
    for conv in convs:
        rim = (largest - conv.kernel_size[0]) // 2
        total = total + F.pad(conv(X), [-rim] * 4)
    return total


# %% side_by_side wrong "padded to the size of the image, not cropped"
def side_by_side(convs, X):
    maps = []
    for conv in convs:
        half = conv.kernel_size[0] // 2
        maps.append(F.conv2d(X, conv.weight, conv.bias, padding=half))
    return torch.cat(maps, dim=1)


# %% lrn equivalent "max of the same two numbers"
# window = squares[:, max(start, 0):start + n] -> window = squares[:, max(0, start):start + n]


# %% vgg_block equivalent "the stride of a pooling is its kernel's side by default"
# return nn.Sequential(*layers, poolings[pooling](2, stride=2, ceil_mode=True)) -> return nn.Sequential(*layers, poolings[pooling](2, ceil_mode=True))


# %% vgg equivalent "a third of 3 and of 1, rounded down, is half of them, rounded down"
# conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2) -> conv = nn.Conv2d(in_channels, channels, kernel, padding=kernel // 3)
# layers.append(nn.MaxPool2d(2, stride=2)) -> layers.append(nn.MaxPool2d(2))


# %% nin_block equivalent "zip stops at the shorter one by default"
# for before, width in zip(widths, widths[1:], strict=False): -> for before, width in zip(widths, widths[1:]):


# %% conv_multiply_adds equivalent "all five have two entries"
# sizes = zip(*((height, width), conv.kernel_size, conv.stride, conv.padding, conv.dilation), strict=False) -> sizes = zip(*((height, width), conv.kernel_size, conv.stride, conv.padding, conv.dilation))
# sizes = zip(*((height, width), conv.kernel_size, conv.stride, conv.padding, conv.dilation), strict=False) -> sizes = zip(*((height, width), conv.kernel_size, conv.stride, conv.padding, conv.dilation), strict=True)


# %% stack_for equivalent "both sides are odd, so they differ by two or more"
# while number * (kernel - 1) + 1 < field: -> while number * (kernel - 1) + 2 < field:


# %% memory equivalent "max commutes; a pair is never smaller than 1; no graph is asked for"
# largest = max(largest, before.numel() + H.numel()) -> largest = max(before.numel() + H.numel(), largest)
# outputs, largest = (0, 0) -> outputs, largest = (0, 1)
# with torch.no_grad(): -> if True:


# %% side_by_side equivalent "the kernels are squares"
# largest = max((conv.kernel_size[0] for conv in convs)) -> largest = max((conv.kernel_size[1] for conv in convs))
# rim = (largest - conv.kernel_size[0]) // 2 -> rim = (largest - conv.kernel_size[1]) // 2
