"""Policies set against criteria: evidence, findings, rules, checks, machine proposals and what people said of them."""
