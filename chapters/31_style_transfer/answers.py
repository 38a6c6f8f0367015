# %% total_variation hints [markdown]
# 1. In a channel of 4 x 6 pixels, how many pixels have both a lower and a right
#    neighbour? Which shape must both tables of differences have, so that they can be
#    added?
# 2. The two squares of one pixel belong together before the power: first their sum,
#    then the exponent, then the sum over channels and places. The power is of the sum
#    of squares, so the exponent is half of beta.
# 3. Cut three tables of the same shape out of the images: without the last row and
#    column, one row further down, one column further right. Two differences, squared
#    and added; a power; a sum over all axes but the first.


# %% total_variation right "square root first, then the power beta"
def total_variation(X, beta):
    down = X.diff(dim=2)[..., :, :-1]
    right = X.diff(dim=3)[..., :-1, :]
    return torch.hypot(down, right).pow(beta).sum(dim=(1, 2, 3))


# %% total_variation right "loops over images"
def total_variation(X, beta):
    sums = []
    for image in X:
        a = image[:, 1:, :-1] - image[:, :-1, :-1]
        b = image[:, :-1, 1:] - image[:, :-1, :-1]
        sums.append(((a * a + b * b) ** (0.5 * beta)).sum())
    return torch.stack(sums)


# %% total_variation wrong "the exponent is beta, not half of it"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down**2 + right**2).pow(beta).sum(dim=(1, 2, 3))


# %% total_variation wrong "the exponent is 2 beta"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down**2 + right**2).pow(beta * 2).sum(dim=(1, 2, 3))


# %% total_variation wrong "the exponent is 1: beta is not used"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down**2 + right**2).sum(dim=(1, 2, 3))


# %% total_variation wrong "the exponent is 1/2: beta is not used"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down**2 + right**2).pow(0.5).sum(dim=(1, 2, 3))


# %% total_variation wrong "absolute values in place of the power"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down.abs() + right.abs()).sum(dim=(1, 2, 3))


# %% total_variation wrong "each difference has its own power, so that they are not taken together"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down.abs().pow(beta) + right.abs().pow(beta)).sum(dim=(1, 2, 3))


# %% total_variation wrong "the absolute differences are added, and the power is taken of their sum"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down.abs() + right.abs()).pow(beta).sum(dim=(1, 2, 3))


# %% total_variation wrong "the mean where a sum is asked"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down**2 + right**2).pow(beta / 2).mean(dim=(1, 2, 3))


# %% total_variation wrong "one number for the whole batch"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down**2 + right**2).pow(beta / 2).sum()


# %% total_variation wrong "the sum of the batch, over the number of images"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down**2 + right**2).pow(beta / 2).sum() / len(X)


# %% total_variation wrong "one number for each channel, too"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down**2 + right**2).pow(beta / 2).sum(dim=(2, 3))


# %% total_variation wrong "the channels are averaged"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down**2 + right**2).pow(beta / 2).sum(dim=(2, 3)).mean(dim=1)


# %% total_variation wrong "only the vertical difference"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down**2).pow(beta / 2).sum(dim=(1, 2, 3))


# %% total_variation wrong "only the horizontal difference"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (right**2).pow(beta / 2).sum(dim=(1, 2, 3))


# %% total_variation wrong "the diagonal neighbour in place of the lower one"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, 1:] - corner
    right = X[..., :-1, 1:] - corner
    return (down**2 + right**2).pow(beta / 2).sum(dim=(1, 2, 3))


# %% total_variation wrong "the diagonal neighbour in place of the right one"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., 1:, 1:] - corner
    return (down**2 + right**2).pow(beta / 2).sum(dim=(1, 2, 3))


# %% total_variation wrong "the power is taken of the sum, not of each pixel's term"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down**2 + right**2).sum(dim=(1, 2, 3)).pow(beta / 2)


# %% total_variation wrong "the squares are subtracted"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down**2 - right**2).abs().pow(beta / 2).sum(dim=(1, 2, 3))


# %% total_variation wrong "pixels at the rim count too, with the neighbour of the other side"
def total_variation(X, beta):
    down = X.roll(-1, dims=2) - X
    right = X.roll(-1, dims=3) - X
    return (down**2 + right**2).pow(beta / 2).sum(dim=(1, 2, 3))


# %% total_variation wrong "pixels at the rim count too, with a difference of 0"
def total_variation(X, beta):
    down = torch.cat([X.diff(dim=2), torch.zeros_like(X[:, :, :1])], dim=2)
    right = torch.cat([X.diff(dim=3), torch.zeros_like(X[..., :1])], dim=3)
    return (down**2 + right**2).pow(beta / 2).sum(dim=(1, 2, 3))


# %% total_variation wrong "differences of channels in place of rows"
def total_variation(X, beta):
    down = X[:, :, :-1, :-1] - X[:, :, :-1, :-1].roll(1, dims=1)
    right = X[..., :-1, 1:] - X[..., :-1, :-1]
    return (down**2 + right**2).pow(beta / 2).sum(dim=(1, 2, 3))


# %% total_variation wrong "the lecture's loss"
def total_variation(X, beta):
    down = X[..., 1:, :] - X[..., :-1, :]
    across = X[..., 1:] - X[..., :-1]
    return down.abs().mean() + across.abs().mean()


# %% total_variation wrong "the two differences begin at different pixels"
def total_variation(X, beta):
    down = X.diff(dim=2)[..., 1:]
    right = X.diff(dim=3)[..., 1:, :]
    return (down**2 + right**2).pow(beta / 2).sum(dim=(1, 2, 3))


# %% total_variation wrong "the channels are added before the power"
def total_variation(X, beta):
    corner = X[..., :-1, :-1]
    down = X[..., 1:, :-1] - corner
    right = X[..., :-1, 1:] - corner
    return (down**2 + right**2).sum(dim=1).pow(beta / 2).sum(dim=(1, 2))


# %% total_variation equivalent "the difference is squared"
# down = X[..., 1:, :-1] - corner -> down = corner - X[..., 1:, :-1]
# right = X[..., :-1, 1:] - corner -> right = corner - X[..., :-1, 1:]


# %% correlation equivalent "what stands there is multiplied by 0"
# scale = torch.where(speaks, variance, 1.0).rsqrt() * speaks -> scale = torch.where(speaks, variance, 2.0).rsqrt() * speaks


# %% content_loss equivalent "the difference is squared"
# squares = (maps[layer] - targets[layer]) ** 2 -> squares = (targets[layer] - maps[layer]) ** 2


# %% style_loss equivalent "the difference is squared"
# squares = (A @ A.mT - targets[layer]) ** 2 -> squares = (targets[layer] - A @ A.mT) ** 2


# %% texture equivalent "the difference is squared"
# error = (gram(picture) - goal).square().mean() -> error = (goal - gram(picture)).square().mean()


# %% gram hints [markdown]
# 1. For one image of 3 x 4 places and 5 channels: how many rows and columns shall the
#    result have? And over how many products does one of its numbers sum?
# 2. Flatten the places, so that each image is a matrix with a row for each place and a
#    column for each channel. Which of the two products of this matrix with its
#    transpose is as large as the channels are many?
# 3. Two lines: the maps with their two axes of places made one; then the transposed
#    matrix times the matrix, for all images at once, divided by the number of numbers
#    of one image.


# %% gram right "channels first, then the lecture's product"
def gram(H):
    N, h, w, C = H.shape
    A = H.permute(0, 3, 1, 2).reshape(N, C, h * w)
    return torch.bmm(A, A.transpose(1, 2)) / (C * h * w)


