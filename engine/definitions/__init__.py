"""Deployments, their versions, and what differs between two of them."""
