"""A plan carried out on a copy of the accounts that it touches, before anything is signed."""
