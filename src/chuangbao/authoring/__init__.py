"""The desk where officers write measures, documents and explanations, review and publish them (政策编制)."""
