"""Stage 6: drafts, paragraphs, text proposals, adoption, commitments."""
