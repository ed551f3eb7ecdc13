"""Each rule once: the solver builds from it, the evaluator judges by it, and it brings its own words."""
