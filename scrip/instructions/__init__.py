"""Instructions: what an issuer or an investor asks of a ledger, as values.

The model and every chain adapter apply the same values. Accounts, stocks and investors are names ("alice", "MSFT"); an
adapter maps them to addresses, and "" to the zero address. Times are UTC seconds. `reason` is a code, 1 to 65535;
`document` is the 32 bytes of a document's hash as 0x-prefixed hex, or any other text, of which an adapter takes the
keccak ("" is no document). `key` makes an instruction unrepeatable and is mapped alike, but with key "" the ledger
draws a fresh one. `by` is the account that signs; role-gated instructions are the issuer's unless a test says else.

Each subject's file says in `__all__` what it adds to this package.
"""

from scrip.instructions.actions import *  # noqa: F403
from scrip.instructions.attestations import *  # noqa: F403
from scrip.instructions.base import *  # noqa: F403
from scrip.instructions.calendar import *  # noqa: F403
from scrip.instructions.dividends import *  # noqa: F403
from scrip.instructions.elections import *  # noqa: F403
from scrip.instructions.enforcement import *  # noqa: F403
from scrip.instructions.feeds import *  # noqa: F403
from scrip.instructions.fleet import *  # noqa: F403
from scrip.instructions.holder_limits import *  # noqa: F403
from scrip.instructions.investors import *  # noqa: F403
from scrip.instructions.market import *  # noqa: F403
from scrip.instructions.offers import *  # noqa: F403
from scrip.instructions.recovery import *  # noqa: F403
from scrip.instructions.redemption import *  # noqa: F403
from scrip.instructions.region_exit import *  # noqa: F403
from scrip.instructions.reserve import *  # noqa: F403
from scrip.instructions.sanctions import *  # noqa: F403
from scrip.instructions.subscriptions import *  # noqa: F403
from scrip.instructions.transfers import *  # noqa: F403
from scrip.instructions.voting import *  # noqa: F403
from scrip.instructions.wind_up import *  # noqa: F403
