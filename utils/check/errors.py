"""The two ways in which an answer can fail a check, and one in which a check can."""

from utils import states


class CheckFailed(AssertionError):
    """A check that did not pass; carries what the student is told.

    Args:
        exercise: the exercise's id, "" outside an exercise.
        message: what was called, what was expected and what was given.
        mistake: the name of the likely mistake, None if nobody knows it.
        by: where that name is from: "bank", which an author wrote, or "relation", which
            was seen in the value; None without a name.
        returned: what the answer gave, an `Outcome`, and at which check, in words;
            None where nothing was given. For reports: a student is told the message.
    """

    state = "failed"
    shown = False  # whether a notebook's panel has said it already

    def __init__(
        self,
        exercise: str,
        message: str,
        mistake: str | None = None,
        by: str = "bank",
        returned: tuple | None = None,
    ):
        super().__init__(exercise, message, mistake)
        self.exercise = exercise
        self.message = message
        self.mistake = mistake
        self.by = by if mistake else None
        self.returned = returned

    def __str__(self) -> str:
        named = f"Likely mistake: {self.mistake}." if self.mistake else ""
        return "\n".join(line for line in (self._head(), named, self.message) if line)

    def _head(self) -> str:
        return f"{self.exercise}: {self.state}." if self.exercise else f"{self.state}."

    def _render_traceback_(self) -> list[str]:
        """IPython shows this in place of a traceback, which would help nobody.

        Beneath a panel one line is enough; nbgrader's Validate button shows it too.
        """
        if not self.shown:
            return str(self).splitlines()
        return [f"{self._head()} {self.mistake or self.message}".splitlines()[0]]


class WrongAnswer(CheckFailed):
    """The answer was tried and is wrong."""

    state = states.WRONG


class NotAttempted(CheckFailed):
    """The stub is still there: nothing to judge yet."""

    state = states.NOT_ATTEMPTED


class NothingFrozen(LookupError):
    """A probe has no values to compare with: nobody's answer is judged."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()
