"""The EVM: one ledger over anything that can deploy, call and send (Ape over RPC, titanoboa, bare revm)."""
