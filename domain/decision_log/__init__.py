"""The entries of the decision log and the chain that holds them."""
