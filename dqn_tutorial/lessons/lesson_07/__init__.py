"""Notebook 07, evaluation: its figures and checks; may import what lessons/ may."""
