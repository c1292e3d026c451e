"""What is asked of the operating system: files, signals, the terminal, installed packages."""
