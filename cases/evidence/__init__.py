"""What can be said of a coded value from its claims and notes."""
