"""The threshold: what each request goes through before a page and after it, whichever page it is.

What it has to say to people is drawn by the templates of the faces (`commun/erreurs`), which it only names.
"""
