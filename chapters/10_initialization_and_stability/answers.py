# %% layer_variance hints [markdown]
# 1. Which of the arguments are standard deviations, and what does the formula ask for:
#    a std, a variance or a second moment?
# 2. The formula holds the mean of the squared input. If the inputs don't lie around 0,
#    that is more than their variance: the square of their mean comes on top.
# 3. Number of inputs, times variance of a weight, times second moment of an input;
#    then the variance of the bias, once.


# %% layer_variance right "summed over the inputs"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    one = w_std**2 * (x_mean**2 + x_std**2)
    return sum(one for _ in range(n)) + b_std * b_std


# %% layer_variance right "two parts"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    from_spread = n * (w_std * x_std) ** 2
    from_mean = n * (w_std * x_mean) ** 2
    return from_spread + from_mean + b_std**2


# %% layer_variance wrong "the mean of the inputs is left out: variance in place of second moment"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    return n * w_std**2 * x_std**2 + b_std**2


# %% layer_variance wrong "a std is used where a variance is meant, for the weights"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    return n * w_std * (x_std**2 + x_mean**2) + b_std**2


# %% layer_variance wrong "the std is returned, not the variance"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    return (n * w_std**2 * (x_std**2 + x_mean**2) + b_std**2) ** 0.5


# %% layer_variance wrong "the number of inputs is missing"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    return w_std**2 * (x_std**2 + x_mean**2) + b_std**2


# %% layer_variance wrong "the mean of the terms, where the sum is asked"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    return w_std**2 * (x_std**2 + x_mean**2) / n + b_std**2


# %% layer_variance wrong "the number of inputs is squared: stds add up in place of variances"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    return n**2 * w_std**2 * (x_std**2 + x_mean**2) + b_std**2


# %% layer_variance wrong "the bias is left out"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    return n * w_std**2 * (x_std**2 + x_mean**2)


# %% layer_variance wrong "the bias is counted once for each input"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    return n * (w_std**2 * (x_std**2 + x_mean**2) + b_std**2)


# %% layer_variance wrong "the bias's std is added, not its variance"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    return n * w_std**2 * (x_std**2 + x_mean**2) + b_std


# %% layer_variance wrong "a std is used where a variance is meant, for the inputs"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    return n * w_std**2 * (x_std + x_mean**2) + b_std**2


# %% layer_variance wrong "the mean of the inputs isn't squared"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    return n * w_std**2 * (x_std**2 + x_mean) + b_std**2


# %% layer_variance wrong "the square of the mean is subtracted"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    return n * w_std**2 * (x_std**2 - x_mean**2) + b_std**2


# %% layer_variance wrong "mean and std are added before the square"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    return n * w_std**2 * (x_std + x_mean) ** 2 + b_std**2


# %% layer_variance wrong "the factor 2 of ReLU, before any activation"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    return n / 2 * w_std**2 * (x_std**2 + x_mean**2) + b_std**2


# %% layer_variance wrong "the mean of the inputs and the bias are left out"
def layer_variance(n, w_std, x_mean, x_std, b_std):
    return n * w_std**2 * x_std**2


# %% xavier_bound hints [markdown]
# 1. How many numbers does one output of a convolution with 50 channels in and a kernel
#    of 3 x 5 add up?
# 2. Fan-in and fan-out are the channels times the area of the kernel; without a kernel
#    the area is 1. A uniform distribution in plus or minus a has the variance a
#    squared over 3.
# 3. Take the shape apart, get the area as a product, and put it into the root of 6
#    over the sum of both fans; the gain multiplies the root.


# %% xavier_bound right "from the variance"
def xavier_bound(shape, gain):
    area = 1
    for k in shape[2:]:
        area *= k
    variance = 2 / (area * shape[0] + area * shape[1])
    return gain * (3 * variance) ** 0.5


# %% xavier_bound right "area from the number of weights"
def xavier_bound(shape, gain):
    area = math.prod(shape) // (shape[0] * shape[1])
    return math.sqrt(6 * gain**2 / (area * sum(shape[:2])))


# %% xavier_bound wrong "the kernel is left out of the fans"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    area = math.prod(kernel)
    return gain * math.sqrt(6 / (n_in + n_out))


# %% xavier_bound wrong "only the fan-in gets the kernel"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    area = math.prod(kernel)
    return gain * math.sqrt(6 / (n_in * area + n_out))


# %% xavier_bound wrong "only the fan-out gets the kernel"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    area = math.prod(kernel)
    return gain * math.sqrt(6 / (n_in + n_out * area))


# %% xavier_bound wrong "Xavier taken as 1 over fan-in"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    area = math.prod(kernel)
    return gain * math.sqrt(3 / (n_in * area))


# %% xavier_bound wrong "only the fan-out counts"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    area = math.prod(kernel)
    return gain * math.sqrt(3 / (n_out * area))


# %% xavier_bound wrong "the std in place of the bound"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    area = math.prod(kernel)
    return gain * math.sqrt(2 / ((n_in + n_out) * area))


# %% xavier_bound wrong "the variance in place of the bound"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    area = math.prod(kernel)
    return gain**2 * 2 / ((n_in + n_out) * area)


# %% xavier_bound wrong "the square of the bound: the root is missing"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    area = math.prod(kernel)
    return gain**2 * 6 / ((n_in + n_out) * area)


# %% xavier_bound wrong "the gain is left out"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    area = math.prod(kernel)
    return math.sqrt(6 / ((n_in + n_out) * area))


# %% xavier_bound wrong "the gain stands inside the root"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    area = math.prod(kernel)
    return math.sqrt(gain * 6 / ((n_in + n_out) * area))


# %% xavier_bound wrong "divided by the gain"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    area = math.prod(kernel)
    return math.sqrt(6 / ((n_in + n_out) * area)) / gain


# %% xavier_bound wrong "the mean of both fans is taken, and the 2 counted twice"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    area = math.prod(kernel)
    return gain * math.sqrt(12 / ((n_in + n_out) * area))


