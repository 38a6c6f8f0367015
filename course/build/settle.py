"""Values that processors round apart stay as an earlier build wrote them.

Also with the plainest instructions MKL adds in another order on AMD's processors than
on Intel's, and after some steps of training the sixth digit differs. A build that wrote
it anew would change files and say nothing.
"""

import ast
import json
from itertools import chain
from pathlib import Path

import nbformat

from course.build.freeze import Frozen
from utils.check.compare import difference
from utils.check.outcome import Outcome
from utils.check.store import ROUNDING, decode, parts, unpack

SMALLEST = 1e-6  # absolute: what float32 loses where numbers of about 1 cancel


def settle(frozen: dict[str, Frozen], built: dict[str, Frozen]) -> dict[str, Frozen]:
    """Take what was built before wherever nothing but rounding differs from it.

    Args:
        frozen: new values by exercise id.
        built: those of the notebook that an earlier build made, see `built_values`.

    Returns:
        the values to write, by exercise id.
    """
    return {
        name: Frozen(
            _settled(values.visible, built[name].visible),
            _settled(values.hidden, built[name].hidden),
        )
        if name in built
        else values
        for name, values in frozen.items()
    }


def built_values(path: Path) -> dict[str, Frozen]:
    """The frozen values in a source notebook, by exercise id.

    Args:
        path: that of the notebook; what is missing or no notebook of ours has none.
    """
    try:
        cells = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
        visible = json.loads(_literal(cells["frozen-values"].source, "check.load"))
        visible = {i: e for i, e in visible.items() if "choice" not in e}  # all exact
        tests = {name: cells[f"test-{name}"].source for name in visible}
        hidden = {name: _literal(test, "check.hidden") for name, test in tests.items()}
    except Exception:  # whatever lies there: a build replaces it, a check names it
        return {}
    for entry in visible.values():
        entry.pop("hints", None)
    return {
        name: Frozen(_as_text({name: entry} if entry else {}), hidden[name])
        for name, entry in visible.items()
    }


def _literal(source: str, function: str) -> str:
    """The JSON text that a cell hands, packed, to a function of the check library."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    packed = next(c.args[0].value for c in calls if ast.unparse(c.func) == function)
    return unpack(packed)


def _as_text(values: dict) -> str:
    return json.dumps(values, separators=(",", ":"), sort_keys=True)


def _settled(new: str, old: str) -> str:
    """The old text if its values are the new ones, as far as rounding goes."""
    return old if _alike(json.loads(new), json.loads(old)) else new


def _alike(new: dict, old: dict) -> bool:
    if new.keys() != old.keys():
        return False
    return all(
        new[name]["names"] == old[name]["names"]
        and _shapes(new[name]) == _shapes(old[name])
        and all(map(_agree, _outcomes(new[name]), _outcomes(old[name])))
        for name in new
    )


def _shapes(entry: dict) -> list[int]:
    return [len(probe) for probe in entry["probes"]]


def _outcomes(entry: dict) -> list[Outcome | None]:
    return [decode(item) for item in chain.from_iterable(entry["probes"])]


def _asking(outcome: Outcome) -> list[bool]:
    """Which of an outcome's tensors ask for gradients."""
    inner = (flag for part in parts(outcome) for flag in _asking(part))
    return [outcome.grad, *inner]


def _agree(new: Outcome | None, old: Outcome | None) -> bool:
    """Whether two outcomes are one, or the same but for how numbers were rounded."""
    if new is None or old is None or new.kind in ("raised", "other"):
        return new == old
    if _asking(new) != _asking(old):
        return False
    return difference(new, old, rtol=ROUNDING, atol=SMALLEST, strict=True) is None
