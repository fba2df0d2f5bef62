"""A helper that stays warm: a process of this user that answers searches at once, started by `kb warm`, or by a search
where a person has set KB_WARM=auto."""
