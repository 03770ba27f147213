"""Drift as text: a table of measures, small curves of what they were lately, and a column before and now."""

from weft.build.drift.measure import Measure, drifted_in
from weft.workspace.drift import ColumnPicture, MeasuredPublication, PortDrift

_STEPS = "▁▂▃▄▅▆▇█"
_BAR = 24  # characters


def drift_report(found: tuple[PortDrift, ...]) -> str:
    """One port in full, or several in a line each."""
    if len(found) == 1:
        return "\n".join(_port(found[0]))
    width = max((len(_name(one)) for one in found), default=0)
    return "\n".join(f"{_name(one):<{width}}  {_summary(one)}" for one in found)


def curve(values: list[float | None], most: float) -> str:
    """Numbers as a line of blocks; the highest is at least `most`, a gap is a dot.

    >>> curve([0.0, 0.1, None, 0.2, 0.8], 0.4)
    '▁▁·▂█'
    """
    top = max([most, *(value for value in values if value is not None)]) or 1.0
    last = len(_STEPS) - 1
    return "".join("·" if value is None else _STEPS[int(last * max(value, 0.0) / top)] for value in values)


def _name(found: PortDrift) -> str:
    return f"{found.port.product_name}/{found.port.port}"


def _summary(found: PortDrift) -> str:
    newest = found.newest
    if newest is None:
        return "never published" if not found.profiled else "one publication, nothing to compare with"
    late = "; late" if found.waiting is not None and found.waiting.status == "drifted" else ""
    names = ", ".join(drifted_in(measure.name for measure in newest.drifted))
    judged = sum(measure.status != "not_applicable" for measure in newest.measures)
    said = (
        f"{len(newest.drifted)} of {judged} measures drifted, in {names}" if names else f"{judged} measures, all usual"
    )
    return f"{said}{late}"


def _port(found: PortDrift) -> list[str]:
    newest = found.newest
    if newest is None:
        return [f"{_name(found)}  {_summary(found)}"]
    count = len(found.publications)
    lines = [
        f"{_name(found)}  {_summary(found)}",
        f"  published {newest.at:%Y-%m-%d %H:%M:%S} UTC, {newest.rows or 0:,} rows; "
        f"{count} publication{'' if count == 1 else 's'} measured",
    ]
    lines += _table(found, newest)
    lines += [f"  {measure.name}: {measure.explanation}" for measure in newest.drifted]
    if found.waiting is not None and found.waiting.status == "drifted":
        lines.append(f"  late: {found.waiting.explanation}")
    lines += _unmeasured(newest)
    return [*lines, *_picture(found.picture)]


def _table(found: PortDrift, newest: MeasuredPublication) -> list[str]:
    judged = [measure for measure in newest.measures if measure.status != "not_applicable"]
    if not judged:
        return []
    width = max(len("measure"), *(len(measure.name) for measure in judged))
    lines = [f"  {'measure':<{width}}  {'now':>9}  {'at most':>9}  verdict  lately"]
    for measure in judged:
        most = measure.expected.most if measure.expected else 0.0
        verdict = "DRIFT" if measure.status == "drifted" else "usual"
        past = curve(_series(found, measure), most)
        lines.append(f"  {measure.name:<{width}}  {measure.measured:>9.4g}  {most:>9.4g}  {verdict:<7}  {past}")
    return lines


def _series(found: PortDrift, measure: Measure) -> list[float | None]:
    by_name = [{one.name: one.measured for one in publication.measures} for publication in found.publications]
    return [measured.get(measure.name) for measured in by_name]


def _unmeasured(newest: MeasuredPublication) -> list[str]:
    by_reason: dict[str, list[str]] = {}
    for measure in newest.measures:
        if measure.status == "not_applicable":
            by_reason.setdefault(measure.message, []).append(measure.name)
    return [f"  not judged: {', '.join(names)}: {reason}" for reason, names in by_reason.items()]


def _picture(picture: ColumnPicture | None) -> list[str]:
    if picture is None:
        return []
    lines = [
        f"  {picture.column}: {picture.values_before:,} values of {picture.against}, {picture.values_now:,} values now"
    ]
    width = max(len(one.label) for one in picture.bins)
    top = max(max(one.before, one.now) for one in picture.bins) or 1.0
    lines.append(f"    {'':<{width}}  {'before':<{_BAR + 7}}now")
    for one in picture.bins:
        before, now = (f"{share:>6.1%} {'█' * round(_BAR * 0.6 * share / top)}" for share in (one.before, one.now))
        lines.append(f"    {one.label:<{width}}  {before:<{_BAR + 7}}{now}".rstrip())
    return lines
