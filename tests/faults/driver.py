"""`python -m tests.faults.driver [migrate]`: work in a process of its own, killable anywhere."""

import sys

import django

if __name__ == "__main__":
    django.setup()
    from tests.faults.migrating import work
    from tests.faults.walking import walk

    work() if sys.argv[1:] == ["migrate"] else walk()
