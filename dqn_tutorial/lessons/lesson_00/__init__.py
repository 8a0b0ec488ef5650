"""Notebook 00, start here: its figures and map."""
