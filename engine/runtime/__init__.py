"""One transaction per step: lock, load, act, advance, save, project."""
