"""Elections between cash and stock: the program has no instruction for them."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(
    *(ins.OpenElection, ins.VoidElection, ins.FollowElection, ins.Elect, ins.ElectSigned),
    reason="the program leaves no choice between cash and stock: dividends are reinvested there",
)
