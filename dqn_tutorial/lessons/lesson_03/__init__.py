"""Notebook 03, the Q-network: its figures and checks."""
