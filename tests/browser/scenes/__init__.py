"""What a filled demo does not show by itself: somebody in each state that has its own page."""
