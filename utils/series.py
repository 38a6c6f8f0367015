"""Series in time: real ones that packages ship, and made ones, as plain tensors."""

import io

import numpy as np
import pandas as pd
import torch

from utils.packaged import read


def sunspots():
    """Return the mean number of sunspots of each year from 1700 to 2008.

    Returns:
        years: (309,) int64.
        x: (309,) float32, sunspots in the yearly mean.

    Raises:
        MissingDataError, ChangedDataError: of statsmodels' file.

    Source: National Geophysical Data Center; in statsmodels, public domain.
    """
    table = _table("sunspots")
    return torch.tensor(table["YEAR"].to_numpy().astype("int64")), _float32(
        table["SUNACTIVITY"]
    )


def el_nino():
    """Return the monthly temperature of the Pacific's surface, 1950 to 2010.

    Measured in the east of the tropical Pacific, off the coast of South America, where
    El Nino makes the water warm.

    Returns:
        years: (732,) float32, the year and the part of it that is over: 1950.0 is
            January.
        x: (732,) float32, degrees Celsius.

    Raises:
        MissingDataError, ChangedDataError: of statsmodels' file.

    Source: National Weather Service; in statsmodels, public domain.
    """
    table = _table("elnino")
    months = torch.arange(len(table) * 12)
    years = int(table["YEAR"].iloc[0]) + months / 12
    return years, _float32(table.drop(columns="YEAR")).flatten()


def seattle_hours():
    """Return a temperature in Seattle for nearly each hour of 2010; one is missing.

    Returns:
        (8759,) float32, degrees Fahrenheit.

    Raises:
        MissingDataError, ChangedDataError: of vega-datasets' file.

    Source: NOAA; in vega-datasets, public domain.
    """
    return _float32(_table("seattle_temps")["temp"])


def made_battery(num_cycles=600, seed=0):
    """Return a MADE series with the shape of a battery's ageing: no real measurement.

    The capacity falls with each charge and discharge, faster from cycle 300 on. Now and
    then a rest brings a little of it back for a few cycles.

    Args:
        num_cycles: cycles of charge and discharge.
        seed: of the rests and the noise.

    Returns:
        (num_cycles,) float32, capacity in ampere-hours; a new one has about 2.
    """
    rng = np.random.default_rng(seed)
    cycles = np.arange(num_cycles)
    fade = 3.5e-4 * cycles + 4.5e-7 * np.maximum(cycles - 300, 0) ** 2
    rested, gained = np.zeros(num_cycles), 0.0
    for cycle in range(num_cycles):
        gained = 0.9 * gained + 0.015 * (rng.random() < 1 / 40)
        rested[cycle] = gained
    noise = 0.002 * rng.standard_normal(num_cycles)
    return _float32(2 * (1 - fade + rested + noise))


def mackey_glass(num_steps=1500, delay=17, seed=0):
    """Return a MADE chaotic series: the equation of Mackey and Glass, in steps of 6.

    dx/dt = 0.2 x(t - delay) / (1 + x(t - delay)^10) - 0.1 x(t), in small steps of 0.1;
    every sixth unit of time is kept, after 2,000 units that are thrown away.

    Args:
        num_steps: numbers to return.
        delay: how far back the equation looks, in whole units of time.
        seed: of the start.

    Returns:
        (num_steps,) float32, without a unit.

    Source: Mackey and Glass, Oscillation and chaos in physiological control systems,
        Science 197, 1977.
    """
    rng, fine, every, thrown = np.random.default_rng(seed), 10, 6, 2000
    back = delay * fine
    x = np.empty(back + (thrown + every * num_steps) * fine)
    x[:back] = 1.2 + 0.1 * rng.standard_normal(back)
    for t in range(back, len(x)):
        old = x[t - back]
        x[t] = x[t - 1] + (0.2 * old / (1 + old**10) - 0.1 * x[t - 1]) / fine
    return _float32(x[back + thrown * fine :: every * fine][:num_steps])


def _table(name):
    return pd.read_csv(io.BytesIO(read(name)))


def _float32(values):
    return torch.tensor(np.asarray(values, dtype=np.float32))
