"""Notebook 02, preprocessing: its figures and checks."""
