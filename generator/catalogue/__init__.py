"""The whole region in one file: a page that opens from a memory stick, and a booklet to print (`tarjotin catalogue`)."""
