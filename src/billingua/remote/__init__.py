"""Remote e-invoicing services: typed clients, an outbox, mappings, webhooks."""
