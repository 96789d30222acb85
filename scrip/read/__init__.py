"""What an opened network is, as facts that programs and people read: typed, the same on both kinds of chain.

Each function takes a network, asks it and changes nothing. `pinned` first fixes the block that everything is read at,
so that the facts of one answer belong together. Amounts are of scrip.units, times UTC seconds; every fact has
`as_json`, whose values are texts, and stands in one row of a table by `COLUMNS` of its class.
"""

from scrip.read.actions import ActionFacts, actions
from scrip.read.documents import DocumentFacts, documents
from scrip.read.holders import HolderRow, holders, newest_register
from scrip.read.investors import InvestorFacts, expiring, investor, investors, number_of
from scrip.read.names import Names, read_names
from scrip.read.past import PastPoint, past
from scrip.read.payments import PaymentFacts, payments
from scrip.read.pending import PendingFacts, pending
from scrip.read.place import ReadAt, pinned
from scrip.read.powers import PowerFacts, powers
from scrip.read.stocks import StockFacts, stock, stocks, ticker_of
from scrip.read.venues import VenueFacts, venues
from scrip.read.waiting import QuoteFacts, RequestFacts, quotes, requests
from scrip.read.wallets import WalletFacts, WalletHolding, holdings, wallet

__all__ = [
    "ActionFacts",
    "DocumentFacts",
    "HolderRow",
    "InvestorFacts",
    "Names",
    "PastPoint",
    "PaymentFacts",
    "PendingFacts",
    "PowerFacts",
    "QuoteFacts",
    "ReadAt",
    "RequestFacts",
    "StockFacts",
    "VenueFacts",
    "WalletFacts",
    "WalletHolding",
    "actions",
    "documents",
    "expiring",
    "holders",
    "holdings",
    "investor",
    "investors",
    "newest_register",
    "number_of",
    "past",
    "payments",
    "pending",
    "pinned",
    "powers",
    "quotes",
    "read_names",
    "requests",
    "stock",
    "stocks",
    "ticker_of",
    "venues",
    "wallet",
]
