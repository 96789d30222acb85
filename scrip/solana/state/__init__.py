"""A model in the state of a cluster."""
