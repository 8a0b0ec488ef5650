"""Notebook 10, beyond DQN: its figures, its evidence and its checks."""
