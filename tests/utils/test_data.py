"""Data come whole and checked from packages, or with a clear word why not."""

import gzip
import hashlib
import os
import pickle
import struct
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_breast_cancer, load_diabetes
from torchvision.datasets import FashionMNIST

from utils import data, packaged
from utils.data import PACKAGED, animals, diabetes, fashion_mnist, load_array, mnist


def lose(monkeypatch, *names):
    for name in names:
        entry = PACKAGED[name]._replace(module="a_package_that_is_not_there")
        monkeypatch.setitem(PACKAGED, name, entry)


def change(monkeypatch, name):
    monkeypatch.setitem(PACKAGED, name, PACKAGED[name]._replace(sha256="0" * 64))


# The catalogue


@pytest.mark.parametrize("name", PACKAGED)
def test_each_file_of_the_catalogue_is_installed_and_unchanged(name):
    assert data.verify(name) == "ok"


def test_a_package_is_looked_at_without_being_imported():
    data.verify("nuclei")
    data.verify("animals")
    assert not {"stardist", "animal_mnist", "tensorflow"} & set(sys.modules)


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch):
    lose(monkeypatch, "nuclei")
    assert data.verify("nuclei") == "missing"
    with pytest.raises(
        FileNotFoundError, match="pip install --no-deps stardist==0.9.2"
    ):
        packaged.read("nuclei")


def test_a_package_without_its_file_is_missing(monkeypatch):
    entry = PACKAGED["penguins"]._replace(file="data/eaten.csv")
    monkeypatch.setitem(PACKAGED, "penguins", entry)
    assert data.verify("penguins") == "missing"


def test_a_changed_file_is_refused(monkeypatch):
    change(monkeypatch, "sunspots")
    assert data.verify("sunspots") == "changed"
    with pytest.raises(ValueError, match=r"sunspots.*pip install statsmodels==0.15.0"):
        packaged.read("sunspots")


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(KeyError, match="diabetes, "):
        data.verify("diabetis")


# Loaders


def test_diabetes_is_scikit_learns_table():
    X, y = diabetes(standardize=False)
    raw = load_diabetes(scaled=False)
    np.testing.assert_allclose(X, raw.data, rtol=1e-6)
    np.testing.assert_allclose(y[:, 0], raw.target)
    assert (X.dtype, y.dtype, y.shape) == (torch.float32, torch.float32, (442, 1))


def test_standardised_diabetes_has_mean_zero_and_deviation_one():
    for columns in diabetes():
        assert columns.mean(0).abs().max() < 1e-5
        assert (columns.std(0, correction=0) - 1).abs().max() < 1e-5


def test_breast_cancer_is_scikit_learns_table_with_1_for_malignant():
    X, y = data.breast_cancer()
    raw = load_breast_cancer()
    np.testing.assert_allclose(X, raw.data, rtol=1e-6)
    np.testing.assert_array_equal(y[:, 0], raw.target == 0)
    assert (X.dtype, y.dtype, y.shape) == (torch.float32, torch.float32, (569, 1))
    assert y.sum() == 212


def test_penguins_keep_their_missing_entries():
    table = data.penguins()
    assert table.shape == (344, 8)
    missing = table.isna().sum()
    assert missing[missing > 0].to_dict() == {
        "bill_length_mm": 2,
        "bill_depth_mm": 2,
        "flipper_length_mm": 2,
        "body_mass_g": 2,
        "sex": 11,
    }


def test_cars_have_short_names_a_year_and_their_missing_entries():
    table = data.cars()
    assert table.shape == (406, 9)
    assert set(table.columns) == {
        *("name", "origin", "mpg", "horsepower", "cylinders"),
        *("displacement", "weight", "acceleration", "year"),
    }
    assert (table["year"].min(), table["year"].max()) == (1970, 1982)
    assert table["mpg"].isna().sum() == 8 and table["horsepower"].isna().sum() == 6


@pytest.mark.parametrize("load", [mnist, animals])
def test_images_have_the_shapes_types_and_range_they_promise(load):
    (X, y), (X_test, y_test) = load(num_train=300, num_test=70)
    assert X.shape == (300, 1, 28, 28) and X_test.shape == (70, 1, 28, 28)
    assert y.shape == (300,) and y_test.shape == (70,)
    assert X.dtype == torch.float32 and y.dtype == torch.int64
    assert (X.min(), X.max()) == (0, 1)
    assert set(y.tolist()) == set(range(10))


def test_no_animal_of_the_test_set_was_trained_on():
    (X, _), (X_test, _) = animals(num_train=8000, num_test=1716)
    both = torch.cat([X, X_test]).flatten(1)
    assert len({image.numpy().tobytes() for image in both}) == 9716


