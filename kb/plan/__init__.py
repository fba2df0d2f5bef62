"""What follows from findings: actions with body and date, measures, indicators, calendar."""
