"""Tutorial 4: not yet."""
