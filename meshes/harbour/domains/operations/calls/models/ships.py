"""One row a ship: its latest name and flag, and whether its number can be a true one."""

import pyarrow as pa


def model(calls: pa.Table) -> pa.Table:
    """The ships of all calls, by number; of several names the latest counts."""
    latest_by_imo = {}
    for call in sorted(calls.to_pylist(), key=lambda call: (call["arrived_at"], call["call_id"])):
        latest_by_imo[call["ship_imo"]] = call
    ships = [latest_by_imo[imo] for imo in sorted(latest_by_imo)]
    return pa.table(
        {
            "ship_imo": pa.array([ship["ship_imo"] for ship in ships], pa.string()),
            "ship_name": pa.array([ship["ship_name"] for ship in ships], pa.string()),
            "flag": pa.array([ship["flag"] for ship in ships], pa.string()),
            "gross_tonnage": pa.array([ship["gross_tonnage"] for ship in ships], pa.int32()),
            "last_arrived_at": pa.array([ship["arrived_at"] for ship in ships], pa.timestamp("us")),
            "is_imo_valid": pa.array([has_valid_check_digit(ship["ship_imo"]) for ship in ships], pa.bool_()),
        }
    )


def has_valid_check_digit(imo: str) -> bool:
    """Whether the last digit of a ship's number is the one that the first six ask for.

    They are weighed 7, 6, 5, 4, 3, 2; the last digit of the sum is the check digit.
    """
    if len(imo) != 7 or not imo.isdigit():
        return False
    weighed = sum(int(digit) * weight for digit, weight in zip(imo, (7, 6, 5, 4, 3, 2), strict=False))
    return weighed % 10 == int(imo[6])
