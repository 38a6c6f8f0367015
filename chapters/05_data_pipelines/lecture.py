# %% [markdown]
# # Data pipelines: how much of your score is true?
# A gallon of petrol took one old car 9 miles, another one 46. Can you tell
# which, from the engine and the weight? A net can, quite well. But this chapter asks
# something harder: *how do you know that it can?*
#
# Between a table and a score stands a **data pipeline**: split, prepare, batch, train,
# measure. No part of it raises an error if it is wrong. You get a number, often a
# better one than you deserve. Here you build each part, break it and measure what that
# does to the score.
#
# You need [one-hot codes](01 "one-hot encoding"), [`no_grad`](02 "no_grad"),
# [linear regression](03 "affine"), its [mini-batches](03 "mini-batch"),
# [gradient descent](03 "gradient descent") and the [sigmoid](04 "sigmoid").

# %%
import gzip
import itertools
import math
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from sklearn import metrics as sk
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset, default_collate
from torchvision import transforms

from utils import plots
from utils.data import cars, mnist
from utils.device import set_seed, try_gpu
from utils.drawings import data_pipelines as drawings
from utils.metrics import r2

plots.use_style()
set_seed(0)

# %% [markdown]
# ## A real table
# 406 cars (Ramos and Donoho, 1983). We predict `mpg`, the miles that a gallon takes the
# car. Real tables have holes, and two kinds of hole need two treatments:
#
# - **the label is missing**: the row can teach nothing, so drop it
# - **a feature is missing**: keep the row and [fill the hole](01 "impute"), later,
#   with a value that is learned from the training rows

# %%
table = cars().dropna(subset=["mpg"]).reset_index(drop=True)
NUMBERS = ["cylinders", "displacement", "horsepower", "weight", "acceleration", "year"]
print(table[["name", "mpg", "horsepower", "weight", "origin"]].head(3).to_string())
holes = int(table["horsepower"].isna().sum())
print(f"{len(table)} cars with a label, {holes} of them without horsepower")
print(f"miles per gallon: from {table['mpg'].min()} to {table['mpg'].max()}")
assert len(table) == 398 and holes == 6
assert int(table["mpg"].min()) == 9 and int(table["mpg"].max()) == 46

# %% [markdown]
# ## Three parts, three jobs
# Score a model on rows that it was fitted to, and you measure its memory. So split
# first, before you look at anything:
#
# - **training set**: parameters are fitted to it, and all that is learned from data
# - **validation set**: you choose with it: the model, the learning rate, the epoch
# - **test set**: opened once, at the end. It tells how good the chosen model is
#
# The names matter. A "test set" that you look at ten times to choose among ten models
# is a validation set, whatever its name. What that costs is measured below.

# %%
rest, test_rows = train_test_split(table, test_size=80, random_state=0)
train_rows, valid_rows = train_test_split(rest, test_size=80, random_state=0)
parts = {"training": train_rows, "validation": valid_rows, "test": test_rows}
print({name: len(rows) for name, rows in parts.items()})
seen = [set(rows.index) for rows in parts.values()]
assert [len(s) for s in seen] == [238, 80, 80] and len(set.union(*seen)) == 398
assert table["year"][-80:].min() >= 1980 and test_rows["year"].min() == 1970

# %% [markdown]
# `train_test_split` is scikit-learn's. It shuffles, which is needed here: the table is
# sorted by year, and its last 80 rows are all cars of the 1980s. (If the question were
# "will it work for *next* year's cars?", a split by year would be the right one. Split
# as the model will be used.)

# %% [markdown]
# ## Prepare with what the training rows know
# Columns are [standardised](03 "standardise"): mean 0, deviation 1. The origin is a
# word; it becomes three columns of 0 and 1, a [one-hot](01 "one-hot encoding") code.
# Mean, deviation and list of words are *learned from data*, just like weights. So they
# follow the same rule: learn them from the training rows, then apply them to all.
#
# `fit` learns and `transform` applies. The two are separate functions, so that you
# can't mix them up.


# %%
class Preparation:
    """Fills holes, standardises numbers, encodes words; `fit` learns how."""

    def fit(self, rows):
        numbers = self.numbers(rows)  # (N, 6), with NaN where a value is missing
        self.mean = numbers.nanmean(dim=0)  # (6,)
        self.std = torch.where(numbers.isnan(), self.mean, numbers).std(dim=0)
        self.words = np.array(sorted(rows["origin"].unique()))
        return self

    def transform(self, rows):
        numbers = self.numbers(rows)
        filled = torch.where(numbers.isnan(), self.mean, numbers)
        one_hot = rows["origin"].to_numpy()[:, None] == self.words  # (N, 1), (3,)
        one_hot = torch.tensor(one_hot.astype("float32"))  # (N, 3)
        return torch.cat([(filled - self.mean) / self.std, one_hot], dim=1)  # (N, 9)

    @staticmethod
    def numbers(rows):
        return torch.tensor(rows[NUMBERS].to_numpy(), dtype=torch.float32)


# %%
preparation = Preparation().fit(train_rows)
means = {k: preparation.transform(rows)[:, :6].mean(0) for k, rows in parts.items()}
for name, mean in means.items():
    print(f"{name:10} means of the six columns {mean.numpy().round(2)}")
assert means["training"].abs().max() < 1e-4
assert 0.01 < means["validation"].abs().max() < 0.5

# %% [markdown]
# The means of the validation rows are not 0, and they shouldn't be: those rows are
# measured with the training rows' ruler. If all three lines say 0, somebody has made a
# ruler for each part.
#
# Beware of tables that come prepared. scikit-learn's `load_diabetes` is scaled on *all*
# rows unless you say `scaled=False`; our own `diabetes()` does the same unless you say
# `standardize=False`.

# %% [markdown]
# ## A Dataset answers two questions
# How many examples are there, and which is number `i`? That is all a `Dataset` is:
# `__len__` and `__getitem__`. Whatever answers these two can be shuffled, batched and
# trained on.


# %%
class CarDataset(Dataset):
    """Prepared cars: item i is (features (9,), standardised mpg (1,))."""

    def __init__(self, rows, preparation, mpg_mean, mpg_std):
        mpg = torch.tensor(rows["mpg"].to_numpy(), dtype=torch.float32)
        self.X = preparation.transform(rows)  # (N, 9)
        self.y = (mpg.reshape(-1, 1) - mpg_mean) / mpg_std  # (N, 1)

    def __len__(self):
        return len(self.X)

    def __getitem__(self, i):
        return self.X[i], self.y[i]


