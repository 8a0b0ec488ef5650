"""Checks for the exercises of notebook 05; see `checks` for what a check is."""

import numpy as np

from dqn_tutorial.lessons.checks import NOT_ATTEMPTED, as_number, is_blank


def check_05_frames_between_copies(answer) -> None:
    """Notebook 05: emulator frames, of all games, from one target sync to the next.

    Args:
        answer: for 8 games at once, an update every 10 steps (of all games together),
            a target sync every 1,000 updates and 4 frames a step.
    """
    if is_blank(answer):
        print(NOT_ATTEMPTED)
        return
    value = as_number(answer)
    mistakes = {  # what a wrong way of counting arrives at
        1_000: "That counts updates.",
        10_000: "That counts steps. Each step is some emulator frames.",
        4_000: "You took one update for one step; there are more steps than updates.",
        400: "There are more steps than updates, so multiply by 10.",
        100: "There are more steps than updates, so multiply by 10.",
        320_000: "Steps are counted over all 8 games already.",
        80_000: "Steps are counted over all 8 games already, and frames are asked for.",
        5_000: "That is what one game plays. The question is about all of them.",
        1_250: "Those are the steps of one game; asked for: frames of all games.",
    }
    if value is None:
        print("The answer must be a number, like 100.")
    elif value == 40_000:
        print("Right: from updates to steps, from steps to frames.")
    else:
        hint = mistakes.get(value, "Go from updates to steps, then to frames.")
        print(f"Not yet. {hint}")


def check_05_soft_sync(function) -> None:
    """Notebook 05: `function(online, target, tau)` mixes two lists of weights."""

    def weights():  # fresh ones: some answers change what they are given
        online = [np.array([[4.0, 8.0]]), np.array([0.0])]
        return online, [np.array([[0.0, 4.0]]), np.array([-4.0])]

    online, target = weights()
    if is_blank(function) or is_blank(mixed := function(online, target, 0.25)):
        print(NOT_ATTEMPTED)
        return
    expected, swapped = [[[1.0, 5.0]], [-3.0]], [[[3.0, 7.0]], [-1.0]]
    kept = all(map(_same_arrays, (online, target), weights()))
    if not kept:
        print("Not yet: it changes the arrays it was given. Return new ones.")
    elif not isinstance(mixed, list | tuple) or len(mixed) != 2:
        print("Not yet: return a list with one array for each array of the target.")
    elif _same_arrays(mixed, expected):
        print("Right: the target follows slowly, and is never quite the same.")
    elif _same_arrays(mixed, swapped):
        print("Nearly: the shares are the wrong way round. tau is the online share.")
    elif _same_arrays(mixed, [[[4.0, 12.0]], [-4.0]]):
        print("Not yet: the two shares must add up to 1.")
    elif _same_arrays(mixed, online):
        print("Not yet: that is a whole copy; only a share tau of it is wanted.")
    else:
        print("Not yet: for each array, a share tau of online, the rest of target.")


def check_05_silent_bug(function) -> None:
    """Notebook 05: `function` gives the TD error of each transition.

    Args:
        function: of rewards, terminated, next_q_values, q_values, actions, discount.
    """
    if is_blank(function):
        print(NOT_ATTEMPTED)
        return
    rng = np.random.default_rng(0)
    rewards, terminated = np.array([0.0, 1.0, -1.0, 0.0]), np.arange(4) == 2
    next_q, q = rng.uniform(-2, 2, (2, 4, 3)).round(2)
    actions, discount = np.array([2, 0, 1, 1]), 0.5
    answer = function(rewards, terminated, next_q, q, actions, discount)
    if is_blank(answer):
        print(NOT_ATTEMPTED)
        return
    best = next_q.max(axis=1)
    chosen = q[np.arange(4), actions]
    expected = rewards + discount * best * ~terminated - chosen
    of_all = rewards + discount * next_q.max() * ~terminated - chosen
    mistakes = [
        (of_all, "The bug is still there. Give it one transition, then two: where "
         "does the second change the first?"),
        (-expected, "The sign is turned: it is the target minus Q(s, a)."),
        (rewards + discount * best - chosen, "It hopes for a future after the end."),
        (rewards + discount * best * ~terminated - q.max(axis=1),
         "That compares with the best action, not with the one that was taken."),
        (rewards + best * ~terminated - chosen, "The discount is missing."),
    ]  # fmt: skip
    if np.shape(answer) != (4,):
        print(
            f"Not yet: 4 transitions have 4 errors, shape (4,), and yours have shape "
            f"{np.shape(answer)}."
        )
    elif np.allclose(answer, expected):
        print("Right: each transition has its own target.")
    else:
        known = [text for wrong, text in mistakes if np.allclose(answer, wrong)]
        print("Not yet. " + (known or ["Work out one transition by hand."])[0])


def _same_arrays(some, others) -> bool:
    return len(some) == len(others) and all(
        np.shape(a) == np.shape(b) and np.allclose(a, b)
        for a, b in zip(some, others, strict=True)
    )
