"""Assignment C of the kit: the solution passes its rubric, mistakes do not."""

import importlib.util
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parent.parent / "teaching/assignment_c"
SOLUTION = (FOLDER / "solution.py").read_text(encoding="utf-8")
BLANK = (FOLDER / "my_dqn.py").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rubric() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rubric", FOLDER / "rubric.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def its_tests(rubric: ModuleType) -> dict:
    functions = inspect.getmembers(rubric, inspect.isfunction)
    return {name: test for name, test in functions if name.startswith("test_")}


def failed(rubric: ModuleType, text: str) -> set[str]:
    """The tests of the rubric, but the training, that fail for a student's text."""
    student, red = ModuleType("my_dqn"), set()
    exec(text, vars(student))
    for name, test in its_tests(rubric).items():
        if name != "test_it_plays_catch":
            try:
                test(student)
            except AssertionError:
                red.add(name)
    return red


# A mistake for each test: what stands in the solution, and what instead.
MISTAKES = {
    "the_network_gives": ("Dense(ACTIONS)", "Dense(ACTIONS, 'relu')"),
    "the_network_sees": ("Rescaling(1 / 255)", "Rescaling(1 / 255**2)"),
    "the_target_network": ("target.set_weights(online.get_weights())", "return"),
    "exploration_begins": ("step / 2_000", "step / 8_000"),
    "the_targets": ("np.where(terminated, 0, np.max(next_q, axis=1))",
                    "np.max(next_q, axis=1)"),
    "the_targets_are_right": ("np.max(next_q, axis=1)", "np.max(next_q)"),
    "a_replay_buffer_gives": (
        "np.array(state), action, reward, np.array(next_state)",
        "state, action, reward, next_state",
    ),
    "a_replay_buffer_draws": ("rng.integers(len(self.transitions), size",
                              "rng.integers(1, size"),
    "a_replay_buffer_draws_from_all": ("deque(maxlen=capacity)", "deque()"),
    "learning_moves": ("- chosen) ** 2)", "+ chosen) ** 2)"),
    "learning_bootstraps": ("target(next_states)", "online(next_states)"),
}  # fmt: skip


@pytest.mark.parametrize("test", MISTAKES)
def test_a_mistake_turns_its_test_red(test, rubric):
    right, wrong = MISTAKES[test]
    assert SOLUTION.count(right) == 1
    red = failed(rubric, SOLUTION.replace(right, wrong))
    assert any(name.startswith(f"test_{test}") for name in red), red


def test_the_solution_turns_none_red_and_the_blank_page_cannot_run(rubric):
    assert failed(rubric, SOLUTION) == set()
    with pytest.raises(NotImplementedError):
        failed(rubric, BLANK)


@pytest.mark.long
def test_the_solution_learns_catch(rubric):
    student = ModuleType("my_dqn")
    exec(SOLUTION, vars(student))
    rubric.test_it_plays_catch(student, seed=0)


def test_the_blank_page_has_the_names_of_the_solution():
    names = r"^(?:class|def|    def) (\w+)"
    wanted = re.findall(names, BLANK, re.MULTILINE)
    assert re.findall(names, SOLUTION, re.MULTILINE) == wanted


def test_the_points_of_the_rubric_are_fifteen(rubric):
    points = [int(test.__doc__[0]) for test in its_tests(rubric).values()]
    assert sum(points) == 15


def test_the_solution_is_about_sixty_lines():
    assert len([line for line in SOLUTION.splitlines() if line.strip()]) <= 65
