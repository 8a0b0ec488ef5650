"""What a run shows of itself while it trains; none of it changes the training.

Each of these is for `Trainer.every`. The command `train` asks for them; a `Trainer`
made by hand shows nothing unless you ask:

    trainer.every(50_000, draw_curves)
"""

from pathlib import Path

from dqn_tutorial.runs.checkpoints import atomic_write
from dqn_tutorial.runs.history import History


def draw_curves(trainer) -> None:
    """Draw the run's curves as they are now into its `curves.png`.

    Raises:
        CheckpointError: the disk is full or fails; the old picture is untouched.
    """
    label = trainer.run_dir.resolve().name
    write_curves({label: trainer.history}, trainer.run_dir / "curves.png")


def write_curves(runs: dict[str, History], path: Path, x: str = "steps") -> None:
    """Draw runs with `viewing.curves.curves_figure`, and write the picture.

    Args:
        runs: label -> history.
        path: of the png.
        x: "steps", "updates" or "minutes".

    Raises:
        CheckpointError: the disk is full or fails; the old file is untouched.
        ValueError: no run, or another `x`.
    """
    # Here, not above: Matplotlib takes a second to import, and not every run draws.
    from dqn_tutorial.viewing.curves import CURVES_DPI, curves_figure

    fig = curves_figure(runs, x)
    atomic_write(path, lambda file: fig.savefig(file, format="png", dpi=CURVES_DPI))
