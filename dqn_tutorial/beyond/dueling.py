"""Dueling networks: what a state is worth, and what each action adds to it.

Wang et al. 2016, "Dueling Network Architectures for Deep Reinforcement Learning",
equation 9. After the convolutions the network has two streams, a value V(s) and an
advantage for each action, and joins them:

    Q(s, a) = V(s) + A(s, a) - mean over a' of A(s, a')

In many states no action matters much; there one number, V, is learned from all of them.
"""

from dqn_tutorial.networks import ARCHITECTURES, build_q_network
from dqn_tutorial.quiet_tensorflow import keras

# The network whose convolutions and dense units it takes, by the setting `network`.
DUELING = {"dueling2013": "dqn2013", "dueling2015": "dqn2015"}


def build_dueling_network(name: str, num_actions: int, seed: int) -> keras.Model:
    """Build a dueling Q-network: (B, 4, 84, 84) uint8 -> (B, A) float32.

    Args:
        name: "dueling2013" or "dueling2015".
        num_actions: A, how many actions the game has.
        seed: of the first weights, 0 or more; the same seed gives the same weights.

    Raises:
        ValueError: another name, or as `build_q_network`.
    """
    if name not in DUELING:
        raise ValueError(f"network must be one of {', '.join(DUELING)}, got {name!r}")
    plain = build_q_network(DUELING[name], num_actions, seed)
    features = plain.get_layer("flatten").output  # [B, F]
    _, dense_units = ARCHITECTURES[DUELING[name]]
    weights = keras.random.SeedGenerator(int(seed))

    def stream(what: str, outputs: int):
        def dense(units, **options):
            first_weights = keras.initializers.GlorotUniform(seed=weights)
            return keras.layers.Dense(
                units, kernel_initializer=first_weights, **options
            )

        hidden = dense(dense_units, activation="relu", name=f"{what}_dense")(features)
        return dense(outputs, name=what)(hidden)

    value = stream("value", 1)  # [B, 1]
    advantages = stream("advantages", int(num_actions))  # [B, A]
    mean = keras.ops.mean(advantages, axis=1, keepdims=True)  # [B, 1]
    return keras.Model(plain.input, value + advantages - mean, name=name)
