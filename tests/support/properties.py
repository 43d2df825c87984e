"""How properties are tested with Hypothesis, which makes up the examples."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

FEW = os.environ.get("FEW_EXAMPLES") == "1"
"""Whether a quick look is enough: `make check` asks for it."""


def tried(examples: int) -> settings:
    """Return the settings of a test that tries so many examples, or a fifth if few will do.

    All examples of a test share its fixtures: what one writes it has to take back.
    """
    return settings(
        max_examples=max(examples // 5, 3) if FEW else examples,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
