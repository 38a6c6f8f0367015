"""Each family is noticed by every name of its work, and by nothing else."""

import pytest

from tests.utils.check.banned import body, mistake, verdict
from utils.check.bans import covers, read_ban
from utils.check.families import FAMILIES

GRU = "torch.zeros(2, 5), torch.ones(15, 4), torch.ones(15, 5)"
GRAD = "w = z.clone().requires_grad_()"
SGD = "weight_decay=0, momentum=0, lr=.1, dampening=0, nesterov=False, maximize=False"
BOXES = "b = torch.tensor([[0., 0, 2, 2]])"

# family -> calls that do its work: a plain name, another public one, a lower one ...
WORK = {
    "linear layers": [
        "nn.Linear(4, 2)",
        "F.linear(z, z)",
        "torch.ops.aten.linear(z, z)",
    ],
    "convolution": [
        *("F.conv2d(X, K)", "F.conv3d(X[None], K[None])", "nn.LazyConv2d(1, 3)"),
        "torch.ops.aten.conv2d(X, K)",
        "torch.convolution(X, K, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1)",
        "torch._C._nn.thnn_conv2d(X, K, [3, 3])",
        "np.convolve([1., 2.], [3., 4.])",
        "__import__('scipy.signal').signal.convolve2d(X[0, 0], K[0, 0])",
        "__import__('scipy.ndimage').ndimage.correlate(X[0, 0], K[0, 0])",
    ],
    "transposed convolution": [
        *("F.conv_transpose2d(X, K)", "nn.ConvTranspose2d(1, 1, 3)"),
        "torch.ops.aten.conv_transpose2d(X, K)",
        "torch.convolution(X, K, None, [1, 1], [0, 0], [1, 1], True, [0, 0], 1)",
        "nn.grad.conv2d_input((1, 1, 8, 8), K, X)",
        "torch.autograd.grad(F.conv2d(v := X.clone().requires_grad_(), K).sum(), v)",
    ],
    "unfold": [
        "F.unfold(X, 3)",
        "nn.Unfold(3)",
        "torch.ops.aten.im2col(X, [3, 3], [1, 1], [0, 0], [1, 1])",
    ],
    "pooling": [
        *("F.max_pool2d(X, 2)", "torch.max_pool2d(X, 2)", "nn.AvgPool2d(2)"),
        *("F.adaptive_avg_pool2d(X, 1)", "torch.ops.aten.avg_pool2d(X, [2, 2])"),
    ],
    "interpolation": [
        *("F.interpolate(X, scale_factor=2)", "nn.Upsample(scale_factor=2)"),
        "torch.ops.aten.upsample_nearest2d(X, [12, 12])",
        "F.grid_sample(X, torch.zeros(1, 2, 2, 2))",
    ],
    "padding": [
        "F.pad(X, (1, 1))",
        "nn.ZeroPad2d(1)",
        "np.pad(z.numpy(), 1)",
        "torch.ops.aten.constant_pad_nd(X, [1, 1])",
    ],
    "normalisation": [
        *("F.batch_norm(z, None, None, training=True)", "nn.LayerNorm(4)"),
        *("torch.native_layer_norm(z, [4], None, None, 1e-5)", "F.group_norm(z, 2)"),
        "torch.ops.aten.layer_norm(z, [4])",
    ],
    "dropout": [
        "F.dropout(z)",
        "nn.Dropout()(z)",
        "torch.ops.aten.dropout(z, .5, True)",
    ],
    "embedding": [
        "F.embedding(y, z)",
        "nn.Embedding(3, 2)",
        "torch.ops.aten.embedding(z, y)",
    ],
    "activations": [
        "F.relu(z)",
        "z.sigmoid()",
        "nn.Tanh()(z)",
        "torch.ops.aten.relu(z)",
    ],
    "layers": ["nn.Conv2d(1, 1, 3)", "nn.MaxPool2d(2)", "F.conv2d(X, K)"],
    "recurrent cells": [
        *("nn.GRUCell(4, 5)(z)", "nn.LSTM(4, 5)(seq)", f"torch.gru_cell(z, {GRU})"),
        *(f"torch._VF.gru_cell(z, {GRU})", f"torch.ops.aten.gru_cell(z, {GRU})"),
    ],
    "recurrent layers": [
        "nn.GRU(4, 5)",
        "nn.LSTM(4, 5)(seq)",
        "torch.gru(seq, torch.zeros(1, 2, 5), [torch.ones(15, 4), "
        "torch.ones(15, 5)], False, 1, 0., False, False, False)",
    ],
    "packing": [
        "nn.utils.rnn.pack_padded_sequence(seq, torch.tensor([3, 2]))",
        "torch._pack_padded_sequence(seq, torch.tensor([3, 2]), False)",
    ],
    "softmax": [
        "z.softmax(1)",
        "F.log_softmax(z, 1)",
        "nn.Softmax(1)",
        "torch.ops.aten._softmax(z, 1, False)",
    ],
    "attention": [
        "F.scaled_dot_product_attention(seq, seq, seq)",
        "nn.MultiheadAttention(4, 2)",
        "torch.ops.aten.scaled_dot_product_attention(seq, seq, seq)",
        "nn.TransformerEncoderLayer(4, 2, 8)",
    ],
    "multi-head attention": [
        "nn.MultiheadAttention(4, 2)",
        "nn.TransformerEncoderLayer(4, 2, 8)",
    ],
    "transformer layers": [
        "nn.TransformerEncoderLayer(4, 2, 8)",
        "nn.modules.transformer.TransformerDecoderLayer(4, 2, 8)",
    ],
    "scans": ["z.cumsum(0)", "torch.cumprod(z, 0)", "torch.ops.aten.cumsum(z, 0)"],
    "losses": [
        *("F.mse_loss(z, z)", "nn.MSELoss()(z, z)", "F.cross_entropy(z, y)"),
        *("torch._C._nn.mse_loss(z, z)", "torch.ops.aten.nll_loss(z, y)"),
    ],
    "distances": [
        "torch.cdist(z, z)",
        "F.cosine_similarity(z, z)",
        "nn.PairwiseDistance()",
        "torch.ops.aten._cdist_forward(z, z, 2., 1)",
    ],
    "norms": [
        "z.norm()",
        "torch.linalg.vector_norm(z)",
        "np.linalg.norm([3., 4.])",
        "torch.ops.aten.linalg_vector_norm(z)",
    ],
    "autograd": [
        "w.sum().backward()",
        "torch.autograd.grad(w.sum(), w)",
        "torch.func.grad(lambda v: v.sum())(z)",
        "torch.func.jacrev(torch.sin)(z)",
        "torch.autograd.functional.jacobian(torch.sin, z)",
        "torch.autograd.Variable._execution_engine.run_backward((w.sum(),), "
        "(torch.ones(()),), False, False, (), True, accumulate_grad=True)",
    ],
    "optimisers": [
        "torch.optim.SGD([w], lr=.1)",
        f"sgd([z], [z], [None], {SGD})",
    ],
    "clipping": [
        "nn.utils.clip_grad_norm_([w], 1)",
        "nn.utils.clip_grad.clip_grad_value_([w], 1)",
    ],
    "initialisation": ["nn.init.xavier_uniform_(z)", "nn.init.kaiming_normal_(z)"],
    "data loading": [
        "torch.utils.data.DataLoader([1])",
        "torch.utils.data.TensorDataset(z)",
    ],
    "one-hot": ["F.one_hot(y)", "torch.ops.aten.one_hot(y)"],
    "einsum": [
        "torch.einsum('ij->i', z)",
        "np.einsum('ij->i', z.numpy())",
        "torch.ops.aten.einsum('ij->i', [z])",
    ],
    "matrix solve": [
        "torch.linalg.lstsq(z.T, z.T)",
        "torch.linalg.inv(torch.eye(2))",
        "torch.ops.aten.linalg_solve(torch.eye(2), z)",
        "np.linalg.solve(np.eye(2), [1., 2.])",
    ],
    "scatter": [
        "torch.zeros(2).index_add(0, y, torch.ones(2))",
        "torch.zeros(2).scatter_(0, y, 1.)",
        "torch.ops.aten.index_add(torch.zeros(2), 0, y, torch.ones(2))",
    ],
    "sorting": [
        "z.sort()",
        "torch.argsort(z)",
        "z.topk(1)",
        "sorted([2, 1])",
        "[2, 1].sort()",
        "np.sort([2, 1])",
        "torch.ops.aten.sort(z)",
    ],
    "Fourier transform": ["torch.fft.fft(z)", "np.fft.fft([1., 2.])"],
    "boxes": [
        "ops.box_iou(b, b)",
        "ops.boxes.nms(b, torch.ones(1), .5)",
        "torch.ops.torchvision.nms(b, torch.ones(1), .5)",
    ],
    "torch": ["torch.tensor(3)", "nn.Conv2d(1, 1, 3)", "torch.arange(3)"],
    "PyTorch Geometric": ["pyg.nn.GCNConv(1, 1)", "pyg.utils.degree(y)"],
    "scikit-learn": ["sklearn.metrics.confusion_matrix([1], [1])"],
    "training": ["utils.train.evaluate(nn.Flatten(), [])"],
}
SETUP = {
    "autograd": GRAD,
    "clipping": GRAD,
    "optimisers": f"{GRAD}; from torch.optim.sgd import sgd",
    "boxes": f"from torchvision import ops; {BOXES}",
    "PyTorch Geometric": "import torch_geometric as pyg",
    "scikit-learn": "import sklearn.metrics",
    "training": "import utils.train",
}
CASES = [(family, call) for family in WORK for call in WORK[family]]


