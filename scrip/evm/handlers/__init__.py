"""Every instruction as the transaction that carries it out, a subject a file."""
