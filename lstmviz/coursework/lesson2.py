"""Tutorial 2: not yet."""
