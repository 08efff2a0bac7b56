"""How texts are compared: words, and when a match is sure enough."""
