"""Notebooks 07 and 07b, evaluation and looking inside: their figures and checks."""
