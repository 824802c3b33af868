"""Checks: a claim held against arithmetic and market data, with a verdict that says no more than the data carry."""
