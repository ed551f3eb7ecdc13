"""The conference scheduling workbooks of CoSPLib: read, solved by its own objective, and written back."""
