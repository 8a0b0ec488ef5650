"""Multi-step returns: several real rewards before the value of what comes next.

Sutton and Barto 2018, chapter 7. Where a Q-learning target has one reward, this one has
n. For a sampled state s_0, with the rewards r_1 to r_n after it:

    r_1 + discount * r_2 + ... + discount^(n-1) * r_n
        + discount^n * max_a Q_target(s_n, a)

and a terminal step ends the sum. The value of a state thus reaches states n steps
earlier at once, not after n syncs of the target network. The n - 1 actions after the
first are those that were played, some of them at random or by an older network. That
makes the targets a little wrong, so n is small: Rainbow (Hessel 2018) uses 3.
"""

import numpy as np

from dqn_tutorial.config import check_settings
from dqn_tutorial.replay import Batch, ReplayBuffer


class NStepReplayBuffer(ReplayBuffer):
    """A replay buffer whose batches have n-step returns for rewards.

    For each sampled transition, `rewards` is the discounted sum of n rewards, beginning
    with its own, `next_states` the state after the last of them, and `terminated`
    whether that last step lost a life or the game: then the sum may be shorter. The
    agent multiplies the value of `next_states` by discount^n. A transition is sampled
    only if n steps in a row are stored, beginning with its own, or a terminal step ends
    them sooner. Just before a truncation or the newest frame they are not; `len` counts
    those transitions, too.

    Args:
        n_steps: n, 1 or more.
        discount: what a reward one step later is worth, 0 to 1.
        args, kwargs: passed on to `ReplayBuffer`.

    Raises:
        ValueError: as `ReplayBuffer`; n_steps below 1 or more than a ring can hold in a
            row; a discount not between 0 and 1.
        MemoryError: as `ReplayBuffer`.
    """

    def __init__(self, n_steps: int, discount: float, *args, **kwargs):
        check_settings(n_steps=n_steps, discount=discount)
        super().__init__(*args, **kwargs)
        in_a_row = self.slots - self.stack_size  # the rest is overwritten, or open
        if n_steps > in_a_row:
            raise ValueError(
                f"n_steps must be at most {in_a_row}, the most transitions in a row "
                f"that this replay buffer holds of one game, got {n_steps}: set it "
                "lower, or the capacity higher"
            )
        self.n_steps, self.discount = n_steps, discount

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch:
        """Draw transitions as `ReplayBuffer.sample` does, with n-step returns.

        Raises:
            ValueError: fewer than `batch_size` transitions are stored, or none of them
                begins n steps in a row.
        """
        games, slots = self.draw_slots(batch_size, rng)
        last, returns, _ = self._follow(games, slots)
        return Batch(
            states=self.read_windows(games, slots)[:, :-1],
            actions=self._actions[games, slots].astype(np.int32),
            rewards=returns,
            next_states=self.read_windows(games, last)[:, 1:],
            terminated=self._terminated[games, last],
        )

    def _usable(self, games: np.ndarray, slots: np.ndarray) -> np.ndarray:
        """Whether n steps in a row begin here; `sample` follows the kept ones again."""
        _, _, whole = self._follow(games, slots)
        # Bad luck, or nothing to draw? In that case raise, rather than draw for ever.
        if not whole.any() and not self._follow(*self._sampleable.nonzero())[2].any():
            raise ValueError(
                f"none of {len(self)} transitions begins {self.n_steps} steps in a "
                "row: play more steps first, or set n_steps lower"
            )
        return whole

    def _follow(self, games: np.ndarray, slots: np.ndarray) -> tuple:
        """Follow transitions for n steps, or to a terminal one.

        Returns:
            Slot of the last transition (B,), discounted sum of the rewards (B,)
            float32, and whether every slot on the way is sampleable (B,) bool. The
            last frame of a game, and the open slot, are not.
        """
        last = slots
        returns = self._rewards[games, slots]
        whole = self._sampleable[games, slots]
        for step in range(1, self.n_steps):
            goes_on = ~self._terminated[games, last]
            last = np.where(goes_on, (last + 1) % self.slots, last)
            worth = np.float32(self.discount**step) * goes_on
            returns = returns + worth * self._rewards[games, last]
            whole = whole & self._sampleable[games, last]
        return last, returns, whole
