"""Prices: the program reads and keeps none. Kamino's Scope reads a stock's price from a chain that has it."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(
    *(ins.ConfigurePrice, ins.TightenPrice, ins.SuspendPrice, ins.ResumePrice, ins.PokePrice, ins.AcceptPrice),
    *(ins.SetSequencer, ins.AnswerPrice),
    reason="the program keeps no prices",
)
