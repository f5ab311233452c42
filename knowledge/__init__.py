"""The knowledge base: shipped content, ingestion of documents, index and retrieval."""
