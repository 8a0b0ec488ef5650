"""Captions and alt texts of notebook 04's larger figures, (caption, alt) each."""

REPLAY = (
    "The game writes into the ring, one step after another. The network learns "
    "from what is drawn out of it (orange edges). The two colours are two games.",
    "Four frames of Breakout in a row; an arrow leads from the newest one to a ring "
    "of 100 slots. 32 slots all around the ring are lifted outwards. An arrow leads "
    "from them to a grid of 32 small frames, the batch, and another one from there "
    "to the Q-network.",
)
LESSONS = (
    "One board of each lesson. A lesson has 45: nine heights of the ball times five "
    "places of the paddle.",
    "Five boards of Catch. The paddle is in the middle of each, and the ball is in "
    "the first column of the first board, in the second column of the second, up to "
    "the last column of the last.",
)
IN_ORDER_AND_AT_RANDOM = (
    "Above: six steps in order. Below: six steps at random.",
    "Twelve frames of Breakout. The six in the upper row are nearly the same "
    "picture; in the six below, paddle, ball and wall differ.",
)
LIKENESS = (
    "Dark violet: two frames are nearly the same. On the left, a few scenes fill the "
    "batch; on the right, most frames are like themselves only.",
    "Two squares of 32 by 32 cells. The left one has large dark blocks along its "
    "diagonal. The right one is pale, but for the dark diagonal.",
)
MEMORY = (
    "A million transitions. Each area is the memory that they take, and each dashed "
    "square is the whole RAM of a laptop.",
    "Four filled squares: 56.4 GB, 28.2 GB, 7.1 GB and 0.5 GB. A dashed square of "
    "8 GB covers a small corner of the first, and the last one is a small corner of "
    "the dashed square.",
)
