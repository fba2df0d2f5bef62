"""`python -m kb` does the same as `kb`, and also uses the warm helper if one was started."""

from kb.start import main

main()
