"""Signs of a way round a watch, in an answer to an exercise that forbids something.

What is such a way too but a sign in any answer (gc, ctypes, sys.setprofile, frames,
text run as code) stands in `flags`.
"""

import ast
import re
from collections.abc import Callable, Iterator

WAYS = {
    "starts threads": r"(threading|_thread|concurrent|asyncio)(\.|$)",
    "uses torch's insides": r"torch\.(ops|_\w+|library|jit|compile|fx)(\.|$)",
    "switches torch's modes": r"torch\.(overrides|utils\._\w+)(\.|$)",
}


def ways_round(node: ast.AST, path_of: Callable[[ast.AST], str]) -> Iterator[str]:
    """The signs in one node of a tree.

    Args:
        node: the node.
        path_of: gives the dotted name behind a node, aliases resolved.
    """
    if isinstance(node, ast.Import):
        paths = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        paths = [f"{node.module}.{alias.name}" for alias in node.names]
    else:
        paths = [path_of(node)] if isinstance(node, ast.Attribute) else []
    for words, pattern in WAYS.items():
        for path in paths:
            if re.match(pattern, path):
                shown = ".".join(path.split(".")[:2])
                yield f"{words} where something is forbidden ({shown})"
