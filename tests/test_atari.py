import importlib
import inspect
import sys
import warnings
import weakref

import ale_py
import gymnasium as gym
import numpy as np
import pytest
from ale_py import AtariEnv
from ale_py.roms import get_all_rom_ids
from ale_py.vector_env import AtariVectorEnv
from gymnasium.utils.env_checker import check_env
from gymnasium.wrappers import AtariPreprocessing, FrameStackObservation
from hypothesis import given, settings
from hypothesis import strategies as st

from dqn_tutorial import atari, atari_roms
from dqn_tutorial.atari import ParallelAtari, SingleAtari, check_game
from dqn_tutorial.atari_roms import NEEDS_TWO_PLAYERS
from dqn_tutorial.config import MAX_FRAMES, DQNConfig

gym.register_envs(ale_py)

SIX_GAMES = ["breakout", "pong", "ms_pacman", "qbert", "seaquest", "space_invaders"]


def random_actions(env, rng):
    return rng.integers(env.num_actions, size=env.num_envs)


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
        ParallelAtari("combat")


@pytest.mark.slow
@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_text_is_a_game_or_a_value_error(name):
    try:
        assert check_game(name) == name
    except ValueError as error:
        assert repr(name) in str(error)


@pytest.fixture
def folder_of_roms(tmp_path, monkeypatch):
    """Where ale-py looks for its ROMs; an empty one."""
    check_game("breakout")  # so that it knows which there should be
    monkeypatch.setattr(atari_roms.roms, "__file__", str(tmp_path / "__init__.py"))
    return tmp_path


def test_a_missing_rom_says_how_to_get_it(folder_of_roms):
    with pytest.raises(FileNotFoundError, match=r"pip install .*ale-py>=0\.12\.1"):
        ParallelAtari("breakout")


def test_a_damaged_rom_says_how_to_get_it(folder_of_roms):
    (folder_of_roms / "breakout.bin").write_bytes(b"not a game")
    with pytest.raises(FileNotFoundError, match="force-reinstall"):
        SingleAtari("breakout")


def test_a_folder_of_roms_from_former_times_is_not_looked_into(
    tmp_path, monkeypatch, capfd
):
    monkeypatch.setenv("ALE_ROMS_DIR", str(tmp_path))
    SingleAtari("breakout").close()
    ParallelAtari("breakout").close()
    assert capfd.readouterr().out == ""


def test_an_ale_without_vector_environment_says_what_to_upgrade(monkeypatch):
    monkeypatch.setitem(sys.modules, "ale_py.vector_env", None)
    monkeypatch.delitem(sys.modules, "dqn_tutorial.atari")
    with pytest.raises(ImportError, match=r"pip install --upgrade .*0\.12\.1"):
        importlib.import_module("dqn_tutorial.atari")


# Many games at once


@pytest.mark.parametrize("kind", [ParallelAtari, SingleAtari])
def test_what_is_not_said_of_a_game_is_as_in_the_settings(kind):
    said = inspect.signature(kind).parameters
    for name in (
        "noop_max_frames",
        "sticky_action_probability",
        "max_frames_per_game",
        "automatic_fire",
    ):
        assert said[name].default == getattr(DQNConfig(), name), name


def test_one_game_is_played_from_seed_0_and_each_is_seeded_unless_said_otherwise():
    env = ParallelAtari("breakout")
    assert (env.num_envs, env.first_seed, env.games_per_seed) == (1, 0, 1)


@pytest.mark.slow
@pytest.mark.parametrize("game", SIX_GAMES)
def test_a_lost_life_ends_an_episode_but_not_the_game(game):
    """The oracle is ALE's environment without life loss: it ends at game over only."""
    env = ParallelAtari(game, 2, first_seed=5)
    oracle = AtariVectorEnv(
        game, 2, noop_max=31, reward_clipping=False, use_fire_reset=False
    )
    env.reset()
    _, info = oracle.reset(seed=np.array([5, 6]))
    next_seed, lives_lost, games_over = 7, 0, 0
    lives, rng = info["lives"], np.random.default_rng(1)
    while games_over < 2:
        step = env.step(random_actions(env, rng))
        states, rewards, game_over, _, info = oracle.step(step.actions)
        lost = (info["lives"] < lives) & ~game_over
        assert np.array_equal(step.game_over, game_over)
        assert np.array_equal(step.terminated, lost | game_over)
        assert np.array_equal(step.rewards, rewards)
        assert np.array_equal(step.next_frames, states[:, -1])
        lives_lost, games_over = lives_lost + lost.sum(), games_over + game_over.sum()
        if game_over.any():
            new = np.arange(next_seed, next_seed + game_over.sum())
            next_seed += game_over.sum()
            states, info = oracle.reset(seed=new, options={"reset_mask": game_over})
        lives = info["lives"]
        assert np.array_equal(env.states, states)
    assert lives_lost >= 4 or game == "pong"  # which has no lives


