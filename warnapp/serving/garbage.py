"""When Python's cyclic garbage collector runs."""

import gc

# The thresholds of its three generations; Python 3.11 has 700, 10 and 10. A page leaves about a
# thousand objects in reference cycles, so with 700 each paid for one or two collections: 5 % of the
# time of a list. The collector of all objects also waits until a quarter more have survived.
THRESHOLDS = (5_000, 20, 10)


def collect_rarely() -> None:
    """Exempt all present objects from garbage collection, and collect new ones rarely."""
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.enable()
