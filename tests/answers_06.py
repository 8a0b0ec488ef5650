"""What students hand in to the checks of notebook 06, right and wrong."""

import math

import numpy as np
from tried import Tried

from dqn_tutorial.lessons.lesson_06 import checks as checks
from dqn_tutorial.preprocessing import clip_reward

UNITS = Tried(
    checks.check_06_units,
    right=[
        (11_875, 200_000, 4_000),
        (95_000 / 8, "200000", np.float32(4e3)),
        (11_874, 200_000, 4_000),  # as the loop makes, which starts at step 5,008
    ],
    wrong=[
        ((12_500, 200_000, 4_000), "Nothing is learned in the first steps"),
        ((760_000, 200_000, 4_000), "You have multiplied"),
        ((800_000, 200_000, 4_000), "You have multiplied"),
        ((95_000, 200_000, 4_000), "how many updates?"),
        ((47_500, 200_000, 4_000), "counted in steps, not"),
        ((11_873, 200_000, 4_000), "question 1. Write the unit"),
        ((11_876, 200_000, 4_000), "question 1. Write the unit"),
        ((11_874, 50_000, 4_000), "question 2. Those are steps"),
        ((11_875, 12_500, 4_000), "not a quarter"),
        ((11_875, 220_000, 4_000), "begins to fall in step 0"),
        ((11_875, 3_200_000, 4_000), "question 2. The games"),
        ((11_875, 200_000, 500), "Those are updates"),
        ((11_875, 200_000, 62.5), "less frequent"),
        ((11_875, 200_000, 16_000), "question 3. Those are frames"),
        ((11_875, 200_000, 8_000), "question 3. The games"),
        ((11_875, 200_000, 64_000), "question 3. The games"),
        ((11_875, 200_000, 3), "Write the unit"),
        (("many", 200_000, 4_000), "A number is wanted"),
    ],
    secrets=(
        "11875",
        "11,875",
        "11874",
        "11,874",
        "200000",
        "200,000",
        "4000",
        "4,000",
    ),
)


def by_division(step, num_games, period):
    return (step + num_games) // period - step // period


def by_counting(step, num_games, period):
    return sum(s % period == 0 for s in range(step + 1, step + num_games + 1))


def by_floor(step, num_games, period):
    return math.floor((step + num_games) / period) - math.floor(step / period)


def no_return(step, num_games, period):
    due = 0
    for counter in range(step + 1, step + num_games + 1):
        if counter % period == 0:
            due += 1


UPDATES_DUE = Tried(
    checks.check_06_updates_due,
    right=[(by_division,), (by_counting,), (by_floor,)],
    wrong=[
        ((lambda step, n, period: n // period,), "the length of the jump alone"),
        ((lambda step, n, period: math.ceil(n / period),), "jump alone"),
        ((lambda step, n, period: n / period,), "Half an update"),
        ((lambda step, n, period: 1,), "one multiple at most"),
        ((lambda step, n, period: int(step % period == 0),), "multiple at most"),
        ((lambda step, n, period: (step + n) % period == 0,), "multiple at most"),
        ((lambda step, n, period: (step + n) // period,), "since the run began"),
        (
            (lambda step, n, period: by_counting(step - 1, n + 1, period),),
            "does not count again",
        ),
        ((lambda step, n, period: by_counting(step - 1, n, period),), "count again"),
        ((lambda step, n, period: min(by_division(step, n, period), 1),), "at most"),
        ((lambda step, n, period: max(by_division(step, n, period), 1),), "jump alone"),
        ((lambda step, n, period: by_division(step, n, period) + 5,), "on a line"),
        ((lambda step, n, period: step / 0,), "raises ZeroDivisionError"),
        ((lambda step, n, period: "two",), "A number is wanted"),
        ((no_return,), "returns nothing"),
    ],
)


def remember_with(**changes):
    """The right answer, with some arguments put wrong."""

    def remember(replay, games, result):
        arguments = {
            "actions": result.actions,
            "rewards": clip_reward(result.rewards),
            "terminated": result.terminated,
            "over": result.over,
            "next_frames": result.next_frames,
            "first_frames": games.states[:, -1],
        }
        changed = {name: change(result, games) for name, change in changes.items()}
        replay.add(**arguments | changed)

    return remember


def by_position(replay, games, result):
    rewards = np.clip(result.rewards, -1, 1)
    frames = (result.next_frames, games.states[:, 3])
    replay.add(result.actions, rewards, result.terminated, result.over, *frames)


def with_lists(replay, games, result):
    kinds = (result.actions, np.sign(result.rewards), result.terminated, result.over)
    frames = (list(result.next_frames), [state[-1] for state in games.states])
    replay.add(*(list(values) for values in kinds), *frames)


def game_by_game(replay, games, result):
    for g in range(len(result.over)):
        replay.add(*(values[g] for values in result[:5]), games.states[g, -1])


SILENT_BUG = Tried(
    checks.check_06_silent_bug,
    right=[(remember_with(),), (by_position,), (with_lists,)],
    wrong=[
        ((remember_with(over=lambda r, g: r.terminated),), "only a life was lost"),
        ((remember_with(over=lambda r, g: r.terminated | r.over),), "not the end of a"),
        ((remember_with(over=lambda r, g: r.terminated & r.over),), "has ended too"),
        ((remember_with(over=lambda r, g: ~r.over),), "`show_source"),
        ((remember_with(over=lambda r, g: bool(r.over.any())),), "be (4,), it is ()"),
        ((remember_with(terminated=lambda r, g: r.over),), "no longer terminates"),
        (
            (remember_with(terminated=lambda r, g: r.terminated | r.over),),
            "it still bootstraps",
        ),
        (
            (remember_with(terminated=lambda r, g: r.terminated & r.over),),
            "A lost life terminates too",
        ),
        ((remember_with(rewards=lambda r, g: r.rewards),), "Rewards are clipped"),
        ((remember_with(actions=lambda r, g: r.actions[::-1]),), "what `actions` is"),
        ((remember_with(next_frames=lambda r, g: g.states[:, -1]),), "it ended on"),
        ((remember_with(first_frames=lambda r, g: g.states[:, 0]),), "oldest frame"),
        ((remember_with(first_frames=lambda r, g: r.next_frames),), "with another"),
        ((lambda replay, games, result: replay.add(result),), "raises TypeError"),
        ((lambda replay, games, result: print(replay),), "you call it 0 times"),
        ((game_by_game,), "you call it 4 times"),
    ],
    arguments="changed",
)

TRIED = [UNITS, UPDATES_DUE, SILENT_BUG]