FOR_ONE_PLAYER = sorted(set(get_all_rom_ids()) - NEEDS_TWO_PLAYERS)


def game_of(game, max_steps):
    """Random play beside the emulator alone; whether it came to an end."""
    env = ParallelAtari(game, 1, noop_max_frames=0)
    plain = AtariEnv(game, frameskip=4, repeat_action_probability=0.0)
    env.reset()
    _, info = plain.reset(seed=0)
    rng = np.random.default_rng(0)
    for _ in range(max_steps):
        lives = info["lives"]
        step = env.step(random_actions(env, rng))
        _, reward, over, _, info = plain.step(int(step.actions[0]))
        assert (step.rewards[0], step.game_over[0]) == (reward, over)
        assert step.terminated[0] == (over or info["lives"] < lives)
        if over:
            return True
    return False


# In the first five the last life is number 0; Adventure ends with lives left.
@pytest.mark.parametrize(
    "game",
    ["atlantis", "bank_heist", "frogger", "turmoil", "wizard_of_wor", "adventure"],
)
def test_a_game_is_over_when_the_emulator_says_so(game):
    assert game_of(game, 6_000)


@pytest.mark.long
@pytest.mark.parametrize("game", FOR_ONE_PLAYER)
def test_every_game_is_over_when_the_emulator_says_so(game):
    game_of(game, 10_000)


def test_a_player_who_only_waits_loses_all_five_lives_of_breakout():
    env = ParallelAtari("breakout", 2)
    env.reset()
    noop, fire = 0, env.action_meanings.index("FIRE")
    ended, finished = 0, []
    press_fire = np.ones(2, bool)
    while len(finished) < 2:
        step = env.step(np.full(2, noop))
        assert step.actions.tolist() == np.where(press_fire, fire, noop).tolist()
        press_fire = step.terminated
        ended += step.terminated.sum()
        finished += step.finished
    assert ended == 2 * 5
    assert all(game.score == 0 and game.steps < 200 for game in finished)


def test_without_automatic_fire_breakout_stands_still():
    env = ParallelAtari("breakout", 1, automatic_fire=False)
    env.reset()
    steps = [env.step(np.array([0])) for _ in range(400)]
    assert not any(step.terminated[0] or step.game_over[0] for step in steps)
    assert [int(step.actions[0]) for step in steps] == [0] * 400


def test_without_automatic_fire_the_player_serves_and_then_must_serve_again():
    game = SingleAtari("breakout", automatic_fire=False)
    game.reset(seed=0)
    fire = game.action_meanings.index("FIRE")
    infos = [game.step(fire if k == 0 else 0)[-1] for k in range(400)]
    assert [info["action"] for info in infos] == [fire] + [0] * 399
    assert sum(info["life_lost"] for info in infos) == 1


def test_a_game_without_fire_button_executes_what_is_asked():
    env = ParallelAtari("ms_pacman", 2)
    env.reset()
    rng = np.random.default_rng(0)
    for _ in range(100):
        actions = random_actions(env, rng)
        assert np.array_equal(env.step(actions).actions, actions)


@pytest.mark.parametrize(
    ("game", "gym_id"),
    [
        ("breakout", "ALE/Breakout-v5"),
        ("seaquest", "ALE/Seaquest-v5"),
        ("space_invaders", "ALE/SpaceInvaders-v5"),
    ],
)
def test_the_score_of_a_game_is_the_sum_of_the_emulators_rewards(game, gym_id):
    env = ParallelAtari(game, 1, noop_max_frames=0)
    env.reset()
    rng, actions, finished = np.random.default_rng(2), [], []
    while not finished:
        step = env.step(random_actions(env, rng))
        actions.append(int(step.actions[0]))
        finished = step.finished
    plain = gym.make(gym_id, frameskip=4, repeat_action_probability=0.0)
    plain.reset(seed=0)
    score = 0.0
    for i, action in enumerate(actions):
        _, reward, game_over, _, _ = plain.step(action)
        score += reward
        assert game_over == (i == len(actions) - 1)
    assert finished[0].score == score
    assert score > 0


