"""What the right options of chapter 19 claim is computed, and no wrong one is true."""

from pathlib import Path

import pytest
import torch
from torch import nn
from torchvision.transforms import v2

from course.chapters import read_chapter
from course.options import read_question
from utils.data import photo

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "19_augmentation_and_transfer").choices
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def right(exercise: str) -> list[str]:
    """The right options of a question."""
    options = read_question(CHOICES[exercise].source).options
    return [option.text for option in options if option.is_right]


def hole_of(order: str):
    """The colour in [0, 1] that the erased rectangle stands for behind a pipeline."""
    steps = {
        "I": v2.ToImage(),
        "D": v2.ToDtype(torch.float32, scale=True),
        "N": v2.Normalize(MEAN, STD),
        "E": v2.RandomErasing(p=1),
    }
    pil = v2.ToPILImage()(photo("chelsea")[:, :64, :64])
    torch.manual_seed(0)
    Z = v2.Compose([steps[letter] for letter in order])(pil)
    colours = Z * torch.tensor(STD)[:, None, None] + torch.tensor(MEAN)[:, None, None]
    flat = colours.flatten(1)  # (3, places)
    values, counts = flat.unique(dim=1, return_counts=True)
    return values[:, counts.argmax()]  # the most frequent colour is the hole's


def test_only_behind_normalize_does_a_hole_of_0_have_the_mean_colour():
    torch.testing.assert_close(hole_of("IDNE"), torch.tensor(MEAN))
    for order in ("EIDN", "IEDN"):
        torch.testing.assert_close(hole_of(order), torch.zeros(3), rtol=0, atol=1e-5)
    with pytest.raises(TypeError, match="float"):
        hole_of("INDE")
    assert right("which_pipeline") == ["I, D, N, E"]


def test_a_frozen_backbone_in_train_mode_moves_its_statistics_and_its_features():
    torch.manual_seed(0)
    backbone = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU())
    backbone.requires_grad_(False)
    head, photograph = nn.Linear(4, 2), torch.rand(1, 1, 8, 8)
    net = nn.Sequential(backbone, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head)
    before = {name: t.clone() for name, t in backbone.state_dict().items()}
    features = backbone.eval()(photograph)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, weight_decay=0.01)
    for _ in range(5):
        net.train()
        loss = nn.functional.cross_entropy(
            net(torch.rand(6, 1, 8, 8)), torch.arange(6) % 2
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    changed = {
        n for n, t in backbone.state_dict().items() if not torch.equal(t, before[n])
    }
    assert changed == {"1.running_mean", "1.running_var", "1.num_batches_tracked"}
    assert not torch.allclose(backbone.eval()(photograph), features)
    means, given = right("frozen_norm")
    assert "running means" in means and "features" in given


def test_two_views_average_to_a_in_probabilities_and_in_scores():
    scores = torch.tensor([[8.0, 0.0, 0.0], [0.0, 5.0, 5.0]])
    p = scores.softmax(dim=1).mean(dim=0)
    assert p.argmax() == 0 and p[0] > p[1] + 0.2
    assert p.tolist() == pytest.approx([0.5, 0.25, 0.25], abs=0.01)
    assert scores.mean(dim=0).tolist() == [4.0, 2.5, 2.5]
    assert right("mean_of_views") == ["Both choose A."]
