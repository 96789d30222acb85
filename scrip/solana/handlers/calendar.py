"""Sessions of exchanges: the program opens and shuts with none."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(
    *(ins.LoadSessions, ins.CloseDays),
    reason="the program keeps no sessions of exchanges",
)
