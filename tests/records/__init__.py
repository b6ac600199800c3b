"""What is known of a record, as data and as paragraphs to read."""
