"""A measured number with its unit, as a person says it."""

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60


def measured_text(number: float, unit: str | None) -> str:
    """A number and its unit; long times also in a unit that can be grasped.

    >>> measured_text(1, "rows"), measured_text(98, "rows"), measured_text(0.125, "%")
    ('1 row', '98 rows', '0.125 %')
    >>> measured_text(259_881_862.9, "seconds"), measured_text(30, "seconds"), measured_text(2.5, None)
    ('259881863 seconds (3,007.9 days)', '30 seconds', '2.5')
    """
    is_long = abs(number) >= 1000
    figure = f"{number:.0f}" if is_long or number == int(number) else f"{number:.6g}"
    if unit == "rows" and number == 1:
        return "1 row"
    if unit == "seconds":
        for size, word in ((_DAY, "days"), (_HOUR, "hours"), (_MINUTE, "minutes")):
            if abs(number) >= 2 * size:
                return f"{figure} seconds ({number / size:,.1f} {word})"
    return f"{figure} {unit}" if unit else figure
