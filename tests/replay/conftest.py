"""One model replay of Microsoft serves all tests that read it."""

import pytest
from replaying import replay_model

from scrip.replay.events import load_events
from scrip.replay.prices import load_history
from scrip.replay.result import Result
from scrip.replay.timeline import build


@pytest.fixture(scope="session")
def msft_result() -> Result:
    return replay_model(build("MSFT", load_history("MSFT"), load_events("MSFT")))
