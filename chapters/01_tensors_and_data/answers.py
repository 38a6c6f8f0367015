# %% facts hints [markdown]
# 1. `x[1, 2, 0]` needs three indices. How many does your `x` need, and is that what
#    `len(x)` tells?
# 2. A tensor answers all three questions itself: ask for its axes, its shape, and how
#    many numbers it has. A shape is indexed like a tuple, and -1 is its end.
# 3. One line is enough: three values with commas between them, the middle one taken out
#    of the shape.


# %% facts right "from the shape alone"
def facts(x):
    shape = tuple(x.shape)
    return len(shape), shape[-1], int(np.prod(shape))


# %% facts right "with methods"
def facts(x):
    return x.dim(), x.size(-1), x.nelement()


# %% facts wrong "the size of an axis is taken for the number of axes"
def facts(x):
    return len(x), x.shape[-1], x.numel()


# %% facts wrong "the first axis is taken where the last is asked"
def facts(x):
    return x.ndim, x.shape[0], x.numel()


# %% facts wrong "the sizes are added, not multiplied"
def facts(x):
    return x.ndim, x.shape[-1], sum(x.shape)


# %% facts wrong "the whole shape is given where one size is asked"
def facts(x):
    return x.ndim, x.shape, x.numel()


# %% facts wrong "only two axes are counted"
def facts(x):
    return 2, x.shape[1], x.shape[0] * x.shape[1]


# %% facts wrong "the index of the last axis is taken for its size"
def facts(x):
    return x.ndim, x.ndim - 1, x.numel()


# %% facts wrong "rows are counted where numbers are asked"
def facts(x):
    return x.ndim, x.shape[-1], len(x)


# %% facts wrong "the length of the last axis is taken for the number of axes"
def facts(x):
    return x.shape[-1], x.shape[-1], x.numel()


# %% facts wrong "the number of axes and the last size have changed places"
def facts(x):
    return x.shape[-1], x.ndim, x.numel()


# %% facts wrong "the second axis is taken where the last is asked"
def facts(x):
    return x.ndim, x.shape[1], x.numel()


# %% pick hints [markdown]
# 1. What does the index -1 pick from a row? And what do you get from two lists as
#    index: a grid, or pairs?
# 2. First find the numbers of the rows that have a label. Then two lists of equal
#    length, rows and their classes, pick one entry each.
# 3. Two lines: the positions where the label isn't -1, as one axis; then `scores`,
#    indexed by these and by the labels that stand there.


# %% pick right "a mask first, then pairs"
def pick(scores, labels):
    known = labels != -1
    kept = scores[known]
    return kept[torch.arange(len(kept)), labels[known]]


# %% pick right "with gather"
def pick(scores, labels):
    column = labels.clamp(min=0).reshape(-1, 1)
    return scores.gather(1, column).squeeze(1)[labels >= 0]


# %% pick right "by a one-hot mask"
def pick(scores, labels):
    return scores[torch.arange(scores.shape[1]) == labels.reshape(-1, 1)]


# %% pick wrong "-1 is read as the last class"
def pick(scores, labels):
    return scores[torch.arange(len(labels)), labels]


# %% pick wrong "the index cuts a grid of rows and columns, not pairs"
def pick(scores, labels):
    known = labels >= 0
    return scores[known][:, labels[known]]


# %% pick wrong "the rows are counted anew after some were left out"
def pick(scores, labels):
    classes = labels[labels >= 0]
    return scores[torch.arange(len(classes)), classes]


# %% pick wrong "the label picks a row, not a column"
def pick(scores, labels):
    return scores[labels[labels >= 0]]


# %% pick wrong "the largest score is taken, whatever the label says"
def pick(scores, labels):
    return scores[labels >= 0].amax(dim=1)


# %% pick wrong "0 stands where an example should be left out"
def pick(scores, labels):
    picked = scores[torch.arange(len(labels)), labels]
    return picked * (labels >= 0)


# %% pick wrong "class 0 is taken for no label"
def pick(scores, labels):
    rows = (labels > 0).nonzero().flatten()
    return scores[rows, labels[rows]]


# %% pick wrong "a column (n, 1) is given where one axis is asked"
def pick(scores, labels):
    known = labels >= 0
    return scores[known].gather(1, labels[known].reshape(-1, 1))


# %% pick wrong "rows and columns are swapped"
def pick(scores, labels):
    rows = (labels >= 0).nonzero().flatten()
    return scores[labels[rows], rows]


# %% pick wrong "a loop, where none is allowed"
def pick(scores, labels):
    picked = [scores[i, k] for i, k in enumerate(labels.tolist()) if k >= 0]
    return torch.stack(picked) if picked else scores[:0, 0]


# %% pick wrong "one example alone loses its axis"
def pick(scores, labels):
    known = labels >= 0
    return scores[known].gather(1, labels[known].reshape(-1, 1)).squeeze()


# %% pick wrong "examples whose score is 0 are left out, too"
def pick(scores, labels):
    of_class = labels[:, None] == torch.arange(scores.shape[1])
    picked = (scores * of_class).sum(dim=1)
    return picked[picked != 0]


# %% normalise_rows hints [markdown]
# 1. `X` is (N, n). What is the shape of its sums, and whom do they meet if you divide:
#    rows or columns?
# 2. Keep the axis that the sum would remove, with size 1: then each sum meets its own
#    row. And count axes from the end, as there may be any number. What is 0 / 0?
# 3. Three lines: the sums along the last axis, which stays; ones in place of sums that
#    are 0; the division.


# %% normalise_rows right "with where"
def normalise_rows(X):
    total = X.sum(-1).unsqueeze(-1)
    return torch.where(total > 0, X / total, 0.0)


