"""The files of `deploiement/`, tried on this machine: a deposit walked through them while each part is stopped."""
