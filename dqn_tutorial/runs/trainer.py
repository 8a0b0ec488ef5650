"""A training run in a folder: started, logged, saved, stopped, and resumed.

The loop itself is `training.training_loop`; a `Trainer` iterates over it. A run can be
stopped at any step and resumes as if it had not been, because a checkpoint holds every
weight, counter and generator, the replay buffer, and the games themselves (as seeds and
actions, see `ParallelEnv.snapshot`).
"""

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dqn_tutorial.agent import DQNAgent
from dqn_tutorial.beyond.factory import make_agent, make_replay
from dqn_tutorial.config import DQNConfig
from dqn_tutorial.envs import make_env
from dqn_tutorial.parallel_env import Step
from dqn_tutorial.runs import checkpoints, pretrained
from dqn_tutorial.runs.history import History
from dqn_tutorial.runs.signals import StopOnSignal
from dqn_tutorial.training import FIRST_TRAINING_SEED, Training, Update, training_loop

RECENT_GAMES = 100
GAMES_PER_SEED = 50  # per emulator seed, so those begin at 20,000


def settings_of(run_dir: Path | str) -> tuple[DQNConfig, int, str | None]:
    """Settings, seed and `weights_from` of a run, from its newest checkpoint.

    Raises:
        CheckpointError: there is no checkpoint, or none that can be read.
    """

    def read(path: Path) -> tuple[DQNConfig, int, str | None]:
        meta = checkpoints.read_meta(path)
        config = DQNConfig.from_json(meta["config"])
        return config, meta["seed"], meta["weights_from"]

    found, _ = checkpoints.load_latest_valid(Path(run_dir), read)
    return found


def _refuse_a_run(run_dir: Path) -> None:
    if checkpoints.checkpoint_paths(run_dir):
        raise FileExistsError(
            f"{run_dir} already holds a run: add --resume to continue it, or choose "
            "another folder"
        )
    if (run_dir / "config.json").exists():
        raise FileExistsError(
            f"{run_dir} holds the rest of a run whose checkpoints are gone: choose "
            "another folder"
        )


