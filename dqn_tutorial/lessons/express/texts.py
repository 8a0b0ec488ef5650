"""Captions and alt texts of notebook express's figures, (caption, alt) each."""

from dqn_tutorial.lessons.lesson_01.texts import ONE_UPDATE, THREE_ACTIONS
from dqn_tutorial.lessons.lesson_02.texts import PATHS
from dqn_tutorial.lessons.lesson_04.texts import FORGOTTEN, REPLAY
from dqn_tutorial.lessons.lesson_05.texts import CATCH_CHASE, LIFT
from dqn_tutorial.lessons.lesson_06.texts import LOOP

__all__ = [
    "BREAKOUT",
    "CATCH_CHASE",
    "CURVE",
    "FILM",
    "FILM_STRIP",
    "FORGOTTEN",
    "HUNDRED",
    "LIFT",
    "LOOP",
    "MOMENTS",
    "NETWORK",
    "ONE_UPDATE",
    "PATHS",
    "POSITIONS",
    "REPLAY",
    "TABLE",
    "THREE_ACTIONS",
    "WAYS",
]

POSITIONS = (
    "Catch. Which actions win from here?",
    "Three frames of Catch, the grey paddle in the middle of the lowest row, the white "
    "ball one column right of it: in the top row, two rows above the paddle, and one "
    "row above it.",
)
TABLE = (
    "The ball falls in column 2 (the dot). Purple: can be won. Orange: lost. Bare: not "
    "known yet, or never reached.",
    "Four boards of 9 rows and 5 columns. After 0 games all is white. After 30, a few "
    "squares near the bottom are purple. After 100 most of the lower half is pale "
    "purple. After 1,000 all squares that can be reached are purple, .43 in row 0 and "
    "1 in row 8, but for the two lower corners, which are orange, -1.",
)
WAYS = (
    "The paddle's way in the five games, one for each column of the ball. Orange dot: "
    "here the ball arrives.",
    "Five boards, purple but for orange corners at the bottom. On each a line starts "
    "in the middle of the top row, goes to and fro on purple squares, and ends at the "
    "dot.",
)
BREAKOUT = (
    "One moment of Breakout, on the screen and as the network gets it. (The frame is "
    "drawn twice as large.)",
    "Left a screen of Breakout: six coloured rows of bricks between grey walls, a red "
    "ball below them, a red paddle at the bottom. Right the same picture, grey and of "
    "fewer pixels.",
)
MOMENTS = (
    "One frame each. Where is the ball going?",
    "Two frames of Breakout, almost the same, each beside an enlarged part of it: "
    "black, with the ball as a few grey pixels near the middle.",
)
NETWORK = (
    "The network of 2013. Sheets are pictures (at most eight are drawn), bars are "
    "lists of numbers.",
    "A network from left to right: the state, 84 by 84 by 4; conv1, 20 by 20 by 16; "
    "conv2, 9 by 9 by 32; a dense layer of 256 numbers; and 4 Q-values.",
)
CURVE = (
    "Your loop, and a table, on the same game. The return is the sum of a game's "
    "rewards.",
    "Two lines over some 660 games. Both start near the level of random play, -0.6. "
    "The table rises first and is near 0.8 after 250 games. The network follows about "
    "100 games later and reaches 1, the perfect level.",
)
FILM = (
    "Two games of Breakout, side by side. On the left the paddle moves at random, and "
    "the game is soon over. On the right brick after brick falls."
)
FILM_STRIP = (
    "The video on paper, with the score so far. Above: the random agent's game, from "
    "its first moment to its last. Below: the twenty seconds.",
    "Eight screens of Breakout in two rows. Above, the wall of bricks stays nearly "
    "whole. Below, bricks are missing, more from screen to screen.",
)
HUNDRED = (
    "Each dot is a game; its height has no meaning. Line and orange band: the mean and "
    "its 95 % interval. Dotted: the median.",
    "Three strips of a hundred dots, of the agent, the rival and random play. "
    "The agent's dots are spread most widely and lie farthest to the right, those of "
    "random play crowd at the left end.",
)
