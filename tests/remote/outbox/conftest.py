"""Fixtures of the outbox tests."""

from outbox_service import turned  # noqa: F401