# %% xavier_bound wrong "the fans are multiplied, not added"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    area = math.prod(kernel)
    return gain * math.sqrt(6 / (n_in * n_out * area**2))


# %% xavier_bound wrong "the width of the whole interval, not the bound"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    area = math.prod(kernel)
    return 2 * gain * math.sqrt(6 / ((n_in + n_out) * area))


# %% xavier_bound wrong "Kaiming in place of Xavier"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    area = math.prod(kernel)
    return gain * math.sqrt(6 / (n_in * area))


# %% xavier_bound wrong "the sides of the kernel are added, not multiplied"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    return gain * math.sqrt(6 / ((n_in + n_out) * (sum(kernel) or 1)))


# %% xavier_bound wrong "only the first side of the kernel is used"
def xavier_bound(shape, gain):
    side = shape[2] if len(shape) > 2 else 1
    return gain * math.sqrt(6 / ((shape[0] + shape[1]) * side))


# %% xavier_bound wrong "the root over the fraction is missing"
def xavier_bound(shape, gain):
    n_out, n_in, *kernel = shape
    return gain * 6 / ((n_in + n_out) * math.prod(kernel))


# %% xavier_bound wrong "every kernel is thought to be a square"
def xavier_bound(shape, gain):
    area = shape[2] ** (len(shape) - 2) if len(shape) > 2 else 1
    return gain * math.sqrt(6 / ((shape[0] + shape[1]) * area))


# %% xavier_bound wrong "the last two axes are taken for out and in"
def xavier_bound(shape, gain):
    *kernel, n_out, n_in = shape
    return gain * math.sqrt(6 / ((n_in + n_out) * math.prod(kernel)))


# %% kaiming_std hints [markdown]
# 1. Of the second moment of z, one half comes from positive numbers. What becomes of
#    the other half if those numbers are multiplied by the slope?
# 2. The negative half is multiplied by the square of the slope. So the size is kept
#    where fan times variance times (1 + slope squared) / 2 is 1.
# 3. Say no to unknown modes first. Pick channels in or out, times the kernel's area.
#    Then the root of 2 over the product of that fan and 1 plus the squared slope.


# %% kaiming_std right "with a dict of fans"
def kaiming_std(shape, slope, mode):
    area = math.prod(shape[2:])
    fans = {"fan_in": shape[1] * area, "fan_out": shape[0] * area}
    if mode not in fans:
        raise ValueError("mode must be fan_in or fan_out")
    gain = math.sqrt(2 / (1 + slope * slope))
    return gain / math.sqrt(fans[mode])


# %% kaiming_std right "with match"
def kaiming_std(shape, slope, mode):
    match mode:
        case "fan_in":
            numbers = math.prod(shape) / shape[0]
        case "fan_out":
            numbers = math.prod(shape) / shape[1]
        case _:
            raise ValueError(mode)
    kept = 0.5 + 0.5 * slope**2
    return (1 / (kept * numbers)) ** 0.5


# %% kaiming_std wrong "the slope is ignored: ReLU for every layer"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_in" else shape[0]) * area
    return math.sqrt(2 / fan)


# %% kaiming_std wrong "the slope isn't squared"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_in" else shape[0]) * area
    return math.sqrt(2 / ((1 + slope) * fan))


# %% kaiming_std wrong "the sum of 1 and the slope is squared"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_in" else shape[0]) * area
    return math.sqrt(2 / ((1 + slope) ** 2 * fan))


# %% kaiming_std wrong "the negative half is subtracted"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_in" else shape[0]) * area
    return math.sqrt(2 / ((1 - slope**2) * fan))


# %% kaiming_std wrong "the variance is returned, not the std"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_in" else shape[0]) * area
    return 2 / ((1 + slope**2) * fan)


# %% kaiming_std wrong "the uniform bound in place of the std"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_in" else shape[0]) * area
    return math.sqrt(6 / ((1 + slope**2) * fan))


# %% kaiming_std wrong "the factor 2 is missing"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_in" else shape[0]) * area
    return math.sqrt(1 / ((1 + slope**2) * fan))


# %% kaiming_std wrong "Xavier's fans: the sum of both"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_in" else shape[0]) * area
    return math.sqrt(4 / ((1 + slope**2) * (shape[0] + shape[1]) * area))


# %% kaiming_std wrong "the kernel is left out"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_in" else shape[0]) * area
    return math.sqrt(2 * area / ((1 + slope**2) * fan))


# %% kaiming_std wrong "the gain is the kept part, not its inverse"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_in" else shape[0]) * area
    return math.sqrt((1 + slope**2) / 2 / fan)


# %% kaiming_std wrong "divided by fan, not by its root"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_in" else shape[0]) * area
    return math.sqrt(2 / (1 + slope**2)) / fan


# %% kaiming_std wrong "the factor 2 stands outside the root"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_in" else shape[0]) * area
    return 2 * math.sqrt(1 / ((1 + slope**2) * fan))


# %% kaiming_std wrong "the variance of ReLU is taken, 0.34, where the second moment counts"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_in" else shape[0]) * area
    return math.sqrt(1 / ((0.5 - 0.5 / math.pi) * (1 + slope**2) * fan))


# %% kaiming_std wrong "the kernel is counted twice"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_in" else shape[0]) * area
    return math.sqrt(2 / ((1 + slope**2) * fan * area))


# %% kaiming_std wrong "fan-in and fan-out are swapped"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_out" else shape[0]) * area
    return math.sqrt(2 / ((1 + slope**2) * fan))


# %% kaiming_std wrong "the mode is ignored: always fan-in"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = shape[1] * area
    return math.sqrt(2 / ((1 + slope**2) * fan))


# %% kaiming_std wrong "an unknown mode is accepted"
def kaiming_std(shape, slope, mode):
    area = math.prod(shape[2:])
    fan = (shape[1] if mode == "fan_in" else shape[0]) * area
    return math.sqrt(2 / ((1 + slope**2) * fan))


# %% kaiming_std wrong "the kernel is left out of the fan-out"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    area = math.prod(shape[2:])
    fan = shape[1] * area if mode == "fan_in" else shape[0]
    return math.sqrt(2 / ((1 + slope**2) * fan))


