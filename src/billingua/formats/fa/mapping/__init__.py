"""Between FA(3) and EN 16931, value by value; `billingua.formats.fa.convert` is the door."""
