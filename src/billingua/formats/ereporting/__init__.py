"""French e-reporting (flux 10.1 to 10.4): the report of transactions or payments to the public portal."""

from billingua.engine.format import Format

__all__ = ["FORMAT"]

FORMAT = Format(
    package=__name__,
    title="French e-reporting",
    roots={"Report": "ereporting"},
    namespaces={},
    schemas={"ereporting": "fr-ereporting/Report.xsd"},
    version="1.0",
    own_model="EReport",
)
