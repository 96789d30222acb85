"""A model in the state of a chain, read a subject at a time."""
