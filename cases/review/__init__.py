"""From draft to publication: record checks, steps, the second reviewer and the work queue."""
