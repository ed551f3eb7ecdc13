"""Charts and maps as SVG, and the numbers written in them."""