# %% gram right "products by broadcasting"
def gram(H):
    products = H[..., :, None] * H[..., None, :]  # (N, h, w, C, C)
    return products.sum(dim=(1, 2)) / (H.shape[1] * H.shape[2] * H.shape[3])


# %% gram right "the mean over places, then over channels"
def gram(H):
    A = H.reshape(H.shape[0], -1, H.shape[-1])
    return torch.matmul(A.transpose(-1, -2), A).div(A.shape[1]).div(A.shape[2])


# %% gram wrong "a matrix over the places, not over the channels"
def gram(H):
    N, h, w, C = H.shape
    A = H.reshape(N, h * w, C)
    return A @ A.mT / (C * h * w)


# %% gram wrong "not normalised"
def gram(H):
    N, h, w, C = H.shape
    A = H.reshape(N, h * w, C)
    return A.mT @ A


# %% gram wrong "divided by the number of places only"
def gram(H):
    N, h, w, C = H.shape
    A = H.reshape(N, h * w, C)
    return A.mT @ A / (h * w)


# %% gram wrong "divided by the number of channels only"
def gram(H):
    N, h, w, C = H.shape
    A = H.reshape(N, h * w, C)
    return A.mT @ A / C


# %% gram wrong "divided by the square"
def gram(H):
    N, h, w, C = H.shape
    A = H.reshape(N, h * w, C)
    return A.mT @ A / (C * h * w) ** 2


# %% gram wrong "divided by the channels twice"
def gram(H):
    N, h, w, C = H.shape
    A = H.reshape(N, h * w, C)
    return A.mT @ A / (C * C * h * w)


# %% gram wrong "divided by the height, not by height times width"
def gram(H):
    N, h, w, C = H.shape
    A = H.reshape(N, h * w, C)
    return A.mT @ A / (C * h)


# %% gram wrong "divided by the size of the whole batch"
def gram(H):
    N, h, w, C = H.shape
    A = H.reshape(N, h * w, C)
    return A.mT @ A / H.numel()


# %% gram wrong "the axes are only relabelled: channels last read as channels first"
def gram(H):
    N, h, w, C = H.shape
    A = H.reshape(N, C, h * w).mT
    return A.mT @ A / (C * h * w)


# %% gram wrong "the means are taken out: a covariance"
def gram(H):
    N, h, w, C = H.shape
    A = H.reshape(N, h * w, C)
    A = A - A.mean(dim=1, keepdim=True)
    return A.mT @ A / (C * h * w)


# %% gram wrong "the mean of each place over its channels is taken out"
def gram(H):
    N, h, w, C = H.shape
    A = H.reshape(N, h * w, C)
    A = A - A.mean(dim=2, keepdim=True)
    return A.mT @ A / (C * h * w)


# %% gram wrong "the images of the batch are mixed: one matrix for all of them"
def gram(H):
    N, h, w, C = H.shape
    A = H.reshape(N * h * w, C)
    return A.mT @ A / (C * h * w)


# %% gram wrong "the last two axes flattened: columns are channels and columns of the image"
def gram(H):
    N, h, w, C = H.shape
    A = H.flatten(2).reshape(N, h, w * C)
    return A.mT @ A / (C * h * w)


# %% gram wrong "each channel standardised: a correlation over the channels"
def gram(H):
    N, h, w, C = H.shape
    A = H.reshape(N, h * w, C)
    A = A / A.norm(dim=1, keepdim=True)
    return A.mT @ A / (C * h * w)


# %% gram wrong "absolute products"
def gram(H):
    N, h, w, C = H.shape
    A = H.reshape(N, h * w, C)
    return A.mT.abs() @ A.abs() / (C * h * w)


# %% gram wrong "a library does the product"
def gram(H):
    return torch.einsum("nhwc,nhwd->ncd", H, H) / H[0].numel()


# %% gram wrong "a loop, where none is allowed"
def gram(H):
    rows = [image.flatten(0, 1) for image in H]
    return torch.stack([A.T @ A / A.numel() for A in rows])


# %% gram wrong "the lecture's, for channels first"
def gram(H):
    A = H.flatten(2)
    return A @ A.mT / A.shape[2]


# %% correlation hints [markdown]
# 1. The Gram matrix holds means of products. What do you have to take off, cell by
#    cell, so that the means of the channels no longer count?
# 2. First the covariance; its diagonal holds the variances. Each cell is divided by two
#    deviations, that of its row and that of its column. For a silent channel don't
#    divide by anything near 0: make its factor 0.
# 3. Covariance: the Gram matrix less a table of products of means. A vector with one
#    over the root of each variance, or 0 where the variance is too small. The
#    covariance times that vector, once along the rows, once along the columns.


# %% correlation right "divided, then silenced"
def correlation(G, m):
    S = G - m[:, None] * m
    d = S.diagonal().clamp(min=1e-12).sqrt()
    silent = S.diagonal() < 1e-6
    R = S / d[:, None] / d
    R[silent] = 0
    R[:, silent] = 0
    return R


# %% correlation right "cell by cell"
def correlation(G, m):
    C = len(m)
    R = torch.zeros(C, C)
    variance = [G[i, i] - m[i] ** 2 for i in range(C)]
    for i in range(C):
        for j in range(C):
            if variance[i] >= 1e-6 and variance[j] >= 1e-6:
                R[i, j] = (G[i, j] - m[i] * m[j]) / (variance[i] * variance[j]).sqrt()
    return R


# %% correlation wrong "the means stay in: a cosine of the channels"
def correlation(G, m):
    S = G
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = torch.where(speaks, variance, 1.0).rsqrt() * speaks
    return S * torch.outer(scale, scale)


# %% correlation wrong "the means are added, not taken off"
def correlation(G, m):
    S = G + torch.outer(m, m)
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = torch.where(speaks, variance, 1.0).rsqrt() * speaks
    return S * torch.outer(scale, scale)


# %% correlation wrong "the mean of the row only is taken off"
def correlation(G, m):
    S = G - m[:, None]
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = torch.where(speaks, variance, 1.0).rsqrt() * speaks
    return S * torch.outer(scale, scale)


# %% correlation wrong "only the diagonal loses its means"
def correlation(G, m):
    S = G - torch.diag(m**2)
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = torch.where(speaks, variance, 1.0).rsqrt() * speaks
    return S * torch.outer(scale, scale)


# %% correlation wrong "the product of means is summed to one number"
def correlation(G, m):
    S = G - m @ m
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = torch.where(speaks, variance, 1.0).rsqrt() * speaks
    return S * torch.outer(scale, scale)


# %% correlation wrong "a covariance: not divided by the deviations"
def correlation(G, m):
    S = G - torch.outer(m, m)
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = torch.where(speaks, variance, 1.0).rsqrt() * speaks
    return S


# %% correlation wrong "divided by the variances, not by the deviations"
def correlation(G, m):
    S = G - torch.outer(m, m)
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = torch.where(speaks, variance, 1.0).reciprocal() * speaks
    return S * torch.outer(scale, scale)


# %% correlation wrong "multiplied by the deviations"
def correlation(G, m):
    S = G - torch.outer(m, m)
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = torch.where(speaks, variance, 1.0).sqrt() * speaks
    return S * torch.outer(scale, scale)


# %% correlation wrong "divided by the deviation of the row only"
def correlation(G, m):
    S = G - torch.outer(m, m)
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = torch.where(speaks, variance, 1.0).rsqrt() * speaks
    return S * scale[:, None]


# %% correlation wrong "divided by the deviation of the column only"
def correlation(G, m):
    S = G - torch.outer(m, m)
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = torch.where(speaks, variance, 1.0).rsqrt() * speaks
    return S * scale


