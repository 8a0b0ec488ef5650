"""Notebook 01, the Q-table: its figures and checks."""
