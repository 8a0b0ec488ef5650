"""TensorFlow, imported without the lines it writes to stderr at start-up.

They come from C++ before any log level is read, and a notebook would store them under
the import cell, different on each machine. All our modules import `tf` and `keras` from
here; real failures still raise.
"""

import contextlib
import os
import sys

from dqn_tutorial.machine import usable_cores


@contextlib.contextmanager
def _silent_stderr():
    sys.stderr.flush()
    saved = os.dup(2)
    devnull = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(devnull, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(devnull)
        os.close(saved)


os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# oneDNN's convolutions are faster (benchmarks/README.md). By default TensorFlow uses
# them only on processors with AVX-512.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
# Threads for one operation. The emulators run at the same time and need a core, and an
# update is no faster with a thread for each core (benchmarks/README.md).
TENSORFLOW_THREADS = max(1, usable_cores() - 1)
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", str(TENSORFLOW_THREADS))
with _silent_stderr():
    import keras
    import tensorflow as tf

    # Look for a GPU now, while stderr is silent. Its memory is allocated as needed: by
    # default TensorFlow takes nearly all of it and leaves none for a second program.
    for _gpu in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(_gpu, True)

__all__ = ["TENSORFLOW_THREADS", "keras", "tf"]
