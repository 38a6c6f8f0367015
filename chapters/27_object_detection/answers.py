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


# %% convert_boxes wrong "the centre is overwritten before the second corner is made of it"
def convert_boxes(boxes, source, target):
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    if source == "xywh":
        x2, y2 = x1 + x2, y1 + y2
    if source == "cxcywh":
        w, h = x2, y2
        x1, y1 = x1 - w / 2, y1 - h / 2
        x2, y2 = x1 + w / 2, y1 + h / 2
    w, h = x2 - x1, y2 - y1
    if target == "xywh":
        return torch.stack([x1, y1, w, h], dim=-1)
    if target == "cxcywh":
        return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, w, h], dim=-1)
    return torch.stack([x1, y1, x2, y2], dim=-1)


# %% convert_boxes wrong "the size is halved in one direction only"
def convert_boxes(boxes, source, target):
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    if source == "xywh":
        x2, y2 = x1 + x2, y1 + y2
    if source == "cxcywh":
        (x1, x2), (y1, y2) = (x1 - x2 / 2, x1 + x2), (y1 - y2 / 2, y1 + y2)
    w, h = x2 - x1, y2 - y1
    if target == "xywh":
        return torch.stack([x1, y1, w, h], dim=-1)
    if target == "cxcywh":
        return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, w, h], dim=-1)
    return torch.stack([x1, y1, x2, y2], dim=-1)


# %% convert_boxes wrong "halves are cut to whole pixels"
def convert_boxes(boxes, source, target):
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    if source == "xywh":
        x2, y2 = x1 + x2, y1 + y2
    if source == "cxcywh":
        (x1, x2), (y1, y2) = (x1 - x2 // 2, x1 + x2 // 2), (y1 - y2 // 2, y1 + y2 // 2)
    w, h = x2 - x1, y2 - y1
    if target == "xywh":
        return torch.stack([x1, y1, w, h], dim=-1)
    if target == "cxcywh":
        return torch.stack([(x1 + x2) // 2, (y1 + y2) // 2, w, h], dim=-1)
    return torch.stack([x1, y1, x2, y2], dim=-1)


# %% convert_boxes wrong "the format `xywh` is read as corners"
def convert_boxes(boxes, source, target):
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    if source == "cxcywh":
        (x1, x2), (y1, y2) = (x1 - x2 / 2, x1 + x2 / 2), (y1 - y2 / 2, y1 + y2 / 2)
    w, h = x2 - x1, y2 - y1
    if target == "xywh":
        return torch.stack([x1, y1, w, h], dim=-1)
    if target == "cxcywh":
        return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, w, h], dim=-1)
    return torch.stack([x1, y1, x2, y2], dim=-1)


# %% convert_boxes wrong "ways between two formats without corners are left out"
def convert_boxes(boxes, source, target):
    a, b, c, d = boxes.unbind(dim=-1)
    if (source, target) == ("xyxy", "xywh"):
        return torch.stack([a, b, c - a, d - b], dim=-1)
    if (source, target) == ("xyxy", "cxcywh"):
        return torch.stack([(a + c) / 2, (b + d) / 2, c - a, d - b], dim=-1)
    if (source, target) == ("xywh", "xyxy"):
        return torch.stack([a, b, a + c, b + d], dim=-1)
    if (source, target) == ("cxcywh", "xyxy"):
        return torch.stack([a - c / 2, b - d / 2, a + c / 2, b + d / 2], dim=-1)
    return boxes


# %% convert_boxes wrong "the lecture's one way, from corners to centres, whatever is asked"
def convert_boxes(boxes, source, target):
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1], dim=-1)


# %% convert_boxes wrong "the last axis is taken for axis 1: a single box has none"
def convert_boxes(boxes, source, target):
    a, b, c, d = boxes.unbind(1)
    if source == "xyxy":
        x1, y1, w, h = a, b, c - a, d - b
    elif source == "xywh":
        x1, y1, w, h = a, b, c, d
    else:
        x1, y1, w, h = a - c / 2, b - d / 2, c, d
    if target == "xyxy":
        out = x1, y1, x1 + w, y1 + h
    elif target == "xywh":
        out = x1, y1, w, h
    else:
        out = x1 + w / 2, y1 + h / 2, w, h
    return torch.stack(out, -1)


# %% convert_boxes wrong "sizes are a pixel too large: both ends are counted"
def convert_boxes(boxes, source, target):
    a, b, c, d = boxes.unbind(-1)
    if source == "xyxy":
        x1, y1, w, h = a, b, c - a + 1, d - b + 1
    elif source == "xywh":
        x1, y1, w, h = a, b, c, d
    else:
        x1, y1, w, h = a - c / 2, b - d / 2, c, d
    if target == "xyxy":
        out = x1, y1, x1 + w, y1 + h
    elif target == "xywh":
        out = x1, y1, w, h
    else:
        out = x1 + w / 2, y1 + h / 2, w, h
    return torch.stack(out, -1)


# %% convert_boxes wrong "the height is added to the centre where it is taken off, as if y ran upwards"
def convert_boxes(boxes, source, target):
    a, b, c, d = boxes.unbind(-1)
    if source == "xyxy":
        x1, y1, w, h = a, b, c - a, d - b
    elif source == "xywh":
        x1, y1, w, h = a, b, c, d
    else:
        x1, y1, w, h = a - c / 2, b + d / 2, c, d
    if target == "xyxy":
        out = x1, y1, x1 + w, y1 + h
    elif target == "xywh":
        out = x1, y1, w, h
    else:
        out = x1 + w / 2, y1 + h / 2, w, h
    return torch.stack(out, -1)


# %% convert_boxes wrong "the corner of `xywh` is read as a centre"
def convert_boxes(boxes, source, target):
    a, b, c, d = boxes.unbind(-1)
    if source == "xyxy":
        x1, y1, w, h = a, b, c - a, d - b
    elif source == "xywh":
        x1, y1, w, h = a - c / 2, b - d / 2, c, d
    else:
        x1, y1, w, h = a - c / 2, b - d / 2, c, d
    if target == "xyxy":
        out = x1, y1, x1 + w, y1 + h
    elif target == "xywh":
        out = x1, y1, w, h
    else:
        out = x1 + w / 2, y1 + h / 2, w, h
    return torch.stack(out, -1)


# %% convert_boxes wrong "half the height is taken off x, half the width off y"
def convert_boxes(boxes, source, target):
    a, b, c, d = boxes.unbind(-1)
    if source == "xyxy":
        x1, y1, w, h = a, b, c - a, d - b
    elif source == "xywh":
        x1, y1, w, h = a, b, c, d
    else:
        x1, y1, w, h = a - d / 2, b - c / 2, c, d
    if target == "xyxy":
        out = x1, y1, x1 + w, y1 + h
    elif target == "xywh":
        out = x1, y1, w, h
    else:
        out = x1 + w / 2, y1 + h / 2, w, h
    return torch.stack(out, -1)


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