def play(env, steps, seed=0):
    """The frames of a run of random actions that starts from a reset."""
    rng = np.random.default_rng(seed)
    env.reset()
    return [env.step(random_actions(env, rng)).next_frames for _ in range(steps)]


@pytest.mark.slow
def test_the_same_seed_and_actions_play_the_same_game_again():
    for sticky in (0.0, 0.25):
        runs = [
            play(ParallelAtari("seaquest", 2, 9, sticky_action_probability=sticky), 100)
            for _ in range(2)
        ]
        assert np.array_equal(*runs)


def test_sticky_actions_change_the_game():
    plain = play(ParallelAtari("breakout", 1, 9), 100)
    sticky = play(ParallelAtari("breakout", 1, 9, sticky_action_probability=0.25), 100)
    assert not np.array_equal(plain, sticky)


def test_other_seeds_start_other_games():
    env = ParallelAtari("space_invaders", 4, noop_max_frames=30)
    env.reset()
    for _ in range(60):
        step = env.step(np.zeros(4, int))
    assert len({frame.tobytes() for frame in step.next_frames}) > 1


@pytest.mark.slow
def test_a_game_starts_after_up_to_as_many_noops_as_asked_for():
    env = ParallelAtari("breakout", 1, noop_max_frames=1)  # ALE, told 1, makes none
    noops = {
        int(env._env.reset(seed=np.array([seed]))[1]["episode_frame_number"][0])
        for seed in range(12)
    }
    assert noops == {0, 1}


def test_the_first_state_holds_one_frame_and_zeros():
    env = ParallelAtari("seaquest", 3)
    states = env.reset()
    assert states.shape == (3, 4, 84, 84) and states.dtype == np.uint8
    assert not states[:, :3].any()
    assert states[:, 3].any(axis=(1, 2)).all()


@pytest.mark.slow
def test_the_frame_cap_truncates_and_does_not_terminate():
    capped = ParallelAtari("pong", 2, max_frames_per_game=80)
    free = ParallelAtari("pong", 2)
    capped.reset(), free.reset()
    for i in range(20):
        step, same = (env.step(np.array([2, 3])) for env in (capped, free))
        assert step.game_over.tolist() == [i == 19] * 2
        assert not step.terminated.any()
        assert np.array_equal(step.next_frames, same.next_frames)  # the last one too
    assert [game.truncated for game in step.finished] == [True, True]
    assert [game.steps for game in step.finished] == [20, 20]
    assert [game.seed for game in step.finished] == [0, 1]
    assert not capped.states[:, :3].any()  # new games have begun,
    game_over = [capped.step(np.array([2, 3])).game_over.tolist() for _ in range(20)]
    assert game_over == [[False, False]] * 19 + [
        [True, True]
    ]  # as long as the first ones


def test_a_life_lost_in_the_very_step_of_the_frame_cap_is_a_truncation():
    free = ParallelAtari("breakout", 1)
    free.reset()
    steps = 1
    while not free.step(np.array([0])).terminated[0]:
        steps += 1
    capped = ParallelAtari("breakout", 1, max_frames_per_game=4 * steps)
    capped.reset()
    for _ in range(steps):
        step = capped.step(np.array([0]))
    assert step.game_over[0] and not step.terminated[0]
    assert step.finished[0].truncated


@pytest.mark.parametrize("max_frames, steps", [(4, 1), (5, 2), (8, 2), (9, 3)])
def test_a_game_is_cut_off_in_the_step_in_which_it_reaches_its_last_frame(
    max_frames, steps
):
    many = ParallelAtari("pong", 1, max_frames_per_game=max_frames)
    one = SingleAtari("pong", max_frames_per_game=max_frames)
    many.reset(), one.reset(seed=0)
    for step in range(1, steps + 1):
        over = many.step(np.array([0])).game_over[0], one.step(0)[3]
        assert over == (step == steps, step == steps)


def test_the_emulators_are_set_no_limit_of_frames(monkeypatch):
    asked = {}

    def ask(game, num_envs, **options):
        asked.update(options)
        raise InterruptedError

    monkeypatch.setattr(atari, "AtariVectorEnv", ask)
    with pytest.raises(InterruptedError):
        ParallelAtari("breakout", 2)
    assert asked["max_num_frames_per_episode"] > 100 * MAX_FRAMES  # we count them


