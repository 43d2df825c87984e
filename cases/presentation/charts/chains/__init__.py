"""Chains of cases as pictures: of many, a row a case, and of one, a row a link."""