# %% box_iou wrong "divided by the area of the first box alone"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(dim=2)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1)
    union = areas1[:, None]
    return torch.where(union > 0, intersection / union, 0.0)


# %% box_iou wrong "divided by the larger of the two areas"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(dim=2)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1)
    union = torch.maximum(areas1[:, None], areas2)
    return torch.where(union > 0, intersection / union, 0.0)


# %% box_iou wrong "twice the intersection over the sum of the areas"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(dim=2)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1)
    union = (areas1[:, None] + areas2) / 2
    return torch.where(union > 0, intersection / union, 0.0)


# %% box_iou wrong "divided by the box around both, not by their union"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(dim=2)
    first = torch.minimum(boxes1[:, None, :2], boxes2[:, :2])
    last = torch.maximum(boxes1[:, None, 2:], boxes2[:, 2:])
    union = (last - first).prod(dim=2)
    return torch.where(union > 0, intersection / union, 0.0)


# %% box_iou wrong "the intersection alone, not divided"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(dim=2)
    return intersection


# %% box_iou wrong "where the union has no area, the answer is 1"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(dim=2)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1)
    union = areas1[:, None] + areas2 - intersection
    return torch.where(union > 0, intersection / union, 1.0)


# %% box_iou wrong "a number that isn't small is added to the union"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(dim=2)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1)
    union = areas1[:, None] + areas2 - intersection + 1
    return intersection / union


# %% box_iou wrong "only one of the two sides is clamped"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    sides = bottom_right - top_left
    intersection = sides[..., 0].clamp(min=0) * sides[..., 1]
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1)
    union = areas1[:, None] + areas2 - intersection
    return torch.where(union > 0, intersection / union, 0.0)


# %% box_iou wrong "sides are added where areas are asked"
def box_iou(boxes1, boxes2):
    top_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).sum(dim=2)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).sum(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).sum(dim=1)
    union = areas1[:, None] + areas2 - intersection
    return torch.where(union > 0, intersection / union, 0.0)


# %% box_iou wrong "only boxes with the same number are compared, not each pair"
def box_iou(boxes1, boxes2):
    count = min(len(boxes1), len(boxes2))
    boxes1, boxes2 = boxes1[:count], boxes2[:count]
    top_left = torch.maximum(boxes1[:, :2], boxes2[:, :2])
    bottom_right = torch.minimum(boxes1[:, 2:], boxes2[:, 2:])
    intersection = (bottom_right - top_left).clamp(min=0).prod(dim=1)
    areas1 = (boxes1[:, 2:] - boxes1[:, :2]).prod(dim=1)
    areas2 = (boxes2[:, 2:] - boxes2[:, :2]).prod(dim=1)
    union = areas1 + areas2 - intersection
    return torch.where(union > 0, intersection / union, 0.0)


# %% box_iou wrong "one pixel is added to the sides of the intersection only"
def box_iou(boxes1, boxes2):
    a, b = boxes1[:, None], boxes2[None]
    lt = torch.maximum(a[..., :2], b[..., :2])
    rb = torch.minimum(a[..., 2:], b[..., 2:])
    wh = (rb - lt + 1).clamp(min=0)
    inter = wh[..., 0] * wh[..., 1]
    A = (a[..., 2] - a[..., 0]) * (a[..., 3] - a[..., 1])
    B = (b[..., 2] - b[..., 0]) * (b[..., 3] - b[..., 1])
    union = A + B - inter
    return torch.where(union > 0, inter / union, torch.zeros_like(union))


# %% soft_nms hints [markdown]
# 1. A box with the second highest score overlaps the first, and a third overlaps
#    neither. Whose turn is it after the first, and at which moment do you know?
# 2. Every round looks anew for the highest score among the boxes that are left, since
#    the last round may have changed them. What is kept keeps its score; what was never
#    taken lowers nobody.
# 3. All overlaps once, and a copy of the scores. In a loop: the best of the indices
#    left; stop if its score is too low; move it to the kept ones; of the indices still
#    left, multiply those scores whose overlap with it is too large. At the end an int64
#    tensor, and the scores at these indices.


# %% soft_nms right "in plain numbers, box after box"
def soft_nms(boxes, scores, max_iou, min_score):
    waiting = dict(enumerate(scores.tolist()))
    kept = {}
    while waiting:
        best = max(waiting, key=waiting.get)
        if waiting[best] < min_score:
            break
        kept[best] = waiting.pop(best)
        for k in waiting:
            overlap = float(pairwise_iou(boxes[best][None], boxes[k][None]))
            if overlap > max_iou:
                waiting[k] *= 1 - overlap
    return torch.tensor(list(kept), dtype=torch.int64), torch.tensor(
        list(kept.values())
    )


# %% soft_nms right "a column of factors for each round"
def soft_nms(boxes, scores, max_iou, min_score):
    overlaps = pairwise_iou(boxes, boxes)
    factors = torch.where(overlaps > max_iou, 1 - overlaps, torch.ones(()))
    factors.fill_diagonal_(1)
    now, taken = scores * 1, torch.zeros(len(scores), dtype=torch.bool)
    rows = []
    for _ in range(len(scores)):
        k = now.masked_fill(taken, -1).argmax()
        if now[k] < min_score:
            break
        rows.append(k)
        taken[k] = True
        now = torch.where(taken, now, now * factors[k])
    rows = torch.stack(rows) if rows else torch.zeros(0, dtype=torch.int64)
    return rows, now[rows]


# %% soft_nms wrong "boxes that overlap are dropped, where only their score is lowered"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        left = left[overlaps <= max_iou]
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "the lecture's suppression: boxes are dropped, and no scores are given"
def soft_nms(boxes, scores, max_iou, min_score):
    order, keep = scores.argsort(descending=True), []
    while len(order):
        best, order = order[0], order[1:]
        keep.append(best)
        iou = pairwise_iou(boxes[best][None], boxes[order])[0]
        order = order[iou <= max_iou]
    return torch.stack(keep) if keep else order


# %% soft_nms wrong "the order is that of the first scores, it is not looked at anew"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores, keep = pairwise_iou(boxes, boxes), scores.clone(), []
    order = scores.argsort(descending=True)
    while len(order):
        best, order = order[0], order[1:]
        if scores[best] < min_score:
            continue
        keep.append(int(best))
        overlaps = iou[best, order]
        scores[order] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "all pairs at once: each box with a higher first score lowers, kept or not"