# %% correlation wrong "divided by the roots of the Gram matrix's diagonal, means included"
def correlation(G, m):
    S = G - torch.outer(m, m)
    variance = G.diagonal()
    speaks = variance >= 1e-6
    scale = torch.where(speaks, variance, 1.0).rsqrt() * speaks
    return S * torch.outer(scale, scale)


# %% correlation wrong "a silent channel divides by 0"
def correlation(G, m):
    S = G - torch.outer(m, m)
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = variance.rsqrt()
    return S * torch.outer(scale, scale)


# %% correlation wrong "the diagonal of a silent channel is 1"
def correlation(G, m):
    S = G - torch.outer(m, m)
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = torch.where(speaks, variance, 1.0).rsqrt() * speaks
    return (S * torch.outer(scale, scale)).fill_diagonal_(1)


# %% correlation wrong "1e-6 is added to every variance in place of a threshold"
def correlation(G, m):
    S = G - torch.outer(m, m)
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = (variance + 0.01).rsqrt()
    return S * torch.outer(scale, scale)


# %% correlation wrong "divided by the mean variance of all channels"
def correlation(G, m):
    S = G - torch.outer(m, m)
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = variance.mean().rsqrt() * speaks
    return S * torch.outer(scale, scale)


# %% correlation wrong "absolute values"
def correlation(G, m):
    S = G - torch.outer(m, m)
    variance = S.diagonal()
    speaks = variance >= 1e-6
    scale = torch.where(speaks, variance, 1.0).rsqrt() * speaks
    return S.abs() * torch.outer(scale, scale)


# %% content_loss hints [markdown]
# 1. Which layers count, those that have maps or those that have a weight? And over
#    which axes is a sum, over which a mean?
# 2. For one layer: the difference of N pictures' maps and one photo's broadcasts over
#    the first axis. Its squares are summed over everything; the mean over the pictures
#    is a division by N, nothing else is divided.
# 3. Begin with 0. For each layer of the weights add weight times half the sum of
#    squares, over the number of pictures. Return the sum.


# %% content_loss right "a loss for each picture, then the mean"
def content_loss(maps, targets, weights):
    each = [
        0.5 * w * (maps[k] - targets[k]).square().sum(dim=(1, 2, 3))
        for k, w in weights.items()
    ]
    return sum(each).mean()


# %% content_loss right "a mean over the batch first"
def content_loss(maps, targets, weights):
    loss = torch.tensor(0.0)
    for layer in maps:
        if layer in weights:
            difference = maps[layer] - targets[layer]
            loss = loss + weights[layer] * difference.pow(2).mean(dim=0).sum() / 2
    return loss


# %% content_loss wrong "the factor 1/2 is missing"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2
        total = total + weight * squares.sum() / len(squares)
    return total


# %% content_loss wrong "the mean of the squares, not their sum"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2
        total = total + weight / 2 * squares.mean()
    return total


# %% content_loss wrong "the sum over the pictures, not their mean"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2
        total = total + weight / 2 * squares.sum()
    return total


# %% content_loss wrong "divided by the number of channels, too"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2
        total = total + weight / 2 * squares.sum() / len(squares) / squares.shape[1]
    return total


# %% content_loss wrong "divided by the number of channels, not of pictures"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2
        total = total + weight / 2 * squares.sum() / squares.shape[1]
    return total


# %% content_loss wrong "divided by the number of places, too"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2
        total = (
            total + weight / 2 * squares.sum() / len(squares) / squares[0, 0].numel()
        )
    return total


# %% content_loss wrong "the weights are ignored"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2
        total = total + 1 / 2 * squares.sum() / len(squares)
    return total


# %% content_loss wrong "the weights are made to sum to 1"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2
        total = total + weight / 2 * squares.sum() / len(squares)
    return total / sum(weights.values())


# %% content_loss wrong "the mean over the layers, not their sum"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2
        total = total + weight / 2 * squares.sum() / len(squares)
    return total / len(weights)


# %% content_loss wrong "layers without a weight count with 1"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer in maps:
        weight = weights.get(layer, 1.0)
        squares = (maps[layer] - targets[layer]) ** 2
        total = total + weight / 2 * squares.sum() / len(squares)
    return total


# %% content_loss wrong "only the last layer counts"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2
        total = weight / 2 * squares.sum() / len(squares)
    return total


# %% content_loss wrong "only the first layer counts"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2
        total = total + weight / 2 * squares.sum() / len(squares)
        break
    return total


# %% content_loss wrong "absolute differences in place of squares"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]).abs()
        total = total + weight / 2 * squares.sum() / len(squares)
    return total


# %% content_loss wrong "the weights are squared"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2
        total = total + weight**2 / 2 * squares.sum() / len(squares)
    return total


# %% content_loss wrong "the root of the sum of squares"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2
        total = total + weight / 2 * squares.sum().sqrt() / len(squares)
    return total


# %% content_loss wrong "a loss for each picture, no mean"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2
        total = total + weight / 2 * squares.sum(dim=(1, 2, 3))
    return total


# %% content_loss wrong "relative to the size of the target, as in the lecture"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer] - targets[layer]) ** 2
        total = (
            total
            + weight / 2 * squares.sum() / len(squares) / targets[layer].square().sum()
        )
    return total


# %% content_loss wrong "Gram matrices compared in place of maps"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        A, B = maps[layer].flatten(2), targets[layer].flatten(2)
        squares = (A @ A.mT - B @ B.mT) ** 2
        total = total + weight / 2 * squares.sum() / len(squares)
    return total


# %% content_loss wrong "only the first picture of the batch"
def content_loss(maps, targets, weights):
    total = 0.0
    for layer, weight in weights.items():
        squares = (maps[layer][:1] - targets[layer]) ** 2
        total = total + weight / 2 * squares.sum() / len(squares)
    return total


# %% style_loss hints [markdown]
# 1. The Gram matrix here is a sum. For 3 pictures, which shape has the table of squared
#    differences from the target, and which axes of it are summed?
# 2. Channels and places of a layer appear squared under the line. The number of places
#    is height times width. The weights are divided by their own sum, whatever that is.
# 3. For each layer: flatten the places, one matrix product for all pictures, the
#    squared difference from the target summed over both channel axes, divided by four
#    times the square of the size of one picture's maps. Weighted sum; at the end divide
#    by the sum of the weights.


# %% style_loss right "a list, with einsum"
def style_loss(maps, targets, weights):
    total = sum(weights.values())
    losses = []
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        G = torch.einsum("nchw,ndhw->ncd", maps[layer], maps[layer])
        E = (G - targets[layer]).square().sum(dim=(1, 2)) / (4 * C**2 * (h * w) ** 2)
        losses.append(weight / total * E)
    return torch.stack(losses).sum(dim=0)


# %% style_loss right "means, so that the target is divided by the places"
def style_loss(maps, targets, weights):
    result = 0
    for layer in weights:
        A = maps[layer].flatten(2)
        M = A.shape[-1]
        difference = A @ A.mT / M - targets[layer] / M
        share = weights[layer] / sum(weights.values())
        result = result + share / 4 * difference.square().mean(dim=(1, 2))
    return result


# %% style_loss wrong "the factor 1/4 is missing"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + weight * squares.sum(dim=(1, 2)) / (C**2 * (h * w) ** 2)
    return losses / sum(weights.values())


# %% style_loss wrong "1/2 in place of 1/4"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + weight * squares.sum(dim=(1, 2)) / (2 * C**2 * (h * w) ** 2)
    return losses / sum(weights.values())


# %% style_loss wrong "the number of channels is not squared"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + weight * squares.sum(dim=(1, 2)) / (4 * C * (h * w) ** 2)
    return losses / sum(weights.values())


