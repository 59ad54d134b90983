"""What the page shows, as Markdown and HTML: pure functions of our models, in which everything is escaped."""
