"""A student's net in a test: an nn.Module in whatever way a test may use one."""

import pytest

NET = """
import torch
from torch import nn

class Net(nn.Module):
    '''A small net with one of everything.'''
    width = 3

    def __init__(self, width=4):
        super().__init__()
        self.hidden = nn.Linear(2, width)
        self.norm = nn.BatchNorm1d(width)
        self.layers = nn.ModuleList([nn.ReLU(), nn.Dropout(0.5)])
        self.scale = nn.Parameter(torch.ones(1))
        self.register_buffer("count", torch.zeros(1))
        self.width, self.history = width, [1]

    def forward(self, X, twice=False):
        self.count += 1
        self.history.append(len(X))
        h = self.norm(self.hidden(X))
        for layer in self.layers:
            h = layer(h)
        return (2 if twice else 1) * self.scale * h

    def features(self, X):
        return self.hidden(X)

net = Net()
"""
TEST = "import copy\nimport torch\nfrom torch import nn\nX = torch.randn(5, 2)\n"


def test_it_is_a_module_of_its_class(alike):
    alike(
        NET,
        f"""{TEST}
assert isinstance(net, nn.Module) and isinstance(net, Net)
assert issubclass(Net, nn.Module) and not issubclass(Net, nn.Sequential)
assert type(net).__name__ == "Net" and type(net) is Net
assert not isinstance(net, nn.Linear) and isinstance(net.hidden, nn.Linear)
assert isinstance(Net(2), Net) and Net(7).hidden.out_features == 7
""",
    )


def test_its_parameters_and_parts_have_their_names(alike):
    alike(
        NET,
        f"""{TEST}
names = dict(net.named_parameters())
assert list(names) == ["scale", "hidden.weight", "hidden.bias", "norm.weight",
                       "norm.bias"]
assert all(isinstance(p, nn.Parameter) and p.is_leaf for p in net.parameters())
assert sum(p.numel() for p in net.parameters()) == 1 + 8 + 4 + 8
assert [n for n, _ in net.named_buffers()][0] == "count"
assert [n for n, _ in net.named_children()] == ["hidden", "norm", "layers"]
assert names["scale"] is net.scale and net.get_parameter("scale") is net.scale
assert list(net.state_dict())[:2] == ["scale", "count"]
assert len([m for m in net.modules() if isinstance(m, nn.ReLU)]) == 1
assert net.hidden.in_features == 2 and net.layers[1].p == 0.5
assert "Linear(in_features=2, out_features=4" in repr(net)
""",
    )


def test_its_attributes_and_methods_are_there(alike):
    alike(
        NET,
        f"""{TEST}
assert net.width == 4 and Net.width == 3 and net.history == [1]
assert torch.equal(net.features(X), net.hidden(X))
assert net(X, twice=True).shape == (5, 4)
assert net.history == [1, 5] and net.count.item() == 1
assert hasattr(net, "features") and not hasattr(net, "nothing")
assert callable(net.forward) and net.forward(X).shape == (5, 4)
net.width = 8
assert net.width == 8
try:
    net.nothing
except AttributeError as error:
    assert "nothing" in str(error)
""",
    )


def test_train_and_eval_go_both_ways(alike):
    alike(
        NET + "\ndef quiet(n):\n    n.eval()\ndef loud():\n    net.train()\n"
        "def is_loud():\n    return net.training, net.norm.training",
        f"""{TEST}
assert net.training and is_loud() == (True, True)
assert net.eval() is net
assert is_loud() == (False, False) and torch.equal(net(X), net(X))
loud()
assert net.training and net.norm.training and net.layers[1].training
quiet(net)
assert not net.training and not net.layers[1].training
""",
    )


def test_buffers_are_kept_up(alike):
    alike(
        NET,
        f"""{TEST}
before = net.norm.running_mean.clone()
buffer = net.norm.running_mean
net(X)
h = net.hidden(X).mean(dim=0)
assert torch.allclose(net.norm.running_mean, 0.9 * before + 0.1 * h, atol=1e-6)
assert net.norm.running_mean is buffer
assert net.norm.num_batches_tracked.item() == 1
net.norm.reset_running_stats()
net.eval()
other = copy.deepcopy(net)
other.norm.running_mean.fill_(100.0)
assert net.norm.running_mean.abs().sum() == 0
assert not torch.equal(other(X), net(X))
""",
    )