# %% style_loss wrong "the number of places is not squared"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + weight * squares.sum(dim=(1, 2)) / (4 * C**2 * (h * w))
    return losses / sum(weights.values())


# %% style_loss wrong "not divided by the places"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + weight * squares.sum(dim=(1, 2)) / (4 * C**2)
    return losses / sum(weights.values())


# %% style_loss wrong "not divided by the channels"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + weight * squares.sum(dim=(1, 2)) / (4 * (h * w) ** 2)
    return losses / sum(weights.values())


# %% style_loss wrong "the mean over the cells and then once more over C squared"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + weight * squares.mean(dim=(1, 2)) / (4 * C**2 * (h * w) ** 2)
    return losses / sum(weights.values())


# %% style_loss wrong "the weights are not divided by their sum"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + weight * squares.sum(dim=(1, 2)) / (4 * C**2 * (h * w) ** 2)
    return losses


# %% style_loss wrong "divided by the number of layers, not by the sum of the weights"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + weight * squares.sum(dim=(1, 2)) / (4 * C**2 * (h * w) ** 2)
    return losses / len(weights)


# %% style_loss wrong "the weights are ignored: a plain mean over the layers"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + squares.sum(dim=(1, 2)) / (4 * C**2 * (h * w) ** 2)
    return losses / len(weights)


# %% style_loss wrong "the Gram matrix is a mean, the target a sum"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT / (h * w) - targets[layer]) ** 2
        losses = losses + weight * squares.sum(dim=(1, 2)) / (4 * C**2 * (h * w) ** 2)
    return losses / sum(weights.values())


# %% style_loss wrong "one number for the batch: the mean over the pictures"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + weight * squares.sum(dim=(1, 2)).mean() / (
            4 * C**2 * (h * w) ** 2
        )
    return losses / sum(weights.values())


# %% style_loss wrong "one number for the batch: the sum over the pictures"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + weight * squares.sum() / (4 * C**2 * (h * w) ** 2)
    return losses / sum(weights.values())


# %% style_loss wrong "absolute differences in place of squares"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]).abs()
        losses = losses + weight * squares.sum(dim=(1, 2)) / (4 * C**2 * (h * w) ** 2)
    return losses / sum(weights.values())


# %% style_loss wrong "the difference is summed before it is squared"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        difference = A @ A.mT - targets[layer]
        losses = losses + weight * difference.sum(dim=(1, 2)) ** 2 / (
            4 * C**2 * (h * w) ** 2
        )
    return losses / sum(weights.values())


# %% style_loss wrong "layers without a weight count with 1"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer in maps:
        weight = weights.get(layer, 1.0)
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + weight * squares.sum(dim=(1, 2)) / (4 * C**2 * (h * w) ** 2)
    return losses / sum(weights.values())


# %% style_loss wrong "the means are taken out: a covariance"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        A = A - A.mean(dim=2, keepdim=True)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + weight * squares.sum(dim=(1, 2)) / (4 * C**2 * (h * w) ** 2)
    return losses / sum(weights.values())


# %% style_loss wrong "only the diagonal of the Gram matrices is compared"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + weight * squares.diagonal(dim1=1, dim2=2).sum(dim=1) / (
            4 * C**2 * (h * w) ** 2
        )
    return losses / sum(weights.values())


# %% style_loss wrong "the weights are squared"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = losses + weight**2 * squares.sum(dim=(1, 2)) / (
            4 * C**2 * (h * w) ** 2
        )
    return losses / sum(weights.values())


# %% style_loss wrong "only the last layer counts"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A @ A.mT - targets[layer]) ** 2
        losses = weight * squares.sum(dim=(1, 2)) / (4 * C**2 * (h * w) ** 2)
    return losses / sum(weights.values())


# %% style_loss wrong "a Gram matrix over the places"
def style_loss(maps, targets, weights):
    losses = 0.0
    for layer, weight in weights.items():
        N, C, h, w = maps[layer].shape
        A = maps[layer].reshape(N, C, h * w)
        squares = (A.mT @ A - targets[layer]) ** 2
        losses = losses + weight * squares.sum(dim=(1, 2)) / (4 * C**2 * (h * w) ** 2)
    return losses / sum(weights.values())


# %% style_loss wrong "the lecture's loss"
def style_loss(maps, targets, weights):
    total = 0.0
    for k, weight in weights.items():
        A = maps[k].flatten(2)
        error = (A @ A.mT / A.shape[2] - targets[k]).square().sum()
        total = total + weight * error / targets[k].square().sum()
    return total / sum(weights.values())


# %% style_loss wrong "brackets around the divisor are missing"
def style_loss(maps, targets, weights):
    total, loss = sum(weights.values()), 0.0
    for k, w in weights.items():
        A = maps[k].flatten(2)
        C, M = A.shape[1:]
        E = (A @ A.mT - targets[k]).square().sum(dim=(1, 2)) / 4 * C**2 * M**2
        loss = loss + w / total * E
    return loss


# %% features_at hints [markdown]
# 1. A hook is called when its module has returned. What happens to the tensor that it
#    was given, if the next module writes into the same memory?
# 2. One hook for each name, registered on the submodule of that name. It keeps a copy
#    that still belongs to the graph. After the one call of the net every hook has to
#    go, and the results have to be brought into the order asked for, which may not be
#    that of the calls.
# 3. A dict for what was found and a list for the handles. In a loop: a small function
#    that stores a copy of the output under its own name, registered on the submodule.
#    Call the net once, remove the handles, return the dict in the order of the names.


# %% features_at right "a factory of hooks, removed whatever happens"
def features_at(net, X, names):
    modules = dict(net.named_modules())
    found = dict.fromkeys(names)

    def keeper(name):
        def hook(module, inputs, output):
            found[name] = output + 0

        return hook

    handles = [modules[name].register_forward_hook(keeper(name)) for name in names]
    try:
        net(X)
    finally:
        for handle in handles:
            handle.remove()
    return found


# %% features_at right "the name looked up by the module"
def features_at(net, X, names):
    name_of = {net.get_submodule(name): name for name in names}
    found = {}

    def hook(module, inputs, output):
        found[name_of[module]] = output * 1.0

    handles = [module.register_forward_hook(hook) for module in name_of]
    net(X)
    [handle.remove() for handle in handles]
    return {name: found[name] for name in names}


# %% features_at wrong "no copy is kept: the next module changes it in place"
def features_at(net, X, names):
    found, handles = {}, []
    for name in names:

        def keep(module, inputs, output, name=name):
            found[name] = output

        handles.append(net.get_submodule(name).register_forward_hook(keep))
    net(X)
    for handle in handles:
        handle.remove()
    return {name: found[name] for name in names}


# %% features_at wrong "the outputs are detached: no gradient reaches the picture"
def features_at(net, X, names):
    found, handles = {}, []
    for name in names:

        def keep(module, inputs, output, name=name):
            found[name] = output.detach().clone()

        handles.append(net.get_submodule(name).register_forward_hook(keep))
    net(X)
    for handle in handles:
        handle.remove()
    return {name: found[name] for name in names}


# %% features_at wrong "the input of the module is kept, not its output"
def features_at(net, X, names):
    found, handles = {}, []
    for name in names:

        def keep(module, inputs, output, name=name):
            found[name] = inputs[0].clone()

        handles.append(net.get_submodule(name).register_forward_hook(keep))
    net(X)
    for handle in handles:
        handle.remove()
    return {name: found[name] for name in names}


