"""What notebook 06 does more than once: train aside, play a hundred games, lower ε."""

from pathlib import Path
from tempfile import TemporaryDirectory

from dqn_tutorial.config import DQNConfig
from dqn_tutorial.envs import make_env
from dqn_tutorial.evaluation import evaluate
from dqn_tutorial.exploration import LinearSchedule
from dqn_tutorial.runs.trainer import Trainer
from dqn_tutorial.viewing.notebook import progress


def train_aside(
    config: DQNConfig, seed: int, num_steps: int, title: str | None = None
) -> Trainer:
    """Train in a folder that is thrown away afterwards; the trainer as it ended."""
    with TemporaryDirectory() as folder:
        trainer = Trainer.start(config, Path(folder) / "run", seed=seed)
        with progress(num_steps, title or f"Training, seed {seed}") as bar:
            trainer.run(num_steps, progress=bar)
    return trainer


def schedule(config: DQNConfig) -> LinearSchedule:
    """Epsilon as a run of these settings lowers it: a function of the step."""
    return LinearSchedule(
        config.epsilon_start, config.epsilon_end, config.epsilon_decay_steps
    )


def greedy_score(player, config: DQNConfig) -> float:
    """The score of 100 games that nobody trained on, with ε = 0."""
    env = make_env(config, 50, first_seed=0)
    return evaluate(player, env, config, num_episodes=100, epsilon=0.0).mean
