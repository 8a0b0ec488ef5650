"""Checks for the exercises of notebook 06; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.config import PRESETS
from dqn_tutorial.lessons.checks import (
    NotYet,
    check,
    expect,
    in_its_dtype,
    like,
    number,
    same,
)
from dqn_tutorial.lessons.lesson_06 import rehearsal
from dqn_tutorial.lessons.student import Student
from dqn_tutorial.parallel_env import Step


@check
def check_06_units(updates, frames, steps):
    """Notebook 06, exercise 1: the preset "paper_2015" in updates, frames and steps.

    Args:
        updates: made by a run of 100,000 steps.
        frames: until epsilon has its last value.
        steps: between two syncs of the target network.
    """
    questions = [
        (updates, 12_500, [
            (25_000, "Nothing is learned in the first steps."),
            (200_000, "You have multiplied; one update comes every 4 steps."),
            (400_000, "You have multiplied; one update comes every 4 steps."),
            (50_000, "Those are the steps in which it learns; how many updates?"),
            (3_125, "The settings count in steps, not in frames."),
        ]),
        (frames, 4_000_000, [
            (1_000_000, "Those are steps; a step is four frames."),
            (250_000, "A step is four frames, not a quarter of one."),
            (4_200_000, "Epsilon begins to fall in step 0, not when learning starts."),
        ]),
        (steps, 40_000, [
            (10_000, "Those are updates; how many steps pass between two of them?"),
            (2_500, "An update is less frequent than a step: multiply."),
            (160_000, "Those are frames."),
        ]),
    ]  # fmt: skip
    for k, (given, right, mistakes) in enumerate(questions, start=1):
        where, otherwise = f"question {k}", "Write the unit behind each number you use."
        expect(number(given, where), right, mistakes, otherwise, where)
    return "Right, all three: updates, frames and steps are told apart."


def _passed(step, num_envs, period):
    return sum(k % period == 0 for k in range(step + 1, step + num_envs + 1))


LENGTH_ALONE = (
    "It goes by the length of the jump alone. Where the jump begins matters as well."
)
WRONG_DUE = [
    (lambda step, n, period: _passed(step - 1, n + 1, period), "A multiple on which it "
     "starts was reached by the previous jump: it does not count again."),
    (lambda step, n, period: n // period, LENGTH_ALONE),
    (lambda step, n, period: -(-n // period), LENGTH_ALONE),
    (lambda step, n, period: n / period, "There is no such thing as half an update: "
     "count whole multiples."),
    (lambda step, n, period: (step + n) // period, "Those are all since the run began. "
     "Which of them were due before?"),
    (lambda step, n, period: min(_passed(step, n, period), 1), "It finds one multiple "
     "at most. A jump may pass over more than one."),
]  # fmt: skip


@check
def check_06_updates_due(updates_due):
    """Notebook 06, exercise 2: multiples of `period` in (step, step + num_envs]."""
    rng = np.random.default_rng(0)
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
        cases.append((jump, _passed(*jump)))
    Student(updates_due).expect(cases, WRONG_DUE)
    return "Right: no update is lost, and none is made twice."


class Told:
    """Takes the place of a replay buffer and keeps what `add` was given."""

    def __init__(self, *steps):
        self.steps = list(steps)

    def add(self, step):
        self.steps.append(step)


def _told(name: str):
    """What a replay buffer was told of one of a step's arrays."""

    def read(replay, where, right):
        if len(replay.steps) != 1:
            raise NotYet(
                f"replay.add must be called once; you call it {len(replay.steps)} "
                "times."
            )
        if not isinstance(replay.steps[0], Step):
            raise NotYet(
                "`replay.add` takes a whole Step. `step._replace(...)` gives one with "
                "some of its arrays changed."
            )
        of_step = in_its_dtype if name.endswith("frames") else like
        right = getattr(right.steps[0], name)
        return of_step(getattr(replay.steps[0], name), where, right)

    return read


WRONG_STORES = {
    "game_over": [
        (lambda _, step: step.terminated, "It still hears that a game ended when only "
         "a life was lost, and not when a game was cut off."),
        (lambda _, step: step.terminated | step.game_over, "A lost life is not the end "
         "of a game."),
        (lambda _, step: step.terminated & step.game_over, "A game that was cut off "
         "has ended too."),
    ],
    "terminated": [
        (lambda _, step: step.game_over, "Now a lost life no longer terminates, and a "
         "game that was cut off does."),
        (lambda _, step: step.terminated | step.game_over, "A game that was cut off is "
         "not lost: it still bootstraps."),
        (lambda _, step: step.terminated & step.game_over, "A lost life terminates "
         "too: nothing more is won with it."),
    ],
    "rewards": [
        (lambda _, step: step.rewards, "Rewards are clipped before they are learned "
         "from."),
    ],
    "actions": [],
    "next_frames": [
        (lambda _, step: step.first_frames, "Where a game was over, that is already "
         "the new game's. The old game needs the frame it ended on."),
    ],
    "first_frames": [
        (lambda _, step: step.next_frames, "That is the frame the old game ended on; "
         "the new game begins with another."),
    ],
}  # fmt: skip


