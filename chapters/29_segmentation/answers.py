# The bank: other right answers, and the wrong ones that people really give. The title
# of a wrong answer is the name of the mistake, as the student is told it.


# %% trans_conv hints [markdown]
# 1. Draw two stamps of a kernel 3 wide, 2 pixels apart. In which column do they
#    overlap, what stands in it, and how wide is the whole?
# 2. Scatter, don't gather. Each number of `X` owns a window of the output, as large as
#    `K`, and the stride tells where it begins. Windows overlap, so add to what is there
#    already. Padding does the opposite of what it does in a convolution: it takes a rim
#    away.
# 3. Zeros of the full size, before anything is cut: the docstring's formula with a
#    padding of 0. Two loops over `X`: add the number times `K` to its window. Then cut:
#    keep from `padding` to the length less `padding`. (A slice that ends at -0 is
#    empty.)

# %% trans_conv right "one place of the kernel at a time"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for u in range(kh):
        for v in range(kw):
            rows = slice(u, u + (h - 1) * stride + 1, stride)
            columns = slice(v, v + (w - 1) * stride + 1, stride)
            Y[rows, columns] += K[u, v] * X
    H, W = Y.shape
    return Y[padding : H - padding, padding : W - padding]


# %% trans_conv right "zeros between the pixels, then an ordinary convolution"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    spread = torch.zeros((h - 1) * stride + 1, (w - 1) * stride + 1)
    spread[::stride, ::stride] = X
    spread = F.pad(spread, (kw - 1, kw - 1, kh - 1, kh - 1))
    Y = F.conv2d(spread[None, None], K.flip(0, 1)[None, None])[0, 0]
    return Y[padding : Y.shape[0] - padding, padding : Y.shape[1] - padding]


# %% trans_conv wrong "an ordinary convolution, which shrinks"
def trans_conv(X, K, stride=1, padding=0):
    X, K = X[None, None], K[None, None]
    return F.conv2d(X, K, stride=stride, padding=padding)[0, 0]


# %% trans_conv wrong "a later stamp overwrites an earlier one"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + kh, left : left + kw] = X[i, j] * K
    return Y[padding : len(Y) - padding, padding : Y.shape[1] - padding]


# %% trans_conv wrong "the stride is ignored"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros(h - 1 + kh, w - 1 + kw)
    for i in range(h):
        for j in range(w):
            Y[i : i + kh, j : j + kw] += X[i, j] * K
    return Y[padding : len(Y) - padding, padding : Y.shape[1] - padding]


# %% trans_conv wrong "stamps stand side by side, a kernel apart, whatever the stride"
def trans_conv(X, K, stride=1, padding=0):
    Y = torch.kron(X, K)
    return Y[padding : len(Y) - padding, padding : Y.shape[1] - padding]


# %% trans_conv wrong "padding adds a rim where it must cut one off"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    return F.pad(Y, [padding] * 4)


# %% trans_conv wrong "zeros are put around the input, as in an ordinary convolution"
def trans_conv(X, K, stride=1, padding=0):
    X = F.pad(X, [padding] * 4)
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    return Y


# %% trans_conv wrong "the padding is not cut off"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    return Y


# %% trans_conv wrong "the padding is cut off at the top and on the left only"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    return Y[padding:, padding:]


# %% trans_conv wrong "with no padding, a slice up to -0 leaves nothing"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    return Y[padding:-padding, padding:-padding]


# %% trans_conv wrong "a library does the transposed convolution"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    rows, columns = (h - 1) * stride + kh, (w - 1) * stride + kw
    size = (1, 1, rows - 2 * padding, columns - 2 * padding)
    X, K = X[None, None], K[None, None]
    image = torch.nn.grad.conv2d_input(size, K, X, stride=stride, padding=padding)
    return image[0, 0]


# %% trans_conv wrong "the kernel is turned by 180 degrees"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    K = K.flip(0, 1)
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    return Y[padding : len(Y) - padding, padding : Y.shape[1] - padding]


# %% trans_conv wrong "the kernel's height and width are mixed up, or one is taken for both"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), k = X.shape, len(K)
    Y = torch.zeros((h - 1) * stride + k, (w - 1) * stride + k)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + k, left : left + k] += X[i, j] * K
    return Y[padding : len(Y) - padding, padding : Y.shape[1] - padding]


# %% trans_conv wrong "the stride is applied to the rows only"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, w - 1 + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    return Y[padding : len(Y) - padding, padding : Y.shape[1] - padding]


# %% trans_conv wrong "each number counts a stride of its own, the last one too"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros(h * stride + kh, w * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    return Y[padding : len(Y) - padding, padding : Y.shape[1] - padding]


# %% trans_conv wrong "the output is cut to the input's size times the stride"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    h, w = h * stride, w * stride
    return Y[:h, :w]


# %% trans_conv wrong "the padding is cut off at the bottom and on the right only"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    return Y[: len(Y) - padding, : Y.shape[1] - padding]


# %% trans_conv wrong "the padding is cut off the rows only"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    return Y[padding : len(Y) - padding]


# %% trans_conv wrong "half the padding on each side"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    p = padding // 2
    return Y[p : len(Y) - p, p : Y.shape[1] - p]


# %% trans_conv wrong "the kernel's rows and columns are exchanged"
def trans_conv(X, K, stride=1, padding=0):
    K = K.T
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    return Y[padding : len(Y) - padding, padding : Y.shape[1] - padding]


# %% trans_conv wrong "where stamps overlap the larger number stays"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            place = Y[top : top + kh, left : left + kw]
            place.copy_(torch.maximum(place, X[i, j] * K))
    return Y[padding : len(Y) - padding, padding : Y.shape[1] - padding]


# %% trans_conv wrong "the stride is applied to the columns only"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros(h - 1 + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i, j * stride
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    return Y[padding : len(Y) - padding, padding : Y.shape[1] - padding]


# %% trans_conv wrong "as many zeros between the pixels as the stride: stamps stand one too far apart"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    step = stride + 1
    Y = torch.zeros((h - 1) * step + kh, (w - 1) * step + kw)
    for i in range(h):
        for j in range(w):
            Y[i * step : i * step + kh, j * step : j * step + kw] += X[i, j] * K
    return Y[padding : len(Y) - padding, padding : Y.shape[1] - padding]


# %% trans_conv wrong "the padding is multiplied by the stride before it is cut off"
def trans_conv(X, K, stride=1, padding=0):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros((h - 1) * stride + kh, (w - 1) * stride + kw)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            Y[top : top + kh, left : left + kw] += X[i, j] * K
    cut = padding * stride
    return Y[cut : len(Y) - cut, cut : Y.shape[1] - cut]


# %% trans_conv wrong "stamps stand side by side, and nothing is cut off"
def trans_conv(X, K, stride=1, padding=0):
    return torch.kron(X, K)


# %% map_sizes hints [markdown]
# 1. A side of 13 goes through `("down", 2, 2, 0)` and `("up", 2, 2, 0)`. Which side
#    does the second layer start from, and which of the two rounds?
# 2. The two formulas undo each other, but for the rounding. Going down, padding adds,
#    the kernel takes away, the stride divides. Going up, the stride multiplies the
#    steps between pixels, of which there is one fewer than pixels; then the kernel adds
#    and padding takes away.
# 3. A list that begins with `size`. For each layer, start from the list's last entry.
#    Down: add the padding twice, take the kernel off, divide by the stride in whole
#    numbers, add 1. Up: one less, times the stride, the padding off twice, the kernel
#    added. Append it.


