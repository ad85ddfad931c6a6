"""What `lifecycle show` and `lifecycle next` share."""

from typing import TYPE_CHECKING

from billingua.cli.common import named, read_input, say, shown, without_name
from billingua.errors import LifecycleError

if TYPE_CHECKING:
    from billingua.lifecycle import History

__all__ = ["history_of"]


def history_of(sources: tuple[str, ...]) -> "tuple[History, int]":
    """The history that messages make, and how many of them have no place in it, which is said of each.

    Raises:
        UnreadableInput: a file cannot be read.
    """
    from billingua import api
    from billingua.lifecycle import History

    history, refused = History(), 0
    for source in sources:
        data = read_input(source)
        with named(shown(source)):
            content = api.read(data).content
        try:
            if not history.add(content):
                say(shown(source), "It says nothing new.")
        except LifecycleError as error:
            say(shown(source), without_name(error, shown(source)))
            refused += 1
    return history, refused
