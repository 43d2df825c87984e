"""When Python looks for garbage: objects that refer to each other in a circle."""

import gc

# So many new objects are there before the next look, 700 as Python comes. A page leaves a thousand
# of them, and so each page waited for a look or two, which took a twentieth of the time of a list.
NEW_OBJECTS = 5_000

# After so many looks at what is new comes one at what has stayed a while, and after so many of
# these one at everything.
LOOKS, WIDER_LOOKS = 20, 10


def look_seldom() -> None:
    """Look for garbage seldom, and never at what is there by now, which stays."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, LOOKS, WIDER_LOOKS)
    gc.enable()
