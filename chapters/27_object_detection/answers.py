# %% convert_boxes hints [markdown]
# 1. A box has its centre at (25, 40) and the size 30 x 40. How far is it from the
#    centre to the left edge, and how far to the top edge?
# 2. Six ways don't need six formulas: go from any source to corners, and from corners
#    to any target. What happens to x happens to y; the two never mix. The four numbers
#    stand on the last axis, whatever stands before it.
# 3. Take the last axis apart with `unbind`. Make corners of the four numbers: from
#    `xywh` by adding the size, from `cxcywh` by half of it to both sides. Width and
#    height from the corners. Put together what the target asks, with `torch.stack`
#    along the last axis.

# %% convert_boxes right "through torchvision's four columns, format by format"
def convert_boxes(boxes, source, target):
    first, second = boxes[..., :2], boxes[..., 2:]
    if source == "xywh":
        second = first + second
    elif source == "cxcywh":
        first, second = first - second / 2, first + second / 2
    size = second - first
    if target == "cxcywh":
        return torch.cat([first + size / 2, size], dim=-1)
    return torch.cat([first, size if target == "xywh" else second], dim=-1)


# %% convert_boxes right "by a matrix for each format"
def convert_boxes(boxes, source, target):
    one, half, no = torch.eye(2), torch.eye(2) / 2, torch.zeros(2, 2)

    def to_corners(name):
        rows = {
            "xyxy": [[one, no], [no, one]],
            "xywh": [[one, no], [one, one]],
            "cxcywh": [[one, -half], [one, half]],
        }[name]
        return torch.cat([torch.cat(row, dim=1) for row in rows])

    there = torch.linalg.inv(to_corners(target)) @ to_corners(source)
    return boxes @ there.T


# %% convert_boxes wrong "width and height are swapped"
def convert_boxes(boxes, source, target):
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    if source == "xywh":
        x2, y2 = x1 + x2, y1 + y2
    if source == "cxcywh":
        (x1, x2), (y1, y2) = (x1 - x2 / 2, x1 + x2 / 2), (y1 - y2 / 2, y1 + y2 / 2)
    w, h = x2 - x1, y2 - y1
    if target == "xywh":
        return torch.stack([x1, y1, h, w], dim=-1)
    if target == "cxcywh":
        return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, h, w], dim=-1)
    return torch.stack([x1, y1, x2, y2], dim=-1)


# %% convert_boxes wrong "centre and corner are mixed: the corner stands for the centre"
def convert_boxes(boxes, source, target):
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    if source != "xyxy":
        x2, y2 = x1 + x2, y1 + y2
    if target != "xyxy":
        x2, y2 = x2 - x1, y2 - y1
    return torch.stack([x1, y1, x2, y2], dim=-1)


# %% convert_boxes wrong "from the centre the whole size is taken, not half of it"
def convert_boxes(boxes, source, target):
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    if source == "xywh":
        x2, y2 = x1 + x2, y1 + y2
    if source == "cxcywh":
        (x1, x2), (y1, y2) = (x1 - x2, x1 + x2), (y1 - y2, y1 + y2)
    w, h = x2 - x1, y2 - y1
    if target == "xywh":
        return torch.stack([x1, y1, w, h], dim=-1)
    if target == "cxcywh":
        return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, w, h], dim=-1)
    return torch.stack([x1, y1, x2, y2], dim=-1)


# %% convert_boxes wrong "half the size is given as the centre, without the corner"
def convert_boxes(boxes, source, target):
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    if source == "xywh":
        x2, y2 = x1 + x2, y1 + y2
    if source == "cxcywh":
        (x1, x2), (y1, y2) = (x1 - x2 / 2, x1 + x2 / 2), (y1 - y2 / 2, y1 + y2 / 2)
    w, h = x2 - x1, y2 - y1
    if target == "xywh":
        return torch.stack([x1, y1, w, h], dim=-1)
    if target == "cxcywh":
        return torch.stack([w / 2, h / 2, w, h], dim=-1)
    return torch.stack([x1, y1, x2, y2], dim=-1)


# %% convert_boxes wrong "the source format is ignored"
def convert_boxes(boxes, source, target):
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    w, h = x2 - x1, y2 - y1
    if target == "xywh":
        return torch.stack([x1, y1, w, h], dim=-1)
    if target == "cxcywh":
        return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, w, h], dim=-1)
    return boxes


# %% convert_boxes wrong "it takes a list of boxes only, with one axis before the last"
def convert_boxes(boxes, source, target):
    x1, y1, x2, y2 = boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3]
    if source == "xywh":
        x2, y2 = x1 + x2, y1 + y2
    if source == "cxcywh":
        (x1, x2), (y1, y2) = (x1 - x2 / 2, x1 + x2 / 2), (y1 - y2 / 2, y1 + y2 / 2)
    w, h = x2 - x1, y2 - y1
    if target == "xywh":
        return torch.stack([x1, y1, w, h], dim=1)
    if target == "cxcywh":
        return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, w, h], dim=1)
    return torch.stack([x1, y1, x2, y2], dim=1)


# %% convert_boxes wrong "the four numbers come as four rows"
def convert_boxes(boxes, source, target):
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    if source == "xywh":
        x2, y2 = x1 + x2, y1 + y2
    if source == "cxcywh":
        (x1, x2), (y1, y2) = (x1 - x2 / 2, x1 + x2 / 2), (y1 - y2 / 2, y1 + y2 / 2)
    w, h = x2 - x1, y2 - y1
    if target == "xywh":
        return torch.stack([x1, y1, w, h])
    if target == "cxcywh":
        return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, w, h])
    return torch.stack([x1, y1, x2, y2])


