"""Families of work that an exercise may forbid, whatever name it goes by.

An operation of torch belongs to a family by its name where PyTorch dispatches it, which
`F.conv3d`, `torch.ops.aten.conv3d` and a traced function share. Code of a library
belongs to one by the module that it stands in: so a class counts when it is made, and
under any name. `utils.check.watch` looks at both.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

NOTHING = re.compile("(?!)")  # matches no name
LOOPS = "loops"  # no family of operations: the answer's own code is read
BOOK = ("d2l",)  # the book's library does from scratch what the exercises ask for


@dataclass(frozen=True)
class Family:
    """One kind of work.

    Args:
        work: what the exercise asks to be done by hand: "the convolution".
        ops: a pattern for the names of torch's operations, overloads left out.
        modules: all Python code in these modules, and below them, counts.
        members: single functions and classes, by dotted names.
        builtins: functions written in C outside torch, by qualified names.
        by_arguments: whether an operation belongs to it for what it is called with.
    """

    work: str
    ops: re.Pattern
    modules: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    builtins: frozenset[str] = frozenset()
    by_arguments: Callable[[str, tuple], bool] | None = None


def _family(
    work: str, ops=NOTHING.pattern, modules="", members="", builtins="", **more
) -> Family:
    """A family from words; the book's library is in each."""
    places = (*modules.split(), *BOOK)
    c_names = frozenset(builtins.split())
    return Family(
        work, re.compile(ops), places, tuple(members.split()), c_names, **more
    )


def _is_transposed(name: str, args: tuple) -> bool:
    """`aten::convolution` does both; the seventh argument says which."""
    return name.strip("_") == "convolution" and len(args) > 6 and args[6] is True


_IMAGES = "scipy.ndimage scipy.signal skimage cv2 kornia"
_FIT = "scipy.optimize sklearn utils.train"