def soft_nms(boxes, scores, max_iou, min_score):
    order = scores.argsort(descending=True)
    iou = pairwise_iou(boxes[order], boxes[order]).triu(diagonal=1)
    now = scores[order] * torch.where(iou > max_iou, 1 - iou, 1.0).prod(dim=0)
    rank = now.argsort(descending=True)
    rank = rank[now[rank] >= min_score]
    return order[rank], now[rank]


# %% soft_nms wrong "each score is lowered once, by the largest overlap, not by each kept box"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, first = pairwise_iou(boxes, boxes), scores
    scores, factors = scores.clone(), torch.ones(len(boxes))
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        now = torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
        factors[left] = torch.minimum(factors[left], now)
        scores[left] = first[left] * factors[left]
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "each score is lowered once, by the last kept box alone"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, first, scores = pairwise_iou(boxes, boxes), scores, scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        factors = torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
        scores[left] = first[left] * factors
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "overlaps of at most `max_iou` lower scores as well"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= 1 - overlaps
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "an overlap of exactly `max_iou` lowers the score"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps >= max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "overlaps below `max_iou` lower scores, those above don't"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps < max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "multiplied by the IoU, not by what is missing to 1"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "multiplied by 1 - `max_iou`, whatever the overlap"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - max_iou, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "the IoU is taken off the score, not multiplied"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] -= torch.where(overlaps > max_iou, overlaps, 0.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "lowered by a bell curve of the IoU, where 1 - IoU is asked"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(
            overlaps > max_iou, torch.exp(-2 * overlaps**2), 1.0
        )
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "scores of boxes that are kept already are lowered, too"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best].clone()
        overlaps[best] = 0
        scores *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "the kept box lowers its own score"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best]
        scores *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "the scores given back are the first ones"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, first = pairwise_iou(boxes, boxes), scores
    scores = scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, first[keep]


# %% soft_nms wrong "the bar is held against the first scores, not the lowered ones"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, first = pairwise_iou(boxes, boxes), scores
    scores = scores.clone()
    keep, left = [], (first >= min_score).nonzero().ravel()
    while len(left):
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "`min_score` is ignored: every box is kept"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left):
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "a score of exactly `min_score` is not kept"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() > min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "the first box below the bar is kept as well"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left):
        best = left[scores[left].argmax()]
        keep.append(int(best))
        if scores[best] < min_score:
            break
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "only the part of the IoU above `max_iou` lowers the score"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps + max_iou, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "the bar is not held against the best box of all"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and (not keep or scores[left].max() >= min_score):
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "the lowest score comes first"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmin()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "boxes are taken in the given order, not by score"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[0]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "the indices are sorted, not in the order in which boxes are kept"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(sorted(keep), dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "the boxes are given back, not their indices"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return boxes[keep], scores[keep]


# %% soft_nms wrong "only the indices are given back"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep


# %% soft_nms wrong "all the scores are given back, not those of the kept boxes"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores


# %% soft_nms wrong "without a kept box it fails or answers in another dtype"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep)
    return keep, scores[keep] if len(keep) else scores[:0]


# %% soft_nms wrong "`scores` is changed in place"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = pairwise_iou(boxes, boxes), scores
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "a library does the work on boxes"
def soft_nms(boxes, scores, max_iou, min_score):
    iou, scores = ops.box_iou(boxes, boxes), scores.clone()
    keep, left = [], torch.arange(len(boxes))
    while len(left) and scores[left].max() >= min_score:
        best = left[scores[left].argmax()]
        keep.append(int(best))
        left = left[left != best]
        overlaps = iou[best, left]
        scores[left] *= torch.where(overlaps > max_iou, 1 - overlaps, 1.0)
    keep = torch.tensor(keep, dtype=torch.int64)
    return keep, scores[keep]


# %% soft_nms wrong "the order is that of the first scores, and it stops at the first that is too low"
def soft_nms(boxes, scores, max_iou, min_score):
    scores = scores.clone()
    left = list(range(len(boxes)))
    keep, kept = [], []
    iou = pairwise_iou(boxes, boxes)
    left.sort(key=lambda k: -scores[k].item())
    while left:
        best = left[0]
        if scores[best] < min_score:
            break
        keep.append(best)
        kept.append(scores[best].item())
        left.remove(best)
        for k in left:
            if iou[best, k] > max_iou:
                scores[k] = scores[k] * (1 - iou[best, k])
    return torch.tensor(keep, dtype=torch.int64), torch.tensor(
        kept, dtype=torch.float32
    )


# %% soft_nms wrong "the indices are sorted, the scores are not"
def soft_nms(boxes, scores, max_iou, min_score):
    scores = scores.clone()
    left = list(range(len(boxes)))
    keep, kept = [], []
    iou = pairwise_iou(boxes, boxes)
    while left:
        best = max(left, key=lambda k: scores[k].item())
        if scores[best] < min_score:
            break
        keep.append(best)
        kept.append(scores[best].item())
        left.remove(best)
        for k in left:
            if iou[best, k] > max_iou:
                scores[k] = scores[k] * (1 - iou[best, k])
    return torch.tensor(sorted(keep), dtype=torch.int64), torch.tensor(
        kept, dtype=torch.float32
    )


# %% nms_per_class hints [markdown]
# 1. Box 3 may be the best 1 and the second best 7. How often can it stand in the
#    answer, and which two numbers tell its places apart?
# 2. Two ways. Class by class, and then all kept pairs by their scores. Or all pairs at
#    once: repeat the boxes for each class and shift the classes so far apart that they
#    can't touch, by more than the whole span of the coordinates, negative ones
#    included. The limit comes last in both.
# 3. For each column of the scores: `suppress` with all boxes, and beside what it keeps
#    the column's number as often. Join rows and numbers of all classes, look up the
#    pairs' scores, order by them, and cut both lists at the limit.


# %% nms_per_class right "classes shifted apart"
def nms_per_class(boxes, scores, max_iou, limit):
    M, C = scores.shape
    if M == 0:
        return torch.zeros(0, dtype=torch.int64), torch.zeros(0, dtype=torch.int64)
    labels = torch.arange(C).repeat(M)
    shift = labels * (boxes.max() - boxes.min() + 1)
    apart = boxes.repeat_interleave(C, dim=0) + shift[:, None]
    kept = suppress(apart, scores.flatten(), max_iou)[:limit]
    return kept // C, kept % C


# %% nms_per_class right "pairs sorted in plain Python"
def nms_per_class(boxes, scores, max_iou, limit):
    pairs = []
    for label in range(scores.shape[1]):
        rows = suppress(boxes, scores[:, label].contiguous(), max_iou).tolist()
        pairs += [(-float(scores[k, label]), k, label) for k in rows]
    pairs = torch.tensor(
        [pair[1:] for pair in sorted(pairs)[:limit]], dtype=torch.int64
    )
    return tuple(pairs.reshape(-1, 2).T)


# %% nms_per_class wrong "each box counts for its best class only, as in the lecture"
def nms_per_class(boxes, scores, max_iou, limit):
    best, labels = scores.max(dim=1)
    if len(boxes) == 0:
        return labels, labels
    width = boxes.max() - boxes.min() + 1
    kept = suppress(boxes + labels[:, None] * width, best, max_iou)[:limit]
    return kept, labels[kept]


# %% nms_per_class wrong "one order for all classes: by the best score of each box"
def nms_per_class(boxes, scores, max_iou, limit):
    kept = [suppress(boxes, scores.amax(dim=1), max_iou) for _ in scores.T]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept)]
    rows, labels = torch.cat(kept), torch.cat(labels)
    best = scores[rows, labels].argsort(descending=True)[:limit]
    return rows[best], labels[best]