# %% convert_boxes wrong "`boxes` is changed in place"
def convert_boxes(boxes, source, target):
    if source == "xywh":
        boxes[..., 2:] += boxes[..., :2]
    if source == "cxcywh":
        boxes[..., :2] -= boxes[..., 2:] / 2
        boxes[..., 2:] += boxes[..., :2]
    if target != "xyxy":
        boxes[..., 2:] -= boxes[..., :2]
    if target == "cxcywh":
        boxes[..., :2] += boxes[..., 2:] / 2
    return boxes


# %% box_iou hints [markdown]
# 1. Two boxes lie apart in x and also in y. Which sign have the width and the height of
#    their intersection then, and which sign has the product of the two?
# 2. The intersection is a box too: its left edge is the larger of two left edges, its
#    right edge the smaller of two right ones; the same in y. A negative side means that
#    there is none, and must become 0 before you multiply. The union counts the shared
#    part once.
# 3. Give `boxes1` an axis of length 1, so that corners pair up: (M, K, 2), with
#    `torch.maximum` and `torch.minimum`. Differences, clamped at 0, multiplied over the
#    last axis: (M, K). Areas of both lists, the first as a column. Divide, and put 0
#    where the union has no area.


# %% box_iou right "axis by axis"
def box_iou(boxes1, boxes2):
    ax1, ay1, ax2, ay2 = boxes1[:, :, None].unbind(dim=1)  # (M, 1) each
    bx1, by1, bx2, by2 = boxes2.unbind(dim=1)  # (K,) each
    width = F.relu(torch.min(ax2, bx2) - torch.max(ax1, bx1))
    height = F.relu(torch.min(ay2, by2) - torch.max(ay1, by1))
    shared = width * height
    union = (ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - shared
    return torch.nan_to_num(shared / union, nan=0.0)


# %% box_iou wrong "a negative intersection is multiplied to a positive one"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).prod(dim=2)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1)
    union = areas1[:, None] + areas2 - intersection
    return torch.where(union > 0, intersection / union, 0.0)


# %% box_iou wrong "the clamp comes after the product, where minus times minus is plus"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).prod(dim=2).clamp(min=0)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1)
    union = areas1[:, None] + areas2 - intersection
    return torch.where(union > 0, intersection / union, 0.0)


# %% box_iou wrong "the union counts the intersection twice"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(dim=2)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1)
    union = areas1[:, None] + areas2
    return torch.where(union > 0, intersection / union, 0.0)


# %% box_iou wrong "divided by the area of the second box alone"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(dim=2)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1)
    return torch.where(areas2 > 0, intersection / areas2, 0.0)


# %% box_iou wrong "divided by the smaller of the two areas"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(dim=2)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1)
    smaller = torch.minimum(areas1[:, None], areas2)
    return torch.where(smaller > 0, intersection / smaller, 0.0)


# %% box_iou wrong "two boxes without area give 0 / 0"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(dim=2)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1)
    return intersection / (areas1[:, None] + areas2 - intersection)


# %% box_iou wrong "centre and corner are mixed: the boxes are read as centre and size"
def box_iou(boxes1, boxes2):
    def corners(boxes):
        center, size = boxes[:, :2], boxes[:, 2:]
        return torch.cat([center - size / 2, center + size / 2], dim=1)

    boxes1, boxes2 = corners(boxes1), corners(boxes2)
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(dim=2)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1)
    union = areas1[:, None] + areas2 - intersection
    return torch.where(union > 0, intersection / union, 0.0)


# %% box_iou wrong "one pixel is added to each side"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left + 1).clamp(min=0).prod(dim=2)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2] + 1).prod(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2] + 1).prod(dim=1)
    return intersection / (areas1[:, None] + areas2 - intersection)


