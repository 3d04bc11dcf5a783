"""Static analysis of measures (静态分析): what nobody meant, found by z3 and shown by a profile."""
