"""Session requests: forms, drafts, versions, the people they name, checks against the rules of the forum."""
