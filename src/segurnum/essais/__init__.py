"""What the tests stand on: the pytest plugin, and the numbers of the requirements that they show."""
