"""Autograd through an answer: to the test's tensors and to the student's own."""


def test_gradients_reach_the_inputs_of_an_answer(alike):
    alike(
        "def loss(y_hat, y):\n    return ((y_hat - y) ** 2).sum()",
        """
        import torch
        X = torch.tensor([1.0, 2.0], requires_grad=True)
        Y = torch.tensor([0.0, 1.0])
        value = loss(X, Y)
        assert value.requires_grad and not value.is_leaf and value.grad_fn is not None
        value.backward()
        assert X.grad.tolist() == [2, 2] and Y.grad is None
        (grad,) = torch.autograd.grad(loss(X, Y), X)
        assert grad.tolist() == [2, 2]
        """,
    )


def test_gradients_flow_on_through_what_the_test_computes(alike):
    alike(
        "def f(x):\n    return x.exp()",
        """
        import torch
        w = torch.tensor(0.5, requires_grad=True)
        y = f(2 * w) ** 2
        y.backward()
        expected = torch.tensor(0.5, requires_grad=True)
        (torch.exp(2 * expected) ** 2).backward()
        assert torch.allclose(w.grad, expected.grad)
        """,
    )


def test_an_input_with_history_is_no_leaf_over_there(alike):
    alike(
        "def facts(x):\n    return x.is_leaf, x.requires_grad\n"
        "def scale(x):\n    return 3 * x",
        """
        import torch
        w = torch.ones(2, requires_grad=True)
        assert facts(w) == (True, True)
        assert facts(2 * w) == (False, True)
        scale(2 * w).sum().backward()
        assert w.grad.tolist() == [6, 6]
        """,
    )


def test_several_outputs_and_a_second_backward(alike):
    alike(
        "def both(x):\n    h = x ** 2\n    return h.sum(), {'cube': (h * x).sum()}",
        """
        import torch
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        square, rest = both(x)
        square.backward(retain_graph=True)
        assert x.grad.tolist() == [2, 4]
        (square + rest["cube"]).backward()
        assert x.grad.tolist() == [2 + 2 + 3, 4 + 4 + 12]
        """,
    )


def test_the_parameters_of_a_students_net_get_gradients(alike):
    alike(
        "import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Linear(2, 3), "
        "nn.ReLU(), nn.Linear(3, 1))\nreference = [p.detach().clone() for p in "
        "net.parameters()]",
        """
        import torch
        from torch import nn
        X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
        net(X).pow(2).sum().backward()
        same = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
        with torch.no_grad():
            for p, q in zip(same.parameters(), net.parameters(), strict=True):
                p.copy_(q)
        same(X).pow(2).sum().backward()
        for p, q in zip(same.parameters(), net.parameters(), strict=True):
            assert torch.allclose(p.grad, q.grad)
        grads = torch.autograd.grad(net(X).sum(), list(net.parameters()))
        assert [g.shape for g in grads] == [p.shape for p in net.parameters()]
        """,
    )


def test_a_step_of_the_tests_optimizer_changes_the_students_net(alike):
    alike(
        "import torch\nfrom torch import nn\nnet = nn.Linear(2, 1)\n"
        "def total():\n    return sum(p.sum().item() for p in net.parameters())",
        """
        import torch
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
        before = total()
        for _ in range(2):
            optimizer.zero_grad()
            net(torch.ones(4, 2)).sum().backward()
            optimizer.step()
        # d/dw = 4, d/db = 4, three numbers: lr * (4 + (0.9 * 4 + 4)) each
        assert abs(total() - (before - 3 * 0.1 * (4 + 7.6))) < 1e-4
        """,
    )


def test_an_optimizer_of_the_test_is_an_argument(alike):
    alike(
        """
        import torch
        def train(net, optimizer, X, y):
            for _ in range(3):
                optimizer.zero_grad()
                ((net(X) - y) ** 2).mean().backward()
                optimizer.step()
        """,
        """
        import torch
        from torch import nn
        nets = [nn.Linear(2, 1), nn.Linear(2, 1)]
        nets[1].load_state_dict(nets[0].state_dict())
        X, y = torch.randn(8, 2), torch.randn(8, 1)
        train(nets[0], torch.optim.Adam(nets[0].parameters(), lr=0.1), X, y)
        optimizer = torch.optim.Adam(nets[1].parameters(), lr=0.1)
        for _ in range(3):
            optimizer.zero_grad()
            ((nets[1](X) - y) ** 2).mean().backward()
            optimizer.step()
        for p, q in zip(*(net.parameters() for net in nets), strict=True):
            assert torch.allclose(p, q)
        """,
    )


def test_the_state_of_an_optimizer_stays_in_step(alike):
    alike(
        """
        def step(optimizer, w):
            optimizer.zero_grad()
            (w ** 2).sum().backward()
            optimizer.step()
        """,
        """
        import torch
        w = torch.tensor([1.0], requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)
        step(optimizer, w)
        step(optimizer, w)
        v = torch.tensor([1.0], requires_grad=True)
        other = torch.optim.SGD([v], lr=0.1, momentum=0.9)
        for _ in range(2):
            other.zero_grad()
            (v ** 2).sum().backward()
            other.step()
        assert torch.allclose(w, v)
        buffer = optimizer.state[w]["momentum_buffer"]
        assert torch.allclose(buffer, other.state[v]["momentum_buffer"])
        optimizer.param_groups[0]["lr"] = 0.0
        before = w.item()
        step(optimizer, w)
        assert w.item() == before
        """,
    )


