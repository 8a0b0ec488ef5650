"""Notebook 08, ablations: its figures and checks."""
