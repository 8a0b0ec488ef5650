"""How often a life is lost shortly after a random action.

    python -m tools.lost_lives breakout beyond

Each agent plays 16 games at once, 2,000 steps in each: with epsilon 0, with 0.01, and
with 0.05 as scores are measured. An action counts as random where it was not the
network's own. Printed are the steps to a lost life, the share of those lives that have
a random action in the 10 steps before, and, to compare it with, the same share at every
step. In a game without lives the end of a game counts as one.
"""

import sys

import numpy as np

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.envs import make_env
from dqn_tutorial.parallel_env import ParallelEnv
from dqn_tutorial.runs.pretrained import load_agent

NUM_GAMES, STEPS, RECENT_STEPS = 16, 2_000, 10
FIRST_SEED = 5_000  # neither the games of training nor those of the scores


def random_actions_before(
    agent: DQNAgent, env: ParallelEnv, epsilon: float, steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Play, and look back 10 steps at every step, and at every lost life.

    Returns:
        Whether one of the last 10 actions was random: (steps * N,) bool of every step,
        and (lives,) bool of the steps that lost one.
    """
    rng = np.random.default_rng(0)
    env.reset()
    recent = np.zeros((env.num_envs, RECENT_STEPS), bool)
    always, at_lost_lives = [], []
    for _ in range(steps):
        own = agent.act(env.states, 0.0, rng)
        chosen = agent.act(env.states, epsilon, rng)
        recent = np.roll(recent, 1, axis=1)
        recent[:, 0] = chosen != own
        env.send(chosen)
        lost = env.recv().terminated
        always.append(recent.any(axis=1))
        at_lost_lives.append(recent.any(axis=1)[lost])
    return np.concatenate(always), np.concatenate(at_lost_lives)


def told(always: np.ndarray, lives: np.ndarray) -> str:
    """What `random_actions_before` found, in a line."""
    steps = f"{len(always):,} steps"
    if not len(lives):
        return f"no life lost in {steps}"
    return (
        f"{len(lives)} lives lost in {steps}, one in {len(always) / len(lives):,.0f}; "
        f"a random action just before {lives.mean():.0%} of them, and "
        f"{always.mean():.0%} of all steps"
    )


if __name__ == "__main__":
    for where in sys.argv[1:]:
        agent, config, origin = load_agent(where)
        for epsilon in (0.0, 0.01, 0.05):
            env = make_env(config, NUM_GAMES, FIRST_SEED)
            found = random_actions_before(agent, env, epsilon, STEPS)
            env.close()
            print(f"{origin}, epsilon {epsilon}: {told(*found)}")
