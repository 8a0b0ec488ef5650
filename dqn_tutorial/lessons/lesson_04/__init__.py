"""Notebook 04, experience replay: figures and checks; may import what lessons/ may."""
