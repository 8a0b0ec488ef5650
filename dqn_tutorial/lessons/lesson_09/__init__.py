"""Notebook 09, the bug museum: figures and checks; may import what lessons/ may."""
