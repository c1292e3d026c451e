"""A single experiment: train it, resume it, restore its network and measure it."""
