"""The agents that come with the package: they load, play, and are what is said."""

import dataclasses
import json
import re
import runpy
from pathlib import Path

import numpy as np
import pytest

from dqn_tutorial.beyond.factory import make_agent
from dqn_tutorial.cli.main import build_parser
from dqn_tutorial.cli.options import parse_overrides, wanted_config
from dqn_tutorial.config import PRESETS, DQNConfig
from dqn_tutorial.envs import make_env
from dqn_tutorial.evaluation import RandomAgent, evaluate
from dqn_tutorial.runs import checkpoints, pretrained
from dqn_tutorial.runs.checkpoints import CheckpointError
from dqn_tutorial.runs.pretrained import (
    SHIPPED,
    load_agent,
    load_history,
    load_pretrained,
    load_scores,
    score_variants,
    shipped_agents,
    shipped_names,
    stages,
)
from dqn_tutorial.runs.trainer import Trainer
from tools import ship_agent

ROOT = Path(__file__).parent.parent
RESULTS = {"scores", "steps", "mean", "interval_95", "median", "min", "max"}
RESULTS |= {"truncated_games"}
AGENTS = shipped_agents()


@pytest.fixture(scope="module", params=AGENTS)
def name(request):
    return request.param


def made_of(name):
    """How an agent was made, from the file beside it."""
    made = json.loads((SHIPPED / f"{name}_made.json").read_text())
    return {"weights_from": None} | made


def test_there_is_an_agent_that_plays_breakout():
    assert "breakout" in shipped_agents()


def test_its_stages_lead_from_the_untrained_network_to_it(name):
    names = stages(name)
    assert names[-1] == name
    begun = made_of(name)["weights_from"]  # its stages are earlier ones
    assert begun in AGENTS if begun else names[0] == f"{name}-0" and len(names) >= 4
    loaded = [load_pretrained(stage) for stage in names]
    steps = [int(origin.split("step ")[1].replace(",", "")) for *_, origin in loaded]
    assert steps == sorted(set(steps))
    for stage, step in list(zip(names, steps, strict=True))[:-1]:
        assert stage == f"{name}-{step}"
    configs = [config for _, config, _ in loaded]
    assert not any(c.fixed_differences(configs[0]) for c in configs)  # all of one run


@pytest.mark.parametrize("name", [n for n in AGENTS if f"{n}-0" in shipped_names()])
def test_the_first_stage_is_the_network_that_its_seed_makes(name):
    agent, config, _ = load_pretrained(f"{name}-0")
    fresh = make_agent(config, agent.num_actions, made_of(name)["seed"])
    for a, b in zip(agent.online.variables, fresh.online.variables, strict=True):
        half = b.numpy().astype(np.float16)  # as it is shipped
        np.testing.assert_array_equal(a.numpy(), half.astype(np.float32))


@pytest.mark.parametrize("variant", ["epsilon_0.01", "sticky_0.25", "no_fire"])
def test_each_variant_of_the_protocol_differs_in_what_its_name_says(variant):
    assert {*score_variants("breakout")} >= {"standard", variant}
    standard, other = load_scores("breakout"), load_scores("breakout", variant)
    assert other["origin"] == standard["origin"]
    told = {
        "epsilon_0.01": ("epsilon", 0.01),
        "sticky_0.25": ("sticky_action_probability", 0.25),
        "no_fire": ("automatic_fire", False),
    }
    for player in ("agent", "random"):
        assert len(set(other[player]["seeds"])) == 100
        one, two = standard[player], other[player]
        rules = set(one) - RESULTS
        differing = {rule for rule in rules if one[rule] != two[rule]}
        expected = {told[variant][0]}
        if (player, variant) == ("random", "epsilon_0.01"):
            expected = set()  # a random agent has no epsilon but 1
        assert differing == expected
    assert other["agent"][told[variant][0]] == told[variant][1]


def test_the_scores_are_those_of_a_hundred_games_and_add_up(name):
    scores = load_scores(name)
    for player in ("agent", "random"):
        assert len(scores[player]["scores"]) == len(set(scores[player]["seeds"])) == 100
        assert scores[player]["mean"] == pytest.approx(
            np.mean(scores[player]["scores"])
        )
        low, high = scores[player]["interval_95"]
        assert low < scores[player]["mean"] < high
    assert scores["agent"]["epsilon"] == 0.05
    assert scores["agent"]["game"] == load_agent(name)[1].game


