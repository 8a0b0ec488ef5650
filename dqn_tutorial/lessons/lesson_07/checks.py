"""Checks for the exercises of notebook 07; see `checks` for what a check is."""

import copy
import math

import numpy as np

from dqn_tutorial.config import STATE_SHAPE
from dqn_tutorial.evaluation import RandomAgent
from dqn_tutorial.lessons.checks import NotYet, check, expect, number, row
from dqn_tutorial.lessons.student import Student
from dqn_tutorial.parallel_env import ParallelEnv


@check
def check_07_values(highest, mean_value, times_too_large):
    """Notebook 07, exercise 1: possible Q-values, for discount 0.95 and clipping.

    Args:
        highest: Q-value that any state can have.
        mean_value: mean V of an agent that hits a brick every 8 steps.
        times_too_large: a mean Q of 12, where a brick comes every 50 steps.
    """
    questions = [
        (highest, 20, [
            (1, "That is the reward of one step; there can be one in every step."),
            (19, "The reward of the first step is not discounted: begin with 1."),
            (140, "A brick of 7 points counts 1 for learning: rewards are clipped."),
            (100, "That is for a discount of 0.99."),
            (0.95, "That is the discount; add up 1 + 0.95 + 0.95² + ..."),
            (1.95, "You have stopped after two steps; the sum goes on for ever."),
        ]),
        (mean_value, 2.5, [
            (8, "That is how often; how much is it worth, discounted?"),
            (1 / 8, "That is the reward of a step; what is one in every step worth?"),
            (100 / 8, "That is for a discount of 0.99."),
            (1 / (1 - 0.95**8), "That is V where the brick falls in this very step; "
             "take the mean over all 8."),
            (0.95**7 / (1 - 0.95**8), "That is V just after a brick; take the "
             "mean over all 8."),
            (160, "You have multiplied; a brick comes in one step of 8 only."),
        ]),
        (times_too_large, 30, [
            (12, "That is what the network says; what would be right?"),
            (20 / 50, "That is the right mean; how many times larger is 12?"),
            (1 / 30, "The other way round: how many times too large is 12?"),
            (12 - 20 / 50, "That is the difference; how many times is it?"),
            (6, "That is for a discount of 0.99."),
            (0.6, "That compares with the highest Q-value; bricks are rarer."),
        ]),
    ]  # fmt: skip
    for k, (given, right, mistakes) in enumerate(questions, start=1):
        where = f"question {k}"
        otherwise = "It is: mean V = (reward of a step) / (1 - discount)."
        expect(number(given, where), right, mistakes, otherwise, where, rtol=0.005)
    return "Right, all three. Now you can tell a promise from a dream."


def _games(scores, half_width, ddof: int = 0) -> float:
    return (1.96 * np.std(scores, ddof=ddof) / half_width) ** 2


WRONG_GAMES = [  # of the games, not rounded; of their standard deviation; of half_width
    (lambda n, spread, half: n * 4, "You took `half_width` for the whole width."),
    (lambda n, spread, half: n / 4, "You took twice `half_width`."),
    (lambda n, spread, half: n / 1.96**2, "The 1.96 is missing."),
    (lambda n, spread, half: n / 1.96, "The 1.96 must be squared with the rest."),
    (lambda n, spread, half: n / spread, "The standard deviation must be squared with "
     "the rest."),
    (lambda n, spread, half: n * spread**2, "That is the variance where the standard "
     "deviation should be."),
    (lambda n, spread, half: n * half, "`half_width` must be squared with the rest."),
    (lambda n, spread, half: math.sqrt(n), "The width falls with the *root* of n: "
     "something must be squared."),
]  # fmt: skip


def _wrong_games(ddof: int) -> list:
    """Mistakes of the whole kind: not rounded, rounded to the nearest, rounded up."""

    def mistaken(formula, rounded):
        def games(scores, half_width):
            n = _games(scores, half_width, ddof)
            return rounded(formula(n, np.std(scores, ddof=ddof), half_width))

        return games

    def of_games(formula):
        return lambda scores, half: formula(_games(scores, half, ddof), len(scores))

    return [
        (of_games(lambda n, played: n), "Nobody can play part of a game: round up to "
         "whole games."),
        (of_games(lambda n, played: math.floor(n)), "That is one game short: round "
         "up."),
        (of_games(lambda n, played: math.ceil(n) - played), "Count all the games, "
         "those that you have played too."),
        *((mistaken(formula, rounded), hint) for formula, hint in WRONG_GAMES
          for rounded in (float, round, math.ceil)),
    ]  # fmt: skip


