"""Pages over several features: list and page of requests, demand, workspace; the one-step schedule."""
