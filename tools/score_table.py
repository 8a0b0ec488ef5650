"""Write the tables of stored scores into README.md, each between its two markers.

    python tools/score_table.py

Every figure comes from the files of `dqn_tutorial/pretrained_agents/`; the test
`tests/test_pretrained.py` fails where README.md says something else.
"""

import re
from pathlib import Path

from dqn_tutorial.runs.pretrained import load_scores, score_variants, shipped_agents

README = Path(__file__).parent.parent / "README.md"
TABLE = re.compile(
    r"(<!-- scores of (\w+) -->\n).*?(<!-- end of scores -->)", flags=re.DOTALL
)
RULES = {
    "standard": "standard: ε = 0.05, FIRE pressed for the agent",
    "epsilon_0.01": "ε = 0.01",
    "no_fire": "no FIRE pressed for the agent",
    "sticky_0.25": "sticky actions 0.25",
}


def table(name: str) -> str:
    """Markdown: protocols and players in rows, statistics of the scores in columns."""
    lines = [
        "| 100 games | player | score | 95 % interval | min | median | max |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for variant in score_variants(name):
        for player, scores in load_scores(name, variant).items():
            if player == "origin":
                continue
            low, high = scores["interval_95"]
            lines.append(
                f"| {RULES[variant]} | {player} | {scores['mean']:.1f} "
                f"| {low:.1f} to {high:.1f} | {scores['min']:g} "
                f"| {scores['median']:g} | {scores['max']:g} |"
            )
    return "\n".join(lines) + "\n"


def with_tables(text: str) -> str:
    """README's text with the tables as they are now.

    Raises:
        ValueError: the agents with markers are not those that are shipped.
    """
    told = sorted(name for _, name, _ in TABLE.findall(text))
    if told != (shipped := shipped_agents()):
        raise ValueError(
            f"README.md has places for the scores of {told}, and the package ships "
            f"{shipped}: there must be one <!-- scores of NAME --> with its "
            "<!-- end of scores --> for each, and no other"
        )
    return TABLE.sub(lambda m: f"{m[1]}\n{table(m[2])}\n{m[3]}", text)


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text()))
