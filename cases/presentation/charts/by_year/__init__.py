"""When the cases date from: periods with their cases, dates of directives, and the picture."""
