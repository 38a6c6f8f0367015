"""Flags: hostile sources have some, honest ones none."""

from pathlib import Path

import pytest
import torch

from course.chapters import read_chapter
from course.grade.flags import MAX_FLAGS, Watch, bounded, look_at
from course.grade.plan import Cell

ROOT = Path(__file__).parents[3]
CHAPTERS = ["03_linear_regression", "13_lenet"]


def flags_of(source: str) -> list[str]:
    return look_at([Cell("extra", "extra-1", source)])


@pytest.mark.parametrize("slug", CHAPTERS)
def test_no_answer_of_a_bank_is_flagged(slug: str):
    chapter = read_chapter(ROOT / "chapters" / slug)
    answers = [
        answer
        for exercise in chapter.cells("exercise")
        for kind in ("right", "wrong")
        for answer in chapter.bank(exercise, kind)
    ]
    assert answers
    for answer in answers:
        assert flags_of(answer.source) == []


@pytest.mark.parametrize(
    "source",
    [
        "import torch\ntorch.backends.cudnn.deterministic = True",
        "from torch import nn\nnet = nn.Linear(1, 1)\nnet.weight = None\nnet.eval()",
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1])\n!ls",
        "%%time\nimport os\nos.path.join('a', 'b')",
        "this is no Python",
        "from IPython.display import display\ndisplay(1)",
    ],
)
def test_honest_source_is_not_flagged(source: str):
    assert flags_of(source) == []


@pytest.mark.parametrize(
    ("source", "sign"),
    [
        ("import ctypes", "imports ctypes"),
        ("from course.grade import engine", "imports course.grade"),
        ("import torch as t\nt.equal = print", "changes torch.equal"),
        ("from torch import nn\nnn.Module.x = 1", "changes torch.nn.Module.x"),
        ("import torch\nsetattr(torch, 'equal', 1)", "changes torch"),
        ("from utils import check\ncheck.close = print", "changes utils.check.close"),
        ("check = None", "another meaning"),
        ("import sys\nsys.modules['torch'] = 1", "uses sys.modules"),
        ("import sys\nsys._getframe()", "looks at frames"),
        ("f.__code__ = g", "looks into functions"),
        ("import os\nos._exit(0)", "uses os._exit"),
        ("from os import environ", "imports os.environ"),
        ("open('x.ipynb')", "names the file"),
        ("get_ipython().ast_transformers.append(1)", "changes IPython"),
        ("exec('1')", "runs text as code"),
        ("class A:\n    def __torch_function__(self): pass", "__torch_function__"),
        ("x = '" + "a" * 10**6 + "'", "too long"),
    ],
)
def test_sign_of_tampering_is_flagged(source: str, sign: str):
    assert any(sign in flag for flag in flags_of(source))


def test_given_cells_and_tests_are_not_looked_at():
    cells = [Cell(kind, "x", "import ctypes") for kind in ("given", "test", "remark")]
    assert look_at(cells) == []


def test_hostile_syntax_raises_nothing():
    for source in ("(" * 10_000, "\0", "a = " + "-" * 50_000 + "1", "\ud800"):
        look_at([Cell("answer", "x", source)])


def test_flags_of_a_liar_are_bounded():
    flags = bounded(["<b>\n" + "x" * 1000, 7, *map(str, range(1000))])
    assert len(flags) == MAX_FLAGS + 1
    assert max(map(len, flags)) <= 200
    assert bounded({"no": "list"}) == []


def test_watch_tells_what_was_replaced(monkeypatch):
    watch = Watch()
    assert watch.changes() == []
    monkeypatch.setattr(torch, "allclose", lambda *args: True)
    monkeypatch.setattr(torch.nn.Module, "__call__", lambda *args: None)
    found = watch.changes()
    assert any("torch.allclose was replaced" in words for words in found)
    assert any("torch.nn.Module.__call__ was replaced" in words for words in found)