# %% box_iou wrong "rows and columns of the answer are swapped"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes2[:, None, :2], boxes1[:, :2])
    bottom_right = torch.minimum(boxes2[:, None, 2:], boxes1[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(dim=2)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1)
    union = areas2[:, None] + areas1 - intersection
    return torch.where(union > 0, intersection / union, 0.0)


# %% box_iou wrong "a library does the work on boxes"
def box_iou(boxes1, boxes2):
    return torch.nan_to_num(ops.box_iou(boxes1, boxes2))


# %% nms hints [markdown]
# 1. A overlaps B, and B overlaps C, but A and C don't touch. A has the highest score,
#    then comes B, then C. A drops B: may B still drop C?
# 2. Whether a box may drop others is known only when every box with a higher score has
#    had its turn. So all pairs at once won't do: go from box to box by falling score,
#    and let what is dropped take no further part.
# 3. All overlaps once, with `pairwise_iou`. The boxes' indices by falling score. While
#    any are left: take the first one off, keep it, and of the rest leave those whose
#    overlap with it is at most `max_iou`. What was kept becomes an int64 tensor, even
#    when it is empty.


# %% nms right "a flag for each box"
def nms(boxes, scores, max_iou):
    iou = pairwise_iou(boxes, boxes)
    dropped, keep = torch.zeros(len(boxes), dtype=torch.bool), []
    for k in scores.argsort(descending=True).tolist():
        if not dropped[k]:
            keep.append(k)
            dropped |= iou[k] > max_iou
    return torch.tensor(keep, dtype=torch.int64)


# %% nms right "each box asks those that were kept"
def nms(boxes, scores, max_iou):
    keep = []
    for k in sorted(range(len(scores)), key=lambda k: -float(scores[k])):
        kept = boxes[keep] if keep else boxes[:0]
        overlaps = pairwise_iou(boxes[k : k + 1], kept)
        if not bool((overlaps > max_iou).any()):
            keep.append(k)
    return torch.tensor(keep).long()


# %% nms wrong "`scores` is changed in place"
def nms(boxes, scores, max_iou):
    keep, iou = [], pairwise_iou(boxes, boxes)
    while len(scores) and scores.max() > -torch.inf:
        best = scores.argmax()
        keep.append(int(best))
        scores[best] = -torch.inf
        scores[iou[best] > max_iou] = -torch.inf
    return torch.tensor(keep, dtype=torch.int64)


# %% nms wrong "boxes are taken in the given order, not by score"
def nms(boxes, scores, max_iou):
    keep = []
    order = torch.arange(len(boxes))
    iou = pairwise_iou(boxes, boxes)
    while len(order):
        best, order = order[0], order[1:]
        keep.append(int(best))
        order = order[iou[best, order] <= max_iou]
    return torch.tensor(keep, dtype=torch.int64)


# %% nms wrong "the lowest score comes first"
def nms(boxes, scores, max_iou):
    keep = []
    order = scores.argsort()
    iou = pairwise_iou(boxes, boxes)
    while len(order):
        best, order = order[0], order[1:]
        keep.append(int(best))
        order = order[iou[best, order] <= max_iou]
    return torch.tensor(keep, dtype=torch.int64)


# %% nms wrong "boxes that were dropped drop others"
def nms(boxes, scores, max_iou):
    order = scores.argsort(descending=True)
    iou = pairwise_iou(boxes[order], boxes[order])
    dropped = (iou.triu(diagonal=1) > max_iou).any(dim=0)
    return order[~dropped]


# %% nms wrong "only the best box of all drops others"
def nms(boxes, scores, max_iou):
    order = scores.argsort(descending=True)
    if not len(order):
        return order
    iou = pairwise_iou(boxes[order[:1]], boxes[order])[0]
    iou[0] = 0
    return order[iou <= max_iou]


# %% nms wrong "each box is compared with the one before it only"
def nms(boxes, scores, max_iou):
    keep = []
    iou = pairwise_iou(boxes, boxes)
    for k in scores.argsort(descending=True).tolist():
        if not keep or iou[k, keep[-1]] <= max_iou:
            keep.append(k)
    return torch.tensor(keep, dtype=torch.int64)


# %% nms wrong "a box that overlaps by exactly the threshold is dropped"
def nms(boxes, scores, max_iou):
    keep = []
    order = scores.argsort(descending=True)
    iou = pairwise_iou(boxes, boxes)
    while len(order):
        best, order = order[0], order[1:]
        keep.append(int(best))
        order = order[iou[best, order] < max_iou]
    return torch.tensor(keep, dtype=torch.int64)


# %% nms wrong "the boxes that lie apart are dropped, and the doubles stay"
def nms(boxes, scores, max_iou):
    keep = []
    order = scores.argsort(descending=True)
    iou = pairwise_iou(boxes, boxes)
    while len(order):
        best, order = order[0], order[1:]
        keep.append(int(best))
        order = order[iou[best, order] > max_iou]
    return torch.tensor(keep, dtype=torch.int64)


# %% nms wrong "ranks are returned, not the boxes' indices"
def nms(boxes, scores, max_iou):
    ranks = torch.arange(len(boxes))
    order = scores.argsort(descending=True)
    iou = pairwise_iou(boxes[order], boxes[order])
    keep = []
    while len(ranks):
        best, ranks = ranks[0], ranks[1:]
        keep.append(int(best))
        ranks = ranks[iou[best, ranks] <= max_iou]
    return torch.tensor(keep, dtype=torch.int64)


# %% nms wrong "the indices are sorted, not the highest score first"
def nms(boxes, scores, max_iou):
    keep = []
    order = scores.argsort(descending=True)
    iou = pairwise_iou(boxes, boxes)
    while len(order):
        best, order = order[0], order[1:]
        keep.append(int(best))
        order = order[iou[best, order] <= max_iou]
    return torch.tensor(sorted(keep), dtype=torch.int64)


# %% nms wrong "the boxes are returned, not their indices"
def nms(boxes, scores, max_iou):
    keep = []
    order = scores.argsort(descending=True)
    iou = pairwise_iou(boxes, boxes)
    while len(order):
        best, order = order[0], order[1:]
        keep.append(int(best))
        order = order[iou[best, order] <= max_iou]
    return boxes[keep]


# %% nms wrong "without any box it fails or answers in another dtype"
def nms(boxes, scores, max_iou):
    keep = []
    order = scores.argsort(descending=True)
    iou = pairwise_iou(boxes, boxes)
    while len(order):
        best, order = order[0], order[1:]
        keep.append(int(best))
        order = order[iou[best, order] <= max_iou]
    return torch.tensor(keep)


# %% nms wrong "a library does the work on boxes"
def nms(boxes, scores, max_iou):
    return torch.ops.torchvision.nms(boxes, scores, max_iou)


# %% nms_per_class hints [markdown]
# 1. You call `suppress` on the boxes of class 7 and get 0 and 2. To which list do these
#    numbers belong? And in which order must the answer come, over all classes?
# 2. Two ways. Class by class: then translate each class's answer into indices of the
#    whole list, and order the kept ones of all classes by score. Or all at once: shift
#    the classes so far apart that they can't touch, by more than the whole span of the
#    coordinates, negative ones included.
# 3. For each class that occurs: the indices of its boxes, `suppress` on these boxes and
#    their scores, and a mark in a bool mask of all boxes for each one kept. At the end
#    all indices by falling score, and of them only the marked.


# %% nms_per_class right "classes shifted apart"
def nms_per_class(boxes, scores, labels, max_iou):
    if len(boxes) == 0:
        return labels
    width = boxes.max() - boxes.min() + 1
    return suppress(boxes + labels[:, None] * width, scores, max_iou)


# %% nms_per_class right "a list of kept boxes, sorted at the end"
def nms_per_class(boxes, scores, labels, max_iou):
    kept = []
    for label in set(labels.tolist()):
        index = [k for k in range(len(labels)) if labels[k] == label]
        kept += [index[k] for k in suppress(boxes[index], scores[index], max_iou)]
    kept.sort(key=lambda k: float(scores[k]), reverse=True)
    return torch.tensor(kept, dtype=torch.int64)


# %% nms_per_class wrong "suppression goes across classes"
def nms_per_class(boxes, scores, labels, max_iou):
    return suppress(boxes, scores, max_iou)


# %% nms_per_class wrong "the kept boxes come class after class, not by score"
def nms_per_class(boxes, scores, labels, max_iou):
    keep = [torch.zeros(0, dtype=torch.int64)]
    for label in labels.unique():
        index = (labels == label).nonzero().ravel()
        keep.append(index[suppress(boxes[index], scores[index], max_iou)])
    return torch.cat(keep)


# %% nms_per_class wrong "the indices count within the class, not among all boxes"
def nms_per_class(boxes, scores, labels, max_iou):
    keep = [torch.zeros(0, dtype=torch.int64)]
    for label in labels.unique():
        keep.append(suppress(boxes[labels == label], scores[labels == label], max_iou))
    keep = torch.cat(keep)
    return keep[scores[keep].argsort(descending=True)]


# %% nms_per_class wrong "the shift is too small where coordinates are negative"
def nms_per_class(boxes, scores, labels, max_iou):
    if len(boxes) == 0:
        return labels
    return suppress(boxes + labels[:, None] * (boxes.max() + 1), scores, max_iou)


# %% nms_per_class wrong "classes are shifted by a pixel only, so they still touch"
def nms_per_class(boxes, scores, labels, max_iou):
    return suppress(boxes + labels[:, None], scores, max_iou)


# %% nms_per_class wrong "only the best box of each class is kept"
def nms_per_class(boxes, scores, labels, max_iou):
    keep = []
    for label in labels.unique():
        index = (labels == label).nonzero().ravel()
        keep.append(int(index[scores[index].argmax()]))
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep[scores[keep].argsort(descending=True)]


# %% nms_per_class wrong "the indices are sorted, not the highest score first"
def nms_per_class(boxes, scores, labels, max_iou):
    keep = [torch.zeros(0, dtype=torch.int64)]
    for label in labels.unique():
        index = (labels == label).nonzero().ravel()
        keep.append(index[suppress(boxes[index], scores[index], max_iou)])
    return torch.cat(keep).sort().values


# %% nms_per_class wrong "the lowest score comes first"
def nms_per_class(boxes, scores, labels, max_iou):
    keep = [torch.zeros(0, dtype=torch.int64)]
    for label in labels.unique():
        index = (labels == label).nonzero().ravel()
        keep.append(index[suppress(boxes[index], scores[index], max_iou)])
    keep = torch.cat(keep)
    return keep[scores[keep].argsort()]


# %% nms_per_class wrong "the last class is forgotten"
def nms_per_class(boxes, scores, labels, max_iou):
    keep = torch.zeros(len(boxes), dtype=torch.bool)
    for label in range(int(labels.max()) if len(labels) else 0):
        index = (labels == label).nonzero().ravel()
        keep[index[suppress(boxes[index], scores[index], max_iou)]] = True
    order = scores.argsort(descending=True)
    return order[keep[order]]


# %% nms_per_class wrong "the classes are taken for 0, 1, 2 ... without a gap"
def nms_per_class(boxes, scores, labels, max_iou):
    keep = torch.zeros(len(boxes), dtype=torch.bool)
    for label in range(len(labels.unique())):
        index = (labels == label).nonzero().ravel()
        keep[index[suppress(boxes[index], scores[index], max_iou)]] = True
    order = scores.argsort(descending=True)
    return order[keep[order]]


# %% grid_targets hints [markdown]
# 1. Which coordinate of a box's centre decides the row, x or y? And which of the
#    numbers x, y, w, h in the target can be larger than 1?
# 2. Divide the corners by `cell` first. Then the whole part of a centre's coordinate is
#    the cell, the rest is the offset, and the sizes are in cells already. For two
#    centres in one cell: who is written last stays, so choose the order of writing.
# 3. Zeros of (5 + num_classes, rows, columns). Take the boxes from the smallest area to
#    the largest. For each, in cells: the centre, its whole parts as row and column.
#    Clear the cell, because a smaller rival's class may stand there; write the five
#    numbers, then a 1 for the class.


# %% grid_targets right "areas remembered for each cell"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target, largest = torch.zeros(5 + num_classes, rows, columns), {}
    for (x1, y1, x2, y2), label in zip(boxes.tolist(), labels.tolist(), strict=True):
        column, x = divmod((x1 + x2) / 2 / cell, 1)
        row, y = divmod((y1 + y2) / 2 / cell, 1)
        place, area = (int(row), int(column)), (x2 - x1) * (y2 - y1)
        if area <= largest.get(place, 0):
            continue
        largest[place] = area
        vector = [1, x, y, (x2 - x1) / cell, (y2 - y1) / cell] + [0] * num_classes
        vector[5 + label] = 1
        target[(slice(None), *place)] = torch.tensor(vector, dtype=torch.float32)
    return target


# %% grid_targets right "all boxes at once"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(rows, columns, 5 + num_classes)
    size = boxes[:, 2:] - boxes[:, :2]
    center = (boxes[:, :2] + size / 2) / cell
    place = center.floor()
    classes = F.one_hot(labels, num_classes).float()
    ones = torch.ones(len(boxes), 1)
    vectors = torch.cat([ones, center - place, size / cell, classes], dim=1)
    for k in size.prod(dim=1).argsort():
        column, row = place[k].long()
        target[row, column] = vectors[k]
    return target.permute(2, 0, 1)


# %% grid_targets wrong "row and column of the cell are swapped"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = min(int(x), rows - 1), min(int(y), columns - 1)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "width and height are swapped"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, y2 - y1, x2 - x1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "the top left corner decides the cell, not the centre"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y1), int(x1)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "centre and corner are mixed: the offset is that of the top left corner"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x1 - j, y1 - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "the offset is measured from the middle of the cell"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j - 0.5, y - i - 0.5, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "the centre is given from the corner of the image, not of the cell"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x, y, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "the sizes are in pixels, not in cells"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor(
            [1, x - j, y - i, (x2 - x1) * cell, (y2 - y1) * cell]
        )
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "everything is in pixels, offsets too"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor(
            [1, (x - j) * cell, (y - i) * cell, (x2 - x1) * cell, (y2 - y1) * cell]
        )
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "the sizes are shares of the image"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor(
            [1, x - j, y - i, (x2 - x1) / columns, (y2 - y1) / rows]
        )
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "of two in one cell the last stays, not the larger"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    for k in range(len(boxes)):
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "of two in one cell the smaller stays"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort(descending=True).tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "of two in one cell the taller stays, not the larger"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2])[:, 1]
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "of two in one cell the first stays, not the larger"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    for k in reversed(range(len(boxes))):
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "of two in one cell the wider stays, not the larger"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    order = (boxes[:, 2:] - boxes[:, :2])[:, 0]
    for k in order.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "of two in one cell width plus height decides, not the area"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    order = (boxes[:, 2:] - boxes[:, :2]).sum(dim=1)
    for k in order.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "of two in one cell the diagonal decides, not the area"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    order = (boxes[:, 2:] - boxes[:, :2]).norm(dim=1)
    for k in order.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "of two in one cell the longer side decides, not the area"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    order = (boxes[:, 2:] - boxes[:, :2]).amax(dim=1)
    for k in order.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "of two in one cell the shorter side decides, not the area"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    order = (boxes[:, 2:] - boxes[:, :2]).amin(dim=1)
    for k in order.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "of two in one cell both classes stay"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "the objectness is left out"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([0, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "x and y of the offset are swapped"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, y - i, x - j, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "the class is not marked"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
    return target


# %% decode_grid hints [markdown]
# 1. `y_hat` is (5 + K, rows, columns). Along which axis do the classes of one cell
#    compete? And which axis counts the cells from left to right, in the direction of x?
# 2. Decode all cells at once, as maps of (rows, columns). Column numbers go to x, row
#    numbers to y, and are added to the sigmoids before you multiply by `cell`. A corner
#    is half a size away from the centre. The score multiplies two probabilities,
#    objectness and best class.
# 3. `torch.arange` of the columns as a row, of the rows as a column. Four maps from
#    channels 1 to 4: centre and size in pixels. Stack four corners on a new last axis.
#    Softmax over the class channels; its `max` gives probability and label. Times the
#    sigmoid of channel 0. Flatten everything, row 0 first.


# %% decode_grid right "flattened first"
def decode_grid(y_hat, cell):
    columns = y_hat.shape[2]
    flat = y_hat.flatten(1).T  # (rows * columns, 5 + K)
    k = torch.arange(len(flat))
    corner = torch.stack([k % columns, k // columns], dim=1)
    centers = (corner + flat[:, 1:3].sigmoid()) * cell
    half = flat[:, 3:5].exp() * cell / 2
    share = flat[:, 5:].softmax(dim=1)
    labels = flat[:, 5:].argmax(dim=1)
    scores = flat[:, 0].sigmoid() * share.amax(dim=1)
    return torch.cat([centers - half, centers + half], dim=1), scores, labels


# %% decode_grid right "cell by cell"
def decode_grid(y_hat, cell):
    boxes, scores, labels = [], [], []
    for i in range(y_hat.shape[1]):
        for j in range(y_hat.shape[2]):
            a, tx, ty, tw, th = y_hat[:5, i, j]
            x, y = cell * (j + torch.sigmoid(tx)), cell * (i + torch.sigmoid(ty))
            w, h = cell * torch.exp(tw), cell * torch.exp(th)
            boxes.append(torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2]))
            classes = torch.softmax(y_hat[5:, i, j], dim=0)
            scores.append(torch.sigmoid(a) * classes.max())
            labels.append(classes.argmax())
    return torch.stack(boxes), torch.stack(scores), torch.stack(labels)


# %% decode_grid wrong "the score is the objectness alone"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0])
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the score is the class's probability alone"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "centre and corner are mixed: centres and sizes are returned"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x, y, w, h], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "centre and corner are mixed: the centre stands for the top left corner"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x, y, x + w, y + h], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "width and height are swapped"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    h, w = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "rows and columns of the grid are swapped"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(columns) + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the offsets have no sigmoid"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + y_hat[1])
    y = cell * (torch.arange(rows)[:, None] + y_hat[2])
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the cell's place is forgotten"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * torch.sigmoid(y_hat[1])
    y = cell * torch.sigmoid(y_hat[2])
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the sizes have no exponential"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * y_hat[3], cell * y_hat[4]
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "a sigmoid of the sizes where the exponential is asked"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.sigmoid(y_hat[3]), cell * torch.sigmoid(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "everything stays in cells, not pixels"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = torch.arange(columns) + torch.sigmoid(y_hat[1])
    y = torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2])
    w, h = torch.exp(y_hat[3]), torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the sizes stay in cells, not pixels"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = torch.exp(y_hat[3]), torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the softmax runs along a row of cells, not over the classes"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=2).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the softmax runs down a column of cells, not over the classes"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=1).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "a sigmoid of each class where the softmax is asked"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.sigmoid(y_hat[5:]).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the objectness has no sigmoid"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = y_hat[0] * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the cells come column by column"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.transpose(0, 1).reshape(-1, 4), scores.T.flatten(), labels.T.flatten()


