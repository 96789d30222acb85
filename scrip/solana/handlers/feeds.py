"""Prices: the program reads and keeps none. Lenders there read Kamino's Scope, which has sources of its own."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(
    *(ins.ConfigurePrice, ins.TightenPrice, ins.SuspendPrice, ins.ResumePrice, ins.PokePrice, ins.AcceptPrice),
    *(ins.SetSequencer, ins.AnswerPrice),
    reason="the program keeps no prices",
)
