"""Plans that follow from findings: actions with a responsible body and a due date, national measures, indicators,
and a calendar."""
