"""Checks for the exercises of notebook 07; see `checks` for what a check is."""

import math

import numpy as np

from dqn_tutorial.evaluation import RandomAgent
from dqn_tutorial.games import STATE_SHAPE, VectorGames
from dqn_tutorial.lessons.checks import NOT_ATTEMPTED, as_number, is_blank, near


def check_07_values(highest, mean_value, times_too_large) -> None:
    """Notebook 07, exercise 1: Q-values that can be, for discount 0.95 and clipping.

    Args:
        highest: Q-value that any state can have.
        mean_value: mean V of an agent that hits a brick every 8 steps.
        times_too_large: a mean Q of 12, where a brick comes every 50 steps.
    """
    answers = (highest, mean_value, times_too_large)
    if any(is_blank(answer) for answer in answers):
        print(NOT_ATTEMPTED)
        return
    questions = [
        (20, {
            1: "that is the reward of one step; there can be one in every step",
            19: "the reward of the first step is not discounted: begin with 1",
            140: "a brick of 7 points counts 1 for learning: rewards are clipped",
            100: "that is for a discount of 0.99",
            0.95: "that is the discount; add up 1 + 0.95 + 0.95² + ...",
        }),
        (2.5, {
            8: "that is how often; how much is it worth, discounted?",
            1 / 8: "that is the reward of a step; and what is one in every step worth?",
            100 / 8: "that is for a discount of 0.99",
            1 / (1 - 0.95**8): "that is V where the brick falls in this very step; "
            "asked for is the mean over all 8",
            0.95**7 / (1 - 0.95**8): "that is V just after a brick; asked for is the "
            "mean over all 8",
        }),
        (30, {
            12: "that is what the network says; what would be right?",
            20 / 50: "that is the right mean; how many times larger is 12?",
            1 / 30: "the other way round: how many times too large is 12?",
            12 - 20 / 50: "that is the difference; asked is how many times",
            6: "that is for a discount of 0.99",
        }),
    ]  # fmt: skip
    for k, (given, (expected, mistakes)) in enumerate(
        zip(answers, questions, strict=True), start=1
    ):
        number = as_number(given)
        if number is None:
            print(f"Not yet, question {k}: a number is wanted, got {given!r}.")
            return
        if not abs(number - expected) <= 0.005 * expected:
            known = [text for x, text in mistakes.items() if abs(number - x) < 0.01 * x]
            hint = known[0] if known else "mean V = (reward of a step) / (1 - discount)"
            print(f"Not yet, question {k}: {hint}.")
            return
    print("Right, all three. Now you can tell a promise from a dream.")


def check_07_games_needed(function) -> None:
    """Notebook 07, exercise 2: `function(scores, half_width)` is a number of games."""
    if is_blank(function):
        print(NOT_ATTEMPTED)
        return
    rng = np.random.default_rng(0)
    for half_width in (5.0, 2.5, 13.0):
        scores = rng.integers(0, 150, 40).astype(float)
        call = f"games_needed(scores, {half_width:g})"
        try:
            answer = function(scores.copy(), half_width)
        except Exception as error:
            print(f"Not yet: {call} raises {type(error).__name__}: {error}.")
            return
        if is_blank(answer):
            print(NOT_ATTEMPTED)
            return
        number = as_number(answer)
        if hint := _wrong_number_of_games(number, scores, half_width):
            given = "no number" if number is None else f"{number:g}"
            print(f"Not yet: {call} gives {given}. {hint}")
            return
    print("Right: half the width takes four times as many games.")


