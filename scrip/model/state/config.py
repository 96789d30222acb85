"""How the issuer is set up, as far as it changes what the model answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scrip import parameters
from scrip.action_codes import ACTION_CODES
from scrip.instructions.base import ISSUER
from scrip.instructions.sanctions import SANCTIONS_ORACLE
from scrip.units import STABLECOIN_DECIMALS, WAD_DECIMALS


@dataclass(frozen=True, slots=True)
class Rules:
    """The issuer's settings for corporate actions. Notices and grace are seconds, withholding is basis points.

    `strict_list` says whether, on Solana, whoever enters must be shown to be absent from the sanctions list.
    """

    split_notice: int = parameters.SPLIT_NOTICE.default
    dividend_announcement: int = parameters.DIVIDEND_ANNOUNCE_NOTICE.default
    dividend_notice: int = parameters.DIVIDEND_STRIKE_NOTICE.default
    withholding_bps: int = parameters.WITHHOLDING_BPS.default
    receivable_grace: int = parameters.GRACE.default
    correction_notice: int = parameters.CORRECTION_NOTICE.default
    strict_list: bool = False

    def notice(self, code: str) -> int:
        """Seconds before its effect at which an action of this code must be announced to be scheduled in time."""
        if ACTION_CODES[code].notice == "split":
            return self.split_notice
        return max(self.dividend_announcement, self.dividend_notice)

    def schedule_notice(self, code: str) -> int:
        """Seconds before its effect at which an action of this code must be scheduled."""
        return self.split_notice if ACTION_CODES[code].notice == "split" else self.dividend_notice


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """How the issuer is set up; the chain under comparison must be set up alike."""

    rules: Rules = field(default_factory=Rules)
    roles: frozenset[str] = frozenset({ISSUER})
    """Accounts that hold every operational role and sign quotes."""
    holders: Mapping[str, frozenset[str]] | None = None
    """Accounts by the role that they hold, where roles are apart; `roles` is not looked at then."""
    assets: frozenset[str] = frozenset({"stablecoin"})
    """Settlement assets that the market lists."""
    oracles: frozenset[str] = frozenset({SANCTIONS_ORACLE})
    """Contracts that answer as a sanctions oracle does. Any other is to the model no contract at all."""
    stablecoin_decimals: int = STABLECOIN_DECIMALS
    oracle_decimals: int = WAD_DECIMALS

    def holding(self, role: str) -> frozenset[str]:
        """The accounts that hold a role."""
        return self.roles if self.holders is None else self.holders.get(role, frozenset())
