"""Maps: shapes of countries made small enough for a page, and what is drawn with them."""
