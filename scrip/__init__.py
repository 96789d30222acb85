"""Scrip: the issuer's domain model of tokenised shares, and the chain adapters that execute it."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("scrip")
except PackageNotFoundError:  # run from its sources, in an environment that it is not installed in
    __version__ = "0"
