"""Values as Solana takes and gives them: the program by its interface, token accounts, signed messages."""
