"""What students hand in to the checks of notebook 05, right and wrong."""

import numpy as np
from tried import Tried

from dqn_tutorial.learning import chosen_q_values, td_targets
from dqn_tutorial.lessons.lesson_05 import checks as checks

FRAMES = Tried(
    checks.check_05_frames_between_copies,
    # 1,000 updates x 10 steps each x 4 frames each
    right=[(40_000,), (1_000 * 10 * 4.0,), ("40000",), ("40,000",), (np.int64(4e4),)],
    wrong=[
        ((1_000,), "counts updates"),
        ((10_000,), "counts steps"),
        ((4_000,), "one update for one step"),
        ((400,), "more steps than updates, so"),
        ((2_500,), "not a quarter"),
        ((320_000,), "over all 8 games already."),
        ((80_000,), "already; now turn"),
        ((5_000,), "what one game plays"),
        ((1_250,), "the steps of one game"),
        ((7,), "from updates to steps"),
        (("many",), "Expected a number"),
        (((40, 0),), "Expected one number, got 2 of them"),  # 40,000 without quotes
        (("40,00",), "Digits and a point only"),
        (("4e4 frames",), "Digits and a point only"),
        (("10,000",), "counts steps"),
    ],
    secrets=("40000", "40,000"),
)


def mixing(mix, kind=list):
    def soft_sync(online, target, tau):
        return kind(mix(a, b, tau) for a, b in zip(online, target, strict=True))

    return soft_sync


def by_index(online, target, tau):
    new = []
    for k in range(len(target)):
        new.append(target[k] + tau * (online[k] - target[k]))
    return new


def in_place(online, target, tau):
    for a, b in zip(online, target, strict=True):
        b += tau * (a - b)
    return target


def into_the_list(online, target, tau):
    for k in range(len(target)):
        target[k] = (1 - tau) * target[k] + tau * online[k]
    return target


def the_first_only(online, target, tau):
    for a, b in zip(online, target, strict=True):
        return tau * a + (1 - tau) * b


def into_one_list(online, target, tau, mixed=[]):  # noqa: B006
    mixed[:] = by_index(online, target, tau)
    return mixed


def pops_the_weights(online, target, tau):
    return [b + tau * (online.pop(0) - b) for b in target]


def of_two_arrays(online, target, tau):
    return by_index(online, target[:2], tau)


SOFT_SYNC = Tried(
    checks.check_05_soft_sync,
    right=[
        (mixing(lambda a, b, tau: tau * a + (1 - tau) * b),),
        (by_index,),
        (mixing(lambda a, b, tau: (1 - tau) * b + tau * a, tuple),),
    ],
    wrong=[
        ((mixing(lambda a, b, tau: (1 - tau) * a + tau * b),), "wrong way round"),
        ((mixing(lambda a, b, tau: tau * a + b),), "add up to 1"),
        ((mixing(lambda a, b, tau: a + b),), "add up to 1"),
        ((mixing(lambda a, b, tau: a),), "gives a part of `online` itself"),
        ((mixing(lambda a, b, tau: a.copy()),), "whole copy"),
        ((mixing(lambda a, b, tau: b.copy()),), "nothing of online"),
        ((mixing(lambda a, b, tau: (a + b) / 2),), "half and half"),
        ((mixing(lambda a, b, tau: tau * a),), "The rest of the target"),
        ((mixing(lambda a, b, tau: b - tau * (a - b)),), "goes away from online"),
        ((mixing(lambda a, b, tau: a - b),), "Expected [1, 5, -3], got [4, 4, 4]."),
        ((mixing(lambda a, b, tau: b + 0.25 * (a - b)),), "Expected [4, 8, 0], got"),
        (
            (mixing(lambda a, b, tau: np.round(b + tau * (a - b), 1)),),
            " numbers differ",
        ),
        ((mixing(lambda a, b, tau: a if tau == 1 else b + tau * (a - b)),), "itself"),
        ((into_one_list,), "gives what an earlier call gave"),
        ((pops_the_weights,), "changes `online`"),
        ((of_two_arrays,), "Return 3 things: the mix of array 0"),
        ((mixing(lambda a, b, tau: 1.0),), "should be (1, 2), not ()"),
        ((in_place,), "changes `target`"),
        ((into_the_list,), "changes `target`"),
        ((the_first_only,), "Return 2 things: the mix of array 0"),
    ],
)


def by_loop(rewards, terminated, next_q, q, actions, discount):
    errors = []
    for i, action in enumerate(actions):
        future = 0.0 if terminated[i] else discount * max(next_q[i])
        errors.append(rewards[i] + future - q[i][action])
    return np.array(errors)


