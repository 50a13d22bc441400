"""Tutorial 3: not yet."""
