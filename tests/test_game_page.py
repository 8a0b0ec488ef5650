"""The page of a game: it stands alone, and its numbers are those of the network."""

import base64
import json
import re
import zlib
from html.parser import HTMLParser
from itertools import islice

import numpy as np
import pytest

from dqn_tutorial.beyond.c51 import ATOMS
from dqn_tutorial.config import PRESETS
from dqn_tutorial.envs import make_single_env
from dqn_tutorial.exploration import epsilon_greedy
from dqn_tutorial.lessons.lesson_07.breakout import load_recorded_games, play_recorded
from dqn_tutorial.runs import game_pages
from dqn_tutorial.runs.game_pages import page_of
from dqn_tutorial.runs.pretrained import load_agent
from dqn_tutorial.viewing.game_page import Answers, game_page
from dqn_tutorial.viewing.video import play
from dqn_tutorial.viewing.watched_game import watch_game

NAMES = ["NOOP", "FIRE", "RIGHT", "LEFT"]


class Tags(HTMLParser):
    """The tags of a page with their attributes, and its words outside of scripts."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.words, self._open = [], "", []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self._open.append(tag)

    def handle_endtag(self, tag):
        self._open.remove(tag)

    def handle_data(self, text):
        if not {"script", "style"} & set(self._open):
            self.words += text

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def data_of(page):
    return json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])


def unpacked(text, *shape):
    """Pictures as the script makes them of what is stored."""
    bytes_ = zlib.decompress(base64.b64decode(text.partition("base64,")[2]))
    changes = np.frombuffer(bytes_, np.uint8).reshape(-1, *shape)
    return np.bitwise_xor.accumulate(changes, axis=0)


class Chooser:
    """Knows its Q-values, and notes when a coin chose in their place."""

    def __init__(self):
        self.random_steps, self._steps = [], 0

    def q_values(self, states):
        sums = states.reshape(len(states), -1).sum(axis=1)
        return np.stack([(sums + 7 * a) % 11 / 3 for a in range(4)], axis=1)

    def act(self, states, epsilon, rng):
        q_values = self.q_values(states)
        (action,) = epsilon_greedy(q_values, epsilon, rng)
        if action != q_values[0].argmax():
            self.random_steps.append(self._steps)
        self._steps += 1
        return [action]


@pytest.fixture(scope="module")
def chooser():
    return Chooser()


@pytest.fixture(scope="module")
def game(chooser):
    env = make_single_env(PRESETS["laptop"])
    return watch_game(islice(play(env, chooser, 0.3, seed=5), 101))


def made(game, answers, **options):
    given = {"title": "A <game>", "about": "Of 5 & more steps.", "steps_per_second": 15}
    return game_page(game, NAMES, answers, **(given | options))


@pytest.fixture(scope="module")
def page(game, chooser):
    return made(game, Answers(chooser.q_values(game.states)))


def test_the_page_asks_for_nothing_but_itself(page):
    tags = Tags(page)
    for tag, attributes in tags.tags:
        for name in ("src", "href", "data", "action", "poster", "srcset"):
            assert attributes.get(name, "data:").startswith("data:"), (tag, name)
    assert not tags.of("link") and not tags.of("base")
    assert not re.search(r"https?:|url\(|@import|\bfetch\(|XMLHttp|import\(", page)
    (policy,) = [m["content"] for m in tags.of("meta") if "http-equiv" in m]
    assert policy.startswith("default-src 'none'; img-src data:;")


def test_pictures_have_alt_texts_and_controls_have_names(page):
    tags = Tags(page)
    assert all(len(image["alt"].split()) >= 8 for image in tags.of("img"))
    drawn = [a for a in tags.of("canvas") + tags.of("svg") if a.get("role") == "img"]
    assert {a["id"] for a in drawn} == {"screen", "curve"}
    others = [a for a in tags.of("svg") if a.get("role") != "img"]
    assert all(a.get("aria-hidden") == "true" for a in others)
    (slider,) = tags.of("input")
    assert slider["type"] == "range" and slider["aria-label"]
    assert [a["lang"] for a in tags.of("html")] == ["en"]


def test_without_a_script_there_is_a_strip_of_the_game(page, game):
    tags = Tags(page)
    (strip,) = tags.of("img")
    assert strip["src"].startswith("data:image/png;base64,")
    assert f"The score goes from 0 to {game.scores[-2]:g}." in strip["alt"]
    assert "steps 0, 20, 40, 59, 79, 99" in tags.words
    (player,) = [a for a in tags.of("div") if a.get("id") == "player"]
    assert "hidden" in player


def test_words_are_escaped(page):
    assert "<h1>A &lt;game&gt;</h1>" in page and "Of 5 &amp; more steps." in page


def test_the_numbers_are_those_of_the_network_for_the_stored_states(page, chooser):
    data = data_of(page)
    frames = unpacked(data["frames"], *data["frameSize"])
    states = np.array([frames[t : t + 4] for t in range(len(data["pressed"]))])
    np.testing.assert_allclose(data["q"], chooser.q_values(states), atol=0.0005)


def test_the_pictures_are_those_of_the_game(page, game):
    data = data_of(page)
    screens = unpacked(data["screens"], *data["size"])
    np.testing.assert_array_equal(screens, game.screens)
    np.testing.assert_array_equal(data["palette"], game.palette)
    np.testing.assert_array_equal(
        unpacked(data["frames"], *data["frameSize"]), game.frames
    )


def test_score_lives_and_buttons_are_those_of_the_game(page, game):
    data = data_of(page)
    assert data["scores"] == game.scores.tolist()
    assert data["lives"] == game.lives.tolist()
    assert data["pressed"] == game.actions.tolist()
    assert data["ended"] == np.flatnonzero(game.life_ended).tolist() != []


def test_the_steps_marked_random_are_those_in_which_a_coin_chose(page, game, chooser):
    """But for those in which FIRE was pressed for the player."""
    data = data_of(page)
    begins = {0} | {t + 1 for t in data["ended"]}
    marked = [t for t, how in enumerate(data["how"]) if how == "2"]
    assert marked == [t for t in chooser.random_steps if t not in begins]
    assert len(marked) > 10
    served = [t for t, how in enumerate(data["how"]) if how == "1"]
    assert served and set(served) <= begins
    assert {data["pressed"][t] for t in served} == {NAMES.index("FIRE")}


def test_where_nothing_is_pressed_for_the_player_it_pressed_fire_at_random(
    game, chooser
):
    answers = Answers(chooser.q_values(game.states))
    assert "1" not in data_of(made(game, answers, automatic_fire=False))["how"]


def test_a_page_opens_at_its_first_mark_and_draws_the_return(game, chooser):
    answers, came = Answers(chooser.q_values(game.states)), np.linspace(0, 1, len(game))
    data = data_of(made(game, answers, came=came, marks={"late": 90, "early": 12}))
    assert (data["start"], data["marks"]) == (12, {"late": 90, "early": 12})
    assert data["came"] == pytest.approx(came, abs=0.0005)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"title": " "}, "title must say something"),
        ({"about": ""}, "about must say something"),
        ({"came": np.zeros(7)}, r"came must have shape \(100,\), got \(7,\)"),
        ({"marks": {"end": 100}}, r"mark 'end' must be 0\.\.99, got 100"),
        ({"answers": Answers(np.zeros((100, 3)))}, r"\(T, A\) = \(100, 4\)"),
        (
            {"answers": Answers(np.zeros((100, 4)), np.zeros((100, 4, 9)), ATOMS)},
            r"\(T, A, Z\) = \(100, 4, 51\), got \(100, 4, 9\)",
        ),
    ],
)
def test_what_does_not_fit_the_game_is_refused(game, chooser, wrong, says):
    answers = wrong.pop("answers", Answers(chooser.q_values(game.states)))
    with pytest.raises(ValueError, match=says):
        made(game, answers, **wrong)


def page_of_recorded(name, steps):
    agent, config, _ = load_agent(name)
    moments = islice(play_recorded(load_recorded_games(name)[0]), steps + 1)
    page, game, *_ = page_of(
        moments, agent, config, title="A game", about="{steps} steps: {score} points"
    )
    return page, game, agent


@pytest.mark.slow
def test_a_minute_of_play_fits_the_limit_and_shows_a_shipped_agents_q_values():
    page, game, agent = page_of_recorded("breakout", 900)
    assert len(game) == 900 and len(page) < 3_000_000 / 10
    assert f"900 steps: {game.scores[-1]:g} points" in page
    data = data_of(page)
    assert (data["names"], data["stepsPerSecond"]) == (NAMES, 15)
    some = np.ascontiguousarray(game.states[::90])
    np.testing.assert_allclose(data["q"][::90], agent.q_values(some), atol=0.001)


@pytest.mark.slow
def test_a_page_of_c51_holds_its_distributions_whose_means_are_its_q_values():
    page, _, _ = page_of_recorded("beyond", 300)
    data = data_of(page)
    bytes_ = zlib.decompress(
        base64.b64decode(data["probabilities"].partition("base64,")[2])
    )
    stored = np.frombuffer(bytes_, np.uint8).reshape(300, 4, data["returns"]) / 255
    assert data["returns"] == len(ATOMS) and data["atoms"] == [-10, 10]
    assert stored.sum(axis=2) == pytest.approx(1, abs=len(ATOMS) / 255 / 2)
    np.testing.assert_allclose(stored @ ATOMS, data["q"], atol=0.5)
    assert len(page) < 3_000_000 / 10


def test_a_page_ends_after_five_minutes(monkeypatch):
    monkeypatch.setattr(game_pages, "MAX_STEPS", 4)
    config = PRESETS["laptop"].replace(game="catch")
    agent = Chooser()
    agent.q_values = lambda states: np.zeros((len(states), 3))
    page, game, names, _ = page_of(
        play(make_single_env(config), agent, 0.0, 0),
        agent,
        config,
        title="Catch",
        about="{steps} steps",
    )
    assert len(game) == 4 and not game.game_over
    assert data_of(page)["names"] == names == ["LEFT", "STAY", "RIGHT"]
