"""All of FactPulse in one client, by version 4.4.0 of its description.

Calls that are gone since 4.0.3 (writing the directory) are not here; against an older server new ones raise `NotThere`
or `NotOffered`.
"""

from billingua.remote.exchange.clients import AsyncClient, Client
from billingua.remote.factpulse.accounts import AccountCalls
from billingua.remote.factpulse.afnor import AfnorProxyCalls
from billingua.remote.factpulse.cdar import CdarCalls
from billingua.remote.factpulse.chorus import ChorusCalls
from billingua.remote.factpulse.convert import ConvertCalls
from billingua.remote.factpulse.ereporting import ReportCalls
from billingua.remote.factpulse.invoices import InvoiceCalls

__all__ = ["AsyncFactPulse", "FactPulse", "FactPulseCalls"]


class FactPulseCalls(InvoiceCalls, ConvertCalls, CdarCalls, ReportCalls, AfnorProxyCalls, ChorusCalls, AccountCalls):
    """The calls of FactPulse."""


class FactPulse(FactPulseCalls, Client):
    """FactPulse."""


class AsyncFactPulse(FactPulseCalls, AsyncClient):
    """FactPulse, for asyncio and trio."""
