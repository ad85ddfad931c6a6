"""What the content streams of a file do: the graphics state followed once through every stream in use."""
