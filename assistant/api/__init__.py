"""HTTP: the FastAPI application and its routes."""
