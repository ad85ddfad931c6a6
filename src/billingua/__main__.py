"""`python -m billingua`."""

from billingua.cli import start

if __name__ == "__main__":
    start()