# %% decode_grid wrong "the whole size is taken from the centre, not half of it"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w, y - h, x + w, y + h], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the last box output is taken for a class, so labels are one too high"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[4:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the first class is taken for a box output and left out of the softmax"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[6:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% anchor_boxes hints [markdown]
# 1. Take size 8, ratio 4 and a stride of 16. What are w and h, is their product 64, and
#    where is the centre of the cell in row 0, column 1?
# 2. The root of the ratio stretches one side and shrinks the other by the same factor,
#    so the area stays. A cell's centre lies half a stride from its corner; columns
#    belong to x, rows to y. The order asked for is that of four loops, one inside the
#    other.
# 3. Loops over rows, columns, sizes, ratios, in this order. As soon as row and column
#    are known: the centre, in pixels. Inside: w and h, and a list of four corners, half
#    a side away from the centre. After the loops, one tensor of all the lists.


# %% anchor_boxes right "without loops, by broadcasting"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    s = torch.tensor(sizes, dtype=torch.float32)[:, None]
    root = torch.tensor(ratios, dtype=torch.float32).sqrt()
    half = torch.stack([s * root, s / root], dim=2).reshape(-1, 2) / 2
    y = (torch.arange(rows) + 0.5) * stride
    x = (torch.arange(columns) + 0.5) * stride
    centers = torch.stack([x.repeat(rows), y.repeat_interleave(columns)], dim=1)
    centers = centers[:, None]
    return torch.cat([centers - half, centers + half], dim=2).reshape(-1, 4)


