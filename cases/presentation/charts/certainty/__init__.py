"""How certain the coded values are: those of one case, the words for it, and the picture."""
