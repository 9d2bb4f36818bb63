"""Random lives of dossiers: random people make random gestures at random hours, and what must hold always holds.

`monde` is what lives begin with, `gestes` how each gesture of the life cycles is made, `photo` what the tables say
after it, `lois` what must be true of that, `vie` one life, `machine` the drawing of lives. No page: the services.
"""
