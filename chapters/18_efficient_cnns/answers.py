# %% separable_ratio hints [markdown]
# 1. How many maps does the depthwise step make of M input channels, and how many
#    numbers does the pointwise step read at each place?
# 2. Write down three counts for one place of the output: of the full convolution, of
#    the depthwise and of the pointwise step. Each is a product. Then divide; M goes
#    out.
# 3. One line: a sum of two fractions. The multiplier stands in both, the number of
#    output channels in one, the area of the kernel in the other.


# %% separable_ratio right "counts for one input channel, then divided"
def separable_ratio(out_channels, kernel, multiplier):
    area = kernel[0] * kernel[1]
    depthwise = area * multiplier
    pointwise = multiplier * out_channels
    return (depthwise + pointwise) / (area * out_channels)


# %% separable_ratio right "with math.prod and the multiplier in front"
def separable_ratio(out_channels, kernel, multiplier):
    return multiplier * (1 / math.prod(kernel) + out_channels**-1)


# %% separable_ratio wrong "the multiplier is forgotten"
def separable_ratio(out_channels, kernel, multiplier):
    height, width = kernel
    return 1 / out_channels + 1 / (height * width)


# %% separable_ratio wrong "the multiplier in the depthwise step only: the pointwise step reads all the maps"
def separable_ratio(out_channels, kernel, multiplier):
    height, width = kernel
    return multiplier / out_channels + 1 / (height * width)


# %% separable_ratio wrong "the multiplier in the pointwise step only: each map costs a kernel, too"
def separable_ratio(out_channels, kernel, multiplier):
    height, width = kernel
    return 1 / out_channels + multiplier / (height * width)


# %% separable_ratio wrong "the kernel taken for a square of its height"
def separable_ratio(out_channels, kernel, multiplier):
    height, width = kernel
    return multiplier / out_channels + multiplier / (height * height)


# %% separable_ratio wrong "the kernel taken for a square of its width"
def separable_ratio(out_channels, kernel, multiplier):
    height, width = kernel
    return multiplier / out_channels + multiplier / (width * width)


# %% separable_ratio wrong "height and width added, where the kernel has their product of weights"
def separable_ratio(out_channels, kernel, multiplier):
    height, width = kernel
    return multiplier / out_channels + multiplier / (height + width)


# %% separable_ratio wrong "how many times cheaper, the ratio turned over"
def separable_ratio(out_channels, kernel, multiplier):
    height, width = kernel
    return 1 / (multiplier / out_channels + multiplier / (height * width))


# %% separable_ratio wrong "the share that is saved, not the one that is left"
def separable_ratio(out_channels, kernel, multiplier):
    height, width = kernel
    return 1 - multiplier / out_channels - multiplier / (height * width)


# %% separable_ratio wrong "the two steps multiplied, where their costs add up"
def separable_ratio(out_channels, kernel, multiplier):
    height, width = kernel
    return multiplier / out_channels * multiplier / (height * width)


# %% separable_ratio wrong "the pointwise step alone"
def separable_ratio(out_channels, kernel, multiplier):
    height, width = kernel
    return multiplier / (height * width)


# %% separable_ratio wrong "the depthwise step alone"
def separable_ratio(out_channels, kernel, multiplier):
    height, width = kernel
    return multiplier / out_channels


# %% separable_ratio wrong "the multiplier squared, once for each step"
def separable_ratio(out_channels, kernel, multiplier):
    height, width = kernel
    return multiplier**2 / out_channels + multiplier**2 / (height * width)


# %% separable_ratio wrong "whole-number division, which gives 0"
def separable_ratio(out_channels, kernel, multiplier):
    height, width = kernel
    return multiplier // out_channels + multiplier // (height * width)


# %% separable_ratio wrong "divided by the multiplier, which makes more work, not less"
def separable_ratio(out_channels, kernel, multiplier):
    height, width = kernel
    return 1 / (multiplier * out_channels) + 1 / (multiplier * height * width)


# %% grouped_costs hints [markdown]
# 1. Which input channels does one output channel read, and how many are they?
# 2. An output channel has one kernel for each input of its own group. The number of
#    outputs is not divided: each has its kernels. Each weight is used once at each
#    place of the output; the bias is a parameter, but no product.
# 3. First the test of both remainders, with an error. Then the weights, a product of
#    four numbers. Return a pair: weights and biases added; weights times the places.


# %% grouped_costs right "group by group"
def grouped_costs(in_channels, out_channels, k, groups, side):
    inputs, rest = divmod(in_channels, groups)
    outputs, more = divmod(out_channels, groups)
    if rest + more > 0:
        raise ValueError("not divisible")
    total = groups * inputs * outputs * k**2
    return total + groups * outputs, total * side * side


# %% grouped_costs right "as a list, with numbers of weights from one output"
def grouped_costs(in_channels, out_channels, k, groups, side):
    for channels in (in_channels, out_channels):
        if channels % groups != 0:
            raise ValueError(channels)
    one = in_channels // groups * k * k
    return [(one + 1) * out_channels, one * out_channels * side * side]


# %% grouped_costs wrong "the groups are forgotten: each output reads all inputs"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * in_channels * out_channels
    return weights + out_channels, weights * side**2


# %% grouped_costs wrong "the outputs divided by the groups, too: each of them has its kernels"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * (in_channels // groups) * (out_channels // groups)
    return weights + out_channels, weights * side**2


# %% grouped_costs wrong "as if depthwise, whatever the groups: one input for each output"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * 1 * out_channels
    return weights + out_channels, weights * side**2


# %% grouped_costs wrong "the number of groups taken for the channels of a group"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * groups * out_channels
    return weights + out_channels, weights * side**2


# %% grouped_costs wrong "the bias is forgotten"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * (in_channels // groups) * out_channels
    return weights, weights * side**2


# %% grouped_costs wrong "the bias counted as multiply-adds"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * (in_channels // groups) * out_channels
    return weights + out_channels, (weights + out_channels) * side**2


# %% grouped_costs wrong "one bias for each group, not for each output"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * (in_channels // groups) * out_channels
    return weights + groups, weights * side**2


# %% grouped_costs wrong "a bias for each input channel"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * (in_channels // groups) * out_channels
    return weights + in_channels, weights * side**2


# %% grouped_costs wrong "the kernel's side not squared"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * (in_channels // groups) * out_channels
    return weights + out_channels, weights * side**2


# %% grouped_costs wrong "the output's side not squared"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * (in_channels // groups) * out_channels
    return weights + out_channels, weights * side


# %% grouped_costs wrong "the multiply-adds don't count the places"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * (in_channels // groups) * out_channels
    return weights + out_channels, weights


# %% grouped_costs wrong "the output thought smaller by the kernel: side is the output's already"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * (in_channels // groups) * out_channels
    return weights + out_channels, weights * (side - k + 1) ** 2


# %% grouped_costs wrong "groups that don't divide the outputs are accepted"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * (in_channels // groups) * out_channels
    return weights + out_channels, weights * side**2


