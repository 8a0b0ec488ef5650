"""Notebook 01, the Q-table: figures and checks; may import what lessons/ may."""
