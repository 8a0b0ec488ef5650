"""Notebooks 04 and 04b, experience replay: their figures, games and checks."""
