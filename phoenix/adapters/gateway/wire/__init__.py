"""The TWS API protocol as the server side speaks it: framing, handshake, and every message laid out by version."""
