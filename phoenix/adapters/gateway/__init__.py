"""The gateway simulator: a broker that speaks the TWS API protocol on loopback, over the simulated broker's engine.

It knows the protocol and no client library. Any program that speaks it can connect.
"""
