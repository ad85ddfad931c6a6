"""The outbox: what is to be sent, kept in one file until the service has said what became of it."""
