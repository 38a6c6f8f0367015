# %% corr2d hints [markdown]
# 1. An image is 5 x 8, a kernel 3 x 2, the stride (2, 3). At which rows can a window
#    begin, and at which columns?
# 2. You can go by places: one window of the image, times the kernel, summed; a window
#    begins a whole stride after the one before it. Or by weights: each weight
#    multiplies a piece of the image of which only every so many rows and columns count.
# 3. Note the height and the width of the output: whole strides in the room to move, and
#    one. For each output, in row i and column j, cut the window that begins i strides
#    down and j strides across, multiply it by the kernel and add up.


# %% corr2d right "two loops over the output"
def corr2d(X, K, stride):
    (h, w), (sh, sw) = K.shape, stride
    Y = torch.zeros((X.shape[0] - h) // sh + 1, (X.shape[1] - w) // sw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i * sh : i * sh + h, j * sw : j * sw + w]
            Y[i, j] = (window * K).sum()
    return Y


# %% corr2d right "windows by unfold, one einsum"
def corr2d(X, K, stride):
    windows = X.unfold(0, K.shape[0], stride[0]).unfold(1, K.shape[1], stride[1])
    return torch.einsum("ijab,ab->ij", windows, K)


# %% corr2d right "every place, then every so many of them"
def corr2d(X, K, stride):
    (h, w), (sh, sw) = K.shape, stride
    rows, columns = range(X.shape[0] - h + 1), range(X.shape[1] - w + 1)
    Y = [[(X[i : i + h, j : j + w] * K).sum() for j in columns] for i in rows]
    return torch.tensor(Y)[::sh, ::sw]


# %% corr2d wrong "the kernel is flipped: a true convolution"
def corr2d(X, K, stride):
    (h, w), (sh, sw) = K.shape, stride
    Y = torch.zeros((X.shape[0] - h) // sh + 1, (X.shape[1] - w) // sw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i * sh : i * sh + h, j * sw : j * sw + w]
            Y[i, j] = (window * K.flip(0, 1)).sum()
    return Y


# %% corr2d wrong "one row and one column too few"
def corr2d(X, K, stride):
    (h, w), (sh, sw) = K.shape, stride
    Y = torch.zeros((X.shape[0] - h) // sh, (X.shape[1] - w) // sw)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i * sh : i * sh + h, j * sw : j * sw + w]
            Y[i, j] = (window * K).sum()
    return Y


# %% corr2d wrong "the mean of the products, not their sum"
def corr2d(X, K, stride):
    (h, w), (sh, sw) = K.shape, stride
    Y = torch.zeros((X.shape[0] - h) // sh + 1, (X.shape[1] - w) // sw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i * sh : i * sh + h, j * sw : j * sw + w]
            Y[i, j] = (window * K).mean()
    return Y


# %% corr2d wrong "a matrix product where places are multiplied one by one"
def corr2d(X, K, stride):
    (h, w), (sh, sw) = K.shape, stride
    Y = torch.zeros((X.shape[0] - h) // sh + 1, (X.shape[1] - w) // sw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i * sh : i * sh + h, j * sw : j * sw + w]
            Y[i, j] = (window @ K.T).sum()
    return Y


# %% corr2d wrong "height and width of the kernel swapped"
def corr2d(X, K, stride):
    (w, h), (sh, sw) = K.shape, stride
    Y = torch.zeros((X.shape[0] - h) // sh + 1, (X.shape[1] - w) // sw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i * sh : i * sh + h, j * sw : j * sw + w]
            Y[i, j] = (window * K).sum()
    return Y


# %% corr2d wrong "the kernel's width is taken for its height too"
def corr2d(X, K, stride):
    h = w = K.shape[1]
    sh, sw = stride
    Y = torch.zeros((X.shape[0] - h) // sh + 1, (X.shape[1] - w) // sw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i * sh : i * sh + h, j * sw : j * sw + w]
            Y[i, j] = (window * K).sum()
    return Y


# %% corr2d wrong "the kernel's height is taken for its width too"
def corr2d(X, K, stride):
    h = w = K.shape[0]
    sh, sw = stride
    Y = torch.zeros((X.shape[0] - h) // sh + 1, (X.shape[1] - w) // sw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i * sh : i * sh + h, j * sw : j * sw + w]
            Y[i, j] = (window * K).sum()
    return Y


# %% corr2d wrong "the kernel is transposed"
def corr2d(X, K, stride):
    K = K.T
    (h, w), (sh, sw) = K.shape, stride
    Y = torch.zeros((X.shape[0] - h) // sh + 1, (X.shape[1] - w) // sw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i * sh : i * sh + h, j * sw : j * sw + w]
            Y[i, j] = (window * K).sum()
    return Y


# %% corr2d wrong "the stride is ignored: the window moves by one"
def corr2d(X, K, stride):
    (h, w), sh, sw = K.shape, 1, 1
    Y = torch.zeros((X.shape[0] - h) // sh + 1, (X.shape[1] - w) // sw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i * sh : i * sh + h, j * sw : j * sw + w]
            Y[i, j] = (window * K).sum()
    return Y


# %% corr2d wrong "the two strides are swapped"
def corr2d(X, K, stride):
    (h, w), (sw, sh) = K.shape, stride
    Y = torch.zeros((X.shape[0] - h) // sh + 1, (X.shape[1] - w) // sw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i * sh : i * sh + h, j * sw : j * sw + w]
            Y[i, j] = (window * K).sum()
    return Y


# %% corr2d wrong "the stride of the rows is taken for the columns too"
def corr2d(X, K, stride):
    (h, w), sh, sw = K.shape, stride[0], stride[0]
    Y = torch.zeros((X.shape[0] - h) // sh + 1, (X.shape[1] - w) // sw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i * sh : i * sh + h, j * sw : j * sw + w]
            Y[i, j] = (window * K).sum()
    return Y


# %% corr2d wrong "the stride of the columns is taken for the rows too"
def corr2d(X, K, stride):
    (h, w), sh, sw = K.shape, stride[1], stride[1]
    Y = torch.zeros((X.shape[0] - h) // sh + 1, (X.shape[1] - w) // sw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i * sh : i * sh + h, j * sw : j * sw + w]
            Y[i, j] = (window * K).sum()
    return Y


# %% corr2d wrong "the kernel moves on by its own size, so windows don't overlap"
def corr2d(X, K, stride):
    h, w = sh, sw = K.shape
    Y = torch.zeros((X.shape[0] - h) // sh + 1, (X.shape[1] - w) // sw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i * sh : i * sh + h, j * sw : j * sw + w]
            Y[i, j] = (window * K).sum()
    return Y


# %% corr2d wrong "the image is padded with zeros"
def corr2d(X, K, stride):
    X = F.pad(X, (0, K.shape[1] - 1, 0, K.shape[0] - 1))
    (h, w), (sh, sw) = K.shape, stride
    Y = torch.zeros((X.shape[0] - h) // sh + 1, (X.shape[1] - w) // sw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i * sh : i * sh + h, j * sw : j * sw + w]
            Y[i, j] = (window * K).sum()
    return Y


# %% corr2d wrong "the size is that of the stride, but the windows still move by one"
def corr2d(X, K, stride):
    (h, w), (sh, sw) = K.shape, stride
    Y = torch.zeros((X.shape[0] - h) // sh + 1, (X.shape[1] - w) // sw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            window = X[i : i + h, j : j + w]
            Y[i, j] = (window * K).sum()
    return Y


# %% corr2d wrong "a library does the convolution"
def corr2d(X, K, stride):
    return F.conv2d(X[None, None], K[None, None], stride=stride)[0, 0]


# %% corr2d wrong "a library does the windows"
def corr2d(X, K, stride):
    return cross_correlate(X, K)[:: stride[0], :: stride[1]]


# %% corr2d wrong "the size at stride 1 is divided by the stride: a last window is lost"
def corr2d(X, K, stride):
    (kh, kw), (sh, sw) = K.shape, stride
    Y = torch.zeros((X.shape[0] - kh + 1) // sh, (X.shape[1] - kw + 1) // sw)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i * sh : i * sh + kh, j * sw : j * sw + kw] * K).sum()
    return Y


# %% corr2d wrong "outputs are written at the window's pixel, not at its number"
def corr2d(X, K, stride):
    (kh, kw), (sh, sw) = K.shape, stride
    Y = torch.zeros((X.shape[0] - kh) // sh + 1, (X.shape[1] - kw) // sw + 1)
    for i in range(0, X.shape[0] - kh + 1, sh):
        for j in range(0, X.shape[1] - kw + 1, sw):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y


# %% output_size hints [markdown]
# 1. Three taps lie 2 apart. How many pixels does this kernel span from its first tap to
#    its last, both counted?
# 2. Think of walking. Padding lengthens the axis at both ends, each by its own number;
#    the first window takes its whole span; what remains is room for steps. A step that
#    doesn't fit is lost, and the first window is there without any step.
# 3. Three numbers: the span of the spread-out kernel; the room, which is the padded
#    axis less that span; the whole steps in that room. The answer is one more than the
#    steps. Mind the brackets, and divide whole numbers.


# %% output_size right "counted by walking"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    count, place = 0, -padding[0]
    while place + dilation * (kernel - 1) < size + padding[1]:
        count += 1
        place += stride
    return count


# %% output_size right "the room over the stride, with one added before dividing"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    room = sum(padding) + size - dilation * kernel + dilation - 1
    return (room + stride) // stride


# %% output_size wrong "without the parentheses: only the kernel is divided by the stride"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return size + sum(padding) - (dilation * (kernel - 1) + 1) // stride + 1


# %% output_size wrong "without the parentheses: only the padding less the kernel is divided"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return size + (sum(padding) - (dilation * (kernel - 1) + 1)) // stride + 1


# %% output_size wrong "without the parentheses, and the dilation is ignored"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return int(size + sum(padding) - kernel / stride + 1)


# %% output_size wrong "only the padding in front is counted"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return (size + padding[0] - dilation * (kernel - 1) - 1) // stride + 1


# %% output_size wrong "only the padding behind is counted"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return (size + padding[1] - dilation * (kernel - 1) - 1) // stride + 1


# %% output_size wrong "the padding in front counted for both sides"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return (size + 2 * padding[0] - dilation * (kernel - 1) - 1) // stride + 1


# %% output_size wrong "the padding behind counted for both sides"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return (size + 2 * padding[1] - dilation * (kernel - 1) - 1) // stride + 1


# %% output_size wrong "each padding counted twice"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return (size + 2 * sum(padding) - dilation * (kernel - 1) - 1) // stride + 1


# %% output_size wrong "the padding taken off instead of added"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return (size - sum(padding) - dilation * (kernel - 1) - 1) // stride + 1


# %% output_size wrong "rounded up, where a rest that fills no step is dropped"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return -(-(size + sum(padding) - dilation * (kernel - 1) - 1) // stride) + 1


# %% output_size wrong "rounded to the nearest, where a rest that fills no step is dropped"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return round((size + sum(padding) - dilation * (kernel - 1) - 1) / stride) + 1


# %% output_size wrong "a float where a whole number is asked"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return (size + sum(padding) - dilation * (kernel - 1) - 1) / stride + 1


# %% output_size wrong "the kernel's span taken as dilation times kernel"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return (size + sum(padding) - dilation * kernel) // stride + 1


# %% output_size wrong "the kernel's span is one too short: only the gaps between its taps"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return (size + sum(padding) - dilation * (kernel - 1)) // stride + 1


# %% output_size wrong "the padding is ignored"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return (size - dilation * (kernel - 1) - 1) // stride + 1


# %% output_size wrong "the dilation is ignored"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return (size + sum(padding) - kernel) // stride + 1


# %% output_size wrong "the stride is ignored"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return size + sum(padding) - dilation * (kernel - 1)


# %% output_size wrong "the first window is not counted"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return (size + sum(padding) - dilation * (kernel - 1) - 1) // stride


# %% output_size wrong "the outputs at stride 1 divided by the stride, rest dropped"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return (size + sum(padding) - dilation * (kernel - 1)) // stride


# %% output_size wrong "only half of the padding is counted"
def output_size(size, kernel, padding=(0, 0), stride=1, dilation=1):
    return (size + sum(padding) // 2 - dilation * (kernel - 1) - 1) // stride + 1


# %% convolve2d hints [markdown]
# 1. As a and b grow in the formula, does the place in the image move the same way or
#    back? And where does the kernel lie when only its edge touches the image?
# 2. `cross_correlate` lets both indices run the same way, the formula lets them run
#    against each other: give the kernel half a turn. It also stops at the rim, so the
#    image needs a rim of zeros.
# 3. Put zeros around the image: above and below one row less than the kernel is high,
#    left and right one column less than it is wide. Then cross-correlate with the
#    kernel turned along both axes. `F.pad` names the last axis first.


# %% convolve2d right "every pixel stamps the kernel"
def convolve2d(X, K):
    (h, w), (kh, kw) = X.shape, K.shape
    Y = torch.zeros(h + kh - 1, w + kw - 1)
    for i in range(h):
        for j in range(w):
            Y[i : i + kh, j : j + kw] += X[i, j] * K
    return Y


# %% convolve2d right "a product in the Fourier transform"
def convolve2d(X, K):
    size = [a + b - 1 for a, b in zip(X.shape, K.shape)]
    spectra = [torch.fft.rfft2(image.double(), s=size) for image in (X, K)]
    return torch.fft.irfft2(spectra[0] * spectra[1], s=size).float()


# %% convolve2d wrong "the kernel is not flipped"
def convolve2d(X, K):
    kh, kw = K.shape
    return cross_correlate(F.pad(X, (kw - 1, kw - 1, kh - 1, kh - 1)), K)


# %% convolve2d wrong "flipped up and down only"
def convolve2d(X, K):
    kh, kw = K.shape
    return cross_correlate(F.pad(X, (kw - 1, kw - 1, kh - 1, kh - 1)), K.flip(0))


# %% convolve2d wrong "flipped left and right only"
def convolve2d(X, K):
    kh, kw = K.shape
    return cross_correlate(F.pad(X, (kw - 1, kw - 1, kh - 1, kh - 1)), K.flip(1))


# %% convolve2d wrong "transposed, where it should be flipped"
def convolve2d(X, K):
    kh, kw = K.T.shape
    return cross_correlate(F.pad(X, (kw - 1, kw - 1, kh - 1, kh - 1)), K.T)


# %% convolve2d wrong "no padding: only the places where the whole kernel fits"
def convolve2d(X, K):
    return cross_correlate(X, K.flip(0, 1))


# %% convolve2d wrong "padding for the height put on the width, and the other way round"
def convolve2d(X, K):
    kh, kw = K.shape
    return cross_correlate(F.pad(X, (kh - 1, kh - 1, kw - 1, kw - 1)), K.flip(0, 1))


# %% convolve2d wrong "padded on one side only"
def convolve2d(X, K):
    kh, kw = K.shape
    return cross_correlate(F.pad(X, (kw - 1, 0, kh - 1, 0)), K.flip(0, 1))


# %% convolve2d wrong "the whole kernel size as padding, one too many"
def convolve2d(X, K):
    kh, kw = K.shape
    return cross_correlate(F.pad(X, (kw, kw, kh, kh)), K.flip(0, 1))


# %% convolve2d wrong "the image is flipped, and the kernel is not"
def convolve2d(X, K):
    kh, kw = K.shape
    padded = F.pad(X.flip(0, 1), (kw - 1, kw - 1, kh - 1, kh - 1))
    return cross_correlate(padded, K)


# %% convolve2d wrong "the result is flipped, and not the kernel"
def convolve2d(X, K):
    kh, kw = K.shape
    padded = F.pad(X, (kw - 1, kw - 1, kh - 1, kh - 1))
    return cross_correlate(padded, K).flip(0, 1)


# %% convolve2d wrong "turned by 90 degrees, not by 180"
def convolve2d(X, K):
    kh, kw = K.shape
    padded = F.pad(X, (kw - 1, kw - 1, kh - 1, kh - 1))
    return cross_correlate(padded, torch.rot90(K))


# %% conv2d hints [markdown]
# 1. `X` has three axes and `W` has four. Which one do they share beside the places,
#    where does it stand in each of them, and is it still there in the result?
# 2. An output channel is a sum of cross-correlations: each input channel with its own
#    slice of that output's kernel. Only then comes the bias, one number for the whole
#    map. A channel of `X` is a slice along its last axis.
# 3. In loops: for each output channel, `cross_correlate` of every input channel and its
#    slice, added up, plus the bias; stack the maps along a new last axis. Or move the
#    axes first, compute as the lecture does, and move the result's axes back.


# %% conv2d right "three loops over cross_correlate"
def conv2d(X, W, b):
    maps = []
    for o, bias in enumerate(b):
        slices = zip(X.unbind(-1), W[..., o].unbind(-1))
        maps.append(sum(cross_correlate(x, k) for x, k in slices) + bias)
    return torch.stack(maps, dim=-1)


# %% conv2d right "windows as columns and a matrix product"
def conv2d(X, W, b):
    kh, kw, _, out = W.shape
    columns = F.unfold(X.permute(2, 0, 1)[None], (kh, kw))[0]  # (in * kh * kw, places)
    Y = columns.T @ W.permute(2, 0, 1, 3).reshape(-1, out) + b
    return Y.reshape(X.shape[0] - kh + 1, X.shape[1] - kw + 1, out)


# %% conv2d right "axes moved to the front and back again"
def conv2d(X, W, b):
    X, W = X.permute(2, 0, 1), W.permute(3, 2, 0, 1)
    maps = []
    for kernel, bias in zip(W, b):
        maps.append(sum(map(cross_correlate, X, kernel)) + bias)
    return torch.stack(maps).permute(1, 2, 0)


# %% conv2d wrong "channels first is assumed, where they come last"
def conv2d(X, W, b):
    maps = []
    for kernel, bias in zip(W, b, strict=True):
        slices = [cross_correlate(x, k) for x, k in zip(X, kernel, strict=True)]
        maps.append(sum(slices) + bias)
    return torch.stack(maps)


# %% conv2d wrong "channels come first in the result, where they should come last"
def conv2d(X, W, b):
    windows = X.unfold(0, W.shape[0], 1).unfold(1, W.shape[1], 1)
    return torch.einsum("ijcab,abco->oij", windows, W) + b[:, None, None]


# %% conv2d wrong "the image's channels are brought to the front by reshape"
def conv2d(X, W, b):
    X = X.reshape(X.shape[2], X.shape[0], X.shape[1])
    windows = X.unfold(1, W.shape[0], 1).unfold(2, W.shape[1], 1)
    return torch.einsum("cijab,abco->ijo", windows, W) + b


# %% conv2d wrong "the weight's axes are moved by reshape"
def conv2d(X, W, b):
    kh, kw, channels, out = W.shape
    windows = X.unfold(0, kh, 1).unfold(1, kw, 1)
    return (
        torch.einsum("ijcab,ocab->ijo", windows, W.reshape(out, channels, kh, kw)) + b
    )


# %% conv2d wrong "the result's channels are brought to the end by reshape"
def conv2d(X, W, b):
    windows = X.unfold(0, W.shape[0], 1).unfold(1, W.shape[1], 1)
    Y = torch.einsum("ijcab,abco->oij", windows, W) + b[:, None, None]
    return Y.reshape(Y.shape[1], Y.shape[2], Y.shape[0])


# %% conv2d wrong "channels summed in the wrong axis, over the outputs"
def conv2d(X, W, b):
    windows = X.unfold(0, W.shape[0], 1).unfold(1, W.shape[1], 1)
    return torch.einsum("ijcab,abco->ijc", windows, W) + b.sum()


# %% conv2d wrong "all output channels share one kernel"
def conv2d(X, W, b):
    windows = X.unfold(0, W.shape[0], 1).unfold(1, W.shape[1], 1)
    return torch.einsum("ijcab,abc->ij", windows, W[..., 0])[..., None] + b


# %% conv2d wrong "one slice of the kernel used for all input channels"
def conv2d(X, W, b):
    windows = X.unfold(0, W.shape[0], 1).unfold(1, W.shape[1], 1)
    return torch.einsum("ijcab,abo->ijo", windows, W[:, :, 0]) + b


# %% conv2d wrong "the weight is read as (..., out, in), not (..., in, out)"
def conv2d(X, W, b):
    windows = X.unfold(0, W.shape[0], 1).unfold(1, W.shape[1], 1)
    return torch.einsum("ijcab,aboc->ijo", windows, W) + b


# %% conv2d wrong "the biases are forgotten"
def conv2d(X, W, b):
    windows = X.unfold(0, W.shape[0], 1).unfold(1, W.shape[1], 1)
    return torch.einsum("ijcab,abco->ijo", windows, W)


# %% conv2d wrong "a bias for every input channel, not one for the sum"
def conv2d(X, W, b):
    windows = X.unfold(0, W.shape[0], 1).unfold(1, W.shape[1], 1)
    return torch.einsum("ijcab,abco->ijo", windows, W) + X.shape[2] * b


# %% conv2d wrong "the input channels are averaged, not added"
def conv2d(X, W, b):
    windows = X.unfold(0, W.shape[0], 1).unfold(1, W.shape[1], 1)
    return torch.einsum("ijcab,abco->ijo", windows, W) / X.shape[2] + b


# %% conv2d wrong "the input channels are not added up"
def conv2d(X, W, b):
    windows = X.unfold(0, W.shape[0], 1).unfold(1, W.shape[1], 1)
    return torch.einsum("ijcab,abco->ijco", windows, W) + b


# %% conv2d wrong "each output channel reads one input channel only"
def conv2d(X, W, b):
    maps = []
    for o in range(len(b)):
        c = o % X.shape[2]
        maps.append(cross_correlate(X[..., c], W[:, :, c, o]) + b[o])
    return torch.stack(maps, dim=-1)


# %% conv2d wrong "the sum is not started anew for each output channel"
def conv2d(X, W, b):
    maps, Y = [], 0
    for o in range(len(b)):
        for c in range(X.shape[2]):
            Y = Y + cross_correlate(X[..., c], W[:, :, c, o])
        maps.append(Y + b[o])
    return torch.stack(maps, dim=-1)


# %% conv2d wrong "the kernels are flipped"
def conv2d(X, W, b):
    windows = X.unfold(0, W.shape[0], 1).unfold(1, W.shape[1], 1)
    return torch.einsum("ijcab,abco->ijo", windows, W.flip(0, 1)) + b


# %% conv2d wrong "a library does the convolution"
def conv2d(X, W, b):
    return F.conv2d(X.permute(2, 0, 1), W.permute(3, 2, 0, 1), b).permute(1, 2, 0)


# %% conv1x1 hints [markdown]
# 1. Write down the four sizes of `X`. Which of its axes must meet the columns of `W` in
#    a matrix product, and where does it stand now?
# 2. A pixel is a vector of `in` numbers, and the same matrix acts on all N h w of them.
#    To lay them side by side, the channels' axis must be moved first: a reshape alone
#    reads the numbers in the order in which they lie.
# 3. Channels to the front; the rest as one axis, (in, N h w); `W` without its axes of
#    size 1 from the left; the bias as a column. Then give the long axis its three sizes
#    back, and swap the first two axes again.


# %% conv1x1 right "channels last, as a linear layer"
def conv1x1(X, W, b):
    return F.linear(X.permute(0, 2, 3, 1), W[:, :, 0, 0], b).permute(0, 3, 1, 2)


# %% conv1x1 right "a batched product with broadcasting"
def conv1x1(X, W, b):
    Y = W.flatten(1) @ X.flatten(2) + b.reshape(1, -1, 1)
    return Y.unflatten(2, X.shape[2:])


# %% conv1x1 wrong "reshape mixes images and channels where axes must be swapped"
def conv1x1(X, W, b):
    N, C, h, w = X.shape
    Y = W.flatten(1) @ X.reshape(C, -1) + b[:, None]
    return Y.reshape(-1, N, h, w).transpose(0, 1)


# %% conv1x1 wrong "the result's images and channels are mixed by reshape"
def conv1x1(X, W, b):
    N, C, h, w = X.shape
    Y = W.flatten(1) @ X.transpose(0, 1).reshape(C, -1) + b[:, None]
    return Y.reshape(N, -1, h, w)


# %% conv1x1 wrong "channels first, then images: the result's axes are swapped"
def conv1x1(X, W, b):
    N, C, h, w = X.shape
    Y = W.flatten(1) @ X.transpose(0, 1).reshape(C, -1) + b[:, None]
    return Y.reshape(-1, N, h, w)


# %% conv1x1 wrong "the weight is read as (in, out), not (out, in)"
def conv1x1(X, W, b):
    N, C, h, w = X.shape
    Y = W.flatten(1).T @ X.transpose(0, 1).reshape(C, -1) + b[:, None]
    return Y.reshape(-1, N, h, w).transpose(0, 1)


# %% conv1x1 wrong "the biases are forgotten"
def conv1x1(X, W, b):
    N, C, h, w = X.shape
    Y = W.flatten(1) @ X.transpose(0, 1).reshape(C, -1)
    return Y.reshape(-1, N, h, w).transpose(0, 1)


# %% conv1x1 wrong "all output channels share one kernel"
def conv1x1(X, W, b):
    N, C, h, w = X.shape
    Y = W[:1].flatten(1) @ X.transpose(0, 1).reshape(C, -1) + b[:, None]
    return Y.reshape(-1, N, h, w).transpose(0, 1)


# %% conv1x1 wrong "squeeze takes the input channels' axis away too where there is only one"
def conv1x1(X, W, b):
    N, C, h, w = X.shape
    return (W.squeeze() @ X.reshape(N, C, h * w) + b[:, None]).reshape(N, -1, h, w)


# %% conv1x1 wrong "the channels stay last"
def conv1x1(X, W, b):
    return X.movedim(1, -1) @ W.flatten(1).T + b


# %% conv1x1 wrong "a library does the convolution"
def conv1x1(X, W, b):
    return F.conv2d(X, W, b)


# %% conv1x1 wrong "a library does the product"
def conv1x1(X, W, b):
    return torch.einsum("nchw,oc->nohw", X, W[:, :, 0, 0]) + b[:, None, None]


# %% conv1x1 wrong "pixels made rows by reshape alone, which mixes the channels"
def conv1x1(X, W, b):
    N, C, h, w = X.shape
    Y = X.reshape(-1, C) @ W.reshape(-1, C).T + b
    return Y.reshape(N, len(W), h, w)


# %% conv1x1 wrong "the biases stand along the columns, not along the channels"
def conv1x1(X, W, b):
    N, C, h, w = X.shape
    Y = W.reshape(-1, C) @ X.reshape(N, C, h * w)
    return Y.reshape(N, len(W), h, w) + b


# %% pool2d hints [markdown]
# 1. Which value as padding never wins a maximum, even if all pixels are negative, and
#    which one is right for a mean?
# 2. The modes differ in two places only: the value outside the image, and how a window
#    becomes one number. Windows, steps and dropped rests are the same. Without a
#    stride, PyTorch steps by another argument.
# 3. Settle the step and the value outside; pad the two axes of the image on both sides;
#    `unfold` rows, then columns, which appends the window as two axes and drops the
#    rests; reduce over these two and nothing else.


# %% pool2d right "window by window, in loops"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    s = stride or kernel
    fill = float("-inf") if mode == "max" else 0
    X = F.pad(X, (padding, padding, padding, padding), value=fill)
    h, w = ((n - kernel) // s + 1 for n in X.shape[2:])
    Y = torch.empty(*X.shape[:2], h, w)
    for i in range(h):
        for j in range(w):
            window = X[:, :, i * s : i * s + kernel, j * s : j * s + kernel]
            flat = window.flatten(2)
            Y[:, :, i, j] = (
                flat.max(dim=2).values if mode == "max" else flat.mean(dim=2)
            )
    return Y


# %% pool2d right "unfold of torch.nn.functional, channels kept apart"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    N, C, h, w = X.shape
    s = kernel if stride is None else stride
    value = torch.finfo(X.dtype).min if mode == "max" else 0.0
    X = F.pad(X, [padding] * 4, value=value)
    size = [(n + 2 * padding - kernel) // s + 1 for n in (h, w)]
    windows = F.unfold(X, kernel, stride=s).reshape(N, C, kernel**2, *size)
    return windows.amax(dim=2) if mode == "max" else windows.mean(dim=2)


# %% pool2d wrong "default stride taken as 1, not as the kernel's size"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    step = 1 if stride is None else stride
    padded = F.pad(X, [padding] * 4, value=-torch.inf if mode == "max" else 0.0)
    windows = padded.unfold(2, kernel, step).unfold(3, kernel, step)
    return windows.amax(dim=(4, 5)) if mode == "max" else windows.mean(dim=(4, 5))


# %% pool2d wrong "default stride taken as always 3, not as the kernel's size"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    step = 3 if stride is None else stride
    padded = F.pad(X, [padding] * 4, value=-torch.inf if mode == "max" else 0.0)
    windows = padded.unfold(2, kernel, step).unfold(3, kernel, step)
    return windows.amax(dim=(4, 5)) if mode == "max" else windows.mean(dim=(4, 5))


# %% pool2d wrong "default stride taken as always 2, not as the kernel's size"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    step = 2 if stride is None else stride
    padded = F.pad(X, [padding] * 4, value=-torch.inf if mode == "max" else 0.0)
    windows = padded.unfold(2, kernel, step).unfold(3, kernel, step)
    return windows.amax(dim=(4, 5)) if mode == "max" else windows.mean(dim=(4, 5))


# %% pool2d wrong "the stride is always the kernel's size"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    padded = F.pad(X, [padding] * 4, value=-torch.inf if mode == "max" else 0.0)
    windows = padded.unfold(2, kernel, kernel).unfold(3, kernel, kernel)
    return windows.amax(dim=(4, 5)) if mode == "max" else windows.mean(dim=(4, 5))


# %% pool2d wrong "zeros as padding win the maximum over negative numbers"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    step = kernel if stride is None else stride
    windows = F.pad(X, [padding] * 4).unfold(2, kernel, step).unfold(3, kernel, step)
    return windows.amax(dim=(4, 5)) if mode == "max" else windows.mean(dim=(4, 5))


# %% pool2d wrong "padding counted once instead of twice"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    step = kernel if stride is None else stride
    padded = F.pad(
        X, [padding, 0, padding, 0], value=-torch.inf if mode == "max" else 0.0
    )
    windows = padded.unfold(2, kernel, step).unfold(3, kernel, step)
    return windows.amax(dim=(4, 5)) if mode == "max" else windows.mean(dim=(4, 5))


# %% pool2d wrong "the padding is ignored"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    step = kernel if stride is None else stride
    windows = X.unfold(2, kernel, step).unfold(3, kernel, step)
    return windows.amax(dim=(4, 5)) if mode == "max" else windows.mean(dim=(4, 5))


# %% pool2d wrong "always the maximum, whatever the mode"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    step = kernel if stride is None else stride
    padded = F.pad(X, [padding] * 4, value=-torch.inf)
    return padded.unfold(2, kernel, step).unfold(3, kernel, step).amax(dim=(4, 5))


# %% pool2d wrong "the mean leaves the padding out of the count"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    step = kernel if stride is None else stride
    padded = F.pad(X, [padding] * 4, value=-torch.inf if mode == "max" else torch.nan)
    windows = padded.unfold(2, kernel, step).unfold(3, kernel, step)
    if mode == "max":
        return windows.amax(dim=(4, 5))
    return windows.nanmean(dim=(4, 5))


# %% pool2d wrong "pooled over the channels as well"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    step = kernel if stride is None else stride
    padded = F.pad(X, [padding] * 4, value=-torch.inf if mode == "max" else 0.0)
    windows = padded.unfold(2, kernel, step).unfold(3, kernel, step)
    axes = (1, 4, 5)
    if mode == "max":
        return windows.amax(dim=axes, keepdim=True)[..., 0, 0]
    return windows.mean(dim=axes, keepdim=True)[..., 0, 0]


# %% pool2d wrong "the sum of a window, not its mean"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    step = kernel if stride is None else stride
    padded = F.pad(X, [padding] * 4, value=-torch.inf if mode == "max" else 0.0)
    windows = padded.unfold(2, kernel, step).unfold(3, kernel, step)
    return windows.amax(dim=(4, 5)) if mode == "max" else windows.sum(dim=(4, 5))


# %% pool2d wrong "rests that fill no window are kept"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    step = kernel if stride is None else stride
    value = -torch.inf if mode == "max" else 0.0
    rest = [-(n + 2 * padding - kernel) % step for n in X.shape[2:]]
    sides = [padding, padding + rest[1], padding, padding + rest[0]]
    windows = F.pad(X, sides, value=value).unfold(2, kernel, step)
    windows = windows.unfold(3, kernel, step)
    return windows.amax(dim=(4, 5)) if mode == "max" else windows.mean(dim=(4, 5))


# %% pool2d wrong "a library does the pooling"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    if mode == "max":
        return F.max_pool2d(X, kernel, stride, padding)
    step = kernel if stride is None else stride
    windows = F.pad(X, [padding] * 4).unfold(2, kernel, step).unfold(3, kernel, step)
    return windows.mean(dim=(4, 5))


# %% pool2d wrong "the largest size, whatever the sign"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    stride = kernel if stride is None else stride
    X = F.pad(X, [padding] * 4)
    windows = X.unfold(2, kernel, stride).unfold(3, kernel, stride)
    return windows.abs().amax((4, 5)) if mode == "max" else windows.mean((4, 5))


# %% pool2d wrong "padded by repeating the pixels of the rim"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    stride = kernel if stride is None else stride
    X = F.pad(X, [padding] * 4, mode="replicate")
    windows = X.unfold(2, kernel, stride).unfold(3, kernel, stride)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


# %% pool2d wrong "the padding is minus infinity for the mean, too"
def pool2d(X, kernel, stride=None, padding=0, mode="max"):
    stride = kernel if stride is None else stride
    X = F.pad(X, [padding] * 4, value=float("-inf"))
    windows = X.unfold(2, kernel, stride).unfold(3, kernel, stride)
    return windows.amax((4, 5)) if mode == "max" else windows.mean((4, 5))


# %% learn_kernel hints [markdown]
# 1. Which loss comes first in the list: that of the zeros, or that of the kernel after
#    its first step?
# 2. The image is given and the kernel learns: so it is the kernel that asks for
#    gradients. PyTorch adds each new gradient to the old one unless somebody clears it.
# 3. A kernel of zeros that asks for gradients, and an empty list. In each step: the
#    mean of the squared errors against `Y`, backward, the kernel moved in place without
#    recording, its gradient cleared, the loss noted as a float. Return the kernel cut
#    from its graph, and the list.


# %% learn_kernel right "torch.optim and conv2d"
def learn_kernel(X, Y, shape, lr, num_steps):
    K = torch.zeros(1, 1, *shape, requires_grad=True)
    optimizer = torch.optim.SGD([K], lr=lr)
    losses = []
    for _ in range(num_steps):
        optimizer.zero_grad()
        loss = F.mse_loss(F.conv2d(X[None, None], K)[0, 0], Y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return K.detach()[0, 0], losses


# %% learn_kernel right "the gradient by hand: errors correlated with the image"
def learn_kernel(X, Y, shape, lr, num_steps):
    K, losses = torch.zeros(shape), []
    for _ in range(num_steps):
        error = cross_correlate(X, K) - Y
        losses.append(float((error**2).mean()))
        K = K - lr * 2 / error.numel() * cross_correlate(X, error)
    return K, losses


# %% learn_kernel wrong "the gradients of earlier steps pile up"
def learn_kernel(X, Y, shape, lr, num_steps):
    K = torch.zeros(shape, requires_grad=True)
    losses = []
    for _ in range(num_steps):
        loss = ((cross_correlate(X, K) - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            K -= lr * K.grad
        losses.append(loss.item())
    return K.detach(), losses


# %% learn_kernel wrong "the sum of the squares, not their mean"
def learn_kernel(X, Y, shape, lr, num_steps):
    K = torch.zeros(shape, requires_grad=True)
    losses = []
    for _ in range(num_steps):
        loss = ((cross_correlate(X, K) - Y) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            K -= lr * K.grad
        K.grad.zero_()
        losses.append(loss.item())
    return K.detach(), losses


# %% learn_kernel wrong "half the squared error"
def learn_kernel(X, Y, shape, lr, num_steps):
    K = torch.zeros(shape, requires_grad=True)
    losses = []
    for _ in range(num_steps):
        loss = ((cross_correlate(X, K) - Y) ** 2).mean() / 2
        loss.backward()
        with torch.no_grad():
            K -= lr * K.grad
        K.grad.zero_()
        losses.append(loss.item())
    return K.detach(), losses


# %% learn_kernel wrong "up the slope instead of down"
def learn_kernel(X, Y, shape, lr, num_steps):
    K = torch.zeros(shape, requires_grad=True)
    losses = []
    for _ in range(num_steps):
        loss = ((cross_correlate(X, K) - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            K += lr * K.grad
        K.grad.zero_()
        losses.append(loss.item())
    return K.detach(), losses


# %% learn_kernel wrong "the loss is measured after each step, not before"
def learn_kernel(X, Y, shape, lr, num_steps):
    K = torch.zeros(shape, requires_grad=True)
    losses = []
    for _ in range(num_steps):
        loss = ((cross_correlate(X, K) - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            K -= lr * K.grad
            losses.append(((cross_correlate(X, K) - Y) ** 2).mean().item())
        K.grad.zero_()
    return K.detach(), losses


# %% learn_kernel wrong "the flipped kernel is returned"
def learn_kernel(X, Y, shape, lr, num_steps):
    K = torch.zeros(shape, requires_grad=True)
    losses = []
    for _ in range(num_steps):
        loss = ((cross_correlate(X, K.flip(0, 1)) - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            K -= lr * K.grad
        K.grad.zero_()
        losses.append(loss.item())
    return K.detach(), losses


# %% learn_kernel wrong "the start is random, not zero"
def learn_kernel(X, Y, shape, lr, num_steps):
    K = torch.randn(shape, requires_grad=True)
    losses = []
    for _ in range(num_steps):
        loss = ((cross_correlate(X, K) - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            K -= lr * K.grad
        K.grad.zero_()
        losses.append(loss.item())
    return K.detach(), losses


# %% learn_kernel wrong "the absolute error, not the squared one"
def learn_kernel(X, Y, shape, lr, num_steps):
    K = torch.zeros(shape, requires_grad=True)
    losses = []
    for _ in range(num_steps):
        loss = (cross_correlate(X, K) - Y).abs().mean()
        loss.backward()
        with torch.no_grad():
            K -= lr * K.grad
        K.grad.zero_()
        losses.append(loss.item())
    return K.detach(), losses


# %% learn_kernel wrong "the kernel still hangs on its graph"
def learn_kernel(X, Y, shape, lr, num_steps):
    K = torch.zeros(shape, requires_grad=True)
    losses = []
    for _ in range(num_steps):
        loss = ((cross_correlate(X, K) - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            K -= lr * K.grad
        K.grad.zero_()
        losses.append(loss.item())
    return K, losses


# %% learn_kernel wrong "only the last loss, not the list of all"
def learn_kernel(X, Y, shape, lr, num_steps):
    K = torch.zeros(shape, requires_grad=True)
    loss = torch.zeros(())
    for _ in range(num_steps):
        loss = ((cross_correlate(X, K) - Y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            K -= lr * K.grad
        K.grad.zero_()
    return K.detach(), loss.item()


# %% learn_kernel wrong "the start is one, not zero"
def learn_kernel(X, Y, shape, lr, num_steps):
    K, losses = torch.ones(shape, requires_grad=True), []
    for _ in range(num_steps):
        loss = ((cross_correlate(X, K) - Y) ** 2).mean()
        losses.append(loss.item())
        (gradient,) = torch.autograd.grad(loss, K)
        K = (K - lr * gradient).detach().requires_grad_()
    return K.detach(), losses


# %% learn_kernel wrong "Adam's steps, which aren't lr times the gradient"
def learn_kernel(X, Y, shape, lr, num_steps):
    K, losses = torch.zeros(shape, requires_grad=True), []
    optimizer = torch.optim.Adam([K], lr=lr)
    for _ in range(num_steps):
        loss = ((cross_correlate(X, K) - Y) ** 2).mean()
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return K.detach(), losses


# %% learn_kernel wrong "one loss too many: that after the last step"
def learn_kernel(X, Y, shape, lr, num_steps):
    K, losses = torch.zeros(shape, requires_grad=True), []
    for _ in range(num_steps):
        loss = ((cross_correlate(X, K) - Y) ** 2).mean()
        losses.append(loss.item())
        (gradient,) = torch.autograd.grad(loss, K)
        K = (K - lr * gradient).detach().requires_grad_()
    losses.append(((cross_correlate(X, K) - Y) ** 2).mean().item())
    return K.detach(), losses


# %% learn_kernel wrong "a bias is learned beside the kernel"
def learn_kernel(X, Y, shape, lr, num_steps):
    K, losses = torch.zeros(shape, requires_grad=True), []
    bias = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.SGD([K, bias], lr=lr)
    for _ in range(num_steps):
        loss = ((cross_correlate(X, K) + bias - Y) ** 2).mean()
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return K.detach(), losses


# %% full_weight hints [markdown]
# 1. In the example on three pixels, which weights does output 0 have and which output
#    1, and what has moved between the two?
# 2. Each output owns a picture of weights as large as the padded image: zeros, with `K`
#    where its window lies. Padded pixels are always 0, so the weights that meet them
#    never count and need no place.
# 3. Sizes of the output from the padded image. Zeros with four axes: output, then
#    padded image. Two loops over the outputs lay `K` to where the stride has brought
#    its window. At the end cut the padding off the last two axes, on all sides.


# %% full_weight right "every image of one lit pixel, sent through conv2d"
def full_weight(K, h, w, stride=1, padding=0):
    lit = torch.eye(h * w).reshape(h * w, 1, h, w)
    Y = F.conv2d(lit, K[None, None], stride=stride, padding=padding)
    return Y[:, 0].movedim(0, -1).unflatten(-1, (h, w))


# %% full_weight right "weight by weight, asking for the tap"
def full_weight(K, h, w, stride=1, padding=0):
    kh, kw = K.shape
    h_out = (h + 2 * padding - kh) // stride + 1
    w_out = (w + 2 * padding - kw) // stride + 1
    W4 = torch.zeros(h_out, w_out, h, w)
    for i in range(h_out):
        for j in range(w_out):
            for k in range(h):
                for m in range(w):
                    a, b = k + padding - i * stride, m + padding - j * stride
                    if 0 <= a < kh and 0 <= b < kw:
                        W4[i, j, k, m] = K[a, b]
    return W4


# %% full_weight wrong "the input's axes come first, then the output's"
def full_weight(K, h, w, stride=1, padding=0):
    lit = torch.eye(h * w).reshape(h * w, 1, h, w)
    Y = F.conv2d(lit, K[None, None], stride=stride, padding=padding)
    return Y[:, 0].unflatten(0, (h, w))


# %% full_weight wrong "the stride is ignored"
def full_weight(K, h, w, stride=1, padding=0):
    lit = torch.eye(h * w).reshape(h * w, 1, h, w)
    Y = F.conv2d(lit, K[None, None], padding=padding)
    return Y[:, 0].movedim(0, -1).unflatten(-1, (h, w))


# %% full_weight wrong "the padding is ignored"
def full_weight(K, h, w, stride=1, padding=0):
    lit = torch.eye(h * w).reshape(h * w, 1, h, w)
    Y = F.conv2d(lit, K[None, None], stride=stride)
    return Y[:, 0].movedim(0, -1).unflatten(-1, (h, w))


# %% full_weight wrong "the padding has weights too, which no input number meets"
def full_weight(K, h, w, stride=1, padding=0):
    h, w = h + 2 * padding, w + 2 * padding
    lit = torch.eye(h * w).reshape(h * w, 1, h, w)
    Y = F.conv2d(lit, K[None, None], stride=stride)
    return Y[:, 0].movedim(0, -1).unflatten(-1, (h, w))


# %% full_weight wrong "with no padding, a slice up to -0 leaves nothing"
def full_weight(K, h, w, stride=1, padding=0):
    kh, kw = K.shape
    rows, columns = h + 2 * padding, w + 2 * padding
    h_out, w_out = (rows - kh) // stride + 1, (columns - kw) // stride + 1
    W4 = torch.zeros(h_out, w_out, rows, columns)
    for i in range(h_out):
        for j in range(w_out):
            top, left = i * stride, j * stride
            W4[i, j, top : top + kh, left : left + kw] = K
    return W4[:, :, padding:-padding, padding:-padding]


# %% full_weight wrong "the kernel is flipped"
def full_weight(K, h, w, stride=1, padding=0):
    lit = torch.eye(h * w).reshape(h * w, 1, h, w)
    Y = F.conv2d(lit, K.flip(0, 1)[None, None], stride=stride, padding=padding)
    return Y[:, 0].movedim(0, -1).unflatten(-1, (h, w))


# %% full_weight wrong "padding counted once instead of twice"
def full_weight(K, h, w, stride=1, padding=0):
    lit = torch.eye(h * w).reshape(h * w, 1, h, w)
    lit = F.pad(lit, (padding, 0, padding, 0))
    Y = F.conv2d(lit, K[None, None], stride=stride)
    return Y[:, 0].movedim(0, -1).unflatten(-1, (h, w))


# %% full_weight wrong "every output has its kernel in the first place"
def full_weight(K, h, w, stride=1, padding=0):
    lit = torch.eye(h * w).reshape(h * w, 1, h, w)
    Y = F.conv2d(lit, K[None, None], stride=stride, padding=padding)
    W4 = Y[:, 0].movedim(0, -1).unflatten(-1, (h, w))
    return W4[:1, :1].expand(W4.shape).contiguous()


# %% full_weight wrong "two axes: rows and columns are unrolled"
def full_weight(K, h, w, stride=1, padding=0):
    lit = torch.eye(h * w).reshape(h * w, 1, h, w)
    Y = F.conv2d(lit, K[None, None], stride=stride, padding=padding)
    return Y.flatten(1).T


# %% full_weight wrong "weights wrap around the rim where the kernel meets the padding"
def full_weight(K, h, w, stride=1, padding=0):
    kh, kw = K.shape
    h_out = (h + 2 * padding - kh) // stride + 1
    w_out = (w + 2 * padding - kw) // stride + 1
    W4 = torch.zeros(h_out, w_out, h, w)
    for i in range(h_out):
        for j in range(w_out):
            for a in range(kh):
                for b in range(kw):
                    k, m = i * stride + a - padding, j * stride + b - padding
                    W4[i, j, k % h, m % w] = K[a, b]
    return W4


# %% full_weight wrong "the padding is cut off at the bottom and on the right only"
def full_weight(K, h, w, stride=1, padding=0):
    (kh, kw), s, p = K.shape, stride, padding
    W4 = torch.zeros(
        (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1, h + 2 * p, w + 2 * p
    )
    for i in range(W4.shape[0]):
        for j in range(W4.shape[1]):
            W4[i, j, i * s : i * s + kh, j * s : j * s + kw] = K
    return W4[:, :, :h, :w]


# %% full_weight wrong "the outputs at stride 1 divided by the stride, a rest dropped"
def full_weight(K, h, w, stride=1, padding=0):
    (kh, kw), s, p = K.shape, stride, padding
    W4 = torch.zeros(
        (h + 2 * p - kh + 1) // s, (w + 2 * p - kw + 1) // s, h + 2 * p, w + 2 * p
    )
    for i in range(W4.shape[0]):
        for j in range(W4.shape[1]):
            W4[i, j, i * s : i * s + kh, j * s : j * s + kw] = K
    return W4[:, :, p : p + h, p : p + w]


# %% conv_transpose2d hints [markdown]
# 1. Two pixels 1 and 2 stamp the kernel 1, 10 side by side. Which pixel meets which end
#    of the kernel in the output between them?
# 2. Seen from an output, stamping is looking back: an ordinary convolution over the
#    pixels spread apart by zeros, with the kernel turned round and its two channel axes
#    swapped. It needs a rim of zeros, and `padding` takes some of that rim away.
# 3. Spread the pixels, with nothing behind the last. Pad at the near sides the kernel's
#    side, less one, less `padding`; at the far sides `output_padding` more. Weight:
#    swap the first two axes, turn the last two round. Then `F.conv2d` with stride 1.


# %% conv_transpose2d right "stamping in loops"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    (N, _, h, w), (_, out, k, _) = X.shape, W.shape
    s, more = stride, output_padding
    Y = torch.zeros(N, out, (h - 1) * s + k + more, (w - 1) * s + k + more)
    for i in range(h):
        for j in range(w):
            stamps = torch.einsum("nc,coab->noab", X[:, :, i, j], W)
            Y[:, :, i * s : i * s + k, j * s : j * s + k] += stamps
    rows, columns = Y.shape[2] - padding, Y.shape[3] - padding
    return Y[:, :, padding:rows, padding:columns]


# %% conv_transpose2d right "fold adds up the stamps"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    (N, C, h, w), (_, out, k, _) = X.shape, W.shape
    stamps = W.flatten(1).T @ X.flatten(2)  # (N, out * k * k, places)
    size = [(n - 1) * stride + k for n in (h, w)]
    Y = F.fold(stamps, size, k, stride=stride)
    Y = F.pad(Y, (0, output_padding, 0, output_padding))
    ends = [n - padding for n in Y.shape[2:]]
    return Y[:, :, padding : ends[0], padding : ends[1]]


# %% conv_transpose2d wrong "the kernel is not flipped for the ordinary convolution"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    (N, C, h, w), k = X.shape, W.shape[2]
    spread = torch.zeros(N, C, (h - 1) * stride + 1, (w - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = X
    near = k - 1 - padding
    far = near + output_padding
    return F.conv2d(F.pad(spread, (near, far, near, far)), W.transpose(0, 1))


# %% conv_transpose2d wrong "the weight is read as (out, in), not (in, out)"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    (N, C, h, w), k = X.shape, W.shape[2]
    spread = torch.zeros(N, C, (h - 1) * stride + 1, (w - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = X
    near = k - 1 - padding
    far = near + output_padding
    return F.conv2d(F.pad(spread, (near, far, near, far)), W.flip(2, 3))


# %% conv_transpose2d wrong "the padding is added, where it is cut off"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    (N, C, h, w), k = X.shape, W.shape[2]
    spread = torch.zeros(N, C, (h - 1) * stride + 1, (w - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = X
    near = k - 1 + padding
    far = near + output_padding
    spread = F.pad(spread, (near, far, near, far))
    return F.conv2d(spread, W.transpose(0, 1).flip(2, 3))


# %% conv_transpose2d wrong "the padding is ignored"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    (N, C, h, w), k = X.shape, W.shape[2]
    spread = torch.zeros(N, C, (h - 1) * stride + 1, (w - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = X
    far = k - 1 + output_padding
    spread = F.pad(spread, (k - 1, far, k - 1, far))
    return F.conv2d(spread, W.transpose(0, 1).flip(2, 3))


# %% conv_transpose2d wrong "with no padding, a slice up to -0 leaves nothing"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    (N, _, h, w), (_, out, k, _) = X.shape, W.shape
    s, more = stride, output_padding
    Y = torch.zeros(N, out, (h - 1) * s + k + more, (w - 1) * s + k + more)
    for i in range(h):
        for j in range(w):
            stamps = torch.einsum("nc,coab->noab", X[:, :, i, j], W)
            Y[:, :, i * s : i * s + k, j * s : j * s + k] += stamps
    return Y[:, :, padding:-padding, padding:-padding]


# %% conv_transpose2d wrong "as many zeros between pixels as the stride, one too many"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    (N, C, h, w), k = X.shape, W.shape[2]
    step = stride + 1
    spread = torch.zeros(N, C, (h - 1) * step + 1, (w - 1) * step + 1)
    spread[:, :, ::step, ::step] = X
    near = k - 1 - padding
    far = near + output_padding
    spread = F.pad(spread, (near, far, near, far))
    return F.conv2d(spread, W.transpose(0, 1).flip(2, 3))


# %% conv_transpose2d wrong "the stride is ignored"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    near = W.shape[2] - 1 - padding
    far = near + output_padding
    spread = F.pad(X, (near, far, near, far))
    return F.conv2d(spread, W.transpose(0, 1).flip(2, 3))


# %% conv_transpose2d wrong "stamps overwrite each other, where they add up"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    (N, _, h, w), (_, out, k, _) = X.shape, W.shape
    s, more = stride, output_padding
    Y = torch.zeros(N, out, (h - 1) * s + k + more, (w - 1) * s + k + more)
    for i in range(h):
        for j in range(w):
            stamps = torch.einsum("nc,coab->noab", X[:, :, i, j], W)
            Y[:, :, i * s : i * s + k, j * s : j * s + k] = stamps
    rows, columns = Y.shape[2] - padding, Y.shape[3] - padding
    return Y[:, :, padding:rows, padding:columns]


# %% conv_transpose2d wrong "the output padding is ignored"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    (N, C, h, w), k = X.shape, W.shape[2]
    spread = torch.zeros(N, C, (h - 1) * stride + 1, (w - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = X
    spread = F.pad(spread, [k - 1 - padding] * 4)
    return F.conv2d(spread, W.transpose(0, 1).flip(2, 3))


# %% conv_transpose2d wrong "the output padding is at the top and on the left"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    (N, C, h, w), k = X.shape, W.shape[2]
    spread = torch.zeros(N, C, (h - 1) * stride + 1, (w - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = X
    far = k - 1 - padding
    near = far + output_padding
    spread = F.pad(spread, (near, far, near, far))
    return F.conv2d(spread, W.transpose(0, 1).flip(2, 3))


# %% conv_transpose2d wrong "the output padding is filled with zeros that hide stamps"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    (N, C, h, w), k = X.shape, W.shape[2]
    spread = torch.zeros(N, C, (h - 1) * stride + 1, (w - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = X
    spread = F.pad(spread, [k - 1 - padding] * 4)
    Y = F.conv2d(spread, W.transpose(0, 1).flip(2, 3))
    return F.pad(Y, (0, output_padding, 0, output_padding))


# %% conv_transpose2d wrong "all output channels share one kernel"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    (N, C, h, w), k = X.shape, W.shape[2]
    spread = torch.zeros(N, C, (h - 1) * stride + 1, (w - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = X
    near = k - 1 - padding
    far = near + output_padding
    spread = F.pad(spread, (near, far, near, far))
    one = W.transpose(0, 1).flip(2, 3)[:1]
    return F.conv2d(spread, one).repeat(1, W.shape[1], 1, 1)


# %% conv_transpose2d wrong "a library does the transposed convolution"
def conv_transpose2d(X, W, stride=1, padding=0, output_padding=0):
    return F.conv_transpose2d(X, W, None, stride, padding, output_padding)


# %% receptive_field hints [markdown]
# 1. Behind a layer of stride 2, neighbours lie 2 input pixels apart. How many input
#    pixels more does a kernel of 3 see there than one number alone?
# 2. Carry two numbers up the stack: how far one number sees, and how far apart
#    neighbours lie, both in input pixels. A kernel adds its gaps, each as long as the
#    neighbours' distance before this layer's own stride.
# 3. Begin with a field and a jump of one pixel. For each layer from the input up: widen
#    the field by the gaps between the taps, times the dilation, times the jump; only
#    then let the stride multiply the jump. Return both.


# %% receptive_field right "from the top down, field by field"
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride, dilation in reversed(layers):
        field = (field - 1) * stride + dilation * (kernel - 1) + 1
        jump = jump * stride
    return field, jump


# %% receptive_field right "a sum over products of strides"
def receptive_field(layers):
    jumps = [1]
    for _, stride, _ in layers:
        jumps.append(jumps[-1] * stride)
    spans = [d * (k - 1) for k, _, d in layers]
    return 1 + sum(a * b for a, b in zip(spans, jumps)), jumps[-1]


# %% receptive_field wrong "the kernel sizes are added up"
def receptive_field(layers):
    jump = 1
    for _, stride, _ in layers:
        jump *= stride
    return sum(kernel for kernel, _, _ in layers), jump


# %% receptive_field wrong "strides of earlier layers do not widen the field"
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride, dilation in layers:
        field += dilation * (kernel - 1)
        jump *= stride
    return field, jump


# %% receptive_field wrong "a layer's own stride counted before its kernel"
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride, dilation in layers:
        jump *= stride
        field += dilation * (kernel - 1) * jump
    return field, jump


# %% receptive_field wrong "only the stride of the layer just before"
def receptive_field(layers):
    field, jump, last = 1, 1, 1
    for kernel, stride, dilation in layers:
        field += dilation * (kernel - 1) * last
        last = stride
        jump *= stride
    return field, jump


# %% receptive_field wrong "the dilation is ignored"
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field, jump


# %% receptive_field wrong "a dilated kernel's span taken as dilation times kernel"
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride, dilation in layers:
        field += (dilation * kernel - 1) * jump
        jump *= stride
    return field, jump


# %% receptive_field wrong "strides are added, where they multiply"
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride, dilation in layers:
        field += dilation * (kernel - 1) * jump
        jump += stride - 1
    return field, jump


# %% receptive_field wrong "the field starts from 0, not from one pixel"
def receptive_field(layers):
    field, jump = 0, 1
    for kernel, stride, dilation in layers:
        field += dilation * (kernel - 1) * jump
        jump *= stride
    return field, jump


# %% receptive_field wrong "the whole kernel is added, not the kernel less one"
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride, dilation in layers:
        field += dilation * kernel * jump
        jump *= stride
    return field, jump


# %% receptive_field wrong "the layers are taken from the top down"
def receptive_field(layers):
    field, jump = 1, 1
    for kernel, stride, dilation in reversed(layers):
        field += dilation * (kernel - 1) * jump
        jump *= stride
    return field, jump


# %% receptive_field wrong "jump and field have changed places"
def receptive_field(layers):
    field, jump = 1, 1
    for k, s, d in layers:
        field += d * (k - 1) * jump
        jump *= s
    return jump, field


# %% receptive_field wrong "the dilation widens the jump, too"
def receptive_field(layers):
    field, jump = 1, 1
    for k, s, d in layers:
        field += d * (k - 1) * jump
        jump *= s * d
    return field, jump


# %% receptive_field wrong "layers whose stride is their kernel are left out"
def receptive_field(layers):
    field, jump = 1, 1
    for k, s, d in layers:
        if k != s:
            field += d * (k - 1) * jump
            jump *= s
    return field, jump


# %% convolve2d equivalent "flip takes its axes in any order"
# return cross_correlate(padded, K.flip(0, 1)) -> return cross_correlate(padded, K.flip(1, 0))


# %% conv1x1 equivalent "transpose takes its two axes in any order"
# columns = X.transpose(0, 1).reshape(C, -1) -> columns = X.transpose(1, 0).reshape(C, -1)
# return Y.reshape(-1, N, h, w).transpose(0, 1) -> return Y.reshape(-1, N, h, w).transpose(1, 0)


# %% learn_kernel equivalent "a square does not know its sign"
# loss = ((cross_correlate(X, K) - Y) ** 2).mean() -> loss = ((Y - cross_correlate(X, K)) ** 2).mean()


# %% conv_transpose2d equivalent "kernels are square; axes are swapped and flipped in any order"
# (N, C, h, w), k = (X.shape, W.shape[2]) -> (N, C, h, w), k = (X.shape, W.shape[3])
# return F.conv2d(spread, W.transpose(0, 1).flip(2, 3)) -> return F.conv2d(spread, W.transpose(0, 1).flip(3, 2))
# return F.conv2d(spread, W.transpose(0, 1).flip(2, 3)) -> return F.conv2d(spread, W.transpose(1, 0).flip(2, 3))
