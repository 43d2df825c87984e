"""Steps between statuses, reasons, checks, queue and versions."""
