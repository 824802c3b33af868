"""The market side: what was traded and liquidated, as incomplete as it is known, each row with its scope."""
