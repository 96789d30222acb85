"""What to do about a refusal: one table, by the names that the model and every chain share."""

from __future__ import annotations

from collections.abc import Mapping

from scrip.errors import Refusal

ADVICE: Mapping[str, str] = {
    "token: halted": "`emergency unhalt` ends it, through the timelock",
    "token: paused": "`emergency unpause TICKER` ends it",
    "beacon: halted": "the fleet stands halted already",
    "beacon: not halted": "the fleet is not halted",
    "market: paused": "`market unpause` ends it",
    "market: quote expired": "have another quote signed, under another reference",
    "market: quote used": "a quote is good once: have another signed, under another reference",
    "market: multiplier changed": "the quote was priced before it: have another signed",
    "market: not a quote signer": "have it signed by who may sign quotes: `deploy show`",
    "market: not your quote": "send it by the account that the quote names",
    "market: asset not listed": "`deploy settings` lists the assets of the manifest",
    "market: wrong side": "a quote to mint is for `market mint`, one to redeem for `market redeem`",
    "feeds: no price": "`feeds poke` asks the sources, and `feeds show` says what they answer",
    "feeds: not poked": "`feeds poke` asks the sources",
    "feeds: stale answer": "`feeds poke` asks the sources: an older answer than the stock's max_age is no price",
    "feeds: suspended": "`feeds resume` ends it",
    "feeds: window": "a split or a dividend takes effect: `feeds poke` once the sources answer since",
    "stablecoin: insufficient": "fund the account that pays, or quote less",
    "stablecoin: allowance": "let the market take the settlement: `approve` of the coin",
    "ERC20InsufficientBalance": "`stock show` and the account's balance say how much there is",
    "ERC20InsufficientAllowance": "let the market take the settlement: `approve` of the coin",
    "ERC7943CannotReceive": "the account is not cleared, is blocked or shut out: `stock why` says which",
    "ERC7943CannotSend": "the account is not cleared, is blocked or frozen: `stock why` says which",
    "ERC7943InsufficientUnfrozenBalance": "a part is frozen or locked: less, or free it first",
    "reserve: insufficient": "raise the ceiling, or have what is held attested: `stock show`",
    "reserve: stale answer": "have the custodian attest (`market attest`), or wait for the oracle's next answer",
    "reserve: bad answer": "have the custodian attest (`market attest`), or look at the oracle",
    "reserve: not configured": "`deploy settings` sets the reserve of the manifest",
    "reserve: action undecided": "`action schedule` or `action cancel` it: until then nothing is minted",
    "reserve: basis in doubt": "`market set-basis`, through the timelock, once people have looked",
    "reserve: basis unconfirmed": "`market confirm-basis`, once an answer shows the split",
    "actions: notice too short": "choose a later instant: `action cancel`, then announce it under another reference",
    "actions: effective in the past": "choose an instant that is still to come",
    "actions: slot taken": "wait until the pending change is in effect, or `action cancel` it",
    "actions: already announced": "`action show` says on which terms; another action has another reference",
    "actions: not announced": "`action announce` it first",
    "actions: not cancellable": "it is in effect, or was cancelled: `action show` says which",
    "actions: split bound": "split in several steps",
    "actions: step bound": "check gross and price: a dividend of more than a quarter of the price is not struck",
    "actions: rate bound": "the index rises by 50 % a year at most without the timelock (`action correct`)",
    "actions: too many announced": "`action cancel` what will not be carried out",
    "registry: unknown investor": "`compliance onboard` enters investors",
    "registry: investor known": "an investor is entered once: `compliance renew` and `link` go on from there",
    "registry: wallet known": "a wallet belongs to one investor: `compliance unlink` it there first",
    "registry: unknown wallet": "`compliance link` or `compliance onboard` enters wallets",
    "registry: already blocked": "it is blocked: nothing is to be done",
    "registry: not blocked": "it is not blocked: nothing is to be done",
    "registry: bad expiry": "a clearance ends in the future, and before 2200",
    "holders: not seeded": "`emergency pause`, then `stock seed` until all are counted",
    "rules: would loosen": "what lets somebody in is the timelock's: --propose",
    "keys: used": "it was done before under this reference: give another",
}
"""By a refusal's name."""


def told(refusal: Refusal) -> str:
    """A refusal with what to do about it, where anything is known to help."""
    advice = ADVICE.get(refusal.name, "")
    return f"{refusal}: {advice}" if advice else str(refusal)