# %% map_sizes right "one formula and its inverse"
def map_sizes(size, layers):
    def step(kind, h, k, s, p):
        return {
            "down": lambda: 1 + (h - k + 2 * p) // s,
            "up": lambda: s * (h - 1) + (k - 2 * p),
        }[kind]()

    out = [size]
    for kind, k, s, p in layers:
        out.append(step(kind, out[-1], k, s, p))
    return out


# %% map_sizes right "recursion on the rest of the layers"
def map_sizes(size, layers):
    if not layers:
        return [size]
    (kind, k, s, p), *rest = layers
    if kind == "up":
        after = size * s - s - p - p + k
    else:
        after = (size + p + p - k + s) // s
    return [size] + map_sizes(after, rest)


# %% map_sizes wrong "the formula of the ordinary convolution on the way up"
def map_sizes(size, layers):
    sizes = [size]
    for _, kernel, stride, padding in layers:
        sizes.append((sizes[-1] + 2 * padding - kernel) // stride + 1)
    return sizes


# %% map_sizes wrong "padding makes the map larger on the way up"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) // stride + 1)
        else:
            sizes.append((h - 1) * stride + 2 * padding + kernel)
    return sizes


# %% map_sizes wrong "every pixel counts a stride on the way up, the last one too"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) // stride + 1)
        else:
            sizes.append(h * stride - 2 * padding + kernel)
    return sizes


# %% map_sizes wrong "on the way up the side is just times the stride"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) // stride + 1)
        else:
            sizes.append(h * stride)
    return sizes


# %% map_sizes wrong "padding is cut off one side only on the way up"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) // stride + 1)
        else:
            sizes.append((h - 1) * stride - padding + kernel)
    return sizes


# %% map_sizes wrong "the kernel is forgotten on the way up"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) // stride + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding)
    return sizes


# %% map_sizes wrong "rounded up on the way down"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append(-(-(h + 2 * padding - kernel) // stride) + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel)
    return sizes


# %% map_sizes wrong "padding on one side only on the way down"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + padding - kernel) // stride + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel)
    return sizes


# %% map_sizes wrong "the size before the first layer is missing"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) // stride + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel)
    return sizes[1:]


# %% map_sizes wrong "each layer starts from the image, not from the map before it"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = size
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) // stride + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel)
    return sizes


# %% map_sizes wrong "a float where a whole number is asked"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) / stride + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel)
    return sizes


# %% map_sizes wrong "the 1 is missing on the way down"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) // stride)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel)
    return sizes


# %% map_sizes wrong "the padding is forgotten on the way down"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h - kernel) // stride + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel)
    return sizes


# %% map_sizes wrong "the padding is forgotten on the way up"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) // stride + 1)
        else:
            sizes.append((h - 1) * stride + kernel)
    return sizes


# %% map_sizes wrong "one too many on the way up"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) // stride + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel + 1)
    return sizes


# %% map_sizes wrong "on the way down the stride divides the kernel alone"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append(h + 2 * padding - kernel // stride + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel)
    return sizes


# %% map_sizes wrong "rounded to the nearest, not down"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append(round((h + 2 * padding - kernel) / stride) + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel)
    return sizes


# %% map_sizes wrong "up and down are exchanged"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "up":
            sizes.append((h + 2 * padding - kernel) // stride + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel)
    return sizes


# %% map_sizes wrong "kernel and stride are exchanged"
def map_sizes(size, layers):
    sizes = [size]
    for kind, stride, kernel, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) // stride + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel)
    return sizes


# %% map_sizes wrong "only the last size is returned"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) // stride + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel)
    return sizes[-1]


# %% map_sizes wrong "on the way down the side is just divided by the stride"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append(h // stride)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel)
    return sizes


# %% map_sizes wrong "the sides are just divided and multiplied by the stride"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append(h // stride)
        else:
            sizes.append(h * stride)
    return sizes


# %% map_sizes wrong "stride and padding are exchanged"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, padding, stride in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) // max(stride, 1) + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel)
    return sizes


# %% map_sizes wrong "an `output_padding` on the way up, which nobody asked for"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + 2 * padding - kernel) // stride + 1)
        else:
            sizes.append((h - 1) * stride - 2 * padding + kernel + stride - 1)
    return sizes


# %% map_sizes wrong "padding on one side only, both ways"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        h = sizes[-1]
        if kind == "down":
            sizes.append((h + padding - kernel) // stride + 1)
        else:
            sizes.append((h - 1) * stride - padding + kernel)
    return sizes


# %% map_sizes wrong "the fraction is kept for the next layer, and cut off in the list only"
def map_sizes(size, layers):
    sizes = [size]
    for kind, kernel, stride, padding in layers:
        if kind == "down":
            size = (size + 2 * padding - kernel) / stride + 1
        else:
            size = (size - 1) * stride - 2 * padding + kernel
        sizes.append(int(size))
    return sizes


# %% bilinear_kernel hints [markdown]
# 1. Count places from 0: where is the middle of a kernel of side 5, and of one of side
#    4? And which axis of a transposed convolution's weight belongs to its inputs?
# 2. The triangle is 1 less the distance from the middle over the factor; height and
#    width have one each. Its zeros lie outside the kernel; with an even side its peak
#    lies between two places. One triangle down times one across is a kernel; a pair of
#    channels weights it.
# 3. For each factor the places 0 to k - 1, their absolute distance from the middle
#    (half of k - 1), the triangle. One as a column times the other as a row: (k, l).
#    The mix with its axes exchanged and two of length 1 behind, times that.


# %% bilinear_kernel right "the smaller of a rising and a falling line, by einsum"
def bilinear_kernel(mix, factors):
    def triangle(f):
        k = 2 * f if f % 2 == 0 else 2 * f - 1
        rising = (torch.arange(k) + (0.5 if k % 2 == 0 else 1.0)) / f
        return torch.minimum(rising, rising.flip(0))

    down, across = map(triangle, factors)
    return torch.einsum("u,v,oi->iouv", down, across, mix)


# %% bilinear_kernel right "filled number by number"
def bilinear_kernel(mix, factors):
    f, g = factors
    k, m = 2 * f - f % 2, 2 * g - g % 2
    weight = torch.zeros(mix.shape[1], mix.shape[0], k, m)
    for i in range(k):
        for j in range(m):
            down = 1 - abs(i - (k - 1) / 2) / f
            across = 1 - abs(j - (m - 1) / 2) / g
            for o in range(mix.shape[0]):
                for c in range(mix.shape[1]):
                    weight[c, o, i, j] = mix[o, c] * down * across
    return weight


# %% bilinear_kernel wrong "the channels' axes are exchanged: a transposed convolution keeps its inputs first"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = down[:, None] * across
    return mix[:, :, None, None] * kernel


# %% bilinear_kernel wrong "the mix is read in another order, not turned round"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = down[:, None] * across
    return mix.reshape(mix.shape[::-1])[:, :, None, None] * kernel


# %% bilinear_kernel wrong "the factors of height and width are exchanged"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = across[:, None] * down
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "the factor of the height is used for both axes"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = down[:, None] * down
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "the factor of the width is used for both axes"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = across[:, None] * across
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "no channel is mixed: each is enlarged into its own"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = down[:, None] * across
    return torch.eye(*mix.T.shape)[:, :, None, None] * kernel


# %% bilinear_kernel wrong "every channel is added to every other, whatever the mix"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = down[:, None] * across
    return torch.ones(mix.T.shape)[:, :, None, None] * kernel


# %% bilinear_kernel wrong "the kernel is scaled to the sum 1, so the image gets dark"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = down[:, None] * across
    return mix.T[:, :, None, None] * kernel / kernel.sum()


# %% bilinear_kernel wrong "all ones: pixels are repeated, not interpolated"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(torch.ones(k))
    down, across = triangles
    kernel = down[:, None] * across
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "the triangles are averaged, not multiplied"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = (down[:, None] + across) / 2
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "a pyramid: the larger distance counts alone"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = torch.minimum(down[:, None], across)
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "the middle of an even kernel is put on a pixel"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - k // 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = down[:, None] * across
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "the middle of an odd kernel is put between two pixels"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (f - 0.5)).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = down[:, None] * across
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "the triangle falls to 0 at the kernel's rim"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / max((k - 1) / 2, 1))
    down, across = triangles
    kernel = down[:, None] * across
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "twice the factor also for an odd factor"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = down[:, None] * across
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "a kernel as wide as the factor, which sees no neighbour"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = f
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = down[:, None] * across
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "the channels' axes are missing"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = down[:, None] * across
    return kernel


