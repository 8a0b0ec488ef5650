"""Captions and alt texts of notebooks 04 and 04b, (caption, alt) each."""

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
    "Dark violet: two frames are nearly the same. Orange: one is bright where the "
    "other is dark.",
    "Two squares of 32 by 32 cells. The left one has large dark blocks along its "
    "diagonal. The right one is pale, but for the dark diagonal.",
)
FORGOTTEN = (
    "Each row is a test: the share of right moves for each ball column. In order, "
    "only the newest lesson is fully known.",
    "Two squares of 5 by 5 percentages. On the left only the diagonal is 100%, and it "
    "falls to 0% in the far corners. On the right all rows are high, and all of the "
    "last row is 100%.",
)
MOVES = (
    "The move for each column of the ball and of the paddle. On yellow, the paddle is "
    "under the ball. Blue arrows lead there, orange ones do not, and a dot is STAY.",
    "Six squares of 5 by 5 arrows. After lesson 1 all arrows lead to column 0, in each "
    "row; after lesson 2 to column 1, and so on; after lesson 5 to column 4. In the "
    "square on the right, the arrows of each row lead to its ball.",
)
COPIES = (
    "Five transitions with the numbers of the frames that they hold. Frame 14 is "
    "yellow.",
    "Five rows, step 13 to step 17, of eight numbered boxes each: four of the state, "
    "four of the next state. Frame 14 is yellow. It moves from the last box of the "
    "state to the first in steps 14 to 17, and in the next state in steps 13 to 16.",
)
ONE_ROW = (
    "The marked row of the frame, enlarged. Between orange lines is a run "
    "of equal pixels; the number is its length.",
    "A frame of Breakout with a line across its black middle. Beside it, the row of "
    "pixels: a few short grey pieces at each end, and one black piece of 74 pixels.",
)
MEMORY = (
    "A million transitions. Each area is the memory that they take, and each dashed "
    "square is the whole RAM of a laptop.",
    "Four filled squares: 56.4 GB, 28.2 GB, 7.1 GB and 0.5 GB. A dashed square of "
    "8 GB covers a small corner of the first, and the last one is a small corner of "
    "the dashed square.",
)
SILENT_BUG = (
    "The transitions that the function allows. The newer a frame is, the darker.",
    "Nine rows, one for each slot but slot 3, of five numbered boxes: four of the "
    "state and the next frame. In most rows the numbers go up by one and the boxes "
    "get darker. In the rows of slots 2, 4 and 5 a pale 14 follows a dark 23.",
)
ACROSS_A_GAME = (
    "The stack built for slot 5 (orange box), and what the agent saw. Blue: game 1, "
    "yellow: game 2, black: before the game.",
    "Seven slots: 11, 12, 13, 14 in blue, 21, 22, 23 in yellow. An orange box holds "
    "13, 14, 21, 22. Beside them the true stack: two black boxes, then 21, 22.",
)
ACROSS_THE_HEAD = (
    "The stack built for slot 3 (orange box), and what the agent saw.",
    "Seven slots: 24, 25, 13, 14, 21, 22, 23. An arrow marks slot 2 as written next. "
    "An orange box holds 24, 25 in yellow and 13, 14 in blue. Beside them the true "
    "stack: 11, 12, 13, 14.",
)
ACROSS_A_CUT = (
    "The next state built for slot 2 (orange box), and the true one.",
    "Six slots: 11, 12, 13 in blue and 21, 22, 23 in yellow. An orange box holds 11, "
    "12, 13, 21. Beside them the true stack: 11, 12, 13, 14.",
)
FIVE_TRANSITIONS = (
    "All that can be drawn, each named after the frame at which the agent acted.",
    "Five rows of five boxes, four of the state and the next frame. At 11: three black "
    "boxes and 11, then 12. At 12: two black boxes, 11, 12, then 13. At 13: one black "
    "box, 11, 12, 13, then 14. At 21: three black boxes and 21, then 22. At 22: two "
    "black boxes, 21, 22, then 23.",
)
FOUR_TRANSITIONS = (
    "All that can be drawn after 24 and 25 have been written.",
    "Four rows, all of game 2. At 21: three black boxes and 21, then 22. At 22: two "
    "black boxes, 21, 22, then 23. At 23: one black box, 21, 22, 23, then 24. At 24: "
    "21, 22, 23, 24, then 25.",
)
RING = (
    "The ring before three writes. Grey slots may not be drawn. Each arrow leads to "
    "the first frame of a stack, an orange one to the frame that is overwritten.",
    "Three rows of the same seven slots. Before 24 comes into slot 0, slots 3 and 6 "
    "are grey, and orange arrows lead from slots 1 and 2 to slot 0. Before 25 comes, "
    "slots 0 to 3 are grey, and arrows lead from slots 5 and 6 to slot 4, which has "
    "age 0. Before 26 comes, slot 0 holds 24 and is yellow; its arrow leaves the ring "
    "on the left and comes back on the right, to slot 4.",
)
TWO_GAMES = (
    "The marked row of each frame, enlarged and cut where the brightness changes.",
    "A frame of Breakout, whose marked row has 5 runs of equal pixels, one of them 74 "
    "long; and a frame of Ms. Pac-Man, a maze, whose marked row has 47, nearly all of "
    "them short.",
)
