"""Outcomes in words: small ones whole, larger ones by their shape."""

from utils.check.outcome import Outcome

SHOWN = 8  # numbers of a tensor, items of a container that a message shows
WIDTH = 100  # characters of a value in a message
EXACT = 17  # digits that tell any two floating-point numbers apart


def describe(outcome: Outcome, digits: int = 6) -> str:
    """Name an outcome in a few words.

    Args:
        outcome: what to name.
        digits: significant digits of floating-point numbers.

    Returns:
        `tensor([1.5, 2])`, `a tensor of shape (32, 10)`, `None`, `[1, 2]` ...
    """
    if (text := inline(outcome, digits)) is not None:
        return text
    kind, data = outcome.kind, outcome.data
    if kind in ("tensor", "array"):
        noun = "tensor" if kind == "tensor" else "NumPy array"
        return f"a {noun} of shape {tuple(data.shape)}"
    if kind == "str":
        return f"{data[: WIDTH // 2]!r}... ({len(data):,} characters)"
    if kind in ("list", "tuple", "dict"):
        return f"a {kind} of {len(data):,} items"
    return f"{_whole(outcome, digits)[:WIDTH]}..."


def inline(outcome: Outcome, digits: int = 6) -> str | None:
    """The whole value as text; None if it is too long for that."""
    text = _whole(outcome, digits)
    is_short = text is not None and (len(text) <= WIDTH or outcome.kind == "raised")
    return text if is_short else None


def describe_pair(a: Outcome, b: Outcome) -> tuple[str, str]:
    """Describe two outcomes that differ with as many digits as it takes to see it."""
    texts = describe(a), describe(b)
    return texts if texts[0] != texts[1] else (describe(a, EXACT), describe(b, EXACT))


def _whole(outcome: Outcome, digits: int) -> str | None:
    kind, data = outcome.kind, outcome.data
    if kind in ("tensor", "array"):
        small = 0 < data.shape.numel() <= SHOWN and len(data.shape) <= 2
        name = "tensor" if kind == "tensor" else "NumPy array"
        return f"{name}({_nested(data.tolist(), digits)})" if small else None
    if kind in ("list", "tuple", "dict"):
        return _items(outcome, digits) if len(data) <= SHOWN else None
    if kind == "raised":
        name, message = data
        return f"the error {name}: {message}" if message else f"the error {name}"
    if kind == "float":
        return _nested(data, digits)
    if kind == "str":
        return repr(data) if len(data) <= WIDTH else None
    return str(data)


def _items(outcome: Outcome, digits: int) -> str | None:
    if outcome.kind == "dict":
        pairs = [(_whole(k, digits), _whole(v, digits)) for k, v in outcome.data]
        if any(text is None for pair in pairs for text in pair):
            return None
        return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
    texts = [_whole(item, digits) for item in outcome.data]
    if None in texts:
        return None
    inside = ", ".join(texts)
    if outcome.kind == "list":
        return f"[{inside}]"
    return f"({inside},)" if len(texts) == 1 else f"({inside})"


def _nested(values, digits: int) -> str:
    if isinstance(values, list):
        return f"[{', '.join(_nested(value, digits) for value in values)}]"
    if not isinstance(values, float) or digits >= EXACT:
        return str(values)
    return f"{values:.{digits}g}"
