"""Runs in folders, from start to resume; may import the core, beyond, viewing."""
