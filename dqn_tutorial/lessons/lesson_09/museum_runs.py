"""Training with a bug built in: what notebook 09 shows, measured.

`run` trains on Catch with the package's own `Trainer` and one bug of `bugs` in it.
`tools/measure_museum.py` does so for every exhibit and several seeds.

Glossary
    game    Catch or a variation of it, in its rules or its settings, see `GAMES`
    bug     a name in `BUGS`, or "none" for the package as it is
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from dqn_tutorial import envs, networks
from dqn_tutorial.catch import ParallelCatch
from dqn_tutorial.config import PRESETS, DQNConfig
from dqn_tutorial.envs import make_env
from dqn_tutorial.evaluation import evaluate
from dqn_tutorial.lessons.lesson_09.bugs import BUGS
from dqn_tutorial.lessons.lesson_09.museum_games import (
    ParallelBallAfterBall,
    ParallelBallAndBomb,
)
from dqn_tutorial.runs.history import UNTIMED
from dqn_tutorial.runs.trainer import Trainer

NONE = "none"
EVALUATION_GAMES, AT_ONCE = 50, 10
# One convolution and 64 units: faster than the network of 2013, and enough for Catch,
# whose cells are 8 x 8 pixels.
SMALL = ([(16, 8, 8)], 64)
GAMES = {
    "catch": ParallelCatch,
    "small_constant": ParallelCatch,
    "long_catch": ParallelCatch,
    "three_rewards": ParallelCatch,
    "ball_and_bomb": ParallelBallAndBomb,
    "ball_after_ball": ParallelBallAfterBall,
}
LONG = ("long_catch", "ball_and_bomb", "ball_after_ball")
STEPS = {game: 12_000 if game in LONG else 6_000 for game in GAMES}
SETTINGS = {"small_constant": {"adam_epsilon": 1e-8}, "three_rewards": {"n_steps": 3}}
ON_OTHER_GAMES = ("terminal", "truncation", "n_step")  # not on Catch of 6,000 steps
EXHIBITS = [  # game and bug of each kind of run
    ("catch", NONE),
    *(("catch", bug) for bug in BUGS if bug not in ON_OTHER_GAMES),
    ("small_constant", "scaled_twice"),
    ("long_catch", NONE),
    ("long_catch", "terminal"),
    ("three_rewards", NONE),
    ("three_rewards", "n_step"),
    ("ball_and_bomb", NONE),
    ("ball_and_bomb", "stack"),
    ("ball_after_ball", NONE),
    ("ball_after_ball", "truncation"),
]


@contextlib.contextmanager
def built_in(game: str, bug: str) -> Iterator[None]:
    """While open, "catch" is this game and the package has this bug."""
    patches = [
        (envs, "ParallelCatch", GAMES[game]),
        (networks, "ARCHITECTURES", networks.ARCHITECTURES | {"small": SMALL}),
    ]
    patches += [] if bug == NONE else [BUGS[bug]]
    with contextlib.ExitStack() as stack:
        for owner, name, instead in patches:
            stack.enter_context(mock.patch.object(owner, name, instead))
        yield


def settings(game: str) -> DQNConfig:
    """The preset "catch" with the small network, and without checkpoints midway."""
    own = {"network": "small", "checkpoint_period_steps": 10**6}
    return PRESETS["catch"].replace(**own, **SETTINGS.get(game, {}))


def run(game: str, bug: str, seed: int, total_steps: int | None = None) -> list[dict]:
    """Train once with a bug built in; one row of measurements every 500 steps.

    It makes `STEPS[game]` steps by default. A row holds what the run logs about itself,
    and scores of fresh games that the package's `evaluate` measures.
    """
    config, rows = settings(game), []
    with built_in(game, bug), TemporaryDirectory() as folder:
        trainer = Trainer.start(config, Path(folder) / "run", seed)
        period = config.log_period_steps
        for step in range(period, (total_steps or STEPS[game]) + 1, period):
            trainer.run(step)
            rows.append(_measure(trainer, config))
    return [{"game": game, "bug": bug, "seed": seed} | row for row in rows]


def _measure(trainer: Trainer, config: DQNConfig) -> dict[str, float]:
    row = {name: trainer.history[name][-1] for name in UNTIMED}
    fresh = make_env(config, AT_ONCE, first_seed=0)
    row["score"] = evaluate(
        trainer.agent, fresh, config, num_episodes=EVALUATION_GAMES
    ).mean
    return {name: float(value) for name, value in row.items()}
