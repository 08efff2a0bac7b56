"""What plays Discord: people and servers, REST and gateway."""
