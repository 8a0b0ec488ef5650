"""Checks for the exercises of notebook 08; see `checks` for what a check is."""

import functools

import numpy as np

from dqn_tutorial.lessons.checks import check, expect, number, several
from dqn_tutorial.lessons.student import Student

DRAWS = 100_000  # ten times a student's, so little of the difference comes from here


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
        (15, "That is the loss of all five seeds together; take means."),
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


def _drawn(scores: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Scores resampled with replacement: (DRAWS, S)."""
    return rng.choice(scores, size=(DRAWS, len(scores)))


def _ends(values: np.ndarray, tail: float = 0.025) -> np.ndarray:
    return np.quantile(values, [tail, 1 - tail])


# What known mistakes lead to is computed below, in the same order.
HINTS = [
    "The sign is wrong: take the variant from the full agent.",
    "The lower end comes first.",
    "Nothing spreads. Are the scores drawn with replacement?",
    "Only the full agent's scores are resampled; the variant's are luck, too.",
    "Only the variant's scores are resampled; the full agent's are luck, too.",
    "Those are single runs; draw as many as there are, and take their mean.",
    "Both are drawn with the same places, as if the runs belonged together in pairs.",
    "That leaves out 5 % on each side; 95 % should be within.",
    "Ends taken from ends: both agents are seldom unlucky at once. Subtract means, "
    "draw by draw.",
    "Ends taken from ends: subtract the means of each draw first, then look for the "
    "middle of them.",
]


def _intervals(full: np.ndarray, variant: np.ndarray, rng) -> np.ndarray:
    """The interval of the loss: the right one, then that of each mistake."""
    a, b = _drawn(full, rng), _drawn(variant, rng)
    mean_a, mean_b = a.mean(axis=1), b.mean(axis=1)
    right, of_full, of_variant = map(_ends, (mean_a - mean_b, mean_a, mean_b))
    shared = rng.integers(min(len(full), len(variant)), size=a.shape)
    lost = full.mean() - variant.mean()
    found = [
        right,
        -right[::-1],
        right[::-1],
        [lost, lost],
        _ends(mean_a - variant.mean()),
        _ends(full.mean() - mean_b),
        _ends(a[:, 0] - b[:, 0]),
        _ends((full[shared] - variant[shared]).mean(axis=1)),
        _ends(mean_a - mean_b, 0.05),
        of_full - of_variant[::-1],
        of_full - of_variant,
    ]
    return np.array(found)


@functools.cache
def _cases() -> list:
    """Scores of a full agent, of a variant, the loss's spread, and `_intervals`."""
    rng = np.random.default_rng(0)
    pairs = [  # the second by hand: nothing varies, 3 is lost
        ([31.5, 12.2, 25.1, 16.4, 26.3], [20.0, 4.0, 12.0, 6.0, 18.0]),
        ([5.0, 5.0, 5.0], [2.0, 2.0, 2.0]),
        (rng.normal(10, 6, 8), rng.normal(15, 1, 8)),
        (rng.normal(10, 1, 5), rng.normal(2, 5, 9)),
    ]
    cases = []
    for full, variant in [map(np.array, pair) for pair in pairs]:
        spread = np.sqrt(full.var() / len(full) + variant.var() / len(variant))
        cases.append((full, variant, spread or 1.0, _intervals(full, variant, rng)))
    return cases


@check
def check_08_interval(function):
    """Notebook 08: the ends of the middle 95 % of differences of drawn means.

    All cases are judged together, in units of the spread of the loss: in one case
    alone, two mistakes may lead to the same ends.
    """
    theirs = Student(function, random=True)  # it draws
    given, known, calls = [], [], []
    for full, variant, spread, intervals in _cases():
        answer = theirs(full, variant, np.random.default_rng(2))
        ends = several(answer, ["the lower end", "the upper end"], theirs.call)
        ends = [number(end, f"{theirs.call}, one of the ends") for end in ends]
        calls.append(f"{theirs.call} gives {ends[0]:.3g} to {ends[1]:.3g}")
        given.append(np.array(ends) / spread)
        known.append(intervals / spread)
    right, *wrong = np.swapaxes(known, 0, 1)  # each [cases, 2]
    mistakes = list(zip(wrong, HINTS, strict=True))
    far = np.abs(np.array(given) - right).max(axis=1)
    k = int(np.argmax(far))  # the case that shows best what differs
    low, high = right[k] * _cases()[k][2]
    otherwise = f"Expected about {low:.3g} to {high:.3g}."
    expect(np.array(given), right, mistakes, otherwise, calls[k], atol=0.12)
    return "Right. If 0 lies within, the seeds cannot show an effect."


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
