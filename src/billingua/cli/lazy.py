"""A group of commands that are imported when they are called."""

from importlib import import_module
from typing import Any

import click

__all__ = ["LazyGroup"]


class LazyGroup(click.Group):
    """The commands `names`, in this order; each is `command` in the module of its name below `package`."""

    def __init__(self, *args: Any, package: str = "", names: tuple[str, ...] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.package = package
        self.names = names

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.names:
            return None
        command: click.Command = import_module(f"{self.package}.{cmd_name.replace('-', '_')}").command
        return command
