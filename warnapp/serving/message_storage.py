"""Where messages wait for the next page."""

from __future__ import annotations

from django.contrib.messages.storage.fallback import FallbackStorage


class MessageStorage(FallbackStorage):
    """Django's storage, which can also take back the messages of work that was rolled back."""

    def discard_queued(self) -> None:
        """Drop the messages of this request; those of earlier ones still wait to be shown."""
        # There is no public way to remove a message.
        self._queued_messages.clear()  # type: ignore[attr-defined]  # not in the stubs
