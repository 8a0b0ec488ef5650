"""Algorithms the notebooks do without; may import the core, but no other room."""
