"""What the right options of chapter 29 claim is computed, and no wrong one is true."""

from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHAPTER = read_chapter(ROOT / "chapters" / "29_segmentation")


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHAPTER.choices[exercise].source).options
    (text,) = [option.text for option in options if option.is_right]
    return text


def reference(exercise: str):
    """The reference answer of an exercise."""
    names = {"torch": torch, "nn": nn, "F": F}
    exec(CHAPTER.cells("exercise")[exercise].source, names)
    return names[exercise]


def test_ones_enlarged_with_4_by_3_ones_are_stripes_of_2_and_4():
    Y = F.conv_transpose2d(torch.ones(1, 1, 8, 8), torch.ones(1, 1, 4, 3), stride=2)
    inside = Y[0, 0, 4:-4, 3:-3]
    assert inside.unique().tolist() == [2, 4]
    assert torch.equal(inside, inside[:1].expand_as(inside))  # a column has one number
    assert (inside[0].diff().abs() == 2).all()  # and its neighbour the other one
    assert right("all_ones") == "2 and 4, in stripes."


def overlap(mask, truth):
    """IoU and Dice of two masks of bools."""
    both, sizes = (mask & truth).sum(), mask.sum() + truth.sum()
    return (both / (sizes - both)).item(), (2 * both / sizes).item()


def test_a_mask_shifted_by_a_pixel_beats_one_that_leaves_out_the_rim():
    truth, P, Q = torch.zeros(3, 20, 20, dtype=torch.bool)
    truth[5:15, 5:15] = P[6:14, 6:14] = Q[6:16, 6:16] = True
    (iou_p, dice_p), (iou_q, dice_q) = overlap(P, truth), overlap(Q, truth)
    assert (iou_p, iou_q) == pytest.approx((64 / 100, 81 / 119))
    assert round(iou_q, 2) == 0.68
    assert iou_q > iou_p + 0.03 and dice_q > dice_p + 0.02
    assert right("rim_or_shift") == "Q is better by IoU and by Dice."


def test_an_absent_class_at_one_percent_costs_nearly_what_a_missed_one_costs():
    p = torch.full((2, 4, 100, 100), 0.33)
    p[:, 3] = 0.01
    y = torch.randint(3, (2, 100, 100), generator=torch.Generator().manual_seed(0))
    loss = reference("dice_loss")
    with_it = loss(p.log(), y)
    t = F.one_hot(y, 4).movedim(-1, 1)
    sums = p.sum(dim=(0, 2, 3)) + t.sum(dim=(0, 2, 3))
    fractions = (2 * (p * t).sum(dim=(0, 2, 3)) + 1) / (sums + 1)
    assert with_it.item() == pytest.approx(1 - fractions.mean().item(), abs=1e-4)
    assert fractions[3].item() == pytest.approx(1 / 201, rel=1e-4)
    assert 0.98 / 4 < (1 - fractions[3].item()) / 4 < 1 / 4
    assert right("absent_class").startswith("Nearly 1/4")


class Pooled(nn.Module):
    """A small U-Net that halves twice; `pool` halves a map."""

    def __init__(self, pool, widths=(4, 6, 8)):
        super().__init__()
        self.pool = pool
        self.down = nn.ModuleList(
            nn.Conv2d(a, b, 3, padding=1) for a, b in pairwise((1, *widths))
        )
        steps = [(b, a) for a, b in pairwise(widths)][::-1]
        self.up = nn.ModuleList(nn.ConvTranspose2d(b, a, 2, stride=2) for b, a in steps)
        self.join = nn.ModuleList(nn.Conv2d(2 * a, a, 3, padding=1) for _, a in steps)

    def forward(self, X):
        maps = [self.down[0](X).relu()]
        for conv in self.down[1:]:
            maps.append(conv(self.pool(maps[-1], 2)).relu())
        *kept, H = maps
        for up, join in zip(self.up, self.join, strict=True):
            H = join(torch.cat([kept.pop(), up(H)], dim=1)).relu()
        return H


def reach(net) -> int:
    """How far away the furthest pixel lies that an output depends on."""
    far = 0
    for place in range(40, 44):  # four places that pooling treats differently
        X = torch.rand(1, 1, 80, 80).requires_grad_()
        net(X)[0, :, place, place].sum().backward()
        seen = X.grad[0, 0].sum(dim=1).nonzero()
        far = max(far, place - int(seen.min()), int(seen.max()) - place)
    return far


def test_the_net_of_the_last_question_reaches_13_pixels():
    net = Pooled(F.avg_pool2d)  # every pixel of a pair counts, and so do all weights
    for p in net.parameters():
        nn.init.constant_(p, 0.1)
    assert reach(net) == 13


@pytest.mark.parametrize("seed", range(3))
def test_tiles_for_a_net_that_pools_want_a_margin_that_its_stride_divides(seed):
    torch.manual_seed(seed)
    net = Pooled(F.max_pool2d).double()
    X = torch.rand(1, 1, 80, 120, dtype=torch.float64)
    inside = (..., slice(16, -16), slice(16, -16))
    whole = net(X).detach()[inside]
    for margin, is_same in ((14, False), (16, True), (18, False), (20, True)):
        tiles = reference("predict_tiled")(net, X, 40, margin)[inside]
        assert torch.allclose(tiles, whole, rtol=0, atol=1e-9) == is_same
    assert right("pooled_tiles").startswith("16 and 20; the other two give other")


def test_tiles_for_convolutions_alone_are_exact_at_every_margin_from_the_reach_on():
    torch.manual_seed(0)
    layers = [nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 2, 3, padding=1)]
    net, X = nn.Sequential(*layers).double(), torch.rand(1, 1, 21, 28).double()
    inside = (..., slice(2, -2), slice(2, -2))
    for margin, is_same in ((1, False), (2, True), (3, True), (5, True)):
        tiles = reference("predict_tiled")(net, X, 7, margin)[inside]
        whole = net(X).detach()[inside]
        assert torch.allclose(tiles, whole, rtol=0, atol=1e-9) == is_same
