"""What grading one submission gives, as plain data that travels as JSON."""

import json
from dataclasses import asdict, dataclass, field

# The words of `utils.states`, not imported: beside a notebook that was brought along
# may lie a `utils.py`, and ours would be there first.
RIGHT, WRONG, NOT_ATTEMPTED, NOT_JUDGED = (
    "right",
    "wrong",
    "not attempted",
    "not judged",
)


@dataclass(frozen=True)
class Verdict:
    """How one test ended.

    Args:
        state: "right", "wrong", "not attempted", or "not judged": the test did not
            report back (the student's code hung, died or used up its memory).
        points: what the test is worth.
        score: what the student gets for it: all or nothing, unless an assignment that
            was brought along gives a part.
        mistake: the name of the likely mistake, None if nobody knows it.
        message: what the student is told; says nothing of a hidden test's inputs.
        seconds: how long the test took.
        returned: of a wrong answer without a name, at which check of the test it failed
            and what it gave there, as `utils.check.store` writes it; None if nothing.
    """

    state: str
    points: float
    score: float = 0
    mistake: str | None = None
    message: str = ""
    seconds: float = 0
    returned: list | None = None


@dataclass(frozen=True)
class Result:
    """How one submission was graded.

    Args:
        student: the student's id.
        assignment: the chapter's slug.
        problem: why the submission could not be read or run at all; "" if it could.
        verdicts: by the grade id of each test.
        outputs: by the grade id of each cell that ran, its outputs as nbformat has
            them: a stranger's data, to be made inert before anybody looks at it.
        repairs: what intake mended, in words for the student.
        flags: what may be a sign of tampering, in words for the instructor.
        notes: what is odd about the files that were handed in, in the same words.
        isolation: the level that the student's code was locked in at: "A" to "D".
        assignment_digest: SHA-256 of the source notebook it was graded with.
        submission_digest: SHA-256 of the submitted file, "" if there is none.
        seconds: wall time from intake to verdict.
        ways: of an assignment that was brought along, how each test was judged, by
            grade id: "apart", out of reach of the student's code, or "inside" its
            process, where its points are not protected.
    """

    student: str
    assignment: str
    problem: str = ""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    outputs: dict[str, list[dict]] = field(default_factory=dict)
    repairs: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    isolation: str = ""
    assignment_digest: str = ""
    submission_digest: str = ""
    seconds: float = 0
    ways: dict[str, str] = field(default_factory=dict)

    @property
    def unprotected(self) -> list[str]:
        """The tests whose points the student's code could have reached."""
        return [name for name, way in self.ways.items() if way == "inside"]

    @property
    def score(self) -> float:
        """The points of all tests together."""
        return sum(verdict.score for verdict in self.verdicts.values())

    def to_json(self) -> str:
        """The result as one line of JSON."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Result":
        """Read what `to_json` wrote."""
        data = json.loads(text)
        verdicts = {name: Verdict(**v) for name, v in data.pop("verdicts").items()}
        return cls(verdicts=verdicts, **data)
