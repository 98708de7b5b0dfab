"""How many requests and answers there have been, and what may be told of them."""
