"""Storage: one store per feature, all SQL, the migrations."""