# %% bilinear_kernel wrong "one kernel for each channel, as for `groups`: nothing is mixed"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = down[:, None] * across
    return torch.ones(mix.shape[1], 1, 1, 1) * kernel


# %% bilinear_kernel wrong "a triangle along the height only: a ridge"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = down[:, None].expand(-1, len(across))
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "a triangle along the width only: a ridge"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = across.expand(len(down), -1)
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "the two distances are added: a diamond"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = (down[:, None] + across - 1).clamp(min=0)
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "the distance to the middle in a straight line: a round cone"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = 1 - torch.hypot(1 - down[:, None], 1 - across)
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "the triangle falls by 1/k a pixel"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / k)
    down, across = triangles
    kernel = down[:, None] * across
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "the distance keeps its sign, so the triangle only falls"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = torch.arange(k) - (k - 1) / 2
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = down[:, None] * across
    return mix.T[:, :, None, None] * kernel


# %% bilinear_kernel wrong "the mix is scaled so that an output's weights add up to 1"
def bilinear_kernel(mix, factors):
    triangles = []
    for f in factors:
        k = 2 * f - f % 2
        distance = (torch.arange(k) - (k - 1) / 2).abs()
        triangles.append(1 - distance / f)
    down, across = triangles
    kernel = down[:, None] * across
    return (mix / mix.sum(dim=1, keepdim=True)).T[:, :, None, None] * kernel


# %% UpBlock hints [markdown]
# 1. 7 rows were halved to 3. How many do they become on the way up, and on which side
#    is the missing one put? How many channels stand together after the join?
# 2. The enlarged maps have as many channels as `kept`, so the first convolution reads
#    twice that. How many rows and columns are missing, none or one each, is told by the
#    two shapes in `forward`. A ReLU stands after each of the two convolutions and
#    nowhere else.
# 3. `__init__`: a transposed convolution from deep to skip channels, two convolutions
#    of 3 x 3 with a padding of 1. `forward`: enlarge; the differences of height and
#    width from `kept`; `F.pad`, which names the last axis first (left, right, top,
#    bottom); join along axis 1, `kept` first; convolve, ReLU, twice.


# %% UpBlock right "layers one by one, the missing rim from a zero tensor"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.enlarge = nn.ConvTranspose2d(deep, skip, (2, 2), (2, 2))
        self.first = nn.Conv2d(skip + skip, out, 3, padding="same")
        self.second = nn.Conv2d(out, out, 3, padding="same")

    def forward(self, H, kept):
        up = self.enlarge(H)
        room = torch.zeros(len(H), up.shape[1], *kept.shape[2:])
        room[:, :, : up.shape[2], : up.shape[3]] = up
        Y = torch.relu(self.first(torch.cat((kept, room), 1)))
        return torch.relu(self.second(Y))


# %% UpBlock right "two lists of layers"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.layers = nn.ModuleList(
            [
                nn.Conv2d(2 * skip, out, 3, 1, 1),
                nn.Conv2d(out, out, 3, 1, 1),
            ]
        )
        self.up = nn.Sequential(nn.ConvTranspose2d(deep, skip, 2, stride=2))

    def forward(self, H, kept):
        H = self.up(H)
        h, w = kept.shape[-2:]
        H = nn.ZeroPad2d((0, w - H.shape[3], 0, h - H.shape[2]))(H)
        Y = torch.concat([kept, H], dim=-3)
        for layer in self.layers:
            Y = layer(Y).clamp(min=0)
        return Y


# %% UpBlock wrong "the skip is added, not concatenated"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(kept + H)


# %% UpBlock wrong "the skip is added to maps that have another number of channels"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, deep, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(kept + H)


# %% UpBlock wrong "the skip is left out"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, 2 * skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        return self.convs(F.pad(H, (0, right, 0, below)))


# %% UpBlock wrong "the maps from below stand before the skip"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([H, kept], dim=1))


# %% UpBlock wrong "the skip is cropped, so the output is smaller than the image"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        kept = kept[:, :, : H.shape[2], : H.shape[3]]
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "at an odd size the enlarged maps are a row or column short, and are joined as they are"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        return self.convs(torch.cat([kept, self.up(H)], dim=1))


# %% UpBlock wrong "the zeros are put at the top and on the left"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        above, left = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (left, 0, above, 0))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "missing rows are filled up on the right, missing columns at the bottom"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, below, 0, right))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "the maps are stretched to the size, not filled up with zeros"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = F.interpolate(self.up(H), size=kept.shape[2:], mode="bilinear")
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "the last row and column are repeated where zeros are asked"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below), mode="replicate")
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "no activation after the second convolution"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "no activation between the two convolutions"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "an activation on the enlarged maps too"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = torch.relu(self.up(H))
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "only one convolution after joining"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1), nn.ReLU()
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "the convolutions shrink the map: no padding"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "joined along the batch, not along the channels"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=0))


# %% UpBlock wrong "enlarged by interpolation: there is nothing to learn in it"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.convs = nn.Sequential(
            nn.Conv2d(deep + skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = F.interpolate(H, scale_factor=2.0)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "the enlarged maps keep all `deep` channels"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, deep, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(deep + skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "the enlarged maps have `out` channels"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, out, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(out + skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "the transposed convolution has no bias"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2, bias=False)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "the convolutions have no bias"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1, bias=False),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1, bias=False),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "batch normalisation, which is not asked for"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.BatchNorm2d(out),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.BatchNorm2d(out),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "batch normalisation, which is not asked for, in place of the biases"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "the second convolution is 1 x 1"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "layers in a plain list, where torch finds no parameter"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = [
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        ]

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        Y = torch.cat([kept, H], dim=1)
        for layer in self.convs:
            Y = layer(Y)
        return Y


