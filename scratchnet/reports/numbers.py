"""Numbers formatted for people."""

import math


def duration(seconds: float) -> str:
    """A time span (>= 0): `0.8 s`, `12 s`, `3:05`, `1:02:03`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    minutes, whole_seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{whole_seconds:02}"
    return f"{minutes}:{whole_seconds:02}" if minutes else f"{whole_seconds} s"


def percent(share: float) -> str:
    """A share between 0 and 1, e.g. `98.25 %`; `-` for nan."""
    return "-" if math.isnan(share) else f"{100 * share:.2f} %"


def loss(value: float) -> str:
    """A loss, e.g. `0.0712`; `-` for nan."""
    return "-" if math.isnan(value) else f"{value:.4f}"


def rate(per_second: float) -> str:
    """Samples per second to three significant digits, e.g. `13,400`."""
    if not math.isfinite(per_second) or per_second <= 0:
        return "-"
    digits = 2 - math.floor(math.log10(per_second))
    return f"{round(per_second, digits):,.{max(digits, 0)}f}"


def learning_rate(lr: float) -> str:
    """A learning rate, e.g. `1.00e-03`."""
    return f"{lr:.2e}"


def rough(number: float) -> str:
    """A number >= 0 to two significant digits, as one would type it."""
    return short(float(f"{number:.2g}"))


def short(number: float) -> str:
    """A number >= 0 as one would type it, e.g. `1e-3`, `2.5e-4`, `0.1`."""
    if number == 0 or number >= 0.01:
        return f"{number:g}"
    mantissa, exponent = f"{number:.3e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}"
