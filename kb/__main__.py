"""`python -m kb` is `kb`, with the warm helper where one was started."""

from kb.start import main

main()
