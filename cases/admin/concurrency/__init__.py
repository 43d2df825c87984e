"""Protection against lost updates: no editor overwrites a change that they have not seen."""
