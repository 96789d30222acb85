"""Stocks' ends: the program has no instruction for them."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(
    *(ins.BeginEnd, ins.FollowEnd, ins.NameEndRate, ins.ArmEnd, ins.BurnAtEnd, ins.BurnForHolders),
    *(ins.HandBackAtEnd, ins.TakeAtEnd, ins.SweepEnd, ins.CloseEnd),
    reason="the program ends no stock: what ends one is refused of a stock that spans to Solana",
)