def test_state_dicts_are_taken_and_loaded(alike):
    alike(
        NET,
        f"""{TEST}
other = Net().eval()
net.eval()
assert not torch.allclose(other(X), net(X))
result = other.load_state_dict(net.state_dict())
assert not result.missing_keys and torch.allclose(other(X), net(X))
state = {{k: torch.zeros_like(v) for k, v in net.state_dict().items()}}
other.load_state_dict(state)
assert other(X).abs().sum() == 0
try:
    other.load_state_dict({{"scale": torch.ones(3)}})
except RuntimeError as error:
    assert "size mismatch" in str(error)
else:
    raise AssertionError
""",
    )


def test_weights_set_by_the_test_count_over_there(alike):
    alike(
        NET,
        f"""{TEST}
with torch.no_grad():
    net.hidden.weight.fill_(1.0)
    net.hidden.bias.zero_()
assert torch.allclose(net.features(X), X.sum(1, keepdim=True).expand(5, 4))
nn.init.constant_(net.hidden.weight, 2.0)
assert torch.allclose(net.features(X), 2 * X.sum(1, keepdim=True).expand(5, 4))
net.hidden.weight = nn.Parameter(torch.zeros(4, 2))
assert net.features(X).abs().sum() == 0
for p in net.parameters():
    p.requires_grad_(False)
assert not net(X).requires_grad
""",
    )


def test_apply_and_initialisers(alike):
    alike(
        NET + "\ndef init(m):\n    if type(m) is nn.Linear:\n"
        "        nn.init.constant_(m.weight, 3.0)\n",
        f"""{TEST}
net.apply(init)
assert net.hidden.weight.eq(3).all()
def zero(m):
    if isinstance(m, nn.Linear):
        nn.init.zeros_(m.weight)
net.apply(zero)
assert net.hidden.weight.eq(0).all()
""",
    )


def test_a_sequential_is_indexed_and_iterated(alike):
    alike(
        "import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Linear(2, 3), "
        "nn.ReLU(), nn.Sequential(nn.Linear(3, 1)))",
        f"""{TEST}
assert isinstance(net, nn.Sequential) and type(net) is nn.Sequential
assert len(net) == 3 and isinstance(net[0], nn.Linear) and net[-1][0].in_features == 3
assert [type(layer).__name__ for layer in net] == ["Linear", "ReLU", "Sequential"]
h = X
for layer in net:
    h = layer(h)
assert torch.equal(h, net(X))
assert torch.equal(net[:2](X), net[1](net[0](X)))
assert net[0].weight.shape == (3, 2)
net[0].weight.data.zero_()
net[0].bias.data.fill_(-1)
assert torch.equal(net(X), net[2][0].bias.expand(5, 1))
""",
    )


def test_lazy_layers_get_their_shapes(alike):
    alike(
        "import torch\nfrom torch import nn\n"
        "net = nn.Sequential(nn.LazyLinear(4), nn.ReLU(), nn.LazyLinear(1))",
        f"""{TEST}
from torch.nn.parameter import is_lazy
assert all(is_lazy(p) for p in net.parameters())
assert net(X).shape == (5, 1)
assert [tuple(p.shape) for p in net.parameters()] == [(4, 2), (4,), (1, 4), (1,)]
assert type(net[0]) is nn.Linear and net[0].in_features == 2
net(X).sum().backward()
assert net[0].weight.grad.shape == (4, 2)
""",
    )


def test_copies_are_apart(alike):
    alike(
        NET,
        f"""{TEST}
other = copy.deepcopy(net)
assert isinstance(other, Net) and other is not net
net.eval()
other.eval()
assert torch.equal(other(X), net(X))
with torch.no_grad():
    other.scale.zero_()
assert other(X).abs().sum() == 0 and net.scale.item() == 1
optimizer = torch.optim.SGD(other.parameters(), lr=0.1)
other(X).sum().backward()
optimizer.step()
assert net.scale.grad is None
""",
    )


def test_a_net_is_moved_and_widened(alike):
    alike(
        NET,
        f"""{TEST}
assert net.to("cpu") is net and net.double() is net
assert net.scale.dtype == torch.float64 and net(X.double()).dtype == torch.float64
net.float()
assert net(X).dtype == torch.float32
net.to(torch.device("cpu"))
assert next(net.parameters()).device.type == "cpu"
""",
    )


def test_tied_weights_stay_tied(alike):
    alike(
        "import torch\nfrom torch import nn\nshared = nn.Linear(2, 2)\n"
        "net = nn.Sequential(shared, nn.ReLU(), shared)",
        f"""{TEST}
assert net[0] is net[2] and len(list(net.parameters())) == 2
net[0].weight.data[0, 0] = 7.0
assert net[2].weight[0, 0] == 7
net(X).sum().backward()
assert net[0].weight.grad is net[2].weight.grad
""",
    )


