"""Webhooks: callbacks of the services as typed events, and their signatures."""
