"""Demo mode: a cast for every role, invented claims, a role switcher and a movable clock.

Everything here is refused unless `settings.DEMO` is on; the addresses do not exist otherwise.
"""
