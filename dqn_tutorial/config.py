"""Every number of a training run, with its unit in its name and its source beside it.

Sources: [2013] Mnih et al., "Playing Atari with Deep Reinforcement Learning", section
5; [2015] Mnih et al., "Human-level control through deep reinforcement learning",
Methods and Extended Data Table 1. "ours" marks what we chose, and why.

One step is one action of one game; one frame is one emulator frame, four to a step;
one update is one gradient step. They are never mixed.
"""

import dataclasses
import json
import math
from dataclasses import dataclass

_POSITIVE = [
    "num_games",
    "max_frames_per_game",
    "replay_capacity_transitions",
    "batch_size",
    "update_period_steps",
    "learning_rate",
    "learning_rate_end",
    "learning_rate_decay_updates",
    "adam_epsilon",
    "target_sync_period_updates",
    "n_steps",
    "epsilon_decay_steps",
    "log_period_steps",
    "checkpoint_period_steps",
    "stage_period_steps",
]
# A run cannot change these: its networks, replay buffer and games are made of them.
FIXED = (
    "game",
    "network",
    "distributional",
    "num_games",
    "sticky_action_probability",
    "noop_max_frames",
    "automatic_fire",
    "max_frames_per_game",
    "replay_capacity_transitions",
    "replay_compressed",
    "clip_rewards",  # the rewards that are remembered are clipped already
)
LOSSES = ("huber", "squared")
_ZERO_TO_ONE = ["sticky_action_probability", "discount", "epsilon_start", "epsilon_end"]


def _check_type(name: str, wanted: type, value) -> None:
    """Refuse "16" for 16, 2.5 for a count, True for 1: JSON can say them all."""
    accepted = (int, float) if wanted is float else (wanted,)
    if type(value) not in accepted:
        raise ValueError(f"{name} must be of type {wanted.__name__}, got {value!r}")


