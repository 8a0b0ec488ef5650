"""The schedule at points worked by hand; epsilon-greedy by counting what it does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from dqn_tutorial.exploration import LinearSchedule, epsilon_greedy

Q_VALUES = arrays(
    np.float32,
    array_shapes(min_dims=2, max_dims=2, max_side=6),
    elements=st.floats(-100, 100, width=32),
)


@pytest.mark.parametrize(
    "step, epsilon",
    [
        (0, 1.0),
        (25_000, 0.91),  # a tenth of the way: 1 - 0.1 x 0.9
        (125_000, 0.55),  # half
        (250_000, 0.1),
        (10_000_000, 0.1),  # stays
        (-5, 1.0),
    ],
)
def test_the_papers_schedule_at_points_worked_by_hand(step, epsilon):
    assert LinearSchedule(1.0, 0.1, 250_000)(step) == pytest.approx(epsilon, rel=1e-12)


def test_both_ends_are_met_exactly():
    schedule = LinearSchedule(1.0, 0.1, 3)
    assert schedule(0) == 1.0 and schedule(3) == 0.1 == schedule(4)


def test_a_schedule_can_rise():
    assert LinearSchedule(0.4, 1.0, 10)(5) == pytest.approx(0.7)


UNIT = st.floats(0, 1)


@given(UNIT, UNIT, st.integers(1, 10**7), st.integers(-5, 2 * 10**7))
def test_the_value_is_always_a_probability_between_the_ends(start, end, decay, step):
    value = LinearSchedule(start, end, decay)(step)
    assert 0 <= value <= 1
    assert min(start, end) - 1e-12 <= value <= max(start, end) + 1e-12


@given(st.integers(1, 1000), st.integers(0, 2000))
def test_every_step_takes_the_same_amount_until_the_end(decay, step):
    schedule = LinearSchedule(1.0, 0.1, decay)
    fall = schedule(step) - schedule(step + 1)
    assert fall == pytest.approx(0.9 / decay if step < decay else 0, abs=1e-12)


@pytest.mark.parametrize("decay_steps", [0, -1])
def test_a_schedule_needs_steps(decay_steps):
    with pytest.raises(ValueError, match=f"decay_steps must be .* got {decay_steps}"):
        LinearSchedule(1.0, 0.1, decay_steps)


def counted(q_row, epsilon, seed=0, n=100_000):
    """How often each action is chosen in n states that all have these Q-values."""
    q_values = np.tile(np.float32(q_row), (n, 1))
    actions = epsilon_greedy(q_values, epsilon, np.random.default_rng(seed))
    return np.bincount(actions, minlength=len(q_row))


@pytest.mark.parametrize(
    "epsilon, expected",
    [
        # 1 - epsilon + epsilon / 4 for the best action, epsilon / 4 for each other
        (1.0, [25_000, 25_000, 25_000, 25_000]),
        (0.4, [10_000, 10_000, 70_000, 10_000]),
        (0.1, [2_500, 2_500, 92_500, 2_500]),
    ],
)
def test_the_counts_are_those_of_the_formula(epsilon, expected):
    counts = counted([0.1, -0.2, 0.5, 0.3], epsilon)
    expected = np.array(expected)
    chi_square = ((counts - expected) ** 2 / expected).sum()
    # 3 degrees of freedom: above 16.27 in one of 1,000 draws. The seed is fixed, so
    # this one is always the same.
    assert counts.sum() == 100_000 and chi_square < 16.27


def test_the_best_action_is_chosen_when_exploring_too():
    # "Explore" means any action: were it any other one, these would be 0 of 100,000.
    assert counted([0.0, 1.0], epsilon=1.0)[1] > 49_000


def test_exploring_is_decided_for_each_game_alone():
    q_values = np.tile(np.float32([1, 0, 0, 0]), (1000, 1))
    actions = epsilon_greedy(q_values, 0.5, np.random.default_rng(0))
    assert 0 < (actions != 0).sum() < 1000
    assert len(np.unique(actions)) == 4


@given(Q_VALUES, st.integers(0, 2**32))
def test_without_exploration_every_row_takes_its_first_best_action(q_values, seed):
    actions = epsilon_greedy(q_values, 0.0, np.random.default_rng(seed))
    for row, action in zip(q_values.tolist(), actions.tolist(), strict=True):
        assert action == row.index(max(row))


@given(Q_VALUES, UNIT, st.integers(0, 2**32))
def test_actions_are_valid_and_repeat_with_the_seed(q_values, epsilon, seed):
    actions = epsilon_greedy(q_values, epsilon, np.random.default_rng(seed))
    again = epsilon_greedy(q_values, epsilon, np.random.default_rng(seed))
    assert actions.shape == (len(q_values),) and actions.dtype == np.int32
    assert (actions >= 0).all() and (actions < q_values.shape[1]).all()
    assert np.array_equal(actions, again)


@given(Q_VALUES, UNIT, UNIT, st.integers(0, 2**32))
def test_epsilon_does_not_change_how_much_chance_is_used(q_values, one, other, seed):
    a, b = np.random.default_rng(seed), np.random.default_rng(seed)
    epsilon_greedy(q_values, one, a)
    epsilon_greedy(q_values, other, b)
    assert a.random() == b.random()


def test_plain_lists_are_taken():
    assert epsilon_greedy([[0, 2], [3, 1]], 0.0, np.random.default_rng(0)).tolist() == [
        1,
        0,
    ]


@pytest.mark.parametrize("epsilon", [-0.01, 1.01, float("nan"), 5])
def test_an_epsilon_that_is_no_probability_is_refused(epsilon):
    with pytest.raises(ValueError, match="epsilon must be between 0 and 1, got"):
        epsilon_greedy(np.zeros((1, 4)), epsilon, np.random.default_rng(0))


@pytest.mark.parametrize("shape", [(4,), (1, 1, 4)])
def test_q_values_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"q_values must have shape \(N, A\), got"):
        epsilon_greedy(np.zeros(shape), 0.1, np.random.default_rng(0))
