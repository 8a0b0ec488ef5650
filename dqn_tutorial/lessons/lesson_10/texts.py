"""Captions and alt texts of notebook 10's figures, (caption, alt) each."""

NEWS = (
    "Each row is what the agent believes after one more copy. White: the state has not "
    "heard of the reward. The darker, the more the state is worth.",
    "Two staircases of coloured cells over 20 states and 8 copies. With one reward the "
    "stairs grow by one state a copy and reach 8 states. With three rewards they grow "
    "by three and reach all 20 states.",
)
ESTIMATES = (
    "A hundred thousand times four noisy zeros. The largest of four is too large; "
    "chosen by one judge and valued by another, it is right on average.",
    "Two histograms over the estimate. The upper one, of the largest of four, lies "
    "around 1, to the right of the truth, which is 0. The lower one, of two judges, "
    "lies around 0.",
)
JUDGES = (
    "Blue: the online network chooses an action, and Double DQN takes the target "
    "network's value of it. Orange, dashed: plain DQN takes the largest value.",
    "Two tables of Q-values, of two transitions and three actions. The online network "
    "says 2, 7, 4 and 3, 1, 0; arrows lead from its largest, 7 and 3, to 5 and 2 in "
    "the table of the target network, whose own largest are 9 and 8.",
)
MOMENTS = (
    "Above: the screen. Below: how likely the agent holds each return of its best "
    "action. Dashed: their mean, the Q-value. A bar with an arrow is cut off: the "
    "number beside it is its height.",
    "Four screens of Breakout with a distribution each. Calm: one wide hump. Torn, the "
    "ball close to the edge of the paddle: a spike of about one half at 0, and a low "
    "hump around 5, with the mean between them. Lost, the ball gone: nearly all at 0. "
    "Behind the wall: a slope that piles up at 10.",
)
RIVER = (
    "What the agent expects around the end of a life. Each column is the distribution "
    "of one step; the dark cells at the bottom are the returns of 0.",
    "A blue band around a return of 5 over 95 steps, and a line, its mean. Before each "
    "of two dashed lines, where a life ends, dark cells appear at a return of 0 and "
    "the mean falls. Once it also falls and rises again, with no life lost.",
)
PROJECTION = (
    "One transition, from the next state's distribution to the target. One colour is "
    "one atom's probability on its way.",
    "Three rows of bars over the atoms -2 to 2. First 0.10, 0.10, 0.20, 0.30, 0.30. "
    "Then the same bars at -0.4, 0.3, 1.0, 1.7 and 2.0. Last the target on the atoms: "
    "0.00, 0.04, 0.13, 0.32, 0.51, each bar made of the colours that it received.",
)
SEARCH = (
    "A dot is one run, the number of runs stands in brackets. Dashed: the base.",
    "Six rows of dots: the base has two near 10.6, one reward 1.9, five rewards 13.1, "
    "Double DQN 10.0, dueling 10.2, C51 7.2.",
)
LATER = (
    "The score in training of five runs to their end. A dot is what a hundred games "
    "gave, with ε = 0.05; a number is the mean of its dots.",
    "Five rising curves over millions of steps. Three rewards lead at first, and end "
    "at 121 after three million, where one reward has come to the same. The three with "
    "one reward and a rate that is cut begin latest, and end between 203 and 234 after "
    "four million.",
)
TRAININGS = (
    "The score during training, in which the agent explores, of each run. A dot is "
    "what a hundred games gave at the end, with ε = 0.05; a number is the mean of its "
    "dots. `beyond` began with layers of an earlier `breakout`. Dashed: the rival of "
    "notebook 2.",
    "Four rising curves over millions of steps: beyond reaches about 380 in training "
    "and its dot lies at 301; the three of breakout end between 203 and 234, and their "
    "dots lie between 196 and 240.",
)
FIELD = (
    "Blue: what you build in this series, dueling in exercise 2. Each box stands at "
    "the year of its first version, but for n-step returns, which are older.",
    "A map over the years 2013 to 2024. Arrows lead from DQN to Double, Dueling and "
    "C51, from these three and from n-step returns to Rainbow, on to R2D2 and to "
    "Agent57. A long arrow leads from DQN to PQN. MuZero stands alone.",
)
BEST = (
    "The same twenty seconds on paper.",
    "Twenty seconds of Breakout, the richest of the best game of the agent beyond.",
)
