"""Chinese ways of writing and counting: numbers, money, working days, names, wide and narrow signs."""