# %% normalise_rows right "nan turned into 0 afterwards"
def normalise_rows(X):
    return (X / X.sum(dim=-1, keepdim=True)).nan_to_num(0)


# %% normalise_rows right "as a product with the reciprocal"
def normalise_rows(X):
    X = X.float()
    total = X.sum(dim=X.ndim - 1, keepdim=True)
    return X * (1 / (total + (total == 0)))


# %% normalise_rows wrong "each column is divided by its sum: axis 0 read as each row"
def normalise_rows(X):
    return (X / X.sum(dim=0, keepdim=True)).nan_to_num(0)


# %% normalise_rows wrong "the sums lie down: each column meets another row's sum"
def normalise_rows(X):
    return (X / X.sum(dim=-1)).nan_to_num(0, posinf=0)


# %% normalise_rows wrong "the sums lie down, and 0 / 0 is left as it is"
def normalise_rows(X):
    return X / X.sum(dim=-1)


# %% normalise_rows wrong "rows of zeros become nan"
def normalise_rows(X):
    return X / X.sum(dim=-1, keepdim=True)


# %% normalise_rows wrong "divided by the sum of all rows"
def normalise_rows(X):
    return X / X.sum()


# %% normalise_rows wrong "divided by the largest entry, not by the sum"
def normalise_rows(X):
    return (X / X.amax(dim=-1, keepdim=True)).nan_to_num(0)


# %% normalise_rows wrong "axis 1 is taken, which isn't always the last"
def normalise_rows(X):
    return (X / X.sum(dim=1, keepdim=True)).nan_to_num(0)


# %% normalise_rows wrong "divided by the L2 norm of the row"
def normalise_rows(X):
    return (X / (X**2).sum(dim=-1, keepdim=True).sqrt()).nan_to_num(0)


# %% normalise_rows wrong "a small number is added to each sum"
def normalise_rows(X):
    return X / (X.sum(dim=-1, keepdim=True) + 0.01)


# %% normalise_rows wrong "`X` is changed in place"
def normalise_rows(X):
    total = X.sum(dim=-1, keepdim=True)
    X[total.expand_as(X) == 0] = 1
    return X / X.sum(dim=-1, keepdim=True) * (total > 0)


# %% normalise_rows wrong "divided by the mean of the row, not by the sum"
def normalise_rows(X):
    return (X / X.float().mean(dim=-1, keepdim=True)).nan_to_num(0)


# %% normalise_rows wrong "the mean of whole numbers is asked, which raises"
def normalise_rows(X):
    total = X.mean(dim=-1, keepdim=True) * X.shape[-1]
    return (X / total).nan_to_num(0)


# %% normalise_rows wrong "the sums lie down, and what is divided by 0 becomes huge"
def normalise_rows(X):
    return (X / X.sum(dim=-1)).nan_to_num(0)


# %% normalise_rows wrong "sums below 1 are raised to 1"
def normalise_rows(X):
    return X / X.sum(dim=-1, keepdim=True).clamp(min=1)


# %% normalise_rows wrong "exponentials are taken: a softmax"
def normalise_rows(X):
    return X.float().softmax(dim=-1)


# %% normalise_rows equivalent "0 divided by anything is 0"
# total[total == 0] = 1 -> total[total == 0] = 2


# %% norms hints [markdown]
# 1. Which axis has to disappear so that one number is left for each row? And what does
#    -4 add to an L1 norm?
# 2. Read each formula from the inside out: absolute values or squares, then a sum, then
#    a root or none. The Frobenius norm sums over both axes.
# 3. Three lines, one a norm: two end with one axis, the last with none. Return all
#    three with commas between them.


# %% norms right "by products"
def norms(X):
    squares = X * X
    flat = X.flatten()
    return X.abs().sum(-1), squares.sum(-1) ** 0.5, (flat @ flat).sqrt()


# %% norms right "the Frobenius norm from the rows' L2 norms"
def norms(X):
    l1 = torch.where(X < 0, -X, X).sum(dim=1)
    l2 = X.pow(2).sum(dim=1).sqrt()
    return l1, l2, l2.pow(2).sum().sqrt()


# %% norms wrong "one norm for each column: axis 0 read as each row"
def norms(X):
    return X.abs().sum(dim=0), (X**2).sum(dim=0).sqrt(), (X**2).sum().sqrt()


# %% norms wrong "the L1 norm lacks the absolute values"
def norms(X):
    return X.sum(dim=1), (X**2).sum(dim=1).sqrt(), (X**2).sum().sqrt()


# %% norms wrong "the square roots are missing"
def norms(X):
    return X.abs().sum(dim=1), (X**2).sum(dim=1), (X**2).sum()


# %% norms wrong "the rows' L2 norms are added for the Frobenius norm"
def norms(X):
    l2 = (X**2).sum(dim=1).sqrt()
    return X.abs().sum(dim=1), l2, l2.sum()


# %% norms wrong "the root is drawn before the sum"
def norms(X):
    roots = (X**2).sqrt()
    return X.abs().sum(dim=1), roots.sum(dim=1), roots.sum()


# %% norms wrong "means in place of sums"
def norms(X):
    squares = X**2
    return X.abs().mean(dim=1), squares.mean(dim=1).sqrt(), squares.mean().sqrt()


# %% norms wrong "the absolute value of the sum, not the sum of the absolute values"
def norms(X):
    return X.sum(dim=1).abs(), (X**2).sum(dim=1).sqrt(), (X**2).sum().sqrt()


# %% norms wrong "the spectral norm is given for the Frobenius norm"
def norms(X):
    frobenius = torch.linalg.svdvals(X).max()
    return X.abs().sum(dim=1), (X**2).sum(dim=1).sqrt(), frobenius


