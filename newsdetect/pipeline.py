"""The whole flow on one page: one entry in, its checks out."""
