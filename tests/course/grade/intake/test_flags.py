"""Flags: hostile sources have some, honest ones none."""

from pathlib import Path

import pytest
import torch

from course.chapters import read_chapter
from course.grade.intake.flags import MAX_FLAGS, Watch, bounded, look_at
from course.grade.plan import Cell

ROOT = Path(__file__).parents[4]
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
        ("from course.grade.engine import coordinator", "imports course.grade"),
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


@pytest.mark.parametrize(
    ("source", "sign"),
    [
        ("import threading", "starts threads"),
        ("from concurrent.futures import ThreadPoolExecutor", "starts threads"),
        ("import torch\ntorch.ops.aten.conv2d", "uses torch's insides (torch.ops)"),
        ("from torch import ops as o\no.aten.conv2d", "(torch.ops)"),
        ("import torch as t\nt._C._nn.mse_loss", "(torch._C)"),
        ("import torch\ntorch._VF.gru", "(torch._VF)"),
        ("import torch\n@torch.jit.script\ndef f(): pass", "(torch.jit)"),
        ("import torch.jit as j", "(torch.jit)"),
        ("from torch.overrides import TorchFunctionMode", "switches torch's modes"),
    ],
)
def test_ways_round_a_ban_are_flagged_only_where_something_is_forbidden(source, sign):
    heads = (
        "with check.exercise('f'):",
        "with check.exercise('f'), check.forbidden('x'):",
    )
    free, banned = (Cell("test", "test_f", f"{head}\n    pass") for head in heads)
    for kind, grade_id in (("answer", "f"), ("extra", "extra-1")):
        cell = Cell(kind, grade_id, source)
        assert look_at([cell, free]) == []
        words, _, shown = sign.partition(" (")
        flags = look_at([cell, banned])
        assert any(words in flag and shown.rstrip(")") in flag for flag in flags)
    assert look_at([Cell("answer", "g", source), banned]) == []


@pytest.mark.parametrize(
    ("source", "sign"),
    [
        ("import gc", "imports gc"),
        ("import sys\nsys.setprofile(None)", "hooks into the interpreter"),
        ("import sys\nsys.settrace(None)", "hooks into the interpreter"),
        ("import ctypes", "imports ctypes"),
    ],
)
def test_other_ways_round_are_signs_everywhere(source, sign):
    assert any(sign in flag for flag in look_at([Cell("answer", "f", source)]))


@pytest.mark.parametrize(
    "source",
    ["import torch\ntorch.nn.functional.relu", "from torch import nn", "import queue"],
)
def test_plain_torch_is_no_way_round(source):
    banned = Cell("test", "test_f", "with check.exercise('f'), check.forbidden('x'):")
    assert look_at([Cell("answer", "f", source), banned]) == []


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