# %% nms_per_class wrong "the limit holds for each class, not for all together"
def nms_per_class(boxes, scores, max_iou, limit):
    kept = [suppress(boxes, column, max_iou)[:limit] for column in scores.T]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept)]
    rows, labels = torch.cat(kept), torch.cat(labels)
    best = scores[rows, labels].argsort(descending=True)
    return rows[best], labels[best]


# %% nms_per_class wrong "the limit is applied before the suppression"
def nms_per_class(boxes, scores, max_iou, limit):
    C = scores.shape[1]
    top = scores.flatten().argsort(descending=True)[:limit]
    rows, labels = top // C, top % C
    keep = torch.zeros(len(top), dtype=torch.bool)
    for label in range(C):
        own = (labels == label).nonzero().ravel()
        kept = suppress(boxes[rows[own]], scores[rows[own], label], max_iou)
        keep[own[kept]] = True
    return rows[keep], labels[keep]


# %% nms_per_class wrong "the limit is ignored"
def nms_per_class(boxes, scores, max_iou, limit):
    kept = [suppress(boxes, column, max_iou) for column in scores.T]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept)]
    rows, labels = torch.cat(kept), torch.cat(labels)
    best = scores[rows, labels].argsort(descending=True)
    return rows[best], labels[best]


# %% nms_per_class wrong "the kept pairs come class after class, not by score"
def nms_per_class(boxes, scores, max_iou, limit):
    kept = [suppress(boxes, column, max_iou) for column in scores.T]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept)]
    rows, labels = torch.cat(kept), torch.cat(labels)
    best = torch.arange(len(rows))[:limit]
    return rows[best], labels[best]


# %% nms_per_class wrong "the pairs are cut at the limit before they are ordered by score"
def nms_per_class(boxes, scores, max_iou, limit):
    kept = [suppress(boxes, column, max_iou) for column in scores.T]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept)]
    rows, labels = torch.cat(kept)[:limit], torch.cat(labels)[:limit]
    best = scores[rows, labels].argsort(descending=True)
    return rows[best], labels[best]


# %% nms_per_class wrong "the lowest score comes first"
def nms_per_class(boxes, scores, max_iou, limit):
    kept = [suppress(boxes, column, max_iou) for column in scores.T]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept)]
    rows, labels = torch.cat(kept), torch.cat(labels)
    best = scores[rows, labels].argsort()[:limit]
    return rows[best], labels[best]


# %% nms_per_class wrong "classes and boxes are given back in the other order"
def nms_per_class(boxes, scores, max_iou, limit):
    kept = [suppress(boxes, column, max_iou) for column in scores.T]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept)]
    rows, labels = torch.cat(kept), torch.cat(labels)
    best = scores[rows, labels].argsort(descending=True)[:limit]
    return labels[best], rows[best]


# %% nms_per_class wrong "only the boxes are given back, without their classes"
def nms_per_class(boxes, scores, max_iou, limit):
    kept = [suppress(boxes, column, max_iou) for column in scores.T]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept)]
    rows, labels = torch.cat(kept), torch.cat(labels)
    best = scores[rows, labels].argsort(descending=True)[:limit]
    return rows[best]


# %% nms_per_class wrong "one table of pairs is given back, not boxes and classes apart"
def nms_per_class(boxes, scores, max_iou, limit):
    kept = [suppress(boxes, column, max_iou) for column in scores.T]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept)]
    rows, labels = torch.cat(kept), torch.cat(labels)
    best = scores[rows, labels].argsort(descending=True)[:limit]
    return torch.stack([rows[best], labels[best]], dim=1)


# %% nms_per_class wrong "each box is given back for one class only"
def nms_per_class(boxes, scores, max_iou, limit):
    pairs = {}
    for label in range(scores.shape[1]):
        for k in suppress(boxes, scores[:, label].contiguous(), max_iou).tolist():
            pairs[k] = max(pairs.get(k, (-1, 0)), (float(scores[k, label]), label))
    ranked = sorted(pairs, key=pairs.get, reverse=True)[:limit]
    labels = [pairs[k][1] for k in ranked]
    return torch.tensor(ranked).long(), torch.tensor(labels).long()


# %% nms_per_class wrong "the pairs' scores are given back in place of their classes"
def nms_per_class(boxes, scores, max_iou, limit):
    kept = [suppress(boxes, column, max_iou) for column in scores.T]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept)]
    rows, labels = torch.cat(kept), torch.cat(labels)
    best = scores[rows, labels].argsort(descending=True)[:limit]
    return rows[best], scores[rows, labels][best]


# %% nms_per_class wrong "only the best box of each class is kept"
def nms_per_class(boxes, scores, max_iou, limit):
    kept = [suppress(boxes, column, max_iou)[:1] for column in scores.T]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept)]
    rows, labels = torch.cat(kept), torch.cat(labels)
    best = scores[rows, labels].argsort(descending=True)[:limit]
    return rows[best], labels[best]


# %% nms_per_class wrong "class 0 is left out, as if it were the background"
def nms_per_class(boxes, scores, max_iou, limit):
    kept = [suppress(boxes, column, max_iou) for column in scores.T[1:]]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept, start=1)]
    rows, labels = (
        torch.cat([kept[0][:0] if kept else labels[:0], *kept])
        if kept
        else torch.zeros(0, dtype=torch.int64),
        torch.cat(labels) if kept else torch.zeros(0, dtype=torch.int64),
    )
    best = scores[rows, labels].argsort(descending=True)[:limit]
    return rows[best], labels[best]


# %% nms_per_class wrong "the last class is forgotten"
def nms_per_class(boxes, scores, max_iou, limit):
    kept = [
        suppress(boxes, column, max_iou)
        for column in scores.T[: max(scores.shape[1] - 1, 1)]
    ]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept)]
    rows, labels = torch.cat(kept), torch.cat(labels)
    best = scores[rows, labels].argsort(descending=True)[:limit]
    return rows[best], labels[best]


