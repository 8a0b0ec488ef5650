"""The units of notebook 06's first exercise; its checks are in test_checks.py."""

from dqn_tutorial.config import PRESETS


def test_the_expected_units_are_those_of_the_preset():
    laptop = PRESETS["laptop"]
    learning_steps = 100_000 - laptop.learning_starts_steps
    assert learning_steps / laptop.update_period_steps == 11_875
    jumps = range(0, 100_000, laptop.num_envs)  # the step before each time round
    learning = [step for step in jumps if step >= laptop.learning_starts_steps]
    assert learning[0] == 5_008 and learning[-1] + laptop.num_envs == 100_000
    assert len(learning) * laptop.num_envs / laptop.update_period_steps == 11_874
    assert laptop.epsilon_decay_steps * 4 == 200_000
    assert laptop.target_sync_period_updates * laptop.update_period_steps == 4_000
