"""The agents that come with the package: they load, play, and are what is said."""

import json
import re
import shutil
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
    load_agent,
    load_history,
    load_made,
    load_scores,
    protocols,
    shipped_agents,
    shipped_names,
    stages,
)
from dqn_tutorial.runs.trainer import Trainer
from tools import score_table, ship_agent

ROOT = Path(__file__).parent.parent
RESULTS = {"scores", "steps", "mean", "interval_95", "median", "min", "max"}
RESULTS |= {"truncated_games"}
AGENTS = shipped_agents()


@pytest.fixture(scope="module", params=AGENTS)
def name(request):
    return request.param


def made_of(name):
    """How an agent was made, from the file beside it."""
    return {"weights_from": None} | load_made(name)


def test_there_is_an_agent_that_plays_breakout():
    assert "breakout" in shipped_agents()


def test_its_stages_lead_from_the_untrained_network_to_it(name):
    names = stages(name)
    assert names[-1] == name
    begun = made_of(name)["weights_from"]  # by another agent: no stages of its own
    assert names == [name] if begun else names[0] == f"{name}-0" and len(names) >= 4
    loaded = [load_agent(stage) for stage in names]
    steps = [int(origin.split("step ")[1].replace(",", "")) for *_, origin in loaded]
    assert steps == sorted(set(steps))
    for stage, step in list(zip(names, steps, strict=True))[:-1]:
        assert stage == f"{name}-{step}"
    configs = [config for _, config, _ in loaded]
    assert not any(c.fixed_differences(configs[0]) for c in configs)  # all of one run


@pytest.mark.parametrize("name", [n for n in AGENTS if f"{n}-0" in shipped_names()])
def test_the_first_stage_is_the_network_that_its_seed_makes(name):
    agent, config, _ = load_agent(f"{name}-0")
    fresh = make_agent(config, agent.num_actions, made_of(name)["seed"])
    for a, b in zip(agent.online.variables, fresh.online.variables, strict=True):
        half = b.numpy().astype(np.float16)  # as it is shipped
        np.testing.assert_array_equal(a.numpy(), half.astype(np.float32))


@pytest.mark.parametrize("variant", ["epsilon_0.01", "sticky_0.25", "no_fire"])
def test_each_variant_of_the_protocol_differs_in_what_its_name_says(variant):
    assert {*protocols("breakout")} >= {"standard", variant}
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
    _, config, _ = load_agent(name)
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


def test_one_command_of_today_makes_the_lessons_agent():
    made = made_of("breakout")
    ((args,), config) = parsed_commands(made["commands"])
    assert args.seed == made["seed"] and args.weights_from is None
    assert config == DQNConfig.from_json(json.dumps(made["settings_at_the_end"]))
    assert config == PRESETS["laptop"] and made["steps"] == config.total_steps


@pytest.mark.parametrize("name", [n for n in AGENTS if n != "breakout"])
def test_the_commands_that_made_an_older_agent_lead_to_its_settings(name):
    """They are commands of the trainer of their time: the rate fell over some updates.

    There --steps did not change the rate. Its default was 400,000 updates, and a C51
    was asked for by another name.
    """
    made = made_of(name)
    updates, commands = 400_000, []
    # What its preset said; a setting in the command itself comes later and counts.
    defaults = "n_steps=1 --set learning_rate=0.00025 --set adam_epsilon=0.0001"
    first = made["commands"][0].replace(" train ", f" train --set {defaults} ")
    made["commands"][0] = first
    for line in made["commands"]:
        for found in re.findall(r"learning_rate_decay_updates=(\d+)", line):
            updates = int(found)
        line = line.replace("distributional=true", "algorithm=c51")
        commands.append(re.sub(r" --set learning_rate_decay_updates=\d+", "", line))
    parsed, config = parsed_commands(commands)
    assert parsed[0].seed == made["seed"] and parsed[-1].steps == made["steps"]
    assert parsed[0].weights_from == made["weights_from"]
    end = json.dumps(made["settings_at_the_end"])
    length = config.learning_starts_steps + updates * config.update_period_steps
    assert config.replace(total_steps=length) == DQNConfig.from_json(end)


