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

FRAME_SHAPE = (84, 84)  # of the frames that the network sees, in pixels
STACK_SIZE = 4  # frames in a state
STATE_SHAPE = (STACK_SIZE, *FRAME_SHAPE)
FRAMES_PER_STEP = 4
# How a score is measured, see `evaluation`.
SCORE_GAMES, SCORE_EPSILON = 100, 0.05
MAX_FRAMES = 108_000  # of a game: 30 minutes at 60 a second, as Rainbow (Hessel 2018)

ALGORITHMS = ("dqn", "double_dqn", "c51")
POSITIVE, NOT_NEGATIVE, SHARE = "positive", "not negative", "between 0 and 1"
A_STEP = f"at least {FRAMES_PER_STEP}, which is one step"
_ALLOWS = {
    POSITIVE: lambda value: 0 < value < math.inf,
    NOT_NEGATIVE: lambda value: 0 <= value < math.inf,
    SHARE: lambda value: 0 <= value <= 1,
    A_STEP: lambda value: FRAMES_PER_STEP <= value < math.inf,
}


def setting(default, *, must_be: str | None = None, one_of=(), fixed: bool = False):
    """A field of `DQNConfig`, with its allowed values in the metadata.

    Args:
        default: its value in the preset "laptop".
        must_be: the range of a number.
        one_of: the strings allowed.
        fixed: whether it cannot change once a run has started, because the networks,
            replay buffer or games were built from it.
    """
    metadata = {"must_be": must_be, "one_of": one_of, "fixed": fixed}
    return dataclasses.field(default=default, metadata=metadata)


