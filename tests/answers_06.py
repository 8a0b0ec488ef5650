"""What students hand in to the checks of notebook 06, right and wrong."""

import math

import numpy as np
from tried import Tried

from dqn_tutorial.lessons.lesson_06 import checks as checks
from dqn_tutorial.preprocessing import clip_reward

UNITS = Tried(
    checks.check_06_units,
    right=[(12_500, 4_000_000, 40_000), (50_000 / 4, "4000000", np.float32(4e4))],
    wrong=[
        ((25_000, 4_000_000, 40_000), "Nothing is learned in the first steps"),
        ((200_000, 4_000_000, 40_000), "You have multiplied"),
        ((400_000, 4_000_000, 40_000), "You have multiplied"),
        ((50_000, 4_000_000, 40_000), "how many updates?"),
        ((3_125, 4_000_000, 40_000), "in steps, not in frames"),
        ((12_499, 4_000_000, 40_000), "question 1. Write the unit"),
        ((12_500, 1_000_000, 40_000), "question 2. Those are steps"),
        ((12_500, 250_000, 40_000), "not a quarter"),
        ((12_500, 4_200_000, 40_000), "begins to fall in step 0"),
        ((12_500, 4_000_000, 10_000), "Those are updates"),
        ((12_500, 4_000_000, 2_500), "less frequent"),
        ((12_500, 4_000_000, 160_000), "question 3. Those are frames"),
        ((12_500, 4_000_000, 3), "Write the unit"),
        (("many", 4_000_000, 40_000), "Expected a number"),
    ],
    secrets=("12500", "12,500", "4000000", "4,000,000", "40000", "40,000"),
)


def by_division(step, num_envs, period):
    return (step + num_envs) // period - step // period


def by_counting(step, num_envs, period):
    return sum(s % period == 0 for s in range(step + 1, step + num_envs + 1))


def by_floor(step, num_envs, period):
    return math.floor((step + num_envs) / period) - math.floor(step / period)


def no_return(step, num_envs, period):
    due = 0
    for counter in range(step + 1, step + num_envs + 1):
        if counter % period == 0:
            due += 1


