"""What the right options of chapter 21 claim is computed, and no wrong one is true."""

from pathlib import Path

import torch
from torch import nn

from course.chapters import read_chapter
from course.options import read_question

ROOT = Path(__file__).parents[2]
CHOICES = read_chapter(ROOT / "chapters" / "21_gated_rnns").choices


def right(exercise: str) -> str:
    """The right option of a question."""
    options = read_question(CHOICES[exercise].source).options
    (text,) = [option.text for option in options if option.is_right]
    return text


def test_of_nine_tenths_a_hundredth_is_left_after_44_steps():
    cell = nn.LSTMCell(1, 1)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        opens = torch.tensor(0.9).logit()
        cell.bias_ih.copy_(torch.tensor([-100.0, opens, 0.0, 0.0]))
        state = torch.zeros(1, 1), torch.ones(1, 1)
        for _ in range(44):
            state = cell(torch.zeros(1, 1), state)
    assert 0.009 < state[1].item() < 0.0105
    assert right("nine_tenths") == "About a hundredth."


def test_steps_over_padding_change_the_memory():
    torch.manual_seed(0)
    gru = nn.GRU(3, 4, batch_first=True)
    name = torch.randn(1, 2, 3)
    ends = [
        gru(torch.cat([name, torch.zeros(1, longest - 2, 3)], dim=1))[0][:, -1]
        for longest in (5, 20)
    ]
    assert (ends[0] - ends[1]).abs().max() > 0.01
    assert right("a_longer_neighbour").startswith("They change: its memory takes 15")


def test_at_the_last_column_the_other_direction_has_seen_one_letter():
    torch.manual_seed(0)
    gru = nn.GRU(3, 4, batch_first=True, bidirectional=True)
    X = torch.randn(1, 5, 3)
    moved = []
    for place in range(5):
        other = X.clone()
        other[:, place] += 1
        change = gru(other)[0] - gru(X)[0]
        moved.append(bool(change[0, -1, 4:].abs().max() > 1e-6))
    assert moved == [False, False, False, False, True]
    assert right("seen_from_behind") == 'The last "a" alone.'
