"""Notebook 07, evaluation: its figures and checks."""
