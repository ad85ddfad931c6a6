"""The invoice as the JSON of a service, and back: one table a service, walked in both directions.

A service's table names terms and where they stand in its JSON; what a row cannot say is a small function of the
service. `table` reads tables, `writing` and `reading` walk them, `codecs` turns single values, `json` is the text form
without a detour through floating point. Nothing here knows HTTP.

    from billingua.remote.docnova import ubl_dto

    made = ubl_dto.write(invoice, company_id=company)                           # CannotExpress names what has no place
    made = ubl_dto.write(invoice, company_id=company, allow_losses=True)
    made.content, made.losses                                                   # the JSON, and what it does not carry
    found = ubl_dto.read(made.content)
    found.invoice, found.unmapped                                               # and what of the JSON is no term

Losses that are allowed may leave an invoice that is no longer valid: totals, for one, do not change when allowances are
lost. What would change the invoice itself, such as a VAT category without a word, is refused even then.
"""
