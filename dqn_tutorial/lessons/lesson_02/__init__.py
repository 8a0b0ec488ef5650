"""Notebook 02, preprocessing: its figures and checks; may import what lessons/ may."""
