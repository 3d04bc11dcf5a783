"""The money of a space (空间收费): prices, contracts, monthly charges, statements, payments, deposits and waivers."""
