"""What the program asks of its environment: files, signals, the terminal, installed packages."""
