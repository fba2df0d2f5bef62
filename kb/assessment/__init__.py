"""Policies compared with criteria: evidence, findings, rules, checks, machine proposals and people's verdicts on
them."""
