"""Playing Atari Games with DQN."""
