"""Question sets and runs in the formats of the field, one a file; ``docs/evaluation.md`` says what each keeps."""
