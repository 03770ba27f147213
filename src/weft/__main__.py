"""Let `python -m weft` do what the `weft` command does."""

from weft.cli.main import main

if __name__ == "__main__":
    main()