# %% nms_per_class wrong "the classes count from 1"
def nms_per_class(boxes, scores, max_iou, limit):
    kept = [suppress(boxes, column, max_iou) for column in scores.T]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept, start=1)]
    rows, labels = torch.cat(kept), torch.cat(labels)
    best = scores[rows, labels - 1].argsort(descending=True)[:limit]
    return rows[best], labels[best]


# %% nms_per_class wrong "places in the flattened table are given back, not boxes"
def nms_per_class(boxes, scores, max_iou, limit):
    M, C = scores.shape
    if M == 0:
        return torch.zeros(0, dtype=torch.int64), torch.zeros(0, dtype=torch.int64)
    labels = torch.arange(C).repeat(M)
    shift = labels * (boxes.max() - boxes.min() + 1)
    apart = boxes.repeat_interleave(C, dim=0) + shift[:, None]
    kept = suppress(apart, scores.flatten(), max_iou)[:limit]
    return kept, kept % C


# %% nms_per_class wrong "boxes and scores are flattened in two different orders"
def nms_per_class(boxes, scores, max_iou, limit):
    M, C = scores.shape
    if M == 0:
        return torch.zeros(0, dtype=torch.int64), torch.zeros(0, dtype=torch.int64)
    labels = torch.arange(C).repeat(M)
    shift = labels * (boxes.max() - boxes.min() + 1)
    apart = boxes.repeat(C, 1) + shift[:, None]
    kept = suppress(apart, scores.flatten(), max_iou)[:limit]
    return kept // C, kept % C


# %% nms_per_class wrong "suppression goes across classes"
def nms_per_class(boxes, scores, max_iou, limit):
    M, C = scores.shape
    if M == 0:
        return torch.zeros(0, dtype=torch.int64), torch.zeros(0, dtype=torch.int64)
    labels = torch.arange(C).repeat(M)
    apart = boxes.repeat_interleave(C, dim=0)
    kept = suppress(apart, scores.flatten(), max_iou)[:limit]
    return kept // C, kept % C


# %% nms_per_class wrong "the shift between classes is too small where coordinates are negative"
def nms_per_class(boxes, scores, max_iou, limit):
    M, C = scores.shape
    if M == 0:
        return torch.zeros(0, dtype=torch.int64), torch.zeros(0, dtype=torch.int64)
    labels = torch.arange(C).repeat(M)
    shift = labels * (boxes.max() + 1)
    apart = boxes.repeat_interleave(C, dim=0) + shift[:, None]
    kept = suppress(apart, scores.flatten(), max_iou)[:limit]
    return kept // C, kept % C


# %% nms_per_class wrong "classes are shifted by a pixel only, so they still touch"
def nms_per_class(boxes, scores, max_iou, limit):
    M, C = scores.shape
    if M == 0:
        return torch.zeros(0, dtype=torch.int64), torch.zeros(0, dtype=torch.int64)
    labels = torch.arange(C).repeat(M)
    shift = labels
    apart = boxes.repeat_interleave(C, dim=0) + shift[:, None]
    kept = suppress(apart, scores.flatten(), max_iou)[:limit]
    return kept // C, kept % C


# %% nms_per_class wrong "a fixed shift between the classes, though boxes may be larger"
def nms_per_class(boxes, scores, max_iou, limit):
    M, C = scores.shape
    if M == 0:
        return torch.zeros(0, dtype=torch.int64), torch.zeros(0, dtype=torch.int64)
    labels = torch.arange(C).repeat(M)
    shift = labels * 4096
    apart = boxes.repeat_interleave(C, dim=0) + shift[:, None]
    kept = suppress(apart, scores.flatten(), max_iou)[:limit]
    return kept // C, kept % C


# %% nms_per_class wrong "a shift so large that float32 forgets where the boxes are"
def nms_per_class(boxes, scores, max_iou, limit):
    M, C = scores.shape
    if M == 0:
        return torch.zeros(0, dtype=torch.int64), torch.zeros(0, dtype=torch.int64)
    labels = torch.arange(C).repeat(M)
    shift = labels * 1e9
    apart = boxes.repeat_interleave(C, dim=0) + shift[:, None]
    kept = suppress(apart, scores.flatten(), max_iou)[:limit]
    return kept // C, kept % C


# %% nms_per_class wrong "without any box it fails"
def nms_per_class(boxes, scores, max_iou, limit):
    M, C = scores.shape
    labels = torch.arange(C).repeat(M)
    shift = labels * (boxes.max() - boxes.min() + 1)
    apart = boxes.repeat_interleave(C, dim=0) + shift[:, None]
    kept = suppress(apart, scores.flatten(), max_iou)[:limit]
    return kept // C, kept % C


# %% nms_per_class wrong "a library does the work on boxes"
def nms_per_class(boxes, scores, max_iou, limit):
    kept = [ops.nms(boxes, column, max_iou) for column in scores.T]
    labels = [torch.full_like(rows, k) for k, rows in enumerate(kept)]
    rows, labels = torch.cat(kept), torch.cat(labels)
    best = scores[rows, labels].argsort(descending=True)[:limit]
    return rows[best], labels[best]


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


