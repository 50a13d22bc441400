"""Settings for all tests."""

from hypothesis import settings

# First calls compile kernels, and machines are busy: time is no property to test.
settings.register_profile("lstmviz", deadline=None)
settings.load_profile("lstmviz")