mpg_mean, mpg_std = train_rows["mpg"].mean(), train_rows["mpg"].std()
datasets = {
    name: CarDataset(rows, preparation, mpg_mean, mpg_std)
    for name, rows in parts.items()
}
x, y = datasets["training"][0]
print(len(datasets["training"]), "items; the first:", tuple(x.shape), tuple(y.shape))
assert len(datasets["training"]) == 238 and x.shape == (9,) and y.shape == (1,)

# %% [markdown]
# ## In memory, or lazily from disk?
# `CarDataset` holds everything **in memory**. A million photos don't fit, so a
# `Dataset` may also load **lazily**: `__getitem__` opens the file and reads item `i`
# when it is asked for. Let us store 1,000 digits of MNIST in two ways, as a compressed
# CSV file (`.csv.gz`) and as a plain block of bytes (`.npy`). The second is an array,
# and an array answers both questions already; it can stay on the disk as a **memory
# map** (`mmap`), from which only the rows that you ask for are read.


# %%
class GzipRows(Dataset):
    """Item i is line i of a compressed CSV, read when it is asked for."""

    def __init__(self, path, length):
        self.path, self.length = path, length
        self.unpacked = 0  # bytes, for the last item

    def __len__(self):
        return self.length

    def __getitem__(self, i):
        with gzip.open(self.path) as lines:
            line = next(itertools.islice(lines, i, None))
            self.unpacked = lines.tell()
        return torch.tensor([int(w) for w in line.split(b",")], dtype=torch.uint8)


# %%
(digits, _), _ = mnist(num_train=1000, num_test=0)
pixels = (digits.reshape(1000, 784) * 255).round().to(torch.uint8)  # (1000, 784)
folder = tempfile.TemporaryDirectory()
csv_path, npy_path = (Path(folder.name) / f for f in ("digits.csv.gz", "digits.npy"))
with gzip.open(csv_path, "wt", compresslevel=6) as file:
    file.writelines(",".join(map(str, row)) + "\n" for row in pixels.tolist())
np.save(npy_path, pixels.numpy())
mapped = np.load(npy_path, mmap_mode="r")
stores = {"gzip, lazily": GzipRows(csv_path, 1000), "mapped file": mapped}
stores["in memory"] = pixels
for name, store in stores.items():
    assert store[417].tolist() == pixels[417].tolist(), name