# %% grid_targets wrong "the offset is measured from the bottom right corner of the cell"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, j + 1 - x, i + 1 - y, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "the offset is a share of the image"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x / columns, y / rows, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "the sizes are cut at 1, where boxes may be larger than a cell"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor(
            [1, x - j, y - i, min(x2 - x1, 1), min(y2 - y1, 1)]
        )
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "the logarithm of the sizes is given"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[3:5, i, j] = target[3:5, i, j].log()
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "the centre is rounded to the nearest cell, not to the one that holds it"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = min(round(y), rows - 1), min(round(x), columns - 1)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "a centre on a border goes to the cell before it"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = math.ceil(y) - 1, math.ceil(x) - 1
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "every cell that a box touches gets it, not only that of the centre"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        for i in range(max(int(y1), 0), min(int(y2) + 1, rows)):
            for j in range(max(int(x1), 0), min(int(x2) + 1, columns)):
                target[:, i, j] = 0
                vector = [1, x - j, y - i, x2 - x1, y2 - y1]
                target[:5, i, j] = torch.tensor(vector)
                target[5 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "the class's number is written, not its one-hot vector"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[5, i, j] = labels[k]
    return target


# %% grid_targets wrong "the classes begin a channel too early, over the height"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(5 + num_classes, rows, columns)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)
    for k in areas.argsort().tolist():
        x1, y1, x2, y2 = (boxes[k] / cell).tolist()
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        i, j = int(y), int(x)
        target[:, i, j] = 0
        target[:5, i, j] = torch.tensor([1, x - j, y - i, x2 - x1, y2 - y1])
        target[4 + labels[k], i, j] = 1
    return target


# %% grid_targets wrong "the lecture's targets: one channel for the class, sizes as shares of the image"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    target = torch.zeros(6, rows, columns)
    for (x1, y1, x2, y2), label in zip(boxes.tolist(), labels, strict=True):
        x, y = (x1 + x2) / 2 / cell, (y1 + y2) / 2 / cell
        w, h = (x2 - x1) / (columns * cell), (y2 - y1) / (rows * cell)
        vector = [1, x - int(x), y - int(y), w, h, float(label)]
        target[:, int(y), int(x)] = torch.tensor(vector)
    return target


# %% grid_targets wrong "the offset is in pixels, not in cells"
def grid_targets(boxes, labels, num_classes, rows, columns, cell):
    T = torch.zeros(5 + num_classes, rows, columns)
    area = torch.zeros(rows, columns)
    for (x1, y1, x2, y2), c in zip(boxes.tolist(), labels.tolist()):
        cx, cy, w, h = (
            (x1 + x2) / 2 / cell,
            (y1 + y2) / 2 / cell,
            (x2 - x1) / cell,
            (y2 - y1) / cell,
        )
        j, i = int(cx), int(cy)
        if w * h > area[i, j]:
            area[i, j] = w * h
            T[:, i, j] = 0
            T[:5, i, j] = torch.tensor([1, (cx - j) * cell, (cy - i) * cell, w, h])
            T[5 + c, i, j] = 1
    return T


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


# %% decode_grid right "the last of equal classes"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    shares = torch.softmax(y_hat[5:], dim=0)
    best, labels = shares.amax(dim=0), len(shares) - 1 - shares.flip(0).argmax(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "a softmax gives the offsets, as if x and y competed"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.softmax(y_hat[1:5], dim=0)[0])
    y = cell * (torch.arange(rows)[:, None] + torch.softmax(y_hat[1:5], dim=0)[1])
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "a softmax gives all four box numbers, as if they competed"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    share = torch.softmax(y_hat[1:5], dim=0)
    x = cell * (torch.arange(columns) + share[0])
    y = cell * (torch.arange(rows)[:, None] + share[1])
    w, h = cell * share[2], cell * share[3]
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the softmax runs over all channels, not over the classes alone"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat, dim=0)[5:].max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the class's score has no softmax"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = y_hat[5:].max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the sizes are shares of the image, as in the lecture"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = torch.sigmoid(y_hat[3:5])
    w, h = cell * columns * w, cell * rows * h
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "x and y of the offset are swapped"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[2]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[1]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the offsets stay in cells, while the cells' places are in pixels"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * torch.arange(columns) + torch.sigmoid(y_hat[1])
    y = cell * torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2])
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the labels count from 1"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2)
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten() + 1


# %% decode_grid wrong "boxes are cut at the border of the image"
def decode_grid(y_hat, cell):
    _, rows, columns = y_hat.shape
    x = cell * (torch.arange(columns) + torch.sigmoid(y_hat[1]))
    y = cell * (torch.arange(rows)[:, None] + torch.sigmoid(y_hat[2]))
    w, h = cell * torch.exp(y_hat[3]), cell * torch.exp(y_hat[4])
    boxes = torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=2).clamp(
        min=0
    )
    best, labels = torch.softmax(y_hat[5:], dim=0).max(dim=0)
    scores = torch.sigmoid(y_hat[0]) * best
    return boxes.reshape(-1, 4), scores.flatten(), labels.flatten()


# %% decode_grid wrong "the lecture's units of 64 pixels, whatever the cell"
def decode_grid(y_hat, cell):
    K, rows, columns = y_hat.shape
    tx, ty = y_hat[1:3].sigmoid()
    w, h = y_hat[3:5].sigmoid() * 64
    j = torch.arange(columns)
    i = torch.arange(rows)[:, None]
    cx, cy = (j + tx) * cell, (i + ty) * cell
    boxes = torch.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], -1).reshape(
        -1, 4
    )
    p, labels = y_hat[5:].softmax(0).max(0)
    scores = y_hat[0].sigmoid() * p
    return boxes, scores.reshape(-1), labels.reshape(-1)


# %% decode_grid wrong "the labels are channels, 5 too high"
def decode_grid(y_hat, cell):
    K, rows, columns = y_hat.shape
    tx, ty = y_hat[1:3].sigmoid()
    w, h = y_hat[3:5].exp() * cell
    j = torch.arange(columns)
    i = torch.arange(rows)[:, None]
    cx, cy = (j + tx) * cell, (i + ty) * cell
    boxes = torch.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], -1).reshape(
        -1, 4
    )
    p, labels = y_hat[5:].softmax(0).max(0)
    scores = y_hat[0].sigmoid() * p
    return boxes, scores.reshape(-1), labels.reshape(-1) + 5


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


# %% anchor_boxes wrong "the size is taken for the area"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s in sizes:
                for r in ratios:
                    w, h = (s * r) ** 0.5, (s / r) ** 0.5
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "the sizes are multiplied by the stride, though they are pixels"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s in sizes:
                for r in ratios:
                    w, h = stride * s * r**0.5, stride * s / r**0.5
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "the width is stretched by rows over columns, as in the lecture"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s in sizes:
                for r in ratios:
                    w, h = s * r**0.5 * rows / columns, s / r**0.5
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "the half of the stride is cut to a whole pixel"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * j + stride // 2, stride * i + stride // 2
            for s in sizes:
                for r in ratios:
                    w, h = s * r**0.5, s / r**0.5
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "the anchors lie around the cell's far corner, not its centre"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 1), stride * (i + 1)
            for s in sizes:
                for r in ratios:
                    w, h = s * r**0.5, s / r**0.5
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "each size goes with one ratio, not with all"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s, r in zip(sizes, ratios, strict=False):
                w, h = s * r**0.5, s / r**0.5
                anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors)


# %% anchor_boxes wrong "the coordinates are shares of the image, not pixels"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    anchors = []
    for i in range(rows):
        for j in range(columns):
            x, y = stride * (j + 0.5), stride * (i + 0.5)
            for s in sizes:
                for r in ratios:
                    w, h = s * r**0.5, s / r**0.5
                    anchors.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    return torch.tensor(anchors) / torch.tensor([columns, rows] * 2) / stride


# %% anchor_boxes wrong "the coordinates are rounded to whole pixels"
def anchor_boxes(rows, columns, stride, sizes, ratios):
    out = []
    for i in range(rows):
        for j in range(columns):
            for s in sizes:
                for r in ratios:
                    w, h = s * r**0.5, s / r**0.5
                    cx, cy = (j + 0.5) * stride, (i + 0.5) * stride
                    out.append([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2])
    return torch.tensor(out).round()


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


