"""Notebook 05, the target network: figures and checks; may import what lessons/ may."""
