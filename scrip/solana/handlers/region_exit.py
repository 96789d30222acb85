"""Exits from countries: the program has no instruction for them."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(
    *(ins.OpenExit, ins.PriceExit, ins.TakeInAtExit, ins.ReadmitCountries, ins.FundExit, ins.ParkAtExit),
    *(ins.TakeAtExit, ins.SweepExit, ins.CloseExit),
    reason="the program burns for no exit: a country is shut out by the stock's rules there, and its holders redeem on",
)