# %% UpBlock wrong "the second convolution is applied twice"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        Y = self.convs(torch.cat([kept, H], dim=1))
        return self.convs[2:](Y)


# %% UpBlock wrong "another activation than ReLU"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.GELU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.GELU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "the missing row and column hold the layer's bias, not zeros"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H, output_size=kept.shape[2:])
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "a row and a column are added even where none is missing"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        H = F.pad(H, (0, 1, 0, 1))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock right "lazy convolutions"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.LazyConvTranspose2d(skip, 2, stride=2)
        self.first = nn.LazyConv2d(out, 3, padding=1)
        self.second = nn.LazyConv2d(out, 3, padding=1)

    def forward(self, H, kept):
        room = torch.zeros_like(kept)
        H = self.up(H)
        room[:, :, : H.shape[2], : H.shape[3]] = H
        return self.second(self.first(torch.cat([kept, room], 1)).relu()).relu()


# %% UpBlock wrong "the first convolution is 1 x 1"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "a ReLU on the joined maps, before the first convolution"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1).relu())


# %% UpBlock wrong "a transposed convolution that is 3 wide, cut to size"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=3, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        H = H[:, :, : kept.shape[2], : kept.shape[3]]
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "the maps are stretched to the size by repeating pixels, not filled up with zeros"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = F.interpolate(self.up(H), size=kept.shape[2:])
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "the finished map is filled up with zeros, not the enlarged one"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(out, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        kept = kept[:, :, : H.shape[2], : H.shape[3]]
        Y = self.convs(torch.cat([kept, H], dim=1))
        return F.pad(Y, (0, right, 0, below))


# %% UpBlock wrong "the first of the two convolutions keeps all joined channels"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, 2 * skip, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% UpBlock wrong "one convolution with batch normalisation and no bias, as in another net"
class UpBlock(nn.Module):
    def __init__(self, deep, skip, out):
        super().__init__()
        self.up = nn.ConvTranspose2d(deep, skip, kernel_size=2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(2 * skip, out, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out),
            nn.ReLU(),
        )

    def forward(self, H, kept):
        H = self.up(H)
        below, right = kept.shape[2] - H.shape[2], kept.shape[3] - H.shape[3]
        H = F.pad(H, (0, right, 0, below))
        return self.convs(torch.cat([kept, H], dim=1))


# %% mean_iou hints [markdown]
# 1. Suppose class 6 is in neither mask: what are its intersection and its union? And
#    class 4 is predicted but nowhere true: what are they there?
# 2. Three questions in this order. Which pixels count? That is for the true mask alone
#    to say. What are a class's intersection and union, over the whole batch? And has it
#    an IoU at all? With an empty union it stays out; with an empty intersection only,
#    it has 0.
# 3. A bool mask of the pixels that count; select them in both tensors. For each class:
#    the union by a logical or, the intersection by a logical and, both counted. If the
#    union isn't empty, append the ratio to a list. Return the list's mean, a float.


# %% mean_iou right "from a confusion matrix"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    cells = y[counted] * num_classes + y_hat[counted]
    matrix = cells.bincount(minlength=num_classes**2)
    matrix = matrix.reshape(num_classes, num_classes)
    both = matrix.diagonal()
    union = matrix.sum(dim=0) + matrix.sum(dim=1) - both
    return (both[union > 0] / union[union > 0]).mean().item()


# %% mean_iou right "with sets of pixels"
def mean_iou(y_hat, y, num_classes, ignore=255):
    truth, found = y.flatten().tolist(), y_hat.flatten().tolist()
    pixels = [i for i, c in enumerate(truth) if c != ignore]
    total, classes = 0.0, 0
    for c in range(num_classes):
        A = {i for i in pixels if truth[i] == c}
        B = {i for i in pixels if found[i] == c}
        if A | B:
            total += len(A & B) / len(A | B)
            classes += 1
    return total / classes


# %% mean_iou wrong "a tensor where a plain number is asked"
def mean_iou(y_hat, y, num_classes, ignore=255):
    y_hat, y = y_hat[y != ignore], y[y != ignore]
    scores = []
    for c in range(num_classes):
        union = ((y_hat == c) | (y == c)).sum()
        if union > 0:
            scores.append(((y_hat == c) & (y == c)).sum() / union)
    return sum(scores) / len(scores)


# %% mean_iou wrong "`y_hat` is changed in place"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    y_hat[~counted] = ignore
    scores = []
    for c in range(num_classes):
        union = (((y_hat == c) | (y == c)) & counted).sum().item()
        if union > 0:
            both = (y_hat == c) & (y == c) & counted
            scores.append(both.sum().item() / union)
    return sum(scores) / len(scores)


# %% mean_iou wrong "a class that is in neither mask counts as 0"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(num_classes):
        union = ((y_hat == c) | (y == c)).sum().item()
        scores.append(((y_hat == c) & (y == c)).sum().item() / max(union, 1))
    return sum(scores) / len(scores)


# %% mean_iou wrong "a class that is in neither mask counts as 1"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(num_classes):
        union = ((y_hat == c) | (y == c)).sum().item()
        both = ((y_hat == c) & (y == c)).sum().item()
        scores.append(both / union if union else 1.0)
    return sum(scores) / len(scores)


# %% mean_iou wrong "0 divided by 0 for a class that is in neither mask"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(num_classes):
        union = ((y_hat == c) | (y == c)).sum()
        scores.append(((y_hat == c) & (y == c)).sum() / union)
    return torch.stack(scores).mean().item()


# %% mean_iou wrong "a class predicted but never there is left out, which forgives it"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(num_classes):
        union = ((y_hat == c) | (y == c)).sum().item()
        if (y == c).any():
            scores.append(((y_hat == c) & (y == c)).sum().item() / union)
    return sum(scores) / len(scores)


# %% mean_iou wrong "void pixels count in the union"
def mean_iou(y_hat, y, num_classes, ignore=255):
    scores = []
    for c in range(num_classes):
        if c == ignore:
            continue
        union = ((y_hat == c) | (y == c)).sum().item()
        if union > 0:
            scores.append(((y_hat == c) & (y == c)).sum().item() / union)
    return sum(scores) / len(scores)


# %% mean_iou wrong "the union counts the overlap twice"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(num_classes):
        union = (y_hat == c).sum().item() + (y == c).sum().item()
        if union > 0:
            scores.append(((y_hat == c) & (y == c)).sum().item() / union)
    return sum(scores) / len(scores)


# %% mean_iou wrong "Dice where IoU is asked"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(num_classes):
        total = (y_hat == c).sum().item() + (y == c).sum().item()
        if total > 0:
            scores.append(2 * ((y_hat == c) & (y == c)).sum().item() / total)
    return sum(scores) / len(scores)


# %% mean_iou wrong "pixel accuracy where mean IoU is asked"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    return (y_hat[counted] == y[counted]).float().mean().item()


# %% mean_iou wrong "the share of each true class that was found, without false alarms"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(num_classes):
        if (y == c).any():
            found = ((y_hat == c) & (y == c)).sum().item()
            scores.append(found / (y == c).sum().item())
    return sum(scores) / len(scores)


# %% mean_iou wrong "class 0 is left out"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(1, num_classes):
        union = ((y_hat == c) | (y == c)).sum().item()
        if union > 0:
            scores.append(((y_hat == c) & (y == c)).sum().item() / union)
    return sum(scores) / max(len(scores), 1)


# %% mean_iou wrong "a mean of each image's own mean"
def mean_iou(y_hat, y, num_classes, ignore=255):
    means = []
    for a, b in zip(y_hat, y):
        a, b = a[b != ignore], b[b != ignore]
        scores = []
        for c in range(num_classes):
            union = ((a == c) | (b == c)).sum().item()
            if union > 0:
                scores.append(((a == c) & (b == c)).sum().item() / union)
        means.append(sum(scores) / len(scores))
    return sum(means) / len(means)


# %% mean_iou wrong "one ratio for all classes together"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    y_hat, y = y_hat[counted], y[counted]
    both, either = 0, 0
    for c in range(num_classes):
        either += ((y_hat == c) | (y == c)).sum().item()
        both += ((y_hat == c) & (y == c)).sum().item()
    return both / either


# %% mean_iou wrong "the argument `ignore` has no effect"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != 255
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(num_classes):
        union = ((y_hat == c) | (y == c)).sum().item()
        if union > 0:
            scores.append(((y_hat == c) & (y == c)).sum().item() / union)
    return sum(scores) / len(scores)


# %% mean_iou wrong "void pixels are made class 0"
def mean_iou(y_hat, y, num_classes, ignore=255):
    void = y == ignore
    y_hat, y = y_hat.masked_fill(void, 0), y.masked_fill(void, 0)
    scores = []
    for c in range(num_classes):
        union = ((y_hat == c) | (y == c)).sum().item()
        if union > 0:
            scores.append(((y_hat == c) & (y == c)).sum().item() / union)
    return sum(scores) / len(scores)


# %% mean_iou wrong "the share of each class's marked pixels that are right, misses left out"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(num_classes):
        union = (y_hat == c).sum().item()
        if union > 0:
            scores.append(((y_hat == c) & (y == c)).sum().item() / union)
    return sum(scores) / len(scores)


# %% mean_iou wrong "a class that is there and never hit is left out, as is every IoU of 0"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(num_classes):
        union = ((y_hat == c) | (y == c)).sum().item()
        if ((y_hat == c) & (y == c)).any():
            scores.append(((y_hat == c) & (y == c)).sum().item() / union)
    return sum(scores) / len(scores)


# %% mean_iou wrong "the last class is left out"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(num_classes - 1):
        union = ((y_hat == c) | (y == c)).sum().item()
        if union > 0:
            scores.append(((y_hat == c) & (y == c)).sum().item() / union)
    return sum(scores) / len(scores)


# %% mean_iou wrong "frequent classes count more"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(num_classes):
        union = ((y_hat == c) | (y == c)).sum().item()
        if union > 0:
            scores.append(
                ((y_hat == c) & (y == c)).sum().item()
                / union
                * (y == c).float().mean().item()
            )
    return sum(scores)


# %% mean_iou wrong "for each class a mean over the images"
def mean_iou(y_hat, y, num_classes, ignore=255):
    scores = []
    for c in range(num_classes):
        ratios = []
        for a, b in zip(y_hat, y):
            a, b = a[b != ignore] == c, b[b != ignore] == c
            if (a | b).any():
                ratios.append((a & b).sum().item() / (a | b).sum().item())
        if ratios:
            scores.append(sum(ratios) / len(ratios))
    return sum(scores) / len(scores)


# %% mean_iou wrong "a class that is there and never predicted is left out, which forgives it"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = y != ignore
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(num_classes):
        union = ((y_hat == c) | (y == c)).sum().item()
        if (y_hat == c).any():
            scores.append(((y_hat == c) & (y == c)).sum().item() / union)
    return sum(scores) / len(scores)


# %% mean_iou wrong "void pixels are made class 0 in the truth, and judged as such"
def mean_iou(y_hat, y, num_classes, ignore=255):
    void = y == ignore
    y = y.masked_fill(void, 0)
    scores = []
    for c in range(num_classes):
        union = ((y_hat == c) | (y == c)).sum().item()
        if union > 0:
            scores.append(((y_hat == c) & (y == c)).sum().item() / union)
    return sum(scores) / len(scores)


# %% mean_iou wrong "only pixels where both masks have some class above 0 count"
def mean_iou(y_hat, y, num_classes, ignore=255):
    counted = (y != ignore) & (y > 0) & (y_hat > 0)
    y_hat, y = y_hat[counted], y[counted]
    scores = []
    for c in range(num_classes):
        union = ((y_hat == c) | (y == c)).sum().item()
        if union > 0:
            scores.append(((y_hat == c) & (y == c)).sum().item() / union)
    return sum(scores) / len(scores)


# %% dice_loss hints [markdown]
# 1. `F.one_hot` of a mask (N, H, W) has which shape? On which axis do the classes stand
#    there, and on which axis in the logits?
# 2. Bring both to (N, K, H, W). A reshape gives that shape too, but shuffles pixels and
#    classes: the axis has to be moved. Then every class has its own sums, over all
#    images and pixels, and its own fraction. The mean over the classes comes after the
#    division.
# 3. Softmax over axis 1. One-hot truth with K classes, the last axis moved to place 1.
#    Product of the two, summed over axes 0, 2 and 3: (K,). The sums of each alone, over
#    the same axes. The fraction with `eps` above and below the line, its mean, and 1
#    minus that.


# %% dice_loss right "class by class, with boolean masks"
def dice_loss(logits, y, eps=1.0):
    p = torch.exp(F.log_softmax(logits, dim=1))
    ratios = []
    for k in range(logits.shape[1]):
        mask = y == k
        top = 2 * p[:, k][mask].sum() + eps
        ratios.append(top / (p[:, k].sum() + mask.sum() + eps))
    return 1 - sum(ratios) / len(ratios)


# %% dice_loss right "pixels in rows, classes in columns"
def dice_loss(logits, y, eps=1.0):
    K = logits.shape[1]
    p = logits.permute(0, 2, 3, 1).reshape(-1, K).softmax(dim=-1)
    t = torch.eye(K)[y.flatten()]
    overlap, total = (p * t).sum(0), (p + t).sum(0)
    return (1 - (2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "softmax over the height, not over the classes"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=2)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "softmax over the width, not over the classes"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=-1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "logits taken as probabilities: no softmax"
def dice_loss(logits, y, eps=1.0):
    p = logits
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "a sigmoid where the classes exclude each other"
def dice_loss(logits, y, eps=1.0):
    p = torch.sigmoid(logits)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "the most probable class in place of probabilities: no gradient"
def dice_loss(logits, y, eps=1.0):
    p = F.one_hot(logits.argmax(dim=1), logits.shape[1]).movedim(-1, 1).float()
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "the factor 2 is missing"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "the coefficient, not the loss: training would make it worse"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return ((2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "IoU in place of Dice: the overlap is taken off the sum"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((overlap + eps) / (total - overlap + eps)).mean()


# %% dice_loss wrong "eps below the line only"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - (2 * overlap / (total + eps)).mean()


# %% dice_loss wrong "eps is left out"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - (2 * overlap / total).mean()


# %% dice_loss wrong "a mean of each image's own loss"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(2, 3))
    total = p.sum(dim=(2, 3)) + t.sum(dim=(2, 3))
    return 1 - ((2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "one ratio for all classes together, which the background rules"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    return 1 - (2 * (p * t).sum() + eps) / (p.sum() + t.sum() + eps)


# %% dice_loss wrong "class 0 is left out"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))[1:]
    total = (p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3)))[1:]
    return 1 - ((2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "a reshape of the one-hot mask where its axes must be moved"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).reshape(logits.shape)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "as many classes as the mask happens to hold"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "a sum over the classes where the mean is asked"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return (1 - (2 * overlap + eps) / (total + eps)).sum()


# %% dice_loss wrong "one number for each class, no mean"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - (2 * overlap + eps) / (total + eps)


# %% dice_loss wrong "class 1 alone, as if there were two classes"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)[:, 1]
    return 1 - (2 * (p * y).sum() + eps) / (p.sum() + y.sum() + eps)


# %% dice_loss wrong "a fraction for each pixel, not for each class"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    return 1 - ((2 * p * t + eps) / (p + t + eps)).mean()


# %% dice_loss wrong "squares below the line"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = (p * p).sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "the argument `eps` has no effect"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + 1) / (total + 1)).mean()


# %% dice_loss wrong "eps above the line only"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / total).mean()


# %% dice_loss wrong "eps is doubled above the line"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - (2 * (overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "classes that do not occur in the mask are left out of the mean"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    there = t.sum(dim=(0, 2, 3)) > 0
    return 1 - ((2 * overlap + eps) / (total + eps))[there].mean()


# %% dice_loss wrong "the loss is cut off from the logits: nothing can be learned from it"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits.detach(), dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "logarithms of probabilities where probabilities are asked"
def dice_loss(logits, y, eps=1.0):
    p = F.log_softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "softmax over the images, not over the classes"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=0)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "means over the pixels where sums are asked, so eps weighs too much"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).mean(dim=(0, 2, 3))
    total = p.mean(dim=(0, 2, 3)) + t.float().mean(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / (total + eps)).mean()


# %% dice_loss wrong "eps is doubled below the line"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / (total + 2 * eps)).mean()


# %% dice_loss wrong "1 less the sum of the fractions, not less their mean"
def dice_loss(logits, y, eps=1.0):
    p = F.softmax(logits, dim=1)
    t = F.one_hot(y, logits.shape[1]).movedim(-1, 1)
    overlap = (p * t).sum(dim=(0, 2, 3))
    total = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    return 1 - ((2 * overlap + eps) / (total + eps)).sum()


# %% mask_from_logits hints [markdown]
# 1. Logits, probabilities or the finished mask: which of the three is to be enlarged?
#    And on which axis do the classes stand then?
# 2. Enlarge first, decide afterwards, pixel by pixel. The bar is a probability, so
#    compare the largest softmax with it, not a logit. And class numbers are names:
#    nothing is interpolated once they are there.
# 3. `F.interpolate`, bilinear, to the size asked: (N, K, H, W). Softmax over the
#    classes. `max` along the same axis gives the highest probability and its class at
#    once: (N, H, W) each. Write 255 where that probability is below the bar; one that
#    equals it may stay.


# %% mask_from_logits right "argmax, and the probability looked up with gather"
def mask_from_logits(logits, size, certain=0.0):
    fine = nn.Upsample(size=size, mode="bilinear")(logits)
    mask = fine.argmax(1)
    probability = fine.softmax(1).gather(1, mask[:, None])[:, 0]
    return torch.where(probability >= certain, mask, torch.full_like(mask, 255))


# %% mask_from_logits right "image by image"
def mask_from_logits(logits, size, certain=0.0):
    masks = []
    for image in logits:
        fine = F.interpolate(image[None], tuple(size), mode="bilinear")[0]
        p = fine.exp() / fine.exp().sum(dim=0)
        mask = p.max(dim=0).indices
        masks.append(mask.masked_fill(p.amax(dim=0) < certain, 255))
    return torch.stack(masks)


# %% mask_from_logits wrong "softmax over the height, not over the classes"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    probability, mask = F.softmax(logits, dim=2).max(dim=1)
    mask[probability < certain] = 255
    return mask


# %% mask_from_logits wrong "softmax over the width, not over the classes"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    probability, mask = F.softmax(logits, dim=3).max(dim=1)
    mask[probability < certain] = 255
    return mask


# %% mask_from_logits wrong "pixels are repeated, as if the finished mask were enlarged"
def mask_from_logits(logits, size, certain=0.0):
    probability, mask = F.softmax(logits, dim=1).max(dim=1)
    mask[probability < certain] = 255
    return F.interpolate(mask[:, None].float(), size=size)[:, 0].long()


# %% mask_from_logits wrong "class numbers are interpolated, which invents classes"
def mask_from_logits(logits, size, certain=0.0):
    probability, mask = F.softmax(logits, dim=1).max(dim=1)
    mask[probability < certain] = 255
    fine = F.interpolate(mask[:, None].float(), size=size, mode="bilinear")
    return fine[:, 0].round().long()


# %% mask_from_logits wrong "probabilities are enlarged, not logits"
def mask_from_logits(logits, size, certain=0.0):
    p = F.interpolate(F.softmax(logits, dim=1), size=size, mode="bilinear")
    probability, mask = p.max(dim=1)
    mask[probability < certain] = 255
    return mask


# %% mask_from_logits wrong "the corners are aligned, so the image is stretched"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=True)
    probability, mask = F.softmax(logits, dim=1).max(dim=1)
    mask[probability < certain] = 255
    return mask


# %% mask_from_logits wrong "the highest along the width, not among the classes"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    probability, mask = F.softmax(logits, dim=1).max(dim=-1)
    mask[probability < certain] = 255
    return mask


# %% mask_from_logits wrong "height and width are exchanged"
def mask_from_logits(logits, size, certain=0.0):
    size = (size[1], size[0])
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    probability, mask = F.softmax(logits, dim=1).max(dim=1)
    mask[probability < certain] = 255
    return mask


# %% mask_from_logits wrong "unsure pixels keep their class"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    return logits.argmax(dim=1)


# %% mask_from_logits wrong "the sure pixels are made void"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    probability, mask = F.softmax(logits, dim=1).max(dim=1)
    mask[probability >= certain] = 255
    return mask


# %% mask_from_logits wrong "void where any class is below the bar, not the most probable one"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    p = F.softmax(logits, dim=1)
    return torch.where((p < certain).any(dim=1), 255, p.argmax(dim=1))


# %% mask_from_logits wrong "logits, not probabilities, are compared with the bar"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    highest, mask = logits.max(dim=1)
    mask[highest < certain] = 255
    return mask


# %% mask_from_logits wrong "a probability exactly at the bar is made void"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    probability, mask = F.softmax(logits, dim=1).max(dim=1)
    mask[probability <= certain] = 255
    return mask


# %% mask_from_logits wrong "probabilities are returned, not classes"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    return F.softmax(logits, dim=1).amax(dim=1)


# %% mask_from_logits wrong "the mask keeps an axis for the classes"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    probability, mask = F.softmax(logits, dim=1).max(dim=1, keepdim=True)
    mask[probability < certain] = 255
    return mask


# %% mask_from_logits wrong "uint8 where int64 is asked"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    probability, mask = F.softmax(logits, dim=1).max(dim=1)
    mask[probability < certain] = 255
    return mask.to(torch.uint8)


# %% mask_from_logits wrong "unsure pixels get class 0, not 255"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    probability, mask = F.softmax(logits, dim=1).max(dim=1)
    mask[probability < certain] = 0
    return mask


# %% mask_from_logits wrong "unsure pixels get -1, not 255"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    probability, mask = F.softmax(logits, dim=1).max(dim=1)
    mask[probability < certain] = -1
    return mask


# %% mask_from_logits wrong "a sigmoid where the classes exclude each other"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    probability, mask = logits.sigmoid().max(dim=1)
    mask[probability < certain] = 255
    return mask


# %% mask_from_logits wrong "softmax twice"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    probability, mask = F.softmax(logits, dim=1).softmax(dim=1).max(dim=1)
    mask[probability < certain] = 255
    return mask


# %% mask_from_logits wrong "the least probable class"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    probability, mask = F.softmax(logits, dim=1).min(dim=1)
    mask[probability < certain] = 255
    return mask


# %% mask_from_logits wrong "bicubic where bilinear is asked"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bicubic", align_corners=False)
    probability, mask = F.softmax(logits, dim=1).max(dim=1)
    mask[probability < certain] = 255
    return mask


# %% mask_from_logits wrong "unsure pixels are chosen before enlarging"
def mask_from_logits(logits, size, certain=0.0):
    highest = F.softmax(logits, dim=1).amax(dim=1, keepdim=True)
    highest = F.interpolate(highest, size=size, mode="bilinear")[:, 0]
    mask = F.interpolate(logits, size=size, mode="bilinear").argmax(dim=1)
    mask[highest < certain] = 255
    return mask


# %% mask_from_logits wrong "classes are counted from 1"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    probability, mask = F.softmax(logits, dim=1).max(dim=1)
    mask = mask + 1
    mask[probability < certain] = 255
    return mask


# %% mask_from_logits wrong "the lead over the second class is compared with the bar"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    best = F.softmax(logits, dim=1).topk(min(2, logits.shape[1]), dim=1).values
    probability, mask = best[:, 0] - best[:, -1], logits.argmax(dim=1)
    mask[probability < certain] = 255
    return mask


# %% mask_from_logits wrong "the logits are smoothed where they shrink: antialiasing"
def mask_from_logits(logits, size, certain=0.0):
    logits = F.interpolate(logits, size=size, mode="bilinear", antialias=True)
    probability, mask = F.softmax(logits, dim=1).max(dim=1)
    mask[probability < certain] = 255
    return mask


# %% predict_tiled hints [markdown]
# 1. The tile whose first pixel is (i, j) gets a window with the margin around it. Where
#    does this window begin in the continued image? And where in the window's scores do
#    the tile's own pixels begin?
# 2. Continue the image once, before any tile is cut: then a margin shows real
#    neighbours, and the mirror only at the image's rim. Continuing moves all pixels by
#    the margin, and the window begins a margin earlier: so it begins where its tile
#    begins in the image.
# 3. Pad all four sides by the margin. Without gradients, two loops in steps of `tile`:
#    cut a window that is two margins longer than the tile, run the net, keep the middle
#    of its scores. Join a row's tiles along the width, the rows along the height. Leave
#    the net's mode as it is.


# %% predict_tiled right "the scores written into an empty image"
def predict_tiled(net, X, tile, margin):
    N, C, H, W = X.shape
    padded = F.pad(X, (margin, margin, margin, margin), "reflect")
    Y = None
    for top in range(0, H, tile):
        for left in range(0, W, tile):
            bottom, right = top + tile, left + tile
            window = padded[:, :, top : bottom + 2 * margin, left : right + 2 * margin]
            with torch.no_grad():
                scores = net(window)
            if Y is None:
                Y = torch.zeros(N, scores.shape[1], H, W)
            inner = slice(margin, margin + tile)
            Y[:, :, top:bottom, left:right] = scores[:, :, inner, inner]
    return Y


# %% predict_tiled right "windows cut with unfold"
@torch.no_grad()
def predict_tiled(net, X, tile, margin):
    padded = nn.ReflectionPad2d(margin)(X) if margin else X
    side = tile + 2 * margin
    windows = padded.unfold(2, side, tile).unfold(3, side, tile)
    rows = []
    for i in range(windows.shape[2]):
        scores = [net(windows[:, :, i, j].clone()) for j in range(windows.shape[3])]
        scores = [
            s[:, :, margin : side - margin, margin : side - margin] for s in scores
        ]
        rows.append(torch.cat(scores, dim=-1))
    return torch.cat(rows, dim=-2)


# %% predict_tiled wrong "no margin: every tile sees only itself, and the seams show"
def predict_tiled(net, X, tile, margin):
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = [
                net(X[:, :, i : i + tile, j : j + tile])
                for j in range(0, X.shape[3], tile)
            ]
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "each tile is mirrored at its own rim, its neighbours unseen"
def predict_tiled(net, X, tile, margin):
    inner = slice(margin, margin + tile)
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[3], tile):
                window = X[:, :, i : i + tile, j : j + tile]
                mode = "reflect" if margin < tile else "replicate"
                window = F.pad(window, [margin] * 4, mode=mode)
                row.append(net(window)[:, :, inner, inner])
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "the whole image in one go"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4, mode="reflect")
    with torch.no_grad():
        scores = net(padded)
    H, W = X.shape[2:]
    return scores[:, :, margin : margin + H, margin : margin + W]


# %% predict_tiled wrong "the image is continued by zeros, not by its mirror image"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4)
    side, inner = tile + 2 * margin, slice(margin, margin + tile)
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[3], tile):
                scores = net(padded[:, :, i : i + side, j : j + side])
                row.append(scores[:, :, inner, inner])
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "the image's last pixels are repeated, not mirrored"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4, mode="replicate")
    side, inner = tile + 2 * margin, slice(margin, margin + tile)
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[3], tile):
                scores = net(padded[:, :, i : i + side, j : j + side])
                row.append(scores[:, :, inner, inner])
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "the window has its margin on one side only"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side, inner = tile + margin, slice(margin, margin + tile)
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[3], tile):
                scores = net(padded[:, :, i : i + side, j : j + side])
                row.append(scores[:, :, inner, inner])
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "the first pixels of each window are kept, not its middle"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side = tile + 2 * margin
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[3], tile):
                scores = net(padded[:, :, i : i + side, j : j + side])
                row.append(scores[:, :, :tile, :tile])
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "the margin is not cut off again"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side = tile + 2 * margin
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[3], tile):
                row.append(net(padded[:, :, i : i + side, j : j + side]))
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "with no margin, a slice up to -0 leaves nothing"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side = tile + 2 * margin
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[3], tile):
                scores = net(padded[:, :, i : i + side, j : j + side])
                row.append(scores[:, :, margin:-margin, margin:-margin])
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "rows and columns of tiles are exchanged"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side, inner = tile + 2 * margin, slice(margin, margin + tile)
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[3], tile):
                scores = net(padded[:, :, i : i + side, j : j + side])
                row.append(scores[:, :, inner, inner])
            rows.append(torch.cat(row, dim=2))
    return torch.cat(rows, dim=3)


