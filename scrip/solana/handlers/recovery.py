"""Lost wallets: the program has no instruction for them."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(ins.RecoverWallet, ins.RecoverIn, reason="the program moves nobody's units: a lost wallet's stay where they are")
