"""What stops a back-up or a restore before it has done anything, or once it can do no more."""


class SauvegardeImpossible(RuntimeError):
    """The message is a French sentence for who runs the command."""
