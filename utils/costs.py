"""What a net costs: parameters, multiply-adds, and bytes to train it and to use it."""

from typing import NamedTuple

import torch
from torch import nn
from torch.autograd.graph import saved_tensors_hooks
from torch.utils.flop_counter import FlopCounterMode

from utils.measuring import mode


class Costs(NamedTuple):
    """What one pass over a batch costs.

    Args:
        parameters: numbers that are learned.
        multiply_adds: products, each added to a sum, of convolutions and full layers.
        training_bytes: parameters and their gradients, the input, and all that the
            forward pass keeps for the backward pass.
        prediction_bytes: parameters and buffers, and the largest input and output that
            one layer holds together.
    """

    parameters: int
    multiply_adds: int
    training_bytes: int
    prediction_bytes: int


def costs(net, X) -> Costs:
    """Count what `net` costs on a batch, without training it.

    A net on the device "meta" is counted without a computation, so that the full size
    of a paper costs no time: `with torch.device("meta"): net = ...`.

    Args:
        net: the module; its modes and running statistics are left as they were found.
        X: (N, ...) the batch, on the same device as the net.

    Returns:
        the costs of the whole batch.

    Raises:
        ValueError: a layer is lazy and has not seen its first batch.

    Source: Sze et al., Efficient processing of deep neural networks, 2017, section III.
    """
    if any(map(nn.parameter.is_lazy, net.parameters())):
        raise ValueError(
            "a lazy layer has no weights yet; give the net a batch first: net(X)"
        )
    return Costs(
        parameters=sum(p.numel() for p in net.parameters()),
        multiply_adds=multiply_adds(net, X),
        training_bytes=_training_bytes(net, X),
        prediction_bytes=_prediction_bytes(net, X),
    )


@torch.no_grad()
def multiply_adds(net, X) -> int:
    """Multiply-adds of one pass: C_out H_out W_out C_in k^2 of a convolution.

    Biases, activations, pooling and normalisation are not counted, as in most papers.

    Args:
        net: the module; it is run in eval mode and left as it was found.
        X: (N, ...) the batch, on the same device as the net.

    Returns:
        the count for the whole batch.
    """
    with mode(net, training=False), FlopCounterMode(display=False) as counter:
        net(X)
    return counter.get_total_flops() // 2  # it counts a product and a sum as two


def _training_bytes(net, X):
    """Parameters, gradients, and each storage once that the backward pass needs."""
    kept = {}

    def keep(tensor):
        kept[_storage(tensor)] = tensor  # held, so that none is freed and given twice
        return tensor

    # Train mode, since dropout and batch normalisation keep more in it; on copies of
    # the buffers, since it moves running statistics.
    buffers = {name: b.clone() for name, b in net.named_buffers()}
    with mode(net, training=True), saved_tensors_hooks(keep, lambda tensor: tensor):
        torch.func.functional_call(net, buffers, (X,))
    own = [*net.parameters(), *buffers.values(), X]
    for tensor in own:
        kept.pop(_storage(tensor), None)
    gradients = [p for p in net.parameters() if p.requires_grad]
    activations = sum(t.untyped_storage().nbytes() for t in kept.values())
    return activations + sum(tensor.nbytes for tensor in [*own, *gradients])


@torch.no_grad()
def _prediction_bytes(net, X):
    """Parameters, buffers, and the most that one layer reads and writes."""
    largest = 0

    def look(_, inputs, y_hat):
        nonlocal largest
        largest = max(largest, sum(tensor.nbytes for tensor in [*inputs, y_hat]))

    layers = [layer for layer in net.modules() if not list(layer.children())]
    handles = [layer.register_forward_hook(look) for layer in layers]
    try:
        with mode(net, training=False):
            net(X)
    finally:
        for handle in handles:
            handle.remove()
    own = [*net.parameters(), *net.buffers()]
    return largest + sum(tensor.nbytes for tensor in own)


def _storage(tensor):
    # By its address in PyTorch, not by that of its numbers: on "meta" there are none.
    return tensor.untyped_storage()._cdata
