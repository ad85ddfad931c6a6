"""The plainest call, `billingua validate PATH...`: it goes without click, which takes longer to load than a document to
judge.
"""

import os
from collections.abc import Sequence
from functools import partial

from billingua.cli.check import Task
from billingua.cli.ending import status_of, take_any_text
from billingua.cli.reporting import report_on

__all__ = ["is_plain", "validate"]


def is_plain(arguments: Sequence[str]) -> bool:
    """Whether the arguments of the command are `validate` and paths of files, which need not be read any further."""
    if os.name == "nt" or "_BILLINGUA_COMPLETE" in os.environ:
        return False  # there click makes names of patterns; a shell asks how a word may go on
    return len(arguments) > 1 and arguments[0] == "validate" and not any(one.startswith("-") for one in arguments)


def validate(paths: Sequence[str]) -> int:
    """Check documents as the command does that is given no options; the exit status."""
    take_any_text()
    return status_of(partial(report_on, paths, Task()))
