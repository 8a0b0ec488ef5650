"""Notebook 06, training: its figures and checks."""
