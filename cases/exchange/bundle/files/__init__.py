"""Tables in files: CSV, XLSX and bundles, read with limits and sentences for what is wrong."""
