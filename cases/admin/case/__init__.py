"""The admin of cases: the form with the parts, the evidence and the coded values of a case."""
