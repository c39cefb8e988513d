"""Pictures that people upload; `pictures.prepare` is the way in."""
