"""Stories of figures: written part by part, published when every figure stands."""
