"""A disk that is full, as the kernel would have it."""

import contextlib

import pytest


@contextlib.contextmanager
def disk_of(num_bytes):
    """The kernel refuses to let any file grow beyond this, as a full disk would."""
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (num_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
