"""The loop that turns games, replay buffer and agent into an agent that plays.

Mnih 2015, algorithm 1, for N games at once (N = 1 is the paper's own loop):

    act      one forward pass chooses N actions
    send     the emulators start, on their own threads
    learn    meanwhile, the gradient steps that are due
    recv     the emulators are done
    add      N transitions go into the replay buffer

A run lives in a folder: it can be stopped at any step and goes on as if it had not
been, because a checkpoint holds every weight, counter and generator, the replay buffer,
and the games themselves (as seeds and actions, see `games.VectorGames.snapshot`).
"""

import contextlib
import signal
import sys
import threading
import time
from collections import deque
from functools import partial
from pathlib import Path

import numpy as np

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.atari import AtariGames
from dqn_tutorial.beyond.n_step import NStepReplayBuffer
from dqn_tutorial.catch import CatchGames
from dqn_tutorial.config import FIXED, DQNConfig
from dqn_tutorial.exploration import LinearSchedule
from dqn_tutorial.parallel_env import Step, VectorGames
from dqn_tutorial.preprocessing import clip_reward
from dqn_tutorial.replay import ReplayBuffer
from dqn_tutorial.runs import checkpoints
from dqn_tutorial.runs.history import History
from dqn_tutorial.runs.pretrained import load_agent

RECENT_GAMES = 100
# Games of training are numbered from here up, games of evaluation from 0.
FIRST_TRAINING_SEED = 1_000_000
GAMES_PER_SEED = 50  # of an emulator: its seeds begin at 20,000


def make_games(
    config: DQNConfig, num_games: int, first_seed: int, games_per_seed: int = 1
) -> VectorGames:
    """The games a config names: Catch, or an Atari game.

    `games_per_seed` is kept to only where it saves time and can be: in Atari games
    without sticky actions.

    Raises:
        ValueError: no such game; the message suggests the right id.
    """
    if config.game == "catch":
        return CatchGames(num_games, first_seed)
    return AtariGames(
        config.game,
        num_games,
        first_seed,
        games_per_seed=1 if config.sticky_action_probability else games_per_seed,
        sticky_action_probability=config.sticky_action_probability,
        noop_max_frames=config.noop_max_frames,
        max_frames_per_game=config.max_frames_per_game,
        automatic_fire=config.automatic_fire,
    )


def settings_of(run_dir: Path | str) -> tuple[DQNConfig, int, str | None]:
    """Settings, seed and `weights_from` of a run, from its newest checkpoint.

    Raises:
        CheckpointError: no checkpoint there, or none that can be read.
    """

    def read(path: Path) -> tuple[DQNConfig, int, str | None]:
        meta = checkpoints.read_arrays(path, prefix=checkpoints.META)[1]
        config = DQNConfig.from_json(meta["config"])
        return config, meta["seed"], meta.get("weights_from")

    found, _ = checkpoints.newest_usable(Path(run_dir), read)
    return found


def _refuse_a_run(run_dir: Path) -> None:
    if (run_dir / "config.json").exists() or checkpoints.checkpoint_paths(run_dir):
        raise FileExistsError(
            f"{run_dir} already holds a run: add --resume to go on with it, or "
            "choose another folder"
        )


