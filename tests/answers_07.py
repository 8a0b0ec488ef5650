"""What students hand in to the checks of notebook 07, right and wrong."""

import math

import numpy as np
from tried import Tried

from dqn_tutorial.config import PRESETS
from dqn_tutorial.evaluation import evaluate
from dqn_tutorial.lessons.lesson_07 import checks as checks

VALUES = Tried(
    checks.check_07_values,
    right=[(20, 2.5, 30), (np.float32(20), "2.5", 12 / (20 / 50)), (19.99, 2.5, 30)],
    wrong=[
        ((1, 2.5, 30), "reward of one step"),
        ((19, 2.5, 30), "begin with 1"),
        ((140, 2.5, 30), "rewards are clipped"),
        ((100, 2.5, 30), "question 1. That is for a discount of 0.99"),
        ((0.95, 2.5, 30), "That is the discount"),
        ((1.95, 2.5, 30), "stopped after two steps"),
        ((20, 8, 30), "That is how often"),
        ((20, 0.125, 30), "That is the reward of a step"),
        ((20, 12.5, 30), "question 2. That is for a discount of 0.99"),
        ((20, 2.97, 30), "falls in this very step"),
        ((20, 2.07, 30), "just after a brick"),
        ((20, 160, 30), "You have multiplied"),
        ((20, 2.5, 12), "what the network says"),
        ((20, 2.5, 0.4), "That is the right mean"),
        ((20, 2.5, 1 / 30), "The other way round"),
        ((20, 2.5, 11.6), "That is the difference"),
        ((20, 2.5, 6), "question 3. That is for a discount of 0.99"),
        ((20, 2.5, 0.6), "the highest Q-value"),
        ((20, 2.5, 3), "(1 - discount)"),
        (("many", 2.5, 30), "Expected a number"),
        ((20, float("nan"), 30), "question 2. Expected a finite number, got nan"),
    ],
    secrets=("20", "2.5", "30"),
)


def by_search(scores, half_width):
    env = 1
    while 1.96 * np.std(scores) / math.sqrt(env) > half_width:
        env += 1
    return env


def by_formula(scores, half_width):
    return math.ceil((1.96 * np.std(scores) / half_width) ** 2)


def by_the_sample_variance(scores, half_width):
    return float(np.ceil(1.96**2 * np.var(scores, ddof=1) / half_width**2))


