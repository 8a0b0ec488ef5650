"""Captions and alt texts of notebook 08's figures, (caption, alt) each."""

ONE_FRAME = (
    "The same moment of Catch. Above, what the full agent sees, oldest frame first. "
    "Below, what is left with one frame.",
    "Two rows of four boards of Catch. In the upper row the ball is one row lower from "
    "board to board. In the lower row all four boards are the last one.",
)
PAIRS = (
    "Six pairs of equal agents, a pair in each row: the scores of both are drawn from "
    "the same grey curve, and the interval is of their difference, which is really 0.",
    "Left, six rows of three full and three hollow dots over a bell curve. Right, an "
    "interval beside each row. Five are blue and cross the line at 0. The last is "
    "orange and lies left of it: its three full dots all lie left of the hollow ones.",
)
TABLES = (
    "A hundred of the 2,000 tables. A square is a test between equal agents, orange "
    "where p is below 0.05. A frame marks a table with a false alarm.",
    "Two panels of a hundred rows of six squares, nearly all pale. On the left many "
    "rows have a frame, with one to four orange squares. On the right, after the "
    "correction, only a few of these frames are left.",
)
ALARMS = (
    "A hundred pairs of equal agents, with five seeds each. A line is the interval of "
    "a difference that is really 0, and orange where it leaves out 0.",
    "Two panels of a hundred horizontal lines around 0. On the left, several orange "
    "lines lie beside 0; on the right the lines are wider, and fewer are orange.",
)
CATCH_LOSSES = (
    "Catch after 6,000 steps. A dot is what one run lost against the mean of the full "
    "agent, the bar below the dots their 95 % interval, blue where it is shown. Orange "
    "crosses: the two runs that you made just now.",
    "Seven rows of dots. No replay, no exploration and rewards of 100 have blue bars "
    "right of 0, marked as shown. Replay too small, no target network and one frame "
    "have narrow grey bars at 0, marked not shown. A dashed line at 1.5 is what random "
    "actions lose. Orange crosses stand among the dots of the full agent and of no "
    "replay.",
)
CATCH_CURVES = (
    "Catch: each variant in orange, the full agent in grey. Thin: one seed. Thick: "
    "their mean.",
    "Six panels with the full agent's grey curves, which rise from -0.6 to 0.9. In "
    "orange, no replay and rewards of 100 stay low; replay too small and no "
    "exploration rise later and unevenly; no target network and one frame for four "
    "rise earlier.",
)
BREAKOUT_LOSSES = (
    "Breakout after 500,000 steps, drawn as for Catch.",
    "Five rows of three dots. No replay, no target network and one frame for four "
    "have wide blue bars right of 0, marked as shown. The bar of rewards not clipped "
    "is grey, lies on both sides of 0 and is marked not shown. A dashed line at 20 is "
    "what random actions lose.",
)
MEAN_Q = (
    "The mean Q-value that each run has logged on Breakout. Each line across is ten "
    "times the one below it.",
    "Curves over 500,000 steps on a logarithmic axis. Orange peaks of the runs without "
    "a target network stand between 290 and 400, above a dashed line at 100, all "
    "before step 120,000; later these curves wander between 0.2 and 3, with two lower "
    "peaks. The grey curves of the full agent rise from 0.1 to 2.",
)
BREAKOUT_CURVES = (
    "Breakout: each variant in orange, the full agent in grey. Thin: one seed. Thick: "
    "their mean.",
    "Four panels over 500,000 steps. The full agent's grey curves stay near 1 until "
    "step 150,000 and then rise to about 18. In orange, no replay, no target network "
    "and one frame stay far below, and rewards not clipped runs along the grey ones.",
)
DEALS = (
    "Five scores of the full agent, blue, and five of a variant, yellow, as they were "
    "and after six shuffles. Right: how far the means of the two groups are apart, "
    "orange where at least as far as they really were.",
    "Seven rows of ten numbered tiles in two groups of five. In the first row a group "
    "is blue and the other yellow; in the others the colours are mixed. Right, a bar "
    "for each row between two dashed lines at the real difference and its opposite. "
    "The first bar ends at such a line. Of the six others three reach or pass a line "
    "and are orange, too, one to the right and two to the left.",
)
