"""A local server that answers the services' endpoints as documented, for tests and for trying."""
