import importlib
import sys
import warnings

import ale_py
import gymnasium as gym
import numpy as np
import pytest
from ale_py.vector_env import AtariVectorEnv
from gymnasium.utils.env_checker import check_env
from gymnasium.wrappers import AtariPreprocessing, FrameStackObservation
from hypothesis import given, settings
from hypothesis import strategies as st

from dqn_tutorial.atari import AtariGame, AtariGames, check_game

gym.register_envs(ale_py)

SIX_GAMES = ["breakout", "pong", "ms_pacman", "qbert", "seaquest", "space_invaders"]


def random_actions(games, rng):
    return rng.integers(games.num_actions, size=games.num_games)


# Names of games


@pytest.mark.parametrize("name", SIX_GAMES)
def test_a_rom_name_is_accepted(name):
    assert check_game(name) == name


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Breakout", "breakout"),
        ("ALE/Breakout-v5", "breakout"),
        ("BreakoutNoFrameskip-v4", "breakout"),
        ("BreakoutDeterministic-v4", "breakout"),
        ("brekout", "breakout"),
        ("MsPacman", "ms_pacman"),
        ("ALE/MsPacman-v5", "ms_pacman"),
        ("space invaders", "space_invaders"),
    ],
)
def test_another_spelling_of_a_game_is_met_with_the_right_one(wrong, right):
    with pytest.raises(ValueError, match=f'did you mean "{right}"?'):
        check_game(wrong)


@pytest.mark.parametrize("name", ["", "xyzzy", None, 7])
def test_what_is_no_game_is_told_where_to_find_one(name):
    with pytest.raises(ValueError, match="get_all_rom_ids"):
        check_game(name)


def test_a_game_for_two_players_is_refused():
    with pytest.raises(ValueError, match="'combat' needs two players"):
        AtariGames("combat")


@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_text_is_a_game_or_a_value_error(name):
    try:
        assert check_game(name) == name
    except ValueError as error:
        assert repr(name) in str(error)


def test_a_missing_rom_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setenv("ALE_ROMS_DIR", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"pip install .*ale-py>=0\.12\.1"):
        AtariGames("breakout")


def test_a_damaged_rom_says_how_to_get_it(tmp_path, monkeypatch):
    (tmp_path / "breakout.bin").write_bytes(b"not a game")
    monkeypatch.setenv("ALE_ROMS_DIR", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="force-reinstall"):
        AtariGame("breakout")


def test_an_ale_without_vector_environment_says_what_to_upgrade(monkeypatch):
    monkeypatch.setitem(sys.modules, "ale_py.vector_env", None)
    monkeypatch.delitem(sys.modules, "dqn_tutorial.atari")
    with pytest.raises(ImportError, match=r"pip install --upgrade .*0\.12\.1"):
        importlib.import_module("dqn_tutorial.atari")


# Many games at once


@pytest.mark.parametrize("game", SIX_GAMES)
def test_a_lost_life_ends_an_episode_but_not_the_game(game):
    """The oracle is ALE's environment without life loss: it ends at game over only."""
    games = AtariGames(game, 2, first_seed=5)
    oracle = AtariVectorEnv(
        game, 2, noop_max=31, reward_clipping=False, use_fire_reset=False
    )
    games.reset()
    _, info = oracle.reset(seed=np.array([5, 6]))
    next_seed, lives_lost, games_over = 7, 0, 0
    lives, rng = info["lives"], np.random.default_rng(1)
    while games_over < 2:
        step = games.step(random_actions(games, rng))
        states, rewards, over, _, info = oracle.step(step.actions)
        lost = (info["lives"] < lives) & (info["lives"] > 0)
        assert np.array_equal(step.over, over)
        assert np.array_equal(step.terminated, lost | over)
        assert np.array_equal(step.rewards, rewards)
        assert np.array_equal(step.next_frames, states[:, -1])
        lives_lost, games_over = lives_lost + lost.sum(), games_over + over.sum()
        if over.any():
            new = np.arange(next_seed, next_seed + over.sum())
            next_seed += over.sum()
            states, info = oracle.reset(seed=new, options={"reset_mask": over})
        lives = info["lives"]
        assert np.array_equal(games.states, states)
    assert lives_lost >= 4 or game == "pong"  # which has no lives


