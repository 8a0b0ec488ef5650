"""Several copies of one game, played at once: all that training needs from a game.

The training loop and the evaluation see games only through `ParallelEnv`.
Catch and the Atari games fill in three hooks each; everything else (seeds, scores,
validation of actions, saving and restoring games midway) is here, once.

Between `send` and `recv` the emulators may run on their own threads, so that a
gradient step can be taken meanwhile.

Glossary
    N            number of games played at once
    state        (4, 84, 84) uint8, the last four frames of a game, oldest first
    game_over    a game has ended (terminated or truncated); a new one has begun
    terminated   nothing more can be won from here: game over, or a life lost
"""

from abc import ABC, abstractmethod
from typing import NamedTuple

import numpy as np

from dqn_tutorial.config import STATE_SHAPE, check_settings


class FinishedGame(NamedTuple):
    """One whole game, first action to last, all lives."""

    seed: int
    score: float  # sum of unclipped rewards
    steps: int  # agent steps
    truncated: bool  # cut off by the frame limit, not lost


class Step(NamedTuple):
    """The result of one step in each of N games."""

    actions: np.ndarray  # (N,) int32, as executed (FIRE may replace the one asked for)
    rewards: np.ndarray  # (N,) float32, unclipped
    terminated: np.ndarray  # (N,) bool: do not bootstrap from the next state
    game_over: np.ndarray  # (N,) bool: the game ended and a new one has begun
    next_frames: np.ndarray  # (N, 84, 84) uint8, newest frame of the next states
    first_frames: np.ndarray  # that of the next game where `game_over`, else the same
    finished: list[FinishedGame]  # the games that ended in this step


