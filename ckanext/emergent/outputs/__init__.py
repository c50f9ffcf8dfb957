"""What other machines read: RDF, and later feeds and indexes."""
