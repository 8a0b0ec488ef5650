"""Notebook 04, experience replay: its figures and checks."""
