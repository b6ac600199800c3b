"""What people read: messages, documents, help and the catalogues, found with `importlib.resources`."""
