"""Requests to redeem: the program has no instruction for them."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(
    *(
        ins.RequestRedemption,
        ins.RequestInKind,
        ins.DeliverInKind,
        ins.CallBack,
        ins.FetchUnits,
        ins.FetchMoney,
        ins.FetchAll,
        ins.SetOperator,
    ),
    *(ins.Strike, ins.VoidStrike, ins.SetReference, ins.SkimVault, ins.FillRequests, ins.SuspendMints, ins.ResumeMints),
    *(ins.ReturnUnits, ins.ApproveAccount),
    reason="the program keeps no queue of requests: holders redeem on a quote there",
)
