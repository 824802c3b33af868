"""The web page: what happened, who says so, and what the market data say to it."""
