"""Nets whose weights come with a package: trained by others, checked before use."""

import io

import torch
from torchvision.models import MobileNet_V2_Weights, MobileNetV2, mobilenet_v2

from utils.packaged import read

CATEGORIES = MobileNet_V2_Weights.IMAGENET1K_V1.meta["categories"]


def mobilenet(num_classes=None) -> MobileNetV2:
    """Return torchvision's MobileNetV2 with its ImageNet weights, in eval mode.

    The file's SHA-256 is checked before it is read; only tensors are read from it, and
    each weight of the net must be there.

    Args:
        num_classes: give the net a new head for so many classes, freshly initialised
            after the weights are loaded; by default it keeps ImageNet's 1,000.

    Returns:
        a new net for (N, 3, H, W) float32 images prepared by `preparation()`, to
        (N, classes) scores. Its parts are `features` and `classifier`; the names of
        its classes stand in `CATEGORIES`.

    Raises:
        MissingDataError: the package that holds the weights is not installed; the
            message says which, and how to install it.
        ChangedDataError: the file isn't the one the course was written with.

    Source: Sandler et al., MobileNetV2, 2018; weights of torchvision, BSD-3-Clause.
    """
    state = torch.load(io.BytesIO(read("mobilenet_v2")), weights_only=True)
    net = mobilenet_v2()
    net.load_state_dict(state, strict=True)
    if num_classes is not None:
        last = net.classifier[-1]
        net.classifier[-1] = torch.nn.Linear(last.in_features, num_classes)
    return net.eval()


def preparation(side=224):
    """Return the transform that belongs to the weights, for images of another side.

    Args:
        side: of the square that is cut out of the middle; the shorter edge is resized
            to 8 / 7 of it before, as with the weights' own 256 and 224.

    Returns:
        a module from (..., 3, H, W) images (PIL, uint8, or float32 in [0, 1]) to
        (..., 3, side, side) float32 with ImageNet's mean and deviation taken out.
    """
    weights = MobileNet_V2_Weights.IMAGENET1K_V1
    return weights.transforms(crop_size=side, resize_size=round(side * 8 / 7))