@dataclass(frozen=True)
class DQNConfig:
    """The settings of one run; the defaults are the preset "laptop".

    Raises:
        ValueError: a setting cannot work; the message says what would.
    """

    # an ALE ROM name in snake case, or "catch"
    game: str = setting("breakout", fixed=True)
    # "dqn" is what the notebooks teach; the others are in dqn_tutorial/beyond
    algorithm: str = setting("dqn", one_of=ALGORITHMS)
    # [2013] 4.1; ours: an update costs half of [2015]'s
    network: str = setting("dqn2013", fixed=True)
    # ours: one forward pass serves all; 1 is the papers' loop
    num_envs: int = setting(16, must_be=POSITIVE, fixed=True)
    # [2015] had none; Machado 2018 advises 0.25
    sticky_action_probability: float = setting(0.0, must_be=SHARE, fixed=True)
    # [2015] Table 1, "no-op max"
    noop_max_frames: int = setting(30, must_be=NOT_NEGATIVE, fixed=True)
    # ours: nothing moves in Breakout until FIRE
    automatic_fire: bool = setting(True, fixed=True)
    # 30 minutes of play, as in Rainbow (Hessel 2018)
    max_frames_per_game: int = setting(MAX_FRAMES, must_be=A_STEP, fixed=True)

    # [2015] 50,000,000; ours: an evening on two cores
    total_steps: int = setting(4_000_000, must_be=POSITIVE)
    # [2015] 1,000,000; ours: about 0.2 GB
    replay_capacity_transitions: int = setting(400_000, must_be=POSITIVE, fixed=True)
    # ours: LZ4, about 13 times less RAM on Breakout
    replay_compressed: bool = setting(True, fixed=True)
    # [2015] 50,000; ours: waiting teaches little
    learning_starts_steps: int = setting(5_000, must_be=POSITIVE)
    # [2015] Table 1, "minibatch size"
    batch_size: int = setting(32, must_be=POSITIVE)
    # [2015] 4; ours: tuned for two cores
    update_period_steps: int = setting(8, must_be=POSITIVE)
    # [2015] 0.00025, with RMSProp; ours with Adam
    learning_rate: float = setting(2.5e-4, must_be=POSITIVE)
    # ours: reached by two cuts (adam.py), because the score climbs after the first
    learning_rate_end: float = setting(1e-5, must_be=POSITIVE)
    # Kingma and Ba 2015: 1e-8; ours: the score climbs longer with a larger one
    adam_epsilon: float = setting(1e-4, must_be=POSITIVE)
    # [2015] Table 1, "discount factor"
    discount: float = setting(0.99, must_be=SHARE)
    # [2015] 1: one reward, then a value; Rainbow (Hessel 2018) 3 (notebook 10)
    n_steps: int = setting(1, must_be=POSITIVE)
    # [2015] "error clipped to [-1, 1]", which is Huber's gradient
    loss: str = setting("huber", one_of=("huber", "squared"))
    # [2013] 5: to -1, 0, +1, for learning only, when the replay buffer stores them
    clip_rewards: bool = setting(True, fixed=True)
    # [2015] 10,000; ours: shorter for short runs
    target_sync_period_updates: int = setting(500, must_be=POSITIVE)

    # [2013] 5
    epsilon_start: float = setting(1.0, must_be=SHARE)
    # [2013] 0.1; ours: the epsilon that scores are measured with
    epsilon_end: float = setting(0.05, must_be=SHARE)
    # [2015] 1,000,000 "frames", which there means steps
    epsilon_decay_steps: int = setting(50_000, must_be=POSITIVE)

    # ours: how often the history gets a row
    log_period_steps: int = setting(5_000, must_be=POSITIVE)
    # ours: about every minute and a half
    checkpoint_period_steps: int = setting(50_000, must_be=POSITIVE)
    # ours: how often the network is kept, to watch it learn
    stage_period_steps: int = setting(250_000, must_be=POSITIVE)

    def __post_init__(self):
        for field in dataclasses.fields(self):
            _check(field, getattr(self, field.name))
        self._check_c51()
        if self.game == "catch" and self.sticky_action_probability:
            raise ValueError(
                "sticky_action_probability must be 0 in Catch, which has no sticky "
                f"actions, got {self.sticky_action_probability}"
            )
        starts = (
            f"learning_starts_steps ({self.learning_starts_steps}) must be at least"
        )
        if self.learning_starts_steps < self.batch_size:
            raise ValueError(
                f"{starts} batch_size ({self.batch_size}): a batch needs that many"
            )
        if self.learning_starts_steps < self.n_steps * self.num_envs:
            raise ValueError(
                f"{starts} n_steps * num_envs ({self.n_steps} * {self.num_envs}): "
                "before that no game has so many steps to learn from"
            )
        if self.replay_capacity_transitions < self.learning_starts_steps:
            raise ValueError(
                f"replay_capacity_transitions ({self.replay_capacity_transitions}) is "
                f"smaller than learning_starts_steps ({self.learning_starts_steps}): "
                "what was collected would be thrown away before it is learned from"
            )

    def _check_c51(self) -> None:
        if self.algorithm != "c51":
            return
        if not self.clip_rewards:
            raise ValueError(
                "algorithm c51 needs clip_rewards: its atoms, -10 to 10, are made for "
                "rewards of -1 to 1. Set clip_rewards to true, or choose another "
                "algorithm"
            )
        if self.loss != "huber":
            raise ValueError(
                "algorithm c51 has a loss of its own, the cross-entropy, and loss "
                f"{self.loss!r} would do nothing: set loss to 'huber', the default, or "
                "choose another algorithm"
            )

    def updates_by(self, step: int) -> int:
        """How many updates a run has made when its step counter is at `step`.

        The counter goes up by `num_envs`, and from `learning_starts_steps` on an update
        is made for each multiple of `update_period_steps` that it reaches.
        """
        games, period = self.num_envs, self.update_period_steps
        start = -(-self.learning_starts_steps // games) * games
        return max(0, step // period - start // period)

    def replace(self, **changes) -> "DQNConfig":
        """A copy with some settings changed."""
        return dataclasses.replace(self, **changes)

    def to_json(self) -> str:
        """The settings as JSON text, one to a line."""
        return json.dumps(dataclasses.asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> "DQNConfig":
        """The settings from `to_json`'s text; missing ones take their defaults.

        Raises:
            ValueError: not JSON, an unknown setting, or one that cannot work.
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

    def fixed_differences(self, other: "DQNConfig") -> list[str]:
        """Names of the settings that differ although a run cannot change them."""
        # C51 has its own network; the other algorithms share one.
        c51 = "c51" in (self.algorithm, other.algorithm)
        return [
            field.name
            for field in dataclasses.fields(self)
            if getattr(self, field.name) != getattr(other, field.name)
            and (field.metadata["fixed"] or (field.name == "algorithm" and c51))
        ]


def _check(field: dataclasses.Field, value) -> None:
    """Refuse "16" for 16, 2.5 for a count, True for 1: JSON allows them all."""
    name, wanted = field.name, field.type
    accepted = (int, float) if wanted is float else (wanted,)
    if type(value) not in accepted:
        raise ValueError(f"{name} must be of type {wanted.__name__}, got {value!r}")
    _check_range(field, value)


def _check_range(field: dataclasses.Field, value) -> None:
    name = field.name
    must_be, one_of = field.metadata["must_be"], field.metadata["one_of"]
    if must_be and not _ALLOWS[must_be](value):
        raise ValueError(f"{name} must be {must_be}, got {value}")
    if one_of and value not in one_of:
        raise ValueError(f"{name} must be one of {', '.join(one_of)}, got {value!r}")


def check_settings(**values) -> None:
    """Refuse values that the settings of these names cannot have.

    For the parts that take a few of the settings, not a whole `DQNConfig`. NumPy's
    numbers are as good as Python's here.

    Raises:
        ValueError: a value out of its range.
    """
    for name, value in values.items():
        _check_range(DQNConfig.__dataclass_fields__[name], value)


PRESETS = {
    # Tuned for two CPU cores (benchmarks/README.md).
    "laptop": DQNConfig(),
    # The same settings with what came after 2015 (notebook 10), and Adam's epsilon of
    # Bellemare 2017, 0.01 / 32.
    "beyond": DQNConfig(algorithm="c51", adam_epsilon=3.125e-4),
    # [2015], but with Adam instead of RMSProp: for comparison, if you are patient. What
    # its table counts in "frames", the program published with it counts in steps.
    "paper_2015": DQNConfig(
        network="dqn2015",
        num_envs=1,
        automatic_fire=False,
        total_steps=50_000_000,
        replay_capacity_transitions=1_000_000,
        learning_starts_steps=50_000,
        update_period_steps=4,
        learning_rate=2.5e-4,
        learning_rate_end=2.5e-4,
        adam_epsilon=1e-4,
        n_steps=1,
        target_sync_period_updates=10_000,
        epsilon_end=0.1,
        epsilon_decay_steps=1_000_000,
    ),
    # The tiny game of notebooks 01 and 06: the same agent, solved in under a minute.
    "catch": DQNConfig(
        game="catch",
        num_envs=8,
        total_steps=20_000,
        replay_capacity_transitions=10_000,
        learning_starts_steps=500,
        discount=0.9,
        update_period_steps=4,
        learning_rate=2.5e-4,
        learning_rate_end=2.5e-4,
        adam_epsilon=1e-4,
        n_steps=1,
        target_sync_period_updates=100,
        epsilon_end=0.05,
        epsilon_decay_steps=2_000,
        log_period_steps=500,
        checkpoint_period_steps=5_000,
    ),
}
