"""What a test lends to an answer: functions, classes, loaders, random numbers."""


def test_a_function_of_the_test_is_called(alike):
    alike(
        "def apply(f, *args, **kwargs):\n    return f(*args, **kwargs)",
        """
        import math
        offset = 10
        def f(x, y=2, *rest, z=3, **others):
            return math.floor(x) + y + z + offset + sum(rest) + len(others)
        def factorial(n):
            return 1 if n < 2 else n * factorial(n - 1)
        def adder(n):
            return lambda x: x + n
        assert apply(f, 1.5) == 16 and apply(f, 1, 1, 1, z=1, a=1) == 15
        assert apply(factorial, 5) == 120
        assert apply(adder(3), 4) == 7 and apply(lambda: [offset]) == [10]
        assert apply(max, [1, 5, 2]) == 5 and apply(math.sqrt, 9) == 3
        """,
    )


def test_a_closures_variable_and_a_global_list_stay_in_step(alike):
    alike(
        "def repeat(f, n):\n    for i in range(n):\n        f(i)",
        """
        seen, count = [], {"calls": 0}
        def note(i):
            seen.append(i)
            count["calls"] += 1
        repeat(note, 3)
        assert seen == [0, 1, 2] and count == {"calls": 3}
        calls, free = 0, []
        def note_calls(i):
            free.append(calls)
        repeat(note_calls, 1)
        calls = 5
        repeat(note_calls, 1)
        assert free == [0, 5]
        def ticker():
            ticks = 0
            def tick(i):
                nonlocal ticks
                ticks += 1
            return tick, lambda: ticks
        tick, ticks = ticker()
        repeat(tick, 2)
        assert ticks() == 2
        def parity():
            def even(n):
                return n == 0 or odd(n - 1)
            def odd(n):
                return n != 0 and even(n - 1)
            return lambda i: seen.append(even(i))
        repeat(parity(), 2)
        assert seen[-2:] == [True, False]
        repeat(seen.append, 2)
        assert seen[-2:] == [0, 1]
        def counter():
            inner = []
            return inner.append, inner
        add, inner = counter()
        repeat(lambda i: add(i), 2)
        assert inner == [0, 1]
        """,
    )


def test_a_function_of_the_test_that_calls_an_answer(alike):
    alike(
        "def twice(f):\n    return f() + f()\ndef one():\n    return 1",
        "assert twice(lambda: one()) == 2 and twice(one) == 2",
    )


def test_gradients_noted_by_a_function_of_the_test(alike):
    alike(
        """
        def train(loss, w, step):
            for _ in range(3):
                loss(w).backward()
                step(w)
        """,
        """
        import torch
        w = torch.tensor(1.0, requires_grad=True)
        grads = []
        def step(w):
            grads.append(w.grad.item())
            with torch.no_grad():
                w -= 0.25 * w.grad
            w.grad = None
        train(lambda w: w ** 2, w, step)
        assert grads == [2.0, 1.0, 0.5] and w.item() == 0.125 and w.grad is None
        """,
    )


def test_classes_and_objects_of_the_test(alike):
    alike(
        """
        def use(thing):
            thing.calls += 1
            thing.log.append(thing.double(3))
            return thing.name(), len(thing), thing.half, type(thing)(7).calls
        """,
        """
        class Base:
            def double(self, x):
                return 2 * x
        class Thing(Base):
            def __init__(self, calls=0):
                self.calls, self.log = calls, []
            @staticmethod
            def name():
                return "thing"
            @property
            def half(self):
                return self.calls / 2
            def __len__(self):
                return 9
        thing = Thing()
        assert use(thing) == ("thing", 9, 0.5, 7)
        assert thing.calls == 1 and thing.log == [6]
        assert use(thing)[2] == 1.0 and thing.log == [6, 6]
        """,
    )


def test_a_bound_method_and_a_partial(alike):
    alike(
        "def call(f, x):\n    return f(x)",
        """
        import functools
        class Counter:
            def __init__(self):
                self.total = 0
            def add(self, x):
                self.total += x
                return self.total
        counter = Counter()
        assert call(counter.add, 2) == 2 and call(counter.add, 3) == 5
        assert counter.total == 5
        assert call(functools.partial(pow, 2), 5) == 32
        """,
    )


def test_a_class_of_the_test_is_made_over_there(alike):
    alike(
        "def make(cls, n):\n    return cls(n, n)",
        """
        from torch import nn
        class Block(nn.Module):
            def __init__(self, a, b):
                super(Block, self).__init__()
                self.linear = nn.Linear(a, b)
            def forward(self, x):
                return self.linear(x)
        import torch
        net = make(Block, 3)
        assert isinstance(net, nn.Module) and net(torch.ones(1, 3)).shape == (1, 3)
        assert isinstance(make(nn.Linear, 2), nn.Linear)
        """,
    )


def test_loaders_and_datasets_of_the_test(alike):
    alike(
        """
        def epoch(loader):
            return [(x.shape[0], y.sum().item()) for x, y in loader], len(loader)
        """,
        """
        import torch
        from torch.utils.data import DataLoader, Dataset, TensorDataset
        X, y = torch.arange(10.0).reshape(5, 2), torch.arange(5)
        assert epoch(DataLoader(TensorDataset(X, y), batch_size=2)) == (
            [(2, 1), (2, 5), (1, 4)], 3
        )
        class Numbers(Dataset):
            def __len__(self):
                return 3
            def __getitem__(self, i):
                return X[i], y[i]
        assert epoch(DataLoader(Numbers(), batch_size=2)) == ([(2, 1), (1, 2)], 2)
        assert epoch([(X, y)]) == ([(5, 10)], 1)
        """,
    )


