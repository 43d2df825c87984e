"""From a query string to cases: parameters, filters, facets, results and suggestions."""
