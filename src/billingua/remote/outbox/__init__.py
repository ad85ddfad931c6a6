"""The outbox: what is to be sent, kept in one file until the service has said what became of it.

    from billingua.remote.outbox import Outbox

    with Outbox("outbox.db") as outbox:
        entry = outbox.enqueue(data, "folder:pickup", file="invoice.xml")   # kept: from here on nothing is lost
        outbox.run(wait=600)                                                # checked, sent, followed
        print(outbox.entry(entry.id).state)                                 # accepted, rejected, failed, ...

An entry is known by the SHA-256 of its exact bytes and by where they go, so the same invoice is never sent there twice.
Before anything is sent, the file says that it is going to be; whoever finds such an entry after a crash first asks the
service what became of it. Everything loads when it is first used.
"""

from typing import TYPE_CHECKING

from billingua.errors import SendingError
from billingua.lazy_names import names_on_use

if TYPE_CHECKING:
    from billingua.remote.outbox.courier import COURIERS, Courier
    from billingua.remote.outbox.entry import REASONS, STATES, Answer, Document, Entry, Receipt, Step
    from billingua.remote.outbox.front import Outbox, Outcome, Stopped, default_path
    from billingua.remote.outbox.pace import Pace

__all__ = [
    "COURIERS",
    "REASONS",
    "STATES",
    "Answer",
    "Courier",
    "Document",
    "Entry",
    "Outbox",
    "Outcome",
    "Pace",
    "Receipt",
    "SendingError",
    "Step",
    "Stopped",
    "default_path",
]

_HOMES = {
    "COURIERS": "remote.outbox.courier",
    "REASONS": "remote.outbox.entry",
    "STATES": "remote.outbox.entry",
    "Answer": "remote.outbox.entry",
    "Courier": "remote.outbox.courier",
    "Document": "remote.outbox.entry",
    "Entry": "remote.outbox.entry",
    "Outbox": "remote.outbox.front",
    "Outcome": "remote.outbox.front",
    "Pace": "remote.outbox.pace",
    "Receipt": "remote.outbox.entry",
    "Step": "remote.outbox.entry",
    "Stopped": "remote.outbox.front",
    "default_path": "remote.outbox.front",
}

__getattr__, __dir__ = names_on_use(globals(), _HOMES)