sizes = [path.stat().st_size // 1000 for path in (csv_path, npy_path)]
print(f"all three agree; kilobytes on disk: gzip {sizes[0]}, npy {sizes[1]}")
assert sizes[0] < sizes[1] / 2

# %% [markdown] predict="row_of_a_gzip"
# **Predict.** The compressed file is the smaller one. How long does its row 999 take,
# compared with its row 9?
#
# - As long: a row is a row.
#   wrong: a file thought to be a list. A compressed file has no marks where rows begin.
# - Much longer.
#   right: to find row 999 the file must be unpacked from its first byte on.
# - Somewhat longer, as the disk has to turn farther.
#   wrong: the disk blamed, where the processor unpacks. The file is small and has
#   been read before, so it lies in memory anyway.


# %%
def seconds(store, i):
    """Least time of seven to read item i."""
    times = []
    for _ in range(7):
        start = time.perf_counter()
        store[i].sum()  # touches each number, so that nothing stays unread
        times.append(time.perf_counter() - start)
    return min(times)


positions = [0, 9, 99, 250, 500, 750, 999]
took = {name: [seconds(s, i) * 1e6 for i in positions] for name, s in stores.items()}
slow = took["gzip, lazily"]
print(f"gzip: row 999 takes {slow[-1] / slow[1]:.0f} times as long as row 9 here")

# %% [markdown]
# Seconds depend on what else your computer does. So count as well: how many bytes are
# unpacked for one row?

# %%
rows = GzipRows(csv_path, 1000)
unpacked = {i: (rows[i], rows.unpacked)[1] for i in positions}
print({f"row {i}": f"{size:,} bytes" for i, size in unpacked.items()})
with gzip.open(csv_path) as lines:
    ends = np.cumsum([len(line) for line in lines])  # where each line ends
print(f"lazy epoch: {ends.sum() / ends[-1]:.0f} times the file; read once: 1 time")
assert list(unpacked.values()) == ends[positions].tolist()
assert unpacked[999] > 50 * unpacked[9] and ends.sum() > 400 * ends[-1]

# %% [markdown]
# **Look for** the one line that climbs, and how far it is above the other two (the
# scale is logarithmic: each number is ten times the one below it).

# %%
fig, ax = plots.figure(width=6, height=3)
plots.curves(ax, positions, took, "number of the row", "time to read it (microseconds)")
ax.set(yscale="log", ylim=(0.3, None))
ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
plots.show(
    fig,
    alt="Time to read a row against its number, on a log scale, for three stores. The "
    "compressed file takes longer for late rows than for early ones, and much longer "
    "than the mapped file and the tensor in memory, which are level.",
)

# %% [markdown]
# The compressed file climbs, far above the other two from the first row on; the mapped
# one (`mmap`) jumps to a row's place, since all rows have one length. So a `Dataset`
# over a compressed CSV reads it **once**, in `__init__`, if it fits into memory: one
# lazy epoch unpacks as much as some 500 such readings. If it doesn't fit, rewrite it
# once to a format with known places, or read it as a stream (an `IterableDataset`) and
# give up random order.

# %% [markdown]
# ## Batch, iteration, epoch
# An **epoch** is one pass over all $N$ training examples. A **batch** is the few of
# them that one step uses, $B$ of them (the batch size). One step is an **iteration**.
# So
#
# $$\text{iterations per epoch} = \lceil N / B \rceil, \qquad
# \text{size of the last batch} = N - B \, (\lceil N / B \rceil - 1)$$
#
# The brackets mean: round up (**ceil**). With `drop_last=True` a last batch that is
# short is thrown away, and you round down. For $N = 238$ and $B = 32$ that is 8
# iterations, and a last batch of 14.
#
# **Look for** the hatched batch of each part: where is it, and how many does it hold?

# %%
fig, ax = plots.figure(width=8.5, height=1.9)
drawings.parts_and_batches(ax, {k: len(rows) for k, rows in parts.items()}, 32)
plots.show(
    fig,
    alt="Three horizontal bars for training, validation and test set, cut into batches "
    "of 32. Training: seven full batches and a short one of 14. Validation and test: "
    "two full batches and one of 16 each.",
)

# %%
N, B = len(train_rows), 32
iterations, last = math.ceil(N / B), N - B * (math.ceil(N / B) - 1)
print(f"{iterations} iterations an epoch, the last batch has {last}")
print(f"50 epochs make {50 * iterations} updates; with drop_last {50 * (N // B)}")
assert (iterations, last, N // B) == (8, 14, 7) and math.ceil(80 / B) == 3

# %% [markdown]
# Each part ends with a short one: 14, 16 and 16. Remember them; they come back.
#
# ## What a DataLoader does
# Three jobs: choose which rows come next (the **sampler**), fetch them from the
# `Dataset`, and put single examples together to a batch (**collate**). From scratch it
# is four lines.


# %%
def batches(dataset, batch_size, shuffle):
    """One epoch: yields X (B, 9), y (B, 1)."""
    order = torch.randperm(len(dataset)) if shuffle else torch.arange(len(dataset))
    for rows in order.split(batch_size):  # the sampler
        items = [dataset[i] for i in rows.tolist()]  # fetch
        yield [torch.stack(part) for part in zip(*items, strict=True)]  # collate


mine = list(batches(datasets["validation"], 32, shuffle=False))
theirs = list(DataLoader(datasets["validation"], batch_size=32))
for (X1, y1), (X2, y2) in zip(mine, theirs, strict=True):
    assert torch.equal(X1, X2) and torch.equal(y1, y2)
print("shapes of the batches:", [tuple(X.shape) for X, _ in theirs])
assert [len(X) for X, _ in theirs] == [32, 32, 16]

# %% [markdown]
# `shuffle=True` belongs to the training set: a new order in each epoch. Validation and
# test data don't need it, as nothing is learned from them.

# %%
train_iter = DataLoader(datasets["training"], batch_size=32, shuffle=True)
valid_iter = DataLoader(datasets["validation"], batch_size=32)
test_iter = DataLoader(datasets["test"], batch_size=32)
print("batches:", [len(it) for it in (train_iter, valid_iter, test_iter)])
first, second = (torch.cat([y for _, y in train_iter]) for _ in range(2))
assert not torch.equal(first, second)
assert torch.equal(first.sort(dim=0).values, second.sort(dim=0).values)

# %% [markdown]
# ## When examples have unequal lengths
# The default `collate` stacks, and a stack needs equal shapes. The names of cars
# haven't got them: "ford pinto" has 10 letters, "chevrolet chevelle malibu" 25. The
# remedy is a `collate_fn` of your own that **pads**: it fills short ones up with 0, and
# returns the true lengths, so that nobody takes the filling for data.


# %%
def pad_names(names):
    """List of 1-d tensors -> (B, longest) filled with 0, and the lengths (B,)."""
    lengths = torch.tensor([len(name) for name in names])
    padded = torch.zeros(len(names), int(lengths.max()), dtype=torch.long)
    for row, name in zip(padded, names, strict=True):
        row[: len(name)] = name
    return padded, lengths


names = [torch.tensor(list(name.encode())) for name in table["name"]]
try:
    default_collate(names[:4])
except RuntimeError as problem:
    print("default:", str(problem).split(",")[0])
loader = DataLoader(names, batch_size=16, collate_fn=pad_names)
padded, lengths = next(iter(loader))
print("padded", tuple(padded.shape), "lengths", lengths.tolist())
assert padded.shape == (16, lengths.max()) and (padded > 0).sum() == lengths.sum()

# %% [markdown]
# **Look for** how much of the left batch is filling (dark), and what changes on the
# right, where the names were sorted by length before they were cut into batches.

# %%
by_length = sorted(names, key=len)
filled = {}
for title, order in (("as they come", names), ("sorted by length", by_length)):
    pairs = list(DataLoader(order, batch_size=16, collate_fn=pad_names))
    cells = sum(p.numel() for p, _ in pairs)
    filled[title] = 1 - sum(int(n.sum()) for _, n in pairs) / cells
print({title: f"{share:.0%} is filling" for title, share in filled.items()})
assert filled["as they come"] > 1 / 3 and filled["sorted by length"] < 0.05

fig, axes = plots.figure(1, 2, width=4.2, height=2.7)
for ax, order, title in zip(axes, (names, by_length[192:]), filled, strict=True):
    drawings.letters(ax, pad_names(order[:16])[0], title)
plots.show(
    fig,
    alt="Two batches of 16 names as bars of letters. Left, as they come: bars of very "
    "unequal length, much filling behind them. Right, sorted by length: bars of almost "
    "equal length, hardly any filling.",
)

# %% [markdown]
# Over all batches, more than a third of the work would go into filling; sorted by
# length, nearly nothing. The price: the batches are no longer random. In practice one
# sorts within large random pools.

# %% [markdown]
# ## The four-step recipe
# Whatever you train, in this course or later, has these four steps:
#
# 1. **Data**: split, prepare, `Dataset`, `DataLoader`. Done.
# 2. **Model**
# 3. **Loss and optimiser**
# 4. **Loop**: for each epoch, for each batch: predict, loss, gradient, step; then look
#    at the validation set
#
# The model is a small net: 32 weighted sums, each through a [sigmoid](04 "sigmoid"),
# and a weighted sum of those. `nn.Dropout(0.2)` sets each of the 32 to zero with
# probability 0.2 *while it trains* (and divides the others by 0.8): noise on purpose.
# [Dropout](08 "dropout") is explained later; here it serves to show what modes are.

# %%
device = try_gpu()


def make_net():
    """Nine features -> one number, the standardised mpg."""
    layers = nn.Linear(9, 32), nn.Sigmoid(), nn.Dropout(0.2), nn.Linear(32, 1)
    return nn.Sequential(*layers).to(device)


smoke = make_net()(torch.randn(4, 9, device=device))  # random numbers: a smoke test
print("a batch of 4 random examples gives", tuple(smoke.shape))
assert smoke.shape == (4, 1) and smoke.isfinite().all()

# %% [markdown]
# That last line is a **smoke test**: a batch of random numbers, before any real data.
# It says nothing about quality, but it finds wrong shapes before you wait for an epoch.
#
# Two helpers follow. Mind what `mean_loss` does: it switches to `eval` mode, it asks
# for no gradients, and it weighs each batch by its size.


# %%
@torch.no_grad()
def mean_loss(net, data_iter, loss=nn.functional.mse_loss):
    """Mean of the loss over all examples, in eval mode."""
    net.eval()
    total, count = 0.0, 0
    for X, y in data_iter:
        total += loss(net(X.to(device)), y.to(device)).item() * len(y)
        count += len(y)
    return total / count


def fit(net, train_iter, valid_iter, num_epochs, lr=0.01):
    """Steps 3 and 4: -> the losses of each epoch, by name."""
    loss, optimizer = nn.MSELoss(), torch.optim.Adam(net.parameters(), lr=lr)
    history = {"training, as it learns": [], "training, eval": [], "validation": []}
    for _ in range(num_epochs):
        net.train()
        total, count = 0.0, 0
        for X, y in train_iter:
            optimizer.zero_grad()
            batch_loss = loss(net(X.to(device)), y.to(device))
            batch_loss.backward()
            optimizer.step()
            total, count = total + batch_loss.item() * len(y), count + len(y)
        history["training, as it learns"].append(total / count)
        history["training, eval"].append(mean_loss(net, train_iter))
        history["validation"].append(mean_loss(net, valid_iter))
    return history


# %%
net = make_net()
untrained = mean_loss(net, valid_iter)
history = fit(net, train_iter, valid_iter, num_epochs=60)
for epoch in (1, 2, 10, 60):
    values = {name: f"{curve[epoch - 1]:.3f}" for name, curve in history.items()}
    print(f"epoch {epoch:2}", values)
miles = math.sqrt(history["validation"][-1]) * mpg_std
valid_mpg = torch.tensor(valid_rows["mpg"].to_numpy())
guess = ((valid_mpg - mpg_mean) ** 2).mean().sqrt().item()
print(f"validation: {miles:.2f} mpg; if you say the mean for all {guess:.2f} mpg")
assert history["validation"][-1] < untrained / 3 and miles < 0.5 * guess

# %% [markdown]
# **Look for:** the two training curves belong to the same net and the same cars. Why
# are they apart, and which of them may be compared with validation?

# %%
fig, ax = plots.figure(width=6, height=3)
plots.curves(ax, range(1, 61), history, "epoch", "squared error (standardised)")
ax.set(yscale="log")
plots.show(
    fig,
    alt="Three losses over 60 epochs, on a log scale. All fall fast at first and then "
    "slowly. The training loss in eval mode is the lowest at the end; the one measured "
    "while the net learns and the one of validation lie above it.",
)

# %%
ends = {name: sum(curve[-10:]) / 10 for name, curve in history.items()}
print("mean of the last ten:", {name: f"{value:.3f}" for name, value in ends.items()})
assert 1.1 * ends["training, eval"] < ends["training, as it learns"]
assert 1.1 * ends["training, eval"] < ends["validation"] < 0.3

# %% [markdown]
# One is measured *while* the net learns: with dropout on, and with weights that change
# from batch to batch. The other is measured like the validation set, and it is lower.
# Two losses can be compared only if they are measured in one way: only the second shows
# how much better the net knows its training cars. (If a *test* score stays above the
# training score even so, over several splits, suspect that the two sets have changed
# places.)

# %% [markdown]
# ### Watching it live
# For long runs people use TensorBoard: `SummaryWriter(folder)` from
# `torch.utils.tensorboard`, in each epoch `writer.add_scalar("loss/validation", value,
# epoch)`, and beside it, in a terminal, `tensorboard --logdir folder`, which draws the
# curves in a browser while they grow. The package `tensorboard` is an extra. What you
# watch is what our plot shows.

# %% [markdown]
# ## Is a loss summed for backward with or without .item()?
# Both, for two purposes. `backward` needs the tensor with its
# [graph](02 "computation graph"); `.item()` makes a plain number of it, which knows
# nothing of weights. A **report** needs the number only. If you sum the tensors for the
# report, each sum keeps the graphs of all batches alive.


# %%
def graph_size(value):
    """How many steps autograd keeps for this value."""
    found, todo = set(), [getattr(value, "grad_fn", None)]
    while todo:
        node = todo.pop()
        if node is not None and node not in found:
            found.add(node)
            todo += [before for before, _ in node.next_functions]
    return len(found)


with_graph, plain, kept = 0, 0.0, []
for X, y in train_iter:
    batch_loss = nn.functional.mse_loss(net(X.to(device)), y.to(device))
    with_graph, plain = with_graph + batch_loss, plain + batch_loss.item()
    kept.append(graph_size(with_graph))
print("steps kept without .item():", kept, "with it:", graph_size(plain))
print(f"the two sums: {with_graph.item():.5f} and {plain:.5f}")
assert kept[-1] > 5 * kept[0] and graph_size(plain) == 0
assert abs(with_graph.item() - plain) < 1e-4

# %% [markdown]
# Equal sums; but one drags a graph that grows with each batch. In a long epoch it fills
# the memory. So: `batch_loss.backward()` **without**, `total += batch_loss.item()`
# **with**. If you want one gradient for several losses, sum the tensors, call
# `backward` once, and let the sum go.
#
# On a GPU there is one more cost: `.item()` waits until the number is there.

# %% [markdown]
# ## Four numbers for "how wrong"
# With errors $e_i = \hat y_i - y_i$ of $N$ examples and the mean $\bar y$ of the
# truths:
#
# $$\text{MSE} = \frac1N \sum_i e_i^2, \quad \text{RMSE} = \sqrt{\text{MSE}}, \quad
# \text{MAE} = \frac1N \sum_i |e_i|, \quad
# R^2 = 1 - \frac{\sum_i e_i^2}{\sum_i (y_i - \bar y)^2}$$
#
# - **MSE**: what we train with; its unit is miles per gallon, squared
# - **RMSE**: the same in miles per gallon; the mean absolute error, **MAE**, too
# - **[R²](03 "r2")**: without unit; 0 is "the mean for all", 1 is perfect


# %%
@torch.no_grad()
def predict(net, dataset):
    """Predictions and truths in miles per gallon, (N,) each, in eval mode."""
    net.eval()
    y_hat = net(dataset.X.to(device)).cpu()
    return [(part * mpg_std + mpg_mean).flatten() for part in (y_hat, dataset.y)]


def scores(y_hat, y):
    """The four numbers, from their definitions."""
    error = y_hat - y
    mse = (error**2).mean()
    spread = ((y - y.mean()) ** 2).mean()
    values = mse, mse.sqrt(), error.abs().mean(), 1 - mse / spread
    return dict(zip(("MSE", "RMSE", "MAE", "R2"), map(float, values), strict=True))


# %%
y_hat, truth = predict(net, datasets["validation"])
by_hand = scores(y_hat, truth)
print({name: round(value, 3) for name, value in by_hand.items()})
library = sk.mean_squared_error, sk.root_mean_squared_error, sk.mean_absolute_error
library = [function(truth, y_hat) for function in (*library, sk.r2_score)]
np.testing.assert_allclose(list(by_hand.values()), library, rtol=1e-4)
swapped = sk.r2_score(y_hat, truth)
print(f"R2 with the arguments in the wrong order: {swapped:.3f}")
assert swapped < by_hand["R2"] - 0.005 and by_hand["MAE"] < by_hand["RMSE"]

# %% [markdown]
# scikit-learn's functions agree. They take the *truth first*; ours take it last. MSE
# doesn't notice the difference, $R^2$ does: it divides by the spread of what it takes
# for the truth. The MAE lies below the RMSE, since squares give large misses more
# weight.

# %% [markdown]
# ## The mean of batch means
# Each batch gives its mean loss. Averaging these looks right, and is wrong as soon as
# the last batch is short: its few examples then count as much as a full batch.

# %% [markdown] predict="batch_of_one"
# **Predict.** 238 errors come in batches of 79: sizes 79, 79, 79 and 1. In the mean of
# the four batch means, how much does the one car of the last batch weigh?
#
# - As much as any other car: a mean is a mean.
#   wrong: means thought to be associative. They are, for groups of equal size only.
# - About three times another car's weight, as there are three full batches.
#   wrong: batches compared where single cars are asked for. Each of the 79 cars shares
#   the vote of its batch.
# - 79 times another car's weight.
#   right: it has a quarter of the vote, which 79 cars must share in a full batch.

# %%
y_hat, truth = predict(net, datasets["training"])
squared = (y_hat - truth).double() ** 2  # (238,) one error a car
true_mean = squared.mean().item()


def vote(batch_size):
    """How much each position counts in the mean of batch means: (238,)."""
    sizes = [len(rows) for rows in torch.arange(N).split(batch_size)]
    return torch.cat([torch.full((n,), 1 / n / len(sizes)) for n in sizes]).double()


print(f"weights with batches of 79: {vote(79)[0]:.5f} and {vote(79)[-1]:.5f}")
orders = torch.stack([torch.randperm(N) for _ in range(300)])  # (300, 238)
report = {b: squared[orders] @ vote(b) for b in range(1, N + 1)}  # (300,) each
off = {b: mean / true_mean - 1 for b, mean in report.items()}
for b in (32, 34, 79):
    print(f"batches of {b}: from {off[b].min():+.1%} to {off[b].max():+.1%} off")
assert abs(vote(79)[-1] / vote(79)[0] - 79) < 0.01
assert off[34].abs().max() < 1e-6 and off[32].std() < 0.1
assert off[79].max() > 0.5 and off[79].std() > 4 * off[32].std()

# %% [markdown]
# The same net, the same cars, only dealt anew: the report moves. Batches of 34 divide
# 238 and are exact. **Look for** the teeth of the saw: where are their points?

# %%
typical = {b: 100 * errors.std().item() for b, errors in off.items()}  # per cent
points = {b: typical[b] for b in (59, 79, 118, 237)}
fig, ax = plots.figure(width=7, height=3)
ax.plot(*zip(*typical.items(), strict=True), lw=1, label="deviation, 300 orders")
ax.plot(*zip(*points.items(), strict=True), "o", ls="none", label="59, 79, 118, 237")
ax.set(xlabel="batch size", ylabel="typical error of the report (%)")
ax.legend(loc="upper center")
plots.show(
    fig,
    alt="Typical error of the mean of batch means, in percent, against batch size from "
    "1 to 238: a saw. Each tooth rises to a point where few examples are left over, "
    "one or two at those marked, 59, 79, 118 and, highest, 237, and then drops.",
)

# %%
print({b: f"{N % b} left, {value:.0f} %" for b, value in points.items()})
assert max(typical[b] for b in typical if N % b == 0) < 1e-3
assert max(typical.values()) == typical[237]
assert all(value > 2 * typical[b + 1] for b, value in points.items())

per_batch = torch.stack([part.mean() for part in squared.split(32)])
print(f"true mean {true_mean:.2f}, last batch {per_batch[-1]:.2f}, ", end="")
print(f"sum of batch means / 238: {per_batch.sum() / N:.2f}")
assert per_batch.sum() / N < true_mean / 20

roots = torch.stack([part.mean().sqrt() for part in squared.split(34)])
print(f"RMSE {math.sqrt(true_mean):.3f}, mean of batch RMSEs {roots.mean():.3f}")
assert roots.mean() < math.sqrt(true_mean)

# %% [markdown]
# The points are where few cars are left for the last batch: one or two, where they are
# marked. With a shuffled loader the error is noise; with a fixed one it is the same in
# each epoch, and you never notice. Three relatives:
#
# - the **last batch's loss**, printed as the epoch's
# - the **sum of batch means divided by the number of examples**: too small by the batch
#   size, about
# - the **mean of batch RMSEs**: below the RMSE even for equal batches, since a root of
#   a mean isn't a mean of roots. $R^2$ can't be averaged over batches either
#
# The cure: add sums and counts, divide once, take the root last.

# %% [markdown]
# ## Train mode and eval mode
# Some layers behave differently while they train; dropout is one. `net.train()` and
# `net.eval()` set the mode. They say nothing about gradients: that is
# [`no_grad`](02 "no_grad"). Forget
# `eval()`, and one and the same car gets another answer at each call.
#
# **Look for** the width of the cloud of answers, in miles per gallon.

# %%
one_car = datasets["validation"].X[:1].to(device)  # (1, 9)
with torch.no_grad():
    net.train()
    answers = net(one_car.expand(500, 9)).flatten().cpu() * mpg_std + mpg_mean
    net.eval()
    calm = net(one_car.expand(500, 9)).flatten().cpu() * mpg_std + mpg_mean
fig, ax = plots.figure(width=6, height=2.8)
drawings.answers(ax, answers, calm[0])
plots.show(
    fig,
    alt="Histogram of 500 answers for one car in train mode, a hill some miles per "
    "gallon wide, and a vertical line inside it: the one answer of eval mode.",
)

# %%
with torch.no_grad():
    net.train()
    X, y = datasets["validation"].X.to(device), datasets["validation"].y
    noisy = [((net(X).cpu() - y) ** 2).mean().sqrt() * mpg_std for _ in range(100)]
noisy = float(torch.tensor(noisy).mean())
rmse_valid = math.sqrt(mean_loss(net, valid_iter)) * mpg_std
print(f"answers: deviation {answers.std():.2f} mpg, in eval mode {calm.std():.2f}")
print(f"validation RMSE: eval mode {rmse_valid:.2f}, forgotten {noisy:.2f} mpg")
assert answers.std() > 0.5 and calm.std() < 1e-4 and noisy > rmse_valid + 0.1
net.eval()
assert net(one_car).requires_grad  # eval mode is not no_grad
net.train()

# %% [markdown]
# The answers to one car deviate by about a mile per gallon. So without `eval()` the
# score is worse, and another one at each call. The same lapse costs more with batch
# normalisation, a later layer that learns statistics from each batch it sees in train
# mode: there a test would *change* the net.

# %% [markdown]
# ## How much does a leak do?
# **Leakage** means that something of the rows you are scored on gets into what you
# learned. Everybody warns of it. How large is it? We measure three leaks, each over 100
# random splits. Each time the only difference is which rows the preparation is learned
# from: the training rows (honest), or these and the rows that are scored (leaky).

# %% [markdown]
# - **Statistics**: mean, deviation and filling of the car table's numbers; the model is
#   linear, 50 steps of gradient descent. Score: $R^2$.
# - **Names**: the car's name is replaced by the mean `mpg` of the cars of that name
#   (**target encoding**; a name not seen gets the mean of all). Score: $R^2$.
# - **Selection**: 80 digits get labels by *tossing a coin*. Of 784 pixels the 10 that
#   correlate most with the coin are chosen; a linear model fits 60 digits and guesses
#   20. Score: accuracy. A coin can be guessed half of the time, no more.

# %% [markdown] predict="which_leak"
# **Predict.** Which leak raises the score most?
#
# - Statistics: they touch every number of the table.
#   wrong: the count of changed numbers taken for knowledge of the labels. A mean and a
#   deviation know next to nothing about a single car's `mpg`.
# - Names.
#   right: a name that one car has is replaced by that car's own label.
# - Selection, as a coin leaves the most to cheat.
#   wrong: the worst honest score taken for the largest gain. It gains, but each pixel
#   knows only a little of the twenty guessed coins.
# - None by more than 0.1, for the model is fitted to the training rows in all three.
#   wrong: only the fit thought to learn. What prepares the data learns as well.


# %%
def least_squares(X, y):
    """Exact weights and bias, (n + 1, 1), as the normal equations give them."""
    A = torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], dim=1)
    return torch.linalg.lstsq(A, y, driver="gelsd").solution


