"""The issuer's multisig: a Safe 1.4.1, its creation, its transactions, its owners' signatures gathered in a file."""
