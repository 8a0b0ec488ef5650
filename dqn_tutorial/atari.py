"""The real Atari games: many at once for training, one at a time to look at.

`ParallelAtari` wraps ALE's C++ vector environment, which runs on its own threads and
does the preprocessing of Mnih 2015 (Methods, "Preprocessing") itself. `SingleAtari`
does the same for one game with our own functions, and keeps the screens to look at.

A game is named by its ROM, in snake case: "breakout", "ms_pacman".

Glossary
    no-op         the action that presses nothing; a game starts with a few of them
    sticky        the emulator repeats the last action instead of taking the new one,
                  with some probability at every frame (Machado 2018)
    life loss     ends an episode for the learner, but not the game
"""

from typing import ClassVar

import ale_py
import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode

from dqn_tutorial.atari_roms import check_game
from dqn_tutorial.config import (
    FRAMES_PER_STEP,
    MAX_FRAMES,
    STACK_SIZE,
    STATE_SHAPE,
    check_settings,
)
from dqn_tutorial.parallel_env import ParallelEnv
from dqn_tutorial.preprocessing import (
    greyscale,
    max_over_two_frames,
    resize,
    stack_frames,
)

try:
    from ale_py.vector_env import AtariVectorEnv
except ImportError as error:
    raise ImportError(
        f"ale-py {ale_py.__version__} has no vector environment: "
        'pip install --upgrade "ale-py>=0.12.1"'
    ) from error

LARGEST_SEED = 2**31 - 1  # ALE keeps a seed in a C int
NEVER = 2**31 - 2  # more frames than any game lasts


