"""The museum of notebook 09: stored runs to look at, and tests that catch the bugs.

The runs come from `museum_runs`: trained on Catch with a bug built in.

Glossary
    runs    seed -> column -> array: what was measured of one game with one bug
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import numpy as np
import pandas as pd

from dqn_tutorial import training
from dqn_tutorial.atari import SingleAtari
from dqn_tutorial.catch import ParallelCatch
from dqn_tutorial.config import FRAME_SHAPE, PRESETS
from dqn_tutorial.lessons.lesson_09.museum_games import (
    LATE_STEPS,
    ParallelBallAndBomb,
)
from dqn_tutorial.lessons.lesson_09.museum_runs import EXHIBITS, built_in
from dqn_tutorial.n_step import NStepReplayBuffer
from dqn_tutorial.parallel_env import Step
from dqn_tutorial.runs.trainer import Trainer
from dqn_tutorial.training import training_loop


def load_runs(path: Path | str) -> dict[tuple[str, str], dict[int, dict]]:
    """The stored measurements: the runs of each (game, bug).

    Raises:
        ValueError: an exhibit is missing.
    """
    runs: dict[tuple[str, str], dict[int, dict]] = {}
    for (game, bug, seed), run in pd.read_csv(path).groupby(["game", "bug", "seed"]):
        columns = {name: run[name].to_numpy() for name in run.columns[3:]}
        runs.setdefault((game, bug), {})[seed] = columns
    if missing := [exhibit for exhibit in EXHIBITS if exhibit not in runs]:
        raise ValueError(f"{path} must have runs of every exhibit, lacks {missing}")
    return {exhibit: runs[exhibit] for exhibit in EXHIBITS}


def verdict(test, *implementations) -> None:
    """Run a test on each implementation, and print the outcome."""
    width = max(len(implementation.__name__) for implementation in implementations)
    for implementation in implementations:
        failure = why_it_fails(test, implementation)
        outcome = "passes" if failure is None else f"fails: {failure}"
        print(f"{implementation.__name__:{width}}  {outcome}")


def why_it_fails(test, implementation) -> str | None:
    """What the test says against an implementation; None if it passes."""
    try:
        test(implementation)
    except AssertionError as error:
        return str(error)
    return None


# What the tests of the notebook need


def paddle_left_and_right() -> tuple[np.ndarray, np.ndarray]:
    """Two screens of Breakout, (210, 160, 3) uint8, that differ in the paddle only."""
    screens = []
    for meaning in ("LEFT", "RIGHT"):
        game = SingleAtari("breakout", automatic_fire=False)  # no FIRE, no ball
        game.reset(seed=0, options={"noops": 0})
        for _ in range(12):
            game.step(game.action_meanings.index(meaning))
        screens.append(game.render())
    return screens[0], screens[1]


def first_states() -> dict[str, np.ndarray]:
    """States of ball and bomb, (4, 84, 84) each, in which something begins to fall.

    The first ball and the bomb as they should be, and the next game's ball if the stack
    is not cleared between games.
    """
    with built_in("ball_and_bomb", "stack"):
        env = ParallelBallAndBomb(1)
        states = [env.reset()[0].copy()]
        for _ in range(2):
            for _ in range(LATE_STEPS):
                env.step(np.array([1]))
            states.append(env.states[0].copy())
    return dict(zip(["ball", "bomb", "next ball"], states, strict=True))


def stored_as_terminated(store, *, terminated: bool, game_over: bool) -> bool:
    """Whether `store` tells the replay buffer that a step was terminated."""
    run = mock.MagicMock(config=PRESETS["catch"])
    frame = ParallelCatch(1).states[:, -1]
    flags = np.array([terminated]), np.array([game_over])
    store(run, Step(np.array([1]), np.zeros(1), *flags, frame, frame, []))
    return bool(run.replay.add.call_args.args[0].terminated[0])


def steps_counted(store, rounds: int) -> int:
    """What the step counter says after some rounds of training with this `store`."""
    with mock.patch.object(training, "store", store), TemporaryDirectory() as folder:
        trainer = Trainer.start(PRESETS["catch"], Path(folder) / "run")
        for _, _ in zip(range(rounds), training_loop(trainer), strict=False):
            pass
    return trainer.step


def replay_of(rewards: list, over: list) -> NStepReplayBuffer:
    """A replay buffer that adds up three rewards, with a discount of 0.9.

    It holds these steps of black frames: the reward of each, and whether it ends its
    game. In between, the last frame of each game takes a slot.
    """
    replay = NStepReplayBuffer(3, 0.9, capacity_transitions=100)
    black = np.zeros((1, *FRAME_SHAPE), np.uint8)
    replay.reset(black)
    for reward, ends in zip(rewards, over, strict=True):
        flags = np.array([bool(ends)])
        step = Step(np.array([1]), np.array([reward]), flags, flags, black, black, [])
        replay.add(step)
    return replay
