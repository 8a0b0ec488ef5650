"""What students hand in to the checks of notebook 08, right and wrong."""

import numpy as np
from tried import Tried

from dqn_tutorial.lessons.lesson_08 import checks as checks

BY_HAND = Tried(
    checks.check_08_by_hand,
    right=[(3, 25, 6), (12 - 9, 100 * 3 / 12, 3 + 3), ("3", np.float64(25.04), 6.0)],
    wrong=[
        ((-3, 25, 6), "take the variant from the full agent"),
        ((15, 25, 6), "all five seeds together"),
        ((4, 25, 6), "compares single runs"),
        ((2, 25, 6), "the middle run"),
        ((6, 25, 6), "seed 0 alone"),
        ((9, 25, 6), "what the variant scores"),
        ((1, 25, 6), "mean of each row first"),
        ((3, 33.333, 6), "share of the variant's score"),
        ((3, 75, 6), "what is left"),
        ((3, 0.25, 6), "Right as a fraction"),
        ((3, 3, 6), "Those are points"),
        ((3, 50, 6), "Divide what is lost"),
        ((3, 25, 1), "with the same seed"),
        ((3, 25, 19), "the full agent wins"),
        ((3, 25, 3), "there is another"),
        ((3, 25, 2), "how many pairs is that"),
        ((3, 25, 24), "Those are per cent"),
        ((3, 25, 0.24), "That is the share"),
        ((3, 25, 25), "all the pairs"),
        ((3, 25, 7), "Take each run of the variant"),
        (("some", 25, 6), "Expected a number"),
    ],
    secrets=("3", "25", "6"),
)


def ends(values, tail=0.025):
    return tuple(np.quantile(values, [tail, 1 - tail]))


def means(scores, rng, size=10_000):
    return rng.choice(scores, size=(size, len(scores))).mean(axis=1)


def loss_interval(full, variant, rng):
    return ends(means(full, rng) - means(variant, rng))


def in_a_loop(full, variant, rng):
    lost = []
    for _ in range(4_000):
        a = [full[rng.integers(len(full))] for _ in full]
        b = [variant[rng.integers(len(variant))] for _ in variant]
        lost.append(sum(a) / len(a) - sum(b) / len(b))
    lost.sort()
    return lost[100], lost[-101]


def by_places(full, variant, rng):
    shared = rng.integers(min(len(full), len(variant)), size=(10_000, len(full)))
    return ends((full[shared] - variant[shared]).mean(axis=1))


def from_ends(full, variant, rng):
    a, b = ends(means(full, rng)), ends(means(variant, rng))
    return a[0] - b[1], a[1] - b[0]


def like_from_like(full, variant, rng):
    a, b = ends(means(full, rng)), ends(means(variant, rng))
    return a[0] - b[0], a[1] - b[1]


def by_the_formula(full, variant, rng):
    lost = full.mean() - variant.mean()
    spread = np.sqrt(full.var(ddof=1) / len(full) + variant.var(ddof=1) / len(variant))
    return lost - 1.96 * spread, lost + 1.96 * spread


INTERVAL = Tried(
    checks.check_08_interval,
    no_matter=(2,),  # whatever is drawn, the ends are about the same
    random=True,
    right=[(loss_interval,), (in_a_loop,)],
    wrong=[
        ((lambda f, v, rng: loss_interval(v, f, rng),), "The sign is wrong"),
        ((lambda f, v, rng: loss_interval(f, v, rng)[::-1],), "lower end comes first"),
        ((lambda f, v, rng: (f.mean() - v.mean(),) * 2,), "with replacement"),
        ((lambda f, v, rng: ends(means(f, rng) - v.mean()),), "Only the full agent's"),
        ((lambda f, v, rng: ends(f.mean() - means(v, rng)),), "Only the variant's"),
        (
            (lambda f, v, rng: ends(rng.choice(f, 10_000) - rng.choice(v, 10_000)),),
            "Those are single runs",
        ),
        ((by_places,), "belonged together in pairs"),
        (
            (lambda f, v, rng: ends(means(f, rng) - means(v, rng), 0.05),),
            "leaves out 5 %",
        ),
        ((from_ends,), "seldom unlucky at once"),
        ((like_from_like,), "subtract the means of each draw first"),
        ((lambda f, v, rng: (0.0, 1.0),), "Expected about"),
        ((by_the_formula,), "Expected about 2.02 to 18.4."),
        ((lambda f, v, rng: means(f, rng) - means(v, rng),), "Return 2 things"),
        ((lambda f, v, rng: f.mean() - v.mean(),), "Return 2 things"),
        ((lambda f, v, rng: ("low", "high"),), "ends. Expected a number"),
    ],
)


def last_rows(runs, variant):
    return [run["mean_score_100"][-1] for run in runs[variant].values()]


def mended_effect(runs, variant):
    return np.mean(last_rows(runs, "full")) - np.mean(last_rows(runs, variant))


def with_a_loop(runs, variant):
    mean = {}
    for name in ("full", variant):
        total = 0.0
        for columns in runs[name].values():
            total += columns["mean_score_100"][len(columns["step"]) - 1]
        mean[name] = total / len(runs[name])
    return mean["full"] - mean[variant]


def reading(of_full, of_variant, seeds=np.mean):
    def effect(runs, variant):
        both = [
            seeds([row(run["mean_score_100"]) for run in runs[name].values()])
            for name, row in (("full", of_full), (variant, of_variant))
        ]
        return both[0] - both[1]

    return effect


def last(column):
    return column[-1]


def first(column):
    return column[0]


SILENT_BUG = Tried(
    checks.check_08_silent_bug,
    right=[(mended_effect,), (with_a_loop,)],
    wrong=[
        ((reading(np.max, last),), "The bug is still there"),
        ((reading(last, np.max),), "the variant whose best row counts"),
        ((reading(np.max, np.max),), "its luckiest"),
        ((reading(np.mean, np.mean),), "mean over all rows"),
        ((reading(first, first),), "before much is learned"),
        ((lambda runs, variant: -mended_effect(runs, variant),), "The sign is wrong"),
        ((reading(last, last, np.max),), "Those are the best seeds"),
        ((reading(last, last, first),), "one seed of each"),
        ((reading(last, last, np.sum),), "sum over seeds"),
        ((lambda runs, variant: 0.5,), "(..., 'no_target'). Expected 5.5, got 0.5."),
        ((lambda runs, variant: mended_effect(runs, "no_target"),), "got 5.5."),
        (
            (lambda runs, variant: {"no_target": 5.5, "full": 0.0}.get(variant, -3.0),),
            "Expected 4, got -3.",
        ),
        ((lambda runs, v: 8 - np.mean(last_rows(runs, v)),), "Expected 1.5, got 5.5."),
        ((reading(np.median, np.median),), "Expected 4, got 3.75."),
        ((lambda runs, v: round(mended_effect(runs, v)),), "Expected 5.5, got 6."),
        ((lambda runs, v: mended_effect({v: runs.pop(v), **runs}, v),), "`runs`"),
        ((last_rows,), "Expected one number"),
    ],
)

TRIED = [BY_HAND, INTERVAL, SILENT_BUG]