class ParallelAtari(ParallelEnv):
    """N copies of one Atari game, for training and evaluation.

    Rewards are unclipped. Losing a life sets `terminated`, and the game goes on. Where
    the game has a FIRE button, it is pressed in the first step of a game and in the
    first step after a lost life, whatever the agent chose: without it Breakout serves
    no ball. `Step.actions` holds what was pressed.
    """

    def __init__(
        self,
        game: str,
        num_envs: int = 1,
        first_seed: int = 0,
        *,
        noop_max_frames: int = 30,
        sticky_action_probability: float = 0.0,
        max_frames_per_game: int = MAX_FRAMES,
        automatic_fire: bool = True,
        games_per_seed: int = 1,
    ):
        """Start the emulators.

        Args:
            game: ROM name in snake case, see `check_game`.
            num_envs: how many copies to play at once.
            first_seed: seed of the first game, 0..2^31-1; the next game gets the next.
            noop_max_frames: a game starts with 0 to this many no-op frames.
            sticky_action_probability: 0.25 is usual; 0 for none.
            max_frames_per_game: emulator frames after which a game is truncated.
            automatic_fire: False leaves FIRE to the player, as the papers do.
            games_per_seed: how many games an emulator plays between two seedings.
                Seeding takes about 90 ms, because ALE loads the ROM again; any other
                reset takes 6. Game number s is the (s % games_per_seed)-th on the
                emulator seed s // games_per_seed. Not with sticky actions: they draw
                from the same generator, so a game would depend on those before it.

        Raises:
            ValueError: an argument is out of range, or there is no such game.
            FileNotFoundError: the game's ROM is missing.
        """
        check_game(game)
        check_settings(
            num_envs=num_envs,
            noop_max_frames=noop_max_frames,
            sticky_action_probability=sticky_action_probability,
            max_frames_per_game=max_frames_per_game,
        )
        if games_per_seed > 1 and sticky_action_probability > 0:
            raise ValueError(
                "sticky actions need a seed for each game: set games_per_seed=1"
            )
        if not 0 <= first_seed <= LARGEST_SEED:
            raise ValueError(
                f"first_seed must be in 0..{LARGEST_SEED}, got {first_seed}"
            )
        self._env = AtariVectorEnv(
            game,
            num_envs,
            noop_max=noop_max_frames + 1,  # ALE draws from 0 up to one less
            repeat_action_probability=sticky_action_probability,
            # ALE's own frame limit blends an old frame into the last state, and reports
            # no truncation if a life is lost in the same step, so we do the counting.
            max_num_frames_per_episode=NEVER,
            life_loss_info=False,  # so `terminated` says that the game is over
            reward_clipping=False,
            use_fire_reset=False,
            autoreset_mode=AutoresetMode.NEXT_STEP,  # we reset before that next step
        )
        meanings = [action.name for action in self._env.ale.get_action_set()]
        super().__init__(num_envs, meanings, first_seed, games_per_seed)
        self._fire = meanings.index("FIRE") if "FIRE" in meanings else None
        self._press_fire = np.zeros(num_envs, bool)
        self._automatic_fire = automatic_fire
        self._max_frames = max_frames_per_game
        self._frames = np.zeros(num_envs, np.int64)
        self._lives = np.zeros(num_envs, np.int64)

    def close(self) -> None:
        self._env = None  # ends the emulators' threads

    def start_games(self, mask: np.ndarray, seeds: np.ndarray) -> np.ndarray:
        # A reset before the next step takes the place of the automatic one, and leaves
        # the games outside the mask as they are.
        numbers = np.zeros(self.num_envs, np.int64)  # of games since their seeding
        numbers[mask] = seeds % self.games_per_seed
        seeded = mask.copy()
        seeded[mask] = (numbers[mask] == 0) | (seeds != self._seeds[mask] + 1)
        if seeded.any():
            emulator_seeds = seeds[seeded[mask]] // self.games_per_seed
            states = self._reset_emulators(seeded, emulator_seeds)
        resets = np.where(seeded, numbers, mask)  # still to do, without a seed
        for number in range(resets.max()):
            states = self._reset_emulators(resets > number, None)
        self._press_fire[mask] = self._automatic_fire
        self._frames[mask] = 0
        return states

    def _reset_emulators(self, mask: np.ndarray, seeds: np.ndarray | None):
        options = None if mask.all() else {"reset_mask": mask}
        states, info = self._env.reset(seed=seeds, options=options)
        self._lives[mask] = info["lives"][mask]
        return states

    def send_actions(self, actions: np.ndarray) -> np.ndarray:
        if self._fire is not None:
            actions = np.where(self._press_fire, np.int32(self._fire), actions)
        self._env.send(actions)
        return actions

    def receive(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        states, rewards, game_over, _, info = self._env.recv()
        self._frames += FRAMES_PER_STEP
        # Lives do not tell whether a game is over: in some games the last one is number
        # 0, and Adventure ends with lives left.
        terminated = game_over | (info["lives"] < self._lives)
        self._lives = info["lives"].copy()
        truncated = ~game_over & (self._frames >= self._max_frames)
        self._press_fire = terminated & self._automatic_fire
        # [N, 4, 84, 84], [N], [N], [N]
        return (
            states,
            rewards.astype(np.float32),
            terminated & ~truncated,
            game_over | truncated,
        )


class SingleAtari(gym.Env):
    """One Atari game to look at, preprocessed by our own functions.

    Observations are the states of `ParallelAtari`. Unlike there, `terminated` is set
    only at game over; `info` reports lost lives:

        lives, life_lost   lives left; whether one was lost and the game goes on
        action             the action executed, FIRE where it had to be pressed
    """

    metadata: ClassVar = {"render_modes": ["rgb_array"], "render_fps": 15}
    render_mode = "rgb_array"

    def __init__(
        self,
        game: str,
        *,
        noop_max_frames: int = 30,
        sticky_action_probability: float = 0.0,
        max_frames_per_game: int = MAX_FRAMES,
        automatic_fire: bool = True,
    ):
        """Start the emulator; arguments and errors are those of `ParallelAtari`."""
        check_game(game)
        check_settings(
            noop_max_frames=noop_max_frames,
            sticky_action_probability=sticky_action_probability,
            max_frames_per_game=max_frames_per_game,
        )
        ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)  # no banner
        self._env = ale_py.AtariEnv(
            game,
            frameskip=1,
            repeat_action_probability=sticky_action_probability,
            max_num_frames_per_episode=None,  # counted here, starting after the no-ops
        )
        self.action_meanings = self._env.get_action_meanings()
        self.action_space = gym.spaces.Discrete(len(self.action_meanings))
        self.observation_space = gym.spaces.Box(0, 255, STATE_SHAPE, np.uint8)
        self.screens: list[np.ndarray] = []  # RGB, of each frame of the last step
        self._noop_max_frames = noop_max_frames
        self._max_frames = max_frames_per_game
        self._automatic_fire = automatic_fire
        self._has_fire = "FIRE" in self.action_meanings
        self._over = True

    def reset(self, *, seed: int | None = None, options: dict | None = None):
        """Begin a game after some no-ops, `options["noops"]` of them if given."""
        super().reset(seed=seed)
        noops = int(self.np_random.integers(self._noop_max_frames + 1))
        noops = (options or {}).get("noops", noops)
        screen, info = self._env.reset(seed=seed)
        for _ in range(noops):
            screen, _, game_over, _, info = self._env.step(0)
            if game_over:
                screen, info = self._env.reset()
        self.screens = [screen]
        self._frames = [resize(greyscale(screen))]
        self._steps, self._lives = 0, info["lives"]
        self._press_fire, self._over = self._automatic_fire, False
        return stack_frames(self._frames), {"lives": self._lives, "noops": noops}

    def step(self, action: int):
        """Press one button for four frames of the emulator.

        Raises:
            ValueError: no such action.
            RuntimeError: the game is over, or has not begun.
        """
        if not self.action_space.contains(action):
            raise ValueError(
                f"action must be in 0..{self.action_space.n - 1} "
                f"({', '.join(self.action_meanings)}), got {action!r}"
            )
        if self._over:
            raise RuntimeError("no game is under way: call reset() first")
        if self._press_fire and self._has_fire:
            action = self.action_meanings.index("FIRE")
        reward, game_over, lives = self.run_frames(int(action))
        self._steps += 1
        truncated = not game_over and self._steps * FRAMES_PER_STEP >= self._max_frames
        life_lost = lives < self._lives and not game_over
        self._press_fire = life_lost and self._automatic_fire
        self._lives, self._over = lives, game_over or truncated
        info = {"lives": lives, "life_lost": life_lost, "action": int(action)}
        return stack_frames(self._frames), reward, game_over, truncated, info

    def run_frames(self, action: int) -> tuple[float, bool, int]:
        self.screens, reward = [], 0.0
        for _ in range(FRAMES_PER_STEP):
            screen, frame_reward, game_over, _, info = self._env.step(action)
            self.screens.append(screen)
            reward += frame_reward
            if game_over:
                break
        last_two = [greyscale(screen) for screen in self.screens[-2:]]
        frame = resize(max_over_two_frames(last_two[0], last_two[-1]))
        self._frames = [*self._frames, frame][-STACK_SIZE:]
        return reward, game_over, info["lives"]

    def render(self) -> np.ndarray:
        """The last screen, (210, 160, 3) uint8 RGB (a few games have taller ones)."""
        return self.screens[-1]

    def close(self) -> None:
        self._env.close()