def with_numpy(rewards, terminated, next_q_values, q_values, actions, discount):
    bootstrap = discount * next_q_values.max(axis=1) * ~terminated
    return rewards + bootstrap - q_values[np.arange(len(actions)), actions]


def with_the_package(rewards, terminated, next_q, q, actions, discount):
    rewards, next_q = rewards.astype("float32"), next_q.astype("float32")
    targets = td_targets(rewards, terminated, next_q, discount)
    return targets - chosen_q_values(q.astype("float32"), actions)


def with_bug(
    best=lambda next_q, actions: next_q.max(axis=1),
    goes_on=np.logical_not,
    chosen=lambda q, actions: q[np.arange(len(q)), actions],
    keep_discount=True,
    finish=lambda errors: errors,
):
    """TD errors with one thing wrong."""

    def wrong(rewards, terminated, next_q, q, actions, discount):
        future = best(next_q, actions) * goes_on(terminated)
        future = future * discount if keep_discount else future
        return finish(rewards + future - chosen(q, actions))

    return wrong


def same_action(next_q, actions):
    return next_q[np.arange(len(next_q)), actions]


def zeroes_the_next_values(rewards, terminated, next_q, q, actions, discount):
    next_q[terminated] = 0
    return rewards + discount * next_q.max(axis=1) - same_action(q, actions)


def subtracts_in_place(rewards, terminated, next_q, q, actions, discount):
    rewards -= same_action(q, actions)
    return rewards + discount * next_q.max(axis=1) * ~terminated


def inverts_in_place(rewards, terminated, next_q, q, actions, discount):
    goes_on = np.logical_not(terminated, out=terminated)
    return rewards + discount * next_q.max(axis=1) * goes_on - same_action(q, actions)


def into_the_rewards(rewards, terminated, next_q, q, actions, discount):
    rewards[:] = with_numpy(rewards, terminated, next_q, q, actions, discount)
    return rewards


def rewards_where_all_is_over(rewards, *batch):
    return rewards


def with_a_fixed_discount(rewards, terminated, next_q, q, actions, discount):
    return with_numpy(rewards, terminated, next_q, q, actions, 0.5)


SILENT_BUG = Tried(
    checks.check_05_silent_bug,
    right=[(by_loop,), (with_numpy,), (with_the_package,)],
    wrong=[
        ((with_bug(best=lambda n, a: n.max()),), "The bug is still there"),
        ((with_bug(best=lambda n, a: n.max(axis=0)),), "raises ValueError"),
        ((with_bug(finish=np.negative),), "The sign is wrong"),
        ((with_bug(goes_on=np.ones_like),), "future after the end"),
        ((with_bug(goes_on=np.array),), "and nowhere else"),
        ((with_bug(chosen=lambda q, a: q.max(axis=1)),), "that was taken"),
        ((with_bug(keep_discount=False),), "The discount is missing"),
        ((with_bug(best=same_action),), "the same action"),
        ((with_bug(best=lambda n, a: n.mean(axis=1)),), "is a mean"),
        ((with_bug(chosen=lambda q, a: 0),), "Those are the targets"),
        ((with_bug(finish=np.square),), "for the loss"),
        ((with_bug(finish=np.mean),), "should be (4,), not ()"),
        ((with_bug(chosen=lambda q, a: q[:, :1]),), "should be (4,), not (4, 4)"),
        ((with_bug(finish=lambda errors: errors + 1),), "got [-1, 3.5, 0.5, -0.5]."),
        ((with_bug(finish=np.round),), "Expected [-2, 2.5, -0.5, -1.5], got"),
        ((with_bug(best=lambda n, a: np.maximum(n.max(axis=1), 0)),), "-1.5], got"),
        ((with_bug(best=lambda n, a: n.min(axis=1)),), "], got ["),
        ((with_bug(finish=lambda errors: np.clip(errors, -1, 1)),), "got [-1, 1, "),
        ((zeroes_the_next_values,), "changes `next_q`"),
        ((subtracts_in_place,), "changes `rewards`"),
        ((inverts_in_place,), "changes `terminated`"),
        ((into_the_rewards,), "changes `rewards`"),
        ((rewards_where_all_is_over,), "gives a part of `rewards` itself"),
        ((with_a_fixed_discount,), "[2], 0.9). Expected [0.276], got [0.02]"),
    ],
)

TRIED = [FRAMES, SOFT_SYNC, SILENT_BUG]
