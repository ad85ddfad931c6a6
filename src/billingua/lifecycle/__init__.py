"""The life cycle of invoices in the French reform: status messages (CDAR), and what follows from them.

    from billingua import lifecycle

    made = lifecycle.message(invoice, "refused", reasons="TX_TVA_ERR")   # from an invoice of the model, or a reference
    data = lifecycle.write(made)                                         # bytes on the wire, within 5 MB
    history = lifecycle.History([made])                                  # messages in any order
    lifecycle.next_statuses(history)                                     # which may follow

Everything loads when it is first used.
"""

from typing import TYPE_CHECKING

from billingua.errors import LifecycleError
from billingua.lazy_names import names_on_use

if TYPE_CHECKING:
    from billingua.formats.cdar.model import LifecycleMessage
    from billingua.lifecycle.history import History, Step, next_statuses
    from billingua.lifecycle.making import MAX_BYTES, Cashed, Reason, Reference, message, write
    from billingua.lifecycle.table import Status, is_status, status, statuses

__all__ = [
    "MAX_BYTES",
    "Cashed",
    "History",
    "LifecycleError",
    "LifecycleMessage",
    "Reason",
    "Reference",
    "Status",
    "Step",
    "is_status",
    "message",
    "next_statuses",
    "status",
    "statuses",
    "write",
]

_HOMES = {
    "MAX_BYTES": "lifecycle.making",
    "Cashed": "lifecycle.making",
    "History": "lifecycle.history",
    "LifecycleMessage": "formats.cdar.model",
    "Reason": "lifecycle.making",
    "Reference": "lifecycle.making",
    "Status": "lifecycle.table",
    "Step": "lifecycle.history",
    "is_status": "lifecycle.table",
    "message": "lifecycle.making",
    "next_statuses": "lifecycle.history",
    "status": "lifecycle.table",
    "statuses": "lifecycle.table",
    "write": "lifecycle.making",
}

__getattr__, __dir__ = names_on_use(globals(), _HOMES)
