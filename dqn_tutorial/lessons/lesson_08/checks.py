"""Checks for the exercises of notebook 08; see `checks` for what a check is."""

import functools
import itertools

import numpy as np
from scipy import stats

from dqn_tutorial.lessons.checks import check, expect, number
from dqn_tutorial.lessons.student import Student

TIE = 1e-9  # means that differ by less are the same


@check
def check_08_by_hand(points_lost, per_cent_lost, pairs_that_mislead):
    """Notebook 08: full 17, 9, 15, 10, 9 (mean 12); variant 11, 5, 8, 8, 13 (mean 9).

    In 6 of 25 pairs the variant's run is better: 11 and 13 beat 9, 10 and 9.
    """
    points = number(points_lost, "question 1")
    share = number(per_cent_lost, "question 2")
    pairs = number(pairs_that_mislead, "question 3")
    mistakes = [
        (-3, "What is lost counts as positive: take the variant from the full agent."),
        (15, "Those are the points of all five seeds together; take means."),
        (4, "That compares single runs, the best ones or the worst."),
        (2, "That compares the middle run of each; take means."),
        (6, "That is seed 0 alone; use all five."),
        (9, "That is what the variant scores."),
    ]
    expect(points, 3, mistakes, "Take the mean of each row first.", "question 1")
    mistakes = [
        (100 / 3, "That is a share of the variant's score; take the full agent's."),
        (75, "That is what is left; how much is gone?"),
        (0.25, "Right as a fraction; give it in per cent."),
        (3, "Those are points; what share of the full agent's score are they?"),
    ]
    otherwise = "Divide what is lost by what the full agent scores."
    expect(share, 25, mistakes, otherwise, "question 2", atol=0.1)
    mistakes = [
        (1, "Those are the pairs with the same seed. Any run may meet any other."),
        (19, "Those are the pairs the full agent wins; they do not mislead."),
        (3, "Only one of the variant's runs is counted; there is another."),
        (2, "That many of the variant's runs can win; how many pairs is that?"),
        (24, "Those are per cent; how many pairs?"),
        (0.24, "That is the share; how many pairs?"),
        (25, "Those are all the pairs; in how many does the variant win?"),
    ]
    otherwise = (
        "Take each run of the variant: how many runs of the full agent does it beat?"
    )
    expect(pairs, 6, mistakes, otherwise, "question 3")
    return (
        "Right: with one seed of each, one time in four the worse agent looks better."
    )


