"""Review in the admin: steps between statuses, record checks, the work queue and versions."""
