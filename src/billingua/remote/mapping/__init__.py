"""The invoice as the JSON of a service, and back: one table a service, walked in both directions.

A service's table names terms and where they stand in its JSON; what a row cannot say is a small function of the
service. `table` reads tables, `writing` and `reading` walk them, `codecs` turns single values, `json` is the text form
without a detour through floating point. Nothing here knows HTTP.
"""
