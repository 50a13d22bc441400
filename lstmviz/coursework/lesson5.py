"""Tutorial 5: not yet."""
