"""Lives of a shop in which errors of the support articles come about, and whether the articles' advice ends them."""
