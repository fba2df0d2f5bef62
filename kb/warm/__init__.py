"""The warm helper: a process of this user that keeps the program loaded and answers searches at once.

It is started by `kb warm`, or by a search where a person has set KB_WARM=auto.
"""
