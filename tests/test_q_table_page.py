"""The page of notebook 01 learns the same table as the package, bit by bit.

Python plays with `Catch` and `q_table`, and notes the balls and the actions; Node plays
the same with the page's core.js. What the page looks like and does in a browser is
seen by tools/site/test_q_table_page.py.
"""

import base64
import itertools
import json
import re
import shutil
import subprocess

import matplotlib
import numpy as np
import pytest

from dqn_tutorial.catch import Catch
from dqn_tutorial.lessons.lesson_01.page import PARTS, TITLE, q_table_page
from dqn_tutorial.q_table import greedy_policy, play, q_learning_update, train

NODE = shutil.which("node")
with_node = pytest.mark.skipif(NODE is None, reason="node (Node.js) is not installed")


def ask(script: str, given=None):
    """What a piece of JavaScript `return`s, with core.js and view.js in its scope.

    Of view.js only what is said and coloured is there: it begins without a page.
    """
    core = (PARTS / "core.js").read_text("utf-8")
    view = (PARTS / "view.js").read_text("utf-8").split("// ---- Beginning")[0]
    whole = f"""{core}\n{view}
    const given = JSON.parse(require("fs").readFileSync(0, "utf-8"));
    const bits = (table) => Buffer.from(table.buffer).toString("base64");
    console.log(JSON.stringify(((given) => {{ {script} }})(given)));"""
    run = subprocess.run(
        [NODE, "-e", whole], input=json.dumps(given), capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def same_bits(theirs: str, table: np.ndarray) -> bool:
    assert table.dtype == np.float64
    return base64.b64decode(theirs) == table.tobytes()


PLAY = """return given.map(({ games, learning_rate, discount }) => {
  const q = newTable();
  const told = [];
  for (const [ball, actions] of games) {
    let game = newGame(ball);
    for (const action of actions) {
      const { state } = game;
      game = step(game, action);
      const { reward, state: nextState, terminated } = game;
      const transition = { state, action, reward, nextState, terminated };
      const { tdError } = update(q, transition, learning_rate, discount);
      told.push([state, reward, nextState, terminated, tdError]);
    }
  }
  return { q: bits(q), told };
})"""

LEFT, STAY, RIGHT = 0, 1, 2
BY_HAND = [
    (2, [STAY] * 9),  # caught without a move
    (4, [RIGHT] * 9),  # on and on into the wall
    (0, [RIGHT, LEFT] * 4 + [LEFT]),  # one short: missed
    (2, [STAY] * 9),  # again, so that row 7 learns from row 8
    (2, [RIGHT, LEFT] * 4 + [STAY]),
]


class Cut(Catch):
    """Catch, noting what is played; each game is cut off after `length` steps."""

    def __init__(self, length: int):
        super().__init__()
        self.length, self.games = length, []

    def reset(self, **options):
        result = super().reset(**options)
        self.games.append((self.ball_column, []))
        return result

    def step(self, action):
        frame, reward, terminated, _, info = super().step(action)
        self.games[-1][1].append(int(action))
        truncated = not terminated and self.ball_row == self.length
        return frame, reward, terminated, truncated, info


class Moves:
    """In place of a generator: the balls and actions that are wanted, in order."""

    def __init__(self, games):
        self.actions = iter([action for _, actions in games for action in actions])

    def integers(self, high):
        return next(self.actions) if high == 3 else 0

    def random(self):
        return 0.0  # below every epsilon, so that each action is drawn


class Given(Cut):
    """Catch whose balls fall as given."""

    def __init__(self, games):
        super().__init__(9)
        self.balls = iter([0, *(ball for ball, _ in games)])  # train resets once more

    def reset(self, **options):
        super().reset(**options)
        self.ball_column = next(self.balls)
        self.games[-1] = (self.ball_column, [])
        return self.frame(), self._info()


def trained(env, rng, num_episodes, learning_rate, discount, epsilon):
    """Train in Python: what Node is to be given, and the table and what was told."""
    told = []

    def noted(q, state, action, reward, next_state, terminated, *rates):
        transition = state, action, reward, next_state, terminated
        error = q_learning_update(q, *transition, *rates)
        told.append([state, reward, next_state, terminated, error])

    q, _ = train(
        env,
        num_episodes,
        learning_rate=learning_rate,
        discount=discount,
        epsilon_start=epsilon,
        epsilon_end=epsilon,
        rng=rng,
        update=noted,
    )
    settings = {"learning_rate": learning_rate, "discount": discount}
    return {"games": env.games[1:], **settings}, q, told


RATES = [(0.5, 0.9), (1.0, 1.0), (0.1, 0.99), (0.35, 0.0), (1 / 3, 0.7)]
RUNS = {
    f"{name}, {rate:.2g}, {discount:g}": (make, rate, discount)
    for rate, discount in RATES
    for name, make in {
        "by hand": lambda: (Given(BY_HAND), Moves(BY_HAND), len(BY_HAND), 1.0),
        "at random": lambda: (Cut(9), np.random.default_rng(1), 80, 1.0),
        "greedy": lambda: (Cut(9), np.random.default_rng(2), 80, 0.2),
        "cut off in row 5": lambda: (Cut(5), np.random.default_rng(3), 40, 0.9),
        "cut off in row 8": lambda: (Cut(8), np.random.default_rng(4), 40, 0.9),
    }.items()
}


@pytest.fixture(scope="module")
def runs():
    """Each run, once in Python and once in Node."""
    ours = {}
    for name, (make, rate, discount) in RUNS.items():
        env, rng, games, epsilon = make()
        ours[name] = trained(env, rng, games, rate, discount, epsilon)
    theirs = ask(PLAY, [given for given, _, _ in ours.values()])
    return {
        name: (*ours[name], answer) for name, answer in zip(ours, theirs, strict=True)
    }


@with_node
@pytest.mark.parametrize("name", RUNS)
def test_the_page_learns_the_same_table_from_the_same_games(runs, name):
    given, q, told, theirs = runs[name]
    assert theirs["told"] == told
    assert same_bits(theirs["q"], q)
    if "by hand" in name:
        assert given["games"] == BY_HAND
    steps = {len(actions) for _, actions in given["games"]}
    assert steps == {int(name[len("cut off in row ")]) if "cut off" in name else 9}


@with_node
def test_any_transition_changes_the_table_alike():
    """Tables of any numbers; games that end, and games that only are cut off."""
    rng = np.random.default_rng(0)
    q = rng.normal(size=(250, 3)) * 10.0 ** rng.integers(-9, 4, size=(250, 3))
    before, given = q.copy(), []
    for terminated in [False, True] * 500:
        state, next_state = rng.integers(250, size=2).tolist()
        action, reward = int(rng.integers(3)), float(rng.integers(-1, 2))
        rates = rng.uniform(size=2).tolist()
        q_learning_update(q, state, action, reward, next_state, terminated, *rates)
        given.append([state, action, reward, next_state, terminated, *rates])
    theirs = ask(
        """const q = Float64Array.from(given.q);
        for (const one of given.all) {
          const [state, action, reward, nextState, terminated, ...rates] = one;
          update(q, { state, action, reward, nextState, terminated }, ...rates);
        }
        return bits(q);""",
        {"q": before.ravel().tolist(), "all": given},
    )
    assert same_bits(theirs, q) and not np.array_equal(q, before)


@with_node
def test_every_step_from_every_state_is_the_games():
    theirs = ask(
        """const all = [];
        for (const [ballRow, ballColumn, paddleColumn] of given)
          for (const action of [0, 1, 2]) {
            const state = stateIndex(ballRow, ballColumn, paddleColumn);
            const game = { ...newGame(ballColumn), ballRow, paddleColumn, state };
            const { state: next, reward, terminated } = step(game, action);
            all.push([state, action, next, reward, terminated]);
          }
        return all;""",
        list(itertools.product(range(9), range(5), range(5))),
    )
    env, ours = Catch(), []
    for state in range(9 * 25):
        for action in range(3):
            env.reset(seed=0)
            place = [int(k) for k in np.unravel_index(state, (10, 5, 5))]
            env.ball_row, env.ball_column, env.paddle_column = place
            _, reward, terminated, _, info = env.step(action)
            ours.append([state, action, info["state"], reward, terminated])
    assert theirs == ours


@with_node
def test_the_greedy_policy_and_what_it_catches_are_the_packages():
    rng = np.random.default_rng(5)
    q = rng.integers(-1, 2, size=(250, 3)) * 0.5  # many ties
    theirs = ask(
        """const q = Float64Array.from(given);
        const policy = [...Array(NUM_STATES).keys()].map((s) => greedyAction(q, s));
        return { policy, caught: greedyCatches(q) };""",
        q.ravel().tolist(),
    )
    policy, env, caught = greedy_policy(q), Catch(), {}
    for seed in range(30):
        score = play(env, policy, seed)[2]
        caught[env.ball_column] = score == 1
    assert theirs["policy"] == policy.tolist()
    assert theirs["caught"] == [caught[ball] for ball in range(5)]
    assert 0 < sum(theirs["caught"]) < 5


@with_node
def test_an_action_is_random_as_often_as_epsilon_says():
    """Two coins: whether to explore, and then where to. Action 1 is the largest."""
    theirs = ask(
        """const q = newTable();
        q[7 * 3 + 1] = 0.5;
        return given.map(([epsilon, ...coins]) => {
          const { action, explore } = chooseAction(q, 7, epsilon, () => coins.shift());
          return [action, explore];
        });""",
        [[0.3, 0.29, 0.99], [0.3, 0.3, 0.99], [0, 0.0], [1, 0.999, 0.0]],
    )
    assert theirs == [[2, True], [1, False], [1, False], [0, True]]


EXPERIMENT = """const start = () => ({ q: newTable(), random: generator(SEED) });
const play = ({ q, random }, games, epsilon, discount) => {
  const returns = [];
  while (returns.length < games) {
    let game = newGame(Math.floor(random() * COLUMNS));
    while (!game.terminated) {
      const { state } = game;
      const { action } = chooseAction(q, state, epsilon, random);
      game = step(game, action);
      const { reward, state: nextState, terminated } = game;
      update(q, { state, action, reward, nextState, terminated }, 0.5, discount);
    }
    returns.push(game.reward);
  }
  return returns;
};
const known = (q) => [...Array(ROWS).keys()].map((row) =>
  q.subarray(row * 75, (row + 1) * 75).some(Boolean));
"""


@with_node
def test_what_the_notebook_lets_the_reader_try_is_what_the_page_does():
    theirs = ask(
        EXPERIMENT
        + """const blind = start(), table = start();
        play(blind, 300, 1, 0);
        const training = play(table, 300, 1, 0.9);
        const caught = greedyCatches(table.q);
        const greedy = play(table, 100, 0, 0.9);
        const rows = known(table.q);
        return { blind: known(blind.q), rows, training, caught, greedy };"""
    )
    # With discount 0 only the row above the paddle learns.
    assert theirs["blind"] == [False] * 8 + [True, False]
    assert theirs["rows"] == [True] * 9 + [False]
    # With ε 1 the score stays at that of chance; the table is perfect all the same.
    assert -0.75 < np.mean(theirs["training"][-100:]) < -0.45
    assert theirs["caught"] == [True] * 5
    assert theirs["greedy"] == [1] * 100


@with_node
def test_the_colours_are_those_of_the_notebooks_picture():
    values = np.linspace(-1.2, 1.2, 49)
    theirs = ask("return given.map(colourOf)", values.tolist())
    scale = matplotlib.colormaps["PuOr"]
    ours = scale((values.clip(-1, 1) + 1) / 2)[:, :3] * 255
    np.testing.assert_allclose(theirs, ours, atol=2.5)  # Matplotlib has 256 steps


@with_node
def test_numbers_are_written_as_in_the_picture_and_in_the_text():
    numbers = [0, 0.73, -0.5, 0.996, -1, 0.001, -0.3382, 0.0004, 0.405, 1e-9]
    theirs = ask("return [given.map(short), given.map(digits)]", numbers)
    assert theirs == [
        [".00", ".73", "−.50", "1", "−1", ".00", "−.34", ".00", ".41", ".00"],
        "0 0.73 −0.5 0.996 −1 0.001 −0.338 0.000 0.405 0.000".split(),
    ]


def test_the_page_is_one_document_that_asks_for_nothing():
    page = q_table_page()
    assert page.startswith("<!DOCTYPE html>") and page.rstrip().endswith("</html>")
    assert f"<title>{TITLE}</title>" in page and f"<h1>{TITLE}</h1>" in page
    assert not re.findall(r"\{\w+\.(css|js)\}", page)  # every part is in its place
    assert not re.findall(r"://|\bsrc=|\bhref=|url\(|@import|\bfetch\(", page)
    assert len(page.encode()) < 40_000


def test_every_element_that_the_script_looks_for_is_on_the_page():
    page = (PARTS / "page.html").read_text("utf-8")
    wanted = set(re.findall(r'\("#([a-z-]+)', (PARTS / "view.js").read_text("utf-8")))
    assert len(wanted) > 15
    assert wanted <= set(re.findall(r'id="([a-z-]+)"', page))
