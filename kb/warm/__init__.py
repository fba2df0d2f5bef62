"""The warm helper: a process of this user that keeps the program loaded, so that it answers searches at once.

It is started by `kb warm`, or by a search when a person has set KB_WARM=auto.
"""
