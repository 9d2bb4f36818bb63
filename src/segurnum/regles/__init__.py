"""What is true whatever the screen: identifiers, numbers, life cycles, calendar, money. No Django, no I/O."""
