"""`python -m warnapp`: run the demo, with a handler for Ctrl-C before anything takes time."""

import os
import signal
from types import FrameType


def stop(_signal: int, _frame: FrameType | None) -> None:
    """End the demo at Ctrl-C while it is prepared."""
    # At once: an exception could be raised anywhere, in a callback of the database too, which
    # makes another error of it. What is not committed is rolled back.
    os.write(2, b"\nStopped before the site was ready; the next run goes on from here.\n")
    os._exit(130)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, stop)
    from .demo import main

    main()
