"""Which pairs of a class are alike in what is rare, and which groups these make."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log2

import networkx
import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

from course.similar.texts import Answer

ALIKE = 0.9  # of RapidFuzz's 0 to 1: one token in ten added, left out, or replaced
FORMS = ("as_written", "bare", "sorted")
# Were habits independent, 1 class in 1,000 would show a pair by chance.
MARGIN_BITS = 10
FEWEST_EXERCISES = 2


@dataclass(frozen=True)
class Likeness:
    """An exercise in which the members of a group are alike.

    Args:
        exercise: its id.
        alike: how many of the class wrote it like them.
        among: how many answered it.
    """

    exercise: str
    alike: int
    among: int

    @property
    def bits(self) -> float:
        """How much that tells: 1 where half of the class wrote it so."""
        return log2(self.among / self.alike)


@dataclass(frozen=True)
class Group:
    """Students whose answers are alike.

    Args:
        students: who; the two that are most alike first, then the others by id.
        likenesses: of the two that are most alike, what tells most first.
        bits: how much that tells in all.
    """

    students: tuple[str, ...]
    likenesses: tuple[Likeness, ...]
    bits: float


def groups(work: Mapping[str, Mapping[str, Answer]]) -> list[Group]:
    """The groups of a class, the most alike first.

    Args:
        work: by student and exercise, what can be compared.
    """
    students = sorted(work)
    found = _likenesses(work, students)
    least = least_bits(len(students))
    graph = networkx.Graph()
    for pair, likenesses in found.items():
        bits = sum(likeness.bits for likeness in likenesses)
        telling = [likeness for likeness in likenesses if likeness.bits > 0]
        if bits >= least and len(telling) >= FEWEST_EXERCISES:
            graph.add_edge(*pair, bits=bits, likenesses=telling)
    made = [
        _group(graph.subgraph(members))
        for members in networkx.connected_components(graph)
    ]
    return sorted(made, key=lambda group: (-group.bits, group.students))


def least_bits(students: int) -> float:
    """How much must speak for a pair: the bits that number all pairs, and a margin."""
    pairs = students * (students - 1) / 2
    return (log2(pairs) if pairs > 1 else 0) + MARGIN_BITS


def _group(graph: networkx.Graph) -> Group:
    first, second, best = max(graph.edges(data=True), key=lambda edge: edge[2]["bits"])
    likenesses = sorted(best["likenesses"], key=lambda likeness: -likeness.bits)
    pair = sorted((first, second))
    others = sorted(set(graph).difference(pair))
    return Group((*pair, *others), tuple(likenesses), best["bits"])


def _likenesses(
    work: Mapping[str, Mapping[str, Answer]], students: list[str]
) -> dict[tuple[str, str], list[Likeness]]:
    """For each pair that is alike in anything: what it is alike in."""
    found: dict[tuple[str, str], list[Likeness]] = {}
    exercises = dict.fromkeys(name for own in work.values() for name in own)
    for exercise in exercises:
        who = [student for student in students if exercise in work[student]]
        matrices = _alike([work[student][exercise] for student in who])
        counts = [matrix.sum(axis=1) for matrix in matrices]
        first, second = np.nonzero(np.triu(np.any(matrices, axis=0), k=1))
        for i, j in zip(first.tolist(), second.tolist(), strict=True):
            # The form that fewest share tells most; of a pair the commoner counts.
            alike = min(
                max(count[i], count[j])
                for matrix, count in zip(matrices, counts, strict=True)
                if matrix[i, j]
            )
            likeness = Likeness(exercise, int(alike), len(who))
            found.setdefault((who[i], who[j]), []).append(likeness)
    return found


def _alike(answers: list[Answer]) -> list[np.ndarray]:
    """For each way of being alike, which answers are so: a square of booleans each.

    The same as it is written; the same but for names; the same but for names and the
    order of lines; and nearly the same in one of the last two.
    """
    same, nearly = [], []
    for form in FORMS:
        texts = [getattr(answer, form) for answer in answers]
        different = sorted(set(texts))
        places = [different.index(text) for text in texts]
        spread = np.ix_(places, places)
        same.append(np.eye(len(different), dtype=bool)[spread])
        if form != "as_written":
            similarity = Indel.normalized_similarity
            scores = process.cdist(different, different, scorer=similarity)
            nearly.append((scores >= ALIKE)[spread])
    return [*same, np.any(nearly, axis=0)]
