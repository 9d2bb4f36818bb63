"""What a service answers when it will not do what is asked. The message is for the person who asked."""


class GesteImpossible(ValueError):
    """The gesture is refused, and the message says why and what is expected."""
