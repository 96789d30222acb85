"""JSON-RPC to an Ethereum-family node."""
