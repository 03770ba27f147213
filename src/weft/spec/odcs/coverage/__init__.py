"""What weft does with every element of the contract standard."""
