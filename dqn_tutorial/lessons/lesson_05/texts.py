"""Captions and alt texts of notebook 05's figures, (caption, alt) each."""

LOSSES = (
    "Left: the loss of one TD error. Right: its gradient. Huber's gradient is the "
    "error clipped to −1 and 1; that of the clipped loss is 0 where the error is "
    "large.",
    "Two panels over the TD error from -3 to 3. Left, three losses: squared is a "
    "parabola, Huber goes on as straight lines beyond 1 and -1, the clipped loss is "
    "flat there. Right, their gradients: a straight line, the same line cut level at "
    "1 and -1, and one that drops to zero there.",
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
MIXTURES = (
    "No target network; only the mixture of the batch differs. Mind the scales. "
    "Dashed: the right values, 0.9 and 1.",
    "Three panels over 400 updates. With one far for each near, and with three, both "
    "Q-values move a little and settle at 0.9 and 1. With nine for each near, both "
    "rise in straight lines without end, far above 100.",
)
HELD = (
    "Nine fars for each near. Left: no target network. Right: copies after every 100 "
    "updates (dotted). Dashed: the right values.",
    "Two panels over 400 updates. Left, both Q-values rise in straight lines far above "
    "100. Right, near goes to 1 and far to 0 at first; after the copy at 100 both "
    "jump and settle, in the end at 1 and 0.9.",
)
UPDATE = (
    "Rings: before the update. Dots: after it.",
    "A board of Catch, the ball right above the paddle, and the Q-values of LEFT, STAY "
    "and RIGHT from two networks. In the online network STAY rises from 0.02 to 0.10, "
    "and the other two hardly move. In the target network nothing moves.",
)