# %% kaiming_std wrong "an error for any weight with a kernel"
def kaiming_std(shape, slope, mode):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    n_out, n_in = shape
    fan = n_in if mode == "fan_in" else n_out
    return math.sqrt(2 / ((1 + slope**2) * fan))


# %% initialize hints [markdown]
# 1. How does a function reach a layer that lies inside a block inside the net, and the
#    net itself, if it is a layer?
# 2. `net.apply` calls a function of yours with each module. In it, ask for the
#    module's type; `nn.init` has a function for each rule. A bias may be None.
# 3. A small function with one branch for each type and a way out for all others; after
#    the branches, zero the bias if there is one. Last line: apply it to the net.


# %% initialize right "a loop over the modules, stds by hand"
def initialize(net):
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, nn.Conv2d):
                n_out, _, height, width = module.weight.shape
                module.weight.normal_(0, (2 / (n_out * height * width)) ** 0.5)
            elif isinstance(module, nn.Linear):
                bound = (6 / sum(module.weight.shape)) ** 0.5
                module.weight.uniform_(-bound, bound)
            elif isinstance(module, nn.Embedding):
                module.weight.normal_(0, 0.02)
            elif isinstance(module, nn.LayerNorm):
                module.weight.fill_(1)
            if isinstance(module, nn.Conv2d | nn.Linear | nn.LayerNorm):
                if module.bias is not None:
                    module.bias.zero_()


# %% initialize right "a dict of rules"
def initialize(net):
    init = nn.init
    rules = {
        nn.Conv2d: lambda w: init.kaiming_normal_(w, a=0, mode="fan_out"),
        nn.Linear: init.xavier_uniform_,
        nn.Embedding: lambda w: init.normal_(w, 0.0, 0.02),
        nn.LayerNorm: init.ones_,
    }

    def fill(module):
        for kind, rule in rules.items():
            if isinstance(module, kind):
                rule(module.weight)
                for name, param in module.named_parameters(recurse=False):
                    if name == "bias":
                        init.zeros_(param)

    net.apply(fill)


# %% initialize wrong "fan-in where fan-out is asked"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    net.apply(fill)


# %% initialize wrong "convolutions get Xavier"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.xavier_normal_(module.weight)
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    net.apply(fill)


# %% initialize wrong "the gain of ReLU is left out"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(
                module.weight, mode="fan_out", nonlinearity="linear"
            )
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    net.apply(fill)


# %% initialize wrong "uniform where normal is asked"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_uniform_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    net.apply(fill)


# %% initialize wrong "normal where uniform is asked"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_normal_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    net.apply(fill)


# %% initialize wrong "linear layers get Kaiming"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    net.apply(fill)


# %% initialize wrong "the gain of ReLU in linear layers"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight, gain=2**0.5)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    net.apply(fill)


# %% initialize wrong "0.02 is taken for the variance of the embedding"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02**0.5)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    net.apply(fill)


# %% initialize wrong "the embedding is left as it is"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    net.apply(fill)


# %% initialize wrong "the scale of LayerNorm is set to 0"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.zeros_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    net.apply(fill)


# %% initialize wrong "LayerNorm is left as it is"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    net.apply(fill)


# %% initialize wrong "the biases are left as they are"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return

    net.apply(fill)


# %% initialize wrong "a layer without bias is an error"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if not isinstance(module, nn.Embedding):
            nn.init.zeros_(module.bias)

    net.apply(fill)


# %% initialize wrong "only the net's direct children are filled"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    for child in net.children():
        fill(child)


# %% initialize wrong "only the net itself is filled"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    fill(net)


# %% initialize wrong "other modules are changed, too: their weights become 1"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        elif getattr(module, "weight", None) is not None:
            nn.init.ones_(module.weight)
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    net.apply(fill)


# %% initialize wrong "the biases are set to 1"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.ones_(module.bias)

    net.apply(fill)


# %% initialize wrong "one rule for all: every weight normal with std 0.02"
def initialize(net):
    for name, param in net.named_parameters():
        if "bias" in name:
            nn.init.zeros_(param)
        else:
            nn.init.normal_(param, std=0.02)


# %% initialize wrong "all weights become one constant"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.constant_(module.weight, 0.01)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    net.apply(fill)


# %% initialize wrong "all weights become 0"
def initialize(net):
    def fill(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.zeros_(module.weight)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        elif isinstance(module, nn.LayerNorm):
            nn.init.ones_(module.weight)
        else:
            return
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)

    net.apply(fill)


# %% initialize wrong "layers are told apart by their number of axes, not by their type"
def initialize(net):
    for name, param in net.named_parameters():
        if param.dim() == 4:
            nn.init.kaiming_normal_(param, mode="fan_out", nonlinearity="relu")
        elif param.dim() == 2:
            nn.init.xavier_uniform_(param)
        elif name.endswith("bias"):
            nn.init.zeros_(param)
        else:
            nn.init.ones_(param)


# %% initialize equivalent "without its name, a leaky ReLU of slope 0 is assumed"
# nn.init.kaiming_normal_(module.weight, mode='fan_out', nonlinearity='relu') -> nn.init.kaiming_normal_(module.weight, mode='fan_out')


# %% break_symmetry hints [markdown]
# 1. Units 0, 2 and 3 are equal. Which of them get noise, and which rows of the noise?
# 2. Compare each row with all rows before it, in the tensor as it was given. If one is
#    equal in all its numbers, this unit is a repeat.
# 3. A mask of the repeats, either from a loop over the rows or from a table of all
#    pairs below the diagonal. Then add the masked noise to the weights, into a new
#    tensor.


# %% break_symmetry right "a loop over the rows"
def break_symmetry(W, noise):
    new = W.clone()
    for i in range(1, len(W)):
        if any(torch.equal(W[i], W[j]) for j in range(i)):
            new[i] += noise[i]
    return new


