"""Notebook 00, start here: its figures and map; may import what lessons/ may."""
