"""Tutorial 7: not yet."""
