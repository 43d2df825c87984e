"""The picture of lead times, against deaths and how specific warnings were."""
