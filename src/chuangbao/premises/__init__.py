"""One address, many licences (一址多照, clauses 2.5.1 to 2.5.3): premises, and letters of consent to use them."""