FAMILIES = {
    # layers
    "linear layers": _family(
        "the affine map", r"^_?(mkldnn_)?linear$", "torch.nn.modules.linear"
    ),
    "convolution": _family(
        "the convolution",
        r"conv(?!ert)",
        f"torch.nn.modules.conv torch.nn.grad {_IMAGES}",
        "numpy.convolve numpy.correlate",
        "correlate",
    ),
    "transposed convolution": _family(
        "the transposed convolution",
        r"conv\w*transpose|transpose\w*conv|conv\w*backward|deconv",
        f"torch.nn.grad {_IMAGES}",
        "torch.nn.ConvTranspose1d torch.nn.ConvTranspose2d torch.nn.ConvTranspose3d",
        by_arguments=_is_transposed,
    ),
    "unfold": _family(
        "the windows",
        r"im2col|col2im",
        "torch.nn.modules.fold skimage.util",
        "torch.nn.functional.unfold torch.nn.functional.fold",
    ),
    "pooling": _family("the pooling", r"pool", f"torch.nn.modules.pooling {_IMAGES}"),
    "interpolation": _family(
        "the interpolation",
        r"interpolate|upsample|grid_sampl|affine_grid|resiz",
        f"torch.nn.modules.upsampling torchvision.transforms PIL {_IMAGES}",
        "numpy.interp",
    ),
    "padding": _family(
        "the padding",
        r"^_?pad$|constant_pad|(reflection|replication|circular)_pad|_pad_enum",
        "torch.nn.modules.padding",
        "numpy.pad",
    ),
    "normalisation": _family(
        "the normalisation",
        r"(batch|layer|group|instance|rms|response)_norm|^(_?fused_)?rms_norm",
        "torch.nn.modules.batchnorm torch.nn.modules.normalization"
        " torch.nn.modules.instancenorm sklearn.preprocessing",
    ),
    "dropout": _family("the dropout", r"dropout", "torch.nn.modules.dropout"),
    "embedding": _family("the look-up", r"embedding", "torch.nn.modules.sparse"),
    "activations": _family(
        "the activation",
        r"relu|elu_?$|sigmoid|(^|hard|_)tanh|soft(plus|sign|shrink)|silu|mish|hardswish|"
        r"^glu|expit",
        "torch.nn.modules.activation",
        builtins="tanh expit",
    ),
    "layers": _family(
        "the arithmetic",
        r"conv(?!ert)|pool|^_?linear$",
        "torch.nn.modules torch.nn.utils torchvision.models",
    ),
    # sequences
    "recurrent cells": _family(
        "the step",
        r"lstm|gru|rnn|unsafe_(split|chunk)",
        "torch.nn.modules.rnn torch.ao.nn",
    ),
    "recurrent layers": _family(
        "the steps",
        r"^_?(cudnn_|miopen_|mkldnn_|quantized_)?(lstm|gru|rnn(_tanh|_relu)?)(_layer)?$",
        "torch.ao.nn",
        "torch.nn.RNNBase torch.nn.GRU torch.nn.LSTM torch.nn.RNN",
    ),
    "packing": _family(
        "the packing", r"pack(ed)?_(padded_)?sequence", "torch.nn.utils.rnn"
    ),
    "softmax": _family(
        "the softmax",
        r"soft(max|min)",
        "scipy.special._logsumexp",
        "torch.nn.Softmax torch.nn.LogSoftmax torch.nn.Softmin torch.nn.Softmax2d",
    ),
    "attention": _family(
        "the attention",
        r"attention|_transformer_encoder",
        "torch.nn.attention torch.nn.modules.transformer transformers",
        "torch.nn.MultiheadAttention",
    ),
    "multi-head attention": _family(
        "the heads",
        r"multi_?head_attention|_transformer_encoder",
        "torch.nn.modules.transformer transformers",
        "torch.nn.MultiheadAttention",
    ),
    "transformer layers": _family(
        "the layer",
        r"_transformer_encoder",
        "torch.nn.modules.transformer transformers",
    ),
    "scans": _family(
        "the scan",
        r"cum(sum|prod|max|min)|logcumsumexp|scan",
        "torch._higher_order_ops",
    ),
    # losses, gradients, steps
    "losses": _family(
        "the loss",
        r"loss|cross_entropy|kl_div",
        "torch.nn.modules.loss sklearn.metrics torchmetrics",
    ),
    "distances": _family(
        "the distance",
        r"cdist|pdist|pairwise_distance|cosine_similarity|^dist$",
        "torch.nn.modules.distance scipy.spatial sklearn.metrics",
    ),
    "norms": _family(
        "the norm",
        r"^(linalg_|native_)?((vector|matrix|frobenius|nuclear)_)?norm$",
        "scipy.linalg._misc",
        "numpy.linalg.norm",
    ),
    "autograd": _family(
        "the gradient",
        r"^(backward|grad|_autograd_grad)$",
        "torch.autograd.functional torch._functorch.eager_transforms",
        "torch.Tensor.backward torch.autograd.backward torch.autograd.grad"
        " torch.autograd.forward_ad.make_dual"
        " torch.autograd.graph._engine_run_backward",
        "_EngineBase.run_backward",
    ),
    "optimisers": _family(
        "the step", r"^_fused_(sgd|adam|adagrad)", f"torch.optim {_FIT}"
    ),
    "clipping": _family("the clipping", r"clip_grad", "torch.nn.utils.clip_grad"),
    "initialisation": _family("the initialisation", modules="torch.nn.init"),
    # data and shapes
    "data loading": _family("the batches", modules="torch.utils.data"),
    "one-hot": _family(
        "the encoding",
        r"^one_hot$",
        "sklearn.preprocessing pandas.core.reshape.encoding",
    ),
    "einsum": _family("the product", r"einsum", "opt_einsum einops", "numpy.einsum"),
    "matrix solve": _family(
        "the solution",
        r"lstsq|(^|_)(sp|tensor)?solve|^(linalg_)?(p?inv|tensorinv|cholesky|lu|qr|svd)",
        "numpy.linalg scipy.linalg sklearn",
    ),
    "scatter": _family("the sums", r"scatter|index_(add|reduce)|segment_reduce"),
    "sorting": _family(
        "the order",
        r"sort|topk|kthvalue|unique|searchsorted",
        "",
        "numpy.sort numpy.argsort",
        "sorted list.sort ndarray.sort ndarray.argsort",
    ),
    "Fourier transform": _family(
        "the transform", r"fft|stft", "numpy.fft scipy.fft scipy.signal"
    ),
    "boxes": _family(
        "the work on boxes",
        r"^_?(nms|roi_|ps_roi)",
        "torchvision.ops torchvision.tv_tensors torchvision.transforms.v2.functional",
    ),
    # libraries
    "torch": _family("the arithmetic", "", "torch torchvision numpy scipy"),
    "PyTorch Geometric": _family(
        "the work on graphs",
        modules="torch_geometric torch_scatter torch_sparse pyg_lib dgl",
    ),
    "scikit-learn": _family("the count", modules="sklearn torchmetrics torcheval"),
    "training": _family("the loop", modules="utils.train"),
}
