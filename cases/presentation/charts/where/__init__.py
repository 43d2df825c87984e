"""Where the incidents were: the world, its projection, and the picture with its map."""
