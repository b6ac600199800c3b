"""What the weekly meeting is told."""
