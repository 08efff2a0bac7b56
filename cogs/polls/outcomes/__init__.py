"""After a poll closes: its outcome, the record, reviews and the line of verdicts."""
