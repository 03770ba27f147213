"""Make the operational systems of six business units, out of one seed.

    python simulate --scale 1 --seed 7 --out data      make all systems: about 1,000 orders for each unit of scale
    python simulate deliver --out data                 let the late carrier files arrive
    python simulate serve --data data --port 8808      be the invoicing system: a paged API that asks for a token

The same seed and scale make the same files, byte for byte. What is wrong in them on purpose is written to
`truth.json` and `truth/*.csv` beside them. Only the standard library and pyarrow are needed.
"""

import argparse
import shutil
import sys
from pathlib import Path

import invoicing_api
from world import simulate


def main(arguments: list[str]) -> int:
    """Run one of the three commands; `make` where none is named."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help")):
        arguments = ["make", *arguments]
    parser = argparse.ArgumentParser(
        prog="simulate", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)

    make = commands.add_parser("make", help="make all systems (the default)")
    make.add_argument("--scale", type=float, default=1.0, help="1 makes about 1,000 orders")
    make.add_argument("--seed", type=int, default=7)
    make.add_argument("--out", type=Path, default=Path("data"), help="folder; what it holds is replaced")

    deliver = commands.add_parser("deliver", help="let the late carrier files arrive")
    deliver.add_argument("--out", type=Path, default=Path("data"))

    serve = commands.add_parser("serve", help="be the invoicing system")
    serve.add_argument("--data", type=Path, default=Path("data"))
    serve.add_argument("--port", type=int, default=8808, help="0 takes any free one; the address is printed")
    serve.add_argument("--token", default="harmless", help="what a caller must send as bearer token")

    options = parser.parse_args(arguments)
    if options.command == "make":
        totals = simulate(options.out, seed=options.seed, scale=options.scale)
        print(", ".join(f"{count:,} {name}" for name, count in totals.items()))
    elif options.command == "deliver":
        print(f"{deliver_late_files(options.out)} late files have arrived")
    else:
        invoicing_api.serve(options.data, options.port, options.token)
    return 0


def deliver_late_files(out: Path) -> int:
    """Copy the files that are late to where they should have been."""
    late = sorted(path for path in (out / "late").rglob("*") if path.is_file())
    for path in late:
        target = out / path.relative_to(out / "late")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return len(late)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