# %% break_symmetry right "with a set of seen rows"
def break_symmetry(W, noise):
    seen, rows = set(), []
    for w, e in zip(W, noise, strict=True):
        key = tuple(w.tolist())
        rows.append(w + e if key in seen else w)
        seen.add(key)
    return torch.stack(rows)


# %% break_symmetry wrong "every unit gets noise"
def break_symmetry(W, noise):
    return W + noise


# %% break_symmetry wrong "the first of equal units gets noise, too"
def break_symmetry(W, noise):
    equal = (W[:, None] == W[None]).all(dim=2)
    repeats = equal.sum(dim=1) > 1
    return W + noise * repeats[:, None]


# %% break_symmetry wrong "all but the last of equal units get noise"
def break_symmetry(W, noise):
    equal = (W[:, None] == W[None]).all(dim=2)
    repeats = equal.triu(diagonal=1).any(dim=1)
    return W + noise * repeats[:, None]


# %% break_symmetry wrong "only the unit just before is looked at"
def break_symmetry(W, noise):
    repeats = torch.zeros(len(W), dtype=torch.bool)
    repeats[1:] = (W[1:] == W[:-1]).all(dim=1)
    return W + noise * repeats[:, None]


# %% break_symmetry wrong "units with a single equal weight count as equal"
def break_symmetry(W, noise):
    equal = (W[:, None] == W[None]).any(dim=2)
    repeats = equal.tril(diagonal=-1).any(dim=1)
    return W + noise * repeats[:, None]


# %% break_symmetry wrong "all equal units get the same row of noise, so they stay equal"
def break_symmetry(W, noise):
    equal = (W[:, None] == W[None]).all(dim=2)
    repeats = equal.tril(diagonal=-1).any(dim=1)
    return W + noise[0] * repeats[:, None]


# %% break_symmetry wrong "the rows of noise are taken one after the other"
def break_symmetry(W, noise):
    new, used = W.clone(), 0
    for i in range(len(W)):
        if any(torch.equal(W[i], W[j]) for j in range(i)):
            new[i] += noise[used]
            used += 1
    return new


# %% break_symmetry wrong "the noise takes the place of the weights"
def break_symmetry(W, noise):
    equal = (W[:, None] == W[None]).all(dim=2)
    repeats = equal.tril(diagonal=-1).any(dim=1)
    return torch.where(repeats[:, None], noise, W)


# %% break_symmetry wrong "nothing is changed"
def break_symmetry(W, noise):
    return W.clone()


# %% break_symmetry wrong "the noise is subtracted"
def break_symmetry(W, noise):
    equal = (W[:, None] == W[None]).all(dim=2)
    repeats = equal.tril(diagonal=-1).any(dim=1)
    return W - noise * repeats[:, None]


# %% break_symmetry wrong "units without a twin get the noise"
def break_symmetry(W, noise):
    equal = (W[:, None] == W[None]).all(dim=2)
    repeats = equal.sum(dim=1) == 1
    return W + noise * repeats[:, None]


# %% break_symmetry wrong "a repeated unit is set to 0"
def break_symmetry(W, noise):
    equal = (W[:, None] == W[None]).all(dim=2)
    repeats = equal.tril(diagonal=-1).any(dim=1)
    return W * ~repeats[:, None]


# %% break_symmetry wrong "sums of the weights are compared, not the weights"
def break_symmetry(W, noise):
    total = W.sum(dim=1)
    repeats = (total[:, None] == total).tril(diagonal=-1).any(dim=1)
    return W + noise * repeats[:, None]


# %% break_symmetry wrong "only the second of equal units gets noise"
def break_symmetry(W, noise):
    equal = (W[:, None] == W[None]).all(dim=2)
    repeats = equal.tril(diagonal=-1).sum(dim=1) == 1
    return W + noise * repeats[:, None]


# %% break_symmetry wrong "units are compared with what has just been changed"
def break_symmetry(W, noise):
    new = W.clone()
    for i in range(1, len(W)):
        if any(torch.equal(new[i], new[j]) for j in range(i)):
            new[i] += noise[i]
    return new


# %% break_symmetry wrong "`W` is changed in place"
def break_symmetry(W, noise):
    equal = (W[:, None] == W[None]).all(dim=2)
    W += noise * equal.tril(diagonal=-1).any(dim=1)[:, None]
    return W


# %% break_symmetry wrong "noise is added once for each earlier twin"
def break_symmetry(W, noise):
    equal = (W[:, None] == W[None]).all(dim=2).tril(diagonal=-1)
    return W + noise * equal.sum(dim=1, keepdim=True)


# %% break_symmetry wrong "all units are compared with the first one only"
def break_symmetry(W, noise):
    equal = (W == W[:1]).all(dim=1, keepdim=True)
    equal[0] = False
    return W + noise * equal


# %% clip_gradients hints [markdown]
# 1. Two gradients of norms 3 and 4 are clipped to 1 each. Does the long vector of both
#    still point where it did?
# 2. All numbers of all tensors make one vector with one norm, so there is one factor
#    for all. It comes from the norm of everything together, and it is never above 1.
# 3. First pass: sum the squares of all that isn't None, take the root. One factor:
#    limit over norm if the norm is above the limit, else 1. Second pass: multiply.


# %% clip_gradients right "with one long vector"
def clip_gradients(gradients, max_norm):
    there = [g.flatten() for g in gradients if g is not None]
    norm = torch.cat(there).norm().item() if there else 0.0
    factor = min(1.0, max_norm / norm) if norm else 1.0
    return [g if g is None else g * factor for g in gradients], norm


# %% clip_gradients right "norm of norms, in a loop"
def clip_gradients(gradients, max_norm):
    total = 0.0
    for g in gradients:
        if g is not None:
            total += g.norm().item() ** 2
    norm, clipped = total**0.5, []
    for g in gradients:
        if g is None or norm <= max_norm:
            clipped.append(g)
        else:
            clipped.append(g / norm * max_norm)
    return clipped, norm


