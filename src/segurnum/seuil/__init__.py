"""The threshold: what each request goes through before a page and after it. No page is drawn here, none is known."""
