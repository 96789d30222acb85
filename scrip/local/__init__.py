"""A desk to try things on: both kinds of chain on this machine, with a deployment in use, kept from day to day."""