def apply(weights, X):
    return X @ weights[:-1] + weights[-1]


def standardised(X, rows):
    """Fill and scale all rows with what `rows` say."""
    X = torch.where(X.isnan(), X[rows].nanmean(dim=0), X)
    return (X - X[rows].mean(dim=0)) / X[rows].std(dim=0)


def descend(X, y, num_steps=50, lr=0.1):
    """Gradient descent from zero weights and the mean of y: (n + 1, 1)."""
    A = torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], dim=1)
    w = torch.zeros(A.shape[1], 1, dtype=X.dtype)
    w[-1] = y.mean()
    for _ in range(num_steps):
        w = w - lr * A.T @ (A @ w - y) / len(A)
    return w


def statistics_pair(table, y, train, valid, both):
    """R2 on `valid` of the table (N, 6), prepared by the training rows and by both."""
    tried = [standardised(table, rows) for rows in (train, both)]
    weights = [descend(X[train], y[train]) for X in tried]
    both_fits = zip(weights, tried, strict=True)
    return [r2(apply(w, X[valid]), y[valid]) for w, X in both_fits]


# %%
numbers = Preparation.numbers(table).double()  # (398, 6)
mpg = torch.tensor(table["mpg"].to_numpy()).reshape(-1, 1)  # (398, 1)
name_code = torch.tensor(table["name"].astype("category").cat.codes.to_numpy()).long()
once_only = int((name_code.bincount() == 1).sum())
print(f"{once_only} of {len(table)} cars have a name that no other car has")


