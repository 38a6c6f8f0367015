"""What the right options of chapter 31 claim is computed, and no wrong one is true."""

from pathlib import Path

import pytest
import torch
from torch import nn

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "31_style_transfer").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (option,) = [option.text for option in options if option.is_right]
    return option


def gram(H: torch.Tensor) -> torch.Tensor:
    """Mean over the places of the products of channels: (N, C, h, w) -> (N, C, C)."""
    A = H.flatten(2)
    return A @ A.mT / A.shape[2]


@pytest.mark.parametrize("seed", range(5))
def test_shuffled_pixels_leave_the_colours_gram_and_change_those_of_the_layers(seed):
    torch.manual_seed(seed)
    ramp = torch.linspace(0, 1, 16)
    photo = torch.stack(
        [ramp[:, None] * ramp, ramp.expand(16, 16), 1 - ramp.outer(ramp)]
    )
    photo = photo[None] + 0.1 * torch.rand(1, 3, 16, 16)
    order = torch.randperm(256)
    shuffled = photo.flatten(2)[:, :, order].reshape(photo.shape)
    torch.testing.assert_close(gram(shuffled), gram(photo))
    layer = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 4, 3))
    with torch.no_grad():
        before, after = gram(layer(photo))[0], gram(layer(shuffled))[0]
    assert (after - before).norm() > 0.02 * before.norm()
    assert not torch.allclose(after.diagonal(), before.diagonal(), rtol=1e-3)
    assert "three colours stays the same, those of the layers change" in right(
        "shuffled_photo"
    )


def test_shuffled_pixels_change_the_layers_of_the_net_with_imagenets_weights():
    from torchvision.transforms.v2.functional import resize

    from utils.data import photo
    from utils.pretrained import mobilenet

    torch.manual_seed(0)
    X = resize(photo("flower"), [64, 64])[None]
    shuffled = X.flatten(2)[:, :, torch.randperm(64 * 64)].reshape(X.shape)
    features = mobilenet().features[:2]
    with torch.no_grad():
        before, after = gram(features(X)), gram(features(shuffled))
    assert (after - before).norm() > 0.3 * before.norm()


def test_a_channel_twice_as_strong_doubles_its_row_and_quadruples_the_crossing():
    torch.manual_seed(0)
    H = torch.randn(1, 5, 4, 6)
    louder = H.clone()
    louder[:, 3] *= 2
    ratio = (gram(louder) / gram(H))[0]
    expected = torch.ones(5, 5)
    expected[3] = expected[:, 3] = 2
    expected[3, 3] = 4
    torch.testing.assert_close(ratio, expected)
    correlations = [T[0].flatten(1).corrcoef() for T in (H, louder)]
    torch.testing.assert_close(*correlations)
    assert "crossing becomes four times as large; the correlation stays" in " ".join(
        right("doubled_channel").split()
    )


def test_sums_over_256_places_need_a_weight_that_is_65536_times_smaller():
    torch.manual_seed(0)
    H, T = torch.randn(2, 1, 3, 16, 16)
    by_means = (gram(H) - gram(T)).square().sum()
    by_sums = (256 * gram(H) - 256 * gram(T)).square().sum()
    torch.testing.assert_close(10 * by_means, 10 / 65_536 * by_sums)
    assert right("weight_for_sums").startswith("10 / 65,536")


def test_sixteen_places_allow_a_rank_of_sixteen_and_of_fifteen_for_the_covariance():
    torch.manual_seed(0)
    A = torch.randn(320, 16, dtype=torch.float64)
    ranks = [torch.linalg.matrix_rank(M).item() for M in (A @ A.T, A.cov())]
    assert ranks == [16, 15]
    assert right("rank").startswith("16 and 15")
