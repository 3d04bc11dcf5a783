"""Facts (事实): what is known of people and organisations, entered once, kept with its source and its history."""
