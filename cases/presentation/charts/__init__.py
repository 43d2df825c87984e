"""Pictures of the cases that an address asks for, each with the table of its numbers."""
