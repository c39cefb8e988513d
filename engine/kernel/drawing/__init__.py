"""A diagram as drawn: safe XML and an index over it. Nothing here knows what will be executed."""
