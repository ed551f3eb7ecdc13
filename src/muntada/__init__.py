"""Muntada: a review forum from the open call to the adopted text, each word traceable."""
