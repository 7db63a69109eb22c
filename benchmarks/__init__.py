"""Each figure beside its floor, alternated in one run: ratios travel between machines, times do not."""
