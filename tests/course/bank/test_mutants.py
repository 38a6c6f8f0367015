"""Mutants imitate what people do wrong, inside solutions only."""

import ast

import pytest

from course.bank.mutants import mutants


def answer(*lines: str) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return (
        f"def f(X, y, net, p):\n    '''Docstring with 1 number.'''\n"
        f"    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION\n"
    )


# a line of a solution -> a line that some mutant of it must hold
IMITATED = {
    "if p < 3: return X": "if p <= 3:",
    "return X + y": "return X - y",
    "return X / y": "return X * y",
    "return X @ y": "return y @ X",
    "return X - y": "return y - X",
    "return 1 - p": "return p",
    "return -X": "return X",
    "return X.sum(dim=0)": "return X.sum(dim=1)",
    "return X.mean(dim=-1)": "return X.mean(dim=0)",
    "return X.sum(dim=1, keepdim=True)": "return X.sum(dim=1)",
    "return X.mean()": "return X.sum()",
    "return X.argmax(dim=1)": "return X.argmin(dim=1)",
    "return X.detach()": "return X",
    "return X.T @ y": "return X @ y",
    "return X[1:p]": "return X[1:p - 1]",
    "return X[0]": "return X[1]",
    "return p ** 2.0": "return p ** 4.0",
    "return f(X, y)": "return f(y, X)",
    "net.zero_grad()": "pass",
    "p += 1": "pass",
    "net.eval()": "net.train()",
    "return (X, True)": "return (X, False)",
    "return nn.Sequential(nn.ReLU(), net)": "return nn.Sequential(net)",
    "return nn.MaxPool2d(2)": "return nn.AvgPool2d(2)",
    "return net(X)": "return",
}


@pytest.mark.parametrize("line", IMITATED)
def test_a_mutant_makes_the_mistake(line):
    sources = [mutant.source for mutant in mutants(answer(line))]
    lines = [text.strip() for source in sources for text in source.splitlines()]
    assert IMITATED[line] in lines


def test_no_grad_can_be_forgotten():
    source = answer("with torch.no_grad():", "    X = y", "return X")
    labels = [mutant.label for mutant in mutants(source)]
    assert "with torch.no_grad(): -> if True:" in labels


def test_only_the_solution_is_mutated():
    source = answer("return X") + "\n\nLIMIT = 1 + 2\n"
    for mutant in mutants(source):
        assert "LIMIT = 1 + 2" in mutant.source
        assert "Docstring with 1 number." in mutant.source


def test_mutants_differ_from_the_reference_and_from_each_other():
    source = answer("for i in range(0, len(X), 2):", "    p += X[i]", "return p")
    made = [mutant.source for mutant in mutants(source)]
    assert len(made) == len(set(made)) > 5
    assert ast.unparse(ast.parse(source)) not in made


def test_the_label_shows_the_statement_before_and_after():
    (label,) = [m.label for m in mutants(answer("return X + y")) if "X - y" in m.label]
    assert label == "return X + y -> return X - y"


def test_every_mutant_is_python():
    for line in IMITATED:
        for mutant in mutants(answer(line)):
            compile(mutant.source, "<mutant>", "exec")
