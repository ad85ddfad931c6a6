"""A report of each kind, to be changed by tests."""

HEAD = """<ReportDocument><Id>REP-1</Id><Name>March</Name>
<IssueDateTime><DateTimeString>20270401083000</DateTimeString></IssueDateTime><TypeCode>IN</TypeCode>
<Sender><Id schemeId="0238">0042</Id><Name>Platform</Name><RoleCode>WK</RoleCode></Sender>
<Issuer><Id schemeId="0002">123456789</Id><Name>Shop</Name><RoleCode>SE</RoleCode>
<URIUniversalCommunication><URIID>shop@example.org</URIID></URIUniversalCommunication></Issuer></ReportDocument>"""

TRANSACTIONS = f"""<?xml version="1.0" encoding="UTF-8"?>
<Report>{HEAD}<TransactionsReport>
<ReportPeriod><StartDate>20270301</StartDate><EndDate>20270310</EndDate></ReportPeriod>
<Invoice><ID>F 1</ID><IssueDate>20270305</IssueDate><TypeCode>380</TypeCode><CurrencyCode>EUR</CurrencyCode>
<BusinessProcess><ID>B1</ID><TypeID>urn.cpro.gouv.fr:1p0:ereporting</TypeID></BusinessProcess>
<Seller><CompanyId schemeId="0002">123456789</CompanyId>
<TaxRegistrationId qualifyingId="VAT">FR00123456789</TaxRegistrationId>
<PostalAddress><CountryId>FR</CountryId></PostalAddress></Seller>
<Buyer><CompanyId schemeId="0227">US12</CompanyId><PostalAddress><CountryId>US</CountryId></PostalAddress></Buyer>
<AllowanceCharge ChargeIndicator="true"><Amount>10.00</Amount>
<TaxCategoryCode>G</TaxCategoryCode><TaxPercent>0</TaxPercent></AllowanceCharge>
<MonetaryTotal><TaxExclusiveAmount>110.00</TaxExclusiveAmount>
<TaxAmount CurrencyCode="EUR">0.00</TaxAmount></MonetaryTotal>
<TaxSubTotal><TaxableAmount>110.00</TaxableAmount><TaxAmount>0.00</TaxAmount>
<TaxCategory><Code>G</Code><Percent>0</Percent></TaxCategory></TaxSubTotal>
<Line><BilledQuantity UnitCode="C62">1</BilledQuantity><Price><PriceAmount>90</PriceAmount>
<AllowanceChargeAmount>10</AllowanceChargeAmount><AllowanceChargeBaseAmount>100</AllowanceChargeBaseAmount></Price>
<Product><Name>Chair</Name></Product></Line></Invoice>
<Transactions><Date>20270301</Date><TransactionsCurrency>EUR</TransactionsCurrency><CategoryCode>TLB1</CategoryCode>
<TaxExclusiveAmount>200.00</TaxExclusiveAmount><TaxTotal>40.00</TaxTotal><TransactionsCount>3</TransactionsCount>
<TaxSubtotal><TaxPercent>20</TaxPercent><TaxableAmount>200.00</TaxableAmount><TaxTotal>40.00</TaxTotal></TaxSubtotal>
</Transactions></TransactionsReport></Report>
"""

PAYMENTS = f"""<?xml version="1.0" encoding="UTF-8"?>
<Report>{HEAD}<PaymentsReport>
<ReportPeriod><StartDate>20270301</StartDate><EndDate>20270331</EndDate></ReportPeriod>
<Invoice><InvoiceID>F 1</InvoiceID><IssueDate>20270305</IssueDate><Payment><Date>20270320</Date>
<SubTotals><TaxPercent>20</TaxPercent><CurrencyCode>EUR</CurrencyCode>
<Amount>120.00</Amount></SubTotals></Payment></Invoice>
<Transactions><Payment><Date>20270321</Date><SubTotals><TaxPercent>5.5</TaxPercent><Amount>10.55</Amount></SubTotals>
</Payment></Transactions></PaymentsReport></Report>
"""


def changed(text: str, *changes: tuple[str, str]) -> bytes:
    """A report with some pieces of text replaced, each once."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()