# %% predict_tiled wrong "as many tiles across as down"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side, inner = tile + 2 * margin, slice(margin, margin + tile)
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[2], tile):
                scores = net(padded[:, :, i : i + side, j : j + side])
                row.append(scores[:, :, inner, inner])
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "the net runs with gradients switched on"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side, inner = tile + 2 * margin, slice(margin, margin + tile)
    rows = []
    for i in range(0, X.shape[2], tile):
        row = []
        for j in range(0, X.shape[3], tile):
            scores = net(padded[:, :, i : i + side, j : j + side])
            row.append(scores[:, :, inner, inner])
        rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "the net is left in eval mode"
def predict_tiled(net, X, tile, margin):
    net.eval()
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side, inner = tile + 2 * margin, slice(margin, margin + tile)
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[3], tile):
                scores = net(padded[:, :, i : i + side, j : j + side])
                row.append(scores[:, :, inner, inner])
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "the net is left in train mode"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side, inner = tile + 2 * margin, slice(margin, margin + tile)
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[3], tile):
                scores = net(padded[:, :, i : i + side, j : j + side])
                row.append(scores[:, :, inner, inner])
            rows.append(torch.cat(row, dim=3))
    net.train()
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "the net is put into eval mode while it runs"
def predict_tiled(net, X, tile, margin):
    mode = net.training
    net.eval()
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side, inner = tile + 2 * margin, slice(margin, margin + tile)
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[3], tile):
                scores = net(padded[:, :, i : i + side, j : j + side])
                row.append(scores[:, :, inner, inner])
            rows.append(torch.cat(row, dim=3))
    net.train(mode)
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "the image is continued by its other end, not by its mirror image"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4, mode="circular")
    side, inner = tile + 2 * margin, slice(margin, margin + tile)
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[3], tile):
                scores = net(padded[:, :, i : i + side, j : j + side])
                row.append(scores[:, :, inner, inner])
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "steps as long as a window, so tiles are left out"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side, inner = tile + 2 * margin, slice(margin, margin + tile)
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], side):
            row = []
            for j in range(0, X.shape[3], side):
                scores = net(padded[:, :, i : i + side, j : j + side])
                row.append(scores[:, :, inner, inner])
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "classes are returned, not scores"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side, inner = tile + 2 * margin, slice(margin, margin + tile)
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[3], tile):
                scores = net(padded[:, :, i : i + side, j : j + side])
                row.append(scores[:, :, inner, inner])
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2).argmax(dim=1)


