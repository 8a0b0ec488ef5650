"""Notebook 05, the target network: its figures and checks."""