def test_a_net_given_to_an_answer_comes_back_changed(alike):
    alike(
        """
        import torch
        from torch import nn
        def freeze(net):
            for p in net[0].parameters():
                p.requires_grad = False
            net.add_module("head", nn.Linear(1, 3))
            del net[1]
            return net
        """,
        f"""{TEST}
        net = nn.Sequential(nn.Linear(2, 1), nn.Tanh())
        weight = net[0].weight
        assert freeze(net) is net
        assert net[0].weight is weight and not weight.requires_grad
        assert len(net) == 2 and isinstance(net[1], nn.Linear)
        assert net(X).shape == (5, 3) and net[1].out_features == 3
        """.replace("\n        ", "\n"),
    )


def test_a_net_of_the_tests_own_class_is_an_argument(alike):
    alike(
        """
        import torch
        def predict(net, X):
            net.eval()
            with torch.no_grad():
                return net(X), net.doubled(X), net.calls
        """,
        f"""{TEST}
class Probe(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear, self.calls, self.modes = nn.Linear(2, 2), 0, []
    def forward(self, X):
        self.calls += 1
        self.modes.append((self.training, torch.is_grad_enabled()))
        return self.linear(X)
    def doubled(self, X):
        return 2 * self.linear(X)
net = Probe()
y, doubled, calls = predict(net, X)
assert torch.equal(y, net.linear(X)) and torch.equal(doubled, 2 * y)
assert calls == 1 == net.calls and not net.training
assert net.modes == [(False, False)]
""",
    )


def test_a_recurrent_layer_of_the_test_is_an_argument(alike):
    alike(
        "def last(rnn, X):\n    return rnn(X)[0][:, -1]",
        """
        import torch
        from torch import nn
        rnn = nn.GRU(3, 2, num_layers=2, batch_first=True, bidirectional=True)
        X = torch.randn(4, 5, 3)
        assert torch.allclose(last(rnn, X), rnn(X)[0][:, -1])
        last(rnn, X).sum().backward()
        assert all(param.grad is not None for param in rnn.parameters())
        """,
    )


def test_check_module_works_across(alike):
    alike(
        NET,
        f"""{TEST}
from utils import check
check.module(Net().eval(), X, output_shape=(5, 4), num_params=21, trains=False)
class Missing:
    pass
for wrong in (dict(num_params=20), dict(output_shape=(5, 3))):
    try:
        check.module(Net(), X, **wrong)
    except check.WrongAnswer:
        pass
    else:
        raise AssertionError(wrong)
""",
    )


def test_a_blocks_list_built_by_the_student(alike):
    alike(
        "import torch\nfrom torch import nn\n"
        "def block(n, act):\n    return nn.Sequential(nn.LazyLinear(n), act())\n"
        "def make(sizes, act):\n"
        "    return nn.Sequential(*[block(n, act) for n in sizes])",
        f"""{TEST}
net = make([3, 2], nn.Tanh)
assert net(X).shape == (5, 2) and isinstance(net[1][1], nn.Tanh)
assert [len(b) for b in net] == [2, 2]
""",
    )


def test_hooks_of_the_test_on_a_students_net_see_the_calls(alike):
    alike(
        "import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Linear(2, 3), "
        "nn.ReLU())",
        f"""{TEST}
seen = []
handle = net.register_forward_hook(lambda m, args, out: seen.append(out.shape))
net(X)
handle.remove()
net(X)
assert seen == [(5, 3)]
""",
    )


def test_a_net_that_is_compared_in_its_own_way(alike):
    alike(
        """
        from torch import nn
        class Net(nn.Linear):
            def __eq__(self, other):
                return self.in_features == other.in_features
            __hash__ = nn.Module.__hash__
        """,
        """
        net = Net(2, 1)
        assert net == Net(2, 3) and net != Net(3, 1) and {net: 1}[net] == 1
        assert [name for name, _ in net.named_parameters()] == ["weight", "bias"]
        """,
    )


@pytest.mark.filterwarnings("ignore:.*deprecated")
@pytest.mark.parametrize("script", ["torch.jit.script(net)", "torch.jit.trace(net, X)"])
def test_a_net_as_torchscript_is_a_net(alike, script):
    alike(
        f"""
        import torch
        from torch import nn
        net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
        X = torch.ones(2, 3)
        net = {script}
        """,
        """
        import torch
        y_hat = net(torch.ones(2, 3))
        assert y_hat.shape == (2, 1)
        assert sum(p.numel() for p in net.parameters()) == 21
        y_hat.sum().backward()
        assert all(p.grad is not None for p in net.parameters())
        """,
    )
