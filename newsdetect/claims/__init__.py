"""Claims: what exactly a document says about liquidations, with the characters it stands on."""
