"""Notebook 06, training: figures and checks; may import what lessons/ may."""