def test_the_scores_were_measured_on_the_network_that_is_shipped(name):
    assert load_scores(name)["origin"] == load_agent(name)[2]


def test_the_history_reaches_the_step_of_the_network_to_within_a_row(name):
    _, config, origin = load_agent(name)
    step = int(origin.split("step ")[1].replace(",", ""))
    assert load_history(name)["step"][-1] > step - config.log_period_steps


def test_how_the_agent_was_made_stands_beside_it(name):
    made = made_of(name)
    history = load_history(name)
    assert made["steps"] == history["step"][-1]
    assert made["updates"] == history["update"][-1]
    assert made["hours"] == pytest.approx(history["wall_seconds"][-1] / 3600, abs=0.01)
    settings = DQNConfig.from_json(json.dumps(made["settings_at_the_end"]))
    _, config, _ = load_pretrained(name)
    assert not settings.fixed_differences(config)
    assert {"cpu", "cores", "python", "tensorflow"} <= set(made["machine"])


def parsed_commands(commands):
    """What `train` reads of some commands, and the settings they lead to."""
    first, *others = [build_parser().parse_args(line.split()[3:]) for line in commands]
    assert [args.resume for args in (first, *others)] == [False] + [True] * len(others)
    config = wanted_config(first, first.game)
    for args in others:
        config = config.replace(**parse_overrides(args.set))
    return [first, *others], config


def test_the_commands_that_made_the_agent_lead_to_its_settings(name):
    """They are commands of version 0.1, where the rate fell over some updates.

    There --steps did not change the rate. Its default was 400,000 updates.
    """
    made = made_of(name)
    updates, commands = 400_000, []
    for line in made["commands"]:
        for found in re.findall(r"learning_rate_decay_updates=(\d+)", line):
            updates = int(found)
        commands.append(re.sub(r" --set learning_rate_decay_updates=\d+", "", line))
    parsed, config = parsed_commands(commands)
    assert parsed[0].seed == made["seed"] and parsed[-1].steps == made["steps"]
    assert parsed[0].weights_from == made["weights_from"]
    end = json.dumps(made["settings_at_the_end"])
    length = config.learning_starts_steps + updates * config.update_period_steps
    assert config.replace(total_steps=length) == DQNConfig.from_json(end)


def test_the_commands_of_any_run_can_be_given_again():
    given = {"game": "pong", "algorithm": "double_dqn", "network": "dqn2015"}
    end = PRESETS["laptop"].replace(learning_rate=1e-5, **given)
    changed = [
        "from step 500 on, learning_rate: 1e-05 against 0.00025",
        'from step 700 on, algorithm: "double_dqn" against "dqn"',
    ]
    lines = ship_agent.commands(
        "r", dataclasses.asdict(end), changed, 7, 900, "breakout"
    )
    parsed, config = parsed_commands(lines)
    assert config == end
    assert [args.steps for args in parsed] == [500, 700, 900]
    assert [args.weights_from for args in parsed] == ["breakout", None, None]
    first = wanted_config(parsed[0], parsed[0].game)
    assert first == PRESETS["laptop"].replace(game="pong", network="dqn2015")