# %% detection_loss right "object after object"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = (p == 1).nonzero().tolist()
    for n, i, j in own:
        mine, true = y_hat[n, :, i, j], target[n, :, i, j]
        errors = F.l1_loss(mine[1:5].sigmoid(), true[1:5], reduction="sum")
        label = F.cross_entropy(mine[None, 5:], true[5:].long())
        loss = loss + box_weight * errors + label
    return loss / max(len(own), 1)


# %% detection_loss wrong "cells whose class is not 0 count as objects for the class"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(
        y_hat.movedim(1, 3)[(p == 1) | (target[:, 5] > 0)][:, 5:],
        target[:, 5][(p == 1) | (target[:, 5] > 0)].long(),
        reduction="sum",
    )
    return loss / max(len(own), 1)


# %% detection_loss wrong "objects of class 0 have no class's loss"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(
        own[:, 5:], true[:, 5].long(), reduction="sum", ignore_index=0
    )
    return loss / max(len(own), 1)


# %% detection_loss wrong "0 and 1 of the objectness are swapped"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], 1 - p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "the box weight multiplies the whole loss"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return box_weight * loss / max(len(own), 1)


# %% detection_loss wrong "only the centre's two errors are in the loss"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:3]) - true[:, 1:3]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "the sigmoid is taken of the centre only, not of the sizes"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (
        torch.cat([own[:, 1:3].sigmoid(), own[:, 3:5]], dim=1) - true[:, 1:5]
    ).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "a softmax of the box outputs, as if they competed"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.softmax(own[:, 1:5], dim=1) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "smooth errors of the box where absolute ones are asked"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    guess = torch.sigmoid(own[:, 1:5])
    errors = F.smooth_l1_loss(guess, true[:, 1:5], reduction="none")
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "empty cells count half in the objectness"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(
        y_hat[:, 0], p, (1 + p) / 2, reduction="sum"
    )
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    loss = loss + box_weight * errors.sum()
    loss = loss + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss / max(len(own), 1)


# %% detection_loss wrong "the objectness is not divided by the objects"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    loss = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    own = y_hat.movedim(1, 3)[p == 1]
    true = target.movedim(1, 3)[p == 1]
    errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
    rest = box_weight * errors.sum()
    rest = rest + F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
    return loss + rest / max(len(own), 1)


# %% detection_loss wrong "each image is divided by its own objects, not the batch by all"
def detection_loss(y_hat, target, box_weight):
    losses = []
    for out, goal in zip(y_hat.movedim(1, 3), target.movedim(1, 3), strict=True):
        p = goal[..., 0]
        loss = F.binary_cross_entropy_with_logits(out[..., 0], p, reduction="sum")
        own, true = out[p == 1], goal[p == 1]
        errors = (torch.sigmoid(own[:, 1:5]) - true[:, 1:5]).abs()
        label = F.cross_entropy(own[:, 5:], true[:, 5].long(), reduction="sum")
        losses.append((loss + box_weight * errors.sum() + label) / max(len(own), 1))
    return sum(losses) / len(losses)


# %% detection_loss wrong "the box weight multiplies the class's loss, too"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    obj = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    m = p == 1
    a, t = y_hat.permute(0, 2, 3, 1)[m], target.permute(0, 2, 3, 1)[m]
    box = (a[:, 1:5].sigmoid() - t[:, 1:5]).abs().sum()
    cls = F.cross_entropy(a[:, 5:], t[:, 5].long(), reduction="sum")
    return (obj + box_weight * (box + cls)) / m.sum().clamp(min=1)


# %% detection_loss wrong "the parts by name, as in the lecture, not their sum"
def detection_loss(y_hat, target, box_weight):
    p = target[:, 0]
    obj = F.binary_cross_entropy_with_logits(y_hat[:, 0], p, reduction="sum")
    m = p == 1
    a, t = y_hat.permute(0, 2, 3, 1)[m], target.permute(0, 2, 3, 1)[m]
    box = (a[:, 1:5].sigmoid() - t[:, 1:5]).abs().sum()
    cls = F.cross_entropy(a[:, 5:], t[:, 5].long(), reduction="sum")
    return {"o": obj, "b": box, "c": cls}


# %% average_precision hints [markdown]
# 1. In the prompt's example, after how many boxes is a recall of 2/4 reached, and which
#    precisions may then count? And which boxes reach the recall 0?
# 2. Two curves, one number a box: the hits so far over 1, 2, 3 ..., and over the true
#    objects. For each point, look at all boxes whose recall is large enough, not only
#    at the first of them. A point that no box reaches still counts, with 0.
# 3. Put the hits in order of falling score and add them up. Make precision and recall
#    of that. For each of the points, the largest precision where the recall is at least
#    the point's, or 0; then their mean, as a float. Without boxes every point has 0.


# %% average_precision right "all points at once, in float32"
def average_precision(scores, hits, num_objects, num_points):
    if len(scores) == 0:
        return 0.0
    found = hits[scores.argsort(descending=True)].float().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    points = torch.linspace(0, 1, num_points)
    reached = found / num_objects >= points[:, None]  # (points, n)
    return float((reached * precision).amax(dim=1).mean())


# %% average_precision right "filled from behind, then looked up"
def average_precision(scores, hits, num_objects, num_points):
    ranked = [bool(hits[k]) for k in scores.argsort(descending=True)]
    curve, found = [], 0
    for n, hit in enumerate(ranked, start=1):
        found += hit
        curve.append((found / num_objects, found / n))
    step, point, heights = 1 / (num_points - 1), 0.0, []
    for _ in range(num_points):
        heights.append(max((P for R, P in curve if R >= point), default=0))
        point += step
    return float(sum(heights) / num_points)


# %% average_precision wrong "the lecture's area under the whole curve, not the mean at the points"
def average_precision(scores, hits, num_objects, num_points):
    hits = hits[scores.argsort(descending=True)].double()
    precision = hits.cumsum(dim=0) / torch.arange(1, len(hits) + 1)
    highest, area = 0.0, 0.0
    for n in reversed(range(len(hits))):
        highest = max(highest, float(precision[n]))
        area += float(hits[n]) / num_objects * highest
    return area


# %% average_precision wrong "the lecture's three results: area, recall and precision"
def average_precision(scores, hits, num_objects, num_points):
    hits = hits[scores.argsort(descending=True)].double()
    right = hits.cumsum(dim=0)
    precision = right / torch.arange(1, len(hits) + 1)
    recall = right / num_objects
    if len(hits) == 0:
        return 0.0, recall, precision
    best_later = precision.flip(0).cummax(dim=0).values.flip(0)
    steps = torch.diff(recall, prepend=torch.zeros(1))
    return (steps * best_later).sum().item(), recall, precision


