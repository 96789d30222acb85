"""Who may hold a stock, how many may, and how much one of them: nothing of it is kept on Solana."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(ins.SetStockRules, reason="the program keeps no rules of a stock beside its policy")
lacks(ins.SetHolderLimits, ins.RemoveHolderLimits, ins.SeedHolders, reason="the program counts no holders")
