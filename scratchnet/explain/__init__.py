"""Why a network decides as it does about an image: which pixels matter, and each layer's output."""
