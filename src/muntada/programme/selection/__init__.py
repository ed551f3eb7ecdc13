"""Selection of session requests: rules, pins, scores, selections, planned decisions."""
