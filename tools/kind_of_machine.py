"""Print what a wheel depends on: the Python, the system and the processor."""

import platform

version = ".".join(platform.python_version_tuple()[:2])
print(f"Python {version} on {platform.system()} {platform.machine()}")
