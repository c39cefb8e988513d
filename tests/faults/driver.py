"""`python -m tests.faults.driver`: walks one case in a process of its own, killable anywhere."""

import django

if __name__ == "__main__":
    django.setup()
    from tests.faults.walking import walk

    walk()
