"""The schema's history, one file a step; `newsdetect.storage.database` runs what is missing when a store is opened."""