def test_a_player_who_only_waits_loses_all_five_lives_of_breakout():
    games = AtariGames("breakout", 2)
    games.reset()
    noop, fire = 0, games.action_meanings.index("FIRE")
    ended, finished = 0, []
    press_fire = np.ones(2, bool)
    while len(finished) < 2:
        step = games.step(np.full(2, noop))
        assert step.actions.tolist() == np.where(press_fire, fire, noop).tolist()
        press_fire = step.terminated
        ended += step.terminated.sum()
        finished += step.finished
    assert ended == 2 * 5
    assert all(game.score == 0 and game.steps < 200 for game in finished)


def test_without_automatic_fire_breakout_stands_still():
    games = AtariGames("breakout", 1, automatic_fire=False)
    games.reset()
    steps = [games.step(np.array([0])) for _ in range(400)]
    assert not any(step.terminated[0] or step.over[0] for step in steps)
    assert [int(step.actions[0]) for step in steps] == [0] * 400


def test_without_automatic_fire_the_player_serves_and_then_must_serve_again():
    game = AtariGame("breakout", automatic_fire=False)
    game.reset(seed=0)
    fire = game.action_meanings.index("FIRE")
    infos = [game.step(fire if k == 0 else 0)[-1] for k in range(400)]
    assert [info["action"] for info in infos] == [fire] + [0] * 399
    assert sum(info["life_lost"] for info in infos) == 1


def test_a_game_without_fire_button_executes_what_is_asked():
    games = AtariGames("ms_pacman", 2)
    games.reset()
    rng = np.random.default_rng(0)
    for _ in range(100):
        actions = random_actions(games, rng)
        assert np.array_equal(games.step(actions).actions, actions)


@pytest.mark.parametrize(
    ("game", "gym_id"),
    [
        ("breakout", "ALE/Breakout-v5"),
        ("seaquest", "ALE/Seaquest-v5"),
        ("space_invaders", "ALE/SpaceInvaders-v5"),
    ],
)
def test_the_score_of_a_game_is_the_sum_of_the_emulators_rewards(game, gym_id):
    games = AtariGames(game, 1, noop_max_frames=0)
    games.reset()
    rng, actions, finished = np.random.default_rng(2), [], []
    while not finished:
        step = games.step(random_actions(games, rng))
        actions.append(int(step.actions[0]))
        finished = step.finished
    plain = gym.make(gym_id, frameskip=4, repeat_action_probability=0.0)
    plain.reset(seed=0)
    score = 0.0
    for i, action in enumerate(actions):
        _, reward, over, _, _ = plain.step(action)
        score += reward
        assert over == (i == len(actions) - 1)
    assert finished[0].score == score
    assert score > 0


def play(games, steps, seed=0):
    """The frames of a run of random actions that starts from a reset."""
    rng = np.random.default_rng(seed)
    games.reset()
    return [games.step(random_actions(games, rng)).next_frames for _ in range(steps)]


def test_the_same_seed_and_actions_play_the_same_game_again():
    for sticky in (0.0, 0.25):
        runs = [
            play(AtariGames("seaquest", 2, 9, sticky_action_probability=sticky), 100)
            for _ in range(2)
        ]
        assert np.array_equal(*runs)


def test_sticky_actions_change_the_game():
    plain = play(AtariGames("breakout", 1, 9), 100)
    sticky = play(AtariGames("breakout", 1, 9, sticky_action_probability=0.25), 100)
    assert not np.array_equal(plain, sticky)


