"""Pages over several features: requests, demand, workspace; scheduling in one step."""