def test_a_students_optimizer_is_used_by_the_test(alike):
    alike(
        """
        import torch
        from torch import nn
        def make(net):
            return torch.optim.SGD(net.parameters(), lr=0.5, weight_decay=0.1)
        """,
        """
        import torch
        from torch import nn
        net = nn.Linear(1, 1, bias=False)
        optimizer = make(net)
        assert isinstance(optimizer, torch.optim.SGD)
        assert isinstance(optimizer, torch.optim.Optimizer)
        assert not isinstance(optimizer, torch.optim.Adam)
        assert optimizer.param_groups[0]["lr"] == 0.5
        assert optimizer.param_groups[0]["params"][0] is net.weight
        assert optimizer.defaults["weight_decay"] == 0.1
        before = net.weight.item()
        net(torch.ones(1, 1)).sum().backward()
        optimizer.step()
        assert abs(net.weight.item() - (before - 0.5 * (1 + 0.1 * before))) < 1e-5
        optimizer.zero_grad()
        assert net.weight.grad is None
        """,
    )


def test_a_students_own_optimizer_is_used_by_the_test(alike):
    alike(
        """
        import torch
        class SGD:
            def __init__(self, params, lr):
                self.params, self.lr = list(params), lr
            def step(self):
                for p in self.params:
                    p.data -= self.lr * p.grad
            def zero_grad(self):
                for p in self.params:
                    p.grad = None
        """,
        """
        import torch
        w = torch.tensor([2.0], requires_grad=True)
        optimizer = SGD([w], lr=0.25)
        (w ** 2).sum().backward()
        optimizer.step()
        assert w.tolist() == [1.0] and w.grad.tolist() == [4.0]
        optimizer.zero_grad()
        assert w.grad is None and optimizer.lr == 0.25
        """,
    )


def test_gradcheck_in_double(alike):
    alike(
        "import torch\ndef f(x, w):\n    return torch.tanh(x @ w).sum(dim=0)",
        """
        import torch
        x = torch.randn(3, 2, dtype=torch.float64, requires_grad=True)
        w = torch.randn(2, 2, dtype=torch.float64, requires_grad=True)
        assert torch.autograd.gradcheck(f, (x, w))
        """,
    )


def test_check_gradient_tells_a_wrong_gradient(alike):
    alike(
        """
        import torch
        class Square(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x ** 2
            @staticmethod
            def backward(ctx, grad):
                return 3 * ctx.saved_tensors[0] * grad
        def wrong(x):
            return Square.apply(x)
        def right(x):
            return x ** 2
        def cut(x):
            return (x ** 2).detach()
        """,
        """
        import torch
        from utils import check
        X = torch.tensor([1.0, 2.0])
        check.gradient(right, X)
        for answer in (wrong, cut):
            try:
                check.gradient(answer, X)
            except check.WrongAnswer:
                pass
            else:
                raise AssertionError("a wrong gradient passed")
        """,
    )


def test_an_answer_may_differentiate_through_what_it_is_given(alike):
    alike(
        "import torch\ndef slope(f, x):\n    x = x.detach().requires_grad_()\n"
        "    f(x).backward()\n    return x.grad",
        "import torch\nassert slope(lambda x: x ** 3, torch.tensor(2.0)).item() == 12",
    )


def test_no_grad_of_the_test_holds_over_there(alike):
    alike(
        "import torch\nw = torch.ones(2, requires_grad=True)\n"
        "def f():\n    return (w * 2).sum()\ndef on():\n"
        "    return torch.is_grad_enabled()",
        """
        import torch
        with torch.no_grad():
            assert not f().requires_grad and not on()
        assert f().requires_grad and on()
        """,
    )


def test_a_detached_result_has_no_history(alike):
    alike(
        "def f(x):\n    return (x * 2).detach()",
        "import torch\ny = f(torch.ones(2, requires_grad=True))\n"
        "assert not y.requires_grad and y.is_leaf and y.grad_fn is None",
    )


def test_the_result_of_one_answer_is_the_input_of_another(alike):
    alike(
        "def f(x):\n    return x * 2\ndef g(x):\n    return (x ** 2).sum()",
        """
        import torch
        x = torch.tensor([1.0, 3.0], requires_grad=True)
        g(f(x)).backward()
        assert x.grad.tolist() == [8, 24]
        h = f(x)
        h.retain_grad()
        (g(h) + h.sum()).backward()
        assert h.grad.tolist() == [5, 13]
        """,
    )


def test_gradients_to_a_leaf_through_two_calls_add_up(alike):
    alike(
        "def f(x):\n    return (x * 2).sum()",
        "import torch\nx = torch.ones(2, requires_grad=True)\n(f(x) + f(x)).backward()"
        "\nassert x.grad.tolist() == [4, 4]",
    )


def test_a_gradient_of_a_gradient(alike):
    alike(
        "import torch\nw = torch.tensor(5.0, requires_grad=True)\n"
        "def f(x):\n    return (w * x ** 4).sum()",
        """
        import torch
        x = torch.tensor([2.0], requires_grad=True)
        (slope,) = torch.autograd.grad(f(3 * x), x, create_graph=True)
        assert slope.item() == 5 * 4 * 6 ** 3 * 3
        (third,) = torch.autograd.grad(slope, x, create_graph=True)
        assert third.item() == 5 * 12 * 6 ** 2 * 9
        penalty = (slope - 1) ** 2
        penalty.backward()
        assert w.grad.item() == 2 * (slope.item() - 1) * 4 * 6 ** 3 * 3
        a = torch.randn(3, dtype=torch.float64, requires_grad=True)
        assert torch.autograd.gradgradcheck(lambda x: f(x), a)
        """,
    )
