"""What custodians and venues say beside what the chains say, each difference with what likely makes it.

`read_statement` reads their files, `sheet` reads the chains, and `reconcile` holds one to the other.
"""

from scrip.reconcile.compare import Line, reconcile
from scrip.reconcile.sheet import Sheet, sheet
from scrip.reconcile.statement import Entry, read_statement

__all__ = ["Entry", "Line", "Sheet", "read_statement", "reconcile", "sheet"]
