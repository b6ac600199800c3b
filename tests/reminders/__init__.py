"""Who is asked when."""