def _splits(full: np.ndarray, variant: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums of both groups in every split of the scores; the first is the real one."""
    together = np.concatenate([full, variant])
    places = itertools.combinations(range(len(together)), len(full))
    sums = np.array([together[list(chosen)].sum() for chosen in places])
    return sums, together.sum() - sums


def _means_apart(full, variant) -> np.ndarray:
    sums, others = _splits(full, variant)
    return sums / len(full) - others / len(variant)


def _sums_apart(full, variant) -> np.ndarray:
    return np.subtract(*_splits(full, variant))


def _share(of_splits, measure=_means_apart):
    """A p-value over all splits, as a function of the exercise's arguments."""

    def p(full, variant, rng):
        apart = measure(full, variant)
        return float(np.mean(of_splits(apart, apart[0])))

    return p


def _drawn_again(full, variant, rng):
    """Scores drawn with replacement, where they should be dealt out."""
    rng, heap = np.random.default_rng(0), np.concatenate([full, variant])
    means = [rng.choice(heap, (20_000, len(s))).mean(axis=1) for s in (full, variant)]
    apart = np.abs(np.subtract(*means))
    return float(np.mean(apart >= abs(full.mean() - variant.mean()) - TIE))


def _swapped_in_pairs(full, variant, rng):
    """Only runs with the same seed change places."""
    pairs = min(len(full), len(variant))
    apart = full[:pairs] - variant[:pairs]
    signs = np.array(list(itertools.product([1, -1], repeat=pairs)))
    means = (signs * apart).mean(axis=1)
    return float(np.mean(np.abs(means) >= abs(apart.mean()) - TIE))


def _by_a_formula(spread):
    """The p-value of a test that counts nothing and trusts the normal distribution."""

    def p(full, variant, rng):
        noise = np.sqrt(spread(full) / len(full) + spread(variant) / len(variant))
        return float(2 * stats.norm.sf(abs(full.mean() - variant.mean()) / noise))

    return p


def _welch(full, variant, rng):
    return float(stats.ttest_ind(full, variant, equal_var=False).pvalue)


_RIGHT = _share(lambda apart, real: np.abs(apart) >= abs(real) - TIE)
WRONG_P = [
    (_share(lambda apart, real: apart >= real - TIE), "That counts losses only. An "
     "equal agent may look better as easily as worse: compare how far, not which way."),
    (_share(lambda apart, real: apart <= real + TIE), "That counts the shuffles that "
     "lose less; which are as extreme as the real one?"),
    (_share(lambda apart, real: np.abs(apart) > abs(real) + TIE), "A shuffle that is "
     "*exactly* as far apart counts, too: the real runs are such a one."),
    (_share(lambda apart, real: np.abs(apart) < abs(real) - TIE), "That is the share "
     "of shuffles that are less far apart; which are at least as far?"),
    (_share(lambda apart, real: np.ones(1)), "Every shuffle counts. Are the labels "
     "shuffled, so that scores change from one group to the other?"),
    (_share(lambda apart, real: np.abs(apart) >= abs(real) - TIE, _sums_apart), "Those "
     "are sums. The groups may differ in size: compare means."),
    (_welch, "That is Welch's test. Count shuffles, and compare."),
    (_drawn_again, "Some scores come twice and others never. Shuffle them: each is "
     "dealt out once."),
    (_swapped_in_pairs, "Only runs at the same place change sides, as if they belonged "
     "together in pairs. Put all scores on one heap."),
    (_by_a_formula(np.var), "That is a formula for many seeds; with so few it gives "
     "false alarms. Count shuffles."),
    (_by_a_formula(functools.partial(np.var, ddof=1)), "That is a formula for many "
     "seeds; with so few it gives false alarms. Count shuffles."),
]  # fmt: skip
# Whole numbers, so that equal splits are equal to the last bit.
PAIRS = [
    ([17.0, 9.0, 15.0, 10.0, 9.0], [11.0, 5.0, 8.0, 8.0, 13.0]),
    ([9.0, 8.0, 7.0], [3.0, 2.0, 1.0]),  # by hand: 2 splits of 20 are as far apart
    ([7.0, 5.0], [2.0, 0.0]),  # by hand: 2 of 6
    ([4.0, 8.0, 6.0], [5.0, 9.0, 12.0, 7.0, 10.0, 11.0]),
    ([20.0, 0.0], [4.0, 5.0, 6.0, 5.0, 4.0, 6.0]),
    ([12.0, 2.0, 11.0, 10.0, 3.0, 9.0], [1.0, 6.0, 2.0, 4.0]),
]


@check
def check_08_shuffle(function):
    """Notebook 08: how often shuffled labels are at least as far apart as the real."""
    cases = []
    for full, variant in (map(np.array, pair) for pair in PAIRS):
        arguments = full, variant, np.random.default_rng(2)
        cases.append((arguments, round(_RIGHT(*arguments), 3)))
    Student(function, random=True).expect(cases, WRONG_P, atol=0.02)
    return (
        "Right. The smaller this share, the harder it is to call the difference luck."
    )


def _run(*scores: float) -> dict:
    steps = np.arange(1, len(scores) + 1) * 1000
    return {"step": steps, "mean_score_100": np.array(scores)}


# What is lost at the end is worked out by hand; the best row of a run is not its last.
FULL = {0: _run(1.0, 9.0, 6.0), 1: _run(2.0, 12.0, 10.0)}  # at the end 8 on average
RUNS = {
    "full": FULL,
    "no_target": {0: _run(0.0, 3.0, 1.0), 1: _run(1.0, 5.5, 4.0)},  # 2.5
    "no_replay": {5: _run(2.0, 11.5, 11.0)},
    "one_frame": {k: _run(0.5, 8.0 + k, 4.5, 3.0 + k) for k in range(3)},  # 4
}
CASES = [
    ((RUNS, "no_target"), 5.5),
    ((RUNS, "no_replay"), -3.0),
    ((RUNS, "one_frame"), 4.0),
    ((RUNS, "full"), 0.0),
    ((RUNS | {"full": RUNS["one_frame"]}, "no_target"), 1.5),
]


def _reading(row_of_full, row_of_variant, seeds=np.mean):
    """A loss that may be wrong: which row of a run, and what becomes of the seeds."""

    def lost(runs, variant):
        full, other = (
            seeds([row(run["mean_score_100"]) for run in runs[name].values()])
            for name, row in (("full", row_of_full), (variant, row_of_variant))
        )
        return full - other

    return lost


def _first(rows):
    return rows[0]


def _last(rows):
    return rows[-1]


WRONG_LOSSES = [
    (_reading(np.max, _last), "The bug is still there: the two are not read at the "
     "same moment."),
    (_reading(_last, np.max), "Now it is the variant whose best row counts."),
    (_reading(np.max, np.max), "Fair to both, but the best row of a run is its "
     "luckiest. Which row is not ours to choose?"),
    (_reading(np.mean, np.mean), "That is the mean over all rows; what has an agent "
     "reached at the end?"),
    (_reading(_first, _first), "That is the first row, before much is learned."),
    (lambda *given: -_reading(_last, _last)(*given), "The sign is wrong: what the "
     "variant loses is positive."),
    (_reading(_last, _last, np.max), "Those are the best seeds; take the mean of all."),
    (_reading(_last, _last, _first), "That is one seed of each; take the mean of all."),
    (_reading(_last, _last, np.sum), "That is a sum over seeds; there may be more of "
     "one than of the other."),
]  # fmt: skip


@check
def check_08_silent_bug(function):
    """Notebook 08: the loss of the mean over seeds, both at the end of training."""
    Student(function).expect(CASES, WRONG_LOSSES)
    return "Fixed: an agent against itself loses nothing."
