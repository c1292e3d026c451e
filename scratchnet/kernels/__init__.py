"""The inner loops. Layers and optimizers say what is computed; a kernel says how."""
