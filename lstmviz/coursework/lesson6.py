"""Tutorial 6: not yet."""
