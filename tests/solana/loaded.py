"""What a command on Solana loads as it goes along: a process that forks the children who give them loads it once."""

import anyio._backends._asyncio  # noqa: F401
import exchange_calendars  # noqa: F401
import httpcore._async.http11  # noqa: F401
import websockets.asyncio.client  # noqa: F401

from scrip.solana.build import Build
from scrip.solana.encoding.program import program_of

program_of(Build().idl)
