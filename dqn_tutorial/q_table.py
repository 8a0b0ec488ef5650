"""Tabular Q-learning: one number for every state and action, learned by playing.

The algorithm is Watkins' (1989), as in Sutton and Barto 2018, section 6.5. It plays any
game whose states are numbered and given as `info["state"]`, for instance `Catch`.

Glossary
    q          (S, A) float64, the table: q[state, action] is a Q-value
    policy     (S,) int64, the action to take in each state
    TD error   how far a Q-value was from its target ("temporal difference")
    return     sum of the rewards of one game
"""

import gymnasium as gym
import numpy as np

from dqn_tutorial.config import check_settings


def q_learning_update(
    q: np.ndarray,
    state: int,
    action: int,
    reward: float,
    next_state: int,
    terminated: bool,
    learning_rate: float,
    discount: float,
) -> float:
    """Move one Q-value part of the way to its target; return the TD error.

        target = reward + discount x max q[next_state]      (reward, if terminated)
        q[state, action] += learning_rate x (target - q[state, action])

    Args:
        q: (S, A) float64, changed in place in one cell.
        terminated: the game is over, so there is nothing more to win.
        learning_rate: how much of the TD error is corrected, above 0, at most 1.
        discount: what a reward one step later is worth, 0 to 1.

    Source: Sutton and Barto 2018, equation 6.8.
    """
    future = 0.0 if terminated else discount * q[next_state].max()
    td_error = float(reward + future - q[state, action])
    q[state, action] += learning_rate * td_error
    return td_error


def greedy_policy(q: np.ndarray) -> np.ndarray:
    """The action with the largest Q-value in each state (the first if several tie)."""
    return q.argmax(axis=1)


def train(
    env: gym.Env,
    num_episodes: int,
    *,
    learning_rate: float,
    discount: float,
    epsilon_start: float,
    epsilon_end: float,
    rng: np.random.Generator,
    update=q_learning_update,
) -> tuple[np.ndarray, list[float]]:
    """Play games and update the table after every step.

    Args:
        env: a game with `NUM_STATES` states, numbered in `info["state"]`.
        num_episodes: how many games to play.
        learning_rate, discount: as in `q_learning_update`.
        epsilon_start, epsilon_end: how often a random action is tried in place of the
            best one, 0 to 1; falls linearly from the first game to the last.
        rng: where all randomness comes from, including the game's.
        update: the rule that changes the table; an exercise passes its own.

    Returns:
        The table (S, A) float64, and the return of each game played.

    Raises:
        ValueError: a number is out of range.
    """
    _check_settings(num_episodes, learning_rate, discount, epsilon_start, epsilon_end)
    q = np.zeros((env.NUM_STATES, int(env.action_space.n)))
    returns = []
    env.reset(seed=int(rng.integers(2**31)))  # from here on the game seeds itself
    for epsilon in np.linspace(epsilon_start, epsilon_end, num_episodes):
        state, over, total = env.reset()[1]["state"], False, 0.0
        while not over:
            explore = rng.random() < epsilon
            action = int(rng.integers(q.shape[1]) if explore else q[state].argmax())
            _, reward, terminated, truncated, info = env.step(action)
            transition = state, action, reward, info["state"], terminated
            update(q, *transition, learning_rate, discount)
            state, over, total = info["state"], terminated or truncated, total + reward
        returns.append(total)
    return q, returns


def play(
    env: gym.Env, policy: np.ndarray, seed: int
) -> tuple[list[np.ndarray], list[int], float]:
    """Play one game with a policy.

    Returns:
        The frames seen, the actions taken (one fewer), and the return.

    Raises:
        ValueError: the policy does not have one action for each state.
    """
    if policy.shape != (env.NUM_STATES,):
        raise ValueError(
            f"policy must have shape ({env.NUM_STATES},), one action for each state, "
            f"got {policy.shape}"
        )
    frame, info = env.reset(seed=seed)
    frames, actions, total, over = [frame], [], 0.0, False
    while not over:
        actions.append(int(policy[info["state"]]))
        frame, reward, terminated, truncated, info = env.step(actions[-1])
        frames.append(frame)
        total, over = total + reward, terminated or truncated
    return frames, actions, total


def _check_settings(
    num_episodes, learning_rate, discount, epsilon_start, epsilon_end
) -> None:
    if num_episodes < 1:
        raise ValueError(f"num_episodes must be at least 1, got {num_episodes}")
    if not 0 < learning_rate <= 1:
        raise ValueError(
            f"learning_rate must be above 0 and at most 1, got {learning_rate}"
        )
    check_settings(
        discount=discount, epsilon_start=epsilon_start, epsilon_end=epsilon_end
    )
