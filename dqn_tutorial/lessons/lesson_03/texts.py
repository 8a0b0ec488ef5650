"""Captions and alt texts of notebook 03's figures, (caption, alt) each."""

STATE = (
    "One state of Breakout: all that the network gets to see.",
    "Four grey frames of Breakout, 84 by 84 pixels. The ball, a dot below the middle, "
    "falls to the left; the paddle at the bottom moves left.",
)
CONVOLUTION = (
    "The framed patch gives the framed sum: 0·(−1) + 5·1 + 0·(−1) + 5·1.",
    "Three grids of numbers. The picture: four rows of 0, 0, 5, 5. The filter: two "
    "rows of -1, 1. The feature map: three rows of 0, 10, 0.",
)
STRIDE = (
    "With stride 2 there are four patches, each framed like its sum.",
    "The same picture and filter. Four frames of 2 by 2 cover the picture side by "
    "side: the left ones hold only 0, the right ones only 5. The feature map: two rows "
    "of 0, 0.",
)
MOTION = (
    "Left: the filter. Right: what moved, as this filter sees it, in 20×20 sums.",
    "Four squares, for 3 steps ago to now: the first all orange, two white, the last "
    "all purple. Then a map of 20 by 20 squares, white but for the lower rows: a pale "
    "ring of purple and orange squares where the ball is, and at the bottom a purple "
    "block on the left and an orange block right of it. Labels name ball and paddle, "
    "now and 3 steps ago.",
)
PLACES = (
    "Where an 8 wide filter with stride 4 starts, one bar for each place. Two lanes, "
    "because neighbours overlap.",
    "Two strips of pixels with bars above them. Of 84 pixels all are below a bar, and "
    "there are 20 bars. Of 85 the last one is hatched: below no bar.",
)
PADDING = (
    "The mean of a white picture. White is 1.",
    "Two maps. VALID is white all over. SAME is grey along its border and darker in "
    "its corners.",
)
NETWORKS = (
    "Sheets are feature maps, drawn to scale (at most eight of them); bars are "
    "vectors. From left to right: from pixels to Q-values.",
    "Two networks from left to right. dqn2013: state 84 by 84 by 4, conv1 20 by 20 by "
    "16, conv2 9 by 9 by 32, dense 256, q_values 4. dqn2015: state, conv1 20 by 20 by "
    "32, conv2 9 by 9 by 64, conv3 7 by 7 by 64, dense 512, q_values 4.",
)
PARAMETERS = (
    "The parameters of each layer, both networks on one scale.",
    "Two rows of bars. dqn2013: conv1 4,112, conv2 8,224, dense 663,808 or 98.0 %, "
    "q_values 1,028. dqn2015: conv1 8,224, conv2 32,832, conv3 36,928, dense 1,606,144 "
    "or 95.3 %, q_values 2,052.",
)
DESCENT = (
    "Five updates of one weight: large where the valley is steep. At its bottom, "
    "w = 1.5, the answer is 3.",
    "A parabola over the weight w with its bottom at 1.5, where the answer is 3. Six "
    "dots, numbered 0 to 5, go down its left side, ever closer together, from w 0 to "
    "1.383. A dashed line shows the slope at the first dot.",
)
PATHS = (
    "Three paths from one weight to the answer. The dotted one is cut: its unit is at "
    "0, so its ReLU has the slope 0.",
    "A weight leads to a unit, from there three paths lead through one unit each to "
    "the answer, with the products 0.5 · 1 · 2 = 1, 3 · 0 · 1.5 = 0 and "
    "-1 · 1 · 0.5 = -0.5.",
)
WALKS = (
    "One output with and one without ReLU, and the target of both.",
    "Three lines over 80 updates. The target is -1 and from update 40 on +1. The "
    "linear output walks to -1, then to nearly +1. The ReLU output falls from 0.3 to 0 "
    "within three updates and stays at 0 to the end.",
)
FILTERS = (
    "The 16 filters of conv1, four frames deep. Purple weights are positive, orange "
    "ones negative. At the right: the share of all squared weight in this row.",
    "Two sheets of 16 columns and 4 rows of small squares in purple and orange. Before "
    "training all are noise, with 25 % of the squared weight in each row. After "
    "training the lower rows, the older frames, are pale, and the top row, the newest "
    "frame, shows spots and stripes: 54 %, then 22, 13 and 11 %.",
)
TWO_FILTERS = (
    "A filter that we made and one that nobody made: their parts on the four frames, "
    "and what each makes of the state.",
    "Two rows of four squares and a map. By hand: orange 3 steps ago, purple now. "
    "Learned: an orange patch on each of the three older frames, and a purple one in "
    "its place now. In both maps paddle and ball are purple where they are and orange "
    "where they were; in the learned one the wall and the left border are darkest.",
)
MAPS = (
    "The 16 feature maps of the untrained network, after ReLU. Black is 0, white is "
    "the largest number of that map.",
    "Sixteen maps of 20 by 20 pixels. In most of them the wall of bricks is a bright "
    "band or two bright lines, and the border shows; ball and paddle are faint specks. "
    "Map 9 is almost black.",
)
PADDLE = (
    "Where the paddle is, step by step. A star: a brick was hit.",
    "Two panels. Greedy, the paddle goes to the left wall and stays there; score 0 "
    "after 125 steps. At random it wanders over the whole width for 264 steps, with "
    "four stars; score 4.",
)
CHOICES = (
    "100,000 choices with ε = 0.4. Bars: computed; dots: counted.",
    "Four bars, each with a dot at its end. NOOP, FIRE and RIGHT: about 10 %, all from "
    "exploring. LEFT: about 70 %, made of 10 % from exploring and 60 % from "
    "exploiting.",
)
SCHEDULES = (
    "Four schedules. A step is one action of one game.",
    "Four lines that fall from 1 and then stay. The papers' reaches 0.1 at 1,000,000 "
    "steps, the one that counts frames at 250,000. Ours reaches 0.05 at 50,000, and "
    "the last one at 5,000, so that it looks like a wall.",
)
BROKEN = (
    "The newest frame, before and after `broken_channels_last`.",
    "Left a frame of Breakout. Right sixteen small copies of the screen, in four rows "
    "and four columns.",
)
