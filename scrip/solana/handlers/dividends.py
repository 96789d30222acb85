"""Cash dividends: the program has no instruction for them."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(
    *(ins.AnnounceCash, ins.AmendCash, ins.CancelCash, ins.PostRoot, ins.VoidRoot, ins.FundDividend),
    *(ins.RemitWithheld, ins.ClaimDividend, ins.PushDividend, ins.PayParked, ins.SweepDividend),
    *(ins.StopDividend, ins.ResumeDividend, ins.RecallDividend),
    reason="the program pays no cash dividends: they are reinvested there",
)
