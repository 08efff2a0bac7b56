"""Messages in channels and what is due: sending, editing at a pace, clocks."""