@check
def check_07_games_needed(function):
    """Notebook 07, exercise 2: `function(scores, half_width)` is a number of games."""
    theirs, rng = Student(function), np.random.default_rng(0)
    # By hand, for a standard deviation of 30: (1.96 x 30 / 6)² = 96.04, so 97 games.
    by_hand = np.array([70.0, 130.0] * 20)
    tried = [(by_hand, 6.0)]
    tried += [
        (rng.integers(0, 150, count).astype(float), half_width)
        for count, half_width in [(40, 5.0), (40, 2.5), (30, 13.0), (12, 8.0)]
    ]
    hints = {}
    for ddof in (0, 1):  # both ways to estimate a standard deviation are in use
        cases = [(each, math.ceil(_games(*each, ddof))) for each in tried]
        try:
            theirs.expect(cases, _wrong_games(0) + _wrong_games(1))
        except NotYet as hint:
            hints[ddof] = hint
    if len(hints) == 2:
        raise hints[0]
    return "Right: half the width takes four times as many games."


class UnevenGames(ParallelEnv):
    """Games that need no emulator: game number k lasts, and scores, `lengths[k]`."""

    PATIENCE_STEPS = 5_000

    def __init__(self, num_envs: int, lengths: list[int], first_seed: int = 0):
        super().__init__(num_envs, ["NOOP", "FIRE"], first_seed)
        self.lengths, self.played = lengths, 0
        self._left = np.zeros(num_envs, int)

    def start_games(self, mask, seeds):
        numbers = (np.asarray(seeds) - self.first_seed) % len(self.lengths)
        self._left[mask] = np.array(self.lengths)[numbers]
        return np.zeros((self.num_envs, *STATE_SHAPE), np.uint8)

    def send_actions(self, actions):
        self.played += 1
        if self.played > self.PATIENCE_STEPS:
            raise RuntimeError(
                f"it is still not finished after {self.played:,} steps; the games "
                "that count had all ended long before"
            )
        return actions

    def receive(self):
        self._left -= 1
        over, ones = self._left == 0, np.ones(self.num_envs, np.float32)
        return self.states, ones, over, over


def _first_to_finish(env, agent, num_episodes: int) -> list:
    """With the bug: the scores of the games that end first, sorted."""
    rng, env, scores = np.random.default_rng(0), copy.deepcopy(env), []
    env.reset()
    while len(scores) < num_episodes:
        step = env.step(agent.act(env.states, 0.05, rng))
        scores += [game.score for game in step.finished]
    return sorted(scores[:num_episodes])


@check
def check_07_silent_bug(function):
    """Notebook 07, exercise 3: which games count is fixed before the first move.

    Args:
        function: takes env, agent and num_episodes; gives a list of scores.
    """
    theirs, rng = Student(function), np.random.default_rng(0)
    tried = [(2, 3, 0, [9, 1, 2] + 20 * [1])]  # by hand: 9, 1 and 2
    for at_once, num_episodes, first_seed in [(4, 6, 0), (3, 10, 50), (8, 5, 7)]:
        lengths = np.where(rng.random(200) < 0.5, 100, 10) + rng.integers(0, 10, 200)
        tried.append((at_once, num_episodes, first_seed, lengths.tolist()))
    cases = []
    for at_once, num_episodes, first_seed, lengths in tried:
        env = UnevenGames(at_once, lengths, first_seed)
        arguments = (env, RandomAgent(env.num_actions), num_episodes)
        cases.append((arguments, lengths[:num_episodes]))
    mistakes = [
        (_first_to_finish, "Short games still push out long ones. Which games count? "
         "Decide that before the first move, by their seeds."),
    ]  # fmt: skip
    theirs.expect(
        cases,
        mistakes,
        "the scores of the first games by seed, sorted",
        lambda answer, where, right: sorted(row(answer, where)),
    )
    return (
        "Fixed: long games count like short ones. In Breakout a long game is a good "
        "one, so the bug made every agent look worse, and good ones most."
    )
