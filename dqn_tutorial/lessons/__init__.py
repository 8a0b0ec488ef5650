"""What belongs to one notebook only: its figures, and the checks of its exercises."""