# %% features_at wrong "the order of the calls, not that of the names"
def features_at(net, X, names):
    found, handles = {}, []
    for name in names:

        def keep(module, inputs, output, name=name):
            found[name] = output.clone()

        handles.append(net.get_submodule(name).register_forward_hook(keep))
    net(X)
    for handle in handles:
        handle.remove()
    return found


# %% features_at wrong "every hook writes under the last name"
def features_at(net, X, names):
    found, handles = {}, []
    for name in names:

        def keep(module, inputs, output):
            found[name] = output.clone()

        handles.append(net.get_submodule(name).register_forward_hook(keep))
    net(X)
    for handle in handles:
        handle.remove()
    return found


# %% features_at wrong "the net is put into eval mode and left there"
def features_at(net, X, names):
    found, handles = {}, []
    for name in names:

        def keep(module, inputs, output, name=name):
            found[name] = output.clone()

        handles.append(net.get_submodule(name).register_forward_hook(keep))
    net.eval()
    net(X)
    for handle in handles:
        handle.remove()
    return {name: found[name] for name in names}


# %% features_at wrong "the net is put into train mode and left there"
def features_at(net, X, names):
    found, handles = {}, []
    for name in names:

        def keep(module, inputs, output, name=name):
            found[name] = output.clone()

        handles.append(net.get_submodule(name).register_forward_hook(keep))
    net.train()
    net(X)
    for handle in handles:
        handle.remove()
    return {name: found[name] for name in names}


# %% features_at wrong "a hook replaces the output by its double"
def features_at(net, X, names):
    found, handles = {}, []
    for name in names:

        def keep(module, inputs, output, name=name):
            found[name] = output.clone()
            return 2 * output

        handles.append(net.get_submodule(name).register_forward_hook(keep))
    net(X)
    for handle in handles:
        handle.remove()
    return {name: found[name] for name in names}


# %% features_at wrong "a list of tensors in place of a dict"
def features_at(net, X, names):
    found, handles = {}, []
    for name in names:

        def keep(module, inputs, output, name=name):
            found[name] = output.clone()

        handles.append(net.get_submodule(name).register_forward_hook(keep))
    net(X)
    for handle in handles:
        handle.remove()
    return [found[name] for name in names]


# %% features_at wrong "the places are averaged"
def features_at(net, X, names):
    found, handles = {}, []
    for name in names:

        def keep(module, inputs, output, name=name):
            found[name] = output.mean(dim=(2, 3), keepdim=True)

        handles.append(net.get_submodule(name).register_forward_hook(keep))
    net(X)
    for handle in handles:
        handle.remove()
    return {name: found[name] for name in names}


# %% features_at wrong "the names in alphabetical order"
def features_at(net, X, names):
    found, handles = {}, []
    for name in names:

        def keep(module, inputs, output, name=name):
            found[name] = output.clone()

        handles.append(net.get_submodule(name).register_forward_hook(keep))
    net(X)
    for handle in handles:
        handle.remove()
    return {name: found[name] for name in sorted(names)}


# %% features_at wrong "the output of the whole net under each name"
def features_at(net, X, names):
    found, handles = {}, []
    for name in names:

        def keep(module, inputs, output, name=name):
            found[name] = output.clone()

        handles.append(net.get_submodule(name).register_forward_hook(keep))
    last = net(X)
    for handle in handles:
        handle.remove()
    return {name: last for name in names}


# %% features_at wrong "the net is called in eval mode, however it came"
def features_at(net, X, names):
    was, found, handles = net.training, {}, []
    for name in names:

        def keep(module, inputs, output, name=name):
            found[name] = output.clone()

        handles.append(net.get_submodule(name).register_forward_hook(keep))
    net.eval()
    net(X)
    net.train(was)
    for handle in handles:
        handle.remove()
    return {name: found[name] for name in names}


# %% dream hints [markdown]
# 1. What shall move, and what shall stand still: what of the net could a call, or a
#    backward pass, change?
# 2. The gradient of the value is needed for the pixels alone; `torch.autograd.grad`
#    gives it and leaves nothing behind in the net. The step goes uphill. Eval mode is a
#    state that has to be put back; the clip comes after the step.
# 3. Note the mode and go to eval. A copy of the pixels. In each step: pixels that
#    require a gradient, the mean of the channel, its gradient, a new tensor of pixels
#    from the step, clipped, without a graph; the value as a float. Put the mode back;
#    return both.


# %% dream right "a leaf, changed in place"
def dream(net, X, channel, num_steps, lr):
    mode = net.training
    net.eval()
    picture = X.detach().clone().requires_grad_(True)
    values = []
    for _ in range(num_steps):
        value = net(picture)[:, channel, :, :].mean()
        g = torch.autograd.grad(value, [picture])[0]
        with torch.no_grad():
            picture += lr * g / (g.abs().mean() + 1e-8)
            picture.clamp_(0, 1)
        values.append(float(value))
    net.train(mode)
    return picture.detach(), values


# %% dream right "backward restricted to the pixels"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.train(False)
    picture, values = X, []
    for _ in range(num_steps):
        leaf = picture.clone().requires_grad_()
        value = net(leaf).mean(dim=(0, 2, 3))[channel]
        value.backward(inputs=[leaf])
        direction = leaf.grad / (leaf.grad.abs().mean() + 1e-8)
        picture = torch.clip(picture + lr * direction, min=0.0, max=1.0)
        values.append(value.item())
    net.train(was_training)
    return picture.clone(), values


# %% dream wrong "downhill: the value falls"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() - lr * g / (g.abs().mean() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    net.train(was_training)
    return X, values


# %% dream wrong "the gradient as it is, not divided by its mean size"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g).clamp(0, 1)
        values.append(value.item())
    net.train(was_training)
    return X, values


# %% dream wrong "divided by the norm of the gradient"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g / (g.norm() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    net.train(was_training)
    return X, values


# %% dream wrong "divided by the sum of the absolute gradient"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g / (g.abs().sum() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    net.train(was_training)
    return X, values


# %% dream wrong "divided by the mean of the gradient, signs and all"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g / (g.mean() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    net.train(was_training)
    return X, values


# %% dream wrong "only the sign of the gradient"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g.sign()).clamp(0, 1)
        values.append(value.item())
    net.train(was_training)
    return X, values


# %% dream wrong "the pixels leave [0, 1]"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = X.detach() + lr * g / (g.abs().mean() + 1e-8)
        values.append(value.item())
    net.train(was_training)
    return X, values


# %% dream wrong "the pixels are put back into [0, 1] only at the end"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = X.detach() + lr * g / (g.abs().mean() + 1e-8)
        values.append(value.item())
    net.train(was_training)
    return X.clamp(0, 1), values


# %% dream wrong "the net in the mode in which it came"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g / (g.abs().mean() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    net.train(was_training)
    return X, values


# %% dream wrong "the net in train mode"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.train()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g / (g.abs().mean() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    net.train(was_training)
    return X, values


# %% dream wrong "the net is left in eval mode"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g / (g.abs().mean() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    return X, values


# %% dream wrong "the net is left in train mode, however it came"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g / (g.abs().mean() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    net.train()
    return X, values


# %% dream wrong "the sum of the channel, not its mean"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].sum()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g / (g.abs().mean() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    net.train(was_training)
    return X, values


# %% dream wrong "the mean of all channels"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X).mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g / (g.abs().mean() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    net.train(was_training)
    return X, values


# %% dream wrong "an image picked in place of a channel"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[min(channel, len(X) - 1)].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g / (g.abs().mean() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    net.train(was_training)
    return X, values


# %% dream wrong "the values are tensors, not floats"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g / (g.abs().mean() + 1e-8)).clamp(0, 1)
        values.append(value.detach())
    net.train(was_training)
    return X, values