def test_other_seeds_start_other_games():
    games = AtariGames("space_invaders", 4, noop_max_frames=30)
    games.reset()
    for _ in range(60):
        step = games.step(np.zeros(4, int))
    assert len({frame.tobytes() for frame in step.next_frames}) > 1


def test_a_game_starts_after_up_to_as_many_noops_as_asked_for():
    games = AtariGames("breakout", 1, noop_max_frames=1)  # ALE, told 1, makes none
    noops = {
        int(games._env.reset(seed=np.array([seed]))[1]["episode_frame_number"][0])
        for seed in range(12)
    }
    assert noops == {0, 1}


def test_the_first_state_holds_one_frame_and_zeros():
    games = AtariGames("seaquest", 3)
    states = games.reset()
    assert states.shape == (3, 4, 84, 84) and states.dtype == np.uint8
    assert not states[:, :3].any()
    assert states[:, 3].any(axis=(1, 2)).all()


def test_the_frame_cap_truncates_and_does_not_terminate():
    capped = AtariGames("pong", 2, max_frames_per_game=80)
    free = AtariGames("pong", 2)
    capped.reset(), free.reset()
    for i in range(20):
        step, same = (games.step(np.array([2, 3])) for games in (capped, free))
        assert step.over.tolist() == [i == 19] * 2
        assert not step.terminated.any()
        assert np.array_equal(step.next_frames, same.next_frames)  # the last one too
    assert [game.truncated for game in step.finished] == [True, True]
    assert [game.steps for game in step.finished] == [20, 20]
    assert [game.seed for game in step.finished] == [0, 1]
    assert not capped.states[:, :3].any()  # new games have begun,
    over = [capped.step(np.array([2, 3])).over.tolist() for _ in range(20)]
    assert over == [[False, False]] * 19 + [[True, True]]  # as long as the first ones


def test_a_life_lost_in_the_very_step_of_the_frame_cap_is_a_truncation():
    free = AtariGames("breakout", 1)
    free.reset()
    steps = 1
    while not free.step(np.array([0])).terminated[0]:
        steps += 1
    capped = AtariGames("breakout", 1, max_frames_per_game=4 * steps)
    capped.reset()
    for _ in range(steps):
        step = capped.step(np.array([0]))
    assert step.over[0] and not step.terminated[0]
    assert step.finished[0].truncated


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        ([4, 0], r"actions must be in 0\.\.3 \(NOOP, FIRE, RIGHT, LEFT\)"),
        ([0, -1], "must be in"),
        ([0], r"shape \(2,\)"),
        ([0.0, 1.0], "must be integers"),
    ],
)
def test_a_bad_action_is_refused_before_the_emulator_waits_for_ever(actions, message):
    games = AtariGames("breakout", 2)
    games.reset()
    with pytest.raises(ValueError, match=message):
        games.send(np.array(actions))
    assert games.step(np.array([2, 3])).rewards.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_games": 0}, "num_games must be at least 1, got 0"),
        ({"first_seed": -1}, r"first_seed must be in 0\.\.2147483647, got -1"),
        ({"first_seed": 2**31}, "first_seed"),
        ({"noop_max_frames": -1}, "noop_max_frames must be 0 or more, got -1"),
        ({"sticky_action_probability": 25}, r"must be in 0\.\.1, got 25"),
        ({"max_frames_per_game": 3}, "max_frames_per_game must be at least 4"),
    ],
)
def test_a_bad_argument_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        AtariGames("breakout", **arguments)


def test_games_go_on_from_a_snapshot_as_if_nothing_had_been():
    games = AtariGames("breakout", 3, first_seed=40, sticky_action_probability=0.25)
    rng = np.random.default_rng(3)
    games.reset()
    for _ in range(200):  # some of the games are their second or third
        games.step(random_actions(games, rng))
    again = AtariGames("breakout", 3, sticky_action_probability=0.25)
    again.restore(games.snapshot())
    assert np.array_equal(again.states, games.states)
    finished = 0
    for _ in range(100):
        actions = random_actions(games, rng)
        a, b = games.step(actions), again.step(actions)
        for ours, theirs in zip(a[:-1], b[:-1], strict=True):
            assert np.array_equal(ours, theirs)
        assert a.finished == b.finished
        assert np.array_equal(games.states, again.states)
        finished += len(a.finished)
    assert finished > 0


