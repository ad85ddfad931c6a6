"""How the invoice is to be paid (BG-16 to BG-19)."""

from typing import Annotated

from billingua.model.base import Group, term

__all__ = ["CreditTransfer", "DirectDebit", "PaymentCard", "PaymentInstructions"]


class CreditTransfer(Group, frozen=True):
    """BG-17 Credit transfer: one account to pay to."""

    account_identifier: Annotated[
        str | None, term("BT-84 Payment account identifier: the IBAN, or a national account number.")
    ] = None
    account_name: Annotated[
        str | None, term("BT-85 Payment account name: the name under which the account is held.")
    ] = None
    service_provider_identifier: Annotated[
        str | None, term("BT-86 Payment service provider identifier: the BIC of the bank.")
    ] = None


class PaymentCard(Group, frozen=True):
    """BG-18 Payment card information: the card that was charged."""

    account_number: Annotated[
        str | None,
        term("BT-87 Payment card primary account number: its first six and last four digits at most."),
    ] = None
    holder_name: Annotated[str | None, term("BT-88 Payment card holder name: the name on the card.")] = None


class DirectDebit(Group, frozen=True):
    """BG-19 Direct debit: what the Seller needs to collect the amount."""

    mandate_reference: Annotated[
        str | None, term("BT-89 Mandate reference identifier: the Payee's number of the mandate.")
    ] = None
    creditor_identifier: Annotated[
        str | None, term("BT-90 Bank assigned creditor identifier: the Payee's number as a creditor.")
    ] = None
    debited_account_identifier: Annotated[
        str | None, term("BT-91 Debited account identifier: the account the amount is collected from.")
    ] = None


class PaymentInstructions(Group, frozen=True):
    """BG-16 Payment instructions: the means of payment and its details."""

    means_code: Annotated[str | None, term("BT-81 Payment means type code: of UNCL 4461, such as 58.")] = None
    means_text: Annotated[str | None, term("BT-82 Payment means text: the means in words.")] = None
    remittance_information: Annotated[str | None, term("BT-83 Remittance information: what the payer is to quote.")] = (
        None
    )
    credit_transfers: Annotated[tuple[CreditTransfer, ...], term("BG-17 Credit transfer: the accounts to pay to.")] = ()
    card: Annotated[PaymentCard | None, term("BG-18 Payment card information: the card used.")] = None
    direct_debit: Annotated[DirectDebit | None, term("BG-19 Direct debit: the mandate used.")] = None