# %% dream wrong "the value after each step"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g / (g.abs().mean() + 1e-8)).clamp(0, 1)
        with torch.no_grad():
            values.append(net(X)[:, channel].mean().item())
    net.train(was_training)
    return X, values


# %% dream wrong "the parameters are frozen and left so"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval().requires_grad_(False)
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g / (g.abs().mean() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    net.train(was_training)
    return X, values


# %% dream wrong "the parameters are frozen, then all set free, frozen ones too"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        (g,) = torch.autograd.grad(value, X)
        X = (X.detach() + lr * g / (g.abs().mean() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    net.train(was_training).requires_grad_(True)
    return X, values


# %% dream wrong "the gradient is left behind in the parameters, too"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values = X.clone(), []
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        value.backward()
        g = X.grad
        X = (X.detach() + lr * g / (g.abs().mean() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    net.train(was_training)
    return X, values


# %% dream wrong "the net's weights move, the pixels don't"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    values = []
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, maximize=True)
    for _ in range(num_steps):
        optimizer.zero_grad()
        value = net(X)[:, channel].mean()
        value.backward()
        optimizer.step()
        values.append(value.item())
    optimizer.zero_grad()
    net.train(was_training)
    return X.clone(), values


# %% dream wrong "gradients of all steps add up"
def dream(net, X, channel, num_steps, lr):
    was_training = net.training
    net.eval()
    X, values, g = X.clone(), [], 0
    for _ in range(num_steps):
        X.requires_grad_()
        value = net(X)[:, channel].mean()
        g = g + torch.autograd.grad(value, X)[0]
        X = (X.detach() + lr * g / (g.abs().mean() + 1e-8)).clamp(0, 1)
        values.append(value.item())
    net.train(was_training)
    return X, values


# %% to_bytes hints [markdown]
# 1. In which order do you undo the standardising: what was done last, dividing by the
#    deviation, or taking off the mean?
# 2. Three numbers for three channels broadcast along the last axis, so move the
#    channels there first. Work with floats until the very end; limit and round them
#    before they become bytes.
# 3. Move the channel axis to the end; times the deviations plus the means; times 255,
#    rounded, limited to 0 and 255, and only then changed to `uint8`.


# %% to_bytes right "reshaped lists, clamped as pixels"
def to_bytes(Z, mean, deviation):
    m = torch.tensor(mean).reshape(1, 3, 1, 1)
    d = torch.tensor(deviation).reshape(1, 3, 1, 1)
    X = (Z * d + m).clamp(0, 1)
    return torch.round(X * 255).byte().movedim(1, 3)


# %% to_bytes right "channel by channel"
def to_bytes(Z, mean, deviation):
    planes = [Z[:, c] * deviation[c] + mean[c] for c in range(3)]
    X = torch.stack(planes, dim=-1)
    return torch.clip(torch.round(X * 255), 0, 255).to(torch.uint8)


# %% to_bytes wrong "the mean is taken off, not added"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * d - m
    return (255 * X).round().clamp(0, 255).to(torch.uint8)


# %% to_bytes wrong "divided by the deviation, not multiplied"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) / d + m
    return (255 * X).round().clamp(0, 255).to(torch.uint8)


# %% to_bytes wrong "the mean is added before the deviation multiplies"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = (Z.permute(0, 2, 3, 1) + m) * d
    return (255 * X).round().clamp(0, 255).to(torch.uint8)


# %% to_bytes wrong "mean and deviation swapped"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * m + d
    return (255 * X).round().clamp(0, 255).to(torch.uint8)


# %% to_bytes wrong "standardised once more"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = (Z.permute(0, 2, 3, 1) - m) / d
    return (255 * X).round().clamp(0, 255).to(torch.uint8)


# %% to_bytes wrong "the mean is forgotten"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * d
    return (255 * X).round().clamp(0, 255).to(torch.uint8)


# %% to_bytes wrong "the deviation is forgotten"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) + m
    return (255 * X).round().clamp(0, 255).to(torch.uint8)


# %% to_bytes wrong "cut off, not rounded"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * d + m
    return (255 * X).clamp(0, 255).to(torch.uint8)


# %% to_bytes wrong "rounded up"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * d + m
    return (255 * X).ceil().clamp(0, 255).to(torch.uint8)


# %% to_bytes wrong "the numbers wrap around: nothing is limited"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * d + m
    return (255 * X).round().to(torch.int64).remainder(256).to(torch.uint8)


# %% to_bytes wrong "only the upper limit"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * d + m
    return (
        (255 * X).round().clamp(max=255).to(torch.int64).remainder(256).to(torch.uint8)
    )


# %% to_bytes wrong "only the lower limit"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * d + m
    return (255 * X).round().clamp(min=0).to(torch.int64).remainder(256).to(torch.uint8)


# %% to_bytes wrong "times 256"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * d + m
    return (256 * X).round().clamp(0, 255).to(torch.uint8)


# %% to_bytes wrong "clipped to [0, 1] before the scale of 255"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * d + m
    return X.round().clamp(0, 1).to(torch.uint8)


# %% to_bytes wrong "channels first"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * d + m
    return (255 * X).round().clamp(0, 255).to(torch.uint8).permute(0, 3, 1, 2)


# %% to_bytes wrong "the axes are only relabelled: the numbers don't move"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.reshape(Z.shape[0], Z.shape[2], Z.shape[3], 3) * d + m
    return (255 * X).round().clamp(0, 255).to(torch.uint8)


# %% to_bytes wrong "height and width swapped"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 3, 2, 1) * d + m
    return (255 * X).round().clamp(0, 255).to(torch.uint8)


# %% to_bytes wrong "floats, not bytes"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * d + m
    return (255 * X).round().clamp(0, 255)


# %% to_bytes wrong "pixels in [0, 1], not bytes"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * d + m
    return X.clamp(0, 1)


# %% to_bytes wrong "int64, not bytes"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * d + m
    return (255 * X).round().clamp(0, 255).to(torch.int64)


# %% to_bytes wrong "red and blue swapped"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * d + m
    X = X.flip(-1)
    return (255 * X).round().clamp(0, 255).to(torch.uint8)


# %% to_bytes wrong "stretched so that the smallest becomes 0 and the largest 255"
def to_bytes(Z, mean, deviation):
    m, d = torch.tensor(mean), torch.tensor(deviation)
    X = Z.permute(0, 2, 3, 1) * d + m
    X = (X - X.min()) / (X.max() - X.min())
    return (255 * X).round().clamp(0, 255).to(torch.uint8)


# %% to_bytes wrong "clipped before the standardisation is undone"
def to_bytes(Z, mean, deviation):
    X = Z.clamp(0, 1).movedim(1, -1) * torch.tensor(deviation) + torch.tensor(mean)
    return (255 * X).round().clamp(0, 255).to(torch.uint8)


# %% worth_keeping hints [markdown]
# 1. Take two runs with the same content loss and different style losses. Does one
#    dominate the other? And two runs with both losses equal?
# 2. For each run ask whether there is another that is nowhere worse and somewhere
#    better. Equal pairs are nowhere better, so they don't count. Note that a run may be
#    dominated by one that is itself dominated.
# 3. For each run collect the runs with both losses at most as large, without those that
#    have the very same pair. If none is left, keep its weight. Sort at the end.


# %% worth_keeping right "sorted by content, the best style so far"
def worth_keeping(runs):
    kept, best = [], float("inf")
    pairs = sorted({(c, s) for _, c, s in runs})
    front = set()
    for content, style in pairs:
        if style < best:
            front.add((content, style))
            best = style
    for weight, content, style in runs:
        if (content, style) in front:
            kept.append(weight)
    return sorted(kept)


# %% worth_keeping right "a function for one pair of runs"
def worth_keeping(runs):
    def dominates(a, b):
        nowhere_worse = a[1] <= b[1] and a[2] <= b[2]
        return nowhere_worse and (a[1] < b[1] or a[2] < b[2])

    return sorted(r[0] for r in runs if not any(dominates(q, r) for q in runs))


# %% worth_keeping wrong "smaller in both losses is asked of a rival"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [(c, s) for _, c, s in runs if c < content and s < style]
        if not rivals:
            kept.append(weight)
    return sorted(kept)


# %% worth_keeping wrong "smaller in the content loss is asked of a rival"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [
            (c, s)
            for _, c, s in runs
            if c < content and s <= style and (c, s) != (content, style)
        ]
        if not rivals:
            kept.append(weight)
    return sorted(kept)


# %% worth_keeping wrong "smaller in the style loss is asked of a rival"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [
            (c, s)
            for _, c, s in runs
            if c <= content and s < style and (c, s) != (content, style)
        ]
        if not rivals:
            kept.append(weight)
    return sorted(kept)


# %% worth_keeping wrong "equal runs dominate each other"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [(c, s) for _, c, s in runs if c <= content and s <= style]
        if len(rivals) == 1:
            kept.append(weight)
    return sorted(kept)


# %% worth_keeping wrong "larger in both losses dominates"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [
            (c, s)
            for _, c, s in runs
            if c >= content and s >= style and (c, s) != (content, style)
        ]
        if not rivals:
            kept.append(weight)
    return sorted(kept)


# %% worth_keeping wrong "smaller in one of the losses is enough"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [
            (c, s)
            for _, c, s in runs
            if (c < content or s < style) and (c, s) != (content, style)
        ]
        if not rivals:
            kept.append(weight)
    return sorted(kept)


