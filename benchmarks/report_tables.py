"""Tables of README.md, each a function from a CSV's rows to Markdown."""

from pathlib import Path

from benchmarks import curve_plot, results


def markdown(header: list[str], lines: list[list[str]]) -> str:
    """A Markdown table; all columns but the first are numbers, to the right."""
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join("| " + " | ".join(line) + " |" for line in [header, rule, *lines])


def spread(values, form: str = ",.0f") -> str:
    """Median with least and most: "120 (118 to 125)"; the median alone if all agree."""
    texts = [format(v, form) for v in results.median_and_spread(values)]
    return texts[0] if len(set(texts)) == 1 else "{} ({} to {})".format(*texts)


def score(evaluation: dict) -> str:
    """A score with its interval, "125.0 (110.9 to 139.7)", as `evaluate` stored it."""
    low, high = evaluation["interval_95"]
    return f"{evaluation['mean']:.1f} ({low:.1f} to {high:.1f})"


def grouped(rows: list[dict], *columns: str) -> dict[tuple, list[dict]]:
    """Rows that agree in some columns, in the order they first come."""
    groups: dict[tuple, list[dict]] = {}
    for row in rows:
        groups.setdefault(tuple(row[c] for c in columns), []).append(row)
    return groups


def column(rows: list[dict], name: str) -> list[float]:
    return [float(row[name]) for row in rows]


def throughput(rows: list[dict], _: Path) -> str:
    """Every case: speed, RAM, what was held."""
    lines = []
    cases = grouped(rows, "network", "who", "games", "variant")
    for (network, who, games, variant), mine in sorted(cases.items()):
        threads = "/".join(sorted({row["threads"] for row in mine}))
        lines.append(
            [f"{network}, {who}, {games} at once, {variant}",
             spread(column(mine, "steps_per_second")),
             spread(column(mine, "peak_ram_mb")),
             spread(column(mine, "transitions")),
             threads, str(len(mine))]
        )  # fmt: skip
    header = ["network, who, games", "steps per second", "peak RAM, MB"]
    table = markdown([*header, "transitions held", "threads", "rounds"], lines)
    versions = {row["who"]: row["peer_versions"] for row in rows}
    peers = [f"{who} is {line}." for who, line in sorted(versions.items()) if line]
    return "\n\n".join([table, *peers])


# Ours, as number of games and variant, and a peer's, with its name before them.
PAIRS = [
    (("1", "like for like"), ("sb3", "1", "like for like")),
    (("1", "like for like"), ("sb3", "1", "memory optimised")),
    (("16", "like for like"), ("sb3", "1", "like for like")),
    (("16", "like for like"), ("sb3", "8", "like for like")),
    (("1", "like for like"), ("cleanrl", "1", "memory optimised")),
    (("16", "like for like"), ("cleanrl", "1", "memory optimised")),
]


# In docs/training.md: what is hardest for us, and each as it comes.
SHOWN = {
    PAIRS[1]: "one game each, its memory option on",
    PAIRS[2]: "sixteen games here, one there",
}


def compared(rows: list[dict], network: str, ours, theirs) -> list[str]:
    """Speed and RAM, ours over the peer's round by round; [] where there are none."""
    by_case = grouped(rows, "network", "who", "games", "variant")
    mine = by_case.get((network, "ours", *ours), [])
    peer = {r["round"]: r for r in by_case.get((network, *theirs), [])}
    pairs = [(row, peer[row["round"]]) for row in mine if row["round"] in peer]
    return [
        spread([float(a[name]) / float(b[name]) for a, b in pairs], ".2f")
        for name in ("steps_per_second", "peak_ram_mb")
        if pairs
    ]


def ratios(rows: list[dict], _: Path) -> str:
    """Ours over the peer's: median, least and most."""
    lines = []
    for network in dict.fromkeys(row["network"] for row in rows):
        for ours, theirs in PAIRS:
            texts = compared(rows, network, ours, theirs)
            if not texts:
                continue
            peer, games_at_once, variant = theirs
            who = f"{ours[0]} at once against {peer}, {games_at_once}"
            if variant != "like for like":
                who += f", {variant}"
            lines.append([f"{network}: {who}", *texts])
    header = ["network: our games against a peer's", "speed, times", "RAM, times"]
    return markdown(header, lines)


def games(rows: list[dict], _: Path) -> str:
    """Steps per second for more and more games."""
    lines = [
        [
            n,
            spread(column(mine, "steps_per_second")),
            spread(column(mine, "peak_ram_mb")),
        ]
        for (n,), mine in sorted(
            grouped(rows, "games").items(), key=lambda g: int(*g[0])
        )
    ]
    return markdown(["games at once", "steps per second", "peak RAM, MB"], lines)


def replay(rows: list[dict], _: Path) -> str:
    """Bytes and sampling time for larger and larger buffers."""
    lines = [
        [f"{int(r['transitions']):,}", f"{int(r['held']):,}",
         f"{float(r['bytes_per_transition']):.0f}",
         f"{float(r['resident_bytes_per_transition']):.0f}",
         f"{float(r['sample_ms']):.2f} ({float(r['sample_ms_quarter']):.2f} to "
         f"{float(r['sample_ms_three_quarters']):.2f})"]
        for r in sorted(rows, key=lambda r: int(r["transitions"]))
    ]  # fmt: skip
    header = ["capacity", "transitions held", "bytes for each", "RAM gained for each"]
    return markdown([*header, "a batch of 32, ms (quartiles)"], lines)


def costs(throughput_rows: list[dict], replay_rows: list[dict], minutes: float) -> str:
    """What is asked for most, one line each; `minutes` are those to human level."""
    cases = grouped(throughput_rows, "variant")
    laptop = cases[("preset laptop",)]
    largest = max(replay_rows, key=lambda row: int(row["transitions"]))
    lines = [
        ["`train --game breakout`: steps per second",
         spread(column(laptop, "steps_per_second"))],
        [f"minutes until its training score reaches a human tester's, "
         f"{curve_plot.HUMAN} (one seed)", f"{minutes:.0f}"],
        [f"its peak RAM, with {min(column(laptop, 'transitions')):,.0f} transitions "
         "of random play remembered, MB", spread(column(laptop, "peak_ram_mb"))],
        [f"one transition of {int(largest['held']):,}, every index counted, bytes",
         f"{float(largest['bytes_per_transition']):.0f}"],
    ]  # fmt: skip
    for network, words in [("dqn2013", "2013"), ("dqn2015", "2015")]:
        for pair, games in SHOWN.items():
            speed, ram = compared(throughput_rows, network, *pair)
            lines.append(
                [f"beside Stable-Baselines3, same work, network of {words}, {games}: "
                 "speed, RAM", f"{speed} times, {ram} times"]
            )  # fmt: skip
    return markdown(["on two CPU cores", "measured"], lines)
