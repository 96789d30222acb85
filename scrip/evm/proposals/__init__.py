"""What is asked of the owners of a Safe: the steps of a plan in one file, and what they signed carried out."""
