"""How a score is measured.

score = mean unclipped return of whole games (all lives), 100 games with 100 distinct
seeds, epsilon 0.05 (Mnih 2013, section 5.3; 2015, Methods, "Evaluation procedure"), up
to 30 no-op frames at the start, no sticky actions, 108,000 frames at most. FIRE is
pressed for the agent at the start and after a lost life: the papers do not do that, so
every report says so.

Several games are played at once, but which games count is fixed before the first move:
the 100 seeds. Taking the first 100 games to *finish* would favour short ones.
"""

import dataclasses
from dataclasses import dataclass

import numpy as np

from dqn_tutorial.config import SCORE_EPSILON, SCORE_GAMES, DQNConfig
from dqn_tutorial.parallel_env import ParallelEnv

BOOTSTRAP_RESAMPLES = 10_000
GAMES_AT_ONCE = 32  # a batch that keeps the network busy


def bootstrap_means(scores, rng: np.random.Generator) -> np.ndarray:
    """Means of the scores, resampled with replacement: (BOOTSTRAP_RESAMPLES,)."""
    drawn = rng.choice(np.asarray(scores), size=(BOOTSTRAP_RESAMPLES, len(scores)))
    return drawn.mean(axis=1)


def percentile_interval(values: np.ndarray) -> tuple[float, float]:
    """The two ends between which the middle 95 % of the values lie."""
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


class RandomAgent:
    """Chooses every action with equal probability: the baseline."""

    def __init__(self, num_actions: int):
        self.num_actions = num_actions

    def act(
        self, states: np.ndarray, epsilon: float, rng: np.random.Generator
    ) -> np.ndarray:
        """(N,) int32 actions for N states; `epsilon` makes no difference."""
        return rng.integers(self.num_actions, size=len(states), dtype=np.int32)


@dataclass(frozen=True)
class Evaluation:
    """The scores of whole games, in order of their seeds, with the protocol."""

    game: str
    scores: list[float]
    seeds: list[int]
    steps: list[int]
    truncated_games: int
    epsilon: float
    noop_max_frames: int
    sticky_action_probability: float
    max_frames_per_game: int
    automatic_fire: bool

    @property
    def mean(self) -> float:
        """The score: mean over games."""
        return float(np.mean(self.scores))

    @property
    def median(self) -> float:
        return float(np.median(self.scores))

    def interval(self) -> tuple[float, float]:
        """95 % bootstrap interval of the mean: games resampled with replacement."""
        means = bootstrap_means(self.scores, np.random.default_rng(0))
        return percentile_interval(means)

    def summary(self) -> str:
        """The score, with everything needed to interpret it, in a few lines."""
        low, high = self.interval()
        return (
            f"{self.game}: score {self.mean:.1f} "
            f"(95 % interval {low:.1f} to {high:.1f}), "
            f"min {min(self.scores):g}, median {self.median:g}, "
            f"max {max(self.scores):g}\n"
            f"  {len(self.scores)} whole games, distinct seeds from {self.seeds[0]}, "
            f"epsilon {self.epsilon:g}{self._rules()}"
        )

    def _rules(self) -> str:
        if self.game == "catch":
            return ""
        fire = "FIRE pressed at the start and after a lost life"
        if not self.automatic_fire:
            fire = "no FIRE pressed for the agent"
        return (
            f", up to {self.noop_max_frames} no-op frames,\n"
            f"  sticky actions {self.sticky_action_probability:g}, {fire}, "
            f"{self.max_frames_per_game:,} frames at most "
            f"({self.truncated_games} games cut there)"
        )

    def to_dict(self) -> dict:
        """Every game's score, the protocol and the statistics, ready for JSON."""
        low, high = self.interval()
        statistics = {
            "mean": self.mean,
            "interval_95": [low, high],
            "median": self.median,
            "min": min(self.scores),
            "max": max(self.scores),
        }
        return dataclasses.asdict(self) | statistics


def evaluate(
    agent,
    env: ParallelEnv,
    config: DQNConfig,
    *,
    num_episodes: int = SCORE_GAMES,
    epsilon: float = SCORE_EPSILON,
    seed: int = 0,
    progress=None,
) -> Evaluation:
    """Play the games with seeds `first_seed`, `first_seed + 1`, ... to their ends.

    Args:
        agent: anything with `act(states, epsilon, rng)`.
        env: fresh games; how many are played at once changes the time it takes, and
            which game gets which random actions.
        config: what the games were made from; it goes into the report.
        num_episodes: how many games to play.
        epsilon: in [0, 1].
        seed: for the random actions.
        progress: anything with `update(n)`.

    Raises:
        ValueError: fewer than one game, or an env that has played already.
    """
    if num_episodes < 1:
        raise ValueError(f"num_episodes must be at least 1, got {num_episodes}")
    if not env.is_fresh:  # the games with the first seeds would never come
        raise ValueError(
            "env has played already, so its next games have other seeds: evaluate "
            "with a new one from make_env"
        )
    rng = np.random.default_rng(seed)
    wanted = range(env.first_seed, env.first_seed + num_episodes)
    finished = {}
    env.reset()
    while len(finished) < num_episodes:
        step = env.step(agent.act(env.states, epsilon, rng))
        new = [game for game in step.finished if game.seed in wanted]
        finished |= {game.seed: game for game in new}
        if progress is not None and new:
            progress.update(len(new))
    in_order = [finished[seed] for seed in wanted]
    return Evaluation(
        game=config.game,
        scores=[game.score for game in in_order],
        seeds=[game.seed for game in in_order],
        steps=[game.steps for game in in_order],
        truncated_games=sum(game.truncated for game in in_order),
        epsilon=epsilon,
        noop_max_frames=config.noop_max_frames,
        sticky_action_probability=config.sticky_action_probability,
        max_frames_per_game=config.max_frames_per_game,
        automatic_fire=config.automatic_fire and "FIRE" in env.action_meanings,
    )
