"""Captions and alt texts of notebook 09's figures, (caption, alt) each."""

# Of the cases the alt text is made from the runs.
CASES = "Each is drawn beside the right code on the same game."
GREYS = (
    "200 games of the agent through the right greyscale, 100 through the wrong one, "
    "ε = 0.05. Line and band: the mean and its 95 % interval. Dotted: the median.",
    "Two strips of dots, spread from about 30 to 375. Through the wrong grey more of "
    "them are low, and mean and median lie lower.",
)
FIRST_STATES = (
    "What the agent sees when a ball, a bomb and, with the bug, the next game's ball "
    "begin to fall.",
    "Three rows of four frames of Catch. Before the first ball the frames are black. "
    "Before the bomb, and before the next ball, something falls.",
)
CORRIDOR = (
    "The corridor. A game begins in any white cell, and either end terminates it.",
    "Twelve cells in a row, between a prize of 1 at the left end and one of 5 at the "
    "right end. Four hops lead from cell 5 to cell 9, far from the right end.",
)
POLICIES = (
    "The better action in each cell, and below it what the table expects of it.",
    "The corridor, with two rows of arrows below it. With terminated, all twelve point "
    "right, and the numbers grow from 2.84 to 5. With done, those of cells 1 to 5 "
    "point left, the others right, and the numbers sag from 1 to 0.3 and rise to 5.",
)
NEWS = (
    "What two tables expect while a ball falls straight upon the paddle. Each learned "
    "from a target table: one was synced rightly, one with itself.",
    "Q-values over the steps before the end, 9 to 1. With the right sync they climb "
    "from 0.43 to 1. Synced with itself, they stay at 0, and only the last is 1.",
)
PULLS = (
    "How hard an error pulls at its Q-value. The dots: a state with a Q-value of 0.2, "
    "whose ball is caught (+1) or lost (−1).",
    "Pull over TD error from -2 to 2. Both losses pull with the error itself between "
    "-1 and 1. Beyond, the right one stays at 1 and -1, and the wrong one falls to 0. "
    "At 0.8, a ball caught, both dots are at 0.8. At -1.2, a ball lost, the right one "
    "is at -1, and the wrong one at 0.",
)
CLOCKS = (
    "The same runs, means of five seeds. Left: over the steps that they count. Right: "
    "over the games that they have played.",
    "Two panels of the score in training. Over steps, the runs that count twice end "
    "far below the right ones. Over games they lie a little above them and end where "
    "the right ones are at 330 games. Those go on to 660 games and a score of 0.9.",
)
SCHEDULES = (
    "ε in a run of Catch, which has 6,000 steps. The numbers: what it ends with.",
    "Two lines that fall from 1. The right one reaches 0.05 at step 2,000 and stays "
    "there. The other falls four times as slowly and is at 0.29 when the run ends.",
)
THREE_REWARDS = (
    "Six steps of two games, blue and orange, with their rewards. The lines show what "
    "is added up for step 3, the last of its game.",
    "Six boxes in a row with the rewards 0, 0, 0, 1 of one game and 0, 4 of the next. "
    "A short line covers step 3 only, a long one steps 3 to 5.",
)
