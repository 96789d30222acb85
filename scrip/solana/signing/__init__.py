"""Who signs on Solana: keypairs of this machine, and devices behind one small interface that plug-ins offer."""

from scrip.solana.signing.signer import Device, Signer, signed

__all__ = ["Device", "Signer", "signed"]