@dataclass(frozen=True)
class DQNConfig:
    """The settings of one run; the defaults are the preset "laptop".

    Raises:
        ValueError: a setting that cannot work, named with what would.
    """

    game: str = "breakout"  # an ALE ROM name in snake case, or "catch"
    network: str = "dqn2013"  # [2013] 4.1; ours: an update costs half of [2015]'s
    num_games: int = 16  # ours: one forward pass serves all; 1 is the papers' loop
    sticky_action_probability: float = 0.0  # [2015] had none; Machado 2018 advises 0.25
    noop_max_frames: int = 30  # [2015] Table 1, "no-op max"
    automatic_fire: bool = True  # ours: nothing moves in Breakout until FIRE
    max_frames_per_game: int = 108_000  # 30 minutes of play, as Rainbow (Hessel 2018)

    replay_capacity_transitions: int = 400_000  # [2015] 1,000,000; ours: about 0.2 GB
    replay_compressed: bool = True  # ours: LZ4, about 13 times less RAM on Breakout
    learning_starts_steps: int = 5_000  # [2015] 50,000; ours: waiting teaches little
    batch_size: int = 32  # [2015] Table 1, "minibatch size"
    update_period_steps: int = 8  # [2015] 4; ours: chosen by trial for two cores
    learning_rate: float = 2.5e-4  # [2015] 0.00025, with RMSProp; ours with Adam
    learning_rate_end: float = 1.5e-5  # ours: large steps first, then small ones
    learning_rate_decay_updates: int = 400_000  # ours: 3,200,000 steps
    adam_epsilon: float = 1e-4  # ours: meant to keep steps small where gradients vanish
    discount: float = 0.99  # [2015] Table 1, "discount factor"
    n_steps: int = 1  # [2015]: one reward, then a value; Rainbow (Hessel 2018) 3
    double_dqn: bool = False  # van Hasselt 2016; for comparison: the lesson is without
    distributional: bool = False  # C51, Bellemare 2017; for comparison, as Double DQN
    loss: str = "huber"  # [2015] "error clipped to [-1, 1]", which is Huber's gradient
    clip_rewards: bool = True  # [2013] 5: to -1, 0, +1, for learning only
    target_sync_period_updates: int = 500  # [2015] 10,000; ours: shorter for short runs

    epsilon_start: float = 1.0  # [2013] 5
    epsilon_end: float = 0.05  # [2013] 0.1; ours: what scores are measured with
    epsilon_decay_steps: int = 50_000  # [2015] 1,000,000 "frames": steps, there

    log_period_steps: int = 5_000  # ours: one row of history
    checkpoint_period_steps: int = 50_000  # ours: a minute and a half or so
    stage_period_steps: int = 250_000  # ours: the network is kept, to see it learn

    def __post_init__(self):
        for field in dataclasses.fields(self):
            _check_type(field.name, field.type, getattr(self, field.name))
        for name in _POSITIVE:
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")
        for name in _ZERO_TO_ONE:
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(
                    f"{name} must be between 0 and 1, got {getattr(self, name)}"
                )
        if self.loss not in LOSSES:
            raise ValueError(
                f"loss must be one of {', '.join(LOSSES)}, got {self.loss!r}"
            )
        if self.double_dqn and self.distributional:
            raise ValueError(
                "double_dqn and distributional are two additions, for one run each: "
                "set one of them to false"
            )
        if self.distributional and not self.clip_rewards:
            raise ValueError(
                "distributional needs clip_rewards: its atoms, -10 to 10, are made for "
                "rewards of -1 to 1. Set clip_rewards to true, or distributional to "
                "false"
            )
        if self.distributional and self.loss != "huber":
            raise ValueError(
                "distributional has a loss of its own, the cross-entropy, and loss "
                f"{self.loss!r} would do nothing: set loss to 'huber', the default, or "
                "distributional to false"
            )
        if self.game == "catch" and self.sticky_action_probability:
            raise ValueError(
                "sticky_action_probability must be 0 in Catch, which has no sticky "
                f"actions, got {self.sticky_action_probability}"
            )
        if self.noop_max_frames < 0:
            raise ValueError(
                f"noop_max_frames must not be negative, got {self.noop_max_frames}"
            )
        if self.learning_starts_steps < self.batch_size:
            raise ValueError(
                f"learning_starts_steps ({self.learning_starts_steps}) must be at "
                f"least batch_size ({self.batch_size}): a batch needs that many"
            )
        if self.learning_starts_steps < self.n_steps * self.num_games:
            raise ValueError(
                f"learning_starts_steps ({self.learning_starts_steps}) must be at "
                f"least n_steps * num_games ({self.n_steps} * {self.num_games}): "
                "before that no game has so many steps to learn from"
            )
        if self.replay_capacity_transitions < self.learning_starts_steps:
            raise ValueError(
                f"replay_capacity_transitions ({self.replay_capacity_transitions}) is "
                f"smaller than learning_starts_steps ({self.learning_starts_steps}): "
                "what was collected would be thrown away before it is learned from"
            )

    def replace(self, **changes) -> "DQNConfig":
        """A copy with some settings changed."""
        return dataclasses.replace(self, **changes)

    def to_json(self) -> str:
        """The settings as JSON text, one to a line."""
        return json.dumps(dataclasses.asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> "DQNConfig":
        """The settings from `to_json`'s text; names that are not settings are refused.

        Raises:
            ValueError: not JSON, a name that no setting has, or a setting that cannot
                work. A name that is missing has its default.
        """
        values = json.loads(text)
        if not isinstance(values, dict):
            raise ValueError(f"the settings must be a JSON object, got {text[:40]!r}")
        unknown = set(values) - {field.name for field in dataclasses.fields(cls)}
        if unknown:
            raise ValueError(f"no such setting: {', '.join(sorted(unknown))}")
        return cls(**values)

    def differences(self, other: "DQNConfig") -> list[str]:
        """One line for each setting that differs: name, ours, theirs, as in JSON."""
        ours, theirs = dataclasses.asdict(self), dataclasses.asdict(other)
        return [
            f"{name}: {json.dumps(ours[name])} against {json.dumps(theirs[name])}"
            for name in ours
            if ours[name] != theirs[name]
        ]


PRESETS = {
    # Chosen by trial for two CPU cores (benchmarks/README.md).
    "laptop": DQNConfig(),
    # [2015] but for Adam in place of RMSProp: for comparison, and patience. Its table
    # counts in "frames" what the program published with it counts in steps.
    "paper_2015": DQNConfig(
        network="dqn2015",
        num_games=1,
        automatic_fire=False,
        replay_capacity_transitions=1_000_000,
        learning_starts_steps=50_000,
        update_period_steps=4,
        learning_rate_end=2.5e-4,
        target_sync_period_updates=10_000,
        epsilon_end=0.1,
        epsilon_decay_steps=1_000_000,
    ),
    # The tiny game of notebooks 01 and 06: the same agent, solved in under a minute.
    "catch": DQNConfig(
        game="catch",
        num_games=8,
        replay_capacity_transitions=10_000,
        learning_starts_steps=500,
        discount=0.9,
        update_period_steps=4,
        learning_rate_end=2.5e-4,
        target_sync_period_updates=100,
        epsilon_end=0.05,
        epsilon_decay_steps=2_000,
        log_period_steps=500,
        checkpoint_period_steps=5_000,
    ),
}