def test_no_digit_of_the_test_set_was_trained_on():
    (X, _), (X_test, _) = mnist()
    both = torch.cat([X, X_test]).flatten(1)
    assert len({image.numpy().tobytes() for image in both}) == 5000


@pytest.mark.parametrize(
    "name, shape",
    [("astronaut", (3, 512, 512)), ("china", (3, 427, 640)), ("camera", (1, 512, 512))],
)
def test_a_photo_has_its_channels_first_and_lies_between_0_and_1(name, shape):
    X = data.photo(name)
    assert X.shape == shape and X.dtype == torch.float32 and X.is_contiguous()
    assert X.min() >= 0 and X.max() <= 1 and X.std() > 0.1


def test_a_photo_is_what_its_package_shows():
    from skimage import data as pictures

    assert torch.equal(
        (data.photo("coffee") * 255).round().byte().permute(1, 2, 0),
        torch.from_numpy(pictures.coffee()),
    )


@pytest.mark.parametrize("name", ["nobody", "mnist", "nuclei"])
def test_what_is_no_photo_is_answered_with_the_known_ones(name):
    with pytest.raises(ValueError, match=r"no photo .*astronaut, brick"):
        data.photo(name)


def test_the_split_is_the_seeds_and_leaves_the_global_stream_alone():
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    (first, _), _ = mnist(50, 10)
    assert torch.equal(torch.rand(4), expected)
    (again, _), _ = mnist(50, 10)
    (other, _), _ = mnist(50, 10, seed=1)
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_more_digits_than_there_are_is_an_error():
    with pytest.raises(ValueError, match="4500 \\+ 501 examples; there are 5000"):
        mnist(4500, 501)


@pytest.mark.parametrize("harm", [lose, change])
def test_mnist_falls_back_to_scikit_learns_digits_and_says_so(
    monkeypatch, capsys, harm
):
    harm(monkeypatch, "mnist")
    (X, y), (X_test, _) = mnist()
    assert "digits instead of MNIST" in capsys.readouterr().out
    assert len(X) + len(X_test) in (1796, 1797)
    assert X.shape[1:] == (1, 28, 28) and (X.min(), X.max()) == (0, 1)
    assert X.dtype == torch.float32 and y.dtype == torch.int64


def test_animals_fall_back_to_mnist_and_say_so(monkeypatch, capsys):
    lose(monkeypatch, "animals")
    (X, _), (X_test, _) = animals(num_train=8000, num_test=1000)
    assert "digits instead of animals" in capsys.readouterr().out
    assert (len(X), len(X_test)) == (4444, 555)


def test_animals_fall_back_twice_where_both_packages_are_gone(monkeypatch, capsys):
    lose(monkeypatch, "animals", "mnist")
    (X, _), _ = animals()
    assert "instead of MNIST" in capsys.readouterr().out
    assert X.shape[1:] == (1, 28, 28)


def test_a_pickle_with_anything_but_arrays_is_not_run(monkeypatch):
    class Harm:
        def __reduce__(self):
            return os.system, ("exit 1",)

    content = gzip.compress(pickle.dumps(Harm()))
    monkeypatch.setattr(data, "read", lambda name: content)
    with pytest.raises(pickle.UnpicklingError, match="system"):
        animals()


# Minibatches


@settings(deadline=None, max_examples=40)
@given(
    n=st.integers(1, 40),
    batch_size=st.integers(1, 45),
    shuffle=st.booleans(),
    seed=st.integers(0, 2**31),
)
def test_an_epoch_gives_each_example_exactly_once(n, batch_size, shuffle, seed):
    X, y = torch.arange(2 * n).reshape(n, 2), torch.arange(n)
    batches = list(load_array((X, y), batch_size, shuffle, seed))
    assert [len(y) for _, y in batches[:-1]] == [batch_size] * (len(batches) - 1)
    assert sorted(torch.cat([y for _, y in batches]).tolist()) == list(range(n))
    assert all(torch.equal(X, torch.stack([2 * y, 2 * y + 1], 1)) for X, y in batches)


def test_a_batch_is_a_tuple_and_the_length_counts_the_short_one():
    loader = load_array((np.zeros((10, 3), np.float32), np.arange(10)), 4)
    assert len(loader) == 3
    assert all(isinstance(batch, tuple) and len(batch) == 2 for batch in loader)


