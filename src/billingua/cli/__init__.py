"""The command `billingua`: a file a command, loaded when it is called.

At the top of its modules no more is imported than click, so that help and light commands are quick.
"""

from typing import TYPE_CHECKING

from billingua.lazy_names import names_on_use

if TYPE_CHECKING:
    from billingua.cli.root import COMMANDS, main, program

__all__ = ["COMMANDS", "main", "program"]

__getattr__, __dir__ = names_on_use(globals(), dict.fromkeys(__all__, "cli.root"))
