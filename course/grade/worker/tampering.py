"""What of IPython a cell may not change for the cells after it."""

import sys

from IPython.core.interactiveshell import InteractiveShell

PARTS = (
    *("user_ns", "user_module", "compile", "events", "input_transformer_manager"),
    *("prefilter_manager", "displayhook", "display_trap", "display_pub"),
    *("display_formatter", "builtin_trap", "history_manager", "custom_exceptions"),
    *("CustomTB", "InteractiveTB", "SyntaxTB"),
)
# What matplotlib registers when the first figure is made.
PLOTTING = (
    ("matplotlib.pyplot", "_draw_all_if_interactive"),
    ("matplotlib_inline.backend_inline", "flush_figures"),
)


class Fittings:
    """IPython as it was before the first cell.

    Nothing honest needs what is put back here: an input transformer, say, rewrites the
    cells that run later. How things are displayed is left to the student.

    Args:
        ipython: the shell, just begun.
    """

    def __init__(self, ipython: InteractiveShell):
        self._ipython = ipython
        self._parts = {name: getattr(ipython, name) for name in PARTS}
        self._lists = [
            (words, found, list(found)) for words, found in _lists_of(ipython)
        ]
        self._own = set(vars(ipython))

    def put_back(self) -> list[str]:
        """Undo what a cell did to IPython.

        Returns:
            What it was, in words that follow "a cell "; empty after an honest cell.
        """
        found = [*self._shadowed_methods(), *self._replaced_parts()]
        for words, current, before in self._lists:
            added = [entry for entry in current if entry not in before]
            added = [entry for entry in added if not _is_of_matplotlib(entry)]
            if added:
                current[:] = [entry for entry in current if entry not in added]
            if not all(map(_is_reloader, added)):
                found.append(f"registered {words}")
        if self._ipython.input_transformers_post:
            self._ipython.input_transformers_post = []
            found.append("registered an input transformer")
        return list(dict.fromkeys(found))

    def _shadowed_methods(self) -> list[str]:
        kind = type(self._ipython)
        new = [name for name in vars(self._ipython) if name not in self._own]
        shadows = [name for name in new if callable(getattr(kind, name, None))]
        for name in shadows:
            delattr(self._ipython, name)
        return [f"replaced IPython's {name}" for name in shadows]

    def _replaced_parts(self) -> list[str]:
        replaced = [
            name
            for name, part in self._parts.items()
            if getattr(self._ipython, name, None) is not part
        ]
        for name in replaced:
            setattr(self._ipython, name, self._parts[name])
        return [f"replaced IPython's {name}" for name in replaced]


def _lists_of(ipython: InteractiveShell) -> list[tuple[str, list]]:
    transforms = ipython.input_transformer_manager
    return [
        ("an input transformer", transforms.cleanup_transforms),
        ("an input transformer", transforms.line_transforms),
        ("an input transformer", transforms.token_transformers),
        ("an input transformer", ipython.prefilter_manager._transformers),
        ("a syntax tree transformer", ipython.ast_transformers),
        *(
            (f"a callback for {event}", callbacks)
            for event, callbacks in ipython.events.callbacks.items()
        ),
    ]


def _is_of_matplotlib(entry) -> bool:
    return any(
        entry is getattr(sys.modules.get(module), name, None)
        for module, name in PLOTTING
    )


def _is_reloader(entry) -> bool:
    """Whether `%load_ext autoreload` registered this: honest, and of no use here."""
    owner = type(getattr(entry, "__self__", None))
    return owner.__module__ == "IPython.extensions.autoreload"