@pytest.mark.slow
def test_a_run_is_shipped_with_how_it_was_made(tmp_path, monkeypatch):
    config = PRESETS["laptop"].replace(
        game="catch", num_envs=4, learning_starts_steps=40, log_period_steps=40
    )
    run_dir = tmp_path / "run"
    Trainer.start(config, run_dir, seed=5).run(1200)
    trainer = Trainer.resume(run_dir, learning_rate=1e-4)
    trainer.run(1600)
    monkeypatch.setattr(ship_agent, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setattr(pretrained, "SHIPPED", tmp_path / "shipped")
    ship_agent.main(run_dir, "small", [0])
    assert shipped_names() == ["small", "small-0"] and shipped_agents() == ["small"]
    made = json.loads((tmp_path / "shipped" / "small_made.json").read_text())
    assert (made["seed"], made["steps"], made["weights_from"]) == (5, 1600, None)
    assert made["updates"] == trainer.update
    parsed, settings = parsed_commands(made["commands"])
    assert [args.steps for args in parsed] == [1200, 1600]
    assert all(args.run_dir == Path("runs/small") for args in parsed)
    assert settings == config.replace(learning_rate=1e-4) == trainer.config
    for shipped, file in [("small", "best"), ("small-0", "stage_000000000000")]:
        stored, _ = checkpoints.read_arrays(run_dir / f"{file}.npz", prefix="online/")
        agent = load_pretrained(shipped)[0]
        for a, b in zip(agent.online.variables, stored.values(), strict=True):
            np.testing.assert_array_equal(a.numpy(), b.astype(np.float16))
    ship_agent.main(run_dir, "small", [])
    assert shipped_names() == ["small"]  # the older stage is not left beside it


@pytest.mark.parametrize("name", ["breakout-0", "my agent", "", "../agent"])
def test_a_name_that_would_be_taken_for_a_stage_or_a_path_is_refused(tmp_path, name):
    with pytest.raises(SystemExit, match="a name is letters, digits and _"):
        ship_agent.main(tmp_path, name, [])


@pytest.mark.parametrize(
    "weights_from, name, steps, said",
    [
        ("breakout", "breakout", [], "choose another name"),
        ("runs/x", "other", [], "no shipped agent"),
        ("breakout-0", "other", [], "no shipped agent"),
        ("breakout", "other", [0], "leave out 0"),
    ],
)
def test_a_run_that_began_with_an_agent_is_not_shipped_as_if_it_had_not(
    tmp_path, monkeypatch, weights_from, name, steps, said
):
    (tmp_path / "best.npz").touch()
    (tmp_path / "stage_000000000000.npz").touch()
    monkeypatch.setattr(
        ship_agent, "how_it_was_made", lambda *_: {"weights_from": weights_from}
    )
    monkeypatch.setattr(ship_agent, "SHIPPED", tmp_path / "shipped")
    with pytest.raises(SystemExit, match=f"the network of {weights_from}, .*{said}"):
        ship_agent.main(tmp_path, name, steps)
    assert not (tmp_path / "shipped").exists()


def test_the_readme_and_the_page_of_results_give_the_stored_scores():
    tool = runpy.run_path(str(ROOT / "tools" / "score_table.py"))
    readme, results = tool["README"].read_text(), tool["RESULTS"].read_text()
    assert tool["with_summary"](readme) == readme
    assert tool["with_tables"](results) == results


def test_an_agent_that_began_with_another_ones_network_has_the_steps_of_both():
    tool = runpy.run_path(str(ROOT / "tools" / "score_table.py"))
    assert tool["steps_of_training"]("breakout") == 4_550_000
    assert tool["steps_of_training"]("beyond") == 4_550_000 + 4_000_000


@pytest.mark.parametrize("times", [0, 2])
def test_an_agent_without_its_place_for_scores_or_with_two_is_told(times):
    tool = runpy.run_path(str(ROOT / "tools" / "score_table.py"))
    text = tool["RESULTS"].read_text()
    table = tool["TABLE"].search(text)[0]
    with pytest.raises(ValueError, match="scores of NAME"):
        tool["with_tables"](text.replace(table, times * table))
    text = tool["README"].read_text()
    table = tool["SUMMARY"].search(text)[0]
    with pytest.raises(ValueError, match=f"one <!-- all scores --> .* got {times}"):
        tool["with_summary"](text.replace(table, times * table))


EIGHT, HUNDRED = pytest.mark.slow, pytest.mark.long
PLAYED_AGAIN = [pytest.param("breakout", 8, marks=EIGHT)]
PLAYED_AGAIN += [pytest.param(agent, 100, marks=HUNDRED) for agent in AGENTS]


@pytest.mark.parametrize(("agent_name", "games"), PLAYED_AGAIN)
def test_the_agent_plays_about_as_well_as_its_stored_scores_say(agent_name, games):
    """The first of the stored games again: near the stored mean, above random ones.

    Not equal: on another processor the last bits of a Q-value may differ, and with
    them a choice, and with it the rest of a game.
    """
    agent, config, _ = load_agent(agent_name)
    env = make_env(config, 8, first_seed=0)
    again = evaluate(agent, env, config, num_episodes=games)
    stored = np.array(load_scores(agent_name)["agent"]["scores"])
    standard_error = stored.std() / np.sqrt(games)
    assert abs(again.mean - stored.mean()) < 5 * standard_error
    chance = evaluate(
        RandomAgent(env.num_actions),
        make_env(config, 8, first_seed=0),
        config,
        num_episodes=8,
        epsilon=1.0,
    )
    assert again.mean > max(chance.scores)


@pytest.mark.parametrize(
    "load", [load_agent, load_pretrained, load_history, load_scores, stages]
)
def test_an_agent_that_is_not_shipped_is_refused_with_the_names_of_those_that_are(load):
    with pytest.raises(CheckpointError, match="breakout"):
        load("brekout")
