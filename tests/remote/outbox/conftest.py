"""Fixtures of the outbox tests."""

from outbox_service import memory, turned  # noqa: F401
