"""The drawing of specifications: their look, the process that draws, the SVG that comes of it."""
