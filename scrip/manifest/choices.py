"""What a manifest says of what holders decide: votes at meetings, choices between cash and stock, and offers."""

from __future__ import annotations

from typing import Literal

from scrip.manifest.fields import Name, Seconds
from scrip.manifest.part import Part
from scrip.parameters import VOTE_LEAD


class Voting(Part):
    """How holders vote at meetings: the account at the custodian whose shares are voted, as its instructions name it,
    and how long before a meeting's last instructions holders' votes end, in seconds, where the desk says nothing else.
    """

    custodian: str = ""
    safekeeping_account: str = ""
    lead: Seconds = VOTE_LEAD.default


class Elections(Part):
    """How holders choose between cash and stock: what is had by who says nothing (ISO 15022's option code), where the
    desk names no other.
    """

    default: Literal["CASH", "SECU"] = "CASH"


class Offers(Part):
    """How offers that holders answer with units are carried out: the account that is paid the price of new units, and
    what nobody fetches; the settlement's treasury where it is empty.
    """

    treasury: Name | Literal[""] = ""


class WindUp(Part):
    """How stocks end: whose account goes to what nobody fetched until an end's expiry, as unclaimed property."""

    escheat_account: Name


class RegionExit(Part):
    """How countries are left: whose account goes to what nobody fetched until an exit's expiry, unclaimed property."""

    escheat_account: Name
