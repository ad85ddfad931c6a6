"""Fonts (6.2.11): their dictionaries, their embedded programs, and every glyph that is shown."""
