"""The desired state of one network: a YAML file, checked whole before anything is sent."""

from scrip.manifest.model import Manifest

__all__ = ["Manifest"]
