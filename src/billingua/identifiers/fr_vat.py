"""The French VAT number: `FR`, a key of two characters and the SIREN. Scheme 9957.

>>> of_siren("404833048")
'FR83404833048'
>>> is_valid("FR83404833048")
True
"""

from billingua.errors import UsageError
from billingua.identifiers import eu_vat, siren

__all__ = ["is_valid", "key", "of_siren", "problem", "siren_of"]


def key(number: str) -> str:
    """The two digits that stand before a SIREN (numbers given later may have letters there).

    Raises:
        UsageError: the text is no SIREN.
    """
    return of_siren(number)[2:4]


def of_siren(number: str) -> str:
    """The VAT number of a company that has a key of digits.

    Raises:
        UsageError: the text is no SIREN.
    """
    wrong = siren.problem(number)
    if wrong:
        raise UsageError(wrong)
    from stdnum.fr.siren import to_tva

    return f"FR{to_tva(number)}"


def siren_of(text: str) -> str:
    """The company that a VAT number belongs to: its last nine digits."""
    return text[4:]


def problem(text: str) -> str:
    """What is wrong with a French VAT number; "" when nothing is."""
    if not text.startswith("FR"):
        return "A French VAT number starts with FR."
    return eu_vat.problem(text)


def is_valid(text: str) -> bool:
    """Whether prefix, form and key are right."""
    return not problem(text)