class ParallelEnv(ABC):
    """N copies of one game; a run's game number k is played with seed `first_seed + k`.

    Where seeding is slow, `games_per_seed` games in a row are played on one seeding:
    each of the N then takes that many consecutive seeds, and after them the next free
    ones.

    After `reset()` and after every `recv()`, `states` holds the (N, 4, 84, 84) uint8
    states to act on. Where a game has just ended, that is already the next game's first
    state; the frame the old game ended on is in `Step.next_frames`.
    """

    def __init__(
        self,
        num_envs: int,
        action_meanings: list[str],
        first_seed: int,
        games_per_seed: int = 1,
    ):
        check_settings(num_envs=num_envs)
        if first_seed % games_per_seed:
            raise ValueError(
                f"first_seed must be a multiple of games_per_seed ({games_per_seed}), "
                f"got {first_seed}"
            )
        self.num_envs = num_envs
        self.action_meanings = action_meanings
        self.num_actions = len(action_meanings)
        self.states = np.zeros((num_envs, *STATE_SHAPE), np.uint8)
        self.first_seed = first_seed
        self.games_per_seed = games_per_seed
        self._next_seed = first_seed
        self._seeds = np.full(num_envs, -1, np.int64)
        self._scores = np.zeros(num_envs)
        self._log = [bytearray() for _ in range(num_envs)]  # actions since reset
        self._sent: np.ndarray | None = None

    @property
    def is_fresh(self) -> bool:
        """Whether no game has begun: the next one has the first seed."""
        return self._next_seed == self.first_seed

    @abstractmethod
    def start_games(self, mask: np.ndarray, seeds: np.ndarray) -> np.ndarray:
        """Start games where `mask` (N,) is true, one seed each; return all N states.

        The other games stay as they are.
        """

    @abstractmethod
    def send_actions(self, actions: np.ndarray) -> np.ndarray:
        """Begin a step; return the actions actually executed."""

    @abstractmethod
    def receive(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Finish the step: next states, rewards, terminated, game_over, (N, ...) each.

        A lost life is terminated, and its game goes on. A truncated game is over and
        not terminated.
        """

    def reset(self) -> np.ndarray:
        """Begin N new games and return their states."""
        self._begin(np.ones(self.num_envs, bool))
        return self.states

    def send(self, actions: np.ndarray) -> None:
        """Start one step in every game.

        Args:
            actions: (N,) integers in [0, num_actions).

        Raises:
            ValueError: wrong shape, dtype or range. An action the emulator does not
                know would make it wait for ever, so nothing is sent.
            RuntimeError: the previous step has not been received.
        """
        if self._sent is not None:
            raise RuntimeError("send() was called twice: call recv() in between")
        actions = np.asarray(actions)
        if actions.shape != (self.num_envs,):
            raise ValueError(
                f"actions must have shape ({self.num_envs},), one for each game, "
                f"got {actions.shape}"
            )
        if not np.issubdtype(actions.dtype, np.integer):
            raise ValueError(f"actions must be integers, got {actions.dtype}")
        if actions.min() < 0 or actions.max() >= self.num_actions:
            raise ValueError(
                f"actions must be in 0..{self.num_actions - 1} "
                f"({', '.join(self.action_meanings)}), got {actions.tolist()}"
            )
        self._sent = self.send_actions(actions.astype(np.int32))

    def recv(self) -> Step:
        """Finish the step that `send` started.

        Raises:
            RuntimeError: nothing was sent.
        """
        if self._sent is None:
            raise RuntimeError("recv() has nothing to receive: call send() first")
        actions, self._sent = self._sent, None
        states, rewards, terminated, game_over = self.receive()
        next_frames = states[:, -1].copy()
        self._scores += rewards
        for log, action in zip(self._log, actions.tolist(), strict=True):
            log.append(action)
        finished = [
            FinishedGame(
                seed=int(self._seeds[g]),
                score=float(self._scores[g]),
                steps=len(self._log[g]),
                truncated=not terminated[g],
            )
            for g in np.flatnonzero(game_over)
        ]
        self.states = states
        if finished:
            self._begin(game_over)
        first_frames = self.states[:, -1].copy()
        return Step(
            actions, rewards, terminated, game_over, next_frames, first_frames, finished
        )

    def step(self, actions: np.ndarray) -> Step:
        """`send` and `recv` in one call."""
        self.send(actions)
        return self.recv()

    def close(self) -> None:  # noqa: B027, nothing to free is the common case
        """Free what the games hold."""

    def snapshot(self) -> dict[str, np.ndarray]:
        """What it takes to get back to this point of the games: seeds and actions.

        An emulator cannot be copied, but it is deterministic: the same seed and the
        same actions lead to the same place.
        """
        if self._sent is not None:
            raise RuntimeError("a step is under way: call recv() before snapshot()")
        return {
            "next_seed": np.array(self._next_seed),
            "seeds": self._seeds.copy(),
            "log_lengths": np.array([len(log) for log in self._log]),
            "log": np.frombuffer(b"".join(self._log), np.uint8).copy(),
            "states": self.states.copy(),
        }

    def restore(self, snapshot: dict[str, np.ndarray]) -> None:
        """Replay the games of a `snapshot` up to where they stood.

        All games must arrive together, so the longest starts first, and each of the
        others is reset when as many steps are left as it had played.

        Raises:
            ValueError: the snapshot holds a different number of games, or the same
                actions now lead elsewhere.
        """
        lengths, seeds = snapshot["log_lengths"], snapshot["seeds"]
        if lengths.shape != (self.num_envs,):
            raise ValueError(
                f"the snapshot holds {lengths.size} games, but this object plays "
                f"{self.num_envs}"
            )
        ends = np.cumsum(lengths)
        logs = [snapshot["log"][e - n : e] for n, e in zip(lengths, ends, strict=True)]
        self.reset()  # these games, and those that end meanwhile, do not count
        for left in range(int(lengths.max()), -1, -1):
            begin = lengths == left
            if begin.any():
                self._restart(begin, seeds[begin])
            if left > 0:
                actions = [log[-left] if left <= len(log) else 0 for log in logs]
                self.step(np.array(actions, np.int32))
        self._next_seed = int(snapshot["next_seed"])
        if not np.array_equal(self.states, snapshot["states"]):
            raise ValueError(
                "the replayed games do not end up where they stood: has the emulator "
                "(ale-py) or a setting of the games changed?"
            )

    def _begin(self, mask: np.ndarray) -> None:
        seeds = self._seeds[mask] + 1
        used_up = seeds % self.games_per_seed == 0
        count = self.games_per_seed * int(used_up.sum())
        stop = self._next_seed + count
        seeds[used_up] = np.arange(self._next_seed, stop, self.games_per_seed)
        self._next_seed = stop
        self._restart(mask, seeds)

    def _restart(self, mask: np.ndarray, seeds: np.ndarray) -> None:
        self.states = self.start_games(mask, seeds)
        self._seeds[mask] = seeds
        self._scores[mask] = 0.0
        for g in np.flatnonzero(mask):
            self._log[g] = bytearray()
