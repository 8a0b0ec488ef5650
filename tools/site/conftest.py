import browser as look
import pytest


@pytest.fixture(scope="session")
def browser():
    with look.open_browser() as browser:
        yield browser
