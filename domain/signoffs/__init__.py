"""Sign-offs: the request, who must sign, and how it stands."""
