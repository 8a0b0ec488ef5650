"""A replay buffer of one size, filled with real frames: its bytes, and its speed.

    python -m benchmarks.replay_run '{"transitions": 10000, "samples": 500}'

Breakout is played by the agent that comes with the package, sixteen games at once: in
a quarter of them all actions are random, in the others 30, 10 and 5 per cent. So the
frames are those of a run from its first steps to its last.
"""

import json
import sys
import time

import numpy as np
import psutil

from benchmarks import measure
from dqn_tutorial.envs import make_env
from dqn_tutorial.replay import ReplayBuffer
from dqn_tutorial.runs.pretrained import load_agent

EPSILONS = np.repeat([1.0, 0.3, 0.1, 0.05], 4)  # one for each game
BATCH = 32


def resident_mb() -> float:
    """RAM that this process holds now, in MB."""
    return psutil.Process().memory_info().rss / 1e6


def fill(replay: ReplayBuffer, agent, env) -> int:
    """Play until the write heads have gone round once and a little more; steps made."""
    rng, n = np.random.default_rng(0), env.num_envs
    replay.reset(env.states[:, -1])
    rounds = int(1.05 * replay.slots) + 10
    began = time.perf_counter()
    for i in range(rounds):
        actions = agent.q_values(env.states).argmax(axis=1)
        chance = rng.integers(env.num_actions, size=n)
        actions = np.where(rng.random(n) < EPSILONS, chance, actions)
        step = env.step(actions)
        replay.add(*step[:5], first_frames=env.states[:, -1])
        if (i + 1) % 5_000 == 0:
            per_second = (i + 1) * n / (time.perf_counter() - began)
            left = (rounds - i - 1) * n / per_second / 60
            print(f"    {len(replay):,} transitions, {left:.1f} minutes to go",
                  file=sys.stderr, flush=True)  # fmt: skip
    return rounds * n


def sampling_ms(replay: ReplayBuffer, samples: int) -> list[float]:
    """Milliseconds of each of some batches drawn."""
    rng = np.random.default_rng(1)
    return measure.time_it(lambda: replay.sample(BATCH, rng), samples)


def run(transitions: int, samples: int) -> dict:
    """Fill a buffer and measure it."""
    agent, config, _ = load_agent("breakout")
    env = make_env(config, len(EPSILONS), first_seed=0)
    agent.q_values(env.reset())  # compiled, before RAM is looked at
    before = resident_mb()
    replay = ReplayBuffer(transitions, env.num_envs)
    fill(replay, agent, env)
    resident = resident_mb() - before
    low, middle, high = np.percentile(sampling_ms(replay, samples), (25, 50, 75))
    return {
        "held": len(replay),
        "bytes_per_transition": replay.nbytes / len(replay),
        "resident_bytes_per_transition": 1e6 * resident / len(replay),
        "sample_ms": middle,
        "sample_ms_quarter": low,
        "sample_ms_three_quarters": high,
    }


if __name__ == "__main__":
    measure.report(run(**json.loads(sys.argv[1])))
