"""Each rule is written once, with its sentences, for the solver and the evaluator."""
