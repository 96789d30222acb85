"""Scrip: the issuer's domain model of tokenised shares, and the chain adapters that execute it."""

from importlib.metadata import version

__version__ = version("scrip")
