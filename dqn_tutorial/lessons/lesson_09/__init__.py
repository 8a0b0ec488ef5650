"""Notebook 09, the bug museum: its figures and checks."""
