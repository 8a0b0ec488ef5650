"""Notebook 03, the Q-network: figures and checks; may import what lessons/ may."""