def test_lives_won_in_one_game_are_not_lost_in_the_first_step_of_the_next():
    env = ParallelAtari("breakout", 1)
    env._lives[:] = 9  # as in a game that was cut off when it had won some
    env.reset()
    assert not env.step(np.array([0])).terminated[0]


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
    env = ParallelAtari("breakout", 2)
    env.reset()
    with pytest.raises(ValueError, match=message):
        env.send(np.array(actions))
    assert env.step(np.array([2, 3])).rewards.tolist() == [0.0, 0.0]


BAD_OF_A_GAME = [  # options of one game and of many
    ({"noop_max_frames": -1}, "noop_max_frames must be not negative, got -1"),
    ({"sticky_action_probability": 25}, "must be between 0 and 1, got 25"),
    ({"max_frames_per_game": 3}, "max_frames_per_game must be at least 4"),
]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_envs": 0}, "num_envs must be positive, got 0"),
        ({"first_seed": -1}, r"first_seed must be in 0\.\.2147483647, got -1"),
        ({"first_seed": 2**31}, "first_seed"),
        *BAD_OF_A_GAME,
    ],
)
def test_a_bad_argument_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        ParallelAtari("breakout", **arguments)


def test_the_last_seed_that_the_emulator_takes_begins_a_game():
    env = ParallelAtari("pong", 1, first_seed=2**31 - 1)
    assert env.reset()[0, 3].any()


@pytest.mark.parametrize(("arguments", "message"), BAD_OF_A_GAME)
def test_one_game_names_a_bad_argument(arguments, message):
    with pytest.raises(ValueError, match=message):
        SingleAtari("breakout", **arguments)


@pytest.mark.slow
def test_games_go_on_from_a_snapshot_as_if_nothing_had_been():
    env = ParallelAtari("breakout", 3, first_seed=40, sticky_action_probability=0.25)
    rng = np.random.default_rng(3)
    env.reset()
    for _ in range(200):  # some of the games are their second or third
        env.step(random_actions(env, rng))
    again = ParallelAtari("breakout", 3, sticky_action_probability=0.25)
    again.restore(env.snapshot())
    assert np.array_equal(again.states, env.states)
    finished = 0
    for _ in range(100):
        actions = random_actions(env, rng)
        a, b = env.step(actions), again.step(actions)
        for ours, theirs in zip(a[:-1], b[:-1], strict=True):
            assert np.array_equal(ours, theirs)
        assert a.finished == b.finished
        assert np.array_equal(env.states, again.states)
        finished += len(a.finished)
    assert finished > 0


SELDOM = 4  # games_per_seed


def states_by_seed(env, steps):
    """The first and tenth state of each game begun in some steps of random play."""
    rng, begun = np.random.default_rng(steps), {}
    env.reset()
    for _ in range(steps):
        for g, (seed, log) in enumerate(zip(env._seeds, env._log, strict=True)):
            if len(log) in (0, 10):
                begun.setdefault(int(seed), []).append(env.states[g].copy())
        # The same buttons at first, anything later, so that only the seed matters.
        actions = random_actions(env, rng)
        early = np.array([len(log) < 10 for log in env._log])
        env.step(np.where(early, 1, actions))
    return {seed: states for seed, states in begun.items() if len(states) == 2}


