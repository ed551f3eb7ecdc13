"""Data stories: written part by part, published when every figure is valid."""
