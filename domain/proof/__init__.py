"""Proofs: the files that anyone can verify, and the verifier."""
