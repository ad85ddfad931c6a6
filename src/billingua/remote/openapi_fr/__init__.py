"""Openapi E-Invoicing France."""
