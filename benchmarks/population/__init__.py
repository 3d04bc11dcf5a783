"""All measures for a whole population: the workload, the engines side by side, and what bounds them.

``make bench-population`` runs it; benchmarks/README.md has the figures.
"""
