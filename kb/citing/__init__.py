"""From a citation as people write it to the place it names, and back to a citation in a style."""
