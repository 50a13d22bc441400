"""Settings for all tests."""

import os

from hypothesis import settings

# First calls compile kernels, and machines are busy: time is no property to test. The
# gate, which sets CI, tries more examples of each property.
EXAMPLES = 100 if os.environ.get("CI") == "true" else 40
settings.register_profile("lstmviz", deadline=None, max_examples=EXAMPLES)
settings.load_profile("lstmviz")
