"""How much arithmetic an update is, counted from the architecture.

A multiplication and the addition that takes it up count as two operations (FLOP).
Activations, the loss and Adam are left out: they are below one per cent.
"""

from dqn_tutorial.config import STATE_SHAPE
from dqn_tutorial.networks import ARCHITECTURES

BREAKOUT_ACTIONS = 4


def layer_flops(network: str, num_actions: int) -> list[int]:
    """FLOP of each layer for one state, in order; convolutions have no padding.

    A convolution multiplies kernel x kernel x channels numbers for each of its
    filters at each place.
    """
    convolutions, dense_units = ARCHITECTURES[network]
    channels, side, _ = STATE_SHAPE
    flops = []
    for filters, kernel, stride in convolutions:
        side = (side - kernel) // stride + 1
        flops.append(2 * side * side * filters * kernel * kernel * channels)
        channels = filters
    inputs = side * side * channels
    return [*flops, 2 * inputs * dense_units, 2 * dense_units * num_actions]


def update_flops(network: str, num_actions: int, batch_size: int) -> int:
    """FLOP of one update of plain DQN.

    The target network looks at the next states, the online network at the states; then
    each layer gets the gradient of its weights, and each but the first that of its
    inputs. Each of the four is as much work as the layer itself.
    """
    layers = layer_flops(network, num_actions)
    return batch_size * (4 * sum(layers) - layers[0])
