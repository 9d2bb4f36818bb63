"""Fixtures of the cross-cutting tests. The database, the closed network and the markers come from the plugin
`segurnum.essais.greffon`, which the package's own tests use too."""
