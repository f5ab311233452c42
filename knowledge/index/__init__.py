"""Search: embeddings, lexical index, durable store, fused retrieval."""