class StopOnCtrlC:
    """While open, the first Ctrl-C only sets `asked`; the second kills.

    So do SIGTERM, and SIGHUP, which comes when the terminal is closed.

    Signals reach the main thread only; elsewhere this does nothing.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self):
        self.asked = False
        self._before = {}

    def __enter__(self) -> "StopOnCtrlC":
        if threading.current_thread() is threading.main_thread():
            # nohup has a run ignore that its terminal is gone: so it shall.
            wanted = [s for s in self.SIGNALS if s is not signal.SIGHUP
                      or signal.getsignal(s) is not signal.SIG_IGN]  # fmt: skip
            self._before = {s: signal.signal(s, self._ask) for s in wanted}
        return self

    def __exit__(self, *_) -> None:
        self._put_back()

    def _put_back(self) -> None:
        for s, handler in self._before.items():
            signal.signal(s, handler)

    def _ask(self, *_) -> None:
        self.asked = True
        self._put_back()
        # The same Ctrl-C may have ended who reads it (2>&1 | tee log), and saving
        # matters more than saying so.
        with contextlib.suppress(OSError, RuntimeError):
            print("\nsaving; once more to leave without it", file=sys.stderr)


class Trainer:
    """One run: games, agent, replay buffer, counters and generators.

    Make one with `Trainer.start` or `Trainer.resume`, then call `run`.
    """

    def __init__(self, config: DQNConfig, run_dir: Path | str, seed: int):
        self.config, self.run_dir, self.seed = config, Path(run_dir), seed
        # The buffer first: it refuses at once what would not fit in RAM.
        make_replay = ReplayBuffer
        if config.n_steps > 1:
            make_replay = partial(NStepReplayBuffer, config.n_steps, config.discount)
        self.replay = make_replay(
            config.replay_capacity_transitions,
            config.num_games,
            compressed=config.replay_compressed,
        )
        first_seed = FIRST_TRAINING_SEED * (seed + 1)
        self.games = make_games(config, config.num_games, first_seed, GAMES_PER_SEED)
        self.agent = DQNAgent(config, self.games.num_actions, seed)
        self.epsilon = LinearSchedule(
            config.epsilon_start, config.epsilon_end, config.epsilon_decay_steps
        )
        acting, sampling = np.random.SeedSequence(seed).spawn(2)
        self.acting_rng = np.random.default_rng(acting)
        self.sampling_rng = np.random.default_rng(sampling)
        self.history = History()
        self.recent_scores: deque[float] = deque(maxlen=RECENT_GAMES)
        self.step = 0  # agent steps, all games together
        self.update = 0
        self.games_finished = 0
        self.best_mean_score = -np.inf
        self.wall_seconds = 0.0
        # (loss, mean Q) of each update since the last row
        self._losses: list[tuple[float, float]] = []
        self._last_row = (0, 0.0)  # step and wall seconds of the last row
        self._saved_step: int | None = None
        self.changed_settings: list[str] = []  # what a resume changed, and where
        self.weights_from: str | None = None  # whose weights it began with

    @classmethod
    def start(
        cls,
        config: DQNConfig,
        run_dir: Path | str,
        seed: int = 0,
        weights_from: Path | str | None = None,
    ) -> "Trainer":
        """Begin a run in a folder that holds none.

        Args:
            config: its settings.
            run_dir: the folder, made if needed.
            seed: of everything random.
            weights_from: an agent whose network it begins with, as in `load_agent`;
                without its last layer if only one of the two is distributional. Replay
                buffer, optimizer and counters begin empty all the same, and the
                settings are those of `config`. None draws the weights by the seed.

        Raises:
            FileExistsError: the folder holds a run already; nothing is touched.
            NotADirectoryError: it is a file.
            CheckpointError: no such agent, or one of another game or network.
        """
        run_dir = Path(run_dir)
        if run_dir.exists() and not run_dir.is_dir():
            raise NotADirectoryError(f"{run_dir} is a file: choose a folder")
        _refuse_a_run(run_dir)
        trainer = cls(config, run_dir, seed)
        if weights_from is not None:
            trainer._take_weights(weights_from)
        trainer.replay.reset(trainer.games.reset()[:, -1])
        run_dir.mkdir(parents=True, exist_ok=True)
        with checkpoints.only_one(run_dir):
            _refuse_a_run(run_dir)  # another may have begun meanwhile
            trainer.save_stage()
            trainer.save()  # so that a run killed in its first minutes can be resumed
            trainer._write_config()
        return trainer

    def _take_weights(self, where: Path | str) -> None:
        other, config, origin = load_agent(where)
        for name in ("game", "network"):
            theirs, ours = getattr(config, name), getattr(self.config, name)
            if theirs != ours:
                raise checkpoints.CheckpointError(
                    f"{origin}: its {name} is {theirs}, that of this run is {ours}"
                )
        self.weights_from = str(where)
        theirs, ours = other.online.variables, self.agent.online.variables
        if config.distributional != self.config.distributional:
            # The last layer has other outputs: it begins anew.
            theirs, ours = theirs[:-2], ours[:-2]
        for to, value in zip(ours, theirs, strict=True):
            to.assign(value)
        self.agent.sync_target()

    @classmethod
    def resume(cls, run_dir: Path | str, **changes) -> "Trainer":
        """Go on with the run in a folder, from its newest whole checkpoint.

        Args:
            run_dir: folder of the run.
            changes: settings that shall be others from here on. The checkpoints keep
                a line about each, `changed_settings`.

        Raises:
            CheckpointError: no checkpoint there, or none that can be read.
            ValueError: a setting that a run cannot change, or that cannot work.
        """
        run_dir = Path(run_dir)
        now, _, _ = settings_of(run_dir)
        wanted = now.replace(**changes)  # what cannot work is no checkpoint's fault
        fixed = [n for n in FIXED if getattr(now, n) != getattr(wanted, n)]
        if fixed:
            raise ValueError(f"a run cannot change its {', '.join(fixed)}")

        def use(path: Path) -> "Trainer":
            arrays, meta = checkpoints.read_arrays(path)
            before = DQNConfig.from_json(meta["config"])
            config = before.replace(**changes)
            trainer = cls(config, run_dir, meta["seed"])
            trainer._restore(arrays, meta)
            trainer.changed_settings += [
                f"from step {trainer.step:,} on, {line}"
                for line in config.differences(before)
            ]
            return trainer

        trainer, problems = checkpoints.newest_usable(run_dir, use)
        for line in problems:
            print(line)
        return trainer

    def run(self, total_steps: int, progress=None, stop=lambda: False) -> History:
        """Train until `total_steps` steps have been made, then save.

        Ctrl-C, or a notebook's stop button, ends it early, after the step under way;
        what was reached is saved, and another `run` goes on from there.

        Args:
            total_steps: counted from the run's first step, not from a resume.
            progress: a tqdm bar, or something else with its `update(n)` and
                `set_postfix_str(text, refresh)`.
            stop: asked after each step; when true, the run saves and returns early.

        Raises:
            CheckpointError: the disk is full, and older checkpoints are intact; or
                another process trains in this folder.
            FloatingPointError: the loss is not a number any more.
        """
        started = time.perf_counter() - self.wall_seconds
        with checkpoints.only_one(self.run_dir), StopOnCtrlC() as ctrl_c:
            self._write_config()  # a resume may have changed it
            while self.step < total_steps and not (ctrl_c.asked or stop()):
                before = self.step
                self._play_and_learn()
                self.wall_seconds = time.perf_counter() - started
                if self._passed(before, self.config.log_period_steps):
                    self._log()
                # The stage first: a run resumed from the checkpoint is past it.
                if self._passed(before, self.config.stage_period_steps):
                    self.save_stage()
                if self._passed(before, self.config.checkpoint_period_steps):
                    self.save()
                if progress is not None:
                    try:
                        progress.update(self.step - before)
                        progress.set_postfix_str(self.status(), refresh=False)
                    except OSError:  # nobody reads it any more
                        progress = None
            if self._saved_step != self.step:
                self.save()
        if self.step < total_steps:
            print(f"stopped at step {self.step:,}; saved in {self.run_dir}")
        return self.history

    def status(self) -> str:
        """The run in a few words, for a progress bar."""
        score = np.mean(self.recent_scores) if self.recent_scores else float("nan")
        return f"games {self.games_finished}, mean score {score:.1f}"

    def _play_and_learn(self) -> None:
        """One step of N games, and the updates that are due."""
        games, before = self.games, self.step
        actions = self.agent.act(games.states, self.epsilon(before), self.acting_rng)
        games.send(actions)
        if before >= self.config.learning_starts_steps:
            period = self.config.update_period_steps
            due = (before + games.num_games) // period - before // period
            for _ in range(due):
                self._learn()
        self._remember(games.recv())
        self.step += games.num_games

    def _learn(self) -> None:
        batch = self.replay.sample(self.config.batch_size, self.sampling_rng)
        loss, mean_q = self.agent.learn(batch)
        if not np.isfinite(loss):  # before anything of it is saved
            raise FloatingPointError(
                f"the loss is {loss} at step {self.step:,}: resume from the last "
                "checkpoint with a lower learning_rate, or look at the rewards"
            )
        self._losses.append((loss, mean_q))
        self.update += 1
        if self.update % self.config.target_sync_period_updates == 0:
            self.agent.sync_target()

    def _remember(self, step: Step) -> None:
        rewards = (
            clip_reward(step.rewards) if self.config.clip_rewards else step.rewards
        )
        self.replay.add(
            step.actions,
            rewards,
            step.terminated,
            step.over,
            step.next_frames,
            first_frames=self.games.states[:, -1],
        )
        self.games_finished += len(step.finished)
        self.recent_scores.extend(game.score for game in step.finished)

    def _passed(self, before: int, period: int) -> bool:
        return self.step // period > before // period

    def _log(self) -> None:
        last_step, last_seconds = self._last_row
        loss, mean_q = np.mean(self._losses, axis=0) if self._losses else (np.nan,) * 2
        seconds = max(self.wall_seconds - last_seconds, 1e-9)
        self.history.append(
            step=self.step,
            update=self.update,
            epsilon=self.epsilon(self.step),
            loss=loss,
            mean_q=mean_q,
            games=self.games_finished,
            mean_score_100=np.mean(self.recent_scores or [np.nan]),
            steps_per_second=(self.step - last_step) / seconds,
            wall_seconds=self.wall_seconds,
        )
        self.history.write(self.run_dir / "history.csv")
        self._losses.clear()
        self._last_row = (self.step, self.wall_seconds)

    def save(self) -> Path:
        """Write a checkpoint, and `best.npz` where the training score is a new best.

        The checkpoint is the last: a run killed before it is there does all this again.
        """
        score = float(np.mean(self.recent_scores or [-np.inf]))
        if len(self.recent_scores) == RECENT_GAMES and score > self.best_mean_score:
            self.best_mean_score = score
            self._write_network(self.run_dir / "best.npz")
        self.history.write(self.run_dir / "history.csv")
        arrays, meta = self._snapshot()  # knows of the new best
        path = checkpoints.save(self.run_dir, self.step, arrays, meta)
        self._saved_step = self.step
        return path

    def _write_config(self) -> None:
        path, text = self.run_dir / "config.json", self.config.to_json() + "\n"
        if not path.exists() or path.read_text() != text:
            checkpoints.write_whole(path, lambda file: file.write(text.encode()))

    def save_stage(self) -> None:
        """Keep the network as it is now, for good: a stage to look back on."""
        self._write_network(checkpoints.stage_path(self.run_dir, self.step))

    def _write_network(self, path: Path) -> None:
        """Write the online network only: enough to play with, not to go on."""
        score = float(np.mean(self.recent_scores)) if self.recent_scores else None
        checkpoints.write_arrays(
            path,
            checkpoints.variable_arrays(self.agent.online.variables, "online"),
            {"config": self.config.to_json(), "step": self.step, "score": score},
        )

    def _snapshot(self) -> tuple[dict[str, np.ndarray], dict]:
        agent = self.agent
        arrays = checkpoints.variable_arrays(agent.online.variables, "online")
        arrays |= checkpoints.variable_arrays(agent.target.variables, "target")
        arrays |= checkpoints.variable_arrays(agent.optimizer.variables, "optimizer")
        parts = {"replay": self.replay.snapshot(), "games": self.games.snapshot()}
        parts["history"] = self.history.snapshot()
        for part, snapshot in parts.items():
            arrays |= {f"{part}/{name}": array for name, array in snapshot.items()}
        arrays["losses"] = np.array(self._losses, np.float64).reshape(-1, 2)
        arrays["recent_scores"] = np.array(self.recent_scores, np.float64)
        meta = {name: getattr(self, name) for name in self._COUNTERS}
        meta["config"] = self.config.to_json()
        meta["seed"] = self.seed
        meta["changed_settings"] = self.changed_settings
        meta["weights_from"] = self.weights_from
        meta["last_row"] = self._last_row
        meta["acting_rng"] = self.acting_rng.bit_generator.state
        meta["sampling_rng"] = self.sampling_rng.bit_generator.state
        return arrays, meta

    def _restore(self, arrays: dict[str, np.ndarray], meta: dict) -> None:
        agent = self.agent
        checkpoints.assign_variables(agent.online.variables, arrays, "online")
        checkpoints.assign_variables(agent.target.variables, arrays, "target")
        checkpoints.assign_variables(agent.optimizer.variables, arrays, "optimizer")
        for part in ("replay", "games", "history"):
            prefix = part + "/"
            # Taken out, so that the buffer's frames can be freed as they are restored.
            snapshot = {
                name.removeprefix(prefix): arrays.pop(name)
                for name in list(arrays)
                if name.startswith(prefix)
            }
            getattr(self, part).restore(snapshot)
        self._losses = [tuple(pair) for pair in arrays["losses"].tolist()]
        self.recent_scores.extend(arrays["recent_scores"].tolist())
        for name in self._COUNTERS:
            setattr(self, name, meta[name])
        self._last_row = tuple(meta["last_row"])
        self.changed_settings = list(meta.get("changed_settings", []))
        self.weights_from = meta.get("weights_from")
        self._saved_step = self.step
        self.acting_rng.bit_generator.state = meta["acting_rng"]
        self.sampling_rng.bit_generator.state = meta["sampling_rng"]

    _COUNTERS = ("step", "update", "games_finished", "best_mean_score", "wall_seconds")
