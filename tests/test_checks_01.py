"""What notebook 01 says about its third exercise; its checks are in test_checks.py."""

import numpy as np
from answers_01 import right_target, update_with

from dqn_tutorial.catch import Catch
from dqn_tutorial.q_table import train


def test_the_notebook_is_right_that_catch_hides_a_forgotten_terminated():
    settings = {"learning_rate": 0.5, "discount": 0.9}
    fading = {"epsilon_start": 1.0, "epsilon_end": 0.05}
    tables = [
        train(
            Catch(), 1000, rng=np.random.default_rng(0), **settings, **fading, update=u
        )
        for u in (
            update_with(right_target),
            update_with(lambda r, q, a, end, d: r + d * q.max()),  # without terminated
        )
    ]
    assert np.allclose(tables[0][0], tables[1][0])