SELDOM = 4  # games_per_seed


def states_by_seed(games, steps):
    """The first and tenth state of each game begun in some steps of random play."""
    rng, begun = np.random.default_rng(steps), {}
    games.reset()
    for _ in range(steps):
        for g, (seed, log) in enumerate(zip(games._seeds, games._log, strict=True)):
            if len(log) in (0, 10):
                begun.setdefault(int(seed), []).append(games.states[g].copy())
        # The same buttons at first, anything later, so that only the seed matters.
        actions = random_actions(games, rng)
        early = np.array([len(log) < 10 for log in games._log])
        games.step(np.where(early, 1, actions))
    return {seed: states for seed, states in begun.items() if len(states) == 2}


def test_a_game_is_the_same_whatever_was_played_before_it_on_its_seeding():
    """Seaquest, whose first state shows how many no-ops there were."""
    options = {"max_frames_per_game": 80, "games_per_seed": SELDOM}
    games = AtariGames("seaquest", 2, SELDOM, **options)
    played = states_by_seed(games, 250)
    others = states_by_seed(AtariGames("seaquest", 3, SELDOM, **options), 130)
    common = played.keys() & others.keys()
    assert len(common) >= 16 and any(seed % SELDOM == SELDOM - 1 for seed in common)
    for seed in common:
        assert np.array_equal(played[seed], others[seed])
    first = {states[0].tobytes() for states in played.values()}
    assert len(first) > len(played) / SELDOM  # more than there are seedings


def test_seldom_seeded_games_go_on_from_a_snapshot():
    options = {"max_frames_per_game": 120, "games_per_seed": SELDOM}
    games = AtariGames("seaquest", 3, 40, **options)
    rng = np.random.default_rng(3)
    games.reset()
    for moment in range(5):  # after games of each number on their seedings
        for _ in range(31):
            games.step(random_actions(games, rng))
        again = AtariGames("seaquest", 3, **options)
        again.restore(games.snapshot())
        for _ in range(62):  # two further games
            actions = random_actions(games, rng)
            a, b = games.step(actions), again.step(actions)
            assert a.finished == b.finished
            assert np.array_equal(games.states, again.states), moment


def test_sticky_actions_need_a_seed_for_each_game():
    with pytest.raises(ValueError, match="games_per_seed=1"):
        AtariGames("pong", 1, games_per_seed=2, sticky_action_probability=0.25)


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 150), st.integers(0, 99))
def test_a_snapshot_after_any_number_of_steps_can_be_restored(steps, seed):
    games, again = (AtariGames("breakout", 2, seed) for _ in range(2))
    play(games, steps, seed)
    again.restore(games.snapshot())
    assert np.array_equal(again.states, games.states)


def test_closed_games_can_be_closed_again():
    games = AtariGames("breakout", 2)
    games.reset()
    games.close()
    games.close()


# One game, for looking


def test_one_game_is_a_proper_gymnasium_environment():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(AtariGame("breakout"), skip_render_check=True)


def noops_of(game, seed):
    """How many no-ops ALE's vector environment begins a game of this seed with."""

    def frames(noop_max):
        env = AtariVectorEnv(game, 1, noop_max=noop_max, use_fire_reset=False)
        return int(env.reset(seed=np.array([seed]))[1]["episode_frame_number"][0])

    return frames(31) - frames(0)


