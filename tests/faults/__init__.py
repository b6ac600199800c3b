"""Seeded schedules of acts and faults over real bot processes, and what must hold when the faults are over."""