def encoded(code, y, rows):
    """Each car's name as the mean mpg of its name among `rows`: (398, 1)."""
    count = code[rows].bincount(minlength=398)
    total = code[rows].bincount(weights=y[rows].flatten(), minlength=398)
    by_name = torch.where(count > 0, total / count.clamp(min=1), y[rows].mean())
    return by_name[code].reshape(-1, 1)


def selected(Z, coin, rows, k=10):
    """The k columns that correlate most with the coin among `rows`: (N, k)."""
    Zc, c = Z[rows] - Z[rows].mean(dim=0), coin[rows] - coin[rows].mean()
    correlation = (Zc * c).sum(dim=0).abs() / (Zc.norm(dim=0) + 0.1)  # no 0 / 0
    return Z[:, correlation.topk(k).indices]


assert once_only > 200

# %%
pairs = {"statistics": [], "names": [], "selection": []}  # (honest, leaky), 100 each
new_cars = []
for _ in range(100):
    order = torch.randperm(398)
    train, valid, new = order[:238], order[238:318], order[318:]
    both = torch.cat([train, valid])
    pairs["statistics"].append(statistics_pair(numbers, mpg, train, valid, both))
    tried = [encoded(name_code, mpg, rows) for rows in (train, both)]
    fits = [least_squares(E[train], mpg[train]) for E in tried]
    both_fits = list(zip(fits, tried, strict=True))
    pairs["names"].append([r2(apply(w, E[valid]), mpg[valid]) for w, E in both_fits])
    new_cars.append(r2(apply(fits[1], tried[1][new]), mpg[new]))

    Z = pixels[torch.randperm(1000)[:80]].double() / 255  # (80, 784)
    coin = torch.rand(80, 1).round().double()
    pairs["selection"].append([])
    for rows in (torch.arange(60), torch.arange(80)):
        F = selected(Z, coin, rows)
        guessed = apply(least_squares(F[:60], coin[:60]), F[60:]) > 0.5
        pairs["selection"][-1].append((guessed == (coin[60:] > 0.5)).double().mean())

