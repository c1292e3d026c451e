"""A page with a trained network inside, which computes while one draws."""
