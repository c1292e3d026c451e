"""How often to draw, given what a drawing costs."""

import time


class Pace:
    """Limits drawing to a share of the time.

        if pace.is_due():
            with pace:
                draw()

    `share` is in (0, 1]; drawings start at least `interval` seconds apart, the first one at least
    `delay` seconds from now.
    """

    def __init__(self, share: float, interval: float = 0.0, delay: float = 0.0):
        self.share = share
        self.interval = interval
        self._next = time.perf_counter() + delay
        self._start = 0.0

    def is_due(self) -> bool:
        """Whether enough time has passed since the last drawing; costs next to nothing."""
        return time.perf_counter() >= self._next

    def __enter__(self) -> None:
        self._start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        end = time.perf_counter()
        rest = (end - self._start) * (1 / self.share - 1)
        self._next = max(end + rest, self._start + self.interval)
