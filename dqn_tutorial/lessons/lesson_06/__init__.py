"""Notebook 06, training: its figures and checks; may import what lessons/ may."""
