"""Draw docs/breakout.png: the game as a person sees it and as the network does.

    python tools/make_state_picture.py

The game is the real emulator; the player here is no agent, it follows the ball by
reading two bytes of the console's memory.
"""

from pathlib import Path

import cv2
import numpy as np

from dqn_tutorial.atari import SingleAtari
from dqn_tutorial.viewing.video import enlarge

STEPS = 760  # by then bricks are gone and the ball is in flight
PADDLE_X, BALL_X = 72, 99  # addresses in the console's 128 bytes of memory
PADDLE_MIDDLE = 8
WHITE = 255


def play(steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Follow the ball; the last screen (210, 160, 3) and state (4, 84, 84)."""
    game = SingleAtari("breakout")
    rng = np.random.default_rng(0)
    state, _ = game.reset(seed=0)
    for _ in range(steps):
        memory = game._env.ale.getRAM()
        right_of = int(memory[BALL_X]) - int(memory[PADDLE_X]) - PADDLE_MIDDLE
        right_of += rng.integers(-4, 5)  # hits with all of the paddle, not its middle
        button = "RIGHT" if right_of > 2 else "LEFT" if right_of < -2 else "NOOP"
        state, _, over, _, _ = game.step(game.action_meanings.index(button))
        if over:
            raise RuntimeError("the game was lost before the picture was taken")
    return game.render(), state


def main() -> None:
    """Put the screen on the left, the four frames of the state on the right."""
    screen, state = play(STEPS)
    screen = enlarge(screen, 3)  # (630, 480, 3)
    gap, side = 14, 294  # 3.5 times 84: two rows are nearly as high as the screen
    frames = np.full((2 * side + gap, 2 * side + gap), WHITE, np.uint8)
    for k, frame in enumerate(state):
        row, column = divmod(k, 2)
        frame = cv2.resize(frame, (side, side), interpolation=cv2.INTER_NEAREST)
        top, left = row * (side + gap), column * (side + gap)
        frames[top : top + side, left : left + side] = frame
    height, width = screen.shape[:2]
    canvas = np.full((height, width + 3 * gap + len(frames), 3), WHITE, np.uint8)
    canvas[:, :width] = screen
    top = (height - len(frames)) // 2
    canvas[top : top + len(frames), width + 3 * gap :] = frames[..., None]
    path = Path(__file__).parent.parent / "docs" / "breakout.png"
    path.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(path), cv2.cvtColor(canvas, cv2.COLOR_RGB2BGR))
    print(f"docs/{path.name}: {canvas.shape[1]} x {canvas.shape[0]} pixels")


if __name__ == "__main__":
    main()
