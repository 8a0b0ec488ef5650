"""Notebook 07, evaluation: figures and checks; may import what lessons/ may."""
