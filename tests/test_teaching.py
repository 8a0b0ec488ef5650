"""The teacher's kit: what it names is there, its minutes and its numbers are right.

Every right number of the quiz is worked out here a second time. Nothing here needs
TensorFlow.
"""

import csv
import importlib
import json
import math
import re
import shlex
import subprocess
from pathlib import Path

import numpy as np
import pytest
from unix import needs_unix

from dqn_tutorial.cli.main import build_parser
from dqn_tutorial.exploration import LinearSchedule
from dqn_tutorial.parallel_env import Step
from dqn_tutorial.preprocessing import clip_reward, greyscale
from dqn_tutorial.q_table import q_learning_update
from dqn_tutorial.replay import ReplayBuffer

ROOT = Path(__file__).parent.parent
PAGES = {
    path.name: path.read_text(encoding="utf-8")
    for path in (ROOT / "teaching").glob("*.md")
}
LESSONS = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"]

CURIOUS = ["04b", "07b"]  # second notebooks, without exercises of their own
EXPRESS = "express"  # the half-day's; its exercises are some of the others'

NUMBER = r"\b(\d\db?|express)"
SECTION = NUMBER + r" §(\d+)(?: \*([^*]+)\*)?"  # 01 §3 *One update by hand*
EXERCISE = r"[Ee]xercises? (\d\d\.\d)(?: \*([^*]+)\*)?"  # exercise 01.2
GOAL = r"\b(\d\d[a-z])\b(?! §)"  # 01a


def number_of(notebook: str) -> str:
    """04b_replay_engineering.ipynb -> 04b, express.ipynb -> express."""
    return notebook.removesuffix(".ipynb").split("_")[0]


def headings(number: str) -> list[str]:
    """The heading lines of notebook `number`, those of code left out."""
    paths = (ROOT / "notebooks").glob("*.ipynb")
    (path,) = [path for path in paths if number_of(path.name) == number]
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
    return re.findall(r"^##.*", "\n".join(texts), re.MULTILINE)


def sections(number: str) -> dict[int, str]:
    found = [re.fullmatch(r"## (\d+)\. (.*)", line) for line in headings(number)]
    return {int(match[1]): match[2] for match in found if match}


def exercises(number: str) -> dict[str, tuple[str, int]]:
    """ "01.2" -> its title and its minutes."""
    form = r"### Exercise (\d)\. (.*) \((\d+) minutes.*\)"
    found = [re.fullmatch(form, line) for line in headings(number)]
    return {f"{number}.{m[1]}": (m[2], int(m[3])) for m in found if m}


SECTIONS = {n: sections(n) for n in ["00", *LESSONS, *CURIOUS, EXPRESS]}
EXERCISES = {k: v for number in LESSONS for k, v in exercises(number).items()}


def parts(text: str, level: str) -> dict[str, str]:
    """What stands below each heading of a level, up to the next of it or above it."""
    split = re.split(rf"^({level}|{level[:-1]}) (.*)$", text, flags=re.MULTILINE)
    trio = zip(split[1::3], split[2::3], split[3::3], strict=True)
    return {title: body for mark, title, body in trio if mark == level}


def tables(text: str) -> list[list[list[str]]]:
    """The cells of each table, without its head and the line below that."""
    blocks = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    rows = [
        [
            [cell.strip() for cell in line.split("|")[1:-1]]
            for line in block.splitlines()
        ]
        for block in blocks
    ]
    return [table[2:] for table in rows]


