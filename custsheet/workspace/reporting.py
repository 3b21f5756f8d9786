"""Write a round's report."""
