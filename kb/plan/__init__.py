"""Plans that follow from findings: actions with responsible body and date, measures, indicators, calendar."""
