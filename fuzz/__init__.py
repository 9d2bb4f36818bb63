"""A campaign of hostile inputs, made from good ones: what a stranger could send, until something breaks."""