# %% clip_gradients wrong "each tensor is clipped by itself, which turns the gradient"
def clip_gradients(gradients, max_norm):
    clipped, total = [], 0.0
    for g in gradients:
        if g is None:
            clipped.append(None)
            continue
        norm = g.norm().item()
        total += norm**2
        clipped.append(g * (max_norm / norm) if norm > max_norm else g)
    return clipped, total**0.5


# %% clip_gradients wrong "each number is clamped, where the norm is clipped"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = sum((g**2).sum().item() for g in there) ** 0.5
    factor = max_norm / norm if norm > max_norm else 1.0
    return [
        None if g is None else g.clamp(-max_norm, max_norm) for g in gradients
    ], norm


# %% clip_gradients wrong "short gradients are made longer"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = sum((g**2).sum().item() for g in there) ** 0.5
    factor = max_norm / norm if norm > 0 else 1.0
    return [None if g is None else factor * g for g in gradients], norm


# %% clip_gradients wrong "the norm after clipping is returned"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = sum((g**2).sum().item() for g in there) ** 0.5
    factor = max_norm / norm if norm > max_norm else 1.0
    return [None if g is None else factor * g for g in gradients], min(norm, max_norm)


# %% clip_gradients wrong "the norms are added, where their squares add up"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = float(sum(g.norm().item() for g in there))
    factor = max_norm / norm if norm > max_norm else 1.0
    return [None if g is None else factor * g for g in gradients], norm


# %% clip_gradients wrong "the root of the norm is missing"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = sum((g**2).sum().item() for g in there) * 1.0
    factor = max_norm / norm if norm > max_norm else 1.0
    return [None if g is None else factor * g for g in gradients], norm


# %% clip_gradients wrong "the largest norm of a single tensor is taken"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = max([g.norm().item() for g in there], default=0.0)
    factor = max_norm / norm if norm > max_norm else 1.0
    return [None if g is None else factor * g for g in gradients], norm


# %% clip_gradients wrong "the largest number is taken for the norm"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = max([g.abs().max().item() for g in there], default=0.0)
    factor = max_norm / norm if norm > max_norm else 1.0
    return [None if g is None else factor * g for g in gradients], norm


# %% clip_gradients wrong "the mean of the squares in place of their sum"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = sum((g**2).mean().item() for g in there) ** 0.5
    factor = max_norm / norm if norm > max_norm else 1.0
    return [None if g is None else factor * g for g in gradients], norm


# %% clip_gradients wrong "the sum of absolute values is taken for the norm"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = float(sum(g.abs().sum().item() for g in there))
    factor = max_norm / norm if norm > max_norm else 1.0
    return [None if g is None else factor * g for g in gradients], norm


# %% clip_gradients wrong "None is left out of the list"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = sum((g**2).sum().item() for g in there) ** 0.5
    factor = max_norm / norm if norm > max_norm else 1.0
    return [factor * g for g in there], norm


# %% clip_gradients wrong "None becomes a zero"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = sum((g**2).sum().item() for g in there) ** 0.5
    factor = max_norm / norm if norm > max_norm else 1.0
    return [torch.zeros(1) if g is None else factor * g for g in gradients], norm


# %% clip_gradients wrong "gradients of 0 are divided by their norm"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = sum((g**2).sum().item() for g in there) ** 0.5
    factor = float("nan") if norm == 0 else min(1.0, max_norm / norm)
    return [None if g is None else factor * g for g in gradients], norm


# %% clip_gradients wrong "too long gradients are set to 0"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = sum((g**2).sum().item() for g in there) ** 0.5
    factor = 0.0 if norm > max_norm else 1.0
    return [None if g is None else factor * g for g in gradients], norm


# %% clip_gradients wrong "too long gradients get norm 1, not the limit"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = sum((g**2).sum().item() for g in there) ** 0.5
    factor = 1 / norm if norm > max_norm else 1.0
    return [None if g is None else factor * g for g in gradients], norm


# %% clip_gradients wrong "nothing is clipped"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = sum((g**2).sum().item() for g in there) ** 0.5
    factor = 1.0
    return [None if g is None else factor * g for g in gradients], norm


# %% clip_gradients wrong "the norm is a tensor where a float is asked"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = sum((g**2).sum().item() for g in there) ** 0.5
    factor = max_norm / norm if norm > max_norm else 1.0
    return [None if g is None else factor * g for g in gradients], torch.tensor(norm)


# %% clip_gradients wrong "the limit is divided by the squared norm"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = sum((g**2).sum().item() for g in there) ** 0.5
    factor = max_norm / norm**2 if norm > max_norm else 1.0
    return [None if g is None else factor * g for g in gradients], norm


# %% clip_gradients wrong "`gradients` is changed in place"
def clip_gradients(gradients, max_norm):
    there = [g for g in gradients if g is not None]
    norm = sum((g**2).sum().item() for g in there) ** 0.5
    if norm > max_norm:
        for g in there:
            g *= max_norm / norm
    return gradients, norm


# %% clip_gradients wrong "an error where a parameter has no gradient"
def clip_gradients(gradients, max_norm):
    norm = sum((g**2).sum().item() for g in gradients) ** 0.5
    factor = max_norm / norm if norm > max_norm else 1.0
    return [factor * g for g in gradients], norm


# %% clip_gradients wrong "each tensor is brought to the limit by itself"
def clip_gradients(gradients, max_norm):
    norm = math.sqrt(sum((g**2).sum().item() for g in gradients if g is not None))
    if norm <= max_norm:
        return gradients, norm
    return [None if g is None else g * max_norm / g.norm() for g in gradients], norm


# %% clip_gradients wrong "an error where no parameter has a gradient"
def clip_gradients(gradients, max_norm):
    norm = sum(g.pow(2).sum() for g in gradients if g is not None).sqrt().item()
    factor = min(1.0, max_norm / norm) if norm else 1.0
    return [None if g is None else factor * g for g in gradients], norm


# %% clip_gradients wrong "None is taken for a tensor"
def clip_gradients(gradients, max_norm):
    norm = sum(g.pow(2).sum().item() for g in gradients) ** 0.5
    factor = min(1.0, max_norm / norm) if norm else 1.0
    return [factor * g for g in gradients], norm


