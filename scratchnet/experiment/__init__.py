"""One experiment: train it, resume it, restore its network, measure it."""
