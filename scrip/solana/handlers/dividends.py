"""What holders are paid and given by roots: the program has no instruction for it."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(
    *(ins.AnnounceCash, ins.AmendCash, ins.CancelCash, ins.PostRoot, ins.VoidRoot, ins.FundDividend, ins.FundUnits),
    *(ins.RemitWithheld, ins.ClaimDividend, ins.PushDividend, ins.PayParked, ins.SweepDividend),
    *(ins.StopDividend, ins.ResumeDividend, ins.RecallDividend),
    reason="the program pays and delivers nothing by roots: dividends are reinvested there",
)
