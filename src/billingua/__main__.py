"""`python -m billingua`."""

from billingua.cli import main

if __name__ == "__main__":
    main()