# %% anchor_boxes wrong "width and height are swapped"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s in sizes:
                for r in ratios:
                    w, h = s / r**0.5, s * r**0.5
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "the root of the ratio is left out, so the shape is too extreme"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s in sizes:
                for r in ratios:
                    w, h = s * r, s / r
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "the height is left at the size, so the area changes"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s in sizes:
                for r in ratios:
                    w, h = s * r, s
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "the height is multiplied by the root, not divided"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s in sizes:
                for r in ratios:
                    w, h = s * r**0.5, s * r**0.5
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "the anchors lie around the cell's corner, not its centre"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j), stride * (i)
            for s in sizes:
                for r in ratios:
                    w, h = s * r**0.5, s / r**0.5
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "centre and corner are mixed: centres and sizes are returned"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s in sizes:
                for r in ratios:
                    w, h = s * r**0.5, s / r**0.5
                    anchors.append([x, y, w, h])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "centre and corner are mixed: the anchors start at the centre"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s in sizes:
                for r in ratios:
                    w, h = s * r**0.5, s / r**0.5
                    anchors.append([x, y, x + w, y + h])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "twice too large: the whole size on each side"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s in sizes:
                for r in ratios:
                    w, h = s * r**0.5, s / r**0.5
                    anchors.append([x - w, y - h, x + w, y + h])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "the cells go column by column"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for j in range(columns):
        for i in range(rows):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s in sizes:
                for r in ratios:
                    w, h = s * r**0.5, s / r**0.5
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "in a cell they go ratio by ratio, not size by size"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for r in ratios:
                for s in sizes:
                    w, h = s * r**0.5, s / r**0.5
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "only pairs with the first size or the first ratio, as in the book"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    pairs = [(s, ratios[0]) for s in sizes] + [(sizes[0], r) for r in ratios[1:]]
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s, r in pairs:
                w, h = s * r**0.5, s / r**0.5
                anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "x and y of the cells are swapped"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (i + 0.5), stride * (j + 0.5)
            for s in sizes:
                for r in ratios:
                    w, h = s * r**0.5, s / r**0.5
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "the centres are in cells, not in pixels"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = j + 0.5, i + 0.5
            for s in sizes:
                for r in ratios:
                    w, h = s * r**0.5, s / r**0.5
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "the boxes are cut at the border of the image"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s in sizes:
                for r in ratios:
                    w, h = s * r**0.5, s / r**0.5
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors).clamp(min=0, max=stride * max(rows, columns))


