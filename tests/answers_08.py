"""What students hand in to the checks of notebook 08, right and wrong."""

import numpy as np
from scipy import stats
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


def apart(full, variant, rng, times=10_000, replace=False):
    """The real difference of the means, and those of shuffled labels."""
    together, n = np.concatenate([full, variant]), len(full)
    if replace:
        drawn = rng.choice(together, size=(times, len(together)))
    else:
        drawn = rng.permuted(np.tile(together, (times, 1)), axis=1)
    return full.mean() - variant.mean(), drawn[:, :n].mean(1) - drawn[:, n:].mean(1)


def p_by_shuffling(full, variant, rng):
    real, shuffled = apart(full, variant, rng)
    return np.mean(np.abs(shuffled) >= abs(real))


def in_a_loop(full, variant, rng):
    heap, count = [*full, *variant], 1  # the real one is a shuffle, too
    for _ in range(9_999):
        rng.shuffle(heap)
        ours, others = heap[len(full) :], heap[: len(full)]
        lost = sum(others) / len(others) - sum(ours) / len(ours)
        count += abs(lost) >= abs(full.mean() - variant.mean())
    return count / 10_000


def by_scipy(full, variant, rng):
    def far(a, b, axis):
        return np.abs(a.mean(axis=axis) - b.mean(axis=axis))

    of_splits = {"alternative": "greater", "rng": rng}
    return stats.permutation_test((full, variant), far, **of_splits).pvalue


def counting(these):
    return lambda f, v, rng: np.mean(these(*apart(f, v, rng)))


def sums(full, variant, rng):
    drawn = rng.permuted(np.tile(np.concatenate([full, variant]), (10_000, 1)), axis=1)
    lost = drawn[:, : len(full)].sum(axis=1) - drawn[:, len(full) :].sum(axis=1)
    return np.mean(np.abs(lost) >= abs(full.sum() - variant.sum()))


def drawn_again(full, variant, rng):
    real, drawn = apart(full, variant, rng, replace=True)
    return np.mean(np.abs(drawn) >= abs(real) - 1e-9)


def in_pairs(full, variant, rng):
    pairs = min(len(full), len(variant))
    lost = full[:pairs] - variant[:pairs]
    signs = rng.choice([-1, 1], size=(10_000, pairs))
    return np.mean(np.abs((signs * lost).mean(axis=1)) >= abs(lost.mean()) - 1e-9)


def by_a_formula(ddof):
    def p(full, variant, rng):
        noise = np.sqrt(sum(s.var(ddof=ddof) / len(s) for s in (full, variant)))
        return 2 * stats.norm.sf(abs(full.mean() - variant.mean()) / noise)

    return p


SHUFFLE = Tried(
    checks.check_08_shuffle,
    no_matter=(2,),  # however it is shuffled, the share is about the same
    random=True,
    right=[(p_by_shuffling,), (in_a_loop,), (by_scipy,)],
    wrong=[
        ((counting(lambda real, drawn: drawn >= real),), "counts losses only"),
        ((counting(lambda real, drawn: drawn <= real),), "that lose less"),
        (
            (counting(lambda real, drawn: np.abs(drawn) > abs(real)),),
            "*exactly* as far apart",
        ),
        (
            (counting(lambda real, drawn: np.abs(drawn) < abs(real)),),
            "that are less far apart",
        ),
        ((lambda f, v, rng: 1.0,), "Every shuffle counts"),
        ((sums,), "Those are sums"),
        ((drawn_again,), "each is dealt out once"),
        ((in_pairs,), "belonged together in pairs"),
        ((by_a_formula(0),), "with so few it gives false alarms"),
        ((by_a_formula(1),), "with so few it gives false alarms"),
        (
            (lambda f, v, rng: stats.ttest_ind(f, v, equal_var=False).pvalue,),
            "That is Welch's test",
        ),
        ((lambda f, v, rng: 0.23,), "Expected 0.1"),
        ((lambda f, v, rng: f.mean() - v.mean(),), "Expected 0.23"),
        ((lambda f, v, rng: apart(f, v, rng)[1],), "Expected one number"),
        ((lambda f, v, rng: "small",), "Expected a number"),
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

TRIED = [BY_HAND, SHUFFLE, SILENT_BUG]
