"""Notebook express, the whole idea in 90 minutes: figures and checks of the lessons."""
