"""TensorFlow and Keras, the same on every machine: silent at start-up, and set as here.

The lines that TensorFlow writes to stderr come from C++ before any log level is read,
and a notebook would store them under the import cell, different on each machine. And
Keras reads from the home folder (`.keras/keras.json`) and from the environment which
library computes, in which number format, and where the channels of a picture are. All
our modules import `tf` and `keras` from here; real failures still raise.
"""

import contextlib
import os
import sys
import warnings

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
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", str(max(1, usable_cores() - 1)))
os.environ["KERAS_BACKEND"] = "tensorflow"
with _silent_stderr(), warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of other packages; PYTHONWARNINGS may raise them
    import keras
    import tensorflow as tf

    if keras.config.backend() != "tensorflow":
        raise ImportError(
            f"Keras was imported before, to compute with {keras.config.backend()}: "
            "start Python again (in a notebook, restart the kernel) and import "
            "dqn_tutorial first"
        )
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    keras.config.set_image_data_format("channels_last")

    # Look for a GPU now, while stderr is silent. Its memory is allocated as needed: by
    # default TensorFlow takes nearly all of it and leaves none for a second program.
    for _gpu in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(_gpu, True)

__all__ = ["keras", "tf"]
