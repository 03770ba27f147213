"""The ground floor: problems, names, files that know their positions, and the clock."""
