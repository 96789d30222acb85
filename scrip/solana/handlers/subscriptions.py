"""Subscriptions: the program has no instruction for them."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(
    *(ins.RequestSubscription, ins.CallBackCoins, ins.FetchRefund, ins.FetchSubscribed, ins.FetchEntered),
    *(ins.SendBack, ins.FillSubscriptions, ins.CloseEntry, ins.OpenEntry, ins.ReturnSubscribed),
    reason="the program keeps no queue of requests: investors buy on a quote there",
)
