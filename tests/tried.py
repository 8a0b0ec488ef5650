"""What is handed in to a check to test it; the tables are in answers_01.py and on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tried:
    """A check with the answers that it is tried on.

    Attributes:
        right: answers that it must accept, each a tuple of the check's arguments; at
            least two, written differently.
        wrong: pairs of an answer that students give, and of a part of the sentence
            that fits it; at least four.
        secrets: how the right answer would look in a sentence; it must not be there.
        changes: whether the function's first argument is changed in place.
        no_matter: the places of arguments on which the right answer does not depend.
        random: the right answer may differ a little from call to call.
        wants_bytes: arrays must be uint8, so that float32 is told and not accepted.
    """

    check: callable
    right: list
    wrong: list
    secrets: tuple[str, ...] = ()
    changes: bool = False
    no_matter: tuple[int, ...] = ()
    random: bool = False
    wants_bytes: bool = False

    @property
    def name(self) -> str:
        return self.check.__name__

    @property
    def is_of_a_function(self) -> bool:
        """Whether a function is handed in, not values."""
        return callable(self.right[0][0])