# %% average_precision wrong "the boxes are not ordered by score"
def average_precision(scores, hits, num_objects, num_points):
    found = hits.double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return heights / num_points


# %% average_precision wrong "the lowest score comes first"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort()].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return heights / num_points


# %% average_precision wrong "the saw-teeth are not filled up: the precision where the recall is first reached"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached[0]) if len(reached) else 0.0
    return heights / num_points


# %% average_precision wrong "the maximum runs over recalls up to the point, not from it on"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects <= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return heights / num_points


# %% average_precision wrong "a recall that is just the point's doesn't count"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects > g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return heights / num_points


# %% average_precision wrong "points that no recall reaches are left out of the mean"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights, count = 0.0, 0
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
        count += len(reached) > 0
    return heights / max(count, 1)


# %% average_precision wrong "beyond the last recall the last precision is held, where 0 is asked"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max() if len(reached) else precision[-1:].sum())
    return heights / num_points


# %% average_precision wrong "divided by the gaps between the points, not by the points"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return heights / (num_points - 1)


# %% average_precision wrong "the answer is in percent"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return 100 * heights / num_points


# %% average_precision wrong "the curve is made to begin at a precision of 1"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += (
            1.0
            if g == 0 and len(reached)
            else float(reached.max())
            if len(reached)
            else 0.0
        )
    return heights / num_points


# %% average_precision wrong "the precisions at the hits are averaged over the objects, not read at points"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    steps = torch.diff(found, prepend=torch.zeros(1))
    return float((precision * steps).sum()) / num_objects


# %% average_precision wrong "the sum over the points is not divided"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return heights


# %% average_precision wrong "the points begin after 0"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects >= (g + 1) / num_points]
        heights += float(reached.max()) if len(reached) else 0.0
    return heights / num_points


# %% average_precision wrong "the points end before 1"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects >= g / num_points]
        heights += float(reached.max()) if len(reached) else 0.0
    return heights / num_points


# %% average_precision wrong "always 11 points, whatever is asked"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights, num_points = 0.0, 11
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return heights / num_points


# %% average_precision wrong "always 101 points, whatever is asked"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights, num_points = 0.0, 101
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return heights / num_points


# %% average_precision wrong "missed objects are forgotten: recall counts found objects only"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights, num_objects = 0.0, max(float(hits.sum()), 1)
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return heights / num_points


# %% average_precision wrong "the number of boxes stands for the number of objects"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights, num_objects = 0.0, len(hits)
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return heights / num_points


# %% average_precision wrong "precision and recall are exchanged"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = (found / num_objects)[precision >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return heights / num_points


# %% average_precision wrong "the mean of the precisions in place of the highest"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.mean()) if len(reached) else 0.0
    return heights / num_points


# %% average_precision wrong "straight lines between the curve's points, where the highest precision is asked"
def average_precision(scores, hits, num_objects, num_points):
    import numpy as np

    if len(hits) == 0:
        return 0.0
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    points = np.linspace(0, 1, num_points)
    recall = (found / num_objects).numpy()
    return float(np.interp(points, recall, precision.numpy(), right=0).mean())


# %% average_precision wrong "the recall after all boxes, not the mean over the points"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return float(found[-1:].sum()) / num_objects


# %% average_precision wrong "the precision after all boxes, not the mean over the points"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return float(precision[-1:].sum())


# %% average_precision wrong "without any box it fails"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0 * float(precision[-1])
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return heights / num_points


# %% average_precision wrong "a tensor is returned, not a float"
def average_precision(scores, hits, num_objects, num_points):
    found = hits[scores.argsort(descending=True)].double().cumsum(dim=0)
    precision = found / torch.arange(1, len(hits) + 1)
    heights = 0.0
    for g in range(num_points):
        reached = precision[found / num_objects >= g / (num_points - 1)]
        heights += float(reached.max()) if len(reached) else 0.0
    return torch.tensor([heights / num_points])


# %% average_precision wrong "the precision after all boxes at every point that is reached"
def average_precision(scores, hits, num_objects, num_points):
    if not len(scores):
        return 0.0
    hits = hits[scores.argsort(descending=True)].double()
    H = hits.cumsum(0)
    P = H / torch.arange(1, len(H) + 1)
    R = H / num_objects
    total = 0.0
    for g in range(num_points):
        ok = R >= g / (num_points - 1) - 1e-9
        total += P[ok][-1].item() if ok.any() else 0.0
    return total / num_points


# %% average_precision wrong "the point 0 is left out of the sum, but counted"
def average_precision(scores, hits, num_objects, num_points):
    if not len(scores):
        return 0.0
    hits = hits[scores.argsort(descending=True)].double()
    H = hits.cumsum(0)
    P = H / torch.arange(1, len(H) + 1)
    R = H / num_objects
    total = 0.0
    for g in range(1, num_points):
        ok = R >= g / (num_points - 1) - 1e-9
        total += P[ok].max().item() if ok.any() else 0.0
    return total / num_points


# %% average_precision wrong "the boxes are counted from 0, so precision is too high"
def average_precision(scores, hits, num_objects, num_points):
    if not len(scores):
        return 0.0
    hits = hits[scores.argsort(descending=True)].double()
    H = hits.cumsum(0)
    P = H / torch.arange(len(H)).clamp(min=1)
    R = H / num_objects
    total = 0.0
    for g in range(num_points):
        ok = R >= g / (num_points - 1) - 1e-9
        total += P[ok].max().item() if ok.any() else 0.0
    return total / num_points


# %% average_precision wrong "precision is divided by the objects, not by the boxes so far"
def average_precision(scores, hits, num_objects, num_points):
    if not len(scores):
        return 0.0
    hits = hits[scores.argsort(descending=True)].double()
    H = hits.cumsum(0)
    P = H / num_objects
    R = H / num_objects
    total = 0.0
    for g in range(num_points):
        ok = R >= g / (num_points - 1) - 1e-9
        total += P[ok].max().item() if ok.any() else 0.0
    return total / num_points


# %% average_precision wrong "recall counts every box, not the hits alone"
def average_precision(scores, hits, num_objects, num_points):
    if not len(scores):
        return 0.0
    hits = hits[scores.argsort(descending=True)].double()
    H = hits.cumsum(0)
    P = H / torch.arange(1, len(H) + 1)
    R = torch.arange(1, len(H) + 1) / num_objects
    total = 0.0
    for g in range(num_points):
        ok = R >= g / (num_points - 1) - 1e-9
        total += P[ok].max().item() if ok.any() else 0.0
    return total / num_points


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
