"""The page that an issuer publishes: supply beside reserve, and all that anyone may check, from the chains alone.

`gather` reads it, `page` shows it, `write` puts both into a folder and `verify` holds a folder to the chains again.
"""

from scrip.site.facts import Gathered, gather
from scrip.site.files import PAGE, REPORT, differences, read_report, write
from scrip.site.page import page

__all__ = ["Gathered", "PAGE", "REPORT", "differences", "gather", "page", "read_report", "write"]
