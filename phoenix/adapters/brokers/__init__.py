"""Broker adapters, one package each; none knows another."""
