"""Docnova: Germany, France and Poland."""
