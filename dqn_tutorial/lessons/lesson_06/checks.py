"""Checks for the exercises of notebook 06; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import NotYet, array, check, expect, number
from dqn_tutorial.lessons.student import Student
from dqn_tutorial.parallel_env import Step


@check
def check_06_units(updates, frames, steps):
    """Notebook 06, exercise 1: the preset "laptop" in updates, frames and steps.

    Args:
        updates: made by a run of 100,000 steps.
        frames: until epsilon has its last value.
        steps: between two syncs of the target network.
    """
    # 16 games jump from step 4,992 to 5,008: the loop makes one update fewer.
    made = 11_875 if number(updates, "question 1") == 11_874 else updates
    questions = [
        (made, 11_875, [
            (12_500, "Nothing is learned in the first steps."),
            (760_000, "You have multiplied; one update comes every 8 steps."),
            (800_000, "You have multiplied; one update comes every 8 steps."),
            (95_000, "Those are the steps in which it learns; how many updates?"),
            (47_500, "The update period is counted in steps, not in frames."),
        ]),
        (frames, 200_000, [
            (50_000, "Those are steps; a step is four frames."),
            (12_500, "A step is four frames, not a quarter of one."),
            (220_000, "Epsilon begins to fall in step 0, not when learning starts."),
            (3_200_000, "The games are counted twice: a step is one of any game."),
        ]),
        (steps, 4_000, [
            (500, "Those are updates; how many steps pass between two of them?"),
            (62.5, "An update is less frequent than a step: multiply."),
            (16_000, "Those are frames."),
            (8_000, "The games are counted twice: a step is one of any game."),
            (64_000, "The games are counted twice: a step is one of any game."),
        ]),
    ]  # fmt: skip
    for k, (given, right, mistakes) in enumerate(questions, start=1):
        where, otherwise = f"question {k}", "Write the unit behind each number you use."
        expect(number(given, where), right, mistakes, otherwise, where)
    return (
        "Right, all three: updates, frames and steps are told apart. (11,874 counts as "
        "well as 11,875: 16 games jump over step 5,000, so the loop starts at 5,008.)"
    )


@check
def check_06_updates_due(updates_due):
    """Notebook 06, exercise 2: multiples of `period` in (step, step + num_envs]."""
    theirs, rng = Student(updates_due), np.random.default_rng(0)
    cases = [  # step, num_envs, period, and by hand the updates that are due
        ((0, 16, 8), 2),
        ((1, 4, 8), 0),
        ((0, 4, 8), 0),
        ((4, 4, 8), 1),
        ((16, 16, 8), 2),
        ((3, 1, 4), 1),
        ((10, 5, 7), 1),
        ((5, 9, 10), 1),
    ]
    for jump in rng.integers(1, [1000, 33, 33], (50, 3)).tolist():
        step, num_envs, period = jump
        passed = range(step + 1, step + num_envs + 1)
        cases.append((tuple(jump), sum(counter % period == 0 for counter in passed)))
    for (step, num_envs, period), right in cases:
        given = number(theirs(step, num_envs, period), theirs.call)
        if given % 1:
            raise NotYet(f"{theirs.gives(given)}. There is no such thing as half an "
                         "update: count whole multiples.")  # fmt: skip
        passed = range(step, step + num_envs + 1)
        mistakes = [
            (sum(counter % period == 0 for counter in passed), "A multiple on which it "
             "starts was reached by the previous jump: it does not count again."),
            (num_envs // period, "It goes by the length of the jump alone. Where the "
             "jump begins matters as well."),
            (-(-num_envs // period), "It goes by the length of the jump alone. Where "
             "the jump begins matters as well."),
            ((step + num_envs) // period, "Those are all since the run began. Which "
             "of them were due before?"),
            (min(right, 1), "It finds one multiple at most. A jump may pass over more "
             "than one."),
        ]  # fmt: skip
        otherwise = "Mark the multiples of the period on a line; which does it pass?"
        expect(given, right, mistakes, otherwise, theirs.gives(given))
    return "Right: no update is lost, and none is made twice."


class Told:
    """Takes the place of a replay buffer and keeps what `add` was given."""

    def __init__(self):
        self.steps = []

    def add(self, step):
        self.steps.append(step)


@check
def check_06_silent_bug(store):
    """Notebook 06, exercise 3: `game_over` and `terminated` are told apart."""
    theirs, rng = Student(store), np.random.default_rng(0)
    # By hand: a life is lost, a game is over, a game is truncated, a game continues.
    lost, over = (
        np.array([True, True, False, False]),
        np.array([False, True, True, False]),
    )
    for flags in [(lost, over), *(rng.random((3, 2, 4)) < 0.5)]:
        step = Step(
            actions=np.array([0, 1, 2, 3], np.int32),
            rewards=rng.permutation([0, 4, -7, 1]).astype(np.float32),
            terminated=flags[0],
            game_over=flags[1],
            next_frames=rng.integers(0, 256, (4, 84, 84), np.uint8),
            first_frames=rng.integers(0, 256, (4, 84, 84), np.uint8),
            finished=[],
        )
        theirs.change(Told(), step)
        told = theirs.arguments[0].steps
        if len(told) != 1:
            raise NotYet(
                f"replay.add must be called once; you call it {len(told)} times."
            )
        if not isinstance(told[0], Step):
            raise NotYet(
                "`replay.add` takes a whole Step. `step._replace(...)` gives one with "
                "some of its arrays changed."
            )
        for name, (right, mistakes) in _what_to_tell(step).items():
            where = f"look at what `{name}` is told"
            given = array(getattr(told[0], name), right.shape, where)
            otherwise = "`show_source(Step)` says what belongs there."
            expect(given, right, mistakes, otherwise, where)
    return (
        "Fixed. In Catch a game never ends without being terminated, nor the other "
        "way round, so the two arrays are equal there and the bug cannot be seen."
    )


def _what_to_tell(step: Step) -> dict:
    """For each array of a step: what is right, and which wrong ones get which hint."""
    lost, game_over = step.terminated, step.game_over
    return {
        "game_over": (game_over, [
            (lost, "It still hears that a game ended when only a life was lost, and "
             "not when a game was cut off."),
            (lost | game_over, "A lost life is not the end of a game."),
            (lost & game_over, "A game that was cut off has ended too."),
        ]),
        "terminated": (lost, [
            (game_over, "Now a lost life no longer terminates, and a game that was cut "
             "off does."),
            (lost | game_over, "A game that was cut off is not lost: it still "
             "bootstraps."),
            (lost & game_over, "A lost life terminates too: nothing more is won with "
             "it."),
        ]),
        "rewards": (np.sign(step.rewards), [
            (step.rewards, "Rewards are clipped before they are learned from."),
        ]),
        "actions": (step.actions, []),
        "next_frames": (step.next_frames, [
            (step.first_frames, "Where a game was over, that is already the new "
             "game's. The old game needs the frame it ended on."),
        ]),
        "first_frames": (step.first_frames, [
            (step.next_frames, "That is the frame the old game ended on; the new game "
             "begins with another."),
        ]),
    }  # fmt: skip
