"""`play`: the keys, the table, and whole games played by posted key events.

A game needs pygame, which is not in the lock (make test-long installs it), and no
screen: SDL's "dummy" driver draws nowhere.
"""

import importlib.util
import os
import re
import subprocess
import sys

import pytest

from dqn_tutorial.atari import SingleAtari
from dqn_tutorial.cli import main, play
from dqn_tutorial.runs.pretrained import load_scores

BREAKOUT = ["NOOP", "FIRE", "RIGHT", "LEFT"]

with_pygame = pytest.mark.skipif(
    importlib.util.find_spec("pygame") is None,
    reason='pygame is not in the lock: pip install "dqn-tutorial[play]"',
)


def test_keys_held_together_are_the_action_of_that_name():
    keys = play.letters(["NOOP", "FIRE", "UP", "RIGHT", "UPRIGHT", "UPRIGHTFIRE"])
    assert keys[("w",)] == 2 and keys[("w", "d")] == 4
    assert keys[("w", "d", " ")] == 5
    assert () not in keys  # no key at all is NOOP already


def test_fire_is_heard_while_another_key_is_held():
    keys = play.letters(BREAKOUT)
    assert keys == {
        (" ",): 1, ("d",): 2, ("a",): 3, ("d", " "): 1, ("a", " "): 1
    }  # fmt: skip
    assert play.letters(["NOOP", "UP"]) == {("w",): 1}


def test_the_instructions_name_the_keys_of_this_game_and_its_pace():
    freely = play.instructions("breakout", BREAKOUT, like_the_agent=False)
    assert freely.startswith("breakout, 60 actions a second")
    assert re.findall(r"^  (.+?)  +(\w+)$", freely, re.MULTILINE) == [
        ("arrow left, or a", "LEFT"),
        ("arrow right, or d", "RIGHT"),
        ("space", "FIRE"),
    ]
    assert "until you press FIRE" in freely and "Ctrl-C" in freely
    agents = play.instructions("breakout", BREAKOUT, like_the_agent=True)
    assert "15 actions" in agents and "FIRE is pressed for you" in agents
    assert "FIRE" not in play.instructions("freeway", ["NOOP", "UP", "DOWN"], False)


def test_the_table_has_who_was_measured_on_the_game_from_worst_to_best():
    rows = play.stored_scores("breakout")
    assert [row[0] for row in rows] == [
        "random actions",
        "a ball follower that learns nothing",
        "the agent breakout",
        "the agent beyond",
    ]
    scores = load_scores("breakout")["agent"]["scores"]
    mean = sum(scores) / len(scores)
    _, games, *told = rows[2]
    assert (games, told) == (100, [pytest.approx(mean), min(scores), max(scores)])
    text = play.table([("you", 1, 12.0), *rows])
    assert re.search(r"^you +1 +12\.0$", text, re.MULTILINE)
    assert re.search(rf"^the agent breakout +100 +{mean:.1f} ", text, re.MULTILINE)
    assert [row[0] for row in play.stored_scores("pong")][1:] == ["the agent pong"]
    assert play.stored_scores("freeway") == []
    assert "No scores of this game" in play.table([("you", 1, 12.0)])


@pytest.mark.parametrize(
    ("game", "who"),
    [
        (play.Game(3, lives=0, over=True), "you"),
        (play.Game(3, lives=2), "you, stopped with 2 lives left"),
        (play.Game(3, lives=0), "you, stopped early"),  # Pong has no lives
    ],
)
def test_a_score_says_whether_the_game_was_whole(game, who):
    assert game.row() == (who, 1, 3)


def test_without_pygame_the_command_to_install_it_is_named(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pygame", None)
    assert main.main(["play", "breakout"]) == 1
    said = capsys.readouterr()
    assert said.err == 'error: play needs pygame: pip install "dqn-tutorial[play]"\n'
    assert said.out == ""  # before the keys are explained


@pytest.mark.slow
def test_all_that_play_needs_is_had_without_tensorflow():
    """A window crashes beside it, depending on the driver of the screen."""
    code = (
        "import sys; from dqn_tutorial.cli import play; play.stored_scores('breakout');"
        "play.make_game('breakout', True); print('tensorflow' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


# Runs a command with a clock that waits for nothing, and at some ticks posts events.
PLAYER = """
import sys
import pygame
from dqn_tutorial.cli.main import main

script = {script}

class Clock:
    ticks = 0

    def tick(self, fps):
        assert fps == {fps}
        self.ticks += 1
        for event in script.get(self.ticks, []):
            if event == "Ctrl-C":
                raise KeyboardInterrupt
            kind, *key = event.split()
            values = dict(key=getattr(pygame, "K_" + key[0])) if key else dict()
            pygame.event.post(pygame.event.Event(getattr(pygame, kind), **values))

pygame.time.Clock = Clock
sys.exit(main({words}))
"""


def played(words: list[str], script: dict[int, list[str]], fps: int) -> tuple[str, int]:
    """Play by a script, tick -> events; what the row of the player says."""
    code = PLAYER.format(script=script, fps=fps, words=["play", *words])
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=os.environ | {"SDL_VIDEODRIVER": "dummy"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    row = re.search(r"^(you.*?) +1 +(-?[\d.]+)$", done.stdout, re.MULTILINE)
    return row[1], float(row[2])


def score_of(held: dict[int, int], seed: int, steps: int | None = None) -> float:
    """The score of a game of the agent's, in which a button is held from some steps."""
    game, score, action, step = SingleAtari("breakout"), 0.0, 0, 0
    game.reset(seed=seed)
    over = False
    while not over and step != steps:
        action = held.get(step, action)
        _, reward, over, _, _ = game.step(action)
        score, step = score + reward, step + 1
    return score


@with_pygame
@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 5])
def test_a_whole_game_by_the_agents_rules_scores_as_its_buttons_do(seed):
    # Tick 1 is the reset, so an event of tick n is heard after step n, counted from 1.
    script = {
        10: ["KEYDOWN RIGHT"],
        16: ["KEYUP RIGHT", "KEYDOWN a"],
        19: ["KEYUP a"],
        60: ["KEYDOWN LEFT"],
    }
    expected = score_of({10: 2, 16: 3, 19: 0, 60: 3}, seed)
    words = ["breakout", "--like-the-agent", "--seed", str(seed)]
    assert played(words, script, fps=15) == ("you", expected)
    assert expected > 0


@with_pygame
@pytest.mark.long
@pytest.mark.parametrize("end", ["QUIT", "KEYDOWN ESCAPE", "Ctrl-C"])
def test_a_game_that_is_stopped_shows_the_score_so_far(end):
    # Nothing moves until FIRE is pressed, here while a direction is held.
    script = {5: ["KEYDOWN LEFT"], 6: ["KEYDOWN SPACE"], 9: ["KEYUP SPACE"], 500: [end]}
    assert played(["breakout"], script, fps=60)[0] == "you, stopped with 4 lives left"
    assert played(["breakout"], {500: [end]}, fps=60) == (
        "you, stopped with 5 lives left",
        0,
    )
