"""The claim as a Viewflow flow; an app of its own, as Viewflow wants it."""