def without_numpy(scores, half_width):
    mean = sum(scores) / len(scores)
    variance = sum((score - mean) ** 2 for score in scores) / len(scores)
    return -int(-(1.96**2) * variance // half_width**2)


GAMES_NEEDED = Tried(
    checks.check_07_games_needed,
    right=[(by_formula,), (by_search,), (by_the_sample_variance,), (without_numpy,)],
    wrong=[
        ((lambda s, h: (1.96 * np.std(s) / h) ** 2,), "round up to whole games"),
        ((lambda s, h: int((1.96 * np.std(s) / h) ** 2),), "one game short"),
        ((lambda s, h: math.ceil(1.96 * np.std(s) / h),), "something must be squared"),
        ((lambda s, h: math.ceil((1.96 * np.std(s) / (h / 2)) ** 2),), "for the whole"),
        (
            (lambda s, h: math.ceil((1.96 * np.std(s) / (2 * h)) ** 2),),
            "You took twice",
        ),
        ((lambda s, h: math.ceil((np.std(s) / h) ** 2),), "1.96 is missing"),
        ((lambda s, h: math.ceil(1.96 * np.var(s) / h**2),), "1.96 must be squared"),
        ((lambda s, h: math.ceil(1.96**2 * np.std(s) / h**2),), "deviation must be"),
        ((lambda s, h: math.ceil((1.96 * np.var(s) / h) ** 2),), "variance where"),
        ((lambda s, h: math.ceil(1.96**2 * np.var(s) / h),), "`half_width` must be"),
        ((lambda s, h: 100,), "Expected 97, got 100."),
        ((lambda s, h: "many",), "Expected a number"),
        ((lambda s, h: by_formula(s, h) - len(s),), "Count all the games"),
        ((lambda s, h: by_formula(s, h) + 1,), "Expected 97, got 98."),
        ((lambda s, h: by_formula(s[:30], h),), "Expected "),
        ((lambda s, h: s.copy(),), "Expected one number, got 40"),
        ((lambda s, h: s,), "gives a part of `s` itself"),
        ((lambda s, h: 1 / 0,), "raises ZeroDivisionError"),
    ],
)


def play(env, agent, enough):
    """All games that end until `enough` says so, by seed, in the order of their end."""
    rng, finished = np.random.default_rng(0), {}
    env.reset()
    while not enough(finished):
        step = env.step(agent.act(env.states, 1.0, rng))
        finished |= {game.seed: game.score for game in step.finished}
    return finished


def first_to_finish(env, agent, num_episodes):
    scores = play(env, agent, lambda finished: len(finished) >= num_episodes)
    return list(scores.values())[:num_episodes]


def by_seed(env, agent, num_episodes):
    wanted = range(env.first_seed, env.first_seed + num_episodes)
    scores = play(env, agent, lambda finished: set(wanted) <= set(finished))
    return [scores[seed] for seed in wanted]


def only_wanted_ones_count(env, agent, num_episodes):
    rng, scores = np.random.default_rng(0), []
    env.reset()
    while len(scores) < num_episodes:
        step = env.step(agent.act(env.states, 0.05, rng))
        for game in step.finished:
            if game.seed < env.first_seed + num_episodes:
                scores.append(game.score)
    return scores


def with_the_packages_evaluate(env, agent, num_episodes):
    config = PRESETS["catch"]
    played = evaluate(agent, env, config, num_episodes=num_episodes, epsilon=1.0)
    return np.array(played.scores)


def latest_first(env, agent, num_episodes):
    return tuple(by_seed(env, agent, num_episodes)[::-1])


def longest(env, agent, num_episodes):
    scores = play(env, agent, lambda finished: len(finished) >= 3 * num_episodes)
    return sorted(scores.values())[-num_episodes:]


def for_ever(env, agent, num_episodes):
    return play(env, agent, lambda finished: False)


def seeds_from_zero(env, agent, num_episodes):
    wanted = set(range(num_episodes))
    scores = play(env, agent, lambda finished: wanted <= set(finished))
    return [scores[seed] for seed in wanted]


def all_that_ended(env, agent, num_episodes):
    wanted = set(range(env.first_seed, env.first_seed + num_episodes))
    return list(play(env, agent, lambda finished: wanted <= set(finished)).values())


SILENT_BUG = Tried(
    checks.check_07_silent_bug,
    no_matter=(1,),  # whatever the agent does, a game lasts as long as it lasts
    right=[
        (by_seed,),
        (only_wanted_ones_count,),
        (with_the_packages_evaluate,),
        (latest_first,),
    ],
    wrong=[
        ((first_to_finish,), "Short games still push out long ones"),
        ((lambda g, a, n: first_to_finish(g, a, 2 * n)[:n],), "Short games still"),
        (
            (longest,),
            "by seed, sorted. Expected [13, 16,",
        ),
        ((lambda g, a, n: [s / 2 for s in by_seed(g, a, n)],), "got [0.5, 1, 4.5]."),
        ((lambda g, a, n: [0.0] * n,), "Expected [1, 2, 9], got [0, 0, 0]."),
        (
            (lambda g, a, n: by_seed(g, a, n + 1),),
            "got [1, 1, 2, 9].",
        ),
        ((all_that_ended,), "Expected [1, 2, 9], got [1, 1, 1, "),
        ((seeds_from_zero,), "the games that count had all ended"),
        ((lambda g, a, n: sum(by_seed(g, a, n)) / n,), "Expected a list of numbers"),
        ((for_ever,), "not finished after 5,001 steps"),
        ((lambda g, a, n: g.play(),), "raises AttributeError"),
    ],
)

TRIED = [VALUES, GAMES_NEEDED, SILENT_BUG]
