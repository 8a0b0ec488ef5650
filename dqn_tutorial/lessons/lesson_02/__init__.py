"""Notebook 02, preprocessing: figures and checks; may import what lessons/ may."""
