"""Reading documents: loaders, cleaning, structure, passages, synchronisation."""