# %% norms wrong "the axis of the rows' norms is kept"
def norms(X):
    l2 = (X**2).sum(dim=1, keepdim=True).sqrt()
    return X.abs().sum(dim=1, keepdim=True), l2, (X**2).sum().sqrt()


# %% norms wrong "a library does the norm"
def norms(X):
    vector_norm = torch.linalg.vector_norm
    return vector_norm(X, ord=1, dim=1), vector_norm(X, dim=1), vector_norm(X)


# %% norms wrong "the Frobenius norm is taken for the sum of all absolute values"
def norms(X):
    return X.abs().sum(dim=1), (X**2).sum(dim=1).sqrt(), X.abs().sum()


# %% pairwise_differences hints [markdown]
# 1. `X` is (N, n) and `Y` is (M, n). Written flush right, which axis must each of them
#    get, so that N and M stand in different places?
# 2. An axis of size 1 is stretched. Give `X` one in the middle and `Y` one in front;
#    broadcasting makes the table of all pairs.
# 3. One line: two tensors of three axes, one minus the other. `None` in an index makes
#    a new axis.


# %% pairwise_differences right "with unsqueeze"
def pairwise_differences(X, Y):
    return X.unsqueeze(1) - Y


# %% pairwise_differences right "with reshape and copies"
def pairwise_differences(X, Y):
    N, M, n = len(X), len(Y), X.shape[1]
    left = X.reshape(N, 1, n).expand(N, M, n)
    return left - Y.reshape(1, M, n).repeat(N, 1, 1)


# %% pairwise_differences wrong "the sign is turned round"
def pairwise_differences(X, Y):
    return Y[None] - X[:, None]


# %% pairwise_differences wrong "the pairs are transposed: (M, N, n)"
def pairwise_differences(X, Y):
    return X[None] - Y[:, None]


# %% pairwise_differences wrong "Y minus X, and the pairs are transposed"
def pairwise_differences(X, Y):
    return Y[:, None] - X[None]


# %% pairwise_differences wrong "rows are subtracted one by one, not in all pairs"
def pairwise_differences(X, Y):
    return X - Y


# %% pairwise_differences wrong "distances are given, not differences"
def pairwise_differences(X, Y):
    return ((X[:, None] - Y[None]) ** 2).sum(dim=2).sqrt()


# %% pairwise_differences wrong "absolute values are given, so the sign is lost"
def pairwise_differences(X, Y):
    return (X[:, None] - Y[None]).abs()


# %% pairwise_differences wrong "X is compared with itself"
def pairwise_differences(X, Y):
    return X[:, None] - X[None]


# %% pairwise_differences wrong "all pairs of columns, not of rows"
def pairwise_differences(X, Y):
    return X.T[:, None] - Y.T[None]


# %% pairwise_differences wrong "both get the new axis at the same place"
def pairwise_differences(X, Y):
    return X[:, None] - Y[:, None]


# %% pairwise_differences wrong "the differences are summed over the columns"
def pairwise_differences(X, Y):
    return (X[:, None] - Y[None]).sum(dim=2)


# %% pairwise_differences wrong "a loop, where none is allowed"
def pairwise_differences(X, Y):
    return torch.stack([x - Y for x in X])


# %% image_to_tensor hints [markdown]
# 1. Channels stand last in the array. Which axis of it becomes axis 0 of the tensor,
#    and does a grey picture have that axis at all?
# 2. Give a grey picture a last axis of size 1, so that both cases are alike. Then move
#    the last axis to the front: `permute` swaps axes, `reshape` would deal the pixels
#    out anew. Scale at the end.
# 3. Three steps: array to tensor; a new axis, if there are only two; the axes in their
#    new order, divided by the largest value a pixel can have.


# %% image_to_tensor right "in NumPy, then copied"
def image_to_tensor(pixels):
    pixels = np.atleast_3d(pixels).astype(np.float32) / 255
    return torch.tensor(pixels.transpose(2, 0, 1))


# %% image_to_tensor right "with movedim"
def image_to_tensor(pixels):
    x = torch.from_numpy(pixels.copy()).float().div(255)
    return x[None] if x.dim() == 2 else x.movedim(-1, 0).contiguous()


# %% image_to_tensor wrong "the division by 255 is forgotten"
def image_to_tensor(pixels):
    x = torch.tensor(pixels)
    x = x[:, :, None] if x.ndim == 2 else x
    return x.permute(2, 0, 1).float()


# %% image_to_tensor wrong "channels stay last: (H, W, C) where (C, H, W) is due"
def image_to_tensor(pixels):
    x = torch.tensor(pixels)
    x = x[:, :, None] if x.ndim == 2 else x
    return x / 255


# %% image_to_tensor wrong "height and width are swapped: (C, W, H)"
def image_to_tensor(pixels):
    x = torch.tensor(pixels)
    x = x[:, :, None] if x.ndim == 2 else x
    return x.permute(2, 1, 0) / 255


# %% image_to_tensor wrong "reshaped, so the colours are dealt out anew"
def image_to_tensor(pixels):
    return torch.tensor(pixels).reshape(-1, *pixels.shape[:2]) / 255


# %% image_to_tensor wrong "a grey picture gets no axis for its channel"
def image_to_tensor(pixels):
    x = torch.tensor(pixels) / 255
    return x if x.ndim == 2 else x.permute(2, 0, 1)


# %% image_to_tensor wrong "only colour pictures are foreseen"
def image_to_tensor(pixels):
    return torch.tensor(pixels).permute(2, 0, 1) / 255


# %% image_to_tensor wrong "divided by 256"
def image_to_tensor(pixels):
    x = torch.tensor(pixels)
    x = x[:, :, None] if x.ndim == 2 else x
    return x.permute(2, 0, 1) / 256


