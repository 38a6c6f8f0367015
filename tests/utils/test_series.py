"""Real series have their length and their season; made ones are drawn once."""

import pytest
import torch

from utils import packaged, series


def test_sunspots_have_a_year_each_and_a_cycle_of_about_eleven():
    years, x = series.sunspots()
    assert years.tolist() == list(range(1700, 2009)) and x.dtype == torch.float32
    assert x[0] == 5 and years[x.argmax()] == 1957
    z = x - x.mean()
    lags = [float((z[lag:] * z[:-lag]).mean()) for lag in range(6, 16)]
    assert 6 + lags.index(max(lags)) in (10, 11)


def test_el_nino_is_read_row_by_row_and_is_warmest_in_march():
    years, x = series.el_nino()
    assert x.shape == years.shape == (732,) and x.dtype == torch.float32
    assert years[0] == 1950 and years[-1] == pytest.approx(2010 + 11 / 12)
    assert x[:3].tolist() == pytest.approx([23.11, 24.20, 25.37])
    assert x.reshape(61, 12).mean(dim=0).argmax() == 2


def test_seattle_hours_differ_little_from_day_to_day():
    x = series.seattle_hours()
    assert x.shape == (8759,) and 30 < x.min() < x.max() < 90
    assert (x[24:] - x[:-24]).abs().mean() < 0.2


def test_the_made_battery_falls_and_a_seed_gives_the_same_one():
    x = series.made_battery()
    assert x.shape == (600,) and torch.equal(x, series.made_battery(seed=0))
    assert not torch.equal(x, series.made_battery(seed=1))
    assert abs(x[0] - 2) < 0.05 and x[:100].mean() > x[300:400].mean() > x[500:].mean()
    assert (x[500:].mean() - x[400:500].mean()) < (x[100:200].mean() - x[:100].mean())


def test_mackey_glass_stays_bounded_and_does_not_repeat():
    x = series.mackey_glass(400)
    assert x.shape == (400,) and torch.equal(x, series.mackey_glass(400))
    assert x.min() > 0.1 and x.max() < 1.6 and x.std() > 0.1
    gaps = [(x[lag:] - x[:-lag]).abs().mean() for lag in range(1, 200)]
    assert min(gaps) > 0.02


def test_a_missing_package_is_named(monkeypatch):
    entry = packaged.PACKAGED["sunspots"]._replace(module="no_such_module")
    monkeypatch.setitem(packaged.PACKAGED, "sunspots", entry)
    with pytest.raises(packaged.MissingDataError, match="statsmodels"):
        series.sunspots()
