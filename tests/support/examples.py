"""How many examples a property test draws: few in every run, many more in the campaign."""

import os

FACTOR = int(os.environ.get("SCRIP_LAWS_FACTOR", "1"))


def examples(few: int) -> int:
    """So many, times what the environment asks for."""
    return few * FACTOR
