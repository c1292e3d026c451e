"""What people look at: progress in the terminal, live windows, plots, tables.

Import from the modules: matplotlib and rich are loaded when the first plot or table is drawn, and
most commands draw none.
"""
