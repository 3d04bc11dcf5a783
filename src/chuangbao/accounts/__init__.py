"""People, organisations, posts and duties (用户与机构): who people are, and for whom they may act."""