# %% predict_tiled wrong "all windows in one run, as one large batch"
def predict_tiled(net, X, tile, margin):
    N, _, H, W = X.shape
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side, inner = tile + 2 * margin, slice(margin, margin + tile)
    corners = [(i, j) for i in range(0, H, tile) for j in range(0, W, tile)]
    windows = [padded[:, :, i : i + side, j : j + side] for i, j in corners]
    with torch.no_grad():
        scores = net(torch.cat(windows))[:, :, inner, inner]
    scores = scores.reshape(H // tile, W // tile, N, -1, tile, tile)
    return scores.permute(2, 3, 0, 4, 1, 5).reshape(N, -1, H, W)


# %% predict_tiled wrong "windows at the image's rim are smaller: it is not continued"
def predict_tiled(net, X, tile, margin):
    H, W = X.shape[2:]
    rows = []
    with torch.no_grad():
        for i in range(0, H, tile):
            row = []
            for j in range(0, W, tile):
                top, left = max(i - margin, 0), max(j - margin, 0)
                bottom, right = i + tile + margin, j + tile + margin
                scores = net(X[:, :, top:bottom, left:right])
                i_, j_ = i - top, j - left
                row.append(scores[:, :, i_ : i_ + tile, j_ : j_ + tile])
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled right "column by column"
def predict_tiled(net, X, tile, margin):
    H, W = X.shape[2:]
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side, own = tile + 2 * margin, slice(margin, margin + tile)
    columns = []
    with torch.inference_mode():
        for j in range(0, W, tile):
            windows = [
                padded[..., i : i + side, j : j + side] for i in range(0, H, tile)
            ]
            columns.append(torch.cat([net(w)[..., own, own] for w in windows], 2))
    return torch.cat(columns, 3)


# %% predict_tiled wrong "the first image alone"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X[:1], [margin] * 4, mode="reflect")
    side, inner = tile + 2 * margin, slice(margin, margin + tile)
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[3], tile):
                scores = net(padded[:, :, i : i + side, j : j + side])
                row.append(scores[:, :, inner, inner])
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "one image at a time, so the net runs more often than once a tile"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4, mode="reflect")
    side, inner = tile + 2 * margin, slice(margin, margin + tile)
    rows = []
    with torch.no_grad():
        for i in range(0, X.shape[2], tile):
            row = []
            for j in range(0, X.shape[3], tile):
                windows = padded[:, :, i : i + side, j : j + side]
                scores = torch.cat([net(window[None]) for window in windows])
                row.append(scores[:, :, inner, inner])
            rows.append(torch.cat(row, dim=3))
    return torch.cat(rows, dim=2)


