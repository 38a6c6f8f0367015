"""What honest chapters do, for a locked worker: torch, figures, threads, files."""

import threading
import time
from pathlib import Path


def prepare() -> None:
    """What a nursery imports before it forks."""
    import matplotlib.pyplot  # noqa: F401
    import torch

    torch.set_num_threads(1)


def work() -> dict:
    """What came of each thing that must work, and what subprocess says."""
    return {
        "losses": train(),
        "figure": draw(),
        "saved": save(),
        "thread": start_thread(),
        "slept": sleep(),
        "subprocess": ask_for_a_program(),
        "workers": ask_for_loader_workers(),
    }


def train() -> list[float]:
    """Losses of a small net over a data loader, which go down."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    X = torch.linspace(-1, 1, 64).reshape(64, 1)
    loader = DataLoader(TensorDataset(X, 3 * X), batch_size=16, num_workers=0)
    net = nn.Sequential(nn.Linear(1, 8), nn.ReLU(), nn.Linear(8, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    losses = []
    for _ in range(10):
        for x, y in loader:
            loss = nn.functional.mse_loss(net(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        losses.append(loss.item())
    return losses


def draw() -> str:
    """The first bytes of a figure, saved as PNG."""
    from matplotlib import pyplot as plt

    figure, ax = plt.subplots()
    ax.plot([1, 2, 3])
    ax.set_title("a title needs fonts")
    figure.savefig("figure.png")
    return Path("figure.png").read_bytes()[1:4].decode()


def save() -> list[float]:
    """A tensor that went through a file, copied and with its mode set on the way."""
    import shutil

    import torch

    torch.save(torch.tensor([1.0, 2.0]), "tensor.pt")
    shutil.copy2("tensor.pt", "copied.pt")
    return torch.load("copied.pt").tolist()


def start_thread() -> list[int]:
    found = []
    thread = threading.Thread(target=found.append, args=(1,))
    thread.start()
    thread.join()
    return found


def sleep() -> bool:
    start = time.monotonic()
    time.sleep(0.01)
    return time.monotonic() - start >= 0.01


def ask_for_a_program() -> str:
    import subprocess

    try:
        subprocess.run(["ls"], check=False)
    except OSError as error:
        return type(error).__name__
    return "ran"


def ask_for_loader_workers() -> str:
    from torch.utils.data import DataLoader

    try:
        list(DataLoader([1, 2], num_workers=1))
    except OSError as error:
        return type(error).__name__
    return "ran"
