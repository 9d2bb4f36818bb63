"""How gunicorn stops a node: the door closes at once, and who had come in is served."""

from gunicorn.workers.gthread import ThreadWorker


class Guichet(ThreadWorker):  # type: ignore[misc]  # gunicorn says nothing of its types
    """gunicorn's own threads, for `--worker-class`.

    Those keep the listening socket until their last request ends: meanwhile the system takes in people whom nobody
    serves, and who are cut at the end. Here they are refused, and the proxy asks another node.
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for porte in self.sockets:
            self._servir_qui_attend(porte)
            porte.close()

    def _servir_qui_attend(self, porte: object) -> None:
        """Those whom the system had taken in already."""
        presents = -1
        while presents != self.nr_conns:
            presents = self.nr_conns
            self.accept(porte)
