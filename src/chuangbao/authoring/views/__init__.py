"""The officers' desk: where measures, documents and explanations are written, reviewed and published."""
