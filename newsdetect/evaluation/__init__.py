"""Evaluation: scores of the product on gold files, as the annotation guide counts them."""
