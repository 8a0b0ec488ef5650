"""Figures, videos, notebook helpers; may import the core, but no other room."""