def state_of(seed, actions=()):
    """The state that ALE shows in a game of Seaquest, after some of its actions.

    The game is the (seed % SELDOM)-th of those that an emulator plays on one seeding.
    """
    emulator = AtariVectorEnv(
        "seaquest", 1, noop_max=31, reward_clipping=False, use_fire_reset=False
    )
    states, _ = emulator.reset(seed=np.array([seed // SELDOM]))
    for _ in range(seed % SELDOM):
        states, _ = emulator.reset()
    for action in actions:
        states, *_ = emulator.step(np.array([action]))
    return states[0]


class Seedings:
    """Stands before an emulator and notes when it is seeded, and with what."""

    def __init__(self, emulator):
        self.emulator, self.told = emulator, []

    def reset(self, *, seed, options):
        self.told.append(None if seed is None else seed.tolist())
        return self.emulator.reset(seed=seed, options=options)

    def __getattr__(self, name):
        return getattr(self.emulator, name)


QUICK = {"max_frames_per_game": 8, "automatic_fire": False, "games_per_seed": SELDOM}


def test_an_emulator_is_seeded_once_for_the_games_that_share_a_seeding():
    env = ParallelAtari("seaquest", 1, SELDOM, **QUICK)
    env._env = seedings = Seedings(env._env)
    env.reset()
    begun = [env.states[0]]
    while len(begun) < 6:  # two steps each
        env.step(np.array([0]))
        if env.step(np.array([0])).game_over[0]:
            begun.append(env.states[0])
    assert seedings.told == [[1], None, None, None, [2], None]
    for seed, state in enumerate(begun, start=SELDOM):
        assert np.array_equal(state, state_of(seed)), seed


def test_games_of_any_number_on_their_seedings_are_restored():
    seeds, logs = [6, 13, 8], [[2], [], [3]]
    env = ParallelAtari("seaquest", 3, **QUICK)
    env.reset()
    env.restore(
        {
            "next_seed": np.array(16),
            "seeds": np.array(seeds),
            "log_lengths": np.array([1, 0, 1]),
            "log": np.array([2, 3], np.uint8),
            "states": np.stack([*map(state_of, seeds, logs)]),
        }
    )
    env.step(np.array([0, 0, 0]))  # the last of the games with seeds 6 and 8
    for state, seed in zip(env.states, (7, 13, 9), strict=True):
        log = [0] if seed == 13 else []
        assert np.array_equal(state, state_of(seed, log)), seed


@pytest.mark.slow
def test_a_game_is_the_same_whatever_was_played_before_it_on_its_seeding():
    """Seaquest, whose first state shows how many no-ops there were."""
    options = {"max_frames_per_game": 80, "games_per_seed": SELDOM}
    env = ParallelAtari("seaquest", 2, SELDOM, **options)
    played = states_by_seed(env, 250)
    others = states_by_seed(ParallelAtari("seaquest", 3, SELDOM, **options), 130)
    common = played.keys() & others.keys()
    assert len(common) >= 16 and any(seed % SELDOM == SELDOM - 1 for seed in common)
    for seed in common:
        assert np.array_equal(played[seed], others[seed])
    first = {states[0].tobytes() for states in played.values()}
    assert len(first) > len(played) / SELDOM  # more than there are seedings


@pytest.mark.slow
def test_seldom_seeded_games_go_on_from_a_snapshot():
    options = {"max_frames_per_game": 120, "games_per_seed": SELDOM}
    env = ParallelAtari("seaquest", 3, 40, **options)
    rng = np.random.default_rng(3)
    env.reset()
    for moment in range(5):  # after games of each number on their seedings
        for _ in range(31):
            env.step(random_actions(env, rng))
        again = ParallelAtari("seaquest", 3, **options)
        again.restore(env.snapshot())
        for _ in range(62):  # two further games
            actions = random_actions(env, rng)
            a, b = env.step(actions), again.step(actions)
            assert a.finished == b.finished
            assert np.array_equal(env.states, again.states), moment


def test_sticky_actions_need_a_seed_for_each_game():
    with pytest.raises(ValueError, match="games_per_seed=1"):
        ParallelAtari("pong", 1, games_per_seed=2, sticky_action_probability=0.25)


@pytest.mark.slow
@settings(max_examples=2, deadline=None)
@given(st.integers(0, 150), st.integers(0, 99))
def test_a_snapshot_after_any_number_of_steps_can_be_restored(steps, seed):
    env, again = (ParallelAtari("breakout", 2, seed) for _ in range(2))
    play(env, steps, seed)
    again.restore(env.snapshot())
    assert np.array_equal(again.states, env.states)


def test_closed_games_free_their_emulators_and_can_be_closed_again():
    env = ParallelAtari("breakout", 2)
    env.reset()
    emulators = weakref.ref(env._env)
    env.close()
    assert emulators() is None
    env.close()


def test_one_game_that_is_closed_closes_its_emulator(monkeypatch):
    game, closed = SingleAtari("breakout"), []
    monkeypatch.setattr(game._env, "close", lambda: closed.append(True))
    game.close()
    assert closed == [True]


# One game, for looking


def test_one_game_begins_without_a_banner_and_shows_steps_at_the_speed_of_the_game(
    capfd,
):
    ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Info)
    game = SingleAtari("breakout")
    assert capfd.readouterr() == ("", "")
    assert game.metadata["render_fps"] * 4 == 60  # frames of an Atari in a second


def test_one_game_with_sticky_actions_is_the_same_again_for_its_seed():
    def screens(seed):
        game, rng = SingleAtari("pong", sticky_action_probability=0.5), range(40)
        game.reset(seed=seed, options={"noops": 0})
        return [game.step(2 + number % 3 % 2)[0][-1] for number in rng]

    once, again, other = screens(9), screens(9), screens(10)
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


def test_one_game_makes_no_more_noops_than_asked_for():
    game = SingleAtari("pong", noop_max_frames=1)
    game.reset(seed=0)
    assert {game.reset()[1]["noops"] for _ in range(20)} == {0, 1}


def test_one_game_is_a_proper_gymnasium_environment():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(SingleAtari("breakout"), skip_render_check=True)


def noops_of(game, seed):
    """How many no-ops ALE's vector environment begins a game of this seed with."""

    def frames(noop_max):
        env = AtariVectorEnv(game, 1, noop_max=noop_max, use_fire_reset=False)
        return int(env.reset(seed=np.array([seed]))[1]["episode_frame_number"][0])

    return frames(31) - frames(0)


@pytest.mark.parametrize("game", ["breakout", "ms_pacman", "seaquest", "pooyan"])
def test_one_game_equals_the_many_of_the_vector_environment(game):
    """Every pixel in 150 steps: the largest difference is 0. Pooyan has 220 rows."""
    one, many = SingleAtari(game), ParallelAtari(game, 1, first_seed=3)
    state, _ = one.reset(seed=3, options={"noops": noops_of(game, 3)})
    assert np.array_equal(state, many.reset()[0])
    rng = np.random.default_rng(0)
    for _ in range(150):
        actions = random_actions(many, rng)
        state, reward, game_over, _, info = one.step(int(actions[0]))
        step = many.step(actions)
        assert reward == step.rewards[0]
        assert info["action"] == step.actions[0]
        assert game_over == step.game_over[0]
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
    one = SingleAtari(game)
    state, _ = one.reset(seed=1, options={"noops": 0})
    theirs = gym.make(gym_id, frameskip=1, repeat_action_probability=0.0)
    theirs = AtariPreprocessing(theirs, noop_max=0, frame_skip=4)
    theirs = FrameStackObservation(theirs, 4, padding_type="zero")
    expected, _ = theirs.reset(seed=1)
    assert np.array_equal(state, expected)
    rng = np.random.default_rng(0)
    for _ in range(200):
        action = int(rng.integers(one.action_space.n))
        state, reward, game_over, _, info = one.step(action)
        expected, their_reward, their_over, _, _ = theirs.step(info["action"])
        assert (reward, game_over) == (their_reward, their_over)
        if game_over:
            break
        assert np.array_equal(state, expected)


def test_one_game_shows_the_four_screens_of_its_last_step():
    game = SingleAtari("breakout")
    game.reset(seed=0)
    assert len(game.screens) == 1
    game.step(1)
    assert [screen.shape for screen in game.screens] == [(210, 160, 3)] * 4
    assert np.array_equal(game.render(), game.screens[-1])
    assert not np.array_equal(game.screens[0], game.screens[3])


def test_one_game_presses_fire_and_reports_it():
    game = SingleAtari("breakout")
    game.reset(seed=0)
    executed, lost, game_over = [], [False], False
    while not game_over:
        _, _, game_over, _, info = game.step(0)
        executed.append(info["action"])
        lost.append(info["life_lost"])
    lost[0] = True  # the first step of the game
    assert executed == [int(fire) for fire in lost[:-1]]
    assert sum(lost) == 1 + 4  # the fifth life ends the game
    assert info["lives"] == 0


@pytest.mark.slow
def test_one_game_draws_up_to_thirty_noops_by_its_seed():
    game = SingleAtari("breakout")
    _, first = game.reset(seed=7)
    noops = [game.reset()[1]["noops"] for _ in range(150)]
    assert (min(noops), max(noops)) == (0, 30)
    assert game.reset(seed=7)[1] == first


def test_one_game_stops_at_the_frame_cap():
    game = SingleAtari("pong", max_frames_per_game=40)
    game.reset(seed=0)
    outcomes = [game.step(0)[2:4] for _ in range(10)]
    assert outcomes == [(False, False)] * 9 + [(False, True)]
    with pytest.raises(RuntimeError, match=r"call reset\(\) first"):
        game.step(0)


@pytest.mark.parametrize("action", [4, -1, 1.5, None])
def test_one_game_names_a_bad_action(action):
    game = SingleAtari("breakout")
    game.reset(seed=0)
    with pytest.raises(ValueError, match=r"action must be in 0\.\.3 \(NOOP, FIRE"):
        game.step(action)


def test_one_game_must_be_reset_first():
    with pytest.raises(RuntimeError, match="call reset"):
        SingleAtari("breakout").step(0)
