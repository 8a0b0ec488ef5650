"""Write the tables of stored scores into README.md and docs/results.md.

    python tools/score_table.py

README.md has one table of all agents by the standard protocol, with what the papers
report beside them. docs/results.md has a table for each agent, with every protocol it
was measured by. Each stands between its two markers. Every figure of ours comes from
the files of `dqn_tutorial/pretrained_agents/`; the test `tests/test_pretrained.py`
fails where a page says something else.
"""

import re
from pathlib import Path

from dqn_tutorial.lessons.rival import load_rival_scores
from dqn_tutorial.runs import checkpoints
from dqn_tutorial.runs.pretrained import (
    SHIPPED,
    load_made,
    load_scores,
    protocols,
    shipped_agents,
)

ROOT = Path(__file__).parent.parent
README, RESULTS = ROOT / "README.md", ROOT / "docs" / "results.md"
END = "<!-- end of scores -->"
TABLE = re.compile(rf"(<!-- scores of (\w+) -->\n).*?({END})", flags=re.DOTALL)
SUMMARY = re.compile(rf"(<!-- all scores -->\n).*?({END})", flags=re.DOTALL)
RULES = {
    "standard": "standard: ε = 0.05, FIRE pressed for the agent",
    "epsilon_0.01": "ε = 0.01",
    "no_fire": "no FIRE pressed for the agent",
    "sticky_0.25": "sticky actions 0.25",
}
# What each agent is, in a few words; an agent without an entry has its name alone.
KINDS = {
    "breakout": "the lesson's DQN",
    "beyond": "C51, which began with the layers of an earlier `breakout`",
    "pong": "DQN with five rewards in each target",
}
# What others report, by game: player, score, training.
REPORTED = {
    "breakout": [
        ("a human tester (2015, Extended Data Table 2)", "31.8", ""),
        ("DQN (2013)", "168", '10 million "frames"'),
        ("DQN (2015)", "401", "50 million steps"),
    ],
}


def statistics(scores: dict) -> tuple[str, str]:
    """The mean and the 95 % interval, as text."""
    low, high = scores["interval_95"]
    return f"{scores['mean']:.1f}", f"{low:.1f} to {high:.1f}"


def table(name: str) -> str:
    """Markdown: protocols in rows, statistics of the agent's scores in columns."""
    lines = [
        "| 100 games | score | 95 % interval | min | median | max | random actions |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    for protocol in protocols(name):
        stored = load_scores(name, protocol)
        scores, (random, _) = stored["agent"], statistics(stored["random"])
        mean, interval = statistics(scores)
        lines.append(
            f"| {RULES[protocol]} | {mean} | {interval} "
            f"| {scores['min']:g} | {scores['median']:g} | {scores['max']:g} "
            f"| {random} |"
        )
    return "\n".join(lines) + "\n"


def summary() -> str:
    """Markdown: every agent by the standard protocol, game by game, and the papers."""
    lines = [
        "| game | player | score | 95 % interval | training |",
        "| --- | --- | ---: | --- | --- |",
    ]
    by_game: dict[str, list[str]] = {}
    for name in sorted(shipped_agents(), key=steps_of_training):
        by_game.setdefault(load_scores(name)["agent"]["game"], []).append(name)
    for game, names in sorted(by_game.items()):
        title = game.replace("_", " ").title()
        mean, interval = statistics(load_scores(names[0])["random"])
        rows = [("random actions", mean, interval, "")]
        if game == "breakout":
            mean, interval = statistics(load_rival_scores())
            rows += [("a ball follower that learns nothing", mean, interval, "")]
        for name in names:
            player = f"**`{name}`**" + (f": {KINDS[name]}" if name in KINDS else "")
            mean, interval = statistics(load_scores(name)["agent"])
            steps = f"{steps_of_training(name) / 1e6:.2f} million steps"
            rows.append((player, mean, interval, steps))
        rows += [(who, score, "", how) for who, score, how in REPORTED.get(game, [])]
        lines += [f"| {title} | {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def steps_of_training(name: str) -> int:
    """Steps that led to an agent's network, those of the agent it began with, too."""
    begun_after = load_made(name).get("weights_from_steps", 0)
    return checkpoints.read_meta(SHIPPED / f"{name}.npz")["step"] + begun_after


def with_tables(text: str) -> str:
    """The text of docs/results.md with the tables as they are now.

    Raises:
        ValueError: the agents with markers are not those that are shipped.
    """
    told = sorted(name for _, name, _ in TABLE.findall(text))
    if told != (shipped := shipped_agents()):
        raise ValueError(
            f"docs/results.md has places for the scores of {told}, and the package "
            f"ships {shipped}: there must be one <!-- scores of NAME --> with its "
            f"{END} for each, and no other"
        )
    return TABLE.sub(lambda m: f"{m[1]}\n{table(m[2])}\n{m[3]}", text)


def with_summary(text: str) -> str:
    """The text of README.md with its table as it is now.

    Raises:
        ValueError: it has not one place for it.
    """
    if (places := len(SUMMARY.findall(text))) != 1:
        raise ValueError(
            f"README.md must have one <!-- all scores --> with its {END}, got {places}"
        )
    return SUMMARY.sub(lambda m: f"{m[1]}\n{summary()}\n{m[2]}", text)


if __name__ == "__main__":
    README.write_text(
        with_summary(README.read_text(encoding="utf-8")), encoding="utf-8"
    )
    RESULTS.write_text(
        with_tables(RESULTS.read_text(encoding="utf-8")), encoding="utf-8"
    )
