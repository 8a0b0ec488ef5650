"""The rival follows the ball, and its score is the one that the lessons name."""

import numpy as np
import pytest

from dqn_tutorial.atari import SingleAtari
from dqn_tutorial.lessons.rival import RIVAL_SCORE, follow_the_ball


def screen(ball: int | None, paddle: int) -> np.ndarray:
    """A black screen with a ball and a paddle whose left ends are at these columns."""
    made = np.zeros((210, 160, 3), np.uint8)
    made[189:193, paddle : paddle + 16] = (200, 72, 72)
    if ball is not None:
        made[140:144, ball : ball + 2] = (200, 72, 72)
    return made


@pytest.mark.parametrize(
    ("ball", "action"), [(None, 0), (87, 0), (97, 2), (77, 3), (89, 0), (90, 2)]
)
def test_it_moves_the_paddle_below_the_ball_and_rests_when_it_is_there(ball, action):
    assert follow_the_ball(screen(ball, paddle=80)) == action


@pytest.mark.slow
def test_its_score_is_that_of_one_whole_game():
    game = SingleAtari("breakout")
    game.reset(seed=0, options={"noops": 0})
    score, over = 0.0, False
    while not over:
        _, reward, over, _, _ = game.step(follow_the_ball(game.render()))
        score += reward
    assert score == RIVAL_SCORE
