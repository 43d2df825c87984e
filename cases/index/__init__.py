"""In memory, for each value of each filter, the set of published cases that have it."""