def numbers(text: str) -> tuple[float, ...]:
    plain = re.sub(r"(\d),(?=\d{3}\b)", r"\1", text.replace("−", "-"))
    return tuple(float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", plain))


# What is named is there.


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file(page):
    for target in re.findall(r"\]\(([^)]+)\)", PAGES[page]):
        file, _, heading = target.partition("#")
        path = ROOT / "teaching" / (file or page)
        assert path.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
            assert heading in [title.lower().replace(" ", "-") for title in titles]


def test_the_readme_lists_every_page():
    listed = re.findall(r"^\| \[(\w+\.md)\]\(\1\)", PAGES["README.md"], re.MULTILINE)
    assert sorted([*listed, "README.md"]) == sorted(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_every_section_named_is_in_its_notebook_under_this_title(page):
    for number, section, title in re.findall(SECTION, PAGES[page]):
        assert int(section) in SECTIONS[number], f"{number} §{section}"
        if title:
            assert title == SECTIONS[number][int(section)]


@pytest.mark.parametrize("page", PAGES)
def test_every_exercise_named_is_in_its_notebook_under_this_title(page):
    for name, title in re.findall(EXERCISE, PAGES[page]):
        assert name in EXERCISES, name
        if title:
            assert title == EXERCISES[name][0]


@pytest.mark.parametrize("page", PAGES)
def test_every_notebook_named_exists(page):
    for number in re.findall(r"[Nn]otebooks? (\d\db?)\b", PAGES[page]):
        assert number in SECTIONS


@pytest.mark.parametrize("page", PAGES)
def test_every_command_named_exists(page):
    targets = re.findall(
        r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    for target in re.findall(r"(?:`|^)make ([a-z-]+)", PAGES[page], re.MULTILINE):
        assert target in targets
    for line in re.findall(r"^python -m dqn_tutorial (.*)", PAGES[page], re.MULTILINE):
        agent = build_parser().parse_args(shlex.split(line)).agent
        assert (ROOT / f"dqn_tutorial/pretrained_agents/{agent}.npz").exists()


# Minutes.


def plan_tables() -> list[list[list[str]]]:
    return [t for t in tables(PAGES["plans.md"]) if t[-1][1] == "**in all**"]


def total(table: list[list[str]]) -> int:
    return int(table[-1][0].strip("*"))


@pytest.mark.parametrize("table", plan_tables(), ids=lambda table: table[0][1][:20])
def test_the_minutes_of_a_plan_add_up(table):
    assert sum(int(row[0]) for row in table[:-1]) == total(table)


def test_the_titles_state_the_totals():
    text = PAGES["plans.md"]
    half_day, course = parts(text, "##").items()
    assert numbers(half_day[0]) == (total(tables(half_day[1])[0]),)
    sessions = parts(course[1], "###")
    homework = 0
    for title, body in sessions.items():
        first, *more = tables(body)
        assert numbers(title)[-1] == total(first)
        homework += sum(map(total, more))
    in_sessions = sum(total(tables(body)[0]) for body in sessions.values())
    assert numbers(course[0]) == (len(sessions), in_sessions)
    in_bold = [int(n) for n in re.findall(r"\*\*(\d+) minutes\*\*", course[1])]
    assert in_bold[:2] == [in_sessions, homework]


def test_a_plan_gives_an_exercise_at_least_its_minutes():
    for table in plan_tables():
        for minutes, what, _ in table:
            for name, _ in re.findall(EXERCISE, what):
                assert int(minutes) >= EXERCISES[name][1], name


def named_sections(text: str) -> list[tuple[str, int]]:
    """The sections in the tables, but for those that a remark names without title."""
    cells = [cell for table in tables(text) for row in table for cell in row]
    found = re.findall(SECTION, "\n".join(cells))
    return [(number, int(section)) for number, section, title in found if title]


def half_day_rows() -> list[list[str]]:
    half_day = next(iter(parts(PAGES["plans.md"], "##").values()))
    return tables(half_day)[0]


def test_the_half_day_goes_through_its_notebook_with_its_exercises():
    taught = "\n".join(what for _, what, _ in half_day_rows())
    sections_named = [(number, int(k)) for number, k, _ in re.findall(SECTION, taught)]
    assert sections_named == [(EXPRESS, k) for k in SECTIONS[EXPRESS]]
    named = [EXERCISES[name] for name, _ in re.findall(EXERCISE, taught)]
    assert named == list(exercises(EXPRESS).values())


def test_the_notebook_of_the_half_day_says_its_minutes():
    ours = [row for row in half_day_rows() if re.match(f"{EXPRESS}|exercise", row[1])]
    minutes = sum(int(row[0]) for row in ours)
    text = (ROOT / f"notebooks/{EXPRESS}.ipynb").read_text("utf-8")
    assert f"About {minutes} minutes to read and do" in text
    assert f"in {minutes} minutes" in text


def test_the_course_skips_no_section_and_no_exercise():
    course = list(parts(PAGES["plans.md"], "##").values())[1]
    lessons = ["00", *LESSONS, *CURIOUS]
    everything = {(number, s) for number in lessons for s in SECTIONS[number]}
    assert set(named_sections(course)) == everything
    assert {name for name, _ in re.findall(EXERCISE, course)} == set(EXERCISES)


def test_the_course_asks_every_question_of_the_quiz_once():
    course = list(parts(PAGES["plans.md"], "##").values())[1]
    asked = []
    for _, what, _ in (row for table in tables(course) for row in table):
        if what.startswith("quiz"):
            first, last = map(int, numbers(what))
            asked += range(first, last + 1)
    assert asked == list(range(1, len(questions("quiz.md")) + 1))


# What is said of the machines agrees with what was measured.


def measured() -> dict[str, dict[str, float]]:
    with (ROOT / "notebooks/measured.csv").open(newline="", encoding="utf-8") as file:
        rows = {number_of(row["notebook"]): row for row in csv.DictReader(file)}
    if any(", 2 cores, " not in row["machine"] for row in rows.values()):
        pytest.skip("measured again on a machine that is not the course's, of 2 cores")
    return {
        number: {
            "minute": float(rows[number]["minutes"]),
            "GB": float(rows[number]["peak_ram_gb"]),
        }
        for number in SECTIONS
    }


def test_minutes_and_memory_agree_with_what_was_measured():
    said = re.search(
        r"in less than (\d+) minute, those of (\d\d) in less than (\d+), "
        r"and none takes more than ([\d.]+) GB",
        PAGES["plans.md"],
    )
    most, longest, of_longest, gb = said.groups()
    minutes = {number: row["minute"] for number, row in measured().items()}
    assert float(of_longest) - 1 <= minutes.pop(longest) < float(of_longest)
    assert float(most) - 0.5 <= max(minutes.values()) < float(most)
    largest = max(row["GB"] for row in measured().values())
    assert float(gb) - 0.5 <= largest <= float(gb)


# Goals, questions and exercises agree with each other.


def questions(page: str) -> dict[int, tuple[str, str]]:
    """Number -> the rest of the heading, and what stands below it."""
    found = parts(PAGES[page], "###")
    return {int(t.split(". ")[0]): (t.split(". ", 1)[1], b) for t, b in found.items()}


def answers() -> dict[int, tuple[str, str]]:
    """Question -> its answer, and the reasons."""
    found = questions("quiz_answers.md").items()
    return {k: (title.rsplit(": ", 1)[1], body) for k, (title, body) in found}


def goals() -> dict[str, str]:
    return {row[0]: row[2] for table in tables(PAGES["goals.md"]) for row in table}


def goals_tested() -> set[tuple[str, str]]:
    """(goal, what tests it) by the pages with the questions, exercises, assignments."""
    found = set()
    for question, (_, body) in answers().items():
        found |= {(goal, f"quiz {question}") for goal in re.findall(GOAL, body)}
    text = PAGES["marking.md"]
    for title, body in (parts(text, "###") | parts(text, "##")).items():
        name = re.match(r"Exercise \d\d\.\d|Assignment [ABC]", title)
        line = re.match(r"\s*Goals? ([^.]*)\.", body)
        if name:
            tested_by = name[0][0].lower() + name[0][1:]
            found |= {(goal, tested_by) for goal in re.findall(GOAL, line[1])}
    return found


def test_each_goal_is_tested_by_what_it_says_and_by_nothing_else():
    said = {(g, test) for g, by in goals().items() for test in by.split(", ")}
    assert said == goals_tested()


def test_each_exercise_has_a_goal_and_a_place_in_the_marking_guide():
    tested = {test.removeprefix("exercise ") for _, test in goals_tested()}
    assert set(EXERCISES) <= tested


def test_the_quiz_counts_its_questions_and_each_has_an_answer():
    asked, answered = questions("quiz.md"), questions("quiz_answers.md")
    assert list(asked) == list(answered) == list(range(1, len(asked) + 1))
    assert numbers(PAGES["quiz.md"].split("\n\n")[1])[0] == len(asked)
    assert re.findall(r"\| (\d+) short questions", PAGES["README.md"]) == [
        str(len(asked))
    ]
    for k, (title, _) in asked.items():
        assert answered[k][0].rsplit(": ", 1)[0] == title


def options(body: str) -> dict[str, str]:
    return dict(re.findall(r"^- (\w)\) (.*)", body, re.MULTILINE))


def test_each_wrong_option_has_its_misconception():
    for k, (_, body) in questions("quiz.md").items():
        offered, (answer, reasons) = options(body), answers()[k]
        if offered:
            assert "".join(offered) == "abcd" and answer in offered, k
            explained = options(reasons)
            assert set(explained) == set(offered) - {answer}, k
        else:
            assert numbers(answer), k
            assert len(re.findall(r"^- ", reasons, re.MULTILINE)) >= 3, k


# The numbers of the quiz, worked out a second time.


def q_after_an_update(reward, terminated):
    q = np.array([[0.2, 0, 0], [-0.4, 0.5, 0.1]])
    q_learning_update(q, 0, 0, reward, 1, terminated, learning_rate=0.5, discount=0.8)
    return q[0, 0]


def red_read_as_blue():
    blue = np.array([[[0, 0, 200]]], np.uint8)
    return greyscale(blue).item()


def score_and_clipped():
    rewards = np.array([0, 7, 4, 0, 1, 7])
    return rewards.sum(), clip_reward(rewards).sum()


def young_state():
    frame = {n: np.full((1, 1, 1), n, np.uint8) for n in (31, 32, 33, 41, 42, 43)}
    replay = ReplayBuffer(20, frame_shape=(1, 1))
    replay.reset(frame[31])
    for number, new_game in [(32, None), (33, 41), (42, None), (43, None)]:
        first = frame[new_game or 31]
        flags = [False], [bool(new_game)]
        replay.add(Step([0], [number], *flags, frame[number], first, []))
    rng, seen = np.random.default_rng(0), {}
    for _ in range(100):  # draws each of the four, again and again
        batch = replay.sample(1, rng)
        seen[int(batch.rewards[0])] = batch.states.ravel()
    return seen[43]


def three_targets():
    rewards, best_next = np.array([1, -1, 0]), np.array([4, 6, 8])
    return np.where([False, True, False], rewards, rewards + 0.5 * best_next)


def slopes_at_ten():
    losses = [
        lambda e: e**2 / 2,
        lambda e: e**2 / 2 if abs(e) <= 1 else abs(e) - 0.5,
        lambda e: min(e**2 / 2, 0.5),
    ]
    return [round((loss(10.001) - loss(9.999)) / 0.002, 6) for loss in losses]


def shares(landed, below, gap):
    part = (landed - below) / gap
    return [1 - part, part]


RIGHT = {
    3: q_after_an_update(0.0, False),
    4: q_after_an_update(-1.0, True),
    5: 1 * 0.9**2,
    6: len(list(np.ndindex((4,) * 6))),
    7: red_read_as_blue(),
    8: 189 * 110 // 210,
    9: score_and_clipped(),
    10: np.zeros((4, 4, 3, 16)).size + 16,
    12: 1 - 0.4 + 0.4 / 5,
    14: 4 + 4,  # frames in the two states of a transition, where one is new
    15: young_state(),
    16: three_targets(),
    17: slopes_at_ten(),
    18: 2_000 * 4 * 4,
    20: sum(step % 4 == 0 for step in range(10_000, 50_000)),
    21: LinearSchedule(1.0, 0.1, decay_steps=1_000_000)(250_000),
    23: 24 * math.sqrt(100 / 400),
    24: round(sum(0.98**k for k in range(10_000)), 6),
    30: sum(v > f for v in [7, 4, 10, 3] for f in [12, 5, 9, 6]),
    33: 90_000 // 2 // 30,
    36: 1 + 0.5 * 0 + 0.5**2 * 1 + 0.5**3 * 8,
    38: [0.4 * share for share in shares(3.5, below=2, gap=2)],
}


@pytest.mark.parametrize("question", RIGHT)
def test_the_numbers_of_a_question_are_right_and_no_others_are(question):
    right = np.atleast_1d(RIGHT[question]).astype(float)
    offered = options(questions("quiz.md")[question][1])
    answer, _ = answers()[question]
    given = numbers(offered.pop(answer) if offered else answer)
    if question == 24:  # words, with the number among them
        assert right in given
        return
    assert given[: len(right)] == pytest.approx(right)
    for other in filter(re.compile(r"−?\d").match, offered.values()):
        assert numbers(other)[: len(right)] != pytest.approx(right), other


def test_each_question_that_asks_for_numbers_is_worked_out():
    for k, (_, body) in questions("quiz.md").items():
        leading = [text for text in options(body).values() if re.match(r"−?\d", text)]
        asks = not options(body) or len(leading) == 4
        assert not asks or k in RIGHT, k


def test_only_the_right_option_tells_the_bug_of_question_34_from_the_right_code():
    _, body = questions("quiz.md")[34]
    (discount,) = numbers(re.findall("The discount is (.*)", body)[0].split(". ")[0])
    verdicts = {}
    for letter, option in options(body).items():
        reward, *next_q, wanted = numbers(option)
        bug = reward + discount * max(next_q)
        right = reward if "is over" in option else bug
        verdicts[letter] = (bug == wanted, right == wanted)
    assert verdicts.pop(answers()[34][0]) == (False, True)
    # It tests no end, it has no case for the bug, or it wants what the bug gives.
    assert sorted(verdicts.values()) == [(True, False), (True, True), (True, True)]


# Marking.


def marked() -> dict[str, str]:
    """ "01.2" -> what the marking guide says of this exercise."""
    found = parts(PAGES["marking.md"], "###").items()
    return {re.search(r"\d\d\.\d", title)[0]: body for title, body in found}


def points(body: str) -> int:
    first = tables(body)[0]
    assert sum(int(row[0]) for row in first[:-1]) == total(first)
    return total(first)


def test_the_points_add_up():
    by_notebook = dict.fromkeys(LESSONS, 0)
    for name, body in marked().items():
        by_notebook[name[:2]] += points(body)
    assert set(by_notebook.values()) == {10}
    text = PAGES["marking.md"]
    assignments = [
        points(b) for t, b in parts(text, "##").items() if t.startswith("Assignment")
    ]
    assert assignments == [15, 15, 15]


def test_the_marking_guide_has_every_exercise_in_order():
    titles = list(parts(PAGES["marking.md"], "###"))
    assert titles == [f"Exercise {k} *{title}*" for k, (title, _) in EXERCISES.items()]


def the_check(name: str):
    """The check that the notebook calls for this exercise, the n-th for exercise n."""
    number, n = name.split(".")
    module = importlib.import_module(f"dqn_tutorial.lessons.lesson_{number}.checks")
    checks = [f for k, f in vars(module).items() if k.startswith(f"check_{number}_")]
    return checks[int(n) - 1]


BY_NUMBER = {k: body for k, body in marked().items() if "Right: `" in body}


def right_numbers(body: str) -> list[float]:
    return [float(n) for n in re.findall(r"`([\d.]+)`", body.split("Right:")[1][:60])]


NOT_ACCEPTED = "not (yet|right|attempted)"


@pytest.mark.parametrize("name", BY_NUMBER)
def test_the_right_numbers_are_accepted_and_the_wrong_ones_are_not(name, capsys):
    body = BY_NUMBER[name]
    right = right_numbers(body)
    the_check(name)(*right)
    assert not re.search(NOT_ACCEPTED, capsys.readouterr().out.lower())
    for answer, _, _ in tables(body)[1]:
        place, wrong = re.fullmatch(r"(\d): `(.*)`", answer).groups()
        given = right.copy()
        given[int(place) - 1] = float(wrong)
        the_check(name)(*given)
        assert re.search(NOT_ACCEPTED, capsys.readouterr().out.lower()), answer


@needs_unix
def test_the_students_copy_has_the_lessons_and_no_answers(tmp_path):
    copy = tmp_path / "copy"
    command = ["make", "student-copy", f"STUDENT_COPY={copy}"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    files = {path.relative_to(copy).as_posix() for path in copy.rglob("*")}
    wanted = {"Makefile", "notebooks/01_q_table_recap.ipynb", "teaching/quiz.md"}
    assert wanted | {"teaching/assignment_c/my_dqn.py"} <= files
    assert not [f for f in files if re.search("solution|answer|marking|tests/", f)]


def test_the_numbers_of_the_pre_test():
    (rows,) = tables(parts(PAGES["quiz_answers.md"], "##")["The pre-test"])
    said = [row[1] for row in rows]
    a = np.array([3, 1, 2])
    b = c = [0, 0]
    b[0] = 5
    place = 2 + (10 - 2) / 4
    place += (10 - place) / 4
    right = [
        f"{(6 * 1 - 1 * 5) / 6:.2f}",
        f"{a.max()}, {a.argmax()} and {a[a > 1].tolist()}",
        f"{np.zeros((32, 4)).max(axis=1).shape}",
        f"{c}",
        f"left; the slope is {2 * (5 - 3)}",
        f"{place}: first {2 + 8 / 4:.0f}",
        f"{5 * 4 * 4}",
        f"mostly the second one, in {1 - 0.2 + 0.2 / 4:.0%}".replace("%", " %"),
    ]
    assert len(said) == len(right) == len(tables(PAGES["pretest.md"])[0])
    for words, start in zip(said, right, strict=True):
        assert words.startswith(start)
