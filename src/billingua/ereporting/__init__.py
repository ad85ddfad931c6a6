"""French e-reporting (flux 10): reports to the public portal, made of invoices and payments.

    from billingua import ereporting

    period = ereporting.period("monthly", "transactions", date(2027, 3, 5))    # 1 to 10 March, due on the 20th
    made = ereporting.transactions_report(invoices, period, head)              # flux 10.1 and 10.3
    made.left_out                                                              # which are not in it, and why
    billingua.write(made.report, "ereporting")

What is reported is what French e-invoicing does not see: sales to consumers, as sums of a day, and international
invoices between businesses, one by one. Nothing here talks to the portal or to a platform.
"""

from typing import TYPE_CHECKING

from billingua.lazy_names import names_on_use

if TYPE_CHECKING:
    from billingua.ereporting.payments import Collected, payments_report
    from billingua.ereporting.periods import KINDS, REGIMES, ReportingPeriod, period
    from billingua.ereporting.sales import Head, LeftOut, Reported, sale_of
    from billingua.ereporting.transactions import transactions_report
    from billingua.formats.ereporting.model import EReport

__all__ = [
    "KINDS",
    "REGIMES",
    "Collected",
    "EReport",
    "Head",
    "LeftOut",
    "Reported",
    "ReportingPeriod",
    "payments_report",
    "period",
    "sale_of",
    "transactions_report",
]

_HOMES = {
    "KINDS": "ereporting.periods",
    "REGIMES": "ereporting.periods",
    "Collected": "ereporting.payments",
    "EReport": "formats.ereporting.model",
    "Head": "ereporting.sales",
    "LeftOut": "ereporting.sales",
    "Reported": "ereporting.sales",
    "ReportingPeriod": "ereporting.periods",
    "payments_report": "ereporting.payments",
    "period": "ereporting.periods",
    "sale_of": "ereporting.sales",
    "transactions_report": "ereporting.transactions",
}

__getattr__, __dir__ = names_on_use(globals(), _HOMES)