# %% [markdown]
# **Look for** the zero line. Each dot is one split: the score with the leak minus the
# score without.

# %%
pairs = {name: torch.tensor(values).double() for name, values in pairs.items()}
gain = {name: values[:, 1] - values[:, 0] for name, values in pairs.items()}
for name, values in pairs.items():
    honest, leaky = values.mean(dim=0)
    print(f"{name:10} honest {honest:.3f}, leaky {leaky:.3f}, ", end="")
    print(f"gain {gain[name].mean():+.4f}, from {gain[name].min():+.3f}", end=" ")
    print(f"to {gain[name].max():+.3f}")
print(f"names, on cars that no step has seen: {np.mean(new_cars):.3f}")
assert gain["statistics"].abs().max() < 0.02 and gain["statistics"].mean().abs() < 0.001
assert gain["names"].min() > 0.4 and gain["names"].mean() > 0.7
assert gain["selection"].mean() > 0.06 and gain["selection"].min() < 0
assert abs(pairs["selection"][:, 0].mean() - 0.5) < 0.05
assert np.mean(new_cars) < 0.3

fig, ax = plots.figure(width=7.5, height=2.6)
drawings.gains(ax, {name: values.numpy() for name, values in gain.items()})
ax.set_xlabel("score with the leak minus score without ($R^2$, $R^2$, accuracy)")
plots.show(
    fig,
    alt="Three rows of 100 dots. Statistics: all dots on the zero line. Names: a cloud "
    "far to the right, around 0.8. Selection: a wide cloud around 0.1 that reaches "
    "below zero.",
)

# %% [markdown]
# The leak of the textbooks, mean and deviation, changes $R^2$ by less than a thousandth
# on average here: it is wrong in principle and hardly shows. A leak is as large as what
# it knows of the *labels* of the rows that you are scored on.
#
# Names are replaced by the answer: $R^2$ rises by more than 0.4 in each split, and by
# more than 0.7 on average. On cars that no step had seen, the mean of the same models
# is back below 0.3. Selection makes guessing
# of coins look like skill. On single splits it may lose: one split would not have shown
# it.