class Trainer(Training):
    """A `Training` with a folder, a history and checkpoints.

    Make one with `Trainer.start` or `Trainer.resume`, then call `run`.
    """

    agent_class = DQNAgent  # a variant of the trainer may have another

    def __init__(self, config: DQNConfig, run_dir: Path | str, seed: int):
        replay = make_replay(config)  # first, because it may not fit in RAM
        first_seed = FIRST_TRAINING_SEED * (seed + 1)
        env = make_env(config, config.num_envs, first_seed, GAMES_PER_SEED)
        agent = make_agent(config, env.num_actions, seed, self.agent_class)
        super().__init__(config, env, agent, replay, seed)
        self.run_dir, self.seed = Path(run_dir), seed
        self.history = History()
        self.recent_scores: deque[float] = deque(maxlen=RECENT_GAMES)
        self.games_finished = 0
        self.best_mean_score = -np.inf
        self.wall_seconds = 0.0
        self.changed_settings: list[str] = []  # what a resume changed, and when
        self.weights_from: str | None = None  # the agent of a warm start
        self._updates: list[Update] = []  # since the last row of the history
        self._last_row = (0, 0.0)  # its step and wall seconds
        self._saved_step: int | None = None
        self._shows: list[tuple[int, Callable]] = []  # see `every`

    @classmethod
    def start(
        cls,
        config: DQNConfig,
        run_dir: Path | str,
        seed: int = 0,
        weights_from: Path | str | None = None,
    ) -> "Trainer":
        """Start a run in a folder that holds none.

        Args:
            config: its settings.
            run_dir: the folder, created if needed.
            seed: for everything random.
            weights_from: an agent for a warm start, see `warm_start`. None draws the
                initial weights from the seed.

        Raises:
            FileExistsError: the folder already holds a run; nothing is touched.
            NotADirectoryError: `run_dir` is a file.
            CheckpointError: no such agent, or one of another game or network.
        """
        run_dir = Path(run_dir)
        if run_dir.exists() and not run_dir.is_dir():
            raise NotADirectoryError(f"{run_dir} is a file: choose a folder")
        _refuse_a_run(run_dir)
        trainer = cls(config, run_dir, seed)
        if weights_from is not None:
            trainer.warm_start(weights_from)
        trainer.begin()
        run_dir.mkdir(parents=True, exist_ok=True)
        with checkpoints.run_lock(run_dir):
            _refuse_a_run(run_dir)  # another may have started meanwhile
            trainer.save_stage()
            trainer.save()  # so that a run killed in its first minutes can be resumed
            trainer._write_config()
        return trainer

    def warm_start(self, where: Path | str) -> None:
        """Copy the weights of another agent's network; `load_agent` finds it.

        The last layer keeps its initial weights if only one of the two is C51. Replay
        buffer, optimizer and counters stay empty.

        Raises:
            CheckpointError: no such agent, or one of another game or network.
        """
        other, config, origin = pretrained.load_agent(where)
        for name in ("game", "network"):
            theirs, ours = getattr(config, name), getattr(self.config, name)
            if theirs != ours:
                raise checkpoints.CheckpointError(
                    f"{origin}: its {name} is {theirs}, but this run's is {ours}"
                )
        self.weights_from = str(where)
        theirs, ours = other.online.variables, self.agent.online.variables
        if theirs[-1].shape != ours[-1].shape:  # the last layers do not match
            theirs, ours = theirs[:-2], ours[:-2]
        for to, value in zip(ours, theirs, strict=True):
            to.assign(value)
        self.agent.sync_target()

    @classmethod
    def resume(cls, run_dir: Path | str, **changes) -> "Trainer":
        """Resume the run in a folder, from its newest complete checkpoint.

        Args:
            run_dir: folder of the run.
            changes: settings to change from here on. The checkpoints keep a line about
                each, in `changed_settings`.

        Raises:
            CheckpointError: there is no checkpoint, or none that can be read.
            ValueError: a setting that a run cannot change, or that cannot work.
        """
        run_dir = Path(run_dir)
        now, _, _ = settings_of(run_dir)
        wanted = now.replace(**changes)  # raises here: not the checkpoint's fault
        if fixed := now.fixed_differences(wanted):
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

        trainer, problems = checkpoints.load_latest_valid(run_dir, use)
        for line in problems:
            print(line)
        return trainer

    def every(self, period_steps: int, do: Callable[["Trainer"], None]) -> None:
        """Call `do(trainer)` each time the steps pass a multiple of `period_steps`.

        It is called after what the run itself logs and saves at that step, and should
        only look: `runs.shows` has examples. Checkpoints do not hold it, so ask again
        after a resume. If it raises, the run is saved before it ends.

        Raises:
            ValueError: `period_steps` is below 1.
        """
        if period_steps < 1:
            raise ValueError(f"period_steps must be at least 1, got {period_steps}")
        self._shows.append((period_steps, do))

    def run(self, total_steps: int | None = None, progress=None) -> History:
        """Train until `total_steps` steps have been made, then save.

        Ctrl-C, or a notebook's stop button, ends it early, after the current step. The
        progress is saved, and another `run` continues from there.

        Args:
            total_steps: counted from the run's first step, not from a resume. None for
                those of the settings, which say when the learning rate is cut; a
                smaller number stops earlier, and changes nothing else.
            progress: a tqdm bar, or anything else with `update(n)` and
                `set_postfix_str(text, refresh)`.

        Raises:
            CheckpointError: the disk is full (older checkpoints are intact), or another
                process is training in this folder.
            FloatingPointError: the loss is NaN or infinite.
        """
        if total_steps is None:
            total_steps = self.config.total_steps
        started = time.perf_counter() - self.wall_seconds
        with checkpoints.run_lock(self.run_dir), StopOnSignal() as signals:
            self._write_config()  # a resume may have changed it
            loop = training_loop(self)
            while self.step < total_steps and not signals.asked:
                before = self.step
                self._count(*next(loop))
                self.wall_seconds = time.perf_counter() - started
                self._log_and_save(before)
                if progress is not None:
                    try:
                        progress.update(self.step - before)
                        progress.set_postfix_str(self.status(), refresh=False)
                    except OSError:  # nobody is reading any more
                        progress = None
            if self._saved_step != self.step:
                self.save()
        if self.step < total_steps:
            print(f"stopped at step {self.step:,}; saved in {self.run_dir}")
        return self.history

    def status(self) -> str:
        """The run in a few words, for a progress bar."""
        return f"games {self.games_finished}, mean score {self.mean_score:.1f}"

    @property
    def mean_score(self) -> float:
        """The mean of the last 100 games; nan before the first has ended."""
        return float(np.mean(self.recent_scores or [np.nan]))

    def _count(self, step: Step, updates: list[Update]) -> None:
        self._updates += updates
        self.games_finished += len(step.finished)
        self.recent_scores.extend(game.score for game in step.finished)

    def _log_and_save(self, before: int) -> None:
        """Do what has fallen due since step `before`."""

        def passed(period: int) -> bool:
            return self.step // period > before // period

        if passed(self.config.log_period_steps):
            self._log()
        # The stage first: a run resumed from the checkpoint is past it.
        if passed(self.config.stage_period_steps):
            self.save_stage()
        if passed(self.config.checkpoint_period_steps):
            self.save()
        try:
            for period, do in self._shows:
                if passed(period):
                    do(self)
        except Exception:
            if self._saved_step != self.step:
                self.save()  # a picture must not cost training
            raise

    def _log(self) -> None:
        last_step, last_seconds = self._last_row
        nothing = Update(np.nan, np.nan)
        loss, mean_q = np.mean(self._updates, axis=0) if self._updates else nothing
        seconds = max(self.wall_seconds - last_seconds, 1e-9)
        self.history.append(
            step=self.step,
            update=self.update,
            epsilon=self.epsilon(self.step),
            loss=loss,
            mean_q=mean_q,
            games=self.games_finished,
            mean_score_100=self.mean_score,
            steps_per_second=(self.step - last_step) / seconds,
            wall_seconds=self.wall_seconds,
        )
        self.history.write(self.run_dir / "history.csv")
        self._updates.clear()
        self._last_row = (self.step, self.wall_seconds)

    def save(self) -> Path:
        """Write a checkpoint, and `best.npz` if the training score is a new best.

        The checkpoint is written last: a run killed before that repeats all this.
        """
        enough = len(self.recent_scores) == RECENT_GAMES
        if enough and self.mean_score > self.best_mean_score:
            self.best_mean_score = self.mean_score
            self._write_network(self.run_dir / "best.npz")
        self.history.write(self.run_dir / "history.csv")
        arrays, meta = self._snapshot()  # knows of the new best
        path = checkpoints.save(self.run_dir, self.step, arrays, meta)
        self._saved_step = self.step
        return path

    def save_stage(self) -> None:
        """Keep the network as it is now, for good: a stage to look back on."""
        self._write_network(checkpoints.stage_path(self.run_dir, self.step))

    def _write_config(self) -> None:
        path, text = self.run_dir / "config.json", self.config.to_json() + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            checkpoints.atomic_write(path, lambda file: file.write(text.encode()))

    def _write_network(self, path: Path) -> None:
        """Write the online network only: enough to play, not to resume."""
        score = self.mean_score if self.recent_scores else None
        checkpoints.write_arrays(
            path,
            checkpoints.variable_arrays(self.agent.online.variables, "online"),
            {"config": self.config.to_json(), "step": self.step, "score": score},
        )

    @property
    def _variables(self) -> dict[str, list]:
        agent = self.agent
        return {
            "online": agent.online.variables,
            "target": agent.target.variables,
            "optimizer": agent.optimizer.variables,
        }

    @property
    def _stateful(self) -> dict:
        """The parts that make their own snapshots, by their names in a checkpoint."""
        return {"replay": self.replay, "games": self.env, "history": self.history}

    _COUNTERS = ("step", "update", "games_finished", "best_mean_score", "wall_seconds")

    def _snapshot(self) -> tuple[dict[str, np.ndarray], dict]:
        arrays = {}
        for name, variables in self._variables.items():
            arrays |= checkpoints.variable_arrays(variables, name)
        for part, owner in self._stateful.items():
            snapshot = owner.snapshot()
            arrays |= {f"{part}/{name}": array for name, array in snapshot.items()}
        arrays["losses"] = np.array(self._updates, np.float64).reshape(-1, 2)
        arrays["recent_scores"] = np.array(self.recent_scores, np.float64)
        meta = {name: getattr(self, name) for name in self._COUNTERS}
        return arrays, meta | {
            "config": self.config.to_json(),
            "seed": self.seed,
            "changed_settings": self.changed_settings,
            "weights_from": self.weights_from,
            "last_row": self._last_row,
            "acting_rng": self.acting_rng.bit_generator.state,
            "sampling_rng": self.sampling_rng.bit_generator.state,
        }

    def _restore(self, arrays: dict[str, np.ndarray], meta: dict) -> None:
        for name, variables in self._variables.items():
            checkpoints.assign_variables(variables, arrays, name)
        for part, owner in self._stateful.items():
            prefix = part + "/"
            # Taken out, so that the buffer's frames can be freed as they are restored.
            snapshot = {
                name.removeprefix(prefix): arrays.pop(name)
                for name in list(arrays)
                if name.startswith(prefix)
            }
            owner.restore(snapshot)
        self._updates = [Update(*pair) for pair in arrays["losses"].tolist()]
        self.recent_scores.extend(arrays["recent_scores"].tolist())
        for name in self._COUNTERS:
            setattr(self, name, meta[name])
        self._last_row = tuple(meta["last_row"])
        self.changed_settings = list(meta["changed_settings"])
        self.weights_from = meta["weights_from"]
        self._saved_step = self.step
        self.acting_rng.bit_generator.state = meta["acting_rng"]
        self.sampling_rng.bit_generator.state = meta["sampling_rng"]
