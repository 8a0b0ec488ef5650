"""Captions and alt texts of notebook 02's figures, (caption, alt) each."""

SCREEN = (
    "A real screen of Breakout: 210 rows of 160 pixels.",
    "The Breakout screen: a score of 000, 5 lives and 1 player on top, grey walls, six "
    "coloured rows of bricks, a small red ball in flight below them, and a red paddle "
    "near the lower edge, in rows 189 to 192.",
)
GREYS = (
    "Bricks and ball in colour, in the right grey and in the wrong one. The numbers "
    "are the greys of the bricks.",
    "Three pictures of the bricks and the ball. RGB2GRAY, from the top row to the "
    "lowest: 110, 129, 131, 148, 124, 85. BGR2GRAY: 87, 103, 106, 126, 124, 110; the "
    "fourth and the fifth row look alike, and the ball is darker.",
)
CROPS = (
    "The shrunk screen, and three ways to make it square. Orange, and counted on "
    "top: the pixels that change when the paddle moves.",
    "Four grey pictures of one Breakout screen. The first is tall, with orange pixels "
    "at the old and the new place of the paddle. The second shows score and bricks but "
    "ends above the paddle: nothing is orange. The third has no score, and orange "
    "pixels at its lower edge. The fourth shows score, bricks and orange pixels.",
)
BALL = (
    "What is left of the ball, pixel by pixel.",
    "Two grids of 4 by 5 pixels. Averaged: a column of 66 and 110 with 2 and 3 on both "
    "sides. Picked: two pixels of 110 side by side, all others 0.",
)
FLICKER = (
    "Two frames of Asteroids in a row, and what we make of them.",
    "Three grey pictures of Asteroids. The first and the second show different "
    "objects; the third shows the objects of both.",
)
TIMELINE = (
    "Sixteen frames of the emulator, four steps, one state. Frames with a blue edge "
    "are used; the pale ones are never looked at.",
    "Four groups of four small screens, named LEFT, NOOP, RIGHT and RIGHT, each held "
    "for 4 frames. In each group the last two have a blue edge and lead by arrows to "
    "one grey frame of 84 by 84 below. The ball falls, the paddle goes to the left and "
    "comes back.",
)
MOMENTS = (
    "One frame each. Where is the ball going?",
    "Two frames of Breakout, almost the same, each beside an enlarged part of it: "
    "black, with the ball as two grey pixels in the middle.",
)
PATHS = (
    "The ball in the four frames of A and of B, from 3 steps ago to now.",
    "Two enlarged parts, each with four balls in a line and an arrow along it. In A "
    "the arrow points down and to the right, in B up and left.",
)
SIGNALS = (
    "One game of a player that always says NOOP. A dot: this is true at this step.",
    "Five lanes over 125 steps. The lives fall from 5 to 0, one every 25 steps. FIRE "
    "is pressed at step 0 and after each lost life. SingleAtari is terminated at the "
    "last step only, ParallelAtari wherever a life is lost; its game_over is true at "
    "the last step only.",
)
EIGHT_GAMES = (
    "Eight games of the same 60 actions in each panel. Where lines lie upon each "
    "other you see the last one; the ball is not drawn while it is among the bricks.",
    "Three columns of two panels, 60 steps each. No chance: one path of the ball, one "
    "of the paddle. No-op starts: three paths of the ball, nearly one of the paddle. "
    "Sticky actions: several paths of the ball, and eight of the paddle.",
)
CLIPPED = (
    "The same game, summed as it is and with each reward clipped.",
    "Two lines that climb in steps over one game. The score ends at 104, the sum of "
    "the clipped rewards at 50.",
)
RIVAL = (
    "One game of the ball follower, and means of a hundred games. The agent saw "
    "pixels, points and lost lives.",
    "Four bars: this game of the rival has 104, its mean is 34.9, that of random play "
    "is 1.39, and that of the trained agent is 209.",
)
BROKEN = (
    "The state that the broken function makes. Compare it with section 6.",
    "Four frames of Breakout in a row. The ball is in the same place in all four.",
)
