"""Session requests: forms, drafts, versions, speakers, checks against the rules of the forum."""
