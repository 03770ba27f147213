"""The drift of one column: its distribution, its share without a value, its categories."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from weft.build.drift.jensen_shannon import jensen_shannon, jensen_shannon_by_chance
from weft.build.drift.kolmogorov_smirnov import kolmogorov_smirnov, kolmogorov_smirnov_by_chance
from weft.build.drift.measure import (
    GONE,
    JENSEN_SHANNON,
    KOLMOGOROV_SMIRNOV,
    NULL_SHARE,
    PSI,
    UNSEEN,
    Measure,
    judged,
    not_applicable,
)
from weft.build.drift.null_share import null_share_change, null_share_change_by_chance
from weft.build.drift.psi import contributions, psi, psi_by_chance
from weft.build.drift.publication import Publication, newest_profiled
from weft.build.drift.season import FEWEST, comparable
from weft.build.drift.sketch import VALUES, Sketch, pooled, sketches_of
from weft.build.drift.thresholds import Convention, expected
from weft.build.drift.unseen_categories import gone, unseen

_POOLED = 4  # publications that a publication is compared with at once
_ALWAYS = 8  # publications, all of which had what may be gone
_LEARNT_FROM_LAST = 30
# PSI's convention; the others say the same of a normal distribution whose mean moves: PSI is 8 divergences in nats.
CONVENTIONS = {
    PSI: Convention(0.25, 0.1),
    JENSEN_SHANNON: Convention(0.212, 0.134),
    KOLMOGOROV_SMIRNOV: Convention(0.197, 0.126),
    NULL_SHARE: Convention(0.05, 0.02),
    UNSEEN: Convention(0.01, 0.001),
    GONE: Convention(0.01, 0.01),
}


@dataclass(frozen=True)
class Compared:
    """Two counts in one grid."""

    before: Sketch
    now: Sketch
    publications: int  # that were pooled
    words: str
    is_like: bool  # of the same season


@dataclass(frozen=True)
class _Raw:
    measured: float
    chance: float
    against: str
    details: dict[str, Any]
    message: str = ""
    is_like: bool = True


def column_drift(history: Sequence[Publication], now: Publication, column: str) -> Iterator[Measure]:
    """Every measure of a column.

    Args:
        history: earlier publications, oldest first; not empty.
        now: the publication.
        column: of it.
    """
    before = newest_profiled(history)
    if before is None:
        yield not_applicable(PSI, column, "No earlier publication has a profile.")
        return
    figures, last = now.columns[column], before.columns.get(column)
    if last is None:
        yield not_applicable(PSI, column, "The column was not there before.")
        return
    if last.get("type") != figures.get("type"):
        yield not_applicable(PSI, column, f"Its type was {last.get('type')}, and is {figures.get('type')}.")
        return
    raws = _raws(history, now, column)
    earlier: dict[str, list[float]] = {kind: [] for kind in raws}
    for index in range(max(1, len(history) - _LEARNT_FROM_LAST), len(history)):
        if column not in history[index].columns:
            continue
        for kind, raw in _raws(history[:index], history[index], column).items():
            if kind in earlier and raw.is_like:
                earlier[kind].append(raw.measured)
    for kind, raw in raws.items():
        usual = expected(earlier[kind], CONVENTIONS[kind], raw.chance)
        found = judged(kind, column, raw.measured, usual, raw.against, raw.details, raw.message)
        if not raw.is_like:
            when = comparable(history, now.at).words
            found = replace(found, status="not_applicable", message=f"There is no earlier publication {when}.")
        yield found
    if PSI not in raws and figures.get("distribution"):
        yield not_applicable(PSI, column, "No earlier publication was counted in the same bins.")


def compared(history: Sequence[Publication], now: Publication, column: str) -> Compared | None:
    """A column and what was before it, in a grid that they share; None without one.

    Before it is the newest comparable publication, or a few of them together, whichever it is more like: after a
    lasting change the first publication drifted, not those that are like the first.
    """
    like, words, is_like = _reference(history, now, column)
    found: list[Compared] = []
    for sketch in sketches_of(now.columns.get(column)):
        same = [one for state in like for one in sketches_of(state.columns.get(column)) if one.grid == sketch.grid]
        for chosen in (same, same[-1:]):
            before = pooled(chosen, sketch.grid)
            if before is not None and sketch.total and before.total:
                found.append(Compared(before, sketch, len(chosen), words, is_like))
    return min(found, key=lambda pair: psi(pair.before.counts, pair.now.counts), default=None)


def _reference(history: Sequence[Publication], now: Publication, column: str) -> tuple[list[Publication], str, bool]:
    """At most four publications: of the same season where there is one, else those just before."""
    grids = {sketch.grid for sketch in sketches_of(now.columns.get(column))}

    def usable(one: Publication) -> bool:
        return any(sketch.grid in grids for sketch in sketches_of(one.columns.get(column)))

    like = comparable(history, now.at)
    if like.is_seasonal:
        seasonal = [one for one in like.publications if usable(one)][-_POOLED:]
        if seasonal:
            return seasonal, like.words, True
    return [one for one in history[-_POOLED:] if usable(one)], "just before", not like.is_seasonal


def _raws(history: Sequence[Publication], now: Publication, column: str) -> dict[str, _Raw]:
    figures = now.columns.get(column, {})
    found: dict[str, _Raw] = {}
    pair = compared(history, now, column)
    if pair is not None:
        found |= _of_distribution(pair)
    previous = [one for one in history[-_POOLED:] if "null_share" in one.columns.get(column, {}) and one.rows]
    if previous and now.rows and "null_share" in figures:
        found[NULL_SHARE] = _of_nulls(previous, now, column)
    values = [s for s in sketches_of(figures) if s.grid.kind == VALUES]
    known = [s[-1] for one in history if (s := sketches_of(one.columns.get(column)))]
    told = unseen([s for s in known if s.grid.kind == VALUES], values) if values and known else None
    always = [one[-1] for state in history if (one := sketches_of(state.columns.get(column)))][-_ALWAYS:]
    if values and len(always) >= FEWEST and all(sketch.grid.kind == VALUES for sketch in always):
        share, count = gone(always, values)
        message = f"{_categories(count)} that {'is' if count == 1 else 'are'} gone" if count else ""
        found[GONE] = _Raw(share, 0.0, f"{len(always)} publications just before", {"categories": count}, message)
    if told is not None:
        share, count = told
        message = f"{_categories(count)} that no earlier publication had" if count else ""
        against = f"all {len(known)} publications before"
        found[UNSEEN] = _Raw(share, 0.0, against, {"categories": count}, message)
    return found


def _of_distribution(pair: Compared) -> dict[str, _Raw]:
    before, now = pair.before, pair.now
    counts = (before.counts, now.counts)
    totals = (before.total, now.total)
    bins = sum(1 for both in zip(*counts, strict=True) if any(both))
    parts = contributions(*counts)
    biggest = max(range(len(parts)), key=parts.__getitem__)
    was, is_now = (sketch.counts[biggest] / sketch.total for sketch in (before, now))
    details = {"bin": biggest, "before": round(was, 6), "now": round(is_now, 6), "bins": len(parts)}
    message = f"biggest part: bin {biggest + 1} of {len(parts)}, {was:.1%} -> {is_now:.1%}"
    against = f"{pair.publications} publication{'s' if pair.publications > 1 else ''} {pair.words}"
    found = {
        PSI: _Raw(psi(*counts), psi_by_chance(*totals, bins), against, details, message, pair.is_like),
        JENSEN_SHANNON: _Raw(
            jensen_shannon(*counts), jensen_shannon_by_chance(*totals, bins), against, {}, "", pair.is_like
        ),
    }
    if before.grid.is_ordered:
        chance = kolmogorov_smirnov_by_chance(*totals)
        found[KOLMOGOROV_SMIRNOV] = _Raw(kolmogorov_smirnov(*counts), chance, against, {}, "", pair.is_like)
    return found


def _categories(count: int) -> str:
    return f"{count} category" if count == 1 else f"{count} categories"


def _of_nulls(previous: Sequence[Publication], now: Publication, column: str) -> _Raw:
    rows = sum(one.rows for one in previous)
    before = sum(float(one.columns[column]["null_share"]) * one.rows for one in previous) / rows
    share = float(now.columns[column]["null_share"])
    both = (before * rows + share * now.rows) / (rows + now.rows)
    chance = null_share_change_by_chance(both, rows, now.rows)
    details = {"before": round(before, 6), "now": round(share, 6)}
    against = f"{len(previous)} publication{'s' if len(previous) > 1 else ''} just before"
    return _Raw(null_share_change(before, share), chance, against, details, f"{before:.1%} -> {share:.1%}")
