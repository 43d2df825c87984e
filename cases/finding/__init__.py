"""From an address to the cases it asks for: parameters, filters, facets, results, suggestions."""
