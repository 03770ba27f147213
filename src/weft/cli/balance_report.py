"""Where the rows of a run are, as lines for people."""

from weft.build.quarantine.row_balance import Balance, RunBalance

_WORDS = {"held": "held back"}


def balance_lines(balance: RunBalance) -> list[str]:
    """Sums of sources, of ports, and of what is held back beside them; a sum that does not hold says so."""
    blocks = (
        ("rows in files = landed + rejected", balance.sources, "="),
        ("rows cleansed = kept + merged into others", balance.cleansed, "="),
        ("rows made = published + held back + refused", balance.ports, "="),
        ("rows that left the quarantine", balance.quarantine, ":"),
        ("rows ever held back = replayed + superseded + dismissed + expired + open", balance.standing, "="),
    )
    lines = []
    for heading, parts, sign in blocks:
        if parts:
            width = max(len(part.name) for part in parts)
            lines.append(f"  {heading}")
            lines += [f"    {part.name:<{width}}  {_sum(part, sign)}" for part in parts]
    if not balance.adds_up:
        lines.append("  the rows of this run do not add up: this is a bug of weft")
    return lines


def _sum(part: Balance, sign: str) -> str:
    if sign == "=":
        right = " + ".join(f"{rows:,}" for rows in part.went.values())
        return f"{part.came:,} = {right}{'' if part.adds_up else '  does not add up'}"
    return ", ".join(f"{rows:,} {_WORDS.get(way, way)}" for way, rows in part.went.items() if rows)
