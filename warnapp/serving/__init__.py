"""Around each request: limits, waits, health checks, the log; answers without a database."""
