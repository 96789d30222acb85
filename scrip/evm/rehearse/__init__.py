"""A plan carried out on a fork of its network before anything is signed."""