# %% image_to_tensor wrong "divided by the picture's own largest value"
def image_to_tensor(pixels):
    x = torch.tensor(pixels)
    x = x[:, :, None] if x.ndim == 2 else x
    return x.permute(2, 0, 1) / x.max()


# %% image_to_tensor wrong "NumPy's float64 is kept"
def image_to_tensor(pixels):
    return torch.tensor(np.atleast_3d(pixels).transpose(2, 0, 1) / 255)


# %% image_to_tensor wrong "divided as whole numbers, so nothing but 0 and 1 is left"
def image_to_tensor(pixels):
    x = torch.tensor(np.atleast_3d(pixels) // 255)
    return x.permute(2, 0, 1).float()


# %% image_to_tensor wrong "torchvision.transforms does the work"
def image_to_tensor(pixels):
    from torchvision import transforms

    return transforms.ToTensor()(pixels)


# %% image_to_tensor wrong "a grey picture gets three equal channels"
def image_to_tensor(pixels):
    x = torch.tensor(pixels) / 255
    return x.permute(2, 0, 1) if x.ndim == 3 else torch.stack([x, x, x])


# %% image_to_tensor wrong "scaled to -1 ... 1, not to 0 ... 1"
def image_to_tensor(pixels):
    x = torch.tensor(np.atleast_3d(pixels))
    return x.permute(2, 0, 1) / 127.5 - 1


# %% tensor_to_image hints [markdown]
# 1. What becomes of 1.3 times 255 in a uint8, whose largest value is 255? And of 6.9999
#    when it is made a whole number?
# 2. The order matters: first into [0, 1], then scale, then round, and only then change
#    the type. Then the axes; a grey picture has one too many.
# 3. Two lines: the numbers in the first, all four steps in a row. In the second the
#    first sheet alone if there is only one, else the axes with channels last, as NumPy.


# %% tensor_to_image right "a half added and cut off"
def tensor_to_image(X):
    x = (X * 255 + 0.5).clamp(0, 255).byte()
    return (
        x.permute(1, 2, 0).squeeze(2).numpy()
        if len(x) == 1
        else x.movedim(0, 2).numpy()
    )


# %% tensor_to_image right "in NumPy"
def tensor_to_image(X):
    x = np.rint(np.clip(X.numpy(), 0, 1) * 255).astype(np.uint8)
    x = np.moveaxis(x, 0, -1)
    return x[:, :, 0] if x.shape[2] == 1 else x


# %% tensor_to_image wrong "cut off instead of rounded"
def tensor_to_image(X):
    x = (X.clamp(0, 1) * 255).to(torch.uint8)
    return x[0].numpy() if len(x) == 1 else x.permute(1, 2, 0).numpy()


# %% tensor_to_image wrong "values outside [0, 1] wrap round"
def tensor_to_image(X):
    x = (X * 255).round().to(torch.int64).to(torch.uint8)
    return x[0].numpy() if len(x) == 1 else x.permute(1, 2, 0).numpy()


# %% tensor_to_image wrong "the multiplication by 255 is forgotten"
def tensor_to_image(X):
    x = X.clamp(0, 1).round().to(torch.uint8)
    return x[0].numpy() if len(x) == 1 else x.permute(1, 2, 0).numpy()


# %% tensor_to_image wrong "channels stay first"
def tensor_to_image(X):
    x = (X.clamp(0, 1) * 255).round().to(torch.uint8)
    return x[0].numpy() if len(x) == 1 else x.numpy()


# %% tensor_to_image wrong "height and width are swapped"
def tensor_to_image(X):
    x = (X.clamp(0, 1) * 255).round().to(torch.uint8)
    return x[0].T.numpy() if len(x) == 1 else x.permute(2, 1, 0).numpy()


# %% tensor_to_image wrong "reshaped, so the colours are dealt out anew"
def tensor_to_image(X):
    x = (X.clamp(0, 1) * 255).round().to(torch.uint8)
    return x[0].numpy() if len(x) == 1 else x.reshape(*X.shape[1:], 3).numpy()


# %% tensor_to_image wrong "a grey picture keeps an axis for its channel"
def tensor_to_image(X):
    x = (X.clamp(0, 1) * 255).round().to(torch.uint8)
    return x.permute(1, 2, 0).numpy()


# %% tensor_to_image wrong "a tensor where a NumPy array is asked"
def tensor_to_image(X):
    x = (X.clamp(0, 1) * 255).round().to(torch.uint8)
    return x[0] if len(x) == 1 else x.permute(1, 2, 0)


# %% tensor_to_image wrong "the type stays float32"
def tensor_to_image(X):
    x = (X.clamp(0, 1) * 255).round()
    return x[0].numpy() if len(x) == 1 else x.permute(1, 2, 0).numpy()


# %% tensor_to_image wrong "stretched to the picture's own range, not clipped"
def tensor_to_image(X):
    x = (X - X.min()) / (X.max() - X.min())
    x = (x * 255).round().to(torch.uint8)
    return x[0].numpy() if len(x) == 1 else x.permute(1, 2, 0).numpy()


# %% tensor_to_image wrong "multiplied by 256"
def tensor_to_image(X):
    x = (X.clamp(0, 1) * 256).clamp(0, 255).round().to(torch.uint8)
    return x[0].numpy() if len(x) == 1 else x.permute(1, 2, 0).numpy()


# %% tensor_to_image wrong "`X` is changed in place"
def tensor_to_image(X):
    x = (X.clamp_(0, 1) * 255).round().to(torch.uint8)
    return x[0].numpy() if len(x) == 1 else x.permute(1, 2, 0).numpy()


# %% tensor_to_image wrong "rounded before the scale was changed"
def tensor_to_image(X):
    x = (X.clamp(0, 1).round() * 255).to(torch.uint8)
    return x[0].numpy() if len(x) == 1 else x.permute(1, 2, 0).numpy()


# %% make_batch hints [markdown]
# 1. A batch has four axes, an image three. Which of the two glues, `cat` or `stack`,
#    makes a new axis?
# 2. Height and width are looked for apart: the smallest height may be one image's and
#    the smallest width another's. Then a slice of each image keeps its upper left part.
# 3. Two minima over all images, one an axis; then one line that cuts each image with
#    slices along its last two axes and puts all on top of one another.


# %% make_batch right "written into a batch of zeros"
def make_batch(images):
    heights, widths = zip(*(image.shape[1:] for image in images))
    H, W = min(heights), min(widths)
    batch = torch.zeros(len(images), images[0].shape[0], H, W)
    for i, image in enumerate(images):
        batch[i] = image[:, :H, :W]
    return batch


# %% make_batch right "with cat along a new axis"
def make_batch(images):
    sizes = torch.tensor([image.shape[-2:] for image in images])
    H, W = sizes.amin(dim=0).tolist()
    return torch.cat([image[None, :, :H, :W] for image in images])


# %% make_batch wrong "glued along the channels with cat, where a new axis is asked"
def make_batch(images):
    H = min(image.shape[1] for image in images)
    W = min(image.shape[2] for image in images)
    return torch.cat([image[:, :H, :W] for image in images])


# %% make_batch wrong "images of unlike size are stacked as they are"
def make_batch(images):
    return torch.stack(images)


# %% make_batch wrong "all are cut to the size of the first"
def make_batch(images):
    _, H, W = images[0].shape
    return torch.stack([image[:, :H, :W] for image in images])


# %% make_batch wrong "cut to the size of the image with fewest pixels"
def make_batch(images):
    _, H, W = min((image.shape for image in images), key=lambda s: s[1] * s[2])
    return torch.stack([image[:, :H, :W] for image in images])


# %% make_batch wrong "height and width are swapped"
def make_batch(images):
    H = min(image.shape[1] for image in images)
    W = min(image.shape[2] for image in images)
    return torch.stack([image[:, :W, :H] for image in images])


# %% make_batch wrong "the shorter side is taken for both sides"
def make_batch(images):
    side = min(min(image.shape[1:]) for image in images)
    return torch.stack([image[:, :side, :side] for image in images])


# %% make_batch wrong "the lower right part is kept"
def make_batch(images):
    H = min(image.shape[1] for image in images)
    W = min(image.shape[2] for image in images)
    return torch.stack([image[:, -H:, -W:] for image in images])


# %% make_batch wrong "the new axis comes second, behind the channels"
def make_batch(images):
    H = min(image.shape[1] for image in images)
    W = min(image.shape[2] for image in images)
    return torch.stack([image[:, :H, :W] for image in images], dim=1)


# %% make_batch wrong "reshaped to the small size instead of cut"
def make_batch(images):
    H = min(image.shape[1] for image in images)
    W = min(image.shape[2] for image in images)
    return torch.stack(
        [i.flatten()[: len(i) * H * W].reshape(-1, H, W) for i in images]
    )


# %% make_batch wrong "padded with zeros to the largest size"
def make_batch(images):
    H = max(image.shape[1] for image in images)
    W = max(image.shape[2] for image in images)
    batch = torch.zeros(len(images), len(images[0]), H, W)
    for i, image in enumerate(images):
        batch[i, :, : image.shape[1], : image.shape[2]] = image
    return batch


# %% make_batch wrong "a list is given, not a tensor"
def make_batch(images):
    H = min(image.shape[1] for image in images)
    W = min(image.shape[2] for image in images)
    return [image[:, :H, :W] for image in images]


# %% make_batch wrong "the middle is kept"
def make_batch(images):
    H = min(image.shape[1] for image in images)
    W = min(image.shape[2] for image in images)
    batch = []
    for image in images:
        top, left = (image.shape[1] - H) // 2, (image.shape[2] - W) // 2
        batch.append(image[:, top : top + H, left : left + W])
    return torch.stack(batch)


# %% make_batch wrong "the images are shrunk instead of cut"
def make_batch(images):
    H = min(image.shape[1] for image in images)
    W = min(image.shape[2] for image in images)
    shrink = torch.nn.functional.interpolate
    return torch.cat([shrink(image[None], (H, W)) for image in images])


# %% brighten hints [markdown]
# 1. Which line of the faulty function writes, and into whose memory? And what is 250 +
#    40 in a type that ends at 255?
# 2. Work on a copy, in a type with room for sums above 255 and below 0. Limit, and only
#    then go back to uint8.
# 3. Two lines: a copy as a tensor of a wider type of whole numbers, plus the amount;
#    then limited on both sides and turned into the type that is asked.


# %% brighten right "in NumPy"
def brighten(photo, amount):
    wide = photo.astype(np.int16) + amount
    return torch.from_numpy(np.clip(wide, 0, 255).astype(np.uint8))


# %% brighten right "with floats"
def brighten(photo, amount):
    x = torch.from_numpy(photo).float()  # another type: a copy
    return (x + amount).clamp(min=0).clamp(max=255).byte()


# %% brighten right "limited before the sum"
def brighten(photo, amount):
    x = torch.tensor(photo).long()
    return (x.clamp(-amount, 255 - amount) + amount).to(torch.uint8)


# %% brighten wrong "the code as given, unchanged: it writes into the photo and wraps round"
def brighten(photo, amount):
    picture = torch.from_numpy(photo)
    picture += amount
    return picture


# %% brighten wrong "copied, but sums still wrap round at 256"
def brighten(photo, amount):
    return torch.tensor(photo) + amount


# %% brighten wrong "`photo` is changed in place"
def brighten(photo, amount):
    wide = torch.tensor(photo).int() + amount
    picture = torch.from_numpy(photo)
    picture[:] = wide.clamp(0, 255).to(torch.uint8)
    return picture.clone()


# %% brighten wrong "limited above, not below"
def brighten(photo, amount):
    return (torch.tensor(photo).int() + amount).clamp(max=255).to(torch.uint8)


# %% brighten wrong "limited below, not above"
def brighten(photo, amount):
    return (torch.tensor(photo).int() + amount).clamp(min=0).to(torch.uint8)


# %% brighten wrong "multiplied, where the amount is to be added"
def brighten(photo, amount):
    x = torch.tensor(photo).float() * (1 + amount / 255)
    return x.clamp(0, 255).to(torch.uint8)


# %% brighten wrong "the result is no uint8"
def brighten(photo, amount):
    return (torch.tensor(photo).int() + amount).clamp(0, 255)


# %% brighten wrong "scaled to [0, 1], while the amount counts to 255"
def brighten(photo, amount):
    x = (torch.tensor(photo) / 255 + amount).clamp(0, 1)
    return (x * 255).round().to(torch.uint8)


# %% brighten wrong "a NumPy array is given, not a tensor"
def brighten(photo, amount):
    return np.clip(photo.astype(int) + amount, 0, 255).astype(np.uint8)


# %% brighten wrong "the amount is limited, not the sum"
def brighten(photo, amount):
    room = 255 - int(photo.max()) if amount > 0 else int(photo.min())
    amount = max(-room, min(room, amount))
    return (torch.tensor(photo).int() + amount).to(torch.uint8)


# %% brighten wrong "pixels that would leave the range stay as they were"
def brighten(photo, amount):
    old = torch.tensor(photo).int()
    new = old + amount
    return torch.where((new < 0) | (new > 255), old, new).to(torch.uint8)


# %% table_to_tensor hints [markdown]
# 1. Which of the two tables tells the means and the words? And does a column without
#    any known value still look like words or numbers to pandas?
# 2. Go through the names of the training table's columns. Ask there for the kind, the
#    mean or the sorted words, and build columns from the other table, one after the
#    other: values, gaps.
# 3. A loop over names with two branches. Each appends columns to a list: a filled one
#    and its gaps, or one comparison a word and the gaps. At the end all become real
#    numbers and are stacked side by side.


# %% table_to_tensor right "with get_dummies and reindex"
def table_to_tensor(text, train_text):
    table = pd.read_csv(io.StringIO(text))
    train = pd.read_csv(io.StringIO(train_text))
    parts = []
    for name in train:
        gap = table[name].isna().astype(float)
        if train[name].dtype.kind in "if":
            parts.append(table[name].fillna(train[name].mean()).astype(float))
        else:
            words = sorted(set(train[name].dropna()))
            dummies = pd.get_dummies(table[name], dtype=float)
            parts.append(dummies.reindex(columns=words, fill_value=0.0))
        parts.append(gap)
    return torch.tensor(pd.concat(parts, axis=1).to_numpy(), dtype=torch.float32)


# %% table_to_tensor right "row by row"
def table_to_tensor(text, train_text):
    table = pd.read_csv(io.StringIO(text))
    train = pd.read_csv(io.StringIO(train_text))
    rows = []
    for i in range(len(table)):
        row = []
        for name in train.columns:
            value, gap = table[name][i], pd.isna(table[name][i])
            if pd.api.types.is_numeric_dtype(train[name]):
                row += [train[name].mean() if gap else value]
            else:
                row += [
                    not gap and value == w
                    for w in sorted(train[name].dropna().unique())
                ]
            row += [gap]
        rows.append([float(v) for v in row])
    return torch.tensor(rows)


# %% table_to_tensor wrong "gaps are filled with the mean of the table itself"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(table[name].mean()), gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "the words are those of the table itself"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].mean()), gap]
        else:
            words = sorted(table[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "a missing word gets no column of its own"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].mean()), gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "the indicator of a missing word is 0"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].mean()), gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap & False]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "filled numbers are not marked as guesses"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].mean())]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "gaps are filled with 0"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(0), gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "gaps are filled with the median, not with the mean"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].median()), gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "a gap counts as a value of 0 in the mean"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].fillna(0).mean()), gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "rows with gaps are deleted"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    table = table.dropna()
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].mean()), gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "the gaps stay nan"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name], gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "words come in the order of the table, not of the alphabet"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].mean()), gap]
        else:
            words = list(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "words become the numbers 0, 1, 2 in one column"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].mean()), gap]
        else:
            words = sorted(train[name].dropna().unique())
            numbers = table[name].map({w: i for i, w in enumerate(words)})
            columns += [numbers.fillna(len(words)), gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "a missing word is filled with the most frequent one"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].mean()), gap]
        else:
            words = sorted(train[name].dropna().unique())
            filled = table[name].fillna(train[name].mode()[0])
            columns += [filled == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "a word that the training table lacks counts as missing"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].mean()), gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words]
            columns += [~table[name].isin(words)]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "the indicators say what is there, not what is missing"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].notna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].mean()), gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "float64 is kept"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].mean()), gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1)


