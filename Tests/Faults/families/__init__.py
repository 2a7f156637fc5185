"""One table a group of operators, each with its `FAMILIES`."""
