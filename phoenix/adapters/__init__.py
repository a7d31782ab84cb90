"""Everything that touches the world: brokers, stores, market data, files."""
