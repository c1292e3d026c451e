"""What a run has learned: report.html, a page about it, and what is collected for that page."""