# %% detection_loss hints [markdown]
# 1. A cell holds no object. Which of the three parts of the loss may its outputs
#    change? And does your function for the objectness take the sigmoid itself?
# 2. Objectness is judged in every cell, box and class only where an object is. Select
#    those cells first: what stands elsewhere can't do harm then, not even to the
#    gradient. All three are sums over cells, divided once, at the end, by the number of
#    objects.
# 3. Binary cross-entropy with logits of channel 0, summed over all cells. Move the
#    channels to the end and select the cells with p = 1: (M, 5 + K) and (M, 6).
#    Absolute errors after the sigmoid, summed, times the weight. Cross-entropy, summed,
#    with the class as an integer. Divide by M, or by 1.


# %% detection_loss right "the masks multiplied, by hand"
def detection_loss(y_hat, target, box_weight):
    a, p = y_hat[:, 0], target[:, 0]
    objectness = F.softplus(a) - p * a
    box = (torch.sigmoid(y_hat[:, 1:5]) - target[:, 1:5]).abs().sum(dim=1)
    log_share = F.log_softmax(y_hat[:, 5:], dim=1)
    label = -log_share.gather(1, target[:, 5:].long())[:, 0]
    total = (objectness + p * (box_weight * box + label)).sum()
    return total / p.sum().clamp(min=1)