# %% [markdown]
# Is it the size of the training set that saves the statistics? Take it away: 20
# training rows against all 398.

# %%
orders_of_cars = [torch.randperm(398) for _ in range(200)]
small = [statistics_pair(numbers, mpg, o[:20], o[20:100], o) for o in orders_of_cars]
small = torch.tensor(small)
small_gain = small[:, 1] - small[:, 0]
print(f"20 rows: gain {small_gain.mean():+.4f}, deviation {small_gain.std():.3f}")
print(f"238 rows: deviation {gain['statistics'].std():.4f}")
assert (
    small_gain.std() > 5 * gain["statistics"].std() and small_gain.mean().abs() < 0.02
)

# %% [markdown]
# With 20 rows the statistics of part and whole differ more, and so do the scores, up
# and down; on average the gain is below 0.02. Keep to the rule all the same: it costs
# nothing, and you needn't ask each time which kind of leak you have.

# %% [markdown]
# ## Choosing on the test set
# Nobody fits to the test set. But many people look at it, keep the model that does best
# there, and report that number. Let 100 candidates compete, all of one kind: each a
# linear fit to 30 random training cars. Whatever set of 40 cars picks the best, that
# same set also gives it a flattering score. How flattering?

# %%
chosen, fresh = torch.zeros(100), torch.zeros(100)  # by number of candidates
for _ in range(60):
    order = torch.randperm(398)
    X = standardised(numbers, order[:238])
    fits = []
    for _ in range(100):
        rows = order[torch.randperm(238)[:30]]
        fits.append(least_squares(X[rows], mpg[rows]))
    errors = (apply(torch.cat(fits, dim=1), X) - mpg) ** 2  # (398, 100)
    here = errors[order[238:278]].mean(dim=0).sqrt()  # the set that chooses
    there = errors[order[278:]].mean(dim=0).sqrt()  # 120 new cars
    lowest, who = here.cummin(dim=0)
    chosen, fresh = chosen + lowest / 60, fresh + there[who] / 60
flattery = fresh - chosen
print(f"1 candidate: {chosen[0]:.2f} where chosen, {fresh[0]:.2f} on new cars")
print(f"100: {chosen[-1]:.2f} where chosen, {fresh[-1]:.2f} on new cars (RMSE, mpg)")
assert flattery[0].abs() < 0.25 and flattery[-1] > 2 * flattery[0].abs()
assert flattery[-1] > 0.3 and fresh[-1] < fresh[0] - 0.1

# %% [markdown]
# **Look for** where the two curves part.

# %%
fig, ax = plots.figure(width=6, height=3)
told = {"on the set that chose": chosen, "on new cars": fresh}
plots.curves(ax, range(1, 101), told, "candidates tried", "RMSE of the best (mpg)")
ax.set(xscale="log")
plots.show(
    fig,
    alt="RMSE of the best candidate against the number tried, mean of 60 splits. Both "
    "curves fall from almost the same height; with more candidates the one on the set "
    "that chose comes to lie far below the one on new cars.",
)

# %% [markdown]
# With one candidate nothing is chosen, and less than 0.25 mpg is between the two: the
# luck of the splits. The more you try, the more the choosing set flatters. Choosing
# itself is fine: the curve on new cars falls as well. Only the *number* of the set that
# chose is not to be believed. So choose on the validation set, and open the test set
# once.

# %% [markdown]
# ## Workers: when do they help?
# `num_workers=2` makes the `DataLoader` start two **worker processes**. They are not
# threads: each is a Python of its own, gets a copy of the `Dataset`, and sends its
# batches back. So workers can prepare the next batches *while the device trains*.

# %% [markdown] predict="two_workers"
# **Predict.** Our 238 cars, 8 batches an epoch, on a computer with two cores. What do
# two workers do to the first epoch?
#
# - They halve its time: two work at once.
#   wrong: only the work counted. Processes must be started, and batches sent.
# - They change little, as the work is small.
#   wrong: a small task thought to have small overhead. Starting a process costs the
#   same for a small set.
# - They make it many times as long.
#   right: two Pythons are started to fetch what lies in memory.

# %%
in_memory = TensorDataset(datasets["training"].X, datasets["training"].y)


def epoch_seconds(loader, work=0.0):
    """Time of one epoch, with `work` seconds of training after each batch."""
    start = time.perf_counter()
    for _ in loader:
        time.sleep(work)
    return time.perf_counter() - start


alone = min(epoch_seconds(DataLoader(in_memory, 32)) for _ in range(3))
with_two = epoch_seconds(DataLoader(in_memory, 32, num_workers=2))
print(f"one epoch, here: none {alone * 1e3:.1f} ms, two {with_two * 1e3:.0f} ms")
before = set(torch.multiprocessing.active_children())
with_workers = iter(DataLoader(in_memory, 32, num_workers=2))
started = set(torch.multiprocessing.active_children()) - before
print(f"{len(started)} processes started: {sorted(p.pid for p in started)}")
for (X1, _), (X2, _) in zip(DataLoader(in_memory, 32), with_workers, strict=True):
    assert torch.equal(X1, X2)
assert len(started) == 2

# %% [markdown]
# The same batches, from two processes that had to be started first. On a tiny set they
# lose. They win where `__getitem__` has to wait or to work: photos to be decoded, a
# slow disk. A stand-in: each item takes 20 ms to come (`time.sleep`), and the device
# trains for 20 ms on it.

# %%
slow_items = [0.02] * 25  # item i: so many seconds to wait
settings = {"batch_size": None, "collate_fn": time.sleep}  # one item at a time
without = epoch_seconds(DataLoader(slow_items, **settings), work=0.02)
loader = DataLoader(slow_items, num_workers=1, persistent_workers=True, **settings)
epoch_seconds(loader)  # the worker starts here
beside = epoch_seconds(loader, work=0.02)
del loader  # the worker ends
print(f"25 items, here: no worker {without:.2f} s, one worker {beside:.2f} s")
assert without > 0.99 * 25 * 0.04 and beside > 0.99 * 25 * 0.02  # no sleep is shorter

# %% [markdown]
# Alone, waiting and training add up: 25 times 40 ms, one second at the least. With one
# worker the next item comes while the device trains, and the slower of the two sets the
# pace: half a second at the least. How near your computer comes depends on what else it
# does.

# %% [markdown]
# **The `__main__` guard.** On Windows and macOS a worker starts by *importing* your
# script. If the script itself starts workers when it is imported, that goes on for
# ever, so Python stops it with an error. Put all that runs below `if __name__ ==
# "__main__":`. A worker finds your `Dataset` by its module's name, too: one that is
# defined in a notebook can't be found. Move it to a `.py` file and import it, or keep
# `num_workers=0`. (Linux copies the running process; there it works.)

