"""Notebook 00, start here: figures and map; may import what lessons/ may."""
