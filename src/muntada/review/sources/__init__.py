"""The facilitators' lines, and what their texts can cite."""
