"""Notebook 08, ablations: its figures and checks; may import what lessons/ may."""
