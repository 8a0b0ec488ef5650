"""Notebook 08, ablations: figures and checks; may import what lessons/ may."""
