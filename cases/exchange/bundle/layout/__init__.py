"""What the tables of a bundle hold: their columns and keys, and how a cell says a value."""
