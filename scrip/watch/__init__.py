"""Being told: what of a deployment wants somebody's attention, each once, with the command to run.

`look` finds what stands on networks now, `Told` remembers what was said already, and a sink says it.
"""

from scrip.watch.alerts import Alert, Limits
from scrip.watch.look import Look, look
from scrip.watch.sinks import FileSink, Sink, TextSink, WebhookSink
from scrip.watch.told import Told

__all__ = ["Alert", "FileSink", "Limits", "Look", "Sink", "TextSink", "Told", "WebhookSink", "look"]
