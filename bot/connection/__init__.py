"""What we change between discord.py and Discord: the gateway, the cache, registering commands."""