def _wrong_number_of_games(number, scores, half_width) -> str | None:
    """What is wrong with this number, in words; None if nothing is."""
    spreads = scores.std(), scores.std(ddof=1)  # both are in use
    right = [(1.96 * spread / half_width) ** 2 for spread in spreads]
    if number is None:
        return "One whole number is wanted."
    if number in map(math.ceil, right):
        return None
    root = [math.sqrt(games) for games in right]
    mistakes = [
        (right, "Half a game cannot be played: round up to whole games."),
        ([math.floor(n) for n in right], "That is one game short: round up."),
        (root, "The width falls with the *root* of n: something must be squared."),
        ([n * 4 for n in right], "You took `half_width` for the whole width."),
        ([n / 4 for n in right], "You took twice `half_width`."),
        ([n / 1.96**2 for n in right], "The 1.96 is missing."),
        ([n / 1.96 for n in right], "The 1.96 must be squared with the rest."),
        ([n / s for n, s in zip(right, spreads, strict=True)],
         "The standard deviation must be squared with the rest."),
        ([n * s**2 for n, s in zip(right, spreads, strict=True)],
         "That is the variance where the standard deviation should be."),
    ]  # fmt: skip
    for values, hint in mistakes:
        whole = [*values, *map(math.ceil, values)]
        if any(near(number, value) for value in whole):
            return hint
    return "Put the width you want on one side and solve for n."


class UnevenGames(VectorGames):
    """Games that need no emulator: game number k lasts, and scores, `lengths[k]`."""

    PATIENCE_STEPS = 5_000

    def __init__(self, num_games: int, lengths: list[int], first_seed: int = 0):
        super().__init__(num_games, ["NOOP", "FIRE"], first_seed)
        self.lengths, self.played = lengths, 0
        self._left = np.zeros(num_games, int)

    def _reset_games(self, mask, seeds):
        numbers = (np.asarray(seeds) - self.first_seed) % len(self.lengths)
        self._left[mask] = np.array(self.lengths)[numbers]
        return np.zeros((self.num_games, *STATE_SHAPE), np.uint8)

    def _send(self, actions):
        self.played += 1
        if self.played > self.PATIENCE_STEPS:
            raise RuntimeError(f"it has not come to an end after {self.played:,} steps")
        return actions

    def _recv(self):
        self._left -= 1
        over, ones = self._left == 0, np.ones(self.num_games, np.float32)
        return self.states, ones, over, over


def check_07_silent_bug(function) -> None:
    """Notebook 07, exercise 3: which games count is fixed before the first move.

    Args:
        function: of games, agent and num_games; gives a list of scores.
    """
    if is_blank(function):
        print(NOT_ATTEMPTED)
        return
    rng = np.random.default_rng(0)
    for at_once, num_games, first_seed in [(4, 6, 0), (3, 10, 50), (8, 5, 7)]:
        lengths = np.where(rng.random(200) < 0.5, 100, 10) + rng.integers(0, 10, 200)
        games = UnevenGames(at_once, lengths.tolist(), first_seed)
        try:
            answer = function(games, RandomAgent(games.num_actions), num_games)
        except Exception as error:
            print(f"Not yet: it raises {type(error).__name__}: {error}.")
            return
        if is_blank(answer):
            print(NOT_ATTEMPTED)
            return
        try:
            scores = sorted(map(float, answer))
        except TypeError:
            print(f"Not yet: a list of scores is wanted, got {answer!r}.")
            return
        if hint := _wrong_games(scores, lengths[:num_games].tolist(), at_once):
            print(
                f"Not yet, with {at_once} games at once and {num_games} asked: {hint}"
            )
            return
    print(
        "Mended: long games count like short ones. In Breakout a long game is a good "
        "one, so the bug made every agent look worse, and good ones most."
    )


def _wrong_games(scores: list, wanted: list, at_once: int) -> str | None:
    """What is wrong with these scores, in words; None if nothing is."""
    if len(scores) != len(wanted):
        return f"there are {len(scores)} scores."
    if scores == sorted(wanted):
        return None
    if np.mean(scores) < np.mean(wanted):
        return (
            "short games still push out long ones. Which games are to count? Say it "
            "before the first move, by their seeds."
        )
    return "these are not the scores of the first games by seed."
