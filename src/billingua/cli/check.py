"""One document checked, and many: what `validate` does with each input, here or in worker processes."""

import gc
from collections.abc import Iterable, Iterator
from datetime import date
from time import perf_counter
from typing import NamedTuple

from billingua.cli.common import internal, open_input, read_input, shown, without_name
from billingua.engine.report import Report
from billingua.errors import BillinguaError, MissingExtra, UsageError

__all__ = ["Input", "Task", "check", "failed", "run"]


class Task(NamedTuple):
    """What every input of one call is checked for."""

    rulesets: tuple[str, ...] | None = None
    schematron: tuple[str, ...] = ()
    today: date | None = None
    flavour: str | None = None
    """The PDF/A flavour that PDF files are judged by; None for documents of other kinds."""


class Input(NamedTuple):
    """A file name, and its bytes when they have been read already (standard input)."""

    name: str
    data: bytes | None = None


def check(item: Input, task: Task) -> Report:
    """The verdict on one input. What is wrong with the input is told in the report.

    Raises UsageError and MissingExtra: they concern all inputs alike.
    """
    name = shown(item.name)
    start = perf_counter()
    try:
        if task.flavour is not None:
            from billingua import pdf

            return pdf.check(read_input(item.name) if item.data is None else item.data, task.flavour, name)
        from billingua import api

        report: Report
        if item.data is None:
            with open_input(item.name) as source:
                report = api.validate(source, rulesets=task.rulesets, today=task.today, name=name)
        else:
            report = api.validate(item.data, rulesets=task.rulesets, today=task.today, name=name)
        if task.schematron:
            from pathlib import Path

            from billingua.schematron import with_schematron

            data = read_input(item.name) if item.data is None else item.data
            report = with_schematron(report, [Path(name) for name in task.schematron], data)
    except (UsageError, MissingExtra):
        raise
    except BillinguaError as error:
        return failed(name, without_name(error, name), start)
    except MemoryError:
        return failed(name, "There is not enough memory for this document.", start)
    except Exception as error:
        return failed(name, internal(error), start)
    return report


def failed(name: str, message: str, start: float | None = None) -> Report:
    """The report on an input that could not be read."""
    return Report(
        file=name,
        format=None,
        profile=None,
        rulesets=(),
        schema_valid=None,
        valid=False,
        error=message,
        elapsed_ms=0.0 if start is None else round((perf_counter() - start) * 1000, 3),
        findings=(),
    )


def run(items: Iterable[Input], task: Task, jobs: int) -> Iterator[Report]:
    """The verdicts in the order of the inputs, each as soon as it and those before it are there.

    Schematron always runs in workers, so that it is told when Saxon's native code aborts its process.
    """
    if jobs == 1 and not task.schematron:
        return _one_by_one(items, task)
    from billingua.cli.workers import run_in_workers

    return run_in_workers(list(items), task, jobs)


def _one_by_one(items: Iterable[Input], task: Task) -> Iterator[Report]:
    for number, item in enumerate(items):
        if number:
            gc.enable()
        yield check(item, task)
