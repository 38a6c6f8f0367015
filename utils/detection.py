"""Mean average precision, and the one-stage detector of chapter 27, to compare with."""

import torch
from torch import nn
from torch.nn import functional as F
from torchvision import ops

CELL = 8  # pixels of a cell's sides
SIDE = 64  # pixels that are the unit of widths and heights


def average_precision(scores, hits, num_objects) -> float:
    """Area under the precision-recall curve: sum_n (R_n - R_{n-1}) max_{m>=n} P_m.

    Args:
        scores, hits: (n,) float and (n,) bool, a score and whether the box is right.
        num_objects: how many there are in truth, at least 1.

    Source: Everingham et al., The PASCAL Visual Object Classes Challenge, 2010.
    """
    hits = hits[scores.argsort(descending=True)].double()
    right = hits.cumsum(dim=0)
    precision = right / torch.arange(1, len(hits) + 1)
    best_later = precision.flip(0).cummax(dim=0).values.flip(0)  # max over m >= n
    return float((hits / num_objects * best_later).sum())


def mean_ap(found, boxes, labels, min_iou=0.5) -> float:
    """Mean average precision at one IoU bar, over the classes that occur.

    A box is a hit if its best object of its class overlaps by `min_iou` or more, and no
    box of that image with a higher score has claimed that object.

    Args:
        found: boxes (K, 4), scores (K,) and labels (K,) of each image.
        boxes, labels: the truth of each image, (M, 4) corners and (M,); M at least 1.
        min_iou: the bar, in (0, 1].

    Returns:
        float in [0, 1].
    """
    judged = []  # (class, score, hit) of each box
    for (b, s, c), truth, names in zip(found, boxes, labels, strict=True):
        iou = ops.box_iou(b, truth) * (c[:, None] == names)  # other classes: 0
        claimed = set()
        for k in s.argsort(descending=True).tolist():
            m = int(iou[k].argmax())
            is_hit = bool(iou[k, m] >= min_iou) and m not in claimed
            claimed |= {m} if is_hit else set()
            judged.append((int(c[k]), float(s[k]), is_hit))
    table = torch.tensor(judged, dtype=torch.float64).reshape(-1, 3)
    values = []
    for k, count in enumerate(torch.cat(labels).bincount().tolist()):
        own = table[table[:, 0] == k]
        if count:
            values.append(average_precision(own[:, 1], own[:, 2] == 1, count))
    return sum(values) / len(values)


def block(in_channels, out_channels, stride=1):
    """Convolution 3 x 3, batch normalisation, ReLU."""
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(),
    )


def grid_detector(num_classes=10):
    """Chapter 27's net: images (N, 3, H, W) -> (N, 5 + num_classes, H / 8, W / 8)."""
    return nn.Sequential(
        block(3, 16, stride=2),
        block(16, 32, stride=2),
        block(32, 32),
        block(32, 48, stride=2),
        block(48, 64),
        block(64, 64),
        nn.Conv2d(64, 5 + num_classes, kernel_size=1),
    ).to(memory_format=torch.channels_last)


def grid_targets(boxes, labels, size=SIDE // CELL):
    """Targets (6, size, size) of one image: p, x, y, w, h, class; empty cells are 0.

    Args:
        boxes, labels: corners (M, 4) in pixels and (M,). Of two in
            one cell the last stays.
        size: cells of a side.
    """
    target = torch.zeros(6, size, size)
    centers = ops.box_convert(boxes, "xyxy", "cxcywh").tolist()
    for (cx, cy, w, h), label in zip(centers, labels.tolist(), strict=True):
        j, i = int(cx // CELL), int(cy // CELL)
        x, y = cx / CELL - j, cy / CELL - i
        target[:, i, j] = torch.tensor([1, x, y, w / SIDE, h / SIDE, label])
    return target


def grid_loss(y_hat, target):
    """Losses of objectness, boxes and classes, each a sum divided by the objects.

    Args:
        y_hat: (N, 5 + classes, H, W) outputs.
        target: (N, 6, H, W), of `grid_targets`.

    Returns:
        name -> 0-d tensor.
    """
    p = target[:, 0]  # (N, H, W)
    count = p.sum().clamp(min=1)
    objectness = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    said = y_hat.permute(0, 2, 3, 1)[p == 1]  # (N, H, W, 5 + classes) -> (M, ...)
    true = target.permute(0, 2, 3, 1)[p == 1]  # (M, 6)
    box = (torch.sigmoid(said[:, 1:5]) - true[:, 1:5]).abs().mean(dim=1).sum()
    label = F.cross_entropy(said[:, 5:], true[:, 5].long(), reduction="sum")
    losses = {"objectness": objectness, "box": box, "class": label}
    return {name: loss / count for name, loss in losses.items()}


@torch.no_grad()
def grid_detect(net, X, min_score=0.02, max_iou=0.45):
    """Boxes, scores and labels of each image that a trained `grid_detector` finds.

    Args:
        net: the net, which is put in eval mode.
        X: (N, 3, H, W) images.
        min_score: boxes below it are dropped.
        max_iou: a box that overlaps a better one of its class by more is dropped.

    Returns:
        a list of (K, 4) corners, (K,) scores, (K,) int64 labels.
    """
    y_hat = net.eval()(X)
    rows, columns = y_hat.shape[2:]
    x, y, w, h = torch.sigmoid(y_hat[:, 1:5]).unbind(dim=1)  # (N, H, W) each
    x, y = torch.arange(columns) + x, torch.arange(rows)[:, None] + y
    centers = torch.stack([x * CELL, y * CELL, w * SIDE, h * SIDE], dim=-1)
    boxes = ops.box_convert(centers, "cxcywh", "xyxy").flatten(1, 2)  # (N, HW, 4)
    best, labels = torch.softmax(y_hat[:, 5:], dim=1).flatten(2).max(dim=1)  # (N, HW)
    scores = torch.sigmoid(y_hat[:, 0]).flatten(1) * best
    return select(boxes, scores, labels, min_score, max_iou)


def select(boxes, scores, labels, min_score=0.02, max_iou=0.45):
    """What is left of each image's boxes: scores above a bar, then NMS in each class.

    Args:
        boxes, scores, labels: (N, R, 4) corners, (N, R), (N, R).
        min_score, max_iou: as in `grid_detect`.

    Returns:
        a list of (K, 4) corners, (K,) scores, (K,) int64 labels.
    """
    found = []
    for b, s, c in zip(boxes, scores, labels, strict=True):
        b, s, c = (part[s > min_score] for part in (b, s, c))
        keep = ops.batched_nms(b, s, c, max_iou)
        found.append((b[keep], s[keep], c[keep]))
    return found
