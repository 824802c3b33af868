"""The trained reader: its passages and labels, the features it sees, how it is trained and what it weighs."""
