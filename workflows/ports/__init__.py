"""What the domain asks of the outside, and the implementations to choose from by name.

Each port is a protocol in a module of its own; `catalogue.get(kind, name)` gives an
implementation. Facts about people pass through and stay out of logs, errors and `repr`.
"""
