"""The Q-networks: pixels in, one number per action out.

Mnih 2013, section 4.1, and Mnih 2015, Methods, "Model architecture". Both take the
state as it is stored, uint8; scaling to [0, 1] is a layer, so it is never forgotten or
done twice. Convolutions have no padding (VALID), and the last layer is linear: a
Q-value may be negative.

Glossary
    B   states in a batch
    A   actions of the game
"""

import numpy as np

from dqn_tutorial.config import STATE_SHAPE
from dqn_tutorial.quiet_tensorflow import keras

# Each convolution as (filters, kernel side, stride), then the dense layer's units.
ARCHITECTURES = {
    "dqn2013": ([(16, 8, 4), (32, 4, 2)], 256),
    "dqn2015": ([(32, 8, 4), (64, 4, 2), (64, 3, 1)], 512),
}


def build_q_network(name: str, num_actions: int, seed: int) -> keras.Model:
    """Build a Q-network: (B, 4, 84, 84) uint8 -> (B, A) float32.

    Args:
        name: "dqn2013" or "dqn2015".
        num_actions: A, how many actions the game has.
        seed: for the initial weights, 0 or more; the same seed gives the same weights.

    Returns:
        The network. Keras would also take floats and truncate them to uint8, so a
        state already scaled to [0, 1] would turn black: `check_states` refuses them.

    Raises:
        ValueError: an unknown name, or a num_actions or seed that is not an integer or
            is too small.
    """
    if name not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise ValueError(f"network must be one of {known}, got {name!r}")
    for argument, value, least in [("num_actions", num_actions, 1), ("seed", seed, 0)]:
        if not isinstance(value, int | np.integer) or value < least:
            raise ValueError(
                f"{argument} must be an integer of at least {least}, got {value!r}"
            )
    convolutions, dense_units = ARCHITECTURES[name]
    weights = keras.random.SeedGenerator(int(seed))  # Keras refuses NumPy's integers

    def first_weights():
        return keras.initializers.GlorotUniform(seed=weights)

    states = keras.Input(STATE_SHAPE, dtype="uint8", name="states")
    # Scaled first: TensorFlow grumbles on stderr when it permutes uint8 on a CPU.
    x = keras.layers.Rescaling(1 / 255, name="scale")(states)
    # On a CPU convolutions want channels last: [B, 4, 84, 84] -> [B, 84, 84, 4]
    x = keras.layers.Permute((2, 3, 1), name="channels_last")(x)
    for i, (filters, kernel, stride) in enumerate(convolutions, start=1):
        x = keras.layers.Conv2D(
            filters,
            kernel,
            strides=stride,
            padding="valid",
            activation="relu",
            kernel_initializer=first_weights(),
            name=f"conv{i}",
        )(x)
    x = keras.layers.Flatten(name="flatten")(x)
    x = keras.layers.Dense(
        dense_units,
        activation="relu",
        kernel_initializer=first_weights(),
        name="dense",
    )(x)
    q_values = keras.layers.Dense(
        int(num_actions), kernel_initializer=first_weights(), name="q_values"
    )(x)
    return keras.Model(states, q_values, name=name)


def check_states(states) -> None:
    """Refuse states that are not (B, 4, 84, 84) uint8.

    Raises:
        ValueError: wrong shape, or a dtype that shows they are already scaled.
    """
    if tuple(states.shape[1:]) != STATE_SHAPE or len(states.shape) != 4:
        raise ValueError(
            f"states must have shape (B, 4, 84, 84), got {tuple(states.shape)}; "
            "one state needs a batch axis: state[None]"
        )
    if states.dtype != "uint8":
        raise ValueError(
            f"states must be uint8, 0 to 255, got {states.dtype}; the network scales "
            "them itself"
        )
