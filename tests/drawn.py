"""What would be shown: the figures of a lesson, caught before they are rendered."""


def drawn_by(monkeypatch, *modules) -> list:
    """The figures that functions of these modules show from now on, in order."""
    drawn = []
    for module in modules:
        monkeypatch.setattr(module, "show", lambda fig, *texts: drawn.append(fig))
    return drawn
