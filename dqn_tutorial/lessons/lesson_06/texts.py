"""Captions and alt texts of notebook 06 that others use too, (caption, alt) each."""

LOOP = (
    "One turn of the loop. It begins again with the new states.",
    "Three boxes with arrows between them. From the agent, which has an online and a "
    "target network, to the games: 1 act, 2 send, an action for each game. From the "
    "replay buffer to the agent: 3 learn, a batch drawn at random, while the games "
    "play. From the games to the agent: 4 recv, the new states and rewards. From the "
    "games to the replay buffer: 5 store, the new transitions.",
)
