"""The figures and checks of one notebook each; may import everything except cli."""