# %% [markdown]
# With a GPU, add `pin_memory=True`: batches are put into **pinned memory**, which the
# system may not move, so the GPU can fetch them by itself; `X.to(device,
# non_blocking=True)` then doesn't wait. Without a GPU it does nothing.
#
# ## Images: Compose and Normalize
# For classic image sets torchvision brings the `Dataset`: `datasets.MNIST(root,
# train=True, download=True, transform=...)`: the folder, which part, whether to
# download, and a function for each image. We have 1,000 digits here, and build the same
# thing. `Compose` chains steps: `ToTensor` turns (H, W, C) bytes into (C, H, W) numbers
# in [0, 1], and `Normalize` subtracts a mean and divides by a deviation, for each
# channel.


# %%
class DigitDataset(Dataset):
    """Images (28, 28, 1) uint8; `transform` is applied when an item is asked for."""

    def __init__(self, images, transform):
        self.images, self.transform = images, transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        return self.transform(self.images[i])


images = pixels.reshape(-1, 28, 28, 1).numpy()  # (1000, 784) -> (1000, 28, 28, 1)
raw = torch.stack(list(DigitDataset(images[:800], transforms.ToTensor())))
m, s = raw.mean().item(), raw.std().item()  # of the 800 training images
steps = [transforms.ToTensor(), transforms.Normalize((m,), (s,))]
normal = torch.stack(list(DigitDataset(images[:800], transforms.Compose(steps))))
print(f"mean {m:.3f}, deviation {s:.3f} -> {normal.mean():.3f}, {normal.std():.3f}")
assert raw.shape == (800, 1, 28, 28) and raw.min() >= 0 and raw.max() <= 1
assert normal.mean().abs() < 1e-3 and abs(normal.std() - 1) < 1e-3

# %% [markdown] predict="normal_or_not"
# **Predict.** After `Normalize` the pixels have mean 0 and deviation 1. What does their
# histogram look like?
#
# - A bell around 0.
#   wrong: the name taken at its word. A shift and a scale can't change a shape.
# - The same shape as before, on another scale.
#   right: one tall peak for black, a small one for white, moved and stretched.
# - Level: the contrast is spread evenly.
#   wrong: another tool, equalising, taken for this one. That one bends the scale.

# %%
fig, axes = plots.figure(1, 2, width=4.2, height=2.8, sharey=True)
drawings.pixels(axes, raw.flatten(), normal.flatten())
plots.show(
    fig,
    alt="Two histograms of brightness on a log scale, before and after Normalize, of "
    "the same shape: a very tall bar for black, low bars between, a higher one near "
    "white. The bell drawn over the right one doesn't fit.",
)

# %%
black = (raw == 0).float().mean().item()
lowest = (normal == normal.min()).float().mean().item()
within_one = (normal.abs() < 1).float().mean().item()
print(f"{black:.0%} of the pixels have one value before, {lowest:.0%} after")
print(f"within one deviation: {within_one:.0%}; of a normal distribution: 68 %")
assert abs(black - lowest) < 1e-6 and black > 0.75 and within_one > 0.8

# %% [markdown]
# Same shape. `Normalize` is standardising under another name: it makes nothing
# "normal". What it is good for is the walk downhill, see
# [condition number](03 "condition number"). Its two numbers are learned, so they come
# from the training images.

# %% [markdown]
# ## So, how far does it go?
# The choices are made: net, rate, 60 epochs. Now the test set is opened, once.
#
# **Look for** the cars farthest from the diagonal: at which end are they?

# %%
y_hat, truth = predict(net, datasets["test"])
final = scores(y_hat, truth)
baseline = scores(torch.full_like(truth, mpg_mean), truth)
line = least_squares(datasets["training"].X, datasets["training"].y)
linear = scores(apply(line, datasets["test"].X).flatten() * mpg_std + mpg_mean, truth)
for name, s in (("mean", baseline), ("linear", linear), ("net", final)):
    print(f"{name:7} RMSE {s['RMSE']:.2f}  MAE {s['MAE']:.2f}  R2 {s['R2']:.3f}")
assert final["R2"] > 0.8 and final["RMSE"] < 0.5 * baseline["RMSE"]

fig, ax = plots.figure(width=4.6, height=3.8)
drawings.predictions(ax, truth, y_hat)
plots.show(
    fig,
    alt="Predicted against true miles per gallon for 80 test cars: the points follow "
    "the diagonal, closely for thirsty cars and more loosely for economical ones.",
)

# %%
thirsty = (y_hat - truth).abs()[truth < truth.median()].mean().item()
economical = (y_hat - truth).abs()[truth >= truth.median()].mean().item()
print(
    f"mean miss: thirsty half {thirsty:.1f} mpg, economical half {economical:.1f} mpg"
)
assert economical > thirsty
metrics = {"RMSE on test cars, mpg": final["RMSE"], "R2 on test cars": final["R2"]}
metrics["R2 that the leak of names promised"] = pairs["names"][:, 1].mean().item()
folder.cleanup()

# %% [markdown]
# They are at the economical end: the net misses those by more. Compared with "the mean
# for all", most of the error is gone; and you know why you may believe the number.

# %% [markdown]
# ## Summary
# - Split first. Train on one part, choose on the second, open the third once.
# - Means, deviations, words, chosen columns are learned: from training rows only.
# - A `Dataset` says how many and which; a `DataLoader` samples, fetches, collates.
# - $\lceil N / B \rceil$ iterations an epoch; the last batch may be short, so weigh it.
# - `backward` without `.item()`, the report with it. `train()` to train, `eval()` to
#   measure; neither is `no_grad`.
# - A leak is as large as what it knows of the labels: nothing to see for a mean, most
#   of the score for encoded names.
# - Workers are processes. They help where fetching is slow.

# %% [markdown]
# ## Exercises and further reading
# In the exercise notebook you build and mend the parts: `Dataset`, standardiser,
# collate function, split by groups, scores over unequal batches.
#
# Try here: which leak is left in the names' target encoding if you use training rows
# only? (Look at how the training cars themselves are encoded.)
#
# - [Dive into Deep Learning](https://d2l.ai): in the edition of `d2l` 0.17, sections
#   3.2, 3.3 and 3.5
# - Ambroise and McLachlan 2002, *Selection bias in gene extraction on the basis of
#   microarray gene-expression data*: the coin, in earnest
# - Kaufman, Rosset and Perlich 2011, *Leakage in data mining*
#
# Next: what if the answer is one of ten digits? That is
# [softmax](06 "softmax") regression.