def test_every_family_is_tried():
    assert WORK.keys() == FAMILIES.keys()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("family", "call"), CASES)
def test_the_work_is_noticed_by_any_name(family, call):
    answer = body(SETUP.get(family, "pass"), "result = " + call)
    assert mistake(answer, family) == read_ban(family).mistake


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("family", WORK)
def test_and_does_not_count_when_the_test_does_it(family):
    call = WORK[family][0]
    setup = SETUP.get(family, "pass")
    assert mistake(body("pass"), family, test=f"{setup}; f(); {call}; f()") is None


RIGHT = {
    "convolution": "return (X.unfold(2, 3, 1).unfold(3, 3, 1) * K).sum((4, 5))",
    "transposed convolution": "return F.conv2d(F.pad(X, (2, 2, 2, 2)), K.flip(2, 3))",
    "pooling": "return X.unfold(2, 2, 2).unfold(3, 2, 2).amax((4, 5))",
    "softmax": "e = (z - z.amax(1, True)).exp(); return e / e.sum(1, True)",
    "losses": "return ((z - z) ** 2).mean()",
    "recurrent cells": "a, b = z.chunk(2, 1); return torch.sigmoid(a) * torch.tanh(b)",
    "attention": "return (seq @ seq.mT / 2).softmax(-1) @ seq",
    "autograd": "w = z.clone().requires_grad_(); print(w * 2); return w.grad",
    "optimisers": "return z.sub_(0.1 * z)",
    "normalisation": "return (z - z.mean(0)) / z.var(0, correction=0).sqrt()",
    "norms": "return z.square().sum().sqrt()",
    "matrix solve": "return z @ z.T",
    "torch": "return math.floor(3.5) + 1",
    "layers": "return nn.functional.relu(z)",
    "scatter": "a = torch.zeros(2); a[y] = 1; return a",
    "padding": "a = torch.zeros(1, 1, 8, 8); a[..., 1:-1, 1:-1] = X; return a",
    "einsum": "return torch.tensordot(z, z.T, 1)",
    "boxes": "return torch.maximum(z, z).clamp(min=0).prod(1)",
    "PyTorch Geometric": "import torch_geometric; return torch.zeros(2)",
    "data loading": "return z[torch.randperm(2)]",
}


@pytest.mark.parametrize("family", RIGHT)
def test_work_from_scratch_is_right(family):
    assert verdict(body(RIGHT[family]), family) is None


@pytest.mark.parametrize(
    ("ban", "name", "is_covered"),
    [
        ("recurrent cells", "torch.nn.GRU", True),
        ("recurrent cells", "torch.gru_cell", True),
        ("packing", "pack_padded_sequence", True),
        ("boxes", "torchvision.ops.box_convert", True),
        ("boxes", "batched_nms", True),
        ("interpolation", "torch.nn.Upsample", True),
        ("autograd", "backward", True),
        ("torch.optim", "torch.optim.SGD", True),
        ("losses", "torch.nn.functional.conv2d", False),
        ("torch.nn.Linear", "torch.nn.Conv2d", False),
        ("scikit-learn", "torch.einsum", False),
    ],
)
def test_whether_a_ban_stands_behind_a_name(ban, name, is_covered):
    assert covers(read_ban(ban), name) is is_covered
