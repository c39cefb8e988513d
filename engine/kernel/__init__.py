"""The kernel: diagrams become a model, tokens move over it. Pure; no Django, no clock."""

# Raised whenever the same bundle would be read or executed differently. Stored with a deployment.
KERNEL_VERSION = 3
