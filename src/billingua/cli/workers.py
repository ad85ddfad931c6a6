"""Checking in several processes: results in input order, bounded memory, and a lost process is told, not
hidden.

A worker gets a few inputs at a time and answers each as it is done, so when it dies it is known which input
it was at.
"""

import gc
import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from billingua.cli.check import Input, Task, check, failed
from billingua.cli.common import shown
from billingua.engine.report import Report
from billingua.errors import MissingExtra, UsageError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["run_in_workers"]

_BATCH = 8
_AHEAD = 32

Batch = list[tuple[int, Input]]


def run_in_workers(items: Sequence[Input], task: Task, jobs: int) -> Iterator[Report]:
    """The verdicts in the order of the inputs; no more than a few dozen a worker wait for an earlier one."""
    from multiprocessing.connection import wait

    waiting: Batch = list(enumerate(items))
    waiting.reverse()
    size = max(1, min(_BATCH, len(items) // (2 * jobs)))
    done: dict[int, Report] = {}
    workers = [_Worker(task) for _ in range(min(jobs, len(items)))]
    following = 0
    try:
        while following < len(items):
            for worker in workers:
                if not worker.batch and waiting and waiting[-1][0] < following + _AHEAD * len(workers):
                    worker.give([waiting.pop() for _ in range(min(size, len(waiting)))])
            ready = wait([worker.connection for worker in workers if worker.batch])
            for place, worker in enumerate(workers):
                if worker.connection not in ready:
                    continue
                try:
                    number, result = worker.connection.recv()
                except (EOFError, OSError):
                    number, lost = worker.batch.popleft()
                    result = failed(shown(lost.name), worker.last_words())
                    waiting += reversed(worker.batch)
                    workers[place] = _Worker(task)
                else:
                    worker.batch.popleft()
                if isinstance(result, str):
                    raise UsageError(result)
                done[number] = result
            while following in done:
                yield done.pop(following)
                following += 1
    finally:
        for worker in workers:
            worker.end()


class _Worker:
    """A process and the inputs it has not answered yet."""

    def __init__(self, task: Task) -> None:
        import multiprocessing

        self.connection, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=_work, args=(theirs, task), daemon=True)
        self.process.start()
        theirs.close()
        self.batch: deque[tuple[int, Input]] = deque()

    def give(self, batch: Batch) -> None:
        """Hand over a few inputs. A worker that is gone already is noticed when its answer is waited for."""
        self.batch.extend(batch)
        try:
            self.connection.send(batch)
        except OSError:
            return

    def last_words(self) -> str:
        """Why the process ended, as far as its exit code tells."""
        self.process.join()
        self.connection.close()
        code = self.process.exitcode or 0
        reason = f"exit code {code}"
        if code < 0:
            try:
                reason = signal.Signals(-code).name
            except ValueError:
                reason = f"signal {-code}"
        if reason == "SIGKILL":
            reason += ", perhaps for lack of memory"
        return f"Not checked: the worker process ended while it was at this document ({reason})."

    def end(self) -> None:
        """Stop it, whatever it is doing."""
        self.process.terminate()
        self.process.join()
        self.connection.close()


def _work(connection: "Connection[Any, Any]", task: Task) -> None:
    """The loop of a worker: a batch in, an answer out for each of its inputs; ends with its parent."""
    import multiprocessing
    from multiprocessing.connection import wait

    gc.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if task.schematron:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what Saxon's native code says when it aborts
    parent = multiprocessing.parent_process()
    assert parent is not None
    while connection in wait([connection, parent.sentinel]):
        try:
            batch: Batch = connection.recv()
            for number, item in batch:
                try:
                    answer: Report | str = check(item, task)
                except (UsageError, MissingExtra) as error:
                    answer = str(error)
                connection.send((number, answer))
        except (EOFError, OSError):
            return
