"""Scrip on Solana: the stock-token program behind the ledger protocol."""
