"""Captions and alt texts of notebook 01's figures, (caption, alt) each."""

ONE_GAME = (
    "A whole game of Catch. The ball (white) falls one row a step, the paddle (grey) "
    "moves one column a step.",
    "Ten frames of Catch, from state 22 to state 249. The white ball falls down the "
    "right-most of five columns; the grey paddle on the bottom row moves from the "
    "middle to the right, and waits there. The reward is 0 but for the last, which "
    "is 1.",
)
DISCOUNTS = (
    "What a reward of 1 is worth, by the steps you wait for it. Dashed: a catch, seen "
    "from the start.",
    "Four lines over 20 steps that start at 1. After 8 steps discount 1 is at 1.00, "
    "0.99 at 0.92, 0.9 at 0.43 and 0.5 at 0.00.",
)
ENDLESS = (
    "Without a discount (left) both returns grow for ever. With one (right) each comes "
    "to rest.",
    "Two panels of two lines over 60 steps. With discount 1 both lines climb without "
    "end, one to 60, one to 20. With discount 0.9 they level off, one at 10 and one at "
    "3.",
)
TWO_POSITIONS = (
    "Which actions win from here?",
    "Two frames of Catch, paddle in the middle, ball one column right of it. On the "
    "left the ball is two rows above the paddle, on the right one row.",
)
THREE_ACTIONS = (
    "Where each action leads, and its Q-value in state 192.",
    "Three frames of Catch, one step before the end. LEFT: the ball is two columns "
    "away, -0.9. STAY: one column away, 0.9. RIGHT: above the paddle, 0.9.",
)
ONE_UPDATE = (
    "One update: half of the way from the guess to the target.",
    "A line of numbers from 0 to 1 with three dots: the guess at 0.20, the new value "
    "at 0.46, the target at 0.72. One arrow from the guess to the target is the TD "
    "error, 0.52; one of half its length ends at the new value.",
)
STATES = (
    "Each square is a row of the table, with the state's number. The paddle starts in "
    "the middle (framed): it takes two steps to reach a wall.",
    "Five boards of 10 rows and 5 columns, one for each column of the ball, all of the "
    "same pattern. In row 0 only the middle square is changed by training, in row 1 "
    "the middle three, in rows 2 to 8 all five: 195. The grey squares in the upper "
    "corners cannot be reached: 30. In row 9 the game is over: 25.",
)
TRAINING_CURVE = (
    "The score while training, over 5,000 games.",
    "A line over 5,000 games: the mean return of the last 100 games rises from about "
    "-0.6 to about 0.9, unevenly. Level lines mark -0.6, at random, and +1, the best "
    "possible.",
)
THREE_LINES = (
    "The table is perfect almost at once. What climbs after that is ε, upside down.",
    "Above, ε falls in a straight line from 1 to 0.05 over 5,000 games. Below, the "
    "greedy score jumps from -0.6 to 1 within the first 148 games and stays there, "
    "while the score while training climbs slowly and unevenly from -0.6 to 0.9 over "
    "all 5,000.",
)
FOUR_TABLES = (
    "The table of section 4, with the ball in column 2 (the dot). Purple: can be won. "
    "Orange: lost. Bare: not known yet, or never reached.",
    "Four boards of 9 rows and 5 columns. After 0 games all is white. After 30, a few "
    "squares near the bottom are purple. After 100 most of the lower half is pale "
    "purple. After 1,000 all squares that can be reached are purple, .43 in row 0 and "
    "1 in row 8, but for the two lower corners, which are orange, -1.",
)
NO_DISCOUNT = (
    "5,000 games with discount 0.9, and with discount 0.",
    "Two boards. With discount 0.9 all squares that can be reached are coloured. With "
    "discount 0 only row 8 is: 1 in the three columns around the ball, -1 in the "
    "corners.",
)
FIVE_CATCHES = (
    "The paddle catches every ball.",
    "Five frames of Catch, one for each column. In each the ball has reached the "
    "bottom row and covers the paddle.",
)
FIVE_WAYS = (
    "The paddle's way in the five games, on the table's largest Q-values. Orange dot: "
    "here the ball arrives.",
    "Five boards, purple but for orange corners at the bottom. On each a line starts "
    "in the middle of the top row, goes to and fro on purple squares, and ends at the "
    "dot.",
)
FOUR_COLUMNS = (
    "The same for a table that never saw a ball in column 4.",
    "Five boards. On the first four, purple, the line ends at the dot. The fifth is "
    "white: nothing was learned, and the line runs to the left wall and stays there, "
    "while the dot is at the right.",
)
DIGITS = (
    "256^28224 written out in a book, 80 digits in a line and 40 lines on a page.",
    "Twenty-two small pages in two rows, full of lines but for the last. Two smaller "
    "numbers are marked at the beginning of the first page: that of Catch's states is "
    "a dot of 3 digits, that of the atoms in the visible universe is the first line.",
)
BROKEN = (
    "The table of the broken update, and the one that we trained.",
    "Two boards. On the left only row 8 is coloured, 1 in the three columns around the "
    "ball and -1 in the corners; every other square is white. On the right all squares "
    "that can be reached are coloured.",
)