def test_a_batch_costs_one_index_operation_for_each_array(monkeypatch):
    calls = []
    one = torch.utils.data.TensorDataset.__getitem__
    monkeypatch.setattr(
        torch.utils.data.TensorDataset,
        "__getitem__",
        lambda self, index: calls.append(index) or one(self, index),
    )
    list(load_array((torch.zeros(10),), 4))
    assert [len(index) for index in calls] == [4, 4, 2]


def test_shuffled_epochs_differ_and_the_seed_repeats_them():
    epochs = [torch.cat([x for (x,) in it]).tolist() for it in two_epochs(seed=5)]
    again = [torch.cat([x for (x,) in it]).tolist() for it in two_epochs(seed=5)]
    assert epochs[0] != epochs[1] and epochs == again


def two_epochs(seed):
    loader = load_array((torch.arange(50),), 8, seed=seed)
    return [loader, loader]


def test_shuffling_leaves_the_global_stream_alone():
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    list(load_array((torch.arange(50),), 8))
    assert torch.equal(torch.rand(4), expected)


@pytest.mark.parametrize("lengths", [(3, 4), (0, 0), ()])
def test_arrays_of_unequal_or_no_length_are_refused(lengths):
    with pytest.raises(ValueError, match="arrays of lengths"):
        load_array([torch.zeros(n) for n in lengths], 2)


def test_a_batch_size_of_zero_is_refused():
    with pytest.raises(ValueError, match="batch_size"):
        load_array((torch.zeros(3),), 0)


# The download


def idx(array):
    """Return an array in the format of MNIST's files, gzipped."""
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return gzip.compress(head + array.tobytes())


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def server(tmp_path):
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=tmp_path / "mirror")
    ) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def stand_in(tmp_path, monkeypatch, server):
    """A mirror of Fashion-MNIST on this machine, with five and two examples."""
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    resources = []
    for part, n in (("train", 5), ("t10k", 2)):
        images = np.full((n, 28, 28), 255, np.uint8)
        for kind, array in (
            ("images-idx3", images),
            ("labels-idx1", np.arange(n, dtype=np.uint8)),
        ):
            name, content = f"{part}-{kind}-ubyte.gz", idx(array)
            (mirror / name).write_bytes(content)
            resources.append((name, hashlib.md5(content).hexdigest()))
    monkeypatch.setattr(FashionMNIST, "mirrors", [server])
    monkeypatch.setattr(FashionMNIST, "resources", resources)
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("COURSE_DATA", "full")
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "cache"))
    return mirror


def test_fashion_mnist_is_not_downloaded_unasked(stand_in, monkeypatch, tmp_path):
    monkeypatch.delenv("COURSE_DATA")
    with pytest.raises(RuntimeError, match="COURSE_DATA=full"):
        fashion_mnist()
    assert not (tmp_path / "cache").exists()


def test_fashion_mnist_is_downloaded_where_it_is_asked_for(stand_in, capsys):
    (X, y), (X_test, y_test) = fashion_mnist()
    assert X.shape == (5, 1, 28, 28) and X_test.shape == (2, 1, 28, 28)
    assert X.dtype == torch.float32 and X.min() == X.max() == 1
    assert y.tolist() == [0, 1, 2, 3, 4] and y_test.dtype == torch.int64
    assert capsys.readouterr().err == ""


def test_fashion_mnist_is_downloaded_once(stand_in):
    fashion_mnist()
    for file in stand_in.iterdir():
        file.unlink()
    (X, _), _ = fashion_mnist()
    assert len(X) == 5


def test_a_download_that_was_tampered_with_is_refused(stand_in):
    labels = stand_in / "train-labels-idx1-ubyte.gz"
    labels.write_bytes(idx(np.ones(5, np.uint8)))
    with pytest.raises(ConnectionError, match="animals"):
        fashion_mnist()


def test_without_a_network_the_error_says_what_needs_none(stand_in, monkeypatch):
    monkeypatch.setattr(FashionMNIST, "mirrors", ["http://127.0.0.1:9/"])
    with pytest.raises(ConnectionError, match=r"Is there a network\? animals\(\)"):
        fashion_mnist()


def test_the_cache_is_the_users_unless_a_folder_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    assert data._cache() == tmp_path
    monkeypatch.delenv("COURSE_DATA_DIR")
    assert data._cache().name == ".data"


# Surnames


def test_surnames_are_distinct_sorted_lists_of_nineteen_countries_as_spelled():
    lists = data.surnames()
    assert list(lists) == sorted(lists) and len(lists) == 19
    assert all(names == sorted(set(names)) for names in lists.values())
    assert len(lists["Ireland"]) > 2000 and "Virtanen" in lists["Finland"]
