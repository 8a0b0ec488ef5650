"""Captions and alt texts of notebook 06, (caption, alt) each."""

LOOP = (
    "One turn of the loop. It begins again with the new states.",
    "Three boxes with arrows between them. From the agent, which has an online and a "
    "target network, to the games: 1 act, 2 send, an action for each game. From the "
    "replay buffer to the agent: 3 learn, a batch drawn at random, while the games "
    "play. From the games to the agent: 4 recv, the new states and rewards. From the "
    "games to the replay buffer: 5 store, the new transitions.",
)

RUN = (
    "The score while training, of three seeds; below, the learning rate. The thick "
    "line is our agent, with dots where it first reached 3, 31.8 and 100.",
    "Three curves over 4 million steps. They stay at the level of the random agent at "
    "first, then rise far above the rival's. A lane below shows the learning rate, "
    "which is cut twice, at 2 and at 3.6 million.",
)
