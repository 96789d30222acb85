"""A Solana cluster of this machine: LiteSVM behind JSON-RPC, for trying things out and for tests."""