def test_a_loader_shuffles_alike(alike):
    names = alike(
        "def order(loader):\n    return [x.tolist() for (x,) in loader]",
        """
        import torch
        from torch.utils.data import DataLoader, TensorDataset
        data = TensorDataset(torch.arange(6))
        torch.manual_seed(3)
        first = order(DataLoader(data, batch_size=4, shuffle=True))
        torch.manual_seed(3)
        again = [x.tolist() for (x,) in DataLoader(data, batch_size=4, shuffle=True)]
        assert first == again
        """,
    )
    assert sorted(sum(names["first"], [])) == list(range(6))


def test_a_scheduler_of_the_test(alike):
    alike(
        """
        def train(net, optimizer, scheduler):
            rates = []
            for _ in range(3):
                rates.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                scheduler.step()
            return rates
        """,
        """
        import torch
        from torch import nn
        net = nn.Linear(1, 1)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.8)
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.5)
        assert train(net, optimizer, scheduler) == [0.8, 0.4, 0.2]
        assert scheduler.get_last_lr() == [0.1]
        assert abs(optimizer.param_groups[0]["lr"] - 0.1) < 1e-9
        """,
    )


def test_a_scheduler_of_the_student(alike):
    alike(
        "import torch\ndef make(optimizer):\n"
        "    return torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.5)",
        """
        import torch
        from torch import nn
        optimizer = torch.optim.SGD(nn.Linear(1, 1).parameters(), lr=0.8)
        scheduler = make(optimizer)
        optimizer.step()
        scheduler.step()
        assert optimizer.param_groups[0]["lr"] == 0.4
        assert scheduler.get_last_lr() == [0.4]
        """,
    )


def test_a_loss_of_the_library_is_an_argument(alike):
    alike(
        "def loss(net, criterion, X, y):\n    return criterion(net(X), y)",
        """
        import torch
        from torch import nn
        from torch.nn import functional as F
        net, X, y = nn.Linear(2, 3), torch.randn(4, 2), torch.tensor([0, 1, 2, 0])
        for criterion in (nn.CrossEntropyLoss(), F.cross_entropy):
            value = loss(net, criterion, X, y)
            assert torch.allclose(value, F.cross_entropy(net(X), y))
            value.backward()
        assert net.weight.grad.abs().sum() > 0
        """,
    )


def test_a_generator_of_random_numbers_is_in_step(alike):
    alike(
        "import torch\ndef draw(g):\n    return torch.rand(2, generator=g)",
        """
        import torch
        g, h = torch.Generator().manual_seed(4), torch.Generator().manual_seed(4)
        got = [draw(g), torch.rand(2, generator=g), draw(g)]
        assert torch.equal(torch.cat(got), torch.rand(6, generator=h))
        """,
    )


DRAWS = """
import random
import numpy as np
import torch
def draw():
    return [
        random.random(), random.gauss(0, 1),
        np.random.rand(), np.random.randn(2).tolist(),
        float(torch.rand(1)), float(torch.randn(1)), torch.randperm(5).tolist(),
    ]
"""


def test_random_numbers_are_one_stream(bridge):
    test = f"""{DRAWS}
there, here = answer, draw
def mixed(first, second):
    random.seed(7)
    np.random.seed(7)
    torch.manual_seed(7)
    return [f() for f in (first, second, second, first, first, second)]
alone = mixed(here, here)
apart = mixed(here, there)
"""
    names = bridge(DRAWS + "answer = draw")
    exec(test, names)
    assert names["alone"] == names["apart"]


def test_a_seed_that_an_answer_sets_holds_for_the_test(alike):
    alike(
        "import torch\ndef seed():\n    torch.manual_seed(5)",
        "import torch\nseed()\na = torch.rand(1)\ntorch.manual_seed(5)\n"
        "assert a == torch.rand(1)",
    )


def test_the_default_dtype_and_the_grad_mode_are_shared(alike):
    alike(
        "import torch\ndef ones():\n    return torch.ones(1)\ndef go_double():\n"
        "    torch.set_default_dtype(torch.float64)\ndef stop():\n"
        "    torch.set_grad_enabled(False)",
        """
        import torch
        torch.set_default_dtype(torch.float64)
        assert ones().dtype == torch.float64
        torch.set_default_dtype(torch.float32)
        assert ones().dtype == torch.float32
        go_double()
        assert torch.ones(1).dtype == torch.float64
        stop()
        assert not torch.is_grad_enabled()
        torch.set_grad_enabled(True)
        """,
    )


def test_global_functions_of_the_test_with_the_same_name_do_not_mix(alike):
    alike(
        "kept = []\ndef keep(f):\n    kept.append(f)\ndef all_kept():\n"
        "    return [f() for f in kept]",
        """
        def make(n):
            def f():
                return n
            return f
        for n in range(3):
            keep(make(n))
        assert all_kept() == [0, 1, 2]
        """,
    )