# %% clip_gradients equivalent "at the limit the factor is 1 either way"
# factor = max_norm / norm if norm > max_norm else 1.0 -> factor = max_norm / norm if norm >= max_norm else 1.0


# %% warm_up_cosine hints [markdown]
# 1. With T = 5 and 2 steps of warm-up, which three steps does the cosine have, and
#    which share of its way is done in each of them?
# 2. The share of the cosine runs from 0 in step `warm` to 1 in the last step, T - 1.
#    The cosine itself runs between the peak and the floor, not between the peak and 0.
# 3. One branch for the line: the peak times the share of the warm-up. After it, the
#    share of the rest, then the floor plus the distance to the peak times half of one
#    plus the cosine.


# %% warm_up_cosine right "as a weighted mean of peak and floor"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return t / warm * peak
    c = math.cos(math.pi * (t - warm) / (T - warm - 1))
    return (1 + c) / 2 * peak + (1 - c) / 2 * least


# %% warm_up_cosine right "with a squared cosine"
def warm_up_cosine(t, T, warm, peak, least):
    if t >= warm:
        angle = math.pi / 2 * (t - warm) / (T - 1 - warm)
        return least + (peak - least) * math.cos(angle) ** 2
    return float(peak * t / warm)


# %% warm_up_cosine wrong "the last step doesn't reach the floor: the share ends one step late"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * t / warm
    share = (t - warm) / (T - warm)
    return least + (peak - least) * (1 + math.cos(math.pi * share)) / 2


# %% warm_up_cosine wrong "the cosine counts from step 0, not from the end of the warm-up"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * t / warm
    share = t / (T - 1)
    return least + (peak - least) * (1 + math.cos(math.pi * share)) / 2


# %% warm_up_cosine wrong "the cosine is as long as the whole training"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * t / warm
    share = (t - warm) / (T - 1)
    return least + (peak - least) * (1 + math.cos(math.pi * share)) / 2


# %% warm_up_cosine wrong "the floor is added to the full cosine"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * t / warm
    share = (t - warm) / (T - 1 - warm)
    return least + peak * (1 + math.cos(math.pi * share)) / 2


# %% warm_up_cosine wrong "there is no floor: it ends at 0"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * t / warm
    share = (t - warm) / (T - 1 - warm)
    return peak * (1 + math.cos(math.pi * share)) / 2


# %% warm_up_cosine wrong "the warm-up counts from 1"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * (t + 1) / warm
    share = (t - warm) / (T - 1 - warm)
    return least + (peak - least) * (1 + math.cos(math.pi * share)) / 2


# %% warm_up_cosine wrong "the warm-up starts at the floor"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return least + (peak - least) * t / warm
    share = (t - warm) / (T - 1 - warm)
    return least + (peak - least) * (1 + math.cos(math.pi * share)) / 2


# %% warm_up_cosine wrong "a whole cosine: it rises again"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * t / warm
    share = (t - warm) / (T - 1 - warm)
    return least + (peak - least) * (1 + math.cos(2 * math.pi * share)) / 2


# %% warm_up_cosine wrong "a quarter of a cosine, from the peak to the floor"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * t / warm
    share = (t - warm) / (T - 1 - warm)
    return least + (peak - least) * math.cos(math.pi / 2 * share)


# %% warm_up_cosine wrong "a straight line down, no cosine"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * t / warm
    share = (t - warm) / (T - 1 - warm)
    return least + (peak - least) * (1 - share)


# %% warm_up_cosine wrong "there is no warm-up: it starts at the peak"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak
    share = (t - warm) / (T - 1 - warm)
    return least + (peak - least) * (1 + math.cos(math.pi * share)) / 2


# %% warm_up_cosine wrong "the half is missing: it starts at twice the peak"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * t / warm
    share = (t - warm) / (T - 1 - warm)
    return least + (peak - least) * (1 + math.cos(math.pi * share))


# %% warm_up_cosine wrong "the cosine rises"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * t / warm
    share = (t - warm) / (T - 1 - warm)
    return least + (peak - least) * (1 - math.cos(math.pi * share)) / 2


# %% warm_up_cosine wrong "divided by 0 without a warm-up"
def warm_up_cosine(t, T, warm, peak, least):
    if t <= warm:
        return peak * t / warm
    share = (t - warm) / (T - 1 - warm)
    return least + (peak - least) * (1 + math.cos(math.pi * share)) / 2


# %% warm_up_cosine wrong "pi is missing: degrees or shares taken for radians"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * t / warm
    share = (t - warm) / (T - 1 - warm)
    return least + (peak - least) * (1 + math.cos(share)) / 2


# %% warm_up_cosine wrong "the warm-up is one step too long"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * t / (warm + 1)
    share = (t - warm) / (T - 1 - warm)
    return least + (peak - least) * (1 + math.cos(math.pi * share)) / 2


# %% warm_up_cosine wrong "the floor stays on for the warm-up"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return max(least, peak * t / warm)
    share = (t - warm) / (T - 1 - warm)
    return least + (peak - least) * (1 + math.cos(math.pi * share)) / 2


# %% warm_up_cosine wrong "neither the peak nor the floor is used"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return (t + 1) / warm
    return (1 + math.cos(math.pi * (t - warm) / (T - warm))) / 2


# %% warm_up_cosine wrong "no floor, and the lecture's first and last step"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * (t + 1) / warm
    return peak * (1 + math.cos(math.pi * (t - warm) / (T - warm))) / 2


# %% warm_up_cosine wrong "the floor cuts the cosine off"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * t / warm
    share = (t - warm) / (T - 1 - warm)
    return max(least, peak * (1 + math.cos(math.pi * share)) / 2)


# %% warm_up_cosine wrong "degrees are given to a function of radians"
def warm_up_cosine(t, T, warm, peak, least):
    if t < warm:
        return peak * t / warm
    share = (t - warm) / (T - 1 - warm)
    return least + (peak - least) * (1 + math.cos(180 * share)) / 2