@pytest.mark.parametrize("game", ["breakout", "ms_pacman", "seaquest", "pooyan"])
def test_one_game_equals_the_many_of_the_vector_environment(game):
    """Every pixel in 150 steps: the largest difference is 0. Pooyan has 220 rows."""
    one, many = AtariGame(game), AtariGames(game, 1, first_seed=3)
    state, _ = one.reset(seed=3, options={"noops": noops_of(game, 3)})
    assert np.array_equal(state, many.reset()[0])
    rng = np.random.default_rng(0)
    for _ in range(150):
        actions = random_actions(many, rng)
        state, reward, game_over, _, info = one.step(int(actions[0]))
        step = many.step(actions)
        assert reward == step.rewards[0]
        assert info["action"] == step.actions[0]
        assert game_over == step.over[0]
        assert (info["life_lost"] or game_over) == step.terminated[0]
        if game_over:  # the emulators stop in mid-step and show different screens
            break
        assert np.array_equal(state, many.states[0])


@pytest.mark.parametrize(
    ("game", "gym_id"),
    [
        ("breakout", "ALE/Breakout-v5"),
        ("qbert", "ALE/Qbert-v5"),
        ("seaquest", "ALE/Seaquest-v5"),
    ],
)
def test_one_game_equals_gymnasiums_preprocessing(game, gym_id):
    one = AtariGame(game)
    state, _ = one.reset(seed=1, options={"noops": 0})
    theirs = gym.make(gym_id, frameskip=1, repeat_action_probability=0.0)
    theirs = AtariPreprocessing(theirs, noop_max=0, frame_skip=4)
    theirs = FrameStackObservation(theirs, 4, padding_type="zero")
    expected, _ = theirs.reset(seed=1)
    assert np.array_equal(state, expected)
    rng = np.random.default_rng(0)
    for _ in range(200):
        action = int(rng.integers(one.action_space.n))
        state, reward, over, _, info = one.step(action)
        expected, their_reward, their_over, _, _ = theirs.step(info["action"])
        assert (reward, over) == (their_reward, their_over)
        if over:
            break
        assert np.array_equal(state, expected)


def test_one_game_shows_the_four_screens_of_its_last_step():
    game = AtariGame("breakout")
    game.reset(seed=0)
    assert len(game.screens) == 1
    game.step(1)
    assert [screen.shape for screen in game.screens] == [(210, 160, 3)] * 4
    assert np.array_equal(game.render(), game.screens[-1])
    assert not np.array_equal(game.screens[0], game.screens[3])


def test_one_game_presses_fire_and_reports_it():
    game = AtariGame("breakout")
    game.reset(seed=0)
    executed, lost, over = [], [False], False
    while not over:
        _, _, over, _, info = game.step(0)
        executed.append(info["action"])
        lost.append(info["life_lost"])
    lost[0] = True  # the first step of the game
    assert executed == [int(fire) for fire in lost[:-1]]
    assert sum(lost) == 1 + 4  # the fifth life ends the game
    assert info["lives"] == 0


def test_one_game_draws_up_to_thirty_noops_by_its_seed():
    game = AtariGame("breakout")
    _, first = game.reset(seed=7)
    noops = [game.reset()[1]["noops"] for _ in range(150)]
    assert (min(noops), max(noops)) == (0, 30)
    assert game.reset(seed=7)[1] == first


def test_one_game_stops_at_the_frame_cap():
    game = AtariGame("pong", max_frames_per_game=40)
    game.reset(seed=0)
    outcomes = [game.step(0)[2:4] for _ in range(10)]
    assert outcomes == [(False, False)] * 9 + [(False, True)]
    with pytest.raises(RuntimeError, match=r"call reset\(\) first"):
        game.step(0)


@pytest.mark.parametrize("action", [4, -1, 1.5, None])
def test_one_game_names_a_bad_action(action):
    game = AtariGame("breakout")
    game.reset(seed=0)
    with pytest.raises(ValueError, match=r"action must be in 0\.\.3 \(NOOP, FIRE"):
        game.step(action)


def test_one_game_must_be_reset_first():
    with pytest.raises(RuntimeError, match="call reset"):
        AtariGame("breakout").step(0)
