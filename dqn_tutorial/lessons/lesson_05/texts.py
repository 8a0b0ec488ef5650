"""Captions and alt texts of notebook 05's figures, (caption, alt) each."""

TRANSITIONS = (
    "Three transitions: the reward, and the Q-values of what the next screen shows.",
    "Three rows, each with a box for the reward, an arrow, and three Q-values of the "
    "next state. Ordinary: 0, a plain arrow to 1, 3, 2. Lost, terminated: -1, the "
    "arrow ends in a wall before 4, 0, 1. Cut off, truncated: 1, a dashed arrow below "
    "a clock, time is up, to 0.5, 2, -1.",
)
LOSSES = (
    "Left: the loss of one TD error. Right: its gradient. Huber's is the error, "
    "clipped to −1 and 1.",
    "Two panels over the TD error from -3 to 3. Left, three losses: squared is a "
    "parabola, Huber goes on as straight lines beyond 1 and -1, the clipped loss is "
    "flat there. Right, their gradients: a straight line, the same line cut level at "
    "1 and -1, and one that drops to zero there.",
)
PULLS = (
    "Framed: the actions taken. Blue: the Q-value rises. Orange: it falls.",
    "Two tables of three rows and four columns. Left, the Q-values; those of actions "
    "1, 2 and 0 have a frame: 2, 3 and 2, and their targets are 2.7, -1 and 2.8. "
    "Right, the gradients: -0.23, 0.33 and -0.27 in these three cells, 0 in all "
    "others.",
)
BROADCAST = (
    "Each target minus each Q-value. Framed: the three errors that were meant. Blue "
    "and orange as above.",
    "A table of three Q-values down and three targets across, with nine differences. "
    "Those on the diagonal have a frame: 0.7, -4 and 0.8.",
)
LIFT = (
    "Nine states of one game. Rings: before. Dots: after 12 updates on the last state "
    "alone.",
    "Nine boards of Catch, the ball one row lower in each, and above each its Q-value "
    "of STAY before and after. All were near 0. The last one rose to about 1, and all "
    "others rose too: the first by about a quarter, the one before the last by about "
    "three quarters.",
)
CATCH_CHASE = (
    "The Q-value of STAY in row 7, in three runs from the same weights. Dashed: the "
    "right value, 0.9.",
    "Three lines over 40 updates. Row 7 alone with a target that moves: the line "
    "climbs to more than 2 and stays there. Row 7 alone with the target held, and rows "
    "7 and 8 with a target that moves: both lines end near the dashed line at 0.9.",
)
TWO_STATES = (
    "Each game goes from far to near and ends.",
    "Two boxes and an end, with arrows between them. From far to near the reward is 0, "
    "from near to the end 1. Far is seen as (1, 0), so its Q-value is w1, and its "
    "target is 0.9 Q(near). Near is seen as (2, 1), so its Q-value is 2 w1 + w2, and "
    "its target is 1.",
)
MIXTURES = (
    "No target network; only the mixture of the batch differs. The vertical "
    "scales differ. Dashed: the right values, 0.9 and 1.",
    "Three panels over 400 updates. With one far for each near, and with three, both "
    "Q-values move a little and settle at 0.9 and 1. With nine for each near, both "
    "rise in straight lines without end, far above 100.",
)
HELD = (
    "Nine fars for each near. Left: no target network; dashed, the right values. "
    "Right: copies after every 100 updates (dotted); thin lines are the targets.",
    "Two panels over 400 updates. Left, both Q-values rise in straight lines far above "
    "100. Right, the target of near is 1 all the time; that of far is 0 until the copy "
    "at 100, then about 0.9. Near goes to 1 and far is pulled to 0 at first; after the "
    "copy far is pulled to 0.9, and near is taken along, above 2. They settle at 0.9 "
    "and 1.",
)
N_STEP = (
    "Boxes: rewards in the target. Circles: what the target network says. Each further "
    "to the right counts 0.9 times as much.",
    "Two panels with a row for each of five steps; the rewards are 0, 0, 1, 0 and -1. "
    "With one reward each row has one box and, but for the last, a circle; the targets "
    "are 1.80, 1.80, 2.80, 1.80 and -1.00. With three rewards only the first two rows "
    "have a circle; the targets are 2.27, 2.36, 0.19, -0.90 and -1.00.",
)
UPDATE = (
    "Rings: before the update. Dots: after it.",
    "A board of Catch, the ball right above the paddle, and the Q-values of LEFT, STAY "
    "and RIGHT from two networks. In the online network STAY rises from 0.02 to 0.10, "
    "and the other two hardly move. In the target network nothing moves.",
)
