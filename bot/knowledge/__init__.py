"""What the company learned, found again: by words, and by likeness to what is being raised."""
