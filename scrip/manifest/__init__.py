"""The desired state of one network: a YAML file, checked whole before anything is sent."""

from scrip.manifest.load import load
from scrip.manifest.model import AnyManifest, EvmManifest, Manifest, SolanaManifest
from scrip.manifest.rules import ResolvedRules, Rule, resolve

__all__ = ["AnyManifest", "EvmManifest", "Manifest", "SolanaManifest", "load", "ResolvedRules", "Rule", "resolve"]
