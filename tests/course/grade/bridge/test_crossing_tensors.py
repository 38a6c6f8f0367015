"""Tensors: numbers, layout, flags, gradients and changes in place, both ways."""

import pytest

TENSORS = [
    *("torch.arange(6.0).reshape(2, 3)", "torch.tensor(2.5)", "torch.zeros(0, 3)"),
    *("torch.tensor([True, False])", "torch.tensor([1 + 2j, 0])", "torch.empty(0)"),
    *("torch.arange(3, dtype=torch.uint8)", "torch.ones(2, dtype=torch.bfloat16)"),
    *("torch.ones(2, dtype=torch.float64)", "torch.ones(2).half()"),
    *("torch.arange(6).reshape(2, 3).T", "torch.arange(9)[::2]"),
    *(
        "torch.ones(3, 1).expand(3, 4)",
        "torch.arange(24).reshape(2, 3, 4).permute(2, 0, 1)",
    ),
    *("torch.tensor([float('nan'), float('inf')])", "torch.tensor([1 + 2j]).conj()"),
    *("torch.nn.Parameter(torch.ones(2))", "torch.ones(2, requires_grad=True)"),
    "torch.nn.Parameter(torch.ones(2), requires_grad=False)",
]
SAME_KIND = """
def facts(x):
    return [
        type(x).__name__, str(x.dtype), tuple(x.shape), x.stride(), x.requires_grad,
        x.is_leaf, x.grad_fn is None, x.is_contiguous(), str(x.detach().tolist()),
    ]
"""


@pytest.mark.parametrize("value", TENSORS)
def test_a_tensor_is_the_same_over_there_and_back(bridge, value):
    names = bridge(f"import torch\n{SAME_KIND}\ndef made():\n    return {value}")
    facts_there = names["facts"]
    exec(f"import torch\n{SAME_KIND}\nx = {value}", names)
    assert facts_there(names["x"]) == names["facts"](names["x"])
    exec("got = made()", names)
    assert names["facts"](names["got"]) == names["facts"](names["x"])


def test_view_fails_over_there_where_it_would_fail_here(alike):
    alike(
        "def flat(x):\n    return x.view(-1)",
        """
        import torch
        X = torch.arange(6.0).reshape(2, 3)
        assert flat(X).shape == (6,)
        try:
            flat(X.T)
        except RuntimeError as error:
            assert "view size is not compatible" in str(error)
        else:
            raise AssertionError("view took a transposed tensor")
        """,
    )


def test_a_part_of_a_large_tensor_does_not_bring_it_all(bridge):
    names = bridge("def total(x):\n    return x.sum().item()")
    exec("import torch\nX = torch.ones(1000, 1000)\ngot = total(X[:, 0])", names)
    assert names["got"] == 1000
    assert sum(map(len, names.judge.blobs)) < 5000


def test_changes_in_place_go_both_ways(alike):
    alike(
        """
        kept = []
        def keep(x):
            kept.append(x)
        def double():
            kept[0].mul_(2)
        def total():
            return kept[0].sum().item()
        """,
        """
        import torch
        X = torch.ones(4)
        half = X[:2]
        keep(X)
        double()
        assert X.tolist() == [2, 2, 2, 2] and half.tolist() == [2, 2]
        X[0] = 10
        assert total() == 16
        double()
        assert X.tolist() == [20, 4, 4, 4]
        """,
    )


def test_nan_that_stays_nan_is_no_change(bridge):
    names = bridge("kept = []\nkeep = kept.append\ndef nothing():\n    pass")
    exec("import torch\nX = torch.tensor([float('nan'), 1.0])\nkeep(X)", names)
    exec("nothing()", names)
    assert names.judge.changes() == []


def test_requires_grad_goes_both_ways(alike):
    alike(
        "def ask(x):\n    x.requires_grad_()\ndef asks(x):\n"
        "    return x.requires_grad\ndef stop(x):\n    x.requires_grad_(False)",
        """
        import torch
        X = torch.ones(2)
        ask(X)
        assert X.requires_grad and X.is_leaf
        X.requires_grad_(False)
        assert not asks(X)
        X.requires_grad_()
        assert asks(X)
        stop(X)
        assert not X.requires_grad
        """,
    )


def test_a_change_of_shape_by_data_arrives(alike):
    alike(
        "import torch\ndef grow(x):\n    x.data = torch.ones(3)\n"
        "def size(x):\n    return len(x)",
        """
        import torch
        X = torch.ones(2)
        grow(X)
        assert X.shape == (3,)
        X.data = torch.zeros(5)
        assert size(X) == 5
        """,
    )


def test_gradients_are_part_of_a_tensor(alike):
    alike(
        """
        def slope(x):
            return x.grad
        def clear(x):
            x.grad = None
        def zero(x):
            x.grad.zero_()
        def fill(x):
            (3 * x).sum().backward()
        """,
        """
        import torch
        X = torch.ones(2, requires_grad=True)
        assert slope(X) is None
        (X**2).sum().backward()
        assert slope(X).tolist() == [2, 2]
        kept = X.grad
        zero(X)
        assert X.grad is kept and kept.tolist() == [0, 0]
        fill(X)
        assert X.grad.tolist() == [3, 3]
        clear(X)
        assert X.grad is None
        """,
    )


def test_a_tensor_of_another_dtype_by_data_arrives(alike):
    alike(
        "def widen(x):\n    x.data = x.data.double()",
        "import torch\nX = torch.ones(2)\nwiden(X)\nassert X.dtype == torch.float64",
    )


def test_an_answer_that_keeps_its_tensor_keeps_it_in_step(alike):
    alike(
        "import torch\nw = torch.zeros(2, requires_grad=True)\n"
        "def step():\n    with torch.no_grad():\n        w.add_(1)",
        "first = w\nstep()\nassert w is first and w.tolist() == [1, 1]\n"
        "step()\nassert first.tolist() == [2, 2]",
    )


def test_two_views_of_one_tensor_are_changed_together(alike):
    alike(
        "def set_first(x):\n    x[0] = 5.0",
        "import torch\nX = torch.zeros(3)\nhead = X[:2]\nset_first(X)\nset_first(head)"
        "\nassert X.tolist() == [5, 0, 0] and head.tolist() == [5, 0]",
    )


def test_sparse_tensors_of_an_answer_can_be_asked(alike):
    alike(
        "import torch\ndef sparse():\n    return torch.eye(2).to_sparse()",
        "assert sparse().to_dense().tolist() == [[1, 0], [0, 1]]",
    )
