"""People, organisations, posts and duties (用户与机构): who somebody is, and for whom they may act."""
