"""Long work beside the app: each job in a process of its own, one after another, with progress, a way to stop it, and a
result that waits for whoever asked, also after the window was closed."""

from kb.jobs.models import Job, State, Step
from kb.jobs.queue import attend, forget, jobs, may_end, output, stop, submit, text_of

__all__ = ["Job", "State", "Step", "attend", "forget", "jobs", "may_end", "output", "stop", "submit", "text_of"]