# %% worth_keeping wrong "the dominated runs are returned"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [
            (c, s)
            for _, c, s in runs
            if c <= content and s <= style and (c, s) != (content, style)
        ]
        if rivals:
            kept.append(weight)
    return sorted(kept)


# %% worth_keeping wrong "not sorted"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [
            (c, s)
            for _, c, s in runs
            if c <= content and s <= style and (c, s) != (content, style)
        ]
        if not rivals:
            kept.append(weight)
    return kept


# %% worth_keeping wrong "sorted from large to small"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [
            (c, s)
            for _, c, s in runs
            if c <= content and s <= style and (c, s) != (content, style)
        ]
        if not rivals:
            kept.append(weight)
    return sorted(kept, reverse=True)


# %% worth_keeping wrong "the pairs of losses are returned, not the weights"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [
            (c, s)
            for _, c, s in runs
            if c <= content and s <= style and (c, s) != (content, style)
        ]
        if not rivals:
            kept.append((content, style))
    return sorted(kept)


# %% worth_keeping wrong "the whole runs are returned, not the weights"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [
            (c, s)
            for _, c, s in runs
            if c <= content and s <= style and (c, s) != (content, style)
        ]
        if not rivals:
            kept.append((weight, content, style))
    return sorted(kept)


# %% worth_keeping wrong "runs with the same losses are kept once"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [
            (c, s)
            for _, c, s in runs
            if c <= content and s <= style and (c, s) != (content, style)
        ]
        if (content, style) in [r[1:] for r in runs if r[0] in kept]:
            continue
        if not rivals:
            kept.append(weight)
    return sorted(kept)


# %% worth_keeping wrong "a rival must have a smaller weight"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [
            (c, s)
            for w, c, s in runs
            if w < weight and c <= content and s <= style and (c, s) != (content, style)
        ]
        if not rivals:
            kept.append(weight)
    return sorted(kept)


# %% worth_keeping wrong "a rival must have a larger weight"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [
            (c, s)
            for w, c, s in runs
            if w > weight and c <= content and s <= style and (c, s) != (content, style)
        ]
        if not rivals:
            kept.append(weight)
    return sorted(kept)


# %% worth_keeping wrong "sorted by the content loss"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [
            (c, s)
            for _, c, s in runs
            if c <= content and s <= style and (c, s) != (content, style)
        ]
        if not rivals:
            kept.append((content, weight))
    return [w for _, w in sorted(kept)]


# %% worth_keeping wrong "only neighbours in the list are compared"
def worth_keeping(runs):
    kept = []
    for weight, content, style in runs:
        rivals = [
            (c, s)
            for w, c, s in runs
            if abs([r[0] for r in runs].index(w) - [r[0] for r in runs].index(weight))
            == 1
            and c <= content
            and s <= style
            and (c, s) != (content, style)
        ]
        if not rivals:
            kept.append(weight)
    return sorted(kept)


# %% worth_keeping wrong "the run with the smallest sum of the losses"
def worth_keeping(runs):
    if not runs:
        return []
    best = min(content + style for _, content, style in runs)
    return sorted(w for w, content, style in runs if content + style == best)


# %% worth_keeping wrong "the best in each loss only"
def worth_keeping(runs):
    if not runs:
        return []
    content = min(runs, key=lambda run: run[1:])
    style = min(runs, key=lambda run: (run[2], run[1]))
    return sorted({content[0], style[0]})


# %% worth_keeping wrong "a loss below the mean of the runs"
def worth_keeping(runs):
    if not runs:
        return []
    c, s = (sum(run[k] for run in runs) / len(runs) for k in (1, 2))
    return sorted(run[0] for run in runs if run[1] <= c or run[2] <= s)


# %% texture hints [markdown]
# 1. Print the shape of the faulty program's two Gram matrices. How many rows should
#    they have, and why does another size of the style photo matter to them?
# 2. Style forgets places, so the sum runs over them. A gradient that nobody sets to
#    zero is the sum of all gradients so far. And a clamp in front of the net limits
#    what the net sees, not what the picture is.
# 3. Keep the frame. Products over the other axis, divided by the number of places; the
#    target's matrix once, before the loop; gradients set to zero at the start of each
#    step; the picture put back into its limits after each step, without recording it.


# %% texture right "einsum, and gradients set to None"
def texture(net, style, X, num_steps, lr):
    def gram(H):
        return torch.einsum("nchw,ndhw->cd", H, H) / (H.shape[2] * H.shape[3])

    picture, losses = torch.nn.Parameter(X.clone()), []
    for _ in range(num_steps):
        picture.grad = None
        loss = torch.mean((gram(net(style)) - gram(net(picture))) ** 2)
        loss.backward()
        with torch.no_grad():
            picture -= lr * picture.grad
            picture.clip_(0, 1)
        losses.append(float(loss))
    return picture.detach(), losses


# %% texture right "the faulty program, mended line by line"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        loss = ((H @ H.mT / H.shape[2] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "nothing is mended"
def texture(net, style, X, num_steps, lr):
    return faulty_texture(net, style, X, num_steps, lr)