# %% table_to_tensor wrong "a text column is filled with its mean"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        table[name] = table[name].fillna(train[name].mean())
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].mean()), gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "bool and float columns make an array of objects"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].mean()), gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    return torch.tensor(pd.concat(columns, axis=1).to_numpy())


# %% table_to_tensor wrong "columns and rows are swapped"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(train[name].mean()), gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=0).float()


# %% table_to_tensor wrong "columns of numbers come first, columns of words behind"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    numbers = train.select_dtypes("number").columns
    X = table[numbers].fillna(train[numbers].mean())
    X = pd.concat([X, table[numbers].isna()], axis=1)
    rest = table.drop(columns=numbers)
    kinds = {n: sorted(train[n].dropna().unique()) for n in rest}
    for n, words in kinds.items():
        X = pd.concat([X, *[rest[n] == w for w in words], rest[n].isna()], axis=1)
    return torch.tensor(X.to_numpy(dtype=float)).float()


# %% table_to_tensor wrong "the lecture's function on the table alone: nothing is taken from the training table"
def table_to_tensor(text, train_text):
    inputs = pd.read_csv(io.StringIO(text))
    inputs = inputs.fillna(inputs.mean(numeric_only=True))
    inputs = pd.get_dummies(inputs, dummy_na=True, dtype=float)
    return torch.tensor(inputs.to_numpy(), dtype=torch.float32)