UPDATES_DUE = Tried(
    checks.check_06_updates_due,
    right=[(by_division,), (by_counting,), (by_floor,)],
    wrong=[
        ((lambda step, n, period: n // period,), "the length of the jump alone"),
        ((lambda step, n, period: math.ceil(n / period),), "jump alone"),
        ((lambda step, n, period: n / period,), "half an update"),
        ((lambda step, n, period: 1,), "(0, 16, 8). Expected 2, got 1."),
        ((lambda step, n, period: int(step % period == 0),), "Expected 2, got 1."),
        ((lambda step, n, period: (step + n) % period == 0,), "Expected 2, got 1."),
        ((lambda step, n, period: (step + n) // period,), "since the run began"),
        (
            (lambda step, n, period: by_counting(step - 1, n + 1, period),),
            "does not count again",
        ),
        (
            (lambda step, n, period: by_counting(step - 1, n, period),),
            "Expected 0, got 1.",
        ),
        ((lambda step, n, period: min(by_division(step, n, period), 1),), "at most"),
        ((lambda step, n, period: max(by_division(step, n, period), 1),), "Expected 0"),
        ((lambda step, n, period: by_division(step, n, period) + 5,), "2, got 7."),
        ((lambda step, n, period: by_division(step, n, period) + 0.5,), "got 2.5."),
        ((lambda step, n, period: step / 0,), "raises ZeroDivisionError"),
        ((lambda step, n, period: "two",), "Expected a number"),
        ((no_return,), "returns nothing"),
    ],
)


def store_with(**changes):
    """The right answer, with some arrays put wrong."""

    def store(replay, step):
        changed = {name: change(step) for name, change in changes.items()}
        right = {"rewards": clip_reward(step.rewards)}
        replay.add(step._replace(**right | changed))

    return store


def by_position(replay, step):
    replay.add(type(step)(step[0], np.clip(step[1], -1, 1), *step[2:]))


def with_lists(replay, step):
    changed = {"rewards": np.sign(step.rewards), "game_over": list(step.game_over)}
    replay.add(step._replace(**changed, next_frames=list(step.next_frames)))


def clips_in_place(replay, step):
    np.clip(step.rewards, -1, 1, out=step.rewards)
    replay.add(step)


def game_by_game(replay, step):
    for _ in range(len(step.game_over)):
        replay.add(step)


SILENT_BUG = Tried(
    checks.check_06_silent_bug,
    right=[(store_with(),), (by_position,), (with_lists,)],
    wrong=[
        ((store_with(game_over=lambda s: s.terminated),), "only a life was lost"),
        (
            (store_with(game_over=lambda s: s.terminated | s.game_over),),
            "not the end of a",
        ),
        (
            (store_with(game_over=lambda s: s.terminated & s.game_over),),
            "has ended too",
        ),
        (
            (store_with(game_over=lambda s: ~s.game_over),),
            "what `game_over` is told. Expected [0, 1, 1, 0], got [1, 0, 0, 1].",
        ),
        ((clips_in_place,), "changes `step`"),
        ((store_with(next_frames=lambda s: s.next_frames / 1),), "uint8, not float64"),
        (
            (store_with(first_frames=lambda s: s.first_frames.astype(np.float32)),),
            "uint8, not float32",
        ),
        ((store_with(rewards=lambda s: s.rewards.clip(0, 1)),), "], got [0, "),
        ((store_with(rewards=lambda s: s.rewards / 7),), "`rewards` is told. Expected"),
        (
            (store_with(game_over=lambda s: bool(s.game_over.any())),),
            "be (4,), not ()",
        ),
        ((store_with(terminated=lambda s: s.game_over),), "no longer terminates"),
        (
            (store_with(terminated=lambda s: s.terminated | s.game_over),),
            "it still bootstraps",
        ),
        (
            (store_with(terminated=lambda s: s.terminated & s.game_over),),
            "A lost life terminates too",
        ),
        ((lambda replay, step: replay.add(step),), "Rewards are clipped"),
        ((store_with(actions=lambda s: s.actions[::-1]),), "what `actions` is"),
        ((store_with(next_frames=lambda s: s.first_frames),), "it ended on"),
        ((store_with(first_frames=lambda s: s.next_frames),), "with another"),
        ((lambda replay, step: replay.add(*step[:6]),), "raises TypeError"),
        ((lambda replay, step: replay.add(step.actions),), "takes a whole Step"),
        ((lambda replay, step: print(replay),), "you call it 0 times"),
        ((game_by_game,), "you call it 4 times"),
    ],
    changes=True,
)


def loop_with(
    explore=lambda epsilon: epsilon,
    states=lambda env, first: env.states,
    sent=lambda actions: actions,
    due=by_division,
    draws=lambda config: config.batch_size,
    told=lambda batch: batch,
    syncs=lambda updates, config: updates % config.target_sync_period_updates == 0,
    stored=lambda step: [step],
    stop=lambda config: config.total_steps,
    beyond=lambda before: False,
):
    """The right loop, with some of its parts put wrong."""

    def loop(env, agent, replay, epsilon, config, rng):
        updates, first = 0, env.states
        for before in range(0, stop(config), config.num_envs):
            actions = agent.act(states(env, first), explore(epsilon(before)), rng)
            env.send(sent(actions))
            if before >= config.learning_starts_steps and not beyond(before):
                for _ in range(
                    due(before, config.num_envs, config.update_period_steps)
                ):
                    agent.learn(told(replay.sample(draws(config), rng)))
                    updates += 1
                    if syncs(updates, config):
                        agent.sync_target()
            step = env.recv()
            for one in stored(step):
                replay.add(one)

    return loop


def stores_first(env, agent, replay, epsilon, config, rng):
    """Another right one: store, then learn, and count the step before that."""
    step, updates = 0, 0
    while step < config.total_steps:
        env.send(agent.act(env.states, epsilon(step), rng))
        replay.add(env.recv())
        for _ in range(config.num_envs):
            step += 1
            if step % config.update_period_steps == 0:
                if step > config.learning_starts_steps:
                    agent.learn(replay.sample(config.batch_size, rng))
                    updates += 1
                    if updates % config.target_sync_period_updates == 0:
                        agent.sync_target()


def acts_for_nobody(env, agent, replay, epsilon, config, rng):
    for _ in range(0, config.total_steps, config.num_envs):
        env.send(rng.integers(3, size=config.num_envs))
        replay.add(env.recv())


def forever_young(step):
    return [step._replace(terminated=np.zeros_like(step.terminated))]


def no_end(batch):
    return batch._replace(terminated=np.zeros_like(batch.terminated))


def never_ends(step):
    return [step._replace(game_over=np.zeros_like(step.game_over))]


def doubles(step):
    return [step._replace(rewards=2 * step.rewards)]


stops_early = loop_with(beyond=lambda before: before > 100)
stops_early.score = -0.6  # what a test that does not train takes for its score
breaks_late = loop_with(beyond=lambda before: before > 100)
breaks_late.error = ValueError("nothing left")

THE_LOOP = Tried(
    checks.check_06_the_loop,
    right=[(loop_with(),), (stores_first,)],
    wrong=[
        ((acts_for_nobody,), "never calls `agent.act`"),
        ((loop_with(states=lambda env, first: first),), "of an earlier round"),
        ((loop_with(sent=lambda actions: 0 * actions),), "must be sent what"),
        ((loop_with(explore=lambda epsilon: 0.0),), "never explores"),
        ((loop_with(stop=lambda config: config.total_steps // 2),), "20 rounds, got"),
        ((loop_with(explore=lambda epsilon: 0.1),), "ε is that of another step"),
        (
            (loop_with(stored=lambda step: [], due=lambda *_: 0),),
            "20 calls of `replay.add`, got 0",
        ),
        ((loop_with(stored=forever_young),), "ignores the terminal steps"),
        ((loop_with(told=no_end),), "ignores the terminal steps"),
        ((loop_with(stored=never_ends),), "`game_over` is not what"),
        ((loop_with(stored=doubles),), "rewards are not what"),
        ((loop_with(due=lambda *_: 0),), "never learns"),
        ((loop_with(due=lambda step, n, period: n // period),), "never learns"),
        ((loop_with(due=lambda *_: 1),), "not those that are due. Expected"),
        ((loop_with(draws=lambda config: 3),), "a batch of its own"),
        ((loop_with(syncs=lambda *_: False),), "never synced"),
        ((loop_with(syncs=lambda *_: True),), "not synced when it is due. Expected"),
        ((stops_early,), "scores -0.60. Does it do the same in every round"),
        ((breaks_late,), "with the real agent it raises ValueError: nothing left"),
        ((lambda env, agent, replay, epsilon, config, rng: env.recv(),), "RuntimeErr"),
    ],
    changes=True,
    no_matter=(5,),  # chance
)

TRIED = [UNITS, UPDATES_DUE, SILENT_BUG, THE_LOOP]
