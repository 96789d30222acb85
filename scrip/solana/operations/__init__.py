"""What is done on Solana day by day, each as a plan: the counterparts of scrip.evm.operations, by the same names.

What has no counterpart there does not exist on Solana: `SolanaConnection.plan` says so.
"""