# %% predict_tiled wrong "a window's margin overwrites the scores of the tile before it"
def predict_tiled(net, X, tile, margin):
    padded = F.pad(X, [margin] * 4, mode="reflect")
    (h, w), side = X.shape[2:], tile + 2 * margin
    Y = None
    with torch.no_grad():
        for i in range(0, h, tile):
            for j in range(0, w, tile):
                scores = net(padded[:, :, i : i + side, j : j + side])
                if Y is None:
                    Y = torch.zeros(*scores.shape[:2], *padded.shape[2:])
                Y[:, :, i : i + side, j : j + side] = scores
    return Y[:, :, margin : margin + h, margin : margin + w]


# %% bilinear_kernel equivalent "a distance has no sign, nor has a product of two minuses"
# distance = (torch.arange(k) - (k - 1) / 2).abs() -> distance = ((k - 1) / 2 - torch.arange(k)).abs()
# triangles.append(1 - distance / f) -> triangles.append(distance / f - 1)


# %% dice_loss equivalent "of a tensor with four axes PyTorch takes axis 1 by default"
# p = F.softmax(logits, dim=1) -> p = F.softmax(logits)


# %% mask_from_logits equivalent "the defaults of PyTorch are what is asked"
# logits = F.interpolate(logits, size=size, mode='bilinear', align_corners=False) -> logits = F.interpolate(logits, size=size, mode='bilinear')
# probability, mask = F.softmax(logits, dim=1).max(dim=1) -> probability, mask = F.softmax(logits).max(dim=1)
