"""Words a party proposes for a paragraph, and what became of them."""
