"""Units of measurement and what they are of the SI unit of their dimension.

A value in SI is `(value + shift) * factor`; only temperatures have a shift. The factors are exact by definition
(international yard and pound of 1959, nautical mile of 1929, standard gravity left out), where not marked otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """One unit."""

    dimension: str
    factor: float  # SI units in one of it
    shift: float = 0.0  # added before the factor: the zero of Celsius is 273.15 K


def _of(dimension: str, factors: Mapping[str, float]) -> dict[str, Unit]:
    return {name: Unit(dimension, factor) for name, factor in factors.items()}


UNITS: Mapping[str, Unit] = {
    **_of(
        "length",
        {
            "nm": 1e-9,
            "um": 1e-6,
            "mm": 1e-3,
            "cm": 1e-2,
            "dm": 1e-1,
            "m": 1.0,
            "km": 1e3,
            "in": 0.0254,
            "ft": 0.3048,
            "yd": 0.9144,
            "mi": 1609.344,
            "nmi": 1852.0,
            "us_ft": 1200 / 3937,  # the US survey foot, still in maps made before 2023
        },
    ),
    **_of(
        "area", {"mm2": 1e-6, "cm2": 1e-4, "m2": 1.0, "ha": 1e4, "km2": 1e6, "ft2": 0.09290304, "acre": 4046.8564224}
    ),
    **_of(
        "volume",
        {
            "ml": 1e-6,
            "cl": 1e-5,
            "l": 1e-3,
            "m3": 1.0,
            "ft3": 0.028316846592,
            "us_gal": 0.003785411784,
            "imp_gal": 0.00454609,
            "bbl": 0.158987294928,
        },
    ),
    **_of(
        "mass",
        {
            "mg": 1e-6,
            "g": 1e-3,
            "kg": 1.0,
            "t": 1e3,
            "oz": 0.028349523125,
            "lb": 0.45359237,
            "us_ton": 907.18474,
            "troy_oz": 0.0311034768,
        },
    ),
    **_of("time", {"ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "wk": 604800.0}),
    "K": Unit("temperature", 1.0),
    "degC": Unit("temperature", 1.0, 273.15),
    "degF": Unit("temperature", 5 / 9, 459.67),
    **_of("speed", {"m/s": 1.0, "km/h": 1 / 3.6, "mph": 0.44704, "kn": 1852 / 3600}),
    **_of("pressure", {"Pa": 1.0, "hPa": 1e2, "kPa": 1e3, "MPa": 1e6, "mbar": 1e2, "bar": 1e5, "psi": 6894.757293168}),
    **_of(
        "energy",
        {"J": 1.0, "kJ": 1e3, "MJ": 1e6, "Wh": 3600.0, "kWh": 3.6e6, "MWh": 3.6e9, "cal": 4.184, "kcal": 4184.0},
    ),
    **_of("power", {"W": 1.0, "kW": 1e3, "MW": 1e6, "hp": 745.6998715822702}),
    **_of("angle", {"rad": 1.0, "deg": 0.017453292519943295, "gon": 0.015707963267948967}),
    **_of("flux_density", {"nT": 1e-9, "uT": 1e-6, "mT": 1e-3, "T": 1.0, "gamma": 1e-9, "G": 1e-4}),
    **_of("acceleration", {"m/s2": 1.0, "mGal": 1e-5, "uGal": 1e-8}),
    **_of("data", {"B": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1024.0, "MiB": 1048576.0, "GiB": 1073741824.0}),
    **_of("share", {"1": 1.0, "%": 1e-2, "permille": 1e-3, "ppm": 1e-6, "bp": 1e-4}),
}


def conversion(start: Unit, target: Unit) -> tuple[float, float, float]:
    """What to add, multiply with and take away: `(value + add) * factor - take`.

    >>> conversion(UNITS["degC"], UNITS["K"])
    (273.15, 1.0, 0.0)

    Raises:
        ValueError: the two measure different things.
    """
    if start.dimension != target.dimension:
        raise ValueError(f"{start.dimension} is no {target.dimension}")
    return start.shift, start.factor / target.factor, target.shift