# %% texture wrong "the matrix is still one of places"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T.mT @ T / T.shape[1]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        loss = ((H.mT @ H / H.shape[1] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "the right matrix, divided by the channels"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[1]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        loss = ((H @ H.mT / H.shape[1] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "the gradients still add up"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        H = net(X).flatten(2)
        loss = ((H @ H.mT / H.shape[2] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "the clamp is still in front of the net only"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X.clamp(0, 1)).flatten(2)
        loss = ((H @ H.mT / H.shape[2] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "no clamp at all"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        loss = ((H @ H.mT / H.shape[2] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "the clamp comes once, at the end"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        loss = ((H @ H.mT / H.shape[2] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return X.detach().clamp(0, 1), losses


# %% texture wrong "a clamp in front of the net and one at the end"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X.clamp(0, 1)).flatten(2)
        loss = ((H @ H.mT / H.shape[2] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return X.detach().clamp(0, 1), losses


# %% texture wrong "places and no zero_grad: only the clamp is mended"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T.mT @ T / T.shape[1]
    for _ in range(num_steps):
        H = net(X).flatten(2)
        loss = ((H.mT @ H / H.shape[1] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "places and the clamp: only the gradients are mended"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T.mT @ T / T.shape[1]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X.clamp(0, 1)).flatten(2)
        loss = ((H.mT @ H / H.shape[1] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "gradients and the clamp: only the matrix is mended"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        H = net(X.clamp(0, 1)).flatten(2)
        loss = ((H @ H.mT / H.shape[2] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "the matrices are not divided"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        loss = ((H @ H.mT - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "the picture's places are counted for the style photo too"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        loss = ((H @ H.mT / H.shape[2] - T @ T.mT / H.shape[2]) ** 2).mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "the sum of squares, not their mean"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        loss = ((H @ H.mT / H.shape[2] - goal) ** 2).sum()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "the means are taken out: a covariance"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    T = T - T.mean(dim=2, keepdim=True)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        H = H - H.mean(dim=2, keepdim=True)
        loss = ((H @ H.mT / H.shape[2] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "absolute differences"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        loss = (H @ H.mT / H.shape[2] - goal).abs().mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "uphill"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr, maximize=True)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        loss = ((H @ H.mT / H.shape[2] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "Adam in place of plain gradient descent"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.Adam([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        loss = ((H @ H.mT / H.shape[2] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "the losses after each step"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        loss = ((H @ H.mT / H.shape[2] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        with torch.no_grad():
            H = net(X).flatten(2)
            loss = ((H @ H.mT / H.shape[2] - goal) ** 2).mean()
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "losses are tensors, not floats"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        loss = ((H @ H.mT / H.shape[2] - goal) ** 2).mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        losses.append(loss.detach())
    return X.detach(), losses


# %% texture wrong "the clamp comes before the step"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        loss = ((H @ H.mT / H.shape[2] - goal) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            X.clamp_(0, 1)
        optimizer.step()
        losses.append(loss.item())
    return X.detach(), losses


# %% texture wrong "maps compared place by place: a content loss"
def texture(net, style, X, num_steps, lr):
    X, losses = X.clone().requires_grad_(), []
    optimizer = torch.optim.SGD([X], lr=lr)
    T = net(style).flatten(2)
    goal = T @ T.mT / T.shape[2]
    for _ in range(num_steps):
        optimizer.zero_grad()
        H = net(X).flatten(2)
        loss = ((H - T[..., : H.shape[2]]) ** 2).mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            X.clamp_(0, 1)
        losses.append(loss.item())
    return X.detach(), losses


# %% adain hints [markdown]
# 1. Over which axes are the mean and the deviation of *one* image and *one* channel,
#    and how do you keep them so that they broadcast against the maps?
# 2. First take the content's own mean and deviation away, then give it the style's. The
#    variance divides by the number of places, which is not PyTorch's default. Only the
#    content's variance gets the small number, under the root.
# 3. Four small tensors with two axes of size 1. Standardise the content with its two,
#    multiply by the style's deviation, add the style's mean; then the weighted mean of
#    this and the content.


# %% adain right "flattened places, an interpolation"
def adain(content, style, alpha):
    A, B = content.flatten(2), style.flatten(2)
    d, mu = torch.std_mean(B, dim=2, correction=0, keepdim=True)
    variance = A.var(dim=2, correction=0, keepdim=True)
    moved = d * (A - A.mean(dim=2, keepdim=True)) / (variance + 1e-5) ** 0.5 + mu
    return torch.lerp(A, moved, alpha).reshape(content.shape)


# %% adain right "PyTorch's instance norm"
def adain(content, style, alpha):
    mu = style.mean(dim=(-2, -1))[..., None, None]
    centred = style - mu
    d = centred.square().mean(dim=(-2, -1), keepdim=True).sqrt()
    moved = torch.nn.functional.instance_norm(content) * d + mu
    return content + alpha * (moved - content)


# %% adain wrong "content and style swapped in the blend"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return (1 - alpha) * moved + alpha * content


# %% adain wrong "alpha is not used"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return moved


# %% adain wrong "the style is blended in, the content not"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved


# %% adain wrong "the content is added whole"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved + content


# %% adain wrong "the style's mean is not added"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt()
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "the style's deviation doesn't multiply"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "the content's own mean is added back"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "the content's mean is not taken off"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = sigma_style * content / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "the content is not divided by its deviation"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = sigma_style * (content - mu) + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "divided by the variance, not by its root"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = sigma_style * (content - mu) / (variance + 1e-5) + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "multiplied by the style's variance"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = sigma_style**2 * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "both deviations divide by one place less"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=1, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=1, keepdim=True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "the content's variance divides by one place less"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=1, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "the style's deviation divides by one place less"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=1, keepdim=True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "the small number is added to the root"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = sigma_style * (content - mu) / (variance.sqrt() + 1e-5) + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "no small number under the root"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = sigma_style * (content - mu) / variance.sqrt() + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "a small number under the style's deviation too"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    sigma_style = (sigma_style**2 + 1e-5).sqrt()
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "statistics of the whole batch: a batch norm"
def adain(content, style, alpha):
    mu = content.mean((0, 2, 3), True)
    variance = content.var((0, 2, 3), correction=0, keepdim=True)
    mu_style = style.mean((0, 2, 3), True)
    sigma_style = style.std((0, 2, 3), correction=0, keepdim=True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "the style's statistics over the whole batch"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((0, 2, 3), True)
    sigma_style = style.std((0, 2, 3), correction=0, keepdim=True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "statistics over the channels too: a layer norm"
def adain(content, style, alpha):
    mu = content.mean((1, 2, 3), True)
    variance = content.var((1, 2, 3), correction=0, keepdim=True)
    mu_style = style.mean((1, 2, 3), True)
    sigma_style = style.std((1, 2, 3), correction=0, keepdim=True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "statistics over the channels of each place of the content"
def adain(content, style, alpha):
    mu = content.mean((1,), True)
    variance = content.var((1,), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "statistics of each row"
def adain(content, style, alpha):
    mu = content.mean((3,), True)
    variance = content.var((3,), correction=0, keepdim=True)
    mu_style = style.mean((3,), True).mean(2, True)
    sigma_style = style.std((3,), correction=0, keepdim=True).mean(2, True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "deviation and mean of the style swapped"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = style.std((2, 3), correction=0, keepdim=True)
    moved = mu_style * (content - mu) / (variance + 1e-5).sqrt() + sigma_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "the absolute deviation in place of the root of the squares"
def adain(content, style, alpha):
    mu = content.mean((2, 3), True)
    variance = content.var((2, 3), correction=0, keepdim=True)
    mu_style = style.mean((2, 3), True)
    sigma_style = (style - mu_style).abs().mean((2, 3), True)
    moved = sigma_style * (content - mu) / (variance + 1e-5).sqrt() + mu_style
    return alpha * moved + (1 - alpha) * content


# %% adain wrong "content and style swapped"
def adain(content, style, alpha):
    m, m_style = (T.mean(dim=(2, 3), keepdim=True) for T in (content, style))
    v, v_style = (
        T.var(dim=(2, 3), correction=0, keepdim=True) for T in (content, style)
    )
    moved = v.sqrt() * (style - m_style) / (v_style + 1e-5).sqrt() + m
    return alpha * moved + (1 - alpha) * style