# %% detection_loss wrong "the box errors of empty cells are in the loss"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(y_hat[:, 1:5]) - target[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "the class of empty cells is in the loss"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(y_hat[:, 5:], target[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "boxes and classes of all cells are in the loss"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3).flatten(0, 2)
    true = target.movedim(1, 3).flatten(0, 2)
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / p.sum().clamp(min=1)


# %% detection_loss wrong "the objectness is judged in cells with an object only"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(
        y_hat[:, 0][p == 1], p[p == 1], reduction="sum"
    )
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "the box outputs have no sigmoid"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (own[:, 1:5] - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "a sigmoid before a loss that takes it itself"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0].sigmoid(), p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "a softmax before the cross-entropy, which takes it itself"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(
        own[:, 5:].softmax(dim=1), true[:, 5].long(), reduction="sum"
    )
    return loss / max(len(own), 1)


# %% detection_loss wrong "squared errors of the box where absolute ones are asked"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).square()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "the mean of the four box errors, not their sum"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.mean(dim=1).sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "the sum is divided by all cells, not by the objects"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / p.numel()


# %% detection_loss wrong "the class's loss is a mean already, and is divided by the objects again"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    if len(own):
        loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long())
    return loss / max(len(own), 1)


# %% detection_loss wrong "the objectness's loss is a mean over all cells, and is divided by the objects again"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p)
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "the objectness's loss is a mean over all cells, not a sum divided by the objects"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p)
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    rest = box_weight * errors.sum()
    rest = rest + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss + rest / max(len(own), 1)


# %% detection_loss wrong "the box's loss is a mean already, and is divided by the objects again"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    if len(own):
        loss = loss + box_weight * errors.sum(dim=1).mean()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "the sum is divided by the images, not by the objects"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / len(p)


# %% detection_loss wrong "the sum is not divided"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss


# %% detection_loss wrong "the box weight is left out"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "the box weight multiplies the class's loss"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + errors.sum()
    loss = loss + box_weight * F.cross_entropy(
        own[:, 5:], true[:, 5].long(), reduction="sum"
    )
    return loss / max(len(own), 1)


# %% detection_loss wrong "the class's loss is left out"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    return loss / max(len(own), 1)


# %% detection_loss wrong "a batch without any object divides by 0"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / len(own)


# %% detection_loss wrong "a batch without any object has the loss 0"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    if len(own) == 0:
        return 0 * loss
    return loss / len(own)


# %% detection_loss wrong "the loss carries no gradient"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return torch.tensor(float(loss) / max(len(own), 1))


# %% average_precision hints [markdown]
# 1. In the prompt's example the second box is no hit: by how much does the recall grow
#    there? And at the first box, which precisions does the maximum look at?
# 2. Recall grows at hits only, each time by one over the number of true objects, so
#    objects that are never found stay missing. The maximum looks at lower scores.
#    Walked from the last box to the first, it is the highest precision met so far.
# 3. Put the hits in order of falling score. Hits so far, divided by 1, 2, 3 and so on:
#    the precisions. Walk backwards and remember the highest of them; at each hit, add
#    it over `num_objects` to the area. Return a float. Without boxes there is no walk,
#    and the area is 0.


# %% average_precision right "with a running maximum from behind"
def average_precision(scores, hits, num_objects):
    hits = hits[scores.argsort(descending=True)]
    found = hits.cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    filled = precision.flip(0).cummax(dim=0).values.flip(0) if len(hits) else precision
    return float(filled[hits].sum() / num_objects)


# %% average_precision right "straight from the formula"
def average_precision(scores, hits, num_objects):
    ranked = [bool(hits[k]) for k in scores.argsort(descending=True)]
    P = [sum(ranked[:n]) / n for n in range(1, len(ranked) + 1)]
    R = [0] + [sum(ranked[:n]) / num_objects for n in range(1, len(ranked) + 1)]
    return float(sum((R[n + 1] - R[n]) * max(P[n:]) for n in range(len(P))))


# %% average_precision wrong "the boxes are not ordered by score"
def average_precision(scores, hits, num_objects):
    hits = hits.double()
    precision = hits.cumsum(dim=0) / torch.arange(1, len(hits) + 1)
    highest, area = 0.0, 0.0
    for n in reversed(range(len(hits))):
        highest = max(highest, float(precision[n]))
        area += float(hits[n]) / num_objects * highest
    return area


# %% average_precision wrong "the lowest score comes first"
def average_precision(scores, hits, num_objects):
    hits = hits[scores.argsort()].double()
    precision = hits.cumsum(dim=0) / torch.arange(1, len(hits) + 1)
    highest, area = 0.0, 0.0
    for n in reversed(range(len(hits))):
        highest = max(highest, float(precision[n]))
        area += float(hits[n]) / num_objects * highest
    return area


# %% average_precision wrong "the saw-teeth are not filled up"
def average_precision(scores, hits, num_objects):
    hits = hits[scores.argsort(descending=True)].double()
    precision = hits.cumsum(dim=0) / torch.arange(1, len(hits) + 1)
    highest, area = 0.0, 0.0
    for n in reversed(range(len(hits))):
        highest = float(precision[n])
        area += float(hits[n]) / num_objects * highest
    return area