# %% warm_up_cosine equivalent "the cosine is even"
# share = (t - warm) / (T - 1 - warm) -> share = (t - warm) / (warm - (T - 1))
# share = (t - warm) / (T - 1 - warm) -> share = (warm - t) / (T - 1 - warm)


# %% adamw_step hints [markdown]
# 1. Which of the two running means does the decay enter: the one of the gradient, the
#    one of the square, or neither?
# 2. The decay multiplies the weight by itself and never touches g. New running means
#    first; their hats, for the step only, divide by what is missing in the first
#    steps.
# 3. Two lines for the running means, two for the hats, one for the new weight; return
#    the means without hats.


# %% adamw_step right "decay as a subtraction"
def adamw_step(w, g, m, v, t, lr, lam):
    m = torch.lerp(m, g, 0.1)
    v = v + 0.01 * (g * g - v)
    step = m / (1 - 0.9**t) / ((v / (1 - 0.99**t)) ** 0.5 + 1e-8)
    return w - lr * (step + lam * w), m, v


# %% adamw_step right "decay first, in a copy"
def adamw_step(w, g, m, v, t, lr, lam):
    new = w.clone()
    new *= 1 - lr * lam
    first, second = m * 0.9 + g * (1 - 0.9), v * 0.99 + g.square() * (1 - 0.99)
    scale = second.div(1 - 0.99**t).sqrt().add(1e-8)
    new -= lr * first.div(1 - 0.9**t).div(scale)
    return new, first, second


# %% adamw_step wrong "Adam with L2: the decay goes into the gradient"
def adamw_step(w, g, m, v, t, lr, lam):
    g = g + lam * w
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
    return w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "the decay isn't multiplied by the learning rate"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
    return (1 - lam) * w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "the decay is left out"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
    return w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "the weights grow: the decay has the wrong sign"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
    return (1 + lr * lam) * w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "the bias correction is left out"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m, v
    return (1 - lr * lam) * w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "only the mean of the gradient is corrected"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v
    return (1 - lr * lam) * w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "only the mean of the square is corrected"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m, v / (1 - 0.99**t)
    return (1 - lr * lam) * w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "the steps are counted from 0"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m / (1 - 0.9 ** (t + 1)), v / (1 - 0.99 ** (t + 1))
    return (1 - lr * lam) * w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "PyTorch's 0.999 in place of 0.99"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return (1 - lr * lam) * w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "the two rates of forgetting are swapped"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.99 * m + 0.01 * g
    v = 0.9 * v + 0.1 * g**2
    m_hat, v_hat = m / (1 - 0.99**t), v / (1 - 0.9**t)
    return (1 - lr * lam) * w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "the corrected means are returned"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
    return (1 - lr * lam) * w - lr * m_hat / (v_hat.sqrt() + 1e-8), m_hat, v_hat


# %% adamw_step wrong "the old means are returned"
def adamw_step(w, g, m, v, t, lr, lam):
    m_new = 0.9 * m + 0.1 * g
    v_new = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m_new / (1 - 0.9**t), v_new / (1 - 0.99**t)
    return (1 - lr * lam) * w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "the root of the mean square is missing"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
    return (1 - lr * lam) * w - lr * m_hat / (v_hat + 1e-8), m, v


# %% adamw_step wrong "the gradient isn't squared"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g.abs()
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
    return (1 - lr * lam) * w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "the step goes uphill"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
    return (1 - lr * lam) * w + lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "old and new are swapped in the running mean"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.1 * m + 0.9 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
    return (1 - lr * lam) * w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "the gradient itself takes the step, not its mean"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
    return (1 - lr * lam) * w - lr * g / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "the whole gradient is added to the mean"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
    return (1 - lr * lam) * w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "the weight decays after the step, and the step with it"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
    return (1 - lr * lam) * (w - lr * m_hat / (v_hat.sqrt() + 1e-8)), m, v


# %% adamw_step wrong "`m` is changed in place"
def adamw_step(w, g, m, v, t, lr, lam):
    m.mul_(0.9).add_(0.1 * g)
    v.mul_(0.99).add_(0.01 * g**2)
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
    return (1 - lr * lam) * w - lr * m_hat / (v_hat.sqrt() + 1e-8), m, v


# %% adamw_step wrong "epsilon stands inside the root"
def adamw_step(w, g, m, v, t, lr, lam):
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
    return (1 - lr * lam) * w - lr * m_hat / (v_hat + 1e-8).sqrt(), m, v


# %% mean_cosine hints [markdown]
# 1. Which entries of the table of all pairs are a row with itself, and what is the
#    cosine there?
# 2. Make every row a unit vector, but leave a row of zeros as it is. The table of all
#    products then holds the cosines; each pair stands in it twice.
# 3. Norms with their axis kept, with 1 in place of 0; divide; one matrix product with
#    the transpose; the sum without the diagonal, over N times N minus 1.


# %% mean_cosine right "the upper triangle"
def mean_cosine(H):
    unit = F.normalize(H, dim=1, eps=1e-30)
    i, j = torch.triu_indices(len(H), len(H), offset=1)
    return (unit[i] * unit[j]).sum(dim=1).mean()


# %% mean_cosine right "from the length of the sum"
def mean_cosine(H):
    norms = H.square().sum(dim=1, keepdim=True).sqrt()
    unit = torch.where(norms > 0, H / norms, torch.zeros_like(H))
    both = unit.sum(dim=0).square().sum() - unit.square().sum()
    return both / (len(H) * (len(H) - 1))


# %% mean_cosine wrong "each row is compared with itself, too"
def mean_cosine(H):
    norms = H.norm(dim=1, keepdim=True)
    unit = H / norms.masked_fill(norms == 0, 1.0)
    cosines, N = unit @ unit.T, len(H)
    return cosines.mean()


# %% mean_cosine wrong "the diagonal is counted in the number of pairs"
def mean_cosine(H):
    norms = H.norm(dim=1, keepdim=True)
    unit = H / norms.masked_fill(norms == 0, 1.0)
    cosines, N = unit @ unit.T, len(H)
    return (cosines.sum() - cosines.trace()) / (N * N)


