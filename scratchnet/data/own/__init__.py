"""The user's own data: what they are is known only once they are read."""