# %% grouped_costs wrong "groups that don't divide the inputs are accepted"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * (in_channels // groups) * out_channels
    return weights + out_channels, weights * side**2


# %% grouped_costs wrong "groups that divide neither are accepted"
def grouped_costs(in_channels, out_channels, k, groups, side):
    weights = k * k * (in_channels // groups) * out_channels
    return weights + out_channels, weights * side**2


# %% grouped_costs wrong "an error only where groups divides neither of the two"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups and out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * (in_channels // groups) * out_channels
    return weights + out_channels, weights * side**2


# %% grouped_costs wrong "the two numbers change places"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * (in_channels // groups) * out_channels
    return weights * side**2, weights + out_channels


# %% grouped_costs wrong "multiply and add counted as two"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups must divide both numbers of channels")
    weights = k * k * (in_channels // groups) * out_channels
    return weights + out_channels, 2 * weights * side**2


# %% grouped_costs wrong "a library does the arithmetic"
def grouped_costs(in_channels, out_channels, k, groups, side):
    conv = nn.Conv2d(in_channels, out_channels, k, groups=groups)
    return sum(p.numel() for p in conv.parameters()), conv.weight.numel() * side**2


# %% grouped_costs wrong "the sum of the channels is divided by groups, not each number"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if (in_channels + out_channels) % groups:
        raise ValueError("groups")
    weights = k * k * (in_channels // groups) * out_channels
    return weights + out_channels, weights * side**2


# %% grouped_costs wrong "floats where whole numbers are asked: / in place of //"
def grouped_costs(in_channels, out_channels, k, groups, side):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups")
    weights = k * k * in_channels / groups * out_channels
    return weights + out_channels, weights * side**2


# %% separable_conv hints [markdown]
# 1. `D` has four axes. Which input channel does the kernel `D[c, j]` read, and at
#    which place among the C m maps does its result stand?
# 2. Take a shifted, strided piece of the padded input for each place (u, v) of the
#    kernel. Give it an axis of length 1 for the multiplier, so that it meets `D[:, :,
#    u, v]` and broadcasts. Nothing is summed over channels before the mix.
# 3. Pad; a double loop over the kernel that adds products of shape (N, C, m, H', W');
#    merge the axes C and m; sum over the maps with `P`.


# %% separable_conv right "each map on its own, with windows"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    X = F.pad(X, (k // 2, k // 2, k // 2, k // 2))
    windows = X.unfold(2, k, stride).unfold(3, k, stride)
    maps = []
    for c in range(C):
        for j in range(m):
            maps.append((windows[:, c] * D[c, j]).sum(dim=(-2, -1)))
    Z = torch.stack(maps, dim=1)
    return (P @ Z.flatten(2)).unflatten(2, Z.shape[2:])


# %% separable_conv right "the mix inside the loop, and the stride last"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    p = k // 2
    N, _, H, W = X.shape
    padded = torch.zeros(N, C, H + 2 * p, W + 2 * p)
    padded[:, :, p : p + H, p : p + W] = X
    mix = P.reshape(len(P), C, m)
    Y = torch.zeros(N, len(P), H, W)
    for u in range(k):
        for v in range(k):
            kernel = (mix * D[:, :, u, v]).sum(dim=2)
            shifted = padded[:, :, u : u + H, v : v + W]
            Y = Y + torch.einsum("nchw,oc->nohw", shifted, kernel)
    return Y[:, :, ::stride, ::stride]


# %% separable_conv wrong "the maps stand kernel by kernel, not channel by channel"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:, :, u, v].reshape(C, m, 1, 1)
    Z = Z.transpose(1, 2).flatten(1, 2)
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "the padding is forgotten"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = 0
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:, :, u, v].reshape(C, m, 1, 1)
    Z = Z.flatten(1, 2)
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "one row and column too many is padded: k in place of k // 2, halved up"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = (k + 1) // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:, :, u, v].reshape(C, m, 1, 1)
    Z = Z.flatten(1, 2)
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "the stride is forgotten"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height, v : v + width]
            Z = Z + shifted.unsqueeze(2) * D[:, :, u, v].reshape(C, m, 1, 1)
    Z = Z.flatten(1, 2)
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "the stride in the rows only"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width]
            Z = Z + shifted.unsqueeze(2) * D[:, :, u, v].reshape(C, m, 1, 1)
    Z = Z.flatten(1, 2)
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "the stride in the columns only"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:, :, u, v].reshape(C, m, 1, 1)
    Z = Z.flatten(1, 2)
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "the stride taken twice, in the depthwise step and in the pointwise one"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:, :, u, v].reshape(C, m, 1, 1)
    Z = Z.flatten(1, 2)[:, :, ::stride, ::stride]
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "the kernel turned by half a turn, as in mathematics"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:, :, k - 1 - u, k - 1 - v].reshape(
                C, m, 1, 1
            )
    Z = Z.flatten(1, 2)
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "the kernel transposed: rows and columns changed places"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:, :, v, u].reshape(C, m, 1, 1)
    Z = Z.flatten(1, 2)
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "only the first kernel of each channel is used"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:, :1, u, v].expand(C, m).reshape(
                C, m, 1, 1
            )
    Z = Z.flatten(1, 2)
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "the kernels of a channel are summed before the mix"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:, :, u, v].reshape(C, m, 1, 1)
    Z = Z.sum(dim=2, keepdim=True).expand(-1, -1, m, -1, -1).flatten(1, 2)
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "channels are summed in the depthwise step, as a full convolution does"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.sum(dim=1, keepdim=True).unsqueeze(2) * D[
                :, :, u, v
            ].reshape(C, m, 1, 1)
    Z = Z.flatten(1, 2)
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "every channel sees the kernels of channel 0"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:1, :, u, v].expand(C, m).reshape(
                C, m, 1, 1
            )
    Z = Z.flatten(1, 2)
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "the pointwise step is left out"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:, :, u, v].reshape(C, m, 1, 1)
    Z = Z.flatten(1, 2)
    return Z


# %% separable_conv wrong "an activation between the two steps"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:, :, u, v].reshape(C, m, 1, 1)
    Z = torch.relu(Z.flatten(1, 2))
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "an activation at the end"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:, :, u, v].reshape(C, m, 1, 1)
    Z = Z.flatten(1, 2)
    return torch.relu(torch.einsum("nchw,oc->nohw", Z, P))


# %% separable_conv wrong "the mean over the kernel's places, not the sum"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4)
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:, :, u, v].reshape(C, m, 1, 1)
    Z = Z.flatten(1, 2) / k**2
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "the border repeated, where zeros are asked"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    pad = k // 2
    X = F.pad(X, [pad] * 4, mode="replicate")
    height, width = X.shape[2] - k + 1, X.shape[3] - k + 1
    Z = 0
    for u in range(k):
        for v in range(k):
            shifted = X[:, :, u : u + height : stride, v : v + width : stride]
            Z = Z + shifted.unsqueeze(2) * D[:, :, u, v].reshape(C, m, 1, 1)
    Z = Z.flatten(1, 2)
    return torch.einsum("nchw,oc->nohw", Z, P)