# %% mean_cosine wrong "the lengths aren't divided out: dot products"
def mean_cosine(H):
    norms = H.norm(dim=1, keepdim=True)
    unit = H
    cosines, N = unit @ unit.T, len(H)
    return (cosines.sum() - cosines.trace()) / (N * (N - 1))


# %% mean_cosine wrong "a row of zeros gives NaN"
def mean_cosine(H):
    norms = H.norm(dim=1, keepdim=True)
    unit = H / norms
    cosines, N = unit @ unit.T, len(H)
    return (cosines.sum() - cosines.trace()) / (N * (N - 1))


# %% mean_cosine wrong "the cosine distance, 1 minus the cosine"
def mean_cosine(H):
    norms = H.norm(dim=1, keepdim=True)
    unit = H / norms.masked_fill(norms == 0, 1.0)
    cosines, N = unit @ unit.T, len(H)
    return 1 - (cosines.sum() - cosines.trace()) / (N * (N - 1))


# %% mean_cosine wrong "columns are compared, not rows"
def mean_cosine(H):
    norms = H.norm(dim=1, keepdim=True)
    unit = H / norms.masked_fill(norms == 0, 1.0)
    cosines, N = unit.T @ unit, H.shape[1]
    return (cosines.sum() - cosines.trace()) / (N * (N - 1))


# %% mean_cosine wrong "absolute values: opposite directions count as equal"
def mean_cosine(H):
    norms = H.norm(dim=1, keepdim=True)
    unit = H / norms.masked_fill(norms == 0, 1.0)
    cosines, N = (unit @ unit.T).abs(), len(H)
    return (cosines.sum() - cosines.trace()) / (N * (N - 1))


# %% mean_cosine wrong "pairs with a row of zeros are left out of the mean"
def mean_cosine(H):
    norms = H.norm(dim=1, keepdim=True)
    unit = H / norms.masked_fill(norms == 0, 1.0)
    cosines, N = unit @ unit.T, int((norms > 0).sum())
    return (cosines.sum() - cosines.trace()) / (N * (N - 1))


# %% mean_cosine wrong "each pair is counted twice in the sum, once in the number"
def mean_cosine(H):
    norms = H.norm(dim=1, keepdim=True)
    unit = H / norms.masked_fill(norms == 0, 1.0)
    cosines, N = unit @ unit.T, len(H)
    return (cosines.sum() - cosines.trace()) / (N * (N - 1) / 2)


# %% mean_cosine wrong "the sum of all pairs, not the mean"
def mean_cosine(H):
    norms = H.norm(dim=1, keepdim=True)
    unit = H / norms.masked_fill(norms == 0, 1.0)
    cosines, N = unit @ unit.T, len(H)
    return cosines.sum() - cosines.trace()


# %% mean_cosine wrong "the angle in radians, not its cosine"
def mean_cosine(H):
    norms = H.norm(dim=1, keepdim=True)
    unit = H / norms.masked_fill(norms == 0, 1.0)
    cosines, N = (unit @ unit.T).clamp(-1, 1).acos(), len(H)
    return (cosines.sum() - cosines.trace()) / (N * (N - 1))


# %% mean_cosine wrong "normalised by columns"
def mean_cosine(H):
    norms = H.norm(dim=0, keepdim=True)
    unit = H / norms.masked_fill(norms == 0, 1.0)
    cosines, N = unit @ unit.T, len(H)
    return (cosines.sum() - cosines.trace()) / (N * (N - 1))


# %% mean_cosine wrong "divided by the squared norms"
def mean_cosine(H):
    norms = H.norm(dim=1, keepdim=True)
    unit = H / norms.square().masked_fill(norms == 0, 1.0)
    cosines, N = unit @ unit.T, len(H)
    return (cosines.sum() - cosines.trace()) / (N * (N - 1))


# %% mean_cosine wrong "the rows are centred first: a correlation"
def mean_cosine(H):
    H = H - H.mean(dim=1, keepdim=True)
    norms = H.norm(dim=1, keepdim=True)
    unit = H / norms.masked_fill(norms == 0, 1.0)
    cosines, N = unit @ unit.T, len(H)
    return (cosines.sum() - cosines.trace()) / (N * (N - 1))


# %% mean_cosine wrong "divided by the sum of absolute values"
def mean_cosine(H):
    norms = H.abs().sum(dim=1, keepdim=True)
    unit = H / norms.masked_fill(norms == 0, 1.0)
    cosines, N = unit @ unit.T, len(H)
    return (cosines.sum() - cosines.trace()) / (N * (N - 1))


# %% mean_cosine wrong "a small number is added to each norm"
def mean_cosine(H):
    norms = H.norm(dim=1, keepdim=True)
    unit = H / (norms + 1e-3)
    cosines, N = unit @ unit.T, len(H)
    return (cosines.sum() - cosines.trace()) / (N * (N - 1))


# %% mean_cosine wrong "only neighbouring rows are compared"
def mean_cosine(H):
    norms = H.norm(dim=1, keepdim=True)
    unit = H / norms.masked_fill(norms == 0, 1.0)
    cosines, N = unit @ unit.T, len(H)
    return cosines.diagonal(1).mean()


# %% mean_cosine wrong "a float where a tensor is asked"
def mean_cosine(H):
    norms = H.norm(dim=1, keepdim=True)
    unit = H / norms.masked_fill(norms == 0, 1.0)
    cosines, N = unit @ unit.T, len(H)
    return ((cosines.sum() - cosines.trace()) / (N * (N - 1))).item()


# %% mean_cosine wrong "a row of zeros is given the cosine 1 with itself"
def mean_cosine(H):
    unit, N = F.normalize(H, dim=1), len(H)
    return ((unit @ unit.T).sum() - N) / (N * (N - 1))


# %% mean_cosine equivalent "zeros over 2 are zeros, too"
# unit = H / norms.masked_fill(norms == 0, 1.0) -> unit = H / norms.masked_fill(norms == 0, 2.0)
