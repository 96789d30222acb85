"""JSON-RPC to a Solana node."""
