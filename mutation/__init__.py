"""`segurnum qualite --profonde`: the program is broken in one place at a time, and the tests must notice.

`mutants` says what can be broken, `carte` which test executes which line, `greffe` puts a broken place into a running
process or a starting one, `essais` runs the tests of each mutant in a child, `bilan` keeps and tells what came of it.
"""
