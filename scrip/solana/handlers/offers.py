"""Offers by escrowed units: the program has no instruction for them."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(
    *(ins.OpenOffer, ins.StopOffer, ins.ResumeOffer, ins.CancelOffer, ins.LetOut, ins.FundOffer, ins.SweepOffer),
    *(ins.EnforceOffer, ins.ChooseInOffer, ins.RelayChoice, ins.WithdrawChoice, ins.ClaimOffer, ins.SetOfferOperator),
    *(ins.SettleOffer, ins.CollectOffer),
    reason="the program takes no offers: an action of a stock that spans to Solana is refused before it is announced",
)
