"""A document in parts: each element that opens a group, below such as open none, is cut out of what stands around it.

A document whose shape comes for the first time is mostly made of parts that came before, in other documents.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from billingua.engine.automaton import State
from billingua.engine.record import Names
from billingua.engine.shape import GAP, Run, Written

__all__ = ["in_parts"]


def in_parts(text: Written, names: Names, start: State) -> Written:
    """The same document with more elements cut out; none of them declares a namespace, has attributes or has repeated
    elements in it. (Tags that open as often as they close have no attributes, for those would be written otherwise.)"""
    found = text.around
    tags = found[1:-1:2]
    root = names[tags[0]]
    names = names.inside(root.declared)
    open_: list[State | None] = [start]
    around: list[str] = []
    runs: list[Run] = []
    waiting = iter(text.runs)
    gaps = [at for at, tag in enumerate(tags) if tag[0] == GAP] if text.runs else []
    counts = Counter(tags)
    done, at = 0, 1
    while at < len(tags):
        tag = tags[at]
        at += 1
        if tag.startswith("/"):
            open_.pop()
        elif tag.startswith(GAP):
            runs.append(next(waiting))
        elif not tag.endswith("/"):
            state, meant = open_[-1], names[tag]
            entered = None if state is None or meant.declared else state[meant.tag]
            if entered is None or entered.closed or entered.is_text:
                open_.append(None)
            elif entered.opens and counts[tag] == counts[f"/{tag}"] and (end := _end(tags, at, gaps)):
                part = [*found[2 * at : 2 * end + 2], "", ""]
                before = found[done : 2 * at - 1]
                if before == [""] and around and around[-1] == GAP + tag:
                    runs[-1].append(part)
                else:
                    around += [*before, GAP + tag]
                    runs.append([part])
                done, at = 2 * end + 2, end + 1
            else:
                open_.append(None if entered.opens else entered)
    return Written(around + found[done:], text.is_escaped, runs)


def _end(tags: Sequence[str], start: int, gaps: Sequence[int]) -> int:
    """Where an element ends whose inside starts there; 0 if it has elements of its name or a gap inside."""
    tag = tags[start - 1]
    end = tags.index(f"/{tag}", start)
    next_gap = bisect_left(gaps, start)
    has_gap = next_gap < len(gaps) and gaps[next_gap] < end
    return 0 if has_gap or tag in tags[start:end] else end