# %% separable_conv wrong "a library does the convolution"
def separable_conv(X, D, P, stride):
    C, m, k, _ = D.shape
    Z = F.conv2d(X, D.reshape(C * m, 1, k, k), None, stride, k // 2, groups=C)
    return F.conv2d(Z, P[:, :, None, None])


# %% round_channels hints [markdown]
# 1. What does `round(2.5)` give in Python, and which of the two multiples is asked
#    where both are equally near?
# 2. Three rules in this order: nearest multiple, lower bound, and only then the 90 %.
#    The last one compares the rounded number with the one you were given.
# 3. Divide by the divisor, add a half, round down, multiply. Take the larger of that
#    and the divisor. If it is below nine tenths of the argument, add one divisor.


# %% round_channels right "as torchvision writes it"
def round_channels(channels, divisor):
    new = max(divisor, int(channels + divisor / 2) // divisor * divisor)
    if new < 0.9 * channels:
        new += divisor
    return new


# %% round_channels right "the distance to the multiple below"
def round_channels(channels, divisor):
    below = int(channels // divisor)
    up = 2 * (channels - below * divisor) >= divisor
    count = max(1, below + up)
    return (count + (10 * count * divisor < 9 * channels)) * divisor


# %% round_channels right "the last rule lifts 0 to the divisor, too"
def round_channels(channels, divisor):
    nearest = divisor * int((2 * channels + divisor) // (2 * divisor))
    return nearest if 10 * nearest >= 9 * channels else nearest + divisor


# %% round_channels equivalent "max takes its arguments in any order, and 0 is lifted by the last rule"
# rounded = max(divisor, nearest) -> rounded = max(nearest, divisor)


# %% round_channels wrong "the 90 % are forgotten"
def round_channels(channels, divisor):
    nearest = math.floor(channels / divisor + 0.5) * divisor
    rounded = max(divisor, nearest)
    return rounded


# %% round_channels wrong "always rounded up"
def round_channels(channels, divisor):
    nearest = math.ceil(channels / divisor) * divisor
    rounded = max(divisor, nearest)
    return rounded + divisor if rounded < 0.9 * channels else rounded


# %% round_channels wrong "always rounded down"
def round_channels(channels, divisor):
    nearest = math.floor(channels / divisor) * divisor
    rounded = max(divisor, nearest)
    return rounded + divisor if rounded < 0.9 * channels else rounded


# %% round_channels wrong "rounded down, without the 90 %"
def round_channels(channels, divisor):
    nearest = math.floor(channels / divisor) * divisor
    rounded = max(divisor, nearest)
    return rounded


# %% round_channels wrong "ties go to the even multiple, as Python's round has it"
def round_channels(channels, divisor):
    nearest = round(channels / divisor) * divisor
    rounded = max(divisor, nearest)
    return rounded + divisor if rounded < 0.9 * channels else rounded


# %% round_channels wrong "ties go to the smaller multiple"
def round_channels(channels, divisor):
    nearest = math.ceil(channels / divisor - 0.5) * divisor
    rounded = max(divisor, nearest)
    return rounded + divisor if rounded < 0.9 * channels else rounded


# %% round_channels wrong "the lower bound taken for one channel"
def round_channels(channels, divisor):
    nearest = math.floor(channels / divisor + 0.5) * divisor
    rounded = max(1, nearest)
    return rounded + divisor if rounded < 0.9 * channels else rounded


# %% round_channels wrong "the divisor of 8 is fixed"
def round_channels(channels, divisor):
    divisor = 8
    nearest = math.floor(channels / divisor + 0.5) * divisor
    rounded = max(divisor, nearest)
    return rounded + divisor if rounded < 0.9 * channels else rounded


# %% round_channels wrong "the number of multiples returned, not the channels"
def round_channels(channels, divisor):
    nearest = math.floor(channels / divisor + 0.5) * divisor
    rounded = max(divisor, nearest)
    return (rounded + divisor if rounded < 0.9 * channels else rounded) // divisor


# %% round_channels wrong "a float where a whole number is asked"
def round_channels(channels, divisor):
    nearest = math.floor(channels / divisor + 0.5) * divisor
    rounded = max(divisor, nearest)
    return float(rounded + divisor if rounded < 0.9 * channels else rounded)


# %% round_channels wrong "90 % compared the wrong way round: the argument against the rounded number"
def round_channels(channels, divisor):
    nearest = math.floor(channels / divisor + 0.5) * divisor
    rounded = max(divisor, nearest)
    return rounded + divisor if channels < 0.9 * rounded else rounded


# %% round_channels wrong "where 90 % are missed, one channel is added in place of a whole multiple"
def round_channels(channels, divisor):
    nearest = math.floor(channels / divisor + 0.5) * divisor
    rounded = max(divisor, nearest)
    return rounded + 1 if rounded < 0.9 * channels else rounded


# %% round_channels wrong "where 90 % are missed, the number stays as it was given"
def round_channels(channels, divisor):
    nearest = math.floor(channels / divisor + 0.5) * divisor
    rounded = max(divisor, nearest)
    return math.ceil(channels) if rounded < 0.9 * channels else rounded


# %% round_channels wrong "the lower bound counts as less than 90 % and is raised"
def round_channels(channels, divisor):
    nearest = math.floor(channels / divisor + 0.5) * divisor
    rounded = max(divisor, nearest)
    return rounded + divisor if nearest < 0.9 * channels else rounded


# %% round_channels wrong "the argument cut to a whole number first"
def round_channels(channels, divisor):
    channels = int(channels)
    nearest = math.floor(channels / divisor + 0.5) * divisor
    rounded = max(divisor, nearest)
    return rounded + divisor if rounded < 0.9 * channels else rounded


# %% round_channels wrong "exactly 90 % counts as less than 90 %"
def round_channels(channels, divisor):
    rounded = max(divisor, math.floor(channels / divisor + 0.5) * divisor)
    return rounded + divisor if rounded <= 0.9 * channels else rounded


# %% round_channels wrong "half the divisor cut to a whole number: an odd divisor rounds up too late"
def round_channels(channels, divisor):
    rounded = max(divisor, int(channels + divisor // 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * channels else rounded


# %% lost_share hints [markdown]
# 1. With d unknown coordinates, how many equations are needed, and for which numbers
#    of positive ones is the point lost?
# 2. The number of positive ones among n is binomial: a binomial coefficient says how
#    many of the 2 to the n patterns of signs have exactly j of them. Add the patterns
#    with too few.
# 3. One line: a sum over j from 0 to d - 1 of the binomial coefficients, divided by
#    the number of all patterns.


# %% lost_share right "one minus the share that is found"
def lost_share(d, n):
    found = sum(math.comb(n, j) for j in range(d, n + 1))
    return 1 - found / 2**n


# %% lost_share right "by going through the numbers one by one"
def lost_share(d, n):
    shares = [1.0]
    for _ in range(n):
        more = [0.5 * s for s in shares]
        shares = [a + b for a, b in zip(more + [0.0], [0.0] + more)]
    return sum(shares[:d])


# %% lost_share wrong "exactly d positive numbers thought not to be enough"
def lost_share(d, n):
    return sum(math.comb(n, j) for j in range(d + 1)) / 2**n


# %% lost_share wrong "one positive number too few is asked: d - 1 are not enough"
def lost_share(d, n):
    return sum(math.comb(n, j) for j in range(d - 1)) / 2**n


# %% lost_share wrong "the pattern without any positive number is forgotten"
def lost_share(d, n):
    return sum(math.comb(n, j) for j in range(1, d)) / 2**n


# %% lost_share wrong "only the pattern without any positive number"
def lost_share(d, n):
    return 1 / 2**n


# %% lost_share wrong "the share that is found, not the lost one"
def lost_share(d, n):
    return 1 - sum(math.comb(n, j) for j in range(d)) / 2**n


# %% lost_share wrong "the formula of the plane, whatever d"
def lost_share(d, n):
    return (n + 1) / 2**n


# %% lost_share wrong "exactly d positive numbers, their probability alone"
def lost_share(d, n):
    return math.comb(n, d) / 2**n


# %% lost_share wrong "exactly d - 1 positive numbers, their probability alone"
def lost_share(d, n):
    return math.comb(n, d - 1) / 2**n


# %% lost_share wrong "the patterns counted, not divided by all"
def lost_share(d, n):
    return sum(math.comb(n, j) for j in range(d))


# %% lost_share wrong "divided by 2 to the d"
def lost_share(d, n):
    return sum(math.comb(n, j) for j in range(d)) / 2**d


# %% lost_share wrong "d and n change places"
def lost_share(d, n):
    return sum(math.comb(d, j) for j in range(n)) / 2**d


# %% lost_share wrong "all numbers must be positive"
def lost_share(d, n):
    return 1 - 0.5**n


# %% lost_share wrong "ordered choices counted, so that a pattern counts several times"
def lost_share(d, n):
    return sum(math.perm(n, j) for j in range(d)) / 2**n


# %% lost_share wrong "each coordinate lost on its own, with probability 1/2 to the n"
def lost_share(d, n):
    return 1 - (1 - 0.5**n) ** d


# %% lost_share wrong "with fewer numbers than coordinates nothing is thought lost"
def lost_share(d, n):
    if n < d:
        return 0.0
    return sum(math.comb(n, j) for j in range(d)) / 2**n


# %% channel_shuffle hints [markdown]
# 1. For six channels in two rows, write the table down. Which channel stands to the
#    right of 0, and which below it?
# 2. One axis of C channels becomes two, rows and places in a row. Reading column by
#    column means that the two axes change places before they become one again.
# 3. Three steps: reshape to five axes, transpose the second and third, reshape to
#    four. A permuted tensor isn't contiguous, so `view` won't do at the end.


# %% channel_shuffle right "with an index of channels"
def channel_shuffle(X, groups):
    order = torch.arange(X.shape[1]).reshape(groups, -1).T.flatten()
    return X[:, order]


# %% channel_shuffle right "rows stacked beside each other"
def channel_shuffle(X, groups):
    rows = X.chunk(groups, dim=1)
    return torch.stack(rows, dim=2).flatten(1, 2)


# %% channel_shuffle wrong "the channels stay in their order: rows read row by row"
def channel_shuffle(X, groups):
    N, C, H, W = X.shape
    table = X.reshape(N, groups, C // groups, H, W)
    return table.reshape(N, C, H, W)


# %% channel_shuffle wrong "a table of C / groups rows: the inverse shuffle"
def channel_shuffle(X, groups):
    N, C, H, W = X.shape
    table = X.reshape(N, C // groups, groups, H, W)
    return table.transpose(1, 2).reshape(N, C, H, W)


# %% channel_shuffle wrong "the right shape without a transposition: pixels of other channels are mixed in"
def channel_shuffle(X, groups):
    N, C, H, W = X.shape
    table = X.reshape(N, groups, C // groups, H, W)
    return X.transpose(2, 3).reshape(N, C, H, W)


# %% channel_shuffle wrong "the batch is shuffled, not the channels"
def channel_shuffle(X, groups):
    N, C, H, W = X.shape
    table = X.reshape(N, groups, C // groups, H, W)
    return X.flip(0)


# %% channel_shuffle wrong "the channels turned round"
def channel_shuffle(X, groups):
    N, C, H, W = X.shape
    table = X.reshape(N, groups, C // groups, H, W)
    return X.flip(1)


# %% channel_shuffle wrong "the groups turned round, each in its order"
def channel_shuffle(X, groups):
    N, C, H, W = X.shape
    table = X.reshape(N, groups, C // groups, H, W)
    return table.flip(1).reshape(N, C, H, W)


# %% channel_shuffle wrong "the channels of each group turned round"
def channel_shuffle(X, groups):
    N, C, H, W = X.shape
    table = X.reshape(N, groups, C // groups, H, W)
    return table.flip(2).reshape(N, C, H, W)


# %% channel_shuffle wrong "rolled by a group, not shuffled"
def channel_shuffle(X, groups):
    N, C, H, W = X.shape
    table = X.reshape(N, groups, C // groups, H, W)
    return X.roll(C // groups, dims=1)


# %% channel_shuffle wrong "a random order"
def channel_shuffle(X, groups):
    N, C, H, W = X.shape
    table = X.reshape(N, groups, C // groups, H, W)
    return X[:, torch.randperm(C)]


# %% channel_shuffle wrong "five axes are left"
def channel_shuffle(X, groups):
    N, C, H, W = X.shape
    table = X.reshape(N, groups, C // groups, H, W)
    return table.transpose(1, 2)


# %% channel_shuffle wrong "the table has the pixels in place of the groups: height and channels change places"
def channel_shuffle(X, groups):
    N, C, H, W = X.shape
    table = X.reshape(N, groups, C // groups, H, W)
    return X.transpose(1, 2).reshape(N, C, H, W)


# %% channel_shuffle wrong "view on a tensor that is not contiguous"
def channel_shuffle(X, groups):
    N, C, H, W = X.shape
    table = X.reshape(N, groups, C // groups, H, W)
    return table.transpose(1, 2).view(N, C, H, W)


# %% channel_shuffle wrong "two groups, whatever is asked"
def channel_shuffle(X, groups):
    N, C, H, W = X.shape
    groups = 2
    table = X.reshape(N, groups, C // groups, H, W)
    return table.transpose(1, 2).reshape(N, C, H, W)


# %% channel_shuffle wrong "only the first channel of each group is kept, repeated"
def channel_shuffle(X, groups):
    N, C, H, W = X.shape
    table = X.reshape(N, groups, C // groups, H, W)
    return (
        table[:, :, :1]
        .expand(-1, -1, C // groups, -1, -1)
        .transpose(1, 2)
        .reshape(N, C, H, W)
    )


# %% channel_shuffle equivalent "two axes change places in either order"
# return table.transpose(1, 2).reshape(N, C, H, W) -> return table.transpose(2, 1).reshape(N, C, H, W)


# %% channel_shuffle wrong "torch.channel_shuffle does the work"
def channel_shuffle(X, groups):
    return nn.ChannelShuffle(groups)(X)


# %% squeeze_excite hints [markdown]
# 1. How many gates are there for a batch of N images with C channels, and over which
#    axes is the mean, so that this number is left?
# 2. The two layers work on vectors of C numbers, one for each image. The ReLU is
#    between them, the hard sigmoid after them. At the end a gate meets a whole map.
# 3. Mean over height and width; two products with transposed weights; one clamp from
#    below, one from both sides with a shift by 3 and a division by 6; two new axes on
#    the gates, and a product with `X`.


# %% squeeze_excite right "with einsum and keepdim"
def squeeze_excite(X, W1, b1, W2, b2):
    Z = X.flatten(2).mean(dim=2)
    Z = torch.maximum(torch.einsum("nc,rc->nr", Z, W1) + b1, torch.zeros(1))
    A = torch.einsum("nr,cr->nc", Z, W2) + b2
    S = torch.clip(A / 6 + 0.5, 0, 1)
    return torch.einsum("nchw,nc->nchw", X, S)


# %% squeeze_excite right "the mean as a sum, image by image"
def squeeze_excite(X, W1, b1, W2, b2):
    N, C, H, W = X.shape
    result = []
    for image in X:
        z = image.sum(dim=(1, 2)) / (H * W)
        z = (W1 @ z + b1).clamp_min(0)
        a = W2 @ z + b2
        result.append(image * ((a + 3).clamp(0, 6) / 6).reshape(C, 1, 1))
    return torch.stack(result)


# %% squeeze_excite wrong "the mean over the batch, too: all images share their gates"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(0, 2, 3)).expand(X.shape[0], -1)
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = (hidden @ W2.T + b2 + 3).clamp(0, 6) / 6
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "the sum of each map, not its mean"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.sum(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = (hidden @ W2.T + b2 + 3).clamp(0, 6) / 6
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "the maximum of each map, not its mean"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.amax(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = (hidden @ W2.T + b2 + 3).clamp(0, 6) / 6
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "the first pixel of each map, not its mean"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X[:, :, 0, 0]
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = (hidden @ W2.T + b2 + 3).clamp(0, 6) / 6
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "the ReLU between the layers is forgotten"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = squeezed @ W1.T + b1
    gates = (hidden @ W2.T + b2 + 3).clamp(0, 6) / 6
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "a sigmoid in place of the hard one"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = 1 / (1 + torch.exp(-(hidden @ W2.T + b2)))
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "the shift by 3 is forgotten"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = (hidden @ W2.T + b2).clamp(0, 6) / 6
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "the division by 6 is forgotten"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = (hidden @ W2.T + b2 + 3).clamp(0, 6)
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "no upper limit: gates above 1"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = (hidden @ W2.T + b2 + 3).clamp(min=0) / 6
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "no lower limit: negative gates"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = (hidden @ W2.T + b2 + 3).clamp(max=6) / 6
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "a gate limited to [0, 1] before the division by 6"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = (hidden @ W2.T + b2 + 3).clamp(0, 1) / 6
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "the gates are returned, not what they gate"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = (hidden @ W2.T + b2 + 3).clamp(0, 6) / 6
    return gates


# %% squeeze_excite wrong "the gates are added, not multiplied"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = (hidden @ W2.T + b2 + 3).clamp(0, 6) / 6
    return X + gates[:, :, None, None]


# %% squeeze_excite wrong "the input is added to what is gated"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = (hidden @ W2.T + b2 + 3).clamp(0, 6) / 6
    return X + X * gates[:, :, None, None]


# %% squeeze_excite wrong "the means are gated, not the maps"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = (hidden @ W2.T + b2 + 3).clamp(0, 6) / 6
    return (squeezed * gates)[:, :, None, None].expand(X.shape)


# %% squeeze_excite wrong "the first bias is forgotten"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = (squeezed @ W1.T).clamp(min=0)
    gates = (hidden @ W2.T + b2 + 3).clamp(0, 6) / 6
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "the second bias is forgotten"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = (hidden @ W2.T + 3).clamp(0, 6) / 6
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "a softmax over the channels in place of a gate for each"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = torch.exp(hidden @ W2.T + b2) / torch.exp(hidden @ W2.T + b2).sum(
        dim=1, keepdim=True
    )
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "gates switched on or off at a half"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = (hidden @ W2.T + b2 + 3).clamp(0, 6) / 6
    gates = (gates > 0.5).float()
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "the layers see ReLU behind the second one as well"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    hidden = (squeezed @ W1.T + b1).clamp(min=0)
    gates = ((hidden @ W2.T + b2).clamp(min=0) + 3).clamp(0, 6) / 6
    return X * gates[:, :, None, None]


# %% squeeze_excite wrong "a library does the activation"
def squeeze_excite(X, W1, b1, W2, b2):
    Z = F.relu(X.mean(dim=(2, 3)) @ W1.T + b1)
    return X * F.hardsigmoid(Z @ W2.T + b2)[:, :, None, None]


# %% squeeze_excite wrong "ReLU6 in place of ReLU between the layers"
def squeeze_excite(X, W1, b1, W2, b2):
    squeezed = X.mean(dim=(2, 3))
    a = (squeezed @ W1.T + b1).clamp(0, 6) @ W2.T + b2
    return X * ((a + 3).clamp(0, 6) / 6)[:, :, None, None]


# %% InvertedResidual hints [markdown]
# 1. For in_channels 3 and t 4: how many channels do the three convolutions read and
#    put out, and for which of them is `groups` not 1?
# 2. The list of layers depends on `t`: put the expansion into a list only if there is
#    one. Whether the input is added depends on two things; decide it in the
#    constructor.
# 3. A `Sequential` of three groups: pointwise, norm, ReLU6 (unless t is 1); depthwise
#    with kernel, stride, padding and as many groups as channels, norm, ReLU6;
#    pointwise, norm. The forward adds `X` or not.


# %% InvertedResidual right "layers by name, the clamp of ReLU6 by hand"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        self.same = (stride, in_channels) == (1, out_channels)
        wide = in_channels * t
        self.expand = nn.Identity()
        if t > 1:
            self.expand = nn.Sequential(
                nn.Conv2d(in_channels, wide, (1, 1), bias=False),
                nn.BatchNorm2d(wide),
                nn.Hardtanh(0, 6),
            )
        self.look = nn.Conv2d(
            wide,
            wide,
            (k, k),
            stride=stride,
            padding=(k - 1) // 2,
            groups=wide,
            bias=False,
        )
        self.norm1 = nn.BatchNorm2d(wide)
        self.project = nn.Conv2d(wide, out_channels, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)

    def forward(self, X):
        H = self.norm1(self.look(self.expand(X))).clamp(0, 6)
        Y = self.norm2(self.project(H))
        if self.same:
            Y = Y + X
        return Y


# %% InvertedResidual right "with lazy layers that see a first batch"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()

        def conv(i, o, k=1, **more):
            return [nn.Conv2d(i, o, k, bias=False, **more), nn.BatchNorm2d(o)]

        h = t * in_channels
        parts = [] if t == 1 else [*conv(in_channels, h), nn.ReLU6(inplace=True)]
        parts += conv(h, h, k, stride=stride, padding=k // 2, groups=h)
        parts += [nn.ReLU6(inplace=True), *conv(h, out_channels)]
        self.parts = nn.ModuleList(parts)
        self.skip = int(stride == 1 and in_channels == out_channels)

    def forward(self, X):
        Y = X
        for part in self.parts:
            Y = part(Y)
        return Y + X if self.skip else Y


# %% InvertedResidual wrong "groups left at 1: a full convolution in the middle"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "as many groups as input channels, not as expanded ones"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(
            hidden, hidden, k, stride, k // 2, groups=in_channels, bias=False
        )
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "an activation after the projection"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels), nn.ReLU6()]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "an activation after the sum"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return F.relu6(X + Y) if self.has_skip else Y


# %% InvertedResidual wrong "the input added wherever the stride is 1, whatever the channels"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "the input added wherever the channels agree, whatever the stride"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "the input is never added"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = False

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "with t = 1 the first pointwise layer is kept"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if True:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "with t = 1 the expansion is left out, with its normalisation and activation kept"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t == 1:
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "never an expansion: the depthwise step works on the input's channels"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden, t = in_channels, 1
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "the channels inside follow the output, not the input"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * out_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "the kernel is 3 x 3, whatever is asked"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        k = 3
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "the padding of a 3 x 3 kernel, whatever the kernel"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, 1, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "the stride stands in the expansion"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, stride, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(
            hidden, hidden, k, 1 if t > 1 else stride, k // 2, groups=hidden, bias=False
        )
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "the stride is forgotten"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, 1, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "the convolutions have biases"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "the depthwise convolution has a bias"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "the projection's normalisation is forgotten"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "the depthwise step has no normalisation"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "no activation after the depthwise step"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden)]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "no activation after the expansion"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden)]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "ReLU in place of ReLU6"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "SiLU in place of ReLU6"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.SiLU()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.SiLU()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        return X + Y if self.has_skip else Y


# %% InvertedResidual wrong "the input is added before the block's last normalisation"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        depth = nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False)
        layers += [depth, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [nn.Conv2d(hidden, out_channels, 1, bias=False)]
        layers += [nn.BatchNorm2d(out_channels)]
        self.net = nn.Sequential(*layers)
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.net(X)
        if self.has_skip:
            return self.net[-1](X + self.net[:-1](X))
        return Y


# %% InvertedResidual wrong "the stride stands in the projection"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        self.net = nn.Sequential(
            *layers,
            nn.Conv2d(hidden, hidden, k, 1, k // 2, groups=hidden, bias=False),
            nn.BatchNorm2d(hidden),
            nn.ReLU6(),
            nn.Conv2d(hidden, out_channels, 1, stride, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% InvertedResidual wrong "the input added wherever the shapes happen to agree, whatever the stride"
class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t, k):
        super().__init__()
        hidden = t * in_channels
        layers = []
        if t != 1:
            layers += [nn.Conv2d(in_channels, hidden, 1, bias=False)]
            layers += [nn.BatchNorm2d(hidden), nn.ReLU6()]
        self.net = nn.Sequential(
            *layers,
            nn.Conv2d(hidden, hidden, k, stride, k // 2, groups=hidden, bias=False),
            nn.BatchNorm2d(hidden),
            nn.ReLU6(),
            nn.Conv2d(hidden, out_channels, 1, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = None

    def forward(self, X):
        Y = self.net(X)
        return X + Y if Y.shape == X.shape else Y


# %% FusedBlock hints [markdown]
# 1. Compare each line with the text above: what does "full" say of the groups, what
#    does "linear" say of the end, and what must agree before two tensors are added?
# 2. Try settings in which a fault can hide: with one input channel a sum broadcasts,
#    and groups of 1 are no groups.
# 3. One argument goes from the settings, one layer from the end of the Sequential,
#    and the condition of the skip connection gets a second half.


# %% FusedBlock right "layers by name"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        h = in_channels * t
        self.full = nn.Conv2d(in_channels, h, 3, stride=stride, padding=1, bias=False)
        self.norm1, self.norm2 = nn.BatchNorm2d(h), nn.BatchNorm2d(out_channels)
        self.mix = nn.Conv2d(h, out_channels, 1, bias=False)
        self.fits = stride == 1 and in_channels == out_channels

    def forward(self, X):
        Y = self.norm2(self.mix(F.silu(self.norm1(self.full(X)))))
        return Y + X if self.fits else Y


# %% FusedBlock right "the faulty one, mended after it was made"
class FusedBlock(FaultyBlock):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__(in_channels, out_channels, stride, t)
        hidden = t * in_channels
        self.net[0] = nn.Conv2d(in_channels, hidden, 3, stride, 1, bias=False)
        del self.net[-1]
        self.has_skip = stride == 1 and in_channels == out_channels


# %% FusedBlock wrong "the first convolution is still cut into groups"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(
                in_channels,
                hidden,
                3,
                stride,
                padding=1,
                groups=in_channels,
                bias=False,
            ),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "there is still an activation after the projection"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.SiLU(),
        )
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "the input is still added where the channels differ"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = stride == 1

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "nothing is mended"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(
                in_channels,
                hidden,
                3,
                stride,
                padding=1,
                groups=in_channels,
                bias=False,
            ),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.SiLU(),
        )
        self.has_skip = stride == 1

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "mended: the groups; not: the activation and the sum"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.SiLU(),
        )
        self.has_skip = stride == 1

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "mended: the activation; not: the groups and the sum"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(
                in_channels,
                hidden,
                3,
                stride,
                padding=1,
                groups=in_channels,
                bias=False,
            ),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = stride == 1

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "mended: the sum; not: the groups and the activation"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(
                in_channels,
                hidden,
                3,
                stride,
                padding=1,
                groups=in_channels,
                bias=False,
            ),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.SiLU(),
        )
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "the groups moved to the pointwise layer"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(
                hidden,
                out_channels,
                1,
                groups=math.gcd(hidden, out_channels),
                bias=False,
            ),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "the activation between the layers taken away, too"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "the wrong activation taken away: the one between the layers"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.SiLU(),
        )
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "the input is no longer added at all"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = False

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "the input is added where the channels agree, whatever the stride"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = in_channels == out_channels

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "ReLU6 in place of SiLU"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.ReLU6(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "ReLU in place of SiLU"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.ReLU(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "an activation after the sum"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        return F.silu(X + self.net(X)) if self.has_skip else self.net(X)


# %% FusedBlock wrong "the last normalisation taken away with the activation"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
        )
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "a depthwise layer put between: the block of MobileNetV2, no longer fused"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, hidden, 3, 1, 1, groups=hidden, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "the convolutions have biases"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "the stride stands in the projection"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, 1, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1, stride, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = stride == 1 and in_channels == out_channels

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% FusedBlock wrong "with t = 1 the projection is left out, as libraries do"
class FusedBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride, t):
        super().__init__()
        hidden = t * in_channels
        self.net = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, out_channels, 1, 1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.has_skip = stride == 1 and in_channels == out_channels
        if t == 1:
            self.net = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False),
                nn.BatchNorm2d(out_channels),
                nn.SiLU(),
            )

    def forward(self, X):
        return X + self.net(X) if self.has_skip else self.net(X)


# %% scale_under_budget hints [markdown]
# 1. By which factor do the multiply-adds of a layer grow if its channels, in and out,
#    grow by beta? And if height and width of the image grow by gamma?
# 2. The equation for phi has the unknown in the exponent: take logarithms of both
#    sides. Then each axis grows by its own number to the power phi.
# 3. One line for phi, a quotient of two logarithms. Then three products, each rounded
#    down by `math.floor`, in a tuple.


# %% scale_under_budget right "logarithms to the base 2, int cuts"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    base = math.log2(alpha) + 2 * (math.log2(beta) + math.log2(gamma))
    phi = math.log2(factor) / base
    pairs = zip((blocks, width, side), (alpha, beta, gamma))
    return tuple(int(size * number**phi) for size, number in pairs)


# %% scale_under_budget right "phi found by bisection"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    low, high = 0.0, 200.0
    for _ in range(100):
        phi = (low + high) / 2
        if alpha**phi * beta ** (2 * phi) * gamma ** (2 * phi) < factor:
            low = phi
        else:
            high = phi
    return [
        math.floor(blocks * alpha**low),
        math.floor(width * beta**low),
        math.floor(side * gamma**low),
    ]


# %% scale_under_budget wrong "width counted once: a layer has channels in and out"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha * beta * gamma**2)
    return (
        math.floor(alpha**phi * blocks),
        math.floor(beta**phi * width),
        math.floor(gamma**phi * side),
    )


# %% scale_under_budget wrong "the side counted once: a map has height and width"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha * beta**2 * gamma)
    return (
        math.floor(alpha**phi * blocks),
        math.floor(beta**phi * width),
        math.floor(gamma**phi * side),
    )


# %% scale_under_budget wrong "no squares at all"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha * beta * gamma)
    return (
        math.floor(alpha**phi * blocks),
        math.floor(beta**phi * width),
        math.floor(gamma**phi * side),
    )


# %% scale_under_budget wrong "depth squared, too"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha**2 * beta**2 * gamma**2)
    return (
        math.floor(alpha**phi * blocks),
        math.floor(beta**phi * width),
        math.floor(gamma**phi * side),
    )


# %% scale_under_budget wrong "the factor taken for phi"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = factor
    return (
        math.floor(alpha**phi * blocks),
        math.floor(beta**phi * width),
        math.floor(gamma**phi * side),
    )


# %% scale_under_budget wrong "phi is the factor's logarithm to the base 2, whatever the coefficients"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log2(factor)
    return (
        math.floor(alpha**phi * blocks),
        math.floor(beta**phi * width),
        math.floor(gamma**phi * side),
    )


# %% scale_under_budget wrong "phi rounded down to a whole number"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.floor(math.log(factor) / math.log(alpha * beta**2 * gamma**2))
    return (
        math.floor(alpha**phi * blocks),
        math.floor(beta**phi * width),
        math.floor(gamma**phi * side),
    )


# %% scale_under_budget wrong "phi = 1, whatever the budget"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = 1
    return (
        math.floor(alpha**phi * blocks),
        math.floor(beta**phi * width),
        math.floor(gamma**phi * side),
    )


# %% scale_under_budget wrong "rounded to the nearest, so that the budget may be exceeded"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha * beta**2 * gamma**2)
    return (
        round(alpha**phi * blocks),
        round(beta**phi * width),
        round(gamma**phi * side),
    )


# %% scale_under_budget wrong "rounded up, so that the budget is exceeded"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha * beta**2 * gamma**2)
    return (
        math.ceil(alpha**phi * blocks),
        math.ceil(beta**phi * width),
        math.ceil(gamma**phi * side),
    )


# %% scale_under_budget wrong "not rounded: floats"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha * beta**2 * gamma**2)
    return (
        float(alpha**phi * blocks),
        float(beta**phi * width),
        float(gamma**phi * side),
    )


# %% scale_under_budget wrong "all of the budget spent on depth"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha * beta**2 * gamma**2)
    return (
        math.floor(factor * blocks),
        math.floor(width),
        math.floor(side),
    )


# %% scale_under_budget wrong "all of the budget spent on width"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha * beta**2 * gamma**2)
    return (
        math.floor(blocks),
        math.floor(factor**0.5 * width),
        math.floor(side),
    )


# %% scale_under_budget wrong "all of the budget spent on the image's side"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha * beta**2 * gamma**2)
    return (
        math.floor(blocks),
        math.floor(width),
        math.floor(factor**0.5 * side),
    )


# %% scale_under_budget wrong "each axis scaled alone: each spends the whole budget"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha * beta**2 * gamma**2)
    return (
        math.floor(factor * blocks),
        math.floor(factor**0.5 * width),
        math.floor(factor**0.5 * side),
    )


# %% scale_under_budget wrong "the budget shared out in equal thirds, whatever the coefficients"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha * beta**2 * gamma**2)
    return (
        math.floor(factor ** (1 / 3) * blocks),
        math.floor(factor ** (1 / 6) * width),
        math.floor(factor ** (1 / 6) * side),
    )


# %% scale_under_budget wrong "coefficients multiplied by phi, not raised to it"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha * beta**2 * gamma**2)
    return (
        math.floor(alpha * phi * blocks),
        math.floor(beta * phi * width),
        math.floor(gamma * phi * side),
    )


# %% scale_under_budget wrong "width and side change their coefficients"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha * beta**2 * gamma**2)
    return (
        math.floor(alpha**phi * blocks),
        math.floor(gamma**phi * width),
        math.floor(beta**phi * side),
    )


# %% scale_under_budget wrong "depth and width change their coefficients"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha * beta**2 * gamma**2)
    return (
        math.floor(beta**phi * blocks),
        math.floor(alpha**phi * width),
        math.floor(gamma**phi * side),
    )


# %% scale_under_budget wrong "the multipliers returned, not the sizes"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(factor) / math.log(alpha * beta**2 * gamma**2)
    return (
        math.floor(alpha**phi),
        math.floor(beta**phi),
        math.floor(gamma**phi),
    )


# %% scale_under_budget wrong "the logarithm of the factor forgotten in phi"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = factor / math.log(alpha * beta**2 * gamma**2)
    return (
        math.floor(alpha**phi * blocks),
        math.floor(beta**phi * width),
        math.floor(gamma**phi * side),
    )


# %% scale_under_budget wrong "the quotient of the logarithms turned over"
def scale_under_budget(blocks, width, side, factor, alpha, beta, gamma):
    phi = math.log(alpha * beta**2 * gamma**2) / math.log(factor)
    return (
        math.floor(alpha**phi * blocks),
        math.floor(beta**phi * width),
        math.floor(gamma**phi * side),
    )


# %% nearest_separable hints [markdown]
# 1. In `W` of shape (O, C, k, k), which axes stand for the rows and the columns of
#    the matrix of input channel c, and how large is it?
# 2. `torch.linalg.svd` takes a stack of matrices, so bring C to the front. Of its
#    three results you need the first column, the first number and the first row of
#    each.
# 3. Move C to the front and flatten the kernel; decompose; multiply the three first
#    parts by broadcasting, (C, O, 1) with (C, 1, k k); go back to the shape of `W`.


# %% nearest_separable right "channel by channel"
def nearest_separable(W):
    result = torch.empty(W.shape)
    for c in range(W.shape[1]):
        U, S, Vh = torch.linalg.svd(W[:, c].flatten(1), full_matrices=False)
        result[:, c] = (S[0] * torch.outer(U[:, 0], Vh[0])).reshape(result[:, c].shape)
    return result


# %% nearest_separable right "projected on the first eigenvector of the kernels"
def nearest_separable(W):
    A = W.double().permute(1, 0, 2, 3).flatten(2)
    _, vectors = torch.linalg.eigh(A.mT @ A)
    v = vectors[..., -1:]
    B = A @ v @ v.mT
    return B.unflatten(2, W.shape[2:]).permute(1, 0, 2, 3).float().contiguous()


# %% nearest_separable wrong "the singular value is forgotten"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    nearest = U[:, :, :1] * Vh[:, :1]
    return nearest.transpose(0, 1).reshape(C_out, C, k, k)


# %% nearest_separable wrong "the last singular value and vectors, which are the least"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    nearest = S[:, -1:, None] * U[:, :, -1:] * Vh[:, -1:]
    return nearest.transpose(0, 1).reshape(C_out, C, k, k)


# %% nearest_separable wrong "all singular values kept: nothing becomes separable"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    nearest = U * S[:, None] @ Vh
    return nearest.transpose(0, 1).reshape(C_out, C, k, k)


# %% nearest_separable wrong "two terms kept, a matrix of rank 2"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    nearest = U[:, :, :2] * S[:, None, :2] @ Vh[:, :2]
    return nearest.transpose(0, 1).reshape(C_out, C, k, k)


# %% nearest_separable wrong "the first term taken away, not kept"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    nearest = S[:, :1, None] * U[:, :, :1] * Vh[:, :1]
    nearest = matrices - nearest
    return nearest.transpose(0, 1).reshape(C_out, C, k, k)


# %% nearest_separable wrong "inputs and outputs change places: one kernel for each output"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.flatten(2)
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    nearest = S[:, :1, None] * U[:, :, :1] * Vh[:, :1]
    return nearest.reshape(C_out, C, k, k)


# %% nearest_separable wrong "one decomposition for all channels together"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.flatten(1)[None]
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    nearest = S[:, :1, None] * U[:, :, :1] * Vh[:, :1]
    return nearest.reshape(C_out, C, k, k)


# %% nearest_separable wrong "the shape restored without the transposition: channels are mixed"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    nearest = S[:, :1, None] * U[:, :, :1] * Vh[:, :1]
    return nearest.reshape(C_out, C, k, k)


# %% nearest_separable wrong "the square of the singular value"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    nearest = S[:, :1, None] ** 2 * U[:, :, :1] * Vh[:, :1]
    return nearest.transpose(0, 1).reshape(C_out, C, k, k)


# %% nearest_separable wrong "the square root of the singular value"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    nearest = S[:, :1, None] ** 0.5 * U[:, :, :1] * Vh[:, :1]
    return nearest.transpose(0, 1).reshape(C_out, C, k, k)


# %% nearest_separable wrong "each kernel made separable in rows and columns, which is another kind"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    U, S, Vh = torch.linalg.svd(W, full_matrices=False)
    return S[..., :1, None] * U[..., :1] * Vh[..., :1, :]


# %% nearest_separable wrong "the mean kernel of each channel for every output"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)
    nearest = matrices.mean(dim=1, keepdim=True).expand(matrices.shape)
    return nearest.transpose(0, 1).reshape(C_out, C, k, k)


# %% nearest_separable wrong "the mean kernel of each channel, scaled for each output: near, not nearest"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)
    v = F.normalize(matrices.mean(dim=1, keepdim=True), dim=2)
    nearest = (matrices * v).sum(dim=2, keepdim=True) * v
    return nearest.transpose(0, 1).reshape(C_out, C, k, k)


# %% nearest_separable wrong "the first output's kernel scaled for each output: near, not nearest"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)
    v = F.normalize(matrices[:, :1], dim=2)
    nearest = (matrices * v).sum(dim=2, keepdim=True) * v
    return nearest.transpose(0, 1).reshape(C_out, C, k, k)


# %% nearest_separable wrong "the depthwise kernels alone are returned"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    nearest = S[:, :1, None] * U[:, :, :1] * Vh[:, :1]
    return Vh[:, 0].reshape(C, 1, k, k)


# %% nearest_separable wrong "the matrices of the channels, not the kernel's shape"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    nearest = S[:, :1, None] * U[:, :, :1] * Vh[:, :1]
    return nearest.transpose(0, 1)


# %% nearest_separable wrong "the kernel comes back transposed: rows and columns of each change places"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    nearest = S[:, :1, None] * U[:, :, :1] * Vh[:, :1]
    return nearest.transpose(0, 1).reshape(C_out, C, k, k).mT


# %% nearest_separable wrong "signs are lost"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.transpose(0, 1).flatten(2)
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    nearest = S[:, :1, None] * U[:, :, :1].abs() * Vh[:, :1].abs()
    return nearest.transpose(0, 1).reshape(C_out, C, k, k)


# %% nearest_separable equivalent "two axes change places in either order"
# matrices = W.transpose(0, 1).flatten(2) -> matrices = W.transpose(1, 0).flatten(2)
# return nearest.transpose(0, 1).reshape(C_out, C, k, k) -> return nearest.transpose(1, 0).reshape(C_out, C, k, k)


# %% nearest_separable equivalent "the full matrices have the same first column and row"
# U, S, Vh = torch.linalg.svd(matrices, full_matrices=False) -> U, S, Vh = torch.linalg.svd(matrices)
# U, S, Vh = torch.linalg.svd(matrices, full_matrices=False) -> U, S, Vh = torch.linalg.svd(matrices, full_matrices=True)


# %% nearest_separable wrong "the two channel axes taken for each other by a reshape, not transposed"
def nearest_separable(W):
    C_out, C, k, _ = W.shape
    matrices = W.reshape(C, C_out, k * k)
    U, S, Vh = torch.linalg.svd(matrices, full_matrices=False)
    return (S[:, :1, None] * U[:, :, :1] * Vh[:, :1]).reshape(W.shape)
