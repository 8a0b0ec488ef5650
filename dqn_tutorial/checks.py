"""Checks for the exercises: each tells a student, kindly, what their answer shows.

A check takes the student's value or function, tries it, prints one sentence and never
shows the answer. `None` or `...`, and a function that returns either, counts as not
attempted: the notebook still runs.
"""

import numpy as np

from dqn_tutorial.preprocessing import (
    greyscale,
    max_over_two_frames,
    resize,
    stack_frames,
)
from dqn_tutorial.q_table import q_learning_update

NOT_ATTEMPTED = "Not attempted yet: fill in the cell above, then run this one again."


def _is_blank(value) -> bool:
    return value is None or value is ...


def _number(value) -> float | None:
    """A student's number, or None if it is not one."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _near(value: float, expected: float) -> bool:
    return abs(value - expected) < 1e-6


def check_01_two_updates(not_over, over) -> None:
    """Notebook 01: Q(s, a) = 0.4 after one update by hand, twice.

    Args:
        not_over: the new value when the game goes on, with reward 0 and the next
            state's Q-values 0.1, -0.3 and 0.6; discount 0.5, learning rate 0.25.
        over: the new value when the step ends the game instead, with reward -1.
    """
    if _is_blank(not_over) or _is_blank(over):
        print(NOT_ATTEMPTED)
        return
    first, second = _number(not_over), _number(over)
    mistakes = {  # what a wrong way of counting arrives at
        0.3: "That is the target. The update goes only a part of the way to it.",
        -0.025: "That is the change. Add it to the old value, 0.4.",
        0.45: "You have left out the discount.",
        0.3167: "That is the mean of the next Q-values at work; it takes the best.",
        0.475: "You have added the discounted best value to the old one; subtract "
        "the old value first.",
    }
    if first is None or second is None:
        print("Both answers must be numbers, like 0.25.")
    elif not _near(first, 0.375):
        known = [text for value, text in mistakes.items() if abs(first - value) < 1e-3]
        hint = known[0] if known else "Target, then TD error, then a part of the error."
        print(f"The first update is not right yet. {hint}")
    elif not _near(second, 0.05):
        after = "There is no next state to hope for when the game is over."
        print(f"The first update is right, the second not yet. {after}")
    else:
        print("Both are right: you can do what train() does, 45,000 times over.")


def check_01_discounted_return(function) -> None:
    """Notebook 01: `function(rewards, discount)` is the discounted return."""
    if _is_blank(function) or _is_blank(function([1.0], 0.5)):
        print(NOT_ATTEMPTED)
        return
    # rewards, discount, and the return worked by hand
    cases = [
        ([3.0], 0.5, 3.0, "The first reward is not discounted at all."),
        ([1.0, 1.0, 1.0], 0.5, 1.75, "Each later reward is discounted once more."),
        ([0.0, 0.0, 8.0], 0.5, 2.0, "Each later reward is discounted once more."),
        ([1.0, 2.0, 3.0], 1.0, 6.0, "With discount 1 it is the sum."),
        ([1.0, 2.0, 3.0], 0.0, 1.0, "With discount 0 only the first reward counts."),
    ]
    for rewards, discount, expected, hint in cases:
        value = _number(function(list(rewards), discount))
        if value is None or not _near(value, expected):
            print(
                f"Not yet: for rewards {rewards} and discount {discount} it must not "
                f"be {value}. {hint}"
            )
            return
    print("Right, for every list of rewards we tried.")


def check_01_silent_bug(update) -> None:
    """Notebook 01: `update` does to the table what `q_learning_update` does."""
    if _is_blank(update):
        print(NOT_ATTEMPTED)
        return
    rng = np.random.default_rng(0)
    for terminated in [False, True] * 10:
        before = rng.uniform(-1, 1, (3, 2))
        right, theirs = before.copy(), before.copy()
        transition = (0, 1, 1.0, 2, terminated, 0.5, 0.9)
        q_learning_update(right, *transition)
        answer = update(theirs, *transition)
        if _is_blank(answer) and np.array_equal(theirs, before):
            print(NOT_ATTEMPTED)
            return
        if np.argwhere(theirs != before).tolist() != [[0, 1]]:
            print("Not yet: it must change q[state, action] and no other cell.")
            return
        if not np.allclose(theirs, right):
            when = "ends the game" if terminated else "does not end the game"
            print(
                f"Not yet: it is wrong after a step that {when}. What is there still "
                f"to win after such a step, and does your target count it?"
            )
            return
    print("Mended: right after ordinary steps and after the one that ends the game.")


def check_05_frames_between_copies(answer) -> None:
    """Notebook 05: emulator frames, of all games, from one target sync to the next.

    Args:
        answer: for 8 games at once, an update every 10 steps (of all games together),
            a target sync every 1,000 updates and 4 frames a step.
    """
    if _is_blank(answer):
        print(NOT_ATTEMPTED)
        return
    value = _number(answer)
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
    if _is_blank(function) or _is_blank(mixed := function(online, target, 0.25)):
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
    if _is_blank(function):
        print(NOT_ATTEMPTED)
        return
    rng = np.random.default_rng(0)
    rewards, terminated = np.array([0.0, 1.0, -1.0, 0.0]), np.arange(4) == 2
    next_q, q = rng.uniform(-2, 2, (2, 4, 3)).round(2)
    actions, discount = np.array([2, 0, 1, 1]), 0.5
    answer = function(rewards, terminated, next_q, q, actions, discount)
    if _is_blank(answer):
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
        print("Mended: each transition has its own target.")
    else:
        known = [text for wrong, text in mistakes if np.allclose(answer, wrong)]
        print("Not yet. " + (known or ["Work out one transition by hand."])[0])


def _same_arrays(some, others) -> bool:
    return len(some) == len(others) and all(
        np.shape(a) == np.shape(b) and np.allclose(a, b)
        for a, b in zip(some, others, strict=True)
    )


def check_02_state_in_numbers(bytes_of_a_state, actions_a_second) -> None:
    """Notebook 02: the bytes of a (4, 84, 84) uint8 state; actions at 60 frames a s."""
    if _is_blank(bytes_of_a_state) or _is_blank(actions_a_second):
        print(NOT_ATTEMPTED)
        return
    size, actions = _number(bytes_of_a_state), _number(actions_a_second)
    sizes = {
        7_056: "That is one frame. A state holds four.",
        112_896: "That counts four bytes a pixel, as for float32; a uint8 takes one.",
        100_800: "That is one screen in colour, before preprocessing.",
        403_200: "That is four screens in colour, before preprocessing.",
    }
    rates = {
        60: "That many frames are drawn; an action lasts for four of them.",
        240: "An action lasts for four frames, so there are fewer actions than frames.",
        4: "That is how many frames one action lasts.",
    }
    if size is None or actions is None:
        print("Both answers must be numbers, like 100.")
    elif not _near(size, 28_224):
        hint = sizes.get(size, "Multiply the three sides; how many bytes is a uint8?")
        print(f"The bytes are not right yet. {hint}")
    elif not _near(actions, 15):
        hint = rates.get(actions, "How many frames pass in one action?")
        print(f"The bytes are right, the actions not yet. {hint}")
    else:
        print("Both are right. Keep the first number in mind for notebook 4.")


def _frame_mistakes(screens) -> list[tuple[np.ndarray, str]]:
    """Frames that a wrong order or choice of steps arrives at, each with its hint."""
    grey = [greyscale(screen) for screen in screens]
    small = [resize(frame) for frame in grey]
    return [
        (small[-1], "You use the last screen alone, so what flickers can be missing."),
        (resize(np.maximum.reduce(grey)), "The maximum goes over two screens only."),
        (resize(grey[2] // 2 + grey[3] // 2), "A mean makes what flickers dim."),
        (resize(np.maximum(grey[0], grey[1])), "Take the last two screens."),
        (np.maximum(small[2], small[3]), "The maximum comes before the resize."),
    ]


def check_02_step(function) -> None:
    """Notebook 02: four screens and rewards of a step become a frame and a reward."""
    screens = list(np.random.default_rng(0).integers(0, 256, (4, 210, 160, 3), "u1"))
    answer = None if _is_blank(function) else function(screens, [0.0, 0.0, 0.0, 0.0])
    if _is_blank(answer):
        print(NOT_ATTEMPTED)
        return
    if not isinstance(answer, tuple) or len(answer) != 2:
        print("Not yet: return two things, the frame and the reward.")
        return
    right = resize(max_over_two_frames(greyscale(screens[2]), greyscale(screens[3])))
    frame = np.asarray(answer[0])
    if frame.shape != right.shape:
        print(f"Not yet: the frame must have shape (84, 84), yours has {frame.shape}.")
        return
    if not np.array_equal(frame, right):
        known = [
            hint for wrong, hint in _frame_mistakes(screens) if (frame == wrong).all()
        ]
        hint = known[0] if known else "Greyscale, maximum, resize: in this order."
        print(f"Not yet: the frame differs from ours. {hint}")
        return
    # rewards of four frames, and the clipped reward of the step, by hand
    for rewards, expected in [
        ([0.0, 7.0, 0.0, 0.0], 1.0),
        ([1.0, 0.0, 1.0, 0.0], 1.0),
        ([4.0, -1.0, 0.0, 0.0], 1.0),
        ([0.0, -200.0, 0.0, 0.0], -1.0),
    ]:
        reward = _number(function(screens, rewards)[1])
        if reward is None or not _near(reward, expected):
            print(
                f"The frame is right, the reward not yet: rewards {rewards} must not "
                f"give {reward}. First all four rewards of the step, then the clip."
            )
            return
    print("Right: that is one step of the emulator, as the learner sees it.")


def check_02_silent_bug(function) -> None:
    """Notebook 02: `function(screens)` is the state that a list of screens ends in."""
    screens = list(np.random.default_rng(0).integers(0, 256, (6, 210, 160, 3), "u1"))
    answer = None if _is_blank(function) else function(screens[:4])
    if _is_blank(answer):
        print(NOT_ATTEMPTED)
        return
    for shown in (screens[:4], screens, screens[:2]):
        right = stack_frames([resize(greyscale(screen)) for screen in shown])
        state = np.asarray(function(shown))
        if np.array_equal(state, right):
            continue
        if state.shape != right.shape:
            hint = f"The state must have shape (4, 84, 84), yours has {state.shape}."
        elif (state == state[-1]).all():
            hint = "All four frames are still the same picture. What is in the list?"
        elif np.array_equal(state[::-1], right):
            hint = "The newest frame must come last."
        else:
            hint = (
                "Every screen needs a frame of its own; let stack_frames do the rest."
            )
        print(f"Not yet, with {len(shown)} screens. {hint}")
        return
    print("Mended: four screens, four different frames, oldest first.")


def check_03_conv_cost(conv_cost) -> None:
    """Notebook 03: `conv_cost` gives the side and the parameters of a convolution."""
    if _is_blank(conv_cost):
        print(NOT_ATTEMPTED)
        return
    cases = [(84, 4, 16, 8, 4), (20, 16, 32, 4, 2), (9, 64, 64, 3, 1), (21, 3, 5, 4, 3)]
    for side, channels, filters, kernel, stride in cases:
        call = f"conv_cost({side}, {channels}, {filters}, {kernel}, {stride})"
        answer = conv_cost(side, channels, filters, kernel, stride)
        if _is_blank(answer):
            print(NOT_ATTEMPTED)
            return
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            print(f"Not yet: {call} should return two numbers: side and parameters.")
            return
        weights = kernel * kernel * channels * filters
        hints = {
            (side - kernel) // stride: "one place is missing: the first one counts too",
            -(-side // stride): "that is SAME; with VALID the filter stays inside",
            (side - kernel) / stride + 1: "a filter that does not fit does not count",
        }
        if answer[0] != (side - kernel) // stride + 1:
            hint = hints.get(answer[0], "where does the filter start, and where last?")
            print(f"Not yet: the side that {call} gives is {answer[0]}: {hint}.")
            return
        hints = {
            weights: "each filter has a bias too",
            kernel * kernel * filters + filters: "a filter is as deep as the picture",
            weights + 1: "not one bias in all, but one for each filter",
        }
        if answer[1] != weights + filters:
            hint = hints.get(answer[1], "what has one filter, and how many are there?")
            print(f"Not yet: the parameters that {call} gives are {answer[1]}: {hint}.")
            return
    print("Right, for four layers, and one of them has a remainder.")


def check_03_best_action_share(share) -> None:
    """Notebook 03: the best of 18 actions is taken with 1 - 0.2 + 0.2 / 18."""
    if _is_blank(share):
        print(NOT_ATTEMPTED)
        return
    number = _number(share)
    if number is None:
        print(f"Not yet: a number is wanted, got {share!r}.")
    elif abs(number - (0.8 + 0.2 / 18)) < 6e-4:
        print("Right: exploring finds the best action too, one time in 18.")
    elif _near(number, 0.8):
        print("Not yet: that is without the times when the lot falls on the best one.")
    elif abs(number - 0.2 / 18) < 6e-4:
        print("Not yet: that is the probability of each action that is not the best.")
    elif abs(number - 0.85) < 6e-4:
        print("Not yet: that would be right for four actions.")
    elif number > 1:
        print("Not yet: a probability is between 0 and 1.")
    else:
        print("Not yet: add up two ways to the best action, to exploit and to explore.")


def check_03_silent_bug(channels_last) -> None:
    """Notebook 03: `channels_last` moves the frames behind rows and columns."""
    if _is_blank(channels_last):
        print(NOT_ATTEMPTED)
        return
    state = np.random.default_rng(0).integers(0, 256, (4, 84, 84), dtype=np.uint8)
    right = np.stack(list(state), axis=-1)
    answer = channels_last(state.copy())
    if _is_blank(answer):
        print(NOT_ATTEMPTED)
        return
    answer = np.asarray(answer)
    if answer.shape != right.shape:
        print(f"Not yet: the shape should be (84, 84, 4), it is {answer.shape}.")
    elif answer.dtype != np.uint8:
        print(f"Not yet: bytes should stay uint8, they have become {answer.dtype}.")
    elif np.array_equal(answer, right):
        print("Mended: every pixel stays in its place, and the frames come last.")
    elif np.array_equal(answer, state.reshape(84, 84, 4)):
        print("Not yet: pixels leave their places. `reshape` never moves an axis.")
    elif np.array_equal(answer, right.swapaxes(0, 1)):
        print("Not yet: rows and columns are swapped: the wall stands on its side.")
    elif np.array_equal(answer, right[:, :, ::-1]):
        print("Not yet: the newest frame should be the last channel, not the first.")
    else:
        print("Not yet: draw answer[:, :, 3] beside state[3]; they should be equal.")


def check_04_how_many_fit(pairs_of_stacks, packed_frames) -> None:
    """Notebook 04: how many transitions fit into 4,000,000,000 bytes.

    Args:
        pairs_of_stacks: if one is a state and a next state of 4 x 84 x 84 bytes each.
        packed_frames: if one is a packed frame of 1,866 bytes.
    """
    if _is_blank(pairs_of_stacks) or _is_blank(packed_frames):
        print(NOT_ATTEMPTED)
        return
    first, second = _number(pairs_of_stacks), _number(packed_frames)
    room, stack = 4_000_000_000, 4 * 84 * 84
    mistakes = {  # what a wrong way of counting arrives at
        room // stack: "That counts the state alone. The next state is stored too.",
        room
        // (84 * 84): "That is for one frame; a state has four, and there are two.",
        room // (2 * 84 * 84): "That is two frames; each of the two states has four.",
        4 * 2**30 // (2 * stack): "You took 4 x 1024^3 bytes; 4 GB here is 4 billion.",
        room // (8 * stack): "Pixels are bytes here (uint8), not floats of 4 bytes.",
    }
    if first is None or second is None:
        print("Both answers must be numbers.")
    elif abs(first - room // (2 * stack)) > 1:
        known = [text for value, text in mistakes.items() if abs(first - value) <= 1]
        hint = known[0] if known else "Bytes there are, divided by the bytes of one."
        print(f"The first number is not right yet. {hint}")
    elif abs(second - room // 1866) > 1:
        hint = (
            "Each frame is stored only once: one new frame a transition."
            if abs(second - room // (8 * 1866)) <= 1
            or abs(second - room // (4 * 1866)) <= 1
            else "Bytes there are, divided by the bytes of one."
        )
        print(f"The first is right, the second not yet. {hint}")
    else:
        print("Both are right: thirty times as many fit, even in a busy game.")


def check_04_stack(function) -> None:
    """Notebook 04: `function(frames, first, last)` is the stack that ends in `last`."""
    # Pictures of 1, 2, 3, ...: a number names its frame. Games begin in slots 0, 6, 9.
    frames = np.arange(1, 13, dtype=np.uint8)[:, None, None] * np.ones((2, 3), np.uint8)
    if _is_blank(function) or _is_blank(function(frames.copy(), 0, 5)):
        print(NOT_ATTEMPTED)
        return
    cases = [  # first, last, the four frames by hand
        (0, 5, [3, 4, 5, 6], "in the middle of a game"),
        (0, 3, [1, 2, 3, 4], "where a game is just four frames old"),
        (6, 8, [0, 7, 8, 9], "where a game is three frames old"),
        (9, 9, [0, 0, 0, 10], "at the first frame of a game"),
        (0, 0, [0, 0, 0, 1], "at the first frame of all"),
    ]
    for first, last, expected, where in cases:
        answer = np.asarray(function(frames.copy(), first, last))
        if answer.shape != (4, 2, 3):
            print(
                f"Not yet: {where} the shape is {answer.shape}, it must be (4, 2, 3). "
                "A stack has four frames even where the game has fewer."
            )
            return
        got = answer[:, 0, 0].tolist()
        if got == expected and np.array_equal(answer[:, -1, -1], expected):
            continue
        hint = "Which four slots should it take?"
        if got == expected[::-1]:
            hint = "Those are the right frames, newest first; the oldest comes first."
        elif 0 in expected and 0 not in got:
            hint = "Frames from before the game must be zeros."
        elif got == [*expected[1:], frames[(last + 1) % 12, 0, 0]]:
            hint = "It goes one frame too far: `last` is the newest one."
        elif got[1:] == expected[:-1] or (0 not in expected and last + 1 not in got):
            hint = "Frame `last` itself is missing: the end of a slice is left out."
        elif sorted(got) == sorted(expected):
            hint = "The zeros stand first: they are the oldest."
        print(f"Not yet: {where} it gives the frames {got}. {hint}")
        return
    print("Right in every place we tried, and nothing crosses the start of a game.")


def check_04_silent_bug(function) -> None:
    """Notebook 04: `function(memory, stack, frame)` remembers each stack as it was."""
    if _is_blank(function):
        print(NOT_ATTEMPTED)
        return
    memory, stack = [], np.zeros((4, 1, 1), np.uint8)
    for number in range(1, 11):
        function(memory, stack, number)
    if not memory and not stack.any():
        print(NOT_ATTEMPTED)
        return
    numbers = [np.ravel(remembered).tolist() for remembered in memory]
    right = [[max(n + k, 0) for k in (-3, -2, -1, 0)] for n in range(1, 11)]
    if len(memory) != 10:
        print(f"Not yet: after 10 frames the memory holds {len(memory)} stacks.")
    elif np.ravel(stack).tolist() != right[-1]:
        print(
            "Not yet: `stack` itself was not moved up, so the caller goes on with an "
            "old one. Change it in place, as before."
        )
    elif any(np.shares_memory(remembered, stack) for remembered in memory):
        print(
            "Not yet: what is remembered is still the caller's array, under another "
            "name (a slice of it is too). The next frame changes it afterwards."
        )
    elif numbers == [[0, 0, 0, 0], *right[:-1]]:
        print("Not yet: you remember the stack before the new frame is in it.")
    elif numbers != right:
        print(f"Not yet: the first three stacks are {numbers[:3]}.")
    else:
        print("Mended: ten frames, ten different stacks, each as the agent saw it.")
