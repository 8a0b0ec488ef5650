"""Record games of a shipped agent, for the notebooks to look at.

    python -m tools.record_games breakout

Plays the hundred games of the agent's stored score again, on the machine and with the
settings they were measured with, and keeps five of them: the worst, the best, and those
at a quarter, half and three quarters of the way between. What is kept of a game is its
actions. A game without sticky actions depends on its seed by the no-ops at its start
only; their number is found by trying.
"""

import json
import sys
from collections import defaultdict

import numpy as np

from dqn_tutorial.envs import make_env
from dqn_tutorial.evaluation import GAMES_AT_ONCE, evaluate
from dqn_tutorial.lessons.lesson_07.breakout import RecordedGame, play_recorded
from dqn_tutorial.runs.pretrained import SHIPPED, load_agent, load_scores

MOST_NOOPS = 30
QUANTILES = (0, 0.25, 0.5, 0.75, 1)


class Recorder:
    """Games that keep the actions of each game that ends, by its seed."""

    def __init__(self, env):
        self.env, self.first_seed = env, env.first_seed
        self.action_meanings = env.action_meanings
        self.reset = env.reset
        self.actions: dict[int, list[int]] = {}
        self._under_way = defaultdict(list)

    @property
    def is_fresh(self) -> bool:
        return self.env.is_fresh

    @property
    def states(self) -> np.ndarray:
        return self.env.states

    def step(self, actions):
        step = self.env.step(actions)
        for g, action in enumerate(step.actions.tolist()):
            self._under_way[g].append(action)
        ended = np.flatnonzero(step.game_over).tolist()
        for g, game in zip(ended, step.finished, strict=True):
            self.actions[game.seed] = self._under_way.pop(g)
        return step


def noops_before(seed: int, score: float, actions: list[int]) -> RecordedGame:
    """The recorded game, with the fewest no-ops that lead to its score and its end."""
    for noops in range(MOST_NOOPS + 1):
        game = RecordedGame(seed, score, noops, actions)
        *_, last = play_recorded(game)
        # Over before the last action, it would be another game.
        whole = last.game_over and last.steps == len(actions)
        if whole and last.score == score:
            return game
    sys.exit(f"game {seed}: no number of no-ops leads to its score of {score:g}")


def main(name: str) -> None:
    """Record five games of a shipped agent."""
    agent, config, origin = load_agent(name)
    stored = load_scores(name)["agent"]
    recorder = Recorder(make_env(config, GAMES_AT_ONCE, stored["seeds"][0]))
    num_episodes = len(stored["scores"])
    played = evaluate(
        agent, recorder, config, num_episodes=num_episodes, epsilon=stored["epsilon"]
    )
    if played.scores != stored["scores"]:
        sys.exit(
            "the games went otherwise than those of the stored scores: record them on "
            "the machine that measured those, or measure them again on this one"
        )
    places = np.quantile(np.arange(num_episodes), QUANTILES, method="nearest")
    order = np.argsort(played.scores, kind="stable")
    games = []
    for k in order[places.astype(int)].tolist():
        seed = played.seeds[k]
        game = noops_before(seed, played.scores[k], recorder.actions[seed])
        games.append(game._asdict() | {"actions": "".join(map(str, game.actions))})
        print(f"seed {seed}: score {game.score:g}, {len(game.actions):,} steps")
    text = json.dumps({"origin": origin, "games": games}, indent=1)
    (SHIPPED / f"{name}_games.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
