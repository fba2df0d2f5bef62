"""Long work outside the app: each job runs in its own process, one after another, with progress and a way to stop it.
Its result is kept after the window is closed."""

from kb.jobs.models import Job, JobState, Step
from kb.jobs.queue import attend, forget, jobs, may_end, output, stop, submit, text_of

__all__ = ["Job", "JobState", "Step", "attend", "forget", "jobs", "may_end", "output", "stop", "submit", "text_of"]