# %% table_to_tensor wrong "means and words are those of both tables together"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    both, columns = pd.concat([train, table]), []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name].fillna(both[name].mean()), gap]
        else:
            words = sorted(both[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "gaps are looked for after they were filled"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    table, columns = table.fillna(train.mean(numeric_only=True)), []
    for name in train.columns:
        gap = table[name].isna()
        if pd.api.types.is_numeric_dtype(train[name]):
            columns += [table[name], gap]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [gap]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor wrong "what is known is marked in columns of numbers, not what is missing"
def table_to_tensor(text, train_text):
    table, train = (pd.read_csv(io.StringIO(t)) for t in (text, train_text))
    columns = []
    for name in train.columns:
        if pd.api.types.is_numeric_dtype(train[name]):
            filled = table[name].fillna(train[name].mean())
            columns += [filled, table[name].notna()]
        else:
            words = sorted(train[name].dropna().unique())
            columns += [table[name] == word for word in words] + [table[name].isna()]
    columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns]
    return torch.stack(columns, dim=1).float()


# %% table_to_tensor equivalent "stack makes one type of bool and float by itself"
# columns = [torch.tensor(column.to_numpy(dtype=float)) for column in columns] -> columns = [torch.tensor(column.to_numpy()) for column in columns]


# %% nearest_label hints [markdown]
# 1. What is NaN minus 3, and what does `argmin` make of a NaN? And over which of the
#    three axes do you take the mean?
# 2. All pairs first: (M, 1, n) against (1, N, n). A mean that leaves NaN out counts
#    only what both rows know. What is still NaN then was never comparable.
# 3. Three lines: the table of absolute differences, (M, N, n); their mean without NaN,
#    (M, N), infinity where none is left; then the labels at the smallest of each row.


# %% nearest_label right "sum and count by hand"
def nearest_label(X_new, X, labels):
    difference = X_new.unsqueeze(1) - X
    known = ~torch.isnan(difference)
    total = torch.where(known, difference, 0.0).abs().sum(-1)
    distance = total / known.sum(-1)
    distance[known.sum(-1) == 0] = torch.inf
    return labels[torch.min(distance, dim=1).indices]


# %% nearest_label right "sorted by distance"
def nearest_label(X_new, X, labels):
    known = ~(X_new.isnan()[:, None] | X.isnan())
    total = (X_new.nan_to_num()[:, None] - X.nan_to_num()).abs() * known
    mean = total.sum(dim=2) / known.sum(dim=2).clamp(min=1)
    mean = mean.masked_fill(~known.any(dim=2), 1e30)
    return labels[mean.argsort(dim=1)[:, 0]]


# %% nearest_label wrong "an unknown difference counts as 0"
def nearest_label(X_new, X, labels):
    difference = (X_new[:, None] - X[None]).abs()
    distance = difference.nansum(dim=2)
    return labels[distance.argmin(dim=1)]


# %% nearest_label wrong "differences are summed, so rows with few known columns seem near"
def nearest_label(X_new, X, labels):
    difference = (X_new[:, None] - X[None]).abs()
    distance = difference.nansum(dim=2) / difference.isnan().logical_not().any(dim=2)
    return labels[distance.nan_to_num(nan=float("inf")).argmin(dim=1)]


# %% nearest_label wrong "gaps in the data are read as 0"
def nearest_label(X_new, X, labels):
    X_new, X = X_new.nan_to_num(0), X.nan_to_num(0)
    difference = (X_new[:, None] - X[None]).abs()
    distance = difference.nanmean(dim=2)
    return labels[distance.nan_to_num(nan=float("inf")).argmin(dim=1)]


# %% nearest_label wrong "gaps are filled with the mean of the column"
def nearest_label(X_new, X, labels):
    means = X.nanmean(dim=0)
    X_new = torch.where(X_new.isnan(), means, X_new)
    X = torch.where(X.isnan(), means, X)
    difference = (X_new[:, None] - X[None]).abs()
    distance = difference.nanmean(dim=2)
    return labels[distance.nan_to_num(nan=float("inf")).argmin(dim=1)]


# %% nearest_label wrong "nan is left among the distances, and argmin takes it for the least"
def nearest_label(X_new, X, labels):
    difference = (X_new[:, None] - X[None]).abs()
    distance = difference.nanmean(dim=2)
    return labels[distance.argmin(dim=1)]


# %% nearest_label wrong "one unknown column makes two rows incomparable"
def nearest_label(X_new, X, labels):
    difference = (X_new[:, None] - X[None]).abs()
    distance = difference.mean(dim=2)
    return labels[distance.nan_to_num(nan=float("inf")).argmin(dim=1)]


# %% nearest_label wrong "rows without a common column count as near"
def nearest_label(X_new, X, labels):
    difference = (X_new[:, None] - X[None]).abs()
    distance = difference.nanmean(dim=2)
    return labels[distance.nan_to_num(nan=0.0).argmin(dim=1)]


# %% nearest_label wrong "squares are averaged, not absolute values"
def nearest_label(X_new, X, labels):
    difference = (X_new[:, None] - X[None]) ** 2
    distance = difference.nanmean(dim=2)
    return labels[distance.nan_to_num(nan=float("inf")).argmin(dim=1)]


# %% nearest_label wrong "the farthest row is taken"
def nearest_label(X_new, X, labels):
    difference = (X_new[:, None] - X[None]).abs()
    distance = difference.nanmean(dim=2)
    return labels[distance.nan_to_num(nan=-float("inf")).argmax(dim=1)]


# %% nearest_label wrong "the position of the nearest row is given, not its label"
def nearest_label(X_new, X, labels):
    difference = (X_new[:, None] - X[None]).abs()
    distance = difference.nanmean(dim=2)
    return distance.nan_to_num(nan=float("inf")).argmin(dim=1)


# %% nearest_label wrong "for each old row the nearest new one is looked for"
def nearest_label(X_new, X, labels):
    difference = (X_new[:, None] - X[None]).abs()
    distance = difference.nanmean(dim=2)
    return labels[distance.nan_to_num(nan=float("inf")).argmin(dim=0)]


# %% nearest_label wrong "differences with their sign, so the most negative is nearest"
def nearest_label(X_new, X, labels):
    difference = X_new[:, None] - X[None]
    distance = difference.nanmean(dim=2)
    return labels[distance.nan_to_num(nan=float("inf")).argmin(dim=1)]


# %% nearest_label wrong "the sign is taken away after the mean, not before it"
def nearest_label(X_new, X, labels):
    difference = X_new[:, None] - X[None]
    distance = difference.nanmean(dim=2).abs()
    return labels[distance.nan_to_num(nan=float("inf")).argmin(dim=1)]


# %% nearest_label wrong "a loop, where none is allowed"
def nearest_label(X_new, X, labels):
    picked = []
    for x in X_new:
        distance = (x - X).abs().nanmean(dim=1)
        picked.append(labels[distance.nan_to_num(nan=float("inf")).argmin()])
    return torch.stack(picked)


# %% nearest_label wrong "one gap makes the whole distance nan, and argmin takes it for the least"
def nearest_label(X_new, X, labels):
    difference = X_new[:, None] - X[None]
    distance = torch.linalg.vector_norm(difference, dim=2)
    return labels[distance.argmin(dim=1)]


# %% nearest_label equivalent "an absolute value does not know the order"
# difference = (X_new[:, None] - X[None]).abs() -> difference = (X[None] - X_new[:, None]).abs()


# %% slopes hints [markdown]
# 1. Four places: how many steps lie between them? And what is the shape of the steps
#    along `x`, beside the (N - 1, m) along `Y`?
# 2. A slice without its first entry minus a slice without its last gives all steps at
#    once. The steps along `x` must stand upright to meet the rows.
# 3. Two lines: the steps of `x`, as a column; the steps of `Y` along axis 0, divided by
#    that column.


# %% slopes right "with diff"
def slopes(x, Y):
    return Y.diff(dim=0) / x.diff()[:, None]


# %% slopes right "transposed and back"
def slopes(x, Y):
    return ((Y.T[:, 1:] - Y.T[:, :-1]) / (x[1:] - x[:-1])).T


# %% slopes wrong "the steps along x lie down and meet the columns"
def slopes(x, Y):
    return (Y[1:] - Y[:-1]) / (x[1:] - x[:-1])


# %% slopes wrong "the change of y is not divided by that of x"
def slopes(x, Y):
    return Y[1:] - Y[:-1]


# %% slopes wrong "the sign of the change of y is turned round"
def slopes(x, Y):
    return (Y[:-1] - Y[1:]) / (x[1:] - x[:-1]).reshape(-1, 1)


# %% slopes wrong "all steps are taken to be as long as the first"
def slopes(x, Y):
    return (Y[1:] - Y[:-1]) / (x[1] - x[0])


# %% slopes wrong "change of x by change of y"
def slopes(x, Y):
    return (x[1:] - x[:-1]).reshape(-1, 1) / (Y[1:] - Y[:-1])


# %% slopes wrong "the step is measured from the first place on"
def slopes(x, Y):
    return (Y[1:] - Y[0]) / (x[1:] - x[0]).reshape(-1, 1)


# %% slopes wrong "height by place, where changes are asked"
def slopes(x, Y):
    return Y[1:] / x[1:].reshape(-1, 1)


# %% slopes wrong "from curve to curve: axis 1 in place of axis 0"
def slopes(x, Y):
    return (Y[:, 1:] - Y[:, :-1]) / (x[1:] - x[:-1]).mean()


# %% slopes wrong "a row too many: the last place has no next one"
def slopes(x, Y):
    return torch.gradient(Y, spacing=(x,), dim=0)[0]


# %% slopes wrong "multiplied where division is asked"
def slopes(x, Y):
    return (Y[1:] - Y[:-1]) * (x[1:] - x[:-1]).reshape(-1, 1)


# %% slopes wrong "over two steps, from the place before to the place behind"
def slopes(x, Y):
    return (Y[2:] - Y[:-2]) / (x[2:] - x[:-2]).reshape(-1, 1)


# %% slopes wrong "a loop, where none is allowed"
def slopes(x, Y):
    rows = [(Y[i + 1] - Y[i]) / (x[i + 1] - x[i]) for i in range(len(x) - 1)]
    return torch.stack(rows)
