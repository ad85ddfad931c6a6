"""Identifiers: numbers whose form and check digits tell whether they can be right.

One module a kind, all with one face, and no look-up in any register:

    problem(text)    what is wrong, as a sentence; "" when nothing is
    is_valid(text)   whether nothing is

Both judge the text as it goes on the wire: spaces, hyphens and small letters that a number does not have are wrong.
Check digits are judged by python-stdnum, which is loaded when one is asked for; a module that computes them says why.
`fr_routing` asks for the scheme as well. `ksef_number` gives what it reads as a value instead, and raises with the
reason.
"""
