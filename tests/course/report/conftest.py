"""The fixtures of these tests."""

from class_by_hand import no_figures, work  # noqa: F401