# %% average_precision wrong "the maximum runs over the boxes before, not after"
def average_precision(scores, hits, num_objects):
    hits = hits[scores.argsort(descending=True)].double()
    precision = hits.cumsum(dim=0) / torch.arange(1, len(hits) + 1)
    highest, area = 0.0, 0.0
    for n in range(len(hits)):
        highest = max(highest, float(precision[n]))
        area += float(hits[n]) / num_objects * highest
    return area


# %% average_precision wrong "missed objects are forgotten: recall counts found objects only"
def average_precision(scores, hits, num_objects):
    hits = hits[scores.argsort(descending=True)].double()
    num_objects = max(float(hits.sum()), 1)
    precision = hits.cumsum(dim=0) / torch.arange(1, len(hits) + 1)
    highest, area = 0.0, 0.0
    for n in reversed(range(len(hits))):
        highest = max(highest, float(precision[n]))
        area += float(hits[n]) / num_objects * highest
    return area


# %% average_precision wrong "the number of boxes stands for the number of objects"
def average_precision(scores, hits, num_objects):
    hits = hits[scores.argsort(descending=True)].double()
    precision = hits.cumsum(dim=0) / torch.arange(1, len(hits) + 1)
    highest, area = 0.0, 0.0
    for n in reversed(range(len(hits))):
        highest = max(highest, float(precision[n]))
        area += float(hits[n]) / len(hits) * highest
    return area


# %% average_precision wrong "the mean of the precision over all boxes"
def average_precision(scores, hits, num_objects):
    hits = hits[scores.argsort(descending=True)].double()
    precision = hits.cumsum(dim=0) / torch.arange(1, len(hits) + 1)
    highest, area = 0.0, 0.0
    for n in reversed(range(len(hits))):
        highest = max(highest, float(precision[n]))
        area += highest / len(hits)
    return area


# %% average_precision wrong "the area stays in objects, it is not divided by their number"
def average_precision(scores, hits, num_objects):
    hits = hits[scores.argsort(descending=True)].double()
    precision = hits.cumsum(dim=0) / torch.arange(1, len(hits) + 1)
    highest, area = 0.0, 0.0
    for n in reversed(range(len(hits))):
        highest = max(highest, float(precision[n]))
        area += float(hits[n]) * highest
    return area


# %% average_precision wrong "the precision after all boxes, not the area"
def average_precision(scores, hits, num_objects):
    hits = hits[scores.argsort(descending=True)].double()
    precision = hits.cumsum(dim=0) / torch.arange(1, len(hits) + 1)
    highest, area = 0.0, 0.0
    for n in reversed(range(len(hits))):
        highest = max(highest, n)
        area = float(precision[-1])
    return area


# %% average_precision wrong "the recall after all boxes, not the area"
def average_precision(scores, hits, num_objects):
    hits = hits[scores.argsort(descending=True)].double()
    precision = hits.cumsum(dim=0) / torch.arange(1, len(hits) + 1)
    highest, area = 0.0, 0.0
    for n in reversed(range(len(hits))):
        highest = max(highest, float(precision[n]))
        area += float(hits[n]) / num_objects
    return area


# %% average_precision wrong "the area left of the first hit is left out"
def average_precision(scores, hits, num_objects):
    hits = hits[scores.argsort(descending=True)].double()
    precision = hits.cumsum(dim=0) / torch.arange(1, len(hits) + 1)
    highest, area = 0.0, 0.0
    for n in reversed(range(len(hits))):
        highest = max(highest, float(precision[n]))
        area += float(hits[n]) / num_objects * highest
    return area - float(precision.max()) / num_objects if hits.any() else area


# %% average_precision wrong "without any box it fails"
def average_precision(scores, hits, num_objects):
    hits = hits[scores.argsort(descending=True)].double()
    precision = hits.cumsum(dim=0) / torch.arange(1, len(hits) + 1)
    highest, area = float(precision[-1]), 0.0
    for n in reversed(range(len(hits))):
        highest = max(highest, float(precision[n]))
        area += float(hits[n]) / num_objects * highest
    return area


# %% average_precision wrong "a tensor is returned, not a float"
def average_precision(scores, hits, num_objects):
    hits = hits[scores.argsort(descending=True)].double()
    precision = hits.cumsum(dim=0) / torch.arange(1, len(hits) + 1)
    highest, area = 0.0, 0.0
    for n in reversed(range(len(hits))):
        highest = max(highest, float(precision[n]))
        area += float(hits[n]) / num_objects * highest
    return torch.tensor([area])


# %% box_iou equivalent "two minus signs make a plus; the larger of two has no order"
# areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1) -> areas1 = (boxes1[:, :2] - boxes1[:, 2:]).prod(dim=1)
# areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1) -> areas2 = (boxes2[:, :2] - boxes2[:, 2:]).prod(dim=1)
# bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:]) -> bottom_right = torch.minimum(boxes2[:, 2:], boxes1[:, None, 2:])
# top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2]) -> top_left = torch.maximum(boxes2[:, :2], boxes1[:, None, :2])


# %% grid_targets equivalent "two minus signs make a plus"
# areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1) -> areas = (boxes[:, :2] - boxes[:, 2:]).prod(dim=1)


# %% detection_loss equivalent "an absolute error has no sign; the larger has no order"
# errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs() -> errors = (true[:, 1:5] - torch.sigmoid(own[:, 1:5])).abs()
# return loss / max(len(own), 1) -> return loss / max(1, len(own))


# %% average_precision equivalent "the larger of two has no order"
# highest = max(highest, float(precision[n])) -> highest = max(float(precision[n]), highest)