@check
def check_06_silent_bug(store):
    """Notebook 06, exercise 3: `game_over` and `terminated` are told apart."""
    theirs, rng = Student(store, changes=0), np.random.default_rng(0)
    # By hand: a life is lost, a game is over, a game is truncated, a game continues.
    lost, over = (
        np.array([True, True, False, False]),
        np.array([False, True, True, False]),
    )
    cases = []
    for flags in [(lost, over), *(rng.random((3, 2, 4)) < 0.5)]:
        step = Step(
            actions=rng.permutation(4).astype(np.int32),
            rewards=rng.permutation([0, 4, -7, 1]).astype(np.float32),
            terminated=flags[0],
            game_over=flags[1],
            next_frames=rng.integers(0, 256, (4, 84, 84), np.uint8),
            first_frames=rng.integers(0, 256, (4, 84, 84), np.uint8),
            finished=[],
        )
        right = Told(step._replace(rewards=np.sign(step.rewards)))
        cases.append(((Told(), step), right))
    for name, mistakes in WRONG_STORES.items():
        part = f"what `{name}` is told"
        theirs.expect(cases, mistakes, part, _told(name))
    return (
        "Fixed. In Catch a game never ends without being terminated, nor the other "
        "way round, so the two arrays are equal there and the bug cannot be seen."
    )


ENOUGH = 0.5  # of the score on Catch, where a random player has about -0.6


@check
def check_06_the_loop(loop):
    """Notebook 06, exercise 4: a training loop, rehearsed, then trained on Catch."""
    theirs = Student(loop, changes=0)
    for num_envs, batch, period, sync, total in [(2, 4, 4, 2, 40), (3, 8, 2, 5, 60)]:
        config = PRESETS["catch"].replace(
            num_envs=num_envs,
            learning_starts_steps=8,
            epsilon_decay_steps=total // 2,
            batch_size=batch,
            update_period_steps=period,
            target_sync_period_updates=sync,
            total_steps=total,
        )
        games = theirs(*rehearsal.rehearse(config))
        if fault := _fault(games, config):
            raise NotYet(f"{theirs.call}. {fault}")
    try:
        score = rehearsal.score_after_training(loop)
    except Exception as error:
        raise NotYet(
            f"the rehearsal went well, but with the real agent it raises "
            f"{type(error).__name__}: {str(error)[:120]}"
        ) from error
    if score < ENOUGH:
        raise NotYet(
            f"every verb is there, and yet after 6,000 steps it scores {score:.2f}. "
            "Does it do the same in every round, to the last?"
        )
    return f"It learns: after 6,000 steps your loop scores {score:.2f} on Catch."


def _fault(games, config) -> str | None:
    """What a rehearsed loop leaves out, or does otherwise; None if it is sound."""
    counts, told = games.counts, games.told
    befores = range(0, config.total_steps, config.num_envs)
    wanted = [rehearsal.schedule(config)(before) for before in befores]
    due = _due(config)
    syncs = {updates // config.target_sync_period_updates for updates in due}
    for is_so, fault in [
        (not told["epsilon"], "It never calls `agent.act`, so nobody plays."),
        (any(told["stale"]), "The agent acts on states of an earlier round: the "
         "games have moved on, and `env.states` shows where they are now."),
        (not all(told["actions"]), "The games must be sent what `agent.act` chose in "
         "this round."),
        (not any(told["epsilon"]), "It never explores: ε is 0 in every round."),
        (len(told["epsilon"]) != len(wanted), f"{config.total_steps} steps with "
         f"{config.num_envs} games at once: Expected {len(wanted)} rounds, got "
         f"{len(told['epsilon'])}."),
        (not same(told["epsilon"], wanted), "ε is that of another step. The steps of "
         "all games count together, from 0 on."),
        (counts["add"] != len(wanted), f"Each round gives one step to store. Expected "
         f"{len(wanted)} calls of `replay.add`, got {counts['add']}."),
        (counts["terminated"], "It ignores the terminal steps: `terminated` is "
         "not what the games said, so the network goes on adding up after the end."),
        (counts["game_over"], "`game_over` is not what the games said."),
        (counts["rewards"], "The rewards are not what the games gave."),
        (not counts["learn"], "It never learns: no call of `agent.learn`."),
        (counts["learn"] not in due, f"The updates are not those that are due. "
         f"Expected {max(due)}, got {counts['learn']}."),
        (counts["sample", config.batch_size] != counts["learn"], "Each update wants "
         "a batch of its own, of `config.batch_size` transitions."),
        (not counts["sync"], "The target network is never synced, so it knows for ever "
         "what it knew before the first update."),
        (counts["sync"] not in syncs, f"The target network is not synced when it is "
         f"due. Expected {max(syncs)} times, got {counts['sync']}."),
    ]:  # fmt: skip
        if is_so:
            return fault
    return None


def _due(config) -> set[int]:
    """How many updates a sound loop makes, if a round begins to learn when the counter
    is at the threshold before it, or after it."""
    jumps = [
        (before, _passed(before, config.num_envs, config.update_period_steps))
        for before in range(0, config.total_steps, config.num_envs)
    ]
    start = config.learning_starts_steps
    return {
        sum(due for before, due in jumps if before >= first)
        for first in (start, start - config.num_envs)
    }
