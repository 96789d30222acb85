"""What a command on Solana loads as it goes along: a process that forks the children who give them loads it once."""

import anyio._backends._asyncio  # noqa: F401
import exchange_calendars  # noqa: F401
import httpcore._async.http11  # noqa: F401
import websockets.asyncio.client  # noqa: F401

import scrip.chains.solana
import scrip.flows.investors  # noqa: F401
from scrip.solana.deploy.suite import Build, program_of

program_of(Build().idl)
