"""The figures and the evidence of notebook 10: what is drawn is what was given."""

import numpy as np
import pytest
from drawn import drawn_by
from histories import history_of
from scipy import stats

from dqn_tutorial.beyond.c51 import ATOMS
from dqn_tutorial.lessons.lesson_07.breakout import load_recorded_games
from dqn_tutorial.lessons.lesson_10 import figures as figures_10
from dqn_tutorial.lessons.lesson_10 import games, runs
from dqn_tutorial.lessons.lesson_10.runs import Run
from dqn_tutorial.n_step import NStepReplayBuffer
from dqn_tutorial.runs.pretrained import load_agent, load_scores


@pytest.fixture
def figures(monkeypatch):
    """The figures that would be shown."""
    return drawn_by(monkeypatch, figures_10)


def said(axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_states_without_news_stay_white(figures):
    figures_10.plot_news({"one": np.array([[0, 0], [0, 1.0]])}, "T.", "Two states")
    drawn = figures[0].axes[0].images[0].get_array()
    assert np.ma.getmaskarray(drawn).tolist() == [[True, True], [True, False]]


def test_the_means_of_estimates_are_written(figures):
    estimates = {"a": np.array([1.0, 2.0]), "b": np.array([-1.0, 1.0])}
    figures_10.plot_estimates(estimates, "T.", "Two histograms")
    upper, lower = figures[0].axes
    assert said(upper) == ["mean 1.50", "truth"] and said(lower) == ["mean 0.00"]


def test_the_judge_is_asked_about_the_chosen_action(figures):
    online, target = np.array([[2, 7, 4], [3, 1, 0]]), np.array([[9, 5, 1], [2, 8, 6]])
    figures_10.plot_judges(online, target, "T.", "Two tables")
    chooses, judges = figures[0].axes
    rings = [ring.get_offsets().tolist() for ring in chooses.collections]
    assert rings == [[[1, 0]], [[0, 1]]]
    asked, largest = judges.collections[::2], judges.collections[1::2]
    assert [ring.get_offsets().tolist() for ring in asked] == rings
    assert [ring.get_offsets().tolist() for ring in largest] == [[[0, 0]], [[1, 1]]]
    arrows = [(arrow.xy1, arrow.xy2) for arrow in figures[0].artists]
    assert arrows == [((1, 0), (1, 0)), ((0, 1), (0, 1))]
    assert said(judges) == list("951286")


def test_a_moment_shows_its_distribution_and_its_mean(figures):
    sure, torn = np.zeros(51), np.zeros(51)
    sure[30] = 1  # the return 2
    torn[[25, 35]] = 0.5  # 0 and 4
    screens = [np.zeros((210, 160, 3), np.uint8)] * 2
    titles = ["sure", "torn"]
    figures_10.plot_moments(screens, [sure, torn], ATOMS, titles, "T.", "Moments")
    _, _, first, second = figures[0].axes
    assert said(first) == ["1.00 ↑", "Q = 2.0"]
    assert said(second) == ["0.50 ↑", "0.50 ↑", "Q = 2.0"]


def test_the_shares_of_a_projection_are_stacked_to_the_target(figures):
    atoms, before = np.array([0.0, 1.0, 2.0]), np.array([0.5, 0.25, 0.25])
    returns, after = np.array([0.5, 1.0, 1.5]), np.array([0.25, 0.625, 0.125])
    figures_10.plot_projection(atoms, before, returns, after, "T.", "Three panels")
    lowest = figures[0].axes[2]
    tops = {}
    for bar in lowest.patches:
        middle = round(bar.get_x() + bar.get_width() / 2, 6)
        tops[middle] = tops.get(middle, 0) + bar.get_height()
    assert tops == pytest.approx({0: 0.25, 1: 0.625, 2: 0.125})


def test_the_line_in_the_river_is_the_mean(figures):
    distributions = np.zeros((3, 51))
    distributions[[0, 1, 2], [25, 30, 35]] = 1  # the returns 0, 2 and 4
    steps = np.arange(7, 10)
    figures_10.plot_river(steps, distributions, ATOMS, [8], "T.", "A river")
    axes = figures[0].axes[0]
    assert axes.lines[0].get_ydata() == pytest.approx([0, 2, 4], abs=1e-6)
    assert list(axes.lines[1].get_xdata()) == [8, 8]


def test_every_seed_of_what_was_tried_is_a_dot(figures):
    figures_10.plot_search({"a": {0: 1.0, 1: 3.0}, "b": {0: 5.0}}, "a", "T.", "Dots")
    (axes,) = figures[0].axes
    assert [list(line.get_xdata()) for line in axes.lines] == [[1, 3], [5], [2, 2]]
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["a  (2)", "b  (1)"]


def two_rows(*scores):
    return history_of(step=[1, 2], mean_score_100=scores)


def test_each_training_is_a_curve_that_ends_in_a_dot(figures):
    trainings = {"a": {0: Run(two_rows(1, 2), 5)}, "b": {3: Run(two_rows(4, 3), 6)}}
    trainings["b"][4] = Run(two_rows(8, 9), 8)
    figures_10.plot_runs(trainings, {"rival": 4}, "T.", "Two curves")
    (axes,) = figures[0].axes
    level, *others = axes.lines
    assert level.get_ydata() == [4, 4]
    drawn = [line.get_ydata().tolist() for line in others[::2]]
    assert drawn == [[1, 2], [4, 3], [8, 9]]
    assert said(axes) == ["rival: 4", "a: 5 (1 run)", "b: 7 (2 runs)"]


def test_the_map_of_the_field_has_a_box_for_each_agent(figures):
    figures_10.plot_field("T.", "A map")
    boxes = [text.split("\n")[0] for text in said(figures[0].axes[0]) if text]
    assert boxes == list(figures_10.FIELD)


# What stored runs show.


def test_the_search_is_read_by_what_was_tried_and_by_seed(tmp_path):
    path = tmp_path / "search.csv"
    path.write_text(
        "tried,seed,score\nbase,0,1.5\nC51,0,2\nbase,1,3\n", encoding="utf-8"
    )
    found = runs.load_search(path, "score")
    assert found == {"base": {0: 1.5, 1: 3.0}, "C51": {0: 2.0}}


def test_runs_are_found_by_agent_and_seed():
    found = runs.load_runs("breakout")
    assert list(found) == [0, 1, 2]
    assert found[0].score == load_scores("breakout")["agent"]["mean"]
    ((seed, run),) = runs.load_runs("beyond").items()
    assert seed == 2 and run.score == load_scores("beyond")["agent"]["mean"]


def test_it_is_said_how_a_shipped_agent_was_made(monkeypatch):
    made = {"settings_at_the_end": {"epsilon_end": 0.02, "n_steps": 3}}
    monkeypatch.setattr(runs, "load_made", lambda name: made)
    scores = {
        "standard": {"epsilon": 0.05, "mean": 30.4},
        "epsilon_0.01": {"epsilon": 0.01, "mean": 41.0},
    }
    monkeypatch.setattr(runs, "load_scores", lambda name, way: {"agent": scores[way]})
    assert runs.how_made("a") == (
        "a: 3-step targets, ε = 0.02 at the end; scores 30 (ε = 0.05), 41 (ε = 0.01)"
    )


def test_the_clearest_case_of_a_permutation_test():
    # Three of each can be dealt in 20 ways; two of them are the clearest.
    assert [runs.smallest_p(seeds) for seeds in (1, 2, 3)] == [1, 2 / 6, 2 / 20]


def test_welchs_interval_by_hand():
    # Means 4 and 2, variances 4 and 1 of three runs each: standard error sqrt(5/3),
    # and freedom (5/3)^2 / ((4/3)^2 / 2 + (1/3)^2 / 2) = 50/17, where t is 3.215.
    low, high = runs.welch_interval([2, 4, 6], [1, 2, 3])
    assert (low + high) / 2 == pytest.approx(2)
    t = (high - 2) / np.sqrt(5 / 3)
    assert t == pytest.approx(stats.t.ppf(0.975, 50 / 17)) and 3.18 < t < 3.25


def test_runs_that_are_all_equal_have_an_interval_without_width():
    assert runs.welch_interval([3, 3], [1, 1]) == (2, 2)


@pytest.mark.parametrize(
    ("some", "verdict"),
    [([301.2], "not shown, with 1 and 3 runs."), ([2, 900], "not shown, the differ"),
     ([90, 91, 92], ": shown, the difference is 86.7 to 91.3.")],
)  # fmt: skip
def test_a_sentence_says_what_the_runs_show(some, verdict):
    scores = {"breakout": [1, 2, 3], "beyond": some}
    assert verdict in runs.sentence("beyond", scores)


# Games.


def test_the_recorded_games_of_beyond_are_of_the_agent_that_is_shipped():
    scores = load_scores("beyond")["agent"]["scores"]
    found = [game.score for game in load_recorded_games("beyond")]
    assert found == [sorted(scores)[k] for k in (0, 25, 50, 74, 99)]


def test_a_stored_game_is_drawn_with_its_rewards_and_its_step_numbers():
    buffer = NStepReplayBuffer(1, 0.9, 99, frame_shape=(1, 1))
    games.store(buffer, [5.0, 0.0, 7.0], times=20)
    drawn = buffer.sample(60, np.random.default_rng(0))
    steps = drawn.states[:, -1, 0, 0]
    found = set(zip(steps.tolist(), drawn.rewards.tolist(), drawn.terminated.tolist(),
                    strict=True))  # fmt: skip
    assert found == {(0, 5, False), (1, 0, False), (2, 7, True)}


def test_the_four_moments_of_a_game():
    steps, q_values = 200, np.zeros((200, 2))
    q_values[7, 1] = 9.0
    distributions = np.zeros((steps, 51))
    distributions[:, 30] = 1.0
    for step, nothing in {100: 0.6, 110: 0.45, 120: 0.5, 20: 0.5}.items():
        distributions[step, [25, 30]] = nothing, 1 - nothing
    ball_seen = np.full(steps, True)
    ball_seen[120] = False  # and step 20 is far from the end of the first life
    watched = games.Watched(
        distributions, q_values, np.zeros(steps), np.array([105, 150]), ball_seen
    )
    assert games.four_moments(watched) == {
        "calm": 102, "torn": 110, "lost": 105, "rich": 7
    }  # fmt: skip


@pytest.mark.slow
def test_what_is_watched_is_a_distribution_whose_mean_is_the_q_value():
    agent, _, _ = load_agent("beyond")
    game = load_recorded_games("beyond")[0]
    watched = games.watch(agent, game)
    assert watched.points.sum() == game.score and len(watched.ends) == 5
    assert watched.distributions.shape == (len(game.actions), 51)
    means = watched.distributions @ ATOMS
    assert means == pytest.approx(watched.q_values.max(axis=1), abs=1e-3)
