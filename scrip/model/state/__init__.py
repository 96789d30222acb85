"""What the model keeps, a subject a file: records, the questions that can be asked of them, and no instruction."""

from scrip.model.state.accounts import Account
from scrip.model.state.actions import CODES, MAX_PARTS, Action, ActionId, Actions, Status
from scrip.model.state.attestations import Attestations
from scrip.model.state.book import Recorded
from scrip.model.state.config import ModelConfig, Rules
from scrip.model.state.days import day_of, midnight
from scrip.model.state.dividends import Cash, Distribution, Dividends
from scrip.model.state.fleet import Fleet
from scrip.model.state.holder_limits import Holders
from scrip.model.state.investors import Investor, Investors
from scrip.model.state.keys import KeyBook
from scrip.model.state.market import Market
from scrip.model.state.prices import PriceFeed, Prices, PriceSource, PriceTerms
from scrip.model.state.receivables import Due, Receivable
from scrip.model.state.redemption import Vault, VaultTerms
from scrip.model.state.reserve import Feed, FeedConfig, Split
from scrip.model.state.sanctions import Sanctions
from scrip.model.state.state import State, Stock
from scrip.model.state.subscriptions import Entry
from scrip.model.state.token import Token

__all__ = [
    "Account",
    "Action",
    "ActionId",
    "Actions",
    "Attestations",
    "CODES",
    "Cash",
    "Distribution",
    "Dividends",
    "Due",
    "Entry",
    "Feed",
    "FeedConfig",
    "Fleet",
    "Holders",
    "Investor",
    "Investors",
    "KeyBook",
    "MAX_PARTS",
    "Market",
    "ModelConfig",
    "PriceFeed",
    "PriceSource",
    "PriceTerms",
    "Prices",
    "Receivable",
    "Recorded",
    "Rules",
    "Sanctions",
    "Split",
    "State",
    "Status",
    "Stock",
    "Token",
    "Vault",
    "VaultTerms",
    "day_of",
    "midnight",
]