SMALL = PRESETS["catch"].replace(
    num_envs=4, learning_starts_steps=40, log_period_steps=40, total_steps=1_200
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Three finished runs of a preset "small", with made-up scores 5, 9 and 7."""
    folders = [tmp_path_factory.mktemp("runs") / str(seed) for seed in (3, 4, 5)]
    for folder, seed, score in zip(folders, (3, 4, 5), (5.0, 9.0, 7.0), strict=True):
        Trainer.start(SMALL, folder, seed).run()
        (folder / "scores.json").write_text(
            json.dumps({"agent": {"mean": score}}), encoding="utf-8"
        )
    return folders


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """A folder for shipped agents, and the preset "small"."""
    for module in (ship_agent, pretrained, score_table):
        monkeypatch.setattr(module, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setitem(PRESETS, "small", SMALL)
    return tmp_path / "shipped"


@pytest.mark.slow
def test_of_three_seeds_the_median_is_shipped_with_the_command_that_makes_it(
    runs, shipped
):
    ship_agent.main(["tiny", *map(str, runs), "--stages", "0"])
    assert shipped_names() == ["tiny", "tiny-0"] and shipped_agents() == ["tiny"]
    made = json.loads((shipped / "tiny_made.json").read_text(encoding="utf-8"))
    assert (made["seed"], made["steps"]) == (5, 1_200)
    assert made["updates"] == SMALL.updates_by(1_200) == 290
    parsed, settings = parsed_commands(made["commands"])
    assert [args.seed for args in parsed] == [5]
    assert settings == SMALL == DQNConfig(**made["settings_at_the_end"])
    for name, file in [("tiny", "best"), ("tiny-0", "stage_000000000000")]:
        stored, _ = checkpoints.read_arrays(runs[2] / f"{file}.npz", prefix="online/")
        agent = load_agent(name)[0]
        for a, b in zip(agent.online.variables, stored.values(), strict=True):
            np.testing.assert_array_equal(a.numpy(), b.astype(np.float16))
    for ours, theirs in [("tiny", 2), ("tiny_seed3", 0), ("tiny_seed4", 1)]:
        ours = (shipped / f"{ours}_history.csv").read_text(encoding="utf-8")
        assert ours == (runs[theirs] / "history.csv").read_text(encoding="utf-8")
    score = json.loads((shipped / "tiny_seed4_scores.json").read_text(encoding="utf-8"))
    assert score["agent"]["mean"] == 9.0
    ship_agent.main(["tiny", str(runs[0])])  # nothing of the older ones stays
    names = {path.name for path in shipped.iterdir()}
    assert names == {"tiny.npz", "tiny_history.csv", "tiny_made.json"}


@pytest.mark.slow
def test_a_run_that_began_with_an_agent_of_one_command_is_shipped_and_no_other(
    runs, shipped, tmp_path
):
    def second(begun, name):
        folder = tmp_path / name
        Trainer.start(SMALL, folder, 6, begun).run()
        shutil.copy(runs[0] / "scores.json", folder)
        return str(folder)

    ship_agent.main(["tiny", str(runs[0])])
    further = second("tiny", "further")
    with pytest.raises(SystemExit, match="did not begin with the same network"):
        ship_agent.main(["two", further, str(runs[1])])
    ship_agent.main(["two", further])
    made = load_made("two")
    ((args,), config) = parsed_commands(made["commands"])
    assert (args.seed, args.weights_from, config) == (6, "tiny", SMALL)
    first = checkpoints.read_meta(shipped / "tiny.npz")["step"]
    assert (made["weights_from"], made["weights_from_steps"]) == ("tiny", first)
    own = checkpoints.read_meta(shipped / "two.npz")["step"]
    assert score_table.steps_of_training("two") == own + first

    said = "one command does not repeat .*: it began with "
    with pytest.raises(SystemExit, match=f"{said}.*further"):  # a folder, not an agent
        ship_agent.main(["three", second(further, "third")])
    made["commands"] *= 2
    (shipped / "tiny_made.json").write_text(json.dumps(made), encoding="utf-8")
    with pytest.raises(SystemExit, match=f"{said}tiny"):
        ship_agent.main(["three", further])


@pytest.mark.slow
def test_a_run_that_one_command_does_not_repeat_is_not_shipped(
    runs, shipped, tmp_path, monkeypatch
):
    def refused(said, *arguments):
        with pytest.raises(SystemExit, match=f"nothing was shipped: .*{said}"):
            ship_agent.main([str(argument) for argument in arguments])
        assert not shipped.exists()

    refused("these are missing: .*stage_", "tiny", runs[0], "--stages", 999)
    refused("same seed", "tiny", runs[0], runs[0])
    refused("no checkpoint", "tiny", tmp_path)
    for name in ("breakout-0", "my agent", "", "../agent"):
        refused("a name is letters, digits and _", name, runs[0])
    copy = tmp_path / "copy"
    shutil.copytree(runs[0], copy)
    Trainer.resume(copy, learning_rate=1e-3).run(1_240)
    refused("one command does not repeat .*learning_rate: 0.001", "tiny", copy)
    shutil.rmtree(copy)
    shutil.copytree(runs[0], copy)
    Trainer.resume(copy, total_steps=2_000).run(1_240)
    refused("at step 1,240 of 2,000", "tiny", copy)
    (runs[1] / "scores.json").rename(tmp_path / "scores.json")
    refused("has no scores.json", "tiny", runs[1])
    (tmp_path / "scores.json").rename(runs[1] / "scores.json")
    monkeypatch.setitem(PRESETS, "small", SMALL.replace(discount=0.5))
    refused("settings of its own", "tiny", runs[0])


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({}, "train --run-dir runs/n --seed 7"),
        ({"game": "pong"}, "train --run-dir runs/n --seed 7 --game pong"),
    ],
)
def test_the_command_of_a_shipped_run_leads_to_its_settings(given, line):
    config = PRESETS["laptop"].replace(**given)
    run = ship_agent.Run(Path("r"), 7, config, "laptop", None, None, 0.0)
    assert ship_agent.command(run, "n") == f"python -m dqn_tutorial {line}"
    assert parsed_commands([ship_agent.command(run, "n")])[1] == config


def test_the_readme_and_the_page_of_results_give_the_stored_scores():
    readme, results = (
        score_table.README.read_text(encoding="utf-8"),
        score_table.RESULTS.read_text(encoding="utf-8"),
    )
    assert score_table.with_summary(readme) == readme
    assert score_table.with_tables(results) == results


def test_an_agent_that_began_with_another_ones_network_has_the_steps_of_both():
    assert score_table.steps_of_training("breakout") == 4_000_000
    assert score_table.steps_of_training("beyond") == 4_550_000 + 4_000_000


@pytest.mark.parametrize("times", [0, 2])
def test_an_agent_without_its_place_for_scores_or_with_two_is_told(times):
    text = score_table.RESULTS.read_text(encoding="utf-8")
    table = score_table.TABLE.search(text)[0]
    with pytest.raises(ValueError, match="scores of NAME"):
        score_table.with_tables(text.replace(table, times * table))
    text = score_table.README.read_text(encoding="utf-8")
    table = score_table.SUMMARY.search(text)[0]
    with pytest.raises(ValueError, match=f"one <!-- all scores --> .* got {times}"):
        score_table.with_summary(text.replace(table, times * table))


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


@pytest.mark.parametrize("load", [load_agent, load_history, load_scores, stages])
def test_an_agent_that_is_not_shipped_is_refused_with_the_names_of_those_that_are(load):
    with pytest.raises(CheckpointError, match="breakout"):
        load("brekout")
