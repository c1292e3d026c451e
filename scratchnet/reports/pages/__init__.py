"""Pages for the browser: how one is put together, and what all of them share."""
