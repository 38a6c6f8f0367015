"""Figures are drawn unseen, and none is left open."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def agg_and_nothing_left_open():
    mpl.use("Agg")
    yield
    plt.close("all")
