"""What stands below the invoice: the footer, and the attachment of text and tables."""

from typing import Annotated

from billingua.engine.tree import attribute, element
from billingua.model.base import Group

__all__ = [
    "BlockProperty",
    "Column",
    "DataBlock",
    "Footer",
    "Information",
    "Register",
    "Row",
    "Table",
    "TableProperty",
]


class Information(Group, frozen=True):
    """Informacje: a remark at the foot of the invoice."""

    text: Annotated[str | None, element("StopkaFaktury", "the remark, up to 3500 characters.")] = None


class Register(Group, frozen=True):
    """Rejestry: the seller's numbers in public registers."""

    full_name: Annotated[str | None, element("PelnaNazwa", "full name.")] = None
    krs: Annotated[str | None, element("KRS", "number in the court register, ten digits.")] = None
    regon: Annotated[str | None, element("REGON", "statistical number, 9 or 14 digits.")] = None
    bdo: Annotated[str | None, element("BDO", "number in the waste register.")] = None


class Footer(Group, frozen=True):
    """Stopka: remarks and registers."""

    information: Annotated[tuple[Information, ...], element("Informacje", "remarks, up to 3.")] = ()
    registers: Annotated[tuple[Register, ...], element("Rejestry", "numbers in registers.")] = ()


class BlockProperty(Group, frozen=True):
    """MetaDane: a key and a value of a block."""

    key: Annotated[str | None, element("ZKlucz", "key.")] = None
    value: Annotated[str | None, element("ZWartosc", "value.")] = None


class TableProperty(Group, frozen=True):
    """TMetaDane: a key and a value of a table."""

    key: Annotated[str | None, element("TKlucz", "key.")] = None
    value: Annotated[str | None, element("TWartosc", "value.")] = None


class Column(Group, frozen=True):
    """Kol: a column of a table."""

    type: Annotated[str | None, attribute("Typ", "type of its cells.", "column_type")] = None
    name: Annotated[str | None, element("NKom", "its heading.")] = None


class Row(Group, frozen=True):
    """Wiersz: a row of a table."""

    cells: Annotated[tuple[str, ...], element("WKom", "cells; they may be empty.")] = ()


class Table(Group, frozen=True):
    """Tabela: a table of the attachment."""

    properties: Annotated[tuple[TableProperty, ...], element("TMetaDane", "keys and values of the table.")] = ()
    description: Annotated[str | None, element("Opis", "description.")] = None
    columns: Annotated[tuple[Column, ...], element("TNaglowek/Kol", "columns, up to 20.")] = ()
    rows: Annotated[tuple[Row, ...], element("Wiersz", "rows.")] = ()
    totals: Annotated[tuple[str, ...], element("Suma/SKom", "cells of the row of totals.")] = ()


class DataBlock(Group, frozen=True):
    """BlokDanych: a part of the attachment."""

    heading: Annotated[str | None, element("ZNaglowek", "heading.")] = None
    properties: Annotated[tuple[BlockProperty, ...], element("MetaDane", "keys and values of the block.")] = ()
    paragraphs: Annotated[tuple[str, ...], element("Tekst/Akapit", "paragraphs, up to 10.")] = ()
    tables: Annotated[tuple[Table, ...], element("Tabela", "tables.")] = ()
