"""Sanctions oracles: the program asks none."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(
    *(ins.SetSanctionsOracle, ins.SuspendSanctionsOracle, ins.Screen, ins.AnswerSanctions),
    reason="the program asks no sanctions oracle",
)
