"""The command line; may import everything except lessons."""
